//! A series, the picture of it, and the frame that draws it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Float64Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlCanvasElement, HtmlDivElement};
use wickwire::dom;
use wickwire::frame::{Dirty, Frame, FrameToken, Registration};
use wickwire::panels::chart::bars::{SeriesBars, zone_of};
use wickwire::panels::chart::legend::LegendText;
use wickwire::panels::chart::picture::Picture;
use wickwire_chart::Layers;
use wickwire_chart::chart::Options;
use wickwire_market::{Bar, BarFlags, Series, Timeframe};
use wickwire_proto::time::Timestamp;

/// The page's limit is for what a source gives it; the comparison loads a million.
const MAX_BARS: usize = 2_000_000;
/// Bars copied at once from the benchmark's columns.
const CHUNK: usize = 4_096;
/// Empty slots right of the last bar at the start.
const ROOM: usize = 2;

/// What the painter and the interface share.
struct Shared {
    series: Series,
    picture: Picture,
    legend: LegendText,
    /// The bars asked to be shown, until the next frame.
    range: Option<(usize, usize)>,
    waiting: Vec<Function>,
    pending: bool,
}

/// A chart of one series.
pub(crate) struct ChartBench {
    frame: Frame,
    shared: Rc<RefCell<Shared>>,
    _painter: Registration,
}

fn missing(what: &str) -> JsValue {
    JsValue::from_str(&format!("the page has no {what}"))
}

fn all<T: JsCast>(selector: &str) -> Result<Vec<T>, JsValue> {
    let list = dom::document().ok_or_else(|| missing("document"))?.query_selector_all(selector)?;
    Ok((0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect())
}

fn one<T: JsCast>(selector: &str) -> Result<T, JsValue> {
    all(selector)?.into_iter().next().ok_or_else(|| missing(selector))
}

impl ChartBench {
    pub(crate) fn new(columns: &[&Float64Array; 6], visible: usize) -> Result<Self, JsValue> {
        let series = load(columns);
        let frame = Frame::new();
        let canvases: Vec<HtmlCanvasElement> = all(".chart-stage canvas")?;
        let canvases = canvases.try_into().map_err(|_| missing("three canvases"))?;
        let stage: HtmlDivElement = one(".chart-stage")?;
        let requested = frame.clone();
        let mut picture = Picture::mount(&stage, canvases, move |dirty| requested.request(dirty))
            .map_err(|error| JsValue::from_str(&error.to_string()))?;
        picture.change_series(Options { interval_ns: Timeframe::Min1.nanos(), ..Options::default() });
        picture.chart.set_zone(zone_of("BENCH"));
        let figures: Vec<Element> = all(".legend-value")?;
        let figures = figures.try_into().map_err(|_| missing("six figures"))?;
        let legend = LegendText::new(one(".legend-figures")?, figures, &one(".legend-time")?)
            .ok_or_else(|| missing("legend"))?;
        let len = series.len();
        let range = Some((len.saturating_sub(visible), len - 1 + ROOM));
        let shared = Shared { series, picture, legend, range, waiting: Vec::new(), pending: true };
        let shared = Rc::new(RefCell::new(shared));
        let painted = Rc::clone(&shared);
        let painter = frame.on_paint(move |token| painted.borrow_mut().paint(token));
        frame.request(Dirty::ALL);
        Ok(Self { frame, shared, _painter: painter })
    }

    pub(crate) fn update(&self, time: f64, figures: [f64; 5]) {
        let mut shared = self.shared.borrow_mut();
        let bar = bar(time, figures, BarFlags::FORMING);
        let added = shared.series.last().is_none_or(|last| last.time < bar.time);
        shared.series.put(&bar);
        shared.pending = true;
        self.frame.request(if added { Dirty::BARS } else { Dirty::LAST_BAR });
    }

    pub(crate) fn set_range(&self, from: usize, to: usize) {
        let mut shared = self.shared.borrow_mut();
        shared.range = Some((from, to));
        shared.pending = true;
        self.frame.request(Dirty::CURSOR);
    }

    pub(crate) fn ready(&self) -> Promise {
        let mut shared = self.shared.borrow_mut();
        if !shared.pending {
            return Promise::resolve(&JsValue::UNDEFINED);
        }
        Promise::new(&mut |resolve, _| shared.waiting.push(resolve))
    }
}

impl Shared {
    fn paint(&mut self, token: &FrameToken) {
        if !self.picture.prepare(token.dirty()) {
            return;
        }
        self.picture.chart.sync(&SeriesBars(&self.series));
        if let Some((from, to)) = self.range.take() {
            self.picture.chart.show(from, to);
        }
        let Ok(painted) = self.picture.draw(&self.series) else { return };
        if painted == Layers::NONE {
            return;
        }
        let chart = &self.picture.chart;
        self.legend.write(chart.legend(&SeriesBars(&self.series)), chart);
        self.pending = false;
        for resolve in self.waiting.drain(..) {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }
}

fn bar(seconds: f64, [open, high, low, close, volume]: [f64; 5], flags: BarFlags) -> Bar {
    let time = Timestamp::from_seconds(seconds as i64);
    Bar { time, open, high, low, close, volume, vwap: None, count: None, flags }
}

/// The columns as a series, in pieces: Wasm memory that was used once is not given back.
fn load(columns: &[&Float64Array; 6]) -> Series {
    let mut series = Series::new(MAX_BARS);
    let len = columns[0].length() as usize;
    let mut pieces = vec![[0.0; CHUNK]; columns.len()];
    let mut start = 0;
    while start < len {
        let end = (start + CHUNK).min(len);
        for (column, piece) in columns.iter().zip(&mut pieces) {
            if let Some(piece) = piece.get_mut(..end - start) {
                column.subarray(start as u32, end as u32).copy_to(piece);
            }
        }
        if let [time, open, high, low, close, volume] = pieces.as_slice() {
            series.append(
                (0..end - start).map(|i| {
                    bar(time[i], [open[i], high[i], low[i], close[i], volume[i]], BarFlags::default())
                }),
            );
        }
        start = end;
    }
    series
}
