//! The relay stops: sockets on both sides are closed properly, and Alpaca's connection is free.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use wickwire_proto::endpoint::{Endpoint, StockFeed};
use wickwire_proto::frame::{Codec, OwnedFrame};
use wickwire_proto::server::{ServerConfig, ServerEvent, ServerSession, Verdict};
use wickwire_relay::relay::STOP_WAIT;

use super::*;

fn live_from(server: std::net::SocketAddr) -> Config {
    let hosts = Hosts {
        stream: format!("ws://{server}"),
        data: format!("http://{server}"),
        trading: format!("http://{server}"),
    };
    let source = Source::Live { credentials: Credentials::new("key", "secret"), hosts };
    Config { source, ..Config::simulated(0, 1.0) }
}

async fn authenticate(socket: &mut Socket) -> Vec<Message<'static>> {
    assert_eq!(read(&next(socket).await), [Message::Connected]);
    socket.send(WsMessage::text(r#"{"action":"auth","key":"key","secret":"secret"}"#)).await.unwrap();
    read(&next(socket).await)
}

/// Reads to the end of the stream, which also answers the close; its code.
async fn close_code(socket: &mut Socket) -> Option<CloseCode> {
    let reading = async {
        let mut code = None;
        while let Some(Ok(message)) = socket.next().await {
            if let WsMessage::Close(frame) = message {
                code = frame.map(|f| f.code);
            }
        }
        code
    };
    timeout(WAIT, reading).await.expect("the socket stays open")
}

#[tokio::test]
async fn the_next_start_finds_the_one_connection_free() {
    let config = Config { connection_limit: Some(1), ..Config::simulated(3, 500.0) };
    let alpaca = Relay::start(config).await.unwrap();
    let relay = Relay::start(live_from(alpaca.address())).await.unwrap();
    let mut client = connect(&relay, "/v2/iex", None).await.unwrap();
    wait_for(&mut client, TRADES, is_trade).await;

    let mut other = connect(&alpaca, "/v2/iex", None).await.unwrap();
    match &authenticate(&mut other).await[..] {
        [Message::Error(error)] => assert_eq!(error.code, 406, "the limit holds while the relay runs"),
        answer => panic!("{answer:?}"),
    }

    let start = Instant::now();
    let (stopped, code) = tokio::join!(relay.stop(), close_code(&mut client));
    stopped.unwrap();
    assert!(start.elapsed() < STOP_WAIT, "nobody had to be given up: {:?}", start.elapsed());
    assert_eq!(code, Some(CloseCode::Away), "the client is told");

    let mut successor = connect(&alpaca, "/v2/iex", None).await.unwrap();
    assert_eq!(authenticate(&mut successor).await, [Message::Authenticated]);
    alpaca.stop().await.unwrap();
}

/// Lets one client in and returns the close code that it sends; `None` if its stream ends without.
async fn one_client(
    listener: TcpListener,
    subscribed: tokio::sync::oneshot::Sender<()>,
) -> Option<CloseCode> {
    let mut socket = accept_async(listener.accept().await.unwrap().0).await.unwrap();
    let config = ServerConfig::new(Endpoint::Stocks(StockFeed::Iex), Codec::MessagePack);
    let mut session = ServerSession::new(config, Duration::ZERO);
    let mut subscribed = Some(subscribed);
    loop {
        while let Some(event) = session.poll_event() {
            match event {
                ServerEvent::Authenticate(_) => session.handle_auth(Duration::ZERO, Verdict::Ok),
                ServerEvent::Subscribed(_) => drop(subscribed.take().map(|s| s.send(()))),
                _ => {}
            }
        }
        while let Some(frame) = session.poll_transmit() {
            let message = match frame {
                OwnedFrame::Text(text) => WsMessage::text(text),
                OwnedFrame::Binary(bytes) => WsMessage::binary(bytes),
            };
            socket.send(message).await.unwrap();
        }
        match socket.next().await {
            Some(Ok(WsMessage::Binary(bytes))) => session.handle_frame(Duration::ZERO, Frame::Binary(&bytes)),
            Some(Ok(WsMessage::Text(text))) => {
                session.handle_frame(Duration::ZERO, Frame::Text(text.as_str()))
            }
            Some(Ok(WsMessage::Close(frame))) => return frame.map(|f| f.code),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return None,
        }
    }
}

#[tokio::test]
async fn upstream_sees_a_close() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let relay = Relay::start(live_from(listener.local_addr().unwrap())).await.unwrap();
    let (subscribed, up) = tokio::sync::oneshot::channel();
    let server = tokio::spawn(one_client(listener, subscribed));
    let mut client = connect(&relay, "/v2/iex", None).await.unwrap();
    next(&mut client).await;
    client.send(WsMessage::text(r#"{"action":"auth","key":"k","secret":"s"}"#)).await.unwrap();
    client.send(WsMessage::text(TRADES)).await.unwrap();
    timeout(WAIT, up).await.expect("the relay did not subscribe upstream").unwrap();

    // This client never reads, so it never answers the close: the relay does not wait for ever.
    let start = Instant::now();
    relay.stop().await.unwrap();
    assert!(start.elapsed() < STOP_WAIT + Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(timeout(WAIT, server).await.unwrap().unwrap(), Some(CloseCode::Normal));
}

/// The program itself: Ctrl-C is `SIGINT`.
#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_closes_sockets_and_ends_well() {
    let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_wickwire-relay"))
        .args(["--port", "0", "--seed", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let line = timeout(WAIT, lines.next_line()).await.unwrap().unwrap().unwrap();
    let address = line.strip_prefix("Wickwire is at http://").unwrap_or_else(|| panic!("{line}"));
    let mut client = connect_async(format!("ws://{address}v2/iex")).await.unwrap().0;
    wait_for(&mut client, TRADES, is_trade).await;

    let id = program.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(close_code(&mut client).await, Some(CloseCode::Away));
    let status = timeout(STOP_WAIT + Duration::from_secs(3), program.wait()).await.expect("still runs");
    assert!(status.unwrap().success());
}
