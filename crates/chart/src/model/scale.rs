//! Price to height and back: linear or logarithmic, labelled in prices, percent or against 100.

use super::extent::Extent;

/// Room left above the highest price, as a part of the height.
pub const MARGIN_TOP: f64 = 0.08;
/// Room left below the lowest price where volume stands there: its fifth and a little air.
pub const MARGIN_VOLUME: f64 = 0.24;
/// Half of the range shown around a single price, in ticks.
const FLAT_TICKS: f64 = 10.0;
/// Half of the range shown around a single price at least, as a part of the price.
const FLAT_PART: f64 = 0.000_5;
/// Greatest ratio between a range and the one that replaces it in one gesture.
const MAX_STEP: f64 = 1e3;

/// How heights and labels follow from prices.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum ScaleMode {
    /// Equal differences are equally high.
    #[default]
    Linear,
    /// Equal ratios are equally high. Falls back to linear where a price is not above zero.
    Log,
    /// Linear, labelled as the change in percent since the first bar in view.
    Percent,
    /// Linear, labelled with the first bar in view as 100.
    Indexed,
}

impl ScaleMode {
    /// Every mode, in the order of a menu.
    pub const ALL: [Self; 4] = [Self::Linear, Self::Log, Self::Percent, Self::Indexed];

    /// A name for addresses and stored layouts.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Log => "log",
            Self::Percent => "percent",
            Self::Indexed => "indexed",
        }
    }

    /// The mode of a [`key`](Self::key).
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.key() == key)
    }

    /// The name people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linear => "Regular",
            Self::Log => "Logarithmic",
            Self::Percent => "Percent",
            Self::Indexed => "Indexed to 100",
        }
    }
}

/// A vertical scale of one pane.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PriceScale {
    /// Price at the lower edge.
    pub min: f64,
    /// Price at the upper edge; above `min`.
    pub max: f64,
    mode: ScaleMode,
    /// The price that percent and index are counted from; zero where nothing is.
    base: f64,
    /// `min` and `max`, or their logarithms.
    low: f64,
    high: f64,
}

impl PriceScale {
    /// A linear scale from `min` to `max`; nothing unless both are finite and `min` below `max`.
    #[must_use]
    pub fn linear(min: f64, max: f64) -> Option<Self> {
        Self::new(min, max, ScaleMode::Linear, f64::NAN)
    }

    /// A scale from `min` to `max`, with percent and index counted from `base`; nothing unless both
    /// ends are finite and `min` below `max`. What cannot be had falls back to linear.
    #[must_use]
    pub fn new(min: f64, max: f64, mode: ScaleMode, base: f64) -> Option<Self> {
        if !(min.is_finite() && max.is_finite() && min < max) {
            return None;
        }
        let based = base.is_finite() && base != 0.0;
        let mode = match mode {
            ScaleMode::Log if min <= 0.0 => ScaleMode::Linear,
            ScaleMode::Percent | ScaleMode::Indexed if !based => ScaleMode::Linear,
            mode => mode,
        };
        // Scales that look the same are equal: NaN would differ from itself at every frame.
        let base = if matches!(mode, ScaleMode::Percent | ScaleMode::Indexed) { base } else { 0.0 };
        let (low, high) = if mode == ScaleMode::Log { (min.ln(), max.ln()) } else { (min, max) };
        (low < high && (high - low).is_finite()).then_some(Self { min, max, mode, base, low, high })
    }

    /// A scale that shows the prices of `extent` with margins above and below, as parts of the
    /// height. Equal prices are centred in a small range; no price at all gives nothing.
    #[must_use]
    pub fn fit(
        extent: &Extent,
        tick: f64,
        (above, below): (f64, f64),
        mode: ScaleMode,
        base: f64,
    ) -> Option<Self> {
        if !extent.has_prices() {
            return None;
        }
        let (mut low, mut high) = (extent.low, extent.high);
        if high - low <= f64::EPSILON * high.abs().max(low.abs()) * 4.0 {
            let half = (tick * FLAT_TICKS).max(high.abs() * FLAT_PART);
            let half = if half > 0.0 { half } else { 1.0 };
            low -= half;
            high += half;
        }
        let inner = 1.0 - above - below;
        if mode == ScaleMode::Log && low > 0.0 {
            let range = (high.ln() - low.ln()) / inner;
            let ends = ((low.ln() - range * below).exp(), (high.ln() + range * above).exp());
            return Self::new(ends.0, ends.1, mode, base);
        }
        let range = (high - low) / inner;
        Self::new(low - range * below, high + range * above, mode, base)
    }

    /// The mode in force, which may be a fallback.
    #[must_use]
    pub const fn mode(&self) -> ScaleMode {
        self.mode
    }

    /// Where `price` stands: 0 at the upper edge, 1 at the lower edge, beyond them outside.
    #[must_use]
    pub fn position(&self, price: f64) -> f64 {
        let at = if self.mode == ScaleMode::Log {
            // Nothing is below a price of zero on this scale.
            if price <= 0.0 { return 2.0 } else { price.ln() }
        } else {
            price
        };
        (self.high - at) / (self.high - self.low)
    }

    /// The price at `position`; the inverse of [`position`](Self::position).
    #[must_use]
    pub fn price(&self, position: f64) -> f64 {
        let at = self.high - position * (self.high - self.low);
        if self.mode == ScaleMode::Log { at.exp() } else { at }
    }

    /// What the axis says at `price`: the price itself, percent, or points.
    #[must_use]
    pub fn label(&self, price: f64) -> f64 {
        match self.mode {
            ScaleMode::Linear | ScaleMode::Log => price,
            ScaleMode::Percent => (price - self.base) / self.base.abs() * 100.0,
            ScaleMode::Indexed => price / self.base * 100.0,
        }
    }

    /// The price at which the axis says `label`; the inverse of [`label`](Self::label).
    #[must_use]
    pub fn price_of_label(&self, label: f64) -> f64 {
        match self.mode {
            ScaleMode::Linear | ScaleMode::Log => label,
            ScaleMode::Percent => self.base + label / 100.0 * self.base.abs(),
            ScaleMode::Indexed => label / 100.0 * self.base,
        }
    }

    /// The scale after moving by a part of the height: positive shows higher prices. Nothing where
    /// prices could no longer be told apart, or would be none of the mode.
    #[must_use]
    pub fn shifted(&self, part: f64) -> Option<Self> {
        self.between(-part, 1.0 - part)
    }

    /// The scale after the range has become `factor` times as large with `position` staying. Nothing
    /// where [`shifted`](Self::shifted) would have none.
    #[must_use]
    pub fn scaled(&self, position: f64, factor: f64) -> Option<Self> {
        let factor = if factor.is_finite() { factor.clamp(1.0 / MAX_STEP, MAX_STEP) } else { return None };
        self.between(position - position * factor, position + (1.0 - position) * factor)
    }

    /// The scale between the prices at two positions, `upper` above `lower`.
    fn between(&self, upper: f64, lower: f64) -> Option<Self> {
        let (min, max) = (self.price(lower), self.price(upper));
        // Closer together floats cannot tell the rows of a screen apart.
        let apart = max - min > 1e4 * f64::EPSILON * max.abs().max(min.abs());
        // A logarithmic scale whose lower end has become zero would turn linear under the hand.
        Self::new(min, max, self.mode, self.base).filter(|scale| apart && scale.mode == self.mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(low: f64, high: f64, mode: ScaleMode, base: f64) -> Option<PriceScale> {
        let extent = Extent { low, high, volume: 1.0 };
        PriceScale::fit(&extent, 0.01, (MARGIN_TOP, MARGIN_VOLUME), mode, base)
    }

    #[test]
    fn equal_prices_are_shown_in_the_middle_of_a_small_range() {
        let scale = fit(181.5, 181.5, ScaleMode::Linear, f64::NAN).unwrap();
        assert!(scale.min < 181.41 && scale.max > 181.55 && scale.max - scale.min < 1.0, "{scale:?}");
    }

    #[test]
    fn zero_and_no_prices() {
        let margins = (MARGIN_TOP, MARGIN_VOLUME);
        let zero = Extent { low: 0.0, high: 0.0, volume: 0.0 };
        assert!(PriceScale::fit(&zero, 0.0, margins, ScaleMode::Log, 1.0).is_some());
        assert_eq!(PriceScale::fit(&Extent::EMPTY, 0.01, margins, ScaleMode::Linear, 1.0), None);
        assert_eq!(fit(f64::MIN, f64::MAX, ScaleMode::Linear, 1.0), None, "overflows");
    }

    #[test]
    fn position_and_price_are_inverse_in_every_mode() {
        for mode in ScaleMode::ALL {
            let scale = fit(20.0, 400.0, mode, 25.0).unwrap();
            assert_eq!(scale.mode(), mode);
            for price in [20.0, 25.0, 133.7, 400.0] {
                assert!((scale.price(scale.position(price)) - price).abs() < 1e-9);
                assert!((scale.price_of_label(scale.label(price)) - price).abs() < 1e-9);
            }
            assert!((scale.position(400.0) - MARGIN_TOP).abs() < 1e-9);
            assert!((scale.position(20.0) - (1.0 - MARGIN_VOLUME)).abs() < 1e-9);
        }
        let log = fit(10.0, 1_000.0, ScaleMode::Log, 1.0).unwrap();
        let height = |a: f64, b: f64| log.position(a) - log.position(b);
        assert!((height(10.0, 100.0) - height(100.0, 1_000.0)).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_had_is_linear() {
        assert_eq!(fit(-1.0, 4.0, ScaleMode::Log, 1.0).unwrap().mode(), ScaleMode::Linear);
        assert_eq!(fit(1.0, 4.0, ScaleMode::Percent, 0.0).unwrap().mode(), ScaleMode::Linear);
        assert_eq!(fit(1.0, 4.0, ScaleMode::Indexed, f64::NAN).unwrap().mode(), ScaleMode::Linear);
    }

    #[test]
    fn labels_count_from_the_base() {
        let percent = fit(90.0, 120.0, ScaleMode::Percent, 100.0).unwrap();
        assert!((percent.label(110.0) - 10.0).abs() < 1e-12);
        let negative = fit(-50.0, -20.0, ScaleMode::Percent, -40.0).unwrap();
        assert!(negative.label(-20.0) > 0.0, "a rise is a rise");
        let indexed = fit(90.0, 120.0, ScaleMode::Indexed, 80.0).unwrap();
        assert!((indexed.label(100.0) - 125.0).abs() < 1e-12);
    }

    #[test]
    fn one_gesture_changes_a_range_up_to_a_limit() {
        let scale = PriceScale::linear(100.0, 200.0).unwrap();
        assert_eq!(scale.scaled(0.5, 1e300), scale.scaled(0.5, MAX_STEP));
        assert_eq!(scale.scaled(0.5, 1e-9), scale.scaled(0.5, 1.0 / MAX_STEP));
        let range = |scale: Option<PriceScale>| scale.map(|scale| (scale.max - scale.min).round());
        assert_eq!(range(scale.scaled(0.5, f64::MAX)), Some(100.0 * MAX_STEP));
    }

    #[test]
    fn moving_and_scaling() {
        for mode in [ScaleMode::Linear, ScaleMode::Log] {
            let scale = fit(20.0, 400.0, mode, 25.0).unwrap();
            let half = scale.scaled(0.25, 0.5).unwrap();
            assert!((half.position(scale.price(0.25)) - 0.25).abs() < 1e-9);
            let up = scale.shifted(0.1).unwrap();
            assert!((up.position(scale.price(0.5)) - 0.6).abs() < 1e-9);
            assert_eq!(scale.scaled(0.5, f64::NAN), None);
        }
        let mut scale = PriceScale::linear(100.0, 101.0).unwrap();
        for _ in 0..100 {
            let Some(closer) = scale.scaled(0.5, 0.1) else { break };
            scale = closer;
        }
        assert!(scale.max > scale.min);
        let mut wide = fit(20.0, 400.0, ScaleMode::Log, 25.0).unwrap();
        for _ in 0..100 {
            let Some(wider) = wide.scaled(0.5, 10.0) else { break };
            wide = wider;
        }
        assert_eq!(wide.mode(), ScaleMode::Log, "{wide:?}");
    }
}
