//! The relay on real sockets: the simulated market, and a second relay that takes the first one
//! for Alpaca.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shutdown;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as WsFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error as WsError, Message as WsMessage};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use wickwire_proto::decode::decode;
use wickwire_proto::frame::Frame;
use wickwire_proto::message::Message;
use wickwire_proto::request::Credentials;
use wickwire_relay::config::Hosts;
use wickwire_relay::socket::MAX_CLIENT_MESSAGE;
use wickwire_relay::{Config, Relay, Source};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const WAIT: Duration = Duration::from_secs(20);

async fn simulated() -> Relay {
    Relay::start(Config::simulated(3, 500.0)).await.unwrap()
}

async fn connect(relay: &Relay, path: &str, header: Option<(&'static str, &str)>) -> Result<Socket, WsError> {
    let mut request = format!("ws://{}{path}", relay.address()).into_client_request().unwrap();
    if let Some((name, value)) = header {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    Ok(connect_async(request).await?.0)
}

async fn next(socket: &mut Socket) -> WsMessage {
    timeout(WAIT, socket.next())
        .await
        .expect("no frame in time")
        .expect("stream ended")
        .expect("broken frame")
}

fn read(message: &WsMessage) -> Vec<Message<'static>> {
    let mut out = Vec::new();
    let mut keep = |m: Message<'_>| out.push(m.into_owned());
    match message {
        WsMessage::Text(text) => decode(Frame::Text(text.as_str()), &mut keep).unwrap(),
        WsMessage::Binary(bytes) => decode(Frame::Binary(bytes), &mut keep).unwrap(),
        _ => return out,
    };
    out
}

/// Authenticates, subscribes and waits until a message passes.
async fn wait_for(
    socket: &mut Socket,
    subscribe: &str,
    pass: impl Fn(&Message<'_>) -> bool,
) -> Message<'static> {
    assert_eq!(read(&next(socket).await), [Message::Connected]);
    socket.send(WsMessage::text(r#"{"action":"auth","key":"k","secret":"s"}"#)).await.unwrap();
    assert_eq!(read(&next(socket).await), [Message::Authenticated]);
    socket.send(WsMessage::text(subscribe)).await.unwrap();
    assert!(matches!(read(&next(socket).await)[..], [Message::Subscription(_)]));
    let found = timeout(WAIT, async {
        loop {
            if let Some(found) = read(&next(socket).await).into_iter().find(|m| pass(m)) {
                return found;
            }
        }
    });
    found.await.expect("nothing of that kind came")
}

const TRADES: &str = r#"{"action":"subscribe","trades":["*"]}"#;

fn is_trade(message: &Message<'_>) -> bool {
    matches!(message, Message::Trade(_))
}

#[tokio::test]
async fn json_and_message_pack_by_header_or_query() {
    let relay = simulated().await;
    let mut json = connect(&relay, "/v2/iex", None).await.unwrap();
    assert!(next(&mut json).await.is_text());
    for (path, header) in
        [("/v2/iex", Some(("content-type", "application/msgpack"))), ("/v2/iex?codec=msgpack", None)]
    {
        let mut socket = connect(&relay, path, header).await.unwrap();
        let first = next(&mut socket).await;
        assert!(first.is_binary(), "{path}");
        assert_eq!(read(&first), [Message::Connected]);
    }
    relay.stop().await.unwrap();
}

#[tokio::test]
async fn strangers_and_unknown_paths_are_refused_before_the_upgrade() {
    let relay = simulated().await;
    for (path, header, status) in [
        ("/v2/iex", Some(("origin", "https://evil.example")), 403),
        ("/v2/iex", Some(("origin", "null")), 403),
        ("/v2/iex", Some(("host", "evil.example")), 421),
        ("/v1beta2/crypto", None, 404),
    ] {
        match connect(&relay, path, header).await {
            Err(WsError::Http(response)) => assert_eq!(response.status(), status, "{path} {header:?}"),
            other => panic!("{path} {header:?}: {other:?}"),
        }
    }
    relay.stop().await.unwrap();
}

#[tokio::test]
async fn the_key_refused_is_refused() {
    let relay = simulated().await;
    let mut socket = connect(&relay, "/v2/sip", None).await.unwrap();
    next(&mut socket).await;
    socket.send(WsMessage::text(r#"{"action":"auth","key":"refused","secret":"s"}"#)).await.unwrap();
    match &read(&next(&mut socket).await)[..] {
        [Message::Error(error)] => assert_eq!(error.code, 402),
        other => panic!("{other:?}"),
    }
    relay.stop().await.unwrap();
}

/// A piece of a message; the first says what it is of.
fn piece(text: &str, first: bool, last: bool) -> WsMessage {
    let data = if first { Data::Text } else { Data::Continue };
    WsMessage::Frame(WsFrame::message(text.to_owned(), OpCode::Data(data), last))
}

#[tokio::test]
async fn a_message_over_the_limit_ends_the_connection_before_it_is_whole() {
    let relay = simulated().await;
    let auth = r#"{"action":"auth","key":"k","secret":"s"}"#;
    let padding = " ".repeat(MAX_CLIENT_MESSAGE - auth.len());
    let (one, two) = padding.split_at(padding.len() / 2);
    for over in [false, true] {
        let mut socket = connect(&relay, "/v2/iex", None).await.unwrap();
        assert_eq!(read(&next(&mut socket).await), [Message::Connected]);
        socket.send(piece(auth, true, false)).await.unwrap();
        socket.send(piece(one, false, false)).await.unwrap();
        socket.send(piece(two, false, !over)).await.unwrap();
        if over {
            // The relay may have ended it by then.
            let _ = socket.send(piece(" ", false, false)).await;
        }
        match timeout(WAIT, socket.next()).await.expect("no answer in time") {
            Some(Ok(message)) if !over => assert_eq!(read(&message), [Message::Authenticated]),
            Some(Ok(WsMessage::Close(_)) | Err(_)) | None if over => {}
            other => panic!("over: {over}, {other:?}"),
        }
    }
    relay.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_relay_takes_the_first_for_alpaca() {
    let alpaca = simulated().await;
    let hosts = Hosts {
        stream: format!("ws://{}", alpaca.address()),
        data: format!("http://{}", alpaca.address()),
        trading: format!("http://{}", alpaca.address()),
    };
    let source = Source::Live { credentials: Credentials::new("key", "canary-secret"), hosts };
    let relay = Relay::start(Config { source, ..Config::simulated(0, 1.0) }).await.unwrap();

    let mut first = connect(&relay, "/v2/iex", None).await.unwrap();
    wait_for(&mut first, TRADES, is_trade).await;
    let mut second = connect(&relay, "/v2/iex", None).await.unwrap();
    wait_for(&mut second, TRADES, is_trade).await;

    let books = r#"{"action":"subscribe","orderbooks":["BTC/USD"]}"#;
    let whole = |m: &Message<'_>| matches!(m, Message::OrderBook(book) if book.reset);
    let mut early = connect(&relay, "/v1beta3/crypto/us", None).await.unwrap();
    wait_for(&mut early, books, whole).await;
    // The upstream subscription exists already, so this whole book is the relay's own.
    let mut late = connect(&relay, "/v1beta3/crypto/us", None).await.unwrap();
    wait_for(&mut late, books, whole).await;

    let get = |path: &str| reqwest::get(format!("http://{}{path}", relay.address()));
    let bars = get("/v2/stocks/bars?symbols=IBM&timeframe=1Min&limit=2").await.unwrap();
    assert_eq!(bars.status(), 200);
    assert!(bars.text().await.unwrap().contains("\"IBM\""));
    assert_eq!(get("/v2/orders").await.unwrap().status(), 404, "no account data goes through");
    let status = get("/wickwire/status").await.unwrap().text().await.unwrap();
    assert!(status.contains("\"live\"") && status.contains("/v2/iex"), "{status}");
    assert!(!status.contains("canary-secret"));

    relay.stop().await.unwrap();
    alpaca.stop().await.unwrap();
}
