//! Messages of the trading stream, from and to frames.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{TradeUpdate, TradingMessage, lenient};
use crate::codec::{JsonReader, MsgpackReader, Reader, read_value, write_value};
use crate::error::Error;
use crate::frame::{Codec, Frame};

/// The object around every message. Faults name an `action` and no `stream`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope {
    #[serde(deserialize_with = "lenient::text")]
    stream: String,
    #[serde(deserialize_with = "lenient::text")]
    action: String,
    data: Value,
}

#[derive(Deserialize)]
struct Listening {
    #[serde(default, deserialize_with = "lenient::or_default")]
    streams: Vec<String>,
}

/// `data` of a fault; old SDKs know it under the second key.
#[derive(Deserialize)]
struct Fault {
    #[serde(default, deserialize_with = "lenient::optional_text")]
    error_message: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional_text")]
    error: Option<String>,
}

pub(super) fn read(frame: Frame<'_>) -> Result<Option<TradingMessage>, Error> {
    let value = match frame.codec() {
        Codec::Json => whole(JsonReader::new(frame)),
        Codec::MessagePack => whole(MsgpackReader::new(frame.bytes())),
    }?;
    let envelope: Envelope = of(value)?;
    Ok(Some(match (envelope.stream.as_str(), envelope.action.as_str()) {
        ("authorization", _) => TradingMessage::Authorization(of(envelope.data)?),
        ("listening", _) => {
            let Listening { streams } = of(envelope.data)?;
            TradingMessage::Listening { streams }
        }
        (super::TRADE_UPDATES, _) => {
            let update: TradeUpdate = of(envelope.data)?;
            if update.event.is_empty() {
                return Err(Error::MissingField("event"));
            }
            if update.order.id.is_empty() {
                return Err(Error::MissingField("order.id"));
            }
            TradingMessage::TradeUpdate(Box::new(update))
        }
        ("", "error") | ("error", _) => {
            let Fault { error_message, error } = of(envelope.data)?;
            TradingMessage::Error { message: error_message.or(error).unwrap_or_default() }
        }
        ("", "") => return Err(Error::MissingField("stream")),
        _ => return Ok(None),
    }))
}

fn whole<'a, R: Reader<'a>>(mut reader: R) -> Result<Value, Error> {
    let value = read_value(&mut reader).map_err(|flaw| flaw.at(reader.position()))?;
    if reader.at_end() { Ok(value) } else { Err(Error::TrailingBytes(reader.position())) }
}

fn of<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, Error> {
    // The reason is dropped: it may quote the frame.
    T::deserialize(value).map_err(|_| Error::MalformedTrading)
}

/// A message of a stream, written in this order.
#[derive(Serialize)]
struct Outgoing<T> {
    stream: &'static str,
    data: T,
}

pub(super) fn write(codec: Codec, message: &TradingMessage) -> Vec<u8> {
    match message {
        TradingMessage::Authorization(answer) => {
            bytes(codec, &Outgoing { stream: "authorization", data: answer })
        }
        TradingMessage::Listening { streams } => {
            bytes(codec, &Outgoing { stream: "listening", data: json!({"streams": streams}) })
        }
        TradingMessage::TradeUpdate(update) => {
            bytes(codec, &Outgoing { stream: super::TRADE_UPDATES, data: update })
        }
        TradingMessage::Error { message } => {
            bytes(codec, &json!({"action": "error", "data": {"error_message": message}}))
        }
    }
}

/// Writes a value. Our types have text as keys and no floats, so it cannot fail.
fn bytes(codec: Codec, value: &impl Serialize) -> Vec<u8> {
    match codec {
        Codec::Json => serde_json::to_vec(value).unwrap_or_default(),
        Codec::MessagePack => {
            let mut out = Vec::new();
            write_value(&serde_json::to_value(value).unwrap_or_default(), &mut out);
            out
        }
    }
}
