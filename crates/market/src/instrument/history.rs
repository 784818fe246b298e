//! History into an instrument, and gaps.

use wickwire_proto::sorted::sort_by;
use wickwire_proto::time::Timestamp;

use super::Instrument;
use crate::bar::{Bar, BarFlags};
use crate::change::Change;
use crate::gaps::{Gap, Gaps};
use crate::minute::{no_delta, precedence};
use crate::quality::{Bounds, Refusal};
use crate::series::Series;
use crate::timeframe::{DAY, MINUTE, Timeframe};

impl Instrument {
    /// Merges history into a series; `refused` hears of the bars that are no bars. There is none of
    /// seconds. `now` is the time, if it is known well enough to tell which minute still runs.
    pub(crate) fn load(
        &mut self,
        timeframe: Timeframe,
        bars: impl IntoIterator<Item = Bar>,
        bounds: Bounds,
        now: Option<Timestamp>,
        refused: &mut impl FnMut(&Bar, Refusal),
    ) -> Change {
        if timeframe.is_seconds() {
            return Change::NONE;
        }
        let bars = bars.into_iter();
        let mut good = Vec::with_capacity(bars.size_hint().0);
        for bar in bars {
            let mut bar = Bar { flags: BarFlags::FROM_SERVER, delta: no_delta(&bar), ..bar };
            bar.vwap = bar.vwap.filter(|v| bar.volume > 0.0 && v.is_finite() && *v > 0.0);
            match self.check_bar(&bar, timeframe == Timeframe::Min1, bounds) {
                Ok(()) => good.push(bar),
                Err(refusal) => refused(&bar, refusal),
            }
        }
        sort_by(&mut good, |a, b| a.time.cmp(&b.time).then_with(|| precedence(b, a)).is_lt());
        good.dedup_by_key(|b| b.time);
        let change = if timeframe == Timeframe::Min1 {
            self.load_minutes(good, now)
        } else {
            // From the newest down, so that each goes to the front in its turn.
            good.iter().rev().fold(Change::NONE, |change, bar| change | self.give(timeframe, bar))
        };
        self.mark(change)
    }

    fn load_minutes(&mut self, mut good: Vec<Bar>, now: Option<Timestamp>) -> Change {
        // A minute that still runs is better built from its trades.
        let clock = now.map_or(self.clock, |now| now.max(self.clock));
        if clock != Timestamp::MIN {
            good.retain(|b| b.time.plus_nanos(MINUTE) <= clock);
        }
        let Some((from, to)) = good.first().zip(good.last()).map(|(a, b)| (a.time, b.time)) else {
            return Change::NONE;
        };
        let minutes = self.series.of(Timeframe::Min1);
        let first = minutes.time().first().copied().map_or(Timestamp::MAX, Timestamp);
        let older = good.partition_point(|b| b.time < first);
        let newer = good.split_off(older);
        for bar in &mut good {
            bar.delta = self.delta_of(bar, None);
        }
        let minutes = self.series.of_mut(Timeframe::Min1);
        let mut change = Change::NONE;
        let taken = minutes.prepend(&good);
        if taken > 0 {
            change |= Change::BARS;
            if !self.gaps.as_slice().is_empty() {
                mark_gaps(self.series.of_mut(Timeframe::Min1), Timeframe::Min1, &self.gaps);
            }
            let to = good.last().map_or(to, |b| b.time);
            change |= self.with_aggregator(|aggregator, series, touched| {
                aggregator.minutes_loaded(series, from, to, touched);
            });
        }
        for bar in &newer {
            change |= self.close_minute(bar);
        }
        change
    }

    pub(crate) fn set_previous_close(&mut self, close: f64) -> Change {
        if !(close.is_finite() && close > 0.0) || self.previous_close == Some(close) {
            return Change::NONE;
        }
        self.previous_close = Some(close);
        self.mark(Change::DAY)
    }

    pub(crate) fn note_gap(&mut self, from: Timestamp, to: Timestamp) -> Change {
        let open = |g: &Gap| g.to == Timestamp::MAX && g.from <= to;
        let ends = to != Timestamp::MAX && self.gaps.unfilled().any(open);
        if !ends {
            // A connection loses nothing before what came last.
            let lost = from.max(self.clock);
            self.unseen_from = Some(self.unseen_from.map_or(lost, |old| old.min(lost)));
            // No trade to come is judged by what was known before.
            if self.clock != Timestamp::MIN {
                self.quotes_since = self.clock.plus_nanos(1);
                self.window.interrupt(self.quotes_since);
            }
            self.halts.interrupt();
        }
        self.gaps.add(from, to);
        self.book.invalidate();
        let change = self.remark_gaps();
        self.mark(change | Change::GAPS | Change::BOOK | Change::STATUS)
    }

    pub(crate) fn fill_gap(&mut self, from: Timestamp, to: Timestamp) -> Change {
        if !self.gaps.fill(from, to) {
            return Change::NONE;
        }
        let mut change = self.remark_gaps();
        // What a gap excused is judged again.
        change |= self.drop_obsolete(usize::MAX);
        self.mark(change | Change::GAPS)
    }

    fn remark_gaps(&mut self) -> Change {
        let mut changed = false;
        for (timeframe, series) in self.series.iter_mut() {
            let gaps = if timeframe.is_seconds() { &self.unseen } else { &self.gaps };
            changed |= mark_gaps(series, timeframe, gaps);
        }
        if changed { Change::BARS } else { Change::NONE }
    }
}

/// Marks every row before which data is missing.
fn mark_gaps(series: &mut Series, timeframe: Timeframe, gaps: &Gaps) -> bool {
    let mut changed = false;
    for index in 0..series.len() {
        changed |= mark_gap(series, timeframe, index, gaps);
    }
    changed
}

/// Marks the row at `index` if an unfilled gap lies between the row before it and its start.
pub(super) fn mark_gap(series: &mut Series, timeframe: Timeframe, index: usize, gaps: &Gaps) -> bool {
    let Some(flags) = series.flags().get(index).copied() else { return false };
    if gaps.as_slice().is_empty() && !flags.has(BarFlags::GAP_BEFORE) {
        return false;
    }
    let Some(start) = series.time().get(index).copied().map(Timestamp) else { return false };
    let before = index.checked_sub(1).and_then(|i| series.time().get(i).copied()).map(Timestamp);
    let longest = if timeframe == Timeframe::Month1 { 31 * DAY } else { timeframe.nanos() };
    let end_before = before.map_or(start, |b| b.plus_nanos(longest));
    // A bar that ends where the next starts can still have a gap across the line between them.
    let marked = gaps.unfilled().any(|g| g.from < start && g.to > end_before.min(start));
    let wanted = if marked { flags.with(BarFlags::GAP_BEFORE) } else { flags.without(BarFlags::GAP_BEFORE) };
    series.set_flags(index, wanted)
}
