//! `cargo xtask test`: every test there is, and one line that sums them up.

mod report;
mod runner;
mod stages;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use report::Tally;
pub(crate) use runner::{RUNNER_COMMAND, run_module};
use stages::Stage;
pub(crate) use stages::frame_costs;

pub(crate) const HELP: &str = "\
cargo xtask test [native] [wasm] [e2e] [sdk]

Sets up what is missing and runs every test, or only the stages named:

  native  tests of all crates, on this machine
  wasm    the tests that also run in a headless browser
  e2e     the built page in a browser, against the relay and a faulty server
  sdk     Alpaca's own Python and JavaScript SDKs against the relay

Tests that cannot run here say `skipped: …` and are counted. Passing tests are not listed.
The last line is `N passed, N failed, N skipped` over everything.
";

pub(crate) fn command(workspace: &Workspace, rest: Vec<OsString>) -> Result<ExitCode> {
    let stages = parse(&rest)?;
    let tools = crate::setup::ensure(workspace, &stages::needs(&stages))?;
    let mut total = Tally::default();
    for stage in stages {
        eprintln!("\n== {} ==", stage.name());
        let start = std::time::Instant::now();
        let tally = stages::run(stage, workspace, &tools).unwrap_or_else(|error| {
            println!("{}: {error:#}", stage.name());
            Tally { failed: 1, ..Tally::default() }
        });
        println!("{}: {} in {}", stage.name(), tally.in_words(), crate::process::clock(start.elapsed()));
        total += tally;
    }
    println!("{total}");
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn parse(rest: &[OsString]) -> Result<Vec<Stage>> {
    let mut stages = Vec::new();
    for argument in rest {
        let name = argument.to_string_lossy();
        let Some(stage) = Stage::ALL.into_iter().find(|stage| stage.name() == name) else {
            bail!("there is no stage {name:?}; see cargo xtask test --help");
        };
        stages.push(stage);
    }
    Ok(if stages.is_empty() { Stage::ALL.to_vec() } else { stages })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_all_stages() {
        assert_eq!(parse(&[]).unwrap(), Stage::ALL);
        assert_eq!(parse(&["wasm".into()]).unwrap(), [Stage::Wasm]);
        assert!(parse(&["wsam".into()]).is_err());
    }
}
