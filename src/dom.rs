//! Small reads from the browser, each with an answer where there is no browser.

use std::borrow::Cow;
use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// The window, in a page.
#[must_use]
pub fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

/// The document, in a page.
#[must_use]
pub fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Milliseconds since the page started: monotonic, unlike the wall clock.
#[must_use]
pub fn now_ms() -> f64 {
    thread_local! {
        // Asked several times a frame: looked up once.
        static CLOCK: Option<web_sys::Performance> = web_sys::window().and_then(|w| w.performance());
    }
    CLOCK.with(|clock| clock.as_ref().map_or(0.0, web_sys::Performance::now))
}

/// The same as a [`Duration`], which is what sessions and the exchange take.
#[must_use]
pub fn now() -> Duration {
    Duration::from_secs_f64((now_ms() / 1000.0).max(0.0))
}

/// The wall clock in milliseconds since the epoch. For what people read, never for timers.
#[must_use]
pub fn wall_clock_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Whether the tab is hidden.
#[must_use]
pub fn is_hidden() -> bool {
    document().is_some_and(|d| d.visibility_state() == web_sys::VisibilityState::Hidden)
}

/// Whether the page stands in another page's frame, where keys must not be typed in.
#[must_use]
pub fn is_framed() -> bool {
    let Some(window) = web_sys::window() else { return false };
    match window.top() {
        Ok(Some(top)) => !js_sys::Object::is(top.as_ref(), window.as_ref()),
        // A frame of another origin may refuse the question.
        _ => true,
    }
}

/// Whether the browser knows that it has no network. It may not know.
#[must_use]
pub fn is_offline() -> bool {
    web_sys::window().is_some_and(|w| !w.navigator().on_line())
}

/// A seed for jitter; not for anything secret.
#[must_use]
pub fn random_seed() -> u64 {
    (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64
}

/// Takes away the notice that `index.html` shows while the page loads.
pub fn remove_boot_notice() {
    if let Some(notice) = document().and_then(|d| d.get_element_by_id("boot")) {
        notice.remove();
    }
}

/// The base against which relative addresses are resolved; respects a path prefix.
#[must_use]
pub fn base_uri() -> Option<String> {
    document()?.base_uri().ok().flatten()
}

/// What lives longer than a visit, where the browser lets the page have it.
#[must_use]
pub fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Whether a media query holds now.
#[must_use]
pub fn media_matches(query: &str) -> bool {
    web_sys::window().and_then(|w| w.match_media(query).ok().flatten()).is_some_and(|m| m.matches())
}

/// A listener that goes with this value.
#[must_use = "dropping it removes the listener"]
pub struct Listener {
    target: web_sys::EventTarget,
    name: Cow<'static, str>,
    closure: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    /// Calls `handler` for every event `name` on `target` until the value is dropped.
    pub fn new(
        target: &web_sys::EventTarget,
        name: &'static str,
        handler: impl FnMut(web_sys::Event) + 'static,
    ) -> Self {
        Self::boxed(target, name.into(), Box::new(handler))
    }

    /// The same for a handler that is in a box already.
    pub fn boxed(
        target: &web_sys::EventTarget,
        name: Cow<'static, str>,
        handler: Box<dyn FnMut(web_sys::Event)>,
    ) -> Self {
        let closure = Closure::wrap(handler);
        let _ = target.add_event_listener_with_callback(&name, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), name, closure }
    }

    /// The same for events whose default `handler` may prevent, which browsers otherwise do not
    /// promise for wheel and touch.
    pub fn active(
        target: &web_sys::EventTarget,
        name: &'static str,
        handler: impl FnMut(web_sys::Event) + 'static,
    ) -> Self {
        let closure = Closure::<dyn FnMut(web_sys::Event)>::new(handler);
        let options = web_sys::AddEventListenerOptions::new();
        options.set_passive(false);
        let callback = closure.as_ref().unchecked_ref();
        let _ =
            target.add_event_listener_with_callback_and_add_event_listener_options(name, callback, &options);
        Self { target: target.clone(), name: name.into(), closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback(&self.name, self.closure.as_ref().unchecked_ref());
    }
}
