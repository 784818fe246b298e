//! What a source of market data is: something that, when its clock is moved on, says what happened.
//!
//! A feed has market time only. It never looks at a clock: whoever owns it decides how fast market
//! time passes, calls [`Feed::advance`], and hands what comes out to connections.

use std::borrow::Cow;

use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::message::Message;
use wickwire_proto::time::Timestamp;
use wickwire_proto::trading::TradeUpdate;

use crate::history::History;

/// Which market a message belongs to; it decides which endpoints carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Venue {
    /// US equities: every stock feed (IEX, SIP, delayed, overnight) gets the same messages.
    Stocks,
    /// Crypto pairs.
    Crypto,
    /// Crypto perpetual futures.
    CryptoPerps,
    /// Option contracts.
    Options,
    /// News articles.
    News,
    /// The test endpoint and its made-up symbol.
    Test,
}

impl Venue {
    /// Every venue there is.
    pub const ALL: [Self; 6] =
        [Self::Stocks, Self::Crypto, Self::CryptoPerps, Self::Options, Self::News, Self::Test];

    /// Whether messages of this venue go to connections of `endpoint`. Never true for
    /// [`Endpoint::Trading`], which carries [`TradeUpdate`]s only.
    #[must_use]
    pub const fn carries(self, endpoint: Endpoint) -> bool {
        matches!(
            (self, endpoint),
            (Self::Stocks, Endpoint::Stocks(_))
                | (Self::Crypto, Endpoint::Crypto)
                | (Self::CryptoPerps, Endpoint::CryptoPerps)
                | (Self::Options, Endpoint::OptionsIndicative | Endpoint::OptionsOpra)
                | (Self::News, Endpoint::News)
                | (Self::Test, Endpoint::Test)
        )
    }

    /// Asset class as the REST interface writes it (`us_equity`, `crypto`, …); news has none.
    #[must_use]
    pub const fn asset_class(self) -> &'static str {
        match self {
            Self::Stocks | Self::Test => "us_equity",
            Self::Crypto => "crypto",
            Self::CryptoPerps => "crypto_perp",
            Self::Options => "us_option",
            Self::News => "",
        }
    }
}

/// One instrument of a feed, for lists of what can be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Symbol as the stream writes it (`BRK.B`, `BTC/USD`, `AAPL261218C00250000`).
    pub symbol: Cow<'static, str>,
    /// Name for people; the symbol again where nothing better is known.
    pub name: Cow<'static, str>,
    /// Where it is traded.
    pub venue: Venue,
    /// Listing exchange as the REST interface names it (`NASDAQ`, `NYSE`, `CRYPTO`); empty if unknown.
    pub exchange: Cow<'static, str>,
}

/// The id that the simulated account's asset of a symbol has: an FNV-1a hash in the form of a UUID.
#[must_use]
pub fn asset_id(symbol: &str) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in symbol.bytes() {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    let low = hash as u64;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        (hash >> 96) as u32,
        (hash >> 80) as u16,
        (hash >> 64) as u16,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    )
}

/// A source of market data in market time.
///
/// Implementations are deterministic: what comes out, and in which order, depends on the times
/// reached and never on the size of the steps.
pub trait Feed: Send {
    /// Market time: everything up to and including it has been handed out.
    fn now(&self) -> Timestamp;

    /// When the next thing happens, never before [`Self::now`]; `None` when nothing will come.
    fn next_at(&self) -> Option<Timestamp>;

    /// Moves market time to `to` and hands out what happens on the way, in order. A time in the
    /// past does nothing.
    fn advance(&mut self, to: Timestamp, out: &mut dyn FnMut(Venue, &Message<'_>));

    /// Hands out the updates of the account's orders that [`Self::advance`] has brought about since
    /// the last call, in order. At most a bounded number is kept in between, the newest.
    fn drain_trade_updates(&mut self, _out: &mut dyn FnMut(&TradeUpdate)) {}

    /// What can be asked for after the fact: bars up to now, the latest quote, trade and book, news.
    fn history(&self) -> &History;

    /// What there is to look at, the most interesting first.
    fn listings(&self) -> &[Listing];

    /// The symbol to show when nobody has chosen one.
    fn default_symbol(&self) -> Option<&str> {
        self.listings().first().map(|l| l.symbol.as_ref())
    }

    /// The last instant there is anything of; `None` if it goes on for ever.
    fn end(&self) -> Option<Timestamp> {
        None
    }

    /// Whether the source has come to its end. A feed that may go on for ever says no.
    fn finished(&self) -> bool {
        self.next_at().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_but_trading_has_exactly_one_venue() {
        for endpoint in Endpoint::ALL {
            let venues = Venue::ALL.into_iter().filter(|v| v.carries(endpoint)).count();
            assert_eq!(venues, usize::from(endpoint != Endpoint::Trading), "{endpoint:?}");
        }
    }
}
