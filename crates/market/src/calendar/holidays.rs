//! Days on which the New York Stock Exchange is closed or closes at 13:00.
//!
//! Source: NYSE rule 7.2 and <https://www.nyse.com/markets/hours-calendars>: a holiday on a Sunday
//! is kept on the Monday after, one on a Saturday on the Friday before, except New Year's Day on a
//! Saturday, which is not kept.

use super::date::Date;

/// Why the exchange is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// Third Monday of January, since 1998.
    MartinLutherKing,
    /// Third Monday of February.
    Washington,
    /// The Friday before Easter.
    GoodFriday,
    /// Last Monday of May.
    Memorial,
    /// 19 June, since 2022.
    Juneteenth,
    /// 4 July.
    Independence,
    /// First Monday of September.
    Labor,
    /// Fourth Thursday of November.
    Thanksgiving,
    /// 25 December.
    Christmas,
    /// A closing by special order: mourning, storm, attack.
    Special,
}

/// Whole days since 2001 that no rule gives (year, month, day).
const SPECIAL: [(i32, u8, u8); 10] = [
    (2001, 9, 11),
    (2001, 9, 12),
    (2001, 9, 13),
    (2001, 9, 14),
    (2004, 6, 11),
    (2007, 1, 2),
    (2012, 10, 29),
    (2012, 10, 30),
    (2018, 12, 5),
    (2025, 1, 9),
];

/// The holiday kept on a date, if any.
#[must_use]
pub fn holiday(date: Date) -> Option<Holiday> {
    let Date { year, month, day } = date;
    let monday = date.weekday() == 1;
    if SPECIAL.contains(&(year, month, day)) {
        return Some(Holiday::Special);
    }
    Some(match month {
        1 if day == 1 || (day == 2 && monday) => Holiday::NewYear,
        1 if monday && (15..=21).contains(&day) && year >= 1998 => Holiday::MartinLutherKing,
        2 if monday && (15..=21).contains(&day) => Holiday::Washington,
        3 | 4 if date == easter(year).plus_days(-2) => Holiday::GoodFriday,
        5 if monday && day >= 25 => Holiday::Memorial,
        6 if year >= 2022 && kept_on(date, 19) => Holiday::Juneteenth,
        7 if kept_on(date, 4) => Holiday::Independence,
        9 if monday && day <= 7 => Holiday::Labor,
        11 if date.weekday() == 4 && (22..=28).contains(&day) => Holiday::Thanksgiving,
        12 if kept_on(date, 25) => Holiday::Christmas,
        _ => return None,
    })
}

/// Whether a holiday on `day` of this month is kept on `date`.
fn kept_on(date: Date, day: u8) -> bool {
    date.day == day
        || (date.weekday() == 1 && date.day == day + 1)
        || (date.weekday() == 5 && date.day + 1 == day)
}

/// Whether a trading day ends at 13:00: 3 July and 24 December from Monday to Thursday, and the
/// day after Thanksgiving.
#[must_use]
pub fn is_short(date: Date) -> bool {
    let eve = (1..=4).contains(&date.weekday());
    match (date.month, date.day) {
        (7, 3) | (12, 24) => eve,
        (11, day) => date.weekday() == 5 && (23..=29).contains(&day),
        _ => false,
    }
}

/// Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher).
fn easter(year: i32) -> Date {
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date { year, month: (n / 31) as u8, day: (n % 31 + 1) as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn closed_weekdays(year: i32) -> Vec<(u8, u8)> {
        let first = Date { year, month: 1, day: 1 };
        (0..366)
            .map(|n| first.plus_days(n))
            .filter(|d| d.year == year && !matches!(d.weekday(), 0 | 6) && holiday(*d).is_some())
            .map(|d| (d.month, d.day))
            .collect()
    }

    fn short_days(year: i32) -> Vec<(u8, u8)> {
        let first = Date { year, month: 1, day: 1 };
        (0..366)
            .map(|n| first.plus_days(n))
            .filter(|d| d.year == year && super::super::is_trading_day(*d) && is_short(*d))
            .map(|d| (d.month, d.day))
            .collect()
    }

    #[test]
    fn published_calendars() {
        let c = closed_weekdays;
        assert_eq!(c(2013), [(1, 1), (1, 21), (2, 18), (3, 29), (5, 27), (7, 4), (9, 2), (11, 28), (12, 25)]);
        assert_eq!(
            c(2023),
            [(1, 2), (1, 16), (2, 20), (4, 7), (5, 29), (6, 19), (7, 4), (9, 4), (11, 23), (12, 25)]
        );
        assert_eq!(
            c(2024),
            [(1, 1), (1, 15), (2, 19), (3, 29), (5, 27), (6, 19), (7, 4), (9, 2), (11, 28), (12, 25)]
        );
        assert_eq!(
            c(2025),
            [(1, 1), (1, 9), (1, 20), (2, 17), (4, 18), (5, 26), (6, 19), (7, 4), (9, 1), (11, 27), (12, 25)]
        );
        assert_eq!(
            c(2026),
            [(1, 1), (1, 19), (2, 16), (4, 3), (5, 25), (6, 19), (7, 3), (9, 7), (11, 26), (12, 25)]
        );
        assert_eq!(
            c(2027),
            [(1, 1), (1, 18), (2, 15), (3, 26), (5, 31), (6, 18), (7, 5), (9, 6), (11, 25), (12, 24)]
        );
        assert_eq!(
            c(2028),
            [(1, 17), (2, 21), (4, 14), (5, 29), (6, 19), (7, 4), (9, 4), (11, 23), (12, 25)]
        );
    }

    #[test]
    fn published_short_days() {
        assert_eq!(short_days(2023), [(7, 3), (11, 24)]);
        assert_eq!(short_days(2024), [(7, 3), (11, 29), (12, 24)]);
        assert_eq!(short_days(2025), [(7, 3), (11, 28), (12, 24)]);
        assert_eq!(short_days(2026), [(11, 27), (12, 24)]);
        assert_eq!(short_days(2027), [(11, 26)]);
        assert_eq!(short_days(2028), [(7, 3), (11, 24)]);
    }
}
