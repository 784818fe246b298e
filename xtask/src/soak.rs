//! `cargo xtask soak`: the page for a long time under a fast market.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use crate::build::{self, PageOptions};
use crate::setup::{self, Need, native_cargo};
use crate::workspace::Workspace;

pub(crate) const HELP: &str = "\
cargo xtask soak [--minutes N] [--rate N]

Builds the page and the relay, shows the simulated market with eight indicators in a
browser, and tells what memory does and where frames stay away. No test: it takes as
long as it is told to, and fails if memory grows by more than a megabyte an hour after
the first ten minutes.

  --minutes N     how long (default 30)
  --rate N        messages a second of the whole market (default 1000)
";

/// For how long without `--minutes`.
const MINUTES: f64 = 30.0;
/// Messages a second without `--rate`.
const RATE: f64 = 1_000.0;

#[derive(Debug, PartialEq)]
struct Options {
    minutes: f64,
    rate: f64,
}

pub(crate) fn command(workspace: &Workspace, rest: Vec<OsString>) -> Result<ExitCode> {
    let options = parse(rest)?;
    let mut needs = setup::FOR_PAGE.to_vec();
    needs.push(Need::Browser);
    let tools = setup::ensure(workspace, &needs)?;
    build::page(workspace, &tools, &PageOptions::default())?;
    let relay = build::relay(workspace, build::SERVER)?;
    let mut cargo = native_cargo(workspace);
    cargo.args(["run", "--quiet", "--package", "wickwire-e2e", "--bin", "soak", "--"]).arg(relay);
    cargo.args([options.minutes.to_string(), options.rate.to_string()]);
    cargo.env("WICKWIRE_DIST", workspace.dist()).env("RUST_BACKTRACE", "0");
    tools.add_browser(&mut cargo);
    let status = cargo.status().context("cannot start the soak")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn parse(rest: Vec<OsString>) -> Result<Options> {
    let mut options = Options { minutes: MINUTES, rate: RATE };
    let mut parser = lexopt::Parser::from_args(rest);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("minutes") => options.minutes = parser.value()?.parse()?,
            Long("rate") => options.rate = parser.value()?.parse()?,
            other => bail!("{}; see cargo xtask soak --help", other.unexpected()),
        }
    }
    if !(options.minutes > 0.0 && options.minutes.is_finite() && options.rate > 0.0) {
        bail!("--minutes and --rate are above zero");
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_hour_without_a_word() {
        assert_eq!(parse(vec![]).unwrap(), Options { minutes: 30.0, rate: 1_000.0 });
        let three = parse(vec!["--minutes".into(), "3".into(), "--rate".into(), "50".into()]).unwrap();
        assert_eq!(three, Options { minutes: 3.0, rate: 50.0 });
        assert!(parse(vec!["--minutes".into(), "0".into()]).is_err());
        assert!(parse(vec!["--hours".into(), "3".into()]).is_err());
    }
}
