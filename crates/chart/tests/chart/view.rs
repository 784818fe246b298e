//! The view moves when the user moves it, and with the last bar; never because data arrived.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::model::bars::Bar;
use wickwire_chart::{Bars, Chart, Columns, Options, SeriesKind, Style};

use super::support::{MINUTE, chart, columns, dark, paint, sync, walk};

fn shown_times(chart: &Chart, bars: &Columns) -> (i64, i64) {
    let visible = chart.visible();
    (bars.time_ns(visible.start), bars.time_ns(visible.end - 1))
}

fn scrolled_back() -> (Chart, Columns, Vec<Bar>) {
    let all = walk(1_000, 181.5, 0.01);
    let bars = columns(&all[200..900]);
    let mut chart = chart(800, 450, 1.0, 2);
    paint(&mut chart, &bars);
    chart.pan(1_500.0);
    paint(&mut chart, &bars);
    assert!(!chart.following());
    (chart, bars, all)
}

#[test]
fn the_view_stays_when_bars_are_added_at_either_end() {
    let (mut chart, mut bars, all) = scrolled_back();
    let before = shown_times(&chart, &bars);
    for bar in &all[900..] {
        bars.push(*bar);
        paint(&mut chart, &bars);
        assert_eq!(shown_times(&chart, &bars), before);
    }
    bars.prepend(&all[..200]);
    paint(&mut chart, &bars);
    assert_eq!(shown_times(&chart, &bars), before);
    bars.drop_front(150);
    paint(&mut chart, &bars);
    assert_eq!(shown_times(&chart, &bars), before);
}

#[test]
fn bars_that_come_before_the_size_are_followed() {
    let bars = columns(&walk(300, 181.5, 0.01));
    let mut chart = Chart::new(dark(), Options::default());
    sync(&mut chart, &bars);
    assert!(chart.following());
    chart.resize(800, 450, 1.0);
    paint(&mut chart, &bars);
    assert!(chart.following());
    assert_eq!(chart.visible().end, bars.len());
}

#[test]
fn a_view_made_narrow_before_there_are_bars_has_one_in_it() {
    let mut bars = columns(&walk(1, 181.5, 0.01));
    let mut chart = chart(1_200, 450, 1.0, 2);
    paint(&mut chart, &Columns::default());
    chart.zoom(0.0, 1e9);
    chart.go_live();
    paint(&mut chart, &Columns::default());
    chart.resize(120, 450, 1.0);
    paint(&mut chart, &bars);
    assert_eq!(chart.visible(), 0..1);
    bars.push(walk(2, 181.5, 0.01)[1]);
    paint(&mut chart, &bars);
    assert!(chart.visible().contains(&1), "{:?}", chart.visible());
}

#[test]
fn all_at_once_is_as_one_by_one() {
    let (mut chart, bars, all) = scrolled_back();
    let before = shown_times(&chart, &bars);
    let bars = columns(&all);
    // Another revision: in the page it is that of another state of the same series.
    paint(&mut chart, &bars);
    assert_eq!(shown_times(&chart, &bars), before);
}

#[test]
fn the_view_follows_the_last_bar_until_it_is_moved_away_and_again_when_told() {
    let all = walk(300, 181.5, 0.01);
    let mut bars = columns(&all[..200]);
    let mut chart = chart(800, 450, 1.0, 2);
    paint(&mut chart, &bars);
    for bar in &all[200..250] {
        bars.push(*bar);
        paint(&mut chart, &bars);
        assert_eq!(chart.visible().end, bars.len());
    }
    chart.pan(900.0);
    paint(&mut chart, &bars);
    bars.push(all[250]);
    paint(&mut chart, &bars);
    assert!(chart.visible().end < bars.len());
    chart.go_live();
    paint(&mut chart, &bars);
    assert_eq!(chart.visible().end, bars.len());
}

#[test]
fn a_gap_found_before_the_view_does_not_move_it() {
    let (mut chart, mut bars, _) = scrolled_back();
    let before = shown_times(&chart, &bars);
    let visible = chart.visible();
    bars.set_flags(visible.start - 50, wickwire_chart::Flags::GAP_BEFORE);
    let last = bars.time_ns(bars.len() - 1);
    bars.push(Bar { time_ns: last + MINUTE, ..Bar::default() });
    paint(&mut chart, &bars);
    assert_eq!(shown_times(&chart, &bars), before);
}

#[test]
fn another_series_starts_at_its_last_bar() {
    let (mut chart, _, _) = scrolled_back();
    chart.change_series(chart.options());
    let other = columns(&walk(50, 20.0, 0.01));
    paint(&mut chart, &other);
    assert!(chart.following());
    assert_eq!(chart.visible().end, 50);
}

#[test]
fn the_legend_is_that_of_the_pointed_bar_or_of_the_last() {
    let bars = columns(&walk(200, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    paint(&mut chart, &bars);
    let legend = chart.legend(&bars).unwrap();
    assert_eq!((legend.index, legend.pointed), (199, false));
    assert_eq!(legend.change, Some(bars.close[199] - bars.close[198]));
    chart.point(Some((100, 100)));
    let legend = chart.legend(&bars).unwrap();
    assert!(legend.pointed && legend.index < 199);
    assert_eq!(legend.close, bars.close[legend.index]);
    chart.point(Some((790, 100)));
    assert!(!chart.legend(&bars).unwrap().pointed, "on the axis");
    assert_eq!(chart.legend(&Columns::default()), None);
}

#[test]
fn the_legend_of_averaged_candles_is_that_of_what_is_drawn() {
    let bars = columns(&walk(200, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    paint(&mut chart, &bars);
    assert!(!chart.legend(&bars).unwrap().averaged);
    chart.set_style(Style { kind: SeriesKind::HeikinAshi, ..Style::default() });
    paint(&mut chart, &bars);
    let average = |i: usize| (bars.open[i] + bars.high[i] + bars.low[i] + bars.close[i]) / 4.0;
    let last = chart.legend(&bars).unwrap();
    assert_eq!((last.close, last.change), (average(199), Some(average(199) - average(198))));
    let mut text = String::new();
    last.write_price(&mut text, 181.5025, 2);
    assert_eq!((text.as_str(), last.averaged), ("181.50", true));
    // What keys walk to is the same, and each opens in the middle of the one before.
    chart.walk(-10);
    let (here, at) = (chart.legend(&bars).unwrap(), chart.pointed_bar().unwrap());
    chart.walk(-1);
    let before = chart.legend(&bars).unwrap();
    assert_eq!((here.index, before.index), (at, at - 1));
    assert_eq!(here.open, f64::midpoint(before.open, before.close));
    assert_eq!(here.rising(), here.close >= here.open);
    assert_eq!((here.volume, here.time_ns), (bars.volume[at], bars.time_ns[at]));
}
