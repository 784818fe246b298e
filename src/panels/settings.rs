//! The sheet "Chart settings": everything about the chart that is not an indicator.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::controls::{PICKS, Pick};
use crate::engine::handle::EngineHandle;
use crate::export::file;
use crate::layout::kinds::Marks;
use crate::layout::{Layout, settings, text};
use crate::state::Sheet;
use crate::widgets::field;

/// The name of a layout's file.
const FILE: &str = "wickwire-layout.json";

/// What is in the sheet.
#[must_use]
pub fn settings(engine: EngineHandle) -> AnyView {
    let settings = engine.settings();
    let sheet = engine.signals().sheet;
    // The layout before the last reset or import, for as long as the sheet is open.
    let before: RwSignal<Option<Layout>> = RwSignal::new(None);
    let file: NodeRef<html::Input> = NodeRef::new();
    let replace = move |layout: Layout| {
        before.set(settings.peek(Clone::clone));
        take_over(engine, layout);
    };
    let picks = PICKS.iter().map(|pick| pick_row(engine, pick)).collect_view();
    let marks = Marks::TABLE
        .into_iter()
        .map(|(mark, _, label)| {
            field::check(
                label,
                move || settings.with(|layout| layout.marks.has(mark)),
                move |on| engine.change_layout(|layout| layout.marks = layout.marks.set(mark, on)),
            )
        })
        .collect_view();
    let auto = field::check(
        "Scale follows the bars in view",
        move || settings.with(|layout| layout.auto_scale),
        move |on| engine.change_layout(|layout| layout.auto_scale = on),
    );
    let import = move |_| {
        let Some(chosen) = file.get_untracked() else { return };
        let Some(first) = chosen.files().and_then(|files| files.get(0)) else { return };
        // So that the same file may be chosen again.
        chosen.set_value("");
        spawn_local(async move {
            let read = file::read(&first, text::MAX_BYTES).await;
            let announcer = engine.signals().announcer;
            match read.and_then(|json| settings::import(&json)) {
                Ok((layout, words)) => {
                    replace(layout);
                    announcer.note(words);
                }
                Err(words) => announcer.note(words),
            }
        });
    };
    let export = move || {
        let mut pieces = file::Pieces::default();
        pieces.push(&settings.export());
        if !pieces.save(FILE, "application/json") {
            engine.signals().announcer.note("The browser does not take the file.");
        }
    };
    let choose = move || {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    let reset = move || {
        let timeframe = settings.peek(|layout| layout.timeframe).unwrap_or_default();
        replace(Layout { timeframe, ..Layout::default() });
        engine.signals().announcer.note("The chart is as at the first visit.");
    };
    let undo = move |_| {
        if let Some(layout) = before.try_update(Option::take).flatten() {
            take_over(engine, layout);
            engine.signals().announcer.note("The chart is as before.");
        }
    };
    let go = move |to: Sheet| move || sheet.set(Some(to));
    view! {
        <div class="form-rows">{picks} {auto}</div>
        <fieldset class="checks">
            <legend>"Shown on the chart"</legend>
            {marks}
        </fieldset>
        <div class="sheet-actions">
            {field::button("Indicators", go(Sheet::Indicators(None)))}
            {field::button("Keyboard", go(Sheet::Keys))}
        </div>
        <h3>"Layout"</h3>
        <p class="form-words">"Kept in this browser. It never holds a key."</p>
        <div class="sheet-actions">
            {field::button("Export layout", export)} {field::button("Import layout", choose)}
            {field::button("Reset to defaults", reset)}
            <button
                type="button"
                class="button"
                class:hidden=move || before.with(Option::is_none)
                on:click=undo
            >
                "Undo"
            </button>
        </div>
        <input
            node_ref=file
            type="file"
            class="hidden"
            accept=".json,application/json"
            aria-label="Layout file"
            on:change=import
        />
    }
    .into_any()
}

fn pick_row(engine: EngineHandle, pick: &'static Pick) -> AnyView {
    let settings = engine.settings();
    field::select(
        pick.name,
        (pick.labels)(),
        move || settings.with(pick.get),
        move |i| engine.change_layout(|layout| (pick.set)(layout, i)),
    )
}

/// Shows another layout, its timeframe too.
fn take_over(engine: EngineHandle, layout: Layout) {
    let timeframe = layout.timeframe;
    engine.change_layout(|now| *now = layout);
    engine.set_timeframe(timeframe);
}
