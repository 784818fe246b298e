//! Recordings, played as if they happened now.
//!
//! A recording is NDJSON, one message in Alpaca's stream form a line, plain or gzip. Several are
//! merged by time while they are unpacked, so memory holds the files as stored and a few lines.
//! They are read twice: first to see what is in them, then to be played.
//!
//! - A bar is sent when it has ended, as Alpaca does; at equal times bars come before trades and
//!   quotes (those belong to what begins), and lines of one file keep their order.
//! - What was due before the start is not sent; it is in the [`History`] at once.
//! - **Minute bars are derived** for a symbol that has recorded trades and no recorded minute bars
//!   ([`Report::derived`]). For crypto every recorded trade counts. For stocks the consolidated
//!   tape's sale conditions decide. Such bars carry their trade count and average price. The first
//!   and the last minute hold what was recorded of them.
//! - A running daily bar is never made up: `d` is sent only where one was recorded.
//! - Hours that were recorded as `b` go out on `bars` when the hour has ended if the files have no
//!   minutes of the symbol, and are history of their own length in any case.
//! - At the end the clock stays there.

mod derive;
mod due;
mod lines;
mod merge;
mod read;
mod survey;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use wickwire_proto::message::{BarKind, Message, Trade};
use wickwire_proto::time::Timestamp;

use crate::error::Error;
use crate::feed::{Feed, Listing, Venue};
use crate::history::History;
use derive::{Forming, MINUTE, minute_of};
use merge::{Merge, What};
use survey::{Seen, Survey};

pub use lines::{MAX_LINE_BYTES, Recording};
pub use merge::MAX_PENDING;
pub use survey::{BadLine, MAX_REPORTED_LINES, Report};

/// Recordings merged at once.
pub const MAX_RECORDINGS: usize = 256;
/// Bytes of one recording as stored.
pub const MAX_RECORDING_BYTES: u64 = 1 << 30;

/// Which part to play.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplayConfig {
    /// Where the clock starts; without it, when the first message is due.
    pub from: Option<Timestamp>,
    /// The last instant played; without it, when the last message is due.
    pub to: Option<Timestamp>,
}

/// Recordings as a feed.
pub struct Replay {
    merge: Merge,
    history: History,
    listings: Vec<Listing>,
    report: Report,
    forming: BTreeMap<String, Forming>,
    with_minutes: BTreeSet<String>,
    late_trades: u64,
    start: Timestamp,
    now: Timestamp,
    end: Timestamp,
}

impl std::fmt::Debug for Replay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replay").field("now", &self.now).field("end", &self.end).finish_non_exhaustive()
    }
}

impl Replay {
    /// Reads recordings to their end and makes a feed of them.
    ///
    /// # Errors
    /// As [`Self::new`]; also if a reader fails or holds more than [`MAX_RECORDING_BYTES`].
    pub fn from_readers<R: Read>(
        readers: impl IntoIterator<Item = (String, R)>,
        config: ReplayConfig,
    ) -> Result<Self, Error> {
        let mut recordings = Vec::new();
        for (name, reader) in readers {
            recordings.push(Recording::read(name, reader, MAX_RECORDING_BYTES)?);
        }
        Self::new(recordings, config)
    }

    /// Makes a feed of recordings.
    ///
    /// # Errors
    /// If there are too many or too large ones, if they hold no message, or if none is due in the
    /// span asked for. Bad lines are no error; see [`Self::report`].
    pub fn new(recordings: Vec<Recording>, config: ReplayConfig) -> Result<Self, Error> {
        if recordings.len() > MAX_RECORDINGS {
            return Err(Error::TooManyRecordings { count: recordings.len(), limit: MAX_RECORDINGS });
        }
        recordings.iter().try_for_each(|recording| recording.check(MAX_RECORDING_BYTES))?;
        let Survey { report, symbols, hours } = Survey::of(&recordings);
        if report.messages == 0 {
            return Err(Error::Empty { bad_lines: report.bad_lines });
        }
        let start = config.from.unwrap_or(report.first);
        let end = config.to.unwrap_or(report.last);
        if start > end || start > report.last || end < report.first {
            return Err(Error::EmptySpan {
                from: config.from,
                to: config.to,
                first: report.first,
                last: report.last,
            });
        }
        let with_minutes = symbols
            .iter()
            .filter(|(s, seen)| seen.minutes > 0 || report.derived.contains(s.as_str()))
            .map(|(s, _)| s.clone())
            .collect();
        let mut replay = Self {
            merge: Merge::new(recordings.iter().zip(hours).map(|(r, hours)| (r.lines(), hours))),
            history: History::new(),
            listings: listings(&symbols),
            report,
            forming: BTreeMap::new(),
            with_minutes,
            late_trades: 0,
            start,
            now: Timestamp::MIN,
            end,
        };
        replay.run(start.plus_nanos(-1), &mut |_, _| {});
        replay.now = start;
        Ok(replay)
    }

    /// What the first pass found: counts, bad lines, what is derived.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.report
    }

    /// First and last instant that are played.
    #[must_use]
    pub const fn span(&self) -> (Timestamp, Timestamp) {
        (self.start, self.end)
    }

    /// Trades that came after the minute they belong to had been derived and sent; they are
    /// published and in no bar. Only files that are not in order have any.
    #[must_use]
    pub const fn late_trades(&self) -> u64 {
        self.late_trades
    }

    fn run(&mut self, to: Timestamp, out: &mut dyn FnMut(Venue, &Message<'_>)) {
        while self.merge.next_at().is_some_and(|at| at <= to) {
            match self.merge.pop() {
                Some(What::Message(venue, message)) => {
                    if let Message::Trade(trade) = &message {
                        self.derive(trade);
                    }
                    self.emit(venue, &message, out);
                }
                Some(What::Hour(venue, bar)) => {
                    self.history.apply_hour(venue, &bar);
                    if !self.with_minutes.contains(bar.symbol.as_ref()) {
                        out(venue, &Message::Bar(BarKind::Minute, bar));
                    }
                }
                Some(What::MinuteEnded(symbol)) => {
                    if let Some(bar) = self.forming.remove(&symbol).and_then(|f| f.bar(&symbol)) {
                        self.emit(due::venue_of_symbol(&symbol), &Message::Bar(BarKind::Minute, bar), out);
                    }
                }
                None => break,
            }
        }
    }

    fn emit(&mut self, venue: Venue, message: &Message<'_>, out: &mut dyn FnMut(Venue, &Message<'_>)) {
        self.history.apply(venue, message);
        out(venue, message);
    }

    /// Counts a trade in the minute that is built for its symbol.
    fn derive(&mut self, trade: &Trade<'_>) {
        if !self.report.derived.contains(trade.symbol.as_ref()) {
            return;
        }
        let start = minute_of(trade.time);
        if let Some(forming) = self.forming.get_mut(trade.symbol.as_ref()) {
            if forming.start() == start {
                forming.add(trade);
            } else {
                self.late_trades += 1;
            }
            return;
        }
        let symbol = trade.symbol.to_string();
        if self.history.symbol(&symbol).and_then(|s| s.minutes().last()).is_some_and(|b| b.time >= start) {
            self.late_trades += 1;
            return;
        }
        let mut forming = Forming::new(due::venue_of_symbol(&symbol), start);
        forming.add(trade);
        self.forming.insert(symbol.clone(), forming);
        self.merge.schedule_minute_end(symbol, start.plus_nanos(MINUTE));
    }
}

impl Feed for Replay {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn end(&self) -> Option<Timestamp> {
        Some(self.end)
    }

    fn next_at(&self) -> Option<Timestamp> {
        self.merge.next_at().filter(|at| *at <= self.end).map(|at| at.max(self.now))
    }

    fn advance(&mut self, to: Timestamp, out: &mut dyn FnMut(Venue, &Message<'_>)) {
        let to = to.min(self.end);
        if to < self.now {
            return;
        }
        self.run(to, out);
        self.now = to;
    }

    fn history(&self) -> &History {
        &self.history
    }

    fn listings(&self) -> &[Listing] {
        &self.listings
    }
}

/// Symbols by how much of them moves: most trades and quotes first, then most minutes.
fn listings(symbols: &BTreeMap<String, Seen>) -> Vec<Listing> {
    let mut order: Vec<(&String, &Seen)> = symbols.iter().collect();
    order.sort_by_key(|(_, s)| std::cmp::Reverse((s.ticks, s.minutes, s.other_bars)));
    order
        .into_iter()
        .map(|(symbol, seen)| Listing {
            symbol: symbol.clone().into(),
            name: symbol.clone().into(),
            venue: seen.venue,
            exchange: if seen.venue == Venue::Crypto { "CRYPTO".into() } else { "".into() },
        })
        .collect()
}
