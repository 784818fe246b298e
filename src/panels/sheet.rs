//! The one dialog of the chart: indicators, settings or keys. It stands beside the chart where there
//! is room, so that what is set is seen at once, and below it on a phone.

use leptos::html;
use leptos::prelude::*;

use super::indicators::indicators;
use super::keys::keys;
use super::settings::settings;
use crate::engine::handle::EngineHandle;
use crate::state::Sheet;
use crate::widgets::icon::{CROSS, icon};

/// The dialog; open while [`Signals::sheet`](crate::state::Signals::sheet) says what is in it.
#[component]
pub fn SheetDialog(
    /// The engine behind the page.
    engine: EngineHandle,
) -> impl IntoView {
    let sheet = engine.signals().sheet;
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    let heading: NodeRef<html::H2> = NodeRef::new();
    let close = move || sheet.set(None);
    Effect::new(move |_| {
        let open = sheet.get().is_some();
        let Some(dialog) = dialog.get() else { return };
        if open && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        } else if let Some(heading) = heading.get_untracked().filter(|_| open) {
            // Other content: what had focus is gone.
            let _ = heading.focus();
        }
    });
    let title = move || match sheet.get() {
        Some(Sheet::Indicators(_)) => "Indicators",
        Some(Sheet::Keys) => "Keyboard",
        Some(Sheet::Settings) | None => "Chart settings",
    };
    let body = move || match sheet.get() {
        Some(Sheet::Indicators(wanted)) => indicators(engine, wanted),
        Some(Sheet::Settings) => settings(engine),
        Some(Sheet::Keys) => keys(),
        None => ().into_any(),
    };
    // The content covers all of the dialog: what is pressed on the dialog itself is its backdrop.
    let beside = move |event: leptos::ev::MouseEvent| {
        let target = event.target().map(wasm_bindgen::JsValue::from);
        let whole = dialog.get_untracked().map(wasm_bindgen::JsValue::from);
        if target == whole {
            close();
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="dialog sheet"
            aria-labelledby="sheet-title"
            on:close=move |_| close()
            on:click=beside
        >
            <div class="sheet-content">
                <header class="sheet-head">
                    <h2 node_ref=heading id="sheet-title" tabindex="-1" autofocus>{title}</h2>
                    <button
                        type="button"
                        class="button icon-button"
                        aria-label="Close"
                        title="Close"
                        on:click=move |_| close()
                    >
                        {icon(CROSS)}
                    </button>
                </header>
                <div class="sheet-body">{body}</div>
            </div>
        </dialog>
    }
}
