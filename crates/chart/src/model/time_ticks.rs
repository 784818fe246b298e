//! Which bars get a line and a label on the time axis.
//!
//! A tick stands at the first bar of a calendar unit, so that labels mean the same across nights,
//! weekends and daylight saving changes. Where two would collide, the one of the greater unit stays.
//!
//! A label is the time of its bar and nothing else, so within a day it reads well only where the bar
//! stands on a round time. Where trading is thin and a unit does not begin with a bar, the roundest bar
//! of its first half has the tick; without one the unit has none, unless the axis would be bare there.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::ops::Range;

use super::bars::{Bars, partition};
use super::civil::{Civil, DAY};
use super::zone::{Zone, local_seconds};

/// Candidates looked at in one layout at most.
pub const MAX_CANDIDATES: usize = 512;
/// Bars of one unit looked at in search of a round time.
const MAX_LOOKED_AT: usize = 64;
/// Least part of a unit that counts as round in it: in half an hour, five minutes.
const ROUND_PART: i64 = 6;
/// A multiple of so many seconds is round whatever the length of a bar.
const ALWAYS_ROUND: i64 = 1_800;
/// An axis is bare where no round time is nearer than so many times the least distance of ticks.
const BARE: f64 = 2.0;
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

    /// How round `local` is within this unit: the longest part of it, in seconds, that begins there,
    /// down to its [`ROUND_PART`], else 0. A time that every bar of `interval` seconds may have is not
    /// round.
    fn roundness(self, local: i64, interval: i64) -> i64 {
        let Self::Seconds(unit) = self else { return 0 };
        let parts = UNITS.iter().rev().filter_map(|part| match part {
            Self::Seconds(seconds) if *seconds <= unit => Some(*seconds),
            _ => None,
        });
        let rounder = |part: i64| part > interval || part >= ALWAYS_ROUND || part == unit;
        let mut parts = parts.filter(|part| part * ROUND_PART >= unit && rounder(*part));
        parts.find(|part| local.rem_euclid(*part) == 0).unwrap_or(0)
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
    /// As [`Unit::roundness`]; greatest for the first bar of a day.
    roundness: i64,
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
/// answer is sorted by weight and roundness, greatest first and in order of time among equals, so that
/// the caller places labels from the front and leaves out those that no longer fit.
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
    let interval = interval_ns.max(1).div_euclid(NANOS);
    candidates(bars, range.clone(), unit, interval, zone, out);
    // Days matter on an intraday axis even where they fall between its units.
    if matches!(unit, Unit::Seconds(_)) {
        candidates(bars, range, Unit::Day, interval, zone, out);
        out.sort_unstable_by_key(|tick| (tick.index, Reverse(tick.roundness)));
        out.dedup_by_key(|tick| tick.index);
        leave_out_uneven(out, apart);
    }
    out.sort_unstable_by_key(|tick| Reverse((tick.weight, tick.roundness, Reverse(tick.index))));
}

/// Takes out ticks at no round time, but for those that stand alone. `ticks` are in order of time.
fn leave_out_uneven(ticks: &mut Vec<TimeTick>, apart: f64) {
    let near = |a: usize, b: usize| (b - a) as f64 <= BARE * apart;
    let mut after = None;
    for tick in ticks.iter_mut().rev() {
        if tick.roundness > 0 {
            after = Some(tick.index);
        } else if after.is_some_and(|after| near(tick.index, after)) {
            tick.roundness = -1;
        }
    }
    let mut before = None;
    ticks.retain(|tick| {
        let alone = tick.roundness == 0 && before.is_none_or(|before| !near(before, tick.index));
        let stays = tick.roundness > 0 || alone;
        if stays {
            before = Some(tick.index);
        }
        stays
    });
}

/// The bars of `range` that begin a local day, in order; at most [`MAX_CANDIDATES`].
pub fn day_starts(bars: &dyn Bars, range: Range<usize>, zone: &dyn Zone, out: &mut Vec<TimeTick>) {
    out.clear();
    let range = range.start..range.end.min(bars.len());
    if !range.is_empty() {
        candidates(bars, range, Unit::Day, 0, zone, out);
    }
}

/// Adds the ticks of `unit`, in order of time; `interval` is the length of a bar in seconds.
fn candidates(
    bars: &dyn Bars,
    range: Range<usize>,
    unit: Unit,
    interval: i64,
    zone: &dyn Zone,
    out: &mut Vec<TimeTick>,
) {
    let utc = |i: usize| bars.time_ns(i).div_euclid(NANOS);
    let local_at = |i: usize| local_seconds(zone, utc(i));
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
            let bucket = unit.bucket(utc(at) + offset);
            // A unit that began before the range has its tick where it would have it in a wider one.
            let mut first = at;
            if at == range.start {
                let least = at.saturating_sub(MAX_LOOKED_AT);
                while first > least && unit.bucket(local_at(first - 1)) == bucket {
                    first -= 1;
                }
            }
            let local = local_at(first);
            let before = first.checked_sub(1).map(local_at);
            // Where clocks go back, an hour comes twice and its boundaries count twice.
            let again = |before: i64| local <= before && unit.begins_at(local);
            if before.is_none_or(|before| unit.bucket(before) != bucket || again(before)) {
                let tick = |index: usize, local: i64| {
                    let weight = weight(before, local);
                    let begins_day = weight >= Weight::Day;
                    let roundness = if begins_day { i64::MAX } else { unit.roundness(local, interval) };
                    TimeTick { index, weight, local, seconds, roundness }
                };
                let mut best = tick(first, local);
                if best.weight < Weight::Day && !unit.begins_at(local) {
                    let half = bucket * unit.seconds() + unit.seconds() / 2;
                    for index in first + 1..(first + MAX_LOOKED_AT).min(bars.len()) {
                        let local = local_at(index);
                        if local > half || unit.bucket(local) != bucket {
                            break;
                        }
                        let rounder = tick(index, local);
                        if rounder.roundness > best.roundness {
                            best = rounder;
                        }
                    }
                }
                if range.contains(&best.index) {
                    out.push(best);
                }
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

    /// Minutes of a thin pre-market on 7 October, as minutes after 08:00 in New York.
    fn thin(after_eight: &[i64]) -> Columns {
        minutes(after_eight.iter().map(|m| 1_381_147_200 + 60 * m))
    }

    #[test]
    fn thin_trading_is_labelled_at_round_times() {
        // 08:01 … 08:32, 08:35, … 09:02, 09:04, 09:15, … 09:30 and on without a hole.
        let early = [1, 7, 19, 32, 35, 41, 62, 64, 75, 83];
        let all: Vec<i64> = early.into_iter().chain(90..150).collect();
        let shown = labels(&thin(&all), 60, 20.0, &NewYork);
        assert_eq!(shown, ["7 Oct", "08:35", "09:15", "09:30", "10:00"]);
    }

    #[test]
    fn a_label_is_the_time_of_a_bar() {
        let bars = thin(&[0, 31, 62, 93, 125, 151, 190]);
        let mut ticks = Vec::new();
        time_ticks(&bars, 0..bars.len(), 60 * NANOS, 1.0, &NewYork, &mut ticks);
        assert!(ticks.len() > 2);
        for tick in ticks {
            assert_eq!(tick.local, bars.time_ns(tick.index) / NANOS - 4 * 3_600);
        }
    }

    #[test]
    fn times_without_a_round_one_among_them_are_labelled_as_they_are() {
        // Every 35 minutes from 08:01 on: never a multiple of five. Two bars apart, bare beyond four.
        let odd: Vec<i64> = (0..12).map(|k| 1 + 35 * k).collect();
        assert_eq!(labels(&thin(&odd), 60, 2.0, &NewYork), ["7 Oct", "10:56", "13:51"]);
    }

    #[test]
    fn ticks_do_not_depend_on_where_the_view_begins() {
        let bars = thin(&(0..240).filter(|m| m * m % 7 == 2 || m % 11 == 4).collect::<Vec<_>>());
        let mut whole = Vec::new();
        time_ticks(&bars, 0..bars.len(), 60 * NANOS, 20.0, &NewYork, &mut whole);
        let round = |tick: &TimeTick, from: usize| tick.index >= from && tick.roundness > 0;
        for from in 1..bars.len() {
            let mut part = Vec::new();
            time_ticks(&bars, from..bars.len(), 60 * NANOS, 20.0, &NewYork, &mut part);
            let expected: Vec<_> = whole.iter().filter(|t| round(t, from)).collect();
            assert_eq!(part.iter().filter(|t| round(t, from)).collect::<Vec<_>>(), expected, "{from}");
        }
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
    fn a_round_time_is_looked_for_in_few_bars() {
        // The hour from two begins with so many bars on odd seconds, before one ten minutes into it.
        let tick_of_two = |odd: usize| {
            let odd = (0..odd as i64).map(|i| 7_207 + 2 * i);
            let bars = minutes([3_600].into_iter().chain(odd).chain([7_800]));
            let mut ticks = Vec::new();
            candidates(&bars, 0..bars.len(), Unit::Seconds(3_600), 1, &Utc, &mut ticks);
            ticks.iter().map(|tick| tick.index).collect::<Vec<_>>()
        };
        assert_eq!(tick_of_two(MAX_LOOKED_AT - 1), [0, MAX_LOOKED_AT]);
        assert_eq!(tick_of_two(MAX_LOOKED_AT), [0, 1]);
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
