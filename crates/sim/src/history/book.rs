//! The order book of one symbol, kept whole so that a late subscriber can start.

use wickwire_proto::message::{Level, OrderBook};
use wickwire_proto::sorted::SortedMap;
use wickwire_proto::time::Timestamp;

/// Levels kept per side; levels farther from the other side go first.
pub const MAX_BOOK_LEVELS: usize = 10_000;

/// An order book: price levels of both sides.
#[derive(Debug, Default)]
pub struct Book {
    // The best is last, where most changes are: asks have their price negated.
    bids: SortedMap<Price, f64>,
    asks: SortedMap<Price, f64>,
    time: Timestamp,
}

/// A price that can be a key: numbers that are equal are one key, whatever their text was.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Price(f64);

impl Eq for Price {}
impl PartialOrd for Price {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Price {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Book {
    /// Takes in a whole book or the levels that changed.
    pub fn apply(&mut self, message: &OrderBook<'_>) {
        if message.reset {
            self.bids.clear();
            self.asks.clear();
        }
        change(&mut self.bids, &message.bids, 1.0);
        change(&mut self.asks, &message.asks, -1.0);
        self.time = message.time;
    }

    /// When it last changed.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        self.time
    }

    /// Bids, best first.
    pub fn bids(&self) -> impl Iterator<Item = Level> {
        self.bids.iter().rev().map(|(p, s)| Level { price: p.0, size: *s })
    }

    /// Asks, best first.
    pub fn asks(&self) -> impl Iterator<Item = Level> {
        self.asks.iter().rev().map(|(p, s)| Level { price: -p.0, size: *s })
    }

    /// The whole book as one message with `r` true.
    #[must_use]
    pub fn to_message(&self, symbol: &str) -> OrderBook<'static> {
        OrderBook {
            symbol: symbol.to_owned().into(),
            time: self.time,
            bids: self.bids().collect(),
            asks: self.asks().collect(),
            reset: true,
        }
    }
}

fn change(side: &mut SortedMap<Price, f64>, levels: &[Level], sign: f64) {
    for level in levels {
        // Negative zero would be a second key for the same price.
        let price = Price((level.price + 0.0) * sign);
        if level.size == 0.0 {
            side.remove(&price);
        } else {
            side.insert(price, level.size);
        }
    }
    side.drop_first(side.len().saturating_sub(MAX_BOOK_LEVELS));
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn levels(of: &[(f64, f64)]) -> Vec<Level> {
        of.iter().map(|&(price, size)| Level { price, size }).collect()
    }

    #[test]
    fn changes_apply_by_price_and_a_reset_starts_afresh() {
        let mut book = Book::default();
        let mut message = OrderBook {
            bids: levels(&[(99.0, 1.0), (98.0, 2.0)]),
            asks: levels(&[(101.0, 1.0)]),
            reset: true,
            ..OrderBook::default()
        };
        book.apply(&message);
        message.reset = false;
        message.bids = levels(&[(99.0, 0.0), (98.5, 4.0), (7.0, 0.0)]);
        message.asks = levels(&[(101.0, 3.0), (100.5, 1.0)]);
        book.apply(&message);
        let whole = book.to_message("BTC/USD");
        assert!(whole.reset);
        assert_eq!(whole.bids, levels(&[(98.5, 4.0), (98.0, 2.0)]));
        assert_eq!(whole.asks, levels(&[(100.5, 1.0), (101.0, 3.0)]));
        message.reset = true;
        message.bids = levels(&[(1.0, 1.0)]);
        message.asks.clear();
        book.apply(&message);
        assert_eq!(book.bids().count() + book.asks().count(), 1);
    }

    #[test]
    fn a_book_keeps_the_levels_next_to_the_spread() {
        let mut book = Book::default();
        let many: Vec<Level> =
            (1..=MAX_BOOK_LEVELS + 10).map(|i| Level { price: i as f64, size: 1.0 }).collect();
        book.apply(&OrderBook { bids: many.clone(), asks: many, ..OrderBook::default() });
        assert_eq!(book.bids().count(), MAX_BOOK_LEVELS);
        assert_eq!(book.bids().next().map(|l| l.price), Some((MAX_BOOK_LEVELS + 10) as f64));
        assert_eq!(book.asks().next().map(|l| l.price), Some(1.0));
    }
}
