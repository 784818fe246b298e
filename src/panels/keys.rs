//! Keys of the page, and the sheet "Keyboard" that lists them with those of the chart.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use wickwire_chart::gesture;

use crate::dom::{self, Listener};
use crate::engine::handle::EngineHandle;
use crate::layout::kinds::Palette;
use crate::panels::chart::ChartHandle;
use crate::state::Sheet;
use crate::ui::{El, el};

/// Keys that the page itself knows, and what they do. Single letters act only while the chart or
/// nothing has focus (WCAG 2.2, 2.1.4).
const PAGE_KEYS: [(&str, &str); 3] =
    [("I", "Indicators"), ("C", "Colours: classic, or safe for the colour-blind"), ("?", "Show these keys")];

/// Listens to the keys of the page until the current owner goes.
pub fn listen(engine: EngineHandle, chart: ChartHandle) {
    let Some(document) = dom::document() else { return };
    let scroller = Rc::new(Cell::new(false));
    let pressed = Rc::clone(&scroller);
    let presses = Listener::new(&document, "pointerdown", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        pressed.set(target.is_some_and(|target| matches!(target.closest(SCROLLERS), Ok(Some(_)))));
    });
    let keys = Listener::new(&document, "keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let chart_takes = || is_for_chart(event, scroller.get()) && chart.press(event);
        if is_ours(event) && press(engine, event) || chart_takes() {
            event.prevent_default();
        }
    });
    let _ = StoredValue::new_local((presses, keys));
}

/// Whether it is one of the page's.
fn press(engine: EngineHandle, event: &KeyboardEvent) -> bool {
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
        _ => return false,
    }
    true
}

/// What scrolls by itself. A press there leaves focus nowhere, and keys scroll it.
const SCROLLERS: &str = ".bars-table, .news-list, .headlines";

/// Whether a key that nothing took is the chart's although something else has focus: any where nothing has,
/// and after a press of a button those that neither are characters nor act on buttons. Not what scrolls the
/// page, nor any where the last press was `in_scroller`.
fn is_for_chart(event: &KeyboardEvent, in_scroller: bool) -> bool {
    let Some(document) = dom::document().filter(|_| !event.default_prevented()) else { return false };
    // A click on the words of a sheet leaves nothing with focus.
    if !matches!(document.query_selector("dialog[open]"), Ok(None)) {
        return false;
    }
    let key = event.key();
    let vertical = matches!(key.as_str(), "ArrowUp" | "ArrowDown");
    let page = document.scrolling_element();
    if (vertical || matches!(key.as_str(), "PageUp" | "PageDown" | "Home" | "End"))
        && page.is_some_and(|page| page.scroll_height() > page.client_height())
    {
        return false;
    }
    let Some(focused) = document.active_element() else { return true };
    match focused.tag_name().as_str() {
        "BODY" => !in_scroller,
        "BUTTON" => {
            let within = |selector| !matches!(focused.closest(selector), Ok(None));
            let acts = matches!(key.as_str(), "Enter" | "Tab" | "Escape");
            // Menus are opened and walked by these.
            let opens = vertical && within("[aria-haspopup=menu]");
            key.len() > 1 && !acts && !opens && !within("[role=menu], [role=dialog]")
        }
        _ => false,
    }
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
