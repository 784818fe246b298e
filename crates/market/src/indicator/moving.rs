//! Moving averages, of prices and of what other indicators make of them.
//!
//! A value that is NaN has no average and leaves no trace in the state.

use super::window::{Sum, Weighted, Window};

/// Simple: the mean of the last `length` values.
#[derive(Clone, Debug)]
pub(super) struct Average {
    window: Window<Sum>,
    length: f64,
}

impl Average {
    pub(super) fn new(length: usize) -> Self {
        Self { window: Window::new(length), length: length as f64 }
    }

    pub(super) fn has_met(&self, later: &Self) -> bool {
        later.window.is_full()
    }

    pub(super) fn next(&mut self, value: f64, settle: bool) -> f64 {
        if value.is_nan() {
            return f64::NAN;
        }
        self.window.next(Sum(value), settle).map_or(f64::NAN, |sum| sum.0 / self.length)
    }
}

/// Linearly weighted: the oldest of `length` values counts once, the newest `length` times.
#[derive(Clone, Debug)]
pub(super) struct WeightedAverage {
    window: Window<Weighted>,
    weights: f64,
}

impl WeightedAverage {
    pub(super) fn new(length: usize) -> Self {
        let length_f = length as f64;
        Self { window: Window::new(length), weights: length_f * (length_f + 1.0) / 2.0 }
    }

    pub(super) fn has_met(&self, later: &Self) -> bool {
        later.window.is_full()
    }

    pub(super) fn next(&mut self, value: f64, settle: bool) -> f64 {
        if value.is_nan() {
            return f64::NAN;
        }
        self.window.next(Weighted::of(value), settle).map_or(f64::NAN, |sum| sum.total / self.weights)
    }
}

/// Exponential: each value moves the average by a constant share of their distance. It begins
/// with the mean of the first `length` values.
#[derive(Clone, Debug)]
pub(super) struct Smooth {
    /// Values to be passed over before the first that counts.
    skip: usize,
    /// Values that counted, as long as they are fewer than `length`.
    count: usize,
    length: usize,
    share: f64,
    /// The sum of the first values, later the average.
    state: f64,
}

impl Smooth {
    const fn new(length: usize, share: f64) -> Self {
        Self { skip: 0, count: 0, length, share, state: 0.0 }
    }

    /// The usual exponential average: a share of 2 / (length + 1).
    pub(super) const fn exponential(length: usize) -> Self {
        Self::new(length, 2.0 / (length as f64 + 1.0))
    }

    /// Wilder's: a share of 1 / length.
    pub(super) const fn wilder(length: usize) -> Self {
        Self::new(length, 1.0 / length as f64)
    }

    /// Begins `skip` values later.
    pub(super) const fn after(self, skip: usize) -> Self {
        Self { skip, ..self }
    }

    /// What was there before fades until no digit is left of it.
    pub(super) fn has_met(&self, later: &Self) -> bool {
        (self.skip, self.count, self.state) == (later.skip, later.count, later.state)
    }

    pub(super) fn next(&mut self, value: f64, settle: bool) -> f64 {
        if value.is_nan() {
            return f64::NAN;
        }
        if self.skip > 0 {
            self.skip -= usize::from(settle);
            return f64::NAN;
        }
        let state = if self.count == self.length {
            self.state + (value - self.state) * self.share
        } else if self.count + 1 == self.length {
            (self.state + value) / self.length as f64
        } else {
            self.state + value
        };
        let defined = self.count + 1 >= self.length;
        if settle {
            self.state = state;
            self.count = (self.count + 1).min(self.length);
        }
        if defined { state } else { f64::NAN }
    }
}
