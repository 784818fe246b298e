//! The time axis: bars of seconds, and views over a change of clocks.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::chart::{Options, Style};
use wickwire_chart::model::marks::{Session, Sessions, Show};
use wickwire_chart::{Chart, Columns, Content, Flags, SeriesKind, Zone};

use super::super::support::{MINUTE, OPENING, chart, columns, walk};
use super::sheet::sheet;

const SECOND: i64 = 1_000_000_000;

/// A zone around one change of its clocks.
#[derive(Clone, Copy)]
struct Changing {
    /// When, UTC seconds.
    at: i64,
    /// Offset and abbreviation until then.
    before: (i32, &'static str),
    /// And from then on.
    after: (i32, &'static str),
}

impl Changing {
    const fn is(&self, utc: i64) -> (i32, &'static str) {
        if utc < self.at { self.before } else { self.after }
    }
}

impl Zone for Changing {
    fn offset_seconds(&self, utc: i64) -> i32 {
        self.is(utc).0
    }
    fn abbreviation(&self, utc: i64) -> &str {
        self.is(utc).1
    }
}

/// Days as that clock has them.
impl Sessions for Changing {
    fn session_at(&self, _: i64) -> (Session, i64) {
        (Session::Regular, i64::MAX)
    }
    fn zone(&self) -> &dyn Zone {
        self
    }
}

const HOUR: i32 = 3_600;
/// 2013-11-03, when the hour from one to two came twice.
const NEW_YORK_AUTUMN: Changing =
    Changing { at: 1_383_458_400, before: (-4 * HOUR, "EDT"), after: (-5 * HOUR, "EST") };
/// 2014-03-09, when the hour from two to three was left out.
const NEW_YORK_SPRING: Changing =
    Changing { at: 1_394_348_400, before: (-5 * HOUR, "EST"), after: (-4 * HOUR, "EDT") };
/// Berlin, 2013-10-27, when the hour from two to three came twice.
const LOCAL_AUTUMN: Changing =
    Changing { at: 1_382_835_600, before: (2 * HOUR, "Local"), after: (HOUR, "Local") };
/// Lord Howe Island, 2013-10-06, when the half hour from two was left out.
const LOCAL_HALF_HOUR: Changing =
    Changing { at: 1_380_987_000, before: (10 * HOUR + HOUR / 2, "Local"), after: (11 * HOUR, "Local") };

/// A line, which needs little of a picture that is about the axis.
fn line(width: i32, interval_ns: i64) -> Chart {
    let mut chart = chart(width, 110, 1.0, 2);
    chart.change_series(Options { interval_ns, decimals: 2 });
    let show = Show { volume: false, extremes: false, last_price: false, ..Show::default() };
    chart.set_style(Style { kind: SeriesKind::Line, show, ..Style::default() });
    chart
}

/// How many bars a view over a change has, and which is the first after it.
const BARS: usize = 18;
const CHANGED: usize = 8;

/// Bars of half an hour over a change of clocks.
fn over(change: &Changing) -> Columns {
    let mut bars = walk(BARS, 181.5, 0.01);
    for (i, bar) in bars.iter_mut().enumerate() {
        bar.time_ns = change.at * SECOND + (i as i64 - CHANGED as i64) * 30 * MINUTE;
    }
    columns(&bars)
}

#[test]
fn changes_of_clocks_in_new_york_and_where_the_person_is() {
    let changes = [NEW_YORK_AUTUMN, NEW_YORK_SPRING, LOCAL_AUTUMN, LOCAL_HALF_HOUR];
    let bars = changes.each_ref().map(over);
    let shown = changes.iter().zip(&bars).flat_map(|shown| [(shown, false), (shown, true)]);
    let charts = shown.map(|((change, bars), pointed)| {
        let mut chart = line(620, 30 * MINUTE);
        chart.set_zone(Box::new(*change));
        chart.set_sessions(Box::new(*change));
        let content = Content::bars(bars);
        chart.sync(&content, &bars.take_change());
        chart.show(0, BARS - 1);
        // On the right the crosshair names the bar with which the new time begins.
        let x = (CHANGED as f64 + 0.5) / BARS as f64 * f64::from(chart.layout().plot.w);
        chart.point(pointed.then_some((x as i32, 30)));
        (chart, content)
    });
    sheet(&golden!("clock-changes"), 2, charts);
}

#[test]
fn bars_of_seconds() {
    let series = [1, 5].map(|seconds| {
        let mut bars = walk(26, 181.5, 0.01);
        for (i, bar) in bars.iter_mut().enumerate() {
            bar.time_ns = OPENING + 40 * SECOND + i as i64 * seconds * SECOND;
        }
        // Seconds without a trade have no bar; an interruption is a gap.
        bars.drain(8..11);
        bars[16].flags = Flags::GAP_BEFORE;
        (columns(&bars), seconds)
    });
    let charts = series.iter().map(|(bars, seconds)| {
        let mut chart = chart(400, 140, 1.0, 2);
        chart.change_series(Options { interval_ns: seconds * SECOND, decimals: 2 });
        chart.point((*seconds == 1).then_some((150, 30)));
        (chart, Content::bars(bars))
    });
    sheet(&golden!("seconds"), 1, charts);
}
