//! The trading stream, both ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bench.rs"]
mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::{Bench, ms, secs};
use wickwire_proto::channel::Subscriptions;
use wickwire_proto::client::{Action, Cause, ClientConfig, Event, State, Step};
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::{Codec, Frame, OwnedFrame};
use wickwire_proto::request::{AuthForm, Credentials, Request};
use wickwire_proto::server::{ServerConfig, ServerEvent, ServerSession, Verdict};
use wickwire_proto::time::Timestamp;
use wickwire_proto::trading::{
    Authorization, Order, TradeUpdate, TradingMessage, decode_trading, encode_trading,
};

fn server(codec: Codec) -> ServerSession {
    ServerSession::new(ServerConfig::new(Endpoint::Trading, codec), secs(1))
}

fn text(server: &mut ServerSession, text: &str) {
    server.handle_frame(secs(2), Frame::Text(text));
}

fn hear(server: &mut ServerSession) -> Vec<TradingMessage> {
    std::iter::from_fn(|| server.poll_transmit())
        .map(|frame| {
            assert!(matches!(frame, OwnedFrame::Binary(_)), "JSON goes in binary frames here");
            decode_trading(frame.as_frame()).unwrap().unwrap()
        })
        .collect()
}

fn authorization(status: &str, action: &str) -> TradingMessage {
    TradingMessage::Authorization(Authorization { status: status.into(), action: action.into() })
}

fn listening(streams: &[&str]) -> TradingMessage {
    TradingMessage::Listening { streams: streams.iter().map(|s| (*s).to_owned()).collect() }
}

fn update() -> TradeUpdate {
    let order = Order { id: "an order".into(), symbol: "AAPL".into(), ..Order::default() };
    TradeUpdate {
        event: "new".into(),
        order,
        timestamp: Some(Timestamp::from_seconds(5)),
        ..TradeUpdate::default()
    }
}

#[test]
fn both_forms_of_authentication() {
    for (form, request) in [
        (AuthForm::Authenticate, r#"{"action":"authenticate","data":{"key_id":"k","secret_key":"s"}}"#),
        (AuthForm::Auth, r#"{"action":"auth","key":"k","secret":"s"}"#),
    ] {
        let mut server = server(Codec::Json);
        assert!(hear(&mut server).is_empty(), "no welcome here");
        text(&mut server, request);
        assert_eq!(
            server.poll_event(),
            Some(ServerEvent::Authenticate(Credentials::new("k", "s"))),
            "{form:?}"
        );
        server.handle_auth(secs(2), Verdict::Ok);
        assert_eq!(hear(&mut server), [authorization("authorized", "authenticate")]);
        text(&mut server, request);
        assert_eq!(hear(&mut server), [authorization("authorized", "authenticate")], "harmless");
        assert_eq!(server.poll_event(), None);
    }
}

#[test]
fn refused_and_unauthorized() {
    let mut server = server(Codec::Json);
    let listen = r#"{"action":"listen","data":{"streams":["trade_updates"]}}"#;
    text(&mut server, listen);
    assert_eq!(hear(&mut server), [authorization("unauthorized", "listen")]);
    text(&mut server, r#"{"action":"auth","key":"k","secret":"s"}"#);
    server.handle_auth(secs(2), Verdict::Refused);
    assert_eq!(hear(&mut server), [authorization("unauthorized", "authenticate")]);
    server.publish_trade_update(&update());
    assert!(hear(&mut server).is_empty());
    server.handle_timeout(secs(11));
    assert!(matches!(hear(&mut server)[..], [TradingMessage::Error { .. }]));
    assert!(server.is_closed());
}

#[test]
fn listen_is_the_whole_set_and_unknown_streams_are_left_out() {
    for codec in [Codec::Json, Codec::MessagePack] {
        let mut server = server(codec);
        text(&mut server, r#"{"action":"auth","key":"k","secret":"s"}"#);
        server.handle_auth(secs(2), Verdict::Ok);
        hear(&mut server);
        server.poll_event();
        server.publish_trade_update(&update());
        assert!(hear(&mut server).is_empty());
        text(&mut server, r#"{"action":"listen","data":{"streams":["account_updates","trade_updates"]}}"#);
        assert_eq!(hear(&mut server), [listening(&["trade_updates"])]);
        assert_eq!(server.poll_event(), Some(ServerEvent::Listening(true)));
        server.publish_trade_update(&update());
        assert_eq!(hear(&mut server), [TradingMessage::TradeUpdate(Box::new(update()))]);
        text(&mut server, r#"{"action":"listen","data":{"streams":[]}}"#);
        assert_eq!(hear(&mut server), [listening(&[])]);
        assert_eq!(server.poll_event(), Some(ServerEvent::Listening(false)));
        text(&mut server, r#"{"action":"listen","data":{"streams":["trade_updates"]}}"#);
        text(&mut server, r#"{"action":"unlisten","data":{"streams":["trade_updates"]}}"#);
        assert_eq!(hear(&mut server), [listening(&["trade_updates"]), listening(&[])]);
        assert!(!server.is_listening());
    }
}

fn client() -> Bench {
    Bench::new(ClientConfig::new(Endpoint::Trading, Credentials::new("key", "secret"), Subscriptions::new()))
}

fn tell(bench: &mut Bench, message: &TradingMessage) {
    bench.frame(&encode_trading(Codec::Json, message));
}

fn live() -> Bench {
    let mut bench = client();
    assert_eq!(bench.actions(), [Action::Connect]);
    bench.client.handle_open(bench.now);
    let [Request::Auth(credentials, AuthForm::Authenticate)] = &bench.requests()[..] else { panic!() };
    assert_eq!(*credentials, Credentials::new("key", "secret"));
    tell(&mut bench, &authorization("authorized", "authenticate"));
    assert_eq!(bench.requests(), [Request::Listen(vec!["trade_updates".into()])]);
    assert_eq!(*bench.client.state(), State::Subscribing);
    tell(&mut bench, &listening(&["trade_updates"]));
    assert_eq!(*bench.client.state(), State::Live);
    bench.events();
    bench
}

#[test]
fn the_client_speaks_first_and_hands_on_updates() {
    let mut bench = live();
    tell(&mut bench, &TradingMessage::TradeUpdate(Box::new(update())));
    assert_eq!(bench.events(), [Event::TradeUpdate(Box::new(update()))]);
    // The old heartbeat, and rubbish.
    bench.frame(&OwnedFrame::Binary(vec![1]));
    bench.frame(&OwnedFrame::Binary(vec![0xff, 0xfe]));
    assert_eq!(*bench.client.state(), State::Live);
}

#[test]
fn silence_is_natural_but_the_server_is_probed() {
    let mut bench = live();
    for _ in 0..10 {
        bench.pass(secs(20));
        assert_eq!(bench.requests(), [Request::Listen(vec!["trade_updates".into()])]);
        assert_eq!(*bench.client.state(), State::Live);
        tell(&mut bench, &listening(&["trade_updates"]));
    }
    bench.pass(secs(25) - ms(1));
    assert_eq!(*bench.client.state(), State::Live);
    bench.pass(ms(1));
    assert!(matches!(bench.client.state(), State::Backoff { cause: Cause::TimedOut(Step::Probe), .. }));
    assert!(matches!(bench.events()[0], Event::Gap(_)));
}

#[test]
fn refusals_and_faults() {
    let mut bench = client();
    bench.actions();
    bench.client.handle_open(bench.now);
    tell(&mut bench, &authorization("unauthorized", "authenticate"));
    assert!(matches!(bench.client.state(), State::NeedsUser { cause: Cause::Unauthorized }));

    let mut bench = live();
    tell(&mut bench, &authorization("unauthorized", "listen"));
    assert!(matches!(bench.client.state(), State::Backoff { cause: Cause::NotAuthenticated, .. }));

    let mut bench = live();
    tell(&mut bench, &TradingMessage::Error { message: "internal server error".into() });
    let State::Backoff { cause, .. } = bench.client.state() else { panic!() };
    assert!(cause.explain().what.contains("internal server error"));

    let mut bench = client();
    bench.actions();
    bench.client.handle_open(bench.now);
    tell(&mut bench, &authorization("authorized", "authenticate"));
    tell(&mut bench, &listening(&[]));
    assert_eq!(*bench.client.state(), State::Live);
    assert!(bench.events().iter().any(|e| matches!(e, Event::Refused { .. })));
}

#[test]
fn both_ends_together() {
    let mut bench = client();
    let mut server = server(Codec::Json);
    bench.actions();
    bench.client.handle_open(bench.now);
    for _ in 0..6 {
        for action in bench.actions() {
            let Action::Send(frame) = action else { panic!("{action:?}") };
            server.handle_frame(secs(2), frame.as_frame());
        }
        if let Some(ServerEvent::Authenticate(_)) = server.poll_event() {
            server.handle_auth(secs(2), Verdict::Ok);
        }
        while let Some(frame) = server.poll_transmit() {
            bench.frame(&frame);
        }
    }
    assert_eq!(*bench.client.state(), State::Live);
}
