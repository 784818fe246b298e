//! The list "News": headlines as text, newest first.

use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::state::HistoryState;
use crate::state::news::NewsRow;

/// Headlines, newest first; a link only where the address is safe to offer.
#[component]
pub fn NewsPanel(
    /// The engine behind the page.
    engine: EngineHandle,
) -> impl IntoView {
    let signals = engine.signals();
    let empty = Memo::new(move |_| signals.news.with(Vec::is_empty));
    let words = move || match signals.news_history.get() {
        HistoryState::Loading => "Loading news…".to_owned(),
        HistoryState::Idle | HistoryState::Loaded(_) => "No news yet. New headlines appear here.".to_owned(),
        HistoryState::Unavailable(why) => {
            format!("Earlier news is not available: {why} New headlines appear here.")
        }
    };
    view! {
        <section class="panel news">
            <h2 class="panel-title">"News"</h2>
            <Show when=move || empty.get()>
                <p class="empty">{words}</p>
            </Show>
            <ul class="news-list" aria-label="News">
                <For
                    each=move || signals.news.get()
                    key=|row| (row.id, row.updated)
                    children=move |row| view! { <NewsItem engine=engine row=row /> }
                />
            </ul>
        </section>
    }
}

/// One headline.
#[component]
pub fn NewsItem(
    /// The engine behind the page.
    engine: EngineHandle,
    /// What it says.
    row: NewsRow,
) -> impl IntoView {
    let symbols = row.symbols.clone();
    let shown = engine.signals().symbol;
    // Articles write BTCUSD for BTC/USD.
    let about = Memo::new(move |_| {
        shown.with(|shown| {
            let plain: String = shown.chars().filter(|c| *c != '/').collect();
            symbols.split(' ').any(|s| s == shown || s == plain)
        })
    });
    let headline = row.headline;
    let heading = match row.link {
        Some(link) => {
            let title = format!("Opens {}", link.host);
            view! {
                <a
                    class="headline"
                    href=link.href
                    target="_blank"
                    rel="noopener noreferrer"
                    title=title
                >
                    {headline}
                </a>
                <span class="host">{link.host}</span>
            }
            .into_any()
        }
        None => view! { <span class="headline">{headline}</span> }.into_any(),
    };
    view! {
        <li class=move || if about.get() { "news-item news-about" } else { "news-item" }>
            <span class="news-meta">
                <time datetime=row.datetime>{row.time}</time>
                <span class="news-symbols">{row.symbols}</span>
                <span class="news-source">{row.source}</span>
            </span>
            {heading}
        </li>
    }
}
