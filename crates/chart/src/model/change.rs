//! What has become of the bars since the chart last looked.

use std::ops::Range;

/// What changed in the bars, all of it merged. Rows are counted as they are now.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Change {
    /// Nothing known of the bars holds.
    pub rebuilt: bool,
    /// Rows that came in front.
    pub prepended: usize,
    /// Rows that went from the front.
    pub evicted: usize,
    /// Rows behind those prepended that are new or have new figures.
    pub changed: Range<usize>,
}

impl Change {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self { rebuilt: true, ..Self::default() }
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.rebuilt && self.prepended == 0 && self.evicted == 0 && self.changed.is_empty()
    }

    /// Whether no row came or went at the front.
    #[must_use]
    pub const fn same_front(&self) -> bool {
        !self.rebuilt && self.prepended == 0 && self.evicted == 0
    }

    /// The first row that is not as it was, where the front stayed.
    #[must_use]
    pub fn first(&self) -> usize {
        if self.same_front() { self.changed.start } else { 0 }
    }
}
