//! Timeframes and where their buckets start.

use wickwire_proto::time::Timestamp;

/// Nanoseconds in a minute.
pub const MINUTE: i64 = 60_000_000_000;
/// Nanoseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Nanoseconds in 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// The span of one bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeframe {
    /// One minute.
    #[default]
    Min1,
    /// Five minutes.
    Min5,
    /// Fifteen minutes.
    Min15,
    /// Thirty minutes.
    Min30,
    /// One hour, on the clock's hours.
    Hour1,
    /// One day: New York's date for stocks, UTC's for crypto.
    Day1,
}

impl Timeframe {
    /// Every timeframe, shortest first.
    pub const ALL: [Self; 6] = [Self::Min1, Self::Min5, Self::Min15, Self::Min30, Self::Hour1, Self::Day1];

    /// The name in Alpaca's REST API, in the page's address and on its buttons: `1Min` … `1Day`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Min1 => "1Min",
            Self::Min5 => "5Min",
            Self::Min15 => "15Min",
            Self::Min30 => "30Min",
            Self::Hour1 => "1Hour",
            Self::Day1 => "1Day",
        }
    }

    /// The same, under the name by which REST asks for it (`timeframe=`).
    #[must_use]
    pub const fn api_name(self) -> &'static str {
        self.label()
    }

    /// The timeframe of a name. Takes the REST API's short forms too: `1T`, `1H`, `1D`, `60Min`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "1Min" | "1T" | "Min" | "Minute" => Self::Min1,
            "5Min" | "5T" => Self::Min5,
            "15Min" | "15T" => Self::Min15,
            "30Min" | "30T" => Self::Min30,
            "1Hour" | "1H" | "60Min" | "60T" | "Hour" => Self::Hour1,
            "1Day" | "1D" | "Day" => Self::Day1,
            _ => return None,
        })
    }

    /// Position in [`Timeframe::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Nominal length in nanoseconds; a New York day may have 23 or 25 hours.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        match self {
            Self::Min1 => MINUTE,
            Self::Min5 => 5 * MINUTE,
            Self::Min15 => 15 * MINUTE,
            Self::Min30 => 30 * MINUTE,
            Self::Hour1 => HOUR,
            Self::Day1 => DAY,
        }
    }

    /// The start of the intraday bucket that holds `time`, on the UTC clock. New York is a whole
    /// number of hours off, so these are its clock's buckets too: 09:30 New York lies in the hour
    /// that starts at 09:00, as in Alpaca's own hour bars. For [`Timeframe::Day1`] this is the UTC
    /// day; a stock's day is [`crate::calendar::day_start`].
    #[must_use]
    pub const fn floor(self, time: Timestamp) -> Timestamp {
        Timestamp(floor_to(time.0, self.nanos()))
    }
}

/// `time` rounded down to a multiple of `step` nanoseconds, saturating.
pub(crate) const fn floor_to(time: i64, step: i64) -> i64 {
    time.saturating_sub(time.rem_euclid(step))
}
