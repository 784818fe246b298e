//! Trading days, which part where the exchange's do, and times after the last bar.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::chart::Options;
use wickwire_chart::model::marks::{AroundTheClock, Session, Sessions};
use wickwire_chart::{Chart, Columns, Utc, Zone};

use super::support::{MINUTE, NewYork, OPENING, Recorder, chart, columns, dark, paint, sessions, walk};

const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

struct Tokyo;

impl Zone for Tokyo {
    fn offset_seconds(&self, _: i64) -> i32 {
        9 * 3_600
    }
    fn abbreviation(&self, _: i64) -> &str {
        "Local"
    }
}

/// From half past nine to four in New York.
struct Hours;

impl Sessions for Hours {
    fn session_at(&self, time_ns: i64) -> (Session, i64) {
        let since = (time_ns - OPENING).rem_euclid(DAY);
        let length = 390 * MINUTE;
        if since < length {
            (Session::Regular, time_ns - since + length)
        } else {
            (Session::Closed, time_ns - since + DAY)
        }
    }
    fn zone(&self) -> &dyn Zone {
        &NewYork
    }
}

fn zones() -> [Box<dyn Zone>; 3] {
    [Box::new(NewYork), Box::new(Utc), Box::new(Tokyo)]
}

/// Columns of the lines between days.
fn breaks(chart: &mut Chart, bars: &Columns) -> Vec<i32> {
    chart.invalidate();
    let plots = chart.layout().plots;
    let [base, ..] = paint(chart, bars);
    let dashes = base.of(dark().border).filter(|dash| dash.w == 1 && dash.bottom() <= plots.bottom());
    let mut lines: Vec<i32> = dashes.map(|dash| dash.x).filter(|x| *x < plots.w).collect();
    lines.dedup();
    lines
}

fn shown(bars: &Columns, minutes: i64) -> Chart {
    let mut chart = chart(1_000, 300, 1.0, 2);
    chart.change_series(Options { interval_ns: minutes * MINUTE, decimals: 2 });
    paint(&mut chart, bars);
    chart.show(0, bars.time_ns.len() - 1);
    chart
}

#[test]
fn days_part_where_those_of_the_exchange_do_in_any_zone() {
    // Three sessions of thirteen half hours. Midnight in Tokyo is eleven in New York.
    let mut bars = sessions(3, 13);
    for (i, bar) in bars.iter_mut().enumerate() {
        bar.time_ns += (i as i64 % 13) * 29 * MINUTE;
    }
    let bars = columns(&bars);
    let mut chart = shown(&bars, 30);
    chart.set_sessions(Box::new(Hours));
    let between = [13, 26].map(|i| i * chart.layout().plots.w / 39);
    for zone in zones() {
        chart.set_zone(zone);
        let lines = breaks(&mut chart, &bars);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(
            lines.iter().zip(between).all(|(x, edge)| (x - edge).abs() <= 2),
            "{lines:?} for {between:?}"
        );
    }
}

#[test]
fn around_the_clock_days_part_at_midnight_utc_in_any_zone() {
    // From half past one in the afternoon, an hour each: midnight is half past the tenth bar.
    let mut bars = walk(30, 181.5, 0.01);
    bars.iter_mut().enumerate().for_each(|(i, bar)| bar.time_ns = OPENING + i as i64 * HOUR);
    let bars = columns(&bars);
    let mut chart = shown(&bars, 60);
    chart.set_sessions(Box::new(AroundTheClock));
    let edge = 11 * chart.layout().plots.w / 30;
    for zone in zones() {
        chart.set_zone(zone);
        let lines = breaks(&mut chart, &bars);
        assert!(lines.len() == 1 && (lines[0] - edge).abs() <= 2, "{lines:?} for {edge}");
    }
}

/// What the crosshair shows over the last slots and beyond: its line's column, and the time if it says one.
fn pointed(chart: &mut Chart, bars: &Columns, x: i32) -> (i32, Option<String>, String) {
    chart.point(Some((x, 100)));
    let axes = (chart.layout().time_axis, chart.layout().price_axis);
    let [.., overlay] = paint(chart, bars);
    let says = |overlay: &Recorder, axis: wickwire_chart::Rect| {
        let mut texts =
            overlay.texts.iter().filter(|(_, at)| axis.contains(at.x + at.w / 2, at.y + at.h / 2));
        texts.next().map(|(text, _)| text.clone())
    };
    let down = overlay.of(dark().muted).find(|part| part.w == 1).map(|part| part.x);
    (down.unwrap(), says(&overlay, axes.0), says(&overlay, axes.1).unwrap())
}

#[test]
fn after_the_last_bar_the_crosshair_goes_on_by_slots_and_tells_times_of_the_session() {
    let bars = columns(&walk(385, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    chart.set_sessions(Box::new(Hours));
    paint(&mut chart, &bars);
    chart.pan(-70.0);
    let plain = chart.legend(&bars).unwrap();
    let edge = chart.layout().plot.w;
    // Seven pixels a bar, the last fourteen bars from the edge, at 15:54 in New York.
    let last = pointed(&mut chart, &bars, edge - 98);
    assert!(last.1.as_ref().is_some_and(|time| time.contains(" 15:54 ")), "{last:?}");
    assert!(chart.legend(&bars).unwrap().pointed);
    for ahead in 1..=13 {
        let shown = pointed(&mut chart, &bars, edge - 98 + 7 * ahead + 2);
        assert_eq!(shown.0, last.0 + 7 * ahead, "by whole slots");
        let minute = format!(" 15:{} ", 54 + ahead);
        // At four trading ends.
        let told = shown.1.as_ref().map(|time| time.contains(&minute));
        assert_eq!(told, (ahead <= 5).then_some(true), "{shown:?}");
        assert_eq!(shown.2, last.2, "the price is that of the row");
        let legend = chart.legend(&bars).unwrap();
        assert_eq!((legend, chart.pointed_bar()), (plain, None), "as without a crosshair");
    }
    // Keys go on bars, from the last in view.
    assert_eq!(chart.walk(-1), Some(384));
    assert_eq!(chart.walk(5), Some(384));
}

#[test]
fn before_the_first_bar_the_crosshair_tells_no_time() {
    let bars = columns(&walk(40, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    paint(&mut chart, &bars);
    let first = chart.layout().plot.w - 43 * 7;
    let on = pointed(&mut chart, &bars, first);
    assert!(on.1.is_some() && chart.pointed_bar() == Some(0), "{on:?}");
    let before = pointed(&mut chart, &bars, first - 21);
    assert_eq!((before.0, before.1, chart.pointed_bar()), (on.0 - 21, None, None));
    // Keys go on from the first bar.
    for (by, bar) in [(1, 0), (3, 2), (-1, 0)] {
        chart.point(Some((first - 21, 100)));
        assert_eq!(chart.walk(by), Some(bar), "by {by}");
    }
}

#[test]
fn days_and_weeks_around_the_clock_go_on_and_months_do_not() {
    let told = |days: i64, sessions: Box<dyn Sessions>| {
        let mut bars = walk(60, 181.5, 0.01);
        bars.iter_mut().enumerate().for_each(|(i, bar)| bar.time_ns = (16_000 + i as i64 * days) * DAY);
        let bars = columns(&bars);
        let mut chart = chart(800, 450, 1.0, 2);
        chart.change_series(Options { interval_ns: days * DAY, decimals: 2 });
        chart.set_sessions(sessions);
        paint(&mut chart, &bars);
        let x = chart.layout().plot.w - 10;
        pointed(&mut chart, &bars, x).1
    };
    let clock = || Box::new(AroundTheClock);
    assert!(told(1, clock()).is_some() && told(7, clock()).is_some());
    assert_eq!(told(30, clock()), None);
    assert_eq!(told(1, Box::new(Hours)), None, "weekends and holidays are not known");
}
