//! One bar as a row.

use wickwire_proto::message;
use wickwire_proto::time::Timestamp;

/// Marks of a bar, one byte a row in [`crate::Series::flags`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BarFlags(pub u8);

impl BarFlags {
    /// Still open: built from trades, and its end has not come.
    pub const FORMING: Self = Self(1);
    /// Built from trades, its end has come, the server's own bar has not.
    pub const PROVISIONAL: Self = Self(1 << 1);
    /// Data before this bar is missing (the connection was down and nothing has filled it yet).
    pub const GAP_BEFORE: Self = Self(1 << 2);
    /// A longer bar with minutes in it that the server has not closed, or of which only a part is
    /// known minute by minute.
    pub const PARTIAL: Self = Self(1 << 3);
    /// The server said so: `b`, `d` or history.
    pub const FROM_SERVER: Self = Self(1 << 4);
    /// The server corrected it: `u`.
    pub const UPDATED: Self = Self(1 << 5);
    /// Put together from shorter bars.
    pub const AGGREGATED: Self = Self(1 << 6);

    /// Whether any bit of `other` is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// With the bits of `other` set.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// With the bits of `other` cleared.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Only those bits that are in `other` too.
    #[must_use]
    pub const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the values may still change without a correction: forming, provisional or partial.
    #[must_use]
    pub const fn is_open(self) -> bool {
        self.has(Self(Self::FORMING.0 | Self::PROVISIONAL.0 | Self::PARTIAL.0))
    }
}

/// A bar: prices in the symbol's currency, volume in shares, coins or contracts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bar {
    /// Start of the bar.
    pub time: Timestamp,
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
    /// Volume.
    pub volume: f64,
    /// Volume-weighted average price, if known. Zero volume has none.
    pub vwap: Option<f64>,
    /// Number of trades, if known.
    pub count: Option<u64>,
    /// Volume bought minus volume sold by those who took the price ([`crate::minute::side`]), if
    /// known of all of it.
    pub delta: Option<f64>,
    /// Marks.
    pub flags: BarFlags,
}

impl From<&message::Bar<'_>> for Bar {
    fn from(bar: &message::Bar<'_>) -> Self {
        let volume = bar.volume.to_f64();
        Self {
            time: bar.time,
            open: bar.open,
            high: bar.high,
            low: bar.low,
            close: bar.close,
            volume,
            vwap: bar.vwap.filter(|v| volume > 0.0 && v.is_finite() && *v > 0.0),
            count: bar.trade_count,
            delta: (volume == 0.0).then_some(0.0),
            flags: BarFlags::FROM_SERVER,
        }
    }
}
