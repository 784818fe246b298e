//! The region "Chart".

use leptos::prelude::*;

use crate::engine::handle::EngineHandle;

/// The price chart of the shown symbol.
#[component]
pub fn ChartPanel(
    /// The engine behind the page.
    engine: EngineHandle,
) -> impl IntoView {
    let _ = engine;
    view! { <section class="chart" aria-label="Chart"></section> }
}
