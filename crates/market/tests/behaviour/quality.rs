//! What is not plausible is counted and set aside, and its neighbours live.

use wickwire_market::Timeframe::Min1;
use wickwire_market::limits::MAX_TOO_FAR_AHEAD;
use wickwire_market::quality::Refusal;
use wickwire_market::{Change, Limits, Store};
use wickwire_proto::message::{BarKind, Message, News};
use wickwire_proto::number::Number;

use crate::support::{at, bar, quote, seconds, series, store, trade};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn implausible_figures_change_nothing() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&Message::Trade(trade("IBM", start, 1, 180.0, 1.0)));
    let trade = |price, size| Message::Trade(trade("IBM", start, 2, price, size));
    let minute = |ohlc, time| Message::Bar(BarKind::Minute, bar("IBM", time, ohlc, 1));
    for message in [
        trade(0.0, 1.0),
        trade(-1.0, 1.0),
        trade(f64::NAN, 1.0),
        trade(f64::INFINITY, 1.0),
        trade(1.0, -1.0),
        Message::Trade(wickwire_proto::message::Trade {
            size: Number::Float(f64::NAN),
            ..crate::support::trade("IBM", start, 2, 1.0, 1.0)
        }),
        Message::Trade(crate::support::trade("IBM", at("1980-01-01T00:00:00Z"), 2, 1.0, 1.0)),
        quote("IBM", start, -1.0, 2.0),
        quote("IBM", start, f64::NAN, 2.0),
        minute([1.0, 2.0, 1.5, 1.7], start),
        minute([1.0, 2.0, 1.0, 2.5], start),
        minute([1.0, 1.0, 1.0, 1.0], seconds(start, 1.0)),
    ] {
        assert_eq!(store.apply(&message), Change::QUALITY, "{message:?}");
    }
    assert_eq!(series(&store, "IBM", Min1).close(), [180.0]);
    let quality = store.quality();
    assert_eq!((quality.refused(), quality.messages), (12, 13));
    assert_eq!((quality.bad_price, quality.bad_size, quality.bad_time, quality.bad_bar), (6, 2, 1, 3));
    assert_eq!(store.quarantine().iter().next_back().map(|q| q.refusal), Some(Refusal::Bar));
    assert_eq!(store.instrument("IBM").unwrap().quality().refused(), 12);
}

#[test]
fn a_clock_refuses_the_future_and_the_far_past() {
    let now = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.set_clock(now);
    for (offset, refused) in [(29.0, false), (31.0, true), (-86_000.0, false), (-87_000.0, true)] {
        let change = store.apply(&Message::Trade(trade("IBM", seconds(now, offset), 1, 1.0, 1.0)));
        assert_eq!(change.contains(Change::QUALITY), refused, "{offset}");
    }
}

#[test]
fn a_loose_clock_refuses_what_is_too_far_ahead_alone() {
    let now = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.set_loose_clock(now, 3_600_000_000_000);
    for (offset, refused) in [(3_599.0, false), (3_601.0, true), (-9e5, false), (86_400.0 * 900.0, true)] {
        let change = store.apply(&Message::Trade(trade("IBM", seconds(now, offset), 1, 1.0, 1.0)));
        assert_eq!(change.contains(Change::QUALITY), refused, "{offset}");
    }
    // It does not tell which minute still runs, and keeps no history away.
    store.apply(&quote("IBM", seconds(now, 30.0), 1.0, 2.0));
    let page = [-60.0, 0.0, 86_400.0].map(|s| crate::support::row(seconds(now, s), [1.0; 4], 1.0));
    store.prepend_bars("BTC/USD", wickwire_market::Timeframe::Day1, page);
    assert_eq!(store.quality().bad_time, 2);
}

#[test]
fn a_clock_that_refuses_everything_is_not_believed() {
    let now = at("2013-10-07T14:00:00Z");
    let mut store = store();
    let later = |id| Message::Trade(trade("IBM", seconds(now, 90_000.0), id, 1.0, 1.0));
    for id in 0..20 {
        store.set_loose_clock(now, 3_600_000_000_000);
        store.apply(&later(id));
    }
    assert_eq!(store.quality().bad_time, u64::from(MAX_TOO_FAR_AHEAD));
    // Good ones in between are a sign that the clock is right.
    let mut store = crate::support::store();
    for id in 0..20 {
        store.set_loose_clock(now, 3_600_000_000_000);
        store.apply(&later(id));
        store.apply(&quote("IBM", now, 1.0, 2.0));
    }
    assert_eq!(store.quality().bad_time, 20);
}

#[test]
fn odd_quotes_are_kept_and_counted() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    for (bid, ask) in [(0.0, 2.0), (2.0, 0.0), (2.0, 2.0), (3.0, 2.0), (1.0, 2.0)] {
        assert!(store.apply(&quote("IBM", start, bid, ask)).contains(Change::QUOTE));
    }
    let quality = store.quality();
    assert_eq!((quality.one_sided_quotes, quality.locked_quotes, quality.crossed_quotes), (2, 1, 1));
    assert!(!store.apply(&quote("IBM", seconds(start, -1.0), 1.0, 2.0)).contains(Change::QUOTE));
    assert_eq!(store.quality().late_quotes, 1);
}

#[test]
fn symbols_beyond_the_limits_are_refused() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = Store::new(Limits { instruments: 2, ..Limits::default() });
    for symbol in ["A", "B", "C", ""] {
        store.apply(&quote(symbol, start, 1.0, 2.0));
    }
    assert_eq!(store.instruments().len(), 2);
    assert_eq!(store.quality().bad_symbol, 2);
    assert_eq!(store.quarantine().iter().next().map(|q| q.refusal), Some(Refusal::Instruments));
}

#[test]
fn news_is_for_all_symbols() {
    let mut store = store();
    let news = Message::News(News { id: 7, headline: "x".into(), ..News::default() });
    assert_eq!(store.apply(&news), Change::NEWS);
    assert_eq!(store.apply(&news), Change::NONE);
    assert_eq!((store.news().len(), store.instruments().len()), (1, 0));
}

#[test]
fn changes_of_a_symbol_gather_until_asked_for() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&quote("IBM", start, 1.0, 2.0));
    store.apply(&Message::Trade(trade("IBM", start, 1, 1.0, 1.0)));
    let change = store.take_changes("IBM");
    assert!(change.contains(Change::QUOTE) && change.contains(Change::LAST_BAR));
    assert_eq!(store.take_changes("IBM"), Change::NONE);
}
