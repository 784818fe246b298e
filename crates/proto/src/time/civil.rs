//! Civil date and time in UTC, and back.

use super::{NANOS_PER_SECOND, Timestamp};

const SECONDS_PER_DAY: i64 = 86_400;

/// Seconds that lie inside the range whatever their fraction.
const SAFE_SECONDS: i64 = i64::MAX / NANOS_PER_SECOND - 1;

/// A date and time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Civil {
    /// 1677 to 2262.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// 0 to 999,999,999.
    pub nanosecond: u32,
}

/// Days from 1970-01-01 to a date. Counts in eras of 400 years that begin on the first of March,
/// so that the leap day is the last day of a year.
#[inline(always)]
pub(super) const fn days_from_civil(year: i32, month: u32, day: u32) -> i64 {
    let y = year as i64 - (month <= 2) as i64;
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let month_from_march = (month as i64 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day counted from 1970-01-01.
const fn civil_from_days(days: i64) -> (i32, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + (month <= 2) as i64;
    (year as i32, month as u32, day as u32)
}

/// Days of a month; 0 for a month that does not exist.
pub(super) const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

impl Timestamp {
    /// The instant of a date and time of day in UTC; `None` if there is no such date or time, or
    /// if it is outside the range.
    #[must_use]
    pub const fn from_civil(
        year: i32,
        month: u32,
        day: u32,
        hour: u32,
        minute: u32,
        second: u32,
    ) -> Option<Self> {
        if day == 0 || day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds =
            days_from_civil(year, month, day) * SECONDS_PER_DAY + (hour * 3600 + minute * 60 + second) as i64;
        Self::from_parts(seconds, 0)
    }

    /// The instant `nanos` (below 10^9) after `seconds` since the epoch; `None` outside the range.
    #[must_use]
    #[inline(always)]
    pub const fn from_parts(seconds: i64, nanos: u32) -> Option<Self> {
        if nanos as i64 >= NANOS_PER_SECOND {
            return None;
        }
        // Well inside the range no check is needed, and a checked product is slow in Wasm.
        if -SAFE_SECONDS < seconds && seconds < SAFE_SECONDS {
            return Some(Self(seconds * NANOS_PER_SECOND + nanos as i64));
        }
        Self::from_far_parts(seconds, nanos as i64)
    }

    /// [`Self::from_parts`] where the product may leave the range.
    #[cold]
    #[inline(never)]
    const fn from_far_parts(seconds: i64, nanos: i64) -> Option<Self> {
        // Before the epoch the product alone may leave the range although the sum does not.
        let (seconds, nanos) =
            if seconds < 0 { (seconds + 1, nanos - NANOS_PER_SECOND) } else { (seconds, nanos) };
        match seconds.checked_mul(NANOS_PER_SECOND) {
            Some(whole) => match whole.checked_add(nanos) {
                Some(total) => Some(Self(total)),
                None => None,
            },
            None => None,
        }
    }

    /// Nanoseconds after the whole second, 0 to 999,999,999.
    #[must_use]
    pub const fn subsec_nanos(self) -> u32 {
        self.0.rem_euclid(NANOS_PER_SECOND) as u32
    }

    /// Days since the epoch in UTC, rounded down.
    #[must_use]
    pub const fn days(self) -> i64 {
        self.seconds().div_euclid(SECONDS_PER_DAY)
    }

    /// Date and time of day in UTC.
    #[must_use]
    pub const fn civil(self) -> Civil {
        let (year, month, day) = civil_from_days(self.days());
        let second_of_day = self.seconds().rem_euclid(SECONDS_PER_DAY) as u32;
        Civil {
            year,
            month,
            day,
            hour: second_of_day / 3600,
            minute: second_of_day / 60 % 60,
            second: second_of_day % 60,
            nanosecond: self.subsec_nanos(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_day_of_the_range_goes_there_and_back() {
        let mut expected = (1677, 9, 22);
        let first = days_from_civil(1677, 9, 22);
        for days in first..days_from_civil(2262, 4, 11) {
            assert_eq!(civil_from_days(days), expected);
            let (y, m, d) = expected;
            assert_eq!(days_from_civil(y, m, d), days);
            expected = if d < days_in_month(y, m) {
                (y, m, d + 1)
            } else if m < 12 {
                (y, m + 1, 1)
            } else {
                (y + 1, 1, 1)
            };
        }
    }

    #[test]
    fn dates_that_do_not_exist() {
        assert_eq!(Timestamp::from_civil(2023, 2, 29, 0, 0, 0), None);
        assert_eq!(Timestamp::from_civil(1900, 2, 29, 0, 0, 0), None);
        assert!(Timestamp::from_civil(2000, 2, 29, 0, 0, 0).is_some());
        assert_eq!(Timestamp::from_civil(2024, 13, 1, 0, 0, 0), None);
        assert_eq!(Timestamp::from_civil(2024, 0, 1, 0, 0, 0), None);
        assert_eq!(Timestamp::from_civil(2024, 1, 0, 0, 0, 0), None);
        assert_eq!(Timestamp::from_civil(2024, 1, 1, 24, 0, 0), None);
        assert_eq!(Timestamp::from_civil(2263, 1, 1, 0, 0, 0), None);
        assert_eq!(Timestamp::from_civil(1677, 1, 1, 0, 0, 0), None);
    }

    #[test]
    fn the_ends_of_the_range() {
        for end in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(Timestamp::from_parts(end.seconds(), end.subsec_nanos()), Some(end));
        }
        assert_eq!(Timestamp::from_parts(Timestamp::MAX.seconds(), 999_999_999), None);
        assert_eq!(Timestamp::from_parts(i64::MIN, 0), None);
        assert_eq!(Timestamp::from_parts(0, 1_000_000_000), None);
        assert_eq!(Timestamp::from_parts(-1, 500_000_000), Some(Timestamp(-500_000_000)));
    }

    #[test]
    fn civil_parts() {
        let c = Timestamp::from_civil(2013, 10, 7, 13, 30, 1).unwrap().plus_nanos(5).civil();
        assert_eq!(
            (c.year, c.month, c.day, c.hour, c.minute, c.second, c.nanosecond),
            (2013, 10, 7, 13, 30, 1, 5)
        );
    }
}
