//! What the market says beside the bars: sessions, halts, limits, quote, news.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::chart::{Options, Style};
use wickwire_chart::model::bars::Bar;
use wickwire_chart::model::marks::{Band, Halt, NewsMark, Session, Sessions};
use wickwire_chart::{Chart, Columns, Content, Flags, Marks, ScaleMode, SeriesKind, Zone};

use super::super::support::{MINUTE, NewYork, OPENING, chart, columns, light, paint, walk};
use super::{painted, picture};

const DAY: i64 = 24 * 60 * MINUTE;

/// The hours of the New York exchanges, early and late trading with them.
struct Hours;

impl Sessions for Hours {
    fn session_at(&self, time_ns: i64) -> (Session, i64) {
        let midnight = time_ns - (time_ns - (OPENING - 570 * MINUTE)).rem_euclid(DAY);
        let minute = (time_ns - midnight) / MINUTE;
        let (session, until) = match minute {
            0..240 => (Session::Closed, 240),
            240..570 => (Session::Pre, 570),
            570..960 => (Session::Regular, 960),
            960..1_200 => (Session::Post, 1_200),
            _ => (Session::Closed, 1_440),
        };
        (session, midnight + until * MINUTE)
    }
    fn zone(&self) -> &dyn Zone {
        &NewYork
    }
}

/// Bars of `minutes` from early to late trading, on `days` days.
fn extended(days: i64, minutes: i64) -> Vec<Bar> {
    let per_day = 960 / minutes;
    let mut bars = walk((days * per_day) as usize, 181.5, 0.02);
    for (i, bar) in bars.iter_mut().enumerate() {
        let (day, within) = (i as i64 / per_day, i as i64 % per_day);
        bar.time_ns = OPENING - 330 * MINUTE + day * DAY + within * minutes * MINUTE;
    }
    bars
}

fn intraday(width: i32, height: i32, ratio: f64, minutes: i64) -> Chart {
    let mut chart = chart(width, height, ratio, 2);
    chart.change_series(Options { interval_ns: minutes * MINUTE, decimals: 2 });
    chart.set_sessions(Box::new(Hours));
    chart
}

#[test]
fn extended_hours_and_session_breaks() {
    let bars = columns(&extended(3, 30));
    let mut chart = intraday(560, 220, 1.0, 30);
    let content = Content::bars(&bars);
    chart.sync(&content, &bars.take_change());
    chart.show(0, 95);
    picture(&golden!("sessions"), &mut chart, &content);
}

#[test]
fn sessions_too_many_to_be_told_apart_are_not_tinted() {
    let bars = columns(&extended(120, 240));
    let mut chart = intraday(300, 120, 1.0, 240);
    let kind = SeriesKind::Line;
    let show = wickwire_chart::model::marks::Show { volume: false, ..Default::default() };
    chart.set_style(Style { kind, show, ..Style::default() });
    let content = Content::bars(&bars);
    chart.sync(&content, &bars.take_change());
    chart.show(0, 479);
    picture(&golden!("very-many-sessions"), &mut chart, &content);
}

/// Bars with a halt between two of them, one of ten minutes, and one that goes on.
struct Halted {
    bars: Columns,
    halts: Vec<Halt>,
    bands: Vec<Band>,
    news: Vec<NewsMark>,
}

fn halted() -> Halted {
    let mut bars = walk(44, 181.5, 0.02);
    for bar in &mut bars[14..] {
        bar.time_ns += 5 * MINUTE;
    }
    bars[30].flags = Flags::GAP_BEFORE;
    let time = |i: usize| bars[i].time_ns;
    let halts = vec![
        Halt { from_ns: time(13) + MINUTE, to_ns: Some(time(14)) },
        Halt { from_ns: time(20), to_ns: Some(time(25)) },
        Halt { from_ns: time(26), to_ns: Some(time(27)) },
        Halt { from_ns: time(43) + 30_000_000_000, to_ns: None },
    ];
    let band = |i: usize, lower, upper| Band { from_ns: time(i), lower, upper };
    let bands = vec![
        band(0, 181.1, 182.1),
        band(9, 181.0, 181.9),
        band(18, f64::NAN, f64::NAN),
        band(25, 180.9, 182.0),
        Band { from_ns: time(43) + 20_000_000_000, lower: 181.2, upper: 182.2 },
    ];
    let news = [0, 3, 4, 20, 20, 20, 41, 42, 42, 42, 42, 42, 42, 42, 42, 42, 43];
    let news = news.iter().enumerate();
    let news = news.map(|(id, i)| NewsMark { time_ns: time(*i) + id as i64, id: id as u64 }).collect();
    Halted { bars: columns(&bars), halts, bands, news }
}

impl Halted {
    fn content(&self) -> Content<'_> {
        let close = self.bars.close[43];
        let marks = Marks {
            quote: Some((close - 0.06, close + 0.08)),
            countdown: Some(42),
            news: &self.news,
            halts: &self.halts,
            bands: &self.bands,
            revision: 1,
        };
        Content { bars: &self.bars, values: &[], marks }
    }
}

#[test]
fn halts_limits_quote_countdown_and_news() {
    picture(&golden!("marks"), &mut chart(460, 300, 1.0, 2), &halted().content());
}

#[test]
fn marks_light_at_two_device_pixels() {
    let mut chart = chart(920, 600, 2.0, 2);
    chart.set_theme(light());
    picture(&golden!("marks-light-2x"), &mut chart, &halted().content());
}

#[test]
fn a_quote_with_one_side_and_a_tag_in_percent() {
    let bars = columns(&walk(20, 181.5, 0.02));
    let marks = Marks { quote: Some((f64::NAN, 181.9)), countdown: Some(3_750), ..Marks::default() };
    let mut chart = chart(280, 200, 1.0, 2);
    chart.set_style(Style { mode: ScaleMode::Percent, ..Style::default() });
    picture(&golden!("one-sided-quote"), &mut chart, &Content { bars: &bars, values: &[], marks });
}

#[test]
fn a_crosshair_hides_whole_labels() {
    let bars = columns(&walk(60, 181.5, 0.01));
    let mut chart = chart(520, 300, 1.0, 2);
    chart.point(Some((201, 101)));
    picture(&golden!("crosshair"), &mut chart, &Content::bars(&bars));
}

#[test]
fn a_crosshair_that_keys_moved() {
    let bars = columns(&walk(60, 181.5, 0.01));
    let mut chart = chart(320, 200, 1.0, 2);
    paint(&mut chart, &bars);
    chart.walk(0);
    chart.walk(-12);
    painted(&golden!("crosshair-by-keys"), &mut chart, &Content::bars(&bars));
}
