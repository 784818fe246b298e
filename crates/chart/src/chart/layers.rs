//! Sets of layers.

use std::ops::{BitOr, BitOrAssign};

/// Layers of a chart, from back to front.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Layers(u8);

impl Layers {
    /// None.
    pub const NONE: Self = Self(0);
    /// Ground, grid, axes and all bars but the last.
    pub const BASE: Self = Self(1);
    /// The last bar, the line at its close, and the tags of last values.
    pub const LIVE: Self = Self(1 << 1);
    /// The crosshair with its tags.
    pub const OVERLAY: Self = Self(1 << 2);
    /// All three.
    pub const ALL: Self = Self(0b111);

    /// Whether all of `other` is in it.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Layers {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Layers {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
