//! Where data comes from: the stream's paths and what each carries.
//!
//! Source of the table: <https://docs.alpaca.markets/docs/streaming-market-data>.

use crate::channel::Channel;

/// A stock feed (the last part of the path).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StockFeed {
    /// IEX only: the free plan's live feed, `/v2/iex`.
    Iex,
    /// All exchanges, paid: `/v2/sip`.
    Sip,
    /// SIP fifteen minutes late: `/v2/delayed_sip`.
    DelayedSip,
    /// Blue Ocean ATS, overnight: `/v1beta1/boats`.
    Boats,
    /// Alpaca's derived overnight feed: `/v1beta1/overnight`.
    Overnight,
}

/// One WebSocket endpoint. Alpaca allows one connection per endpoint and account (error 406).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// US stocks.
    Stocks(StockFeed),
    /// The made-up symbol `FAKEPACA`, always on: `/v2/test`.
    Test,
    /// Crypto: `/v1beta3/crypto/us`.
    Crypto,
    /// Crypto perpetual futures: `/v1beta1/crypto-perps/global`.
    CryptoPerps,
    /// News: `/v1beta1/news`.
    News,
    /// Options, delayed and derived, free: `/v1beta1/indicative`. MessagePack only.
    OptionsIndicative,
    /// Options, paid: `/v1beta1/opra`. MessagePack only.
    OptionsOpra,
    /// The account's own orders: `/stream` on the trading host.
    Trading,
}

impl Endpoint {
    /// Every endpoint there is.
    pub const ALL: [Self; 12] = [
        Self::Stocks(StockFeed::Iex),
        Self::Stocks(StockFeed::Sip),
        Self::Stocks(StockFeed::DelayedSip),
        Self::Stocks(StockFeed::Boats),
        Self::Stocks(StockFeed::Overnight),
        Self::Test,
        Self::Crypto,
        Self::CryptoPerps,
        Self::News,
        Self::OptionsIndicative,
        Self::OptionsOpra,
        Self::Trading,
    ];

    /// The path on the stream's host.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Stocks(StockFeed::Iex) => "/v2/iex",
            Self::Stocks(StockFeed::Sip) => "/v2/sip",
            Self::Stocks(StockFeed::DelayedSip) => "/v2/delayed_sip",
            Self::Stocks(StockFeed::Boats) => "/v1beta1/boats",
            Self::Stocks(StockFeed::Overnight) => "/v1beta1/overnight",
            Self::Test => "/v2/test",
            Self::Crypto => "/v1beta3/crypto/us",
            Self::CryptoPerps => "/v1beta1/crypto-perps/global",
            Self::News => "/v1beta1/news",
            Self::OptionsIndicative => "/v1beta1/indicative",
            Self::OptionsOpra => "/v1beta1/opra",
            Self::Trading => "/stream",
        }
    }

    /// The endpoint of a path. Takes the official paths, alpaca-py's `/v2/` form of every stock
    /// feed, every crypto location, a slash at the end, and the bare feed names that proxies
    /// configured without a path ask for.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        let path = path.trim_matches('/');
        Some(match path {
            "v2/iex" | "iex" | "" => Self::Stocks(StockFeed::Iex),
            "v2/sip" | "sip" => Self::Stocks(StockFeed::Sip),
            "v2/delayed_sip" | "delayed_sip" => Self::Stocks(StockFeed::DelayedSip),
            "v1beta1/boats" | "v2/boats" | "boats" => Self::Stocks(StockFeed::Boats),
            "v1beta1/overnight" | "v2/overnight" | "overnight" => Self::Stocks(StockFeed::Overnight),
            "v2/test" | "test" => Self::Test,
            "v1beta3/crypto/us" | "v1beta3/crypto/us-1" | "v1beta3/crypto/eu-1" | "us" => Self::Crypto,
            "v1beta1/crypto-perps/global" | "global" => Self::CryptoPerps,
            "v1beta1/news" | "news" => Self::News,
            "v1beta1/indicative" | "indicative" => Self::OptionsIndicative,
            "v1beta1/opra" | "opra" => Self::OptionsOpra,
            "stream" => Self::Trading,
            _ => return None,
        })
    }

    /// The channels that exist here, in the order in which acknowledgements list them.
    /// Empty for [`Endpoint::Trading`], which has streams and not channels.
    #[must_use]
    pub const fn channels(self) -> &'static [Channel] {
        use Channel as C;
        match self {
            Self::Stocks(_) => &[
                C::Trades,
                C::Quotes,
                C::Bars,
                C::UpdatedBars,
                C::DailyBars,
                C::Statuses,
                C::Lulds,
                C::Imbalances,
                C::Corrections,
                C::CancelErrors,
            ],
            Self::Test => &[C::Trades, C::Quotes, C::Bars],
            Self::Crypto => &[C::Trades, C::Quotes, C::OrderBooks, C::Bars, C::UpdatedBars, C::DailyBars],
            Self::CryptoPerps => {
                &[C::Trades, C::Quotes, C::OrderBooks, C::Bars, C::UpdatedBars, C::DailyBars, C::Pricing]
            }
            Self::News => &[C::News],
            Self::OptionsIndicative | Self::OptionsOpra => &[C::Trades, C::Quotes],
            Self::Trading => &[],
        }
    }

    /// Whether this is one of the two option endpoints, which speak MessagePack only.
    #[must_use]
    pub const fn is_options(self) -> bool {
        matches!(self, Self::OptionsIndicative | Self::OptionsOpra)
    }
}
