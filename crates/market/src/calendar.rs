//! New York time, trading sessions, holidays.
//!
//! Stocks and options live by New York's clock; crypto lives around the clock by UTC. Everything
//! here is arithmetic on whole seconds: no time-zone database.
//!
//! What holds: daylight saving by the rule of 2007 (`EST5EDT,M3.2.0,M11.1.0`), and for earlier
//! years by that of 1987 to 2006 (`M4.1.0,M10.5.0`), which is not exact before 1987. Holidays and
//! short days are computed by the exchange's present rules and checked against its published
//! calendars of 2023 to 2028; closings of whole days since 2001 that no rule gives are listed.
//! It is an estimate: the trading API's `/v2/calendar` knows better.

use std::ops::Range;

use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

use crate::symbol::InstrumentClass;
use crate::timeframe::{DAY, floor_to};

pub mod date;
pub mod holidays;

pub use date::Date;

const SECONDS_PER_DAY: i64 = 86_400;
const EST: i64 = -5 * 3_600;
const EDT: i64 = -4 * 3_600;

/// A part of New York's trading day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Session {
    /// Nothing is traded on the exchanges.
    Closed,
    /// 04:00 to 09:30.
    Pre,
    /// 09:30 to 16:00, to 13:00 on short days.
    Regular,
    /// From the close to 20:00, to 17:00 on short days.
    Post,
}

/// A session and how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionSpan {
    /// Which.
    pub session: Session,
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
}

impl SessionSpan {
    /// Whether `time` lies in it.
    #[must_use]
    pub fn contains(&self, time: Timestamp) -> bool {
        self.from <= time && time < self.to
    }
}

/// The sessions of one trading day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradingDay {
    /// New York's date.
    pub date: Date,
    /// 04:00.
    pub pre_open: Timestamp,
    /// 09:30.
    pub open: Timestamp,
    /// 16:00, or 13:00.
    pub close: Timestamp,
    /// 20:00, or 17:00.
    pub post_close: Timestamp,
    /// Whether it ends at 13:00.
    pub short: bool,
}

/// New York's wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallClock {
    /// The date there.
    pub date: Date,
    /// Seconds since midnight on that clock, 0 to 86,399.
    pub second: u32,
    /// Seconds to add to UTC: −18,000 (EST) or −14,400 (EDT).
    pub offset: i32,
}

impl WallClock {
    /// Hour, 0 to 23.
    #[must_use]
    pub const fn hour(&self) -> u32 {
        self.second / 3_600
    }

    /// Minute, 0 to 59.
    #[must_use]
    pub const fn minute(&self) -> u32 {
        self.second / 60 % 60
    }
}

/// Seconds to add to UTC for New York's clock at `time`: −18,000 or −14,400.
#[must_use]
pub fn new_york_offset(time: Timestamp) -> i32 {
    offset_of(time.seconds()) as i32
}

/// The same with a span around `time` in which it holds, not always the longest.
#[must_use]
pub fn new_york_offset_span(time: Timestamp) -> (i32, Range<Timestamp>) {
    let utc = time.seconds();
    let (year, summer) = summer_of(utc);
    let [from, to] =
        [year, year + 1].map(|year| Date { year, month: 1, day: 1 }.days() * SECONDS_PER_DAY - EST);
    let (offset, span) = if utc < summer.start {
        (EST, from..summer.start)
    } else if utc < summer.end {
        (EDT, summer)
    } else {
        (EST, summer.end..to)
    };
    (offset as i32, Timestamp::from_seconds(span.start)..Timestamp::from_seconds(span.end))
}

fn offset_of(utc: i64) -> i64 {
    if summer_of(utc).1.contains(&utc) { EDT } else { EST }
}

/// The year of New York's winter clock at `utc`, and when its summer time begins and ends, in UTC seconds.
fn summer_of(utc: i64) -> (i32, Range<i64>) {
    let year = Date::from_days((utc + EST).div_euclid(SECONDS_PER_DAY)).year;
    let (start, end) = if year >= 2007 {
        (Date::nth_weekday(year, 3, 0, 2), Date::nth_weekday(year, 11, 0, 1))
    } else {
        (Date::nth_weekday(year, 4, 0, 1), Date::last_weekday(year, 10, 0))
    };
    // Both changes happen at 02:00 on the clock then in force.
    let start = start.days() * SECONDS_PER_DAY + 2 * 3_600 - EST;
    let end = end.days() * SECONDS_PER_DAY + 2 * 3_600 - EDT;
    (year, start..end)
}

/// What New York's clock shows at `time`.
#[must_use]
pub fn new_york(time: Timestamp) -> WallClock {
    let utc = time.seconds();
    let offset = offset_of(utc);
    let local = utc + offset;
    WallClock {
        date: Date::from_days(local.div_euclid(SECONDS_PER_DAY)),
        second: local.rem_euclid(SECONDS_PER_DAY) as u32,
        offset: offset as i32,
    }
}

/// The instant at which New York's clock shows `second` seconds after midnight of `date`. Where
/// the clock shows a time twice, the first; where it skips one, as if it had not been set.
#[must_use]
pub fn from_new_york(date: Date, second: u32) -> Timestamp {
    let local = date.days() * SECONDS_PER_DAY + i64::from(second);
    let summer = local - EDT;
    Timestamp::from_seconds(if offset_of(summer) == EDT { summer } else { local - EST })
}

/// The sessions of a date; `None` on weekends and holidays.
#[must_use]
pub fn trading_day(date: Date) -> Option<TradingDay> {
    if !is_trading_day(date) {
        return None;
    }
    let short = holidays::is_short(date);
    let (close, post_close) = if short { (13, 17) } else { (16, 20) };
    Some(TradingDay {
        date,
        pre_open: from_new_york(date, 4 * 3_600),
        open: from_new_york(date, 9 * 3_600 + 30 * 60),
        close: from_new_york(date, close * 3_600),
        post_close: from_new_york(date, post_close * 3_600),
        short,
    })
}

/// Whether stocks are traded on a date.
#[must_use]
pub fn is_trading_day(date: Date) -> bool {
    !matches!(date.weekday(), 0 | 6) && holidays::holiday(date).is_none()
}

/// The session that holds `time`, and its ends. Closed spans end at the next pre-market.
#[must_use]
pub fn session_at(time: Timestamp) -> SessionSpan {
    let date = new_york(time).date;
    let Some(day) = trading_day(date) else {
        return SessionSpan {
            session: Session::Closed,
            from: previous_close(date),
            to: next_trading_day(date).pre_open,
        };
    };
    let (session, from, to) = if time < day.pre_open {
        (Session::Closed, previous_close(date), day.pre_open)
    } else if time < day.open {
        (Session::Pre, day.pre_open, day.open)
    } else if time < day.close {
        (Session::Regular, day.open, day.close)
    } else if time < day.post_close {
        (Session::Post, day.close, day.post_close)
    } else {
        (Session::Closed, day.post_close, next_trading_day(date).pre_open)
    };
    SessionSpan { session, from, to }
}

/// The session at `time`.
#[must_use]
pub fn session(time: Timestamp) -> Session {
    session_at(time).session
}

/// Days looked ahead or back for a trading day; the longest closing known was seven days.
const MAX_CLOSED_DAYS: i64 = 14;

/// The first trading day after `date`.
#[must_use]
pub fn next_trading_day(date: Date) -> TradingDay {
    (1..=MAX_CLOSED_DAYS).find_map(|n| trading_day(date.plus_days(n))).unwrap_or_else(|| fallback(date))
}

/// The last trading day before `date`.
#[must_use]
pub fn previous_trading_day(date: Date) -> TradingDay {
    (1..=MAX_CLOSED_DAYS).find_map(|n| trading_day(date.plus_days(-n))).unwrap_or_else(|| fallback(date))
}

fn previous_close(date: Date) -> Timestamp {
    previous_trading_day(date).post_close
}

/// Not reached by any calendar; keeps the functions total.
fn fallback(date: Date) -> TradingDay {
    let at = from_new_york(date, 0);
    TradingDay { date, pre_open: at, open: at, close: at, post_close: at, short: false }
}

/// The start of the day that holds `time`: midnight in New York for stocks and options, midnight
/// UTC for crypto.
#[must_use]
pub fn day_start(class: InstrumentClass, time: Timestamp) -> Timestamp {
    if class.around_the_clock() {
        Timestamp(floor_to(time.0, DAY))
    } else {
        from_new_york(new_york(time).date, 0)
    }
}

/// Whether a liquid symbol of this class should be trading at `time`, so that silence means a
/// fault: always for crypto, in regular hours for the rest.
#[must_use]
pub fn expects_data(class: InstrumentClass, time: Timestamp) -> bool {
    class.around_the_clock() || session(time) == Session::Regular
}

/// Nanoseconds after midnight on New York's clock, for axes and labels.
#[must_use]
pub fn new_york_nanos(time: Timestamp) -> i64 {
    let clock = new_york(time);
    i64::from(clock.second) * NANOS_PER_SECOND + time.0.rem_euclid(NANOS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn utc(year: i32, month: u8, day: u8, hour: i64, minute: i64) -> Timestamp {
        let days = Date { year, month, day }.days();
        Timestamp::from_seconds(days * SECONDS_PER_DAY + hour * 3_600 + minute * 60)
    }

    #[test]
    fn the_clock_changes_at_the_very_second() {
        for (before, after) in [
            (utc(2026, 3, 8, 7, 0), EDT),
            (utc(2026, 11, 1, 6, 0), EST),
            (utc(2007, 3, 11, 7, 0), EDT),
            (utc(2006, 4, 2, 7, 0), EDT),
            (utc(2006, 10, 29, 6, 0), EST),
            (utc(1998, 4, 5, 7, 0), EDT),
        ] {
            assert_eq!(i64::from(new_york_offset(before)), after);
            assert_ne!(i64::from(new_york_offset(before.plus_nanos(-1))), after);
        }
        assert_eq!(new_york_offset(utc(2013, 10, 7, 12, 0)), -14_400);
        assert_eq!(new_york_offset(utc(2026, 1, 1, 3, 0)), -18_000, "still 2025 in New York");
    }

    #[test]
    fn an_offset_holds_throughout_its_span() {
        let mut time = utc(2003, 1, 1, 5, 0);
        let mut offsets = Vec::new();
        while time < utc(2010, 1, 1, 5, 0) {
            let (offset, span) = new_york_offset_span(time);
            assert_eq!(span.start, time, "they follow each other");
            assert!(span.end > span.start);
            let length = span.end.nanos() - span.start.nanos();
            let inside = [0, length / 3, length - 1].map(|after| span.start.plus_nanos(after));
            for time in inside {
                assert_eq!(
                    (new_york_offset(time), new_york_offset_span(time)),
                    (offset, (offset, span.clone()))
                );
            }
            offsets.push(offset);
            time = span.end;
        }
        assert_eq!(time, utc(2010, 1, 1, 5, 0), "they end with New York's years");
        assert_eq!(offsets, [-18_000, -14_400, -18_000].repeat(7));
    }

    #[test]
    fn wall_clock_and_back() {
        let open = utc(2013, 10, 7, 13, 30);
        let clock = new_york(open);
        assert_eq!((clock.hour(), clock.minute()), (9, 30));
        assert_eq!(from_new_york(clock.date, clock.second), open);
        // Every hour of two years, except the one the clock shows twice.
        let mut time = utc(2025, 1, 1, 0, 30);
        while time < utc(2027, 1, 1, 0, 0) {
            let clock = new_york(time);
            let back = from_new_york(clock.date, clock.second);
            assert!(back == time || back.0 == time.0 - crate::timeframe::HOUR, "{time:?}");
            time = time.plus_nanos(crate::timeframe::HOUR);
        }
    }

    #[test]
    fn a_day_starts_at_midnight_in_new_york_or_utc() {
        use InstrumentClass::{Crypto, Stock};
        let time = utc(2026, 11, 23, 3, 0);
        assert_eq!(day_start(Stock, time), utc(2026, 11, 22, 5, 0));
        assert_eq!(day_start(Crypto, time), utc(2026, 11, 23, 0, 0));
        assert_eq!(day_start(Stock, utc(2026, 7, 1, 3, 59)), utc(2026, 6, 30, 4, 0));
        assert_eq!(day_start(Stock, utc(2026, 3, 8, 12, 0)), utc(2026, 3, 8, 5, 0));
        assert_eq!(day_start(Stock, utc(2026, 11, 1, 12, 0)), utc(2026, 11, 1, 4, 0));
    }

    #[test]
    fn sessions_of_a_day_a_short_day_and_a_weekend() {
        for (time, want) in [
            (utc(2013, 10, 7, 7, 59), Session::Closed),
            (utc(2013, 10, 7, 8, 0), Session::Pre),
            (utc(2013, 10, 7, 13, 30), Session::Regular),
            (utc(2013, 10, 7, 20, 0), Session::Post),
            (utc(2013, 10, 8, 0, 0), Session::Closed),
            (utc(2026, 11, 27, 17, 59), Session::Regular),
            (utc(2026, 11, 27, 18, 0), Session::Post),
            (utc(2026, 11, 27, 22, 0), Session::Closed),
            (utc(2026, 11, 28, 15, 0), Session::Closed),
            (utc(2026, 11, 26, 15, 0), Session::Closed),
        ] {
            assert_eq!(session(time), want, "{time:?}");
            let span = session_at(time);
            assert!(span.contains(time));
            assert_eq!(session(span.from), want);
            assert_ne!(session(span.to), want);
        }
        // From Friday's 20:00 to Monday's 04:00.
        let weekend = session_at(utc(2026, 11, 21, 12, 0));
        assert_eq!((weekend.from, weekend.to), (utc(2026, 11, 21, 1, 0), utc(2026, 11, 23, 9, 0)));
        assert!(expects_data(InstrumentClass::Crypto, utc(2026, 11, 21, 12, 0)));
        assert!(!expects_data(InstrumentClass::Stock, utc(2026, 11, 21, 12, 0)));
    }

    #[test]
    fn trading_days_go_on_from_each_other() {
        let friday = Date { year: 2026, month: 7, day: 2 };
        assert_eq!(next_trading_day(friday).date, Date { year: 2026, month: 7, day: 6 });
        assert_eq!(previous_trading_day(Date { year: 2026, month: 7, day: 6 }).date, friday);
    }
}
