//! One connection to Alpaca: a client session on a socket.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error as WsError, Message as WsMessage};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use wickwire_proto::channel::Subscriptions;
use wickwire_proto::client::{Action, ClientConfig, ClientSession, ConnectFailure, Event};
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::{Codec, Frame, OwnedFrame};
use wickwire_proto::limits::MAX_FRAME_BYTES;
use wickwire_proto::message::Message;
use wickwire_proto::request::Credentials;

use super::Told;

/// How often the connection is pinged, and how long anything may take to come back.
const PING_EVERY: Duration = Duration::from_secs(10);
const PONG_WAIT: Duration = Duration::from_secs(15);
/// How long the closing handshake may take. Its end is waited for, because Alpaca counts a
/// connection as open until it has taken in our close: a successor that comes earlier gets 406.
const FAREWELL: Duration = Duration::from_secs(1);
/// Connecting takes no longer than this.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A wait for nothing in particular.
const IDLE: Duration = Duration::from_secs(3600);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Keeps one endpoint connected until `wanted` is dropped.
pub async fn run(
    endpoint: Endpoint,
    url: String,
    credentials: Credentials,
    mut wanted: watch::Receiver<Subscriptions>,
    told: mpsc::Sender<Told>,
    seed: u64,
) {
    let start = Instant::now();
    let first = wanted.borrow_and_update().clone();
    let mut session = ClientSession::new(ClientConfig {
        codec: Codec::MessagePack,
        seed,
        ..ClientConfig::new(endpoint, credentials, first)
    });
    session.start(start.elapsed());
    let mut socket: Option<Socket> = None;
    let mut heard = Instant::now();
    let mut ping = tokio::time::interval(PING_EVERY);
    loop {
        let was_closed = socket.is_none();
        act(&mut session, &mut socket, &url, start).await;
        if was_closed && socket.is_some() {
            // Connecting took time in which nobody pinged: a new socket starts afresh.
            heard = Instant::now();
            ping.reset();
        }
        while let Some(event) = session.poll_event() {
            let tell = match event {
                Event::StateChanged => Told::State(endpoint, session.state().clone()),
                Event::TradeUpdate(update) => Told::TradeUpdate(update),
                _ => continue,
            };
            if told.send(tell).await.is_err() {
                return;
            }
        }
        let now = start.elapsed();
        let wait = session.poll_timeout().map_or(IDLE, |at| at.saturating_sub(now));
        tokio::select! {
            message = next(&mut socket) => {
                heard = Instant::now();
                if !take(&mut session, &mut socket, message, endpoint, &told, start).await {
                    return;
                }
            }
            changed = wanted.changed() => {
                if changed.is_err() {
                    session.stop(start.elapsed());
                    act(&mut session, &mut socket, &url, start).await;
                    return;
                }
                let set = wanted.borrow_and_update().clone();
                session.set_wanted(start.elapsed(), set);
            }
            _ = ping.tick() => {
                if let Some(open) = &mut socket {
                    if heard.elapsed() > PONG_WAIT {
                        socket = None;
                        session.handle_closed(start.elapsed(), None, "no answer to pings");
                    } else {
                        let _ = open.send(WsMessage::Ping(Default::default())).await;
                    }
                } else {
                    heard = Instant::now();
                }
            }
            () = tokio::time::sleep(wait) => session.handle_timeout(start.elapsed()),
        }
    }
}

async fn next(socket: &mut Option<Socket>) -> Option<Result<WsMessage, WsError>> {
    match socket {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}

/// Carries out what the session wants.
async fn act(session: &mut ClientSession, socket: &mut Option<Socket>, url: &str, start: Instant) {
    while let Some(action) = session.poll_action() {
        match action {
            Action::Connect => match connect(url).await {
                Ok(open) => {
                    *socket = Some(open);
                    session.handle_open(start.elapsed());
                }
                Err(failure) => session.handle_connect_failed(start.elapsed(), failure),
            },
            Action::Send(frame) => {
                let message = match frame {
                    OwnedFrame::Text(text) => WsMessage::text(text),
                    OwnedFrame::Binary(bytes) => WsMessage::binary(bytes),
                };
                if let Some(open) = socket
                    && let Err(error) = open.send(message).await
                {
                    *socket = None;
                    session.handle_closed(start.elapsed(), None, &error.to_string());
                }
            }
            Action::Close { code, reason } => {
                if let Some(open) = socket.take() {
                    let frame = CloseFrame { code: code.into(), reason: reason.into() };
                    let _ = tokio::time::timeout(FAREWELL, farewell(open, frame)).await;
                }
            }
        }
    }
}

/// Sends a close and reads to the end of the stream. A socket that is dropped with something
/// unread is reset, and the other side may then lose the close.
async fn farewell(mut socket: Socket, frame: CloseFrame) {
    if socket.close(Some(frame)).await.is_ok() {
        while let Some(Ok(_)) = socket.next().await {}
    }
}

async fn connect(url: &str) -> Result<Socket, ConnectFailure> {
    let failed = |text: String| ConnectFailure { text, ..ConnectFailure::default() };
    let mut request = url.into_client_request().map_err(|e| failed(e.to_string()))?;
    request.headers_mut().insert("Content-Type", HeaderValue::from_static("application/msgpack"));
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_FRAME_BYTES))
        .max_frame_size(Some(MAX_FRAME_BYTES));
    let connecting = connect_async_with_config(request, Some(config), true);
    match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
        Err(_) => Err(failed("no answer within 10 s".to_owned())),
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(WsError::Http(response))) => {
            let retry_after = response.headers().get("Retry-After");
            let retry_after =
                retry_after.and_then(|v| v.to_str().ok()?.parse().ok()).map(Duration::from_secs);
            Err(ConnectFailure {
                status: Some(response.status().as_u16()),
                retry_after,
                text: response.status().to_string(),
            })
        }
        Ok(Err(error)) => Err(failed(error.to_string())),
    }
}

/// Takes in what the socket brought; false when the stage is gone.
async fn take(
    session: &mut ClientSession,
    socket: &mut Option<Socket>,
    message: Option<Result<WsMessage, WsError>>,
    endpoint: Endpoint,
    told: &mpsc::Sender<Told>,
    start: Instant,
) -> bool {
    let now = start.elapsed();
    let mut batch = Vec::new();
    let mut keep = |m: &Message<'_>| batch.push(m.clone().into_owned());
    match message {
        Some(Ok(WsMessage::Text(text))) => session.handle_frame(now, Frame::Text(text.as_str()), &mut keep),
        Some(Ok(WsMessage::Binary(bytes))) => session.handle_frame(now, Frame::Binary(&bytes), &mut keep),
        Some(Ok(WsMessage::Close(frame))) => {
            // The stream goes on to its end by itself; what comes after a close does not matter.
            let (code, reason) =
                frame.map_or((None, String::new()), |f| (Some(f.code.into()), f.reason.to_string()));
            *socket = None;
            session.handle_closed(now, code, &reason);
        }
        Some(Ok(_)) => session.handle_bytes(now),
        Some(Err(error)) => {
            *socket = None;
            session.handle_closed(now, None, &error.to_string());
        }
        None => {
            *socket = None;
            session.handle_closed(now, None, "");
        }
    }
    batch.is_empty() || told.send(Told::Messages(endpoint, batch)).await.is_ok()
}
