//! The trading stream: the account's own orders.
//!
//! Source: <https://docs.alpaca.markets/docs/websocket-streaming>. Amounts are decimal text, as on
//! the wire; unknown fields are left out.

pub(crate) mod lenient;
mod order;
#[cfg_attr(not(feature = "trading"), path = "trading/no_wire.rs")]
mod wire;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::frame::{Codec, Frame, OwnedFrame};
use crate::limits::MAX_TRADING_FRAME_BYTES;
use crate::time::Timestamp;

pub use order::Order;

/// The one stream there is.
pub const TRADE_UPDATES: &str = "trade_updates";

/// A frame that some servers send to keep the connection open: one byte and no message.
const HEARTBEAT: [u8; 1] = [1];

/// One message of the trading stream, server to client.
#[derive(Clone, Debug, PartialEq)]
pub enum TradingMessage {
    /// The answer to an authentication, or to a `listen` before one.
    Authorization(Authorization),
    /// The answer to `listen`: the whole set of streams.
    Listening {
        /// The streams; empty if nothing is listened to.
        streams: Vec<String>,
    },
    /// Something happened to an order.
    TradeUpdate(Box<TradeUpdate>),
    /// A fault; the server closes after it.
    Error {
        /// `error_message`
        message: String,
    },
}

/// Whether the connection may listen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// `authorized` or `unauthorized`.
    #[serde(default)]
    pub status: String,
    /// `authenticate` or `listen`: what this answers.
    #[serde(default)]
    pub action: String,
}

impl Authorization {
    /// Whether the keys were accepted.
    #[must_use]
    pub fn is_authorized(&self) -> bool {
        self.status == "authorized"
    }
}

/// `data` of a trade update.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TradeUpdate {
    /// `new`, `fill`, `partial_fill`, `canceled`, …: unknown ones are possible.
    #[serde(deserialize_with = "lenient::text")]
    pub event: String,
    /// UUID; absent for multi-leg orders.
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub execution_id: Option<String>,
    /// The order after the event.
    pub order: Order,
    /// When it happened. A server always writes it (alpaca-py demands it).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// Price of this execution.
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// Quantity of this execution.
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub qty: Option<String>,
    /// Position afterwards.
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub position_qty: Option<String>,
    /// When the message was made (newer messages).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// ULID (newer messages).
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Multi-leg: position afterwards by symbol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position_qtys: Option<BTreeMap<String, String>>,
    /// Multi-leg: one execution a leg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legs: Option<Vec<LegExecution>>,
}

/// One leg of a multi-leg execution.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LegExecution {
    /// UUID
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub execution_id: Option<String>,
    /// Quantity.
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub qty: Option<String>,
    /// Price.
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// The leg's order.
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// The leg's contract.
    #[serde(deserialize_with = "lenient::text")]
    pub symbol: String,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
}

/// Reads a frame of the trading stream; `None` for what is to be skipped (a heartbeat, a stream
/// that we do not know).
///
/// # Errors
/// If it is not a message of this stream.
pub fn decode_trading(frame: Frame<'_>) -> Result<Option<TradingMessage>, Error> {
    if frame.len() > MAX_TRADING_FRAME_BYTES {
        return Err(Error::FrameTooLarge(frame.len()));
    }
    if frame.bytes() == HEARTBEAT {
        return Ok(None);
    }
    wire::read(frame)
}

/// Writes a message of the trading stream: JSON in a **binary** frame, as Alpaca does, or
/// MessagePack. Times are RFC 3339 text in both, as documented for this stream.
#[must_use]
pub fn encode_trading(codec: Codec, message: &TradingMessage) -> OwnedFrame {
    OwnedFrame::Binary(wire::write(codec, message))
}

/// One message as a line of JSON that does not depend on how the wire wrote it: absent fields
/// left out, times in UTC with nine digits. For tools and tests, not for the wire.
#[must_use]
pub fn to_canonical_json(message: &TradingMessage) -> String {
    wire::canonical(message)
}
