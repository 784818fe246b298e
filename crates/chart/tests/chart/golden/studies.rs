//! Columns of values in the price pane and in panes below it.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::model::bars::Bar;
use wickwire_chart::{Chart, Color, Content, Marks, PaneSpec, Plot, PlotStyle, Values};

use super::super::support::{chart, columns, light, sync_with, walk};
use super::{Golden, picture};

const AMBER: Color = Color::rgb(0xE0, 0xA0, 0x30);
const BLUE: Color = Color::rgb(0x4A, 0xA8, 0xFF);
const PURPLE: Color = Color::rgb(0xB0, 0x7A, 0xE8);
const GREY: Color = Color { a: 0x30, ..Color::rgb(0x4A, 0xA8, 0xFF) };

fn plot(column: usize, style: PlotStyle, color: Color, width: f64) -> Plot {
    Plot { column, style, color, width }
}

/// A mean of `window` closes, none before there are as many.
fn mean(bars: &[Bar], window: usize) -> Vec<f64> {
    let at = |i: usize| match (i + 1).checked_sub(window) {
        Some(from) => bars[from..=i].iter().map(|b| b.close).sum::<f64>() / window as f64,
        None => f64::NAN,
    };
    (0..bars.len()).map(at).collect()
}

/// Columns 0 to 6: mean, band above, band below, steps, histogram, 0 to 100, and millions.
fn values(bars: &[Bar]) -> Vec<Vec<f64>> {
    let mean5 = mean(bars, 5);
    let width = |i: usize| 0.05 + 0.01 * (i % 5) as f64;
    let with = |way: f64| mean5.iter().enumerate().map(|(i, m)| m + way * width(i)).collect();
    let steps = bars.iter().enumerate().map(|(i, _)| bars[i / 6 * 6].low - 0.05).collect();
    let histogram = mean(bars, 2).iter().zip(&mean5).map(|(a, b)| a - b).collect();
    let hundred = bars.iter().map(|b| 100.0 * (b.close - b.low) / (b.high - b.low).max(0.01)).collect();
    let mut sum = 1_234_000.0;
    let millions = bars.iter().map(|b| {
        sum += if b.close >= b.open { b.volume } else { -b.volume } / 20.0;
        sum
    });
    vec![mean5.clone(), with(1.0), with(-1.0), steps, histogram, hundred, millions.collect()]
}

fn panes() -> Vec<PaneSpec> {
    let band = PlotStyle::Band { to: 2, fill: GREY };
    let histogram = PlotStyle::Histogram { signed: true };
    let price = vec![
        plot(1, band, BLUE, 1.0),
        plot(2, PlotStyle::Line, BLUE, 1.0),
        plot(0, PlotStyle::Line, AMBER, 1.5),
        plot(3, PlotStyle::Step, PURPLE, 1.0),
    ];
    vec![
        PaneSpec { weight: 4.0, plots: price, ..PaneSpec::default() },
        PaneSpec {
            weight: 1.5,
            plots: vec![plot(4, histogram, AMBER, 1.0), plot(4, PlotStyle::Line, AMBER, 1.0)],
            ..PaneSpec::default()
        },
        PaneSpec {
            weight: 1.5,
            plots: vec![plot(5, PlotStyle::Line, PURPLE, 1.5)],
            levels: vec![30.0, 70.0],
            range: Some((0.0, 100.0)),
            ..PaneSpec::default()
        },
        PaneSpec { weight: 1.5, plots: vec![plot(6, PlotStyle::Step, BLUE, 1.5)], ..PaneSpec::default() },
    ]
}

fn drawn(golden: &Golden, chart: &mut Chart, bars: &[Bar], values: &[Vec<f64>]) {
    let bars = columns(bars);
    let values: Vec<Values<'_>> = values.iter().map(|values| Values::all(values)).collect();
    picture(golden, chart, &Content { bars: &bars, values: &values, marks: Marks::default() });
}

#[test]
fn studies_in_the_price_pane_and_three_panes_below() {
    let bars = walk(52, 181.5, 0.01);
    let mut chart = chart(480, 460, 1.0, 2);
    chart.set_panes(panes());
    drawn(&golden!("studies"), &mut chart, &bars, &values(&bars));
}

#[test]
fn studies_light_at_two_device_pixels() {
    let bars = walk(30, 181.5, 0.01);
    let mut chart = chart(720, 760, 2.0, 2);
    chart.set_theme(light());
    chart.set_panes(panes());
    drawn(&golden!("studies-light-2x"), &mut chart, &bars, &values(&bars));
}

#[test]
fn studies_with_holes_or_too_few_values_or_none() {
    let bars = walk(40, 181.5, 0.01);
    let mut values = values(&bars);
    for i in [12, 13, 20, 22] {
        values[0][i] = f64::NAN;
        values[4][i] = f64::NAN;
        values[5][i] = f64::INFINITY;
    }
    // The band ends where either of its lines does.
    values[1][25] = f64::NAN;
    values[2][25] = f64::NAN;
    values[5].truncate(33);
    values[6].clear();
    let mut chart = chart(400, 400, 1.0, 2);
    chart.set_panes(panes());
    drawn(&golden!("studies-with-holes"), &mut chart, &bars, &values);
}

#[test]
fn a_crosshair_in_a_pane_below() {
    let bars = walk(30, 181.5, 0.01);
    let all = values(&bars);
    for (golden, pane) in [(golden!("crosshair-in-a-pane"), 3), (golden!("crosshair-in-an-empty-pane"), 4)] {
        let mut chart = chart(360, 400, 1.0, 2);
        let mut panes = panes();
        panes.push(PaneSpec { weight: 1.0, ..PaneSpec::default() });
        chart.set_panes(panes);
        let plot = chart.layout().panes[pane].plot;
        chart.point(Some((200, plot.y + plot.h / 3)));
        drawn(&golden, &mut chart, &bars, &all);
    }
}

#[test]
fn dense_studies() {
    let bars = walk(2_000, 181.5, 0.01);
    let all = values(&bars);
    let columns = columns(&bars);
    let mut chart = chart(240, 300, 1.0, 2);
    chart.set_panes(panes().into_iter().take(3).collect());
    let values: Vec<Values<'_>> = all.iter().map(|values| Values::all(values)).collect();
    let content = Content { bars: &columns, values: &values, marks: Marks::default() };
    sync_with(&mut chart, &content);
    let show = wickwire_chart::model::marks::Show { volume: false, ..Default::default() };
    let kind = wickwire_chart::SeriesKind::Line;
    chart.set_style(wickwire_chart::Style { kind, show, ..Default::default() });
    chart.show(0, 1_999);
    picture(&golden!("dense-studies"), &mut chart, &content);
}
