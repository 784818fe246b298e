//! Where bars stand on the time axis: one slot a bar, with empty slots where data is missing.

use std::ops::Range;

use super::bars::{Bars, partition};
use super::change::Change;

/// Empty slots left where data is known to be missing.
pub const GAP_SLOTS: usize = 2;

/// Bar index to slot and back. Nights and weekends take no slots; only known gaps do.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// Indices of the bars that have a gap before them, rising. Never the first bar.
    gaps: Vec<usize>,
}

impl Slots {
    /// Takes `change` in: looks at the bars that changed, and at no others.
    pub fn sync(&mut self, bars: &dyn Bars, change: &Change) {
        if change.rebuilt {
            self.gaps.clear();
            self.look(bars, 0..bars.len());
            return;
        }
        if !change.same_front() {
            self.gaps.retain(|&gap| gap > change.evicted);
            self.gaps.iter_mut().for_each(|gap| *gap = *gap - change.evicted + change.prepended);
            // The bar that was the first may have one before it now.
            self.look(bars, 0..change.prepended + 1);
        }
        self.look(bars, change.changed.clone());
        self.gaps.truncate(self.gaps.partition_point(|&gap| gap < bars.len()));
    }

    fn look(&mut self, bars: &dyn Bars, rows: Range<usize>) {
        let rows = rows.start.max(1)..rows.end.min(bars.len());
        if !rows.is_empty() {
            let start = self.gaps.partition_point(|&gap| gap < rows.start);
            let end = self.gaps.partition_point(|&gap| gap < rows.end);
            if end == self.gaps.len() {
                // At the end, where ticks are: no memory but what is there.
                self.gaps.truncate(start);
                bars.gaps(rows, &mut self.gaps);
            } else {
                let mut found = Vec::new();
                bars.gaps(rows, &mut found);
                self.gaps.splice(start..end, found);
            }
        }
    }

    /// The slot of bar `i`.
    #[must_use]
    pub fn slot(&self, i: usize) -> usize {
        i.saturating_add(GAP_SLOTS * self.gaps.partition_point(|&gap| gap <= i))
    }

    /// The first bar whose slot is at or after `slot`, at most `len`.
    #[must_use]
    pub fn first_at_or_after(&self, slot: f64, len: usize) -> usize {
        let slot = slot.ceil();
        // How many bars behind a gap stand before it, and which is the next that does not.
        let slot_of =
            |k: usize| self.gaps.get(k).map_or(f64::INFINITY, |gap| (gap + GAP_SLOTS * (k + 1)) as f64);
        let before = partition(0..self.gaps.len(), |k| slot_of(k) < slot);
        let next = self.gaps.get(before).copied().unwrap_or(len);
        // Saturates: negative becomes 0, anything beyond becomes `len`.
        ((slot - (GAP_SLOTS * before) as f64).max(0.0) as usize).min(next).min(len)
    }

    /// The bar nearest to `slot`; nothing when there are no bars.
    #[must_use]
    pub fn nearest(&self, slot: f64, len: usize) -> Option<usize> {
        let last = len.checked_sub(1)?;
        let after = self.first_at_or_after(slot, len).min(last);
        let before = after.saturating_sub(1);
        let distance = |i: usize| (self.slot(i) as f64 - slot).abs();
        Some(if distance(before) < distance(after) { before } else { after })
    }

    /// Bars of `range` that have a gap before them.
    pub fn gaps_in(&self, range: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        let from = self.gaps.partition_point(|&gap| gap < range.start);
        self.gaps.iter().skip(from).copied().take_while(move |&gap| gap < range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bars::{Bar, Columns, Flags};

    fn with_gaps(len: usize, gaps: &[usize]) -> (Columns, Slots) {
        let columns: Columns = (0..len)
            .map(|i| Bar {
                time_ns: i as i64,
                flags: if gaps.contains(&i) { Flags::GAP_BEFORE } else { Flags::NONE },
                ..Bar::default()
            })
            .collect();
        let mut slots = Slots::default();
        slots.sync(&columns, &Change::all());
        (columns, slots)
    }

    #[test]
    fn a_gap_moves_what_follows() {
        let (columns, slots) = with_gaps(6, &[0, 3]);
        let all: Vec<usize> = (0..columns.len()).map(|i| slots.slot(i)).collect();
        assert_eq!(all, [0, 1, 2, 5, 6, 7], "the first bar has nothing before it");
        assert_eq!(slots.gaps_in(0..6).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn slots_find_their_bars() {
        let (columns, slots) = with_gaps(6, &[3]);
        for i in 0..columns.len() {
            assert_eq!(slots.first_at_or_after(slots.slot(i) as f64, 6), i);
            assert_eq!(slots.nearest(slots.slot(i) as f64, 6), Some(i));
        }
        assert_eq!(slots.first_at_or_after(3.2, 6), 3);
        assert_eq!(slots.first_at_or_after(99.0, 6), 6);
        assert_eq!(slots.first_at_or_after(-5.0, 6), 0);
        assert_eq!(slots.nearest(2.9, 6), Some(2));
        assert_eq!(slots.nearest(-50.0, 6), Some(0));
        assert_eq!(slots.nearest(0.0, 0), None);
    }

    #[test]
    fn every_change_leaves_what_a_fresh_look_finds() {
        let mut state = 3_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut time = 0;
        let mut columns = Columns::default();
        let mut slots = Slots::default();
        for step in 0..2_000 {
            let mut bar = |gap: bool| {
                time += 1;
                let flags = if gap { Flags::GAP_BEFORE } else { Flags::NONE };
                Bar { time_ns: time, flags, ..Bar::default() }
            };
            let len = columns.len();
            let mut change = Change { changed: len..len, ..Change::default() };
            match random(5) {
                0 => {
                    let new: Vec<Bar> = (0..random(30)).map(|_| bar(random(4) == 0)).collect();
                    change.prepended = new.len();
                    columns.prepend(&new);
                    change.changed = columns.len()..columns.len();
                }
                1 => {
                    change.evicted = (random(40) as usize).min(len);
                    columns.drop_front(change.evicted);
                    change.changed = columns.len()..columns.len();
                }
                2 if len > 0 => {
                    let at = random(len as u64) as usize;
                    columns.flags[at] = if random(2) == 0 { Flags::GAP_BEFORE } else { Flags::NONE };
                    change.changed = at..at + 1;
                }
                _ => {
                    (0..random(9)).for_each(|_| columns.push(bar(random(4) == 0)));
                    change.changed = len.saturating_sub(1)..columns.len();
                }
            }
            slots.sync(&columns, &change);
            let mut fresh = Slots::default();
            fresh.sync(&columns, &Change::all());
            assert_eq!(slots.gaps, fresh.gaps, "step {step}: {change:?}");
        }
    }
}
