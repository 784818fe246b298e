//! Several recordings as one sequence in the order in which an exchange would have sent it.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

use wickwire_proto::message::{Bar, BarKind, Message};
use wickwire_proto::time::Timestamp;

use super::due::{due, venue_of};
use super::lines::{Line, Lines};
use super::read::Reader;
use crate::feed::Venue;

/// Bars held back at once. A session's worth of every stock is far below; beyond, the earliest goes
/// out before its time, so that no file can fill the memory.
pub const MAX_PENDING: usize = 100_000;

/// What comes next.
#[derive(Debug)]
pub(crate) enum What {
    /// A message for the venue's connections.
    Message(Venue, Message<'static>),
    /// An hour that was recorded as one bar.
    Hour(Venue, Bar<'static>),
    /// The minute of this symbol that is built from trades has ended.
    MinuteEnded(String),
}

/// Something that is held back until its time: a bar until it has ended.
#[derive(Debug)]
struct Pending {
    due: Timestamp,
    rank: u8,
    sequence: u64,
    what: What,
}

impl Pending {
    const fn key(&self) -> (Timestamp, u8, u64) {
        (self.due, self.rank, self.sequence)
    }
}

impl PartialEq for Pending {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}
impl Eq for Pending {}
impl PartialOrd for Pending {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Pending {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// One file with what was read ahead of it: the messages of one line.
struct Source {
    lines: Lines,
    reader: Reader,
    /// Symbols whose `b` in this file are hours.
    hours: BTreeSet<String>,
    ahead: VecDeque<Message<'static>>,
}

impl Source {
    fn fill(&mut self) {
        while self.ahead.is_empty() {
            let ahead = &mut self.ahead;
            match self.reader.next(&mut self.lines, &mut |m| ahead.push_back(m.into_owned())) {
                Line::End => return,
                Line::Text | Line::Bad(_) => {}
            }
        }
    }
}

/// Where the next thing is.
#[derive(Clone, Copy)]
enum Next {
    Pending,
    Source(usize),
    Nothing,
}

/// The merged sequence. At equal times bars come first (what has ended comes before what begins),
/// short ones before long ones; then files in the order given, each in its own order.
pub(crate) struct Merge {
    sources: Vec<Source>,
    pending: BinaryHeap<Reverse<Pending>>,
    sequence: u64,
    next: Next,
}

impl Merge {
    pub(crate) fn new(files: impl IntoIterator<Item = (Lines, BTreeSet<String>)>) -> Self {
        let sources = files
            .into_iter()
            .map(|(lines, hours)| {
                let mut source = Source { lines, reader: Reader::new(), hours, ahead: VecDeque::new() };
                source.fill();
                source
            })
            .collect();
        let mut merge = Self { sources, pending: BinaryHeap::new(), sequence: 0, next: Next::Nothing };
        merge.settle();
        merge
    }

    /// When the next thing is due.
    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        match self.next {
            Next::Pending => self.pending.peek().map(|p| p.0.due),
            Next::Source(at) => self.sources.get(at)?.ahead.front()?.time(),
            Next::Nothing => None,
        }
    }

    /// Takes the next thing.
    pub(crate) fn pop(&mut self) -> Option<What> {
        let what = match self.next {
            Next::Pending => self.pending.pop()?.0.what,
            Next::Source(at) => {
                let source = self.sources.get_mut(at)?;
                let message = source.ahead.pop_front()?;
                source.fill();
                What::Message(venue_of(&message), message)
            }
            Next::Nothing => return None,
        };
        self.settle();
        Some(what)
    }

    /// Says that the minute of `symbol` that is built from trades ends at `at`.
    pub(crate) fn schedule_minute_end(&mut self, symbol: String, at: Timestamp) {
        self.push(at, 0, What::MinuteEnded(symbol));
        self.settle();
    }

    fn push(&mut self, due: Timestamp, rank: u8, what: What) {
        self.sequence += 1;
        self.pending.push(Reverse(Pending { due, rank, sequence: self.sequence, what }));
    }

    /// Finds what is next. What a file holds behind its first message is due no earlier than the
    /// time of that message, so a bar that waits is set aside until no file can come before it.
    fn settle(&mut self) {
        loop {
            let first = self
                .sources
                .iter()
                .enumerate()
                .filter_map(|(at, s)| Some((s.ahead.front()?.time()?, at)))
                .min();
            let waiting = self.pending.peek().map(|p| p.0.due);
            if self.pending.len() >= MAX_PENDING {
                self.next = Next::Pending;
                return;
            }
            let (time, at) = match (first, waiting) {
                (Some((time, _)), Some(due)) if due <= time => {
                    self.next = Next::Pending;
                    return;
                }
                (Some(first), _) => first,
                (None, Some(_)) => {
                    self.next = Next::Pending;
                    return;
                }
                (None, None) => {
                    self.next = Next::Nothing;
                    return;
                }
            };
            let Some(source) = self.sources.get_mut(at) else { return };
            let is_hour = matches!(source.ahead.front(), Some(Message::Bar(BarKind::Minute, bar))
                if source.hours.contains(bar.symbol.as_ref()));
            let at_due = source.ahead.front().map_or(time, |m| due(m, is_hour));
            if at_due <= time {
                self.next = Next::Source(at);
                return;
            }
            let Some(message) = source.ahead.pop_front() else { return };
            source.fill();
            let venue = venue_of(&message);
            match message {
                Message::Bar(BarKind::Minute, bar) if is_hour => self.push(at_due, 1, What::Hour(venue, bar)),
                Message::Bar(BarKind::Daily, _) => self.push(at_due, 2, What::Message(venue, message)),
                _ => self.push(at_due, 0, What::Message(venue, message)),
            }
        }
    }
}
