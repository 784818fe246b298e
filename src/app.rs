//! The page: what is where.

use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::frame::Dirty;
use crate::panels::chart::{ChartHandle, ChartPanel};
use crate::panels::connection::ConnectionPanel;
use crate::panels::controls::ChartControls;
use crate::panels::keys;
use crate::panels::news::NewsPanel;
use crate::panels::quote::QuotePanel;
use crate::panels::sheet::SheetDialog;
use crate::panels::source::SourceDialog;
use crate::panels::symbol::SymbolField;
use crate::panels::timeframe::TimeframeGroup;
use crate::state::DataKind;

/// The whole page. Starts an engine that stops when the component goes.
#[component]
pub fn App() -> impl IntoView {
    let engine = EngineHandle::start();
    let signals = engine.signals();
    let chart = ChartHandle::new(engine);
    signals.theme.get_untracked().apply();
    signals.settings.apply_palette();
    keys::listen(engine);
    title_effect(engine);
    view! {
        <div class="app">
            <header class="topbar">
                <span class="brand">
                    <svg class="brand-mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                        <path d="M4 1v14M12 1v14" fill="none" stroke="currentColor" />
                        <rect x="2" y="4" width="4" height="7" class="brand-up" />
                        <rect x="10" y="5" width="4" height="6" class="brand-down" />
                    </svg>
                    <span class="brand-name">"Wickwire"</span>
                </span>
                <SymbolField engine=engine />
                <TimeframeGroup engine=engine />
                <ChartControls engine=engine chart=chart />
                <span class="spacer"></span>
                <DataBadge engine=engine />
                <button
                    type="button"
                    class="button"
                    aria-haspopup="dialog"
                    on:click=move |_| signals.source_dialog.set(true)
                >
                    "Source"
                </button>
                <ThemeButton engine=engine />
            </header>
            <main class="main">
                <ChartPanel engine=engine chart=chart />
                <aside class="dock" aria-label="Quote and news">
                    <QuotePanel engine=engine />
                    <NewsPanel engine=engine />
                </aside>
            </main>
            <ConnectionPanel engine=engine />
            <SourceDialog engine=engine />
            <SheetDialog engine=engine />
            {signals.announcer.view()}
        </div>
    }
}

/// What the data is: live, recorded or simulated. Always on the screen.
#[component]
fn DataBadge(engine: EngineHandle) -> impl IntoView {
    let signals = engine.signals();
    let class = move || {
        signals.label.with(|label| match label.kind {
            DataKind::Unknown => "badge",
            DataKind::Live => "badge badge-live",
            DataKind::Delayed => "badge badge-delayed",
            DataKind::Simulated => "badge badge-simulated",
            DataKind::Recorded => "badge badge-recorded",
        })
    };
    let explanation = move || {
        signals.label.with(|label| match label.kind {
            DataKind::Unknown => "The source has not said what its data is.",
            DataKind::Live => "Data from the market as it happens.",
            DataKind::Delayed => "Real, but late.",
            DataKind::Simulated => "Invented by a simulator. No price here was ever traded.",
            DataKind::Recorded => "A recording, played again.",
        })
    };
    view! {
        <span class=class title=explanation role="note" aria-label="Kind of data">
            {move || signals.label.with(|label| label.text.clone())}
        </span>
    }
}

/// Dark or light.
#[component]
fn ThemeButton(engine: EngineHandle) -> impl IntoView {
    let signals = engine.signals();
    let toggle = move |_| {
        let next = signals.theme.get_untracked().toggled();
        next.apply();
        signals.theme.set(next);
        engine.request(Dirty::THEME);
    };
    let dark = move || signals.theme.get().is_dark();
    view! {
        <button
            type="button"
            class="button icon-button"
            on:click=toggle
            aria-label=move || if dark() { "Light theme" } else { "Dark theme" }
            title=move || if dark() { "Light theme" } else { "Dark theme" }
        >
            <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.5" />
                <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
            </svg>
        </button>
    }
}

/// The tab's title: the symbol and its last price, so that a tab in the background says something.
fn title_effect(engine: EngineHandle) {
    let signals = engine.signals();
    Effect::new(move |_| {
        let symbol = signals.symbol.get();
        let last = signals.quote.with(|q| q.last.clone());
        if let Some(document) = crate::dom::document() {
            let title = match (symbol.is_empty(), last.is_empty()) {
                (true, _) => "Wickwire".to_owned(),
                (false, true) => format!("{symbol} · Wickwire"),
                (false, false) => format!("{last} {symbol} · Wickwire"),
            };
            document.set_title(&title);
        }
    });
}
