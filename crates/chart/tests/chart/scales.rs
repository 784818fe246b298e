//! Scales and their inverses.

use proptest::prelude::*;
use wickwire_chart::model::extent::Extent;
use wickwire_chart::model::scale::{PriceScale, ScaleMode};
use wickwire_chart::model::viewport::Viewport;

proptest! {
    #[test]
    fn price_and_position_are_inverse(low in -1e9..1e9_f64, range in 1e-6..1e9_f64, part in -2.0..3.0_f64) {
        let extent = Extent { low, high: low + range, volume: 0.0 };
        if let Some(scale) = PriceScale::fit(&extent, 0.01, (0.08, 0.24), ScaleMode::Linear, f64::NAN) {
            let price = scale.price(part);
            let error = (scale.position(price) - part).abs();
            prop_assert!(error < 1e-3_f64.max(price.abs() / (scale.max - scale.min) * 1e-12), "{error}");
            prop_assert!(scale.position(extent.high) > 0.0 && scale.position(extent.low) < 1.0);
        }
    }

    #[test]
    fn columns_and_slots_are_inverse(
        width in 10.0..4_000.0_f64,
        ratio in 0.5..4.0_f64,
        factor in 0.01..20.0_f64,
        slot in -1e5..1e6_f64,
    ) {
        let mut view = Viewport::default();
        view.resize(width, ratio);
        view.track(10_000.0);
        view.zoom(width / 2.0, factor, 10_000.0);
        prop_assert!((view.slot_at(view.x(slot)) - slot).abs() < 1e-6 * slot.abs().max(1.0));
    }
}
