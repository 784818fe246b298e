//! Bid, ask and spread over time.

use plotters_backend::DrawingBackend as _;
use plotters_svg::SVGBackend;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_chart::Plotters;
use wickwire_chart::spread::{self, Sample, SpreadOptions};

use super::super::support::{NewYork, OPENING, dark, light, walk};
use super::{SVG_TEXT, check};

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

fn drawn((width, height): (u32, u32), samples: &[Sample], options: &SpreadOptions<'_>) -> String {
    let mut svg = String::new();
    let mut backend = SVGBackend::with_string(&mut svg, (width, height));
    let mut surface = Plotters::new(&mut backend).text_scale(SVG_TEXT);
    spread::draw(&mut surface, (width as i32, height as i32), samples, options).unwrap();
    backend.present().unwrap();
    drop(backend);
    svg
}

#[test]
fn spread_over_time() {
    for (golden, theme, ratio, size) in [
        (golden!("spread-dark"), dark(), 1.0, (300, 160)),
        (golden!("spread-light-2x"), light(), 2.0, (600, 320)),
    ] {
        let options = SpreadOptions { theme, ratio, decimals: 2, zone: &NewYork };
        let svg = drawn(size, &quotes(), &options);
        check(&golden, &svg);
    }
}

#[test]
fn spread_without_quotes_or_room() {
    let options = SpreadOptions { theme: dark(), ratio: 1.0, decimals: 2, zone: &NewYork };
    for (size, samples) in
        [((300, 160), Vec::new()), ((9, 9), quotes()), ((300, 160), quotes()[..1].to_vec())]
    {
        let svg = drawn(size, &samples, &options);
        assert!(svg.ends_with("</svg>\n"));
    }
}

#[test]
fn labels_are_inside_and_apart_whatever_the_width() {
    for (ratio, width) in [1.0, 2.0].into_iter().flat_map(|ratio| (70..400).map(move |width| (ratio, width)))
    {
        let options = SpreadOptions { theme: dark(), ratio, decimals: 2, zone: &NewYork };
        let size = ((f64::from(width) * ratio) as u32, (160.0 * ratio) as u32);
        let svg = drawn(size, &quotes(), &options);
        let mut lines: Vec<(i32, Vec<(f64, f64)>)> = Vec::new();
        for text in svg.split("<text ").skip(1) {
            let attribute = |name: &str| {
                let from = text.split_once(&format!("{name}=\"")).unwrap().1;
                from.split_once('"').unwrap().0
            };
            let (x, y): (f64, i32) = (attribute("x").parse().unwrap(), attribute("y").parse().unwrap());
            let said = text.split_once(">\n").unwrap().1.split_once('\n').unwrap().0;
            let wide = said.len() as f64 * 0.6 * 11.0 * ratio;
            let left = if attribute("text-anchor") == "end" { x - wide } else { x };
            assert!(left >= 5.0 && left + wide <= f64::from(size.0), "{said:?} of {width} px at {left}");
            match lines.iter_mut().find(|line| line.0 == y) {
                Some(line) => line.1.push((left, left + wide)),
                None => lines.push((y, vec![(left, left + wide)])),
            }
        }
        for (y, mut line) in lines {
            line.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert!(line.windows(2).all(|pair| pair[0].1 < pair[1].0), "{line:?} at {y} of {width} px");
        }
    }
}
