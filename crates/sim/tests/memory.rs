//! What the market's state holds of a fast simulated symbol stands still once as much time has passed
//! as is kept: memory of WebAssembly is never given back, so that in a page a rise would stay.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, missing_docs)]

use wickwire_market::limits::{MAX_SPREAD_POINTS, MAX_WINDOW_MINUTES};
use wickwire_market::spread::SPREAD_INTERVAL;
use wickwire_market::{Limits, Store, Timeframe};
use wickwire_proto::message::Message;
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};
use wickwire_sim::{Feed, SimConfig, Simulator};

/// 2026-11-23, 10:00 in New York.
const START: i64 = 1_795_446_000;
/// Messages a second of the whole market, some 90 of them of the symbol.
const RATE: f64 = 1_000.0;
const SYMBOL: &str = "AAPL";
/// Minutes after the first that the state is watched for.
const WATCHED: i64 = 10;
/// What it may rise by then, bytes: articles, and bars of the minutes.
const MAX_RISE: i64 = 32 * 1024;
/// The most that it may hold at the end, bytes: a megabyte of trades, 150 KB of the spread, and bars.
const MAX_HELD: i64 = 1_500_000;

#[test]
fn what_is_held_of_a_fast_symbol_stands_still() {
    let start = Timestamp::from_seconds(START);
    let mut market = Simulator::new(SimConfig { seed: 7, rate: RATE, start });
    let mut store = Store::new(Limits::default());
    store.set_shown(&[(SYMBOL, Timeframe::Min1)]);
    let (mut held, mut largest, mut by_minute) = (0, 0, Vec::new());
    // A point of the spread in each of its intervals at most, but not in each.
    let first =
        MAX_WINDOW_MINUTES.max(MAX_SPREAD_POINTS as i64 * SPREAD_INTERVAL / (60 * NANOS_PER_SECOND)) + 2;
    for minute in 1..=first + WATCHED {
        let until = start.plus_nanos(minute * 60 * NANOS_PER_SECOND);
        market.advance(until, &mut |_, message| {
            if matches!(message, Message::News(_)) || message.symbol() == Some(SYMBOL) {
                let counted = allocation_counter::measure(|| {
                    store.apply(message);
                });
                held += counted.bytes_current;
                largest = largest.max(counted.bytes_max);
            }
        });
        by_minute.push(held);
    }
    let kilobytes: Vec<i64> = by_minute.iter().map(|bytes| bytes / 1_000).collect();
    println!("KB held at the end of each minute: {kilobytes:?}; most that one message took: {largest} bytes");
    let settled = by_minute.get(first as usize - 1).copied().unwrap();
    assert!(held - settled < MAX_RISE, "{kilobytes:?}");
    assert!(held < MAX_HELD, "{kilobytes:?}");
}
