//! Numbers that keep what the wire said: exact integers up to 64 bits, floats otherwise.

pub(crate) mod decimal;

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A size, volume or count as it came: an integer stays exact, a fraction stays a fraction.
///
/// Stocks send integers, crypto sends fractions, and either may be written as the other
/// (`100.0`, `410`). A float with an integral value below 2^53 is stored as the integer, so the
/// two forms compare equal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A non-negative integer, exact.
    Unsigned(u64),
    /// A negative integer, exact.
    Negative(i64),
    /// Anything else. Never NaN and never infinite when it comes from a frame.
    Float(f64),
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self::Unsigned(0);

    /// Integers of magnitude below this are exact in an `f64`.
    pub const EXACT_F64: f64 = 9_007_199_254_740_992.0;

    /// The number for a float, as an integer where that loses nothing.
    #[must_use]
    pub fn from_f64(value: f64) -> Self {
        if value.fract() == 0.0 && value.abs() < Self::EXACT_F64 {
            if value >= 0.0 { Self::Unsigned(value as u64) } else { Self::Negative(value as i64) }
        } else {
            Self::Float(value)
        }
    }

    /// The number for a signed integer.
    #[must_use]
    pub const fn from_i64(value: i64) -> Self {
        if value >= 0 { Self::Unsigned(value as u64) } else { Self::Negative(value) }
    }

    /// As a float, for arithmetic and drawing; integers from 2^53 on are rounded to the nearest.
    #[must_use]
    pub const fn to_f64(self) -> f64 {
        match self {
            Self::Unsigned(n) => n as f64,
            Self::Negative(n) => n as f64,
            Self::Float(x) => x,
        }
    }

    /// The exact integer, if it is a non-negative one.
    #[must_use]
    pub const fn as_u64(self) -> Option<u64> {
        match self {
            Self::Unsigned(n) => Some(n),
            _ => None,
        }
    }
}

impl Default for Number {
    fn default() -> Self {
        Self::ZERO
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::Unsigned(value)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::from_f64(value)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Unsigned(n) => serializer.serialize_u64(n),
            Self::Negative(n) => serializer.serialize_i64(n),
            Self::Float(x) => serializer.serialize_f64(x),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;

        impl Visitor<'_> for NumberVisitor {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a finite number")
            }

            fn visit_u64<E>(self, value: u64) -> Result<Number, E> {
                Ok(Number::Unsigned(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Number, E> {
                Ok(Number::from_i64(value))
            }

            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Number, E> {
                if value.is_finite() { Ok(Number::from_f64(value)) } else { Err(E::custom("not finite")) }
            }
        }

        deserializer.deserialize_any(NumberVisitor)
    }
}
