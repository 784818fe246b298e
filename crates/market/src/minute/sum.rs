//! Sums of floats that do not depend on the order of the parts.

/// 2^60: a sum counts in steps of 2^-60.
const SCALE: f64 = (1_u64 << 60) as f64;

/// The largest integer below which conversion takes the short way.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A sum of floats that is the same in whatever order they come.
///
/// Kept as an integer of 2^-60, so each addition is exact; the value is the sum rounded once. A
/// part loses what it has below 2^-60 (about 10^-18), which a float of 1/256 or more does not
/// have. Saturates at ±2^67 (10^20).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExactSum(i128);

impl ExactSum {
    /// Adds a part.
    pub fn add(&mut self, part: f64) {
        let steps = if part.fract() == 0.0 && part.abs() < EXACT {
            i128::from(part as i64) << 60
        } else {
            // A product with a power of two is exact; the cast saturates.
            (part * SCALE) as i128
        };
        self.0 = self.0.saturating_add(steps);
    }

    /// The sum, rounded to the nearest float.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0 as f64 / SCALE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_order_does_not_matter() {
        let mut parts: Vec<f64> = (1..500).map(|i| 1.0 / f64::from(i) * 10_f64.powi(i % 14 - 6)).collect();
        let sum = |parts: &[f64]| {
            let mut sum = ExactSum::default();
            parts.iter().for_each(|p| sum.add(*p));
            sum.value()
        };
        let forward = sum(&parts);
        parts.reverse();
        assert_eq!(sum(&parts), forward);
        parts.sort_by(f64::total_cmp);
        assert_eq!(sum(&parts), forward);
    }

    #[test]
    fn a_sum_is_rounded_once() {
        let mut sum = ExactSum::default();
        for _ in 0..10 {
            sum.add(0.1);
        }
        assert_eq!(sum.value(), 1.0);
        let mut sum = ExactSum::default();
        sum.add(9_007_199_254_740_991.0);
        sum.add(0.5);
        sum.add(0.5);
        assert_eq!(sum.value(), 9_007_199_254_740_992.0);
    }

    #[test]
    fn huge_parts_saturate() {
        let mut sum = ExactSum::default();
        for _ in 0..9 {
            sum.add(u64::MAX as f64);
        }
        sum.add(1e300);
        assert_eq!(sum.value(), 147_573_952_589_676_412_928.0);
    }
}
