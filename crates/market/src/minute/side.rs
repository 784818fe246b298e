//! Which side took the price: the sign of a trade's volume.
//!
//! - Crypto: the wire says so (`tks`, the taker's side).
//! - Stocks and options: the rule of Lee and Ready. A trade above the middle of the quote in effect
//!   is a buy, below it a sell (quote rule). At the middle, or without a quote, it is a buy if the
//!   last different price before it was lower, a sell if it was higher (tick rule). C. M. C. Lee and
//!   M. J. Ready, "Inferring Trade Direction from Intraday Data", *Journal of Finance* 46 (1991),
//!   733–746, <https://doi.org/10.1111/j.1540-6261.1991.tb02683.x>. Their lag of five seconds
//!   between quote and trade made up for reports by hand; the quote in effect at the trade's own
//!   time is used here. It is an estimate: the tape does not tell the taker.
//!
//! The quote in effect is the newest one known when the trade came that is not later than the
//! trade. The tick rule goes by the order of trades (time, then id), not of messages, and compares
//! with trades that may set the last price. Neither looks back over an interruption. A trade of
//! which both rules say nothing is of unknown side, and so is the delta of its bar: what is not
//! known is not divided up.

use std::cmp::Ordering;

/// A side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The taker bought.
    Buy,
    /// The taker sold.
    Sell,
}

impl Side {
    /// The wire's `tks`.
    #[must_use]
    pub fn of_taker(text: Option<&str>) -> Option<Self> {
        match text {
            Some("B") => Some(Self::Buy),
            Some("S") => Some(Self::Sell),
            _ => None,
        }
    }

    /// By a price against another; `None` if they are equal or one is not a number.
    fn of_prices(price: f64, other: f64) -> Option<Self> {
        match price.partial_cmp(&other)? {
            Ordering::Greater => Some(Self::Buy),
            Ordering::Less => Some(Self::Sell),
            Ordering::Equal => None,
        }
    }

    /// `size` with the side's sign.
    #[must_use]
    pub const fn signed(self, size: f64) -> f64 {
        match self {
            Self::Buy => size,
            Self::Sell => -size,
        }
    }
}

/// What is known about a trade's side when it comes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    /// The wire's word.
    Taker(Side),
    /// The middle of the quote in effect.
    Mid(f64),
    /// No quote: the tick rule decides.
    Tick,
    /// Nothing.
    Unknown,
}

impl Told {
    /// The side of a trade at `price` that comes after `tick`.
    pub(super) fn side(self, price: f64, tick: Tick) -> Option<Side> {
        match self {
            Self::Taker(side) => Some(side),
            Self::Mid(mid) => Side::of_prices(price, mid).or_else(|| tick.side(price)),
            Self::Tick => tick.side(price),
            Self::Unknown => None,
        }
    }
}

/// The last price, and the way it came: what the tick rule compares with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tick {
    /// When; the earliest time there is before the first.
    pub(super) time: i64,
    /// NaN before the first.
    pub(super) price: f64,
    pub(super) way: Option<Side>,
}

impl Tick {
    /// Nothing to compare with.
    pub(super) const NONE: Self = Self { time: i64::MIN, price: f64::NAN, way: None };

    fn side(self, price: f64) -> Option<Side> {
        if price == self.price { self.way } else { Side::of_prices(price, self.price) }
    }

    /// After a trade at `price`.
    pub(super) fn then(self, price: f64, time: i64) -> Self {
        Self { time, price, way: self.side(price) }
    }

    /// Whether trades to come see no difference.
    pub(super) fn is_same(self, other: Self) -> bool {
        self.time == other.time && self.price.to_bits() == other.price.to_bits() && self.way == other.way
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_quote_rule_then_the_tick_rule() {
        let after = |prices: &[f64]| prices.iter().fold(Tick::NONE, |tick, p| tick.then(*p, 0));
        let rise = after(&[10.0, 10.5]);
        for (told, price, tick, want) in [
            (Told::Mid(10.0), 10.01, Tick::NONE, Some(Side::Buy)),
            (Told::Mid(10.0), 9.99, rise, Some(Side::Sell)),
            (Told::Mid(10.0), 10.0, Tick::NONE, None),
            (Told::Mid(10.5), 10.5, rise, Some(Side::Buy)),
            (Told::Mid(10.5), 10.5, after(&[11.0, 10.5, 10.5, 10.5]), Some(Side::Sell)),
            (Told::Tick, 10.5, after(&[10.5]), None),
            (Told::Tick, 10.6, rise, Some(Side::Buy)),
            (Told::Tick, 10.4, rise, Some(Side::Sell)),
            (Told::Taker(Side::Sell), 99.0, rise, Some(Side::Sell)),
            (Told::Unknown, 99.0, rise, None),
        ] {
            assert_eq!(told.side(price, tick), want, "{told:?} {price}");
        }
    }

    #[test]
    fn takers_of_the_wire() {
        assert_eq!(Side::of_taker(Some("B")), Some(Side::Buy));
        assert_eq!(Side::of_taker(Some("S")), Some(Side::Sell));
        assert_eq!((Side::of_taker(Some("")), Side::of_taker(None)), (None, None));
    }
}
