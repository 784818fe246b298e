//! Whatever happens in whatever order, the layers show what a fresh chart would show at once, and
//! bars stay where they are.

mod raster;
mod world;

use proptest::prelude::*;

use super::{Chart, Content};
use crate::model::bars::Bar;
use raster::Raster;
use world::{Step, World};

const CASES: u32 = 40;
const NAMES: [&str; 3] = ["base", "live", "overlay"];

fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(
        (0..u8::MAX, any::<u32>(), any::<u32>()).prop_map(|(what, a, b)| Step { what, a, b }),
        1..most,
    )
}

/// The layers of a chart that was told everything at once, with the view of another.
fn at_once(world: &World) -> [Raster; 3] {
    let seen = &world.chart;
    let mut chart = Chart::new(*seen.theme(), seen.options());
    chart.set_zone(Box::new(world::NewYork));
    chart.set_sessions(Box::new(world::Hours));
    chart.set_style(seen.style());
    chart.set_panes(seen.panes.iter().map(|pane| pane.spec.clone()).collect());
    chart.ratio = seen.ratio;
    chart.axis_width = seen.axis_width;
    chart.resize(seen.layout.all.w, seen.layout.all.h, seen.ratio);
    let mut layers = world.blank();
    world.with_content(true, |content| {
        chart.sync(content, &crate::Change::all());
        chart.viewport = seen.viewport;
        chart.pointer = seen.pointer;
        chart.panes.iter_mut().zip(&seen.panes).for_each(|(pane, seen)| pane.manual = seen.manual);
        let [base, live, overlay] = &mut layers;
        let Ok(_) = chart.paint(content, base, live, overlay);
    });
    layers
}

/// Few cases, as each paints many pictures; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { config.cases } else { CASES };
    ProptestConfig { cases, ..config }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn layers_show_what_a_fresh_chart_shows(count in 0..60_usize, seed in any::<u32>(), steps in steps(40)) {
        let mut world = World::new(count, seed);
        world.paint();
        for (i, step) in steps.iter().enumerate() {
            let done = world.take(*step);
            if step.b % 3 == 0 && i + 1 < steps.len() {
                continue;
            }
            world.paint();
            let fresh = at_once(&world);
            for ((layer, wanted), name) in world.layers.iter().zip(&fresh).zip(NAMES) {
                let difference = layer.difference(wanted);
                prop_assert!(difference.is_none(), "{name} at {difference:?} after step {i}: {done}");
            }
        }
    }

    #[test]
    fn bars_stay_where_they_are(count in 2..200_usize, seed in any::<u32>(), steps in steps(40)) {
        let mut world = World::new(count, seed);
        world.paint();
        for (i, step) in steps.iter().enumerate() {
            let following = world.chart.following();
            let before = world.places();
            let offset = world.room_at_the_end();
            let moved_by_hand = world.by_hand(*step);
            let done = world.take(*step);
            world.sync();
            if moved_by_hand || before.is_empty() || world.len() == 0 {
                continue;
            }
            if following {
                let now = world.room_at_the_end();
                prop_assert!((now - offset).abs() < 1e-6, "step {i}: {done}: {offset} is {now}");
                continue;
            }
            let after = world.places();
            let at = |time: i64| after.iter().find(|(t, _)| *t == time).map(|(_, x)| *x);
            // The last in view is held; where something came in between, the others make room.
            let held = if world.in_between(*step) { &before[before.len() - 1..] } else { &before[..] };
            for (time, x) in held {
                if world.has(*time) {
                    let now = at(*time);
                    prop_assert!(now.is_some_and(|now| (now - x).abs() < 1e-6), "step {i}: {done}: {time} at {x} is at {now:?}");
                }
            }
        }
    }

    #[test]
    fn columns_part_the_bars_of_a_dense_view(
        count in 1..3_000_usize,
        gaps in prop::collection::vec(0..3_000_usize, 0..40),
        spacing in 0.002..1.3_f64,
        shift in -500.0..500.0_f64,
    ) {
        let mut bars: crate::Columns =
            (0..count).map(|i| Bar { time_ns: i as i64, close: 1.0, ..Bar::default() }).collect();
        gaps.iter().filter(|gap| **gap < count).for_each(|gap| bars.set_flags(*gap, crate::Flags::GAP_BEFORE));
        let mut chart = Chart::new(Default::default(), Default::default());
        chart.resize(400, 200, 1.0);
        chart.sync(&Content::bars(&bars), &crate::Change::all());
        chart.viewport.zoom(300.0, spacing / chart.viewport.spacing(), chart.last_slot());
        chart.pan(shift);
        chart.panes[0].scale = crate::model::scale::PriceScale::linear(0.0, 2.0);
        let Some(frame) = chart.frame(&bars, 0) else { return Err(TestCaseError::fail("no scale")) };
        let visible = chart.visible();
        let mut at = visible.start;
        while at < visible.end {
            let next = frame.next_column(at, visible.end);
            prop_assert!(next > at && next <= visible.end);
            prop_assert!((at..next).all(|i| frame.x(i) == frame.x(at)), "{at}..{next}");
            prop_assert!(next == visible.end || frame.x(next) > frame.x(at), "{at}..{next}");
            at = next;
        }
        let live = frame.live_from(&visible);
        let last = count - 1;
        if visible.end < count || visible.is_empty() {
            prop_assert_eq!(live, visible.end);
        } else {
            prop_assert!((live..count).all(|i| frame.x(i) == frame.x(last)));
            prop_assert!(live == visible.start || frame.x(live - 1) < frame.x(last));
        }
        for i in [visible.start, last, count / 2] {
            let slot = chart.slots.slot(i.min(last)) as f64;
            prop_assert_eq!(chart.slots.first_at_or_after(slot, count), i.min(last));
            prop_assert_eq!(chart.slots.first_at_or_after(slot + 0.5, count), i.min(last) + 1);
        }
    }

    #[test]
    fn the_hand_leaves_scales_that_can_be_drawn(
        count in 0..60_usize,
        seed in any::<u32>(),
        wild in prop::collection::vec((0..18_u8, prop::sample::select(WILD.to_vec()), any::<u32>()), 1..60),
    ) {
        let mut world = World::new(count, seed);
        world.paint();
        for (what, number, other) in wild {
            world.hand(what, number, other);
            if other % 4 == 0 {
                world.take(Step { what: (other >> 8) as u8, a: other, b: number as u32 });
            }
            if other % 3 == 0 {
                world.paint();
            } else {
                world.sync();
            }
            let chart = &world.chart;
            let (left, right) = chart.viewport.edges();
            prop_assert!(left.is_finite() && right.is_finite() && left < right, "{left}..{right}");
            let spacing = chart.viewport.spacing();
            prop_assert!(spacing.is_finite() && spacing > 0.0);
            for pane in &chart.panes {
                if let Some((min, max)) = pane.manual {
                    prop_assert!(min.is_finite() && max.is_finite() && min < max, "{min}..{max}");
                }
                if let Some(scale) = pane.scale {
                    prop_assert!(scale.min.is_finite() && scale.max.is_finite() && scale.min < scale.max);
                }
                prop_assert!(pane.spec.weight.is_finite() && pane.spec.weight > 0.0);
            }
            let visible = chart.visible();
            prop_assert!(visible.end <= world.len(), "{visible:?}");
            let Some(last) = world.len().checked_sub(1) else { continue };
            let last = chart.slots.slot(last) as f64;
            prop_assert!(right >= -0.5 && left <= last + 0.5, "something is in view: {left}..{right} of {last}");
        }
    }
}

/// Numbers that a hand does not send, and some that it does.
const WILD: [f64; 16] = [
    0.0,
    1.0,
    -1.0,
    0.5,
    1.1,
    3.0,
    -40.0,
    250.0,
    1e9,
    -1e9,
    1e308,
    -1e308,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::MIN_POSITIVE,
];
