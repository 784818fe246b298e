//! Where bars stand on the time axis: one slot a bar, with empty slots where data is missing.

use std::ops::Range;

use super::bars::{Bars, Flags, partition};

/// Empty slots left where data is known to be missing.
pub const GAP_SLOTS: usize = 2;

/// Bar index to slot and back. Nights and weekends take no slots; only known gaps do.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// Indices of the bars that have a gap before them, rising. Never the first bar.
    gaps: Vec<usize>,
}

impl Slots {
    /// Looks through all bars. O(bars); called only when the revision of the bars changes.
    pub fn rebuild(&mut self, bars: &(impl Bars + ?Sized)) {
        self.gaps.clear();
        self.gaps.extend((1..bars.len()).filter(|&i| bars.flags(i).contains(Flags::GAP_BEFORE)));
    }

    /// The slot of bar `i`.
    #[must_use]
    pub fn slot(&self, i: usize) -> usize {
        i + GAP_SLOTS * self.gaps.partition_point(|&gap| gap <= i)
    }

    /// The first bar whose slot is at or after `slot`, at most `len`.
    #[must_use]
    pub fn first_at_or_after(&self, slot: f64, len: usize) -> usize {
        if self.gaps.is_empty() {
            // Saturates: negative becomes 0, anything beyond becomes `len`.
            return (slot.ceil().max(0.0) as usize).min(len);
        }
        partition(0..len, |i| (self.slot(i) as f64) < slot)
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
    use crate::model::bars::{Bar, Columns};

    fn with_gaps(len: usize, gaps: &[usize]) -> (Columns, Slots) {
        let columns: Columns = (0..len)
            .map(|i| Bar {
                time_ns: i as i64,
                flags: if gaps.contains(&i) { Flags::GAP_BEFORE } else { Flags::NONE },
                ..Bar::default()
            })
            .collect();
        let mut slots = Slots::default();
        slots.rebuild(&columns);
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
}
