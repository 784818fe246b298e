//! Whatever a chart is told, what it lays out, draws and looks at is bounded.

use std::cell::Cell;
use std::rc::Rc;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::model::marks::{Session, Sessions};
use wickwire_chart::model::pane::{MAX_COLUMNS, MAX_LINE_WIDTH, MAX_PANES};
use wickwire_chart::view::layout::MAX_SIDE;
use wickwire_chart::{Color, Content, Marks, PaneSpec, Plot, PlotStyle, Values};

use super::support::{MINUTE, Recorder, chart, columns, dark, paint, sync_with, walk};

const LINE: Color = Color::rgb(1, 2, 3);

fn pane(column: usize, width: f64) -> PaneSpec {
    let plots = vec![Plot { column, style: PlotStyle::Line, color: LINE, width }];
    PaneSpec { weight: 1.0, plots, ..PaneSpec::default() }
}

#[test]
fn panes_beyond_the_limit_are_left_out() {
    let mut chart = chart(400, 4_000, 1.0, 2);
    chart.set_panes(vec![PaneSpec { weight: 1.0, ..PaneSpec::default() }; MAX_PANES + 3]);
    assert_eq!((chart.weights().len(), chart.layout().panes.len()), (MAX_PANES, MAX_PANES));
}

#[test]
fn a_canvas_is_laid_out_no_larger_than_the_limit() {
    let mut chart = chart(i32::MAX, i32::MAX, 1.0, 2);
    let all = chart.layout().all;
    assert_eq!((all.w, all.h), (MAX_SIDE, MAX_SIDE));
    chart.resize(MAX_SIDE, 300, 1.0);
    assert_eq!(chart.layout().all.w, MAX_SIDE);
}

/// The widths of the lines that are drawn for the last of so many columns.
fn widths(columns_given: usize, width: f64) -> Vec<i32> {
    let bars = columns(&walk(30, 181.5, 0.01));
    let column = vec![3.0; 30];
    let values = vec![Values::all(&column); columns_given];
    let content = Content { bars: &bars, values: &values, marks: Marks::default() };
    let mut chart = chart(400, 300, 1.0, 2);
    let prices = PaneSpec { weight: 1.0, ..PaneSpec::default() };
    chart.set_panes(vec![prices, pane(columns_given - 1, width)]);
    sync_with(&mut chart, &content);
    let mut base = Recorder::default();
    chart.paint(&content, &mut base, &mut Recorder::default(), &mut Recorder::default()).unwrap();
    // A line of equal values is as high as it is wide.
    base.of(LINE).map(|rect| rect.h).collect()
}

#[test]
fn lines_are_no_wider_than_the_limit() {
    assert_eq!(widths(1, MAX_LINE_WIDTH), [MAX_LINE_WIDTH as i32]);
    assert_eq!(widths(1, 1e9), [MAX_LINE_WIDTH as i32]);
}

#[test]
fn columns_beyond_the_limit_are_not_drawn() {
    assert_eq!(widths(MAX_COLUMNS, 2.0), [2]);
    assert!(widths(MAX_COLUMNS + 1, 2.0).is_empty());
}

/// Every other minute is early trading. Counts how often it is asked.
struct Alternating(Rc<Cell<usize>>);

impl Sessions for Alternating {
    fn session_at(&self, time_ns: i64) -> (Session, i64) {
        self.0.set(self.0.get() + 1);
        let minute = time_ns.div_euclid(MINUTE);
        let session = if minute % 2 == 0 { Session::Pre } else { Session::Regular };
        (session, (minute + 1) * MINUTE)
    }
}

#[test]
fn sessions_are_looked_at_up_to_a_limit_and_then_none_is_tinted() {
    let bars = columns(&walk(4_000, 181.5, 0.01));
    let tinted = |shown: usize| {
        let asked = Rc::new(Cell::new(0));
        let mut chart = chart(3_000, 300, 1.0, 2);
        chart.set_sessions(Box::new(Alternating(Rc::clone(&asked))));
        paint(&mut chart, &bars);
        chart.show(3_999 - shown, 3_999);
        asked.set(0);
        let [base, ..] = paint(&mut chart, &bars);
        (base.of(dark().extended()).count(), asked.get())
    };
    let (count, _) = tinted(350);
    assert!((170..=180).contains(&count), "{count}");
    assert_eq!(tinted(700), (0, 400));
}
