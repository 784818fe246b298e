//! Nanoseconds a message for decoding quotes and trades, against serde on the same frames in the
//! same run. `cargo bench -p wickwire-proto --bench decode`
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use wickwire_proto::decode::decode;
use wickwire_proto::encode::encode;
use wickwire_proto::frame::{Codec, OwnedFrame};
use wickwire_proto::message::{Bar, BarKind, Conditions, Message, Quote, Trade};
use wickwire_proto::time::Timestamp;

const MESSAGES: usize = 4_000;
/// Short and many, so that the best one was hardly ever interrupted on a busy machine.
const TRIAL: Duration = Duration::from_millis(10);
const TRIALS: usize = 60;

/// One flat struct for every type, as a quick client would write it.
#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct Flat<'a> {
    #[serde(rename = "T")]
    kind: &'a str,
    #[serde(rename = "S")]
    symbol: &'a str,
    t: Option<&'a str>,
    i: Option<u64>,
    x: Option<&'a str>,
    p: Option<f64>,
    s: Option<f64>,
    z: Option<&'a str>,
    bx: Option<&'a str>,
    bp: Option<f64>,
    bs: Option<f64>,
    ax: Option<&'a str>,
    ap: Option<f64>,
    #[serde(rename = "as")]
    ask_size: Option<f64>,
    c: Option<serde_json::Value>,
    o: Option<f64>,
    h: Option<f64>,
    l: Option<f64>,
    v: Option<f64>,
    n: Option<u64>,
    vw: Option<f64>,
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }
}

fn messages(kind: &str) -> Vec<Message<'static>> {
    const SYMBOLS: [&str; 8] = ["AAPL", "MSFT", "NVDA", "AMD", "TSLA", "SPY", "QQQ", "GOOGL"];
    const EXCHANGES: [&str; 6] = ["V", "Q", "N", "K", "U", "D"];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut time = 1_700_000_000_000_000_000_i64;
    let conditions =
        |code| Some(Conditions { codes: [code].into_iter().map(Into::into).collect(), as_text: false });
    (0..MESSAGES)
        .map(|index| {
            let mut pick = |limit: u64| random.below(limit);
            let symbol = SYMBOLS[pick(8) as usize].into();
            let price = (10_000 + pick(30_000)) as f64 / 100.0;
            time += pick(40_000_000) as i64;
            match kind {
                "quote" => Message::Quote(Quote {
                    symbol,
                    bid_exchange: Some(EXCHANGES[pick(6) as usize].into()),
                    bid_price: price,
                    bid_size: (1 + pick(9)).into(),
                    ask_exchange: Some(EXCHANGES[pick(6) as usize].into()),
                    ask_price: (price * 100.0 + 1.0).round() / 100.0,
                    ask_size: (1 + pick(9)).into(),
                    conditions: conditions("R"),
                    time: Timestamp(time),
                    tape: Some("C".into()),
                }),
                "trade" => Message::Trade(Trade {
                    symbol,
                    id: Some(52_983_525_029_461 + index as u64),
                    exchange: Some(EXCHANGES[pick(6) as usize].into()),
                    price,
                    size: (1 + pick(300)).into(),
                    conditions: conditions("@"),
                    time: Timestamp(time),
                    tape: Some("C".into()),
                    taker_side: None,
                }),
                _ => Message::Bar(
                    BarKind::Minute,
                    Bar {
                        symbol,
                        open: price,
                        high: price + 1.0,
                        low: price - 1.0,
                        close: price + 0.5,
                        volume: pick(100_000).into(),
                        time: Timestamp::from_seconds(time / 60_000_000_000 * 60),
                        trade_count: Some(pick(1000)),
                        vwap: Some(price + 0.123_456),
                    },
                ),
            }
        })
        .collect()
}

/// The best of the trials, in nanoseconds a message.
fn measure(frames: &[OwnedFrame], mut run: impl FnMut(&OwnedFrame)) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..TRIALS {
        let start = Instant::now();
        let mut rounds = 0;
        while start.elapsed() < TRIAL {
            frames.iter().for_each(&mut run);
            rounds += 1;
        }
        best = best.min(start.elapsed().as_nanos() as f64 / (rounds * MESSAGES) as f64);
    }
    best
}

fn ours(frame: &OwnedFrame) {
    let tally = decode(frame.as_frame(), &mut |m| {
        black_box(&m);
    });
    assert_eq!(black_box(tally).unwrap().refused, 0);
}

fn main() {
    println!(
        "{:<7} {:>5}  {:>9} {:>9}  {:>14} {:>14}",
        "", "batch", "json", "msgpack", "serde Value", "serde struct"
    );
    for kind in ["quote", "trade", "bar"] {
        let messages = messages(kind);
        for batch in [1, 50, 500] {
            let frames = |codec| messages.chunks(batch).map(|part| encode(codec, part)).collect::<Vec<_>>();
            let (json, msgpack) = (frames(Codec::Json), frames(Codec::MessagePack));
            let ours_json = measure(&json, ours);
            let ours_msgpack = measure(&msgpack, ours);
            let value = measure(&json, |frame| {
                let value: serde_json::Value = serde_json::from_slice(frame.bytes()).unwrap();
                black_box(&value);
            });
            let flat = measure(&json, |frame| {
                let all: Vec<Flat<'_>> = serde_json::from_slice(frame.bytes()).unwrap();
                for message in &all {
                    black_box(message.t.and_then(Timestamp::parse_rfc3339));
                }
                black_box(&all);
            });
            println!(
                "{kind:<7} {batch:>5}  {ours_json:>6.0} ns {ours_msgpack:>6.0} ns  {value:>6.0} ns {:>3.1}x {flat:>7.0} ns {:>3.1}x",
                value / ours_json,
                flat / ours_json
            );
        }
    }
}
