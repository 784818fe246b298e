//! Whose clock the chart shows, and which sessions its bars are of.

use std::cell::Cell;

use wickwire_chart::model::marks::{AroundTheClock, Session, Sessions};
use wickwire_chart::{Utc, Zone};
use wickwire_market::InstrumentClass;
use wickwire_market::calendar::{self, new_york_offset};
use wickwire_proto::time::Timestamp;

use crate::layout::kinds::ZoneChoice;

/// New York's time, standard and daylight saving.
struct NewYork;

impl Zone for NewYork {
    fn offset_seconds(&self, utc_seconds: i64) -> i32 {
        new_york_offset(Timestamp::from_seconds(utc_seconds))
    }
    fn abbreviation(&self, utc_seconds: i64) -> &str {
        if self.offset_seconds(utc_seconds) == -4 * 3_600 { "EDT" } else { "EST" }
    }
}

/// Seconds in the span within which an offset is not asked for again. Clocks change on quarters of
/// an hour.
const SPAN: i64 = 900;

/// The zone of the browser, which is asked once for many times nearby.
#[derive(Default)]
struct Local {
    /// The span last asked for, and its offset.
    last: Cell<Option<(i64, i32)>>,
}

impl Zone for Local {
    fn offset_seconds(&self, utc_seconds: i64) -> i32 {
        let span = utc_seconds.div_euclid(SPAN);
        if let Some((_, offset)) = self.last.get().filter(|(known, _)| *known == span) {
            return offset;
        }
        let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64((span * SPAN) as f64 * 1_000.0));
        // Minutes west of UTC; NaN where the browser knows no such date.
        let minutes = date.get_timezone_offset();
        let offset = if minutes.is_finite() { (-minutes * 60.0) as i32 } else { 0 };
        self.last.set(Some((span, offset)));
        offset
    }
    fn abbreviation(&self, _: i64) -> &str {
        "Local"
    }
}

/// The zone in which a symbol's times are shown: the exchange's, or UTC around the clock.
#[must_use]
pub fn zone_of(symbol: &str) -> Box<dyn Zone> {
    if InstrumentClass::of(symbol).around_the_clock() { Box::new(Utc) } else { Box::new(NewYork) }
}

/// The zone that was chosen, for a symbol.
pub(super) fn chosen(choice: ZoneChoice, symbol: &str) -> Box<dyn Zone> {
    match choice {
        ZoneChoice::Exchange => zone_of(symbol),
        ZoneChoice::Local => Box::<Local>::default(),
        ZoneChoice::Utc => Box::new(Utc),
    }
}

/// New York's sessions.
struct Exchange;

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
}

/// The sessions of a symbol.
pub(super) fn sessions_of(symbol: &str) -> Box<dyn Sessions> {
    if InstrumentClass::of(symbol).around_the_clock() { Box::new(AroundTheClock) } else { Box::new(Exchange) }
}
