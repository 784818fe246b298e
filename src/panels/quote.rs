//! The region "Quote": bid and ask, their spread now and over time, the last trade, the day.

use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::panels::spread_chart::spread_chart;
use crate::state::quote::QuoteView;
use crate::ui::{El, Words, el};

/// What is shown where nothing is known.
const NONE: &str = "–";

/// The quote of the shown symbol: bids left, asks right.
#[must_use]
pub fn quote_panel(engine: EngineHandle) -> El {
    let signals = engine.signals();
    let quote = signals.quote;
    // A cell: a tick touches only the text that changed.
    let cell = move |element: El, read: fn(&QuoteView) -> &str| {
        element.text_of(move || {
            quote.with(|quote| {
                let text = read(quote);
                if text.is_empty() { Words::Borrowed(NONE) } else { text.to_owned().into() }
            })
        })
    };
    let row = |words: &str, value: El| el("div", "").child(el("dt", "").text(words)).child(value);
    let side =
        move |words, class, size_words, price: fn(&QuoteView) -> &str, size: fn(&QuoteView) -> &str| {
            row(words, cell(el("dd", "price"), price))
                .attr("class", class)
                .child(cell(el("dd", "size").child(hidden(size_words)), size))
        };
    let last = cell(el("span", "").child(hidden("Last ")), |q| &q.last)
        .attr_of("class", move || format!("last {}", quote.with(|q| q.last_way.class())));
    let mark = el("span", "")
        .attr("aria-hidden", "true")
        .text_of(move || quote.with(|q| q.change_way.mark()))
        .text(" ");
    let change = cell(el("span", "").child(mark).child(hidden("Change ")), |q| &q.change)
        .child(cell(el("span", "change-percent"), |q| &q.change_percent))
        .attr_of("title", move || quote.with(|q| q.change_from))
        .attr_of("class", move || format!("change {}", quote.with(|q| q.change_way.class())));
    let unit = |words| el("span", "unit").text(words);
    let bps = el("div", "")
        .child(el("dt", "visually-hidden").text("Spread in basis points"))
        .child(cell(el("dd", ""), |q| &q.spread_bps).text(" ").child(unit(" bp")));
    let crossed = || el("p", "notice").text("Crossed: the bid is above the ask.");
    let notice = move || {
        el("p", "notice notice-strong")
            .attr("role", "alert")
            .text_of(move || quote.with(|q| q.notice.clone()))
    };
    el("section", "panel quote")
        .attr("aria-label", "Quote")
        .child(
            el("h2", "panel-title")
                .child(el("span", "quote-symbol").text_of(move || signals.symbol.get()))
                .child(el("span", "muted").text("Quote")),
        )
        .child(el("div", "quote-last").child(last).child(change))
        .child(
            el("dl", "sides")
                .child(side("Bid", "side side-bid", "Bid size ", |q| &q.bid, |q| &q.bid_size))
                .child(side("Ask", "side side-ask", "Ask size ", |q| &q.ask, |q| &q.ask_size)),
        )
        .child(
            el("dl", "figures")
                .child(row("Mid", cell(el("dd", ""), |q| &q.mid)))
                .child(row("Spread", cell(el("dd", ""), |q| &q.spread_cents).text(" ").child(unit(" ¢"))))
                .child(bps),
        )
        .child_if(move || quote.with(|q| q.crossed), crossed)
        .child_if(move || quote.with(|q| !q.notice.is_empty()), notice)
        .child(spread_chart(engine))
}

/// Words for those who do not see where a figure stands.
fn hidden(words: &str) -> El {
    el("span", "visually-hidden").text(words)
}
