//! One WebSocket: frames from the client to the stage, and from the stage to the client.

use std::pin::pin;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use axum::http::{HeaderMap, header};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::{Codec, OwnedFrame};
use wickwire_proto::request::Credentials;

use crate::stage::{Out, StageHandle};

/// Largest message a client may send, joined from its fragments. alpaca-py sends a whole
/// subscribe list as one message in pieces of 32 KiB.
pub const MAX_CLIENT_MESSAGE: usize = 1 << 20;
/// Frames that may wait for one client between the stage and its socket; beyond, its session
/// queues, up to the session's own limits, and is then ended with error 407.
pub const MAX_WAITING_FRAMES: usize = 32;
/// A frame that the client's side does not take for this long ends the connection.
pub const WRITE_DEADLINE: Duration = Duration::from_secs(10);
/// How long the client may take to answer a close.
const CLOSE_WAIT: Duration = Duration::from_secs(5);
/// WebSocket close code when the stage has ended.
const CLOSE_GOING_AWAY: u16 = 1001;

/// What the upgrade request says about codec and authentication.
#[derive(Debug, Default)]
pub struct Preferences {
    /// From `Content-Type: application/msgpack` or, for pages, `?codec=msgpack`.
    pub codec: Codec,
    /// From `APCA-API-KEY-ID` and `APCA-API-SECRET-KEY`, or `Authorization`.
    pub credentials: Option<Credentials>,
}

impl Preferences {
    /// Reads headers and query. What is malformed counts as absent.
    #[must_use]
    pub fn read(headers: &HeaderMap, query: Option<&str>) -> Self {
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
        let asked = text(header::CONTENT_TYPE.as_str()).is_some_and(|t| t.contains("msgpack"))
            || query.unwrap_or_default().split('&').any(|p| p == "codec=msgpack");
        let codec = if asked { Codec::MessagePack } else { Codec::Json };
        let keys = text("apca-api-key-id").zip(text("apca-api-secret-key"));
        let bearer = text(header::AUTHORIZATION.as_str()).and_then(|v| v.strip_prefix("Bearer "));
        let credentials = match (keys, bearer) {
            (Some((key, secret)), _) => Some(Credentials::new(key, secret)),
            (None, Some(token)) => Some(Credentials::new("oauth", token)),
            (None, None) => None,
        };
        Self { codec, credentials }
    }
}

/// Runs one connection until either side ends it.
pub async fn run(socket: WebSocket, endpoint: Endpoint, preferences: Preferences, stage: StageHandle) {
    let (outbox, inbox) = mpsc::channel(MAX_WAITING_FRAMES);
    let connected = stage.connect(endpoint, preferences, outbox).await;
    let (sink, stream) = socket.split();
    // Where the stage has ended there is no outbox any more, and the close is all that is sent.
    let Some(id) = connected else { return write(sink, inbox).await };
    let mut reading = pin!(read(stream, id, &stage));
    tokio::select! {
        () = &mut reading => {}
        () = write(sink, inbox) => {
            let _ = tokio::time::timeout(CLOSE_WAIT, reading).await;
        }
    }
    stage.disconnect(id).await;
}

/// Hands frames to the stage until the stream ends. After a Close it keeps polling, so that the
/// closing handshake is answered.
async fn read(mut stream: SplitStream<WebSocket>, id: wickwire_proto::hub::ConnId, stage: &StageHandle) {
    while let Some(Ok(message)) = stream.next().await {
        let frame = match message {
            Message::Text(text) => OwnedFrame::Text(text.as_str().to_owned()),
            Message::Binary(bytes) => OwnedFrame::Binary(bytes.to_vec()),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => continue,
        };
        stage.frame(id, frame).await;
    }
}

/// Sends what the stage hands over, up to a close. Ends early if the client does not take it.
async fn write(mut sink: SplitSink<WebSocket, Message>, mut inbox: mpsc::Receiver<Out>) {
    let mut code = CLOSE_GOING_AWAY;
    while let Some(out) = inbox.recv().await {
        let message = match out {
            Out::Frame(OwnedFrame::Text(text)) => Message::Text(Utf8Bytes::from(text)),
            Out::Frame(OwnedFrame::Binary(bytes)) => Message::Binary(Bytes::from(bytes)),
            Out::Close(wanted) => {
                code = wanted;
                break;
            }
        };
        match tokio::time::timeout(WRITE_DEADLINE, sink.send(message)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return,
        }
    }
    let close = Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::default() }));
    let _ = tokio::time::timeout(CLOSE_WAIT, sink.send(close)).await;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn codec_and_keys_come_from_the_upgrade() {
        let mut headers = HeaderMap::new();
        assert_eq!(Preferences::read(&headers, None).codec, Codec::Json);
        assert_eq!(Preferences::read(&headers, Some("a=b&codec=msgpack")).codec, Codec::MessagePack);
        headers.insert(header::CONTENT_TYPE, "application/msgpack".parse().unwrap());
        headers.insert("apca-api-key-id", "id".parse().unwrap());
        assert!(Preferences::read(&headers, None).credentials.is_none(), "a key alone is no pair");
        headers.insert("apca-api-secret-key", "secret".parse().unwrap());
        let read = Preferences::read(&headers, None);
        assert_eq!(read.codec, Codec::MessagePack);
        assert_eq!(read.credentials.as_ref().unwrap().key, "id");
        assert!(!format!("{read:?}").contains("secret\""));
    }
}
