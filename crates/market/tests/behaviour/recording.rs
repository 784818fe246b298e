//! Replay of recorded sessions: every closed minute equals the recorded bar.
//!
//! The recordings are not in the repository; without them the tests are skipped, and fail in CI
//! only where a recording is asked for by `WICKWIRE_SHARED`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;

use serde_json::Value;
use wickwire_market::Timeframe::{Day1, Hour1, Min1, Min5};
use wickwire_market::calendar::{Session, session};
use wickwire_market::{Bar, BarFlags, Store};
use wickwire_proto::message::{self, BarKind, Conditions, Level, Message, OrderBook, Quote, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use crate::support::{at, rows, seconds, store};

fn recording(name: &str) -> Option<Vec<Value>> {
    let shared = std::env::var_os("WICKWIRE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("data").join(name);
    let Ok(file) = std::fs::File::open(&path) else {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
        println!("skipped: {} is missing", path.display());
        return None;
    };
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    Some(lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect())
}

fn text<'a>(value: &'a Value, key: &str) -> Option<std::borrow::Cow<'a, str>> {
    value.get(key)?.as_str().map(Into::into)
}

fn float(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap()
}

fn levels(value: &Value) -> Vec<Level> {
    let side = value.as_array().map(Vec::as_slice).unwrap_or_default();
    side.iter().map(|l| Level { price: float(l, "p"), size: float(l, "s") }).collect()
}

fn message(value: &Value) -> Message<'_> {
    let symbol = text(value, "S").unwrap();
    let time = at(value["t"].as_str().unwrap());
    let number = |key: &str| Number::from_f64(float(value, key));
    let conditions = value.get("c").and_then(Value::as_array).map(|codes| Conditions {
        codes: codes.iter().map(|c| c.as_str().unwrap().into()).collect(),
        as_text: false,
    });
    let tape = text(value, "z");
    match value["T"].as_str().unwrap() {
        "t" => Message::Trade(Trade {
            symbol,
            id: value["i"].as_u64(),
            exchange: text(value, "x"),
            price: float(value, "p"),
            size: number("s"),
            conditions,
            time,
            tape,
            taker_side: text(value, "tks"),
        }),
        "q" => Message::Quote(Quote {
            symbol,
            bid_exchange: text(value, "bx"),
            bid_price: float(value, "bp"),
            bid_size: number("bs"),
            ask_exchange: text(value, "ax"),
            ask_price: float(value, "ap"),
            ask_size: number("as"),
            conditions,
            time,
            tape,
        }),
        "o" => Message::OrderBook(OrderBook {
            symbol,
            time,
            bids: levels(&value["b"]),
            asks: levels(&value["a"]),
            reset: value["r"].as_bool().unwrap_or(false),
        }),
        kind => Message::Bar(
            if kind == "d" { BarKind::Daily } else { BarKind::Minute },
            message::Bar {
                symbol,
                open: float(value, "o"),
                high: float(value, "h"),
                low: float(value, "l"),
                close: float(value, "c"),
                volume: number("v"),
                time,
                trade_count: None,
                vwap: None,
            },
        ),
    }
}

/// Ticks and bars in the order of sending: a bar when its minute has ended.
fn merged<'a>(ticks: &'a [Value], bars: &'a [Value]) -> Vec<Message<'a>> {
    let mut all: Vec<(Timestamp, u8, Message<'a>)> = Vec::new();
    for message in ticks.iter().map(message) {
        all.push((message.time().unwrap(), 1, message));
    }
    for message in bars.iter().map(message) {
        all.push((seconds(message.time().unwrap(), 60.0), 0, message));
    }
    all.sort_by_key(|(time, rank, _)| (*time, *rank));
    all.into_iter().map(|(_, _, message)| message).collect()
}

fn figures(bar: &Bar) -> [f64; 5] {
    [bar.open, bar.high, bar.low, bar.close, bar.volume]
}

/// How many recorded bars the trades alone give: in volume, and in all figures.
fn equal_bars(ticks: &[Value], bars: &[Value]) -> (usize, usize) {
    let mut store = store();
    ticks.iter().for_each(|t| {
        store.apply(&message(t));
    });
    let made: BTreeMap<Timestamp, Bar> = rows(&store, "IBM", Min1).iter().map(|b| (b.time, *b)).collect();
    let pairs: Vec<_> = bars
        .iter()
        .filter_map(|b| {
            made.get(&at(b["t"].as_str().unwrap()))
                .map(|m| (figures(m), ["o", "h", "l", "c", "v"].map(|k| float(b, k))))
        })
        .collect();
    let volume = pairs.iter().filter(|(made, want)| made[4] == want[4]).count();
    (volume, pairs.iter().filter(|(made, want)| made == want).count())
}

fn day_of(bars: &[Value], day: &str) -> Vec<Value> {
    bars.iter().filter(|b| b["t"].as_str().unwrap().starts_with(day)).cloned().collect()
}

fn replay(symbol: &str, ticks: &[Value], bars: &[Value]) -> Store {
    let recorded: BTreeMap<Timestamp, [f64; 5]> = bars
        .iter()
        .map(|b| match message(b) {
            Message::Bar(_, bar) => (bar.time, figures(&Bar::from(&bar))),
            _ => panic!("not a bar"),
        })
        .collect();
    let mut store = store();
    for message in merged(ticks, bars) {
        let is_bar = matches!(message, Message::Bar(..));
        store.apply(&message);
        if is_bar {
            // At every moment: what is closed equals what was recorded, with nothing in between.
            let sent = message.time().unwrap();
            let rows = rows(&store, symbol, Min1);
            let closed = rows.iter().filter(|b| b.time <= sent);
            let want = recorded.range(..=sent);
            assert!(closed.map(|b| (b.time, figures(b))).eq(want.map(|(t, b)| (*t, *b))), "{sent:?}");
        }
    }
    let rows = rows(&store, symbol, Min1);
    assert!(rows.iter().map(|b| (b.time, figures(b))).eq(recorded), "{} rows", rows.len());
    assert!(rows.iter().all(|b| b.flags == BarFlags::FROM_SERVER));
    assert_eq!(store.quality().refused(), 0);
    store
}

#[test]
fn every_closed_minute_of_a_stocks_day() {
    let Some(ticks) = recording("equities/ticks/IBM-20131007.ndjson.gz") else { return };
    let Some(bars) = recording("equities/bars-1min/IBM.ndjson.gz") else { return };
    let bars = day_of(&bars, "2013-10-07");
    let store = replay("IBM", &ticks, &bars);
    // Longer timeframes against the recorded minutes, put together here by other means.
    for (timeframe, minutes) in [(Min5, 5), (Hour1, 60)] {
        let mut want: BTreeMap<i64, [f64; 5]> = BTreeMap::new();
        for bar in rows(&store, "IBM", Min1) {
            let bucket = bar.time.seconds() / (minutes * 60) * minutes * 60;
            let entry = want.entry(bucket).or_insert([bar.open, bar.high, bar.low, bar.close, 0.0]);
            *entry =
                [entry[0], entry[1].max(bar.high), entry[2].min(bar.low), bar.close, entry[4] + bar.volume];
        }
        let got = rows(&store, "IBM", timeframe);
        assert!(got.iter().map(|b| (b.time.seconds(), figures(b))).eq(want));
    }
    // The recorded day has the same open and close as its regular minutes.
    let Some(days) = recording("equities/bars-1day/IBM.ndjson.gz") else { return };
    let day = &day_of(&days, "2013-10-07")[0];
    let got = rows(&store, "IBM", Day1);
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].time, at(day["t"].as_str().unwrap()));
    assert_eq!((got[0].open, got[0].close), (float(day, "o"), float(day, "c")));
}

#[test]
fn a_second_day_and_another_stock() {
    for (symbol, day) in [("IBM", "2013-10-08"), ("BAC", "2013-10-07"), ("SPY", "2013-10-07")] {
        let compact = day.replace('-', "");
        let Some(ticks) = recording(&format!("equities/ticks/{symbol}-{compact}.ndjson.gz")) else { return };
        let Some(bars) = recording(&format!("equities/bars-1min/{symbol}.ndjson.gz")) else { return };
        replay(symbol, &ticks, &day_of(&bars, day));
    }
}

/// The vendor of the recorded bars leaves intermarket sweeps and derivatively priced prints out of
/// a regular minute's prices; the tape does not. With these taken as the vendor does, the trades
/// alone must make the recorded bars: that tests the rest.
#[test]
fn trades_alone_make_the_vendors_bars() {
    let Some(mut ticks) = recording("equities/ticks/IBM-20131007.ndjson.gz") else { return };
    let Some(bars) = recording("equities/bars-1min/IBM.ndjson.gz") else { return };
    let bars = day_of(&bars, "2013-10-07");
    let as_the_tape = equal_bars(&ticks, &bars);
    for tick in &mut ticks {
        let regular = session(at(tick["t"].as_str().unwrap())) == Session::Regular;
        for code in tick["c"].as_array_mut().into_iter().flatten().filter(|_| regular) {
            if ["F", "4"].contains(&code.as_str().unwrap()) {
                *code = "I".into();
            }
        }
    }
    let as_the_vendor = equal_bars(&ticks, &bars);
    println!(
        "of {} bars (volume, all figures) equal: {as_the_tape:?} by the tape, {as_the_vendor:?} by the vendor",
        bars.len()
    );
    assert!(as_the_tape.0 * 100 >= bars.len() * 97);
    assert!(as_the_vendor.1 * 100 >= bars.len() * 97);
}

/// Sides of nearly all minutes are known, since quotes come with the trades, and the server's bars
/// keep what the trades told.
#[test]
fn the_delta_of_a_stocks_day() {
    let Some(ticks) = recording("equities/ticks/IBM-20131007.ndjson.gz") else { return };
    let Some(bars) = recording("equities/bars-1min/IBM.ndjson.gz") else { return };
    let bars = day_of(&bars, "2013-10-07");
    let mut store = store();
    for message in merged(&ticks, &bars) {
        store.apply(&message);
    }
    let minutes = rows(&store, "IBM", Min1);
    let known = minutes.iter().filter(|b| b.delta.is_some()).count();
    println!("the delta of {known} of {} minutes is known", minutes.len());
    assert!(known * 100 >= minutes.len() * 97);
    assert!(minutes.iter().all(|b| b.delta.is_none_or(|d| d.abs() <= b.volume)));
}

#[test]
fn a_crypto_session_with_its_book() {
    let Some(ticks) = recording("crypto/ticks/BTC-USDT-20240808.ndjson.gz") else { return };
    let mut store = store();
    for tick in &ticks {
        store.apply(&message(tick));
    }
    let mut want: BTreeMap<i64, [f64; 5]> = BTreeMap::new();
    let mut deltas: BTreeMap<i64, f64> = BTreeMap::new();
    let trades: Vec<&Value> = ticks.iter().filter(|t| t["T"] == "t").collect();
    for trade in &trades {
        let price = float(trade, "p");
        let minute = at(trade["t"].as_str().unwrap()).seconds() / 60 * 60;
        let entry = want.entry(minute).or_insert([price, price, price, price, 0.0]);
        *entry = [entry[0], entry[1].max(price), entry[2].min(price), price, entry[4] + float(trade, "s")];
        let sign = if trade["tks"] == "B" { 1.0 } else { -1.0 };
        *deltas.entry(minute).or_default() += sign * float(trade, "s");
    }
    let got = rows(&store, "BTC/USDT", Min1);
    assert_eq!(got.len(), want.len());
    for (bar, (minute, want)) in got.iter().zip(&want) {
        assert_eq!(bar.time.seconds(), *minute);
        assert_eq!(figures(bar)[..4], want[..4]);
        assert!((bar.volume - want[4]).abs() < 1e-9);
        assert!((bar.delta.unwrap() - deltas[minute]).abs() < 1e-9);
    }
    let instrument = store.instrument("BTCUSDT").unwrap();
    assert!(instrument.book().is_valid() && !instrument.book().is_crossed());
    assert_eq!(store.quality().crossed_books, 0);
    assert_eq!(store.quality().refused(), 0);
    assert_eq!(got.iter().map(|b| b.count.unwrap()).sum::<u64>(), trades.len() as u64);
}
