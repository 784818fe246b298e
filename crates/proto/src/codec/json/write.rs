//! A writer of JSON.

use std::io::Write as _;

use super::text;
use crate::codec::Writer;
use crate::number::Number;
use crate::time::Timestamp;

/// Appends JSON to a buffer.
pub(crate) struct JsonWriter<'o> {
    out: &'o mut Vec<u8>,
    /// Equal values become equal text, however the wire wrote them.
    canonical: bool,
}

impl<'o> JsonWriter<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out, canonical: false }
    }

    /// A writer for people and tests: times with nine digits, whole numbers without a point
    /// whatever their size, no negative zero.
    pub(crate) fn canonical(out: &'o mut Vec<u8>) -> Self {
        Self { out, canonical: true }
    }

    /// A comma, unless this is the first in its array or map.
    fn separate(&mut self, open: u8) {
        if self.out.last() != Some(&open) {
            self.out.push(b',');
        }
    }

    fn digits(&mut self, mut value: u64, point_after: Option<u32>) {
        let mut buffer = [0_u8; 24];
        let mut at = buffer.len();
        let mut written = 0;
        while value > 0 || written == 0 || point_after.is_some_and(|places| written <= places) {
            if point_after == Some(written) && written > 0 {
                at -= 1;
                buffer[at] = b'.';
            }
            at -= 1;
            buffer[at] = b'0' + (value % 10) as u8;
            value /= 10;
            written += 1;
        }
        self.out.extend_from_slice(&buffer[at..]);
    }
}

impl Writer for JsonWriter<'_> {
    fn map(&mut self) -> usize {
        self.out.push(b'{');
        0
    }

    fn key(&mut self, _: usize, key: &str) {
        self.separate(b'{');
        text::write(key, self.out);
        self.out.push(b':');
    }

    fn end_map(&mut self) {
        self.out.push(b'}');
    }

    fn array(&mut self, _: usize) {
        self.out.push(b'[');
    }

    fn item(&mut self) {
        self.separate(b'[');
    }

    fn end_array(&mut self) {
        self.out.push(b']');
    }

    fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    fn text(&mut self, value: &str) {
        text::write(value, self.out);
    }

    /// The shortest digits that read back as the same float; whole numbers without a point.
    /// What is not finite becomes null: JSON has no word for it.
    fn float(&mut self, value: f64) {
        const POWERS: [f64; 10] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
        if !value.is_finite() {
            return self.null();
        }
        let value = if self.canonical && value == 0.0 { 0.0 } else { value };
        let magnitude = value.abs();
        if magnitude < 1e6
            && (magnitude >= 1e-6 || magnitude == 0.0)
            && (magnitude != 0.0 || value.is_sign_positive())
        {
            // Most prices have few decimals. m / 10^k is rounded once when it is read, so if it
            // equals the value here it does there.
            for (places, power) in (0..).zip(POWERS) {
                let scaled = (magnitude * power).round();
                if scaled / power == magnitude {
                    if value < 0.0 {
                        self.out.push(b'-');
                    }
                    return self.digits(scaled as u64, (places > 0).then_some(places));
                }
            }
        }
        if value.fract() == 0.0 && magnitude < Number::EXACT_F64 && magnitude > 0.0 {
            if value < 0.0 {
                self.out.push(b'-');
            }
            return self.digits(magnitude as u64, None);
        }
        // Writing to a vector cannot fail.
        if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
            let _ = write!(self.out, "{value:e}");
        } else {
            let _ = write!(self.out, "{value}");
            if value.fract() == 0.0 && !self.canonical {
                self.out.extend_from_slice(b".0");
            }
        }
    }

    fn number(&mut self, value: Number) {
        match value {
            Number::Unsigned(value) => self.digits(value, None),
            Number::Negative(value) => {
                self.out.push(b'-');
                self.digits(value.unsigned_abs(), None);
            }
            Number::Float(value) => self.float(value),
        }
    }

    fn unsigned(&mut self, value: u64) {
        self.digits(value, None);
    }

    fn boolean(&mut self, value: bool) {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    fn time(&mut self, time: Timestamp) {
        if self.canonical {
            return self.text(&time.to_rfc3339_nanos());
        }
        self.out.push(b'"');
        time.write_rfc3339(self.out);
        self.out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn float(value: f64) -> String {
        let mut out = Vec::new();
        JsonWriter::new(&mut out).float(value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn floats_are_short_and_exact() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0.0"),
            (410.0, "410"),
            (410.5, "410.5"),
            (-410.25, "-410.25"),
            (0.5, "0.5"),
            (0.05, "0.05"),
            (0.000001, "0.000001"),
            (189.23, "189.23"),
            (26679.5912436798, "26679.5912436798"),
            (1e15, "1000000000000000"),
            (1e300, "1e300"),
            (5e-324, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e308"),
            (0.1 + 0.2, "0.30000000000000004"),
            (9007199254740992.0, "9007199254740992.0"),
            (f64::NAN, "null"),
            (f64::INFINITY, "null"),
        ] {
            assert_eq!(float(value), text);
        }
    }

    #[test]
    fn floats_read_back_bit_for_bit() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let cents = (state >> 40) as f64 / 100.0;
            let pips = (state >> 30) as f64 / 1e6;
            for value in [f64::from_bits(state), cents, pips, -cents, cents / 1e9] {
                if value.is_finite() {
                    let text = float(value);
                    assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
                }
            }
        }
    }
}
