//! Chart, canvases and the frame: what happens when something changed.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use leptos::prelude::WithUntracked;
use web_sys::{HtmlCanvasElement, HtmlDivElement};
use wickwire_chart::chart::Options;
use wickwire_chart::gesture::{Action, Event, Recognizer, Region};
use wickwire_chart::{Chart, Content, Layers, Surface as _, Theme};
use wickwire_market::{Instrument, InstrumentClass, Seen, Series, Timeframe};
use wickwire_proto::time::Timestamp;

use super::bars::{SeriesBars, decimals, take_change};
use super::handle::ChartNodes;
use super::marks::{MarketMarks, countdown};
use super::studies::Studies;
use super::texts::Texts;
use super::{PaneSignals, input, spoken, style, zone};
use crate::canvas::{self, CanvasError, CanvasStack, Size};
use crate::dom::Listener;
use crate::engine::handle::EngineHandle;
use crate::export::picture::Line;
use crate::export::svg::Svg;
use crate::frame::{Dirty, FrameToken};
use crate::state::{Older, Sheet, publish};
use crate::url::TimeRange;

/// What may change the picture.
const WANTED: [Dirty; 9] = [
    Dirty::CURSOR,
    Dirty::LAST_BAR,
    Dirty::BARS,
    Dirty::QUOTE,
    Dirty::NEWS,
    Dirty::VIEW,
    Dirty::THEME,
    Dirty::LAYOUT,
    Dirty::MARKS,
];

/// Bars before the first in view from which on older ones are asked for.
const OLDER_FROM: usize = 300;

/// The mounted pane.
pub(super) struct Pane {
    engine: EngineHandle,
    signals: PaneSignals,
    nodes: ChartNodes,
    chart: Chart,
    studies: Studies,
    marks: MarketMarks,
    stack: CanvasStack,
    size: Rc<Cell<Option<Size>>>,
    ratio: f64,
    shown: Option<(String, Timeframe)>,
    settled: u64,
    /// How much of the series the chart has seen.
    seen: Seen,
    /// Which revision of the layout the chart shows.
    layout: u64,
    /// Whether the layout says that the price range follows the bars.
    auto: bool,
    /// A stretch of time to be shown once there are bars for it.
    range: Option<TimeRange>,
    texts: Texts,
    /// Themes are read again while the style sheet has not loaded.
    themed: bool,
    theme: Theme,
    gestures: Recognizer,
    watch: canvas::SizeWatch,
    _listeners: Vec<Listener>,
}

impl Pane {
    /// Takes the canvases and starts to watch their size and the pointer.
    pub(super) fn mount(
        engine: EngineHandle,
        signals: PaneSignals,
        nodes: ChartNodes,
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
            nodes,
            chart: Chart::new(Theme::default(), Options::default()),
            studies: Studies::default(),
            marks: MarketMarks::default(),
            stack,
            size,
            ratio: 1.0,
            shown: None,
            settled: 0,
            seen: Seen::default(),
            layout: 0,
            auto: true,
            range: None,
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
        if let Some(size) = self.watch.changed_ratio() {
            self.size.set(Some(size));
        }
        let wanted = WANTED.into_iter().any(|wanted| dirty.any(wanted)) || self.ticks(dirty);
        if self.themed && self.size.get().is_none() && !wanted {
            return;
        }
        let themed = dirty.any(Dirty::THEME | Dirty::LAYOUT) || !self.themed;
        if themed {
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
        self.take_layout(themed);
        self.change_series();
        let (symbol, timeframe) = self.engine.view();
        let (engine, clock) = (self.engine, self.engine.market_now());
        let drawn = engine.with_store(|store| {
            let instrument = store.instrument(&symbol);
            let halted = instrument.is_some_and(|i| i.halts().halted() == Some(true));
            publish(self.signals.halted, halted);
            match instrument {
                Some(instrument) => {
                    self.marks.update(instrument, store.news());
                    let series = instrument.series(timeframe);
                    self.draw(series, Some(instrument), clock, token.time());
                }
                None => self.draw(&Series::new(1), None, clock, token.time()),
            }
        });
        match drawn {
            // The store is in use: try again.
            None => self.engine.request(Dirty::LAST_BAR),
            // Not while the store is read: asking changes what the engine knows.
            Some(()) => self.want_older(),
        }
    }

    /// Asks for older bars before the view comes to the first. After a failure the person asks again.
    fn want_older(&self) {
        let idle = self.engine.signals().older.with_untracked(|older| *older == Older::Idle);
        if idle && self.chart.visible().start < OLDER_FROM {
            self.engine.load_older();
        }
    }

    /// Whether the passing of time alone changes the picture: the countdown.
    fn ticks(&self, dirty: Dirty) -> bool {
        dirty.any(Dirty::CLOCK) && self.chart.style().show.last_price
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
        let Self { engine, chart, stack, ratio, theme, studies, marks, .. } = self;
        engine.with_store(|store| {
            let empty = Series::new(1);
            let instrument = store.instrument(&symbol);
            let series = instrument.map_or(&empty, |i| i.series(timeframe));
            let (width, height) = stack.base.size();
            let mut measure = |text: &str, font| stack.base.text_width(text, font);
            let mut svg = Svg::new(width, height, *ratio, &mut measure);
            let (columns, count) = studies.columns();
            let content = Content {
                bars: &SeriesBars(series),
                values: columns.get(..count).unwrap_or_default(),
                marks: marks.marks(instrument, None),
            };
            let Ok(()) = chart.paint_flat(&content, &mut svg);
            svg.lines(lines, theme);
            svg.finish()
        })
    }

    /// Takes what the person changed about the chart.
    fn take_layout(&mut self, themed: bool) {
        let settings = self.engine.settings();
        let changed = settings.changed_since(if themed { 0 } else { self.layout });
        let Some((revision, layout)) = changed else { return };
        self.layout = revision;
        self.chart.set_style(style::style(&layout));
        let (symbol, _) = self.engine.view();
        self.studies.take(&layout, InstrumentClass::of(&symbol));
        self.chart.set_panes(self.studies.panes());
        self.chart.set_zone(zone::chosen(layout.zone, &symbol));
        if self.auto != layout.auto_scale {
            self.auto = layout.auto_scale;
            self.chart.set_auto(0, layout.auto_scale);
        }
        self.range = settings.take_range().or(self.range);
    }

    fn change_series(&mut self) {
        let view = self.engine.view();
        if self.shown.as_ref() == Some(&view) {
            return;
        }
        let class = InstrumentClass::of(&view.0);
        self.chart.change_series(Options { interval_ns: view.1.nanos(), ..Options::default() });
        let choice = self.engine.settings().peek(|layout| layout.zone).unwrap_or_default();
        self.chart.set_zone(zone::chosen(choice, &view.0));
        self.chart.set_sessions(zone::sessions_of(&view.0));
        self.studies.reset(class);
        self.marks.reset();
        self.settled = 0;
        self.seen = Seen::default();
        self.texts.reset();
        if !std::mem::replace(&mut self.auto, true) {
            self.engine.change_layout(|layout| layout.auto_scale = true);
        }
        self.shown = Some(view);
    }

    fn draw(&mut self, series: &Series, instrument: Option<&Instrument>, clock: Option<Timestamp>, now: f64) {
        if self.settled != series.settled_revision() {
            self.settled = series.settled_revision();
            let options = self.chart.options();
            // Never fewer than before, or the axis would change back and forth.
            let decimals = decimals(series).max(if options.decimals > 2 { options.decimals } else { 0 });
            self.chart.set_options(Options { decimals, ..options });
        }
        let change = take_change(series, &mut self.seen);
        // Also where the series is as it was: an indicator may be new, or have other parameters.
        self.studies.update(series);
        let (_, timeframe) = self.engine.view();
        let left = clock.zip(series.last()).and_then(|(now, bar)| countdown(timeframe, bar.time, now));
        let bars = SeriesBars(series);
        let (columns, count) = self.studies.columns();
        let content = Content {
            bars: &bars,
            values: columns.get(..count).unwrap_or_default(),
            marks: self.marks.marks(instrument, left),
        };
        self.chart.sync(&content, &change);
        if let Some(range) = self.range
            && let Some(rows) = covered(series, &range)
        {
            self.chart.show(rows.start, rows.end.saturating_sub(1));
            self.range = None;
        }
        let mut walked = false;
        let mut gestures = std::mem::take(&mut self.gestures);
        gestures.handle(Event::Tick { time_ms: now });
        for action in gestures.drain() {
            input::apply(action, &mut self.chart, self.ratio);
            match action {
                Action::Walk(_) => walked = true,
                Action::Help => publish(self.engine.signals().sheet, Some(Sheet::Keys)),
                Action::Click { x, y, region: Region::News } => {
                    let whole = |css: f64| (css * self.ratio).floor() as i32;
                    let group = self.chart.news_at(whole(x), whole(y));
                    let ids = group.map(|g| self.marks.headlines(g.first, g.count)).unwrap_or_default();
                    publish(self.signals.headlines, ids);
                }
                Action::MoveSplitter { .. } => self.keep_weights(),
                _ => {}
            }
        }
        self.gestures = gestures;
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
            self.write_legends(&bars);
            self.keep_auto();
        }
        if walked && let Some(words) = spoken::bar(&self.chart, &bars) {
            self.engine.signals().announcer.announce(words);
        }
        self.texts.write((self.engine, self.signals), series, &self.chart, now);
    }

    /// Writes the figures at the crosshair.
    fn write_legends(&self, bars: &SeriesBars<'_>) {
        let legend = self.chart.legend(bars);
        let bar = legend.map(|legend| legend.index);
        self.nodes.legend.write(legend, &self.chart);
        let decimals = self.chart.options().decimals;
        for at in self.studies.at(bar) {
            self.nodes.studies.write(at.id, at.values.get(..at.outputs).unwrap_or_default(), decimals);
            let top = (at.pane > 0).then(|| {
                let plot = self.chart.layout().panes.get(at.pane).map(|pane| pane.plot.y);
                f64::from(plot.unwrap_or_default()) / self.ratio
            });
            self.nodes.studies.place(at.id, top);
        }
    }

    /// Keeps the heights that the hand gave to panes.
    fn keep_weights(&self) {
        let weights = self.chart.weights();
        self.engine.change_layout(|layout| {
            for (id, weight) in self.studies.weights(&weights) {
                if let Some(study) = layout.study_mut(id) {
                    study.set_weight(weight);
                }
            }
        });
    }

    /// Keeps whether the price range follows the bars, after the hand changed that.
    fn keep_auto(&mut self) {
        let auto = self.chart.is_auto(0);
        if auto != self.auto {
            self.auto = auto;
            self.engine.change_layout(|layout| layout.auto_scale = auto);
        }
    }
}

/// The rows that lie in a stretch of time, once the bars reach back to its start.
fn covered(series: &Series, range: &TimeRange) -> Option<Range<usize>> {
    let rows = series.range(range.from, range.to);
    let reaches = series.time().first().is_some_and(|first| Timestamp(*first) <= range.from);
    (reaches && rows.len() > 1).then_some(rows)
}
