//! Which texts are symbols of an endpoint. Anything else is answered with 400.

use crate::endpoint::Endpoint;

/// Longest symbol that is taken: option symbols have 21 characters.
pub const MAX_SYMBOL_BYTES: usize = 32;

/// Whether `symbol` has the form of a symbol of `endpoint`: `AAPL` and `BRK.B` for stocks, `BTC/USD`
/// for crypto, `BTC-PERP` for perpetual futures, the OCC form `AAPL240315C00172500` for options;
/// news takes stocks and both forms of crypto. The wildcard is no symbol.
#[must_use]
pub fn is_symbol(endpoint: Endpoint, symbol: &str) -> bool {
    if symbol.is_empty() || symbol.len() > MAX_SYMBOL_BYTES {
        return false;
    }
    match endpoint {
        Endpoint::Stocks(_) | Endpoint::Test => is_stock(symbol),
        Endpoint::Crypto => is_pair(symbol),
        Endpoint::CryptoPerps => is_stock(symbol) || is_pair(symbol),
        Endpoint::News => is_stock(symbol) || is_pair(symbol),
        Endpoint::OptionsIndicative | Endpoint::OptionsOpra => is_option(symbol),
        Endpoint::Trading => false,
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Letters and digits, in parts parted by dots or hyphens: class shares, units, warrants.
fn is_stock(text: &str) -> bool {
    text.split(['.', '-']).all(is_name)
}

fn is_pair(text: &str) -> bool {
    text.split_once('/').is_some_and(|(base, quote)| is_name(base) && is_name(quote))
}

fn is_option(text: &str) -> bool {
    let Some(root_len) = text.len().checked_sub(15) else { return false };
    let (Some(root), Some(rest)) = (text.get(..root_len), text.get(root_len..)) else { return false };
    let bytes = rest.as_bytes();
    (1..=6).contains(&root_len)
        && is_name(root)
        && bytes[..6].iter().all(u8::is_ascii_digit)
        && matches!(bytes[6], b'C' | b'P')
        && bytes[7..].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::StockFeed;

    #[test]
    fn each_endpoint_has_its_grammar() {
        let stocks = Endpoint::Stocks(StockFeed::Iex);
        for (endpoint, good, bad) in [
            (
                stocks,
                &["A", "AAPL", "BRK.B", "FAKEPACA", "X1"][..],
                &["", "aapl", "BTC/USD", "A B", "*", "A.", "ÄÖ", ".A", "A..B"][..],
            ),
            (Endpoint::Test, &["FAKEPACA"], &["fakepaca"]),
            (
                Endpoint::Crypto,
                &["BTC/USD", "1INCH/USD"],
                &["BTCUSD", "BTC/", "/USD", "BTC/USD/EUR", "btc/usd"],
            ),
            (Endpoint::CryptoPerps, &["BTC-PERP"], &["BTC_PERP"]),
            (Endpoint::News, &["AAPL", "BTCUSD", "BTC/USD"], &["apple inc"]),
            (
                Endpoint::OptionsOpra,
                &["AAPL240315C00172500", "F240315P00010000", "GOOGL1240315C00172500"],
                &[
                    "AAPL",
                    "AAPL240315X00172500",
                    "AAPL240315C0017250",
                    "240315C00172500",
                    "ÄAPL240315C00172500",
                ],
            ),
            (Endpoint::Trading, &[], &["AAPL"]),
        ] {
            for symbol in good {
                assert!(is_symbol(endpoint, symbol), "{endpoint:?} {symbol}");
            }
            for symbol in bad {
                assert!(!is_symbol(endpoint, symbol), "{endpoint:?} {symbol}");
            }
        }
        assert!(!is_symbol(stocks, &"A".repeat(MAX_SYMBOL_BYTES + 1)));
    }
}
