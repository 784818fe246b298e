//! The simulated trading day: New York's hours decide how lively the stocks are.

use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

pub(super) const MINUTE: i64 = 60 * NANOS_PER_SECOND;
pub(super) const DAY: i64 = 86_400 * NANOS_PER_SECOND;
/// 09:30 and 16:00, in minutes since midnight.
pub(super) const OPEN: i64 = 570;
pub(super) const CLOSE: i64 = 960;

/// One day of New York, by the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NewYorkDay {
    /// Days since 1970-01-01.
    pub(super) date: i64,
    /// Midnight.
    pub(super) midnight: i64,
    /// Midnight of the next day.
    pub(super) end: i64,
}

impl NewYorkDay {
    /// The day that holds an instant.
    pub(super) fn of(time: Timestamp) -> Self {
        let t = time.nanos();
        let date = (t + offset(t)).div_euclid(DAY);
        Self::on(date)
    }

    fn on(date: i64) -> Self {
        // Clocks change at 02:00, so midnight has the offset of the evening before.
        let midnight = |d: i64| {
            let local = d * DAY;
            let winter = local + 5 * 3_600 * NANOS_PER_SECOND;
            local - offset(winter - MINUTE)
        };
        Self { date, midnight: midnight(date), end: midnight(date + 1) }
    }

    pub(super) fn previous(self) -> Self {
        Self::on(self.date - 1)
    }

    /// Monday to Friday. Holidays are trading days here.
    pub(super) const fn is_weekday(self) -> bool {
        // 1970-01-01 was a Thursday.
        (self.date + 3).rem_euclid(7) < 5
    }

    /// The instant at which clocks show `minute` minutes since midnight, away from 01:00 to 03:00.
    pub(super) fn at(self, minute: i64) -> i64 {
        let guess = self.midnight + minute * MINUTE;
        guess - (offset(guess) - offset(self.midnight))
    }

    /// Minutes since midnight on the clock at `t`.
    pub(super) fn minute_of(self, t: i64) -> i64 {
        (t + offset(t) - self.date * DAY).div_euclid(MINUTE)
    }

    /// Whether `t` lies in the regular session.
    pub(super) fn is_regular(self, t: i64) -> bool {
        self.is_weekday() && (self.at(OPEN)..self.at(CLOSE)).contains(&t)
    }

    /// How lively stocks are at `t`, 1 in the middle of the session: 3 at the open, falling to 1
    /// within half an hour; up to 2.5 in the last half hour; a third around it and less at night.
    pub(super) fn activity(self, t: i64) -> f64 {
        let minute = self.minute_of(t);
        if !self.is_weekday() {
            return 0.2;
        }
        let x = minute as f64;
        match minute {
            OPEN..600 => 1.0 + 2.0 * square((600.0 - x) / 30.0),
            600..930 => 1.0,
            930..CLOSE => 1.0 + 1.5 * square((x - 929.0) / 30.0),
            CLOSE..1_200 => 0.35 + 0.6 * square((1_200.0 - x) / 240.0),
            240..OPEN => 0.3 + 0.3 * square((x - 240.0) / 330.0),
            _ => 0.2,
        }
    }
}

fn square(x: f64) -> f64 {
    x * x
}

/// What New York's clocks are ahead of UTC at `t`, in nanoseconds: -4 h from the second Sunday of
/// March, 02:00, to the first Sunday of November, 02:00, and -5 h else (the rule since 2007).
fn offset(t: i64) -> i64 {
    let hour = 3_600 * NANOS_PER_SECOND;
    let year = civil_year((t - 5 * hour).div_euclid(DAY));
    let begin = sunday_on_or_after(days_from_civil(year, 3, 8)) * DAY + 7 * hour;
    let end = sunday_on_or_after(days_from_civil(year, 11, 1)) * DAY + 6 * hour;
    if (begin..end).contains(&t) { -4 * hour } else { -5 * hour }
}

const fn sunday_on_or_after(date: i64) -> i64 {
    date + (3 - date).rem_euclid(7)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
pub(super) const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let doy = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// Year, month and day of a date.
pub(super) const fn civil(date: i64) -> (i64, i64, i64) {
    let z = date + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + (month <= 2) as i64;
    (year, month, doy - (153 * mp + 2) / 5 + 1)
}

const fn civil_year(date: i64) -> i64 {
    civil(date).0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(y: i64, m: i64, d: i64, h: i64, min: i64) -> i64 {
        days_from_civil(y, m, d) * DAY + (h * 60 + min) * MINUTE
    }

    #[test]
    fn sessions_follow_daylight_saving() {
        for (y, m, d, open_hour) in [
            (2026, 1, 15, 14),
            (2026, 7, 15, 13),
            (2026, 3, 6, 14),
            (2026, 3, 9, 13),
            (2026, 10, 30, 13),
            (2026, 11, 2, 14),
        ] {
            let open = utc(y, m, d, open_hour, 30);
            let day = NewYorkDay::of(Timestamp(open));
            assert_eq!(day.at(OPEN), open, "{y}-{m}-{d}");
            assert_eq!(day.minute_of(open), OPEN);
            assert!(day.is_regular(open) && !day.is_regular(open - 1) && !day.is_regular(day.at(CLOSE)));
        }
    }

    #[test]
    fn days_join() {
        let mut day = NewYorkDay::of(Timestamp(utc(2027, 1, 1, 12, 0)));
        for _ in 0..800 {
            let before = day.previous();
            assert_eq!(before.end, day.midnight);
            assert!([23, 24, 25].contains(&((day.end - day.midnight) / (60 * MINUTE))));
            let (y, m, d) = civil(day.date);
            assert_eq!(days_from_civil(y, m, d), day.date);
            assert_eq!(NewYorkDay::of(Timestamp(day.midnight)), day);
            assert_eq!(NewYorkDay::of(Timestamp(day.end - 1)), day);
            day = before;
        }
    }
}
