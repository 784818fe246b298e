//! Every limit, at it and one beyond.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use wickwire_proto::decode::{Tally, decode, decode_with};
use wickwire_proto::error::Error;
use wickwire_proto::frame::Frame;
use wickwire_proto::limits::*;
use wickwire_proto::request::decode_request;
use wickwire_proto::trading::decode_trading;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn outcome(frame: Frame<'_>) -> (Tally, Vec<Error>) {
    let mut errors = Vec::new();
    let tally = decode_with(frame, &mut |_| {}, &mut |_, error| errors.push(error)).unwrap();
    (tally, errors)
}

fn repeat(item: &str, times: usize) -> String {
    vec![item; times].join(",")
}

#[test]
fn bytes_of_a_frame() {
    let mut text = " ".repeat(MAX_FRAME_BYTES - 2);
    text.push_str("[]");
    assert_eq!(decode(Frame::Text(&text), &mut |_| {}), Ok(Tally::default()));
    text.push(' ');
    let too_large = Error::FrameTooLarge(MAX_FRAME_BYTES + 1);
    assert_eq!(decode(Frame::Text(&text), &mut |_| {}), Err(too_large));
    assert_eq!(decode_request(Frame::Text(&text)), Err(too_large));
}

#[test]
fn bytes_of_a_trading_frame() {
    let object = r#"{"stream":"other"}"#;
    let text = format!("{object}{}", " ".repeat(MAX_TRADING_FRAME_BYTES - object.len()));
    assert_eq!(decode_trading(Frame::Text(&text)), Ok(None));
    let text = text + " ";
    assert_eq!(decode_trading(Frame::Text(&text)), Err(Error::FrameTooLarge(text.len())));
}

#[test]
fn messages_of_a_frame() {
    let element = r#"{"T":"success","msg":"connected"}"#;
    let (tally, errors) = outcome(Frame::Text(&format!("[{}]", repeat(element, MAX_ELEMENTS))));
    assert_eq!((tally.delivered as usize, errors.len()), (MAX_ELEMENTS, 0));
    let (tally, errors) = outcome(Frame::Text(&format!("[{}]", repeat(element, MAX_ELEMENTS + 5))));
    assert_eq!((tally.delivered as usize, tally.refused, tally.broken), (MAX_ELEMENTS, 1, 1));
    assert_eq!(errors, [Error::TooManyElements]);

    let mut packed = vec![0xdd, 0xff, 0xff, 0xff, 0xff];
    for _ in 0..=MAX_ELEMENTS {
        packed.extend_from_slice(b"\x82\xa1T\xa7success\xa3msg\xa9connected");
    }
    let (tally, errors) = outcome(Frame::Binary(&packed));
    assert_eq!((tally.delivered as usize, errors), (MAX_ELEMENTS, vec![Error::TooManyElements]));
}

#[test]
fn long_numbers_of_a_frame() {
    let trade = |price: &str| {
        format!(r#"{{"T":"t","S":"A","i":1,"x":"V","p":{price},"s":1,"t":"2024-01-02T15:00:00Z"}}"#)
    };
    for price in ["1e-300", "0.12345678901234567890123"] {
        let text = format!("[{},{}]", repeat(&trade(price), MAX_LONG_NUMBERS), trade("181.5"));
        let (tally, errors) = outcome(Frame::Text(&text));
        assert_eq!((tally.delivered as usize, errors.len()), (MAX_LONG_NUMBERS + 1, 0), "{price}");
        let text = format!("[{},{}]", repeat(&trade(price), MAX_LONG_NUMBERS + 2), trade("181.5"));
        let (tally, errors) = outcome(Frame::Text(&text));
        // What is too much is left out, and loses nothing else.
        assert_eq!((tally.delivered as usize, errors.len()), (MAX_LONG_NUMBERS + 1, 2), "{price}");
        assert!(errors.iter().all(|error| matches!(error, Error::NumberRange(_))), "{errors:?}");
    }
}

#[test]
fn nesting() {
    // The frame's array and the message are two levels.
    for (levels, refused) in
        [(MAX_NESTING - 2, None), (MAX_NESTING - 1, Some(Error::TooDeep)), (5000, Some(Error::TooDeep))]
    {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        let text = format!(
            r#"[{{"T":"success","msg":"connected","deep":{open}{close}}},{{"T":"success","msg":"connected"}}]"#
        );
        let mut packed = b"\x92\x83\xa1T\xa7success\xa3msg\xa9connected\xa4deep".to_vec();
        packed.resize(packed.len() + levels - 1, 0x91);
        packed.push(0x90);
        packed.extend_from_slice(b"\x82\xa1T\xa7success\xa3msg\xa9connected");
        for frame in [Frame::Text(&text), Frame::Binary(&packed)] {
            let (tally, errors) = outcome(frame);
            assert_eq!(errors, Vec::from_iter(refused));
            assert_eq!(tally.delivered, if refused.is_some() { 1 } else { 2 });
        }
    }
    let deep = format!("{}{}", r#"{"data":"#.repeat(MAX_NESTING + 1), "1}");
    assert_eq!(decode_trading(Frame::Text(&deep)), Err(Error::TooDeep));
    assert_eq!(decode_request(Frame::Text(&format!("{{\"x\":{}", "[".repeat(100_000)))), Err(Error::TooDeep));
}

#[test]
fn entries_of_lists() {
    let time = r#""t":"2025-01-02T15:04:05Z""#;
    let level = r#"{"p":1,"s":1}"#;
    let news = r#""created_at":"2025-01-02T15:04:05Z","updated_at":"2025-01-02T15:04:05Z""#;
    for (limit, item, head, tail, field) in [
        (MAX_BOOK_LEVELS, level, format!(r#"{{"T":"o","S":"X",{time},"b":["#), "]}", "b"),
        (MAX_BOOK_LEVELS, level, format!(r#"{{"T":"o","S":"X",{time},"a":["#), "]}", "a"),
        (MAX_CONDITIONS, r#""@""#, format!(r#"{{"T":"t","S":"X",{time},"p":1,"s":1,"c":["#), "]}", "c"),
        (
            MAX_NEWS_SYMBOLS,
            r#""A""#,
            format!(r#"{{"T":"n","id":1,"headline":"",{news},"symbols":["#),
            "]}",
            "symbols",
        ),
        (MAX_SUBSCRIPTION_SYMBOLS, r#""A""#, r#"{"T":"subscription","trades":["#.to_owned(), "]}", "trades"),
    ] {
        for (count, expected) in [(limit, vec![]), (limit + 1, vec![Error::TooManyEntries(field)])] {
            let text = format!("[{head}{}{tail}]", repeat(item, count));
            let (tally, errors) = outcome(Frame::Text(&text));
            assert_eq!(errors, expected, "{field}");
            assert_eq!(tally.delivered, u64::from(expected.is_empty()));
        }
    }
}

#[test]
fn requests() {
    let subscribe = |count| format!(r#"{{"action":"subscribe","trades":[{}]}}"#, repeat(r#""A""#, count));
    assert!(decode_request(Frame::Text(&subscribe(MAX_SUBSCRIPTION_SYMBOLS))).is_ok());
    let error = decode_request(Frame::Text(&subscribe(MAX_SUBSCRIPTION_SYMBOLS + 1)));
    assert_eq!(error, Err(Error::TooManyEntries("trades")));

    let listen =
        |count| format!(r#"{{"action":"listen","data":{{"streams":[{}]}}}}"#, repeat(r#""A""#, count));
    assert!(decode_request(Frame::Text(&listen(MAX_LISTEN_STREAMS))).is_ok());
    assert_eq!(
        decode_request(Frame::Text(&listen(MAX_LISTEN_STREAMS + 1))),
        Err(Error::TooManyEntries("streams"))
    );

    let auth = |bytes| format!(r#"{{"action":"auth","key":"{}","secret":"s"}}"#, "k".repeat(bytes));
    assert!(decode_request(Frame::Text(&auth(MAX_REQUEST_TEXT_BYTES))).is_ok());
    assert!(decode_request(Frame::Text(&auth(MAX_REQUEST_TEXT_BYTES + 1))).is_err());
}
