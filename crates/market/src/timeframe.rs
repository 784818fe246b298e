//! Timeframes: names, lengths, and what their bars are made of.
//!
//! Where a bar starts and ends is in [`crate::bucket`].

use wickwire_proto::time::Timestamp;

/// Nanoseconds in a second.
pub const SECOND: i64 = 1_000_000_000;
/// Nanoseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Nanoseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Nanoseconds in 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// The span of one bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeframe {
    /// One second, built here from trades: no source has such bars.
    Sec1,
    /// Five seconds.
    Sec5,
    /// Fifteen seconds.
    Sec15,
    /// Thirty seconds.
    Sec30,
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
    /// Four hours, counted from the day's midnight: New York's for stocks, UTC's for crypto.
    Hour4,
    /// One day: New York's date for stocks, UTC's for crypto.
    Day1,
    /// One week of such days, from Monday.
    Week1,
    /// One month of such days, from the first.
    Month1,
}

/// What bars of a timeframe are made of where the server gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// Trades.
    Trades,
    /// Bars of one minute.
    Minutes,
    /// Bars of one day.
    Days,
}

impl Timeframe {
    /// Every timeframe, shortest first.
    pub const ALL: [Self; 13] = [
        Self::Sec1,
        Self::Sec5,
        Self::Sec15,
        Self::Sec30,
        Self::Min1,
        Self::Min5,
        Self::Min15,
        Self::Min30,
        Self::Hour1,
        Self::Hour4,
        Self::Day1,
        Self::Week1,
        Self::Month1,
    ];
    /// Those shorter than a minute.
    pub const SECONDS: [Self; 4] = [Self::Sec1, Self::Sec5, Self::Sec15, Self::Sec30];
    /// Those put together from minutes.
    pub const FROM_MINUTES: [Self; 6] =
        [Self::Min5, Self::Min15, Self::Min30, Self::Hour1, Self::Hour4, Self::Day1];
    /// Those put together from days.
    pub const FROM_DAYS: [Self; 2] = [Self::Week1, Self::Month1];

    /// The name in Alpaca's REST API and in the page's address: `1Min` … `1Month`. Seconds, which
    /// that API does not have, are named alike.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Sec1 => "1Sec",
            Self::Sec5 => "5Sec",
            Self::Sec15 => "15Sec",
            Self::Sec30 => "30Sec",
            Self::Min1 => "1Min",
            Self::Min5 => "5Min",
            Self::Min15 => "15Min",
            Self::Min30 => "30Min",
            Self::Hour1 => "1Hour",
            Self::Hour4 => "4Hour",
            Self::Day1 => "1Day",
            Self::Week1 => "1Week",
            Self::Month1 => "1Month",
        }
    }

    /// What traders write on a button: `1s` `5m` `4h` `D` `W` `M`.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Sec1 => "1s",
            Self::Sec5 => "5s",
            Self::Sec15 => "15s",
            Self::Sec30 => "30s",
            Self::Min1 => "1m",
            Self::Min5 => "5m",
            Self::Min15 => "15m",
            Self::Min30 => "30m",
            Self::Hour1 => "1h",
            Self::Hour4 => "4h",
            Self::Day1 => "D",
            Self::Week1 => "W",
            Self::Month1 => "M",
        }
    }

    /// The name by which REST is asked for it (`timeframe=`); `None` where there is no history to
    /// ask for (seconds).
    #[must_use]
    pub const fn api_name(self) -> Option<&'static str> {
        if self.is_seconds() { None } else { Some(self.label()) }
    }

    /// The timeframe of a name. Takes the REST API's short forms too, in which `M` is a month and
    /// `T` a minute: `1S`, `5T`, `4H`, `1D`, `1W`, `1M`, `60Min`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "1Sec" | "1S" => Self::Sec1,
            "5Sec" | "5S" => Self::Sec5,
            "15Sec" | "15S" => Self::Sec15,
            "30Sec" | "30S" => Self::Sec30,
            "1Min" | "1T" | "Min" | "Minute" => Self::Min1,
            "5Min" | "5T" => Self::Min5,
            "15Min" | "15T" => Self::Min15,
            "30Min" | "30T" => Self::Min30,
            "1Hour" | "1H" | "60Min" | "60T" | "Hour" => Self::Hour1,
            "4Hour" | "4H" => Self::Hour4,
            "1Day" | "1D" | "Day" => Self::Day1,
            "1Week" | "1W" | "Week" => Self::Week1,
            "1Month" | "1M" | "Month" => Self::Month1,
            _ => return None,
        })
    }

    /// Position in [`Timeframe::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// What its bars are made of.
    #[must_use]
    pub const fn base(self) -> Base {
        match self {
            Self::Sec1 | Self::Sec5 | Self::Sec15 | Self::Sec30 | Self::Min1 => Base::Trades,
            Self::Min5 | Self::Min15 | Self::Min30 | Self::Hour1 | Self::Hour4 | Self::Day1 => Base::Minutes,
            Self::Week1 | Self::Month1 => Base::Days,
        }
    }

    /// Whether it is shorter than a minute.
    #[must_use]
    pub const fn is_seconds(self) -> bool {
        matches!(self, Self::Sec1 | Self::Sec5 | Self::Sec15 | Self::Sec30)
    }

    /// Whether a bar is shorter than a day.
    #[must_use]
    pub const fn is_intraday(self) -> bool {
        !matches!(self, Self::Day1 | Self::Week1 | Self::Month1)
    }

    /// Nominal length in nanoseconds: a New York day may have 23 or 25 hours, a month counts as 30
    /// days. [`crate::Instrument::bucket_end`] is exact.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        match self {
            Self::Sec1 => SECOND,
            Self::Sec5 => 5 * SECOND,
            Self::Sec15 => 15 * SECOND,
            Self::Sec30 => 30 * SECOND,
            Self::Min1 => MINUTE,
            Self::Min5 => 5 * MINUTE,
            Self::Min15 => 15 * MINUTE,
            Self::Min30 => 30 * MINUTE,
            Self::Hour1 => HOUR,
            Self::Hour4 => 4 * HOUR,
            Self::Day1 => DAY,
            Self::Week1 => 7 * DAY,
            Self::Month1 => 30 * DAY,
        }
    }
}

/// `time` rounded down to a multiple of `step` nanoseconds, saturating.
pub(crate) const fn floor_to(time: i64, step: i64) -> i64 {
    time.saturating_sub(time.rem_euclid(step))
}

/// The same for a time.
pub(crate) const fn floor(time: Timestamp, step: i64) -> Timestamp {
    Timestamp(floor_to(time.0, step))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_timeframe_is_in_its_place() {
        for (index, timeframe) in Timeframe::ALL.into_iter().enumerate() {
            assert_eq!(timeframe.index(), index);
            assert_eq!(Timeframe::parse(timeframe.label()), Some(timeframe));
            assert_eq!(timeframe.api_name().is_none(), timeframe.is_seconds());
            assert_eq!(Timeframe::SECONDS.contains(&timeframe), timeframe.is_seconds());
            assert_eq!(Timeframe::FROM_MINUTES.contains(&timeframe), timeframe.base() == Base::Minutes);
            assert_eq!(Timeframe::FROM_DAYS.contains(&timeframe), timeframe.base() == Base::Days);
            assert_eq!(timeframe.is_intraday(), timeframe.nanos() < DAY);
        }
        assert!(Timeframe::ALL.is_sorted_by_key(|t| t.nanos()));
    }

    #[test]
    fn short_forms() {
        for (name, want) in [
            ("1S", Timeframe::Sec1),
            ("30S", Timeframe::Sec30),
            ("1T", Timeframe::Min1),
            ("1M", Timeframe::Month1),
            ("60Min", Timeframe::Hour1),
            ("4H", Timeframe::Hour4),
            ("1D", Timeframe::Day1),
            ("1W", Timeframe::Week1),
        ] {
            assert_eq!(Timeframe::parse(name), Some(want), "{name}");
        }
        for name in ["", "1m", "2Sec", "1s", "M", "9Years"] {
            assert_eq!(Timeframe::parse(name), None, "{name}");
        }
    }
}
