//! The region "Chart": candles on stacked canvases, their legend, and the table "Bars" that says the
//! same in text.

pub mod bars;
mod input;
pub mod legend;
pub mod message;
mod pane;
pub mod picture;
mod summary;
pub mod table;

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::{Canvas, Div};
use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::frame::Dirty;
use legend::LegendNodes;
use message::{ChartMessage, HaltBadge};
use pane::Pane;
use table::BarsTable;

pub use bars::zone_of;

/// What the pane tells the page, once a frame and only if it differs.
#[derive(Clone, Copy)]
struct PaneSignals {
    /// Whether the view follows the last bar.
    following: RwSignal<bool>,
    /// Whether trading in the symbol is halted.
    halted: RwSignal<bool>,
    /// The canvas cannot be drawn on; why.
    failed: RwSignal<Option<String>>,
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
) -> impl IntoView {
    let signals = PaneSignals {
        following: RwSignal::new(true),
        halted: RwSignal::new(false),
        failed: RwSignal::new(None),
        summary: RwSignal::new(String::new()),
        rows: RwSignal::new(Vec::new()),
    };
    let stage = NodeRef::<Div>::new();
    let (base, live, overlay) =
        (NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new());
    let legend = LegendNodes::new();
    let shown = RwSignal::new(false);
    let pane: StoredValue<Option<Rc<RefCell<Pane>>>, LocalStorage> = StoredValue::new_local(None);

    Effect::new(move |_| {
        let (Some(stage), Some(base), Some(live), Some(overlay)) =
            (stage.get(), base.get(), live.get(), overlay.get())
        else {
            return;
        };
        match Pane::mount(engine, signals, legend, &stage, [base, live, overlay]) {
            Ok(mounted) => pane.set_value(Some(mounted)),
            Err(error) => signals.failed.set(Some(error.to_string())),
        }
    });
    let painting = move |token: &crate::frame::FrameToken| {
        let _ = pane.try_with_value(|pane| {
            if let Some(mut pane) = pane.as_ref().and_then(|pane| pane.try_borrow_mut().ok()) {
                pane.frame(token);
            }
        });
    };
    engine.on_paint(painting);
    let go_live = move |_| {
        let _ = pane.try_with_value(|pane| {
            if let Some(mut pane) = pane.as_ref().and_then(|pane| pane.try_borrow_mut().ok()) {
                pane.go_live();
            }
        });
        engine.request(Dirty::CURSOR);
    };

    view! {
        <section class="chart" aria-label="Chart" class:table-shown=shown>
            <div class="chart-stage" node_ref=stage tabindex="0" role="img" aria-label=signals.summary>
                <canvas node_ref=base aria-hidden="true"></canvas>
                <canvas node_ref=live aria-hidden="true"></canvas>
                <canvas node_ref=overlay aria-hidden="true"></canvas>
            </div>
            {legend.view(engine)}
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
            <ChartMessage engine=engine failed=signals.failed />
            <BarsTable rows=signals.rows shown=shown />
        </section>
    }
}
