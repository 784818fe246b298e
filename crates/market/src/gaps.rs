//! Spans of time in which data may be missing.
//!
//! The stream has no sequence numbers, so every lost connection is a gap by definition; history
//! fills it.

use wickwire_proto::time::Timestamp;

use crate::limits::MAX_GAPS;

/// A span in which data may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// From here.
    pub from: Timestamp,
    /// Up to here; [`Timestamp::MAX`] while it lasts.
    pub to: Timestamp,
    /// Whether history has been loaded for it.
    pub filled: bool,
}

/// Gaps of one symbol, sorted, not overlapping, at most [`MAX_GAPS`].
#[derive(Clone, Debug, Default)]
pub struct Gaps(Vec<Gap>);

impl Gaps {
    /// The gaps, oldest first.
    #[must_use]
    pub fn as_slice(&self) -> &[Gap] {
        &self.0
    }

    /// Those that nothing has filled.
    pub fn unfilled(&self) -> impl Iterator<Item = &Gap> {
        self.0.iter().filter(|g| !g.filled)
    }

    /// Whether an unfilled gap touches `from..to`.
    #[must_use]
    pub fn touches(&self, from: Timestamp, to: Timestamp) -> bool {
        self.unfilled().any(|g| g.from < to && g.to > from)
    }

    pub(crate) fn add(&mut self, from: Timestamp, to: Timestamp) {
        let mut new = Gap { from, to: to.max(from), filled: false };
        // A new gap swallows what it overlaps, filled or not: it may be missing again.
        self.0.retain(|g| {
            let overlaps = g.from <= new.to && new.from <= g.to && !g.filled;
            if overlaps {
                new.from = new.from.min(g.from);
                new.to = if g.to == Timestamp::MAX { new.to } else { new.to.max(g.to) };
            }
            !overlaps
        });
        let index = self.0.partition_point(|g| g.from < new.from);
        self.0.insert(index, new);
        if self.0.len() > MAX_GAPS {
            let first = self.0.remove(0);
            if let Some(second) = self.0.first_mut()
                && !first.filled
            {
                // Two gaps told as one say too much is missing, never too little.
                second.from = first.from;
                second.filled = false;
            }
        }
    }

    /// Marks what lies in `from..=to` as filled, splitting gaps that are filled in part.
    pub(crate) fn fill(&mut self, from: Timestamp, to: Timestamp) -> bool {
        let mut out = Vec::with_capacity(self.0.len());
        let mut changed = false;
        for gap in &self.0 {
            let (start, end) = (gap.from.max(from), gap.to.min(to));
            if gap.filled || start > end {
                out.push(*gap);
                continue;
            }
            changed = true;
            if gap.from < start {
                out.push(Gap { to: start, ..*gap });
            }
            out.push(Gap { from: start, to: end, filled: true });
            if end < gap.to {
                out.push(Gap { from: end, ..*gap });
            }
        }
        while out.len() > MAX_GAPS {
            match out.iter().position(|g| g.filled) {
                Some(index) => out.remove(index),
                None => out.remove(0),
            };
        }
        self.0 = out;
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn an_open_gap_is_closed_by_the_one_that_ends_it() {
        let mut gaps = Gaps::default();
        gaps.add(at(10), Timestamp::MAX);
        assert!(gaps.touches(at(100), at(101)));
        gaps.add(at(10), at(20));
        assert_eq!(gaps.as_slice(), [Gap { from: at(10), to: at(20), filled: false }]);
    }

    #[test]
    fn history_fills_all_or_a_part() {
        let mut gaps = Gaps::default();
        gaps.add(at(10), at(20));
        assert!(gaps.fill(at(0), at(15)));
        assert_eq!(
            gaps.unfilled().copied().collect::<Vec<_>>(),
            [Gap { from: at(15), to: at(20), filled: false }]
        );
        assert!(gaps.fill(at(15), at(30)));
        assert_eq!(gaps.unfilled().count(), 0);
        assert!(!gaps.fill(at(0), at(30)));
    }

    #[test]
    fn their_number_is_bounded_and_none_is_forgotten_in_silence() {
        let mut gaps = Gaps::default();
        for i in 0..1_000 {
            gaps.add(at(i * 10), at(i * 10 + 1));
        }
        assert_eq!(gaps.as_slice().len(), MAX_GAPS);
        assert!(gaps.touches(at(0), at(1)));
    }
}
