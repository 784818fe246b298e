//! A lost connection leaves a gap; history fills it.

use wickwire_market::Timeframe::{Min1, Min5};
use wickwire_market::{BarFlags, Change};
use wickwire_proto::message::{Level, Message, OrderBook};
use wickwire_proto::time::Timestamp;

use crate::support::{at, minute_bar, row, seconds, series, store, trade};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_gap_is_marked_and_unmarked() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&minute_bar("IBM", start, [1.0; 4], 1));
    store.note_gap(None, seconds(start, 70.0), Timestamp::MAX);
    let change = store.note_gap(None, seconds(start, 70.0), seconds(start, 310.0));
    assert!(change.contains(Change::GAPS));
    store.apply(&minute_bar("IBM", seconds(start, 360.0), [1.0; 4], 1));
    store.apply(&minute_bar("IBM", seconds(start, 420.0), [1.0; 4], 1));
    let marks = |store: &wickwire_market::Store, t| -> Vec<bool> {
        series(store, "IBM", t).flags().iter().map(|f| f.has(BarFlags::GAP_BEFORE)).collect()
    };
    assert_eq!(marks(&store, Min1), [false, true, false]);
    assert_eq!(marks(&store, Min5), [false, true]);
    store.prepend_bars("IBM", Min1, [row(seconds(start, 120.0), [1.0; 4], 1.0)]);
    store.fill_gap(Some("IBM"), seconds(start, 60.0), seconds(start, 400.0));
    assert_eq!(marks(&store, Min1), [false; 4]);
    assert_eq!(store.instrument("IBM").unwrap().gaps().unfilled().count(), 0);
}

#[test]
fn a_minute_in_a_gap_stays_provisional_until_history_has_spoken() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&minute_bar("IBM", start, [1.0; 4], 1));
    store.apply(&Message::Trade(trade("IBM", seconds(start, 61.0), 1, 2.0, 5.0)));
    store.note_gap(None, seconds(start, 80.0), seconds(start, 200.0));
    store.apply(&minute_bar("IBM", seconds(start, 240.0), [1.0; 4], 1));
    assert_eq!(series(&store, "IBM", Min1).len(), 3);
    assert!(series(&store, "IBM", Min1).get(1).unwrap().flags.has(BarFlags::PROVISIONAL));
    store.fill_gap(None, seconds(start, 80.0), seconds(start, 200.0));
    assert_eq!(series(&store, "IBM", Min1).len(), 2);
}

#[test]
fn a_book_from_before_a_gap_is_not_shown() {
    let start = at("2024-08-09T00:00:00Z");
    let mut store = store();
    let book = |reset| {
        let bids = vec![Level { price: 1.0, size: 1.0 }];
        Message::OrderBook(OrderBook { symbol: "BTC/USD".into(), time: start, bids, asks: Vec::new(), reset })
    };
    assert_eq!(store.apply(&book(false)), Change::QUALITY);
    assert_eq!(store.apply(&book(true)), Change::BOOK);
    assert_eq!(store.instrument("BTCUSD").unwrap().book().bids().count(), 1);
    store.note_gap(None, start, Timestamp::MAX);
    assert!(!store.instrument("BTCUSD").unwrap().book().is_valid());
    assert_eq!(store.quality().orphan_book_updates, 1);
}
