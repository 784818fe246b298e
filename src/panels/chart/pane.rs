//! Chart, canvases and the frame: what happens when something changed.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use leptos::prelude::WithUntracked;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlCanvasElement, HtmlDivElement};
use wickwire_chart::chart::Options;
use wickwire_chart::gesture::{Action, Event, Kind, Recognizer, Region};
use wickwire_chart::view::layout::TOUCH_REACH;
use wickwire_chart::view::marks::NewsGroup;
use wickwire_chart::{Chart, Color, Content, Layers, Theme};
use wickwire_market::{Instrument, InstrumentClass, Series, Timeframe};
use wickwire_proto::time::Timestamp;

use super::bars::SeriesBars;
use super::handle::ChartNodes;
use super::input::Hand;
use super::marks::{MarketMarks, countdown};
use super::picture::Picture;
use super::studies::Studies;
use super::texts::Texts;
use super::{PaneSignals, input, spoken, style, zone};
use crate::canvas::{self, BottomWatch, CanvasError, text_width};
use crate::dom::Listener;
use crate::engine::handle::EngineHandle;
use crate::export::picture::{self, Line};
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

/// Said where a link leads to a time without bars, or none can be had.
const NOT_THERE: &str = "No bars can be shown for the time of the link.";

/// The mounted pane.
pub(super) struct Pane {
    engine: EngineHandle,
    signals: PaneSignals,
    nodes: ChartNodes,
    picture: Picture,
    studies: Studies,
    marks: MarketMarks,
    shown: Option<(String, Timeframe)>,
    /// Which revision of the layout the chart shows.
    layout: u64,
    /// Whether the layout says that the price range follows the bars.
    auto: bool,
    /// A stretch of time to be shown once there are bars for it.
    range: Option<TimeRange>,
    texts: Texts,
    legend: Option<LegendRoom>,
    _listeners: Vec<Listener>,
}

/// How far down the legend reaches.
struct LegendRoom {
    /// Where the chart does not know it yet, CSS pixels.
    fresh: Rc<Cell<Option<f64>>>,
    _watch: BottomWatch,
}

impl LegendRoom {
    /// Watches the legend.
    fn watch(engine: EngineHandle, legend: &Element) -> Option<Self> {
        let fresh = Rc::new(Cell::new(None));
        let told = Rc::clone(&fresh);
        let watch = canvas::watch_bottom(legend.dyn_ref()?, move |bottom| {
            told.set(Some(bottom));
            engine.request(Dirty::CURSOR);
        });
        Some(Self { fresh, _watch: watch.ok()? })
    }
}

impl Pane {
    /// Takes the canvases and starts to watch their size and the pointer.
    pub(super) fn mount(
        engine: EngineHandle,
        signals: PaneSignals,
        nodes: ChartNodes,
        stage: &HtmlDivElement,
    ) -> Result<Rc<RefCell<Self>>, CanvasError> {
        let legend = stage.parent_element().and_then(|chart| chart.query_selector(".legend").ok()?);
        let pane = Rc::new(RefCell::new(Self {
            engine,
            signals,
            nodes,
            picture: Picture::mount(stage, move |dirty| engine.request(dirty))?,
            studies: Studies::default(),
            marks: MarketMarks::default(),
            shown: None,
            layout: 0,
            auto: true,
            range: None,
            texts: Texts::default(),
            legend: legend.as_ref().and_then(|legend| LegendRoom::watch(engine, legend)),
            _listeners: Vec::new(),
        }));
        // They know the pane weakly, and go with it.
        pane.borrow_mut()._listeners = input::listen(stage, legend.as_ref(), &pane);
        Ok(pane)
    }

    /// Does what this frame asks for.
    pub(super) fn frame(&mut self, token: &FrameToken) {
        let dirty = token.dirty();
        let wanted = WANTED.into_iter().any(|wanted| dirty.any(wanted)) || self.ticks(dirty);
        let Some(themed) = self.picture.prepare(dirty, wanted) else { return };
        self.take_legend();
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
                    self.marks.update(instrument, store.shown_news());
                    let series = instrument.series(timeframe);
                    self.draw(series, Some(instrument), clock, token.time());
                    series.time().get(self.picture.chart.visible().start).copied()
                }
                None => {
                    self.draw(&Series::new(1), None, clock, token.time());
                    None
                }
            }
        });
        match drawn {
            // The store is in use: try again.
            None => self.engine.request(Dirty::LAST_BAR),
            // Not while the store is read: asking changes what the engine knows.
            Some(first) => {
                self.want_older();
                if let Some(first) = first.filter(|_| self.picture.chart.style().show.news) {
                    self.engine.load_headlines(Timestamp(first));
                }
            }
        }
    }

    /// Asks for older bars before the view comes to the first, and until those of a link are there. After
    /// a failure the person asks again.
    fn want_older(&self) {
        let idle = self.engine.signals().older.with_untracked(|older| *older == Older::Idle);
        if idle && (self.range.is_some() || self.picture.chart.visible().start < OLDER_FROM) {
            self.engine.load_older();
        }
    }

    /// Takes the height of the legend. With a crosshair it may be a line higher, for the time, and the
    /// chart stays as it is under the hand.
    fn take_legend(&mut self) {
        if self.picture.chart.pointed_bar().is_none()
            && let Some(bottom) = self.legend.as_ref().and_then(|legend| legend.fresh.take())
        {
            self.picture.chart.set_legend_height(bottom);
        }
    }

    /// Whether the passing of time alone changes the picture: the countdown.
    fn ticks(&self, dirty: Dirty) -> bool {
        dirty.any(Dirty::CLOCK) && self.picture.chart.style().show.last_price
    }

    /// Back to the last bar.
    pub(super) fn go_live(&mut self) {
        self.picture.chart.go_live();
    }

    /// The bars in view.
    pub(super) fn visible(&self) -> Range<usize> {
        self.picture.chart.visible()
    }

    /// Whether the view moves along with the last bar.
    pub(super) fn following(&self) -> bool {
        self.picture.chart.following()
    }

    /// The picture as scalable vector graphics, with `lines` over it; `None` while the store is in
    /// use.
    pub(super) fn svg(&mut self, lines: &[Line]) -> Option<String> {
        let (size, ratio) = (self.picture.size(), self.picture.ratio());
        self.flat(|chart, content| {
            let mut measure = text_width;
            let mut svg = Svg::new(size.0, size.1, ratio, &mut measure);
            let Ok(()) = chart.paint_flat(content, &mut svg);
            svg.lines(lines);
            svg.finish()
        })
    }

    /// The picture on a canvas of its own, with `lines` over it; `None` while the store is in use.
    pub(super) fn png(&mut self, lines: &[Line]) -> Option<HtmlCanvasElement> {
        let (size, ratio) = (self.picture.size(), self.picture.ratio());
        self.flat(|chart, content| {
            picture::compose(size, ratio, lines, |surface| chart.paint_flat(content, surface).ok())
        })?
    }

    /// The colours in force.
    pub(super) fn theme(&self) -> &Theme {
        self.picture.chart.theme()
    }

    /// The colour of an indicator's value in the legend.
    pub(super) fn study_color(&self, id: u32, output: usize, below: bool) -> Color {
        self.studies.color(id, output, below, self.theme())
    }

    /// Does something with the chart and what it shows.
    fn flat<R>(&mut self, draw: impl FnOnce(&mut Chart, &Content<'_>) -> R) -> Option<R> {
        let (symbol, timeframe) = self.engine.view();
        // Another one is chosen already, but the picture is of the last.
        self.shown.as_ref().filter(|shown| **shown == (symbol.clone(), timeframe))?;
        let Self { engine, picture, studies, marks, .. } = self;
        let clock = engine.market_now();
        engine.with_store(|store| {
            let empty = Series::new(1);
            let instrument = store.instrument(&symbol);
            let series = instrument.map_or(&empty, |i| i.series(timeframe));
            // Bars may have come since the last frame.
            let change = picture.take_change(series);
            studies.update(series);
            let (columns, count) = studies.columns();
            let content = Content {
                bars: &SeriesBars(series),
                values: columns.get(..count).unwrap_or_default(),
                marks: marks.marks(instrument, left(clock, series, instrument, timeframe)),
            };
            picture.chart.sync(&content, &change);
            draw(&mut picture.chart, &content)
        })
    }

    /// Takes what the person changed about the chart.
    fn take_layout(&mut self, themed: bool) {
        let settings = self.engine.settings();
        let changed = settings.changed_since(if themed { 0 } else { self.layout });
        let Some((revision, layout)) = changed else { return };
        self.layout = revision;
        self.texts.outdate();
        self.picture.chart.set_style(style::style(&layout));
        let (symbol, timeframe) = self.engine.view();
        self.studies.take(&layout, InstrumentClass::of(&symbol));
        self.nodes.studies.rest(|id| self.studies.at(None).any(|at| at.id == id));
        self.picture.chart.set_panes(self.studies.panes());
        self.picture.chart.set_zone(zone::chosen(layout.zone, (&symbol, timeframe)));
        if self.auto != layout.auto_scale {
            self.auto = layout.auto_scale;
            self.picture.chart.set_auto(0, layout.auto_scale);
        }
        self.range = settings.take_range().or(self.range);
    }

    fn change_series(&mut self) {
        let view = self.engine.view();
        if self.shown.as_ref() == Some(&view) {
            return;
        }
        let class = InstrumentClass::of(&view.0);
        self.picture.change_series(Options { interval_ns: view.1.nanos(), ..Options::default() });
        let choice = self.engine.settings().peek(|layout| layout.zone).unwrap_or_default();
        self.picture.chart.set_zone(zone::chosen(choice, (&view.0, view.1)));
        self.picture.chart.set_sessions(zone::sessions_of(&view.0));
        self.studies.reset(class);
        self.marks.reset();
        self.texts.reset();
        // Before the first symbol there is none, and a link is still to be followed.
        if self.shown.as_ref().is_some_and(|(symbol, _)| !symbol.is_empty()) {
            self.range = None;
        }
        if !std::mem::replace(&mut self.auto, true) {
            self.engine.change_layout(|layout| layout.auto_scale = true);
        }
        self.shown = Some(view);
    }

    fn draw(&mut self, series: &Series, instrument: Option<&Instrument>, clock: Option<Timestamp>, now: f64) {
        let change = self.picture.take_change(series);
        // Also where the series is as it was: an indicator may be new, or have other parameters.
        self.studies.update(series);
        let (_, timeframe) = self.engine.view();
        let bars = SeriesBars(series);
        let (columns, count) = self.studies.columns();
        let content = Content {
            bars: &bars,
            values: columns.get(..count).unwrap_or_default(),
            marks: self.marks.marks(instrument, left(clock, series, instrument, timeframe)),
        };
        self.picture.chart.sync(&content, &change);
        show_range(&mut self.range, &mut self.picture.chart, self.engine, series);
        let mut moved = false;
        let mut walked = false;
        let (mut split, mut grown) = (false, false);
        let (ratio, sheet) = (self.picture.ratio(), self.engine.signals().sheet);
        let (marks, headlines) = (&self.marks, self.signals.headlines);
        let open = |group: Option<NewsGroup>| {
            publish(headlines, group.map(|g| marks.headlines(g.first, g.count)).unwrap_or_default());
        };
        self.picture.hands(now, |action, chart| match action {
            Action::Walk(_) | Action::WalkPanes(_) => walked = true,
            Action::Help => publish(sheet, Some(Sheet::Keys)),
            Action::Click { x, region: Region::News, .. } => {
                open(chart.news_at((x * ratio).floor() as i32, TOUCH_REACH))
            }
            Action::Headlines => open(chart.news_at_crosshair()),
            Action::MoveSplitter { .. } => split = true,
            Action::GrowStep(_) => grown = true,
            Action::Point(_) => {}
            _ => moved = true,
        });
        if moved || walked {
            // The person has gone elsewhere.
            self.range = None;
        }
        if split || grown {
            self.keep_weights();
        }
        let painted = self.picture.draw(&content);
        if self.picture.wants_frame() {
            self.engine.request(Dirty::CURSOR);
        }
        let painted = match painted {
            Ok(painted) => painted,
            Err(error) => {
                publish(self.signals.failed, Some(error.to_string()));
                return;
            }
        };
        if painted != Layers::NONE {
            publish(self.signals.failed, None);
            publish(self.signals.following, self.picture.chart.following());
            self.write_legends(&bars);
            self.keep_auto();
        }
        if walked || grown {
            self.speak(&bars, grown);
        }
        self.texts.write((self.engine, self.signals), series, &self.picture.chart, now);
    }

    /// Writes the figures at the crosshair.
    fn write_legends(&self, bars: &SeriesBars<'_>) {
        let legend = self.picture.chart.legend(bars);
        let bar = legend.map(|legend| legend.index);
        self.nodes.legend.write(legend, &self.picture.chart, self.picture.ratio());
        let decimals = self.picture.chart.options().decimals;
        for at in self.studies.at(bar) {
            self.nodes.studies.write(at.id, at.values.get(..at.outputs).unwrap_or_default(), decimals);
            let panes = &self.picture.chart.layout().panes;
            let pane = panes.get(at.pane).filter(|_| at.pane > 0);
            let top = pane.map(|pane| f64::from(pane.plot.y) / self.picture.ratio());
            self.nodes.studies.place(at.id, top);
        }
    }

    /// Says where keys moved the crosshair, or how high they made its pane.
    fn speak(&self, bars: &SeriesBars<'_>, grown: bool) {
        let chart = &self.picture.chart;
        let pane = chart.pointed_pane();
        let words = if grown {
            let part = chart.weights().get(pane).map_or(1.0, |weight| *weight);
            Some(format!("Height of the pane {} %", (part * 100.0).round() as u32))
        } else {
            let own = self.studies.at(None).find(|at| pane > 0 && at.pane == pane);
            let line = |id| self.nodes.studies.lines().into_iter().find(|line| line.id == id);
            let words = own.and_then(|at| line(at.id)).map(|line| {
                let values = line.values.iter().map(|(text, _)| text).filter(|text| !text.is_empty());
                values.fold(line.name, |words, text| words + "  " + text)
            });
            spoken::bar(chart, bars, words)
        };
        if let Some(words) = words {
            self.engine.signals().announcer.announce(words);
        }
    }

    /// Keeps the heights that the hand gave to panes.
    fn keep_weights(&self) {
        let weights = self.picture.chart.weights();
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
        let auto = self.picture.chart.is_auto(0);
        if auto != self.auto {
            self.auto = auto;
            self.engine.change_layout(|layout| layout.auto_scale = auto);
        }
    }
}

impl Hand for Pane {
    fn gesture(&mut self, event: Event) -> bool {
        let ours = self.picture.gesture(event);
        self.engine.request(Dirty::CURSOR);
        ours
    }

    fn region(&self, at: (f64, f64), kind: Kind) -> Region {
        self.picture.region(at, kind)
    }

    fn gestures(&mut self) -> &mut Recognizer {
        self.picture.gestures()
    }
}

/// Seconds until the last bar ends by the source's clock.
fn left(
    clock: Option<Timestamp>,
    series: &Series,
    instrument: Option<&Instrument>,
    timeframe: Timeframe,
) -> Option<u32> {
    countdown(instrument?, timeframe, series.last()?.time, clock?)
}

/// Shows the stretch of time of a link once its bars are there, or what there is of it where no older ones
/// come.
fn show_range(range: &mut Option<TimeRange>, chart: &mut Chart, engine: EngineHandle, series: &Series) {
    let Some(wanted) = *range else { return };
    let ends = |older: &Older| matches!(older, Older::NoMore | Older::Full | Older::Failed(_));
    let all = engine.signals().older.with_untracked(ends) && !series.is_empty();
    let reaches = series.time().first().is_some_and(|first| Timestamp(*first) <= wanted.from);
    if !(reaches || all) {
        return;
    }
    // Where nothing was traded then there is nothing to show, however many pages come.
    *range = None;
    let rows = series.range(wanted.from, wanted.to);
    if rows.is_empty() {
        engine.signals().announcer.note(NOT_THERE);
    } else {
        chart.show(rows.start, rows.end - 1);
    }
}
