//! `cargo xtask serve`: from a fresh clone to a page that shows a market.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::build::{self, PageOptions};
use crate::setup;
use crate::workspace::Workspace;

pub(crate) const HELP: &str = "\
cargo xtask serve [options]

Sets up what is missing, builds the page in release and the relay, and serves both on
http://127.0.0.1:8080 until Ctrl-C. With APCA_API_KEY_ID and APCA_API_SECRET_KEY in the
environment the relay connects to Alpaca; without, it runs a simulated market.

  --port N            another port; 0 takes a free one
  --open              open the page in a browser
  --replay FILE…      play recordings (NDJSON, gzip or plain; several are merged by time)
  --speed X           of the replay: 0.1 to 1000, or max (default 1)
  --from T, --to T    play only this part (RFC 3339, such as 2013-10-07T13:30:00Z)
  --rate N            simulated messages a second, 1 to 100000
  --seed N            seed of the simulated market
";

const SPEED_RANGE: std::ops::RangeInclusive<f64> = 0.1..=1000.0;
const RATE_RANGE: std::ops::RangeInclusive<f64> = 1.0..=100_000.0;

/// The relay's own flags, checked here because it starts only after minutes of building.
#[derive(Debug, Default, PartialEq)]
struct Flags {
    arguments: Vec<OsString>,
    files: Vec<PathBuf>,
}

pub(crate) fn command(workspace: &Workspace, rest: Vec<OsString>) -> Result<ExitCode> {
    let flags = parse(rest)?;
    for file in &flags.files {
        if !file.is_file() {
            bail!("--replay: there is no file {}", file.display());
        }
    }
    let tools = setup::ensure(workspace, &setup::FOR_PAGE)?;
    build::page(workspace, &tools, &PageOptions::default())?;
    let relay = build::relay(workspace, build::SERVER)?;
    let mut command = Command::new(&relay);
    command.arg("--dist").arg(workspace.dist()).args(flags.arguments);
    replace_by(command, &relay)
}

/// The relay takes this process's place, so that Ctrl-C and signals reach it and nothing else.
#[cfg(unix)]
fn replace_by(mut command: Command, relay: &Path) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    bail!("cannot start {}: {error}", relay.display());
}

/// Where a process cannot be replaced, Ctrl-C reaches both and the relay's end is waited for.
#[cfg(not(unix))]
fn replace_by(mut command: Command, relay: &Path) -> Result<ExitCode> {
    match command.status() {
        Ok(status) if status.success() => Ok(ExitCode::SUCCESS),
        Ok(_) => Ok(ExitCode::FAILURE),
        Err(error) => bail!("cannot start {}: {error}", relay.display()),
    }
}

fn parse(rest: Vec<OsString>) -> Result<Flags> {
    let mut flags = Flags::default();
    let mut simulated = false;
    let mut replayed = false;
    let mut parser = lexopt::Parser::from_args(rest);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("open") => flags.arguments.push("--open".into()),
            Long("replay") => {
                flags.arguments.push("--replay".into());
                for file in parser.values()? {
                    flags.files.push(PathBuf::from(&file));
                    flags.arguments.push(file);
                }
            }
            Long(name @ ("port" | "speed" | "from" | "to" | "rate" | "seed")) => {
                let name = name.to_owned();
                let value = parser.value()?;
                check(&name, &value.to_string_lossy())?;
                simulated |= name == "rate" || name == "seed";
                replayed |= name == "speed" || name == "from" || name == "to";
                flags.arguments.push(format!("--{name}").into());
                flags.arguments.push(value);
            }
            other => bail!("{}; see cargo xtask serve --help", other.unexpected()),
        }
    }
    if flags.files.is_empty() && replayed {
        bail!("--speed, --from and --to go with --replay FILE…");
    }
    if !flags.files.is_empty() && simulated {
        bail!("--rate and --seed are of the simulated market and do not go with --replay");
    }
    Ok(flags)
}

fn check(name: &str, value: &str) -> Result<()> {
    let number = || value.trim_end_matches(['x', '×']).parse::<f64>().ok();
    let (good, takes) = match name {
        "port" => (value.parse::<u16>().is_ok(), "a port, 0 to 65535"),
        "seed" => (value.parse::<u64>().is_ok(), "a whole number"),
        "rate" => {
            (value.parse().is_ok_and(|rate: f64| RATE_RANGE.contains(&rate)), "1 to 100000 messages a second")
        }
        "speed" => (
            value == "max" || number().is_some_and(|speed| SPEED_RANGE.contains(&speed)),
            "0.1 to 1000, or max",
        ),
        _ => (looks_like_a_time(value), "a time such as 2013-10-07T13:30:00Z"),
    };
    if !good {
        bail!("--{name} takes {takes}, not {value:?}");
    }
    Ok(())
}

/// The shape of RFC 3339; whether the day exists is for the relay to say.
fn looks_like_a_time(value: &str) -> bool {
    let shape: String = value.chars().take(19).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let zone = value.get(19..).unwrap_or_default();
    shape.eq_ignore_ascii_case("0000-00-00T00:00:00")
        && (zone.ends_with(['Z', 'z']) || zone.rfind(['+', '-']).is_some_and(|at| zone.len() - at == 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Flags> {
        parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn flags_of_the_relay_pass_through() {
        let flags =
            parsed(&["--port", "0", "--replay", "a.gz", "b.jsonl", "--speed", "60", "--open"]).unwrap();
        assert_eq!(flags.files, [Path::new("a.gz"), Path::new("b.jsonl")]);
        let expected = ["--port", "0", "--replay", "a.gz", "b.jsonl", "--speed", "60", "--open"];
        assert_eq!(flags.arguments, expected.map(OsString::from));
    }

    #[test]
    fn what_the_relay_would_refuse_is_refused_before_the_build() {
        let wrong: [&[&str]; 10] = [
            &["--port", "70000"],
            &["--speed", "60"],
            &["--replay", "a", "--speed", "0"],
            &["--replay", "a", "--speed", "NaN"],
            &["--replay", "a", "--from", "yesterday"],
            &["--replay", "a", "--seed", "3"],
            &["--rate", "0"],
            &["--seed", "-1"],
            &["--prot", "1"],
            &["a.gz"],
        ];
        for arguments in wrong {
            assert!(parsed(arguments).is_err(), "{arguments:?}");
        }
        assert!(parsed(&["--rate", "100000", "--seed", "7"]).is_ok());
        assert!(parsed(&["--replay", "a", "--speed", "max"]).is_ok());
    }

    #[test]
    fn times_have_the_shape_of_rfc_3339() {
        for good in ["2013-10-07T13:30:00Z", "2013-10-07T13:30:00.123456789Z", "2013-10-07T09:30:00-04:00"] {
            assert!(looks_like_a_time(good), "{good}");
        }
        for bad in
            ["2013-10-07", "13:30", "2013-10-07T13:30:00", "2013-10-07 13:30:00Z", "×2013-10-07T13:30:00Z"]
        {
            assert!(!looks_like_a_time(bad), "{bad}");
        }
    }
}
