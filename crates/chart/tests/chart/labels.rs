//! Labels: inside their axis, never one over the other.

use proptest::prelude::*;
use wickwire_chart::chart::Style;
use wickwire_chart::model::marks::{Halt, NewsMark};
use wickwire_chart::model::price_ticks::PriceTicks;
use wickwire_chart::model::scale::PriceScale;
use wickwire_chart::{
    Bars, Color, Content, Marks, PaneSpec, Plot, PlotStyle, Rect, ScaleMode, SeriesKind, Values,
};

use super::support::{MINUTE, Recorder, chart, columns, dark, paint, sessions, sync, sync_with, walk};

fn overlap(a: &Rect, b: &Rect) -> bool {
    !a.clip(b).is_empty()
}

/// Whether fills of `layers` above hide a label whole, and not at all if not.
fn whole_or_not_at_all(label: &Rect, layers: &[&Recorder]) -> Result<bool, Rect> {
    let mut hidden = false;
    for (_, fill) in layers.iter().flat_map(|layer| &layer.fills) {
        let part = label.clip(fill);
        // Several fills may hide it together; one that hides a part is enough of a fault where no
        // other hides all.
        hidden |= part == *label;
    }
    let cut = layers.iter().flat_map(|layer| &layer.fills).find(|(_, fill)| !label.clip(fill).is_empty());
    match cut {
        Some((_, fill)) if !hidden => Err(*fill),
        _ => Ok(hidden),
    }
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
    fn labels_of_all_layers_are_whole_or_not_there(
        width in 320..1_200_i32,
        height in 160..900_i32,
        ratio in prop::sample::select(vec![1.0, 1.5, 2.0]),
        kind in prop::sample::select(SeriesKind::ALL.to_vec()),
        mode in prop::sample::select(ScaleMode::ALL.to_vec()),
        panes in 0..4_usize,
        (count, shown) in (1..300_usize, 1..300_usize),
        (x, y) in (0.0..1.0_f64, 0.0..1.0_f64),
        (tick, countdown) in (prop::sample::select(vec![0.01, 0.25, 3.0]), prop::option::of(0..200_000_u32)),
        halted in prop::collection::vec(0..300_usize, 0..5),
        own_range in prop::option::of(0.2..3.0_f64),
        over_price in 0..6_usize,
    ) {
        let (width, height) = ((f64::from(width) * ratio) as i32, (f64::from(height) * ratio) as i32);
        let bars = columns(&walk(count, 181.5, tick));
        let time = |i: usize| bars.time_ns(i.min(count - 1));
        let halts: Vec<Halt> = {
            let mut halted = halted;
            halted.sort_unstable();
            halted.iter().map(|i| Halt { from_ns: time(*i), to_ns: Some(time(*i) + 3 * MINUTE) }).collect()
        };
        let news: Vec<NewsMark> =
            (0..count).step_by(3).map(|i| NewsMark { time_ns: time(i), id: i as u64 }).collect();
        let values: Vec<f64> = (0..count).map(|i| bars.volume(i) * 7.0 - 90_000.0).collect();
        let close: Vec<f64> = (0..count).map(|i| (bars.close(i) - bars.open(i)) / 3.0).collect();
        let beside = |away: f64| (0..count).map(|i| bars.close(i) + away * tick).collect::<Vec<f64>>();
        let values = [values, close, beside(0.0), beside(3.0), beside(-4.0), beside(9.0), beside(0.0)];
        let values = values.each_ref().map(|values| Values::all(values));
        let last = bars.close(count - 1);
        let marks = Marks {
            quote: Some((last - 0.02, last + 0.02)),
            countdown,
            news: &news,
            halts: &halts,
            ..Marks::default()
        };
        let content = Content { bars: &bars, values: &values, marks };
        let mut chart = chart(width, height, ratio, 2);
        chart.set_style(Style { kind, mode, ..Style::default() });
        let pane = |i: usize| PaneSpec {
            weight: 1.0,
            plots: if i > 0 { i % 2..1 + i % 2 } else { 2..2 + over_price }
                .map(|column| Plot { column, style: PlotStyle::Line, color: Color::rgb(1, 2, 3), width: 1.0 })
                .collect(),
            levels: if i == 2 { vec![0.0, 0.1] } else { Vec::new() },
            ..PaneSpec::default()
        };
        chart.set_panes((0..=panes).map(pane).collect());
        sync_with(&mut chart, &content);
        chart.show(count.saturating_sub(shown), count);
        let layers = || [Recorder::default(), Recorder::default(), Recorder::default()];
        let [mut base, mut live, mut overlay] = layers();
        chart.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
        if let Some(factor) = own_range {
            chart.scale_price(0, Some(height / 3), factor);
        }
        chart.point(Some(((x * f64::from(width)) as i32, (y * f64::from(height)) as i32)));
        chart.invalidate();
        [base, live, overlay] = layers();
        chart.paint(&content, &mut base, &mut live, &mut overlay).unwrap();

        let layout = chart.layout().clone();
        for (text, rect) in base.texts.iter().chain(&live.texts).chain(&overlay.texts) {
            prop_assert!(rect.clip(&layout.all) == *rect, "{text} at {rect:?} in {:?}", layout.all);
        }
        for layer in [&base, &live, &overlay] {
            for (i, (text, rect)) in layer.texts.iter().enumerate() {
                for (other_text, other) in &layer.texts[..i] {
                    prop_assert!(!overlap(rect, other), "{text} at {rect:?} over {other_text} at {other:?}");
                }
            }
        }
        for (_, halt) in base.texts.iter().filter(|(text, _)| text == "HALT") {
            let over = live.texts.iter().find(|(_, rect)| overlap(halt, rect));
            prop_assert!(over.is_none(), "a halt is named over {over:?}");
        }
        // Tags are opaque, and so is what hides the labels behind them.
        let axes = base.texts.iter().filter(|(_, rect)| rect.x >= layout.plots.w || rect.y >= layout.time_axis.y);
        for (text, rect) in axes {
            let seen = whole_or_not_at_all(rect, &[&live, &overlay]);
            prop_assert!(seen.is_ok(), "{text} at {rect:?} is cut by {seen:?}");
        }
        // What hides labels does not cut the tags of last values; only the crosshair's tag may.
        for (text, tag) in live.texts.iter().filter(|(_, rect)| rect.x >= layout.plots.w) {
            let ground = overlay.fills.iter().filter(|(color, _)| *color == dark().ground);
            for (_, fill) in ground {
                prop_assert!(!overlap(tag, fill), "{text} at {tag:?} under {fill:?}");
            }
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
