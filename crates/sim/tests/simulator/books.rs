//! Order books: a whole book first, then changes; never crossed; the quote is its top.

use std::collections::BTreeMap;

use wickwire_proto::message::{Level, Message};
use wickwire_sim::{Feed, Venue};

use crate::{MONDAY_10, market, run};

#[derive(Default)]
struct Book {
    bids: BTreeMap<u64, Level>,
    asks: BTreeMap<u64, Level>,
}

impl Book {
    fn apply(side: &mut BTreeMap<u64, Level>, levels: &[Level]) {
        for level in levels {
            if level.size == 0.0 {
                assert!(side.remove(&level.price.to_bits()).is_some(), "{level:?} was not there");
            } else {
                side.insert(level.price.to_bits(), *level);
            }
        }
    }

    // Positive floats sort like their bits.
    fn best(&self) -> (Level, Level) {
        (*self.bids.last_key_value().unwrap().1, *self.asks.first_key_value().unwrap().1)
    }
}

#[test]
fn books_are_never_crossed_and_agree_with_quotes_and_trades() {
    for (rate, minutes) in [(1.0, 20), (200.0, 25), (5_000.0, 3)] {
        let mut books = BTreeMap::<String, Book>::new();
        let (mut changes, mut resets) = (0, 0);
        let mut market = market(5, rate, MONDAY_10);
        run(&mut market, minutes, |venue, message| match message {
            Message::OrderBook(o) => {
                assert!(matches!(venue, Venue::Crypto | Venue::CryptoPerps));
                let known = books.contains_key(o.symbol.as_ref());
                let book = books.entry(o.symbol.to_string()).or_default();
                if o.reset {
                    resets += 1;
                    *book = Book::default();
                } else {
                    changes += 1;
                    assert!(known, "a change before the whole book");
                    assert!(!o.bids.is_empty() || !o.asks.is_empty());
                }
                Book::apply(&mut book.bids, &o.bids);
                Book::apply(&mut book.asks, &o.asks);
                let (bid, ask) = book.best();
                assert!(bid.price < ask.price, "crossed: {bid:?} {ask:?}");
                assert!((10..=24).contains(&book.bids.len()) && (10..=24).contains(&book.asks.len()));
            }
            Message::Quote(q) if matches!(venue, Venue::Crypto | Venue::CryptoPerps) => {
                let (bid, ask) = books[q.symbol.as_ref()].best();
                assert_eq!((q.bid_price, q.bid_size.to_f64()), (bid.price, bid.size));
                assert_eq!((q.ask_price, q.ask_size.to_f64()), (ask.price, ask.size));
            }
            Message::Trade(t) if matches!(venue, Venue::Crypto | Venue::CryptoPerps) => {
                let (bid, ask) = books[t.symbol.as_ref()].best();
                let level = if t.taker_side.as_deref() == Some("B") { ask } else { bid };
                assert_eq!(t.price, level.price);
                assert!(t.size.to_f64() <= level.size);
            }
            _ => {}
        });
        assert_eq!(books.len(), 3);
        assert!(resets > 3 || minutes < 10, "{resets}");
        assert!(changes > 60, "{changes}");
        for (symbol, book) in &books {
            let kept = market.history().full_book(symbol).unwrap();
            assert!(kept.reset);
            let levels = |side: &BTreeMap<u64, Level>| side.values().copied().collect::<Vec<_>>();
            let sorted = |mut side: Vec<Level>| {
                side.sort_by(|a, b| a.price.total_cmp(&b.price));
                side
            };
            assert_eq!(sorted(kept.bids), levels(&book.bids), "{symbol}");
            assert_eq!(sorted(kept.asks), levels(&book.asks), "{symbol}");
        }
    }
}
