//! Timeframes of the REST interface, and where their bars begin.

use wickwire_market::calendar;
use wickwire_market::symbol::InstrumentClass;
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

use crate::feed::Venue;

const MINUTE: i64 = 60 * NANOS_PER_SECOND;
const HALF_DAY: i64 = 12 * 60 * MINUTE;
const SECONDS_PER_DAY: i64 = 86_400;

/// A timeframe as `timeframe=` writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarSpan {
    /// `1Min` to `59Min`, short `1T`.
    Minutes(u32),
    /// `1Hour` to `23Hour`, short `1H`.
    Hours(u32),
    /// `1Day`, short `1D`.
    Day,
    /// `1Week`, short `1W`; begins on Monday.
    Week,
    /// `1Month`, 2, 3, 4, 6 and 12, short `1M`; counted from January.
    Months(u32),
}

impl BarSpan {
    /// Reads a timeframe; `None` for what the interface does not know.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (count, unit) = text.split_at(digits);
        let count: u32 = if count.is_empty() { 1 } else { count.parse().ok()? };
        match unit {
            "Min" | "T" if (1..=59).contains(&count) => Some(Self::Minutes(count)),
            "Hour" | "H" if (1..=23).contains(&count) => Some(Self::Hours(count)),
            "Day" | "D" if count == 1 => Some(Self::Day),
            "Week" | "W" if count == 1 => Some(Self::Week),
            "Month" | "M" if [1, 2, 3, 4, 6, 12].contains(&count) => Some(Self::Months(count)),
            _ => None,
        }
    }

    /// Whether a bar is shorter than a day.
    #[must_use]
    pub const fn is_intraday(self) -> bool {
        matches!(self, Self::Minutes(_) | Self::Hours(_))
    }

    /// Start of the bar that holds `time`: by New York's calendar for stocks and options, by UTC
    /// for crypto. Minutes and hours are counted from the start of the day.
    #[must_use]
    pub fn start_of(self, venue: Venue, time: Timestamp) -> Timestamp {
        let step = match self {
            Self::Minutes(n) => i64::from(n) * MINUTE,
            Self::Hours(n) => i64::from(n) * 60 * MINUTE,
            Self::Day => return day_start(venue, time),
            Self::Week => {
                let days = date_of(venue, time);
                // 1970-01-01 was a Thursday.
                return start_of_date(venue, days - (days + 3).rem_euclid(7));
            }
            Self::Months(n) => {
                let date = Timestamp::from_seconds(date_of(venue, time) * SECONDS_PER_DAY).civil();
                let month = (date.month - 1) / n * n + 1;
                return Timestamp::from_civil(date.year, month, 1, 0, 0, 0)
                    .map_or(time, |first| start_of_date(venue, first.days()));
            }
        };
        floor(time, day_start(venue, time), step)
    }
}

/// Starts of bars for times that mostly grow: the calendar is asked once a day.
pub(crate) struct Buckets {
    span: BarSpan,
    venue: Venue,
    /// The day last asked for, and the start of its bar if that is a day or more.
    day: std::ops::Range<Timestamp>,
    start: Timestamp,
}

impl Buckets {
    pub(crate) const fn new(span: BarSpan, venue: Venue) -> Self {
        Self { span, venue, day: Timestamp::MAX..Timestamp::MAX, start: Timestamp::MAX }
    }

    /// As [`BarSpan::start_of`].
    pub(crate) fn start_of(&mut self, time: Timestamp) -> Timestamp {
        if !self.day.contains(&time) {
            let day = day_start(self.venue, time);
            // Days have 23 to 25 hours.
            self.day = day..day_start(self.venue, day.plus_nanos(3 * HALF_DAY));
            self.start = self.span.start_of(self.venue, time);
        }
        let step = match self.span {
            BarSpan::Minutes(n) => i64::from(n) * MINUTE,
            BarSpan::Hours(n) => i64::from(n) * 60 * MINUTE,
            _ => return self.start,
        };
        floor(time, self.day.start, step)
    }
}

fn floor(time: Timestamp, origin: Timestamp, step: i64) -> Timestamp {
    Timestamp(time.0 - (time.0 - origin.0).rem_euclid(step))
}

/// Start of the day that holds `time`: midnight New York, or midnight UTC for crypto.
#[must_use]
pub fn day_start(venue: Venue, time: Timestamp) -> Timestamp {
    let class = match venue {
        Venue::Crypto | Venue::CryptoPerps => InstrumentClass::Crypto,
        _ => InstrumentClass::Stock,
    };
    calendar::day_start(class, time)
}

/// The day's date, in days since 1970-01-01. New York's midnight is 04:00 or 05:00 of the same
/// date in UTC.
fn date_of(venue: Venue, time: Timestamp) -> i64 {
    day_start(venue, time).days()
}

/// Start of the day with this date.
pub(crate) fn start_of_date(venue: Venue, days: i64) -> Timestamp {
    let midnight = Timestamp::from_seconds(days.saturating_mul(SECONDS_PER_DAY));
    // Noon in UTC is the morning of the same date in New York.
    day_start(venue, midnight.plus_nanos(HALF_DAY))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn the_grammar() {
        assert_eq!(BarSpan::parse("1Min"), Some(BarSpan::Minutes(1)));
        assert_eq!(BarSpan::parse("59T"), Some(BarSpan::Minutes(59)));
        assert_eq!(BarSpan::parse("Hour"), Some(BarSpan::Hours(1)));
        assert_eq!(BarSpan::parse("23H"), Some(BarSpan::Hours(23)));
        assert_eq!(BarSpan::parse("1D"), Some(BarSpan::Day));
        assert_eq!(BarSpan::parse("1Week"), Some(BarSpan::Week));
        assert_eq!(BarSpan::parse("12Month"), Some(BarSpan::Months(12)));
        for wrong in [
            "",
            "60Min",
            "0Min",
            "24Hour",
            "2Day",
            "2Week",
            "5Month",
            "1min",
            "Min1",
            "1 Min",
            "99999999999Min",
        ] {
            assert_eq!(BarSpan::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn stocks_go_by_new_york_and_crypto_by_utc() {
        for (span, venue, time, start) in [
            ("15Min", Venue::Stocks, "2013-10-07T13:44:59Z", "2013-10-07T13:30:00Z"),
            ("4Hour", Venue::Stocks, "2013-10-07T13:44:59Z", "2013-10-07T12:00:00Z"),
            ("4Hour", Venue::Crypto, "2013-10-07T15:44:59Z", "2013-10-07T12:00:00Z"),
            ("1Day", Venue::Stocks, "2013-10-08T03:59:59Z", "2013-10-07T04:00:00Z"),
            ("1Day", Venue::Stocks, "2013-12-02T04:59:59Z", "2013-12-01T05:00:00Z"),
            ("1Day", Venue::Crypto, "2013-10-08T03:59:59Z", "2013-10-08T00:00:00Z"),
            ("1Week", Venue::Stocks, "2013-10-13T12:00:00Z", "2013-10-07T04:00:00Z"),
            ("1Week", Venue::Stocks, "2013-11-08T12:00:00Z", "2013-11-04T05:00:00Z"),
            ("1Month", Venue::Stocks, "2013-11-30T12:00:00Z", "2013-11-01T04:00:00Z"),
            ("3Month", Venue::Stocks, "2013-12-30T12:00:00Z", "2013-10-01T04:00:00Z"),
            ("12Month", Venue::Crypto, "2013-12-30T12:00:00Z", "2013-01-01T00:00:00Z"),
        ] {
            assert_eq!(BarSpan::parse(span).unwrap().start_of(venue, at(time)), at(start), "{span} {time}");
        }
    }
}
