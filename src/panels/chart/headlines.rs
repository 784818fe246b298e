//! The headlines behind a mark on the time axis, in a note over the chart.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;

use super::focus_stage;
use crate::engine::handle::EngineHandle;
use crate::frame::Dirty;
use crate::panels::news::news_item;
use crate::ui::{El, after, el};
use crate::widgets::field::bare_button;

/// The note; it is there as long as `ids` names articles, by their numbers.
#[must_use]
pub fn headlines(engine: EngineHandle, ids: RwSignal<Vec<u64>>) -> El {
    let shut = move || {
        ids.set(Vec::new());
        focus_stage();
        engine.request(Dirty::CURSOR);
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            shut();
        }
    };
    let note = move || {
        let close = bare_button("button icon-button", shut)
            .attr("aria-label", "Close headlines")
            .child(el("span", "").attr("aria-hidden", "true").text("×"));
        let button = close.clone();
        // By keys one gets on from here.
        after(move || {
            if !ids.with(Vec::is_empty) {
                button.focus();
            }
        });
        let rows =
            move || engine.news_rows(&ids.get()).into_iter().map(|row| news_item(engine, row)).collect();
        el("div", "headlines")
            .attrs(&[("role", "dialog"), ("aria-label", "Headlines at this time")])
            .on(ev::keydown, keys)
            .child(close)
            .child(el("ul", "news-list").attr("aria-label", "Headlines").children_of(rows))
    };
    el("div", "").child_if(move || !ids.with(Vec::is_empty), note)
}
