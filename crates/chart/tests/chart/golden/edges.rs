//! Every kind of series where there is little, much or nothing to draw.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::chart::Style;
use wickwire_chart::model::bars::Bar;
use wickwire_chart::model::marks::Show;
use wickwire_chart::{Chart, Columns, Content, Flags, SeriesKind};

use super::super::support::{chart, columns, sessions, sync, walk};
use super::series::kinds;
use super::sheet::sheet;
use super::{Golden, picture};

fn of_every_kind(golden: &Golden, bars: &[Bar], decimals: usize) {
    let bars = columns(bars);
    sheet(golden, 4, kinds((200, 130), 1.0, decimals).map(|chart| (chart, Content::bars(&bars))));
}

#[test]
fn no_bars() {
    picture(&golden!("no-bars"), &mut chart(240, 140, 1.0, 2), &Content::bars(&Columns::default()));
}

#[test]
fn one_bar() {
    of_every_kind(&golden!("one-bar"), &walk(1, 181.5, 0.01), 2);
}

#[test]
fn equal_prices() {
    let mut bars = walk(12, 181.5, 0.01);
    for bar in &mut bars {
        (bar.open, bar.high, bar.low, bar.close) = (181.5, 181.5, 181.5, 181.5);
    }
    of_every_kind(&golden!("equal-prices"), &bars, 2);
}

#[test]
fn gaps_and_blank_bars() {
    let mut bars = walk(18, 181.5, 0.01);
    // A gap, two around a bar by itself, a blank bar, and one by itself between gap and blank.
    for i in [4, 8, 9, 15, 17] {
        bars[i].flags = Flags::GAP_BEFORE;
    }
    bars[12].close = f64::NAN;
    bars[16].high = f64::NAN;
    bars[16].close = f64::NAN;
    of_every_kind(&golden!("gaps"), &bars, 2);
}

#[test]
fn a_blank_last_bar() {
    let mut bars = walk(12, 181.5, 0.01);
    bars[11].close = f64::NAN;
    of_every_kind(&golden!("blank-last-bar"), &bars, 2);
}

#[test]
fn huge_prices() {
    let bars = columns(&walk(16, 9.5e12, 2.5e9));
    sheet(&golden!("huge-prices"), 4, kinds((300, 130), 1.0, 2).map(|chart| (chart, Content::bars(&bars))));
}

#[test]
fn tiny_prices() {
    let bars = columns(&walk(16, 0.000_012_34, 0.000_000_01));
    sheet(&golden!("tiny-prices"), 4, kinds((240, 130), 1.0, 8).map(|chart| (chart, Content::bars(&bars))));
}

#[test]
fn no_volume() {
    let mut bars = walk(14, 181.5, 0.01);
    for bar in &mut bars {
        bar.volume = 0.0;
    }
    of_every_kind(&golden!("no-volume"), &bars, 2);
}

#[test]
fn wild_volume() {
    let mut bars = walk(14, 181.5, 0.01);
    for (bar, volume) in bars.iter_mut().zip([f64::NAN, f64::INFINITY, -5.0, 1e-9, 1e300]) {
        bar.volume = volume;
    }
    picture(&golden!("wild-volume"), &mut chart(240, 140, 1.0, 2), &Content::bars(&columns(&bars)));
}

/// Charts of the bars from `from` to `to`, without volume, which is drawn as candles are.
fn dense<'a>(bars: &'a Columns, from: usize, to: usize, kinds: &[SeriesKind]) -> Vec<(Chart, Content<'a>)> {
    let dense = |kind: &SeriesKind| {
        let mut chart = chart(180, 130, 1.0, 2);
        let show = Show { volume: *kind == SeriesKind::Candles, ..Show::default() };
        chart.set_style(Style { kind: *kind, show, ..Style::default() });
        sync(&mut chart, bars);
        chart.show(from, to);
        (chart, Content::bars(bars))
    };
    kinds.iter().map(dense).collect()
}

#[test]
fn one_pixel_a_bar() {
    let mut all = sessions(2, 200);
    all[170].flags = Flags::GAP_BEFORE;
    let bars = columns(&all);
    let width = chart(180, 130, 1.0, 2).layout().plot.w as usize;
    let kinds = [SeriesKind::Candles, SeriesKind::Line, SeriesKind::Step, SeriesKind::Baseline];
    sheet(&golden!("one-pixel-a-bar"), 4, dense(&bars, 130, 130 + width - 1, &kinds));
}

#[test]
fn many_bars_a_pixel() {
    let mut all = sessions(4, 390);
    all[700].flags = Flags::GAP_BEFORE;
    let last = all.len() - 1;
    let bars = columns(&all);
    let kinds = [SeriesKind::Candles, SeriesKind::Line, SeriesKind::Area, SeriesKind::Baseline];
    sheet(&golden!("many-bars-a-pixel"), 4, dense(&bars, 0, last, &kinds));
}

#[test]
fn bars_as_wide_as_the_plot() {
    let bars = columns(&walk(6, 181.5, 0.01));
    let kinds = [SeriesKind::Candles, SeriesKind::Bars, SeriesKind::Line, SeriesKind::Area];
    // From the third to the fourth, so that lines lead in and out, at last to a bar out of view.
    sheet(&golden!("wide-bars"), 4, dense(&bars, 2, 3, &kinds).into_iter().chain(dense(&bars, 3, 4, &kinds)));
}
