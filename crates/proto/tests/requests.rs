//! What clients send, in every form that an SDK uses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use wickwire_proto::channel::Channel;
use wickwire_proto::frame::{Codec, Frame};
use wickwire_proto::request::{AuthForm, Credentials, Request, decode_request, encode_request};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn read(text: &str) -> Request {
    let binary = decode_request(Frame::Binary(text.as_bytes())).unwrap();
    assert_eq!(decode_request(Frame::Text(text)).unwrap(), binary);
    binary
}

#[test]
fn authentication() {
    for (text, key, secret, form) in [
        (r#"{"action":"auth","key":"K","secret":"S"}"#, "K", "S", AuthForm::Auth),
        (r#"{"action":"auth","key":"K","secret":"S","paper":true}"#, "K", "S", AuthForm::Auth),
        (r#" {"secret":"\u0053","key":"K" ,"action":"auth"} "#, "K", "S", AuthForm::Auth),
        (r#"{"action":"auth","key":"oauth","secret":"token"}"#, "oauth", "token", AuthForm::Auth),
        (
            r#"{"action":"authenticate","data":{"key_id":"K","secret_key":"S"}}"#,
            "K",
            "S",
            AuthForm::Authenticate,
        ),
        (
            r#"{"action":"authenticate","data":{"oauth_token":"token"}}"#,
            "oauth",
            "token",
            AuthForm::Authenticate,
        ),
    ] {
        assert_eq!(read(text), Request::Auth(Credentials::new(key, secret), form), "{text}");
    }
}

#[test]
fn subscriptions() {
    let Request::Subscribe(pairs) = read(
        r#"{"action":"subscribe","trades":["AAPL","*"],"quotes":null,"bars":[],"other":[1],"orderbooks":["BTC\/USD"]}"#,
    ) else {
        panic!()
    };
    let pairs: Vec<_> = pairs.iter().collect();
    assert_eq!(pairs, [(Channel::Trades, "*"), (Channel::Trades, "AAPL"), (Channel::OrderBooks, "BTC/USD")]);
    assert!(
        matches!(read(r#"{"action":"unsubscribe","trades":["AAPL"]}"#), Request::Unsubscribe(p) if p.len() == 1)
    );
    assert!(matches!(read(r#"{"action":"subscribe"}"#), Request::Subscribe(p) if p.is_empty()));
}

#[test]
fn trading() {
    let listen = r#"{"action":"listen","data":{"streams":["trade_updates","other"]}}"#;
    assert_eq!(read(listen), Request::Listen(vec!["trade_updates".into(), "other".into()]));
    assert_eq!(read(r#"{"action":"listen","data":{"streams":[]}}"#), Request::Listen(vec![]));
    let unlisten = r#"{"action":"unlisten","data":{"streams":["trade_updates"]}}"#;
    assert_eq!(read(unlisten), Request::Unlisten(vec!["trade_updates".into()]));
    assert_eq!(read(r#"{"action":"ping"}"#), Request::Unknown);
}

#[test]
fn what_is_answered_with_400() {
    for text in [
        "",
        "[]",
        "{}",
        "hello",
        r#"{"action":null}"#,
        r#"{"action":5}"#,
        r#"{"action":"auth"}"#,
        r#"{"action":"auth","key":"K"}"#,
        r#"{"action":"auth","key":1,"secret":"S"}"#,
        r#"{"action":"authenticate"}"#,
        r#"{"action":"subscribe","trades":"AAPL"}"#,
        r#"{"action":"subscribe","trades":[5]}"#,
        r#"{"action":"subscribe","trades":["AAPL"]"#,
        r#"{"action":"subscribe"}x"#,
    ] {
        assert!(decode_request(Frame::Text(text)).is_err(), "{text}");
        assert!(decode_request(Frame::Binary(text.as_bytes())).is_err(), "{text}");
    }
}

#[test]
fn what_we_send() {
    let json =
        |request: &Request| String::from_utf8(encode_request(Codec::Json, request).bytes().to_vec()).unwrap();
    let auth = |form| Request::Auth(Credentials::new("K", "S"), form);
    assert_eq!(json(&auth(AuthForm::Auth)), r#"{"action":"auth","key":"K","secret":"S"}"#);
    assert_eq!(
        json(&auth(AuthForm::Authenticate)),
        r#"{"action":"authenticate","data":{"key_id":"K","secret_key":"S"}}"#
    );
    let pairs = [(Channel::Trades, "AAPL"), (Channel::Bars, "*")].into_iter().collect();
    assert_eq!(json(&Request::Subscribe(pairs)), r#"{"action":"subscribe","trades":["AAPL"],"bars":["*"]}"#);
    assert_eq!(
        json(&Request::Listen(vec!["trade_updates".into()])),
        r#"{"action":"listen","data":{"streams":["trade_updates"]}}"#
    );
}

#[test]
fn secrets_are_not_shown() {
    let credentials = Credentials::new("canary-key", "canary-secret");
    for shown in [
        format!("{credentials:?}"),
        format!("{:?}", credentials.secret),
        format!("{:#?}", Request::Auth(credentials.clone(), AuthForm::Auth)),
    ] {
        assert!(shown.contains("***") && !shown.contains("canary"), "{shown}");
    }
    let text = r#"{"action":"auth","key":"canary-key","secret":"canary-secret"#;
    let error = decode_request(Frame::Text(text)).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"));
}
