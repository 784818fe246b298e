//! Numbers: exact integers up to 64 bits, floats rounded once.

use crate::codec::Flaw;
use crate::number::Number;
use crate::number::decimal::{nearest, nearest_of_digits};

/// Powers of ten that a float holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Integers up to this are exact in a float.
const EXACT: u64 = 1 << 53;

/// A number as it is written: ± `mantissa` × 10^`exponent`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Literal<'a> {
    text: &'a [u8],
    mantissa: u64,
    exponent: i32,
    negative: bool,
    /// Neither a point nor an exponent.
    integer: bool,
    /// The digits did not fit into `mantissa`.
    overflow: bool,
}

/// Digits from `at` on: their value continues `mantissa`.
#[inline(always)]
fn digits(text: &[u8], mut at: usize, mut mantissa: u64) -> (usize, u64) {
    while let Some(byte) = text.get(at) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    (at, mantissa)
}

/// A plain `123` or `123.45` at the start of `text`: its digits as an integer, how many of them are
/// decimals, and how many bytes it took. `None` for everything else, valid or not.
#[inline(always)]
fn plain(text: &[u8]) -> Option<(u64, usize, usize)> {
    let (end, mantissa) = digits(text, 0, 0);
    let (at, mantissa, places) = match text.get(end) {
        Some(b'.') => {
            let (at, mantissa) = digits(text, end + 1, mantissa);
            (at, mantissa, at - end - 1)
        }
        _ => (end, mantissa, usize::MAX),
    };
    let leading_zero = end > 1 && text.first() == Some(&b'0');
    // At most 16 bytes have at most 16 digits, which is 15 and a point or an exact integer.
    if end == 0 || places == 0 || at > 16 || leading_zero || matches!(text.get(at), Some(b'e' | b'E')) {
        return None;
    }
    Some((mantissa, places, at))
}

/// A plain number as a float, and how many bytes it took; see [`plain`].
#[inline(always)]
pub(super) fn plain_float(text: &[u8]) -> Option<(f64, usize)> {
    match plain(text)? {
        (mantissa, usize::MAX, len) if mantissa <= EXACT => Some((mantissa as f64, len)),
        // Fifteen digits are exact, and so is the power: one operation rounds correctly.
        (mantissa, places, len) => Some((mantissa as f64 / POWERS.get(places)?, len)),
    }
}

/// A plain integer and how many bytes it took; see [`plain`].
#[inline(always)]
pub(super) fn plain_integer(text: &[u8]) -> Option<(u64, usize)> {
    match plain(text)? {
        (mantissa, usize::MAX, len) => Some((mantissa, len)),
        _ => None,
    }
}

impl<'a> Literal<'a> {
    /// Reads the literal at the start of `text`; also how many bytes it took.
    pub(super) fn read(text: &'a [u8]) -> Result<(Self, usize), Flaw> {
        let negative = text.first() == Some(&b'-');
        let start = usize::from(negative);
        let (mut at, mut mantissa) = digits(text, start, 0);
        let mut count = at - start;
        match text.get(start) {
            None => return Err(Flaw::Truncated),
            Some(b'0') if count > 1 => return Err(Flaw::Syntax),
            Some(_) if count == 0 => return Err(if negative { Flaw::Syntax } else { Flaw::WrongKind }),
            Some(_) => {}
        }
        let mut exponent = 0;
        let mut integer = true;
        if text.get(at) == Some(&b'.') {
            integer = false;
            let point = at + 1;
            (at, mantissa) = digits(text, point, mantissa);
            if at == point {
                return Err(if at == text.len() { Flaw::Truncated } else { Flaw::Syntax });
            }
            count += at - point;
            exponent = i32::try_from(at - point).map_or(i32::MIN / 2, |n| -n);
        }
        if let Some(b'e' | b'E') = text.get(at) {
            integer = false;
            at += 1;
            let minus = text.get(at) == Some(&b'-');
            if let Some(b'+' | b'-') = text.get(at) {
                at += 1;
            }
            let first = at;
            let mut value = 0_i32;
            while let Some(digit) = text.get(at).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
                value = value.saturating_mul(10).saturating_add(i32::from(digit));
                at += 1;
            }
            if at == first {
                return Err(if at == text.len() { Flaw::Truncated } else { Flaw::Syntax });
            }
            exponent = exponent.saturating_add(if minus { -value } else { value });
        }
        let text = text.get(..at).unwrap_or_default();
        // Leading zeros count here, which only sends such a number down the slow way.
        Ok((Self { text, mantissa, exponent, negative, integer, overflow: count > 19 }, at))
    }

    /// Whether it takes long to find the nearest float.
    pub(super) const fn is_long(&self) -> bool {
        self.overflow || self.exponent.unsigned_abs() > 22
    }

    /// The nearest float; refused if it is infinite.
    #[inline]
    pub(super) fn float(&self) -> Result<f64, Flaw> {
        if !self.overflow && self.mantissa <= EXACT && self.exponent.unsigned_abs() <= 22 {
            // Both operands are exact, so the one operation rounds correctly (Clinger 1990).
            let power = POWERS[self.exponent.unsigned_abs() as usize];
            let mantissa = self.mantissa as f64;
            let value = if self.exponent < 0 { mantissa / power } else { mantissa * power };
            return Ok(if self.negative { -value } else { value });
        }
        self.float_slow()
    }

    #[cold]
    fn float_slow(&self) -> Result<f64, Flaw> {
        let value = if self.overflow {
            let mantissa = self.text.split(|byte| matches!(byte, b'e' | b'E')).next().unwrap_or_default();
            nearest_of_digits(mantissa.iter().copied().filter(u8::is_ascii_digit), self.exponent)
        } else {
            nearest(self.mantissa, self.exponent)
        };
        if !value.is_finite() {
            return Err(Flaw::NumberRange);
        }
        Ok(if self.negative { -value } else { value })
    }

    fn as_str(&self) -> &'a str {
        // A literal is ASCII by construction.
        std::str::from_utf8(self.text).unwrap_or_default()
    }

    /// The magnitude of an integer literal, if 64 bits hold it.
    #[inline]
    fn magnitude(&self) -> Option<u64> {
        if !self.integer {
            None
        } else if !self.overflow {
            Some(self.mantissa)
        } else {
            self.as_str().trim_start_matches('-').parse().ok()
        }
    }

    /// The number, exact if it is an integer of 64 bits.
    #[inline]
    pub(super) fn number(&self) -> Result<Number, Flaw> {
        match self.magnitude() {
            Some(magnitude) if !self.negative => Ok(Number::Unsigned(magnitude)),
            Some(magnitude) => match 0_i64.checked_sub_unsigned(magnitude) {
                Some(value) => Ok(Number::from_i64(value)),
                None => self.float().map(Number::from_f64),
            },
            None => self.float().map(Number::from_f64),
        }
    }

    /// The number as a non-negative integer; `9.0` and `1e3` are integers too.
    #[inline]
    pub(super) fn unsigned(&self) -> Result<u64, Flaw> {
        self.number()?.as_u64().ok_or(Flaw::NumberRange)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn number(text: &str) -> Result<Number, Flaw> {
        Literal::read(text.as_bytes())?.0.number()
    }

    fn float(text: &str) -> Result<f64, Flaw> {
        let (literal, len) = Literal::read(text.as_bytes())?;
        let value = literal.float()?;
        if let Some((plain, plain_len)) = plain_float(text.as_bytes()) {
            assert_eq!((plain.to_bits(), plain_len), (value.to_bits(), len), "{text}");
        }
        Ok(value)
    }

    #[test]
    fn the_short_way_equals_the_long_one() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut taken = 0;
        for _ in 0..50_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let whole = (state >> 20) >> (state % 44);
            let decimals = state >> 33 >> (state % 31);
            for text in
                [format!("{whole}"), format!("{whole}.{decimals}"), format!("{}.{whole}", decimals % 10)]
            {
                let text = format!("{text},");
                let (literal, len) = Literal::read(text.as_bytes()).unwrap();
                if let Some((value, plain_len)) = plain_float(text.as_bytes()) {
                    assert_eq!(
                        (value.to_bits(), plain_len),
                        (literal.float().unwrap().to_bits(), len),
                        "{text}"
                    );
                    taken += 1;
                }
                if let Some((value, plain_len)) = plain_integer(text.as_bytes()) {
                    assert_eq!(
                        (Number::Unsigned(value), plain_len),
                        (literal.number().unwrap(), len),
                        "{text}"
                    );
                }
            }
        }
        assert!(taken > 100_000, "{taken}");
        for text in ["01", "00.5", "1.", "-1", "1e5", "1.5e5", "", ".5", "12345678901234567"] {
            assert_eq!(plain_float(text.as_bytes()), None, "{text}");
            assert_eq!(plain_integer(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn integers_are_exact_to_64_bits() {
        assert_eq!(number("18446744073709551615"), Ok(Number::Unsigned(u64::MAX)));
        assert_eq!(number("9007199254740993"), Ok(Number::Unsigned(9_007_199_254_740_993)));
        assert_eq!(number("-9223372036854775808"), Ok(Number::Negative(i64::MIN)));
        assert_eq!(number("18446744073709551616"), Ok(Number::Float(18_446_744_073_709_551_616.0)));
        assert_eq!(number("-9223372036854775809"), Ok(Number::Float(-9_223_372_036_854_775_808.0)));
        assert_eq!(number("-0"), Ok(Number::ZERO));
        assert_eq!(number("9.0"), Ok(Number::Unsigned(9)));
        assert_eq!(number("1e3"), Ok(Number::Unsigned(1000)));
        assert_eq!(number("0.5"), Ok(Number::Float(0.5)));
    }

    #[test]
    fn unsigned_refuses_what_it_cannot_hold() {
        let unsigned = |text: &str| Literal::read(text.as_bytes()).unwrap().0.unsigned();
        assert_eq!(unsigned("7.0"), Ok(7));
        for text in ["-1", "0.5", "18446744073709551616", "1e19", "1e300"] {
            assert_eq!(unsigned(text), Err(Flaw::NumberRange), "{text}");
        }
    }

    #[test]
    fn floats_equal_the_standard_library() {
        for text in [
            "0",
            "-0.0",
            "410.5",
            "1.7976931348623157e308",
            "5e-324",
            "2.2250738585072011e-308",
            "1E-9",
            "7.05e5",
            "9007199254740993",
            "0.1",
            "123456789012345678901234567890",
            "1e22",
            "1e23",
            "1e-22",
            "1e-23",
            "8.988465674311580e307",
            "0.000000000000000000000000000001",
            "3.14159265358979323846264338327950288",
            "0e999999999999999999999",
            "1e-999999999999",
        ] {
            let expected: f64 = text.parse().unwrap();
            assert_eq!(float(text).unwrap().to_bits(), expected.to_bits(), "{text}");
        }
        assert_eq!(float("1e309"), Err(Flaw::NumberRange));
        assert_eq!(float("-1e99999999999999999999"), Err(Flaw::NumberRange));
    }

    #[test]
    fn what_is_no_number() {
        for (text, flaw) in [
            ("", Flaw::Truncated),
            ("-", Flaw::Truncated),
            ("01", Flaw::Syntax),
            ("-01", Flaw::Syntax),
            ("1.", Flaw::Truncated),
            ("1.e5", Flaw::Syntax),
            ("1e", Flaw::Truncated),
            ("1e+", Flaw::Truncated),
            ("1ex", Flaw::Syntax),
            (".5", Flaw::WrongKind),
            ("+5", Flaw::WrongKind),
            ("NaN", Flaw::WrongKind),
            ("Infinity", Flaw::WrongKind),
            ("-Infinity", Flaw::Syntax),
        ] {
            assert_eq!(float(text), Err(flaw), "{text}");
        }
    }
}
