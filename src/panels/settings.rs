//! The sheet "Chart settings": everything about the chart that is not an indicator.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;

use super::controls::{PICKS, Pick};
use crate::engine::handle::EngineHandle;
use crate::export::file;
use crate::layout::kinds::Marks;
use crate::layout::{Layout, settings, text};
use crate::state::Sheet;
use crate::ui::{El, el};
use crate::widgets::field;

/// The name of a layout's file.
const FILE: &str = "wickwire-layout.json";

/// What is in the sheet.
#[must_use]
pub fn settings(engine: EngineHandle) -> Vec<El> {
    let settings = engine.settings();
    let sheet = engine.signals().sheet;
    // The layout before the last reset or import, for as long as the sheet is open.
    let before: RwSignal<Option<Layout>> = RwSignal::new(None);
    let file_field = el("input", "hidden").attrs(&[
        ("type", "file"),
        ("accept", ".json,application/json"),
        ("aria-label", "Layout file"),
    ]);
    let chosen: HtmlInputElement = file_field.cast();
    let chooser = chosen.clone();
    let replace = move |layout: Layout| {
        before.set(settings.peek(Clone::clone));
        take_over(engine, layout);
    };
    let marks = Marks::TABLE.into_iter().map(|(mark, _, label)| {
        field::check(
            label,
            move || settings.with(|layout| layout.marks.has(mark)),
            move |on| engine.change_layout(|layout| layout.marks = layout.marks.set(mark, on)),
        )
    });
    let auto = field::check(
        "Scale follows the bars in view",
        move || settings.with(|layout| layout.auto_scale),
        move |on| engine.change_layout(|layout| layout.auto_scale = on),
    );
    let import = move |_| {
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
    let choose = move || chooser.click();
    let reset = move || {
        let timeframe = settings.peek(|layout| layout.timeframe).unwrap_or_default();
        replace(Layout { timeframe, ..Layout::default() });
        engine.signals().announcer.note("The chart is as at the first visit.");
    };
    let undo = move || {
        if let Some(layout) = before.try_update(Option::take).flatten() {
            take_over(engine, layout);
            engine.signals().announcer.note("The chart is as before.");
        }
    };
    let go = move |to: Sheet| move || sheet.set(Some(to));
    let button = |label, press: Box<dyn Fn()>| field::button("button", label, press);
    vec![
        el("div", "form-rows").children(PICKS.iter().map(|pick| pick_row(engine, pick))).child(auto),
        el("fieldset", "checks").child(el("legend", "").text("Shown on the chart")).children(marks),
        el("div", "sheet-actions")
            .child(button("Indicators", Box::new(go(Sheet::Indicators(None)))))
            .child(button("Keyboard", Box::new(go(Sheet::Keys)))),
        el("h3", "").text("Layout"),
        el("p", "form-words").text("Kept in this browser. It never holds a key."),
        el("div", "sheet-actions")
            .child(button("Export layout", Box::new(export)))
            .child(button("Import layout", Box::new(choose)))
            .child(button("Reset to defaults", Box::new(reset)))
            .child(button("Undo", Box::new(undo)).class_if("hidden", move || before.with(Option::is_none))),
        file_field.on(ev::change, import),
    ]
}

fn pick_row(engine: EngineHandle, pick: &'static Pick) -> El {
    let settings = engine.settings();
    field::select(
        pick.name,
        &(pick.labels)(),
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
