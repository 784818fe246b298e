//! What is being shown, for the screen.

use serde::Serialize;
use wickwire_proto::time::Timestamp;

use super::pace::Speed;
use crate::feed::{Feed, Venue};

/// Where the data comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Made up by the simulator.
    Simulated,
    /// Played from recordings.
    Recorded,
}

impl SourceKind {
    /// The `mode` of the status.
    #[must_use]
    pub const fn mode(self) -> &'static str {
        match self {
            Self::Simulated => "simulated",
            Self::Recorded => "replay",
        }
    }
}

/// What the screen must say about the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLabel {
    /// Where it comes from.
    pub kind: SourceKind,
    /// The same in words.
    pub text: String,
}

impl SourceLabel {
    /// A simulated market.
    #[must_use]
    pub fn simulated() -> Self {
        Self { kind: SourceKind::Simulated, text: "Simulated market".to_owned() }
    }

    /// Recordings; `what` names them.
    #[must_use]
    pub fn recorded(what: &str) -> Self {
        Self { kind: SourceKind::Recorded, text: format!("Recording: {what}") }
    }
}

#[derive(Serialize)]
struct Symbol<'a> {
    symbol: &'a str,
    name: &'a str,
    class: &'static str,
}

/// The body of `/wickwire/status`.
#[derive(Serialize)]
pub(super) struct Status<'a> {
    mode: &'static str,
    label: &'a str,
    clock: Timestamp,
    /// Multiple of real time; null if there is no pace.
    speed: Option<f64>,
    /// Where the source ends; null if it does not. Who extrapolates the clock stops here.
    end: Option<Timestamp>,
    finished: bool,
    symbols: Vec<Symbol<'a>>,
    default_symbol: Option<&'a str>,
}

impl<'a> Status<'a> {
    pub(super) fn of(feed: &'a dyn Feed, label: &'a SourceLabel, speed: Speed) -> Self {
        let listings = feed.listings().iter().filter(|l| l.venue != Venue::News);
        Self {
            mode: label.kind.mode(),
            label: &label.text,
            clock: feed.now(),
            speed: speed.factor(),
            end: feed.end(),
            finished: feed.finished(),
            symbols: listings
                .map(|l| Symbol { symbol: &l.symbol, name: &l.name, class: l.venue.asset_class() })
                .collect(),
            default_symbol: feed.default_symbol(),
        }
    }
}
