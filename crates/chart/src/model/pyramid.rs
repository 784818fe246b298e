//! Extremes over any stretch of rows, without looking at each.
//!
//! Blocks of 32 rows and of 32 such blocks. They are numbered from a fixed origin that rows keep for
//! life, so that rows may come and go at either end at the cost of those rows alone. The last row is in
//! no block, so that a tick, which changes that one, patches nothing; and what was last asked for up to it
//! is remembered, as a view that stands is asked for with every tick.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::Range;

use super::change::Change;
use super::extent::Extent;

/// Rows in a block, and blocks in a greater block.
pub const BLOCK: i64 = 32;
const GREAT: i64 = BLOCK * BLOCK;

/// Extremes by blocks. The rows themselves stay with their owner, who is asked for them.
#[derive(Clone, Debug, Default)]
pub struct Pyramid {
    /// Number of row 0.
    base: i64,
    len: usize,
    small: Level,
    great: Level,
    /// Extremes from this number up to the last row, without it.
    settled: Cell<Option<(i64, Extent)>>,
}

/// Consecutive blocks, from block number `first` on.
#[derive(Clone, Debug, Default)]
struct Level {
    first: i64,
    blocks: VecDeque<Extent>,
}

impl Level {
    fn get(&self, block: i64) -> Extent {
        let at = usize::try_from(block - self.first).ok();
        at.and_then(|at| self.blocks.get(at)).copied().unwrap_or(Extent::EMPTY)
    }

    fn set(&mut self, block: i64, extent: Extent) {
        let at = usize::try_from(block - self.first).ok();
        if let Some(slot) = at.and_then(|at| self.blocks.get_mut(at)) {
            *slot = extent;
        }
    }

    /// Makes it hold exactly the blocks `from..=to`; new ones are empty.
    fn cover(&mut self, from: i64, to: i64) {
        if self.blocks.is_empty() || to < self.first || from >= self.first + self.blocks.len() as i64 {
            self.blocks.clear();
            self.first = from;
        }
        while self.first < from {
            self.blocks.pop_front();
            self.first += 1;
        }
        while self.first > from {
            self.blocks.push_front(Extent::EMPTY);
            self.first -= 1;
        }
        self.blocks.resize((to - from + 1).max(0) as usize, Extent::EMPTY);
    }
}

impl Pyramid {
    /// Rows it knows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether it knows none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes `change` in; there are `len` rows now, and `rows` tells the extremes of some.
    pub fn sync(&mut self, change: &Change, len: usize, rows: &dyn Fn(Range<usize>) -> Extent) {
        // A tick: the last row is in no block.
        if len == self.len && change.same_front() && change.changed.start + 1 >= len {
            return;
        }
        if change.rebuilt {
            *self = Self::default();
        }
        self.settled.set(None);
        let before = self.last();
        self.base += change.evicted as i64 - change.prepended as i64;
        self.len = len;
        let last = self.last();
        if last <= self.base {
            self.small = Level::default();
            self.great = Level::default();
            return;
        }
        self.small.cover(self.base.div_euclid(BLOCK), (last - 1).div_euclid(BLOCK));
        self.great.cover(self.base.div_euclid(GREAT), (last - 1).div_euclid(GREAT));
        if change.rebuilt {
            self.fill(self.base, last, rows);
            return;
        }
        let number = |i: usize| self.base + i as i64;
        let (from, to) = (number(change.changed.start), number(change.changed.end));
        // Blocks cut at the front hold rows that are gone; rows at the end may be new to it even if
        // the change does not say so.
        if change.prepended > 0 || change.evicted > 0 {
            self.fill(self.base, number(change.prepended) + 1, rows);
        }
        self.fill(from, to, rows);
        if last != before {
            self.fill(before.min(last - 1), last, rows);
        }
    }

    /// Looks again at `again`, rows of other values though [`Self::sync`] was not told so.
    pub fn renew(&mut self, again: Range<usize>, rows: &dyn Fn(Range<usize>) -> Extent) {
        let (from, to) = (self.base + again.start as i64, self.base + again.end as i64);
        // The last row is in no block and in nothing that is remembered.
        if from < to.min(self.last()) {
            self.settled.set(None);
            self.fill(from, to, rows);
        }
    }

    /// The number of the last row, below `base` where there is none: the first that is in no block.
    const fn last(&self) -> i64 {
        self.base + self.len as i64 - 1
    }

    /// Makes the blocks that hold rows of `from..to` anew.
    fn fill(&mut self, from: i64, to: i64, rows: &dyn Fn(Range<usize>) -> Extent) {
        let end = self.last();
        let (from, to) = (from.max(self.base), to.min(end));
        if from >= to {
            return;
        }
        for block in from.div_euclid(BLOCK)..=(to - 1).div_euclid(BLOCK) {
            let (first, behind) = ((block * BLOCK).max(self.base), ((block + 1) * BLOCK).min(end));
            self.small.set(block, rows(self.rows(first, behind)));
        }
        for block in from.div_euclid(GREAT)..=(to - 1).div_euclid(GREAT) {
            let parts = block * BLOCK..(block + 1) * BLOCK;
            let extent = parts.fold(Extent::EMPTY, |extent, part| extent.and(self.small.get(part)));
            self.great.set(block, extent);
        }
    }

    /// The rows of numbers from `from` to before `to`.
    const fn rows(&self, from: i64, to: i64) -> Range<usize> {
        (from - self.base) as usize..(to - self.base) as usize
    }

    /// Extremes over `range`; `rows` tells those of some rows, and has to be the one of [`sync`](Self::sync).
    #[must_use]
    pub fn over(&self, range: Range<usize>, rows: &dyn Fn(Range<usize>) -> Extent) -> Extent {
        let from = self.base + range.start as i64;
        let end = self.base + range.end.min(self.len) as i64;
        let last = self.last();
        // A few rows are looked at sooner than remembered. What is remembered should be the view; where more
        // bars than these share a pixel column it is at times that of the last, and the view is walked again.
        if end < last || last - from <= BLOCK {
            return self.passed(from, end.min(last), rows).and(self.at_last(from, end, rows));
        }
        let settled = match self.settled.get() {
            Some((start, extent)) if start == from => extent,
            _ => {
                let extent = self.passed(from, last, rows);
                self.settled.set(Some((from, extent)));
                extent
            }
        };
        settled.and(self.at_last(from, end, rows))
    }

    /// Extremes of the last row if it is in `from..end`.
    fn at_last(&self, from: i64, end: i64, rows: &dyn Fn(Range<usize>) -> Extent) -> Extent {
        let last = self.last();
        if (from..end).contains(&last) { rows(self.rows(last, last + 1)) } else { Extent::EMPTY }
    }

    /// Extremes of `at..end`, without the last row.
    fn passed(&self, mut at: i64, end: i64, rows: &dyn Fn(Range<usize>) -> Extent) -> Extent {
        let mut extent = Extent::EMPTY;
        while at < end {
            if at.rem_euclid(GREAT) == 0 && at + GREAT <= end {
                extent = extent.and(self.great.get(at.div_euclid(GREAT)));
                at += GREAT;
            } else if at.rem_euclid(BLOCK) == 0 && at + BLOCK <= end {
                extent = extent.and(self.small.get(at.div_euclid(BLOCK)));
                at += BLOCK;
            } else {
                let stop = ((at.div_euclid(BLOCK) + 1) * BLOCK).min(end);
                extent = extent.and(rows(self.rows(at, stop)));
                at = stop;
            }
        }
        extent
    }

    /// The first row of `range` that `wanted` holds for, given that it holds for a block that has
    /// such a row.
    #[must_use]
    pub fn find(
        &self,
        range: Range<usize>,
        rows: &dyn Fn(Range<usize>) -> Extent,
        wanted: &dyn Fn(&Extent) -> bool,
    ) -> Option<usize> {
        let from = self.base + range.start as i64;
        let behind = self.base + range.end.min(self.len) as i64;
        let last = self.last();
        let end = behind.min(last);
        let mut at = from;
        while at < end {
            let step = if at.rem_euclid(GREAT) == 0 && at + GREAT <= end {
                if wanted(&self.great.get(at.div_euclid(GREAT))) { BLOCK } else { GREAT }
            } else {
                BLOCK
            };
            if step == GREAT {
                at += GREAT;
                continue;
            }
            if at.rem_euclid(BLOCK) == 0
                && at + BLOCK <= end
                && !wanted(&self.small.get(at.div_euclid(BLOCK)))
            {
                at += BLOCK;
                continue;
            }
            let stop = ((at.div_euclid(BLOCK) + 1) * BLOCK).min(end);
            if let Some(found) = (at..stop).find(|n| wanted(&rows(self.rows(*n, n + 1)))) {
                return Some((found - self.base) as usize);
            }
            at = stop;
        }
        let found = (from..behind).contains(&last) && wanted(&rows(self.rows(last, last + 1)));
        found.then(|| self.len - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(rows: &[f64]) -> impl Fn(Range<usize>) -> Extent + '_ {
        |range| plain(&rows[range])
    }

    fn plain(rows: &[f64]) -> Extent {
        rows.iter().fold(Extent::EMPTY, |e, v| e.and(Extent { low: *v, high: *v, volume: v.abs() }))
    }

    #[test]
    fn answers_as_a_pass_over_all_rows_does_under_every_change() {
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut rows: Vec<f64> = Vec::new();
        let mut pyramid = Pyramid::default();
        let mut start = 0;
        for step in 0..4_000 {
            let mut change = Change::default();
            let len = rows.len();
            match random(12) {
                0 => {
                    let new: Vec<f64> = (0..random(200)).map(|_| random(1_000) as f64).collect();
                    change.prepended = new.len();
                    rows.splice(0..0, new);
                    change.changed = rows.len()..rows.len();
                }
                1 => {
                    let count = random(90).min(len as u64) as usize;
                    rows.drain(..count);
                    change.evicted = count;
                    change.changed = rows.len()..rows.len();
                }
                2 if len > 0 => {
                    let at = random(len as u64) as usize;
                    let to = (at + random(50) as usize).min(len);
                    for row in &mut rows[at..to] {
                        *row = random(1_000) as f64;
                    }
                    change.changed = at..to;
                }
                3 if step % 50 == 0 => {
                    rows = (0..random(3_000)).map(|_| random(1_000) as f64).collect();
                    change.rebuilt = true;
                }
                4..8 if len > 0 => {
                    rows[len - 1] = random(1_000) as f64;
                    change.changed = len - 1..len;
                }
                8 if step % 10 == 0 => {
                    rows.truncate(len - random(len as u64 + 1) as usize);
                    change.changed = rows.len()..rows.len();
                }
                _ => {
                    let more = 1 + random(40) as usize;
                    if let Some(last) = rows.last_mut() {
                        *last = random(1_000) as f64;
                    }
                    rows.extend((0..more).map(|i| i as f64));
                    change.changed = len.saturating_sub(1)..rows.len();
                }
            }
            pyramid.sync(&change, rows.len(), &value(&rows));
            if random(9) == 0 {
                let from = random(rows.len() as u64 + 1) as usize;
                let to = (from + random(60) as usize).min(rows.len());
                rows[from..to].iter_mut().for_each(|row| *row = random(1_000) as f64);
                pyramid.renew(from..to, &value(&rows));
            }
            // The view stands for some time.
            if random(20) == 0 {
                start = random(rows.len() as u64 + 1) as usize;
            }
            let view = start.min(rows.len())..rows.len();
            assert_eq!(
                pyramid.over(view.clone(), &value(&rows)),
                plain(&rows[view]),
                "step {step} from {start}"
            );
            let a = random(rows.len() as u64 + 1) as usize;
            let b = a + random((rows.len() - a) as u64 + 1) as usize;
            let want = plain(&rows[a..b]);
            assert_eq!(pyramid.over(a..b, &value(&rows)), want, "step {step} {a}..{b} of {}", rows.len());
            let found = pyramid.find(a..b, &value(&rows), &|e| e.high >= want.high);
            assert_eq!(found, (a..b).find(|&i| rows[i] >= want.high), "step {step}");
            assert!(pyramid.small.blocks.len() <= rows.len() / 32 + 2);
        }
    }

    #[test]
    fn a_tick_looks_at_the_last_row_alone() {
        let seen = std::cell::Cell::new(0);
        let rows = |range: Range<usize>| {
            seen.set(seen.get() + range.len());
            Extent { low: range.start as f64, high: range.end as f64, volume: 0.0 }
        };
        let mut pyramid = Pyramid::default();
        pyramid.sync(&Change::all(), 1_000, &rows);
        let first = pyramid.over(801..1_000, &rows);
        seen.set(0);
        let tick = Change { changed: 999..1_000, ..Change::default() };
        pyramid.sync(&tick, 1_000, &rows);
        pyramid.renew(999..1_000, &rows);
        assert_eq!(pyramid.over(801..1_000, &rows), first);
        assert_eq!(seen.get(), 1);
    }

    #[test]
    fn a_million_rows_take_few_blocks() {
        let mut pyramid = Pyramid::default();
        let seen = std::cell::Cell::new(0);
        let rows = |range: Range<usize>| {
            seen.set(seen.get() + range.len());
            Extent { low: range.start as f64, high: range.end as f64 - 1.0, volume: 0.0 }
        };
        pyramid.sync(&Change::all(), 1_000_000, &rows);
        assert_eq!((pyramid.small.blocks.len(), seen.take()), (31_250, 999_999));
        let all = pyramid.over(5..999_990, &rows);
        assert_eq!((all.low, all.high), (5.0, 999_989.0));
        assert!(seen.get() < 64, "{}", seen.get());
    }
}
