//! The region "Quote": bid and ask, their spread now and over time, the last trade, the day.

use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::panels::spread_chart::SpreadChart;
use crate::state::quote::QuoteView;

/// What is shown where nothing is known.
const NONE: &str = "–";

/// The quote of the shown symbol: bids left, asks right.
#[component]
pub fn QuotePanel(
    /// The engine behind the page.
    engine: EngineHandle,
) -> impl IntoView {
    let signals = engine.signals();
    // One memo a cell: a tick touches only the text that changed.
    let cell = move |read: fn(&QuoteView) -> &str| {
        Memo::new(move |_| {
            signals.quote.with(|quote| {
                let text = read(quote);
                if text.is_empty() { NONE.to_owned() } else { text.to_owned() }
            })
        })
    };
    let last_class = Memo::new(move |_| signals.quote.with(|q| q.last_way.class()));
    let change_class = Memo::new(move |_| signals.quote.with(|q| q.change_way.class()));
    let change_mark = Memo::new(move |_| signals.quote.with(|q| q.change_way.mark()));
    let change_from = Memo::new(move |_| signals.quote.with(|q| q.change_from));
    let notice = Memo::new(move |_| signals.quote.with(|q| q.notice.clone()));
    let crossed = Memo::new(move |_| signals.quote.with(|q| q.crossed));
    view! {
        <section class="panel quote" aria-label="Quote">
            <h2 class="panel-title">
                <span class="quote-symbol">{move || signals.symbol.get()}</span>
                <span class="muted">"Quote"</span>
            </h2>
            <div class="quote-last">
                <span class=move || format!("last {}", last_class.get())>
                    <span class="visually-hidden">"Last "</span>
                    {cell(|q| &q.last)}
                </span>
                <span class=move || format!("change {}", change_class.get()) title=change_from>
                    <span aria-hidden="true">{change_mark} " "</span>
                    <span class="visually-hidden">"Change "</span>
                    {cell(|q| &q.change)}
                    <span class="change-percent">{cell(|q| &q.change_percent)}</span>
                </span>
            </div>
            <dl class="sides">
                <div class="side side-bid">
                    <dt>"Bid"</dt>
                    <dd class="price">{cell(|q| &q.bid)}</dd>
                    <dd class="size">
                        <span class="visually-hidden">"Bid size "</span>
                        {cell(|q| &q.bid_size)}
                    </dd>
                </div>
                <div class="side side-ask">
                    <dt>"Ask"</dt>
                    <dd class="price">{cell(|q| &q.ask)}</dd>
                    <dd class="size">
                        <span class="visually-hidden">"Ask size "</span>
                        {cell(|q| &q.ask_size)}
                    </dd>
                </div>
            </dl>
            <dl class="figures">
                <div>
                    <dt>"Mid"</dt>
                    <dd>{cell(|q| &q.mid)}</dd>
                </div>
                <div>
                    <dt>"Spread"</dt>
                    <dd>{cell(|q| &q.spread_cents)} <span class="unit">" ¢"</span></dd>
                </div>
                <div>
                    <dt class="visually-hidden">"Spread in basis points"</dt>
                    <dd>{cell(|q| &q.spread_bps)} <span class="unit">" bp"</span></dd>
                </div>
            </dl>
            <Show when=move || crossed.get()>
                <p class="notice">"Crossed: the bid is above the ask."</p>
            </Show>
            <Show when=move || !notice.with(String::is_empty)>
                <p class="notice notice-strong" role="alert">{notice}</p>
            </Show>
            <SpreadChart engine=engine />
        </section>
    }
}
