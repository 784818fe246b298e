//! Price to height and back.

use super::extent::Extent;

/// Room left above the highest price, as a part of the height.
pub const MARGIN_TOP: f64 = 0.08;
/// Room left below the lowest price: the volume's fifth and a little air.
pub const MARGIN_BOTTOM: f64 = 0.24;
/// Half of the range shown around a single price, in ticks.
const FLAT_TICKS: f64 = 10.0;
/// Half of the range shown around a single price at least, as a part of the price.
const FLAT_PART: f64 = 0.000_5;

/// A linear price scale. Logarithmic and percent scales belong here too, as a further field that
/// [`position`](Self::position) and [`price`](Self::price) heed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PriceScale {
    /// Price at the lower edge.
    pub min: f64,
    /// Price at the upper edge; above `min`.
    pub max: f64,
}

impl PriceScale {
    /// A scale that shows the prices of `extent` with the margins above and below. Equal prices are
    /// centred in a small range; no price at all gives nothing.
    #[must_use]
    pub fn fit(extent: &Extent, tick: f64) -> Option<Self> {
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
        let range = (high - low) / (1.0 - MARGIN_TOP - MARGIN_BOTTOM);
        let scale = Self { min: low - range * MARGIN_BOTTOM, max: high + range * MARGIN_TOP };
        (scale.min.is_finite() && scale.max.is_finite() && scale.min < scale.max).then_some(scale)
    }

    /// Where `price` stands: 0 at the upper edge, 1 at the lower edge, beyond them outside.
    #[must_use]
    pub fn position(&self, price: f64) -> f64 {
        (self.max - price) / (self.max - self.min)
    }

    /// The price at `position`; the inverse of [`position`](Self::position).
    #[must_use]
    pub fn price(&self, position: f64) -> f64 {
        self.max - position * (self.max - self.min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_prices_are_shown_in_the_middle_of_a_small_range() {
        let extent = Extent { low: 181.5, high: 181.5, volume: 1.0 };
        let scale = PriceScale::fit(&extent, 0.01).unwrap_or(PriceScale { min: 0.0, max: 0.0 });
        assert!(scale.min < 181.41 && scale.max > 181.55 && scale.max - scale.min < 1.0, "{scale:?}");
    }

    #[test]
    fn zero_and_no_prices() {
        let zero = Extent { low: 0.0, high: 0.0, volume: 0.0 };
        assert!(PriceScale::fit(&zero, 0.0).is_some());
        assert_eq!(PriceScale::fit(&Extent::EMPTY, 0.01), None);
        let huge = Extent { low: f64::MIN, high: f64::MAX, volume: 0.0 };
        assert_eq!(PriceScale::fit(&huge, 0.01), None, "a range that overflows is not shown");
    }
}
