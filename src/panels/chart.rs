//! The region "Chart": candles on stacked canvases, their legend, and the table "Bars" that says the
//! same in text.

pub mod bars;
mod handle;
pub mod headlines;
pub mod input;
pub mod legend;
mod marks;
pub mod message;
mod pane;
pub mod picture;
mod spoken;
pub mod studies;
mod study_legend;
mod style;
mod summary;
pub mod table;
mod texts;
pub mod warm;
mod zone;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlDivElement, HtmlElement};

use crate::dom;
use crate::engine::handle::EngineHandle;
use crate::format;
use crate::frame::Dirty;
use crate::ui::{El, after, el};
use crate::widgets::field::button;
use handle::ChartNodes;
use headlines::headlines;
use message::{chart_message, halt_badge, older_note};
use pane::Pane;
use table::bars_table;

pub use handle::ChartHandle;
pub use study_legend::StudyLegend;
pub use zone::zone_of;

/// What the pane tells the page, once a frame and only if it differs.
#[derive(Clone, Copy)]
struct PaneSignals {
    /// Whether the view follows the last bar.
    following: RwSignal<bool>,
    /// Whether trading in the symbol is halted.
    halted: RwSignal<bool>,
    /// The canvas cannot be drawn on; why.
    failed: RwSignal<Option<String>>,
    /// The headlines whose mark was clicked on, by their numbers.
    headlines: RwSignal<Vec<u64>>,
    /// What the picture shows, in words.
    summary: RwSignal<String>,
    /// Rows of the table, newest last.
    rows: RwSignal<table::Rows>,
}

/// Gives focus to the chart, where what had it is about to go: keys go on working there.
pub(super) fn focus_stage() {
    let stage = dom::document().and_then(|d| d.query_selector(".chart-stage").ok().flatten());
    if let Some(stage) = stage {
        let _ = stage.unchecked_into::<HtmlElement>().focus();
    }
}

/// The price chart of the shown symbol; the rest of the page finds it by `chart`.
#[must_use]
pub fn chart_panel(engine: EngineHandle, chart: ChartHandle) -> El {
    let signals = PaneSignals {
        following: RwSignal::new(true),
        halted: RwSignal::new(false),
        failed: RwSignal::new(None),
        headlines: RwSignal::new(Vec::new()),
        summary: RwSignal::new(String::new()),
        rows: RwSignal::new(table::Rows::default()),
    };
    let ChartHandle { legend, studies, pane, .. } = chart;
    let shown = RwSignal::new(false);
    // Readers say at once when the name of what has focus changes, so it holds only what the person chose.
    let said = move |part| {
        signals.summary.with(|summary| {
            const END: &str = ". ";
            let end = format::find(summary, END).unwrap_or(summary.len());
            let text = if part == 0 { summary.get(..end) } else { summary.get(end + END.len()..) };
            text.unwrap_or_default().to_owned()
        })
    };
    let stage = el("div", "chart-stage")
        .attrs(&[("tabindex", "0"), ("role", "application"), ("aria-roledescription", "chart")])
        .attr_of("aria-label", move || said(0))
        .attr_of("aria-description", move || said(1));
    let element: HtmlDivElement = stage.cast();
    after(move || match Pane::mount(engine, signals, ChartNodes { legend, studies }, &element) {
        Ok(mounted) => pane.set_value(Some(mounted)),
        Err(error) => signals.failed.set(Some(error.to_string())),
    });
    engine.on_paint(move |token| {
        chart.with(|pane| pane.frame(token));
    });
    let go_live = move || {
        focus_stage();
        chart.with(Pane::go_live);
        engine.request(Dirty::CURSOR);
    };
    let table = button("button chart-button", "Table", move || shown.update(|shown| *shown = !*shown))
        .attr("title", "Show the bars as a table")
        .attr_of("aria-pressed", move || if shown.get() { "true" } else { "false" });
    let live = move || {
        button("button chart-live", "Go to live", go_live)
            .child(el("span", "").attr("aria-hidden", "true").text("»"))
    };
    el("section", "chart")
        .attr("aria-label", "Chart")
        .class_if("table-shown", move || shown.get())
        .child(stage)
        .child(el("div", "legend").child(legend.view(engine)).child(studies.view(engine)))
        .child(el("div", "chart-tools").child(halt_badge(signals.halted)).child(table))
        .child_if(move || !signals.following.get(), live)
        .child(older_note(engine, signals.following))
        .child(headlines(engine, signals.headlines))
        .child(chart_message(engine, signals.failed))
        .child(bars_table(signals.rows, shown))
}
