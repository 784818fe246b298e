//! The spread over time.

use leptos::prelude::*;

use crate::engine::handle::EngineHandle;

/// The spread of the shown symbol over time.
#[component]
pub fn SpreadChart(
    /// The engine behind the page.
    engine: EngineHandle,
) -> impl IntoView {
    let _ = engine;
    view! { <div class="spread-chart"></div> }
}
