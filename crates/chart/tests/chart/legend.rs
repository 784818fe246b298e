//! Room for a legend over the price pane, and what is written below it.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::model::bars::Bar;
use wickwire_chart::model::marks::{Halt, Show};
use wickwire_chart::{Bars, Change, Chart, Columns, Content, Marks, Style};

use super::support::{MINUTE, Recorder, chart, columns, dark, paint, walk};

/// The highest row at which a bar is drawn.
fn highest(chart: &mut Chart, bars: &Columns) -> i32 {
    chart.invalidate();
    let [base, live, _] = paint(chart, bars);
    let plot = chart.layout().plot;
    let bars = |layer: &Recorder| {
        let of = [dark().up, dark().down].map(|color| layer.of(color).collect::<Vec<_>>());
        of.concat().into_iter().filter(|rect| rect.w < 20 && rect.right() <= plot.w).map(|rect| rect.y).min()
    };
    bars(&base).into_iter().chain(bars(&live)).min().unwrap()
}

#[test]
fn bars_begin_below_the_legend_up_to_two_fifths_of_the_pane() {
    let bars = columns(&walk(60, 181.5, 0.01));
    for ratio in [1.0, 2.0] {
        let side = |css: f64| (css * ratio) as i32;
        let mut chart = chart(side(390.0), side(420.0), ratio, 2);
        let show = Show { extremes: false, ..Show::default() };
        chart.set_style(Style { show, ..Style::default() });
        let height = f64::from(chart.layout().plot.h);
        for (legend, top) in [(40.0, 40.0 * ratio), (118.0, 118.0 * ratio), (9_000.0, height * 0.4)] {
            chart.set_legend_height(legend);
            let at = f64::from(highest(&mut chart, &bars));
            assert!((at - top).abs() <= 2.0 * ratio, "{at} for {legend} at {ratio}");
        }
        chart.set_legend_height(60.0);
        chart.set_style(Style::default());
        let text = (f64::from(highest(&mut chart, &bars)) - 60.0 * ratio) / ratio;
        assert!((12.0..16.0).contains(&text), "room for the text at the highest price: {text}");
        chart.set_style(Style { show, ..Style::default() });
        for nothing in [0.0, -5.0, f64::NAN, f64::NEG_INFINITY] {
            chart.set_legend_height(nothing);
            let at = highest(&mut chart, &bars);
            assert!(at > 0 && f64::from(at) < height * 0.1, "{at}");
        }
    }
}

#[test]
fn only_another_height_repaints_and_only_what_follows_the_data() {
    let bars = columns(&walk(60, 181.5, 0.01));
    let mut chart = chart(390, 420, 1.0, 2);
    chart.set_legend_height(90.0);
    paint(&mut chart, &bars);
    chart.set_legend_height(90.0);
    assert!(paint(&mut chart, &bars).iter().all(Recorder::is_empty));
    chart.set_legend_height(108.0);
    assert!(!paint(&mut chart, &bars)[0].is_empty());
    chart.set_auto(0, false);
    chart.set_legend_height(54.0);
    assert!(paint(&mut chart, &bars).iter().all(Recorder::is_empty));
    // It counts once the range follows the data again.
    chart.set_auto(0, true);
    assert!(!paint(&mut chart, &bars)[0].is_empty());
}

/// The last bars are the highest (or the lowest), and trading stands still after them.
fn halted(rising: bool) -> (Columns, Vec<Halt>) {
    let price = |i: usize| 180.0 + if rising { i as f64 } else { -(i as f64) } * 0.05;
    let bars: Vec<Bar> = walk(60, 181.5, 0.01)
        .iter()
        .enumerate()
        .map(|(i, bar)| Bar {
            open: price(i),
            high: price(i) + 0.1,
            low: price(i) - 0.1,
            close: price(i + 1),
            ..*bar
        })
        .collect();
    let halts = vec![Halt { from_ns: bars[59].time_ns + MINUTE / 2, to_ns: None }];
    (columns(&bars), halts)
}

#[test]
fn a_halt_is_named_where_no_bar_is() {
    for (rising, legend, ratio) in [true, false]
        .into_iter()
        .flat_map(|r| [20.0, 58.0, 120.0].map(|l| (r, l, 1.0)))
        .chain([(true, 58.0, 2.0)])
    {
        let (bars, halts) = halted(rising);
        let side = |css: f64| (css * ratio) as i32;
        let mut chart = chart(side(420.0), side(400.0), ratio, 2);
        chart.set_legend_height(legend);
        let content = Content { marks: Marks { halts: &halts, ..Marks::default() }, ..Content::bars(&bars) };
        chart.sync(&content, &Change::all());
        let [mut base, mut live, mut overlay] =
            [Recorder::default(), Recorder::default(), Recorder::default()];
        chart.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
        let (_, label) = base.texts.iter().find(|(text, _)| text == "HALT").unwrap();
        let plot = chart.layout().plot;
        assert_eq!(label.clip(&plot), *label);
        assert!(label.bottom() <= chart.layout().volume.y);
        assert!(f64::from(label.y) >= legend * ratio, "{label:?}");
        for color in [dark().up, dark().down] {
            for bar in base.of(color).chain(live.of(color)).filter(|bar| bar.w > 2 && bar.w < 60) {
                assert!(bar.clip(label).is_empty(), "{label:?} over {bar:?}");
            }
        }
        assert_eq!(bars.len(), 60);
    }
}
