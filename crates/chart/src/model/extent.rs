//! Extremes over a range of bars.

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

    /// Of bar `i`, or of its close. A bar that is not drawn does not count.
    #[must_use]
    pub fn of(bars: &dyn Bars, i: usize, closes_only: bool) -> Self {
        bars.extent(i..i + 1, closes_only)
    }

    /// Takes in finite prices.
    #[inline(always)]
    pub(crate) fn take(&mut self, low: f64, high: f64) {
        // Comparing is cheaper than `min` and `max`, which look after numbers that are none.
        if low < self.low {
            self.low = low;
        }
        if high > self.high {
            self.high = high;
        }
    }

    /// Takes in a bar's open, high, low and close, or its close alone, and its volume; nothing if it is
    /// not drawn.
    #[inline(always)]
    pub(crate) fn take_bar(&mut self, [open, high, low, close]: [f64; 4], volume: f64, closes_only: bool) {
        // Nothing times a number is nothing only if it is finite, so that one comparison tells of all.
        let rest = if closes_only { 0.0 } else { open * 0.0 + high * 0.0 + low * 0.0 };
        let (low, high) = if closes_only { (close, close) } else { (low, high) };
        if close * 0.0 + rest == 0.0 && low <= high {
            self.take(low, high);
            if volume > self.volume && volume.is_finite() {
                self.volume = volume;
            }
        }
    }

    /// Of values, as far as they are finite.
    #[must_use]
    pub fn of_values(values: &[f64]) -> Self {
        let mut extent = Self::EMPTY;
        values.iter().filter(|value| value.is_finite()).for_each(|value| extent.take(*value, *value));
        extent
    }

    /// Of one value; nothing if it is not finite.
    #[must_use]
    pub fn of_value(value: f64) -> Self {
        if value.is_finite() { Self { low: value, high: value, volume: 0.0 } } else { Self::EMPTY }
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            volume: self.volume.max(other.volume),
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
    pub fn bar(bars: &dyn Bars, i: usize) -> Option<Self> {
        Self::of([bars.open(i), bars.high(i), bars.low(i), bars.close(i)], bars.volume(i))
    }

    /// A bar of these prices, as in [`bar`](Self::bar).
    pub(super) fn of([open, high, low, close]: [f64; 4], volume: f64) -> Option<Self> {
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
