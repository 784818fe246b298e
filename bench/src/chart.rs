//! A series, the picture of it, and the frame that draws it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Float64Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlDivElement;
use wickwire::dom::{self, Listener};
use wickwire::frame::{Dirty, Frame, FrameToken, Registration};
use wickwire::layout::Layout;
use wickwire::panels::chart::bars::SeriesBars;
use wickwire::panels::chart::input::{self, Hand};
use wickwire::panels::chart::legend::LegendText;
use wickwire::panels::chart::picture::Picture;
use wickwire::panels::chart::studies::Studies;
use wickwire::panels::chart::zone_of;
use wickwire_chart::chart::Options;
use wickwire_chart::gesture::{Event, Kind, Recognizer, Region};
use wickwire_chart::{Content, Layers};
use wickwire_market::indicator::{StudyKind, StudySpec};
use wickwire_market::{Bar, BarFlags, InstrumentClass, Series, Timeframe};
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

/// The page's limit is for what a source gives it; the comparison loads a million.
const MAX_BARS: usize = 2_000_000;
/// Bars copied at once from the benchmark's columns.
const CHUNK: usize = 1_024;
/// Empty slots right of the last bar at the start.
const ROOM: usize = 2;

/// What the painter, the hand and the interface share.
struct Shared {
    frame: Frame,
    series: Series,
    picture: Picture,
    legend: LegendText,
    studies: Studies,
    /// The bars asked to be shown, until the next frame.
    range: Option<(usize, usize)>,
    waiting: Vec<Function>,
    pending: bool,
}

/// A chart of one series.
pub(crate) struct ChartBench {
    shared: Rc<RefCell<Shared>>,
    _painter: Registration,
    _listeners: Vec<Listener>,
}

fn missing(what: &str) -> JsValue {
    JsValue::from_str(&format!("the page has no {what}"))
}

fn find<T: JsCast>(selector: &str) -> Result<T, JsValue> {
    let document = dom::document().ok_or_else(|| missing("document"))?;
    let found = document.query_selector(selector)?.and_then(|element| element.dyn_into().ok());
    found.ok_or_else(|| missing(selector))
}

impl ChartBench {
    /// `studies` indicators, the first of the product's list, follow the bars.
    pub(crate) fn new(columns: &[Float64Array; 6], visible: usize, studies: usize) -> Result<Self, JsValue> {
        let error = |error: wickwire::canvas::CanvasError| JsValue::from_str(&error.to_string());
        let series = load(columns);
        let frame = Frame::new();
        let stage: HtmlDivElement = find(".chart-stage")?;
        let requested = frame.clone();
        let mut picture = Picture::mount(&stage, move |dirty| requested.request(dirty)).map_err(error)?;
        picture.change_series(Options { interval_ns: Timeframe::Min1.nanos(), ..Options::default() });
        picture.chart.set_zone(zone_of("BENCH"));
        let studies = followed(studies);
        picture.chart.set_panes(studies.panes());
        let legend = LegendText::new(find(".legend-figures")?).map_err(error)?;
        let len = series.len();
        let range = Some((len.saturating_sub(visible), len - 1 + ROOM));
        let shared = Shared {
            frame: frame.clone(),
            series,
            picture,
            legend,
            studies,
            range,
            waiting: Vec::new(),
            pending: true,
        };
        let shared = Rc::new(RefCell::new(shared));
        let listeners = input::listen(&stage, None, &shared);
        let painted = Rc::clone(&shared);
        let painter = frame.on_paint(move |token| painted.borrow_mut().paint(token));
        frame.request(Dirty::ALL);
        Ok(Self { shared, _painter: painter, _listeners: listeners })
    }

    pub(crate) fn update(&self, time: f64, figures: [f64; 5]) {
        let mut shared = self.shared.borrow_mut();
        let bar = bar(time, figures, BarFlags::FORMING);
        let added = shared.series.last().is_none_or(|last| last.time < bar.time);
        shared.series.put(&bar);
        shared.pending = true;
        shared.frame.request(if added { Dirty::BARS } else { Dirty::LAST_BAR });
    }

    pub(crate) fn set_range(&self, from: usize, to: usize) {
        let mut shared = self.shared.borrow_mut();
        shared.range = Some((from, to));
        shared.pending = true;
        shared.frame.request(Dirty::CURSOR);
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
        let Self { series, picture, legend, studies, .. } = self;
        if picture.prepare(token.dirty(), true).is_none() {
            return;
        }
        let change = picture.take_change(series);
        studies.update(series);
        let bars = SeriesBars(series);
        let (columns, count) = studies.columns();
        let content = Content { values: columns.get(..count).unwrap_or_default(), ..Content::bars(&bars) };
        picture.chart.sync(&content, &change);
        if let Some((from, to)) = self.range.take() {
            picture.chart.show(from, to);
        }
        picture.hands(token.time(), |_, _| {});
        let Ok(painted) = picture.draw(&content) else { return };
        if picture.wants_frame() {
            self.frame.request(Dirty::CURSOR);
        }
        if painted == Layers::NONE {
            return;
        }
        let (chart, ratio) = (&picture.chart, picture.ratio());
        let _ = legend.write(chart.legend(&bars), chart, ratio);
        self.pending = false;
        for resolve in self.waiting.drain(..) {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }
}

impl Hand for Shared {
    fn gesture(&mut self, event: Event) -> bool {
        let ours = self.picture.gesture(event);
        self.frame.request(Dirty::CURSOR);
        ours
    }

    fn region(&self, at: (f64, f64), kind: Kind) -> Region {
        self.picture.region(at, kind)
    }

    fn gestures(&mut self) -> &mut Recognizer {
        self.picture.gestures()
    }
}

fn followed(count: usize) -> Studies {
    let mut layout = Layout::default();
    for kind in StudyKind::ALL.into_iter().take(count) {
        layout.add(StudySpec::new(kind));
    }
    let mut studies = Studies::default();
    studies.take(&layout, InstrumentClass::Stock);
    studies
}

fn bar(seconds: f64, [open, high, low, close, volume]: [f64; 5], flags: BarFlags) -> Bar {
    let time = Timestamp::from_seconds(seconds as i64);
    Bar { time, open, high, low, close, volume, vwap: None, count: None, delta: None, flags }
}

/// The columns as a series, in pieces: Wasm memory that was used once is not given back.
fn load(columns: &[Float64Array; 6]) -> Series {
    let mut series = Series::new(MAX_BARS);
    let len = columns[0].length() as usize;
    series.reserve(len);
    let mut pieces = vec![[0.0; CHUNK]; columns.len()];
    let mut times = [0; CHUNK];
    let mut start = 0;
    while start < len {
        let rows = CHUNK.min(len - start);
        for (column, piece) in columns.iter().zip(&mut pieces) {
            if let Some(piece) = piece.get_mut(..rows) {
                column.subarray(start as u32, (start + rows) as u32).copy_to(piece);
            }
        }
        if let [seconds, figures @ ..] = pieces.as_slice() {
            for (time, seconds) in times.iter_mut().zip(seconds) {
                *time = *seconds as i64 * NANOS_PER_SECOND;
            }
            let part = |i: usize| figures.get(i).and_then(|column| column.get(..rows)).unwrap_or_default();
            let times = times.get(..rows).unwrap_or_default();
            series.append(times, std::array::from_fn(part));
        }
        start += rows;
    }
    series
}
