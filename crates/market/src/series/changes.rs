//! What a view has seen of a series, and what has changed since.

use std::ops::Range;

/// Up to which state a view has read a series. The default has read nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub(super) epoch: u64,
    pub(super) revision: u64,
    pub(super) base: i64,
    pub(super) len: usize,
}

/// What has changed since a [`Seen`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Forget everything and read all rows.
    pub rebuilt: bool,
    /// Rows that came in front.
    pub prepended: usize,
    /// Rows that went from the front.
    pub evicted: usize,
    /// Rows (by present index) to be read again, behind those prepended; holds appended rows too.
    pub changed: Range<usize>,
    /// Rows there are now.
    pub len: usize,
}

impl Changes {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.rebuilt && self.prepended == 0 && self.evicted == 0 && self.changed.is_empty()
    }

    /// Whether only the newest row changed or was added.
    #[must_use]
    pub fn only_last(&self) -> bool {
        !self.rebuilt
            && self.prepended == 0
            && self.evicted == 0
            && !self.changed.is_empty()
            && self.changed.start + 1 >= self.len
    }
}

/// Rows that one change touched, numbered on over prepends and evictions; or several that each put one row
/// in front of the last, the first of them at the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dirty {
    /// After the last of them.
    pub(super) revision: u64,
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) one_by_one: bool,
}

impl Dirty {
    /// The end of what was touched after `revision`.
    pub(super) fn end_since(&self, revision: u64) -> i64 {
        let rows = i64::try_from(self.revision - revision).unwrap_or(i64::MAX);
        if self.one_by_one { self.to.min(self.from.saturating_add(rows)) } else { self.to }
    }

    /// Takes in that a row came directly in front of these, if they came so and nothing happened since.
    pub(super) fn take_front(&mut self, revision: u64, row: i64) -> bool {
        let next = self.one_by_one && (self.revision + 1, self.from) == (revision, row + 1);
        if next {
            (self.revision, self.from) = (revision, row);
        }
        next
    }
}
