//! Where a recorded message belongs, and when an exchange would have sent it.

use wickwire_proto::message::{BarKind, Message};
use wickwire_proto::time::Timestamp;

use super::derive::MINUTE;
use crate::feed::Venue;

/// An hour in nanoseconds.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// A stock's day begins at midnight New York and its last session ends at 20:00. (Clocks change
/// on Sundays, when there is no session, so twenty hours is twenty hours.)
const STOCK_DAY: i64 = 20 * HOUR;
/// A crypto day.
const CRYPTO_DAY: i64 = 24 * HOUR;
/// An updated bar is sent after the half minute that follows its minute.
const UPDATED: i64 = MINUTE + MINUTE / 2;

/// The symbol of the test endpoint.
const TEST_SYMBOL: &str = "FAKEPACA";

/// The venue of a recorded message, told by its form and its symbol: pairs have a slash, perpetuals
/// end in `-PERP`, option contracts have the OCC form (root, yymmdd, C or P, eight digits).
pub(crate) fn venue_of(message: &Message<'_>) -> Venue {
    match message {
        Message::News(_) => Venue::News,
        Message::Pricing(_) => Venue::CryptoPerps,
        _ => message.symbol().map_or(Venue::Stocks, venue_of_symbol),
    }
}

/// The venue of a symbol.
pub(crate) fn venue_of_symbol(symbol: &str) -> Venue {
    if symbol.contains('/') {
        Venue::Crypto
    } else if symbol.ends_with("-PERP") {
        Venue::CryptoPerps
    } else if symbol == TEST_SYMBOL {
        Venue::Test
    } else if is_option(symbol) {
        Venue::Options
    } else {
        Venue::Stocks
    }
}

fn is_option(symbol: &str) -> bool {
    let Some(root) = symbol.len().checked_sub(15).filter(|n| *n > 0) else { return false };
    let bytes = symbol.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    digits(root..root + 6) && matches!(bytes.get(root + 6), Some(b'C' | b'P')) && digits(root + 7..root + 15)
}

/// When an exchange would have sent it: a bar when it has ended, everything else when it happened.
pub(crate) fn due(message: &Message<'_>, is_hour: bool) -> Timestamp {
    let Some(time) = message.time() else { return Timestamp::MIN };
    let Message::Bar(kind, bar) = message else { return time };
    time.plus_nanos(match kind {
        BarKind::Minute if is_hour => HOUR,
        BarKind::Minute => MINUTE,
        BarKind::Updated => UPDATED,
        BarKind::Daily if matches!(venue_of_symbol(&bar.symbol), Venue::Crypto | Venue::CryptoPerps) => {
            CRYPTO_DAY
        }
        BarKind::Daily => STOCK_DAY,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn symbols_tell_their_venue() {
        for (symbol, venue) in [
            ("IBM", Venue::Stocks),
            ("BRK.B", Venue::Stocks),
            ("A240315C0017250", Venue::Stocks),
            ("BTC/USDT", Venue::Crypto),
            ("BTC-PERP", Venue::CryptoPerps),
            ("FAKEPACA", Venue::Test),
            ("AAPL240315C00172500", Venue::Options),
            ("F240315P00012000", Venue::Options),
            ("240315P00012000", Venue::Stocks),
            ("čááá", Venue::Stocks),
        ] {
            assert_eq!(venue_of_symbol(symbol), venue, "{symbol}");
        }
    }
}
