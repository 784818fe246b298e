//! Bid, ask and spread over time.

use plotters_svg::SVGBackend;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::spread::{self, Sample, SpreadOptions};

use super::super::support::{NewYork, OPENING, dark, light, walk};
use super::check;

fn quotes() -> Vec<Sample> {
    walk(300, 181.5, 0.01)
        .iter()
        .enumerate()
        .map(|(i, bar)| Sample {
            time_ns: OPENING + i as i64 * 700_000_000,
            // A side without a quote for a while.
            bid: (!(120..140).contains(&i)).then_some(bar.close - 0.01),
            ask: Some(bar.close + 0.01 * (1 + i % 4) as f64),
        })
        .collect()
}

#[test]
fn spread_over_time() {
    for (golden, theme, ratio, size) in [
        (golden!("spread-dark"), dark(), 1.0, (300, 160)),
        (golden!("spread-light-2x"), light(), 2.0, (600, 320)),
    ] {
        let options = SpreadOptions { theme, ratio, decimals: 2, zone: &NewYork, face: "sans-serif" };
        let mut svg = String::new();
        spread::draw(SVGBackend::with_string(&mut svg, size), &quotes(), &options).unwrap();
        check(&golden, &svg);
    }
}

#[test]
fn spread_without_quotes_or_room() {
    let options =
        SpreadOptions { theme: dark(), ratio: 1.0, decimals: 2, zone: &NewYork, face: "sans-serif" };
    for (size, samples) in
        [((300, 160), Vec::new()), ((9, 9), quotes()), ((300, 160), quotes()[..1].to_vec())]
    {
        let mut svg = String::new();
        spread::draw(SVGBackend::with_string(&mut svg, size), &samples, &options).unwrap();
        assert!(svg.ends_with("</svg>\n"));
    }
}
