//! The thread that paints the canvases, in a page of its own: in the end the thread is gone for good.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CanvasRenderingContext2d, Document, Element, HtmlCanvasElement};
use wickwire::canvas::{Context, Size, Stage, settled};
use wickwire_chart::chart::{Options, Style};
use wickwire_chart::model::bars::Bar;
use wickwire_chart::model::marks::Marks;
use wickwire_chart::model::series_kind::SeriesKind;
use wickwire_chart::{Bars as _, Chart, Color, Columns, Content, Theme};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const WIDTH: u32 = 640;
const HEIGHT: u32 = 600;
/// Between two paintings for a mute thread, milliseconds.
const STEP: u32 = 50;
/// For so long a thread may be mute, and after so long it is given up, milliseconds: `painter.js` says 5,000.
const TOLERATED: u32 = 4_000;
const GIVEN_UP: u32 = 9_000;

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

fn canvas() -> HtmlCanvasElement {
    let canvas: HtmlCanvasElement = document().create_element("canvas").unwrap().unchecked_into();
    canvas.set_width(WIDTH);
    canvas.set_height(HEIGHT);
    canvas
}

/// What `shown` shows of a part of the chart, whoever painted it.
fn pixels(shown: &HtmlCanvasElement, (x, y, width, height): (f64, f64, f64, f64)) -> Vec<u8> {
    let copy = canvas();
    let context: CanvasRenderingContext2d = copy.get_context("2d").unwrap().unwrap().unchecked_into();
    context.draw_image_with_html_canvas_element(shown, 0.0, 0.0).unwrap();
    context.get_image_data(x, y, width, height).unwrap().data().to_vec()
}

fn chart() -> Chart {
    let color = |text| Color::parse(text).unwrap();
    let theme = Theme {
        ground: color("#0e1117"),
        grid: color("#1c212b"),
        border: color("#262d3a"),
        text: color("#e6e9ef"),
        secondary: color("#a6adbb"),
        muted: color("#7d8698"),
        up: color("#26a69a"),
        down: color("#ef5350"),
        accent: color("#4aa8ff"),
    };
    let mut chart = Chart::new(theme, Options::default());
    chart.resize(WIDTH as i32, HEIGHT as i32, 1.0);
    chart
}

fn bars() -> Columns {
    let mut price = 181.5;
    let bar = |i: u32| {
        let open: f64 = price;
        price += f64::from(i * 7_919 % 41) / 100.0 - 0.2;
        Bar {
            time_ns: 1_381_152_600_000_000_000 + i64::from(i) * 60_000_000_000,
            open,
            high: open.max(price) + 0.06,
            low: open.min(price) - 0.05,
            close: price,
            volume: f64::from(i * 104_729 % 5_000),
            ..Bar::default()
        }
    };
    (0..150).map(bar).collect()
}

async fn until(what: &str, met: impl Fn() -> bool) {
    for _ in 0..100 {
        if met() {
            return;
        }
        gloo_timers::future::TimeoutFuture::new(20).await;
    }
    panic!("waited for {what} in vain");
}

/// Canvases of the stage with this class.
fn canvases(stage: &Element, class: &str) -> Vec<HtmlCanvasElement> {
    let all = stage.query_selector_all(class).unwrap();
    (0..all.length()).map(|i| all.item(i).unwrap().unchecked_into()).collect()
}

/// Left and upper edge of a canvas that is placed by `transform`.
fn place(canvas: &HtmlCanvasElement) -> (f64, f64) {
    let text = canvas.style().get_property_value("transform").unwrap();
    let inner = text.trim_start_matches("translate(").trim_end_matches(')').replace("px", "");
    let (x, y) = inner.split_once(',').unwrap_or((&inner, "0"));
    (x.trim().parse().unwrap(), y.trim().parse().unwrap())
}

/// What the base shows while the last bar has canvases of its own, or while all is one picture.
fn expected(chart: &mut Chart, bars: &Columns, flat: bool) -> Vec<u8> {
    let layers: [HtmlCanvasElement; 3] = std::array::from_fn(|_| canvas());
    let [mut base, mut live, mut overlay] =
        layers.each_ref().map(|layer| Context::new(layer.clone(), *layer == layers[0]).unwrap());
    let content = Content::bars(bars);
    if flat {
        chart.paint_flat(&content, &mut base).unwrap();
    } else {
        chart.invalidate();
        chart.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
    }
    pixels(&layers[0], (0.0, 0.0, f64::from(WIDTH), f64::from(HEIGHT)))
}

/// How many rules and canvases show what moves.
fn seen(stage: &Element) -> usize {
    let all = stage.query_selector_all(".live").unwrap();
    let style = |i| all.item(i).unwrap().unchecked_into::<web_sys::HtmlElement>().style();
    (0..all.length()).filter(|i| style(*i).get_property_value("visibility").unwrap() != "hidden").count()
}

/// How many lines of the live layer are elements.
fn elements(stage: &Element) -> usize {
    let rules = stage.query_selector_all(".chart-rule.live").unwrap();
    let style = |i| rules.item(i).unwrap().unchecked_into::<web_sys::HtmlElement>().style();
    (0..rules.length()).filter(|i| style(*i).get_property_value("visibility").unwrap() == "visible").count()
}

/// While the view is moved all is one picture; once only the last bar goes on, that has canvases of its own.
async fn moves_as_one(element: &Element, stage: &mut Stage) {
    let mut bars = bars();
    let (mut there, mut here) = (chart(), chart());
    let shown = canvases(element, ".chart-base").remove(0);
    let all = (0.0, 0.0, f64::from(WIDTH), f64::from(HEIGHT));
    let change = bars.take_change();
    for chart in [&mut there, &mut here] {
        chart.sync(&Content::bars(&bars), &change);
    }
    stage.paint(&mut there, &Content::bars(&bars)).unwrap();
    let own = expected(&mut here, &bars, false);
    until("a base without the last bar", || pixels(&shown, all) == own).await;
    until("the last bar apart", || seen(element) >= 3).await;
    assert!(!stage.wants_frame());

    for chart in [&mut there, &mut here] {
        chart.pan(150.0);
    }
    stage.paint(&mut there, &Content::bars(&bars)).unwrap();
    assert_eq!(
        (stage.wants_frame(), seen(element)),
        (true, 2),
        "line and tag are shown until the base shows them"
    );
    let whole = expected(&mut here, &bars, true);
    assert_ne!(whole, expected(&mut here, &bars, false));
    until("one picture", || pixels(&shown, all) == whole).await;
    stage.paint(&mut there, &Content::bars(&bars)).unwrap();
    assert!(!stage.wants_frame() && seen(element) == 0, "on the base alone");

    for chart in [&mut there, &mut here] {
        chart.pan(30.0);
    }
    stage.paint(&mut there, &Content::bars(&bars)).unwrap();
    let whole = expected(&mut here, &bars, true);
    until("the next picture", || pixels(&shown, all) == whole).await;
    assert!(!stage.wants_frame() && seen(element) == 0);

    // The last bar goes on, within what it was.
    let i = bars.len() - 1;
    let (open, high, low) = (bars.open(i), bars.high(i), bars.low(i));
    let close = f64::midpoint(high, low);
    let volume = bars.volume(i);
    bars.replace_last(Bar { time_ns: bars.time_ns(i), open, high, low, close, volume, ..Bar::default() });
    let change = bars.take_change();
    for chart in [&mut there, &mut here] {
        chart.sync(&Content::bars(&bars), &change);
    }
    stage.paint(&mut there, &Content::bars(&bars)).unwrap();
    let own = expected(&mut here, &bars, false);
    until("a base without the last bar again", || pixels(&shown, all) == own).await;
    until("the last bar apart again", || seen(element) >= 2).await;
    assert!(!stage.wants_frame());
}

/// Rows in which a canvas at this height has a line from its left edge on.
fn lines(canvas: &HtmlCanvasElement, top: f64) -> Vec<i32> {
    const LENGTH: usize = 500;
    let pixels = pixels(canvas, (0.0, 0.0, LENGTH as f64, f64::from(canvas.height())));
    let rows = pixels.chunks_exact(4 * LENGTH).enumerate();
    let is_line = |row: &[u8]| row.chunks_exact(4).all(|pixel| pixel[3] > 0);
    rows.filter(|(_, row)| is_line(row)).map(|(y, _)| y as i32 + top as i32).collect()
}

/// Closes the last bar at `close`, with room above and below, and paints that and these bid and ask. In which
/// rows lines belong.
fn trade(
    stage: &mut Stage,
    [there, here]: &mut [Chart; 2],
    bars: &mut Columns,
    close: f64,
    quote: Option<(f64, f64)>,
) -> Vec<i32> {
    let i = bars.len() - 1;
    let open = bars.open(i);
    let (high, low, volume) = (open + 2.0, open - 2.0, bars.volume(i));
    bars.replace_last(Bar { time_ns: bars.time_ns(i), open, high, low, close, volume, ..Bar::default() });
    let change = bars.take_change();
    let content = Content { marks: Marks { quote, ..Marks::default() }, ..Content::bars(bars) };
    there.sync(&content, &change);
    stage.paint(there, &content).unwrap();
    here.sync(&content, &change);
    let layers: [HtmlCanvasElement; 3] = std::array::from_fn(|_| canvas());
    let [mut base, mut live, mut overlay] =
        layers.each_ref().map(|layer| Context::new(layer.clone(), *layer == layers[0]).unwrap());
    here.invalidate();
    here.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
    lines(&layers[1], 0.0)
}

/// Lines across the plots that are near each other are painted on a strip, which stays where it is while they
/// move a little; one far away is an element.
async fn lines_are_painted_where_they_are_near(element: &Element, stage: &mut Stage) {
    let (mut bars, mut charts) = (bars(), [chart(), chart()]);
    let open = bars.open(bars.len() - 1);
    let mut trade = |close, quote| trade(stage, &mut charts, &mut bars, close, quote);
    let strip = || canvases(element, ".chart-patch.strip").remove(0);
    let painted = || lines(&strip(), place(&strip()).1);
    let elements = || elements(element);
    let first = trade(open, None);
    assert_eq!(first.len(), 1);
    until("a line", || painted() == first).await;
    let at = place(&strip());
    let second = trade(open - 0.2, None);
    assert!(second[0] > first[0] + 3, "it falls");
    until("a line below", || painted() == second).await;
    assert_eq!((place(&strip()), elements()), (at, 0), "nothing is moved");

    let quoted = trade(open - 0.2, Some((open - 0.3, open + 0.1)));
    assert!(quoted.len() > 10, "all between bid and ask is tinted");
    until("bid and ask", || painted() == quoted).await;
    assert_eq!((place(&strip()), elements()), (at, 0));

    let above = trade(open + 1.8, None);
    until("a line far above", || painted() == above).await;
    assert_ne!(place(&strip()), at);
    let apart = trade(open + 1.8, Some((open - 1.8, f64::NAN)));
    assert!(apart.len() == 2 && apart.contains(&above[0]));
    until("an element", || elements() == 1 && painted().len() == 1).await;
    trade(open + 1.8, None);
    assert_eq!(elements(), 0);
}

#[wasm_bindgen_test]
async fn a_thread_paints_as_we_do_and_is_replaced_when_it_is_mute() {
    let element = document().create_element("div").unwrap();
    element.set_attribute("style", "position: relative; width: 640px; height: 360px").unwrap();
    document().body().unwrap().append_child(&element).unwrap();
    let lost = Rc::new(Cell::new(0));
    let count = Rc::clone(&lost);
    let mut stage = Stage::mount(&element, move || count.set(count.get() + 1)).unwrap();
    stage.resize(Size { width: WIDTH, height: HEIGHT, ratio: 1.0 });
    let bars = bars();
    let content = Content::bars(&bars);

    // Candles, with rectangles and texts, and an area, with lines: each as we paint it ourselves.
    for kind in [SeriesKind::Candles, SeriesKind::Area] {
        let (mut there, mut here) = (chart(), chart());
        let layers: [HtmlCanvasElement; 3] = std::array::from_fn(|_| canvas());
        let [mut base, mut live, mut overlay] =
            layers.each_ref().map(|layer| Context::new(layer.clone(), *layer == layers[0]).unwrap());
        for chart in [&mut there, &mut here] {
            chart.set_style(Style { kind, ..chart.style() });
            chart.sync(&content, &bars.take_change());
            chart.show(0, 149);
        }
        stage.paint(&mut there, &content).unwrap();
        here.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
        JsFuture::from(settled()).await.unwrap();
        let all = (0.0, 0.0, f64::from(WIDTH), f64::from(HEIGHT));
        let expected = pixels(&layers[0], all);
        assert!(expected.chunks_exact(4).filter(|pixel| *pixel != &expected[..4]).count() > 2_000);
        let shown = canvases(&element, ".chart-base").remove(0);
        until("the same base", || pixels(&shown, all) == expected).await;
        let patches = canvases(&element, ".chart-patch.live");
        assert!(patches.len() >= 3, "the last bar, the line at its price, and the tag of that");
        for patch in patches {
            let (x, y) = place(&patch);
            let (width, height) = (f64::from(patch.width()), f64::from(patch.height()));
            let (width, height) = (width.min(all.2 - x), height.min(all.3 - y));
            until("the same live layer", || {
                let ours = pixels(&layers[1], (x, y, width, height));
                let theirs = pixels(&patch, (0.0, 0.0, width, height));
                let both = theirs.chunks_exact(4).zip(ours.chunks_exact(4));
                let marked = both.clone().filter(|(theirs, _)| theirs[3] > 0).count();
                // Bar and line are on different ones, and one is over the other.
                let other = both.filter(|(theirs, ours)| theirs[3] > 0 && theirs != ours).count();
                marked > 10 && other * 10 <= marked
            })
            .await;
        }
    }

    moves_as_one(&element, &mut stage).await;
    lines_are_painted_where_they_are_near(&element, &mut stage).await;

    // From here on no message reaches the thread, so that it seems mute.
    js_sys::eval("window.posted = 0; Worker.prototype.postMessage = () => { window.posted += 1; };").unwrap();
    let posted = || js_sys::Reflect::get(&js_sys::global(), &"posted".into()).unwrap().as_f64();
    let before = canvases(&element, ".chart-base").remove(0);
    let mut last = chart();
    last.sync(&content, &bars.take_change());
    let mut frame = async |stage: &mut Stage| {
        last.pan(3.0);
        stage.paint(&mut last, &content).unwrap();
        gloo_timers::future::TimeoutFuture::new(STEP).await;
    };
    let start = wickwire::dom::now_ms();
    while wickwire::dom::now_ms() - start < f64::from(TOLERATED) {
        frame(&mut stage).await;
    }
    assert_eq!(posted(), Some(1.0), "one batch is with the thread, and of what waits only the newest");
    assert_eq!(lost.get(), 0);
    while lost.get() == 0 {
        frame(&mut stage).await;
        assert!(wickwire::dom::now_ms() - start < f64::from(GIVEN_UP), "it is still waited for");
    }
    assert_eq!(lost.get(), 1, "given up once");
    assert!(stage.is_lost());
    JsFuture::from(settled()).await.unwrap();

    // Another canvas took the place of the one that was lost, and is painted here.
    let mut here = chart();
    let layers: [HtmlCanvasElement; 3] = std::array::from_fn(|_| canvas());
    let [mut base, mut live, mut overlay] =
        layers.each_ref().map(|layer| Context::new(layer.clone(), *layer == layers[0]).unwrap());
    let mut there = chart();
    for chart in [&mut there, &mut here] {
        chart.sync(&content, &bars.take_change());
    }
    stage.paint(&mut there, &content).unwrap();
    assert!(!stage.is_lost());
    here.paint(&content, &mut base, &mut live, &mut overlay).unwrap();
    let shown = canvases(&element, ".chart-base");
    assert_eq!(shown.len(), 1);
    assert_ne!(shown[0], before);
    let all = (0.0, 0.0, f64::from(WIDTH), f64::from(HEIGHT));
    assert_eq!(pixels(&shown[0], all), pixels(&layers[0], all));
    assert_eq!(posted(), Some(1.0));
    let strip = canvases(&element, ".chart-patch.strip").remove(0);
    assert_eq!(strip.style().get_property_value("visibility").unwrap(), "hidden");
    assert_eq!(elements(&element), 1, "the line at the last price");
    element.remove();
}
