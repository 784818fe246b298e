//! The field "Symbol".

use leptos::ev::{self, Event, KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, InputEvent};

use crate::engine::handle::EngineHandle;
use crate::source::{MAX_SYMBOL_CHARS, normalize_symbol};
use crate::ui::{El, effect, el};

/// A text field with the symbols that the source knows. Enter shows what was typed, Escape brings
/// back what is shown.
#[must_use]
pub fn symbol_field(engine: EngineHandle) -> El {
    let signals = engine.signals();
    let message = RwSignal::new("");
    let input = el("input", "field symbol-field").attrs(&[
        ("id", "symbol"),
        ("type", "text"),
        ("list", "known-symbols"),
        ("autocomplete", "off"),
        ("autocapitalize", "characters"),
        ("spellcheck", "false"),
        ("enterkeyhint", "go"),
        ("placeholder", "Symbol"),
        ("maxlength", &MAX_SYMBOL_CHARS.to_string()),
        ("aria-describedby", "symbol-message"),
    ]);
    let field: HtmlInputElement = input.cast();

    let apply = {
        let field = field.clone();
        move || match normalize_symbol(&field.value()) {
            Ok(symbol) => {
                message.set("");
                field.set_value(&symbol);
                engine.set_symbol(&symbol);
            }
            Err(words) => message.set(words),
        }
    };
    let restored = field.clone();
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            message.set("");
            restored.set_value(&signals.symbol.get_untracked());
        }
    };
    let apply_picked = apply.clone();
    let on_input = move |event: Event| {
        message.set("");
        // Picking from the list replaces the text at once; typing inserts it.
        let picked = event.dyn_ref::<InputEvent>().is_none_or(|e| e.input_type() == "insertReplacementText");
        if picked {
            apply_picked();
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        apply();
    };
    let focused = field.clone();
    // Another place may change the symbol: the address bar, a source's default.
    effect(move || field.set_value(&signals.symbol.get()));

    let input = input
        .attr_of("aria-invalid", move || if message.get().is_empty() { "false" } else { "true" })
        .on(ev::input, on_input)
        .on(ev::focus, move |_| focused.select())
        .on(ev::keydown, on_key);
    let known = el("datalist", "").attr("id", "known-symbols").list(
        move || signals.known.get(),
        |known| known.symbol.clone(),
        |known| el("option", "").attr("value", &known.symbol).text(&known.name),
    );
    el("form", "symbol-form")
        .on(ev::submit, on_submit)
        .child(el("label", "visually-hidden").attr("for", "symbol").text("Symbol"))
        .child(input)
        .child(known)
        .child(
            el("span", "field-message")
                .attrs(&[("id", "symbol-message"), ("role", "alert")])
                .text_of(move || message.get()),
        )
}
