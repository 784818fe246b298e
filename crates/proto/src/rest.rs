//! The REST responses that a chart needs, read and written with serde; those that the page reads can be
//! read without.
//!
//! Sources: <https://docs.alpaca.markets/reference/stockbars>,
//! <https://docs.alpaca.markets/reference/cryptobars-1>,
//! <https://docs.alpaca.markets/reference/news-3>. Objects are those of the stream without `T` and
//! mostly without `S`. Lists and maps that are null are empty; unknown fields are ignored. A
//! caller bounds the bytes of a response before it is parsed.

mod convert;
mod read;
mod trading;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::number::Number;
use crate::time::Timestamp;
use crate::trading::lenient;

pub use crate::trading::Order;
pub use read::{read_bars, read_latest_quote, read_news};
pub use trading::{Account, Asset, Clock, ErrorBody};

/// A bar of history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RestBar {
    /// Start of the bar.
    #[serde(rename = "t")]
    pub time: Timestamp,
    /// First price.
    #[serde(rename = "o")]
    pub open: f64,
    /// Highest price.
    #[serde(rename = "h")]
    pub high: f64,
    /// Lowest price.
    #[serde(rename = "l")]
    pub low: f64,
    /// Last price.
    #[serde(rename = "c")]
    pub close: f64,
    /// Shares or coins.
    #[serde(rename = "v")]
    pub volume: Number,
    /// Number of trades.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub trade_count: Option<u64>,
    /// Volume-weighted average price.
    #[serde(rename = "vw", default, skip_serializing_if = "Option::is_none")]
    pub vwap: Option<f64>,
}

/// A quote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RestQuote {
    /// When.
    #[serde(rename = "t")]
    pub time: Timestamp,
    /// Exchange of the bid.
    #[serde(rename = "bx", default, skip_serializing_if = "Option::is_none")]
    pub bid_exchange: Option<String>,
    /// 0: no bid.
    #[serde(rename = "bp")]
    pub bid_price: f64,
    /// Shares or coins.
    #[serde(rename = "bs")]
    pub bid_size: Number,
    /// Exchange of the ask.
    #[serde(rename = "ax", default, skip_serializing_if = "Option::is_none")]
    pub ask_exchange: Option<String>,
    /// 0: no ask.
    #[serde(rename = "ap")]
    pub ask_price: f64,
    /// Shares or coins.
    #[serde(rename = "as")]
    pub ask_size: Number,
    /// Conditions.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<CodeList>,
    /// Tape.
    #[serde(rename = "z", default, skip_serializing_if = "Option::is_none")]
    pub tape: Option<String>,
}

/// A trade.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RestTrade {
    /// When.
    #[serde(rename = "t")]
    pub time: Timestamp,
    /// Exchange.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<String>,
    /// Price.
    #[serde(rename = "p")]
    pub price: f64,
    /// Shares, coins or contracts.
    #[serde(rename = "s")]
    pub size: Number,
    /// Conditions.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<CodeList>,
    /// Id.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Tape.
    #[serde(rename = "z", default, skip_serializing_if = "Option::is_none")]
    pub tape: Option<String>,
    /// Side of the taker (crypto).
    #[serde(rename = "tks", default, skip_serializing_if = "Option::is_none")]
    pub taker_side: Option<String>,
    /// `canceled`, `incorrect` or `corrected`, in history only.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub update: Option<String>,
}

/// Conditions: a list, or one text (options).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CodeList {
    /// One code a text.
    List(Vec<String>),
    /// Options.
    Text(String),
}

/// A page of bars, `GET …/bars`. Both forms are read, the one for many symbols and the one for
/// one; the form for many is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "convert::WireBarsPage")]
pub struct BarsPage {
    /// Bars by symbol. The last symbol's may go on on the next page.
    pub bars: BTreeMap<String, Vec<RestBar>>,
    /// For `page_token`; `None` ends.
    pub next_page_token: Option<String>,
}

/// A page of bars of one symbol, `GET /v2/stocks/{symbol}/bars`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SymbolBarsPage {
    /// In the order asked for.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub bars: Vec<RestBar>,
    /// Whose bars.
    #[serde(default)]
    pub symbol: String,
    /// For `page_token`; `None` ends.
    #[serde(default)]
    pub next_page_token: Option<String>,
}

/// `GET …/quotes/latest`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LatestQuotes {
    /// By symbol.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub quotes: BTreeMap<String, RestQuote>,
}

/// `GET …/trades/latest`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LatestTrades {
    /// By symbol.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub trades: BTreeMap<String, RestTrade>,
}

/// `GET …/bars/latest`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LatestBars {
    /// By symbol.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub bars: BTreeMap<String, RestBar>,
}

/// `GET /v1beta3/crypto/{loc}/latest/orderbooks`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LatestOrderBooks {
    /// By symbol.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub orderbooks: BTreeMap<String, RestOrderBook>,
}

/// A whole order book.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RestOrderBook {
    /// When.
    #[serde(rename = "t")]
    pub time: Timestamp,
    /// Bids, best first.
    #[serde(rename = "b", default, deserialize_with = "lenient::or_default")]
    pub bids: Vec<RestLevel>,
    /// Asks, best first.
    #[serde(rename = "a", default, deserialize_with = "lenient::or_default")]
    pub asks: Vec<RestLevel>,
}

/// One level of a book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RestLevel {
    /// Price.
    #[serde(rename = "p")]
    pub price: f64,
    /// Size.
    #[serde(rename = "s")]
    pub size: f64,
}

/// The state of one symbol; of `GET /v2/stocks/snapshots`, whose map stands at the top level.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Snapshot {
    /// The last trade.
    pub latest_trade: Option<RestTrade>,
    /// The last quote.
    pub latest_quote: Option<RestQuote>,
    /// The last minute.
    pub minute_bar: Option<RestBar>,
    /// The day.
    pub daily_bar: Option<RestBar>,
    /// The day before.
    pub prev_daily_bar: Option<RestBar>,
}

/// `GET /v1beta3/crypto/{loc}/snapshots`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CryptoSnapshots {
    /// By symbol.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub snapshots: BTreeMap<String, Snapshot>,
}

/// `GET /v1beta1/news`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NewsPage {
    /// In the order asked for; newest first by default.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub news: Vec<RestNews>,
    /// For `page_token`; `None` ends.
    #[serde(default)]
    pub next_page_token: Option<String>,
}

/// An article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RestNews {
    /// An update repeats it.
    pub id: u64,
    /// Headline.
    #[serde(default, deserialize_with = "lenient::text")]
    pub headline: String,
    /// Summary.
    #[serde(default, deserialize_with = "lenient::text")]
    pub summary: String,
    /// Author.
    #[serde(default, deserialize_with = "lenient::text")]
    pub author: String,
    /// First published.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// HTML, which never goes into a page as markup.
    #[serde(default, deserialize_with = "lenient::text")]
    pub content: String,
    /// Address.
    #[serde(default, deserialize_with = "lenient::text")]
    pub url: String,
    /// Crypto is written `BTCUSD`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub symbols: Vec<String>,
    /// Agency.
    #[serde(default, deserialize_with = "lenient::text")]
    pub source: String,
    /// Pictures.
    #[serde(default, deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<NewsImage>,
}

/// A picture of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsImage {
    /// `thumb`, `small` or `large`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub size: String,
    /// Address.
    #[serde(default, deserialize_with = "lenient::text")]
    pub url: String,
}
