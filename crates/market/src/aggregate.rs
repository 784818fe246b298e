//! Longer timeframes from shorter ones: 5 minutes to a day from minutes, weeks and months from days.
//!
//! Intraday buckets hold the minutes of all sessions, as Alpaca's own bars do (the hour of 09:00 New
//! York holds 09:00 to 10:00). A stock's day from minutes holds the regular session only (the
//! exchange's day), a crypto day 24 hours of UTC, or of whatever midnight the server's own days
//! start at. Where buckets start is in [`crate::bucket`].
//!
//! Bars that the server gave for such a timeframe (`d`, history) are weighed against what the
//! shorter bars make:
//!
//! - A day of the server always holds against one from minutes.
//! - Otherwise the account with more volume holds: what knows of more trades is the more complete.
//!   Of the newest bucket both are merged if the shorter bars know less (history was loaded in
//!   mid-bucket): open of the server's, extremes of both, close of the shorter bars; it is marked
//!   [`BarFlags::PARTIAL`]. Load the running bucket's minutes (for weeks and months its days) to
//!   have it exact.
//!
//! The delta ([`Bar::delta`]) of a made bar is the sum of its parts', if all are known. A bar of the
//! server takes it over where both know of the same volume, so of the same trades.
//!
//! A change of one row re-aggregates its bucket alone, and a change of the newest row's values is
//! O(1): what comes before it in the bucket is kept.

use std::cmp::Reverse;

use wickwire_proto::sorted::SortedMap;
use wickwire_proto::time::Timestamp;

use crate::bar::{Bar, BarFlags};
use crate::bucket::{Bucket, Buckets, HALF_DAY};
use crate::minute::{no_delta, precedence, same_volume};
use crate::series::{Put, Series, SeriesSet};
use crate::symbol::InstrumentClass;
use crate::timeframe::{Base, DAY, Timeframe};

mod parts;

use parts::{Parts, Prefix};

/// Hears of each row put, inserted or removed ([`Put::Nothing`]), by timeframe.
pub type Touched<'a> = dyn FnMut(&mut Series, Timeframe, Put) + 'a;

#[derive(Clone, Debug, Default)]
struct Level {
    /// What the server gave, where the series shows something else; the newest first, as buckets are gone
    /// through.
    given: SortedMap<Reverse<i64>, Bar>,
    prefix: Option<Prefix>,
    newest: Option<Bucket>,
    /// The last row asked about that goes into no bucket: a stock's minute outside regular hours
    /// goes into no day.
    outside: Option<Timestamp>,
}

/// Makes the longer timeframes of one symbol.
#[derive(Clone, Debug)]
pub struct Aggregator {
    buckets: Buckets,
    /// By timeframe; those that are made of trades stay empty.
    levels: [Level; Timeframe::ALL.len()],
    /// The newest day the server gave, which decided where crypto days start.
    day_of_offset: Timestamp,
}

/// The timeframe that one is put together from, if any.
const fn shorter(timeframe: Timeframe) -> Option<Timeframe> {
    match timeframe.base() {
        Base::Trades => None,
        Base::Minutes => Some(Timeframe::Min1),
        Base::Days => Some(Timeframe::Day1),
    }
}

impl Aggregator {
    /// For a symbol of this class.
    #[must_use]
    pub fn new(class: InstrumentClass) -> Self {
        let levels = std::array::from_fn(|_| Level::default());
        Self { buckets: Buckets::new(class), levels, day_of_offset: Timestamp::MIN }
    }

    /// Where bars start and end.
    #[must_use]
    pub const fn buckets(&self) -> &Buckets {
        &self.buckets
    }

    const fn level(&mut self, timeframe: Timeframe) -> &mut Level {
        // One a timeframe, in their order.
        &mut self.levels[timeframe.index()]
    }

    /// The bucket that a row of the shorter timeframe goes into.
    fn bucket(&mut self, timeframe: Timeframe, row: Timestamp) -> Option<Bucket> {
        let buckets = self.buckets;
        let level = self.level(timeframe);
        if let Some(newest) = level.newest
            && newest.from <= row
            && row < newest.to
        {
            return Some(newest);
        }
        if level.outside == Some(row) {
            return None;
        }
        let bucket = match timeframe.base() {
            Base::Days => Some(buckets.of_day(timeframe, row)),
            _ => buckets.of_minute(timeframe, row),
        };
        if bucket.is_none() {
            level.outside = Some(row);
        }
        bucket
    }

    /// Brings every longer timeframe up to date after the minute that starts at `minute` was put
    /// or removed.
    pub fn minute_changed(&mut self, series: &mut SeriesSet, minute: Timestamp, touched: &mut Touched<'_>) {
        self.row_changed(series, Timeframe::Min1, minute, touched);
    }

    /// A row of `base` was put or removed.
    fn row_changed(
        &mut self,
        series: &mut SeriesSet,
        base: Timeframe,
        row: Timestamp,
        touched: &mut Touched<'_>,
    ) {
        let rows = series.of(base);
        let settled = rows.settled_revision();
        let last = rows.last().filter(|last| last.time == row);
        let timeframes: &[Timeframe] =
            if base == Timeframe::Day1 { &Timeframe::FROM_DAYS } else { &Timeframe::FROM_MINUTES };
        for timeframe in timeframes.iter().copied() {
            if last.as_ref().is_some_and(|last| self.extend(series, timeframe, last, settled, touched)) {
                continue;
            }
            if let Some(bucket) = self.bucket(timeframe, row) {
                self.settle(series, timeframe, bucket, touched);
            }
        }
    }

    /// The short way where only the newest row of the newest bucket has new values and nothing
    /// stands against what is made of it; false if it is not so.
    fn extend(
        &mut self,
        series: &mut SeriesSet,
        timeframe: Timeframe,
        row: &Bar,
        settled: u64,
        touched: &mut Touched<'_>,
    ) -> bool {
        let level = self.level(timeframe);
        let Some(prefix) = level.prefix.as_ref().filter(|p| p.alone && p.last == row.time.0) else {
            return false;
        };
        let target = series.of_mut(timeframe);
        if prefix.settled != settled || target.time().last() != Some(&prefix.start.0) {
            return false;
        }
        let start = prefix.start;
        let mut parts = prefix.parts;
        parts.add(row);
        let Some(bar) = parts.bar(start) else { return false };
        let put = target.replace_last(&bar);
        if put != Put::Nothing {
            touched(target, timeframe, put);
            self.cascade(series, timeframe, start, touched);
        }
        true
    }

    /// A day was put or removed: its week and its month follow.
    fn cascade(
        &mut self,
        series: &mut SeriesSet,
        timeframe: Timeframe,
        row: Timestamp,
        touched: &mut Touched<'_>,
    ) {
        if timeframe == Timeframe::Day1 {
            self.row_changed(series, timeframe, row, touched);
        }
    }

    /// The same as [`Aggregator::minute_changed`] after many minutes of `from..=to` were put: each
    /// bucket once, newest first.
    pub fn minutes_loaded(
        &mut self,
        series: &mut SeriesSet,
        from: Timestamp,
        to: Timestamp,
        touched: &mut Touched<'_>,
    ) {
        for timeframe in Timeframe::FROM_MINUTES {
            self.rows_loaded(series, timeframe, from, to, touched);
        }
    }

    fn rows_loaded(
        &mut self,
        series: &mut SeriesSet,
        timeframe: Timeframe,
        from: Timestamp,
        to: Timestamp,
        touched: &mut Touched<'_>,
    ) {
        let Some(base) = shorter(timeframe) else { return };
        let mut end = to.plus_nanos(1);
        loop {
            let rows = series.of(base);
            let range = rows.range(from, end);
            let Some(last) = range.end.checked_sub(1).filter(|i| *i >= range.start) else { return };
            let Some(row) = rows.time().get(last).copied().map(Timestamp) else { return };
            end = row;
            if let Some(bucket) = self.bucket(timeframe, row) {
                self.settle(series, timeframe, bucket, touched);
                end = end.min(bucket.from);
            }
        }
    }

    /// Takes a bar that the server gave for a longer timeframe.
    pub fn give(
        &mut self,
        series: &mut SeriesSet,
        timeframe: Timeframe,
        bar: &Bar,
        touched: &mut Touched<'_>,
    ) {
        if timeframe == Timeframe::Day1 && self.buckets.by_utc() {
            self.learn_day_offset(series, bar.time, touched);
        }
        let target = series.of(timeframe);
        let limit = target.limit();
        let level = self.level(timeframe);
        let shown = target.at(bar.time).filter(is_given);
        let known = level.given.get(&Reverse(bar.time.0)).copied().or(shown);
        if known.is_some_and(|old| precedence(&old, bar).is_ge()) {
            return;
        }
        if target.len() >= limit && target.time().first().is_some_and(|t| bar.time.0 < *t) {
            return;
        }
        level.keep(bar.time, bar, limit);
        level.prefix = None;
        let bucket = self.buckets.of_given(timeframe, bar.time);
        self.settle(series, timeframe, bucket, touched);
        if !timeframe.is_intraday() && self.buckets.by_utc() {
            // Those made here that start at another midnight give way.
            let near = series.of(timeframe);
            let range = near.range(bar.time.plus_nanos(1 - HALF_DAY), bar.time.plus_nanos(HALF_DAY));
            let made: Vec<Timestamp> =
                range.filter_map(|i| near.get(i)).filter(|b| !is_given(b)).map(|b| b.time).collect();
            for start in made {
                let other = self.buckets.of_given(timeframe, start);
                self.settle(series, timeframe, other, touched);
            }
        }
    }

    fn learn_day_offset(&mut self, series: &mut SeriesSet, day: Timestamp, touched: &mut Touched<'_>) {
        if day < self.day_of_offset {
            return;
        }
        self.day_of_offset = day;
        let offset = day.0.rem_euclid(DAY);
        if offset == self.buckets.day_offset {
            return;
        }
        self.buckets.day_offset = offset;
        for timeframe in [Timeframe::Day1, Timeframe::Week1, Timeframe::Month1] {
            self.rebuild(series, timeframe, touched);
        }
    }

    /// Cuts a timeframe anew where buckets start elsewhere now; what the server gave stays.
    fn rebuild(&mut self, series: &mut SeriesSet, timeframe: Timeframe, touched: &mut Touched<'_>) {
        let Some((rows, target)) = shorter(timeframe).and_then(|base| series.pair(base, timeframe)) else {
            return;
        };
        let ends = rows.time().first().copied().zip(rows.time().last().copied());
        let mut given = std::mem::take(self.level(timeframe)).given;
        let shown: Vec<_> = target.iter().filter(is_given).collect();
        for bar in shown.iter().rev() {
            given.insert(Reverse(bar.time.0), *bar);
        }
        target.clear();
        for (_, bar) in given.iter().rev() {
            target.put(bar);
        }
        if let Some((first, last)) = ends {
            self.rows_loaded(series, timeframe, Timestamp(first), Timestamp(last), touched);
        }
    }

    /// Puts the row of a bucket as the rules want it, and that of the bucket before a new newest.
    fn settle(
        &mut self,
        series: &mut SeriesSet,
        timeframe: Timeframe,
        bucket: Bucket,
        touched: &mut Touched<'_>,
    ) {
        let before = series.of(timeframe).time().last().copied();
        self.settle_one(series, timeframe, bucket, touched);
        let after = series.of(timeframe).time().last().copied();
        if before == after {
            return;
        }
        let is_newest = after == Some(bucket.start.0);
        self.level(timeframe).newest = is_newest.then_some(bucket);
        // What was the newest is a bucket like others now, or the other way round.
        for start in [before, after].into_iter().flatten().map(Timestamp) {
            if start != bucket.start {
                let other = self.buckets.of_given(timeframe, start);
                self.settle_one(series, timeframe, other, touched);
            }
        }
    }

    fn settle_one(
        &mut self,
        series: &mut SeriesSet,
        timeframe: Timeframe,
        bucket: Bucket,
        touched: &mut Touched<'_>,
    ) {
        let Some((rows, target)) = shorter(timeframe).and_then(|base| series.pair(base, timeframe)) else {
            return;
        };
        // Rows that are no longer kept would be missing.
        let cut = rows.has_dropped(bucket.from);
        let by_utc = self.buckets.by_utc();
        let level = self.level(timeframe);
        let made = if cut { None } else { combine(level, rows, bucket) };
        let given = level.given.get(&Reverse(bucket.start.0)).copied();
        let given = given.or_else(|| target.at(bucket.start).filter(is_given));
        let newest = target.time().last().is_none_or(|last| *last <= bucket.start.0);
        let bar = match (given, made) {
            (None, None) if cut => return,
            (None, None) => None,
            (Some(given), None) if cut => Some(given),
            (Some(given), None) => Some(Bar { delta: no_delta(&given), ..given }),
            (None, Some(made)) if !timeframe.is_intraday() && by_utc => {
                // A bar of the server that starts at another midnight covers most of this one.
                let from = bucket.start.plus_nanos(1 - HALF_DAY);
                let covered = target.range(from, bucket.start.plus_nanos(HALF_DAY));
                let covered = covered.filter_map(|i| target.get(i)).any(|b| is_given(&b));
                (!covered).then_some(made)
            }
            (None, Some(made)) => Some(made),
            (Some(given), Some(made)) if timeframe == Timeframe::Day1 => Some(with_delta(given, &made)),
            (Some(given), Some(made)) if made.volume >= given.volume => Some(made),
            (Some(given), Some(made)) if newest => Some(Bar {
                high: given.high.max(made.high),
                low: given.low.min(made.low),
                close: made.close,
                delta: None,
                flags: given.flags.with(BarFlags::PARTIAL).with(BarFlags::AGGREGATED),
                ..given
            }),
            (Some(given), Some(made)) => Some(with_delta(given, &made)),
        };
        if let Some(prefix) = level.prefix.as_mut().filter(|p| p.start == bucket.start) {
            prefix.alone = given.is_none() && bar.is_some();
        }
        // Only what the series does not show needs to be kept beside it.
        match (given, bar) {
            (Some(given), Some(bar)) if !is_given(&bar) => level.keep(bucket.start, &given, target.limit()),
            _ => {
                level.given.remove(&Reverse(bucket.start.0));
            }
        }
        let put = match bar {
            Some(bar) => target.put(&bar),
            None => Put::Nothing,
        };
        let removed = bar.is_none() && target.remove(bucket.start);
        if put != Put::Nothing || removed {
            // Views of a removed row are told by the series itself.
            touched(target, timeframe, put);
            self.cascade(series, timeframe, bucket.start, touched);
        }
    }
}

impl Level {
    /// Keeps a bar of the server, the newest `limit` of them.
    fn keep(&mut self, start: Timestamp, bar: &Bar, limit: usize) {
        self.given.insert(Reverse(start.0), *bar);
        while self.given.len() > limit {
            self.given.pop_last();
        }
    }
}

/// Whether a row is the server's and nothing was made of it.
fn is_given(bar: &Bar) -> bool {
    bar.flags.has(BarFlags::FROM_SERVER) && !bar.flags.has(BarFlags::AGGREGATED)
}

/// A bar of the server, with the delta of one made here if both know of the same volume.
fn with_delta(given: Bar, made: &Bar) -> Bar {
    let made = made.delta.filter(|_| same_volume(given.volume, made.volume));
    Bar { delta: made.or(no_delta(&given)), ..given }
}

/// The bar of a bucket from its rows, by the shortest way.
fn combine(level: &mut Level, rows: &Series, bucket: Bucket) -> Option<Bar> {
    let range = rows.range(bucket.from, bucket.to);
    let last = range.end.checked_sub(1).filter(|i| *i >= range.start)?;
    let mut parts = Parts::default();
    if range.end == rows.len() {
        let newest = rows.get(last)?;
        let settled = rows.settled_revision();
        let before = last.checked_sub(1).and_then(|i| rows.time().get(i).copied());
        match level.prefix.as_mut().filter(|p| p.start == bucket.start) {
            Some(prefix) if prefix.last == newest.time.0 && prefix.settled == settled => {
                parts = prefix.parts;
            }
            // One row came after the newest, and that is all that happened.
            Some(prefix) if Some(prefix.last) == before && prefix.settled + 1 == settled => {
                prefix.parts.add_rows(rows, last - 1..last);
                parts = prefix.parts;
                (prefix.last, prefix.settled, prefix.alone) = (newest.time.0, settled, false);
            }
            _ => {
                parts.add_rows(rows, range.start..last);
                let (start, last) = (bucket.start, newest.time.0);
                level.prefix = Some(Prefix { start, last, settled, parts, alone: false });
            }
        }
        parts.add(&newest);
    } else {
        parts.add_rows(rows, range);
    }
    parts.bar(bucket.start)
}
