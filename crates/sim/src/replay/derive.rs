//! Minute bars for symbols whose recording has trades and no bars.

use wickwire_market::calendar::{Session, session};
use wickwire_market::conditions::{Eligibility, Tape, Updates};
use wickwire_market::symbol::InstrumentClass;
use wickwire_proto::message::{Bar, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use crate::feed::Venue;
use crate::history::sum;

/// Nanoseconds in a minute.
pub(crate) const MINUTE: i64 = 60_000_000_000;

/// Start of the minute that holds `time`.
pub(crate) const fn minute_of(time: Timestamp) -> Timestamp {
    Timestamp(time.0.div_euclid(MINUTE).saturating_mul(MINUTE))
}

/// First and last price.
#[derive(Clone, Copy, Debug)]
struct Ends {
    open: f64,
    close: f64,
}

/// A minute that is being built from trades.
#[derive(Clone, Debug)]
pub(crate) struct Forming {
    start: Timestamp,
    by_conditions: bool,
    regular_hours: bool,
    /// Of prints that may open and close a bar.
    ends: Option<Ends>,
    /// Of prints that may do so if no other does.
    spare_ends: Option<Ends>,
    range: Option<(f64, f64)>,
    volume: Number,
    traded: f64,
    count: u64,
}

impl Forming {
    /// An empty minute. Sale conditions decide for stocks; of other venues every trade counts.
    pub(crate) fn new(venue: Venue, start: Timestamp) -> Self {
        Self {
            start,
            by_conditions: venue == Venue::Stocks,
            regular_hours: session(start) == Session::Regular,
            ends: None,
            spare_ends: None,
            range: None,
            volume: Number::ZERO,
            traded: 0.0,
            count: 0,
        }
    }

    /// Start of the minute.
    pub(crate) const fn start(&self) -> Timestamp {
        self.start
    }

    /// Counts a trade for what it may count.
    pub(crate) fn add(&mut self, trade: &Trade<'_>) {
        let price = trade.price;
        let updates = if self.by_conditions {
            let tape = Tape::of(InstrumentClass::Stock, trade.tape.as_deref());
            Eligibility::of(tape, trade.conditions.as_ref()).at(self.regular_hours)
        } else {
            Updates::ALL
        };
        if updates.has(Updates::LAST) {
            self.ends.get_or_insert(Ends { open: price, close: price }).close = price;
        } else if updates.has(Updates::LAST_IF_ONLY) {
            self.spare_ends.get_or_insert(Ends { open: price, close: price }).close = price;
        }
        if updates.has(Updates::HIGH_LOW) {
            let (high, low) = self.range.unwrap_or((price, price));
            self.range = Some((high.max(price), low.min(price)));
        }
        if updates.has(Updates::VOLUME) {
            self.volume = sum(self.volume, trade.size);
            self.traded += price * trade.size.to_f64();
            self.count += 1;
        }
    }

    /// The bar; `None` if no trade could open it.
    pub(crate) fn bar(&self, symbol: &str) -> Option<Bar<'static>> {
        let ends = self.ends.or(self.spare_ends)?;
        let (high, low) = self.range.unwrap_or((ends.open.max(ends.close), ends.open.min(ends.close)));
        let volume = self.volume.to_f64();
        Some(Bar {
            symbol: symbol.to_owned().into(),
            open: ends.open,
            high,
            low,
            close: ends.close,
            volume: self.volume,
            time: self.start,
            trade_count: Some(self.count),
            vwap: (volume > 0.0).then(|| self.traded / volume),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use wickwire_proto::message::Conditions;

    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn trade(price: f64, size: f64, codes: &[&'static str]) -> Trade<'static> {
        let codes = codes.iter().map(|c| (*c).into()).collect();
        Trade {
            price,
            size: size.into(),
            conditions: Some(Conditions { codes, as_text: false }),
            ..Trade::default()
        }
    }

    #[test]
    fn of_crypto_every_trade_counts() {
        let mut forming = Forming::new(Venue::Crypto, Timestamp(0));
        assert!(forming.bar("BTC/USD").is_none());
        for (price, size) in [(10.0, 0.5), (12.0, 0.25), (9.0, 0.25), (11.0, 1.0)] {
            forming.add(&trade(price, size, &["M"]));
        }
        let bar = forming.bar("BTC/USD").unwrap();
        assert_eq!((bar.open, bar.high, bar.low, bar.close), (10.0, 12.0, 9.0, 11.0));
        assert_eq!((bar.volume, bar.trade_count), (Number::from_f64(2.0), Some(4)));
        assert_eq!(bar.vwap, Some((5.0 + 3.0 + 2.25 + 11.0) / 2.0));
    }

    #[test]
    fn of_stocks_the_sale_conditions_decide() {
        let start = Timestamp::parse_rfc3339("2013-10-07T14:00:00Z").unwrap();
        let mut forming = Forming::new(Venue::Stocks, start);
        forming.add(&trade(99.0, 50.0, &["@", "I"])); // an odd lot: volume only
        assert!(forming.bar("IBM").is_none());
        forming.add(&trade(98.0, 100.0, &["@", "Z"])); // out of sequence: prices, and the ends if alone
        assert_eq!(forming.bar("IBM").unwrap().close, 98.0);
        forming.add(&trade(100.0, 100.0, &["@"]));
        forming.add(&trade(120.0, 900.0, &["M"])); // official close: nothing
        let bar = forming.bar("IBM").unwrap();
        assert_eq!((bar.open, bar.high, bar.low, bar.close), (100.0, 100.0, 98.0, 100.0));
        assert_eq!((bar.volume, bar.trade_count), (Number::Unsigned(250), Some(3)));
    }
}
