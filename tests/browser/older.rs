//! The engine without its panels: older bars, and symbols that are left and shown again.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{GetUntracked, Owner};
use wasm_bindgen_test::wasm_bindgen_test;
use wickwire::engine::handle::EngineHandle;
use wickwire::state::{HistoryState, Older};
use wickwire_market::Timeframe;

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
    assert_eq!(older.get_untracked(), Older::Loading);
    page.engine.load_older();
    page.until("a page", |_| older.get_untracked() != Older::Loading).await;
    let (count, before) = page.bars();
    assert!(count > opening && before < first, "{count}");
    for _ in 0..20 {
        page.engine.load_older();
        page.until("a page", |_| older.get_untracked() != Older::Loading).await;
    }
    assert_eq!(older.get_untracked(), Older::NoMore);
    // Seconds have no history; another series may have some.
    page.engine.set_timeframe(Timeframe::Sec1);
    assert_eq!(older.get_untracked(), Older::NoMore);
    page.until("seconds", |_| page.bars().0 > 3).await;
    page.engine.set_timeframe(Timeframe::Week1);
    assert_eq!(older.get_untracked(), Older::Idle);
    page.until_loaded().await;
    assert!(page.bars().0 > 20, "{:?}", page.bars());
}

#[wasm_bindgen_test]
async fn a_symbol_that_was_left_has_a_gap_until_it_is_shown_again() {
    let page = Running::start("?source=demo&symbol=IBM&tf=1Min");
    page.until_loaded().await;
    page.until("a trade", |e| {
        e.with_store(|s| s.instrument("IBM").and_then(|i| i.clock())).flatten().is_some()
    })
    .await;
    assert_eq!(page.gaps("IBM"), 0);
    page.engine.set_symbol("BTC/USD");
    assert_eq!(page.gaps("IBM"), 1);
    page.until_loaded().await;
    page.engine.set_symbol("IBM");
    page.until("the gap to be filled", |_| page.gaps("IBM") == 0).await;
    assert_eq!(page.gaps("BTC/USD"), 1);
}
