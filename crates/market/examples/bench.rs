//! What one message costs the store, in nanoseconds.
//!
//! `cargo run --profile server -p wickwire-market --example bench`
#![allow(clippy::print_stdout, missing_docs)]

use std::time::Instant;

use wickwire_market::{Bar, Limits, Store, Timeframe};
use wickwire_proto::message::{self, BarKind, Conditions, Level, Message, OrderBook, Quote, Trade};
use wickwire_proto::time::Timestamp;

/// 2026-11-23 14:30 UTC: New York's opening.
const START: i64 = 1_795_444_200;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(START * 1_000 + millis as i64)
}

fn trade(n: u64, millis: u64) -> Message<'static> {
    Message::Trade(Trade {
        symbol: "IBM".into(),
        id: Some(n),
        exchange: Some("V".into()),
        price: 180.0 + (n * 7 % 100) as f64 / 100.0,
        size: 100_u64.into(),
        conditions: Some(Conditions {
            codes: ["@".into(), "F".into()].into_iter().collect(),
            as_text: false,
        }),
        time: at(millis),
        tape: Some("A".into()),
        taker_side: None,
    })
}

fn quote(n: u64, millis: u64) -> Message<'static> {
    Message::Quote(Quote {
        symbol: "IBM".into(),
        bid_exchange: Some("V".into()),
        bid_price: 180.0 + (n % 10) as f64 / 100.0,
        bid_size: 300_u64.into(),
        ask_exchange: Some("Q".into()),
        ask_price: 180.2,
        ask_size: 100_u64.into(),
        time: at(millis),
        ..Quote::default()
    })
}

fn bar(minute: u64) -> message::Bar<'static> {
    message::Bar {
        symbol: "IBM".into(),
        open: 180.0,
        high: 181.0,
        low: 179.0,
        close: 180.5,
        volume: 1_000_u64.into(),
        time: at(minute * 60_000),
        trade_count: Some(10),
        vwap: Some(180.2),
    }
}

fn run(name: &str, messages: &[Message<'_>]) {
    run_shown(name, Timeframe::Min1, messages);
}

fn run_shown(name: &str, shown: Timeframe, messages: &[Message<'_>]) {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let mut store = Store::new(Limits::default());
        store.set_shown(&[("IBM", shown)]);
        let start = Instant::now();
        for message in messages {
            std::hint::black_box(store.apply(message));
        }
        best = best.min(start.elapsed().as_nanos() as f64 / messages.len() as f64);
    }
    println!("{name:<44} {best:>8.0} ns");
}

fn main() {
    println!("best of 5, one message each");
    let trades: Vec<_> = (0..200_000).map(|n| trade(n, n)).collect();
    run("trade, in order, 1,000 a second", &trades);
    run_shown("the same with seconds shown", Timeframe::Sec1, &trades);
    let busy: Vec<_> = (0..60_000).map(|n| trade(n, n)).collect();
    run("trade, in order, one minute of 60,000", &busy);
    let mixed: Vec<_> = (0..200_000_u64).map(|n| trade(n, if n % 2 == 0 { n } else { n - n % 40 })).collect();
    run("trade, half of them up to 40 ms late", &mixed);
    let quotes: Vec<_> = (0..200_000).map(|n| quote(n, n)).collect();
    run("quote, in order, 1,000 a second", &quotes);
    let bars: Vec<_> = (0..19_000).map(|n| Message::Bar(BarKind::Minute, bar(n))).collect();
    run("minute bar, 19,000 in a row", &bars);
    let updates: Vec<_> = (0..19_000)
        .flat_map(|n| {
            [Message::Bar(BarKind::Minute, bar(n)), Message::Bar(BarKind::Updated, bar(n.saturating_sub(1)))]
        })
        .collect();
    run("minute bar and the update of the one before", &updates);
    let levels = |n: u64, side: f64| vec![Level { price: 100.0 + side + (n % 50) as f64, size: 1.0 }];
    let books: Vec<_> = (0..100_000)
        .map(|n| {
            Message::OrderBook(OrderBook {
                symbol: "BTC/USD".into(),
                time: at(n),
                bids: levels(n, 0.0),
                asks: levels(n, 60.0),
                reset: n == 0,
            })
        })
        .collect();
    run("order book, two levels", &books);
    let kept: Vec<_> = (0..60_000).map(|n| trade(n, n * 8)).collect();
    let mut store = Store::default();
    kept.iter().for_each(|trade| {
        store.apply(trade);
    });
    let start = Instant::now();
    store.set_shown(&[("IBM", Timeframe::Sec1)]);
    println!(
        "{:<44} {:>8.2} ms",
        "8 minutes of seconds from 60,000 trades",
        start.elapsed().as_secs_f64() * 1e3
    );
    let page: Vec<Bar> = (0..10_000).map(|n| Bar::from(&bar(n))).collect();
    let mut store = Store::default();
    store.apply(&Message::Bar(BarKind::Minute, bar(10_000)));
    let start = Instant::now();
    store.prepend_bars("IBM", Timeframe::Min1, page.iter().copied());
    println!("{:<44} {:>8.2} ms", "10,000 minutes of history in front", start.elapsed().as_secs_f64() * 1e3);
}
