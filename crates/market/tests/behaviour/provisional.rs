//! Minutes from trades: forming, provisional, closed by the server, or dropped.

use wickwire_market::Timeframe::Min1;
use wickwire_market::{BarFlags, Change};
use wickwire_proto::message::{BarKind, Message};

use crate::support::{at, bar, conditions, last, minute_bar, quote, rows, seconds, series, store, trade};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_minute_forms_ends_and_is_closed() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    let change = store.apply(&Message::Trade(trade("IBM", start, 1, 180.0, 100.0)));
    assert!(change.contains(Change::LAST_BAR) && change.contains(Change::TRADE));
    let flags = |s: &wickwire_market::Store| series(s, "IBM", Min1).last().unwrap().flags;
    assert_eq!(flags(&store), BarFlags::FORMING);
    let change = store.apply(&quote("IBM", seconds(start, 59.0), 179.0, 181.0));
    assert!(!change.contains(Change::LAST_BAR));
    // A quote of the next minute ends it.
    let change = store.apply(&quote("IBM", seconds(start, 60.0), 179.0, 181.0));
    assert!(change.contains(Change::LAST_BAR));
    assert_eq!(flags(&store), BarFlags::PROVISIONAL);
    store.apply(&minute_bar("IBM", start, [180.0, 180.0, 180.0, 180.0], 120));
    assert_eq!(flags(&store), BarFlags::FROM_SERVER);
    assert_eq!(last(&store, "IBM", Min1), Some([180.0, 180.0, 180.0, 180.0, 120.0]));
}

#[test]
fn an_update_beats_the_bar_in_either_order_and_twice() {
    let start = at("2013-10-07T14:00:00Z");
    let first = minute_bar("IBM", start, [1.0, 2.0, 1.0, 2.0], 900);
    let updated = Message::Bar(BarKind::Updated, bar("IBM", start, [1.0, 3.0, 1.0, 2.0], 800));
    for order in [[&first, &updated, &updated], [&updated, &first, &first], [&updated, &first, &updated]] {
        let mut store = store();
        for message in order {
            store.apply(message);
        }
        assert_eq!(last(&store, "IBM", Min1), Some([1.0, 3.0, 1.0, 2.0, 800.0]));
    }
}

#[test]
fn of_two_updates_the_one_with_more_trades_holds() {
    let start = at("2013-10-07T14:00:00Z");
    let update = |count, volume| {
        let mut bar = bar("IBM", start, [1.0, 2.0, 1.0, 2.0], volume);
        bar.trade_count = Some(count);
        Message::Bar(BarKind::Updated, bar)
    };
    for order in [[update(5, 100), update(6, 90)], [update(6, 90), update(5, 100)]] {
        let mut store = store();
        order.iter().for_each(|m| {
            store.apply(m);
        });
        assert_eq!(series(&store, "IBM", Min1).count(), [6]);
    }
}

#[test]
fn a_minute_for_which_the_server_sends_no_bar_is_dropped() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    // Before the first bar nothing is known about what the server would send: it stays.
    store.apply(&Message::Trade(trade("IBM", seconds(start, -60.0), 1, 170.0, 1.0)));
    store.apply(&minute_bar("IBM", start, [180.0, 180.0, 180.0, 180.0], 1));
    store.apply(&Message::Trade(trade("IBM", seconds(start, 61.0), 2, 190.0, 1.0)));
    assert_eq!(series(&store, "IBM", Min1).len(), 3);
    store.apply(&minute_bar("IBM", seconds(start, 120.0), [180.0, 180.0, 180.0, 180.0], 1));
    let times: Vec<_> = rows(&store, "IBM", Min1).iter().map(|b| b.time).collect();
    assert_eq!(times, [seconds(start, -60.0), start, seconds(start, 120.0)]);
    assert_eq!(store.quality().dropped_minutes, 1);
    // Its bar after all.
    store.apply(&minute_bar("IBM", seconds(start, 60.0), [191.0, 191.0, 191.0, 191.0], 1));
    assert_eq!(series(&store, "IBM", Min1).len(), 4);
}

#[test]
fn no_trade_that_sets_a_price_no_bar() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    let mut odd = trade("IBM", start, 1, 180.0, 5.0);
    odd.conditions = conditions(&["I"]);
    store.apply(&Message::Trade(odd));
    assert_eq!(last(&store, "IBM", Min1), None);
    // Its volume counts once there is a price.
    store.apply(&Message::Trade(trade("IBM", seconds(start, 1.0), 2, 181.0, 100.0)));
    assert_eq!(last(&store, "IBM", Min1), Some([181.0, 181.0, 181.0, 181.0, 105.0]));
    assert_eq!(series(&store, "IBM", Min1).last().unwrap().vwap, Some((180.0 * 5.0 + 181.0 * 100.0) / 105.0));
}

#[test]
fn form_t_sets_prices_before_the_opening_and_not_after() {
    for (time, bars) in [(at("2013-10-07T13:29:30Z"), 1), (at("2013-10-07T13:30:30Z"), 0)] {
        let mut store = store();
        let mut form_t = trade("IBM", time, 1, 180.0, 100.0);
        form_t.conditions = conditions(&[" ", "T"]);
        store.apply(&Message::Trade(form_t));
        assert_eq!(series(&store, "IBM", Min1).len(), bars, "{time:?}");
    }
}

#[test]
fn every_crypto_trade_counts_and_fractions_add_up_exactly() {
    let start = at("2024-08-09T00:00:00Z");
    let mut store = store();
    for id in 0..10 {
        let mut trade = trade("BTC/USD", start, 3_447_222_699_101_865_076 + id, 60_000.0, 0.1);
        trade.exchange = None;
        trade.tape = None;
        store.apply(&Message::Trade(trade.clone()));
        store.apply(&Message::Trade(trade));
    }
    assert_eq!(series(&store, "BTCUSD", Min1).volume(), [1.0]);
    assert_eq!(store.quality().duplicate_trades, 10);
}

#[test]
fn a_crypto_bar_without_trades_has_no_average_price() {
    let start = at("2024-08-09T00:00:00Z");
    let mut store = store();
    let mut quiet = bar("BTC/USD", start, [1.0, 2.0, 1.0, 2.0], 0);
    quiet.vwap = Some(0.0);
    quiet.trade_count = Some(0);
    store.apply(&Message::Bar(BarKind::Minute, quiet));
    let bar = series(&store, "BTC/USD", Min1).last().unwrap();
    assert_eq!((bar.vwap, bar.count, bar.volume), (None, Some(0), 0.0));
    assert_eq!(store.quality().vwap_outside, 0);
}
