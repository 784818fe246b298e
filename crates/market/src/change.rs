//! What a message changed, as bits that merge with one OR.

use std::ops::{BitOr, BitOrAssign};

/// What changed. Empty if nothing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Change(u32);

impl Change {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The newest bar of some series has new values, or a bar was appended.
    pub const LAST_BAR: Self = Self(1);
    /// Bars before the newest changed, or history came.
    pub const BARS: Self = Self(1 << 1);
    /// The daily series.
    pub const DAY: Self = Self(1 << 2);
    /// The latest quote.
    pub const QUOTE: Self = Self(1 << 3);
    /// The spread history.
    pub const SPREAD: Self = Self(1 << 4);
    /// The latest trade.
    pub const TRADE: Self = Self(1 << 5);
    /// The order book.
    pub const BOOK: Self = Self(1 << 6);
    /// News.
    pub const NEWS: Self = Self(1 << 7);
    /// Trading status: a halt or a resumption.
    pub const STATUS: Self = Self(1 << 8);
    /// LULD bands.
    pub const LULD: Self = Self(1 << 9);
    /// Order imbalance.
    pub const IMBALANCE: Self = Self(1 << 10);
    /// Pricing of a perpetual future.
    pub const PRICING: Self = Self(1 << 11);
    /// The list of gaps.
    pub const GAPS: Self = Self(1 << 12);
    /// A counter of [`crate::quality::Quality`].
    pub const QUALITY: Self = Self(1 << 13);

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether nothing changed.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of `other` is in this.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether anything of `other` is in this.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether any series of bars changed.
    #[must_use]
    pub const fn any_bars(self) -> bool {
        self.intersects(Self(Self::LAST_BAR.0 | Self::BARS.0 | Self::DAY.0))
    }

    /// Takes what is there and leaves nothing.
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}

impl BitOr for Change {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Change {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
