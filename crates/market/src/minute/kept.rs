//! A trade as the window keeps it: the same figures in less room.

use wickwire_proto::time::Timestamp;

use super::print::{Key, Print};
use super::side::{Side, Tick, Told};
use crate::conditions::Eligibility;

/// Which kind of [`Told`].
#[derive(Clone, Copy, Debug)]
enum Word {
    Buy,
    Sell,
    Mid,
    Tick,
    Unknown,
}

/// A trade with what is known of its side: 72 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    time: i64,
    /// 0 without one.
    id: u64,
    exchange: u64,
    price: f64,
    size: f64,
    /// NaN but for [`Word::Mid`].
    mid: f64,
    /// What the tick rule compares the next trade with.
    after_time: i64,
    after_price: f64,
    eligibility: Eligibility,
    has_id: bool,
    regular_hours: bool,
    word: Word,
    side: Option<Side>,
    after_way: Option<Side>,
}

impl Kept {
    /// A trade whose side has not been judged.
    pub(super) fn new(print: &Print, told: Told) -> Self {
        let (word, mid) = match told {
            Told::Taker(Side::Buy) => (Word::Buy, f64::NAN),
            Told::Taker(Side::Sell) => (Word::Sell, f64::NAN),
            Told::Mid(mid) => (Word::Mid, mid),
            Told::Tick => (Word::Tick, f64::NAN),
            Told::Unknown => (Word::Unknown, f64::NAN),
        };
        let Tick { time: after_time, price: after_price, way: after_way } = Tick::NONE;
        Self {
            time: print.time.0,
            id: print.id.unwrap_or(0),
            exchange: print.exchange,
            price: print.price,
            size: print.size,
            mid,
            after_time,
            after_price,
            eligibility: print.eligibility,
            has_id: print.id.is_some(),
            regular_hours: print.regular_hours,
            word,
            side: None,
            after_way,
        }
    }

    /// The trade itself.
    pub(super) fn print(&self) -> Print {
        Print {
            time: Timestamp(self.time),
            id: self.has_id.then_some(self.id),
            exchange: self.exchange,
            price: self.price,
            size: self.size,
            eligibility: self.eligibility,
            regular_hours: self.regular_hours,
        }
    }

    /// When.
    pub(super) const fn time(&self) -> Timestamp {
        Timestamp(self.time)
    }

    /// That of the print.
    pub(super) const fn key(&self) -> Key {
        let (price, size) = (self.price.to_bits(), self.size.to_bits());
        (self.time, !self.has_id, self.id, self.exchange, price, size, self.eligibility)
    }

    /// Whether it is a trade of `exchange` with one of these ids.
    pub(super) fn is_any_of(&self, exchange: u64, ids: &[u64]) -> bool {
        self.has_id && self.exchange == exchange && ids.contains(&self.id)
    }

    /// What there was to judge its side by.
    pub(super) const fn told(&self) -> Told {
        match self.word {
            Word::Buy => Told::Taker(Side::Buy),
            Word::Sell => Told::Taker(Side::Sell),
            Word::Mid => Told::Mid(self.mid),
            Word::Tick => Told::Tick,
            Word::Unknown => Told::Unknown,
        }
    }

    /// Its side, if it is known.
    pub(super) const fn side(&self) -> Option<Side> {
        self.side
    }

    /// What the tick rule compares the next trade with.
    pub(super) const fn after(&self) -> Tick {
        Tick { time: self.after_time, price: self.after_price, way: self.after_way }
    }

    /// Takes what its side was judged to be, and what the next is compared with.
    pub(super) const fn set_judged(&mut self, side: Option<Side>, after: Tick) {
        self.side = side;
        (self.after_time, self.after_price, self.after_way) = (after.time, after.price, after.way);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conditions::Updates;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn comes_out_as_it_went_in_and_takes_72_bytes() {
        assert_eq!(size_of::<Kept>(), 72);
        let eligibility = Eligibility { regular: Updates::ALL, extended: Updates::CONDITIONAL };
        let print = Print {
            time: Timestamp(1_381_152_600_000_000_001),
            id: Some(u64::MAX),
            exchange: u64::MAX - 1,
            price: 0.1,
            size: 1e-9,
            eligibility,
            regular_hours: true,
        };
        let prints =
            [print, Print { id: None, regular_hours: false, ..print }, Print { id: Some(0), ..print }];
        let all =
            [Told::Taker(Side::Buy), Told::Taker(Side::Sell), Told::Mid(0.3), Told::Tick, Told::Unknown];
        for print in prints {
            for told in all {
                let mut kept = Kept::new(&print, told);
                assert_eq!((kept.print(), kept.told(), kept.side()), (print, told, None));
                assert!(kept.key() == print.key() && kept.after().is_same(Tick::NONE));
                let after = Tick::NONE.then(0.2, 5).then(0.1, 7);
                kept.set_judged(Some(Side::Sell), after);
                assert_eq!((kept.print(), kept.told(), kept.side()), (print, told, Some(Side::Sell)));
                assert!(kept.after().is_same(after));
            }
        }
        let own =
            |id: Option<u64>| Kept::new(&Print { id, ..print }, Told::Tick).is_any_of(print.exchange, &[0]);
        assert_eq!([own(Some(0)), own(None), own(Some(1))], [true, false, false]);
        assert!(!Kept::new(&print, Told::Tick).is_any_of(1, &[u64::MAX]));
    }
}
