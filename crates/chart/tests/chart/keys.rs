//! What keys do to panes, without a hand: they act on the pane with the crosshair.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::model::marks::NewsMark;
use wickwire_chart::{Bars, Chart, Color, Columns, Content, Marks, PaneSpec, Plot, PlotStyle, Values};

use super::support::{Recorder, chart, columns, sync_with, walk};

/// A chart of a pane of prices and two of values, and what is shown in it.
fn three_panes() -> (Chart, Columns, Vec<f64>) {
    let bars = columns(&walk(200, 181.5, 0.01));
    let mut chart = chart(800, 600, 1.0, 2);
    let plot = |color| Plot { column: 0, style: PlotStyle::Line, color, width: 1.0 };
    let pane = |weight, plots| PaneSpec { weight, plots, ..PaneSpec::default() };
    chart.set_panes(vec![
        pane(2.0, vec![]),
        pane(1.0, vec![plot(Color::rgb(1, 2, 3))]),
        pane(1.0, vec![plot(Color::rgb(3, 2, 1))]),
    ]);
    let values = (0..200).map(f64::from).collect();
    (chart, bars, values)
}

/// Paints, and returns what the overlay got.
fn overlay(chart: &mut Chart, bars: &Columns, values: &[f64]) -> Recorder {
    let content = Content { bars, values: &[Values::all(values)], marks: Marks::default() };
    if chart.visible().is_empty() {
        sync_with(chart, &content);
    }
    let [mut base, mut live, mut overlay] = [Recorder::default(), Recorder::default(), Recorder::default()];
    chart.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
    overlay
}

/// What the crosshair's tag on the axis of a pane says, and its row.
fn tag(chart: &mut Chart, bars: &Columns, values: &[f64], pane: usize) -> (f64, i32) {
    let painted = overlay(chart, bars, values);
    let axis = chart.layout().panes[pane].axis;
    let (text, at) = painted.texts.iter().find(|(_, at)| axis.contains(at.x, at.y + at.h / 2)).unwrap();
    (text.parse().unwrap(), at.y)
}

#[test]
fn keys_walk_the_panes_and_tell_the_value_there() {
    let (mut chart, bars, values) = three_panes();
    overlay(&mut chart, &bars, &values);
    assert_eq!(chart.pointed_pane(), 0, "without a crosshair");
    chart.walk(0);
    chart.walk(-10);
    chart.walk_panes(1);
    assert_eq!((chart.pointed_pane(), chart.pointed_bar()), (1, Some(189)));
    let (value, _) = tag(&mut chart, &bars, &values, 1);
    assert_eq!(value, 189.0);
    chart.walk(-1);
    chart.walk_panes(9);
    assert_eq!((chart.pointed_pane(), chart.pointed_bar()), (2, Some(188)));
    chart.walk_panes(i32::MIN);
    assert_eq!(chart.pointed_pane(), 0);
    chart.walk_panes(2);
    chart.set_panes(vec![PaneSpec { weight: 1.0, ..PaneSpec::default() }]);
    assert_eq!((chart.pointed_pane(), chart.pointed_bar()), (0, Some(188)), "its pane is gone");
}

#[test]
fn keys_act_on_the_pane_with_the_crosshair() {
    let (mut chart, bars, values) = three_panes();
    overlay(&mut chart, &bars, &values);
    let autos = |chart: &Chart| [0, 1, 2].map(|pane| chart.is_auto(pane));
    chart.scale_pointed(1);
    assert_eq!(autos(&chart), [false, true, true], "that of the prices without one");
    chart.walk_panes(2);
    let (_, before) = tag(&mut chart, &bars, &values, 2);
    chart.pan_pointed(2);
    assert_eq!(autos(&chart), [false, true, false]);
    let (_, after) = tag(&mut chart, &bars, &values, 2);
    assert!((after - before - chart.layout().panes[2].plot.h / 5).abs() <= 1, "higher values are shown");
    chart.reset_price(chart.pointed_pane());
    assert_eq!(autos(&chart), [false, true, true]);

    let heights = |chart: &Chart| chart.layout().panes.iter().map(|pane| pane.plot.h).collect::<Vec<_>>();
    let before = heights(&chart);
    chart.grow_pointed(2);
    assert_eq!(heights(&chart), [before[0], before[1] - 40, before[2] + 40]);
    chart.walk_panes(-1);
    chart.grow_pointed(3);
    assert_eq!(heights(&chart), [before[0] - 60, before[1] + 20, before[2] + 40]);
    chart.walk_panes(-1);
    chart.grow_pointed(-1);
    assert_eq!(heights(&chart), [before[0] - 80, before[1] + 40, before[2] + 40]);
}

#[test]
fn the_news_at_the_crosshair_are_found() {
    let bars = columns(&walk(60, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    let news = [20, 40, 40].map(|bar| NewsMark { time_ns: bars.time_ns(bar), id: bar as u64 });
    let content = Content { marks: Marks { news: &news, ..Marks::default() }, ..Content::bars(&bars) };
    sync_with(&mut chart, &content);
    let [mut base, mut live, mut overlay] = [Recorder::default(), Recorder::default(), Recorder::default()];
    chart.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
    assert_eq!(chart.news_at_crosshair(), None, "there is no crosshair");
    chart.walk(0);
    for (by, found) in [(-19, Some((1, 2))), (-10, None), (-10, Some((0, 1)))] {
        let bar = chart.walk(by);
        let group = chart.news_at_crosshair().map(|group| (group.first, group.count));
        assert_eq!(group, found, "at {bar:?}");
    }
}

#[test]
fn a_mark_of_several_bars_is_found_from_each() {
    let bars = columns(&walk(120, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    let news = [60, 61, 64, 80].map(|bar| NewsMark { time_ns: bars.time_ns(bar), id: bar as u64 });
    let content = Content { marks: Marks { news: &news, ..Marks::default() }, ..Content::bars(&bars) };
    sync_with(&mut chart, &content);
    // Three and a half pixels from bar to bar: a mark is as wide as four of them.
    chart.zoom(800.0, 0.5);
    let [mut base, mut live, mut overlay] = [Recorder::default(), Recorder::default(), Recorder::default()];
    chart.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
    chart.walk(0);
    for (bar, found) in
        [(80, Some((3, 1))), (70, None), (64, Some((0, 3))), (61, Some((0, 3))), (60, Some((0, 3)))]
    {
        let at = chart.pointed_bar().unwrap();
        assert_eq!(chart.walk(bar as isize - at as isize), Some(bar));
        let group = chart.news_at_crosshair().map(|group| (group.first, group.count));
        assert_eq!(group, found, "at {bar}");
    }
}

#[test]
fn steps_without_a_crosshair_are_as_many_one_by_one_or_at_once() {
    let bars = columns(&walk(60, 181.5, 0.01));
    let content = Content::bars(&bars);
    let after = |steps: &[isize]| {
        let mut chart = chart(800, 450, 1.0, 2);
        sync_with(&mut chart, &content);
        steps.iter().filter_map(|by| chart.walk(*by)).last()
    };
    for steps in [&[-1, -1][..], &[-1, -1, -1], &[-10, -1], &[1, 1]] {
        assert_eq!(after(steps), after(&[steps.iter().sum()]), "{steps:?}");
    }
    assert_eq!([after(&[0]), after(&[-1]), after(&[-2])], [Some(59), Some(59), Some(58)]);
}

#[test]
fn a_range_by_hand_stays_with_what_its_pane_shows() {
    let (mut chart, bars, values) = three_panes();
    let plot = |color| Plot { column: 0, style: PlotStyle::Line, color, width: 1.0 };
    let pane = |id, weight, plots| PaneSpec { id, weight, plots, ..PaneSpec::default() };
    let prices = || pane(0, 2.0, vec![]);
    let (red, blue) = (Color::rgb(200, 0, 0), Color::rgb(0, 0, 200));
    chart.set_panes(vec![prices(), pane(7, 1.0, vec![plot(red)]), pane(9, 1.0, vec![plot(red)])]);
    overlay(&mut chart, &bars, &values);
    chart.scale_price(2, None, 0.5);
    let autos = |chart: &Chart| (0..3).map(|pane| chart.is_auto(pane)).collect::<Vec<_>>();
    assert_eq!(autos(&chart), [true, true, false]);
    let wide = Plot { width: 3.0, ..plot(blue) };
    chart.set_panes(vec![prices(), pane(7, 1.0, vec![plot(blue)]), pane(9, 1.5, vec![wide, plot(red)])]);
    assert_eq!(autos(&chart), [true, true, false], "another look");
    chart.set_panes(vec![prices(), pane(9, 1.5, vec![Plot { column: 1, ..wide }]), pane(7, 1.0, vec![])]);
    assert_eq!(autos(&chart), [true, false, true], "another place");
    chart.set_panes(vec![prices(), pane(8, 1.0, vec![plot(red)])]);
    assert_eq!(autos(&chart), [true, true, true], "it is gone");
    chart.scale_price(0, None, 0.5);
    chart.set_panes(vec![prices(), pane(9, 1.5, vec![wide])]);
    assert_eq!(autos(&chart), [false, true, true], "that of the prices stays");
}
