//! An order book from a reset and changes.
//!
//! The wire has no sequence number, so changes are taken in the order of arrival, and a book is
//! valid only from a reset on: after a lost connection nothing of it is shown until the next.

use wickwire_proto::message::{Level, OrderBook};
use wickwire_proto::sorted::SortedMap;
use wickwire_proto::time::Timestamp;

use crate::limits::MAX_BOOK_LEVELS;

/// The book of one symbol. Levels are keyed by the number, not by its text.
#[derive(Clone, Debug, Default)]
pub struct Book {
    // The bits of a positive float sort like the number. The best is last, where most changes are:
    // the bits of asks are inverted.
    bids: SortedMap<u64, f64>,
    asks: SortedMap<u64, f64>,
    valid: bool,
    time: Option<Timestamp>,
    revision: u64,
    refused_levels: u64,
}

impl Book {
    /// Whether a reset has come and nothing was missed since.
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        self.valid
    }

    /// The time of the last message.
    #[must_use]
    pub const fn time(&self) -> Option<Timestamp> {
        self.time
    }

    /// A number that grows with every change.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Levels left out for a price or size that is no plausible number.
    #[must_use]
    pub const fn refused_levels(&self) -> u64 {
        self.refused_levels
    }

    /// Bids, best first; none while the book is not valid.
    pub fn bids(&self) -> impl Iterator<Item = Level> + '_ {
        self.bids.iter().rev().filter(|_| self.valid).map(|(bits, size)| level(*bits, *size))
    }

    /// Asks, best first; none while the book is not valid.
    pub fn asks(&self) -> impl Iterator<Item = Level> + '_ {
        self.asks.iter().rev().filter(|_| self.valid).map(|(bits, size)| level(!*bits, *size))
    }

    /// Whether the best bid is at or above the best ask.
    #[must_use]
    pub fn is_crossed(&self) -> bool {
        match (self.bids().next(), self.asks().next()) {
            (Some(bid), Some(ask)) => bid.price >= ask.price,
            _ => false,
        }
    }

    /// Forgets the book until the next reset.
    pub fn invalidate(&mut self) {
        self.valid = false;
        self.bids.clear();
        self.asks.clear();
        self.revision += 1;
    }

    /// Takes a message; false if it could not be used since no reset has come.
    pub fn apply(&mut self, message: &OrderBook<'_>) -> bool {
        if message.reset {
            self.bids.clear();
            self.asks.clear();
            self.valid = true;
        } else if !self.valid {
            return false;
        }
        let bids = (&mut self.bids, &message.bids, 0);
        let asks = (&mut self.asks, &message.asks, u64::MAX);
        for (side, levels, invert) in [bids, asks] {
            for level in levels {
                let plausible = level.price.is_finite()
                    && level.price > 0.0
                    && level.size.is_finite()
                    && level.size >= 0.0;
                let bits = level.price.to_bits() ^ invert;
                if !plausible {
                    self.refused_levels += 1;
                } else if level.size == 0.0 {
                    side.remove(&bits);
                } else {
                    side.insert(bits, level.size);
                }
            }
            side.drop_first(side.len().saturating_sub(MAX_BOOK_LEVELS));
        }
        self.time = Some(message.time);
        self.revision += 1;
        true
    }
}

const fn level(bits: u64, size: f64) -> Level {
    Level { price: f64::from_bits(bits), size }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn levels(pairs: &[(f64, f64)]) -> Vec<Level> {
        pairs.iter().map(|&(price, size)| Level { price, size }).collect()
    }

    fn message(reset: bool, bids: &[(f64, f64)], asks: &[(f64, f64)]) -> OrderBook<'static> {
        OrderBook { reset, bids: levels(bids), asks: levels(asks), ..OrderBook::default() }
    }

    #[test]
    fn nothing_is_shown_before_a_reset() {
        let mut book = Book::default();
        assert!(!book.apply(&message(false, &[(1.0, 1.0)], &[])));
        assert_eq!(book.bids().count(), 0);
        assert!(book.apply(&message(true, &[(3500.0, 1.0), (3501.0, 2.0)], &[(3502.0, 1.0)])));
        assert_eq!(book.bids().next(), Some(Level { price: 3501.0, size: 2.0 }));
        book.invalidate();
        assert_eq!(book.bids().count() + book.asks().count(), 0);
        assert!(!book.apply(&message(false, &[(1.0, 1.0)], &[])));
    }

    #[test]
    fn size_zero_removes_and_an_unknown_level_is_no_error() {
        let mut book = Book::default();
        book.apply(&message(true, &[(10.0, 1.0)], &[(11.0, 1.0), (12.0, 5.0)]));
        book.apply(&message(false, &[(10.0, 0.0), (9.0, 0.0)], &[(11.0, 3.0)]));
        assert_eq!(book.bids().count(), 0);
        assert_eq!(book.asks().map(|l| l.size).collect::<Vec<_>>(), [3.0, 5.0]);
    }

    #[test]
    fn levels_are_bounded_and_the_farthest_goes() {
        let mut book = Book::default();
        let many: Vec<_> = (1..=MAX_BOOK_LEVELS + 5).map(|i| (i as f64, 1.0)).collect();
        book.apply(&message(true, &many, &many));
        assert_eq!(book.bids().count(), MAX_BOOK_LEVELS);
        assert_eq!(book.bids().next().map(|l| l.price), Some((MAX_BOOK_LEVELS + 5) as f64));
        assert_eq!(book.asks().count(), MAX_BOOK_LEVELS);
        assert_eq!(book.asks().next().map(|l| l.price), Some(1.0));
        assert!(book.is_crossed());
    }

    #[test]
    fn implausible_levels_are_left_out() {
        let mut book = Book::default();
        book.apply(&message(true, &[(f64::NAN, 1.0), (-1.0, 1.0), (1.0, -1.0), (2.0, 1.0)], &[]));
        assert_eq!(book.bids().count(), 1);
        assert_eq!(book.refused_levels(), 3);
    }
}
