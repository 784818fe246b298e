//! What the command line and the environment say.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;
use wickwire_proto::request::Credentials;
use wickwire_proto::time::Timestamp;
use wickwire_sim::Speed;

use crate::error::Error;

/// The port without `--port`.
pub const DEFAULT_PORT: u16 = 8080;
/// Slowest and fastest simulated market, in messages a second.
pub const RATE_RANGE: std::ops::RangeInclusive<f64> = 1.0..=100_000.0;
/// Messages a second of the simulated market without `--rate`.
pub const DEFAULT_RATE: f64 = 120.0;

/// How the relay is used, for `--help`.
pub const USAGE: &str = "\
wickwire-relay: serves the page and Alpaca's own paths on loopback

usage: wickwire-relay [options]
  --port N           listen on 127.0.0.1:N (default 8080; 0 takes a free one)
  --dist DIR         the built page (default dist)
  --replay FILE…     play recordings: NDJSON, gzip or plain, merged by time
  --speed X          market seconds a second, 0.1 to 1000, or max (default 1)
  --from T, --to T   play only this part, RFC 3339
  --rate N           simulated messages a second, 1 to 100000 (default 120)
  --seed N           seed of the simulated market (default 1)
  --open             open the page in a browser
  --help

environment: APCA_API_KEY_ID and APCA_API_SECRET_KEY connect to Alpaca;
             without them the market is simulated.";

/// Where the data comes from.
#[derive(Debug)]
pub enum Source {
    /// The seeded market.
    Simulated {
        /// Seed of the market.
        seed: u64,
        /// Mean messages a second.
        rate: f64,
    },
    /// Recordings.
    Replay {
        /// The files, merged by time.
        files: Vec<PathBuf>,
        /// Play from here; what came before is history.
        from: Option<Timestamp>,
        /// Play up to here.
        to: Option<Timestamp>,
    },
    /// Alpaca, with the server's keys.
    Live {
        /// The keys; `Debug` prints stars.
        credentials: Credentials,
        /// Where Alpaca is.
        hosts: Hosts,
    },
}

/// Where Alpaca is. Only tests say anything but the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// Market-data stream: scheme and host.
    pub stream: String,
    /// Market-data REST.
    pub data: String,
    /// Trading stream and REST of the paper account; the relay knows no live-trading host.
    pub trading: String,
}

impl Default for Hosts {
    fn default() -> Self {
        Self {
            stream: "wss://stream.data.alpaca.markets".to_owned(),
            data: "https://data.alpaca.markets".to_owned(),
            trading: "https://paper-api.alpaca.markets".to_owned(),
        }
    }
}

/// Everything the relay is told at the start.
#[derive(Debug)]
pub struct Config {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Folder of the built page.
    pub dist: PathBuf,
    /// Where the data comes from.
    pub source: Source,
    /// How fast market time passes.
    pub speed: Speed,
    /// Open the page in a browser once it is served.
    pub open: bool,
    /// Connections per endpoint and key before error 406; `None` is no limit.
    pub connection_limit: Option<usize>,
}

impl Config {
    /// A simulated market on a free port, for tests.
    #[must_use]
    pub fn simulated(seed: u64, rate: f64) -> Self {
        Self {
            port: 0,
            dist: PathBuf::from("dist"),
            source: Source::Simulated { seed, rate },
            speed: Speed::REAL_TIME,
            open: false,
            connection_limit: None,
        }
    }

    /// Reads arguments (without the program's name) and the environment through `env`.
    /// `Ok(None)` means that help was asked for.
    ///
    /// # Errors
    /// [`Error::Usage`] says which argument is off and what it takes.
    pub fn parse(
        args: impl IntoIterator<Item = OsString>,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Error> {
        let usage = |e: lexopt::Error| Error::Usage(e.to_string());
        let mut config = Self { port: DEFAULT_PORT, ..Self::simulated(1, DEFAULT_RATE) };
        let (mut files, mut from, mut to) = (Vec::new(), None, None);
        let (mut seed, mut rate, mut speed) = (None, None, None);
        let mut parser = lexopt::Parser::from_args(args);
        while let Some(arg) = parser.next().map_err(usage)? {
            match arg {
                Long("port") => config.port = parse(&mut parser, "--port", "a port, 0 to 65535")?,
                Long("dist") => config.dist = parser.value().map_err(usage)?.into(),
                Long("replay") => files.extend(parser.values().map_err(usage)?.map(PathBuf::from)),
                Long("speed") => speed = Some(parse_speed(&mut parser)?),
                Long("from") => from = Some(parse_time(&mut parser, "--from")?),
                Long("to") => to = Some(parse_time(&mut parser, "--to")?),
                Long("seed") => seed = Some(parse(&mut parser, "--seed", "a whole number")?),
                Long("rate") => {
                    let value: f64 = parse(&mut parser, "--rate", "messages a second")?;
                    if !RATE_RANGE.contains(&value) {
                        return Err(Error::Usage("--rate takes 1 to 100000 messages a second".to_owned()));
                    }
                    rate = Some(value);
                }
                Long("open") => config.open = true,
                Long("help") | Short('h') => return Ok(None),
                other => return Err(usage(other.unexpected())),
            }
        }
        let keys = (env("APCA_API_KEY_ID"), env("APCA_API_SECRET_KEY"));
        let replay = !files.is_empty();
        if !replay && (from.is_some() || to.is_some() || speed.is_some()) {
            return Err(Error::Usage("--speed, --from and --to go with --replay FILE…".to_owned()));
        }
        if let (Some(from), Some(to)) = (from, to)
            && from >= to
        {
            return Err(Error::Usage("--from must come before --to".to_owned()));
        }
        if replay && (seed.is_some() || rate.is_some()) {
            return Err(Error::Usage("--seed and --rate do not go with --replay".to_owned()));
        }
        let simulated = seed.is_some() || rate.is_some();
        config.speed = speed.unwrap_or(Speed::REAL_TIME);
        config.source = match keys {
            _ if replay => Source::Replay { files, from, to },
            (Some(key), Some(secret)) if !simulated && !key.is_empty() && !secret.is_empty() => {
                Source::Live { credentials: Credentials::new(key, secret), hosts: Hosts::default() }
            }
            (Some(_), None) | (None, Some(_)) if !simulated => {
                return Err(Error::Usage(
                    "only one of APCA_API_KEY_ID and APCA_API_SECRET_KEY is set; set both for Alpaca, \
                     or neither for the simulated market"
                        .to_owned(),
                ));
            }
            _ => Source::Simulated { seed: seed.unwrap_or(1), rate: rate.unwrap_or(DEFAULT_RATE) },
        };
        Ok(Some(config))
    }
}

fn parse<T: std::str::FromStr>(parser: &mut lexopt::Parser, name: &str, takes: &str) -> Result<T, Error> {
    let value = parser.value().map_err(|e| Error::Usage(e.to_string()))?;
    let text = value.to_string_lossy();
    text.parse().map_err(|_| Error::Usage(format!("{name} takes {takes}, not {text:?}")))
}

fn parse_speed(parser: &mut lexopt::Parser) -> Result<Speed, Error> {
    let value = parser.value().map_err(|e| Error::Usage(e.to_string()))?;
    let text = value.to_string_lossy();
    text.parse().map_err(|_| Error::Usage(format!("--speed takes 0.1 to 1000, or max, not {text:?}")))
}

fn parse_time(parser: &mut lexopt::Parser, name: &str) -> Result<Timestamp, Error> {
    let value = parser.value().map_err(|e| Error::Usage(e.to_string()))?;
    let text = value.to_string_lossy();
    Timestamp::parse_rfc3339(&text).ok_or_else(|| {
        Error::Usage(format!("{name} takes an RFC 3339 time such as 2013-10-07T13:30:00Z, not {text:?}"))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn config(args: &[&str], keys: Option<(&str, &str)>) -> Result<Option<Config>, Error> {
        Config::parse(args.iter().map(OsString::from), |name| {
            let (key, secret) = keys?;
            Some(if name.ends_with("KEY_ID") { key } else { secret }.to_owned())
        })
    }

    #[test]
    fn without_keys_the_market_is_simulated() {
        let config = config(&[], None).unwrap().unwrap();
        assert_eq!(config.port, 8080);
        assert!(matches!(config.source, Source::Simulated { .. }));
    }

    #[test]
    fn keys_connect_to_alpaca_and_are_never_printed() {
        let config = config(&[], Some(("PKID", "s3cr3t"))).unwrap().unwrap();
        assert!(matches!(config.source, Source::Live { .. }));
        assert!(!format!("{config:?}").contains("s3cr3t"));
    }

    #[test]
    fn recordings_win_over_keys_and_take_several_files() {
        let args =
            ["--replay", "a", "b.gz", "--speed", "60", "--from", "2013-10-07T13:30:00Z", "--port", "0"];
        let config = config(&args, Some(("PKID", "s"))).unwrap().unwrap();
        assert_eq!(config.speed.factor(), Some(60.0));
        let Source::Replay { files, from, to } = config.source else { panic!("no replay") };
        assert_eq!(files.len(), 2);
        assert_eq!(from.unwrap().seconds(), 1_381_152_600);
        assert!(to.is_none());
    }

    #[test]
    fn bad_arguments_are_named() {
        for (args, word) in [
            (&["--speed", "0.01", "--replay", "a"][..], "--speed"),
            (&["--speed", "5"], "--replay"),
            (&["--rate", "0"], "--rate"),
            (&["--from", "noon", "--replay", "a"], "--from"),
            (&["--from", "2013-10-08T00:00:00Z", "--to", "2013-10-07T00:00:00Z", "--replay", "a"], "before"),
            (&["--port", "x"], "--port"),
            (&["--wrong"], "--wrong"),
        ] {
            let error = config(args, None).unwrap_err().to_string();
            assert!(error.contains(word), "{args:?}: {error}");
        }
    }

    #[test]
    fn half_a_key_pair_is_an_error() {
        let error = Config::parse([], |n| (n == "APCA_API_KEY_ID").then(|| "PK".to_owned())).unwrap_err();
        assert!(error.to_string().contains("set both"));
    }
}
