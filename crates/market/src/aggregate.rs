//! Longer timeframes from minutes.
//!
//! Buckets of 5, 15, 30 and 60 minutes lie on the clock and hold the minutes of all sessions, as
//! Alpaca's own bars do (the hour of 09:00 New York holds 09:00 to 10:00). A stock's day from
//! minutes holds the regular session only (the exchange's day), a crypto day 24 hours of UTC, or
//! of whatever midnight the server's own days start at.
//!
//! Bars that the server gave for such a timeframe (`d`, history) are weighed against the minutes:
//!
//! - A day of the server always holds against one from minutes.
//! - Within the day the account with more volume holds: what knows of more trades is the more
//!   complete. Of the newest bucket both are merged if the minutes know less (history was loaded
//!   in mid-bucket): open of the server's, extremes of both, close of the minutes; it is marked
//!   [`BarFlags::PARTIAL`]. Load the running bucket's minutes to have it exact.
//!
//! A change of one minute re-aggregates its bucket alone, and a change of the newest minute is
//! O(1): what comes before it in the bucket is kept.

use std::collections::BTreeMap;

use wickwire_proto::time::Timestamp;

use crate::bar::{Bar, BarFlags};
use crate::calendar;
use crate::minute::precedence;
use crate::series::{NO_COUNT, Put, Series};
use crate::symbol::InstrumentClass;
use crate::timeframe::{DAY, MINUTE, Timeframe};

/// A bucket, and which minutes go into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bucket {
    start: Timestamp,
    from: Timestamp,
    to: Timestamp,
}

/// Minutes taken together so far.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    rows: usize,
    open: f64,
    high: f64,
    low: f64,
    close: f64,
    volume: f64,
    notional: f64,
    /// Volume whose average price is known.
    priced: f64,
    count: Option<u64>,
    open_parts: bool,
}

impl Parts {
    fn add(&mut self, minutes: &Series, index: usize) {
        let value = |column: &[f64]| column.get(index).copied().unwrap_or(f64::NAN);
        let (high, low, volume) = (value(minutes.high()), value(minutes.low()), value(minutes.volume()));
        let count = minutes.count().get(index).copied().filter(|n| *n != NO_COUNT).map(u64::from);
        if self.rows == 0 {
            self.open = value(minutes.open());
            self.high = high;
            self.low = low;
            self.count = count;
        } else {
            self.high = self.high.max(high);
            self.low = self.low.min(low);
            self.count = self.count.zip(count).map(|(a, b)| a + b);
        }
        self.close = value(minutes.close());
        self.volume += volume;
        let vwap = value(minutes.vwap());
        if !vwap.is_nan() {
            self.notional += vwap * volume;
            self.priced += volume;
        }
        self.open_parts |= minutes.flags().get(index).is_some_and(|f| f.is_open());
        self.rows += 1;
    }

    fn bar(&self, start: Timestamp) -> Option<Bar> {
        // An average price of a part of the volume is not that of the whole.
        let whole = self.priced > 0.0 && self.priced == self.volume;
        (self.rows > 0).then(|| Bar {
            time: start,
            open: self.open,
            high: self.high,
            low: self.low,
            close: self.close,
            volume: self.volume,
            vwap: whole.then(|| self.notional / self.volume),
            count: self.count,
            flags: BarFlags::AGGREGATED.with(if self.open_parts {
                BarFlags::PARTIAL
            } else {
                BarFlags::default()
            }),
        })
    }
}

/// All minutes of a bucket but the newest, which alone changes with every trade.
#[derive(Clone, Copy, Debug)]
struct Prefix {
    start: Timestamp,
    last: i64,
    settled: u64,
    parts: Parts,
}

#[derive(Clone, Debug, Default)]
struct Level {
    /// What the server gave, where the series shows something else.
    given: BTreeMap<i64, Bar>,
    prefix: Option<Prefix>,
    newest: Option<Bucket>,
}

/// Makes the longer timeframes of one symbol.
#[derive(Clone, Debug)]
pub struct Aggregator {
    class: InstrumentClass,
    levels: [Level; Timeframe::ALL.len()],
    /// Nanoseconds after midnight UTC at which a crypto day starts.
    day_offset: i64,
    /// The newest day the server gave, which decided `day_offset`.
    day_of_offset: Timestamp,
}

impl Aggregator {
    /// For a symbol of this class.
    #[must_use]
    pub fn new(class: InstrumentClass) -> Self {
        let levels = std::array::from_fn(|_| Level::default());
        Self { class, levels, day_offset: 0, day_of_offset: Timestamp::MIN }
    }

    /// The start of the bucket that holds `time`.
    #[must_use]
    pub fn bucket_start(&self, timeframe: Timeframe, time: Timestamp) -> Timestamp {
        match timeframe {
            Timeframe::Day1 if self.class.around_the_clock() => {
                let shifted = time.plus_nanos(-self.day_offset);
                Timestamp(crate::timeframe::floor_to(shifted.0, DAY)).plus_nanos(self.day_offset)
            }
            Timeframe::Day1 => calendar::day_start(self.class, time),
            _ => timeframe.floor(time),
        }
    }

    fn bucket(&self, timeframe: Timeframe, minute: Timestamp) -> Option<Bucket> {
        if let Some(newest) = self.levels.get(timeframe.index()).and_then(|l| l.newest)
            && newest.from <= minute
            && minute < newest.to
        {
            return Some(newest);
        }
        let start = self.bucket_start(timeframe, minute);
        if timeframe == Timeframe::Day1 && !self.class.around_the_clock() {
            let day = calendar::trading_day(calendar::new_york(minute).date)?;
            let inside = day.open <= minute && minute < day.close;
            return inside.then_some(Bucket { start, from: day.open, to: day.close });
        }
        Some(Bucket { start, from: start, to: start.plus_nanos(timeframe.nanos()) })
    }

    /// Brings every longer timeframe up to date after the minute that starts at `minute` was put
    /// or removed. `touched` hears of each row put, by timeframe.
    pub fn minute_changed(
        &mut self,
        series: &mut [Series; Timeframe::ALL.len()],
        minute: Timestamp,
        touched: &mut impl FnMut(&mut Series, Timeframe, Put),
    ) {
        for timeframe in Timeframe::ALL.into_iter().skip(1) {
            if let Some(bucket) = self.bucket(timeframe, minute) {
                self.settle(series, timeframe, bucket, touched);
            }
        }
    }

    /// The same after many minutes of `from..=to` were put: each bucket once, newest first.
    pub fn minutes_loaded(
        &mut self,
        series: &mut [Series; Timeframe::ALL.len()],
        from: Timestamp,
        to: Timestamp,
        touched: &mut impl FnMut(&mut Series, Timeframe, Put),
    ) {
        for timeframe in Timeframe::ALL.into_iter().skip(1) {
            let mut end = to.plus_nanos(MINUTE);
            loop {
                let [minutes, ..] = &*series;
                let range = minutes.range(from, end);
                let Some(last) = range.end.checked_sub(1).filter(|i| *i >= range.start) else { break };
                let Some(minute) = minutes.time().get(last).copied().map(Timestamp) else { break };
                end = minute;
                if let Some(bucket) = self.bucket(timeframe, minute) {
                    self.settle(series, timeframe, bucket, touched);
                    end = end.min(bucket.from);
                }
            }
        }
    }

    /// Takes bars that the server gave for a longer timeframe.
    pub fn give(
        &mut self,
        series: &mut [Series; Timeframe::ALL.len()],
        timeframe: Timeframe,
        bar: &Bar,
        touched: &mut impl FnMut(&mut Series, Timeframe, Put),
    ) {
        if timeframe == Timeframe::Day1 && self.class.around_the_clock() {
            self.learn_day_offset(series, bar.time, touched);
        }
        let index = timeframe.index();
        let (Some(level), Some(target)) = (self.levels.get_mut(index), series.get_mut(index)) else { return };
        let shown = target.at(bar.time).filter(is_given);
        let known = level.given.get(&bar.time.0).copied().or(shown);
        if known.is_some_and(|old| precedence(&old, bar).is_ge()) {
            return;
        }
        if target.len() >= target.limit() && target.time().first().is_some_and(|t| bar.time.0 < *t) {
            return;
        }
        level.given.insert(bar.time.0, *bar);
        while level.given.len() > target.limit() {
            level.given.pop_first();
        }
        let bucket = self.given_bucket(timeframe, bar.time);
        self.settle(series, timeframe, bucket, touched);
        if timeframe == Timeframe::Day1 && self.class.around_the_clock() {
            // Days from minutes that start at another midnight give way.
            let near = DAY / 2;
            let Some(days) = series.get(index) else { return };
            let range = days.range(bar.time.plus_nanos(1 - near), bar.time.plus_nanos(near));
            let made: Vec<Timestamp> =
                range.filter_map(|i| days.get(i)).filter(|b| !is_given(b)).map(|b| b.time).collect();
            for start in made {
                let other = self.given_bucket(timeframe, start);
                self.settle(series, timeframe, other, touched);
            }
        }
    }

    /// The bucket of a bar that the server gave, which starts where the server says.
    fn given_bucket(&self, timeframe: Timeframe, start: Timestamp) -> Bucket {
        if timeframe == Timeframe::Day1 && !self.class.around_the_clock() {
            // Noon lies within the session of a trading day whatever the offset.
            return self
                .bucket(timeframe, start.plus_nanos(DAY / 2))
                .filter(|b| b.start == start)
                .unwrap_or(Bucket { start, from: start, to: start });
        }
        Bucket { start, from: start, to: start.plus_nanos(timeframe.nanos()) }
    }

    fn learn_day_offset(
        &mut self,
        series: &mut [Series; Timeframe::ALL.len()],
        day: Timestamp,
        touched: &mut impl FnMut(&mut Series, Timeframe, Put),
    ) {
        if day < self.day_of_offset {
            return;
        }
        self.day_of_offset = day;
        let offset = day.0.rem_euclid(DAY);
        if offset == self.day_offset {
            return;
        }
        self.day_offset = offset;
        let index = Timeframe::Day1.index();
        let (Some(level), Some(days)) = (self.levels.get_mut(index), series.get_mut(index)) else { return };
        level.newest = None;
        level.prefix = None;
        // Days from minutes are cut anew; those of the server stay.
        let stay: Vec<Bar> = days.iter().filter(is_given).collect();
        days.clear();
        for bar in &stay {
            days.put(bar);
        }
        let [minutes, ..] = &*series;
        let ends = minutes.time().first().copied().zip(minutes.time().last().copied());
        if let Some((first, last)) = ends {
            let only_days = &mut |s: &mut Series, t: Timeframe, p: Put| {
                if t == Timeframe::Day1 {
                    touched(s, t, p);
                }
            };
            self.minutes_loaded(series, Timestamp(first), Timestamp(last), only_days);
        }
    }

    /// Puts the row of a bucket as the rules want it, and that of the bucket before a new newest.
    fn settle(
        &mut self,
        series: &mut [Series; Timeframe::ALL.len()],
        timeframe: Timeframe,
        bucket: Bucket,
        touched: &mut impl FnMut(&mut Series, Timeframe, Put),
    ) {
        let index = timeframe.index();
        let before = series.get(index).and_then(|s| s.time().last().copied());
        self.settle_one(series, timeframe, bucket, touched);
        let after = series.get(index).and_then(|s| s.time().last().copied());
        if before == after {
            return;
        }
        let minutes_end = bucket.start == Timestamp(after.unwrap_or(i64::MIN));
        if let Some(level) = self.levels.get_mut(index) {
            level.newest = minutes_end.then_some(bucket);
        }
        // What was the newest is a bucket like others now, or the other way round.
        for start in [before, after].into_iter().flatten().map(Timestamp) {
            if start != bucket.start {
                let other = self.given_bucket(timeframe, start);
                self.settle_one(series, timeframe, other, touched);
            }
        }
    }

    fn settle_one(
        &mut self,
        series: &mut [Series; Timeframe::ALL.len()],
        timeframe: Timeframe,
        bucket: Bucket,
        touched: &mut impl FnMut(&mut Series, Timeframe, Put),
    ) {
        let [minutes, longer @ ..] = series;
        let index = timeframe.index();
        let Some(target) = index.checked_sub(1).and_then(|i| longer.get_mut(i)) else { return };
        // Minutes that are no longer kept would be missing.
        let cut = minutes.len() >= minutes.limit()
            && minutes.time().first().is_some_and(|first| bucket.from.0 < *first);
        let Some(level) = self.levels.get_mut(index) else { return };
        let made = if cut { None } else { combine(level, minutes, bucket) };
        let shown = target.at(bucket.start);
        let given = level.given.get(&bucket.start.0).copied().or(shown.filter(is_given));
        let newest = target.time().last().is_none_or(|last| *last <= bucket.start.0);
        let bar = match (given, made) {
            (None, None) if cut => return,
            (None, None) => None,
            (Some(given), None) => Some(given),
            (None, Some(made)) if timeframe == Timeframe::Day1 && self.class.around_the_clock() => {
                // A server's day at another midnight covers most of this one.
                let near = DAY / 2;
                let from = bucket.start.plus_nanos(-near + 1);
                let covered = target.range(from, bucket.start.plus_nanos(near));
                let covered = covered.filter_map(|i| target.get(i)).any(|b| is_given(&b));
                (!covered).then_some(made)
            }
            (None, Some(made)) => Some(made),
            (Some(given), Some(_)) if timeframe == Timeframe::Day1 => Some(given),
            (Some(given), Some(made)) if made.volume >= given.volume => Some(made),
            (Some(given), Some(made)) if newest => Some(Bar {
                high: given.high.max(made.high),
                low: given.low.min(made.low),
                close: made.close,
                flags: given.flags.with(BarFlags::PARTIAL).with(BarFlags::AGGREGATED),
                ..given
            }),
            (Some(given), Some(_)) => Some(given),
        };
        // Only what the series does not show needs to be kept beside it.
        match (given, bar) {
            (Some(given), Some(bar)) if !is_given(&bar) => {
                level.given.insert(bucket.start.0, given);
                while level.given.len() > target.limit() {
                    level.given.pop_first();
                }
            }
            _ => {
                level.given.remove(&bucket.start.0);
            }
        }
        match bar {
            Some(bar) => {
                let put = target.put(&bar);
                touched(target, timeframe, put);
            }
            None if target.remove(bucket.start) => {
                // The row after it has moved: views are told by the series itself.
                touched(target, timeframe, Put::Nothing);
            }
            None => {}
        }
    }
}

/// Whether a row is the server's and nothing was made of it.
fn is_given(bar: &Bar) -> bool {
    bar.flags.has(BarFlags::FROM_SERVER) && !bar.flags.has(BarFlags::AGGREGATED)
}

/// The bar of a bucket from its minutes, by the shortest way.
fn combine(level: &mut Level, minutes: &Series, bucket: Bucket) -> Option<Bar> {
    let rows = minutes.range(bucket.from, bucket.to);
    let last = rows.end.checked_sub(1).filter(|i| *i >= rows.start)?;
    let mut parts;
    if rows.end == minutes.len() {
        let time = minutes.time().get(last).copied()?;
        let settled = minutes.settled_revision();
        let fresh = level
            .prefix
            .filter(|p| p.start == bucket.start && p.last == time && p.settled == settled)
            .map(|p| p.parts);
        parts = fresh.unwrap_or_else(|| {
            let mut parts = Parts::default();
            (rows.start..last).for_each(|i| parts.add(minutes, i));
            level.prefix = Some(Prefix { start: bucket.start, last: time, settled, parts });
            parts
        });
        parts.add(minutes, last);
    } else {
        parts = Parts::default();
        rows.for_each(|i| parts.add(minutes, i));
    }
    parts.bar(bucket.start)
}
