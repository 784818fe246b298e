//! Chart, canvases and the frame: what happens when something changed.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlDivElement};
use wickwire_chart::chart::Options;
use wickwire_chart::gesture::{Event, Recognizer, Region};
use wickwire_chart::{Chart, Content, Layers, Surface as _, Theme};
use wickwire_market::{Seen, Series, Timeframe};

use super::bars::{SeriesBars, decimals, take_change, zone_of};
use super::legend::LegendNodes;
use super::{PaneSignals, input, summary, table};
use crate::canvas::{self, CanvasError, CanvasStack, Size};
use crate::dom::Listener;
use crate::engine::handle::EngineHandle;
use crate::export::picture::Line;
use crate::export::svg::Svg;
use crate::frame::{Dirty, FrameToken};
use crate::state::publish;

/// Table and summary are written at most this often, in milliseconds.
const TEXT_INTERVAL: f64 = 1_000.0;
/// The same when bars have closed since: at high replay speeds they close in every frame.
const CLOSED_INTERVAL: f64 = 250.0;

/// The mounted pane.
pub(super) struct Pane {
    engine: EngineHandle,
    signals: PaneSignals,
    legend: LegendNodes,
    chart: Chart,
    stack: CanvasStack,
    size: Rc<Cell<Option<Size>>>,
    ratio: f64,
    shown: Option<(String, Timeframe)>,
    settled: u64,
    /// How much of the series the chart has seen.
    seen: Seen,
    texts: Texts,
    /// Themes are read again while the style sheet has not loaded.
    themed: bool,
    theme: Theme,
    gestures: Recognizer,
    watch: canvas::SizeWatch,
    _listeners: Vec<Listener>,
}

/// When table and summary were last written, and for which state of bars and view.
#[derive(Default)]
struct Texts {
    at: f64,
    settled: u64,
    revision: u64,
    visible: Range<usize>,
    scheduled: bool,
}

impl Pane {
    /// Takes the canvases and starts to watch their size and the pointer.
    pub(super) fn mount(
        engine: EngineHandle,
        signals: PaneSignals,
        legend: LegendNodes,
        stage: &HtmlDivElement,
        [base, live, overlay]: [HtmlCanvasElement; 3],
    ) -> Result<Rc<RefCell<Self>>, CanvasError> {
        let stack = CanvasStack::new(base, live, overlay)?;
        let size = Rc::new(Cell::new(None));
        let resized = Rc::clone(&size);
        let watch = canvas::watch_size(stage, move |new| {
            resized.set(Some(new));
            engine.request(Dirty::LAYOUT);
        })?;
        let pane = Rc::new(RefCell::new(Self {
            engine,
            signals,
            legend,
            chart: Chart::new(Theme::default(), Options::default()),
            stack,
            size,
            ratio: 1.0,
            shown: None,
            settled: 0,
            seen: Seen::default(),
            texts: Texts::default(),
            themed: false,
            theme: Theme::default(),
            gestures: Recognizer::default(),
            watch,
            _listeners: Vec::new(),
        }));
        // They know the pane weakly, and go with it.
        pane.borrow_mut()._listeners = input::listen(stage, &pane);
        Ok(pane)
    }

    /// Takes an event of the hand; whether it was the chart's. What it does is done in the next frame.
    pub(super) fn gesture(&mut self, event: Event) -> bool {
        let ours = self.gestures.handle(event);
        self.engine.request(Dirty::CURSOR);
        ours
    }

    /// The part of the chart at a CSS pixel.
    pub(super) fn region(&self, x: f64, y: f64) -> Region {
        input::region(&self.chart, (x, y), self.ratio)
    }

    /// Whether the last press was a finger's.
    pub(super) fn touched(&self) -> bool {
        self.gestures.touched()
    }

    /// Whether the user asked for less motion.
    pub(super) fn set_reduced_motion(&mut self, reduced: bool) {
        self.gestures.set_reduced_motion(reduced);
    }

    /// Does what this frame asks for.
    pub(super) fn frame(&mut self, token: &FrameToken) {
        let dirty = token.dirty();
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
            return;
        }
        if dirty.any(Dirty::THEME | Dirty::LAYOUT) || !self.themed {
            // Until the style sheet is there, or where it lacks a colour, the old theme stays.
            if let Ok(theme) = canvas::theme() {
                self.chart.set_theme(theme);
                self.theme = theme;
                self.themed = true;
            }
        }
        if let Some(size) = self.size.take() {
            self.stack.resize(size);
            self.ratio = size.ratio;
            let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
            self.chart.resize(side(size.width), side(size.height), size.ratio);
        }
        self.change_series();
        let (symbol, timeframe) = self.engine.view();
        let engine = self.engine;
        let drawn = engine.with_store(|store| {
            let instrument = store.instrument(&symbol);
            publish(self.signals.halted, instrument.is_some_and(|i| i.halts().is_halted()));
            match instrument {
                Some(instrument) => self.draw(instrument.series(timeframe), token.time()),
                None => self.draw(&Series::new(1), token.time()),
            }
        });
        if drawn.is_none() {
            // The store is in use: try again.
            self.engine.request(Dirty::LAST_BAR);
        }
    }

    /// Back to the last bar.
    pub(super) fn go_live(&mut self) {
        self.chart.go_live();
    }

    /// The bars in view.
    pub(super) fn visible(&self) -> Range<usize> {
        self.chart.visible()
    }

    /// Whether the view moves along with the last bar.
    pub(super) fn following(&self) -> bool {
        self.chart.following()
    }

    /// The picture as scalable vector graphics, with `lines` over it; `None` while the store is in
    /// use.
    pub(super) fn svg(&mut self, lines: &[Line]) -> Option<String> {
        let (symbol, timeframe) = self.engine.view();
        let Self { engine, chart, stack, ratio, theme, .. } = self;
        engine.with_store(|store| {
            let empty = Series::new(1);
            let series = store.instrument(&symbol).map_or(&empty, |i| i.series(timeframe));
            let (width, height) = stack.base.size();
            let mut measure = |text: &str, font| stack.base.text_width(text, font);
            let mut svg = Svg::new(width, height, *ratio, &mut measure);
            let Ok(()) = chart.paint_flat(&Content::bars(&SeriesBars(series)), &mut svg);
            svg.lines(lines, theme);
            svg.finish()
        })
    }

    fn change_series(&mut self) {
        let view = self.engine.view();
        if self.shown.as_ref() == Some(&view) {
            return;
        }
        self.chart.change_series(Options { interval_ns: view.1.nanos(), ..Options::default() });
        self.chart.set_zone(zone_of(&view.0));
        self.settled = 0;
        self.seen = Seen::default();
        self.texts.at = 0.0;
        self.shown = Some(view);
    }

    fn draw(&mut self, series: &Series, now: f64) {
        let bars = SeriesBars(series);
        if self.settled != series.settled_revision() {
            self.settled = series.settled_revision();
            let options = self.chart.options();
            // Never fewer than before, or the axis would change back and forth.
            let decimals = decimals(series).max(if options.decimals > 2 { options.decimals } else { 0 });
            self.chart.set_options(Options { decimals, ..options });
        }
        let content = Content::bars(&bars);
        let change = take_change(series, &mut self.seen);
        self.chart.sync(&content, &change);
        self.gestures.handle(Event::Tick { time_ms: now });
        for action in self.gestures.drain() {
            input::apply(action, &mut self.chart, self.ratio);
        }
        if self.gestures.wants_tick() {
            self.engine.request(Dirty::CURSOR);
        }
        let CanvasStack { base, live, overlay } = &mut self.stack;
        let painted = match self.chart.paint(&content, base, live, overlay) {
            Ok(painted) => painted,
            Err(error) => {
                publish(self.signals.failed, Some(error.to_string()));
                return;
            }
        };
        if painted != Layers::NONE {
            publish(self.signals.failed, None);
            publish(self.signals.following, self.chart.following());
            self.legend.write(self.chart.legend(&bars), &self.chart);
        }
        self.write_texts(series, now);
    }

    /// Brings table and summary up to date, unless they were written a moment ago; then later.
    fn write_texts(&mut self, series: &Series, now: f64) {
        let texts = &mut self.texts;
        let (revision, settled) = (series.revision(), series.settled_revision());
        let visible = self.chart.visible();
        if texts.at > 0.0 && texts.revision == revision && texts.visible == visible && !texts.scheduled {
            return;
        }
        let interval = if texts.settled == settled { TEXT_INTERVAL } else { CLOSED_INTERVAL };
        if texts.at > 0.0 && now - texts.at < interval {
            if !texts.scheduled {
                texts.scheduled = true;
                let engine = self.engine;
                let wait = std::time::Duration::from_millis((interval - (now - texts.at)) as u64 + 1);
                set_timeout(move || engine.request(Dirty::CURSOR), wait);
            }
            return;
        }
        *texts = Texts { at: now, settled, revision, visible: visible.clone(), scheduled: false };
        let decimals = self.chart.options().decimals;
        publish(self.signals.rows, table::rows(series, &visible, decimals));
        let (symbol, timeframe) = self.engine.view();
        let words = summary::words(&symbol, timeframe, &SeriesBars(series), &visible, &self.chart);
        publish(self.signals.summary, words);
    }
}
