//! Every indicator as the page draws it, from a series to the picture, compared with those in
//! `tests/golden`. `WICKWIRE_BLESS=1 cargo test -p wickwire --test studies` writes them anew; look at
//! them before they are committed.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use plotters_backend::DrawingBackend;
use plotters_svg::SVGBackend;
use wickwire::layout::Layout;
use wickwire::layout::study::LINE_TOKENS;
use wickwire::panels::chart::bars::SeriesBars;
use wickwire::panels::chart::studies::Studies;
use wickwire_chart::chart::Options;
use wickwire_chart::model::marks::Show;
use wickwire_chart::{Change, Chart, Color, Content, Plotters, Style, Theme};
use wickwire_market::indicator::{Placement, StudyKind, StudySpec};
use wickwire_market::{Bar, InstrumentClass, Series, Timeframe};
use wickwire_proto::time::Timestamp;

/// What the SVG backend of plotters divides text sizes by.
const SVG_TEXT: f64 = 1.24;
/// Bars of the series, in two sessions of New York.
const BARS: i64 = 32;
/// 2013-10-07 19:44 UTC: the first session ends after half of the bars.
const FIRST: i64 = 1_381_175_040;
/// From one session's last bar to the next one's first: 20:00 to 13:30.
const NIGHT: i64 = 17 * 3_600 + 1_800;

/// The indicator after `kind`. A new one does not compile until it is here, and is then missed in
/// [`StudyKind::ALL`], of which the pictures are, until it is there.
const fn next(kind: StudyKind) -> Option<StudyKind> {
    match kind {
        StudyKind::Sma => Some(StudyKind::Ema),
        StudyKind::Ema => Some(StudyKind::Wma),
        StudyKind::Wma => Some(StudyKind::Vwap),
        StudyKind::Vwap => Some(StudyKind::Bollinger),
        StudyKind::Bollinger => Some(StudyKind::Keltner),
        StudyKind::Keltner => Some(StudyKind::Donchian),
        StudyKind::Donchian => Some(StudyKind::Rsi),
        StudyKind::Rsi => Some(StudyKind::Macd),
        StudyKind::Macd => Some(StudyKind::Stochastic),
        StudyKind::Stochastic => Some(StudyKind::Atr),
        StudyKind::Atr => Some(StudyKind::Adx),
        StudyKind::Adx => Some(StudyKind::Obv),
        StudyKind::Obv => Some(StudyKind::Cvd),
        StudyKind::Cvd => None,
    }
}

fn color(hex: &str) -> Color {
    Color::parse(hex).unwrap()
}

/// The lines' colours in the dark theme.
fn token(name: &str) -> Option<Color> {
    let at = LINE_TOKENS.iter().position(|token| *token == name)?;
    Some(color(["#f2b84b", "#b48cff", "#f472b6", "#38bdf8"][at]))
}

fn theme() -> Theme {
    Theme {
        ground: color("#0e1117"),
        grid: color("#1c212b"),
        border: color("#262d3a"),
        text: color("#e6e9ef"),
        secondary: color("#a6adbb"),
        muted: color("#7d8698"),
        up: color("#26a69a"),
        down: color("#ef5350"),
        accent: color("#4aa8ff"),
    }
}

/// A walk that is the same at every run, in cents.
fn series() -> Series {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 33) % below) as i64
    };
    let mut series = Series::new(100);
    let mut at = 18_150;
    for i in 0..BARS {
        let (open, close) = (at, at + random(21) - 10);
        let (high, low) = (open.max(close) + random(8), open.min(close) - random(8));
        at = close;
        let volume = 1_000 + random(50_000);
        let price = |cents: i64| cents as f64 / 100.0;
        series.put(&Bar {
            time: Timestamp::from_seconds(FIRST + i * 60 + if i < BARS / 2 { 0 } else { NIGHT }),
            open: price(open),
            high: price(high),
            low: price(low),
            close: price(close),
            volume: volume as f64,
            delta: Some((random(2 * volume as u64) - volume) as f64),
            ..Bar::default()
        });
    }
    series
}

/// The indicator with look-backs that fit into so few bars.
fn short(kind: StudyKind) -> StudySpec {
    kind.params().iter().enumerate().fold(StudySpec::new(kind), |spec, (i, param)| {
        if param.step < 1.0 { spec } else { spec.with(i, (param.default / 3.0).max(2.0)) }
    })
}

fn picture(kind: StudyKind) -> String {
    let mut layout = Layout::default();
    let id = layout.add(short(kind)).unwrap();
    layout.study_mut(id).unwrap().set_weight(1.0);
    let series = series();
    let mut studies = Studies::default();
    studies.take_colored(&layout, InstrumentClass::Stock, token);
    studies.update(&series);

    let mut chart = Chart::new(theme(), Options { interval_ns: Timeframe::Min1.nanos(), decimals: 2 });
    let show = Show { volume: false, extremes: false, news: false, ..Show::default() };
    chart.set_style(Style { show, ..Style::default() });
    chart.set_panes(studies.panes());
    let height = if kind.placement() == Placement::Price { 160 } else { 240 };
    chart.resize(300, height, 1.0);
    let (columns, count) = studies.columns();
    assert_eq!(count, kind.outputs().len());
    let bars = SeriesBars(&series);
    let content = Content { values: &columns[..count], ..Content::bars(&bars) };
    chart.sync(&content, &Change::all());
    chart.show(0, BARS as usize - 1);

    let mut svg = String::new();
    let mut backend = SVGBackend::with_string(&mut svg, (300, height as u32));
    let mut surface = Plotters::new(&mut backend).text_scale(SVG_TEXT);
    chart.paint_flat(&content, &mut surface).unwrap();
    backend.present().unwrap();
    drop(backend);
    svg
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

#[test]
fn every_indicator_has_its_picture() {
    for kind in StudyKind::ALL {
        let svg = picture(kind);
        let path = folder().join(format!("{}.svg", kind.key()));
        if std::env::var_os("WICKWIRE_BLESS").is_some() {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&path, &svg).unwrap();
        }
        let golden = std::fs::read_to_string(&path)
            .unwrap_or_else(|_| panic!("{} is missing; write it with WICKWIRE_BLESS=1", path.display()));
        let changed = golden.lines().zip(svg.lines()).position(|(a, b)| a != b);
        assert!(golden == svg, "{}: the picture changed at line {changed:?}", kind.name());
    }
}

#[test]
fn the_pictures_differ_and_leave_out_no_indicator() {
    assert!(std::iter::successors(Some(StudyKind::Sma), |kind| next(*kind)).eq(StudyKind::ALL));
    let pictures: BTreeSet<String> = StudyKind::ALL.into_iter().map(picture).collect();
    assert_eq!(pictures.len(), StudyKind::ALL.len());
}
