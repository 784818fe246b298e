//! The page: what is where.

use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::frame::Dirty;
use crate::panels::chart::{ChartHandle, chart_panel};
use crate::panels::connection::connection_panel;
use crate::panels::controls::chart_controls;
use crate::panels::keys;
use crate::panels::news::news_panel;
use crate::panels::quote::quote_panel;
use crate::panels::sheet::sheet_dialog;
use crate::panels::source::source_dialog;
use crate::panels::symbol::symbol_field;
use crate::panels::timeframe::timeframe_group;
use crate::state::DataKind;
use crate::ui::{El, effect, el, svg};
use crate::widgets::field::{bare_button, button};
use crate::widgets::icon;

/// The whole page. Starts an engine that stops when its owner goes.
#[must_use]
pub fn app() -> El {
    let engine = EngineHandle::start();
    let signals = engine.signals();
    let chart = ChartHandle::new(engine);
    signals.theme.get_untracked().apply();
    signals.settings.apply_palette();
    keys::listen(engine, chart);
    title_effect(engine);
    let topbar = el("header", "topbar")
        .child(brand())
        .child(symbol_field(engine))
        .child(timeframe_group(engine))
        .child(chart_controls(engine, chart))
        .child(el("span", "spacer"))
        .child(data_badge(engine))
        .child(
            button("button", "Source", move || signals.source_dialog.set(true))
                .attr("aria-haspopup", "dialog"),
        )
        .child(theme_button(engine));
    let dock = el("aside", "dock")
        .attr("aria-label", "Quote and news")
        .child(quote_panel(engine))
        .child(news_panel(engine));
    el("div", "app")
        .child(topbar)
        .child(el("main", "main").child(chart_panel(engine, chart)).child(dock))
        .child(connection_panel(engine))
        .child(source_dialog(engine))
        .child(sheet_dialog(engine))
        .children(signals.announcer.view())
}

fn brand() -> El {
    let body = |class: &str, x: &str, y: &str, height: &str| {
        svg("rect", class).attrs(&[("x", x), ("y", y), ("width", "4"), ("height", height)])
    };
    let mark = icon::picture("brand-mark")
        .child(svg("path", "").attrs(&[
            ("d", "M4 1v14M12 1v14"),
            ("fill", "none"),
            ("stroke", "currentColor"),
        ]))
        .child(body("brand-up", "2", "4", "7"))
        .child(body("brand-down", "10", "5", "6"));
    el("span", "brand").child(mark).child(el("span", "brand-name").text("Wickwire"))
}

/// What the data is: live, recorded or simulated. Always on the screen.
fn data_badge(engine: EngineHandle) -> El {
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
    el("span", "")
        .attrs(&[("role", "note"), ("aria-label", "Kind of data")])
        .attr_of("class", class)
        .attr_of("title", explanation)
        .text_of(move || signals.label.with(|label| label.text.clone()))
}

/// Dark or light.
fn theme_button(engine: EngineHandle) -> El {
    let signals = engine.signals();
    let toggle = move || {
        let next = signals.theme.get_untracked().toggled();
        next.apply();
        signals.theme.set(next);
        engine.request(Dirty::THEME);
    };
    let name = move || if signals.theme.get().is_dark() { "Light theme" } else { "Dark theme" };
    let ring = svg("circle", "").attrs(&[
        ("cx", "8"),
        ("cy", "8"),
        ("r", "5.5"),
        ("fill", "none"),
        ("stroke", "currentColor"),
        ("stroke-width", "1.5"),
    ]);
    let half = svg("path", "").attrs(&[("d", "M8 2.5a5.5 5.5 0 0 1 0 11z"), ("fill", "currentColor")]);
    bare_button("button icon-button", toggle)
        .attr_of("aria-label", name)
        .attr_of("title", name)
        .child(icon::picture("").child(ring).child(half))
}

/// The tab's title: the symbol and its last price, so that a tab in the background says something.
fn title_effect(engine: EngineHandle) {
    let signals = engine.signals();
    effect(move || {
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
