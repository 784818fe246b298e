//! Dates of the proleptic Gregorian calendar.

/// A date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

impl Date {
    /// The date that lies `days` after 1970-01-01.
    ///
    /// Counts in eras of 400 years that start on 1 March, so that the leap day is a year's last.
    #[must_use]
    pub const fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        Self { year: year as i32, month: month as u8, day: day as u8 }
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i64 {
        let year = self.year as i64 - if self.month <= 2 { 1 } else { 0 };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let march_month = (self.month as i64 + 9) % 12;
        let of_year = (153 * march_month + 2) / 5 + self.day as i64 - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        era * 146_097 + of_era - 719_468
    }

    /// Day of the week, 0 Sunday to 6 Saturday.
    #[must_use]
    pub const fn weekday(self) -> u8 {
        (self.days() + 4).rem_euclid(7) as u8
    }

    /// The date `days` later.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self::from_days(self.days() + days)
    }

    /// The `n`th (1 to 4) of a weekday in a month.
    #[must_use]
    pub const fn nth_weekday(year: i32, month: u8, weekday: u8, n: u8) -> Self {
        let first = Self { year, month, day: 1 };
        let ahead = (weekday as i64 - first.weekday() as i64).rem_euclid(7);
        first.plus_days(ahead + 7 * (n as i64 - 1))
    }

    /// The last of a weekday in a month.
    #[must_use]
    pub const fn last_weekday(year: i32, month: u8, weekday: u8) -> Self {
        let fourth = Self::nth_weekday(year, month, weekday, 4);
        let fifth = fourth.plus_days(7);
        if fifth.month == month { fifth } else { fourth }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn days_and_dates_are_inverse_and_follow_each_other() {
        let mut before = Date::from_days(-150_000);
        for days in -149_999..150_000 {
            let date = Date::from_days(days);
            assert_eq!(date.days(), days);
            assert!(date > before);
            before = date;
        }
        assert_eq!(Date::from_days(0), Date { year: 1970, month: 1, day: 1 });
        assert_eq!(
            Date { year: 2000, month: 2, day: 29 }.plus_days(1),
            Date { year: 2000, month: 3, day: 1 }
        );
    }

    #[test]
    fn weekdays() {
        assert_eq!(Date { year: 2013, month: 10, day: 7 }.weekday(), 1);
        assert_eq!(Date::nth_weekday(2026, 11, 4, 4), Date { year: 2026, month: 11, day: 26 });
        assert_eq!(Date::last_weekday(2026, 5, 1), Date { year: 2026, month: 5, day: 25 });
        assert_eq!(Date::last_weekday(2026, 8, 1), Date { year: 2026, month: 8, day: 31 });
    }
}
