//! RFC 3339 text, read without allocation and written in two forms.

use std::fmt;
use std::str::FromStr;

use super::civil::{days_from_civil, days_in_month};
use super::{NANOS_PER_SECOND, Timestamp};

const POWERS: [u32; 10] =
    [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1];

const fn digit(byte: u8) -> Option<u32> {
    let value = byte.wrapping_sub(b'0');
    if value < 10 { Some(value as u32) } else { None }
}

const fn pair(high: u8, low: u8) -> Option<u32> {
    match (digit(high), digit(low)) {
        (Some(high), Some(low)) => Some(high * 10 + low),
        _ => None,
    }
}

/// Eight bytes of text as a number, the first byte lowest.
#[inline(always)]
fn word(text: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*text.get(at..)?.first_chunk::<8>()?))
}

/// The digits of eight bytes, each in its byte, if they are as `form` has them: a digit where it has a
/// zero, and elsewhere what it has.
#[inline(always)]
const fn digits_of(text: u64, form: &[u8; 8]) -> Option<u64> {
    /// The high bit of each byte.
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let mut most = [0; 8];
    let mut at = 0;
    while at < 8 {
        // What lifts a digit too large, or anything but a zero, into the high bit.
        most[at] = if form[at] == b'0' { 0x80 - 10 } else { 0x80 - 1 };
        at += 1;
    }
    let digits = text ^ u64::from_le_bytes(*form);
    let lifted = digits.wrapping_add(u64::from_le_bytes(most));
    if (digits | lifted) & HIGHS == 0 { Some(digits) } else { None }
}

/// In each byte the number that its digit and the next make.
#[inline(always)]
const fn pairs(digits: u64) -> u64 {
    digits * 10 + (digits >> 8)
}

const fn byte(word: u64, at: u32) -> u32 {
    (word >> (8 * at)) as u8 as u32
}

/// The number that eight digits make.
#[inline(always)]
const fn eight(digits: u64) -> u32 {
    const EVEN: u64 = 0x0000_00ff_0000_00ff;
    let pairs = pairs(digits);
    let high = (pairs & EVEN).wrapping_mul(100 + (1_000_000 << 32));
    let low = (pairs >> 16 & EVEN).wrapping_mul(1 + (10_000 << 32));
    (high.wrapping_add(low) >> 32) as u32
}

/// An instant as nearly all are written, `2026-01-02T03:04:05.123456789Z` with any number of decimals
/// but ten and more. `None` for all others, valid or not.
#[inline(always)]
fn parse_usual(text: &[u8]) -> Option<(Timestamp, usize)> {
    let date = pairs(digits_of(word(text, 0)?, b"0000-00-")?);
    let middle = pairs(digits_of(word(text, 8)?, b"00T00:00")?);
    let clock = pairs(digits_of(word(text, 11)?, b"00:00:00")?);
    let (year, month, day) = ((byte(date, 0) * 100 + byte(date, 2)) as i32, byte(date, 5), byte(middle, 0));
    let (hour, minute, second) = (byte(clock, 0), byte(clock, 3), byte(clock, 6));
    let is_day = day.wrapping_sub(1) < 28 && month.wrapping_sub(1) < 12;
    if !is_day || hour > 23 || minute > 59 || second > 59 || text.get(19) != Some(&b'.') {
        return None;
    }
    let decimals = match word(text, 20) {
        Some(word) => digits_of(word, b"00000000"),
        None => None,
    };
    let (nanos, at) = match (decimals, text.get(28..30)) {
        (Some(digits), Some(&[last, b'Z'])) => (eight(digits) * 10 + digit(last)?, 29),
        _ => {
            let (mut nanos, mut at) = (0, 20);
            while let Some(&byte) = text.get(at)
                && let Some(value) = digit(byte)
            {
                if at > 28 {
                    return None;
                }
                nanos = nanos * 10 + value;
                at += 1;
            }
            if at == 20 || text.get(at) != Some(&b'Z') {
                return None;
            }
            (nanos * POWERS[at - 20], at)
        }
    };
    let seconds = days_from_civil(year, month, day) * 86_400 + i64::from(hour * 3600 + minute * 60 + second);
    Some((Timestamp::from_parts(seconds, nanos)?, at + 1))
}

/// [`parse_any`], sooner for what [`parse_usual`] takes.
#[inline(always)]
pub(crate) fn parse_prefix(text: &[u8]) -> Option<(Timestamp, usize)> {
    match parse_usual(text) {
        None => parse_any(text),
        usual => usual,
    }
}

/// Reads an instant at the start of `text`: the instant and how many bytes it took.
///
/// A leap second (`:60`) counts as the first second of the next minute, as RFC 3339 leaves open.
#[inline(never)]
pub(crate) fn parse_any(text: &[u8]) -> Option<(Timestamp, usize)> {
    let (head, rest) = text.split_first_chunk::<19>()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T' | b't' | b' ', h1, h2, b':', i1, i2, b':', s1, s2] =
        *head
    else {
        return None;
    };
    let year = (pair(y1, y2)? * 100 + pair(y3, y4)?) as i32;
    let month = pair(m1, m2)?;
    let day = pair(d1, d2)?;
    let (hour, minute, second) = (pair(h1, h2)?, pair(i1, i2)?, pair(s1, s2)?);
    if day == 0 || (day > 28 && day > days_in_month(year, month)) || month.wrapping_sub(1) > 11 {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }

    let mut at = 0;
    let mut nanos = 0;
    if rest.first() == Some(&b'.') {
        at = 1;
        while let Some(value) = rest.get(at).and_then(|b| digit(*b)) {
            if at > 9 {
                return None;
            }
            nanos = nanos * 10 + value;
            at += 1;
        }
        if at == 1 {
            return None;
        }
        nanos *= POWERS[at - 1];
    }
    let offset = match *rest.get(at)? {
        b'Z' | b'z' => {
            at += 1;
            0
        }
        sign @ (b'+' | b'-') => {
            let [h1, h2, b':', m1, m2] = *rest.get(at + 1..)?.first_chunk::<5>()? else { return None };
            let (hours, minutes) = (pair(h1, h2)?, pair(m1, m2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            at += 6;
            let seconds = i64::from(hours * 3600 + minutes * 60);
            if sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    let seconds =
        days_from_civil(year, month, day) * 86_400 + i64::from(hour * 3600 + minute * 60 + second) - offset;
    Some((Timestamp::from_parts(seconds, nanos)?, head.len() + at))
}

/// Text that is no RFC 3339 instant, or one outside the years 1677 to 2262: ask for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 time between 1677 and 2262")]
pub struct ParseTimestampError;

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse_rfc3339(text).ok_or(ParseTimestampError)
    }
}

impl Timestamp {
    /// Reads RFC 3339 text with zero to nine fraction digits, `Z` or an offset; `None` if it is
    /// something else. Exact to the nanosecond.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let (time, used) = parse_any(text.as_bytes())?;
        (used == text.len()).then_some(time)
    }

    /// RFC 3339 in UTC with as many fraction digits as are needed, as Alpaca writes JSON.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        Digits::new(self, self.shortest_fraction()).to_string()
    }

    /// RFC 3339 in UTC with nine fraction digits.
    #[must_use]
    pub fn to_rfc3339_nanos(self) -> String {
        Digits::new(self, 9).to_string()
    }

    /// Appends what [`Timestamp::to_rfc3339`] returns.
    pub(crate) fn write_rfc3339(self, out: &mut Vec<u8>) {
        out.extend_from_slice(Digits::new(self, self.shortest_fraction()).bytes());
    }

    fn shortest_fraction(self) -> usize {
        let mut nanos = self.subsec_nanos();
        if nanos == 0 {
            return 0;
        }
        let mut digits = 9;
        while nanos.is_multiple_of(10) {
            nanos /= 10;
            digits -= 1;
        }
        digits
    }
}

/// The shortest RFC 3339 form, see [`Timestamp::to_rfc3339`].
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Digits::new(*self, self.shortest_fraction()).fmt(f)
    }
}

/// A formatted instant on the stack.
struct Digits {
    text: [u8; 30],
    len: usize,
}

impl Digits {
    fn new(time: Timestamp, fraction: usize) -> Self {
        let c = time.civil();
        let mut text = *b"0000-00-00T00:00:00.000000000Z";
        let mut put = |at: usize, width: usize, mut value: u32| {
            for place in text[at..at + width].iter_mut().rev() {
                *place = b'0' + (value % 10) as u8;
                value /= 10;
            }
        };
        put(0, 4, c.year as u32);
        put(5, 2, c.month);
        put(8, 2, c.day);
        put(11, 2, c.hour);
        put(14, 2, c.minute);
        put(17, 2, c.second);
        put(20, 9, c.nanosecond);
        debug_assert!(u64::from(c.nanosecond) < NANOS_PER_SECOND as u64);
        let end = if fraction == 0 { 19 } else { 20 + fraction };
        text[end] = b'Z';
        Self { text, len: end + 1 }
    }

    fn bytes(&self) -> &[u8] {
        &self.text[..self.len]
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only ASCII was put in.
        f.pad(std::str::from_utf8(self.bytes()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const BASE: i64 = 1_735_830_245_000_000_000;

    #[test]
    fn every_number_of_fraction_digits() {
        for (text, nanos) in [
            ("2025-01-02T15:04:05Z", 0),
            ("2025-01-02T15:04:05.5Z", 500_000_000),
            ("2025-01-02T15:04:05.12Z", 120_000_000),
            ("2025-01-02T15:04:05.208Z", 208_000_000),
            ("2025-01-02T15:04:05.1234Z", 123_400_000),
            ("2025-01-02T15:04:05.12345Z", 123_450_000),
            ("2025-01-02T15:04:05.123456Z", 123_456_000),
            ("2025-01-02T15:04:05.1234567Z", 123_456_700),
            ("2025-01-02T15:04:05.13312256Z", 133_122_560),
            ("2025-01-02T15:04:05.000000001Z", 1),
        ] {
            let time = Timestamp::parse_rfc3339(text).unwrap();
            assert_eq!(time.nanos(), BASE + nanos, "{text}");
            assert_eq!(time.to_rfc3339(), text);
        }
    }

    #[test]
    fn offsets() {
        for text in [
            "2025-01-02T10:04:05-05:00",
            "2025-01-02T20:34:05+05:30",
            "2025-01-03T00:04:05+09:00",
            "2025-01-02T15:04:05-00:00",
            "2025-01-02t15:04:05z",
            "2025-01-02 15:04:05Z",
        ] {
            assert_eq!(Timestamp::parse_rfc3339(text).map(Timestamp::nanos), Some(BASE), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "2025-01-02",
            "2025-01-02T15:04:05",
            "2025-01-02T15:04:05.Z",
            "2025-01-02T15:04:05.1234567890Z",
            "2025-01-02T15:04:05Z ",
            "2025-13-02T15:04:05Z",
            "2025-00-02T15:04:05Z",
            "2025-02-29T15:04:05Z",
            "2025-01-32T15:04:05Z",
            "2025-01-00T15:04:05Z",
            "2025-01-02T24:04:05Z",
            "2025-01-02T15:60:05Z",
            "2025-01-02T15:04:61Z",
            "2025-01-02T15:04:05+24:00",
            "2025-01-02T15:04:05+0530",
            "2025-01-02T15:04:05+05",
            "2025/01/02T15:04:05Z",
            "1600-01-01T00:00:00Z",
            "2300-01-01T00:00:00Z",
            "２025-01-02T15:04:05Z",
        ] {
            assert_eq!(Timestamp::parse_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn the_whole_range_is_told_and_read() {
        for time in [Timestamp::MIN, Timestamp::MAX, Timestamp(0), Timestamp(-1), Timestamp(-500_000_000)] {
            assert_eq!(Timestamp::parse_rfc3339(&time.to_rfc3339()), Some(time));
            assert_eq!(Timestamp::parse_rfc3339(&time.to_rfc3339_nanos()), Some(time));
        }
        assert_eq!(Timestamp(-500_000_000).to_rfc3339(), "1969-12-31T23:59:59.5Z");
        assert_eq!(Timestamp::MAX.to_rfc3339_nanos(), "2262-04-11T23:47:16.854775807Z");
        assert_eq!(Timestamp(0).to_rfc3339_nanos(), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(format!("{:>22}", Timestamp(0)), "  1970-01-01T00:00:00Z");
    }

    #[test]
    fn the_short_way_answers_as_the_long_way_or_not_at_all() {
        let usual = "2026-11-20T15:30:07.123456789Z";
        let mut taken = 0;
        let mut look = |text: &[u8]| {
            let short = parse_usual(text);
            taken += usize::from(short.is_some());
            assert!(short.is_none() || short == parse_any(text), "{:?}", String::from_utf8_lossy(text));
        };
        for decimals in 0..=10 {
            let text = format!("{}Z\",", "2026-11-20T15:30:07.0123456789".get(..20 + decimals).unwrap());
            for at in 0..text.len() {
                for byte in 0..=255 {
                    let mut bytes = text.clone().into_bytes();
                    bytes[at] = byte;
                    look(&bytes);
                    bytes.truncate(at);
                    look(&bytes);
                }
            }
        }
        for (at, what) in [(0, 9_999), (5, 99), (8, 99), (11, 99), (14, 99), (17, 99)] {
            let width = if at == 0 { 4 } else { 2 };
            for value in 0..=what {
                let mut text = usual.to_owned();
                text.replace_range(at..at + width, &format!("{value:0width$}"));
                look(text.as_bytes());
            }
        }
        assert!(taken > 2_000, "{taken}");
        assert_eq!(parse_usual(usual.as_bytes()), parse_any(usual.as_bytes()));
        assert!(parse_usual(usual.as_bytes()).is_some());
    }

    #[test]
    fn a_leap_second_is_the_next_second() {
        assert_eq!(
            Timestamp::parse_rfc3339("2016-12-31T23:59:60Z"),
            Timestamp::parse_rfc3339("2017-01-01T00:00:00Z")
        );
    }
}
