//! Oscillators: relative strength, convergence of averages, place within the range.

use super::machine::{BarInput, Values};
use super::moving::{Average, Smooth};
use super::window::{Extremes, Window};

/// 100 × gains / (gains + losses) of the close, both by Wilder's average. Not defined where
/// neither was (TA-Lib says 0).
#[derive(Clone, Debug)]
pub(super) struct Rsi {
    close: Option<f64>,
    gains: Smooth,
    losses: Smooth,
}

impl Rsi {
    pub(super) fn new(length: usize) -> Self {
        Self { close: None, gains: Smooth::wilder(length), losses: Smooth::wilder(length) }
    }

    pub(super) fn has_met(&self, later: &Self) -> bool {
        self.close == later.close && self.gains.has_met(&later.gains) && self.losses.has_met(&later.losses)
    }

    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> f64 {
        let change = self.close.map_or(f64::NAN, |close| bar.close - close);
        if settle {
            self.close = Some(bar.close);
        }
        if change.is_nan() {
            return f64::NAN;
        }
        let gains = self.gains.next(change.max(0.0), settle);
        let losses = self.losses.next((-change).max(0.0), settle);
        100.0 * gains / (gains + losses)
    }
}

/// The fast exponential average of the close less the slow one; the signal is the exponential
/// average of that; the histogram is the difference of both.
///
/// As in TA-Lib, the shorter of both lengths is the fast one, and both averages begin at the same
/// bar: the fast one with the mean of the last closes before it, not of the first there are.
#[derive(Clone, Debug)]
pub(super) struct Macd {
    fast: Smooth,
    slow: Smooth,
    signal: Smooth,
}

impl Macd {
    pub(super) fn new(one: usize, other: usize, signal: usize) -> Self {
        let (fast, slow) = (one.min(other), one.max(other));
        Self {
            fast: Smooth::exponential(fast).after(slow - fast),
            slow: Smooth::exponential(slow),
            signal: Smooth::exponential(signal),
        }
    }

    pub(super) fn has_met(&self, later: &Self) -> bool {
        self.fast.has_met(&later.fast) && self.slow.has_met(&later.slow) && self.signal.has_met(&later.signal)
    }

    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> Values {
        let line = self.fast.next(bar.close, settle) - self.slow.next(bar.close, settle);
        let signal = self.signal.next(line, settle);
        [line, signal, line - signal]
    }
}

/// Slow stochastic: where the close lies between the lowest low (0) and the highest high (100) of
/// the last bars, smoothed by a simple average to %K, and %K by another to %D. Where the range is
/// empty the place is not defined (TA-Lib says 0), and the averages pass over it.
#[derive(Clone, Debug)]
pub(super) struct Stochastic {
    window: Window<Extremes>,
    k: Average,
    d: Average,
}

impl Stochastic {
    pub(super) fn new(length: usize, k_smoothing: usize, d_smoothing: usize) -> Self {
        Self { window: Window::new(length), k: Average::new(k_smoothing), d: Average::new(d_smoothing) }
    }

    /// When a window is full, those before it were with all that it holds.
    pub(super) fn has_met(&self, later: &Self) -> bool {
        later.window.is_full() && self.k.has_met(&later.k) && self.d.has_met(&later.d)
    }

    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> Values {
        let place = match self.window.next(Extremes { high: bar.high, low: bar.low }, settle) {
            Some(all) if all.high > all.low => 100.0 * (bar.close - all.low) / (all.high - all.low),
            _ => f64::NAN,
        };
        let k = self.k.next(place, settle);
        let d = self.d.next(k, settle);
        [k, d, f64::NAN]
    }
}
