//! Candles on the pixel grid.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::chart::Style;
use wickwire_chart::model::bars::Bar;
use wickwire_chart::model::marks::Show;
use wickwire_chart::{Columns, Rect, SeriesKind};

use super::support::{MINUTE, OPENING, chart, columns, dark, paint, sync, walk};

fn rising_only(count: usize) -> Columns {
    (0..count)
        .map(|i| Bar {
            time_ns: OPENING + i as i64 * MINUTE,
            open: 100.0,
            high: 103.0,
            low: 99.0,
            close: 102.0,
            volume: 10.0,
            ..Bar::default()
        })
        .collect()
}

#[test]
fn wicks_are_in_the_middle_and_bodies_apart_at_every_zoom() {
    let bars = rising_only(400);
    for ratio in [1.0, 1.5, 2.0, 3.0] {
        for step in 0..40 {
            let mut chart = chart(1_000, 500, ratio, 2);
            sync(&mut chart, &bars);
            chart.zoom(400.0, 1.06_f64.powi(step - 10));
            let [base, ..] = paint(&mut chart, &bars);
            let all: Vec<Rect> = base.of(dark().up).collect();
            // Wicks come first and are the taller ones.
            let tall = all.iter().map(|r| r.h).max().unwrap_or(0);
            let (wicks, bodies): (Vec<Rect>, Vec<Rect>) = all.iter().partition(|r| r.h == tall);
            let whole = |r: &&Rect| r.x > 0 && r.right() < chart.layout().plot.w;
            // From the right, because a body may be cut at the left edge where its wick is not.
            for (wick, body) in wicks.iter().rev().zip(bodies.iter().rev()).filter(|(_, body)| whole(body)) {
                if bodies.len() == wicks.len() {
                    assert_eq!(wick.x - body.x, body.right() - wick.right(), "{wick:?} {body:?}");
                    assert!(body.y > wick.y && body.bottom() < wick.bottom());
                }
            }
            for pair in bodies.windows(2) {
                assert!(pair[0].right() < pair[1].x, "{ratio} {step}: {pair:?}");
            }
        }
    }
}

#[test]
fn narrow_bars_share_columns_and_keep_extremes() {
    let mut all = walk(8_000, 500.0, 0.01);
    all[4_321].high = 700.0;
    all[4_322].low = 300.0;
    let bars = columns(&all);
    let mut chart = chart(1_000, 500, 1.0, 2);
    sync(&mut chart, &bars);
    chart.show(0, 7_999);
    let [base, live, _] = paint(&mut chart, &bars);
    let plot = chart.layout().plot;
    let theme = dark();
    let candles: Vec<Rect> = base
        .of(theme.up)
        .chain(base.of(theme.down))
        .chain(live.of(theme.up).filter(|r| r.x < plot.w && r.w == 1))
        .chain(live.of(theme.down).filter(|r| r.x < plot.w && r.w == 1))
        .collect();
    assert!(candles.len() <= plot.w as usize, "one a column: {}", candles.len());
    assert!(candles.iter().all(|r| r.w == 1));
    let mut columns: Vec<i32> = candles.iter().map(|r| r.x).collect();
    columns.sort_unstable();
    assert!(columns.windows(2).all(|p| p[0] < p[1]), "no column twice");
    let top = candles.iter().map(|r| r.y).min().unwrap();
    let bottom = candles.iter().map(|r| r.bottom()).max().unwrap();
    // Below the legend: 58 pixels in a plot this high.
    assert!((58..=59).contains(&top), "{top}");
    assert!((f64::from(bottom) - f64::from(plot.h) * 0.76).abs() <= 1.5, "{bottom}");
}

#[test]
fn hollow_candles_say_two_things() {
    // Open and close; the first has no bar before it.
    let prices = [
        (100.0, 102.0),
        (105.0, 103.0),
        (100.0, 102.5),
        (102.0, 101.0),
        (99.0, 101.0),
        (99.0, f64::NAN),
        (104.0, 102.0),
        (100.0, 101.0),
    ];
    let bars: Columns = prices
        .into_iter()
        .enumerate()
        .map(|(i, (open, close))| Bar {
            time_ns: OPENING + i as i64 * MINUTE,
            open,
            high: open.max(close) + 1.0,
            low: open.min(close) - 1.0,
            close,
            ..Bar::default()
        })
        .collect();
    let mut chart = chart(800, 400, 1.0, 2);
    let show = Show { volume: false, last_price: false, extremes: false, ..Show::default() };
    chart.set_style(Style { kind: SeriesKind::Hollow, show, ..Style::default() });
    sync(&mut chart, &bars);
    chart.show(0, 7);
    let [base, live, _] = paint(&mut chart, &bars);
    let width = chart.layout().plot.w / 8;
    // Whether it is in the rising colour, and whether its body is open.
    let says = |i: i32| {
        let of = |rising: bool| {
            let color = if rising { dark().up } else { dark().down };
            let here = |part: &Rect| part.x / width == i && part.y < chart.layout().plot.bottom();
            base.of(color).chain(live.of(color)).filter(here).collect::<Vec<_>>()
        };
        let (up, down) = (of(true), of(false));
        assert!(up.is_empty() || down.is_empty(), "one colour each: {i}");
        let all = [up.clone(), down].concat();
        (!all.is_empty()).then(|| (!up.is_empty(), all.iter().all(|part| part.w == 1 || part.h == 1)))
    };
    let said: Vec<_> = (0..8).map(says).collect();
    let (open, filled) = (true, false);
    let expected = [
        Some((true, open)),
        Some((true, filled)),
        Some((false, open)),
        Some((false, filled)),
        // As before is as good as above.
        Some((true, open)),
        None,
        // Before it is no close: by its own open.
        Some((false, filled)),
        Some((false, open)),
    ];
    assert_eq!(said, expected);
}
