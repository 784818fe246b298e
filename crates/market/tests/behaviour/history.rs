//! Pages of history in front and in between.

use wickwire_market::Timeframe::{Day1, Hour1, Min1, Min5};
use wickwire_market::{Bar, Limits, Seen, Store};
use wickwire_proto::message::Message;

use crate::support::{at, minute_bar, row, rows, seconds, series, store, trade};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn page(from: i64, to: i64) -> Vec<Bar> {
    let start = at("2013-10-07T14:00:00Z");
    (from..to)
        .map(|m| row(seconds(start, 60.0 * m as f64), [200.0 + m as f64, 300.0 + m as f64, 1.0, 150.0], 10.0))
        .collect()
}

#[test]
fn pages_in_front_cost_what_they_add_and_longer_bars_follow() {
    let mut store = store();
    store.prepend_bars("IBM", Min1, page(0, 3));
    let seen = series(&store, "IBM", Min1).seen();
    store.prepend_bars("IBM", Min1, page(-100, 0));
    let changes = series(&store, "IBM", Min1).changes(&seen);
    assert_eq!((changes.rebuilt, changes.prepended, changes.changed.len()), (false, 100, 0));
    assert_eq!(rows(&store, "IBM", Min5).len(), 21);
    let first = series(&store, "IBM", Min5).get(0).unwrap();
    assert_eq!((first.open, first.high, first.volume), (100.0, 204.0, 50.0));
}

#[test]
fn pages_of_longer_bars_cost_what_they_add_too() {
    for timeframe in [Min5, Hour1, Day1] {
        let step = timeframe.nanos() as f64 / 1e9;
        let start = at("2013-10-07T04:00:00Z");
        let bars = |from: i64, to: i64| -> Vec<Bar> {
            (from..to).map(|i| row(seconds(start, step * i as f64), [9.0, 9.5, 8.5, 9.0], 10.0)).collect()
        };
        let mut store = store();
        store.prepend_bars("IBM", timeframe, bars(0, 300));
        let seen = series(&store, "IBM", timeframe).seen();
        store.prepend_bars("IBM", timeframe, bars(-500, 0));
        let changes = series(&store, "IBM", timeframe).changes(&seen);
        let found = (changes.rebuilt, changes.prepended, changes.changed.len(), changes.len);
        assert_eq!(found, (false, 500, 0, 800), "{timeframe:?}");
    }
}

#[test]
fn a_page_fills_holes_and_leaves_updates_alone() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&minute_bar("IBM", start, [1.0; 4], 900));
    store.apply(&minute_bar("IBM", seconds(start, 120.0), [3.0; 4], 1));
    let mut bars = page(0, 3);
    bars.reverse();
    store.prepend_bars("IBM", Min1, bars);
    let volumes: Vec<_> = rows(&store, "IBM", Min1).iter().map(|b| b.volume).collect();
    // The one that knows of more volume holds; the page knows more of the third.
    assert_eq!(volumes, [900.0, 10.0, 10.0]);
}

#[test]
fn a_running_minute_is_left_to_its_trades() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&Message::Trade(trade("IBM", seconds(start, 30.0), 1, 180.0, 7.0)));
    store.prepend_bars("IBM", Min1, page(-2, 1));
    assert_eq!(series(&store, "IBM", Min1).volume(), [10.0, 10.0, 7.0]);
}

#[test]
fn what_does_not_fit_in_front_is_left_out() {
    let mut store = Store::new(Limits { bars: 50, ..Limits::default() });
    store.prepend_bars("IBM", Min1, page(0, 20));
    store.prepend_bars("IBM", Min1, page(-100, 0));
    assert_eq!(series(&store, "IBM", Min1).len(), 50);
    assert_eq!(
        series(&store, "IBM", Min1).get(0).unwrap().time,
        seconds(at("2013-10-07T14:00:00Z"), -1_800.0)
    );
    let seen: Seen = series(&store, "IBM", Min1).seen();
    store.prepend_bars("IBM", Min1, page(-200, -100));
    assert!(series(&store, "IBM", Min1).changes(&seen).is_empty());
}

#[test]
fn bars_that_contradict_themselves_are_left_out() {
    let mut store = store();
    let mut bars = page(0, 3);
    bars[1].low = 500.0;
    store.prepend_bars("IBM", Min1, bars);
    assert_eq!(series(&store, "IBM", Min1).len(), 2);
    assert_eq!(store.quality().bad_bar, 1);
    assert_eq!(store.quarantine().iter().count(), 1);
}
