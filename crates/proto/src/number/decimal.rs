//! Decimal numbers to the nearest float.
//!
//! The standard library does it faster, with a table of 10 KB that does not compress and that every
//! visitor of the page would download. The numbers that come by the thousand are plain and do not come
//! here: see `codec::json`.

use std::cmp::Ordering;

/// Digits that can make a difference: no midpoint between two floats has more than 767.
const MAX_DIGITS: usize = 770;
/// Powers of ten up to this fit into 64 bits.
const MAX_POWER: u32 = 19;
const FRACTION_BITS: u32 = 52;
const INFINITY: u64 = 0x7ff << FRACTION_BITS;

/// The float nearest to `mantissa` × 10^`exponent`, of two that are as near the even one. Infinity if it
/// is greater than every float.
pub(crate) fn nearest(mantissa: u64, exponent: i32) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    if exponent.unsigned_abs() > MAX_POWER {
        return nearest_of_digits(mantissa.to_string().bytes(), exponent);
    }
    let power = u128::from(10_u64.pow(exponent.unsigned_abs()));
    if exponent >= 0 {
        return (u128::from(mantissa) * power) as f64;
    }
    // At least 64 bits of quotient; its lowest bit also tells whether anything is left.
    let shift = mantissa.leading_zeros() + 64;
    let dividend = u128::from(mantissa) << shift;
    let quotient = dividend / power;
    let rest = u128::from(quotient * power != dividend);
    // Two to the power of -shift is a normal float: the product is exact.
    (quotient | rest) as f64 * f64::from_bits(u64::from(1023 - shift) << FRACTION_BITS)
}

/// As [`nearest`], for any number of digits in ASCII.
pub(crate) fn nearest_of_digits(digits: impl Iterator<Item = u8>, exponent: i32) -> f64 {
    let mut decimal = Decimal { digits: Big::default(), exponent };
    let (mut count, mut rest) = (0_usize, false);
    let (mut about, mut about_exponent) = (0.0, exponent);
    for digit in digits.map(|byte| byte.wrapping_sub(b'0')).skip_while(|digit| *digit == 0) {
        count += 1;
        if count <= 15 {
            about = about * 10.0 + f64::from(digit);
        } else {
            about_exponent = about_exponent.saturating_add(1);
        }
        if count <= MAX_DIGITS {
            decimal.digits.multiply_add(10, u32::from(digit));
        } else {
            rest |= digit != 0;
            decimal.exponent = decimal.exponent.saturating_add(1);
        }
    }
    // What is cut off lies behind every midpoint's last digit: all that counts is that it is not zero.
    if rest {
        decimal.digits.multiply_add(10, 1);
        decimal.exponent = decimal.exponent.saturating_sub(1);
    }
    let magnitude = i64::from(about_exponent) + count.min(15) as i64;
    if count == 0 || magnitude < -330 {
        return 0.0;
    }
    if magnitude > 310 {
        return f64::INFINITY;
    }
    // A few units off at most; from there step by step.
    let mut bits = scaled(about, about_exponent).to_bits().min(INFINITY - 1);
    while bits < INFINITY && decimal.is_beyond_midpoint(bits) {
        bits += 1;
    }
    while bits > 0 && bits < INFINITY && !decimal.is_beyond_midpoint(bits - 1) {
        bits -= 1;
    }
    f64::from_bits(bits)
}

/// About `value` × 10^`exponent`.
fn scaled(mut value: f64, exponent: i32) -> f64 {
    let mut left = exponent.unsigned_abs();
    while left > 0 {
        let step = left.min(MAX_POWER);
        let power = 10_u64.pow(step) as f64;
        value = if exponent < 0 { value / power } else { value * power };
        left -= step;
    }
    value
}

/// An exact decimal number.
struct Decimal {
    digits: Big,
    exponent: i32,
}

impl Decimal {
    /// Whether the number is nearer to the float after the one with these bits, or as near and that one
    /// is even.
    fn is_beyond_midpoint(&self, bits: u64) -> bool {
        let (fraction, biased) = (bits & ((1 << FRACTION_BITS) - 1), (bits >> FRACTION_BITS) as i32);
        let mantissa = if biased == 0 { fraction } else { fraction | 1 << FRACTION_BITS };
        // The midpoint is (2 × mantissa + 1) × 2^exponent.
        let exponent = biased.max(1) - 1076;
        let mut midpoint = Big::default();
        midpoint.multiply_add(1, (mantissa >> 31) as u32);
        midpoint.shift(32);
        midpoint.multiply_add(1, (mantissa << 1) as u32 | 1);
        let mut own = self.digits.clone();
        let scaled = if self.exponent < 0 { &mut midpoint } else { &mut own };
        scaled.multiply_power(self.exponent.unsigned_abs());
        let shifted = if exponent < 0 { &mut own } else { &mut midpoint };
        shifted.shift(exponent.unsigned_abs());
        match own.compare(&midpoint) {
            Ordering::Less => false,
            Ordering::Equal => mantissa & 1 == 1,
            Ordering::Greater => true,
        }
    }
}

/// A natural number: 32 bits a part, the lowest first, the highest never zero.
#[derive(Clone, Default)]
struct Big(Vec<u32>);

impl Big {
    fn multiply_add(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for part in &mut self.0 {
            carry += u64::from(*part) * u64::from(factor);
            *part = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Times 10^`exponent`.
    fn multiply_power(&mut self, mut exponent: u32) {
        while exponent > 0 {
            let step = exponent.min(9);
            self.multiply_add(10_u32.pow(step), 0);
            exponent -= step;
        }
    }

    /// Times 2^`bits`.
    fn shift(&mut self, bits: u32) {
        self.multiply_add(1 << (bits % 32), 0);
        if !self.0.is_empty() {
            self.0.splice(..0, std::iter::repeat_n(0, bits as usize / 32));
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Random numbers, always the same.
    fn numbers(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        }
    }

    fn agree(digits: &str, exponent: i32) {
        let expected: f64 = format!("{digits}e{exponent}").parse().unwrap();
        let found = nearest_of_digits(digits.bytes(), exponent);
        assert_eq!(found.to_bits(), expected.to_bits(), "{digits}e{exponent}");
        if let Ok(mantissa) = digits.parse() {
            assert_eq!(nearest(mantissa, exponent).to_bits(), expected.to_bits(), "{digits}e{exponent}");
        }
    }

    #[test]
    fn numbers_of_every_size_are_those_of_the_standard_library() {
        let mut random = numbers(0x9e37_79b9_7f4a_7c15);
        for _ in 0..10_000 {
            let mantissa = (random() >> (random() % 64)).to_string();
            agree(&mantissa, (random() % 42) as i32 - 21);
            agree(&mantissa, (random() % 700) as i32 - 360);
        }
        for mantissa in ["1", "2", "5", "9007199254740993", "18446744073709551615"] {
            (-345..312).for_each(|exponent| agree(mantissa, exponent));
        }
    }

    #[test]
    fn midpoints_and_what_is_beside_them() {
        let mut random = numbers(7);
        for round in 0..400 {
            let midpoint = u128::from(random() >> 11 | 1 << 52) * 2 + 1;
            // A midpoint with a binary point is exact in as many decimals.
            let places = round % 31;
            let digits = midpoint * 5_u128.pow(places);
            for digits in [digits - 1, digits, digits + 1] {
                agree(&digits.to_string(), -(places as i32));
            }
            for more in [1, 30, 900] {
                let zeros = "0".repeat(more);
                agree(&format!("{digits}{zeros}"), -((places as usize + more) as i32));
                agree(&format!("{digits}{zeros}1"), -((places as usize + more + 1) as i32));
            }
        }
    }

    #[test]
    fn the_ends_of_the_range() {
        for digits in ["17976931348623157", "17976931348623158", "17976931348623159"] {
            agree(digits, 292);
        }
        for digits in ["1", "2", "24703282292062327", "24703282292062328", "3", "5"] {
            (-345..-320).for_each(|exponent| agree(digits, exponent));
        }
        assert_eq!(nearest(1, i32::MAX), f64::INFINITY);
        assert_eq!(nearest(1, i32::MIN), 0.0);
        assert_eq!(nearest(0, i32::MAX), 0.0);
        agree(&format!("1{}", "0".repeat(400)), -400);
        agree(&"9".repeat(2_000), -2_000);
        agree(&"9".repeat(2_000), -2_400);
        agree("000", 5);
    }
}
