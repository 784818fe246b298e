//! Extremes over a range of bars.

use std::ops::Range;

use super::bars::Bars;

/// Lowest low, highest high and greatest volume of some bars.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Extent {
    /// Lowest low; `+∞` when no bar has finite prices.
    pub low: f64,
    /// Highest high; `-∞` when no bar has finite prices.
    pub high: f64,
    /// Greatest volume, zero when there is none.
    pub volume: f64,
}

impl Extent {
    /// Of no bars.
    pub const EMPTY: Self = Self { low: f64::INFINITY, high: f64::NEG_INFINITY, volume: 0.0 };

    /// Whether there is a price in it.
    #[must_use]
    pub fn has_prices(&self) -> bool {
        self.low <= self.high
    }

    /// Over `range`, in one pass. A pyramid of blocks can take this place when series grow so long
    /// that the visible bars are too many to look at; nothing else depends on how it is done.
    #[must_use]
    pub fn over(bars: &(impl Bars + ?Sized), range: Range<usize>) -> Self {
        range.fold(Self::EMPTY, |extent, i| extent.with_bar(bars, i))
    }

    /// With bar `i` taken in as well. Bars that are not drawn do not count.
    #[must_use]
    pub fn with_bar(self, bars: &(impl Bars + ?Sized), i: usize) -> Self {
        let (low, high) = (bars.low(i), bars.high(i));
        if !(low.is_finite() && high.is_finite() && low <= high) {
            return self;
        }
        let volume = bars.volume(i);
        Self {
            low: self.low.min(low),
            high: self.high.max(high),
            volume: if volume.is_finite() { self.volume.max(volume) } else { self.volume },
        }
    }
}

/// Several bars drawn as one: first open, highest high, lowest low, last close, greatest volume.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Merged {
    /// Open of the first bar that has prices.
    pub open: f64,
    /// Highest high.
    pub high: f64,
    /// Lowest low.
    pub low: f64,
    /// Close of the last bar that has prices.
    pub close: f64,
    /// Greatest volume, so that the height stays comparable with single bars.
    pub volume: f64,
}

impl Merged {
    /// Bar `i` alone; nothing when a price of it is not finite.
    #[must_use]
    pub fn bar(bars: &(impl Bars + ?Sized), i: usize) -> Option<Self> {
        let (open, high, low, close) = (bars.open(i), bars.high(i), bars.low(i), bars.close(i));
        let volume = bars.volume(i);
        (open.is_finite() && high.is_finite() && low.is_finite() && close.is_finite()).then_some(Self {
            open,
            high,
            low,
            close,
            volume: if volume.is_finite() { volume } else { 0.0 },
        })
    }

    /// This followed by `next`.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self {
            open: self.open,
            high: self.high.max(next.high),
            low: self.low.min(next.low),
            close: next.close,
            volume: self.volume.max(next.volume),
        }
    }

    /// Whether it closed at or above its open.
    #[must_use]
    pub fn rising(&self) -> bool {
        self.close >= self.open
    }
}
