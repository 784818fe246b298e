//! Bars of seconds, built from trades: no source has them.
//!
//! They follow the rules of a minute that the server has not closed ([`crate::minute`], rule 4),
//! span by span: the same trades count, by the same sale conditions, corrections and cancels hold
//! as long as the trade is kept. A second without a trade that sets a price has no bar. No account
//! of the server ever takes their place, so what an interruption took from them stays missing.
//! The newest is [`crate::BarFlags::FORMING`] until the market's time has passed its end.
//!
//! They are built while somebody wants them ([`crate::Store::set_shown`]), and first from the trades
//! that are kept anyway: the last minutes are there at once.

use std::collections::VecDeque;

use wickwire_proto::time::Timestamp;

use crate::bar::Bar;
use crate::conditions::Updates;
use crate::minute::side::Side;
use crate::minute::{Figures, Print};
use crate::timeframe::{MINUTE, Timeframe, floor_to};

/// Spans of one length, with their figures.
#[derive(Clone, Debug)]
struct Spans {
    timeframe: Timeframe,
    spans: VecDeque<(i64, Figures)>,
}

impl Spans {
    fn position(&self, start: i64) -> Result<usize, usize> {
        match self.spans.back() {
            Some((last, _)) if *last == start => Ok(self.spans.len() - 1),
            Some((last, _)) if *last < start => Err(self.spans.len()),
            _ => self.spans.binary_search_by_key(&start, |(start, _)| *start),
        }
    }

    /// The figures of the span that holds `time`.
    fn of(&mut self, time: i64) -> Option<&mut Figures> {
        let start = floor_to(time, self.timeframe.nanos());
        let index = self.position(start).unwrap_or_else(|index| {
            self.spans.insert(index, (start, Figures::default()));
            index
        });
        self.spans.get_mut(index).map(|(_, figures)| figures)
    }

    fn bar(&self, start: i64) -> Option<Bar> {
        let (_, figures) = self.spans.get(self.position(start).ok()?)?;
        figures.bar(Timestamp(start))
    }

    fn drain(&mut self, from: i64, to: i64) {
        let from = self.position(from).unwrap_or_else(|i| i);
        let to = self.position(to).unwrap_or_else(|i| i);
        self.spans.drain(from..to.max(from));
    }
}

/// Seconds in the making of one symbol: the figures of every span of the trades that are kept.
#[derive(Clone, Debug)]
pub(crate) struct Seconds {
    spans: [Spans; Timeframe::SECONDS.len()],
    /// Times of trades that changed their spans, and minutes that were built anew.
    touched: Vec<i64>,
    cleared: Vec<i64>,
}

impl Default for Seconds {
    fn default() -> Self {
        Self {
            spans: Timeframe::SECONDS.map(|timeframe| Spans { timeframe, spans: VecDeque::new() }),
            touched: Vec::new(),
            cleared: Vec::new(),
        }
    }
}

impl Seconds {
    pub(crate) fn add(&mut self, print: &Print, updates: Updates, side: Option<Side>) {
        for spans in &mut self.spans {
            if let Some(figures) = spans.of(print.time.0) {
                figures.add(print, updates, side);
            }
        }
        self.touch(print.time.0);
    }

    /// A trade is of another side than it seemed.
    pub(crate) fn turn(&mut self, print: &Print, from: Option<Side>, to: Option<Side>) {
        for spans in &mut self.spans {
            if let Some(figures) = spans.of(print.time.0) {
                figures.turn(print.size, from, to);
            }
        }
        self.touch(print.time.0);
    }

    fn touch(&mut self, time: i64) {
        let second = floor_to(time, Timeframe::Sec1.nanos());
        if self.touched.last() != Some(&second) && !self.is_cleared(second) {
            self.touched.push(second);
        }
    }

    fn is_cleared(&self, time: i64) -> bool {
        self.cleared.last().is_some_and(|minute| *minute == floor_to(time, MINUTE))
    }

    /// A minute is built anew: its trades are told again.
    pub(crate) fn clear_minute(&mut self, start: i64) {
        for spans in &mut self.spans {
            spans.drain(start, start + MINUTE);
        }
        self.cleared.push(start);
    }

    /// Forgets the figures of spans before `floor`; their rows stay.
    pub(crate) fn forget_before(&mut self, floor: i64) {
        for Spans { spans, .. } in &mut self.spans {
            while spans.front().is_some_and(|(start, _)| *start < floor) {
                spans.pop_front();
            }
        }
    }

    /// Hands out what has changed.
    pub(crate) fn flush(&mut self, row: &mut dyn FnMut(Timeframe, Row<'_>)) {
        let touched = std::mem::take(&mut self.touched);
        let cleared = std::mem::take(&mut self.cleared);
        for spans in &self.spans {
            for minute in &cleared {
                let (from, to) = (*minute, minute + MINUTE);
                let has_bar = |start: Timestamp| spans.bar(start.0).is_some();
                row(spans.timeframe, Row::Clear(Timestamp(from), Timestamp(to), &has_bar));
                let from = spans.position(from).unwrap_or_else(|i| i);
                let to = spans.position(to).unwrap_or_else(|i| i);
                for (start, figures) in spans.spans.range(from..to) {
                    if let Some(bar) = figures.bar(Timestamp(*start)) {
                        row(spans.timeframe, Row::Put(bar));
                    }
                }
            }
            for time in &touched {
                let start = floor_to(*time, spans.timeframe.nanos());
                if let Some(bar) = spans.bar(start) {
                    row(spans.timeframe, Row::Put(bar));
                }
            }
        }
        // The buffers are used again.
        (self.touched, self.cleared) = (touched, cleared);
        self.touched.clear();
        self.cleared.clear();
    }
}

/// A change of a series of seconds.
pub(crate) enum Row<'a> {
    /// Rows that start from here up to there go, but for those that have a bar.
    Clear(Timestamp, Timestamp, &'a dyn Fn(Timestamp) -> bool),
    /// This bar.
    Put(Bar),
}
