//! Every fixture behaves as the index says, in both codecs with equal output.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use wickwire_proto::decode::{Tally, decode_with};
use wickwire_proto::encode::{encode, to_canonical_json};
use wickwire_proto::frame::{Codec, Frame};
use wickwire_proto::message::Message;
use wickwire_proto::request::{Request, decode_request};
use wickwire_proto::trading::{self, TradingMessage, decode_trading, encode_trading};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[path = "fixtures/files.rs"]
mod files;

#[derive(serde::Deserialize)]
struct Entry {
    name: String,
    json: bool,
    msgpack: bool,
    types: Vec<String>,
    outcome: String,
    endpoint: String,
}

fn index() -> Vec<Entry> {
    let mut entries: Vec<Entry> = serde_json::from_str(include_str!("fixtures/index.json")).unwrap();
    for entry in &mut entries {
        // A long batch is listed as its type and how often it comes.
        if let [kind, times] = &entry.types[..]
            && let Some(times) = times.strip_prefix('x').and_then(|n| n.parse().ok())
        {
            entry.types = vec![kind.clone(); times];
        }
    }
    entries
}

fn file(name: &str) -> &'static [u8] {
    files::FILES.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("no {name}")).1
}

fn read(frame: Frame<'_>) -> (Vec<Message<'_>>, Tally) {
    let mut messages = Vec::new();
    let tally =
        decode_with(frame, &mut |m| messages.push(m), &mut |i, e| panic!("message {i}: {e}")).unwrap();
    (messages, tally)
}

fn types(messages: &[Message<'_>]) -> Vec<String> {
    let object = |m| serde_json::from_str::<serde_json::Value>(&to_canonical_json(m)).unwrap();
    messages.iter().map(|m| object(m)["T"].as_str().unwrap().to_owned()).collect()
}

/// The market-data fixtures, each as the frames it may come in.
fn market_frames(entry: &Entry) -> Vec<Frame<'static>> {
    let mut frames = Vec::new();
    if entry.json {
        let bytes = file(&format!("{}.json", entry.name));
        frames.push(Frame::Text(std::str::from_utf8(bytes).unwrap()));
        frames.push(Frame::Binary(bytes));
    }
    if entry.msgpack {
        frames.push(Frame::Binary(file(&format!("{}.msgpack", entry.name))));
    }
    frames
}

fn is_market(entry: &Entry) -> bool {
    entry.endpoint != "/stream"
        && !matches!(entry.types.first().map(String::as_str), Some("subscribe" | "auth"))
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_list_of_files_is_complete() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let is_frame = |n: &String| {
        n != "index.json" && [".json", ".msgpack", ".bin"].iter().any(|extension| n.ends_with(extension))
    };
    let names = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(is_frame).collect();
    names.sort();
    assert_eq!(names, files::FILES.iter().map(|(n, _)| (*n).to_owned()).collect::<Vec<_>>());
}

#[test]
fn market_data_decodes_as_the_index_says() {
    let mut seen = 0;
    for entry in index().iter().filter(|e| is_market(e)) {
        for frame in market_frames(entry) {
            let (messages, tally) = read(frame);
            let known: Vec<_> = entry.types.iter().filter(|t| *t != "zz").cloned().collect();
            assert_eq!(types(&messages), known, "{}", entry.name);
            assert_eq!(tally.delivered as usize, known.len(), "{}", entry.name);
            assert_eq!(tally.skipped_types as usize, entry.types.len() - known.len(), "{}", entry.name);
            assert_eq!(tally.refused, 0);
            match entry.outcome.as_str() {
                "error" => assert!(matches!(messages[..], [Message::Error(_)]), "{}", entry.name),
                outcome => assert!(matches!(outcome, "accept" | "skip"), "{}", entry.name),
            }
            seen += 1;
        }
    }
    assert!(seen > 180, "{seen}");
}

#[test]
fn both_codecs_give_equal_messages_and_equal_lines() {
    for entry in index().iter().filter(|e| is_market(e)) {
        let decoded: Vec<_> = market_frames(entry).into_iter().map(|frame| read(frame)).collect();
        for pair in decoded.windows(2) {
            assert_eq!(pair[0], pair[1], "{}", entry.name);
            let lines = |messages: &[Message<'_>]| messages.iter().map(to_canonical_json).collect::<Vec<_>>();
            assert_eq!(lines(&pair[0].0), lines(&pair[1].0), "{}", entry.name);
        }
    }
}

#[test]
fn what_was_decoded_is_written_and_read_again() {
    for entry in index().iter().filter(|e| is_market(e)) {
        let (messages, _) = read(market_frames(entry)[0]);
        for codec in [Codec::Json, Codec::MessagePack] {
            let frame = encode(codec, &messages);
            assert_eq!(frame.as_frame().codec(), codec);
            let again: Vec<_> = read(frame.as_frame()).0.into_iter().map(Message::into_owned).collect();
            assert_eq!(again, messages, "{}", entry.name);
        }
    }
}

/// Our writer uses the same forms as the fixtures, which official readers were run against. Only
/// a whole price has nine bytes here where a fixture may have one or two.
#[test]
fn messagepack_is_written_as_in_the_fixtures() {
    let ordinary = ["control_", "error_", "stock_", "crypto_", "news", "option_"];
    let mut seen = 0;
    for entry in index().iter().filter(|e| ordinary.iter().any(|prefix| e.name.starts_with(prefix))) {
        let bytes = file(&format!("{}.msgpack", entry.name));
        let written = encode(Codec::MessagePack, &read(Frame::Binary(bytes)).0);
        let longer = written.len().checked_sub(bytes.len());
        assert!(longer.is_some_and(|n| n % 8 == 0 || n == 7), "{}: {longer:?}", entry.name);
        seen += 1;
    }
    assert!(seen > 45, "{seen}");
}

#[test]
fn client_frames() {
    let subscribe = decode_request(Frame::Binary(file("mp_subscribe_nil_lists.msgpack"))).unwrap();
    let Request::Subscribe(pairs) = subscribe else { panic!("{subscribe:?}") };
    assert_eq!(pairs.iter().map(|(c, s)| (c.key(), s)).collect::<Vec<_>>(), [("trades", "AAPL")]);

    let auth = decode_request(Frame::Binary(file("mp_auth.msgpack"))).unwrap();
    let Request::Auth(credentials, _) = auth else { panic!("{auth:?}") };
    assert_eq!((credentials.key.as_str(), credentials.secret.reveal()), ("PKTEST", "S"));
}

#[test]
fn the_trading_stream_decodes_as_the_index_says() {
    let mut seen = 0;
    for entry in index().iter().filter(|e| e.endpoint == "/stream" && e.json) {
        let bytes = file(&format!("{}.json", entry.name));
        let message = decode_trading(Frame::Binary(bytes)).unwrap().unwrap();
        let text = Frame::Text(std::str::from_utf8(bytes).unwrap());
        assert_eq!(decode_trading(text).unwrap().unwrap(), message);
        let kind = match &message {
            TradingMessage::Authorization(answer) => {
                assert_eq!(answer.is_authorized(), entry.outcome == "accept");
                "authorization"
            }
            TradingMessage::Listening { .. } => "listening",
            TradingMessage::TradeUpdate(_) => "trade_updates",
            TradingMessage::Error { message } => {
                assert_eq!(message, "internal server error");
                "error"
            }
        };
        assert_eq!(entry.types, [kind], "{}", entry.name);
        for codec in [Codec::Json, Codec::MessagePack] {
            let frame = encode_trading(codec, &message);
            assert!(matches!(frame.as_frame(), Frame::Binary(_)));
            let again = decode_trading(frame.as_frame()).unwrap().unwrap();
            assert_eq!(again, message, "{}", entry.name);
            assert_eq!(trading::to_canonical_json(&again), trading::to_canonical_json(&message));
        }
        seen += 1;
    }
    assert_eq!(seen, 13);
    assert_eq!(decode_trading(Frame::Binary(file("trading_heartbeat.bin"))), Ok(None));
}

/// Nothing of an order is lost: what we write has every field of the fixture, and no other that
/// is not null.
#[test]
fn whole_orders_are_kept() {
    for entry in index().iter().filter(|e| e.types == ["trade_updates"]) {
        let bytes = file(&format!("{}.json", entry.name));
        let message = decode_trading(Frame::Binary(bytes)).unwrap().unwrap();
        let written = encode_trading(Codec::Json, &message);
        let mut expected: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        let mut found: serde_json::Value = serde_json::from_slice(written.bytes()).unwrap();
        clean(&mut expected);
        clean(&mut found);
        assert_eq!(found, expected, "{}", entry.name);
    }
}

/// Drops nulls and brings times to UTC.
fn clean(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            map.retain(|_, v| !v.is_null());
            map.values_mut().for_each(clean);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(clean),
        serde_json::Value::String(text) => {
            if let Ok(time) = text.parse::<wickwire_proto::time::Timestamp>() {
                *text = time.to_rfc3339();
            }
        }
        _ => {}
    }
}

#[test]
fn odd_values_are_exact() {
    let (messages, _) = read(Frame::Binary(file("odd_huge_numbers.json")));
    let [Message::Trade(trade), Message::Bar(_, bar)] = &messages[..] else { panic!() };
    assert_eq!(trade.id, Some(u64::MAX));
    assert_eq!(trade.price, f64::MAX);
    assert_eq!(bar.volume.as_u64(), Some(9_007_199_254_740_993));
    assert_eq!(bar.close, 5e-324);
    let nanos = |name: &str| {
        let (messages, _) = read(Frame::Binary(file(name)));
        messages[0].time().unwrap().nanos()
    };
    const SECOND: i64 = 1_735_830_245_000_000_000;
    assert_eq!(nanos("mp_time_32bit.msgpack"), SECOND);
    assert_eq!(nanos("mp_time_64bit.msgpack"), SECOND + 123_456_789);
    assert_eq!(nanos("mp_time_96bit.msgpack"), SECOND + 123_456_789);
    assert_eq!(nanos("mp_time_96bit_negative.msgpack"), -500_000_000);
    assert_eq!(nanos("odd_time_8_digits.json"), SECOND + 133_122_560);
    assert_eq!(nanos("odd_time_offset_positive.json"), SECOND + 123_456_789);
}
