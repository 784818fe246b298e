//! What the page tells the engine: visibility, network, leaving and coming back, the heartbeat.

use std::rc::Weak;

use gloo_timers::callback::Interval;
use wickwire_market::InstrumentClass;
use wickwire_market::calendar::expects_data;

use super::{Engine, HEARTBEAT_MS, Inner, relay};
use crate::dom::{self, Listener};
use crate::frame::Dirty;
use crate::source::{Feed, Source};
use crate::state::DataKind;

/// How late the delayed feed is, in nanoseconds.
const DELAY: i64 = 15 * 60 * 1_000_000_000;

impl Engine {
    pub(super) fn listen(&self) {
        let mut kept = self.kept.borrow_mut();
        let on = |target: &web_sys::EventTarget, name, handle: fn(&Self, &web_sys::Event)| {
            let this = Weak::clone(&self.this);
            Listener::new(target, name, move |event| {
                if let Some(engine) = this.upgrade() {
                    handle(&engine, &event);
                }
            })
        };
        if let Some(document) = dom::document() {
            kept.listeners.push(on(&document, "visibilitychange", |engine, _| engine.on_visibility()));
        }
        if let Some(window) = dom::window() {
            kept.listeners.push(on(&window, "online", |engine, _| {
                engine.drive_all(|session, now| session.handle_online(now));
                engine.frame.request(Dirty::CONNECTION);
            }));
            kept.listeners.push(on(&window, "offline", |engine, _| engine.frame.request(Dirty::CONNECTION)));
            // A clean close frees Alpaca's one connection at once, and lets the browser keep the
            // page for its back button.
            kept.listeners.push(on(&window, "pagehide", |engine, _| {
                engine.drive_all(|session, now| session.stop(now));
                engine.keep_layout();
            }));
            kept.listeners.push(on(&window, "pageshow", |engine, event| {
                let kept = wasm_bindgen::JsCast::dyn_ref::<web_sys::PageTransitionEvent>(event)
                    .is_some_and(web_sys::PageTransitionEvent::persisted);
                if kept {
                    engine.drive_all(|session, now| session.start(now));
                    engine.load_history();
                    engine.load_news();
                    engine.frame.request(Dirty::ALL);
                }
            }));
        }
        for query in ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"] {
            let Ok(Some(scheme)) = dom::window().map_or(Ok(None), |w| w.match_media(query)) else { continue };
            kept.listeners.push(on(&scheme, "change", |engine, _| {
                // The signal's value may be the same while its meaning is not.
                let theme = engine.signals.theme;
                leptos::prelude::Update::update(&theme, |_| {});
                engine.frame.request(Dirty::THEME);
            }));
        }
        let this = Weak::clone(&self.this);
        kept.registrations.push(self.frame.on_publish(move |dirty| {
            if let Some(engine) = this.upgrade() {
                engine.publish(dirty);
            }
        }));
        let this = Weak::clone(&self.this);
        let mut beats = 0_u32;
        kept.heartbeat = Some(Interval::new(HEARTBEAT_MS, move || {
            beats = beats.wrapping_add(1);
            if let Some(engine) = this.upgrade() {
                engine.on_heartbeat(beats);
            }
        }));
    }

    fn on_visibility(&self) {
        let hidden = dom::is_hidden();
        self.frame.set_hidden(hidden);
        if !hidden {
            // Timers of a hidden tab come late, and the machine may have slept: look at the clock
            // now, and ask for a sign of life.
            self.drive_all(|session, now| {
                session.handle_timeout(now);
                session.handle_online(now);
            });
            self.poll_relay();
        }
    }

    fn on_heartbeat(&self, beats: u32) {
        self.update_expectations();
        if beats.is_multiple_of(relay::POLL_BEATS) && !self.frame.is_hidden() {
            self.poll_relay();
        }
        self.frame.request(Dirty::CONNECTION | Dirty::CLOCK);
    }
}

impl Inner {
    /// Whether the shown symbol should have market data now, so that silence is a fault.
    pub(super) fn data_expected(&self) -> bool {
        if self.finished || self.clock.has_ended() {
            return false;
        }
        let live = match self.source {
            // The exchange in the page cannot be silent by a fault; its timers may be late.
            None | Some(Source::Demo) => return false,
            Some(Source::Relay { .. }) => self.label.kind == DataKind::Live,
            Some(Source::Direct { .. }) => true,
        };
        let class = InstrumentClass::of(&self.symbol);
        let now = self.clock.now();
        match self.source.map(Source::feed).unwrap_or_default() {
            _ if !live => true,
            Feed::Test => true,
            Feed::DelayedSip => expects_data(class, now.plus_nanos(-DELAY)),
            Feed::Iex | Feed::Sip => expects_data(class, now),
        }
    }
}
