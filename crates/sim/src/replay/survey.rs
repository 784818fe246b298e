//! The first pass over the recordings: what is in them, how much of it cannot be read, and when
//! things are due. Nothing of the content is kept.

use std::collections::{BTreeMap, BTreeSet};

use wickwire_proto::message::{BarKind, Message};
use wickwire_proto::time::Timestamp;

use super::derive::{MINUTE, minute_of};
use super::due::{HOUR, due, venue_of};
use super::lines::{Line, Recording};
use super::read::Reader;
use crate::feed::Venue;
use crate::history::MAX_SYMBOLS;

/// Bad lines reported one by one; further ones are only counted.
pub const MAX_REPORTED_LINES: usize = 100;

/// A line of which something could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Name of the recording.
    pub file: String,
    /// Line number, from 1.
    pub line: u64,
    /// What was wrong. Never the line itself.
    pub reason: String,
}

impl std::fmt::Display for BadLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

/// What was found in the recordings.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Messages that can be played.
    pub messages: u64,
    /// Lines of which something could not be read.
    pub bad_lines: u64,
    /// The first of them, at most [`MAX_REPORTED_LINES`].
    pub lines: Vec<BadLine>,
    /// Messages of a type that is not known, left out.
    pub skipped: u64,
    /// When the first message is due.
    pub first: Timestamp,
    /// When the last message is due.
    pub last: Timestamp,
    /// Symbols whose minute bars are built from recorded trades because no bars were recorded.
    pub derived: BTreeSet<String>,
}

/// What the files have of one symbol.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) venue: Venue,
    pub(crate) trades: u64,
    pub(crate) ticks: u64,
    pub(crate) minutes: u64,
    pub(crate) other_bars: u64,
    last_trade: Timestamp,
}

/// `b` of one symbol in one file.
struct Bars {
    count: u64,
    first: Timestamp,
    last: Timestamp,
    on_the_hour: bool,
}

/// The result of the first pass.
pub(crate) struct Survey {
    pub(crate) report: Report,
    pub(crate) symbols: BTreeMap<String, Seen>,
    /// By file: symbols whose `b` are hours.
    pub(crate) hours: Vec<BTreeSet<String>>,
}

impl Survey {
    pub(crate) fn of(recordings: &[Recording]) -> Self {
        let report = Report { first: Timestamp::MAX, last: Timestamp::MIN, ..Report::default() };
        let mut survey = Self { report, symbols: BTreeMap::new(), hours: Vec::new() };
        for recording in recordings {
            survey.read(recording);
        }
        survey.find_derived();
        survey
    }

    fn read(&mut self, recording: &Recording) {
        let mut lines = recording.lines();
        let mut reader = Reader::new();
        let mut bars: BTreeMap<String, Bars> = BTreeMap::new();
        loop {
            let line = reader.next(&mut lines, &mut |message| {
                self.see(&message);
                if let Message::Bar(BarKind::Minute, bar) = &message {
                    see_bar(&mut bars, &bar.symbol, bar.time);
                }
            });
            match line {
                Line::Text => {}
                Line::Bad(reason) => {
                    self.report.bad_lines += 1;
                    if self.report.lines.len() < MAX_REPORTED_LINES {
                        let file = recording.name().to_owned();
                        self.report.lines.push(BadLine { file, line: lines.number(), reason });
                    }
                }
                Line::End => break,
            }
        }
        self.report.skipped += reader.skipped();
        let mut hours = BTreeSet::new();
        for (symbol, found) in bars {
            let is_hours = found.on_the_hour && found.count > 1;
            if let Some(seen) = self.symbols.get_mut(&symbol) {
                if is_hours {
                    seen.other_bars += found.count;
                } else {
                    seen.minutes += found.count;
                }
            }
            let length = if is_hours { HOUR } else { MINUTE };
            self.report.first = self.report.first.min(found.first.plus_nanos(length));
            self.report.last = self.report.last.max(found.last.plus_nanos(length));
            if is_hours {
                hours.insert(symbol);
            }
        }
        self.hours.push(hours);
    }

    fn see(&mut self, message: &Message<'_>) {
        let time = message.time().unwrap_or_default();
        self.report.messages += 1;
        let is_minute = matches!(message, Message::Bar(BarKind::Minute, _));
        let due = due(message, false);
        if !is_minute {
            self.report.first = self.report.first.min(due);
            self.report.last = self.report.last.max(due);
        }
        let Some(symbol) = message.symbol() else { return };
        if !self.symbols.contains_key(symbol) && self.symbols.len() < MAX_SYMBOLS {
            let venue = venue_of(message);
            self.symbols.insert(
                symbol.to_owned(),
                Seen { venue, trades: 0, ticks: 0, minutes: 0, other_bars: 0, last_trade: Timestamp::MIN },
            );
        }
        let Some(seen) = self.symbols.get_mut(symbol) else { return };
        match message {
            Message::Trade(_) => {
                seen.trades += 1;
                seen.ticks += 1;
                seen.last_trade = seen.last_trade.max(time);
            }
            Message::Bar(BarKind::Minute, _) => {}
            Message::Bar(..) => seen.other_bars += 1,
            _ => seen.ticks += 1,
        }
    }

    fn find_derived(&mut self) {
        for (symbol, seen) in &self.symbols {
            if seen.trades > 0 && seen.minutes == 0 && matches!(seen.venue, Venue::Crypto | Venue::Stocks) {
                self.report.derived.insert(symbol.clone());
                let end = minute_of(seen.last_trade).plus_nanos(MINUTE);
                self.report.last = self.report.last.max(end);
            }
        }
    }
}

fn see_bar(bars: &mut BTreeMap<String, Bars>, symbol: &str, time: Timestamp) {
    let on_the_hour = time.0.rem_euclid(HOUR) == 0;
    let has_room = bars.len() < MAX_SYMBOLS;
    match bars.get_mut(symbol) {
        Some(found) => {
            found.count += 1;
            found.on_the_hour &= on_the_hour;
            found.first = found.first.min(time);
            found.last = found.last.max(time);
        }
        None if has_room => {
            bars.insert(symbol.to_owned(), Bars { count: 1, first: time, last: time, on_the_hour });
        }
        None => {}
    }
}
