//! What of an element follows signals.

use std::borrow::Cow;

use leptos::prelude::{Effect, LocalStorage, Owner, RenderEffect, StoredValue, UpdateValue, untrack};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, HtmlInputElement, Text};

use super::El;
use super::element::create_text;

/// Text from a signal: a constant or made for the moment.
pub type Words = Cow<'static, str>;

/// Runs `run` now, and again after a change of what it read.
pub fn effect(run: impl FnMut() + 'static) {
    bound(Box::new(run));
}

fn bound(mut run: Box<dyn FnMut()>) {
    // Lives as long as the owner that is current.
    let _ = StoredValue::new_local(RenderEffect::new(move |_| run()));
}

/// As [`effect`], with the first run when the page has been built and stands: for focus and scrolling.
pub fn after(run: impl FnMut() + 'static) {
    later(Box::new(run));
}

fn later(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| run());
}

/// An owner whose values end when it is dropped. Owners keep a mark of every child they ever had, so
/// that children which come and go are no children.
pub(super) fn apart() -> Owner {
    let around = Owner::current();
    if let Some(around) = &around {
        around.clone().unset();
    }
    let owner = Owner::new();
    if let Some(around) = around {
        around.set();
    }
    owner
}

/// Builds within `owner`, without following what is read meanwhile.
pub(super) fn build<T>(owner: &Owner, build: impl FnOnce() -> T) -> T {
    owner.with(|| untrack(build))
}

/// Runs `write` with each new text.
fn on_words(words: Box<dyn Fn() -> Words>, write: Box<dyn Fn(&str)>) {
    let mut written: Option<Words> = None;
    bound(Box::new(move || {
        let words = words();
        if written.as_ref() != Some(&words) {
            write(&words);
            written = Some(words);
        }
    }));
}

/// Runs `write` with each new state.
fn on_state(state: Box<dyn Fn() -> bool>, write: Box<dyn Fn(bool)>) {
    let mut written = None;
    bound(Box::new(move || {
        let state = state();
        if written != Some(state) {
            write(state);
            written = Some(state);
        }
    }));
}

/// Where children come and go: an empty text stands behind them.
pub(super) fn place(parent: &Element) -> Text {
    let place = create_text("");
    let _ = parent.append_child(&place);
    place
}

/// Puts an element before a place.
pub(super) fn put(child: &Element, place: &web_sys::Node) {
    if let Some(parent) = place.parent_node() {
        let _ = parent.insert_before(child, Some(place));
    }
}

impl El {
    /// With text that follows signals, after what is there.
    #[must_use]
    pub fn text_of<T: Into<Words>>(self, words: impl Fn() -> T + 'static) -> Self {
        let text = place(self.node());
        on_words(Box::new(move || words().into()), Box::new(move |words| text.set_data(words)));
        self
    }

    /// With an attribute that follows signals.
    #[must_use]
    pub fn attr_of<T: Into<Words>>(self, name: &'static str, value: impl Fn() -> T + 'static) -> Self {
        let element = self.node().clone();
        let write = move |value: &str| {
            let _ = element.set_attribute(name, value);
        };
        on_words(Box::new(move || value().into()), Box::new(write));
        self
    }

    /// With a class that is there while `on` says so.
    #[must_use]
    pub fn class_if(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        let classes = self.node().class_list();
        let write = move |on| {
            let _ = classes.toggle_with_force(name, on);
        };
        on_state(Box::new(on), Box::new(write));
        self
    }

    /// With a property of the element, such as `checked`, that follows signals.
    #[must_use]
    pub fn prop_of(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        let element = self.node().clone();
        bound(Box::new(move || {
            let on = on();
            // Looked up, not remembered: a person may have changed it since it was written.
            if is(&element, name) != on {
                let _ = js_sys::Reflect::set(&element, &name.into(), &JsValue::from_bool(on));
            }
        }));
        self
    }

    /// With a value that follows signals, for a field. What is typed stays until it is another.
    #[must_use]
    pub fn value_of<T: Into<Words>>(self, value: impl Fn() -> T + 'static) -> Self {
        let field: HtmlInputElement = self.cast();
        on_words(Box::new(move || value().into()), Box::new(move |value| field.set_value(value)));
        self
    }

    /// With a property of its style that follows signals.
    #[must_use]
    pub fn style_of<T: Into<Words>>(self, name: &'static str, value: impl Fn() -> T + 'static) -> Self {
        let style = self.node().unchecked_ref::<HtmlElement>().style();
        let write = move |value: &str| {
            let _ = style.set_property(name, value);
        };
        on_words(Box::new(move || value().into()), Box::new(write));
        self
    }

    /// With a child that is there while `on` says so, built anew each time it comes.
    #[must_use]
    pub fn child_if(self, on: impl Fn() -> bool + 'static, child: impl Fn() -> El + 'static) -> Self {
        conditional(self.node(), Box::new(on), Box::new(child));
        self
    }

    /// With children that are built anew after every change of what `children` read.
    #[must_use]
    pub fn children_of(self, children: impl Fn() -> Vec<El> + 'static) -> Self {
        following(self.node(), Box::new(children));
        self
    }
}

fn is(element: &Element, name: &str) -> bool {
    js_sys::Reflect::get(element, &name.into()).is_ok_and(|value| value.is_truthy())
}

fn conditional(parent: &Element, on: Box<dyn Fn() -> bool>, child: Box<dyn Fn() -> El>) {
    let place = place(parent);
    // Kept by the owner, not by the effect: what the child follows ends at once with what is around.
    let shown: StoredValue<Option<(El, Owner)>, LocalStorage> = StoredValue::new_local(None);
    bound(Box::new(move || {
        let on = on();
        match (on, shown.try_update_value(Option::take)) {
            (false, Some(Some((child, _)))) => child.node().remove(),
            (true, Some(None)) => {
                let owner = apart();
                let child = build(&owner, &child);
                put(child.node(), &place);
                let _ = shown.try_update_value(|shown| *shown = Some((child, owner)));
            }
            (_, Some(same)) => {
                let _ = shown.try_update_value(|shown| *shown = same);
            }
            (_, None) => {}
        }
    }));
}

fn following(parent: &Element, children: Box<dyn Fn() -> Vec<El>>) {
    let place = place(parent);
    let shown: StoredValue<(Vec<El>, Option<Owner>), LocalStorage> =
        StoredValue::new_local((Vec::new(), None));
    bound(Box::new(move || {
        let owner = apart();
        let next = owner.with(&children);
        for child in &next {
            put(child.node(), &place);
        }
        // What was there is taken away before what it followed ends: leaving, it may tell of a last change.
        if let Some((gone, _owner)) =
            shown.try_update_value(|shown| std::mem::replace(shown, (next, Some(owner))))
        {
            for child in gone {
                child.node().remove();
            }
        }
    }));
}
