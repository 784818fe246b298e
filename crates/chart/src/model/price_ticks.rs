//! Which prices get a line and a label.

use super::scale::PriceScale;

/// Ticks made at most, whatever the range.
pub const MAX_TICKS: usize = 64;
/// Greatest count of steps from zero that is still exact in an `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Evenly spaced round prices.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PriceTicks {
    /// Distance between two, a round multiple of the tick size.
    pub step: f64,
    first: i64,
    count: usize,
    divisor: f64,
    multiplier: f64,
}

impl PriceTicks {
    /// Ticks on `scale`, no more than `most` of them, on multiples of 1, 2, 2.5 or 5 times a power
    /// of ten that are also multiples of the tick size `10^-decimals`.
    #[must_use]
    pub fn new(scale: &PriceScale, most: usize, decimals: usize) -> Self {
        const NONE: PriceTicks = PriceTicks { step: 0.0, first: 0, count: 0, divisor: 1.0, multiplier: 1.0 };
        let most = most.clamp(1, MAX_TICKS);
        let range = scale.max - scale.min;
        let raw = range / most as f64;
        if !(raw.is_finite() && raw > 0.0) {
            return NONE;
        }
        let mut exponent = (raw.log10().floor()).clamp(-300.0, 300.0) as i32;
        let tick = 10_f64.powi(-(decimals as i32));
        for _ in 0..4 {
            for (mantissa, tenths) in [(1.0, 10), (2.0, 20), (2.5, 25), (5.0, 50)] {
                // 2.5 × 10^e needs one decimal more than 10^e does.
                let finest = if tenths == 25 { exponent - 1 } else { exponent };
                if -finest > decimals as i32 {
                    continue;
                }
                let step = mantissa * 10_f64.powi(exponent);
                if step * (1.0 + 1e-9) < raw || step < tick * 0.5 {
                    continue;
                }
                // Whole numbers over or times a power of ten, so that 181.3 is 1813 / 10 and exact.
                let (multiplier, divisor) = if exponent < 0 {
                    (f64::from(tenths), 10_f64.powi(1 - exponent))
                } else {
                    (mantissa * 10_f64.powi(exponent), 1.0)
                };
                let (low, high) = ((scale.min / step).ceil(), (scale.max / step).floor());
                if !(low.abs() < EXACT && high.abs() < EXACT) {
                    return NONE;
                }
                let count = ((high - low + 1.0).max(0.0) as usize).min(MAX_TICKS);
                return Self { step, first: low as i64, count, divisor, multiplier };
            }
            exponent = (exponent + 1).max(-(decimals as i32));
        }
        NONE
    }

    /// The prices, rising.
    pub fn iter(&self) -> impl Iterator<Item = f64> + use<> {
        let Self { first, count, divisor, multiplier, .. } = *self;
        (0..count).map(move |k| (first + k as i64) as f64 * multiplier / divisor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(min: f64, max: f64, most: usize, decimals: usize) -> Vec<f64> {
        PriceTicks::new(&PriceScale { min, max }, most, decimals).iter().collect()
    }

    #[test]
    fn prices_are_round_and_exact() {
        assert_eq!(ticks(181.23, 181.77, 6, 2), [181.3, 181.4, 181.5, 181.6, 181.7]);
        assert_eq!(ticks(-1.0, 1.0, 4, 2), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(ticks(62_000.0, 64_000.0, 5, 2), [62_000.0, 62_500.0, 63_000.0, 63_500.0, 64_000.0]);
    }

    #[test]
    fn never_finer_than_the_tick_size() {
        assert_eq!(ticks(181.234, 181.256, 20, 2), [181.24, 181.25]);
        assert_eq!(ticks(0.5, 3.5, 20, 0), [1.0, 2.0, 3.0]);
        assert_eq!(ticks(1.0, 1.1, 4, 2), [1.0, 1.05, 1.1], "2.5 cents is no price");
    }

    #[test]
    fn tiny_huge_and_impossible_ranges() {
        assert_eq!(ticks(1e-7, 4e-7, 4, 8), [1e-7, 2e-7, 3e-7, 4e-7]);
        assert!(!ticks(1e12, 5e12, 5, 2).is_empty());
        assert!(ticks(f64::NAN, 1.0, 5, 2).is_empty());
        assert!(ticks(1.0, 1.0, 5, 2).is_empty());
        assert!(ticks(1e300, 1.000_000_000_000_1e300, 5, 2).len() <= MAX_TICKS);
    }
}
