//! Any bytes at all: no panic, no hang, no memory by a claimed length, and neighbours live.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use wickwire_proto::decode::{Tally, decode, decode_with};
use wickwire_proto::encode::to_canonical_json;
use wickwire_proto::error::Error;
use wickwire_proto::frame::Frame;
use wickwire_proto::message::Message;
use wickwire_proto::request::decode_request;
use wickwire_proto::trading::decode_trading;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[path = "fixtures/files.rs"]
mod files;

const GOOD: &str = r#"{"T":"t","S":"GOOD","p":1.5,"s":2,"t":"2025-01-02T15:04:05Z"}"#;

/// Symbols delivered, the tally, and the reasons.
fn read(frame: Frame<'_>) -> (Vec<String>, Tally, Vec<(usize, Error)>) {
    let (mut symbols, mut reasons) = (Vec::new(), Vec::new());
    let tally = decode_with(
        frame,
        &mut |m: Message<'_>| symbols.push(m.symbol().unwrap_or_default().to_owned()),
        &mut |i, e| reasons.push((i, e)),
    );
    (symbols, tally.unwrap(), reasons)
}

/// Everything that reads bytes, for its not panicking.
fn feed(bytes: &[u8]) -> u64 {
    let mut delivered = 0;
    let _ = decode(Frame::Binary(bytes), &mut |m| {
        delivered += 1;
        let _ = to_canonical_json(&m);
    });
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = decode(Frame::Text(text), &mut |_| {});
    }
    let _ = decode_request(Frame::Binary(bytes));
    let _ = decode_trading(Frame::Binary(bytes));
    delivered
}

/// Bad values of every kind, each in a message between two good ones.
#[test]
fn a_bad_message_never_costs_its_neighbours() {
    let missing = Error::MissingField;
    for (bad, reason) in [
        (r#"{"T":"t","p":1.5,"s":2,"t":"2025-01-02T15:04:05Z"}"#, Some(missing("S"))),
        (r#"{"T":"t","S":"X","s":2,"t":"2025-01-02T15:04:05Z"}"#, Some(missing("p"))),
        (r#"{"T":"t","S":"X","p":null,"s":2,"t":"2025-01-02T15:04:05Z"}"#, Some(missing("p"))),
        (r#"{"T":"t","S":"X","p":1,"s":2}"#, Some(missing("t"))),
        (r#"{"S":"X","p":1,"s":2}"#, Some(missing("T"))),
        (r#"{"T":null,"S":"X"}"#, Some(missing("T"))),
        ("{}", Some(missing("T"))),
        (r#"{"T":"b","S":"X","o":1,"h":1,"l":1,"v":1,"t":"2025-01-02T15:04:05Z"}"#, Some(missing("c"))),
        (
            r#"{"T":"n","id":1,"headline":"","created_at":"2025-01-02T15:04:05Z"}"#,
            Some(missing("updated_at")),
        ),
        (r#"{"T":"error","msg":"x"}"#, Some(missing("code"))),
        (r#"{"T":"error","code":70000}"#, None),
        (r#"{"T":"error","code":"402"}"#, None),
        (r#"{"T":5,"S":"X"}"#, None),
        (r#"{"T":"t","S":5,"p":1.5,"s":2,"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":"1.5","s":2,"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":{"a":[1,"]}",{"b":"\""}]},"s":2}"#, None),
        (r#"{"T":"t","S":"X","p":NaN,"s":2,"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":-Infinity,"s":2,"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":1e999,"s":2,"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":01,"s":2,"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":1.5,"s":2,"i":-1,"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":1.5,"s":2,"i":0.5,"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":1.5,"s":2,"i":18446744073709551616,"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":1.5,"s":2,"c":[1],"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":1.5,"s":2,"c":{"a":1},"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":1.5,"s":2,"t":"2025-02-30T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":1.5,"s":2,"t":"2300-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"X","p":1.5,"s":2,"t":1735830245}"#, None),
        (r#"{"T":"t","S":"\ud800","p":1.5,"s":2,"t":"2025-01-02T15:04:05Z"}"#, None),
        (r#"{"T":"t","S":"\x","p":1.5,"s":2,"t":"2025-01-02T15:04:05Z"}"#, None),
        ("{\"T\":\"t\",\"S\":\"a\nb\",\"p\":1.5,\"s\":2,\"t\":\"2025-01-02T15:04:05Z\"}", None),
        (r#"{"T":"o","S":"X","b":[{"p":1}],"a":[],"t":"2025-01-02T15:04:05Z"}"#, Some(missing("s"))),
        (r#"{"T":"t" "S":"X"}"#, None),
        (r#"{"T":"t","S":"X",}"#, None),
        ("5", None),
        ("null", None),
        (r#""text""#, None),
        ("[]", None),
        (r#"[{"T":"t"}]"#, None),
        ("nonsense", None),
        ("", None),
    ] {
        let text = format!("[{GOOD},{bad},{GOOD}]");
        for frame in [Frame::Text(&text), Frame::Binary(text.as_bytes())] {
            let (symbols, tally, reasons) = read(frame);
            assert_eq!(symbols, ["GOOD", "GOOD"], "{bad}");
            assert_eq!(tally, Tally { delivered: 2, refused: 1, ..Tally::default() }, "{bad}");
            assert_eq!(reasons.len(), 1);
            assert_eq!(reasons[0].0, 1);
            if let Some(reason) = reason {
                assert_eq!(reasons[0].1, reason, "{bad}");
            }
        }
    }
}

#[test]
fn bad_utf8_costs_one_message() {
    let mut bytes = format!("[{GOOD},{{\"T\":\"t\",\"S\":\"").into_bytes();
    bytes.extend_from_slice(b"\xff\xfe");
    bytes
        .extend_from_slice(format!("\",\"p\":1,\"s\":1,\"t\":\"2025-01-02T15:04:05Z\"}},{GOOD}]").as_bytes());
    let (symbols, tally, reasons) = read(Frame::Binary(&bytes));
    assert_eq!(symbols, ["GOOD", "GOOD"]);
    assert_eq!((tally.delivered, tally.refused), (2, 1));
    assert!(matches!(reasons[0], (1, Error::Utf8(_))));
}

/// The same in MessagePack, where a value tells its own length.
#[test]
fn a_bad_messagepack_message_never_costs_its_neighbours() {
    let good = [
        &[0x85, 0xa1, b'T', 0xa1, b't', 0xa1, b'S', 0xa4][..],
        b"GOOD",
        &[
            0xa1, b'p', 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xa1, b's', 2, 0xa1, b't', 0xd6, 0xff, 0x67,
            0x76, 0xaa, 0xe5,
        ],
    ]
    .concat();
    for bad in [
        &[0x80][..],
        &[0xc0],
        &[0x05],
        &[0x90],
        &[0xa1, b'x'],
        &[0x81, 0xa1, b'T', 0x05],
        &[0x81, 0xa1, b'T', 0xa1, b't'],
        // Text that is not UTF-8, an infinite price, an extension of another type as a time.
        &[0x82, 0xa1, b'T', 0xa1, b't', 0xa1, b'S', 0xa1, 0xff],
        &[0x82, 0xa1, b'T', 0xa1, b't', 0xa1, b'p', 0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0],
        &[0x82, 0xa1, b'T', 0xa1, b't', 0xa1, b't', 0xd6, 0x2a, 0, 0, 0, 0],
        &[0x82, 0xa1, b'T', 0xa1, b't', 0xa1, b'S', 0xc4, 0x01, b'X'],
        &[0x82, 0xa1, b'T', 0xa1, b't', 0xa1, b'p', 0x92, 0x91, 0x01, 0x80],
    ] {
        let frame = [&[0x93], &good[..], bad, &good].concat();
        let (symbols, tally, _) = read(Frame::Binary(&frame));
        assert_eq!(symbols, ["GOOD", "GOOD"], "{bad:02x?}");
        assert_eq!(tally, Tally { delivered: 2, refused: 1, ..Tally::default() }, "{bad:02x?}");
    }
    // A key that is no text is an unknown field.
    let odd_key = [&[0x86, 0x05, 0x06], &good[1..]].concat();
    let frame = [&[0x93], &good[..], &odd_key, &good].concat();
    let (symbols, tally, _) = read(Frame::Binary(&frame));
    assert_eq!(symbols, ["GOOD", "GOOD", "GOOD"]);
    assert_eq!(tally.skipped_fields, 1);
}

#[test]
fn what_came_before_a_break_is_delivered() {
    for (text, delivered) in [
        (format!("[{GOOD},{GOOD}"), 2),
        (format!("[{GOOD},{{\"T\":\"t\",\"S\":"), 1),
        (format!("[{GOOD}]x"), 1),
        (format!("[{GOOD}]]"), 1),
        (format!("[{GOOD}}}"), 1),
        (format!("[{GOOD} {GOOD}]"), 1),
        ("[".to_owned(), 0),
    ] {
        let (symbols, tally, reasons) = read(Frame::Text(&text));
        assert_eq!(symbols.len(), delivered, "{text}");
        assert_eq!((tally.delivered as usize, tally.refused, tally.broken), (delivered, 1, 1), "{text}");
        assert_eq!(reasons.len(), 1);
    }
    assert_eq!(decode(Frame::Text(""), &mut |_| {}), Err(Error::Truncated(0)));
    for text in ["hello", "5", "\"x\"", "null", "]", "\u{1}"] {
        assert_eq!(decode(Frame::Text(text), &mut |_| {}), Err(Error::NotMessages), "{text}");
    }
    assert_eq!(decode(Frame::Binary(&[0xc1]), &mut |_| {}), Err(Error::NotMessages));
    assert_eq!(decode(Frame::Binary(&[1]), &mut |_| {}), Err(Error::NotMessages));
}

#[test]
fn unknown_types_and_fields_are_skipped_and_counted() {
    let text = format!(
        r#"[{{"T":"zz","x":[{{"T":"t"}}]}},{GOOD},{{"T":"success","msg":"later"}},
        {{"a":1,"T":"t","S":"X","p":1,"s":1,"t":"2025-01-02T15:04:05Z","zz":{{"y":[NaN]}}}}]"#
    );
    let (symbols, tally, _) = read(Frame::Text(&text));
    assert_eq!(symbols, ["GOOD", "X"]);
    assert_eq!(tally, Tally { delivered: 2, skipped_types: 2, skipped_fields: 2, ..Tally::default() });
}

#[test]
fn of_a_repeated_key_the_last_counts() {
    for text in [
        r#"[{"T":"q","S":"A","T":"t","S":"X","p":9,"p":1.5,"s":2,"t":"2025-01-02T15:04:05Z"}]"#,
        r#"[{"S":"A","T":"q","S":"X","p":1.5,"s":2,"t":"2025-01-02T15:04:05Z","T":"t"}]"#,
        r#"[{"T":"t","S":"A","p":1.5,"s":2,"t":"2025-01-02T15:04:05Z","S":"X"}]"#,
    ] {
        let mut trades = Vec::new();
        decode(Frame::Text(text), &mut |m| trades.push(m)).unwrap();
        let [Message::Trade(trade)] = &trades[..] else { panic!("{trades:?}") };
        assert_eq!((trade.symbol.as_ref(), trade.price), ("X", 1.5));
    }
    let text = r#"[{"T":"t","S":"X","p":1.5,"s":2,"t":"2025-01-02T15:04:05Z","p":null}]"#;
    assert_eq!(read(Frame::Text(text)).2, [(0, Error::MissingField("p"))]);
}

#[test]
fn truncated_at_every_byte() {
    for (name, bytes) in files::FILES.iter().filter(|(_, bytes)| bytes.len() < 4000) {
        let whole = feed(bytes);
        for len in 0..bytes.len() {
            assert!(feed(&bytes[..len]) <= whole, "{name}, {len}");
        }
    }
}

#[test]
fn every_bit_flipped() {
    for (_, bytes) in files::FILES.iter().filter(|(_, bytes)| bytes.len() < 600) {
        let mut bytes = bytes.to_vec();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                feed(&bytes);
                bytes[at] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn random_bytes() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let alphabet = br#"{}[]",:0123456789eE+-.\utnS p"#;
    for round in 0..30_000 {
        let len = (next() % 64) as usize;
        let bytes: Vec<u8> = (0..len)
            .map(|at| match (round % 3, at) {
                (0, _) => next() as u8,
                (1, 0) => b'[',
                (1, _) => alphabet[next() as usize % alphabet.len()],
                (_, 0) => 0x91 + (next() % 15) as u8,
                _ => 0x80 | next() as u8,
            })
            .collect();
        feed(&bytes);
    }
}

#[test]
fn huge_claimed_lengths() {
    for header in [0xc6_u8, 0xc9, 0xdb, 0xdd, 0xdf] {
        for claim in [u32::MAX, 1 << 31, 1 << 24] {
            let mut value = vec![header];
            value.extend_from_slice(&claim.to_be_bytes());
            value.resize(64, 0x01);
            feed(&value);
            feed(&[&[0x91], &value[..]].concat());
            // As a symbol, as conditions and as an unknown field of a trade.
            for key in [b'S', b'c', b'k'] {
                feed(&[&[0x91, 0x82, 0xa1, b'T', 0xa1, b't', 0xa1, key], &value[..]].concat());
            }
        }
    }
}
