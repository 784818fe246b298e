//! Which bars get a line and a label on the time axis.
//!
//! A tick stands at the first bar of a calendar unit, so that labels mean the same across nights,
//! weekends and daylight saving changes. Where two would collide, the one of the greater unit stays.

use std::fmt::Write as _;
use std::ops::Range;

use super::bars::{Bars, partition};
use super::civil::{Civil, DAY};
use super::zone::Zone;

/// Candidates looked at in one layout at most.
pub const MAX_CANDIDATES: usize = 512;
const NANOS: i64 = 1_000_000_000;

/// A unit that ticks stand on, from fine to coarse.
const UNITS: [Unit; 22] = [
    Unit::Seconds(1),
    Unit::Seconds(5),
    Unit::Seconds(15),
    Unit::Seconds(30),
    Unit::Seconds(60),
    Unit::Seconds(5 * 60),
    Unit::Seconds(10 * 60),
    Unit::Seconds(15 * 60),
    Unit::Seconds(30 * 60),
    Unit::Seconds(3_600),
    Unit::Seconds(2 * 3_600),
    Unit::Seconds(4 * 3_600),
    Unit::Seconds(12 * 3_600),
    Unit::Day,
    Unit::Week,
    Unit::Months(1),
    Unit::Months(3),
    Unit::Months(12),
    Unit::Months(24),
    Unit::Months(60),
    Unit::Months(120),
    Unit::Months(1_200),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    /// A divisor of the day.
    Seconds(i64),
    Day,
    Week,
    Months(i64),
}

impl Unit {
    /// Its length, shortest where it varies.
    fn seconds(self) -> i64 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Day => DAY,
            Self::Week => 7 * DAY,
            Self::Months(months) => months * 28 * DAY,
        }
    }

    /// Whether a unit shorter than a day begins exactly at `local`.
    fn begins_at(self, local: i64) -> bool {
        matches!(self, Self::Seconds(seconds) if local.rem_euclid(seconds) == 0)
    }

    /// A number that is the same within one such unit and rises from one to the next.
    fn bucket(self, local: i64) -> i64 {
        match self {
            Self::Seconds(seconds) => local.div_euclid(seconds),
            Self::Day => local.div_euclid(DAY),
            // 1970-01-01 was a Thursday; weeks begin on Monday.
            Self::Week => (local.div_euclid(DAY) + 3).div_euclid(7),
            Self::Months(months) => {
                let at = Civil::from_seconds(local);
                (at.year * 12 + i64::from(at.month) - 1).div_euclid(months)
            }
        }
    }
}

/// How much a boundary means; the greater stays where labels collide.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// Within an hour.
    Minute,
    /// A full hour.
    Hour,
    /// The first bar of a day.
    Day,
    /// The first bar of a month.
    Month,
    /// The first bar of a year.
    Year,
}

/// A labelled bar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimeTick {
    /// Index of the bar.
    pub index: usize,
    /// What begins with it.
    pub weight: Weight,
    /// Wall-clock seconds of the bar since 1970-01-01T00:00.
    pub local: i64,
    /// Whether labels of this layout show seconds.
    seconds: bool,
}

impl TimeTick {
    /// Appends the label: `09:45`, `7 Oct`, `Oct`, `2013`.
    pub fn label(&self, out: &mut String) {
        let at = Civil::from_seconds(self.local);
        let _ = match self.weight {
            Weight::Year => write!(out, "{}", at.year),
            Weight::Month => write!(out, "{}", at.month_name()),
            Weight::Day => write!(out, "{} {}", at.day, at.month_name()),
            _ if self.seconds => write!(out, "{:02}:{:02}:{:02}", at.hour, at.minute, at.second),
            _ => write!(out, "{:02}:{:02}", at.hour, at.minute),
        };
    }
}

/// Chooses ticks among `range` of the bars.
///
/// `interval_ns` is the length of a bar, `apart` the least distance between ticks in bars. The
/// answer is sorted by weight, greatest first and in order of time within a weight, so that the
/// caller places labels from the front and leaves out those that no longer fit.
pub fn time_ticks(
    bars: &dyn Bars,
    range: Range<usize>,
    interval_ns: i64,
    apart: f64,
    zone: &dyn Zone,
    out: &mut Vec<TimeTick>,
) {
    out.clear();
    let range = range.start..range.end.min(bars.len());
    if range.is_empty() {
        return;
    }
    let least = interval_ns.max(1) as f64 / NANOS as f64 * apart.max(1.0);
    let unit = UNITS.iter().copied().find(|unit| unit.seconds() as f64 >= least);
    let unit = unit.unwrap_or(Unit::Months(1_200));
    candidates(bars, range.clone(), unit, zone, out);
    // Days matter on an intraday axis even where they fall between its units.
    if matches!(unit, Unit::Seconds(_)) {
        candidates(bars, range, Unit::Day, zone, out);
    }
    out.sort_unstable_by(|a, b| b.weight.cmp(&a.weight).then(a.index.cmp(&b.index)));
    out.dedup_by_key(|tick| tick.index);
}

/// The bars of `range` that begin a local day, in order; at most [`MAX_CANDIDATES`].
pub fn day_starts(bars: &dyn Bars, range: Range<usize>, zone: &dyn Zone, out: &mut Vec<TimeTick>) {
    out.clear();
    let range = range.start..range.end.min(bars.len());
    if !range.is_empty() {
        candidates(bars, range, Unit::Day, zone, out);
    }
}

fn candidates(bars: &dyn Bars, range: Range<usize>, unit: Unit, zone: &dyn Zone, out: &mut Vec<TimeTick>) {
    let utc = |i: usize| bars.time_ns(i).div_euclid(NANOS);
    let seconds = matches!(unit, Unit::Seconds(s) if s < 60);
    let limit = out.len() + MAX_CANDIDATES;
    let mut at = range.start;
    while at < range.end && out.len() < limit {
        // Within one offset from UTC local time rises with the index, so bisection finds the next
        // boundary; a change of offset within the range is found the same way and ends the segment.
        let offset = i64::from(zone.offset_seconds(utc(at)));
        let segment_end = if i64::from(zone.offset_seconds(utc(range.end - 1))) == offset {
            range.end
        } else {
            partition(at..range.end, |i| i64::from(zone.offset_seconds(utc(i))) == offset)
        };
        let segment_end = segment_end.max(at + 1);
        while at < segment_end && out.len() < limit {
            let local = utc(at) + offset;
            let bucket = unit.bucket(local);
            let before = at.checked_sub(1).map(|i| {
                let utc = utc(i);
                utc + i64::from(zone.offset_seconds(utc))
            });
            // Where clocks go back, an hour comes twice and its boundaries count twice.
            let again = |before: i64| local <= before && unit.begins_at(local);
            if before.is_none_or(|before| unit.bucket(before) != bucket || again(before)) {
                out.push(TimeTick { index: at, weight: weight(before, local), local, seconds });
            }
            at = partition(at + 1..segment_end, |i| unit.bucket(utc(i) + offset) == bucket);
        }
    }
}

/// What begins at `local`, the bar before being at `before`.
fn weight(before: Option<i64>, local: i64) -> Weight {
    let Some(before) = before else { return Weight::Day };
    if before.div_euclid(DAY) != local.div_euclid(DAY) {
        let (was, is) = (Civil::from_seconds(before), Civil::from_seconds(local));
        return if was.year != is.year {
            Weight::Year
        } else if was.month != is.month {
            Weight::Month
        } else {
            Weight::Day
        };
    }
    if local.rem_euclid(3_600) == 0 { Weight::Hour } else { Weight::Minute }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bars::{Bar, Columns};
    use crate::model::zone::Utc;

    /// New York around the change of 3 November 2013 (06:00 UTC).
    struct NewYork;
    impl Zone for NewYork {
        fn offset_seconds(&self, utc: i64) -> i32 {
            if utc < 1_383_458_400 { -4 * 3_600 } else { -5 * 3_600 }
        }
        fn abbreviation(&self, utc: i64) -> &str {
            if utc < 1_383_458_400 { "EDT" } else { "EST" }
        }
    }

    fn minutes(starts: impl IntoIterator<Item = i64>) -> Columns {
        starts.into_iter().map(|s| Bar { time_ns: s * NANOS, ..Bar::default() }).collect()
    }

    fn labels(bars: &Columns, interval: i64, apart: f64, zone: &dyn Zone) -> Vec<String> {
        let mut ticks = Vec::new();
        time_ticks(bars, 0..bars.len(), interval * NANOS, apart, zone, &mut ticks);
        ticks.sort_by_key(|t| t.index);
        ticks
            .iter()
            .map(|tick| {
                let mut out = String::new();
                tick.label(&mut out);
                out
            })
            .collect()
    }

    #[test]
    fn half_hours_of_a_session_in_exchange_time() {
        let bars = minutes((0..120).map(|m| 1_381_152_600 + 60 * m));
        assert_eq!(labels(&bars, 60, 15.0, &NewYork)[..4], ["7 Oct", "09:45", "10:00", "10:15"]);
        assert_eq!(labels(&bars, 60, 15.0, &Utc)[..4], ["7 Oct", "13:45", "14:00", "14:15"]);
    }

    #[test]
    fn a_new_day_gets_its_tick_where_no_unit_falls() {
        let day = |d: i64| (0..390).step_by(30).map(move |m| 1_381_152_600 + DAY * d + 60 * m);
        let bars = minutes(day(0).chain(day(1)));
        let all = labels(&bars, 1_800, 8.0, &NewYork);
        assert_eq!(all, ["7 Oct", "12:00", "8 Oct", "12:00"]);
    }

    #[test]
    fn the_repeated_hour_is_labelled_twice() {
        let bars = minutes((0..5).map(|h| 1_383_451_200 + 3_600 * h));
        let all = labels(&bars, 3_600, 1.0, &NewYork);
        assert_eq!(all, ["3 Nov", "01:00", "01:00", "02:00", "03:00"]);
    }

    #[test]
    fn days_and_months() {
        let bars = minutes((0..80).map(|d| 1_383_264_000 + DAY * d));
        let all = labels(&bars, DAY, 20.0, &Utc);
        assert_eq!(all, ["1 Nov", "Dec", "2014"]);
    }

    #[test]
    fn candidates_are_bounded() {
        let bars = minutes(0..5_000);
        let mut ticks = Vec::new();
        time_ticks(&bars, 0..5_000, NANOS, 1.0, &Utc, &mut ticks);
        assert!(ticks.len() <= 2 * MAX_CANDIDATES);
        time_ticks(&bars, 0..0, NANOS, 1.0, &Utc, &mut ticks);
        assert!(ticks.is_empty());
    }
}
