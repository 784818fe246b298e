//! What panels hold: a copyable handle to the engine, for reading and for asking.

use std::rc::{Rc, Weak};

use leptos::prelude::*;
use wickwire_market::Store;
use wickwire_market::Timeframe;
use wickwire_proto::time::Timestamp;

use super::Engine;
use crate::frame::{Dirty, FrameToken, Registration};
use crate::layout::Layout;
use crate::layout::settings::Settings;
use crate::source::Source;
use crate::state::Signals;
use crate::url::ViewUrl;

/// A copyable handle to the engine. All methods do nothing, or answer `None`, once the page that
/// made it is gone.
#[derive(Clone, Copy)]
pub struct EngineHandle {
    engine: StoredValue<Rc<Engine>, LocalStorage>,
    signals: Signals,
}

impl EngineHandle {
    /// Starts an engine owned by the current reactive owner; it stops with the owner.
    #[must_use]
    pub fn start() -> Self {
        let signals = Signals::new();
        let engine = Engine::new(signals);
        let this = Self { engine: StoredValue::new_local(Rc::clone(&engine)), signals };
        // The arena drops it with the owner, which shuts the sockets.
        let _ = StoredValue::new_local(StopOnDrop(Rc::downgrade(&engine)));
        engine.start();
        this
    }

    /// The signals.
    #[must_use]
    pub const fn signals(&self) -> Signals {
        self.signals
    }

    /// Reads the store. Not to be called from within itself; keep it short.
    pub fn with_store<R>(&self, read: impl FnOnce(&Store) -> R) -> Option<R> {
        self.engine.try_with_value(|engine| engine.with_store(read)).flatten()
    }

    /// The articles with these numbers, as the page shows them.
    #[must_use]
    pub fn news_rows(&self, ids: &[u64]) -> Vec<crate::state::news::NewsRow> {
        self.engine.try_with_value(|engine| engine.news_rows(ids)).unwrap_or_default()
    }

    /// The source's clock; `None` while it is being changed.
    #[must_use]
    pub fn market_now(&self) -> Option<Timestamp> {
        self.engine.try_with_value(|engine| engine.market_now()).flatten()
    }

    /// The shown symbol and timeframe, without subscribing to them.
    #[must_use]
    pub fn view(&self) -> (String, Timeframe) {
        (
            self.signals.symbol.try_get_untracked().unwrap_or_default(),
            self.signals.timeframe.try_get_untracked().unwrap_or(Timeframe::Min1),
        )
    }

    /// Marks `dirty` for the next animation frame.
    pub fn request(&self, dirty: Dirty) {
        let _ = self.engine.try_with_value(|engine| engine.frame().request(dirty));
    }

    /// Runs `paint` in every animation frame, after the signals were written, until the current
    /// reactive owner goes.
    pub fn on_paint(&self, paint: impl FnMut(&FrameToken) + 'static) {
        if let Some(registration) = self.engine.try_with_value(|engine| engine.frame().on_paint(paint)) {
            keep(registration);
        }
    }

    /// Shows another symbol, already normalized.
    pub fn set_symbol(&self, symbol: &str) {
        let _ = self.engine.try_with_value(|engine| Rc::clone(engine).set_symbol(symbol));
    }

    /// Shows another timeframe.
    pub fn set_timeframe(&self, timeframe: Timeframe) {
        let _ = self.engine.try_with_value(|engine| Rc::clone(engine).set_timeframe(timeframe));
    }

    /// The layout of the chart.
    #[must_use]
    pub const fn settings(&self) -> Settings {
        self.signals.settings
    }

    /// Changes the layout: it is shown in the next frame, and kept for the next visit.
    pub fn change_layout(&self, change: impl FnOnce(&mut Layout)) {
        let _ = self.engine.try_with_value(|engine| engine.change_layout(change));
    }

    /// The view as a link to share tells it, but for the time range.
    #[must_use]
    pub fn view_to_share(&self) -> ViewUrl {
        let mut view = self.engine.try_with_value(|engine| engine.address()).unwrap_or_default();
        self.signals.settings.describe(&mut view, true);
        view
    }

    /// Asks for the bars before the first loaded one of the shown series; what comes of it is told
    /// by [`Signals::older`]. Nothing happens while a page is on its way or if there are none.
    pub fn load_older(&self) {
        let _ = self.engine.try_with_value(|engine| engine.load_older());
    }

    /// Asks for news about the shown symbol back to `from`, a page at a time: once more after each. Nothing
    /// happens while one is on its way or if there is no more.
    pub fn load_headlines(&self, from: Timestamp) {
        let _ = self.engine.try_with_value(|engine| engine.load_headlines(from));
    }

    /// Asks for the bars that a view opens with, now and not after a pause.
    pub fn load_history(&self) {
        let _ = self.engine.try_with_value(|engine| engine.load_history());
    }

    /// The same for the newest articles.
    pub fn load_news(&self) {
        let _ = self.engine.try_with_value(|engine| engine.load_news());
    }

    /// Changes the source; `credentials` are what was typed in, key and secret, and are taken.
    pub fn set_source(&self, source: Source, credentials: Option<wickwire_proto::request::Credentials>) {
        let _ = self.engine.try_with_value(|engine| Rc::clone(engine).set_source(source, credentials));
    }

    /// Whether the current source has credentials in memory.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        self.engine.try_with_value(|engine| engine.has_credentials()).unwrap_or(false)
    }

    /// Frames painted in the last second, and the median milliseconds a frame kept the main
    /// thread busy.
    #[must_use]
    pub fn frame_figures(&self) -> (usize, f64) {
        self.engine
            .try_with_value(|engine| {
                engine.frame().with_timings(|t| (t.in_last_second(crate::dom::now_ms()), t.median_busy()))
            })
            .unwrap_or_default()
    }
}

/// Keeps a registration until the current reactive owner goes.
fn keep(registration: Registration) {
    let _ = StoredValue::new_local(registration);
}

struct StopOnDrop(Weak<Engine>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        if let Some(engine) = self.0.upgrade() {
            engine.shutdown();
        }
    }
}
