//! The picture of a series: chart, canvases, pointer and legend, without the engine behind them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use web_sys::{HtmlCanvasElement, HtmlDivElement};
use wickwire_chart::chart::Options;
use wickwire_chart::{Chart, Layers, Theme};
use wickwire_market::Series;

use super::bars::{SeriesBars, decimals};
use super::input::{Gesture, Gestures};
use crate::canvas::{self, CanvasError, CanvasStack, Size};
use crate::frame::Dirty;

/// A chart on its canvases. Once a frame: [`prepare`](Self::prepare), then [`draw`](Self::draw).
pub struct Picture {
    /// The chart.
    pub chart: Chart,
    stack: CanvasStack,
    size: Rc<Cell<Option<Size>>>,
    ratio: f64,
    settled: u64,
    /// Themes are read again while the style sheet has not loaded.
    themed: bool,
    gestures: Rc<RefCell<Vec<Gesture>>>,
    watch: canvas::SizeWatch,
    _gestures: Gestures,
}

impl Picture {
    /// Takes the canvases and starts to watch the size of `stage` and the pointer over it;
    /// `request` is called with what they changed.
    ///
    /// # Errors
    /// When a canvas cannot be drawn on, or the browser has no `ResizeObserver`.
    pub fn mount(
        stage: &HtmlDivElement,
        [base, live, overlay]: [HtmlCanvasElement; 3],
        request: impl Fn(Dirty) + Clone + 'static,
    ) -> Result<Self, CanvasError> {
        let stack = CanvasStack::new(base, live, overlay)?;
        let size = Rc::new(Cell::new(None));
        let (resized, changed) = (Rc::clone(&size), request.clone());
        let watch = canvas::watch_size(stage, move |new| {
            resized.set(Some(new));
            changed(Dirty::LAYOUT);
        })?;
        let gestures = Rc::new(RefCell::new(Vec::new()));
        let listening = Gestures::listen(stage, Rc::clone(&gestures), move || request(Dirty::CURSOR));
        Ok(Self {
            chart: Chart::new(Theme::default(), Options::default()),
            stack,
            size,
            ratio: 1.0,
            settled: 0,
            themed: false,
            gestures,
            watch,
            _gestures: listening,
        })
    }

    /// Takes new sizes and colours. Returns whether this frame has anything to draw.
    pub fn prepare(&mut self, dirty: Dirty) -> bool {
        let wanted = Dirty::CURSOR
            | Dirty::LAST_BAR
            | Dirty::BARS
            | Dirty::VIEW
            | Dirty::THEME
            | Dirty::LAYOUT
            | Dirty::MARKS;
        if let Some(size) = self.watch.changed_ratio() {
            self.size.set(Some(size));
        }
        if self.themed && self.size.get().is_none() && !dirty.any(wanted) {
            return false;
        }
        if dirty.any(Dirty::THEME | Dirty::LAYOUT) || !self.themed {
            // Until the style sheet is there, or where it lacks a colour, the old theme stays.
            if let Ok(theme) = canvas::theme() {
                self.chart.set_theme(theme);
                self.themed = true;
            }
        }
        if let Some(size) = self.size.take() {
            self.stack.resize(size);
            self.ratio = size.ratio;
            let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
            self.chart.resize(side(size.width), side(size.height), size.ratio);
        }
        true
    }

    /// Another series from now on.
    pub fn change_series(&mut self, options: Options) {
        self.chart.change_series(options);
        self.settled = 0;
    }

    /// Brings the chart in line with the series, does what the hand asked for and paints what
    /// changed; says which layers that were.
    ///
    /// # Errors
    /// What a canvas answers.
    pub fn draw(&mut self, series: &Series) -> Result<Layers, CanvasError> {
        let bars = SeriesBars(series);
        if self.settled != series.settled_revision() {
            self.settled = series.settled_revision();
            let options = self.chart.options();
            // Never fewer than before, or the axis would change back and forth.
            let decimals = decimals(series).max(if options.decimals > 2 { options.decimals } else { 0 });
            self.chart.set_options(Options { decimals, ..options });
        }
        self.chart.sync(&bars);
        for gesture in self.gestures.borrow_mut().drain(..) {
            gesture.apply(&mut self.chart, self.ratio);
        }
        let CanvasStack { base, live, overlay } = &mut self.stack;
        self.chart.paint(&bars, base, live, overlay)
    }
}
