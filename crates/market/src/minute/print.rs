//! One trade, and what corrections make of it.

use wickwire_proto::sorted::SortedMap;
use wickwire_proto::time::Timestamp;

use crate::conditions::{Eligibility, Updates};
use crate::limits::MAX_AMENDMENTS;

/// Corrections of corrections followed before giving up; a chain that long is a fault.
const MAX_CHAIN: usize = 8;

/// A trade as kept for its minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Print {
    /// When.
    pub time: Timestamp,
    /// Its id; without one it cannot be told from a repeat and is always counted.
    pub id: Option<u64>,
    /// The exchange as a number ([`exchange_key`]).
    pub exchange: u64,
    /// Price.
    pub price: f64,
    /// Size.
    pub size: f64,
    /// What it counts for.
    pub eligibility: Eligibility,
    /// Whether it lies in regular hours.
    pub regular_hours: bool,
}

/// The order of prints: by time, then id, then what is left, so that it is total.
pub(super) type Key = (i64, bool, u64, u64, u64, u64, Eligibility);

impl Print {
    pub(super) fn key(&self) -> Key {
        (
            self.time.0,
            self.id.is_none(),
            self.id.unwrap_or(0),
            self.exchange,
            self.price.to_bits(),
            self.size.to_bits(),
            self.eligibility,
        )
    }

    pub(super) fn is_same_trade(&self, other: &Self) -> bool {
        self.id.is_some() && (self.time, self.id, self.exchange) == (other.time, other.id, other.exchange)
    }

    /// Whether it comes after `other` by time, then id.
    #[must_use]
    pub fn is_later_than(&self, other: &Self) -> bool {
        self.key() > other.key()
    }

    /// What it counts for.
    #[must_use]
    pub const fn updates(&self) -> Updates {
        self.eligibility.at(self.regular_hours)
    }
}

/// An exchange code as a number: its first eight bytes.
#[must_use]
pub fn exchange_key(code: Option<&str>) -> u64 {
    code.unwrap_or_default().bytes().take(8).fold(0, |key, byte| key << 8 | u64::from(byte))
}

/// A correction of a trade.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fix {
    /// When the correction was made.
    pub time: Timestamp,
    /// The id that the trade has from now on.
    pub id: u64,
    /// Its price.
    pub price: f64,
    /// Its size.
    pub size: f64,
    /// What it counts for, if the correction says so.
    pub eligibility: Option<Eligibility>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Amendment {
    void: bool,
    fix: Option<Fix>,
    time: i64,
}

/// Corrections and cancels by exchange and trade, at most [`MAX_AMENDMENTS`].
#[derive(Clone, Debug, Default)]
pub(super) struct Amendments(SortedMap<(u64, u64), Amendment>);

impl Amendments {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The print as it is after all amendments, and what it counts for; `None` if it is void.
    pub(super) fn resolve(&self, print: &Print) -> Option<(Print, Updates)> {
        let mut out = *print;
        if self.0.is_empty() {
            return Some((out, out.updates()));
        }
        let Some(mut id) = print.id else { return Some((out, out.updates())) };
        for _ in 0..MAX_CHAIN {
            let Some(amendment) = self.0.get(&(print.exchange, id)) else { break };
            if amendment.void {
                return None;
            }
            let Some(fix) = amendment.fix else { break };
            out.price = fix.price;
            out.size = fix.size;
            out.eligibility = fix.eligibility.unwrap_or(out.eligibility);
            if fix.id == id {
                break;
            }
            id = fix.id;
        }
        Some((out, out.updates()))
    }

    /// Takes a correction (`fix`) or a cancel (`None`). Returns the ids by which the trade may be
    /// known: an earlier correction may have replaced the one named.
    pub(super) fn take(&mut self, exchange: u64, id: u64, time: Timestamp, fix: Option<Fix>) -> Vec<u64> {
        let entry = self.0.get_or_insert_with((exchange, id), Amendment::default);
        entry.time = entry.time.max(time.0);
        match fix {
            None => entry.void = true,
            // Of two corrections of one id the later holds.
            Some(fix) => {
                let rank = |f: &Fix| (f.time, f.id, f.price.to_bits(), f.size.to_bits(), f.eligibility);
                if entry.fix.is_none_or(|old| rank(&fix) > rank(&old)) {
                    entry.fix = Some(fix);
                }
            }
        }
        if self.0.len() > MAX_AMENDMENTS
            && let Some(oldest) = self.0.iter().min_by_key(|(k, a)| (a.time, **k)).map(|(k, _)| *k)
        {
            self.0.remove(&oldest);
        }
        let mut ids = vec![id];
        for _ in 0..MAX_CHAIN {
            let before: Vec<u64> = self
                .0
                .iter()
                .filter(|((x, from), a)| {
                    *x == exchange && !ids.contains(from) && a.fix.is_some_and(|f| ids.contains(&f.id))
                })
                .map(|((_, from), _)| *from)
                .collect();
            if before.is_empty() {
                break;
            }
            ids.extend(before);
        }
        ids
    }

    pub(super) fn forget_before(&mut self, floor: i64) {
        self.0.retain(|_, a| a.time >= floor);
    }
}
