//! The one dialog of the chart: indicators, settings or keys. It stands beside the chart where there
//! is room, so that what is set is seen at once, and below it on a phone.

use leptos::ev;
use leptos::prelude::*;
use web_sys::HtmlDialogElement;

use super::indicators::indicators;
use super::keys::keys;
use super::settings::settings;
use crate::engine::handle::EngineHandle;
use crate::state::Sheet;
use crate::ui::{El, after, el};
use crate::widgets::field::bare_button;
use crate::widgets::icon::{CROSS, icon};

/// The dialog; open while [`Signals::sheet`](crate::state::Signals::sheet) says what is in it.
#[must_use]
pub fn sheet_dialog(engine: EngineHandle) -> El {
    let sheet = engine.signals().sheet;
    let close = move || sheet.set(None);
    let title = move || match sheet.get() {
        Some(Sheet::Indicators(_)) => "Indicators",
        Some(Sheet::Keys) => "Keyboard",
        Some(Sheet::Settings) | None => "Chart settings",
    };
    let body = move || match sheet.get() {
        Some(Sheet::Indicators(wanted)) => indicators(engine, wanted),
        Some(Sheet::Settings) => settings(engine),
        Some(Sheet::Keys) => vec![keys()],
        None => Vec::new(),
    };
    let heading =
        el("h2", "").attrs(&[("id", "sheet-title"), ("tabindex", "-1"), ("autofocus", "")]).text_of(title);
    let closer = bare_button("button icon-button", close)
        .attrs(&[("aria-label", "Close"), ("title", "Close")])
        .child(icon(CROSS));
    let content = el("div", "sheet-content")
        .child(el("header", "sheet-head").child(heading.clone()).child(closer))
        .child(el("div", "sheet-body").children_of(body));
    let dialog = el("dialog", "dialog sheet").attr("aria-labelledby", "sheet-title").child(content);
    let element: HtmlDialogElement = dialog.cast();
    let whole = dialog.clone();
    after(move || {
        let open = sheet.get().is_some();
        if open && !element.open() {
            let _ = element.show_modal();
        } else if !open && element.open() {
            element.close();
        } else if open {
            // Other content: what had focus is gone.
            heading.focus();
        }
    });
    // The content covers all of the dialog: what is pressed on the dialog itself is its backdrop.
    let beside = move |event: ev::MouseEvent| {
        if event.target().is_some_and(|target| target.loose_eq(whole.node())) {
            close();
        }
    };
    dialog.on(ev::close, move |_| close()).on(ev::click, beside)
}
