//! The test endpoint: one made-up symbol with a trade and a quote every five seconds, and minute
//! bars, at any time of the day.

use std::borrow::Cow;

use smallvec::smallvec;
use wickwire_proto::message::{BarKind, Conditions, Message, Quote, Text, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

use crate::feed::Venue;

use super::bars::{Bars, Counts, Scale};
use super::rng::Rng;
use super::tables::{CENT, STOCK_UNITS, TEST_SYMBOL};
use super::wire::Wire;

/// Seconds between messages; quotes and trades take turns twice as fast.
const PERIOD: i64 = 5;
const FIRST_CENTS: i64 = 13_465;

/// The symbol and its market.
#[derive(Clone, Debug)]
pub(super) struct TestFeed {
    rng: Rng,
    /// When the next message is due.
    pub(super) at: i64,
    cents: i64,
    next_id: u64,
    bars: Bars,
}

impl TestFeed {
    pub(super) fn new(rng: Rng, start: i64) -> Self {
        let bars = Bars::new(Scale { price: STOCK_UNITS, size: 1 });
        Self { rng, at: start + NANOS_PER_SECOND, cents: FIRST_CENTS, next_id: 1, bars }
    }

    /// A quote and a trade inside it.
    pub(super) fn step(&mut self, now: i64, wire: &mut Wire<'_>) {
        let rng = &mut self.rng;
        self.cents += i64::from(rng.below(61)) - 30 + (FIRST_CENTS - self.cents) / 40;
        let (bid, ask) =
            (self.cents - i64::from(rng.between(1, 90)), self.cents + i64::from(rng.between(1, 90)));
        let conditions = |code| Some(Conditions { codes: smallvec![Text::Borrowed(code)], as_text: false });
        let (symbol, tape) = (Cow::Borrowed(TEST_SYMBOL), Some(Text::Borrowed("A")));
        let price = |cents: i64| (cents * CENT) as f64 / STOCK_UNITS;
        let quote = Quote {
            symbol: symbol.clone(),
            bid_exchange: Some(Text::Borrowed("O")),
            bid_price: price(bid),
            bid_size: Number::Unsigned(rng.between(1, 9).into()),
            ask_exchange: Some(Text::Borrowed("R")),
            ask_price: price(ask),
            ask_size: Number::Unsigned(rng.between(1, 9).into()),
            conditions: conditions("R"),
            time: Timestamp(now),
            tape: tape.clone(),
        };
        wire.aside(Venue::Test, &Message::Quote(quote));
        let size = rng.between(1, 20);
        let trade = Trade {
            symbol,
            id: Some(self.next_id),
            exchange: Some(Text::Borrowed("O")),
            price: price(self.cents),
            size: Number::Unsigned(size.into()),
            conditions: conditions("@"),
            time: Timestamp(now),
            tape,
            taker_side: None,
        };
        wire.aside(Venue::Test, &Message::Trade(trade));
        self.next_id += 1;
        self.bars.trade(now, self.cents * CENT, size.into(), Counts::All, Counts::All);
        self.at = now + PERIOD * NANOS_PER_SECOND;
    }

    pub(super) fn close_minute(&mut self, start: i64, wire: &mut Wire<'_>) {
        if let Some(bar) = self.bars.close_minute(TEST_SYMBOL, start) {
            wire.aside(Venue::Test, &Message::Bar(BarKind::Minute, bar));
        }
    }
}
