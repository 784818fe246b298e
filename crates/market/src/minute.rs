//! Minute bars: which of several accounts of a minute holds, and the forming one from trades.
//!
//! The rules, which do not depend on the order in which messages arrive:
//!
//! 1. An updated bar (`u`) beats a bar (`b`) or history beats a bar built from trades.
//! 2. Of two on the same level the one with more trades holds (unknown counts as none), then the
//!    one with more volume, then the one that sorts last by its figures. The wire has no version
//!    number, so an update that takes trades away and comes second to another update is not seen
//!    as the newer one.
//! 3. A minute that the server has closed is closed: trades, corrections and cancels for it that
//!    come later change nothing (Alpaca sends `u` for that).
//! 4. A minute that the server has not closed is built from its eligible trades
//!    ([`crate::conditions`]), each counted once: a trade is known by exchange, id and time. Open
//!    and close are the first and last by time, then id. A correction replaces price, size and
//!    conditions of the trade it names, a cancel voids it, also when they come first. Sums are
//!    exact, so they do not depend on the order either. No trade that sets a price: no bar.
//! 5. The server sends no bar for a minute without an eligible trade by *its* rules. So a minute
//!    built from trades is dropped as soon as a later `b` has come, if an earlier one had come
//!    too, unless a gap is noted in it: then its bar may have been missed.
//!
//! Rule 4 needs the trades of the minute, so it holds within [`MAX_WINDOW_MINUTES`] of the newest
//! trade and [`MAX_WINDOW_TRADES`]; what comes later than that is counted and left out.

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

use wickwire_proto::time::Timestamp;

use crate::bar::{Bar, BarFlags};
use crate::conditions::{Eligibility, Updates};
use crate::limits::{MAX_AMENDMENTS, MAX_WINDOW_MINUTES, MAX_WINDOW_TRADES};
use crate::timeframe::{MINUTE, floor_to};

mod sum;
#[cfg(test)]
mod tests;

pub use sum::ExactSum;

/// Corrections of corrections followed before giving up; a chain that long is a fault.
const MAX_CHAIN: usize = 8;

/// Which of two accounts of one minute, or of one day, holds: `Greater` if `a` does. `u` beats the
/// rest; then more trades, more volume, then the figures.
#[must_use]
pub fn precedence(a: &Bar, b: &Bar) -> Ordering {
    let level = |bar: &Bar| {
        u8::from(bar.flags.has(BarFlags::FROM_SERVER)) + u8::from(bar.flags.has(BarFlags::UPDATED))
    };
    level(a)
        .cmp(&level(b))
        .then_with(|| a.count.unwrap_or(0).cmp(&b.count.unwrap_or(0)))
        .then_with(|| a.volume.total_cmp(&b.volume))
        .then_with(|| a.vwap.unwrap_or(0.0).total_cmp(&b.vwap.unwrap_or(0.0)))
        .then_with(|| a.close.total_cmp(&b.close))
        .then_with(|| a.high.total_cmp(&b.high))
        .then_with(|| b.low.total_cmp(&a.low))
        .then_with(|| a.open.total_cmp(&b.open))
}

/// The delta of a bar of which no trade was seen: known to be zero without volume, else unknown.
#[must_use]
pub fn no_delta(bar: &Bar) -> Option<f64> {
    (bar.volume == 0.0).then_some(0.0)
}

/// Whether two volumes are the same but for the rounding of their sums.
#[must_use]
pub fn same_volume(a: f64, b: f64) -> bool {
    (a - b).abs() <= a.abs().max(b.abs()) * 1e-10
}

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
type Key = (i64, bool, u64, u64, u64, u64, Eligibility);

impl Print {
    fn key(&self) -> Key {
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

    fn is_same_trade(&self, other: &Self) -> bool {
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

/// What became of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It counts in the minute that starts here.
    Counted(Timestamp),
    /// It is in the minute that starts here, but some amendment has changed or voided it.
    Amended(Timestamp),
    /// The same trade again.
    Duplicate,
    /// The same trade with other figures; the minute was made anew with one of the two.
    Conflict(Timestamp),
    /// Its minute is no longer open.
    Late,
}

/// One minute's figures so far.
#[derive(Clone, Debug, Default)]
struct Figures {
    open: Option<(Key, f64)>,
    close: Option<(Key, f64)>,
    open_if_only: Option<(Key, f64)>,
    close_if_only: Option<(Key, f64)>,
    extremes: Option<(f64, f64)>,
    volume: ExactSum,
    notional: ExactSum,
    count: u64,
}

impl Figures {
    fn add(&mut self, print: &Print, updates: Updates) {
        let key = print.key();
        let price = print.price;
        let ends = if updates.has(Updates::LAST) {
            Some((&mut self.open, &mut self.close))
        } else if updates.has(Updates::LAST_IF_ONLY) {
            Some((&mut self.open_if_only, &mut self.close_if_only))
        } else {
            None
        };
        if let Some((open, close)) = ends {
            if open.is_none_or(|(first, _)| key < first) {
                *open = Some((key, price));
            }
            if close.is_none_or(|(last, _)| key >= last) {
                *close = Some((key, price));
            }
        }
        if updates.has(Updates::HIGH_LOW) {
            let (low, high) = self.extremes.unwrap_or((price, price));
            self.extremes = Some((low.min(price), high.max(price)));
        }
        if updates.has(Updates::VOLUME) {
            self.volume.add(print.size);
            self.notional.add(price * print.size);
            self.count += 1;
        }
    }

    fn bar(&self, minute: Timestamp) -> Option<Bar> {
        let (_, open) = self.open.or(self.open_if_only)?;
        let (_, close) = self.close.or(self.close_if_only)?;
        let (low, high) = self.extremes?;
        let volume = self.volume.value();
        Some(Bar {
            time: minute,
            open,
            high,
            low,
            close,
            volume,
            vwap: (volume > 0.0).then(|| self.notional.value() / volume),
            count: Some(self.count),
            delta: None,
            flags: BarFlags::default(),
        })
    }
}

#[derive(Clone, Debug)]
struct Minute {
    start: i64,
    prints: Vec<Print>,
    figures: Figures,
    /// There were too many prints to keep: figures go on, corrections do not.
    frozen: bool,
}

/// The minutes of one symbol that the server has not closed, with their trades.
#[derive(Clone, Debug)]
pub struct Window {
    minutes: VecDeque<Minute>,
    kept: usize,
    amendments: BTreeMap<(u64, u64), Amendment>,
    /// Trades before this are late.
    floor: i64,
}

impl Default for Window {
    fn default() -> Self {
        Self { minutes: VecDeque::new(), kept: 0, amendments: BTreeMap::new(), floor: i64::MIN }
    }
}

impl Window {
    /// Starts of the minutes held, oldest first.
    pub fn starts(&self) -> impl Iterator<Item = Timestamp> + '_ {
        self.minutes.iter().map(|m| Timestamp(m.start))
    }

    /// Trades kept.
    #[must_use]
    pub const fn kept(&self) -> usize {
        self.kept
    }

    /// Corrections and cancels kept.
    #[must_use]
    pub fn amendments(&self) -> usize {
        self.amendments.len()
    }

    fn position(&self, start: i64) -> Result<usize, usize> {
        match self.minutes.back() {
            Some(last) if last.start == start => Ok(self.minutes.len() - 1),
            Some(last) if last.start < start => Err(self.minutes.len()),
            _ => self.minutes.binary_search_by_key(&start, |m| m.start),
        }
    }

    /// The bar of a minute from its trades; `None` if no trade in it sets a price.
    #[must_use]
    pub fn bar(&self, minute: Timestamp) -> Option<Bar> {
        self.minutes.get(self.position(minute.0).ok()?)?.figures.bar(minute)
    }

    /// Forgets a minute: the server has closed it.
    pub fn close(&mut self, minute: Timestamp) {
        if let Ok(index) = self.position(minute.0)
            && let Some(closed) = self.minutes.remove(index)
        {
            self.kept -= closed.prints.len();
        }
    }

    /// Takes a trade into its minute.
    pub fn take(&mut self, print: Print) -> Taken {
        let start = floor_to(print.time.0, MINUTE);
        if start < self.floor {
            return Taken::Late;
        }
        let at = match self.position(start) {
            Ok(index) => index,
            Err(index) => {
                let figures = Figures::default();
                self.minutes.insert(index, Minute { start, prints: Vec::new(), figures, frozen: false });
                let dropped = self.forget_before(start - (MAX_WINDOW_MINUTES - 1) * MINUTE);
                index - dropped.min(index)
            }
        };
        let (resolved, updates, amended) = match self.resolve(&print) {
            Some((resolved, updates)) => (Some(resolved), updates, resolved != print),
            None => (None, Updates::NOTHING, true),
        };
        let Some(minute) = self.minutes.get_mut(at) else { return Taken::Late };
        let time = Timestamp(start);
        if !minute.frozen {
            let index = match minute.prints.last() {
                Some(last) if last.key() < print.key() => minute.prints.len(),
                _ => minute.prints.partition_point(|p| p.key() < print.key()),
            };
            let twin = [Some(index), index.checked_sub(1)]
                .into_iter()
                .flatten()
                .find(|i| minute.prints.get(*i).is_some_and(|p| p.is_same_trade(&print)));
            if let Some(twin) = twin {
                let Some(old) = minute.prints.get_mut(twin) else { return Taken::Duplicate };
                if old.key() == print.key() {
                    return Taken::Duplicate;
                }
                // One must go; which one may not depend on which came first.
                if print.key() < old.key() {
                    *old = print;
                    self.rebuild(at);
                }
                return Taken::Conflict(time);
            }
            minute.prints.insert(index, print);
            self.kept += 1;
        }
        if let Some(resolved) = resolved {
            minute.figures.add(&resolved, updates);
        }
        self.bound_prints();
        if amended { Taken::Amended(time) } else { Taken::Counted(time) }
    }

    fn forget_before(&mut self, floor: i64) -> usize {
        let mut dropped = 0;
        self.floor = self.floor.max(floor);
        while self.minutes.front().is_some_and(|m| m.start < self.floor) {
            if let Some(old) = self.minutes.pop_front() {
                self.kept -= old.prints.len();
                dropped += 1;
            }
        }
        let floor = self.floor;
        if self.amendments.values().any(|a| a.time < floor) {
            self.amendments.retain(|_, a| a.time >= floor);
        }
        dropped
    }

    fn bound_prints(&mut self) {
        while self.kept > MAX_WINDOW_TRADES {
            let is_last = self.minutes.len() == 1;
            match self.minutes.front_mut() {
                Some(only) if is_last => {
                    self.kept = 0;
                    only.prints = Vec::new();
                    only.frozen = true;
                }
                Some(oldest) => {
                    let end = oldest.start + MINUTE;
                    self.forget_before(end);
                }
                None => self.kept = 0,
            }
        }
    }

    /// The print as it is after all amendments, and what it counts for; `None` if it is void.
    #[must_use]
    pub fn resolve(&self, print: &Print) -> Option<(Print, Updates)> {
        let mut out = *print;
        if self.amendments.is_empty() {
            return Some((out, out.updates()));
        }
        let Some(mut id) = print.id else { return Some((out, out.updates())) };
        for _ in 0..MAX_CHAIN {
            let Some(amendment) = self.amendments.get(&(print.exchange, id)) else { break };
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

    /// Takes a correction (`fix`) or a cancel (`None`) of the trade `id` of `exchange`, made at
    /// `time`. Returns the minutes that it changes.
    pub fn amend(&mut self, exchange: u64, id: u64, time: Timestamp, fix: Option<Fix>) -> Vec<Timestamp> {
        if time.0 < self.floor {
            return Vec::new();
        }
        let entry = self.amendments.entry((exchange, id)).or_default();
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
        if self.amendments.len() > MAX_AMENDMENTS
            && let Some(oldest) = self.amendments.iter().min_by_key(|(k, a)| (a.time, **k)).map(|(k, _)| *k)
        {
            self.amendments.remove(&oldest);
        }
        // The trade may be known by an id that an earlier correction replaced.
        let mut ids = vec![id];
        for _ in 0..MAX_CHAIN {
            let before: Vec<u64> = self
                .amendments
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
        let hit = |p: &Print| p.exchange == exchange && p.id.is_some_and(|id| ids.contains(&id));
        let touched: Vec<usize> = (0..self.minutes.len())
            .filter(|i| self.minutes.get(*i).is_some_and(|m| m.prints.iter().any(hit)))
            .collect();
        touched
            .into_iter()
            .filter_map(|index| {
                self.rebuild(index);
                self.minutes.get(index).map(|m| Timestamp(m.start))
            })
            .collect()
    }

    fn rebuild(&mut self, index: usize) {
        let Some(minute) = self.minutes.get(index) else { return };
        if minute.frozen {
            return;
        }
        let mut figures = Figures::default();
        for print in &minute.prints {
            if let Some((resolved, updates)) = self.resolve(print) {
                figures.add(&resolved, updates);
            }
        }
        if let Some(minute) = self.minutes.get_mut(index) {
            minute.figures = figures;
        }
    }
}
