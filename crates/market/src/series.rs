//! Bars in columns, and what a view must redo after a change.
//!
//! Rows are sorted by time and no two share one. A view keeps a [`Seen`] and asks
//! [`Series::changes`] once a frame; the answer merges everything since, so that a pyramid or an
//! indicator patches only what it must:
//!
//! ```
//! # use wickwire_market::{Series, Seen, Bar};
//! # let series = Series::new(100); let mut seen = Seen::default();
//! let changes = series.changes(&seen);
//! if changes.rebuilt { /* start again with all rows */ }
//! // otherwise: drop `evicted` rows at the front, make room for `prepended` there, set the
//! // length to `len`, and read again the prepended rows and those in `changed`.
//! seen = series.seen();
//! ```

use std::collections::VecDeque;
use std::ops::Range;

use wickwire_proto::time::Timestamp;

use crate::bar::{Bar, BarFlags};
use crate::column::Column;
use crate::sparse::Sparse;

mod changes;
mod set;

use changes::Dirty;
pub use changes::{Changes, Seen};
pub use set::SeriesSet;

/// In [`Series::count`]: the number of trades is not known.
pub const NO_COUNT: u32 = u32::MAX;

/// Changes remembered for views; one that has seen less starts again.
const MAX_LOG: usize = 64;

/// What [`Series::put`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// Nothing: the row was there with the same values, or it is older than what is kept.
    Nothing,
    /// The row at this index has new values.
    Replaced(usize),
    /// There is a new row at this index.
    Inserted(usize),
}

/// Bars of one symbol and timeframe.
#[derive(Clone, Debug)]
pub struct Series {
    time: Column<i64>,
    open: Column<f64>,
    high: Column<f64>,
    low: Column<f64>,
    close: Column<f64>,
    volume: Column<f64>,
    vwap: Sparse<f64>,
    count: Sparse<u32>,
    delta: Sparse<f64>,
    flags: Column<BarFlags>,
    limit: usize,
    /// The newest row that had to go for the limit, or was not taken.
    dropped: i64,
    epoch: u64,
    revision: u64,
    /// Bumped by every change except one of the newest row's values.
    settled: u64,
    /// Number of row 0 in a count that goes on over prepends and evictions.
    base: i64,
    log: VecDeque<Dirty>,
    /// Views that have seen less than this revision start again.
    log_from: u64,
}

/// Does the same to every column; they are of several types.
macro_rules! each_column {
    ($series:expr, $column:ident => $work:expr) => {
        each_column!($series, $column => $work;
            time, open, high, low, close, volume, vwap, count, delta, flags)
    };
    ($series:expr, $column:ident => $work:expr; $($name:ident),+) => {
        $({
            let $column = &mut $series.$name;
            $work;
        })+
    };
}

impl Series {
    /// An empty series of at most `limit` rows (at least one); it allocates nothing yet.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            time: Column::new(),
            open: Column::new(),
            high: Column::new(),
            low: Column::new(),
            close: Column::new(),
            volume: Column::new(),
            vwap: Sparse::new(),
            count: Sparse::new(),
            delta: Sparse::new(),
            flags: Column::new(),
            limit: limit.max(1),
            dropped: i64::MIN,
            epoch: 1,
            revision: 1,
            settled: 1,
            base: 0,
            log: VecDeque::new(),
            log_from: 0,
        }
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// The most rows it holds; then the oldest goes.
    #[must_use]
    pub const fn limit(&self) -> usize {
        self.limit
    }

    /// Changes the limit (at least one). Rows beyond it go, the oldest first, and so does the memory
    /// they took.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit.max(1);
        let over = self.len().saturating_sub(self.limit);
        if over > 0 {
            self.drop_front(over);
            each_column!(self, c => c.compact());
        }
    }

    /// Whether rows that start at `time` or later have gone for the limit, or were not taken.
    #[must_use]
    pub const fn has_dropped(&self, time: Timestamp) -> bool {
        self.dropped >= time.0
    }

    /// Starts of the bars, nanoseconds since the epoch, ascending.
    #[must_use]
    pub fn time(&self) -> &[i64] {
        self.time.as_slice()
    }

    /// First prices.
    #[must_use]
    pub fn open(&self) -> &[f64] {
        self.open.as_slice()
    }

    /// Highest prices.
    #[must_use]
    pub fn high(&self) -> &[f64] {
        self.high.as_slice()
    }

    /// Lowest prices.
    #[must_use]
    pub fn low(&self) -> &[f64] {
        self.low.as_slice()
    }

    /// Last prices.
    #[must_use]
    pub fn close(&self) -> &[f64] {
        self.close.as_slice()
    }

    /// Volumes.
    #[must_use]
    pub fn volume(&self) -> &[f64] {
        self.volume.as_slice()
    }

    /// Volume-weighted average prices; NaN where unknown. Empty while none is known.
    #[must_use]
    pub fn vwap(&self) -> &[f64] {
        self.vwap.as_slice()
    }

    /// Numbers of trades; [`NO_COUNT`] where unknown. Empty while none is known.
    #[must_use]
    pub fn count(&self) -> &[u32] {
        self.count.as_slice()
    }

    /// Volumes bought minus volumes sold ([`Bar::delta`]); NaN where unknown. Empty while none is known.
    #[must_use]
    pub fn delta(&self) -> &[f64] {
        self.delta.as_slice()
    }

    /// Marks.
    #[must_use]
    pub fn flags(&self) -> &[BarFlags] {
        self.flags.as_slice()
    }

    /// The row at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Bar> {
        let vwap = self.vwap.get(index);
        let count = self.count.get(index);
        let delta = self.delta.get(index);
        Some(Bar {
            time: Timestamp(self.time.get(index)?),
            open: self.open.get(index)?,
            high: self.high.get(index)?,
            low: self.low.get(index)?,
            close: self.close.get(index)?,
            volume: self.volume.get(index)?,
            vwap: (!vwap.is_nan()).then_some(vwap),
            count: (count != NO_COUNT).then_some(u64::from(count)),
            delta: (!delta.is_nan()).then_some(delta),
            flags: self.flags.get(index)?,
        })
    }

    /// The newest row.
    #[must_use]
    pub fn last(&self) -> Option<Bar> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All rows, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Bar> + '_ {
        (0..self.len()).filter_map(|i| self.get(i))
    }

    /// The index of the row that starts at `time`, or where it would be.
    ///
    /// # Errors
    /// The index at which a row of that time would have to be inserted.
    pub fn find(&self, time: Timestamp) -> Result<usize, usize> {
        let times = self.time();
        // Almost every look-up is about the newest row or the one after it.
        match times.last() {
            None => Err(0),
            Some(last) if *last == time.0 => Ok(times.len() - 1),
            Some(last) if *last < time.0 => Err(times.len()),
            Some(_) => times.binary_search(&time.0),
        }
    }

    /// The row that starts at `time`.
    #[must_use]
    pub fn at(&self, time: Timestamp) -> Option<Bar> {
        self.get(self.find(time).ok()?)
    }

    /// Indices of the rows that start in `from..to`.
    #[must_use]
    pub fn range(&self, from: Timestamp, to: Timestamp) -> Range<usize> {
        let start = self.find(from).unwrap_or_else(|i| i);
        let end = self.find(to).unwrap_or_else(|i| i);
        start..end.max(start)
    }

    /// A number that grows with every change.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// A number that changes with everything but the newest row's values: while it stands still,
    /// what was computed from all rows but the newest holds.
    #[must_use]
    pub const fn settled_revision(&self) -> u64 {
        self.settled
    }

    /// What a view that has read everything has seen.
    #[must_use]
    pub fn seen(&self) -> Seen {
        Seen { epoch: self.epoch, revision: self.revision, base: self.base, len: self.len() }
    }

    /// What has changed since `seen`.
    #[must_use]
    pub fn changes(&self, seen: &Seen) -> Changes {
        let len = self.len();
        if seen.epoch != self.epoch || seen.revision < self.log_from {
            return Changes { rebuilt: true, prepended: 0, evicted: 0, changed: 0..len, len };
        }
        let end = self.base + len as i64;
        let seen_end = seen.base + seen.len as i64;
        let floor = self.base.max(seen.base).min(end);
        let (mut from, mut to) = (i64::MAX, i64::MIN);
        for dirty in self.log.iter().rev().take_while(|d| d.revision > seen.revision) {
            let (a, b) = (dirty.from.max(floor), dirty.end_since(seen.revision).min(end));
            if a < b {
                from = from.min(a);
                to = to.max(b);
            }
        }
        if end != seen_end {
            from = from.min(seen_end.clamp(floor, end));
            to = end;
        }
        let index = |number: i64| (number - self.base).max(0) as usize;
        let changed = if from < to { index(from)..index(to) } else { len..len };
        Changes {
            rebuilt: false,
            prepended: (seen.base - self.base).clamp(0, len as i64) as usize,
            evicted: (self.base - seen.base).clamp(0, seen.len as i64) as usize,
            changed,
            len,
        }
    }

    fn mark(&mut self, from: i64, to: i64) {
        self.revision += 1;
        if let Some(last) = self.log.back_mut()
            && last.from == from
            && last.to == to
            && (!last.one_by_one || to == from + 1)
        {
            last.revision = self.revision;
            return;
        }
        self.note(Dirty { revision: self.revision, from, to, one_by_one: false });
    }

    /// A row came in front. Many that do so one by one, as history does, take one place in the log.
    fn mark_front(&mut self) {
        self.revision += 1;
        let (revision, from) = (self.revision, self.base);
        if !self.log.back_mut().is_some_and(|last| last.take_front(revision, from)) {
            self.note(Dirty { revision, from, to: from + 1, one_by_one: true });
        }
    }

    fn note(&mut self, dirty: Dirty) {
        if self.log.len() == MAX_LOG
            && let Some(old) = self.log.pop_front()
        {
            self.log_from = old.revision;
        }
        self.log.push_back(dirty);
    }

    /// Puts a row at its time: replaces the one there, or inserts. O(1) at the end. A row older
    /// than a full series holds is dropped. The mark [`BarFlags::GAP_BEFORE`] of a row that is
    /// replaced stays.
    pub fn put(&mut self, bar: &Bar) -> Put {
        match self.find(bar.time) {
            Ok(index) if index + 1 == self.len() => self.replace_last(bar),
            Ok(index) => {
                let mut bar = *bar;
                let old = self.flags.get(index).unwrap_or_default();
                bar.flags = bar.flags.with(old.only(BarFlags::GAP_BEFORE));
                if self.get(index).is_some_and(|old| old == bar) {
                    return Put::Nothing;
                }
                self.write(index, &bar);
                let number = self.base + index as i64;
                self.settled += 1;
                self.mark(number, number + 1);
                Put::Replaced(index)
            }
            Err(index) => {
                let full = self.len() >= self.limit;
                if full && index == 0 {
                    self.dropped = self.dropped.max(bar.time.0);
                    return Put::Nothing;
                }
                self.insert(index, bar);
                self.settled += 1;
                if index == 0 && self.len() > 1 {
                    self.dropped = self.dropped.min(bar.time.0 - 1);
                    self.base -= 1;
                    self.mark_front();
                } else {
                    let number = self.base + index as i64;
                    self.mark(number, if index + 1 == self.len() { number + 1 } else { i64::MAX });
                }
                if full {
                    self.drop_front(1);
                    return Put::Inserted(index - 1);
                }
                Put::Inserted(index)
            }
        }
    }

    /// Puts new values into the newest row, which starts where `bar` does: the short way of
    /// [`Series::put`].
    pub fn replace_last(&mut self, bar: &Bar) -> Put {
        let Some(index) = self.len().checked_sub(1) else { return self.put(bar) };
        let Some(old) = self.get(index).filter(|old| old.time == bar.time) else { return self.put(bar) };
        let bar = Bar { flags: bar.flags.with(old.flags.only(BarFlags::GAP_BEFORE)), ..*bar };
        if old == bar {
            return Put::Nothing;
        }
        self.write(index, &bar);
        let number = self.base + index as i64;
        self.mark(number, number + 1);
        Put::Replaced(index)
    }

    /// Changes the marks of a row.
    pub fn set_flags(&mut self, index: usize, flags: BarFlags) -> bool {
        if self.flags.get(index).is_none_or(|old| old == flags) {
            return false;
        }
        self.flags.set(index, flags);
        let number = self.base + index as i64;
        if index + 1 != self.len() {
            self.settled += 1;
        }
        self.mark(number, number + 1);
        true
    }

    /// Takes the row that starts at `time` out; true if it was there.
    pub fn remove(&mut self, time: Timestamp) -> bool {
        let Ok(index) = self.find(time) else { return false };
        each_column!(self, c => c.remove(index));
        self.settled += 1;
        self.mark(self.base + index as i64, i64::MAX);
        true
    }

    /// Puts `bars` before all rows, at the cost of what is added. They are sorted by time, no two
    /// share one, and all are older than the first row; what does not fit is left out, oldest
    /// first. Returns how many were taken.
    pub fn prepend(&mut self, bars: &[Bar]) -> usize {
        let room = self.limit - self.len().min(self.limit);
        let (out, bars) = bars.split_at(bars.len().saturating_sub(room));
        if let Some(first) = bars.first() {
            // What is asked for in front follows on what is there.
            self.dropped = self.dropped.min(first.time.0 - 1);
        }
        if let Some(out) = out.last() {
            self.dropped = self.dropped.max(out.time.0);
        }
        if bars.is_empty() {
            return 0;
        }
        let more = room - bars.len();
        self.time.prepend_before(bars.iter().map(|b| b.time.0), more);
        self.open.prepend_before(bars.iter().map(|b| b.open), more);
        self.high.prepend_before(bars.iter().map(|b| b.high), more);
        self.low.prepend_before(bars.iter().map(|b| b.low), more);
        self.close.prepend_before(bars.iter().map(|b| b.close), more);
        self.volume.prepend_before(bars.iter().map(|b| b.volume), more);
        self.vwap.prepend_before(bars.iter().map(|b| b.vwap.unwrap_or(f64::NAN)), more);
        self.count.prepend_before(bars.iter().map(|b| to_count(b.count)), more);
        self.delta.prepend_before(bars.iter().map(|b| b.delta.unwrap_or(f64::NAN)), more);
        self.flags.prepend_before(bars.iter().map(|b| b.flags), more);
        let old = self.base;
        self.base -= bars.len() as i64;
        self.settled += 1;
        self.mark(self.base, old);
        bars.len()
    }

    /// Makes room for `more` rows at the end, so that appending them moves nothing.
    pub fn reserve(&mut self, more: usize) {
        let more = more.min(self.limit.saturating_sub(self.len()));
        each_column!(self, c => c.reserve(more));
    }

    /// Puts rows after all others, given as columns of one length: times, and open, high, low, close
    /// and volume. Times rise strictly and are later than the last row's; from the first that is
    /// not, or does not fit, rows are left out. Returns how many were taken.
    pub fn append(&mut self, times: &[i64], figures: [&[f64]; 5]) -> usize {
        let mut last = self.time().last().copied().unwrap_or(i64::MIN);
        let most = figures.iter().map(|column| column.len()).min().unwrap_or_default();
        let most = most.min(self.limit.saturating_sub(self.len()));
        let rising = times.iter().take(most).take_while(|time| **time > std::mem::replace(&mut last, **time));
        let count = rising.count();
        if count == 0 {
            return 0;
        }
        self.time.extend(times.get(..count).unwrap_or_default());
        let columns = [&mut self.open, &mut self.high, &mut self.low, &mut self.close, &mut self.volume];
        for (column, figures) in columns.into_iter().zip(figures) {
            column.extend(figures.get(..count).unwrap_or_default());
        }
        let old = self.base + self.len() as i64 - count as i64;
        self.vwap.fill_to(self.time.len());
        self.delta.fill_to(self.time.len());
        self.count.fill_to(self.time.len());
        self.flags.fill_to(self.time.len(), BarFlags::default());
        self.settled += 1;
        self.mark(old, i64::MAX);
        count
    }

    /// Drops everything; views start again.
    pub fn clear(&mut self) {
        each_column!(self, c => c.clear());
        self.epoch += 1;
        self.revision += 1;
        self.settled += 1;
        self.base = 0;
        self.dropped = i64::MIN;
        self.log.clear();
    }

    fn drop_front(&mut self, count: usize) {
        let newest = count.checked_sub(1).and_then(|i| self.time.get(i));
        self.dropped = self.dropped.max(newest.unwrap_or(i64::MIN));
        each_column!(self, c => c.drop_front(count));
        self.base += count as i64;
        self.settled += 1;
        self.revision += 1;
    }

    fn write(&mut self, index: usize, bar: &Bar) {
        self.open.set(index, bar.open);
        self.high.set(index, bar.high);
        self.low.set(index, bar.low);
        self.close.set(index, bar.close);
        self.volume.set(index, bar.volume);
        self.vwap.set(index, bar.vwap.unwrap_or(f64::NAN));
        self.count.set(index, to_count(bar.count));
        self.delta.set(index, bar.delta.unwrap_or(f64::NAN));
        self.flags.set(index, bar.flags);
    }

    fn insert(&mut self, index: usize, bar: &Bar) {
        self.time.insert(index, bar.time.0);
        self.open.insert(index, bar.open);
        self.high.insert(index, bar.high);
        self.low.insert(index, bar.low);
        self.close.insert(index, bar.close);
        self.volume.insert(index, bar.volume);
        self.vwap.insert(index, bar.vwap.unwrap_or(f64::NAN));
        self.count.insert(index, to_count(bar.count));
        self.delta.insert(index, bar.delta.unwrap_or(f64::NAN));
        self.flags.insert(index, bar.flags);
    }
}

/// A count for the column; one that does not fit is shown as the largest that does.
fn to_count(count: Option<u64>) -> u32 {
    count.map_or(NO_COUNT, |n| u32::try_from(n).unwrap_or(NO_COUNT - 1).min(NO_COUNT - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_changed_is_remembered_up_to_a_limit() {
        let bar = |minute: i64, close: f64| Bar {
            time: Timestamp::from_seconds(60 * minute),
            open: close,
            high: close,
            low: close,
            close,
            ..Bar::default()
        };
        let mut series = Series::new(1_000);
        for minute in 0..500 {
            series.put(&bar(minute, 1.0));
        }
        let long_ago = series.seen();
        for minute in 0..=MAX_LOG as i64 {
            series.put(&bar(2 * minute, 2.0));
        }
        let lately = series.seen();
        series.put(&bar(7, 2.0));
        assert_eq!(series.log.len(), MAX_LOG);
        assert!(series.changes(&long_ago).rebuilt, "more than is remembered");
        let changes = series.changes(&lately);
        assert_eq!((changes.rebuilt, changes.changed), (false, 7..8));
    }
}
