//! Rolling aggregates over the last bars.

/// What a window keeps of a run of values: two runs, the older one first, join into one.
///
/// Joining is associative, and [`Aggregate::NONE`] joined to anything changes nothing.
pub(super) trait Aggregate: Copy {
    /// Of no value.
    const NONE: Self;
    /// Of both runs, `self` being the older.
    fn join(self, newer: Self) -> Self;
}

/// The last values of a stream, as one aggregate, O(1) amortised.
///
/// Two stacks: of the older values the aggregate from each to the youngest of them, of the newer
/// ones the values and the aggregate of all. A value leaves by a pop; when the older stack is
/// empty the newer is turned over into it. Nothing is ever subtracted, so that rounding errors
/// do not pile up however long the stream is, and one huge value is forgotten when it leaves.
#[derive(Clone, Debug)]
pub(super) struct Window<A> {
    /// Values that stay when the next comes: the window's length less one.
    keep: usize,
    older: Vec<A>,
    newer: Vec<A>,
    newer_total: A,
}

impl<A: Aggregate> Window<A> {
    /// Over `length` values, at least one.
    pub(super) const fn new(length: usize) -> Self {
        Self { keep: length.saturating_sub(1), older: Vec::new(), newer: Vec::new(), newer_total: A::NONE }
    }

    /// Whether it remembers as many values as it ever will: none of before them counts any more. A window
    /// that began earlier is full, too, and with the same values.
    pub(super) fn is_full(&self) -> bool {
        self.older.len() + self.newer.len() >= self.keep
    }

    /// The aggregate of the last values with `value` as the newest; `None` while there are fewer
    /// than the window's length. It stays in the window if `settle`.
    pub(super) fn next(&mut self, value: A, settle: bool) -> Option<A> {
        let full = self.is_full();
        let older = self.older.last().copied().unwrap_or(A::NONE);
        let total = full.then(|| older.join(self.newer_total).join(value));
        if settle {
            self.newer.push(value);
            self.newer_total = self.newer_total.join(value);
            if full {
                self.pop();
            }
        }
        total
    }

    fn pop(&mut self) {
        if self.older.is_empty() {
            let mut total = A::NONE;
            while let Some(value) = self.newer.pop() {
                total = value.join(total);
                self.older.push(total);
            }
            self.newer_total = A::NONE;
        }
        self.older.pop();
    }
}

/// A sum.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum(pub(super) f64);

impl Aggregate for Sum {
    const NONE: Self = Self(0.0);
    fn join(self, newer: Self) -> Self {
        Self(self.0 + newer.0)
    }
}

/// A sum in which the oldest value counts once, the next twice, and so on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighted {
    count: f64,
    sum: f64,
    /// The weighted sum.
    pub(super) total: f64,
}

impl Weighted {
    /// Of one value.
    pub(super) const fn of(value: f64) -> Self {
        Self { count: 1.0, sum: value, total: value }
    }
}

impl Aggregate for Weighted {
    const NONE: Self = Self { count: 0.0, sum: 0.0, total: 0.0 };
    fn join(self, newer: Self) -> Self {
        Self {
            count: self.count + newer.count,
            sum: self.sum + newer.sum,
            total: self.total + newer.total + self.count * newer.sum,
        }
    }
}

/// Mean and squared deviations from it, joined by the formula of Chan, Golub and LeVeque (1979),
/// which loses no digits where the mean is large and the deviations are small.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    count: f64,
    /// The mean.
    pub(super) mean: f64,
    squares: f64,
}

impl Moments {
    /// Of one value.
    pub(super) const fn of(value: f64) -> Self {
        Self { count: 1.0, mean: value, squares: 0.0 }
    }

    /// The standard deviation of the values themselves, not an estimate from a sample.
    pub(super) fn deviation(&self) -> f64 {
        (self.squares / self.count).sqrt()
    }
}

impl Aggregate for Moments {
    const NONE: Self = Self { count: 0.0, mean: 0.0, squares: 0.0 };
    fn join(self, newer: Self) -> Self {
        if self.count == 0.0 {
            return newer;
        }
        let count = self.count + newer.count;
        let apart = newer.mean - self.mean;
        let share = newer.count / count;
        Self {
            count,
            mean: self.mean + apart * share,
            squares: self.squares + newer.squares + apart * apart * self.count * share,
        }
    }
}

/// The highest high and the lowest low.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extremes {
    pub(super) high: f64,
    pub(super) low: f64,
}

impl Aggregate for Extremes {
    const NONE: Self = Self { high: f64::NEG_INFINITY, low: f64::INFINITY };
    fn join(self, newer: Self) -> Self {
        Self { high: self.high.max(newer.high), low: self.low.min(newer.low) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn values(count: u32) -> impl Iterator<Item = f64> {
        let mut state = 1_u32;
        (0..count).map(move |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 16)
        })
    }

    #[test]
    fn every_aggregate_is_that_of_the_last_values() {
        for length in [1, 2, 3, 7, 20] {
            let mut sum = Window::new(length);
            let mut weighted = Window::new(length);
            let mut extremes = Window::new(length);
            let mut moments = Window::new(length);
            let mut seen = Vec::new();
            for value in values(200) {
                seen.push(value);
                // A value that does not stay leaves no trace.
                sum.next(Sum(1e9), false);
                weighted.next(Weighted::of(1e9), false);
                moments.next(Moments::of(1e9), false);
                extremes.next(Extremes { high: 1e9, low: -1e9 }, false);
                let got = (
                    sum.next(Sum(value), true),
                    weighted.next(Weighted::of(value), true),
                    extremes.next(Extremes { high: value, low: value }, true),
                    moments.next(Moments::of(value), true),
                );
                let Some(last) = seen.len().checked_sub(length).map(|from| &seen[from..]) else {
                    assert!(got.0.is_none() && got.1.is_none() && got.2.is_none() && got.3.is_none());
                    continue;
                };
                // Whole numbers: the sums are exact.
                assert_eq!(got.0.unwrap().0, last.iter().sum::<f64>());
                let want: f64 = (1_u32..).zip(last).map(|(weight, v)| f64::from(weight) * v).sum();
                assert_eq!(got.1.unwrap().total, want);
                let high = last.iter().copied().fold(f64::MIN, f64::max);
                let low = last.iter().copied().fold(f64::MAX, f64::min);
                assert_eq!(got.2.unwrap(), Extremes { high, low });
                let mean = last.iter().sum::<f64>() / length as f64;
                let variance = last.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / length as f64;
                assert!((got.3.unwrap().mean - mean).abs() <= 1e-9);
                assert!((got.3.unwrap().deviation() - variance.sqrt()).abs() <= 1e-8);
            }
        }
    }

    #[test]
    fn small_deviations_of_large_values_are_kept() {
        let mut window = Window::new(20);
        let mut last = None;
        for n in 0..200 {
            last = window.next(Moments::of(1e9 + f64::from(n % 2) * 1e-3), true);
        }
        // The mean itself is only good to 1e-7 here. Sums of squares would have lost everything:
        // doubles near 1e18 are 128 apart.
        assert!((last.unwrap().deviation() / 5e-4 - 1.0).abs() < 1e-3);
        for _ in 0..20 {
            last = window.next(Moments::of(1e9), true);
        }
        assert_eq!(last.unwrap().deviation(), 0.0, "equal values deviate by nothing at all");
    }

    #[test]
    fn a_huge_value_is_forgotten_when_it_leaves() {
        let mut window = Window::new(3);
        window.next(Sum(1e300), true);
        window.next(Sum(0.1), true);
        window.next(Sum(0.2), true);
        assert_eq!(window.next(Sum(0.3), true).unwrap().0, 0.1 + 0.2 + 0.3);
    }

    #[test]
    fn it_holds_no_more_than_its_length() {
        let mut window = Window::new(100);
        for value in values(10_000) {
            window.next(Sum(value), true);
            assert!(window.older.len() + window.newer.len() < 100);
        }
        assert!(window.older.capacity() + window.newer.capacity() <= 4 * 100);
    }
}
