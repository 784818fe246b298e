//! The trading stream: the account's own orders.
//!
//! Source: <https://docs.alpaca.markets/docs/websocket-streaming>. Amounts are decimal text, as on
//! the wire; unknown fields are left out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::frame::{Codec, Frame, OwnedFrame};
use crate::time::Timestamp;

/// The one stream there is.
pub const TRADE_UPDATES: &str = "trade_updates";

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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TradeUpdate {
    /// `new`, `fill`, `partial_fill`, `canceled`, …: unknown ones are possible.
    pub event: String,
    /// UUID; absent for multi-leg orders.
    pub execution_id: Option<String>,
    /// The order after the event.
    pub order: Order,
    /// When it happened. A server always writes it (alpaca-py demands it).
    pub timestamp: Option<Timestamp>,
    /// Price of this execution.
    pub price: Option<String>,
    /// Quantity of this execution.
    pub qty: Option<String>,
    /// Position afterwards.
    pub position_qty: Option<String>,
    /// When the message was made (newer messages).
    pub at: Option<Timestamp>,
    /// ULID (newer messages).
    pub event_id: Option<String>,
    /// Multi-leg: position afterwards by symbol.
    pub position_qtys: Option<BTreeMap<String, String>>,
    /// Multi-leg: one execution a leg.
    pub legs: Option<Vec<LegExecution>>,
}

/// One leg of a multi-leg execution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LegExecution {
    /// UUID
    pub execution_id: Option<String>,
    /// Quantity.
    pub qty: Option<String>,
    /// Price.
    pub price: Option<String>,
    /// The leg's order.
    pub order_id: Option<String>,
    /// The leg's contract.
    pub symbol: String,
    /// When.
    pub timestamp: Option<Timestamp>,
}

/// An order. Text where the wire has text: amounts are decimals, kinds may be unknown ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    /// UUID
    pub id: String,
    /// The client's own id, up to 128 characters.
    pub client_order_id: String,
    /// Times, all optional.
    pub created_at: Option<Timestamp>,
    /// Last change.
    pub updated_at: Option<Timestamp>,
    /// Sent to the venue.
    pub submitted_at: Option<Timestamp>,
    /// Wholly filled.
    pub filled_at: Option<Timestamp>,
    /// Expired.
    pub expired_at: Option<Timestamp>,
    /// Will expire.
    pub expires_at: Option<Timestamp>,
    /// Cancelling was asked for.
    pub cancel_requested_at: Option<Timestamp>,
    /// Cancelled.
    pub canceled_at: Option<Timestamp>,
    /// Failed.
    pub failed_at: Option<Timestamp>,
    /// Replaced.
    pub replaced_at: Option<Timestamp>,
    /// By this order.
    pub replaced_by: Option<String>,
    /// This order replaces that one.
    pub replaces: Option<String>,
    /// UUID
    pub asset_id: Option<String>,
    /// Empty for a multi-leg parent; crypto is written `BTCUSD`.
    pub symbol: String,
    /// `us_equity`, `us_option`, `crypto`, …, or empty.
    pub asset_class: String,
    /// Amount of money instead of a quantity.
    pub notional: Option<String>,
    /// Quantity.
    pub qty: Option<String>,
    /// Filled so far.
    pub filled_qty: Option<String>,
    /// Average price so far.
    pub filled_avg_price: Option<String>,
    /// `simple`, `bracket`, `oco`, `oto`, `mleg` or empty.
    pub order_class: String,
    /// The same as `kind`, under its old key.
    pub order_type: String,
    /// `type`: `market`, `limit`, `stop`, `stop_limit`, `trailing_stop`.
    pub kind: String,
    /// `buy` or `sell`.
    pub side: String,
    /// `buy_to_open`, …
    pub position_intent: Option<String>,
    /// `day`, `gtc`, `opg`, `cls`, `ioc`, `fok`.
    pub time_in_force: String,
    /// Limit price.
    pub limit_price: Option<String>,
    /// Stop price.
    pub stop_price: Option<String>,
    /// `new`, `partially_filled`, `filled`, …
    pub status: String,
    /// May trade outside regular hours.
    pub extended_hours: bool,
    /// Orders of the legs.
    pub legs: Option<Vec<Order>>,
    /// Trailing distance in percent.
    pub trail_percent: Option<String>,
    /// Trailing distance in dollars.
    pub trail_price: Option<String>,
    /// High-water mark of a trailing stop.
    pub hwm: Option<String>,
    /// A leg's share of the whole.
    pub ratio_qty: Option<String>,
}

/// Reads a frame of the trading stream; `None` for what is to be skipped (a heartbeat, a stream
/// that we do not know).
///
/// # Errors
/// If it is not a message of this stream.
pub fn decode_trading(frame: Frame<'_>) -> Result<Option<TradingMessage>, Error> {
    let _ = frame;
    Err(Error::MalformedTrading)
}

/// Writes a message of the trading stream: JSON in a **binary** frame, as Alpaca does, or
/// MessagePack.
#[must_use]
pub fn encode_trading(codec: Codec, message: &TradingMessage) -> OwnedFrame {
    let _ = (codec, message);
    OwnedFrame::Binary(Vec::new())
}
