//! Whose clock the chart shows, and which sessions its bars are of.

use std::cell::RefCell;
use std::ops::Range;

use wickwire_chart::model::marks::{AroundTheClock, Session, Sessions};
use wickwire_chart::{Utc, Zone};
use wickwire_market::calendar::{self, new_york_offset_span};
use wickwire_market::{InstrumentClass, Timeframe};
use wickwire_proto::time::Timestamp;

use crate::layout::kinds::ZoneChoice;

/// New York's time, standard and daylight saving; with the span that was asked for last, as the next time is
/// mostly in the same.
#[derive(Default)]
struct NewYork(RefCell<(i32, Range<i64>)>);

impl Zone for NewYork {
    fn offset_seconds(&self, utc_seconds: i64) -> i32 {
        let mut last = self.0.borrow_mut();
        if !last.1.contains(&utc_seconds) {
            let (offset, span) = new_york_offset_span(Timestamp::from_seconds(utc_seconds));
            *last = (offset, span.start.seconds()..span.end.seconds());
        }
        last.0
    }
    fn abbreviation(&self, utc_seconds: i64) -> &str {
        if self.offset_seconds(utc_seconds) == -4 * 3_600 { "EDT" } else { "EST" }
    }
}

/// Clocks change on quarters of an hour, seconds.
const QUARTER: i64 = 900;
/// From one look for a change to the next, seconds: clocks that were changed stay so for longer.
const STEP: i64 = 7 * 86_400;
/// Such looks each way: where clocks do not change a span has no end.
const MAX_STEPS: i64 = 53;
/// Spans that are remembered: half a year each for most.
const MAX_SPANS: usize = 128;

/// Spans of time with the offset that holds in each, as they were found.
#[derive(Default)]
struct Spans(RefCell<Vec<(Range<i64>, i32)>>);

impl Spans {
    /// The offset at a time. `ask`, which is slow, is asked for those about which nothing is known.
    fn offset_at(&self, time: i64, ask: &dyn Fn(i64) -> i32) -> i32 {
        let mut known = self.0.borrow_mut();
        if let Some(at) = known.iter().position(|(span, _)| span.contains(&time)) {
            // The next time is mostly in the same.
            known.swap(0, at);
        } else {
            let time = time - time.rem_euclid(QUARTER);
            let offset = ask(time);
            let edge = |step| last_with(offset, time, step, ask);
            let span = edge(-STEP)..edge(STEP) + QUARTER;
            known.truncate(MAX_SPANS - 1);
            known.insert(0, (span, offset));
        }
        known.first().map_or(0, |(_, offset)| *offset)
    }
}

/// The last quarter of an hour, going from `time` by `step`, up to which `offset` holds.
fn last_with(offset: i32, time: i64, step: i64, ask: &dyn Fn(i64) -> i32) -> i64 {
    let mut inside = time;
    for _ in 0..MAX_STEPS {
        let mut outside = inside + step;
        if ask(outside) == offset {
            inside = outside;
            continue;
        }
        while (outside - inside).abs() > QUARTER {
            let middle = inside + (outside - inside) / QUARTER / 2 * QUARTER;
            let side = if ask(middle) == offset { &mut inside } else { &mut outside };
            *side = middle;
        }
        break;
    }
    inside
}

/// The zone of the browser.
#[derive(Default)]
struct Local(Spans);

impl Zone for Local {
    fn offset_seconds(&self, utc_seconds: i64) -> i32 {
        self.0.offset_at(utc_seconds, &|time| {
            let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(time as f64 * 1_000.0));
            // Minutes west of UTC; NaN where the browser knows no such date.
            let minutes = date.get_timezone_offset();
            if minutes.is_finite() { (-minutes * 60.0) as i32 } else { 0 }
        })
    }
    fn abbreviation(&self, _: i64) -> &str {
        "Local"
    }
}

/// The zone in which a symbol's times are shown: the exchange's, or UTC around the clock.
#[must_use]
pub fn zone_of(symbol: &str) -> Box<dyn Zone> {
    if InstrumentClass::of(symbol).around_the_clock() { Box::new(Utc) } else { Box::<NewYork>::default() }
}

/// The zone that counts: a day, a week or a month is the exchange's, and begins on another date elsewhere.
fn counted(choice: ZoneChoice, timeframe: Timeframe) -> ZoneChoice {
    if timeframe.is_intraday() { choice } else { ZoneChoice::Exchange }
}

/// The zone that was chosen, for bars of a symbol.
pub(super) fn chosen(choice: ZoneChoice, (symbol, timeframe): (&str, Timeframe)) -> Box<dyn Zone> {
    match counted(choice, timeframe) {
        ZoneChoice::Exchange => zone_of(symbol),
        ZoneChoice::Local => Box::<Local>::default(),
        ZoneChoice::Utc => Box::new(Utc),
    }
}

/// The name of that zone.
pub(super) fn name(choice: ZoneChoice, (symbol, timeframe): (&str, Timeframe)) -> &'static str {
    match counted(choice, timeframe) {
        ZoneChoice::Exchange if !InstrumentClass::of(symbol).around_the_clock() => "New York",
        ZoneChoice::Local => "local",
        ZoneChoice::Exchange | ZoneChoice::Utc => "UTC",
    }
}

/// New York's sessions.
#[derive(Default)]
struct Exchange(NewYork);

impl Sessions for Exchange {
    fn session_at(&self, time_ns: i64) -> (Session, i64) {
        let span = calendar::session_at(Timestamp(time_ns));
        let session = match span.session {
            calendar::Session::Closed => Session::Closed,
            calendar::Session::Pre => Session::Pre,
            calendar::Session::Regular => Session::Regular,
            calendar::Session::Post => Session::Post,
        };
        (session, span.to.nanos())
    }
    fn zone(&self) -> &dyn Zone {
        &self.0
    }
}

/// The sessions of a symbol.
pub(super) fn sessions_of(symbol: &str) -> Box<dyn Sessions> {
    if InstrumentClass::of(symbol).around_the_clock() {
        Box::new(AroundTheClock)
    } else {
        Box::<Exchange>::default()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use wickwire_market::calendar::new_york_offset;

    const DAY: i64 = 86_400;
    const YEAR: i64 = 366 * DAY;
    /// 2006-01-01, a year before New York's rule was another.
    const START: i64 = 1_136_073_600;

    fn new_york(time: i64) -> i32 {
        new_york_offset(Timestamp::from_seconds(time))
    }

    /// Put back by half an hour for a month of each five, a quarter before midnight.
    fn odd(time: i64) -> i32 {
        if (time - 23 * 3_600 - 45 * 60).div_euclid(DAY).rem_euclid(150) < 30 { 34_200 } else { 36_000 }
    }

    fn constant(_: i64) -> i32 {
        19_800
    }

    #[test]
    fn offsets_are_those_of_the_clock_and_few_are_asked_for() {
        for (clock, changes) in [(new_york as fn(i64) -> i32, 10), (odd, 25), (constant, 0)] {
            for backwards in [false, true] {
                let (spans, asked) = (Spans::default(), Cell::new(0));
                let ask = |time| {
                    asked.set(asked.get() + 1);
                    clock(time)
                };
                // Every ten minutes of five years.
                for i in 0..5 * YEAR / 600 {
                    let time = if backwards { START + 5 * YEAR - i * 600 } else { START + i * 600 };
                    assert_eq!(spans.offset_at(time, &ask), clock(time), "{time}");
                }
                // A span is found in so many looks, with two at each end to find it to a quarter.
                let most = 2 * MAX_STEPS + 2 * 11;
                assert!(asked.get() <= (changes + 6) * most, "{} times", asked.get());
                let once = asked.get();
                assert_eq!(spans.offset_at(START + YEAR, &ask), clock(START + YEAR));
                assert_eq!(asked.get(), once, "it is remembered");
            }
        }
    }

    #[test]
    fn a_change_is_found_to_the_second() {
        for change in [1_710_054_000, 1_730_613_600] {
            let spans = Spans::default();
            for time in [change - 90 * DAY, change - 1, change, change + 899] {
                assert_eq!(spans.offset_at(time, &new_york), new_york(time));
            }
            assert_ne!(spans.offset_at(change - 1, &new_york), spans.offset_at(change, &new_york));
        }
    }

    #[test]
    fn new_yorks_zone_is_its_clock_in_any_order() {
        let zone = NewYork::default();
        for i in 0..20_000 {
            // Forth by some hours, and back by half a year, over 15 years.
            let time = START + i * 23_456 + i % 3 * 180 * DAY;
            assert_eq!(zone.offset_seconds(time), new_york(time), "{time}");
        }
    }

    #[test]
    fn spans_are_bounded() {
        let spans = Spans::default();
        for year in 0..2 * MAX_SPANS as i64 {
            let time = START + year * YEAR;
            assert_eq!(spans.offset_at(time, &new_york), new_york(time));
        }
        assert_eq!(spans.0.borrow().len(), MAX_SPANS);
    }

    #[test]
    fn a_zone_has_the_name_of_its_clock() {
        let of =
            |choice| [name(choice, ("IBM", Timeframe::Min1)), name(choice, ("BTC/USD", Timeframe::Min1))];
        assert_eq!(of(ZoneChoice::Exchange), ["New York", "UTC"]);
        assert_eq!(of(ZoneChoice::Local), ["local"; 2]);
        assert_eq!(of(ZoneChoice::Utc), ["UTC"; 2]);
        // Days begin at the exchange's midnight, which is the evening before in Los Angeles.
        for timeframe in [Timeframe::Day1, Timeframe::Week1, Timeframe::Month1] {
            assert_eq!(name(ZoneChoice::Local, ("IBM", timeframe)), "New York");
            // 2024-01-12 in New York.
            let midnight = 1_705_035_600;
            assert_eq!(chosen(ZoneChoice::Utc, ("IBM", timeframe)).offset_seconds(midnight), -5 * 3_600);
        }
    }
}
