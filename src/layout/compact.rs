//! Indicators in an address: `ema.20,bollinger.20.2_5`. A key, then its parameters in order; an
//! underscore stands for the decimal point. Colours and widths stay at home.

use std::fmt::Write as _;

use wickwire_market::indicator::{StudyKind, StudySpec};
use wickwire_proto::json::Json;

use super::MAX_STUDIES;

/// Writes indicators.
#[must_use]
pub fn write(specs: &[StudySpec]) -> String {
    let mut out = String::new();
    for spec in specs.iter().take(MAX_STUDIES) {
        if !out.is_empty() {
            out.push(',');
        }
        out.push_str(spec.kind.key());
        for value in spec.values() {
            // Whole numbers and tenths are all there are.
            let tenths = (value * 10.0).round() as u64;
            let _ = write!(out, ".{}", tenths / 10);
            if !tenths.is_multiple_of(10) {
                let _ = write!(out, "_{}", tenths % 10);
            }
        }
    }
    out
}

/// Reads indicators, at most [`MAX_STUDIES`]. Unknown ones are left out, parameters that are absent
/// or no numbers have their defaults, and numbers are brought into their ranges.
#[must_use]
pub fn read(text: &str) -> Vec<StudySpec> {
    let spec = |item: &str| {
        let mut parts = item.split('.');
        let mut spec = StudySpec::new(StudyKind::from_key(parts.next()?)?);
        for (i, part) in parts.take(spec.values().len()).enumerate() {
            if let Some(value) = Json::parse(&part.replace('_', ".")).ok().and_then(|json| json.number()) {
                spec = spec.with(i, value);
            }
        }
        Some(spec)
    };
    text.split(',').filter_map(spec).take(MAX_STUDIES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_round_trips() {
        let specs: Vec<_> = StudyKind::ALL.into_iter().map(StudySpec::new).collect();
        let text = write(&specs);
        assert!(text.starts_with("sma.20,ema.20,wma.20,vwap,bollinger.20.2,keltner.20.2.10,"), "{text}");
        assert_eq!(read(&text), specs);
        let odd = [StudySpec::new(StudyKind::Bollinger).with(0, 7.0).with(1, 2.5)];
        assert_eq!(write(&odd), "bollinger.7.2_5");
        assert_eq!(read(&write(&odd)), odd);
    }

    #[test]
    fn nonsense_is_left_out_and_numbers_are_brought_into_range() {
        let one = |text: &str| read(text).first().map(|spec| spec.values().to_vec());
        assert_eq!(one("rsi"), Some(vec![14.0]), "defaults");
        assert_eq!(one("rsi.x"), Some(vec![14.0]));
        assert_eq!(one("rsi.inf"), Some(vec![14.0]));
        assert_eq!(one("rsi.1e9"), Some(vec![5_000.0]));
        assert_eq!(one("rsi.-3.7.9.9.9"), Some(vec![1.0]));
        assert_eq!(read("evil,,.,<b>.1,RSI.14,🙂"), []);
        assert_eq!(read(""), []);
        assert_eq!(read(&"ema.20,".repeat(500)).len(), MAX_STUDIES);
    }
}
