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

/// Rows that one change touched, numbered on over prepends and evictions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dirty {
    pub(super) revision: u64,
    pub(super) from: i64,
    pub(super) to: i64,
}
