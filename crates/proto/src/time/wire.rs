//! The MessagePack timestamp extension, and serde's RFC 3339 text.
//!
//! Source: <https://github.com/msgpack/msgpack/blob/master/spec.md#timestamp-extension-type>.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Timestamp;

/// The type of the timestamp extension.
pub(crate) const EXTENSION: i8 = -1;

/// Seconds that the 8 byte form can hold.
const LIMIT_34_BITS: i64 = 1 << 34;

impl Timestamp {
    /// The instant of an extension's 4, 8 or 12 bytes; `None` for another length, nanoseconds
    /// of a second or more, or an instant outside the range.
    #[inline(always)]
    pub(crate) fn from_extension(data: &[u8]) -> Option<Self> {
        if let Ok(data) = <[u8; 8]>::try_from(data) {
            let bits = u64::from_be_bytes(data);
            return Self::from_parts((bits & ((1 << 34) - 1)) as i64, (bits >> 34) as u32);
        }
        if let Ok(data) = <[u8; 4]>::try_from(data) {
            return Self::from_parts(i64::from(u32::from_be_bytes(data)), 0);
        }
        let (nanos, seconds) = data.split_first_chunk::<4>()?;
        let seconds = <[u8; 8]>::try_from(seconds).ok()?;
        Self::from_parts(i64::from_be_bytes(seconds), u32::from_be_bytes(*nanos))
    }

    /// Appends the smallest extension that holds this instant, header and all.
    pub(crate) fn write_extension(self, out: &mut Vec<u8>) {
        let (seconds, nanos) = (self.seconds(), self.subsec_nanos());
        match u32::try_from(seconds) {
            Ok(seconds) if nanos == 0 => {
                out.extend_from_slice(&[0xd6, EXTENSION as u8]);
                out.extend_from_slice(&seconds.to_be_bytes());
            }
            _ if (0..LIMIT_34_BITS).contains(&seconds) => {
                out.extend_from_slice(&[0xd7, EXTENSION as u8]);
                out.extend_from_slice(&(u64::from(nanos) << 34 | seconds as u64).to_be_bytes());
            }
            _ => {
                out.extend_from_slice(&[0xc7, 12, EXTENSION as u8]);
                out.extend_from_slice(&nanos.to_be_bytes());
                out.extend_from_slice(&seconds.to_be_bytes());
            }
        }
    }
}

/// As RFC 3339 text in its shortest form.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From RFC 3339 text.
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeVisitor;

        impl Visitor<'_> for TimeVisitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 time")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(TimeVisitor)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn written(time: Timestamp) -> Vec<u8> {
        let mut out = Vec::new();
        time.write_extension(&mut out);
        out
    }

    #[test]
    fn the_smallest_form_is_written_and_read_back() {
        for (nanos, header, len) in [
            (0, 2, 6),
            (4_294_967_295_000_000_000, 2, 6),
            (4_294_967_296_000_000_000, 2, 10),
            (1, 2, 10),
            (1_735_830_245_123_456_789, 2, 10),
            (i64::MAX, 2, 10),
            (-1, 3, 15),
            (-1_000_000_000, 3, 15),
            (i64::MIN, 3, 15),
        ] {
            let bytes = written(Timestamp(nanos));
            assert_eq!(bytes.len(), len, "{nanos}");
            assert_eq!(Timestamp::from_extension(&bytes[header..]), Some(Timestamp(nanos)));
        }
    }

    #[test]
    fn what_is_no_timestamp() {
        assert_eq!(Timestamp::from_extension(&[]), None);
        assert_eq!(Timestamp::from_extension(&[0; 5]), None);
        assert_eq!(Timestamp::from_extension(&[0; 13]), None);
        // A billion nanoseconds, in both forms that have a fraction.
        assert_eq!(Timestamp::from_extension(&(1_000_000_000u64 << 34).to_be_bytes()), None);
        let mut long = 1_000_000_000u32.to_be_bytes().to_vec();
        long.extend_from_slice(&[0; 8]);
        assert_eq!(Timestamp::from_extension(&long), None);
        // Beyond the range of 64 bits of nanoseconds.
        assert_eq!(Timestamp::from_extension(&((1u64 << 34) - 1).to_be_bytes()), None);
        assert_eq!(Timestamp::from_extension(&[0, 0, 0, 0, 0x7f, 0, 0, 0, 0, 0, 0, 0]), None);
    }
}
