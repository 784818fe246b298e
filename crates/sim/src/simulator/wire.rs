//! Where the simulated market's messages go.

use wickwire_proto::message::Message;

use crate::feed::Venue;
use crate::history::History;

use super::rng::Rng;
use super::tables::LIT;

/// The way out: counts every message, and keeps those in the history that make it up.
pub(super) struct Wire<'a> {
    pub(super) out: &'a mut dyn FnMut(Venue, &Message<'_>),
    pub(super) history: &'a mut History,
    pub(super) sent: &'a mut u64,
}

impl Wire<'_> {
    /// Sends a tick: a trade, a quote, a change of a book. The history takes the latest of each at
    /// the end of a step, not every one.
    pub(super) fn tick(&mut self, venue: Venue, message: &Message<'_>) {
        *self.sent += 1;
        (self.out)(venue, message);
    }

    /// Sends a message and keeps it.
    pub(super) fn keep(&mut self, venue: Venue, message: &Message<'_>) {
        self.history.apply(venue, message);
        self.tick(venue, message);
    }

    /// Sends a message that the rate does not count: the test endpoint's.
    pub(super) fn aside(&mut self, venue: Venue, message: &Message<'_>) {
        self.history.apply(venue, message);
        (self.out)(venue, message);
    }
}

/// The numbers of the trades: one count for each exchange, as on the tape.
#[derive(Clone, Debug)]
pub(super) struct TradeIds([u64; 26]);

impl TradeIds {
    pub(super) const fn new() -> Self {
        Self([0; 26])
    }

    pub(super) fn next(&mut self, exchange: &str) -> u64 {
        let letter = exchange.bytes().next().unwrap_or(b'A').wrapping_sub(b'A') as usize;
        let count = &mut self.0[letter.min(25)];
        *count += 1;
        *count
    }
}

/// One of the exchanges that quote, the listing exchange more often than others.
pub(super) fn lit_exchange(rng: &mut Rng, primary: &'static str) -> &'static str {
    let mut at = rng.below(125);
    for (code, weight) in LIT {
        if at < weight {
            return code;
        }
        at -= weight;
    }
    primary
}
