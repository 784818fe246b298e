//! Ranges and direction, as J. Welles Wilder defined them (1978).

use super::machine::{BarInput, NO_VALUES, Values};
use super::moving::Smooth;

/// The largest of: high less low, and the distance of either from the close before.
fn true_range(bar: &BarInput, close: f64) -> f64 {
    (bar.high - bar.low).max((bar.high - close).abs()).max((bar.low - close).abs())
}

/// Wilder's average of the true range. As in TA-Lib the first bar has no true range, because no
/// close comes before it.
#[derive(Clone, Debug)]
pub(super) struct Atr {
    close: Option<f64>,
    average: Smooth,
}

impl Atr {
    pub(super) fn new(length: usize) -> Self {
        Self { close: None, average: Smooth::wilder(length) }
    }

    pub(super) fn has_met(&self, later: &Self) -> bool {
        self.close == later.close && self.average.has_met(&later.average)
    }

    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> f64 {
        let range = self.close.map_or(f64::NAN, |close| true_range(bar, close));
        if settle {
            self.close = Some(bar.close);
        }
        self.average.next(range, settle)
    }
}

/// Wilder's sum: each value takes the share 1 / length of what there was away. As in TA-Lib it
/// begins with the plain sum of the first `length` − 1 values.
#[derive(Clone, Debug)]
struct FadingSum {
    count: usize,
    length: usize,
    sum: f64,
}

impl FadingSum {
    const fn new(length: usize) -> Self {
        Self { count: 0, length, sum: 0.0 }
    }

    fn has_met(&self, later: &Self) -> bool {
        (self.count, self.sum) == (later.count, later.sum)
    }

    fn next(&mut self, value: f64, settle: bool) -> f64 {
        let defined = self.count + 1 >= self.length;
        let kept = if defined { self.sum - self.sum / self.length as f64 } else { self.sum };
        let sum = kept + value;
        if settle {
            self.sum = sum;
            self.count = (self.count + 1).min(self.length);
        }
        if defined { sum } else { f64::NAN }
    }
}

/// ADX, +DI and −DI. What of a bar reaches beyond the bar before, upwards or downwards, counts on
/// the side where it is more, as a share of the true range. ADX is Wilder's average of how
/// far both are apart. That is not defined where both are 0, and the average passes over it
/// (TA-Lib repeats the value before).
#[derive(Clone, Debug)]
pub(super) struct Adx {
    before: Option<BarInput>,
    range: FadingSum,
    plus: FadingSum,
    minus: FadingSum,
    average: Smooth,
}

impl Adx {
    pub(super) fn new(length: usize) -> Self {
        Self {
            before: None,
            range: FadingSum::new(length),
            plus: FadingSum::new(length),
            minus: FadingSum::new(length),
            average: Smooth::wilder(length),
        }
    }

    /// The bar before is the same if both have seen one.
    pub(super) fn has_met(&self, later: &Self) -> bool {
        self.before.is_some() == later.before.is_some()
            && self.range.has_met(&later.range)
            && self.plus.has_met(&later.plus)
            && self.minus.has_met(&later.minus)
            && self.average.has_met(&later.average)
    }

    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> Values {
        let before = self.before;
        if settle {
            self.before = Some(*bar);
        }
        let Some(before) = before else { return NO_VALUES };
        let up = bar.high - before.high;
        let down = before.low - bar.low;
        let plus = if up > 0.0 && up > down { up } else { 0.0 };
        let minus = if down > 0.0 && down > up { down } else { 0.0 };
        let range = self.range.next(true_range(bar, before.close), settle);
        let plus = 100.0 * self.plus.next(plus, settle) / range;
        let minus = 100.0 * self.minus.next(minus, settle) / range;
        let apart = 100.0 * (plus - minus).abs() / (plus + minus);
        [self.average.next(apart, settle), plus, minus]
    }
}
