//! Numbers and times as traders read them. Nothing here rounds what is stored, only what is shown.

use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

/// A true minus sign, as wide as a digit.
pub const MINUS: char = '−';

/// Most decimals a price is shown with.
pub const MAX_DECIMALS: usize = 8;

/// How many decimals prices around `price` are shown with, before their own are looked at: 2 for
/// stocks above a dollar, 4 below (their ticks), more for tiny crypto prices.
#[must_use]
pub fn base_decimals(price: f64) -> usize {
    let magnitude = price.abs();
    if magnitude >= 1.0 || magnitude == 0.0 {
        2
    } else if magnitude >= 0.01 {
        4
    } else {
        MAX_DECIMALS
    }
}

/// A price with at least `decimals` decimals, and as many more as it has, up to
/// [`MAX_DECIMALS`]: nothing that the wire said is hidden.
#[must_use]
pub fn price(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let mut text = format!("{value:.MAX_DECIMALS$}");
    if let Some(dot) = text.find('.') {
        let shortest = dot + 1 + decimals.clamp(1, MAX_DECIMALS);
        while text.len() > shortest && text.ends_with('0') {
            text.pop();
        }
    }
    group(&text)
}

/// A price with exactly `decimals` decimals, rounded; for values computed here.
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return String::new();
    }
    group(&format!("{value:.decimals$}"))
}

/// Where `part` first is in `text`. The page's texts are short, and the standard library's search is 1.5 KiB of
/// code that long ones are for.
#[must_use]
pub fn find(text: &str, part: &str) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    text.as_bytes().windows(part.len()).position(|window| window == part.as_bytes())
}

/// A difference with its sign.
#[must_use]
pub fn signed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let text = fixed(value.abs(), decimals);
    let is_zero = !text.contains(|c: char| c.is_ascii_digit() && c != '0');
    match value {
        _ if is_zero => text,
        v if v < 0.0 => format!("{MINUS}{text}"),
        _ => format!("+{text}"),
    }
}

/// A size in full, grouped: sizes of quotes are short enough.
#[must_use]
pub fn size(value: Number) -> String {
    match value {
        Number::Unsigned(n) => group(&n.to_string()),
        Number::Negative(n) => group(&n.to_string()),
        Number::Float(x) => {
            let mut text = format!("{x:.MAX_DECIMALS$}");
            while text.ends_with('0') {
                text.pop();
            }
            group(text.trim_end_matches('.'))
        }
    }
}

/// A whole number, grouped.
#[must_use]
pub fn count(value: u64) -> String {
    group(&value.to_string())
}

/// Commas between thousands and a true minus sign.
fn group(text: &str) -> String {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let mut out = String::with_capacity(text.len() + 8);
    if negative {
        out.push(MINUS);
    }
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Seconds as people say them: `now`, `12 s`, `3 min`, `2 h`.
#[must_use]
pub fn age(seconds: u64) -> String {
    match seconds {
        0 => "now".to_owned(),
        1..=99 => format!("{seconds} s"),
        100..=5_999 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}

/// `2013-10-07 13:30:00` in UTC.
#[must_use]
pub fn utc(time: Timestamp) -> String {
    let seconds = time.seconds();
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", of_day / 3_600, of_day / 60 % 60, of_day % 60)
}

/// `HH:MM:SS` of seconds since the epoch, already moved into the zone to be shown.
#[must_use]
pub fn time_of_day(seconds: i64) -> String {
    let of_day = seconds.rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}", of_day / 3_600, of_day / 60 % 60, of_day % 60)
}

/// `YYYY-MM-DD` of seconds since the epoch, already moved into the zone to be shown.
#[must_use]
pub fn date(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of days since the epoch in the proleptic Gregorian calendar: eras of 400
/// years, each year beginning in March so that the leap day comes last.
#[must_use]
pub fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_keep_what_the_wire_said() {
        for (value, decimals, expected) in [
            (181.49, 2, "181.49"),
            (181.4901, 2, "181.4901"),
            (136.0, 2, "136.00"),
            (63_512.5, 2, "63,512.50"),
            (-1_234.5, 2, "−1,234.50"),
            (0.00001234, 8, "0.00001234"),
            (0.123_456_789, 2, "0.12345679"),
            (f64::NAN, 2, ""),
        ] {
            assert_eq!(price(value, decimals), expected);
        }
    }

    #[test]
    fn a_part_is_found_as_the_standard_library_finds_it() {
        for text in ["", "a", "ab. c", "aab. a. ", "−1,5 ≠ −1,5", ". . "] {
            for part in ["", "a", "ab", ". ", "−1,5", "≠ ", "b. c!", "aab. a. "] {
                assert_eq!(find(text, part), text.find(part), "{part:?} in {text:?}");
            }
        }
    }

    #[test]
    fn differences_have_a_sign_unless_they_show_as_zero() {
        assert_eq!(signed(1.5, 2), "+1.50");
        assert_eq!(signed(-1_000.25, 2), "−1,000.25");
        assert_eq!(signed(-0.001, 2), "0.00");
        assert_eq!(signed(0.0, 2), "0.00");
    }

    #[test]
    fn sizes_keep_fractions() {
        assert_eq!(size(Number::Unsigned(12_345)), "12,345");
        assert_eq!(size(Number::Float(0.0125)), "0.0125");
        assert_eq!(size(Number::Unsigned(0)), "0");
    }

    #[test]
    fn times_in_utc() {
        assert_eq!(utc(Timestamp::from_seconds(1_381_152_600)), "2013-10-07 13:30:00");
        assert_eq!(utc(Timestamp::from_seconds(951_782_400)), "2000-02-29 00:00:00");
        assert_eq!(utc(Timestamp::from_seconds(-1)), "1969-12-31 23:59:59");
    }

    #[test]
    fn ages() {
        assert_eq!(
            (age(0), age(20), age(150), age(7_300)),
            ("now".into(), "20 s".into(), "2 min".into(), "2 h".into())
        );
    }
}
