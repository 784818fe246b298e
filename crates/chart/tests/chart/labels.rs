//! Labels: inside their axis, never one over the other.

use proptest::prelude::*;
use wickwire_chart::Rect;
use wickwire_chart::model::price_ticks::PriceTicks;
use wickwire_chart::model::scale::PriceScale;

use super::support::{chart, columns, paint, sessions, sync};

fn overlap(a: &Rect, b: &Rect) -> bool {
    !a.clip(b).is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn labels_do_not_overlap_and_stay_inside(
        width in 120..2_400_i32,
        height in 80..1_400_i32,
        ratio in prop::sample::select(vec![1.0, 1.25, 1.5, 2.0, 3.0]),
        days in 1..6_i64,
        per_day in 1..400_usize,
        from in 0.0..1.0_f64,
        shown in 1..900_usize,
    ) {
        let bars = columns(&sessions(days, per_day));
        let count = bars.time_ns.len();
        let mut chart = chart(width, height, ratio, 2);
        sync(&mut chart, &bars);
        let from = (from * count as f64) as usize;
        chart.show(from, from + shown);
        let [base, live, _] = paint(&mut chart, &bars);
        let layout = chart.layout().clone();
        for (i, (text, rect)) in base.texts.iter().enumerate() {
            // The axis is never wider than two fifths, so in a tiny chart a price may be cut.
            if f64::from(width) > 300.0 * ratio {
                let inside = rect.clip(&layout.all) == *rect;
                prop_assert!(inside, "{text} at {rect:?} in {:?}", layout.all);
            }
            for (other_text, other) in &base.texts[..i] {
                prop_assert!(!overlap(rect, other), "{text} at {rect:?} over {other_text} at {other:?}");
            }
        }
        for (color, rect) in base.fills.iter().chain(&live.fills) {
            prop_assert!(rect.clip(&layout.all) == *rect, "{color:?} {rect:?} in {:?}", layout.all);
        }
    }

    #[test]
    fn price_ticks_are_inside_round_and_no_more_than_asked(
        min in -1e6..1e6_f64,
        range in 1e-6..1e6_f64,
        most in 1..40_usize,
        decimals in 0..8_usize,
    ) {
        let scale = PriceScale::linear(min, min + range).unwrap();
        let ticks = PriceTicks::between(scale.min, scale.max, most, decimals);
        let all: Vec<f64> = ticks.iter().collect();
        prop_assert!(all.len() <= most + 1, "{} of {most}", all.len());
        let slack = ticks.step * 1e-6;
        for price in &all {
            prop_assert!(*price >= scale.min - slack && *price <= scale.max + slack, "{price} {scale:?}");
            let rounded: f64 = format!("{price:.decimals$}").parse().unwrap();
            prop_assert!((rounded - price).abs() <= f64::EPSILON * price.abs() * 4.0, "{price} is off the tick");
        }
        prop_assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
