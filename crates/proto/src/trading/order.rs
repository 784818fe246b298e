//! An order, as trade updates and REST tell it.

use serde::{Deserialize, Serialize};

use super::lenient;
use crate::time::Timestamp;

/// An order. Text where the wire has text: amounts are decimals, kinds may be unknown ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    /// UUID
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// The client's own id, up to 128 characters.
    #[serde(deserialize_with = "lenient::text")]
    pub client_order_id: String,
    /// When it was made.
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
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(deserialize_with = "lenient::optional_text")]
    pub replaced_by: Option<String>,
    /// This order replaces that one.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub replaces: Option<String>,
    /// UUID
    #[serde(deserialize_with = "lenient::optional_text")]
    pub asset_id: Option<String>,
    /// Empty for a multi-leg parent; crypto is written `BTCUSD`.
    #[serde(deserialize_with = "lenient::text")]
    pub symbol: String,
    /// `us_equity`, `us_option`, `crypto`, …, or empty.
    #[serde(deserialize_with = "lenient::text")]
    pub asset_class: String,
    /// Amount of money instead of a quantity.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub notional: Option<String>,
    /// Quantity.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub qty: Option<String>,
    /// Filled so far.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub filled_qty: Option<String>,
    /// Average price so far.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub filled_avg_price: Option<String>,
    /// `simple`, `bracket`, `oco`, `oto`, `mleg` or empty.
    #[serde(deserialize_with = "lenient::text")]
    pub order_class: String,
    /// The same as `kind`, under its old key.
    #[serde(deserialize_with = "lenient::text")]
    pub order_type: String,
    /// `type`: `market`, `limit`, `stop`, `stop_limit`, `trailing_stop`.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub kind: String,
    /// `buy` or `sell`.
    #[serde(deserialize_with = "lenient::text")]
    pub side: String,
    /// `buy_to_open`, …
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub position_intent: Option<String>,
    /// `day`, `gtc`, `opg`, `cls`, `ioc`, `fok`.
    #[serde(deserialize_with = "lenient::text")]
    pub time_in_force: String,
    /// Limit price.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub limit_price: Option<String>,
    /// Stop price.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub stop_price: Option<String>,
    /// `new`, `partially_filled`, `filled`, …
    #[serde(deserialize_with = "lenient::text")]
    pub status: String,
    /// May trade outside regular hours.
    #[serde(deserialize_with = "lenient::or_default")]
    pub extended_hours: bool,
    /// Orders of the legs.
    pub legs: Option<Vec<Order>>,
    /// Trailing distance in percent.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub trail_percent: Option<String>,
    /// Trailing distance in dollars.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub trail_price: Option<String>,
    /// High-water mark of a trailing stop.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub hwm: Option<String>,
    /// A leg's share of the whole.
    #[serde(deserialize_with = "lenient::optional_text", skip_serializing_if = "Option::is_none")]
    pub ratio_qty: Option<String>,
}
