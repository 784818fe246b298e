//! The picture of a series: chart, stage and hands, without the engine behind them.

use std::cell::Cell;
use std::rc::Rc;

use web_sys::HtmlDivElement;
use wickwire_chart::chart::Options;
use wickwire_chart::gesture::{Action, Event, Kind, Recognizer, Region};
use wickwire_chart::{Change, Chart, Content, Layers, Theme};
use wickwire_market::{Seen, Series};

use super::bars::{decimals, take_change};
use super::input;
use crate::canvas::{self, CanvasError, Size, Stage};
use crate::frame::Dirty;

/// A chart and where it is shown. Once a frame: [`prepare`](Self::prepare), then
/// [`take_change`](Self::take_change), `chart.sync`, [`hands`](Self::hands) and [`draw`](Self::draw).
pub struct Picture {
    /// The chart.
    pub chart: Chart,
    stage: Stage,
    /// A new one, until it is taken.
    size: Rc<Cell<Option<Size>>>,
    settled: u64,
    /// How much of the series the chart has seen.
    seen: Seen,
    /// Themes are read again while the style sheet has not loaded.
    themed: bool,
    gestures: Recognizer,
    watch: canvas::SizeWatch,
}

impl Picture {
    /// Puts the picture into `stage` and starts to watch its size; `request` is called when that
    /// changed.
    ///
    /// # Errors
    /// When a canvas cannot be drawn on, or the browser has no `ResizeObserver`.
    pub fn mount(stage: &HtmlDivElement, request: impl Fn(Dirty) + 'static) -> Result<Self, CanvasError> {
        let size = Rc::new(Cell::new(None));
        let resized = Rc::clone(&size);
        let request = Rc::new(request);
        let again = Rc::clone(&request);
        let watch = canvas::watch_size(stage, move |new| {
            resized.set(Some(new));
            request(Dirty::LAYOUT);
        })?;
        Ok(Self {
            chart: Chart::new(Theme::default(), Options::default()),
            stage: Stage::mount(stage, move || again(Dirty::LAYOUT))?,
            size,
            settled: 0,
            seen: Seen::default(),
            themed: false,
            gestures: Recognizer::default(),
            watch,
        })
    }

    /// Gives it a size of its own at the next [`prepare`](Self::prepare).
    pub(super) fn resize(&self, size: Size) {
        self.size.set(Some(size));
    }

    /// Takes an event of the hand; whether it was the chart's. What it does is done by
    /// [`hands`](Self::hands).
    pub fn gesture(&mut self, event: Event) -> bool {
        self.gestures.handle(event)
    }

    /// What the hand has done so far.
    #[must_use]
    pub fn gestures(&mut self) -> &mut Recognizer {
        &mut self.gestures
    }

    /// The part of the chart that a pointer of this kind has hold of at a CSS pixel.
    #[must_use]
    pub fn region(&self, at: (f64, f64), kind: Kind) -> Region {
        input::region(&self.chart, at, kind, self.ratio())
    }

    /// Device pixels to a CSS pixel.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.stage.size().ratio
    }

    /// Width and height in device pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        let Size { width, height, .. } = self.stage.size();
        (width, height)
    }

    /// Takes a new size and new colours; `Some` if the frame has anything to draw, which `wanted`
    /// says too, and whether there are new colours.
    pub fn prepare(&mut self, dirty: Dirty, wanted: bool) -> Option<bool> {
        if let Some(size) = self.watch.changed_ratio() {
            self.size.set(Some(size));
        }
        if self.stage.is_lost() && self.size.get().is_none() {
            self.size.set(Some(self.stage.size()));
        }
        if self.themed && self.size.get().is_none() && !wanted {
            return None;
        }
        let themed = dirty.any(Dirty::THEME | Dirty::LAYOUT) || !self.themed;
        if themed {
            // Until the style sheet is there, or where it lacks a colour, the old theme stays.
            if let Ok(theme) = canvas::theme() {
                self.chart.set_theme(theme);
                self.themed = true;
            }
        }
        if let Some(size) = self.size.take() {
            if size != self.stage.size() {
                // What the finger's crosshair was on is elsewhere.
                self.gestures.drop_crosshair();
            }
            self.stage.resize(size);
            let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
            self.chart.resize(side(size.width), side(size.height), size.ratio);
        }
        Some(themed)
    }

    /// Another series from now on.
    pub fn change_series(&mut self, options: Options) {
        self.chart.change_series(options);
        self.gestures.drop_crosshair();
        self.settled = 0;
        self.seen = Seen::default();
    }

    /// What has become of the series since the last frame.
    pub fn take_change(&mut self, series: &Series) -> Change {
        if self.settled != series.settled_revision() {
            self.settled = series.settled_revision();
            let options = self.chart.options();
            // Never fewer than before, or the axis would change back and forth.
            let decimals = decimals(series, if options.decimals > 2 { options.decimals } else { 0 });
            self.chart.set_options(Options { decimals, ..options });
        }
        take_change(series, &mut self.seen)
    }

    /// Does what the hand asked for, and tells `done` of each.
    pub fn hands(&mut self, now: f64, mut done: impl FnMut(Action, &mut Chart)) {
        let ratio = self.ratio();
        let plots = &self.chart.layout().plots;
        let [right, bottom] = [plots.right(), plots.bottom()].map(|end| f64::from(end - 1) / ratio);
        self.gestures.set_plots(right, bottom);
        self.gestures.handle(Event::Tick { time_ms: now });
        for action in self.gestures.drain() {
            input::apply(action, &mut self.chart, ratio);
            done(action, &mut self.chart);
        }
    }

    /// Whether another frame is wanted although nothing else may change.
    #[must_use]
    pub fn wants_frame(&self) -> bool {
        self.gestures.wants_tick() || self.stage.wants_frame()
    }

    /// Paints what changed; says which layers that were.
    ///
    /// # Errors
    /// What a canvas answers.
    pub fn draw(&mut self, content: &Content<'_>) -> Result<Layers, CanvasError> {
        self.stage.paint(&mut self.chart, content)
    }
}
