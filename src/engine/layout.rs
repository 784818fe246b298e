//! The layout of the chart: shown at once, kept a moment later, and told by the address bar.

use std::rc::Weak;

use super::Engine;
use crate::frame::Dirty;
use crate::layout::Layout;
use crate::url::ViewUrl;

/// How long a changed layout waits before it is kept: a colour that is dragged changes with every
/// move. Milliseconds.
const KEEP_AFTER_MS: u32 = 300;

impl Engine {
    /// Changes the layout: shows it in the next frame and keeps it a moment later.
    pub(super) fn change_layout(&self, change: impl FnOnce(&mut Layout)) {
        let changed = self.signals.settings.change(change);
        if !changed.any {
            return;
        }
        self.frame.request(Dirty::VIEW | Dirty::LAYOUT);
        if changed.colors {
            self.frame.request(Dirty::THEME);
        }
        if self.keeping.replace(true) {
            return;
        }
        let this = Weak::clone(&self.this);
        let keep = move || {
            if let Some(engine) = this.upgrade() {
                engine.keep_layout();
            }
        };
        gloo_timers::callback::Timeout::new(KEEP_AFTER_MS, keep).forget();
    }

    /// Keeps a changed layout for the next visit, and in the address.
    pub(super) fn keep_layout(&self) {
        if self.keeping.replace(false) {
            self.signals.settings.save();
            self.address().replace();
        }
    }

    /// The view as the address bar tells it.
    pub(super) fn address(&self) -> ViewUrl {
        let mut view = {
            let inner = self.inner.borrow();
            ViewUrl {
                source: inner.source,
                symbol: Some(inner.symbol.clone()).filter(|s| !s.is_empty()),
                timeframe: Some(inner.timeframe),
                ..ViewUrl::default()
            }
        };
        self.signals.settings.describe(&mut view, false);
        view
    }
}
