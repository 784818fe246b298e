//! Volume bought minus volume sold: sides by the wire, by quotes, by ticks; what of it is known.

use wickwire_market::Timeframe::{Day1, Hour1, Min1, Min5};
use wickwire_market::{Bar, BarFlags, Store};
use wickwire_proto::message::{BarKind, Message, Trade};
use wickwire_proto::time::Timestamp;

use crate::support::{
    Rng, at, bar, cancel, conditions, correct, minute_bar, quote, row, rows, seconds, series, store, trade,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn start() -> Timestamp {
    at("2013-10-07T14:00:00Z")
}

fn ibm(second: f64, id: u64, price: f64, size: f64) -> Message<'static> {
    Message::Trade(trade("IBM", seconds(start(), second), id, price, size))
}

fn delta(store: &Store, symbol: &str) -> Option<f64> {
    series(store, symbol, Min1).last().unwrap().delta
}

#[test]
fn trades_of_stocks_go_by_the_quote_and_then_by_the_tick() {
    let mut store = store();
    store.apply(&quote("IBM", start(), 180.0, 180.2));
    let mut sum = 0.0;
    for (id, price, size, sign) in [
        (1, 180.2, 100.0, 1.0),  // above the middle
        (2, 180.0, 30.0, -1.0),  // below it
        (3, 180.1, 7.0, 1.0),    // at it, after a lower price
        (4, 180.1, 2.0, 1.0),    // the same again
        (5, 180.15, 50.0, 1.0),  // inside the quote, nearer the ask
        (6, 180.1, 1.0, -1.0),   // at the middle, after a higher price
        (7, 180.05, 11.0, -1.0), // inside, nearer the bid
    ] {
        store.apply(&ibm(id as f64, id, price, size));
        sum += sign * size;
        assert_eq!(delta(&store, "IBM"), Some(sum), "trade {id}");
    }
    assert!((sum - 117.0).abs() < 1e-9);
}

#[test]
fn without_a_quote_the_tick_decides_and_without_a_tick_nothing_is_known() {
    let mut store = store();
    store.apply(&ibm(1.0, 1, 180.0, 100.0));
    assert_eq!(delta(&store, "IBM"), None);
    assert!(series(&store, "IBM", Min1).delta().is_empty());
    store.apply(&ibm(2.0, 2, 180.1, 10.0));
    assert_eq!(delta(&store, "IBM"), None, "the first trade's side is not known");
    // From the next minute on all are.
    store.apply(&ibm(61.0, 3, 180.1, 5.0));
    store.apply(&ibm(62.0, 4, 180.0, 2.0));
    assert_eq!(delta(&store, "IBM"), Some(3.0));
    // One side of a quote has no middle.
    store.apply(&quote("IBM", seconds(start(), 63.0), 0.0, 180.0));
    store.apply(&ibm(64.0, 5, 180.5, 1.0));
    assert_eq!(delta(&store, "IBM"), Some(4.0));
}

#[test]
fn the_quote_of_the_trades_own_time_counts() {
    let mut store = store();
    store.apply(&quote("IBM", seconds(start(), 1.0), 180.0, 180.2));
    store.apply(&quote("IBM", seconds(start(), 5.0), 181.0, 181.2));
    store.apply(&ibm(5.0, 1, 180.5, 100.0));
    assert_eq!(delta(&store, "IBM"), Some(-100.0));
    // A late one, from before the second quote.
    store.apply(&ibm(4.9, 2, 180.5, 30.0));
    assert_eq!(delta(&store, "IBM"), Some(-70.0));
    // From before the first: no quote, no tick.
    store.apply(&ibm(0.5, 3, 180.5, 30.0));
    assert_eq!(delta(&store, "IBM"), None);
}

#[test]
fn only_trades_that_count_for_volume_and_sale_conditions_set_no_tick() {
    let mut store = store();
    store.apply(&quote("IBM", start(), 180.0, 180.2));
    let odd = |id, price, code: &'static str| {
        let mut trade = trade("IBM", seconds(start(), id as f64), id, price, 10.0);
        trade.conditions = conditions(&[code]);
        Message::Trade(trade)
    };
    store.apply(&ibm(1.0, 1, 180.2, 100.0));
    // The official close counts for nothing, an odd lot for volume.
    store.apply(&odd(2, 180.0, "M"));
    assert_eq!(delta(&store, "IBM"), Some(100.0));
    store.apply(&odd(3, 180.0, "I"));
    assert_eq!(delta(&store, "IBM"), Some(90.0));
    // At the middle: against 180.2, since the odd lot's 180.0 sets no last price.
    store.apply(&ibm(4.0, 4, 180.1, 1.0));
    assert_eq!(delta(&store, "IBM"), Some(89.0));
}

#[test]
fn crypto_goes_by_the_wires_taker() {
    let time = at("2024-08-09T00:00:00Z");
    let mut store = store();
    store.apply(&quote("BTC/USD", time, 1.0, 2.0));
    let mut add = |id: u64, side: Option<&'static str>| {
        let mut trade = trade("BTC/USD", seconds(time, id as f64), id, 60_000.0, 0.1);
        trade.taker_side = side.map(Into::into);
        store.apply(&Message::Trade(trade));
        delta(&store, "BTC/USD")
    };
    assert_eq!(add(1, Some("B")), Some(0.1));
    assert_eq!(add(2, Some("B")), Some(0.2));
    assert_eq!(add(3, Some("S")), Some(0.1));
    assert_eq!(add(4, None), None);
}

#[test]
fn a_bar_of_the_server_keeps_the_delta_if_all_its_trades_were_seen() {
    let trades = [ibm(1.0, 1, 180.2, 100.0), ibm(2.0, 2, 180.0, 30.0)];
    let closed = minute_bar("IBM", start(), [180.2, 180.2, 180.0, 180.0], 130);
    let updated = Message::Bar(BarKind::Updated, bar("IBM", start(), [180.2, 180.2, 180.0, 180.0], 135));
    let late = ibm(3.0, 3, 180.2, 5.0);
    let [first, second] = &trades;
    for (messages, want) in [
        (vec![first, second, &closed], Some(70.0)),
        (vec![first, &closed, second], Some(70.0)),
        (vec![&closed, second, first], Some(70.0)),
        (vec![first, &closed], None),
        (vec![first, second, &closed, &late], None),
        (vec![first, second, &closed, &late, &updated], Some(75.0)),
        (vec![&updated, first, second, &late, &closed], Some(75.0)),
        (vec![first, second, &updated], None),
        (vec![&closed], None),
    ] {
        let mut store = store();
        store.apply(&quote("IBM", start(), 180.0, 180.2));
        for message in &messages {
            store.apply(message);
        }
        assert_eq!(delta(&store, "IBM"), want, "{messages:?}");
        assert!(series(&store, "IBM", Min1).last().unwrap().flags.has(BarFlags::FROM_SERVER));
    }
}

#[test]
fn history_has_no_delta_but_where_it_has_no_volume() {
    let mut store = store();
    store.prepend_bars(
        "BTC/USD",
        Min1,
        [row(start(), [1.0; 4], 5.0), row(seconds(start(), 60.0), [1.0; 4], 0.0)],
    );
    let deltas: Vec<_> = rows(&store, "BTC/USD", Min1).iter().map(|b| b.delta).collect();
    assert_eq!(deltas, [None, Some(0.0)]);
    assert_eq!(series(&store, "BTC/USD", Hour1).last().unwrap().delta, None);
    // What a caller claims is not taken.
    let claimed = Bar { delta: Some(3.0), ..row(seconds(start(), -60.0), [1.0; 4], 5.0) };
    store.prepend_bars("BTC/USD", Min1, [claimed]);
    assert_eq!(series(&store, "BTC/USD", Min1).get(0).unwrap().delta, None);
}

#[test]
fn a_page_of_history_keeps_the_delta_of_trades_seen() {
    let mut store = store();
    store.apply(&quote("IBM", start(), 180.0, 180.2));
    store.apply(&ibm(1.0, 1, 180.2, 100.0));
    store.set_clock(seconds(start(), 61.0));
    // Trades of the window are gone by then.
    store.apply(&minute_bar("IBM", start(), [180.2; 4], 100));
    store.apply(&ibm(3_600.0, 2, 180.2, 1.0));
    let again = Bar { count: Some(9), ..row(start(), [180.2, 180.3, 180.2, 180.2], 100.0) };
    store.prepend_bars("IBM", Min1, [again]);
    assert_eq!(series(&store, "IBM", Min1).get(0).map(|b| (b.high, b.delta)), Some((180.3, Some(100.0))));
    let other = Bar { count: Some(10), ..row(start(), [180.2; 4], 101.0) };
    store.prepend_bars("IBM", Min1, [other]);
    assert_eq!(series(&store, "IBM", Min1).get(0).unwrap().delta, None);
}

#[test]
fn longer_bars_sum_it_where_every_part_is_known() {
    let mut store = store();
    store.apply(&quote("IBM", start(), 180.0, 180.2));
    store.apply(&ibm(1.0, 1, 180.2, 100.0));
    store.apply(&ibm(61.0, 2, 180.0, 30.0));
    for timeframe in [Min5, Hour1, Day1] {
        assert_eq!(series(&store, "IBM", timeframe).last().unwrap().delta, Some(70.0));
    }
    store.apply(&minute_bar("IBM", seconds(start(), 60.0), [180.0; 4], 31));
    for timeframe in [Min5, Hour1, Day1] {
        assert_eq!(series(&store, "IBM", timeframe).last().unwrap().delta, None);
    }
    // A bar of the server with the volume of the minutes takes theirs.
    let mut other = crate::support::store();
    other.apply(&quote("IBM", start(), 180.0, 180.2));
    other.apply(&ibm(1.0, 1, 180.2, 100.0));
    let day = at("2013-10-07T04:00:00Z");
    other.apply(&Message::Bar(BarKind::Daily, bar("IBM", day, [180.2, 181.0, 180.2, 180.2], 100)));
    assert_eq!(series(&other, "IBM", Day1).last().map(|b| (b.high, b.delta)), Some((181.0, Some(100.0))));
    other.apply(&Message::Bar(BarKind::Daily, bar("IBM", day, [180.2, 181.0, 180.2, 180.2], 400)));
    assert_eq!(series(&other, "IBM", Day1).last().unwrap().delta, None);
}

#[test]
fn corrections_and_cancels_turn_trades_round() {
    let mut store = store();
    store.apply(&quote("IBM", start(), 180.0, 180.2));
    store.apply(&ibm(1.0, 1, 180.2, 100.0));
    store.apply(&ibm(2.0, 2, 180.1, 10.0)); // below 180.2
    assert_eq!(delta(&store, "IBM"), Some(90.0));
    store.apply(&correct("IBM", seconds(start(), 3.0), 1, 9, 180.0, 50.0));
    // The first is a sell of 50 now, and the second comes after a lower price.
    assert_eq!(delta(&store, "IBM"), Some(-40.0));
    store.apply(&cancel("IBM", seconds(start(), 4.0), 9));
    assert_eq!(delta(&store, "IBM"), None, "nothing to compare the other with");
}

#[test]
fn an_interruption_ends_what_quotes_and_ticks_say() {
    let mut store = store();
    store.apply(&quote("IBM", start(), 180.0, 180.2));
    store.apply(&ibm(1.0, 1, 180.2, 100.0));
    store.apply(&ibm(2.0, 2, 180.0, 100.0));
    store.note_gap(None, seconds(start(), 1.5), Timestamp::MAX);
    store.apply(&ibm(120.0, 3, 180.1, 10.0));
    assert_eq!(delta(&store, "IBM"), None);
    store.apply(&quote("IBM", seconds(start(), 180.0), 180.0, 180.1));
    store.apply(&ibm(180.0, 4, 180.1, 10.0));
    assert_eq!(delta(&store, "IBM"), Some(10.0));
    // Its end is not another one.
    store.note_gap(None, seconds(start(), 1.5), seconds(start(), 119.0));
    store.apply(&ibm(181.0, 5, 180.1, 5.0));
    assert_eq!(delta(&store, "IBM"), Some(15.0));
}

/// The rule of ticks, put down as plainly as it can be: over all trades in their order.
fn plain(trades: &[(Trade<'static>, bool)]) -> Vec<(Timestamp, f64, Option<f64>)> {
    let mut sorted: Vec<_> = trades.iter().filter(|(_, void)| !void).map(|(t, _)| t).collect();
    sorted.sort_by_key(|t| (t.time, t.id));
    let mut out: Vec<(Timestamp, f64, Option<f64>)> = Vec::new();
    for (i, trade) in sorted.iter().enumerate() {
        let sets = |t: &Trade<'_>| t.conditions.is_none();
        let different = sorted[..i].iter().rev().filter(|t| sets(t)).find(|t| t.price != trade.price);
        let signed = different.map(|t| (trade.price - t.price).signum() * trade.size.to_f64());
        let minute = Timestamp(trade.time.0 - trade.time.0.rem_euclid(60_000_000_000));
        if out.last().is_none_or(|(last, ..)| *last != minute) {
            out.push((minute, 0.0, Some(0.0)));
        }
        let (_, volume, delta) = out.last_mut().unwrap();
        *volume += trade.size.to_f64();
        *delta = delta.zip(signed).map(|(a, b)| a + b);
    }
    out
}

#[test]
fn ticks_in_any_order_are_those_of_the_sorted_trades() {
    for seed in 0..if cfg!(target_arch = "wasm32") { 60 } else { 600 } {
        let mut rng = Rng(seed);
        let count = 1 + rng.below(120);
        let prices = 1 + rng.below(4);
        let minutes = 1 + rng.below(6);
        let mut trades: Vec<(Trade<'static>, bool)> = (0..count as u64)
            .map(|id| {
                let time = start().plus_nanos(rng.below(minutes * 60) as i64 * 1_000_000_000);
                let price = 180.0 + rng.below(prices) as f64;
                let mut trade = trade("IBM", time, id, price, (1 + rng.below(9)) as f64);
                // An odd lot has volume and sets no price.
                trade.conditions = if rng.chance(25) { conditions(&["I"]) } else { None };
                (trade, false)
            })
            .collect();
        let mut messages: Vec<Message<'static>> =
            trades.iter().map(|(t, _)| Message::Trade(t.clone())).collect();
        for (trade, void) in &mut trades {
            if rng.chance(5) {
                *void = true;
                messages.push(cancel("IBM", seconds(start(), 600.0), trade.id.unwrap()));
            }
        }
        if seed % 3 > 0 {
            rng.shuffle(&mut messages);
        }
        let again: Vec<_> = messages.iter().filter(|_| rng.chance(10)).cloned().collect();
        messages.extend(again);
        let mut store = store();
        for message in &messages {
            store.apply(message);
        }
        let got: Vec<_> = rows(&store, "IBM", Min1).iter().map(|b| (b.time, b.volume, b.delta)).collect();
        let priced: Vec<Timestamp> = got.iter().map(|(time, ..)| *time).collect();
        let want: Vec<_> = plain(&trades).into_iter().filter(|(time, ..)| priced.contains(time)).collect();
        assert_eq!(got, want, "seed {seed}");
    }
}
