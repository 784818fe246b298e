//! The simulated trading day: New York's calendar decides how lively the stocks are.

use wickwire_market::calendar::{Date, from_new_york, new_york, trading_day};
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

pub(super) const MINUTE: i64 = 60 * NANOS_PER_SECOND;
pub(super) const DAY: i64 = 86_400 * NANOS_PER_SECOND;

/// The hours of a trading day, as instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hours {
    /// 04:00.
    pub(super) pre_open: i64,
    /// 09:30.
    pub(super) open: i64,
    /// 16:00, or 13:00 on short days.
    pub(super) close: i64,
    /// Four hours later.
    pub(super) post_close: i64,
}

/// One day of New York.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NewYorkDay {
    pub(super) date: Date,
    /// Midnight.
    pub(super) midnight: i64,
    /// Midnight of the next day.
    pub(super) end: i64,
    /// `None` on weekends and holidays.
    pub(super) hours: Option<Hours>,
}

impl NewYorkDay {
    /// The day that holds an instant.
    pub(super) fn of(time: Timestamp) -> Self {
        Self::on(new_york(time).date)
    }

    fn on(date: Date) -> Self {
        let hours = trading_day(date).map(|d| Hours {
            pre_open: d.pre_open.nanos(),
            open: d.open.nanos(),
            close: d.close.nanos(),
            post_close: d.post_close.nanos(),
        });
        Self {
            date,
            midnight: from_new_york(date, 0).nanos(),
            end: from_new_york(date.plus_days(1), 0).nanos(),
            hours,
        }
    }

    pub(super) fn previous(self) -> Self {
        Self::on(self.date.plus_days(-1))
    }

    /// Whether `t` lies in the regular session.
    pub(super) fn is_regular(&self, t: i64) -> bool {
        self.hours.is_some_and(|h| h.open <= t && t < h.close)
    }

    /// How lively stocks are at `t`, 1 in the middle of the session: 3 at the open, falling to 1
    /// within half an hour; up to 2.5 in the last half hour; a third to a half around it; a fifth
    /// at night and on days without a session.
    pub(super) fn activity(&self, t: i64) -> f64 {
        let Some(h) = self.hours else { return 0.2 };
        let minutes = |nanos: i64| nanos as f64 / MINUTE as f64;
        if t < h.pre_open || t >= h.post_close {
            0.2
        } else if t < h.open {
            0.3 + 0.3 * square(minutes(t - h.pre_open) / 330.0)
        } else if t < h.close {
            1.0 + 2.0 * square(1.0 - minutes(t - h.open).min(30.0) / 30.0)
                + 1.5 * square(1.0 - minutes(h.close - t).min(30.0) / 30.0)
        } else {
            0.35 + 0.6 * square(minutes(h.post_close - t) / 240.0)
        }
    }
}

fn square(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn noon(year: i64, month: u8, day: u8) -> Timestamp {
        Timestamp(Date { year: year as i32, month, day }.days() * DAY + DAY / 2)
    }

    #[test]
    fn days_join_and_know_their_hours() {
        let mut day = NewYorkDay::of(noon(2027, 1, 1));
        let mut sessions = 0;
        for _ in 0..365 {
            let before = day.previous();
            assert_eq!(before.end, day.midnight);
            assert_eq!(NewYorkDay::of(Timestamp(day.midnight)), day);
            assert_eq!(NewYorkDay::of(Timestamp(day.end - 1)), day);
            sessions += usize::from(day.hours.is_some());
            day = before;
        }
        assert!((249..=253).contains(&sessions), "{sessions}");
    }

    #[test]
    fn open_and_close_are_lively() {
        let day = NewYorkDay::of(noon(2026, 11, 23));
        let h = day.hours.unwrap();
        assert_eq!(day.activity(h.open), 3.0);
        assert_eq!(day.activity(h.open + 90 * MINUTE), 1.0);
        assert!(day.activity(h.close - 1) > 2.4);
        assert!(day.activity(h.close) < 1.0 && day.activity(h.pre_open - 1) == 0.2);
        assert!(day.is_regular(h.open) && !day.is_regular(h.open - 1) && !day.is_regular(h.close));
        assert_eq!(NewYorkDay::of(noon(2026, 11, 26)).activity(noon(2026, 11, 26).nanos()), 0.2, "a holiday");
    }
}
