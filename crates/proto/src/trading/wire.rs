//! Messages of the trading stream, from and to frames.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{TradeUpdate, TradingMessage, lenient};
use crate::codec::{JsonReader, MsgpackReader, MsgpackWriter, Reader, Writer, read_value, write_value};
use crate::error::Error;
use crate::frame::{Codec, Frame};
use crate::time::Timestamp;

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
        Codec::Json => whole(&mut JsonReader::new(frame)),
        Codec::MessagePack => whole(&mut MsgpackReader::new(frame.bytes())),
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

fn whole<'a>(reader: &mut dyn Reader<'a>) -> Result<Value, Error> {
    let value = read_value(reader).map_err(|flaw| flaw.at(reader.position()))?;
    if reader.at_end() { Ok(value) } else { Err(Error::TrailingBytes(reader.position())) }
}

fn of<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, Error> {
    // The reason is dropped: it may quote the frame.
    T::deserialize(value).map_err(|_| Error::MalformedTrading)
}

/// The name of a message's stream under its key, and its data.
fn parts(message: &TradingMessage) -> (&'static str, &'static str, Value) {
    match message {
        TradingMessage::Authorization(answer) => ("stream", "authorization", to_value(answer)),
        TradingMessage::Listening { streams } => ("stream", "listening", json!({"streams": streams})),
        TradingMessage::TradeUpdate(update) => ("stream", super::TRADE_UPDATES, to_value(update)),
        TradingMessage::Error { message } => ("action", "error", json!({"error_message": message})),
    }
}

/// Our types have text as keys and no floats, so this cannot fail.
fn to_value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

pub(super) fn write(codec: Codec, message: &TradingMessage) -> Vec<u8> {
    let (key, name, data) = parts(message);
    match codec {
        Codec::Json => format!("{{\"{key}\":\"{name}\",\"data\":{data}}}").into_bytes(),
        Codec::MessagePack => {
            let mut out = Vec::new();
            let mut writer = MsgpackWriter::new(&mut out);
            let map = writer.map();
            writer.key(map, key);
            writer.text(name);
            writer.key(map, "data");
            write_value(&data, &mut out);
            out
        }
    }
}

/// See [`super::to_canonical_json`].
pub(super) fn canonical(message: &TradingMessage) -> String {
    let (key, name, mut data) = parts(message);
    normalise(&mut data);
    format!("{{\"{key}\":\"{name}\",\"data\":{data}}}")
}

/// Drops nulls and writes times alike.
fn normalise(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(normalise),
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            for (key, value) in map {
                match value {
                    Value::String(text) if key == "at" || key == "timestamp" || key.ends_with("_at") => {
                        if let Some(time) = Timestamp::parse_rfc3339(text) {
                            *text = time.to_rfc3339_nanos();
                        }
                    }
                    _ => normalise(value),
                }
            }
        }
        _ => {}
    }
}
