//! What the market-data stream says: one type per kind of message, borrowed from the frame.
//!
//! Field names here are the field's own terms; each doc comment gives the wire's key. `Option`
//! means that the key may be absent or null. Text is [`Cow`]: borrowed unless JSON escapes force
//! a copy. Source: the four streaming pages of <https://docs.alpaca.markets/docs/streaming-market-data>.

mod owned;

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::channel::{Channel, Subscriptions};
use crate::number::Number;
use crate::time::Timestamp;

/// Text of a frame.
pub type Text<'a> = Cow<'a, str>;

/// Trade or quote conditions, in the order of the wire.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions<'a> {
    /// The codes; an element may be a single blank.
    pub codes: SmallVec<[Text<'a>; 2]>,
    /// The wire had one string and not a list (options).
    pub as_text: bool,
}

/// `t`: a trade of a stock, a crypto pair or an option contract.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trade<'a> {
    /// `S`
    pub symbol: Text<'a>,
    /// `i`: unique per exchange and day for stocks, up to 19 digits for crypto, absent for options.
    pub id: Option<u64>,
    /// `x`: exchange code.
    pub exchange: Option<Text<'a>>,
    /// `p`: price.
    pub price: f64,
    /// `s`: shares, coins or contracts.
    pub size: Number,
    /// `c`
    pub conditions: Option<Conditions<'a>>,
    /// `t`
    pub time: Timestamp,
    /// `z`: A, B, C, O or N.
    pub tape: Option<Text<'a>>,
    /// `tks`: the taker's side, crypto only: `B` or `S`.
    pub taker_side: Option<Text<'a>>,
}

/// `q`: the best bid and ask. A price of 0 means that there is no quote on that side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quote<'a> {
    /// `S`
    pub symbol: Text<'a>,
    /// `bx`
    pub bid_exchange: Option<Text<'a>>,
    /// `bp`
    pub bid_price: f64,
    /// `bs`: shares since 2025-11-03, round lots before; coins; contracts.
    pub bid_size: Number,
    /// `ax`
    pub ask_exchange: Option<Text<'a>>,
    /// `ap`
    pub ask_price: f64,
    /// `as`
    pub ask_size: Number,
    /// `c`: one flag for both sides, or the bid's and then the ask's.
    pub conditions: Option<Conditions<'a>>,
    /// `t`
    pub time: Timestamp,
    /// `z`
    pub tape: Option<Text<'a>>,
}

/// Which of the three bar messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BarKind {
    /// `b`: a minute that has ended.
    Minute,
    /// `u`: replaces the minute with the same start.
    Updated,
    /// `d`: the running day.
    Daily,
}

/// `b`, `u`, `d`: a bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar<'a> {
    /// `S`
    pub symbol: Text<'a>,
    /// `o`
    pub open: f64,
    /// `h`
    pub high: f64,
    /// `l`
    pub low: f64,
    /// `c`
    pub close: f64,
    /// `v`: shares or coins.
    pub volume: Number,
    /// `t`: the start of the bar: the minute, or midnight New York for a stock's day.
    pub time: Timestamp,
    /// `n`: number of trades.
    pub trade_count: Option<u64>,
    /// `vw`: volume-weighted average price.
    pub vwap: Option<f64>,
}

/// `s`: trading status, a halt or a resumption.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status<'a> {
    /// `S`
    pub symbol: Text<'a>,
    /// `sc`
    pub status_code: Text<'a>,
    /// `sm`
    pub status_message: Text<'a>,
    /// `rc`
    pub reason_code: Text<'a>,
    /// `rm`; may be empty.
    pub reason_message: Text<'a>,
    /// `t`
    pub time: Timestamp,
    /// `z`: decides which code table holds.
    pub tape: Option<Text<'a>>,
}

/// `l`: limit up / limit down price bands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Luld<'a> {
    /// `S`
    pub symbol: Text<'a>,
    /// `u`
    pub limit_up: f64,
    /// `d`
    pub limit_down: f64,
    /// `i`
    pub indicator: Text<'a>,
    /// `t`
    pub time: Timestamp,
    /// `z`
    pub tape: Option<Text<'a>>,
}

/// `i`: an order imbalance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imbalance<'a> {
    /// `S`
    pub symbol: Text<'a>,
    /// `p`: reference price.
    pub price: f64,
    /// `z`
    pub tape: Option<Text<'a>>,
    /// `t`
    pub time: Timestamp,
}

/// `c`: a correction of an earlier trade, found by exchange and original id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correction<'a> {
    /// `S`
    pub symbol: Text<'a>,
    /// `x`
    pub exchange: Option<Text<'a>>,
    /// `oi`
    pub original_id: u64,
    /// `op`
    pub original_price: f64,
    /// `os`
    pub original_size: Number,
    /// `oc`
    pub original_conditions: Option<Conditions<'a>>,
    /// `ci`
    pub corrected_id: u64,
    /// `cp`
    pub corrected_price: f64,
    /// `cs`
    pub corrected_size: Number,
    /// `cc`
    pub corrected_conditions: Option<Conditions<'a>>,
    /// `t`
    pub time: Timestamp,
    /// `z`
    pub tape: Option<Text<'a>>,
}

/// `x`: a trade that is void.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CancelError<'a> {
    /// `S`
    pub symbol: Text<'a>,
    /// `i`
    pub id: u64,
    /// `x`
    pub exchange: Option<Text<'a>>,
    /// `p`
    pub price: f64,
    /// `s`
    pub size: Number,
    /// `a`: `C` cancel, `E` error.
    pub action: Text<'a>,
    /// `t`
    pub time: Timestamp,
    /// `z`
    pub tape: Option<Text<'a>>,
}

/// One level of an order book.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// `p`
    pub price: f64,
    /// `s`; 0 removes the level.
    pub size: f64,
}

/// `o`: a whole book (`reset`) or the levels that changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderBook<'a> {
    /// `S`
    pub symbol: Text<'a>,
    /// `t`
    pub time: Timestamp,
    /// `b`
    pub bids: Vec<Level>,
    /// `a`
    pub asks: Vec<Level>,
    /// `r`: drop the local book and take this one.
    pub reset: bool,
}

/// `p`: pricing of a perpetual future (known from the Go SDK only).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pricing<'a> {
    /// `S`
    pub symbol: Text<'a>,
    /// `t`
    pub time: Timestamp,
    /// `x`
    pub exchange: Option<Text<'a>>,
    /// `ip`
    pub index_price: f64,
    /// `mp`
    pub mark_price: f64,
    /// `fr`
    pub funding_rate: f64,
    /// `oi`
    pub open_interest: f64,
    /// `ft`
    pub next_funding_time: Option<Timestamp>,
}

/// `n`: a news article. `content` is HTML and never goes into a page as markup.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News<'a> {
    /// `id`; an update repeats it with a later `updated_at`.
    pub id: u64,
    /// `headline`
    pub headline: Text<'a>,
    /// `summary`
    pub summary: Text<'a>,
    /// `author`
    pub author: Text<'a>,
    /// `created_at`
    pub created_at: Timestamp,
    /// `updated_at`
    pub updated_at: Timestamp,
    /// `content`
    pub content: Text<'a>,
    /// `url`
    pub url: Text<'a>,
    /// `symbols`; crypto is written `BTCUSD` here.
    pub symbols: Vec<Text<'a>>,
    /// `source`
    pub source: Text<'a>,
}

/// `error`: a refusal or a fault.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorMessage<'a> {
    /// `code`: 400 to 413, 500.
    pub code: u16,
    /// `msg`
    pub message: Text<'a>,
}

/// One message of the market-data stream, server to client.
#[derive(Clone, Debug, PartialEq)]
pub enum Message<'a> {
    /// `success` with `msg` `connected`.
    Connected,
    /// `success` with `msg` `authenticated`.
    Authenticated,
    /// `error`
    Error(ErrorMessage<'a>),
    /// `subscription`: the whole state; absent lists are empty.
    Subscription(Subscriptions),
    /// `t`
    Trade(Trade<'a>),
    /// `q`
    Quote(Quote<'a>),
    /// `b`, `u`, `d`
    Bar(BarKind, Bar<'a>),
    /// `s`
    Status(Status<'a>),
    /// `l`
    Luld(Luld<'a>),
    /// `i`
    Imbalance(Imbalance<'a>),
    /// `c`
    Correction(Correction<'a>),
    /// `x`
    CancelError(CancelError<'a>),
    /// `o`
    OrderBook(OrderBook<'a>),
    /// `p`
    Pricing(Pricing<'a>),
    /// `n`
    News(News<'a>),
}

impl Message<'_> {
    /// The channel that carries this message; `None` for control messages.
    #[must_use]
    pub const fn channel(&self) -> Option<Channel> {
        Some(match self {
            Self::Connected | Self::Authenticated | Self::Error(_) | Self::Subscription(_) => return None,
            Self::Trade(_) => Channel::Trades,
            Self::Quote(_) => Channel::Quotes,
            Self::Bar(BarKind::Minute, _) => Channel::Bars,
            Self::Bar(BarKind::Updated, _) => Channel::UpdatedBars,
            Self::Bar(BarKind::Daily, _) => Channel::DailyBars,
            Self::Status(_) => Channel::Statuses,
            Self::Luld(_) => Channel::Lulds,
            Self::Imbalance(_) => Channel::Imbalances,
            Self::Correction(_) => Channel::Corrections,
            Self::CancelError(_) => Channel::CancelErrors,
            Self::OrderBook(_) => Channel::OrderBooks,
            Self::Pricing(_) => Channel::Pricing,
            Self::News(_) => Channel::News,
        })
    }

    /// `S`; `None` for control messages and news.
    #[must_use]
    pub fn symbol(&self) -> Option<&str> {
        Some(match self {
            Self::Connected
            | Self::Authenticated
            | Self::Error(_)
            | Self::Subscription(_)
            | Self::News(_) => return None,
            Self::Trade(m) => &m.symbol,
            Self::Quote(m) => &m.symbol,
            Self::Bar(_, m) => &m.symbol,
            Self::Status(m) => &m.symbol,
            Self::Luld(m) => &m.symbol,
            Self::Imbalance(m) => &m.symbol,
            Self::Correction(m) => &m.symbol,
            Self::CancelError(m) => &m.symbol,
            Self::OrderBook(m) => &m.symbol,
            Self::Pricing(m) => &m.symbol,
        })
    }

    /// When it happened (`t`, news: `updated_at`); `None` for control messages. The time of a bar
    /// is its start, not when it was sent.
    #[must_use]
    pub const fn time(&self) -> Option<Timestamp> {
        Some(match self {
            Self::Connected | Self::Authenticated | Self::Error(_) | Self::Subscription(_) => return None,
            Self::Trade(m) => m.time,
            Self::Quote(m) => m.time,
            Self::Bar(_, m) => m.time,
            Self::Status(m) => m.time,
            Self::Luld(m) => m.time,
            Self::Imbalance(m) => m.time,
            Self::Correction(m) => m.time,
            Self::CancelError(m) => m.time,
            Self::OrderBook(m) => m.time,
            Self::Pricing(m) => m.time,
            Self::News(m) => m.updated_at,
        })
    }
}
