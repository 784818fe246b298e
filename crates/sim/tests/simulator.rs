//! The simulated market, seen from outside: what it promises about what it sends.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod simulator {
    mod bars;
    mod books;
    mod channels;
    mod determinism;
    mod halts;
    mod news;
    mod past;
    mod quotes;
    mod rate;
}

use std::collections::BTreeMap;

use wickwire_proto::message::Message;
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};
use wickwire_sim::{Feed, SimConfig, Simulator, Venue};

/// 2026-11-23, a Monday, 10:00 in New York.
pub const MONDAY_10: Timestamp = Timestamp(1_795_446_000 * NANOS_PER_SECOND);
pub const MINUTE: i64 = 60 * NANOS_PER_SECOND;

pub fn market(seed: u64, rate: f64, start: Timestamp) -> Simulator {
    Simulator::new(SimConfig { seed, rate, start })
}

/// Runs `minutes` in steps of a second and hands out every message.
pub fn run(market: &mut Simulator, minutes: i64, mut each: impl FnMut(Venue, &Message<'_>)) {
    let end = market.now().nanos() + minutes * MINUTE;
    while market.now().nanos() < end {
        let to = market.now().plus_nanos(NANOS_PER_SECOND);
        market.advance(to, &mut |venue, message| each(venue, message));
    }
}

/// One letter for a kind of message, as on the wire.
pub fn kind(message: &Message<'_>) -> &'static str {
    message.channel().map_or("?", |c| c.key())
}

/// How many of each kind.
pub type Tally = BTreeMap<&'static str, u64>;
