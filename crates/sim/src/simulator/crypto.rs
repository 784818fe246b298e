//! A crypto pair or a perpetual future: a full order book, its best levels as the quote, and trades
//! that take from it.

use std::borrow::Cow;

use wickwire_proto::message::{Bar, Level, Message, OrderBook, Pricing, Quote, Text, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

use crate::feed::Venue;

use super::bars::{Bars, Counts, Scale, Sums};
use super::pace::Hawkes;
use super::rng::Rng;
use super::session::{DAY, MINUTE};
use super::stock::fingerprint;
use super::tables::CryptoSpec;
use super::wire::Wire;

/// Messages an event brings on average; the governor corrects what is left.
pub(super) const MESSAGES_PER_EVENT: f64 = 1.55;
/// Events that are trades, out of a hundred.
const TRADES: u32 = 20;
/// The same as a part of one.
pub(super) const TRADE_SHARE: f64 = TRADES as f64 / 100.0;
/// Mean size of a trade as a part of a usual level.
pub(super) const MEAN_TRADE: f64 = 0.25;
/// Levels a side that are filled up to, and beyond which the farthest goes.
pub(super) const MIN_LEVELS: usize = 12;
/// See [`MIN_LEVELS`].
pub(super) const MAX_LEVELS: usize = 24;
/// Size units in a coin.
const COIN: u64 = 1_000_000_000;
/// Price units in a dollar.
const CENTS: f64 = 100.0;
/// Trades that are reported late, out of a hundred.
const LATE_TRADES: u32 = 3;
/// The most that a report may be late, in milliseconds.
const LATEST_MS: u32 = 15_000;
/// Hours between fundings of the perpetual.
const FUNDING: i64 = 8 * 60 * MINUTE;

/// One side of a book, best level first. The key is the price of an ask and the negated price of a
/// bid, so that both sides are sorted upwards.
#[derive(Clone, Debug)]
struct Side {
    sign: i64,
    levels: Vec<(i64, u64)>,
    /// Levels that are new in the message being made.
    added: Vec<i64>,
}

impl Side {
    fn new(sign: i64) -> Self {
        Self { sign, levels: Vec::with_capacity(MAX_LEVELS + 4), added: Vec::with_capacity(MIN_LEVELS) }
    }

    fn best(&self) -> (i64, u64) {
        self.levels.first().map_or((0, 0), |&(key, size)| (key * self.sign, size))
    }

    /// Sets the size at a price, 0 to remove it, and notes the change. Of several changes of one
    /// level within a message only the outcome is noted.
    fn set(&mut self, price: i64, size: u64, changes: &mut Vec<Level>) {
        let key = price * self.sign;
        let noted = changes.iter().position(|l| l.price == price as f64 / CENTS);
        match (self.levels.binary_search_by_key(&key, |l| l.0), size) {
            (Ok(at), 0) => {
                self.levels.remove(at);
            }
            (Ok(at), _) => self.levels[at].1 = size,
            (Err(_), 0) => return,
            (Err(at), _) => {
                self.levels.insert(at, (key, size));
                if noted.is_none() {
                    self.added.push(key);
                }
            }
        }
        let level = Level { price: price as f64 / CENTS, size: size as f64 / COIN as f64 };
        match noted {
            Some(at) if size == 0 && self.added.contains(&key) => {
                // Nobody has heard of it.
                changes.remove(at);
                self.added.retain(|k| *k != key);
            }
            Some(at) => changes[at] = level,
            None => changes.push(level),
        }
    }
}

/// The latest trade, for the history.
#[derive(Clone, Copy, Debug)]
struct Print {
    id: u64,
    price: i64,
    size: u64,
    buying: bool,
    time: i64,
}

/// A pair and its market.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) spec: &'static CryptoSpec,
    pub(super) rng: Rng,
    pub(super) hawkes: Hawkes,
    /// Fair price in cents.
    pub(super) fair: f64,
    anchor: f64,
    basis: f64,
    buying: bool,
    moved_at: i64,
    bids: Side,
    asks: Side,
    /// Best levels as they were last sent: bid, its size, ask, its size.
    touch: (i64, u64, i64, u64),
    touched_at: i64,
    print: Option<Print>,
    /// No trade is of a time before this: the simulation began here.
    not_before: i64,
    next_id: u64,
    pub(super) bars: Bars,
    /// Mid-prices, in half cents, of the running minute and the one before.
    mids: [(i64, Sums); 2],
    scratch: OrderBook<'static>,
}

impl Pair {
    pub(super) fn new(spec: &'static CryptoSpec, seed: u64, start: i64) -> Self {
        let mut pair = Self {
            spec,
            rng: Rng::new(seed, fingerprint(spec.symbol)),
            hawkes: Hawkes::default(),
            fair: spec.cents as f64,
            anchor: spec.cents as f64,
            basis: 0.000_25,
            buying: true,
            moved_at: start,
            bids: Side::new(-1),
            asks: Side::new(1),
            touch: (0, 0, 0, 0),
            touched_at: start,
            print: None,
            not_before: start,
            next_id: spec.first_id,
            bars: Bars::new(Scale { price: CENTS, size: COIN }),
            mids: [(i64::MIN, Sums::default()); 2],
            scratch: OrderBook { symbol: Cow::Borrowed(spec.symbol), ..OrderBook::default() },
        };
        pair.bars.begin_day(start.div_euclid(DAY) * DAY);
        pair.mend();
        pair.note_touch(start);
        pair
    }

    pub(super) const fn venue(&self) -> Venue {
        if self.spec.perpetual { Venue::CryptoPerps } else { Venue::Crypto }
    }

    /// Standard deviation of the fair price after a second, in cents.
    pub(super) fn cents_per_root_second(&self) -> f64 {
        self.fair * self.spec.volatility * 1e-4 / 86_400.0_f64.sqrt()
    }

    /// Something happens: a level changes or a trade takes place. `index` is the price, in cents,
    /// that a perpetual future follows.
    pub(super) fn event(&mut self, now: i64, index: f64, wire: &mut Wire<'_>) {
        self.move_price(now, index);
        self.forget_changes();
        if self.rng.percent(TRADES) {
            self.trade(now, wire);
        } else {
            self.change_level();
        }
        self.mend();
        if !(self.scratch.bids.is_empty() && self.scratch.asks.is_empty()) {
            self.scratch.time = Timestamp(now);
            self.scratch.reset = false;
            let mut message = Message::OrderBook(std::mem::take(&mut self.scratch));
            wire.tick(self.venue(), &message);
            // The lists keep their space for the next message.
            if let Message::OrderBook(book) = &mut message {
                self.scratch = std::mem::take(book);
            }
        }
        if self.note_touch(now) {
            wire.tick(self.venue(), &Message::Quote(self.quote()));
        }
    }

    fn move_price(&mut self, now: i64, index: f64) {
        let dt = ((now - self.moved_at) as f64 / NANOS_PER_SECOND as f64).min(300.0);
        self.moved_at = now;
        if self.spec.perpetual {
            self.basis +=
                4e-6 * dt.sqrt() * self.rng.normal() - (self.basis - 0.000_25) * (dt / 900.0).min(1.0);
            self.fair = index * (1.0 + self.basis);
            return;
        }
        self.fair += self.cents_per_root_second() * dt.sqrt() * self.rng.normal();
        self.fair -= (self.fair - self.anchor) * dt / 86_400.0;
        self.fair = self.fair.max(self.anchor * 0.2);
    }

    fn level_size(&mut self) -> u64 {
        let usual = f64::from(self.spec.level);
        let size = usual * (0.05 + self.rng.exponential());
        // Half of the levels are round to a thousandth of a coin.
        let grain = if self.rng.percent(50) { 1_000_000 } else { 1_000 };
        ((size as u64) / grain).max(1) * grain
    }

    fn change_level(&mut self) {
        let size = self.level_size();
        let action = self.rng.below(100);
        let bid = self.rng.percent(50);
        let offset = 1 + i64::from(self.rng.below(self.spec.step as u32));
        let (side, changes) = if bid {
            (&mut self.bids, &mut self.scratch.bids)
        } else {
            (&mut self.asks, &mut self.scratch.asks)
        };
        // Most of what happens, happens near the top.
        let count = side.levels.len() as u32;
        let at = self.rng.below(count).min(self.rng.below(count)) as usize;
        let Some(&(key, _)) = side.levels.get(at) else { return };
        let price = key * side.sign;
        match action {
            0..62 => side.set(price, size, changes),
            62..80 => side.set(price, 0, changes),
            // Behind the level, so that it never crosses.
            _ => side.set(price + offset * side.sign, size, changes),
        }
    }

    fn trade(&mut self, now: i64, wire: &mut Wire<'_>) {
        if self.rng.percent(30) {
            self.buying = self.rng.percent(50);
        }
        let (side, changes) = if self.buying {
            (&mut self.asks, &mut self.scratch.asks)
        } else {
            (&mut self.bids, &mut self.scratch.bids)
        };
        let (price, there) = side.best();
        if there == 0 {
            return;
        }
        let wanted = (f64::from(self.spec.level) * 0.35 * self.rng.exponential()) as u64 / 1_000 * 1_000;
        let size = wanted.clamp(1_000, there);
        side.set(price, there - size, changes);
        self.next_id += 1;
        let mut time = now;
        if self.rng.percent(LATE_TRADES) {
            time -= i64::from(self.rng.between(300, LATEST_MS)) * 1_000_000;
            time = if time > self.not_before { time } else { now };
        }
        let print = Print { id: self.next_id, price, size, buying: self.buying, time };
        // The latest is the one that took place last, not the one that was reported last.
        if self.print.is_none_or(|last| last.time <= time) {
            self.print = Some(print);
        }
        self.bars.trade(time, price, size, Counts::All, Counts::All);
        wire.tick(self.venue(), &Message::Trade(self.message(print)));
        let impact = self.spec.spread as f64 * 0.25 * (size as f64 / f64::from(self.spec.level)).min(1.5);
        self.fair += if self.buying { impact } else { -impact };
    }

    /// Puts the book right after the fair price has moved: no bid above it, no offer below it, a
    /// best level near it, and enough levels.
    fn mend(&mut self) {
        let spread = self.spec.spread as f64;
        for bid in [true, false] {
            let sizes = [self.level_size(), self.level_size()];
            let near = spread * (0.28 + 0.3 * self.rng.unit());
            let (side, changes) = if bid {
                (&mut self.bids, &mut self.scratch.bids)
            } else {
                (&mut self.asks, &mut self.scratch.asks)
            };
            let sign = side.sign;
            let nearest = if bid {
                -((self.fair - spread * 0.22).floor() as i64)
            } else {
                (self.fair + spread * 0.22).ceil() as i64
            };
            while let Some(&(key, _)) = side.levels.first().filter(|l| l.0 < nearest) {
                side.set(key * sign, 0, changes);
            }
            let far = side.levels.first().is_none_or(|l| l.0 as f64 > self.fair * sign as f64 + spread * 0.8);
            if far {
                let key = ((self.fair * sign as f64 + near).ceil() as i64).max(nearest);
                side.set(key * sign, sizes[0], changes);
            }
            while side.levels.len() < MIN_LEVELS {
                let size = sizes[1] / 1_000 * 1_000 + 1_000 * side.levels.len() as u64;
                let last = side.levels.last().map_or(nearest, |l| l.0);
                let gap = 1 + i64::from(self.rng.below(2 * self.spec.step as u32));
                side.set((last + gap) * sign, size, changes);
            }
            while side.levels.len() > MAX_LEVELS {
                let Some(&(key, _)) = side.levels.last() else { break };
                side.set(key * sign, 0, changes);
            }
        }
    }

    /// Notes the best levels; true if they have changed.
    fn note_touch(&mut self, now: i64) -> bool {
        let ((bid, bid_size), (ask, ask_size)) = (self.bids.best(), self.asks.best());
        let touch = (bid, bid_size, ask, ask_size);
        if touch == self.touch {
            return false;
        }
        self.touch = touch;
        self.touched_at = now;
        let start = now.div_euclid(MINUTE) * MINUTE;
        if self.mids[0].0 != start {
            self.mids[1] = self.mids[0];
            self.mids[0] = (start, Sums::default());
        }
        self.mids[0].1.price((now, 0), bid + ask);
        true
    }

    /// Begins a new list of changes of the book.
    pub(super) fn forget_changes(&mut self) {
        self.bids.added.clear();
        self.asks.added.clear();
        self.scratch.bids.clear();
        self.scratch.asks.clear();
    }

    /// When something was last sent.
    pub(super) const fn changed_at(&self) -> i64 {
        self.moved_at
    }

    /// Half the sum of bid and ask, in cents.
    pub(super) fn mid(&self) -> f64 {
        (self.touch.0 + self.touch.2) as f64 / 2.0
    }

    /// Best bid and ask in cents, as last sent.
    pub(super) const fn best(&self) -> (i64, i64) {
        (self.touch.0, self.touch.2)
    }

    pub(super) fn quote(&self) -> Quote<'static> {
        let (bid, bid_size, ask, ask_size) = self.touch;
        let size = |units: u64| Number::from_f64(units as f64 / COIN as f64);
        Quote {
            symbol: Cow::Borrowed(self.spec.symbol),
            bid_price: bid as f64 / CENTS,
            bid_size: size(bid_size),
            ask_price: ask as f64 / CENTS,
            ask_size: size(ask_size),
            time: Timestamp(self.touched_at),
            ..Quote::default()
        }
    }

    pub(super) fn last_trade(&self) -> Option<Trade<'static>> {
        self.print.map(|print| self.message(print))
    }

    fn message(&self, print: Print) -> Trade<'static> {
        Trade {
            symbol: Cow::Borrowed(self.spec.symbol),
            id: Some(print.id),
            price: print.price as f64 / CENTS,
            size: Number::from_f64(print.size as f64 / COIN as f64),
            time: Timestamp(print.time),
            taker_side: Some(Text::Borrowed(if print.buying { "B" } else { "S" })),
            ..Trade::default()
        }
    }

    /// The whole book.
    pub(super) fn full_book(&self, now: i64) -> OrderBook<'static> {
        let levels = |side: &Side| {
            side.levels
                .iter()
                .map(|&(key, size)| Level {
                    price: (key * side.sign) as f64 / CENTS,
                    size: size as f64 / COIN as f64,
                })
                .collect()
        };
        OrderBook {
            symbol: Cow::Borrowed(self.spec.symbol),
            time: Timestamp(now),
            bids: levels(&self.bids),
            asks: levels(&self.asks),
            reset: true,
        }
    }

    /// The bar of a minute that has ended: of its trades, or without any, of the mid-prices, with
    /// no volume.
    pub(super) fn close_minute(&mut self, start: i64) -> Option<Bar<'static>> {
        if let Some(bar) = self.bars.close_minute(self.spec.symbol, start) {
            return Some(bar);
        }
        let mut sums = self.mids.iter().find(|m| m.0 == start).map(|m| m.1).unwrap_or_default();
        if sums == Sums::default() {
            sums.price((start, 0), self.touch.0 + self.touch.2);
        }
        sums.bar(self.spec.symbol, start, Scale { price: 2.0 * CENTS, size: COIN })
    }

    /// Pricing of a perpetual future against its index, in cents.
    pub(super) fn pricing(&self, now: i64, index: f64) -> Pricing<'static> {
        let cents = |x: f64| x.round() / CENTS;
        Pricing {
            symbol: Cow::Borrowed(self.spec.symbol),
            time: Timestamp(now),
            exchange: Some(Text::Borrowed("AX")),
            index_price: cents(index),
            mark_price: cents(self.fair),
            funding_rate: ((self.basis * 0.05) * 1e8).round() / 1e8,
            open_interest: 1_500.0 + (self.next_id - self.spec.first_id) as f64 % 400.0 / 4.0,
            next_funding_time: Some(Timestamp((now.div_euclid(FUNDING) + 1) * FUNDING)),
        }
    }
}
