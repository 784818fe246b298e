//! Stands for `orders` where there is no trading stream: nobody orders anything.

use wickwire_proto::trading::TradeUpdate;

use super::rng::Rng;

/// What the desk would ask of a market.
#[expect(dead_code, reason = "nobody asks")]
pub(super) struct Market {
    pub(super) symbol: &'static str,
    pub(super) crypto: bool,
    pub(super) bid: i64,
    pub(super) ask: i64,
}

/// The account of nobody.
#[derive(Clone, Debug)]
pub(super) struct OrderDesk {
    /// Never.
    pub(super) at: i64,
}

impl OrderDesk {
    pub(super) const fn new(_: Rng, _: i64, _: usize) -> Self {
        Self { at: i64::MAX }
    }

    pub(super) fn step(&mut self, _: i64, _: impl Fn(usize) -> Option<Market>) {}

    pub(super) fn drain(&mut self, _: &mut dyn FnMut(&TradeUpdate)) {}
}
