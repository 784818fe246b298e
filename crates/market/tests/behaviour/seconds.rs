//! Bars of seconds from trades, while they are wanted and from the trades that are kept.

use std::collections::BTreeMap;

use wickwire_market::Timeframe::{Min1, Sec1, Sec5, Sec15, Sec30};
use wickwire_market::limits::{MAX_WINDOW_MINUTES, MAX_WINDOW_TRADES};
use wickwire_market::{Bar, BarFlags, Change, Limits, Store, Timeframe};
use wickwire_proto::message::Message;
use wickwire_proto::time::Timestamp;

use crate::support::{
    Rng, at, cancel, conditions, correct, last, minute_bar, quote, row, rows, seconds, series, store, trade,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn start() -> Timestamp {
    at("2013-10-07T14:00:00Z")
}

fn ibm(second: f64, id: u64, price: f64, size: f64) -> Message<'static> {
    Message::Trade(trade("IBM", seconds(start(), second), id, price, size))
}

fn watching() -> Store {
    let mut store = store();
    store.set_shown(&[("IBM", Sec5)]);
    store
}

fn starts(store: &Store, timeframe: Timeframe) -> Vec<f64> {
    rows(store, "IBM", timeframe).iter().map(|b| (b.time.0 - start().0) as f64 / 1e9).collect()
}

#[test]
fn seconds_hold_their_trades_and_nothing_is_between() {
    let mut store = watching();
    for (second, id, price) in [(0.2, 1, 10.0), (0.9, 2, 12.0), (3.0, 3, 11.0), (7.5, 4, 9.0), (31.0, 5, 8.0)]
    {
        let change = store.apply(&ibm(second, id, price, 100.0));
        assert!(change.contains(Change::LAST_BAR));
    }
    assert_eq!(starts(&store, Sec1), [0.0, 3.0, 7.0, 31.0]);
    assert_eq!(starts(&store, Sec5), [0.0, 5.0, 30.0]);
    assert_eq!(starts(&store, Sec15), [0.0, 30.0]);
    assert_eq!(starts(&store, Sec30), [0.0, 30.0]);
    let first = series(&store, "IBM", Sec1).get(0).unwrap();
    assert_eq!(
        (first.open, first.high, first.low, first.close, first.volume),
        (10.0, 12.0, 10.0, 12.0, 200.0)
    );
    assert_eq!((first.count, first.vwap), (Some(2), Some(11.0)));
    assert_eq!(series(&store, "IBM", Sec30).get(0).unwrap().close, 9.0);
}

#[test]
fn the_newest_forms_until_time_has_passed_it() {
    let mut store = watching();
    let flags = |store: &Store, t| series(store, "IBM", t).last().unwrap().flags;
    store.apply(&ibm(0.5, 1, 10.0, 1.0));
    assert_eq!((flags(&store, Sec1), flags(&store, Sec30)), (BarFlags::FORMING, BarFlags::FORMING));
    let change = store.apply(&quote("IBM", seconds(start(), 1.0), 9.0, 11.0));
    assert!(change.contains(Change::LAST_BAR));
    assert_eq!((flags(&store, Sec1), flags(&store, Sec30)), (BarFlags::default(), BarFlags::FORMING));
    // A late trade changes an ended one.
    store.apply(&ibm(0.1, 2, 11.0, 1.0));
    assert_eq!(flags(&store, Sec1), BarFlags::default());
    assert_eq!(last(&store, "IBM", Sec1), Some([11.0, 11.0, 10.0, 10.0, 2.0]));
}

#[test]
fn nothing_is_built_until_wanted_and_then_the_kept_trades_are_there() {
    let mut store = store();
    for minute in 0..30_u64 {
        store.apply(&ibm(60.0 * minute as f64, minute, 10.0, 1.0));
        // Closed minutes keep their trades.
        store.apply(&minute_bar("IBM", seconds(start(), 60.0 * minute as f64), [10.0; 4], 1));
    }
    assert_eq!(series(&store, "IBM", Sec1).len(), 0);
    let change = store.set_shown(&[("IBM", Sec1)]);
    assert!(change.any_bars());
    let kept = MAX_WINDOW_MINUTES as usize;
    assert_eq!(series(&store, "IBM", Sec1).len(), kept);
    assert_eq!(starts(&store, Sec1)[0], 60.0 * (30 - kept) as f64);
    assert!(store.set_shown(&[("IBM", Sec1)]).is_empty());
    // Those built while they were wanted stay when minutes are shown again.
    store.set_shown(&[("IBM", Min1)]);
    store.apply(&ibm(1_800.0, 99, 11.0, 1.0));
    assert_eq!(series(&store, "IBM", Sec1).len(), kept);
    store.set_shown(&[("IBM", Sec30)]);
    assert_eq!(series(&store, "IBM", Sec1).len(), kept + 1);
    assert!(series(&store, "IBM", Sec1).flags().iter().all(|f| !f.has(BarFlags::GAP_BEFORE)));
}

#[test]
fn trades_that_went_unwatched_and_are_no_longer_kept_are_a_gap() {
    let mut store = watching();
    store.apply(&ibm(0.0, 1, 10.0, 1.0));
    store.apply(&ibm(1.0, 2, 10.0, 1.0));
    store.set_shown(&[("IBM", Min1)]);
    for minute in 1..60_u64 {
        store.apply(&ibm(60.0 * minute as f64, 10 + minute, 10.0, 1.0));
    }
    store.set_shown(&[("IBM", Sec1)]);
    let marks: Vec<bool> =
        series(&store, "IBM", Sec1).flags().iter().map(|f| f.has(BarFlags::GAP_BEFORE)).collect();
    assert_eq!(marks.iter().filter(|m| **m).count(), 1);
    assert!(marks[2]);
    // Minutes had all of them.
    assert!(series(&store, "IBM", Min1).flags().iter().all(|f| !f.has(BarFlags::GAP_BEFORE)));
}

#[test]
fn a_lost_connection_is_a_gap_that_history_does_not_fill() {
    let mut store = watching();
    store.apply(&ibm(10.0, 1, 10.0, 1.0));
    store.note_gap(None, seconds(start(), 8.0), Timestamp::MAX);
    store.apply(&ibm(185.0, 2, 10.0, 1.0));
    store.note_gap(None, seconds(start(), 8.0), seconds(start(), 200.0));
    store.apply(&ibm(186.0, 3, 10.0, 1.0));
    store.prepend_bars("IBM", Min1, [row(seconds(start(), 60.0), [10.0; 4], 5.0)]);
    store.fill_gap(None, start(), seconds(start(), 300.0));
    let marks = |t| -> Vec<bool> {
        series(&store, "IBM", t).flags().iter().map(|f| f.has(BarFlags::GAP_BEFORE)).collect()
    };
    // The first trade after it ends it, whatever the caller's clock says.
    assert_eq!(marks(Sec1), [false, true, false]);
    assert_eq!(marks(Min1), [false; 3]);
    let unseen = store.instrument("IBM").unwrap().unseen().as_slice();
    assert_eq!(
        (unseen.len(), unseen[0].from, unseen[0].to),
        (1, seconds(start(), 10.0), seconds(start(), 185.0))
    );
}

#[test]
fn sale_conditions_corrections_and_cancels_hold_for_them() {
    let mut store = watching();
    let mut odd = trade("IBM", seconds(start(), 0.0), 1, 50.0, 7.0);
    odd.conditions = conditions(&["I"]);
    store.apply(&Message::Trade(odd));
    assert_eq!(series(&store, "IBM", Sec1).len(), 0, "an odd lot sets no price");
    store.apply(&ibm(1.0, 2, 10.0, 100.0));
    // In five seconds there is a price, and the odd lot's volume counts.
    assert_eq!(last(&store, "IBM", Sec5), Some([10.0, 10.0, 10.0, 10.0, 107.0]));
    assert_eq!(last(&store, "IBM", Sec1), Some([10.0, 10.0, 10.0, 10.0, 100.0]));
    store.apply(&ibm(2.0, 3, 11.0, 100.0));
    store.apply(&minute_bar("IBM", start(), [10.0, 11.0, 10.0, 11.0], 207));
    store.apply(&correct("IBM", seconds(start(), 61.0), 3, 4, 12.0, 50.0));
    assert_eq!(last(&store, "IBM", Sec1), Some([12.0, 12.0, 12.0, 12.0, 50.0]));
    assert_eq!(last(&store, "IBM", Sec5), Some([10.0, 12.0, 10.0, 12.0, 157.0]));
    // The minute is the server's.
    assert_eq!(last(&store, "IBM", Min1), Some([10.0, 11.0, 10.0, 11.0, 207.0]));
    store.apply(&cancel("IBM", seconds(start(), 62.0), 4));
    assert_eq!(starts(&store, Sec1), [1.0]);
    store.apply(&cancel("IBM", seconds(start(), 63.0), 2));
    for timeframe in Timeframe::SECONDS {
        assert_eq!(series(&store, "IBM", timeframe).len(), 0, "{timeframe:?}");
    }
}

#[test]
fn there_is_no_history_of_seconds() {
    let mut store = watching();
    let change = store.prepend_bars("IBM", Sec1, [row(start(), [1.0; 4], 1.0)]);
    assert!(change.is_empty() && series(&store, "IBM", Sec1).is_empty());
}

#[test]
fn they_are_bounded() {
    let mut store = Store::new(Limits { bars: 100, ..Limits::default() });
    store.set_shown(&[("IBM", Sec1)]);
    for second in 0..2_000 {
        store.apply(&ibm(f64::from(second), second as u64, 10.0, 1.0));
    }
    assert_eq!(series(&store, "IBM", Sec1).len(), 100);
    // More trades in a minute than are kept: it goes on, and later ones too.
    let mut store = watching();
    for id in 0..MAX_WINDOW_TRADES as u64 + 100 {
        store.apply(&ibm(id as f64 / 2_000.0, id, 10.0, 1.0));
    }
    store.apply(&ibm(61.0, 1_000_000, 10.0, 1.0));
    let volume: f64 = series(&store, "IBM", Sec1).volume().iter().sum();
    assert_eq!(volume, (MAX_WINDOW_TRADES + 101) as f64);
}

/// Bars of spans of `width` seconds, put down as plainly as can be. Trades without a condition set
/// prices, others count for volume alone.
fn plain(trades: &[wickwire_proto::message::Trade<'static>], width: i64) -> Vec<(Timestamp, [f64; 5])> {
    let mut spans: BTreeMap<i64, Vec<_>> = BTreeMap::new();
    for trade in trades {
        spans.entry(trade.time.0 - trade.time.0.rem_euclid(width * 1_000_000_000)).or_default().push(trade);
    }
    spans
        .into_iter()
        .filter_map(|(time, mut trades)| {
            trades.sort_by_key(|t| (t.time, t.id));
            let prices: Vec<f64> =
                trades.iter().filter(|t| t.conditions.is_none()).map(|t| t.price).collect();
            let high = prices.iter().copied().fold(f64::MIN, f64::max);
            let low = prices.iter().copied().fold(f64::MAX, f64::min);
            let volume = trades.iter().map(|t| t.size.to_f64()).sum();
            Some((Timestamp(time), [*prices.first()?, high, low, *prices.last()?, volume]))
        })
        .collect()
}

#[test]
fn whatever_the_order_they_are_the_plain_sums() {
    for seed in 0..if cfg!(target_arch = "wasm32") { 40 } else { 300 } {
        let mut rng = Rng(seed);
        let trades: Vec<_> = (0..1 + rng.below(200) as u64)
            .map(|id| {
                let time = start().plus_nanos(rng.below(400_000) as i64 * 1_000_000);
                let mut trade =
                    trade("IBM", time, id, 100.0 + rng.below(9) as f64, (1 + rng.below(50)) as f64);
                trade.conditions = if rng.chance(40) { conditions(&["I"]) } else { None };
                trade
            })
            .collect();
        let mut order: Vec<_> = trades.iter().chain(trades.iter().take(rng.below(20))).cloned().collect();
        rng.shuffle(&mut order);
        let mut store = store();
        for (n, trade) in order.iter().enumerate() {
            // Looked at now and then.
            if rng.chance(4) {
                store.set_shown(&[("IBM", if n % 2 == 0 { Sec15 } else { Min1 })]);
            }
            store.apply(&Message::Trade(trade.clone()));
        }
        store.set_shown(&[("IBM", Sec1)]);
        for (timeframe, width) in [(Sec1, 1), (Sec5, 5), (Sec15, 15), (Sec30, 30)] {
            let figures = |b: &Bar| (b.time, [b.open, b.high, b.low, b.close, b.volume]);
            let got: Vec<_> = rows(&store, "IBM", timeframe).iter().map(figures).collect();
            assert_eq!(got, plain(&trades, width), "seed {seed} {timeframe:?}");
        }
    }
}
