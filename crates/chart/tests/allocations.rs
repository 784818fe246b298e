//! What happens at every tick, pointer move and step of a drag allocates nothing once it has
//! happened before.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "chart/busy.rs"]
mod busy;
#[path = "chart/plain.rs"]
mod plain;

use busy::Busy;
use wickwire_chart::{Layers, ScaleMode, SeriesKind};

/// How often something happens: there and back once.
const TIMES: usize = 40;

/// Lets `happen` happen often, and counts what the same allocates the next time.
fn allocations(busy: &mut Busy, mut happen: impl FnMut(&mut Busy, usize)) -> u64 {
    for i in 0..TIMES {
        happen(busy, i);
    }
    allocation_counter::measure(|| {
        for i in 0..TIMES {
            happen(busy, i);
        }
    })
    .count_total
}

fn everywhere(mut check: impl FnMut(&mut Busy, &str)) {
    use SeriesKind::{Area, Baseline, Candles, HeikinAshi, Step};
    for kind in [Candles, HeikinAshi, Step, Area, Baseline] {
        for (mode, spacing) in [(ScaleMode::Linear, 7.0), (ScaleMode::Log, 0.3), (ScaleMode::Percent, 2.0)] {
            let mut busy = Busy::new(2_000, kind, mode, spacing);
            busy.paint();
            check(&mut busy, &format!("{kind:?} {mode:?} {spacing}"));
        }
    }
}

#[test]
fn counting_counts() {
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(vec![1_u8; 100])));
    assert_eq!(counted.count_total, 1);
}

#[test]
fn a_tick() {
    everywhere(|busy, what| {
        let mut painted = Layers::NONE;
        let count = allocations(busy, |busy, i| {
            busy.tick(i);
            painted = busy.paint();
        });
        assert_eq!(painted, Layers::LIVE, "{what}");
        assert_eq!(count, 0, "{what}");
    });
}

#[test]
fn a_tick_that_changes_the_range() {
    everywhere(|busy, what| {
        let mut painted = Layers::NONE;
        let count = allocations(busy, |busy, i| {
            busy.jump(i);
            painted = busy.paint();
        });
        assert_eq!(painted, Layers::ALL, "{what}");
        assert_eq!(count, 0, "{what}");
    });
}

#[test]
fn the_crosshair() {
    everywhere(|busy, what| {
        let mut painted = Layers::NONE;
        let count = allocations(busy, |busy, i| {
            let (x, y) = (i as i32 * 37 % 900, i as i32 * 61 % 540);
            busy.chart.point(Some((x, y)));
            painted = busy.paint();
        });
        assert_eq!(painted, Layers::OVERLAY, "{what}");
        assert_eq!(count, 0, "{what}");
    });
}

#[test]
fn a_drag() {
    everywhere(|busy, what| {
        let mut painted = Layers::NONE;
        let count = allocations(busy, |busy, i| {
            busy.chart.pan(if i < TIMES / 2 { 31.0 } else { -31.0 });
            painted = busy.paint();
        });
        assert_eq!(painted, Layers::ALL, "{what}");
        assert_eq!(count, 0, "{what}");
    });
}

#[test]
fn zooming_and_stretching() {
    everywhere(|busy, what| {
        let count = allocations(busy, |busy, i| {
            let back = (i / (TIMES / 4)) % 2 == 1;
            busy.chart.zoom(400.0, if back { 1.0 / 1.02 } else { 1.02 });
            busy.chart.scale_price(1, None, if back { 1.0 / 1.02 } else { 1.02 });
            busy.paint();
        });
        assert_eq!(count, 0, "{what}");
    });
}
