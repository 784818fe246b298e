//! Keys of the page, and the sheet "Keyboard" that lists them with those of the chart.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use wickwire_chart::gesture;

use crate::dom::{self, Listener};
use crate::engine::handle::EngineHandle;
use crate::layout::kinds::Palette;
use crate::state::Sheet;
use crate::ui::{El, el};

/// Keys that the page itself knows, and what they do. Single letters act only while the chart or
/// nothing has focus (WCAG 2.2, 2.1.4).
const PAGE_KEYS: [(&str, &str); 3] =
    [("I", "Indicators"), ("C", "Colours: classic, or safe for the colour-blind"), ("?", "Show these keys")];

/// Listens to the keys of the page until the current owner goes.
pub fn listen(engine: EngineHandle) {
    let Some(document) = dom::document() else { return };
    let listener = Listener::new(&document, "keydown", move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>().filter(|event| is_ours(event)) {
            press(engine, event);
        }
    });
    let _ = StoredValue::new_local(listener);
}

fn press(engine: EngineHandle, event: &KeyboardEvent) {
    let sheet = engine.signals().sheet;
    match event.key().as_str() {
        "?" => sheet.set(Some(Sheet::Keys)),
        "i" | "I" => sheet.set(Some(Sheet::Indicators(None))),
        "c" | "C" => {
            let mut now = Palette::default();
            engine.change_layout(|layout| {
                layout.palette = match layout.palette {
                    Palette::Classic => Palette::Safe,
                    Palette::Safe => Palette::Classic,
                };
                now = layout.palette;
            });
            engine.signals().announcer.note(match now {
                Palette::Classic => "Colours: green and red.",
                Palette::Safe => "Colours: blue and orange.",
            });
        }
        _ => return,
    }
    event.prevent_default();
}

/// Whether a key is meant for the page: not typed into something, not held with others, and the
/// chart, or nothing at all, has focus.
fn is_ours(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
        return false;
    }
    let Some(focused) = dom::document().and_then(|d| d.active_element()) else { return true };
    let is_typing =
        |element: &Element| matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA");
    if is_typing(&focused) || matches!(focused.closest("dialog"), Ok(Some(_))) {
        return false;
    }
    event.key() == "?" || focused.tag_name() == "BODY" || matches!(focused.closest(".chart"), Ok(Some(_)))
}

/// What is in the sheet: a table of keys under a heading, and the page's own after it.
#[must_use]
pub fn keys() -> El {
    let heading = |words: &str| {
        let cell = el("th", "").attrs(&[("scope", "rowgroup"), ("colspan", "2")]).text(words);
        el("tr", "").child(cell)
    };
    let row = |(keys, does): &(&str, &str)| {
        el("tr", "")
            .child(el("th", "").attr("scope", "row").child(el("kbd", "").text(keys)))
            .child(el("td", "").text(does))
    };
    let rows = el("tbody", "")
        .child(heading("On the chart"))
        .children(gesture::KEYS.iter().map(row))
        .child(heading("Anywhere"))
        .children(PAGE_KEYS.iter().map(row));
    el("table", "keys").attr("aria-label", "Keys").child(rows)
}
