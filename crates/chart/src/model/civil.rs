//! Days and seconds to calendar figures (proleptic Gregorian), by Howard Hinnant's algorithms
//! (<https://howardhinnant.github.io/date_algorithms.html>).

/// Seconds in a day.
pub(crate) const DAY: i64 = 86_400;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A wall-clock reading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Civil {
    /// Year.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
}

impl Civil {
    /// The reading `seconds` after 1970-01-01T00:00:00 on the same clock.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        let (days, within) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        // Shifted so that the year begins in March and the leap day is its last.
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: month as u8,
            day: (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u8,
            hour: (within / 3_600) as u8,
            minute: (within / 60 % 60) as u8,
            second: (within % 60) as u8,
        }
    }

    /// Short English name of the month.
    #[must_use]
    pub fn month_name(&self) -> &'static str {
        MONTHS.get(usize::from(self.month).saturating_sub(1)).copied().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants() {
        let at = |s| Civil::from_seconds(s);
        assert_eq!(at(0), Civil { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0 });
        assert_eq!(
            at(1_381_152_600),
            Civil { year: 2013, month: 10, day: 7, hour: 13, minute: 30, second: 0 }
        );
        assert_eq!(
            at(951_827_199),
            Civil { year: 2000, month: 2, day: 29, hour: 12, minute: 26, second: 39 }
        );
        assert_eq!(at(-1), Civil { year: 1969, month: 12, day: 31, hour: 23, minute: 59, second: 59 });
    }
}
