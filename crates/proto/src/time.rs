//! Instants: nanoseconds since the Unix epoch, exact.
//!
//! Text form: RFC 3339 (<https://www.rfc-editor.org/rfc/rfc3339>). Civil dates follow the
//! proleptic Gregorian calendar.

mod civil;
mod rfc3339;
mod wire;

pub use civil::Civil;
pub use rfc3339::ParseTimestampError;
pub(crate) use rfc3339::{parse_any, parse_prefix};
pub(crate) use wire::EXTENSION;

/// Nanoseconds in a second.
pub const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// An instant in nanoseconds since 1970-01-01T00:00:00Z (about 1677 to 2262).
///
/// Alpaca stamps messages with up to nine fraction digits (JSON) or MessagePack extension -1;
/// both are kept exactly.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The earliest instant that can be told.
    pub const MIN: Self = Self(i64::MIN);
    /// The latest instant that can be told.
    pub const MAX: Self = Self(i64::MAX);

    /// The instant `seconds` after the epoch, saturating at the ends of the range.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(NANOS_PER_SECOND))
    }

    /// The instant `millis` after the epoch, saturating at the ends of the range.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// Nanoseconds since the epoch.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(NANOS_PER_SECOND)
    }

    /// Whole milliseconds since the epoch, rounded down.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This instant moved by `nanos`, saturating.
    #[must_use]
    pub const fn plus_nanos(self, nanos: i64) -> Self {
        Self(self.0.saturating_add(nanos))
    }
}
