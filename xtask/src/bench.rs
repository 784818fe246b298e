//! `cargo xtask bench-page` and `cargo xtask bench`: what the page costs, and beside what.

mod harness;
mod ratios;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use crate::process;
use crate::setup::{self, Need, Tools, native_cargo};
use crate::test;
use crate::workspace::Workspace;
use harness::{Harness, SideBySide};

pub(crate) const PAGE_HELP: &str = "\
cargo xtask bench-page --out DIR

Builds a page that puts the chart and the decoder, in release and from the same code as
the product, behind `window.bench` and `window.benchDecode` of the comparison with other
charts.
";

pub(crate) const HELP: &str = "\
cargo xtask bench [--quick] [native] [chromium] [side-by-side] [options]

Runs the benchmarks of the native crates, those in a browser, and the comparison with
other charts; all of them, or those named. The comparison needs Node and its harness,
which is read from --harness DIR, from the folder WICKWIRE_HARNESS names, or from
../shared/bench/charts, is copied below target/bench and writes its results there.
Without them it is skipped.

  --quick         one short repetition of the comparison
  --reps N        repetitions (default 5)
  --libs A,B      what to compare with (default uplot,floor); noop always runs
  --only A,B      parts of the comparison: init, live, pan, cross, decode
  --harness DIR   where the harness is
";

/// The page in its own folder below the build folder.
const PAGE: &str = "bench/page";
/// Programs that print what native code costs.
const NATIVE: [&[&str]; 3] = [
    &["bench", "--quiet", "--package", "wickwire-proto", "--bench", "decode"],
    &["run", "--quiet", "--profile", "server", "--package", "wickwire-market", "--example", "bench"],
    &["run", "--quiet", "--profile", "server", "--package", "wickwire-sim", "--example", "pace"],
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Native,
    Chromium,
    SideBySide,
}

const PARTS: [(&str, Part); 3] =
    [("native", Part::Native), ("chromium", Part::Chromium), ("side-by-side", Part::SideBySide)];

#[derive(Debug, Default)]
struct Options {
    parts: Vec<Part>,
    harness: Option<PathBuf>,
    comparison: SideBySide,
}

pub(crate) fn page_command(workspace: &Workspace, rest: Vec<OsString>) -> Result<ExitCode> {
    let mut out = None;
    let mut parser = lexopt::Parser::from_args(rest);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            other => bail!("{}; see cargo xtask bench-page --help", other.unexpected()),
        }
    }
    let Some(out) = out else { bail!("--out names the folder to build into") };
    let out = std::path::absolute(out).context("--out names no folder")?;
    let tools = setup::ensure(workspace, &setup::FOR_PAGE)?;
    crate::build::bench_page(workspace, &tools, &out)?;
    println!("the bench page is in {}", out.display());
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn command(workspace: &Workspace, rest: Vec<OsString>) -> Result<ExitCode> {
    let options = parse(rest)?;
    let wanted = |part| options.parts.is_empty() || options.parts.contains(&part);
    if wanted(Part::Native) {
        for arguments in NATIVE {
            println!("\n== cargo {} ==", arguments.join(" "));
            process::run(native_cargo(workspace).args(arguments), "a native benchmark")?;
        }
    }
    if wanted(Part::Chromium) {
        println!("\n== in a browser ==");
        test::frame_costs(workspace, &setup::ensure(workspace, &setup::FOR_WASM_TESTS)?)?;
    }
    if wanted(Part::SideBySide) {
        println!("\n== beside other charts ==");
        side_by_side(workspace, &options)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn side_by_side(workspace: &Workspace, options: &Options) -> Result<()> {
    let harness = match Harness::find(workspace, options.harness.as_deref()) {
        Ok(harness) => harness,
        Err(reason) => {
            println!("skipped: the comparison with other charts, as {reason}");
            return Ok(());
        }
    };
    let mut needs = setup::FOR_PAGE.to_vec();
    needs.push(Need::Browser);
    let tools: Tools = setup::ensure(workspace, &needs)?;
    let page = workspace.target().join(PAGE);
    crate::build::bench_page(workspace, &tools, &page)?;
    let results = harness.run(workspace, &tools, &page, &options.comparison)?;
    ratios::print(&results)
}

fn parse(rest: Vec<OsString>) -> Result<Options> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_args(rest);
    while let Some(argument) = parser.next()? {
        let list = |value: OsString| -> Result<Vec<String>> {
            Ok(value.string()?.split(',').map(str::to_owned).collect())
        };
        match argument {
            Long("quick") => options.comparison.quick = true,
            Long("reps") => options.comparison.repetitions = parser.value()?.parse()?,
            Long("libs") => options.comparison.charts = list(parser.value()?)?,
            Long("only") => options.comparison.only = list(parser.value()?)?,
            Long("harness") => options.harness = Some(parser.value()?.into()),
            Value(name) => {
                let name = name.string()?;
                match PARTS.iter().find(|(known, _)| *known == name) {
                    Some((_, part)) => options.parts.push(*part),
                    None => bail!("there is no part `{name}`; see cargo xtask bench --help"),
                }
            }
            other => bail!("{}; see cargo xtask bench --help", other.unexpected()),
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Options> {
        parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn parts_and_lists_are_read() {
        let options = parsed(&["side-by-side", "--libs", "uplot,floor", "--reps", "3"]).unwrap();
        assert_eq!(options.parts, [Part::SideBySide]);
        assert_eq!(options.comparison.charts, ["uplot", "floor"]);
        assert_eq!(options.comparison.repetitions, 3);
        assert!(parsed(&["sideways"]).is_err() && parsed(&["--reps", "many"]).is_err());
    }
}
