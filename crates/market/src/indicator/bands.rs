//! Bands around the price: upper, middle, lower.

use super::machine::{BarInput, NO_VALUES, Values};
use super::moving::Smooth;
use super::trend::Atr;
use super::window::{Extremes, Moments, Window};

/// The simple average of the close, and some standard deviations of the same closes above and
/// below it. The deviation divides by the length, not by one less, as in TA-Lib and TradingView.
#[derive(Clone, Debug)]
pub(super) struct Bollinger {
    window: Window<Moments>,
    deviations: f64,
}

impl Bollinger {
    pub(super) fn new(length: usize, deviations: f64) -> Self {
        Self { window: Window::new(length), deviations }
    }

    pub(super) fn has_met(&self, later: &Self) -> bool {
        later.window.is_full()
    }

    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> Values {
        self.window.next(Moments::of(bar.close), settle).map_or(NO_VALUES, |moments| {
            let half = self.deviations * moments.deviation();
            [moments.mean + half, moments.mean, moments.mean - half]
        })
    }
}

/// The exponential average of the close, and some average true ranges (Wilder's) above and below.
#[derive(Clone, Debug)]
pub(super) struct Keltner {
    middle: Smooth,
    range: Atr,
    multiplier: f64,
}

impl Keltner {
    pub(super) fn new(length: usize, multiplier: f64, atr_length: usize) -> Self {
        Self { middle: Smooth::exponential(length), range: Atr::new(atr_length), multiplier }
    }

    pub(super) fn has_met(&self, later: &Self) -> bool {
        self.middle.has_met(&later.middle) && self.range.has_met(&later.range)
    }

    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> Values {
        let middle = self.middle.next(bar.close, settle);
        let half = self.multiplier * self.range.next(bar, settle);
        if half.is_nan() {
            // The three come together.
            return NO_VALUES;
        }
        [middle + half, middle, middle - half]
    }
}

/// The highest high and the lowest low of the last bars, this one included, and their mean.
#[derive(Clone, Debug)]
pub(super) struct Donchian {
    window: Window<Extremes>,
}

impl Donchian {
    pub(super) fn new(length: usize) -> Self {
        Self { window: Window::new(length) }
    }

    pub(super) fn has_met(&self, later: &Self) -> bool {
        later.window.is_full()
    }

    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> Values {
        self.window
            .next(Extremes { high: bar.high, low: bar.low }, settle)
            .map_or(NO_VALUES, |all| [all.high, (all.high + all.low) / 2.0, all.low])
    }
}
