//! The list "News": headlines as text, newest first.

use leptos::prelude::*;

use super::connection::{again_button, again_words};
use crate::engine::handle::EngineHandle;
use crate::state::HistoryState;
use crate::state::news::NewsRow;
use crate::ui::{El, Words, el};

/// Headlines, newest first; a link only where the address is safe to offer.
#[must_use]
pub fn news_panel(engine: EngineHandle) -> El {
    let signals = engine.signals();
    let words = move || match signals.news_history.get() {
        HistoryState::Loading => Words::Borrowed("Loading news…"),
        HistoryState::Idle | HistoryState::Loaded(_) => {
            Words::Borrowed("No news yet. New headlines appear here.")
        }
        HistoryState::Unavailable(why, again) => {
            let when = again_words(again);
            format!("Earlier news is not available: {why} New headlines appear here.{when}").into()
        }
    };
    let failed = move || signals.news_history.with(|news| matches!(news, HistoryState::Unavailable(..)));
    let may_ask = move || signals.news_history.with(HistoryState::may_ask);
    let note = move || {
        el("p", "empty")
            .child(el("span", "").text_of(words))
            .child_if(may_ask, move || again_button("Try again: news", move || engine.load_news()))
    };
    el("section", "panel news")
        .child(el("h2", "panel-title").text("News"))
        .child_if(move || failed() || signals.news.with(Vec::is_empty), note)
        .child(el("ul", "news-list").attr("aria-label", "News").list(
            move || signals.news.get(),
            |row| (row.id, row.updated),
            move |row| news_item(engine, row),
        ))
}

/// One headline.
#[must_use]
pub fn news_item(engine: EngineHandle, row: NewsRow) -> El {
    let meta = el("span", "news-meta")
        .child(el("time", "").attr("datetime", &row.datetime).text(&row.time))
        .child(el("span", "news-symbols").text(&row.symbols))
        .child(el("span", "news-source").text(&row.source));
    let item = el("li", "").child(meta);
    let item = match row.link {
        Some(link) => {
            let headline = el("a", "headline").text(&row.headline).attrs(&[
                ("href", &link.href),
                ("target", "_blank"),
                ("rel", "noopener noreferrer"),
                ("title", &["Opens ", &link.host].concat()),
            ]);
            item.child(headline).child(el("span", "host").text(&link.host))
        }
        None => item.child(el("span", "headline").text(&row.headline)),
    };
    let (shown, symbols) = (engine.signals().symbol, row.symbols);
    // Articles write BTCUSD for BTC/USD.
    let about = move || {
        shown.with(|shown| {
            let plain: String = shown.chars().filter(|c| *c != '/').collect();
            symbols.split(' ').any(|s| s == shown || s == plain)
        })
    };
    item.attr_of("class", move || if about() { "news-item news-about" } else { "news-item" })
}
