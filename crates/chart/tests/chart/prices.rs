//! Prices as text, beside the standard library's.

use proptest::prelude::*;
use wickwire_chart::format::{MAX_DECIMALS, decimals_of, exact_price, has_decimals};

fn exact(price: f64, decimals: usize) -> String {
    let mut out = String::new();
    exact_price(&mut out, price, decimals);
    out.replace('\u{2212}', "-")
}

/// Decimals of the shortest text that reads back as the same number.
fn shortest(price: f64) -> usize {
    price.to_string().split_once('.').map_or(0, |(_, behind)| behind.len())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4_096, ..ProptestConfig::default() })]

    #[test]
    fn prices_as_markets_write_them_are_written_so(
        units in -999_999_999_999_999_i64..1_000_000_000_000_000,
        size in 0..15_u32,
        decimals in 0..=MAX_DECIMALS,
        least in 0..6_usize,
    ) {
        let units = units / 10_i64.pow(size);
        let price: f64 = format!("{units}e-{decimals}").parse().unwrap();
        let own = shortest(price);
        prop_assert_eq!(decimals_of(price), own);
        for decimals in 0..=MAX_DECIMALS {
            prop_assert_eq!(has_decimals(price, decimals), decimals >= own, "{} {}", price, decimals);
        }
        let text = exact(price, least);
        prop_assert_eq!(text.parse::<f64>(), Ok(price));
        let point = if own == 0 && least > 0 { "." } else { "" };
        prop_assert_eq!(text, format!("{price}{point}{}", "0".repeat(least.saturating_sub(own))));
    }

    #[test]
    fn any_number_reads_back_as_itself(bits in any::<u64>(), least in 0..6_usize) {
        let price = f64::from_bits(bits);
        prop_assume!(price.is_finite());
        prop_assert_eq!(exact(price, least).parse::<f64>(), Ok(price));
        if (1e-15..1e15).contains(&price.abs()) {
            let (own, text) = (shortest(price), price.to_string());
            let point = if own == 0 && least > 0 { "." } else { "" };
            prop_assert_eq!(exact(price, least), format!("{text}{point}{}", "0".repeat(least.saturating_sub(own))));
        }
        prop_assert!(decimals_of(price) <= MAX_DECIMALS);
        prop_assert_eq!(has_decimals(price, 0), price.fract() == 0.0);
    }

    #[test]
    fn averages_are_written_in_full(price in 0.0001..1e6_f64) {
        let text = exact(price, 2);
        prop_assert_eq!(text.parse::<f64>(), Ok(price));
        prop_assert_eq!(text, if shortest(price) < 2 { format!("{price:.2}") } else { price.to_string() });
    }
}
