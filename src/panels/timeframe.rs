//! The group "Timeframe".

use leptos::prelude::*;
use wickwire_market::Timeframe;

use crate::engine::handle::EngineHandle;

/// One button for each timeframe; the pressed one is shown.
#[component]
pub fn TimeframeGroup(
    /// The engine behind the page.
    engine: EngineHandle,
) -> impl IntoView {
    let signals = engine.signals();
    let button = move |timeframe: Timeframe| {
        let pressed = move || signals.timeframe.get() == timeframe;
        view! {
            <button
                type="button"
                class="button segment"
                aria-pressed=move || if pressed() { "true" } else { "false" }
                title=timeframe.label()
                on:click=move |_| engine.set_timeframe(timeframe)
            >
                {timeframe.short()}
            </button>
        }
    };
    view! {
        <div class="segments" role="group" aria-label="Timeframe">
            {Timeframe::ALL.into_iter().map(button).collect_view()}
        </div>
    }
}
