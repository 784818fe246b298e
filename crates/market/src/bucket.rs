//! Where bars start and end.
//!
//! Buckets up to an hour lie on the clock: New York is a whole number of hours off UTC, so 09:30
//! there lies in the hour that starts at 09:00, as in Alpaca's own hour bars. Four hours are
//! counted from the day's midnight (New York's for stocks and options, UTC's for crypto), as
//! Alpaca counts them; on the days on which New York's clock changes the last bar is an hour
//! shorter, or there is one more, of an hour. Days begin at that midnight too, weeks on Monday,
//! months on the first. Crypto days begin where the server's own do, so its weeks and months do.

use wickwire_proto::time::Timestamp;

use crate::calendar::{self, Date};
use crate::symbol::InstrumentClass;
use crate::timeframe::{DAY, HOUR, Timeframe, floor};

/// Half a day: the middle of a day lies in its week and month, wherever midnight is.
pub(crate) const HALF_DAY: i64 = DAY / 2;

/// A bucket, and which rows of shorter bars go into it, by their start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    pub(crate) start: Timestamp,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
}

/// The rules of one symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buckets {
    class: InstrumentClass,
    /// Nanoseconds after midnight UTC at which a crypto day starts.
    pub(crate) day_offset: i64,
}

impl Buckets {
    /// Of a symbol of this class; crypto days start at midnight UTC.
    #[must_use]
    pub const fn new(class: InstrumentClass) -> Self {
        Self { class, day_offset: 0 }
    }

    /// Whether days are counted by UTC and not by New York.
    pub(crate) const fn by_utc(&self) -> bool {
        self.class.around_the_clock()
    }

    /// The start of the bar that holds `time`.
    #[must_use]
    pub fn start_of(&self, timeframe: Timeframe, time: Timestamp) -> Timestamp {
        match timeframe {
            Timeframe::Hour4 if self.by_utc() => floor(time, timeframe.nanos()),
            Timeframe::Hour4 => {
                let midnight = calendar::day_start(self.class, time);
                midnight.plus_nanos(floor(Timestamp(time.0 - midnight.0), timeframe.nanos()).0)
            }
            Timeframe::Day1 => self.midnight(self.date(time)),
            Timeframe::Week1 => {
                let date = self.date(time);
                let since_monday = i64::from(date.weekday() + 6) % 7;
                self.midnight(date.plus_days(-since_monday))
            }
            Timeframe::Month1 => self.midnight(Date { day: 1, ..self.date(time) }),
            _ => floor(time, timeframe.nanos()),
        }
    }

    /// The end of the bar that starts at `start`, which is the start of the next.
    #[must_use]
    pub fn end_of(&self, timeframe: Timeframe, start: Timestamp) -> Timestamp {
        match timeframe {
            Timeframe::Hour4 if !self.by_utc() => {
                let midnight = calendar::day_start(self.class, start);
                start.plus_nanos(timeframe.nanos()).min(self.end_of(Timeframe::Day1, midnight))
            }
            // Days have 23 to 25 hours, months 28 to 31 days.
            Timeframe::Day1 | Timeframe::Week1 => {
                self.start_of(timeframe, start.plus_nanos(timeframe.nanos() + HALF_DAY))
            }
            Timeframe::Month1 => self.start_of(timeframe, start.plus_nanos(31 * DAY + HALF_DAY)),
            _ => start.plus_nanos(timeframe.nanos()),
        }
    }

    /// When no more trades go into the bar that starts at `start`: where it ends, but a stock's day with the
    /// regular session, a week and a month with that of their last trading day. Nothing where the calendar
    /// knows no session in it.
    #[must_use]
    pub fn close_of(&self, timeframe: Timeframe, start: Timestamp) -> Option<Timestamp> {
        let end = self.end_of(timeframe, start);
        if self.by_utc() || timeframe.is_intraday() {
            return Some(end);
        }
        Some(calendar::previous_trading_day(self.date(end)).close).filter(|close| *close > start)
    }

    /// The date of the day that holds `time`.
    fn date(&self, time: Timestamp) -> Date {
        if self.by_utc() {
            Date::from_days(time.plus_nanos(-self.day_offset).0.div_euclid(DAY))
        } else {
            calendar::new_york(time).date
        }
    }

    /// Where the day with this date starts.
    fn midnight(&self, date: Date) -> Timestamp {
        if self.by_utc() {
            Timestamp(date.days().saturating_mul(DAY)).plus_nanos(self.day_offset)
        } else {
            calendar::from_new_york(date, 0)
        }
    }

    /// The bucket of a timeframe made of minutes that the minute goes into. A stock's day holds
    /// regular hours only.
    pub(crate) fn of_minute(&self, timeframe: Timeframe, minute: Timestamp) -> Option<Bucket> {
        if timeframe == Timeframe::Day1 && !self.by_utc() {
            let day = calendar::trading_day(calendar::new_york(minute).date)?;
            let inside = day.open <= minute && minute < day.close;
            let start = self.start_of(timeframe, minute);
            return inside.then_some(Bucket { start, from: day.open, to: day.close });
        }
        Some(self.whole(timeframe, self.start_of(timeframe, minute)))
    }

    /// The bucket of a timeframe made of days that the day goes into.
    pub(crate) fn of_day(&self, timeframe: Timeframe, day: Timestamp) -> Bucket {
        self.whole(timeframe, self.start_of(timeframe, day.plus_nanos(HALF_DAY)))
    }

    /// The bucket of a bar that the server gave, which starts where the server says. One that
    /// starts at no day's start is not compared with what days or minutes say.
    pub(crate) fn of_given(&self, timeframe: Timeframe, start: Timestamp) -> Bucket {
        if !timeframe.is_intraday() && self.start_of(timeframe, start) != start {
            return Bucket { start, from: start, to: start };
        }
        if timeframe == Timeframe::Day1 && !self.by_utc() {
            // Noon lies within the session of a trading day.
            let noon = start.plus_nanos(12 * HOUR);
            return self.of_minute(timeframe, noon).unwrap_or(Bucket { start, from: start, to: start });
        }
        self.whole(timeframe, start)
    }

    fn whole(&self, timeframe: Timeframe, start: Timestamp) -> Bucket {
        let end = self.end_of(timeframe, start);
        // A day belongs to the week and month of its noon: midnights may be hours apart.
        let back = if matches!(timeframe, Timeframe::Week1 | Timeframe::Month1) { -HALF_DAY } else { 0 };
        Bucket { start, from: start.plus_nanos(back), to: end.plus_nanos(back) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const STOCK: Buckets = Buckets::new(InstrumentClass::Stock);
    const CRYPTO: Buckets = Buckets::new(InstrumentClass::Crypto);

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn four_hours_are_counted_from_midnight() {
        for (buckets, time, start, end) in [
            (STOCK, "2013-10-07T13:44:59Z", "2013-10-07T12:00:00Z", "2013-10-07T16:00:00Z"),
            (CRYPTO, "2013-10-07T15:44:59Z", "2013-10-07T12:00:00Z", "2013-10-07T16:00:00Z"),
            // The clock goes forward: the last bar has three hours.
            (STOCK, "2026-03-08T12:59:00Z", "2026-03-08T09:00:00Z", "2026-03-08T13:00:00Z"),
            (STOCK, "2026-03-09T03:59:00Z", "2026-03-09T01:00:00Z", "2026-03-09T04:00:00Z"),
            (STOCK, "2026-03-09T04:00:00Z", "2026-03-09T04:00:00Z", "2026-03-09T08:00:00Z"),
            // It goes back: one more, of an hour.
            (STOCK, "2026-11-02T03:59:00Z", "2026-11-02T00:00:00Z", "2026-11-02T04:00:00Z"),
            (STOCK, "2026-11-02T04:30:00Z", "2026-11-02T04:00:00Z", "2026-11-02T05:00:00Z"),
        ] {
            let got = buckets.start_of(Timeframe::Hour4, at(time));
            assert_eq!(got, at(start), "{time}");
            assert_eq!(buckets.end_of(Timeframe::Hour4, got), at(end), "{time}");
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        use Timeframe::{Month1, Week1};
        for (buckets, timeframe, time, start, end) in [
            (STOCK, Week1, "2013-10-13T12:00:00Z", "2013-10-07T04:00:00Z", "2013-10-14T04:00:00Z"),
            (STOCK, Week1, "2013-11-04T04:59:00Z", "2013-10-28T04:00:00Z", "2013-11-04T05:00:00Z"),
            (STOCK, Week1, "2026-03-08T12:00:00Z", "2026-03-02T05:00:00Z", "2026-03-09T04:00:00Z"),
            (STOCK, Month1, "2013-11-30T12:00:00Z", "2013-11-01T04:00:00Z", "2013-12-01T05:00:00Z"),
            (STOCK, Month1, "2026-02-28T12:00:00Z", "2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z"),
            (STOCK, Month1, "2025-12-01T04:59:00Z", "2025-11-01T04:00:00Z", "2025-12-01T05:00:00Z"),
            (CRYPTO, Week1, "1970-01-01T00:00:00Z", "1969-12-29T00:00:00Z", "1970-01-05T00:00:00Z"),
            (CRYPTO, Month1, "2024-02-29T23:59:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
        ] {
            let got = buckets.start_of(timeframe, at(time));
            assert_eq!(got, at(start), "{time}");
            assert_eq!(buckets.end_of(timeframe, got), at(end), "{time}");
        }
        let central = Buckets { day_offset: 6 * HOUR, ..CRYPTO };
        assert_eq!(central.start_of(Week1, at("2021-12-06T05:59:00Z")), at("2021-11-29T06:00:00Z"));
        assert_eq!(central.of_day(Week1, at("2021-12-06T05:00:00Z")).start, at("2021-12-06T06:00:00Z"));
        assert_eq!(central.end_of(Month1, at("2021-12-01T06:00:00Z")), at("2022-01-01T06:00:00Z"));
    }

    #[test]
    fn days_weeks_and_months_close_with_their_last_session() {
        use Timeframe::{Day1, Hour4, Min1, Month1, Week1};
        let close = |buckets: Buckets, timeframe, start| buckets.close_of(timeframe, at(start));
        for (timeframe, start, end) in [
            (Min1, "2013-10-07T13:30:00Z", "2013-10-07T13:31:00Z"),
            (Hour4, "2013-10-07T16:00:00Z", "2013-10-07T20:00:00Z"),
            (Day1, "2013-10-07T04:00:00Z", "2013-10-07T20:00:00Z"),
            (Week1, "2013-10-07T04:00:00Z", "2013-10-11T20:00:00Z"),
            (Month1, "2013-10-01T04:00:00Z", "2013-10-31T20:00:00Z"),
            // Around the change of clocks, on a short day, and where the last days are a holiday's.
            (Day1, "2026-03-09T04:00:00Z", "2026-03-09T20:00:00Z"),
            (Day1, "2026-11-27T05:00:00Z", "2026-11-27T18:00:00Z"),
            (Week1, "2026-11-23T05:00:00Z", "2026-11-27T18:00:00Z"),
            (Week1, "2026-03-30T04:00:00Z", "2026-04-02T20:00:00Z"),
            (Month1, "2026-02-01T05:00:00Z", "2026-02-27T21:00:00Z"),
        ] {
            assert_eq!(close(STOCK, timeframe, start), Some(at(end)), "{timeframe:?} {start}");
        }
        for closed in ["2026-11-26T05:00:00Z", "2026-11-28T05:00:00Z"] {
            assert_eq!(close(STOCK, Day1, closed), None, "{closed}");
        }
        for (timeframe, end) in [(Day1, "2026-11-29"), (Week1, "2026-12-05"), (Month1, "2026-12-28")] {
            let end = at(&[end, "T00:00:00Z"].concat());
            let start = CRYPTO.start_of(timeframe, at("2026-11-28T12:00:00Z"));
            let end = CRYPTO.start_of(timeframe, end);
            assert_eq!(CRYPTO.close_of(timeframe, start), Some(end), "{timeframe:?}");
        }
    }

    /// Every hour of three years lies in exactly one bucket, and buckets follow each other.
    #[test]
    fn buckets_have_no_holes() {
        for buckets in [STOCK, CRYPTO, Buckets { day_offset: 5 * HOUR, ..CRYPTO }] {
            for timeframe in Timeframe::ALL {
                let mut time = at("2024-12-30T00:30:00Z");
                let mut last: Option<Timestamp> = None;
                while time < at("2027-01-05T00:00:00Z") {
                    let start = buckets.start_of(timeframe, time);
                    let end = buckets.end_of(timeframe, start);
                    assert!(start <= time && time < end, "{timeframe:?} {time:?}");
                    assert_eq!(buckets.start_of(timeframe, start), start);
                    if let Some(before) = last.filter(|l| *l != start && timeframe.nanos() >= HOUR) {
                        assert_eq!(buckets.end_of(timeframe, before), start, "{timeframe:?} {time:?}");
                    }
                    last = Some(start);
                    time = time.plus_nanos(HOUR);
                }
            }
        }
    }
}
