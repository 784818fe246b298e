//! The field "Symbol".

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::source::{MAX_SYMBOL_CHARS, normalize_symbol};

/// A text field with the symbols that the source knows. Enter shows what was typed, Escape brings
/// back what is shown.
#[component]
pub fn SymbolField(
    /// The engine behind the page.
    engine: EngineHandle,
) -> impl IntoView {
    let signals = engine.signals();
    let field: NodeRef<html::Input> = NodeRef::new();
    let message = RwSignal::new("");

    let restore = move || {
        message.set("");
        if let Some(field) = field.get_untracked() {
            field.set_value(&signals.symbol.get_untracked());
        }
    };
    let apply = move || {
        let Some(input) = field.get_untracked() else { return };
        match normalize_symbol(&input.value()) {
            Ok(symbol) => {
                message.set("");
                input.set_value(&symbol);
                engine.set_symbol(&symbol);
            }
            Err(words) => message.set(words),
        }
    };
    // Another place may change the symbol: the address bar, a source's default.
    Effect::new(move |_| {
        let symbol = signals.symbol.get();
        if let Some(field) = field.get() {
            field.set_value(&symbol);
        }
    });

    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        apply();
    };
    let on_input = move |event: leptos::ev::Event| {
        message.set("");
        // Picking from the list replaces the text at once; typing inserts it.
        let picked = wasm_bindgen::JsCast::dyn_ref::<web_sys::InputEvent>(&event)
            .is_none_or(|e| e.input_type() == "insertReplacementText");
        if picked {
            apply();
        }
    };
    view! {
        <form class="symbol-form" on:submit=on_submit>
            <label class="visually-hidden" for="symbol">"Symbol"</label>
            <input
                node_ref=field
                id="symbol"
                class="field symbol-field"
                type="text"
                list="known-symbols"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                enterkeyhint="go"
                placeholder="Symbol"
                maxlength=MAX_SYMBOL_CHARS.to_string()
                aria-invalid=move || if message.get().is_empty() { "false" } else { "true" }
                aria-describedby="symbol-message"
                on:input=on_input
                on:focus=move |_| {
                    if let Some(field) = field.get_untracked() {
                        field.select();
                    }
                }
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        restore();
                    }
                }
            />
            <datalist id="known-symbols">
                <For
                    each=move || signals.known.get()
                    key=|known| known.symbol.clone()
                    children=|known| view! { <option value=known.symbol.clone()>{known.name}</option> }
                />
            </datalist>
            <span id="symbol-message" class="field-message" role="alert">{message}</span>
        </form>
    }
}
