//! What is painted when: as little as shows the change.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::{Color, Content, Layers, Marks, PaneSpec, Plot, PlotStyle, Rect, Values};

use super::support::{Recorder, chart, columns, dark, paint, sync, walk};

#[test]
fn a_tick_within_the_range_repaints_the_live_layer_only() {
    let mut bars = columns(&walk(200, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    paint(&mut chart, &bars);
    let last = *walk(200, 181.5, 0.01).last().unwrap();
    bars.replace_last(wickwire_chart::model::bars::Bar { close: last.low, ..last });
    let [base, live, overlay] = paint(&mut chart, &bars);
    assert!(base.is_empty() && overlay.is_empty());
    // Wick, body, volume, price line, tag and a label it hides; cleared by the same few.
    assert!(live.fills.len() <= 6 && live.texts.len() == 1, "{live:?}");
    let area: i64 = live.cleared.iter().map(|r| i64::from(r.w) * i64::from(r.h)).sum();
    assert!(area < 800 * 450 / 20, "cleared {area} pixels");
}

#[test]
fn a_tick_beyond_the_range_repaints_all() {
    let mut bars = columns(&walk(200, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    paint(&mut chart, &bars);
    let last = *walk(200, 181.5, 0.01).last().unwrap();
    bars.replace_last(wickwire_chart::model::bars::Bar { high: 190.0, close: 190.0, ..last });
    let [base, live, _] = paint(&mut chart, &bars);
    assert!(!base.is_empty() && !live.is_empty());
}

#[test]
fn the_pointer_repaints_the_overlay_only_and_nothing_repaints_nothing() {
    let bars = columns(&walk(200, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    paint(&mut chart, &bars);
    chart.point(Some((300, 200)));
    let [base, live, overlay] = paint(&mut chart, &bars);
    assert!(base.is_empty() && live.is_empty());
    assert_eq!(overlay.texts.len(), 2, "two tags");
    let [base, live, overlay] = paint(&mut chart, &bars);
    assert!(base.is_empty() && live.is_empty() && overlay.is_empty());
    chart.point(None);
    let [_, _, gone] = paint(&mut chart, &bars);
    assert!(!gone.cleared.is_empty() && gone.fills.is_empty());
}

#[test]
fn what_a_cleared_layer_marked_is_cleared() {
    let bars = columns(&walk(200, 181.5, 0.01));
    for ratio in [1.0, 1.5, 2.0] {
        let mut chart = chart(800, 450, ratio, 2);
        paint(&mut chart, &bars);
        for at in [(3, 2), (300, 200), (700, 420)] {
            chart.point(Some(at));
            let [.., drawn] = paint(&mut chart, &bars);
            chart.point(None);
            let [.., cleared] = paint(&mut chart, &bars);
            assert!(covers(&cleared.cleared, &drawn), "{at:?}");
        }
    }
}

#[test]
fn the_live_layer_notes_all_it_marks() {
    let all = walk(200, 181.5, 0.01);
    let mut bars = columns(&all);
    let mut chart = chart(800, 450, 2.0, 2);
    let [_, drawn, _] = paint(&mut chart, &bars);
    let last = *all.last().unwrap();
    bars.replace_last(wickwire_chart::model::bars::Bar { close: last.high, volume: 1.0, ..last });
    let [base, live, _] = paint(&mut chart, &bars);
    assert!(base.is_empty());
    assert!(covers(&live.cleared, &drawn), "{:?} {:?}", live.cleared, drawn);
}

#[test]
fn moving_the_view_clears_what_was_marked_and_a_new_size_clears_all() {
    let bars = columns(&walk(200, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    let [_, drawn, _] = paint(&mut chart, &bars);
    chart.pan(50.0);
    let [_, live, _] = paint(&mut chart, &bars);
    assert!(covers(&live.cleared, &drawn) && !live.cleared.contains(&chart.layout().all));
    chart.resize(810, 450, 1.0);
    let [_, live, overlay] = paint(&mut chart, &bars);
    assert_eq!(live.cleared, [chart.layout().all]);
    assert_eq!(overlay.cleared, [chart.layout().all]);
}

#[test]
fn layers_that_share_a_surface_are_painted_in_order() {
    let bars = columns(&walk(20, 181.5, 0.01));
    let mut one = Recorder::default();
    let mut flat = chart(400, 240, 1.0, 2);
    sync(&mut flat, &bars);
    flat.paint_flat(&Content::bars(&bars), &mut one).unwrap();
    let [base, live, overlay] = paint(&mut chart(400, 240, 1.0, 2), &bars);
    assert_eq!(one.fills, [base.fills, live.fills, overlay.fills].concat());
}

#[test]
fn columns_of_values_may_be_longer_or_shorter_than_the_bars_or_empty() {
    let bars = columns(&walk(60, 181.5, 0.01));
    let mut chart = chart(400, 240, 1.0, 2);
    let plot = Plot { column: 0, style: PlotStyle::Line, color: Color::rgb(1, 2, 3), width: 1.0 };
    chart.set_panes(vec![PaneSpec { weight: 1.0, plots: vec![plot], ..PaneSpec::default() }]);
    let all = vec![181.0; 70];
    let mut paint = |len: usize, changed_from: usize| {
        let values = [Values::since(&all[..len], changed_from)];
        let content = Content { bars: &bars, values: &values, marks: Marks::default() };
        chart.sync(&content, &bars.take_change());
        let [mut base, mut live, mut overlay] = [0; 3].map(|_| Recorder::default());
        let layers = chart.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
        (layers, base.lines.len() + live.lines.len())
    };
    assert_eq!(paint(0, 0), (Layers::ALL, 0));
    assert_eq!(paint(0, 0), (Layers::NONE, 0), "nothing is no news");
    assert_eq!(paint(50, 0), (Layers::ALL, 1), "the base layer has all that there is");
    assert_eq!(paint(70, 50), (Layers::ALL, 2));
    assert_eq!(paint(70, 70), (Layers::NONE, 0));
    assert_eq!(paint(70, 59), (Layers::LIVE, 1), "values of the last bar");
    assert_eq!(paint(55, 55), (Layers::ALL, 1), "those of the last bars are gone");
}

#[test]
fn panes_below_do_not_make_ticks_dearer() {
    let all = walk(200, 181.5, 0.01);
    let mut bars = columns(&all);
    let mut chart = chart(800, 450, 1.0, 2);
    chart.set_panes(vec![
        PaneSpec { weight: 2.0, ..PaneSpec::default() },
        PaneSpec { weight: 1.0, range: Some((0.0, 100.0)), ..PaneSpec::default() },
    ]);
    paint(&mut chart, &bars);
    let last = *all.last().unwrap();
    bars.replace_last(wickwire_chart::model::bars::Bar { close: last.low, ..last });
    let [base, live, overlay] = paint(&mut chart, &bars);
    assert!(base.is_empty() && !live.is_empty() && overlay.is_empty());
}

#[test]
fn layers_are_sets() {
    assert!(Layers::ALL.contains(Layers::BASE | Layers::LIVE));
    assert!(!Layers::LIVE.contains(Layers::ALL));
    assert!(Layers::NONE.is_empty());
}

/// Whether every pixel drawn is in one of the cleared rectangles.
fn covers(cleared: &[Rect], drawn: &Recorder) -> bool {
    drawn.fills.iter().all(|(_, rect)| cleared.iter().any(|clear| rect.clip(clear) == *rect))
        && drawn.texts.iter().all(|(_, rect)| cleared.iter().any(|clear| rect.clip(clear) == *rect))
}

#[test]
fn a_signed_histogram_has_the_colours_of_the_palette_and_fades_as_it_shrinks() {
    let bars = columns(&walk(6, 181.5, 0.01));
    let column = [1.0, 3.0, 2.0, -2.0, -3.0, -1.0];
    let values = [Values::all(&column)];
    let content = Content { bars: &bars, values: &values, marks: Marks::default() };
    let safe = (Color::rgb(0x4A, 0xA8, 0xFF), Color::rgb(0xFF, 0x9F, 0x1C));
    for (up, down) in [(dark().up, dark().down), safe] {
        let mut chart = chart(400, 300, 1.0, 2);
        chart.set_theme(wickwire_chart::Theme { up, down, ..dark() });
        let style = PlotStyle::Histogram { signed: true };
        let plots = vec![Plot { column: 0, style, color: Color::rgb(1, 2, 3), width: 1.0 }];
        let below = PaneSpec { weight: 1.0, plots, ..PaneSpec::default() };
        chart.set_panes(vec![PaneSpec { weight: 1.0, ..PaneSpec::default() }, below]);
        chart.sync(&content, &wickwire_chart::Change::all());
        let [mut base, mut live, mut overlay] =
            [Recorder::default(), Recorder::default(), Recorder::default()];
        chart.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
        let pane = chart.layout().panes[1].plot;
        let columns = |layer: &Recorder| {
            let mut columns: Vec<(i32, Color)> = layer
                .fills
                .iter()
                .filter(|(color, rect)| color.a < 255 && rect.clip(&pane) == *rect)
                .filter(|(color, _)| [up, down].contains(&Color { a: 255, ..*color }))
                .map(|(color, rect)| (rect.x, *color))
                .collect();
            columns.sort_unstable_by_key(|(x, _)| *x);
            columns.into_iter().map(|(_, color)| color).collect::<Vec<_>>()
        };
        let (grown, shrunk) = (0.8, 0.4);
        let expected =
            [(up, grown), (up, grown), (up, shrunk), (down, grown), (down, grown)].map(|(c, a)| c.fade(a));
        assert_eq!(columns(&base), expected);
        assert_eq!(columns(&live), [down.fade(shrunk)]);
    }
}

#[test]
fn a_tick_repaints_the_tags_of_last_values_and_no_more_than_before() {
    let mut bars = columns(&walk(200, 181.5, 0.01));
    let mean: Vec<f64> = bars.close.iter().map(|close| close + 0.02).collect();
    let index: Vec<f64> = (0..200).map(|i| f64::from(i % 50)).collect();
    let amber = Color::rgb(0xE0, 0xA0, 0x30);
    let plot = |column| Plot { column, style: PlotStyle::Line, color: amber, width: 1.0 };
    let pane = |column| PaneSpec { weight: 1.0, plots: vec![plot(column)], ..PaneSpec::default() };
    let mut chart = chart(800, 450, 1.0, 2);
    chart.set_panes(vec![pane(0), pane(1)]);
    let paint = |chart: &mut wickwire_chart::Chart, bars: &wickwire_chart::Columns, changed_from| {
        let values = [&mean, &index].map(|values| Values::since(values, changed_from));
        let content = Content { bars, values: &values, marks: Marks::default() };
        chart.sync(&content, &bars.take_change());
        let [mut base, mut live, mut overlay] =
            [Recorder::default(), Recorder::default(), Recorder::default()];
        chart.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
        [base, live, overlay]
    };
    let [_, live, _] = paint(&mut chart, &bars, 0);
    let axis = chart.layout().price_axis.x;
    let tags: Vec<Rect> = live.of(amber).filter(|rect| rect.x >= axis).collect();
    assert_eq!(tags.len(), 2);
    assert_eq!(live.texts.len(), 3, "{:?}", live.texts);
    let last = *walk(200, 181.5, 0.01).last().unwrap();
    bars.replace_last(wickwire_chart::model::bars::Bar { close: last.low, ..last });
    let [base, live, overlay] = paint(&mut chart, &bars, 199);
    assert!(base.is_empty() && overlay.is_empty());
    assert!(tags.iter().all(|tag| live.cleared.contains(tag)));
    let area: i64 = live.cleared.iter().map(|r| i64::from(r.w) * i64::from(r.h)).sum();
    assert!(area < 800 * 450 / 20, "cleared {area} pixels");
}
