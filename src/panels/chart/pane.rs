//! Chart, canvases and the frame: what happens when something changed.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlDivElement};
use wickwire_chart::Layers;
use wickwire_chart::chart::Options;
use wickwire_market::{Series, Timeframe};

use super::bars::{SeriesBars, zone_of};
use super::legend::LegendNodes;
use super::picture::Picture;
use super::{PaneSignals, summary, table};
use crate::canvas::CanvasError;
use crate::engine::handle::EngineHandle;
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
    picture: Picture,
    shown: Option<(String, Timeframe)>,
    texts: Texts,
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
        canvases: [HtmlCanvasElement; 3],
    ) -> Result<Rc<RefCell<Self>>, CanvasError> {
        let picture = Picture::mount(stage, canvases, move |dirty| engine.request(dirty))?;
        let texts = Texts::default();
        Ok(Rc::new(RefCell::new(Self { engine, signals, legend, picture, shown: None, texts })))
    }

    /// Does what this frame asks for.
    pub(super) fn frame(&mut self, token: &FrameToken) {
        if !self.picture.prepare(token.dirty()) {
            return;
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
        self.picture.chart.go_live();
    }

    fn change_series(&mut self) {
        let view = self.engine.view();
        if self.shown.as_ref() == Some(&view) {
            return;
        }
        self.picture.change_series(Options { interval_ns: view.1.nanos(), ..Options::default() });
        self.picture.chart.set_zone(zone_of(&view.0));
        self.texts.at = 0.0;
        self.shown = Some(view);
    }

    fn draw(&mut self, series: &Series, now: f64) {
        let painted = match self.picture.draw(series) {
            Ok(painted) => painted,
            Err(error) => {
                publish(self.signals.failed, Some(error.to_string()));
                return;
            }
        };
        if painted != Layers::NONE {
            publish(self.signals.failed, None);
            let chart = &self.picture.chart;
            publish(self.signals.following, chart.following());
            self.legend.write(chart.legend(&SeriesBars(series)), chart);
        }
        self.write_texts(series, now);
    }

    /// Brings table and summary up to date, unless they were written a moment ago; then later.
    fn write_texts(&mut self, series: &Series, now: f64) {
        let texts = &mut self.texts;
        let (revision, settled) = (series.revision(), series.settled_revision());
        let visible = self.picture.chart.visible();
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
        let chart = &self.picture.chart;
        let decimals = chart.options().decimals;
        publish(self.signals.rows, table::rows(series, &visible, decimals));
        let (symbol, timeframe) = self.engine.view();
        let words = summary::words(&symbol, timeframe, &SeriesBars(series), &visible, chart);
        publish(self.signals.summary, words);
    }
}
