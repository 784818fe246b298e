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
mod studies;
mod study_legend;
mod style;
mod summary;
pub mod table;
mod texts;
mod zone;

use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::frame::Dirty;
use handle::ChartNodes;
use headlines::Headlines;
use message::{ChartMessage, HaltBadge};
use pane::Pane;
use table::BarsTable;

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
    rows: RwSignal<Vec<table::Row>>,
}

/// The price chart of the shown symbol.
#[component]
pub fn ChartPanel(
    /// The engine behind the page.
    engine: EngineHandle,
    /// Where the rest of the page finds the chart.
    chart: ChartHandle,
) -> impl IntoView {
    let signals = PaneSignals {
        following: RwSignal::new(true),
        halted: RwSignal::new(false),
        failed: RwSignal::new(None),
        headlines: RwSignal::new(Vec::new()),
        summary: RwSignal::new(String::new()),
        rows: RwSignal::new(Vec::new()),
    };
    let ChartHandle { stage, legend, studies, pane, .. } = chart;
    let shown = RwSignal::new(false);

    Effect::new(move |_| {
        let Some(stage) = stage.get() else { return };
        match Pane::mount(engine, signals, ChartNodes { legend, studies }, &stage) {
            Ok(mounted) => pane.set_value(Some(mounted)),
            Err(error) => signals.failed.set(Some(error.to_string())),
        }
    });
    engine.on_paint(move |token| {
        chart.with(|pane| pane.frame(token));
    });
    let go_live = move |_| {
        chart.with(Pane::go_live);
        engine.request(Dirty::CURSOR);
    };

    view! {
        <section class="chart" aria-label="Chart" class:table-shown=shown>
            <div
                class="chart-stage"
                node_ref=stage
                tabindex="0"
                role="application"
                aria-roledescription="chart"
                aria-label=signals.summary
            ></div>
            <div class="legend">{legend.view(engine)} {studies.view(engine)}</div>
            <div class="chart-tools">
                <HaltBadge halted=signals.halted />
                <button
                    type="button"
                    class="button chart-button"
                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                    title="Show the bars as a table"
                >
                    "Table"
                </button>
            </div>
            <Show when=move || !signals.following.get()>
                <button type="button" class="button chart-live" on:click=go_live>
                    "Go to live" <span aria-hidden="true">" »"</span>
                </button>
            </Show>
            <Headlines engine=engine ids=signals.headlines />
            <ChartMessage engine=engine failed=signals.failed />
            <BarsTable rows=signals.rows shown=shown />
        </section>
    }
}
