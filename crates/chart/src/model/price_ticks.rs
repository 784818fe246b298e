//! Which prices get a line and a label.

use std::iter::StepBy;
use std::ops::RangeInclusive;

use super::scale::{PriceScale, ScaleMode};

/// Ticks made at most, whatever the range.
pub const MAX_TICKS: usize = 64;
/// Greatest count of steps from zero that is still exact in an `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Evenly spaced round prices.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PriceTicks {
    /// Distance between two, a round multiple of the tick size.
    pub step: f64,
    /// Power of ten of the last digit that tells two neighbours apart.
    pub finest: i32,
    first: i64,
    count: usize,
    divisor: f64,
    multiplier: f64,
}

impl PriceTicks {
    /// Ticks from `min` to `max`, no more than `most` of them, on multiples of 1, 2, 2.5 or 5 times a power
    /// of ten that are also multiples of the tick size `10^-decimals`.
    #[must_use]
    pub fn between(min: f64, max: f64, most: usize, decimals: usize) -> Self {
        const NONE: PriceTicks =
            PriceTicks { step: 0.0, finest: 0, first: 0, count: 0, divisor: 1.0, multiplier: 1.0 };
        let most = most.clamp(1, MAX_TICKS);
        let range = max - min;
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
                let (low, high) = ((min / step).ceil(), (max / step).floor());
                if !(low.abs() < EXACT && high.abs() < EXACT) {
                    return NONE;
                }
                let count = ((high - low + 1.0).max(0.0) as usize).min(MAX_TICKS);
                return Self { step, finest, first: low as i64, count, divisor, multiplier };
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

/// One label of a price axis.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct AxisTick {
    /// The price it stands at.
    pub price: f64,
    /// What it says: that price, percent, or points.
    pub label: f64,
}

/// Mantissas of a logarithmic axis, from sparse to dense.
const LOG_STEPS: [&[f64]; 4] = [&[1.0], &[1.0, 3.0], &[1.0, 2.0, 5.0], &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0]];
/// Mantissas that any of a few labels may have.
const FEW: [f64; 12] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
/// A logarithmic axis with fewer labels than this takes what fits.
const LEAST_LABELS: usize = 3;
/// Ratio of the ends up to which a logarithmic axis has evenly spaced prices.
const NARROW: f64 = 3.0;
/// Decimals of percent and points at most.
const PERCENT_DECIMALS: usize = 3;

/// The labels of `scale`, rising, about `most` at most; returns the power of ten of their last digit,
/// where they are evenly spaced. Prices have `decimals` at most.
pub fn axis_ticks(scale: &PriceScale, most: usize, decimals: usize, out: &mut Vec<AxisTick>) -> Option<i32> {
    out.clear();
    let most = most.clamp(1, MAX_TICKS);
    if scale.mode() == ScaleMode::Log && scale.max / scale.min > NARROW {
        log_ticks(scale, most, decimals, out);
        return None;
    }
    let decimals = match scale.mode() {
        ScaleMode::Linear | ScaleMode::Log => decimals,
        ScaleMode::Percent | ScaleMode::Indexed => PERCENT_DECIMALS,
    };
    let (a, b) = (scale.label(scale.min), scale.label(scale.max));
    let ticks = PriceTicks::between(a.min(b), a.max(b), most, decimals);
    out.extend(ticks.iter().map(|label| AxisTick { price: scale.price_of_label(label), label }));
    (ticks.step > 0.0).then_some(ticks.finest)
}

fn log_ticks(scale: &PriceScale, most: usize, decimals: usize, out: &mut Vec<AxisTick>) {
    let tick = 10_f64.powi(decimals.min(300) as i32);
    // What has more decimals than prices have would be written as another price.
    let writable = |price: f64| {
        let ticks = price * tick;
        (ticks - ticks.round()).abs() <= 1e-9 * ticks
    };
    let apart = 1.0 / most as f64;
    let (first, last) = (scale.min.log10().floor() as i32, scale.max.log10().ceil() as i32);
    // Where even whole decades are too close, only some of them.
    let decades = f64::from(last - first).max(1.0);
    let stride = ((decades / most as f64).ceil() as usize).max(1);
    let room = |steps: &&[f64]| {
        let mut gaps = steps.iter().zip(steps.iter().skip(1).chain(&[10.0])).map(|(a, b)| (b / a).ln());
        let span = (scale.max / scale.min).ln();
        gaps.all(|gap| gap / span >= apart)
    };
    let fitting = LOG_STEPS.iter().copied().rfind(|steps| stride == 1 && room(steps));
    let mut add = |steps: &[f64], exponents: StepBy<RangeInclusive<i32>>, apart: f64| {
        out.clear();
        for (exponent, mantissa) in exponents.flat_map(|e| steps.iter().map(move |m| (e, m))) {
            // Dividing by a power of ten is exact where multiplying by its inverse is not.
            let power = 10_f64.powi(exponent.abs());
            let price = if exponent < 0 { mantissa / power } else { mantissa * power };
            let inside = scale.min <= price && price <= scale.max;
            let far = out.last().is_none_or(|last| (price / last.price).ln() >= apart);
            if inside && far && writable(price) && out.len() < MAX_TICKS {
                out.push(AxisTick { price, label: price });
            }
        }
        out.len()
    };
    let all = || (first..=last).step_by(1);
    if add(fitting.unwrap_or(&[1.0]), (first..=last).step_by(stride), 0.0) < LEAST_LABELS && stride == 1 {
        add(&FEW, all(), (scale.max / scale.min).ln() * apart);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(min: f64, max: f64, most: usize, decimals: usize) -> Vec<f64> {
        PriceTicks::between(min, max, most, decimals).iter().collect()
    }

    fn on(scale: &PriceScale, most: usize) -> Vec<f64> {
        let mut out = Vec::new();
        axis_ticks(scale, most, 2, &mut out);
        out.iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn a_logarithmic_axis_has_round_prices_apart() {
        let log = |min, max, most| on(&PriceScale::new(min, max, ScaleMode::Log, 1.0).unwrap(), most);
        assert_eq!(log(9.0, 1_100.0, 4), [10.0, 100.0, 1_000.0]);
        assert_eq!(log(9.0, 1_100.0, 8), [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0]);
        assert_eq!(log(181.23, 181.77, 6), [181.3, 181.4, 181.5, 181.6, 181.7]);
        assert_eq!(log(17.0, 78.0, 4), [20.0, 30.0, 50.0], "where no regular steps fit");
        let wide = log(1e-6, 1e9, 20);
        assert!(wide.len() >= 4 && wide.len() <= 20, "{wide:?}");
        let cents = log(0.000_5, 5.0, 20);
        assert_eq!(cents, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0], "no tenths of a cent");
    }

    #[test]
    fn percent_and_index_are_round_in_what_they_say() {
        let scale = |mode| PriceScale::new(97.3, 104.1, mode, 101.0).unwrap();
        assert_eq!(on(&scale(ScaleMode::Percent), 8), [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(on(&scale(ScaleMode::Indexed), 4), [98.0, 100.0, 102.0]);
        let mut out = Vec::new();
        axis_ticks(&scale(ScaleMode::Percent), 8, 2, &mut out);
        assert!((out[3].price - 101.0).abs() < 1e-9);
    }

    #[test]
    fn prices_are_round_and_exact() {
        assert_eq!(ticks(181.23, 181.77, 6, 2), [181.3, 181.4, 181.5, 181.6, 181.7]);
        assert_eq!(ticks(-1.0, 1.0, 4, 2), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(ticks(62_000.0, 64_000.0, 5, 2), [62_000.0, 62_500.0, 63_000.0, 63_500.0, 64_000.0]);
    }

    #[test]
    fn the_last_digit_is_told() {
        let finest = |min, max, most| PriceTicks::between(min, max, most, 9).finest;
        assert_eq!(finest(0.0, 1.0, 4), -2, "quarters");
        assert_eq!(finest(0.0, 1.0, 5), -1);
        assert_eq!(finest(0.0, 4e7, 4), 7);
        assert_eq!(finest(0.0, 1e7, 4), 5, "2.5 M");
        assert_eq!(finest(0.0, 1e-5, 4), -7, "where the step itself is off by a last digit of the float");
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
