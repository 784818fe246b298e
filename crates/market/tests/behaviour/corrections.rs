//! Corrections and cancels change the open minute, whenever they come.

use wickwire_market::Timeframe::Min1;
use wickwire_proto::message::Message;
use wickwire_proto::number::Number;

use crate::support::{at, cancel, conditions, correct, last, minute_bar, seconds, store, trade};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_correction_replaces_price_and_size_before_or_after_the_trade() {
    let start = at("2013-10-07T14:00:00Z");
    for first in [true, false] {
        let mut store = store();
        let fix = correct("IBM", seconds(start, 9.0), 2, 20, 181.0, 50.0);
        if first {
            store.apply(&fix);
        }
        store.apply(&Message::Trade(trade("IBM", seconds(start, 1.0), 1, 180.0, 100.0)));
        store.apply(&Message::Trade(trade("IBM", seconds(start, 2.0), 2, 999.0, 100.0)));
        if !first {
            assert_eq!(last(&store, "IBM", Min1), Some([180.0, 999.0, 180.0, 999.0, 200.0]));
            store.apply(&fix);
        }
        assert_eq!(last(&store, "IBM", Min1), Some([180.0, 181.0, 180.0, 181.0, 150.0]));
        let trade = store.instrument("IBM").unwrap().last_trade().copied().unwrap();
        assert_eq!((trade.price, trade.size), (181.0, Number::Unsigned(50)));
        assert_eq!(store.quality().amended_trades, 1);
    }
}

#[test]
fn a_correction_of_a_correction_and_then_a_cancel() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&Message::Trade(trade("IBM", start, 1, 180.0, 100.0)));
    store.apply(&Message::Trade(trade("IBM", seconds(start, 2.0), 2, 190.0, 100.0)));
    store.apply(&correct("IBM", seconds(start, 3.0), 2, 20, 191.0, 100.0));
    store.apply(&correct("IBM", seconds(start, 4.0), 20, 21, 192.0, 100.0));
    assert_eq!(last(&store, "IBM", Min1), Some([180.0, 192.0, 180.0, 192.0, 200.0]));
    store.apply(&cancel("IBM", seconds(start, 5.0), 21));
    assert_eq!(last(&store, "IBM", Min1), Some([180.0, 180.0, 180.0, 180.0, 100.0]));
}

#[test]
fn a_minute_of_which_every_trade_is_void_has_no_bar() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&Message::Trade(trade("IBM", start, 1, 180.0, 100.0)));
    store.apply(&cancel("IBM", seconds(start, 1.0), 1));
    assert_eq!(last(&store, "IBM", Min1), None);
    assert_eq!(store.instrument("IBM").unwrap().last_price(), None);
}

#[test]
fn another_exchange_with_the_same_id_is_another_trade() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    let mut other = trade("IBM", start, 1, 170.0, 10.0);
    other.exchange = Some("N".into());
    store.apply(&Message::Trade(trade("IBM", start, 1, 180.0, 100.0)));
    store.apply(&Message::Trade(other));
    store.apply(&cancel("IBM", seconds(start, 1.0), 1));
    assert_eq!(last(&store, "IBM", Min1), Some([170.0, 170.0, 170.0, 170.0, 10.0]));
}

#[test]
fn new_conditions_decide_anew() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&Message::Trade(trade("IBM", start, 1, 180.0, 100.0)));
    store.apply(&Message::Trade(trade("IBM", seconds(start, 1.0), 2, 185.0, 5.0)));
    let Message::Correction(mut fix) = correct("IBM", seconds(start, 2.0), 2, 3, 185.0, 5.0) else {
        panic!("not a correction")
    };
    fix.corrected_conditions = conditions(&["I"]);
    store.apply(&Message::Correction(fix));
    assert_eq!(last(&store, "IBM", Min1), Some([180.0, 180.0, 180.0, 180.0, 105.0]));
}

#[test]
fn a_closed_minute_stays_as_the_server_closed_it() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&Message::Trade(trade("IBM", start, 1, 180.0, 100.0)));
    store.apply(&minute_bar("IBM", start, [180.0, 180.5, 180.0, 180.5], 300));
    store.apply(&Message::Trade(trade("IBM", seconds(start, 1.0), 2, 999.0, 5.0)));
    store.apply(&cancel("IBM", seconds(start, 2.0), 1));
    assert_eq!(last(&store, "IBM", Min1), Some([180.0, 180.5, 180.0, 180.5, 300.0]));
    assert_eq!(store.quality().late_trades, 1);
}

#[test]
fn open_and_close_are_by_time_and_then_by_id() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    for (second, id, price) in [(5.0, 9, 3.0), (5.0, 8, 2.0), (1.0, 10, 1.0), (5.0, 11, 4.0), (1.0, 3, 5.0)] {
        store.apply(&Message::Trade(trade("IBM", seconds(start, second), id, price, 1.0)));
    }
    assert_eq!(last(&store, "IBM", Min1), Some([5.0, 5.0, 1.0, 4.0, 5.0]));
}
