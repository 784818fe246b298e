//! Numbers and times as text.

use std::fmt::Write as _;

use crate::model::civil::{Civil, DAY};
use crate::model::zone::{Zone, local_seconds};

/// Most decimals looked for when telling the tick size from prices.
pub const MAX_DECIMALS: usize = 9;
/// Prices above this, or nonzero ones below its inverse, are written with an exponent.
const PLAIN_LIMIT: f64 = 1e15;
/// Numbers below this have no more digits than a `f64` tells apart.
const EXACT_UNITS: f64 = 1e15;
/// A true minus sign, as wide as a digit.
const MINUS: &str = "\u{2212}";
/// Powers of ten by the decimals they stand for.
const POWERS: [f64; MAX_DECIMALS + 1] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const NANOS: i64 = 1_000_000_000;

/// Appends `price` exactly as received: the shortest text that reads back as the same number,
/// padded with zeros to at least `decimals`. Never rounded. The minus sign is U+2212.
pub fn exact_price(out: &mut String, price: f64, decimals: usize) {
    let start = out.len();
    if price != 0.0 && !(1.0 / PLAIN_LIMIT..PLAIN_LIMIT).contains(&price.abs()) {
        let _ = write!(out, "{price:e}");
        minus(out, start);
        return;
    }
    let told = (0..=MAX_DECIMALS).find_map(|own| Some((units(price, own)?, own)));
    let own = if let Some((whole, own)) = told {
        if whole < 0.0 {
            out.push_str(MINUS);
        }
        let (digits, mut power) = (whole.abs() as u64, 10_u64.pow(own as u32));
        let _ = write!(out, "{}", digits / power);
        if own > 0 {
            out.push('.');
        }
        for _ in 0..own {
            power /= 10;
            out.push(char::from(b'0' + (digits / power % 10) as u8));
        }
        own
    } else {
        // Of more digits than prices have.
        let _ = write!(out, "{price}");
        minus(out, start);
        let written = out.get(start..).unwrap_or_default();
        written.find('.').map_or(0, |point| written.len() - point - 1)
    };
    if price.is_finite() && own < decimals {
        if own == 0 {
            out.push('.');
        }
        out.extend(std::iter::repeat_n('0', decimals - own));
    }
}

/// Appends `price` rounded to `decimals`: for prices of ours, such as the one under the pointer.
pub fn rounded_price(out: &mut String, price: f64, decimals: usize) {
    let start = out.len();
    if price.abs() >= PLAIN_LIMIT {
        let _ = write!(out, "{price:.3e}");
    } else {
        let _ = write!(out, "{price:.decimals$}");
    }
    minus(out, start);
}

fn minus(out: &mut String, start: usize) {
    let Some(digits) = out.get(start..).and_then(|text| text.strip_prefix('-')) else { return };
    // Zero has no sign.
    let sign = if digits.bytes().all(|byte| matches!(byte, b'0' | b'.')) { "" } else { MINUS };
    out.replace_range(start..=start, sign);
}

/// How many decimals the shortest text of `price` has, at most [`MAX_DECIMALS`]; so many, too, if it has more
/// than 15 digits in all, as averages do, and none if it is no number.
#[must_use]
pub fn decimals_of(price: f64) -> usize {
    let finite = price.is_finite();
    (0..MAX_DECIMALS).find(|decimals| !finite || has_decimals(price, *decimals)).unwrap_or(MAX_DECIMALS)
}

/// Whether `price` is told in full by so many decimals, or is no number. By arithmetic, since a chart asks
/// it of hundreds of prices with each new bar, and text takes ten times as long.
#[must_use]
pub fn has_decimals(price: f64, decimals: usize) -> bool {
    // Of a number too great to be told by so many, fewer may tell all.
    let told = || (0..=decimals).rev().any(|decimals| units(price, decimals).is_some());
    decimals >= MAX_DECIMALS || !price.is_finite() || told()
}

/// How many units of the last of so many decimals `price` is, if it is a whole number of them.
fn units(price: f64, decimals: usize) -> Option<f64> {
    let power = POWERS.get(decimals)?;
    let units = (price * power).round_ties_even();
    // Both are exact below the limit, so that this quotient is the number nearest to the text, and
    // no other text of so few digits has the same.
    ((units.abs() < EXACT_UNITS || decimals == 0) && units / power == price).then_some(units)
}

/// How all values of one axis are written: in one unit and with the same decimals, so that labels
/// can be compared at a glance and none is rounded to its neighbour's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Digits {
    decimals: usize,
    /// Index in [`UNITS`].
    unit: usize,
}

/// Units of great values, by powers of a thousand.
const UNITS: [(f64, &str); 5] = [(1.0, ""), (1e3, "K"), (1e6, "M"), (1e9, "B"), (1e12, "T")];
/// From here on values are written with a unit.
const UNIT_FROM: f64 = 10_000.0;

impl Digits {
    /// For values of which the last digit that matters is worth 10 to the power of `finest`, and the
    /// greatest is `largest`.
    #[must_use]
    pub fn new(finest: i32, largest: f64) -> Self {
        let largest = largest.abs();
        let unit = UNITS.iter().rposition(|(size, _)| largest >= size.max(UNIT_FROM)).unwrap_or(0);
        let decimals = usize::try_from(3 * unit as i32 - finest).unwrap_or(0).min(MAX_DECIMALS);
        Self { decimals, unit }
    }

    /// With one digit more, for values between two labels, and with `least` decimals at least where
    /// there is no unit.
    #[must_use]
    pub fn finer(self, least: usize) -> Self {
        let least = if self.unit == 0 { least } else { 0 };
        Self { decimals: (self.decimals + 1).max(least).min(MAX_DECIMALS), ..self }
    }

    /// Decimals written.
    #[must_use]
    pub const fn decimals(self) -> usize {
        self.decimals
    }

    /// Appends `value`.
    pub fn write(self, out: &mut String, value: f64) {
        let (size, name) = UNITS.get(self.unit).copied().unwrap_or((1.0, ""));
        rounded_price(out, value / size, self.decimals);
        out.push_str(name);
    }
}

/// Appends a size shortened to three figures and a unit: `950`, `1.2K`, `34.5M`, `0.0123`.
pub fn short_volume(out: &mut String, volume: f64) {
    let size = volume.abs();
    let (value, unit) = match size {
        s if s >= 999.5e9 => (volume / 1e12, "T"),
        s if s >= 999.5e6 => (volume / 1e9, "B"),
        s if s >= 999.5e3 => (volume / 1e6, "M"),
        s if s >= 999.5 => (volume / 1e3, "K"),
        _ => (volume, ""),
    };
    let figures = match value.abs() {
        v if v >= 99.95 => 0,
        v if v >= 9.995 => 1,
        v if v >= 0.9995 || v == 0.0 => 2,
        v => (2.0 - v.log10().floor()).clamp(0.0, 9.0) as usize,
    };
    let start = out.len();
    let _ = write!(out, "{value:.figures$}");
    if figures > 0 {
        let kept = out.trim_end_matches('0').trim_end_matches('.').len();
        out.truncate(kept.max(start + 1));
    }
    out.push_str(unit);
    minus(out, start);
}

/// Appends the wall-clock time of a bar in `zone`, as much of it as a bar of `interval_ns` needs:
/// `2013-10-07`, `2013-10-07 09:31 EDT`, `2013-10-07 09:31:05 EDT`.
pub fn bar_time(out: &mut String, time_ns: i64, zone: &dyn Zone, interval_ns: i64) {
    let utc = time_ns.div_euclid(NANOS);
    let at = Civil::from_seconds(local_seconds(zone, utc));
    let _ = write!(out, "{:04}-{:02}-{:02}", at.year, at.month, at.day);
    if interval_ns >= DAY * NANOS {
        return;
    }
    let _ = write!(out, " {:02}:{:02}", at.hour, at.minute);
    if interval_ns < 60 * NANOS {
        let _ = write!(out, ":{:02}", at.second);
    }
    let _ = write!(out, " {}", zone.abbreviation(utc));
}

/// Appends the time until a bar is over: `00:42`, `1:02:30`, `2d 03h`.
pub fn countdown(out: &mut String, seconds: u32) {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let _ = match (days, hours) {
        (0, 0) => write!(out, "{minutes:02}:{:02}", seconds % 60),
        (0, _) => write!(out, "{hours}:{minutes:02}:{:02}", seconds % 60),
        _ => write!(out, "{days}d {hours:02}h"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::zone::Utc;

    fn text(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn prices_are_exact_and_padded() {
        let exact = |p| text(|out| exact_price(out, p, 2));
        assert_eq!(exact(181.5), "181.50");
        assert_eq!(exact(181.0), "181.00");
        assert_eq!(exact(181.4567), "181.4567");
        assert_eq!(exact(0.1 + 0.2), "0.30000000000000004");
        assert_eq!(exact(-3.25), "\u{2212}3.25");
        assert_eq!(exact(1e300), "1e300");
        assert_eq!(exact(2e-20), "2e-20");
        assert_eq!(exact(f64::NAN), "NaN");
        assert_eq!(text(|out| exact_price(out, 7.0, 0)), "7");
    }

    #[test]
    fn decimals_are_told_from_prices() {
        assert_eq!([181.5, 181.25, 7.0, 0.00012345, f64::NAN].map(decimals_of), [1, 2, 0, 8, 0]);
        assert_eq!(decimals_of(0.1 + 0.2), MAX_DECIMALS);
    }

    #[test]
    fn an_axis_has_one_unit_and_no_label_twice() {
        let all = |finest, largest, values: &[f64]| {
            let digits = Digits::new(finest, largest);
            values.iter().map(|value| text(|out| digits.write(out, *value))).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(all(1, 100.0, &[0.0, 50.0, 100.0]), "0 50 100");
        assert_eq!(all(-2, 1.0, &[-0.25, 0.0, 0.25]), "\u{2212}0.25 0.00 0.25");
        assert_eq!(all(2, 1_235_000.0, &[1_234_000.0, 1_234_500.0]), "1.2340M 1.2345M");
        assert_eq!(all(5, 2e6, &[0.0, 5e5, 2e6]), "0.0M 0.5M 2.0M");
        assert_eq!(all(3, 12_000.0, &[9_000.0, 12_000.0]), "9K 12K");
        let finer = Digits::new(1, 100.0).finer(2);
        assert_eq!(text(|out| finer.write(out, 53.456)), "53.46");
        assert_eq!(text(|out| Digits::new(4, 3e6).finer(2).write(out, 2_345_678.0)), "2.346M");
        assert_eq!(text(|out| rounded_price(out, -0.001, 2)), "0.00");
    }

    #[test]
    fn volumes_are_short() {
        let short = |v| text(|out| short_volume(out, v));
        let all = [0.0, 5.0, 950.0, 999.6, 1_200.0, 34_512_000.0, 999_600.0, 2e9, 0.012_345, 1.5];
        let want = ["0", "5", "950", "1K", "1.2K", "34.5M", "1M", "2B", "0.0123", "1.5"];
        assert_eq!(all.map(short), want);
    }

    #[test]
    fn countdowns() {
        let left = |seconds| text(|out| countdown(out, seconds));
        assert_eq!(
            [0, 42, 3_599, 3_750, 190_000].map(left),
            ["00:00", "00:42", "59:59", "1:02:30", "2d 04h"]
        );
    }

    #[test]
    fn times_say_their_zone() {
        let at = |interval| text(|out| bar_time(out, 1_381_152_660_000_000_000, &Utc, interval * NANOS));
        assert_eq!(at(60), "2013-10-07 13:31 UTC");
        assert_eq!(at(1), "2013-10-07 13:31:00 UTC");
        assert_eq!(at(DAY), "2013-10-07");
    }
}
