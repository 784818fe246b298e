//! The engine without its panels: older bars, and symbols that are left and shown again.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{GetUntracked, Owner, WithUntracked};
use wasm_bindgen_test::wasm_bindgen_test;
use wickwire::engine::handle::EngineHandle;
use wickwire::state::{HistoryState, Older};
use wickwire_market::Timeframe;
use wickwire_proto::time::Timestamp;

use crate::support::set_query;

/// An engine of its own; it stops with this value.
struct Running {
    engine: EngineHandle,
    owner: Owner,
}

impl Running {
    fn start(query: &str) -> Self {
        set_query(query);
        let owner = Owner::new();
        let engine = owner.with(EngineHandle::start);
        Self { engine, owner }
    }

    async fn until(&self, what: &str, ready: impl Fn(&EngineHandle) -> bool) {
        for _ in 0..200 {
            if ready(&self.engine) {
                return;
            }
            TimeoutFuture::new(50).await;
        }
        panic!("waited in vain for: {what}");
    }

    async fn until_loaded(&self) {
        self.until("history", |e| matches!(e.signals().history.get_untracked(), HistoryState::Loaded(_)))
            .await;
    }

    /// Bars of the shown series, and the start of the first.
    fn bars(&self) -> (usize, i64) {
        let (symbol, timeframe) = self.engine.view();
        self.engine
            .with_store(|store| {
                let series = store.instrument(&symbol)?.series(timeframe);
                Some((series.len(), *series.time().first()?))
            })
            .flatten()
            .unwrap_or_default()
    }

    /// Whether a trade or quote of a symbol has come.
    fn traded(&self, symbol: &str) -> bool {
        self.newest(symbol).is_some()
    }

    /// The time of the newest trade or quote of a symbol.
    fn newest(&self, symbol: &str) -> Option<Timestamp> {
        self.engine.with_store(|s| s.instrument(symbol).and_then(|i| i.clock())).flatten()
    }

    /// Gaps of a symbol that nothing has filled.
    fn gaps(&self, symbol: &str) -> usize {
        let count = |store: &wickwire_market::Store| {
            store.instrument(symbol).map_or(0, |i| i.gaps().unfilled().count())
        };
        self.engine.with_store(count).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.owner.cleanup();
    }
}

#[wasm_bindgen_test]
async fn older_bars_come_page_by_page_until_there_are_none() {
    let page = Running::start("?source=demo&symbol=BTC/USD&tf=1Min");
    let older = page.engine.signals().older;
    page.until_loaded().await;
    assert_eq!(older.get_untracked(), Older::Idle);
    let (opening, first) = page.bars();
    assert!(opening >= 2_000, "{opening}");
    page.engine.load_older();
    page.engine.load_older();
    page.until("a page", |_| page.bars().0 > opening).await;
    assert!(page.bars().1 < first);
    for _ in 0..20 {
        let (count, _) = page.bars();
        page.until("the answer to be told", |_| older.get_untracked() != Older::Loading).await;
        if older.get_untracked() == Older::NoMore {
            break;
        }
        page.engine.load_older();
        page.until("a page", |_| page.bars().0 > count || older.get_untracked() == Older::NoMore).await;
    }
    page.until("the end", |_| older.get_untracked() == Older::NoMore).await;
    // Seconds have no history; another series may have some.
    page.engine.set_timeframe(Timeframe::Sec1);
    page.until("no history of seconds", |_| older.get_untracked() == Older::NoMore).await;
    page.until("seconds", |_| page.bars().0 > 3).await;
    page.engine.set_timeframe(Timeframe::Week1);
    page.until("another series", |_| older.get_untracked() == Older::Idle).await;
    page.until("weeks", |_| page.bars().0 > 20).await;
}

#[wasm_bindgen_test]
async fn a_symbol_that_was_left_has_a_gap_until_it_is_shown_again() {
    let page = Running::start("?source=demo&symbol=IBM&tf=1Min");
    page.until_loaded().await;
    page.until("a trade", |_| page.traded("IBM")).await;
    assert_eq!(page.gaps("IBM"), 0);
    page.engine.set_symbol("AAPL");
    assert_eq!(page.gaps("IBM"), 1);
    page.until("a trade", |_| page.traded("AAPL")).await;
    page.engine.set_symbol("IBM");
    page.until("the gap to be filled", |_| page.gaps("IBM") == 0).await;
    assert_eq!(page.gaps("AAPL"), 1);
}

#[wasm_bindgen_test]
async fn stocks_crypto_and_news_are_open_at_once() {
    let page = Running::start("?source=demo&symbol=IBM&tf=1Min");
    let view = page.engine.signals().connection;
    let names = || view.with_untracked(|v| v.endpoints.iter().map(|e| e.name).collect::<Vec<_>>());
    page.until("a trade", |_| page.traded("IBM")).await;
    page.until("two endpoints", |_| names() == ["Stocks", "News"]).await;
    page.engine.set_symbol("BTC/USD");
    page.until("a trade", |_| page.traded("BTC/USD")).await;
    page.until("three endpoints", |_| names() == ["Stocks", "News", "Crypto"]).await;
    // The stock is followed on: its trades go on without a hole.
    let newest = page.newest("IBM");
    page.until("another trade of the stock", |_| page.newest("IBM") > newest).await;
    page.engine.set_symbol("IBM");
    page.until("all of them live", |_| {
        view.with_untracked(|v| v.endpoints.iter().all(|e| e.state == "Live" && e.reconnects == 0))
    })
    .await;
    assert_eq!((page.gaps("IBM"), page.gaps("BTC/USD")), (0, 0));
}
