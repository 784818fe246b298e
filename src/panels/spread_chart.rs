//! Bid, ask and spread of the shown symbol over time, drawn by plotters' own canvas backend: it
//! changes a few times a second only, so what that backend costs does not matter.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use plotters_canvas::CanvasBackend;
use web_sys::HtmlCanvasElement;
use wickwire_chart::spread::{self, Sample, SpreadOptions};
use wickwire_chart::{Plotters, Theme, Zone};
use wickwire_market::{SpreadHistory, Store};

use crate::canvas::{self, CanvasError, DIGITS_FACE, Size};
use crate::engine::handle::EngineHandle;
use crate::format::base_decimals;
use crate::frame::{Dirty, FrameToken};
use crate::panels::chart::zone_of;
use crate::state::publish;
use crate::ui::{El, after, el};

/// Least time between two paintings, milliseconds.
const INTERVAL: f64 = 250.0;

/// The spread of the shown symbol over time.
#[must_use]
pub fn spread_chart(engine: EngineHandle) -> El {
    let empty = RwSignal::new(true);
    let canvas = el("canvas", "")
        .attrs(&[("role", "img"), ("aria-label", "Bid, ask and spread over the last minutes")]);
    let pane: StoredValue<Option<Rc<RefCell<SpreadPane>>>, LocalStorage> = StoredValue::new_local(None);
    let element: HtmlCanvasElement = canvas.cast();
    after(move || {
        if let Ok(mounted) = SpreadPane::mount(engine, empty, element.clone()) {
            pane.set_value(Some(Rc::new(RefCell::new(mounted))));
        }
    });
    engine.on_paint(move |token| {
        let _ = pane.try_with_value(|pane| {
            if let Some(mut pane) = pane.as_ref().and_then(|pane| pane.try_borrow_mut().ok()) {
                pane.frame(token);
            }
        });
    });
    let caption = move || if empty.get() { "No quotes yet" } else { "Bid, ask and spread, last minutes" };
    el("figure", "spread-chart")
        .class_if("empty", move || empty.get())
        .child(canvas)
        .child(el("figcaption", "spread-caption").text_of(caption))
}

struct SpreadPane {
    engine: EngineHandle,
    empty: RwSignal<bool>,
    canvas: HtmlCanvasElement,
    pending_size: Rc<Cell<Option<Size>>>,
    size: Size,
    theme: Option<Theme>,
    zone: (String, Box<dyn Zone>),
    samples: Vec<Sample>,
    painted_at: f64,
    dirty: bool,
    scheduled: Rc<Cell<bool>>,
    watch: canvas::SizeWatch,
}

impl SpreadPane {
    fn mount(
        engine: EngineHandle,
        empty: RwSignal<bool>,
        canvas: HtmlCanvasElement,
    ) -> Result<Self, CanvasError> {
        let pending_size = Rc::new(Cell::new(None));
        let resized = Rc::clone(&pending_size);
        let watch = canvas::watch_size(&canvas, move |size| {
            resized.set(Some(size));
            engine.request(Dirty::LAYOUT);
        })?;
        Ok(Self {
            engine,
            empty,
            canvas,
            pending_size,
            size: Size::default(),
            theme: None,
            zone: (String::new(), zone_of("")),
            samples: Vec::new(),
            painted_at: f64::NEG_INFINITY,
            dirty: true,
            scheduled: Rc::default(),
            watch,
        })
    }

    fn frame(&mut self, token: &FrameToken) {
        let dirty = token.dirty();
        if let Some(size) = self.watch.changed_ratio() {
            self.pending_size.set(Some(size));
        }
        let resized = self.pending_size.get().is_some();
        let at_once = resized || dirty.any(Dirty::VIEW | Dirty::THEME | Dirty::LAYOUT);
        self.dirty |= at_once || dirty.any(Dirty::SPREAD);
        if !self.dirty {
            return;
        }
        let wait = INTERVAL - (token.time() - self.painted_at);
        if !at_once && wait > 0.0 {
            if !self.scheduled.replace(true) {
                let (engine, scheduled) = (self.engine, Rc::clone(&self.scheduled));
                let later = move || {
                    scheduled.set(false);
                    engine.request(Dirty::SPREAD);
                };
                set_timeout(later, std::time::Duration::from_millis(wait as u64 + 1));
            }
            return;
        }
        if let Some(size) = self.pending_size.take() {
            // plotters-canvas knows nothing of device pixels: it draws on as many as there are.
            self.canvas.set_width(size.width);
            self.canvas.set_height(size.height);
            self.size = size;
        }
        if at_once || self.theme.is_none() {
            self.theme = canvas::theme().ok().or(self.theme);
        }
        self.paint();
        self.painted_at = token.time();
    }

    fn paint(&mut self) {
        let Some(theme) = self.theme else { return };
        if self.size.width == 0 || self.size.height == 0 {
            return;
        }
        let (symbol, _) = self.engine.view();
        if self.zone.0 != symbol {
            self.zone = (symbol.clone(), zone_of(&symbol));
        }
        let samples = &mut self.samples;
        let read = |store: &Store| {
            samples.clear();
            if let Some(instrument) = store.instrument(&symbol) {
                take(instrument.spread_history(), samples);
            }
        };
        if self.engine.with_store(read).is_none() {
            return;
        }
        publish(self.empty, self.samples.is_empty());
        let Some(mut backend) = CanvasBackend::with_canvas_object(self.canvas.clone()) else { return };
        let price = self.samples.iter().rev().find_map(|s| s.bid.or(s.ask)).unwrap_or(1.0);
        let options = SpreadOptions {
            theme,
            ratio: self.size.ratio,
            decimals: base_decimals(price),
            zone: self.zone.1.as_ref(),
        };
        // A refusal leaves the picture of before; the next change tries again.
        let mut surface = Plotters::new(&mut backend).family(DIGITS_FACE);
        let size = [self.size.width, self.size.height].map(|side| i32::try_from(side).unwrap_or(i32::MAX));
        self.dirty = spread::draw(&mut surface, size.into(), &self.samples, &options).is_err();
    }
}

/// The samples of the time that is shown.
fn take(history: &SpreadHistory, samples: &mut Vec<Sample>) {
    let shown = spread::window(history.time());
    samples.extend(shown.filter_map(|i| {
        let point = history.get(i)?;
        Some(Sample { time_ns: point.time.nanos(), bid: point.bid, ask: point.ask })
    }));
}
