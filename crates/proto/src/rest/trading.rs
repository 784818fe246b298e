//! Responses of the trading host.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use crate::trading::lenient;

/// `GET /v2/clock`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Now.
    pub timestamp: Timestamp,
    /// Whether regular hours are on.
    pub is_open: bool,
    /// The next opening.
    pub next_open: Timestamp,
    /// The next close.
    pub next_close: Timestamp,
}

/// An entry of `GET /v2/assets`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asset {
    /// UUID
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// `us_equity`, `crypto`, …
    #[serde(deserialize_with = "lenient::text")]
    pub class: String,
    /// `NYSE`, `NASDAQ`, …
    #[serde(deserialize_with = "lenient::text")]
    pub exchange: String,
    /// Symbol.
    #[serde(deserialize_with = "lenient::text")]
    pub symbol: String,
    /// Name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: String,
    /// `active` or `inactive`.
    #[serde(deserialize_with = "lenient::text")]
    pub status: String,
    /// Whether orders are taken.
    #[serde(deserialize_with = "lenient::or_default")]
    pub tradable: bool,
    /// Whether it can be bought on margin.
    #[serde(deserialize_with = "lenient::or_default")]
    pub marginable: bool,
    /// Whether it can be sold short.
    #[serde(deserialize_with = "lenient::or_default")]
    pub shortable: bool,
    /// Whether parts of a share can be traded.
    #[serde(deserialize_with = "lenient::or_default")]
    pub fractionable: bool,
    /// Further properties.
    #[serde(deserialize_with = "lenient::or_default")]
    pub attributes: Vec<String>,
}

/// `GET /v2/account`; amounts are decimal text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// UUID
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// `ACTIVE`, …
    #[serde(deserialize_with = "lenient::text")]
    pub status: String,
    /// `USD`
    #[serde(deserialize_with = "lenient::text")]
    pub currency: String,
    /// Cash and positions.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub equity: Option<String>,
    /// At the last close.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub last_equity: Option<String>,
    /// Cash.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub cash: Option<String>,
    /// What can be bought for.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub buying_power: Option<String>,
    /// As `equity`, under its old name.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub portfolio_value: Option<String>,
    /// Margin.
    #[serde(deserialize_with = "lenient::optional_text")]
    pub multiplier: Option<String>,
}

/// An error of either host: data has no `code`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The trading host's own code, as `40310000`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u64>,
    /// Plain words.
    #[serde(default, deserialize_with = "lenient::text")]
    pub message: String,
}
