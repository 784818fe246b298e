//! Where the data comes from: Alpaca directly, a relay, or the exchange in the page.

use wickwire_proto::endpoint::{Endpoint, StockFeed};

/// Host of Alpaca's market-data streams.
pub const STREAM_HOST: &str = "stream.data.alpaca.markets";
/// Host of Alpaca's market-data REST. The host of live trading is unknown to this page.
pub const DATA_HOST: &str = "data.alpaca.markets";
/// What the page says to a relay that wants no particular key.
pub const RELAY_PLACEHOLDER: &str = "wickwire-page";
/// Stocks shown before a source has named its own.
pub const DEFAULT_STOCK: &str = "AAPL";
/// The one symbol of the test feed.
pub const TEST_SYMBOL: &str = "FAKEPACA";

/// A stock feed that can be chosen on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Feed {
    /// IEX only, free.
    #[default]
    Iex,
    /// All exchanges, paid.
    Sip,
    /// All exchanges, fifteen minutes late.
    DelayedSip,
    /// Alpaca's made-up symbol, at all hours.
    Test,
}

impl Feed {
    /// Every feed, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Iex, Self::Sip, Self::DelayedSip, Self::Test];

    /// The name in the address bar and in Alpaca's paths.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Iex => "iex",
            Self::Sip => "sip",
            Self::DelayedSip => "delayed_sip",
            Self::Test => "test",
        }
    }

    /// The name on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Iex => "IEX",
            Self::Sip => "SIP",
            Self::DelayedSip => "SIP, 15 min late",
            Self::Test => "Test",
        }
    }

    /// What it is, in the form.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Iex => "IEX only. Part of every plan.",
            Self::Sip => "All exchanges. Needs a paid plan.",
            Self::DelayedSip => "All exchanges, fifteen minutes late.",
            Self::Test => "The made-up symbol FAKEPACA, at all hours.",
        }
    }

    /// The feed of a name; `None` for one that is not offered here.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.key() == key)
    }

    /// The stream's endpoint.
    #[must_use]
    pub const fn endpoint(self) -> Endpoint {
        match self {
            Self::Iex => Endpoint::Stocks(StockFeed::Iex),
            Self::Sip => Endpoint::Stocks(StockFeed::Sip),
            Self::DelayedSip => Endpoint::Stocks(StockFeed::DelayedSip),
            Self::Test => Endpoint::Test,
        }
    }
}

/// The three sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Straight to Alpaca: JSON, keys typed in.
    Direct {
        /// The stock feed.
        feed: Feed,
    },
    /// A relay on the page's own origin, which speaks Alpaca's protocol.
    Relay {
        /// The stock feed asked of the relay.
        feed: Feed,
    },
    /// The simulated exchange inside the page.
    Demo,
}

impl Source {
    /// The name in the address bar.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Direct { .. } => "direct",
            Self::Relay { .. } => "relay",
            Self::Demo => "demo",
        }
    }

    /// The source of a name and a feed.
    #[must_use]
    pub fn from_key(key: &str, feed: Feed) -> Option<Self> {
        match key {
            "direct" => Some(Self::Direct { feed }),
            "relay" => Some(Self::Relay { feed }),
            "demo" => Some(Self::Demo),
            _ => None,
        }
    }

    /// The stock feed in use.
    #[must_use]
    pub const fn feed(self) -> Feed {
        match self {
            Self::Direct { feed } | Self::Relay { feed } => feed,
            Self::Demo => Feed::Iex,
        }
    }

    /// The source on the screen.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Direct { feed } => format!("Alpaca · {}", feed.label()),
            Self::Relay { .. } => "Relay".to_owned(),
            Self::Demo => "Demo in this page".to_owned(),
        }
    }

    /// The endpoint that carries `symbol`.
    #[must_use]
    pub fn endpoint_for(self, symbol: &str) -> Endpoint {
        if is_crypto(symbol) { Endpoint::Crypto } else { self.feed().endpoint() }
    }
}

/// Whether `symbol` is a crypto pair as the stream writes it (`BTC/USD`).
#[must_use]
pub fn is_crypto(symbol: &str) -> bool {
    symbol.contains('/')
}

/// Longest symbol that is asked for.
pub const MAX_SYMBOL_CHARS: usize = 20;

/// A symbol as typed, in the stream's own form, or what is wrong with it.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn normalize_symbol(typed: &str) -> Result<String, &'static str> {
    let symbol = typed.trim().to_ascii_uppercase();
    if symbol.is_empty() {
        return Err("Type a symbol, for example AAPL or BTC/USD.");
    }
    if symbol.chars().count() > MAX_SYMBOL_CHARS {
        return Err("That is too long for a symbol.");
    }
    let mut parts = symbol.split('/');
    let base = parts.next().unwrap_or_default();
    let quote = parts.next();
    let word =
        |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    let starts_well = base.starts_with(|c: char| c.is_ascii_alphanumeric());
    if parts.next().is_some() || !word(base) || !starts_well || quote.is_some_and(|q| !word(q)) {
        return Err("Symbols have letters, digits and dots, and one slash for crypto: BRK.B, BTC/USD.");
    }
    Ok(symbol)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_normalized_or_refused_with_words() {
        for (typed, expected) in [
            (" ibm ", "IBM"),
            ("brk.b", "BRK.B"),
            ("btc/usd", "BTC/USD"),
            ("AAPL240315C00172500", "AAPL240315C00172500"),
        ] {
            assert_eq!(normalize_symbol(typed).unwrap(), expected);
        }
        for typed in
            ["", "   ", "A B", "<b>", "A/B/C", "/USD", "BTC/", "*", "ABCDEFGHIJKLMNOPQRSTU", ".A", "ÄÖ"]
        {
            assert!(normalize_symbol(typed).is_err(), "{typed:?}");
        }
    }

    #[test]
    fn symbols_are_bounded() {
        assert!(normalize_symbol(&"A".repeat(MAX_SYMBOL_CHARS)).is_ok());
        assert!(normalize_symbol(&"A".repeat(MAX_SYMBOL_CHARS + 1)).is_err());
    }

    #[test]
    fn feeds_and_sources_round_trip_through_their_keys() {
        for feed in Feed::ALL {
            assert_eq!(Feed::from_key(feed.key()), Some(feed));
            for source in [Source::Direct { feed }, Source::Relay { feed }] {
                assert_eq!(Source::from_key(source.key(), feed), Some(source));
            }
        }
        assert_eq!(Source::from_key("demo", Feed::Sip), Some(Source::Demo));
        assert_eq!(Feed::from_key("live"), None);
    }

    #[test]
    fn a_slash_means_crypto() {
        assert_eq!(Source::Demo.endpoint_for("BTC/USD"), Endpoint::Crypto);
        assert_eq!(Source::Demo.endpoint_for("IBM"), Endpoint::Stocks(StockFeed::Iex));
    }
}
