//! Bars as the chart sees them.

use std::cell::RefCell;
use std::ops::{BitOr, BitOrAssign, Range};

use super::change::Change;
use super::extent::{Extent, Merged};

/// What is special about a bar.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Flags(u8);

impl Flags {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The bar's time is not over; its figures still change.
    pub const FORMING: Self = Self(1);
    /// Data between the bar before and this one is known to be missing.
    pub const GAP_BEFORE: Self = Self(1 << 1);
    /// The bar is over, but was made from trades and awaits the source's own bar.
    pub const PROVISIONAL: Self = Self(1 << 2);

    /// Whether all of `other` is set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Flags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Columns of bars, oldest first, with strictly rising times.
///
/// Callers pass only indices below [`len`](Self::len); for any other an implementation answers
/// `NaN`, zero or no flags, or panics. A bar with a price that is not finite is left blank.
pub trait Bars {
    /// How many bars there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Start of bar `i`, nanoseconds since the Unix epoch.
    fn time_ns(&self, i: usize) -> i64;
    /// First price.
    fn open(&self, i: usize) -> f64;
    /// Highest price.
    fn high(&self, i: usize) -> f64;
    /// Lowest price.
    fn low(&self, i: usize) -> f64;
    /// Last price.
    fn close(&self, i: usize) -> f64;
    /// Traded size.
    fn volume(&self, i: usize) -> f64;
    /// What is special about the bar.
    fn flags(&self, i: usize) -> Flags {
        let _ = i;
        Flags::NONE
    }
    /// The columns of figures, where each lies in one piece. What looks at many bars then reads them in
    /// a loop without a call.
    fn slices(&self) -> Option<Slices<'_>> {
        None
    }
    /// Adds those bars of `rows` that have a gap before them to `found`.
    fn gaps(&self, rows: Range<usize>, found: &mut Vec<usize>) {
        found.extend(rows.filter(|&i| self.flags(i).contains(Flags::GAP_BEFORE)));
    }
    /// Extremes of the bars of `rows`, or of their closes. A bar that is not drawn does not count.
    fn extent(&self, rows: Range<usize>, closes_only: bool) -> Extent {
        if let Some(slices) = self.slices() {
            return slices.extent(rows, closes_only);
        }
        let mut extent = Extent::EMPTY;
        for i in rows {
            let prices = [self.open(i), self.high(i), self.low(i), self.close(i)];
            extent.take_bar(prices, self.volume(i), closes_only);
        }
        extent
    }
}

/// Columns of bars, all of the same length.
#[derive(Clone, Copy, Debug)]
pub struct Slices<'a> {
    /// First prices.
    pub open: &'a [f64],
    /// Highest prices.
    pub high: &'a [f64],
    /// Lowest prices.
    pub low: &'a [f64],
    /// Last prices.
    pub close: &'a [f64],
    /// Traded sizes.
    pub volume: &'a [f64],
}

impl Slices<'_> {
    /// As [`Merged::bar`].
    #[must_use]
    pub fn bar(&self, i: usize) -> Option<Merged> {
        let Self { open, high, low, close, volume } = *self;
        let prices = [*open.get(i)?, *high.get(i)?, *low.get(i)?, *close.get(i)?];
        Merged::of(prices, *volume.get(i)?)
    }

    /// As [`Bars::extent`].
    #[must_use]
    pub fn extent(&self, rows: Range<usize>, closes_only: bool) -> Extent {
        let Self { open, high, low, close, volume } = *self;
        let mut extent = Extent::EMPTY;
        let columns =
            [open, high, low, close, volume].map(|column| column.get(rows.clone()).unwrap_or_default());
        let [open, high, low, close, volume] = columns;
        for ((((open, high), low), close), volume) in open.iter().zip(high).zip(low).zip(close).zip(volume) {
            extent.take_bar([*open, *high, *low, *close], *volume, closes_only);
        }
        extent
    }
}

/// Bars that own their columns: for tests, benchmarks and small fixed series.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Start times, nanoseconds since the Unix epoch.
    pub time_ns: Vec<i64>,
    /// First prices.
    pub open: Vec<f64>,
    /// Highest prices.
    pub high: Vec<f64>,
    /// Lowest prices.
    pub low: Vec<f64>,
    /// Last prices.
    pub close: Vec<f64>,
    /// Traded sizes.
    pub volume: Vec<f64>,
    /// Flags.
    pub flags: Vec<Flags>,
    pending: RefCell<Option<Change>>,
}

/// One bar, to be put into [`Columns`].
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Bar {
    /// Start, nanoseconds since the Unix epoch.
    pub time_ns: i64,
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
    /// Traded size.
    pub volume: f64,
    /// Flags.
    pub flags: Flags,
}

impl Columns {
    /// Appends a bar, which must be later than all before it.
    pub fn push(&mut self, bar: Bar) {
        self.time_ns.push(bar.time_ns);
        self.open.push(bar.open);
        self.high.push(bar.high);
        self.low.push(bar.low);
        self.close.push(bar.close);
        self.volume.push(bar.volume);
        self.flags.push(bar.flags);
        let len = self.time_ns.len();
        self.note(len - 1..len);
    }

    /// Puts `bars` (oldest first, all earlier than the first) in front.
    pub fn prepend(&mut self, bars: &[Bar]) {
        self.time_ns.splice(0..0, bars.iter().map(|b| b.time_ns));
        self.open.splice(0..0, bars.iter().map(|b| b.open));
        self.high.splice(0..0, bars.iter().map(|b| b.high));
        self.low.splice(0..0, bars.iter().map(|b| b.low));
        self.close.splice(0..0, bars.iter().map(|b| b.close));
        self.volume.splice(0..0, bars.iter().map(|b| b.volume));
        self.flags.splice(0..0, bars.iter().map(|b| b.flags));
        if let Some(change) = self.pending.get_mut() {
            change.rebuilt |= change.evicted > 0;
            change.prepended += bars.len();
            change.changed = change.changed.start + bars.len()..change.changed.end + bars.len();
        }
    }

    /// Drops the `count` oldest bars.
    pub fn drop_front(&mut self, count: usize) {
        let count = count.min(self.time_ns.len());
        self.time_ns.drain(..count);
        for column in [&mut self.open, &mut self.high, &mut self.low, &mut self.close, &mut self.volume] {
            column.drain(..count);
        }
        self.flags.drain(..count);
        if let Some(change) = self.pending.get_mut() {
            change.rebuilt |= change.prepended > 0;
            change.evicted += count;
            let still = |i: usize| i.saturating_sub(count);
            change.changed = still(change.changed.start)..still(change.changed.end);
        }
    }

    /// Replaces the last bar's figures; its time stays. Nothing happens when there is no bar.
    pub fn replace_last(&mut self, bar: Bar) {
        let Some(last) = self.time_ns.len().checked_sub(1) else { return };
        self.open[last] = bar.open;
        self.high[last] = bar.high;
        self.low[last] = bar.low;
        self.close[last] = bar.close;
        self.volume[last] = bar.volume;
        self.flags[last] = bar.flags;
        self.note(last..last + 1);
    }

    /// Changes the flags of bar `i`.
    pub fn set_flags(&mut self, i: usize, flags: Flags) {
        self.flags[i] = flags;
        self.note(i..i + 1);
    }

    fn note(&mut self, rows: Range<usize>) {
        if let Some(change) = self.pending.get_mut() {
            change.changed = if change.changed.is_empty() {
                rows
            } else {
                change.changed.start.min(rows.start)..change.changed.end.max(rows.end)
            };
        }
    }

    /// What has happened since this was last asked; everything, the first time.
    #[must_use]
    pub fn take_change(&self) -> Change {
        self.pending.replace(Some(Change::default())).unwrap_or_else(Change::all)
    }
}

impl FromIterator<Bar> for Columns {
    fn from_iter<I: IntoIterator<Item = Bar>>(bars: I) -> Self {
        let mut columns = Self::default();
        for bar in bars {
            columns.push(bar);
        }
        columns
    }
}

impl Bars for Columns {
    fn len(&self) -> usize {
        self.time_ns.len()
    }
    fn time_ns(&self, i: usize) -> i64 {
        self.time_ns[i]
    }
    fn open(&self, i: usize) -> f64 {
        self.open[i]
    }
    fn high(&self, i: usize) -> f64 {
        self.high[i]
    }
    fn low(&self, i: usize) -> f64 {
        self.low[i]
    }
    fn close(&self, i: usize) -> f64 {
        self.close[i]
    }
    fn volume(&self, i: usize) -> f64 {
        self.volume[i]
    }
    fn flags(&self, i: usize) -> Flags {
        self.flags[i]
    }
    fn slices(&self) -> Option<Slices<'_>> {
        let Self { open, high, low, close, volume, .. } = self;
        Some(Slices { open, high, low, close, volume })
    }
}

/// The first index in `0..len` for which `before` no longer holds; `before` must hold for a prefix.
pub(crate) fn partition(range: Range<usize>, mut before: impl FnMut(usize) -> bool) -> usize {
    let (mut low, mut high) = (range.start, range.end.max(range.start));
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
