//! Our canvas backend beside that of plotters, on the same drawings.
//!
//! Tolerance: on average a channel differs by less than [`MEAN`] of 255, and at most [`PIXELS`] of
//! the pixels differ by more than [`VISIBLE`] in a channel. Filled rectangles must be equal; what
//! differs is the weight of bold text, and lines on half pixels.

use plotters::prelude::{
    ChartBuilder, Circle, Color as _, IntoDrawingArea, IntoFont, LineSeries, PathElement, RED, RGBAColor,
    Rectangle, Text, WHITE,
};
use plotters_backend::DrawingBackend;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use wickwire::canvas::{Context, DIGITS_FACE};
use wickwire_chart::chart::Options;
use wickwire_chart::model::bars::Bar;
use wickwire_chart::render::surface::estimated_width;
use wickwire_chart::spread::{self, Sample, SpreadOptions};
use wickwire_chart::{
    Anchor, Change, Chart, Color, Columns, Content, Font, Plotters, Rect, Surface, Theme, Utc,
};

use crate::support::document;

/// Greatest mean difference of a channel, of 255.
const MEAN: f64 = 1.5;
/// A difference of a channel that can be seen.
const VISIBLE: u8 = 48;
/// Greatest part of pixels that differ visibly.
const PIXELS: f64 = 0.01;

fn canvas(width: u32, height: u32) -> HtmlCanvasElement {
    let canvas: HtmlCanvasElement = document().create_element("canvas").unwrap().unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    canvas
}

fn pixels(canvas: &HtmlCanvasElement) -> Vec<u8> {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").unwrap().unwrap().unchecked_into();
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.get_image_data(0.0, 0.0, width, height).unwrap().data().to_vec()
}

/// Mean difference of a channel, and the part of pixels that differ visibly.
fn difference(a: &[u8], b: &[u8]) -> (f64, f64) {
    assert_eq!(a.len(), b.len());
    let sum: u64 = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    let seen = a.chunks_exact(4).zip(b.chunks_exact(4));
    let seen = seen.filter(|(a, b)| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > VISIBLE)).count();
    (sum as f64 / a.len() as f64, seen as f64 / (a.len() / 4) as f64)
}

/// Draws the same on two canvases and compares.
fn compare(
    name: &str,
    (width, height): (u32, u32),
    ours: impl FnOnce(Context),
    theirs: impl FnOnce(CanvasBackend),
) {
    let (a, b) = (canvas(width, height), canvas(width, height));
    ours(Context::new(a.clone(), false).unwrap());
    theirs(CanvasBackend::with_canvas_object(b.clone()).unwrap());
    let (a, b) = (pixels(&a), pixels(&b));
    let (mean, part) = difference(&a, &b);
    console_log!("{name}: mean difference {mean:.3} of 255, {:.3} % of pixels visibly", part * 100.0);
    let painted = a.chunks_exact(4).filter(|pixel| *pixel != &a[..4]).count();
    assert!(painted * 50 > a.len() / 4, "{name}: hardly anything was drawn");
    assert!(mean <= MEAN, "{name}: mean difference {mean}");
    assert!(part <= PIXELS, "{name}: {part} of the pixels differ");
}

/// A surface without its texts, and with estimated text widths, which decide the layout.
struct Marks<S>(S);

impl<S: Surface> Surface for Marks<S> {
    type Error = S::Error;

    fn clear_rects(&mut self, rects: &[Rect]) -> Result<(), S::Error> {
        self.0.clear_rects(rects)
    }

    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), S::Error> {
        self.0.fill_rects(color, rects)
    }

    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), S::Error> {
        self.0.stroke(color, width, points)
    }

    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), S::Error> {
        self.0.fill_areas(color, points)
    }

    fn text(&mut self, _: &str, _: (i32, i32), _: Anchor, _: Font, _: Color) -> Result<(), S::Error> {
        Ok(())
    }

    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        estimated_width(text, font)
    }
}

fn theme() -> Theme {
    let color = |text| Color::parse(text).unwrap();
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

fn bars(count: usize) -> Columns {
    let mut price = 181.5;
    (0..count)
        .map(|i| {
            let open: f64 = price;
            price += f64::from((i * 7_919 % 41) as u32) / 100.0 - 0.2;
            Bar {
                time_ns: 1_381_152_600_000_000_000 + i as i64 * 60_000_000_000,
                open,
                high: open.max(price) + 0.06,
                low: open.min(price) - 0.05,
                close: price,
                volume: f64::from((i * 104_729 % 5_000) as u32),
                ..Bar::default()
            }
        })
        .collect()
}

fn chart(width: i32, height: i32, ratio: f64) -> Chart {
    let mut chart = Chart::new(theme(), Options::default());
    chart.resize(width, height, ratio);
    chart.point(Some((210, 120)));
    chart
}

fn flat<S: Surface<Error: std::fmt::Debug>>(mut chart: Chart, bars: &Columns, surface: &mut S) {
    let content = Content::bars(bars);
    chart.sync(&content, &Change::all());
    chart.paint_flat(&content, surface).unwrap();
}

#[wasm_bindgen_test]
fn the_price_pane_is_the_same_on_both_backends() {
    let bars = bars(300);
    for (size, ratio) in [((640_u32, 400_u32), 1.0), ((900, 600), 2.0)] {
        fn draw<B: DrawingBackend>(bars: &Columns, size: (u32, u32), ratio: f64, mut backend: B) {
            let mut surface = Plotters::new(&mut backend).family(DIGITS_FACE);
            flat(chart(size.0 as i32, size.1 as i32, ratio), bars, &mut surface);
        }
        compare("pane", size, |c| draw(&bars, size, ratio, c), |c| draw(&bars, size, ratio, c));
        // The way the page takes, past plotters. Texts are left out: there they are centred on
        // their digits, by plotters on the em box.
        let pane = || chart(size.0 as i32, size.1 as i32, ratio);
        compare(
            "pane, direct",
            size,
            |ours| flat(pane(), &bars, &mut Marks(ours)),
            |mut theirs| flat(pane(), &bars, &mut Marks(Plotters::new(&mut theirs))),
        );
    }
}

#[wasm_bindgen_test]
fn the_spread_is_the_same_on_both_backends() {
    let samples: Vec<Sample> = (0..400)
        .map(|i| {
            let bid = 100.0 + f64::from(i % 37) / 100.0;
            let ask = bid + 0.01 * f64::from(1 + i % 3);
            Sample { time_ns: i64::from(i) * 250_000_000, bid: Some(bid), ask: Some(ask) }
        })
        .collect();
    let options = SpreadOptions { theme: theme(), ratio: 1.0, decimals: 2, zone: &Utc };
    let draw = |backend: &mut dyn Surface<Error = wickwire_chart::Error>| {
        spread::draw(backend, (300, 160), &samples, &options).unwrap();
    };
    compare(
        "spread",
        (300, 160),
        |mut ours| draw(&mut Plotters::new(&mut ours).family(DIGITS_FACE)),
        |mut theirs| draw(&mut Plotters::new(&mut theirs).family(DIGITS_FACE)),
    );
}

#[wasm_bindgen_test]
fn every_primitive_of_plotters_is_the_same_on_both_backends() {
    fn draw<B: DrawingBackend>(backend: B) {
        let root = backend.into_drawing_area();
        root.fill(&WHITE).unwrap_or_else(|_| panic!("fill"));
        let mut chart = ChartBuilder::on(&root)
            .margin(8)
            .x_label_area_size(30)
            .y_label_area_size(40)
            .build_cartesian_2d(0.0..10.0, 0.0..100.0)
            .unwrap_or_else(|_| panic!("chart"));
        let blue = RGBAColor(11, 107, 203, 0.5);
        chart
            .draw_series(LineSeries::new(
                (0..=100).map(|i| (f64::from(i) / 10.0, f64::from(i * i) / 100.0)),
                &RED,
            ))
            .unwrap_or_else(|_| panic!("line"));
        chart
            .draw_series((1..9).map(|i| Circle::new((f64::from(i), 50.0), 4 + i, blue.filled())))
            .unwrap_or_else(|_| panic!("circles"));
        chart
            .draw_series((1..9).map(|i| {
                let x = f64::from(i);
                Rectangle::new(
                    [(x, 60.0), (x + 0.5, 90.0)],
                    if i % 2 == 0 { blue.filled() } else { blue.stroke_width(2) },
                )
            }))
            .unwrap_or_else(|_| panic!("rectangles"));
        root.draw(&PathElement::new(vec![(20, 20), (200, 20)], RED)).unwrap_or_else(|_| panic!("across"));
        root.draw(&PathElement::new(vec![(20, 20), (20, 200)], RED)).unwrap_or_else(|_| panic!("down"));
        for (i, word) in ["12.50", "Oct", "−3.25 %"].iter().enumerate() {
            let style = ("Arial, sans-serif", 14 + 2 * i as i32).into_font();
            root.draw(&Text::new(*word, (60 + 70 * i as i32, 100), style)).unwrap_or_else(|_| panic!("text"));
        }
    }
    compare("primitives", (480, 320), draw, draw);
}

#[wasm_bindgen_test]
fn rectangles_cover_exactly_their_pixels() {
    let element = canvas(8, 8);
    let mut context = Context::new(element.clone(), false).unwrap();
    let red = Color::rgb(200, 10, 10);
    context.fill_rects(red, &[1, 2, 3, 1, 6, 6, 1, 2]).unwrap();
    context.clear_rects(&[Rect::new(2, 2, 1, 1)]).unwrap();
    let data = pixels(&element);
    for y in 0..8 {
        for x in 0..8 {
            let pixel = &data[(y * 8 + x) * 4..][..4];
            let filled = (y == 2 && (x == 1 || x == 3)) || (x == 6 && y >= 6);
            let want: [u8; 4] = if filled { [200, 10, 10, 255] } else { [0; 4] };
            assert_eq!(pixel, want, "{x} {y}");
        }
    }
}

#[wasm_bindgen_test]
fn text_widths_are_those_of_their_shape_and_measuring_leaves_the_page_alone() {
    let mut context = Context::new(canvas(10, 10), false).unwrap();
    let font = Font { size: 12, bold: false };
    let elements = document().get_elements_by_tag_name("*").length();
    let width = context.text_width("181.53", font);
    assert!((20..=60).contains(&width), "{width}");
    assert_eq!(context.text_width("179.08", font), width);
    assert!(context.text_width("1179.08", font) > width);
    assert_eq!(document().get_elements_by_tag_name("*").length(), elements);
}

#[wasm_bindgen_test]
fn a_missing_context_is_an_error() {
    let element = canvas(10, 10);
    let _ = element.get_context("bitmaprenderer").unwrap();
    assert!(Context::new(element, true).is_err());
}

/// Makes the browser paint what has been asked of the canvas so far.
fn finish(canvas: &HtmlCanvasElement) {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").unwrap().unwrap().unchecked_into();
    let _ = context.get_image_data(0.0, 0.0, 1.0, 1.0).unwrap();
}

/// Not a test of speed, which a busy machine would fail: it prints what a frame costs, raster
/// included.
#[wasm_bindgen_test]
fn what_a_frame_costs() {
    let milliseconds = |times: u32, work: &mut dyn FnMut()| {
        work();
        let start = wickwire::dom::now_ms();
        for _ in 0..times {
            work();
        }
        (wickwire::dom::now_ms() - start) / f64::from(times)
    };
    for count in [200_usize, 1_000, 4_000] {
        let bars = bars(count);
        let (width, height) = (1_600, 900);
        let layers: [HtmlCanvasElement; 3] = std::array::from_fn(|_| canvas(width, height));
        let context = |i: usize| Context::new(layers[i].clone(), i == 0).unwrap();
        let mut contexts: Vec<Context> = (0..3).map(context).collect();
        let [base, live, overlay] = contexts.as_mut_slice() else { panic!("three") };
        let mut chart = Chart::new(theme(), Options::default());
        chart.resize(width as i32, height as i32, 1.0);
        chart.sync(&Content::bars(&bars), &bars.take_change());
        chart.show(0, count - 1);
        let whole = milliseconds(20, &mut || {
            chart.pan(0.0);
            chart.paint(&Content::bars(&bars), base, live, overlay).unwrap();
            finish(&layers[0]);
            finish(&layers[1]);
        });
        let mut ticking = bars.clone();
        let last = count - 1;
        let tick = milliseconds(200, &mut || {
            let bar = Bar {
                open: ticking.open[last],
                high: ticking.high[last],
                low: ticking.low[last],
                close: if ticking.close[last] == ticking.low[last] {
                    ticking.high[last]
                } else {
                    ticking.low[last]
                },
                volume: ticking.volume[last],
                ..Bar::default()
            };
            ticking.replace_last(bar);
            chart.sync(&Content::bars(&ticking), &ticking.take_change());
            chart.paint(&Content::bars(&ticking), base, live, overlay).unwrap();
            finish(&layers[1]);
        });
        let mut x = 0;
        let pointer = milliseconds(200, &mut || {
            x = (x + 7) % 1_400;
            chart.point(Some((x, 300)));
            chart.sync(&Content::bars(&ticking), &ticking.take_change());
            chart.paint(&Content::bars(&ticking), base, live, overlay).unwrap();
            finish(&layers[2]);
        });
        chart.point(None);
        let element = canvas(width, height);
        let mut stock = CanvasBackend::with_canvas_object(element.clone()).unwrap();
        let theirs = milliseconds(20, &mut || {
            let mut surface = Plotters::new(&mut stock).family(DIGITS_FACE);
            chart.paint_flat(&Content::bars(&ticking), &mut surface).unwrap();
            finish(&element);
        });
        console_log!(
            "{count} bars in view, ms: all {whole:.3}, tick {tick:.3}, pointer {pointer:.3}; all by plotters-canvas {theirs:.3}"
        );
    }
}
