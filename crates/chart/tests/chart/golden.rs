//! Pictures, compared with those in `tests/golden`. `WICKWIRE_BLESS=1 cargo test -p wickwire-chart`
//! writes them anew; look at them before they are committed.

use std::path::PathBuf;

use plotters_backend::DrawingBackend;
use plotters_svg::SVGBackend;
use wickwire_chart::spread::{self, Sample, SpreadOptions};
use wickwire_chart::{Chart, Columns, Content, Flags, Plotters};

use super::support::{MINUTE, NewYork, OPENING, chart, columns, dark, light, sessions, sync, walk};

/// What the SVG backend of plotters divides text sizes by.
const SVG_TEXT: f64 = 1.24;

fn check(name: &str, svg: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.svg"));
    if std::env::var_os("WICKWIRE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, svg).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} is missing; write it with WICKWIRE_BLESS=1", path.display()));
    if golden != svg {
        let line = golden.lines().zip(svg.lines()).position(|(a, b)| a != b).unwrap_or(0);
        panic!(
            "{name}: the picture changed from line {}:\n  golden {}\n  now    {}",
            line + 1,
            golden.lines().nth(line).unwrap_or(""),
            svg.lines().nth(line).unwrap_or(""),
        );
    }
}

fn picture(name: &str, chart: &mut Chart, bars: &Columns) {
    let size = chart.layout().all;
    let mut svg = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut svg, (size.w as u32, size.h as u32));
        let mut surface = Plotters::new(&mut backend).text_scale(SVG_TEXT);
        sync(chart, bars);
        chart.paint_flat(&Content::bars(bars), &mut surface).unwrap();
        backend.present().unwrap();
    }
    check(name, &svg);
}

#[test]
fn candles_dark() {
    picture("candles-dark", &mut chart(800, 450, 1.0, 2), &columns(&walk(200, 181.5, 0.01)));
}

#[test]
fn candles_light_at_two_device_pixels() {
    let mut chart = chart(1000, 600, 2.0, 2);
    chart.set_theme(light());
    picture("candles-light-2x", &mut chart, &columns(&walk(200, 181.5, 0.01)));
}

#[test]
fn crosshair() {
    let bars = columns(&walk(200, 181.5, 0.01));
    let mut chart = chart(800, 450, 1.0, 2);
    chart.point(Some((301, 140)));
    picture("crosshair", &mut chart, &bars);
}

#[test]
fn no_bars() {
    picture("no-bars", &mut chart(400, 240, 1.0, 2), &Columns::default());
}

#[test]
fn one_bar() {
    picture("one-bar", &mut chart(400, 240, 1.0, 2), &columns(&walk(1, 181.5, 0.01)));
}

#[test]
fn equal_prices() {
    let mut bars = walk(30, 181.5, 0.01);
    for bar in &mut bars {
        (bar.open, bar.high, bar.low, bar.close) = (181.5, 181.5, 181.5, 181.5);
    }
    picture("equal-prices", &mut chart(400, 240, 1.0, 2), &columns(&bars));
}

#[test]
fn gaps_and_blank_bars() {
    let mut bars = walk(40, 181.5, 0.01);
    bars[15].flags = Flags::GAP_BEFORE;
    bars[30].flags = Flags::GAP_BEFORE;
    bars[22].close = f64::NAN;
    picture("gaps", &mut chart(400, 240, 1.0, 2), &columns(&bars));
}

#[test]
fn huge_prices() {
    picture("huge-prices", &mut chart(400, 240, 1.0, 2), &columns(&walk(40, 9.5e12, 2.5e9)));
}

#[test]
fn tiny_prices() {
    picture("tiny-prices", &mut chart(400, 240, 1.0, 8), &columns(&walk(40, 0.000_012_34, 0.000_000_01)));
}

#[test]
fn no_volume() {
    let mut bars = walk(40, 181.5, 0.01);
    for bar in &mut bars {
        bar.volume = 0.0;
    }
    picture("no-volume", &mut chart(400, 240, 1.0, 2), &columns(&bars));
}

#[test]
fn one_pixel_a_bar() {
    let bars = columns(&sessions(2, 390));
    let mut chart = chart(600, 300, 1.0, 2);
    sync(&mut chart, &bars);
    chart.show(300, 300 + chart.layout().plot.w as usize - 1);
    picture("one-pixel-a-bar", &mut chart, &bars);
}

#[test]
fn many_bars_a_pixel() {
    let bars = columns(&sessions(12, 390));
    let mut chart = chart(400, 240, 1.0, 2);
    sync(&mut chart, &bars);
    chart.show(0, 12 * 390 - 1);
    picture("many-bars-a-pixel", &mut chart, &bars);
}

#[test]
fn session_breaks() {
    let mut bars = sessions(3, 78);
    for (i, bar) in bars.iter_mut().enumerate() {
        let (day, bucket) = ((i / 78) as i64, (i % 78) as i64);
        bar.time_ns = OPENING + day * 24 * 60 * MINUTE + bucket * 5 * MINUTE;
    }
    let mut chart = chart(900, 300, 1.0, 2);
    chart.change_series(wickwire_chart::Options { interval_ns: 5 * MINUTE, decimals: 2 });
    let bars = columns(&bars);
    sync(&mut chart, &bars);
    chart.show(0, 3 * 78 - 1);
    picture("session-breaks", &mut chart, &bars);
}

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
    for (name, theme, ratio, size) in
        [("spread-dark", dark(), 1.0, (300, 160)), ("spread-light-2x", light(), 2.0, (600, 320))]
    {
        let options = SpreadOptions { theme, ratio, decimals: 2, zone: &NewYork, face: "sans-serif" };
        let mut svg = String::new();
        spread::draw(SVGBackend::with_string(&mut svg, size), &quotes(), &options).unwrap();
        check(name, &svg);
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
