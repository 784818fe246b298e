//! What stands over the chart when there is nothing to show, and the halt badge.

use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::state::HistoryState;

/// Words for a chart without bars; nothing when there are bars.
#[component]
pub fn ChartMessage(
    /// The engine behind the page.
    engine: EngineHandle,
    /// Why the canvas cannot be drawn on, if so.
    #[prop(into)]
    failed: Signal<Option<String>>,
) -> impl IntoView {
    let signals = engine.signals();
    let words = Memo::new(move |_| {
        if let Some(reason) = failed.get() {
            return Some((
                "The chart cannot be drawn.".to_owned(),
                format!("{reason}. The table below has the bars; reloading the page may help."),
            ));
        }
        if signals.bar_count.get() > 0 {
            return None;
        }
        let symbol = signals.symbol.get();
        if symbol.is_empty() {
            return Some((String::from("Choosing a symbol…"), String::new()));
        }
        Some(signals.history.with(|history| match history {
            HistoryState::Idle | HistoryState::Loading => {
                (format!("Loading bars of {symbol}…"), String::new())
            }
            HistoryState::Loaded(_) => {
                (format!("No bars yet for {symbol} — waiting for the first trade"), String::new())
            }
            HistoryState::Unavailable(reason) => {
                (format!("No bars yet for {symbol} — waiting for the first trade"), reason.clone())
            }
        }))
    });
    view! {
        <div class="chart-message" role="status" class:empty=move || words.with(Option::is_none)>
            <p class="chart-message-main">
                {move || words.with(|w| w.as_ref().map(|(main, _)| main.clone()))}
            </p>
            <p class="chart-message-more">
                {move || words.with(|w| w.as_ref().map(|(_, more)| more.clone()))}
            </p>
        </div>
    }
}

/// Says that trading is halted.
#[component]
pub fn HaltBadge(
    /// Whether it is.
    #[prop(into)]
    halted: Signal<bool>,
) -> impl IntoView {
    view! {
        <span role="status">
            <Show when=move || halted.get()>
                <span class="chart-halt">"Halted"</span>
            </Show>
        </span>
    }
}
