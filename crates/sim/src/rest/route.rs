//! Paths.

use crate::feed::Venue;

/// Which latest value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Latest {
    Bars,
    Quotes,
    Trades,
    OrderBooks,
}

impl Latest {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "bars" => Self::Bars,
            "quotes" => Self::Quotes,
            "trades" => Self::Trades,
            "orderbooks" => Self::OrderBooks,
            _ => return None,
        })
    }

    /// The key of the map of an answer about many symbols.
    pub(super) const fn plural(self) -> &'static str {
        match self {
            Self::Bars => "bars",
            Self::Quotes => "quotes",
            Self::Trades => "trades",
            Self::OrderBooks => "orderbooks",
        }
    }

    /// The key of an answer about one symbol.
    pub(super) const fn singular(self) -> &'static str {
        match self {
            Self::Bars => "bar",
            Self::Quotes => "quote",
            Self::Trades => "trade",
            Self::OrderBooks => "orderbook",
        }
    }
}

/// A path of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Bars { venue: Venue, one: Option<String> },
    Latest { venue: Venue, kind: Latest, one: Option<String> },
    Snapshots { venue: Venue, one: Option<String> },
    News,
    Clock,
    Assets,
    Asset(String),
    Account,
    Orders,
    Positions,
}

impl Route {
    /// The route of a path; a slash at the end and percent-encoding do not matter.
    pub(super) fn of(path: &str) -> Option<Self> {
        let parts: Vec<String> = path.trim_matches('/').split('/').map(percent_decode).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let symbol = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let stocks = Venue::Stocks;
        let crypto = Venue::Crypto;
        Some(match *parts.as_slice() {
            ["v2", "stocks", "bars"] => Self::Bars { venue: stocks, one: None },
            ["v2", "stocks", "snapshots"] => Self::Snapshots { venue: stocks, one: None },
            ["v2", "stocks", one, "bars"] => Self::Bars { venue: stocks, one: symbol(one) },
            ["v2", "stocks", one, "snapshot"] => Self::Snapshots { venue: stocks, one: symbol(one) },
            ["v2", "stocks", kind @ ("bars" | "quotes" | "trades"), "latest"] => {
                Self::Latest { venue: stocks, kind: Latest::parse(kind)?, one: None }
            }
            ["v2", "stocks", one, kind @ ("bars" | "quotes" | "trades"), "latest"] => {
                Self::Latest { venue: stocks, kind: Latest::parse(kind)?, one: symbol(one) }
            }
            ["v1beta3", "crypto", _, "bars"] => Self::Bars { venue: crypto, one: None },
            ["v1beta3", "crypto", _, "snapshots"] => Self::Snapshots { venue: crypto, one: None },
            ["v1beta3", "crypto", _, "latest", kind] => {
                Self::Latest { venue: crypto, kind: Latest::parse(kind)?, one: None }
            }
            ["v1beta1", "options", "bars"] => Self::Bars { venue: Venue::Options, one: None },
            ["v1beta1", "options", kind @ ("quotes" | "trades"), "latest"] => {
                Self::Latest { venue: Venue::Options, kind: Latest::parse(kind)?, one: None }
            }
            ["v1beta1", "news"] => Self::News,
            ["v2", "clock"] => Self::Clock,
            ["v2", "assets"] => Self::Assets,
            // Pairs may come with their slash as it is.
            ["v2", "assets", one] => Self::Asset(symbol(one)?),
            ["v2", "assets", base, quote] => Self::Asset(format!("{base}/{quote}")),
            ["v2", "account"] => Self::Account,
            ["v2", "orders"] => Self::Orders,
            ["v2", "positions"] => Self::Positions,
            _ => return None,
        })
    }

    /// Whether no keys are asked for.
    pub(super) const fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Bars { venue: Venue::Crypto, .. }
                | Self::Latest { venue: Venue::Crypto, .. }
                | Self::Snapshots { venue: Venue::Crypto, .. }
        )
    }
}

/// Percent-decoding; what is no escape stays as it is.
fn percent_decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'%', [high, low, left @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high * 16 + low);
                    rest = left;
                }
                _ => out.push(*byte),
            },
            _ => out.push(*byte),
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

fn hex(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn paths() {
        assert_eq!(
            Route::of("/v2/stocks/BRK.B/bars/"),
            Some(Route::Bars { venue: Venue::Stocks, one: Some("BRK.B".into()) })
        );
        assert_eq!(
            Route::of("/v2/stocks/bars/latest"),
            Some(Route::Latest { venue: Venue::Stocks, kind: Latest::Bars, one: None })
        );
        assert_eq!(
            Route::of("/v2/stocks/IBM/quotes/latest"),
            Some(Route::Latest { venue: Venue::Stocks, kind: Latest::Quotes, one: Some("IBM".into()) })
        );
        assert_eq!(
            Route::of("/v1beta3/crypto/us/latest/orderbooks"),
            Some(Route::Latest { venue: Venue::Crypto, kind: Latest::OrderBooks, one: None })
        );
        assert_eq!(Route::of("/v2/assets/BTC%2FUSD"), Some(Route::Asset("BTC/USD".into())));
        assert_eq!(Route::of("/v2/assets/BTC/USD"), Some(Route::Asset("BTC/USD".into())));
        for wrong in ["", "/", "/v2/stocks", "/v2/stocks/", "/v1beta3/crypto/us/latest/x", "/v3/clock"] {
            assert_eq!(Route::of(wrong), None, "{wrong}");
        }
        assert_eq!(percent_decode("100%"), "100%");
        assert_eq!(percent_decode("%zz%2f"), "%zz/");
    }
}
