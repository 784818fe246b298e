//! Every kind of series, every mode of scale.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::chart::Style;
use wickwire_chart::model::marks::Show;
use wickwire_chart::{Change, Chart, Columns, Content, ScaleMode, SeriesKind};

use super::super::support::{Recorder, chart, columns, light, walk};
use super::picture;
use super::sheet::sheet;

/// Charts of every kind, of the same bars.
pub(super) fn kinds(size: (i32, i32), ratio: f64, decimals: usize) -> impl Iterator<Item = Chart> {
    SeriesKind::ALL.into_iter().map(move |kind| {
        let mut chart = chart(size.0, size.1, ratio, decimals);
        chart.set_style(Style { kind, ..Style::default() });
        chart
    })
}

#[test]
fn every_kind() {
    let bars = columns(&walk(26, 181.5, 0.01));
    sheet(&golden!("kinds"), 4, kinds((250, 170), 1.0, 2).map(|chart| (chart, Content::bars(&bars))));
}

#[test]
fn every_kind_light_at_two_device_pixels() {
    let bars = columns(&walk(16, 181.5, 0.01));
    let charts = kinds((360, 280), 2.0, 2).map(|mut chart| {
        chart.set_theme(light());
        (chart, Content::bars(&bars))
    });
    sheet(&golden!("kinds-light-2x"), 4, charts);
}

#[test]
fn candles_as_they_are_at_first() {
    picture(
        &golden!("candles"),
        &mut chart(520, 300, 1.0, 2),
        &Content::bars(&columns(&walk(60, 181.5, 0.01))),
    );
}

fn modes<'a>(series: &'a [(Columns, usize, ScaleMode)]) -> impl Iterator<Item = (Chart, Content<'a>)> {
    series.iter().map(|(bars, decimals, mode)| {
        let mut chart = chart(260, 240, 1.0, *decimals);
        let show = Show { volume: false, ..Show::default() };
        chart.set_style(Style { mode: *mode, show, ..Style::default() });
        (chart, Content::bars(bars))
    })
}

/// Prices that grow by a part of themselves at every bar.
fn growth(from: f64, factor: f64) -> Columns {
    let mut bars = walk(24, 0.0, 1.0);
    let mut price = from;
    for bar in &mut bars {
        let cents = |price: f64| (price * 100.0).round() / 100.0;
        let to = cents(price * factor);
        (bar.open, bar.close) = (price, to);
        (bar.high, bar.low) = (cents(price.max(to) * 1.02), cents(price.min(to) * 0.98));
        price = to;
    }
    columns(&bars)
}

#[test]
fn every_mode_of_scale() {
    let same = columns(&walk(24, 181.5, 0.25));
    let all: Vec<_> = ScaleMode::ALL.into_iter().map(|mode| (same.clone(), 2, mode)).collect();
    sheet(&golden!("scales"), 4, modes(&all));
}

#[test]
fn every_mode_of_scale_with_a_range_of_the_hand() {
    let same = columns(&walk(24, 181.5, 0.25));
    let all: Vec<_> = ScaleMode::ALL.into_iter().map(|mode| (same.clone(), 2, mode)).collect();
    let charts = modes(&all).map(|(mut chart, content)| {
        chart.sync(&content, &Change::all());
        // The hand takes hold of what was painted.
        chart.paint_flat(&content, &mut Recorder::default()).unwrap();
        chart.scale_price(0, None, 2.0);
        chart.pan_price(0, 40.0);
        assert!(!chart.is_auto(0));
        (chart, content)
    });
    sheet(&golden!("scales-manual"), 4, charts);
}

/// The kind after `kind`. A new one does not compile until it is here, and is then missed in
/// [`SeriesKind::ALL`], of which the pictures are, until it is there.
const fn next_kind(kind: SeriesKind) -> Option<SeriesKind> {
    match kind {
        SeriesKind::Candles => Some(SeriesKind::Hollow),
        SeriesKind::Hollow => Some(SeriesKind::HeikinAshi),
        SeriesKind::HeikinAshi => Some(SeriesKind::Bars),
        SeriesKind::Bars => Some(SeriesKind::Line),
        SeriesKind::Line => Some(SeriesKind::Step),
        SeriesKind::Step => Some(SeriesKind::Area),
        SeriesKind::Area => Some(SeriesKind::Baseline),
        SeriesKind::Baseline => None,
    }
}

/// As [`next_kind`].
const fn next_mode(mode: ScaleMode) -> Option<ScaleMode> {
    match mode {
        ScaleMode::Linear => Some(ScaleMode::Log),
        ScaleMode::Log => Some(ScaleMode::Percent),
        ScaleMode::Percent => Some(ScaleMode::Indexed),
        ScaleMode::Indexed => None,
    }
}

#[test]
fn the_pictures_leave_out_no_kind_and_no_mode() {
    let kinds = std::iter::successors(Some(SeriesKind::Candles), |kind| next_kind(*kind));
    assert!(kinds.eq(SeriesKind::ALL));
    let modes = std::iter::successors(Some(ScaleMode::Linear), |mode| next_mode(*mode));
    assert!(modes.eq(ScaleMode::ALL));
}

#[test]
fn scales_of_wide_and_narrow_ranges() {
    let series = [
        // Five decades; less than one; and one that would fall below its tick.
        (growth(0.5, 1.7), 2, ScaleMode::Log),
        (growth(20.0, 1.05), 2, ScaleMode::Log),
        (growth(9.0, 0.78), 2, ScaleMode::Log),
        // The same five decades in a line, where all but the end is flat.
        (growth(0.5, 1.7), 2, ScaleMode::Linear),
        (growth(20.0, 0.93), 2, ScaleMode::Percent),
        (growth(20.0, 1.5), 2, ScaleMode::Percent),
        // Thousandths of a percent.
        (columns(&walk(24, 60_000.0, 0.05)), 2, ScaleMode::Percent),
        (growth(20.0, 1.5), 2, ScaleMode::Indexed),
    ];
    sheet(&golden!("scales-wide-and-narrow"), 4, modes(&series));
}
