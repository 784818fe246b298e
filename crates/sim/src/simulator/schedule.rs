//! What the simulated market does by the clock: minutes, sessions, bands, imbalances, and when each
//! source has its next event.

use wickwire_proto::message::{BarKind, Message};
use wickwire_proto::time::{NANOS_PER_SECOND as SECOND, Timestamp};

use crate::feed::Venue;

use super::crypto::{self, Pair};
use super::fixes::{FixKind, MAX_FIXES};
use super::halts::{self, Change};
use super::newsroom::Facts;
use super::orders::Market;
use super::session::{DAY, MINUTE, NewYorkDay};
use super::stock;
use super::tables::{CRYPTO, OPTIONS_WEIGHT, STOCKS};
use super::wire::Wire;
use super::{ALL_TASKS, PAIR_COUNT, STOCK_COUNT, Simulator, TASKS, Task};

/// Bars are sent so long after their minute, corrected ones so long after the half minute.
const BAR_DELAY: i64 = 40_000_000;
/// The longest time between two events of an instrument.
const LONGEST_GAP: f64 = 3_600e9;
/// An instrument that is closed is looked at again after so long.
const LOOK_AGAIN: i64 = SECOND;
/// Seconds between looks at the bands.
const BAND_SECONDS: i64 = 30;
/// Seconds after which an unchanged band is told again.
const RESTATE_SECONDS: i64 = 300;
/// Seconds between imbalances, and how many minutes before an auction they begin.
const IMBALANCE_SECONDS: i64 = 10;
/// See [`IMBALANCE_SECONDS`].
const IMBALANCE_MINUTES: i64 = 5;
/// Seconds between prices of the perpetual future.
const PRICING_SECONDS: i64 = 10;
/// Seconds after which a book is told as a whole again.
const RESET_SECONDS: i64 = 600;
/// Mean seconds between wrong prints.
const WRONG_PRINT_SECONDS: u32 = 35;

/// Weights of all instruments together.
pub(super) fn total_weight() -> f64 {
    STOCKS.iter().map(|s| s.weight).sum::<f64>()
        + CRYPTO.iter().map(|c| c.weight).sum::<f64>()
        + OPTIONS_WEIGHT
}

impl Simulator {
    /// Events a second of a source at `at`; 0 if it is closed.
    fn events_per_second(&self, source: usize, at: i64) -> f64 {
        let number = source - TASKS;
        let (weight, activity, messages) = if let Some(stock) = self.stocks.get(number) {
            let activity = if stock.halted { 0.0 } else { self.day.activity(at) * stock.bustle() };
            (stock.spec.weight, activity, stock::MESSAGES_PER_EVENT)
        } else if let Some(pair) = self.pairs.get(number - STOCK_COUNT) {
            (pair.spec.weight, 1.0, crypto::MESSAGES_PER_EVENT)
        } else {
            let activity = if self.day.is_regular(at) { self.day.activity(at) } else { 0.0 };
            (OPTIONS_WEIGHT, activity, 1.0)
        };
        self.governor.pace() * weight * activity / (total_weight() * messages)
    }

    /// How lively all instruments together are at `at`, 1 in an ordinary hour.
    fn activity(&self, at: i64) -> f64 {
        let stocks = self.day.activity(at);
        let options = if self.day.is_regular(at) { stocks } else { 0.0 };
        let crypto: f64 = CRYPTO.iter().map(|c| c.weight).sum();
        let all = total_weight();
        ((all - crypto - OPTIONS_WEIGHT) * stocks + OPTIONS_WEIGHT * options + crypto) / all
    }

    /// Draws when an instrument has its next event.
    pub(super) fn schedule(&mut self, source: usize, at: i64) {
        let rate = self.events_per_second(source, at);
        let number = source - TASKS;
        let gap = if let Some(stock) = self.stocks.get_mut(number) {
            stock.hawkes.gap(&mut stock.rng)
        } else if let Some(pair) = self.pairs.get_mut(number - STOCK_COUNT) {
            pair.hawkes.gap(&mut pair.rng)
        } else {
            self.chain.gap()
        };
        let nanos = if rate > 0.0 { ((gap * 1e9 / rate).min(LONGEST_GAP) as i64).max(1) } else { LOOK_AGAIN };
        self.next[source] = at + nanos;
    }

    pub(super) fn plan_fixes(&mut self) {
        self.plan(Task::Fix, self.fixes.iter().map(|f| f.at).min().unwrap_or(i64::MAX));
    }

    pub(super) fn plan(&mut self, task: Task, at: i64) {
        if let Some(source) = ALL_TASKS.iter().position(|t| *t == task) {
            self.next[source] = at;
        }
    }

    /// What is sent first: quotes, bands and whole books. The rate does not count them.
    pub(super) fn begin(&mut self, out: &mut dyn FnMut(Venue, &Message<'_>)) {
        let now = self.now;
        let regular = self.day.is_regular(now);
        let mut uncounted = 0;
        let mut wire = Wire { out, history: &mut self.history, sent: &mut uncounted };
        for stock in &mut self.stocks {
            halts::update_band(now, stock, regular, true, &mut wire);
            stock.send_quote(&mut wire);
        }
        for pair in &self.pairs {
            wire.tick(pair.venue(), &Message::OrderBook(pair.full_book(now)));
            wire.tick(pair.venue(), &Message::Quote(pair.quote()));
        }
        for contract in &self.chain.contracts {
            wire.tick(Venue::Options, &Message::Quote(contract.quote()));
        }
    }

    pub(super) fn run_task(&mut self, task: Task, at: i64, out: &mut dyn FnMut(Venue, &Message<'_>)) {
        match task {
            Task::Second => {
                self.second(at, out);
                self.plan(task, at + SECOND);
            }
            Task::MinuteEnd => {
                self.minute_end(at, out);
                self.plan(task, at + MINUTE);
            }
            Task::HalfMinute => {
                let mut wire = Wire { out, history: &mut self.history, sent: &mut self.sent };
                for stock in &mut self.stocks {
                    let symbol = stock.spec.symbol;
                    while let Some(bar) = stock.bars.changed_minute(symbol) {
                        wire.keep(Venue::Stocks, &Message::Bar(BarKind::Updated, bar));
                    }
                }
                for pair in &mut self.pairs {
                    let (venue, symbol) = (pair.venue(), pair.spec.symbol);
                    while let Some(bar) = pair.bars.changed_minute(symbol) {
                        wire.keep(venue, &Message::Bar(BarKind::Updated, bar));
                    }
                }
                self.plan(task, at + MINUTE);
            }
            Task::Fix => {
                let mut wire = Wire { out, history: &mut self.history, sent: &mut self.sent };
                while let Some(due) = self.fixes.iter().position(|f| f.at <= at) {
                    let fix = self.fixes.remove(due);
                    if let Some(stock) = self.stocks.get_mut(fix.stock) {
                        fix.settle(stock, &mut wire, &mut self.ids);
                    }
                }
                self.plan_fixes();
            }
            Task::Halt => self.halt(at, out),
            Task::News => {
                let mut wire = Wire { out, history: &mut self.history, sent: &mut self.sent };
                let (stocks, pairs) = (&self.stocks, &self.pairs);
                self.newsroom.publish(
                    at,
                    |rng| {
                        // One article in seven is about the market as a whole.
                        let number = rng.below(14) as usize;
                        if let Some(stock) = stocks.get(number) {
                            Some(Facts {
                                symbol: stock.spec.symbol,
                                name: stock.spec.name,
                                cents: stock.fair.round() as i64,
                                basis_points: change(stock.fair, stock.spec.cents),
                                spread_cents: stock.touch.ask - stock.touch.bid,
                            })
                        } else {
                            let pair = pairs.get(number - STOCK_COUNT).filter(|p| !p.spec.perpetual)?;
                            let (bid, ask) = pair.best();
                            Some(Facts {
                                symbol: pair.spec.symbol,
                                name: pair.spec.name.split(' ').next().unwrap_or(pair.spec.name),
                                cents: pair.mid().round() as i64,
                                basis_points: change(pair.mid(), pair.spec.cents),
                                spread_cents: ask - bid,
                            })
                        }
                    },
                    &mut wire,
                );
                self.plan(task, self.newsroom.at);
            }
            Task::Order => {
                let (stocks, pairs, day) = (&self.stocks, &self.pairs, &self.day);
                self.desk.step(at, |number| {
                    if let Some(stock) = stocks.get(number) {
                        let open = day.is_regular(at) && !stock.halted;
                        open.then_some(Market {
                            symbol: stock.spec.symbol,
                            crypto: false,
                            bid: stock.touch.bid,
                            ask: stock.touch.ask,
                        })
                    } else {
                        let pair = pairs.get(number - STOCK_COUNT)?;
                        let (bid, ask) = pair.best();
                        Some(Market { symbol: pair.spec.symbol, crypto: true, bid, ask })
                    }
                });
                self.plan(task, self.desk.at);
            }
            Task::Test => {
                let mut wire = Wire { out, history: &mut self.history, sent: &mut self.sent };
                self.test.step(at, &mut wire);
                self.plan(task, self.test.at);
            }
        }
    }

    fn second(&mut self, at: i64, out: &mut dyn FnMut(Venue, &Message<'_>)) {
        let activity = self.activity(at);
        self.governor.second(self.sent, activity);
        if at >= self.day.end {
            self.day = NewYorkDay::of(Timestamp(at));
            for stock in &mut self.stocks {
                stock.bars.begin_day(self.day.midnight);
            }
        }
        if at.rem_euclid(DAY) < SECOND {
            for pair in &mut self.pairs {
                pair.bars.begin_day(at.div_euclid(DAY) * DAY);
            }
        }
        if self.rng.below(WRONG_PRINT_SECONDS) == 0 && self.fixes.len() < MAX_FIXES {
            let number = self.rng.below(STOCK_COUNT as u32) as usize;
            let kind = FixKind::draw(&mut self.rng);
            if let Some(stock) = self.stocks.get_mut(number) {
                stock.fix_next = Some(kind);
            }
        }

        let second = at.div_euclid(SECOND);
        let regular = self.day.is_regular(at);
        let every = |seconds: i64| second.rem_euclid(seconds) == 0;
        let (opens, closes) = self.day.hours.map_or((false, false), |h| (h.open == at, h.close == at));
        let before_auction = self.day.hours.is_some_and(|h| {
            [h.open, h.close]
                .iter()
                .any(|auction| (auction - IMBALANCE_MINUTES * MINUTE..*auction).contains(&at))
        });
        let mut wire = Wire { out, history: &mut self.history, sent: &mut self.sent };
        for stock in &mut self.stocks {
            if closes && !stock.halted {
                stock.auction(at, "6", true, &mut wire, &mut self.ids);
            }
            if every(BAND_SECONDS) {
                halts::update_band(at, stock, regular, every(RESTATE_SECONDS), &mut wire);
            }
            if opens && !stock.halted {
                stock.auction(at, "O", true, &mut wire, &mut self.ids);
            }
            if every(IMBALANCE_SECONDS) && (before_auction || stock.halted) {
                halts::send_imbalance(at, stock, &mut wire);
            }
        }
        let index = self.pairs.first().map_or(0.0, Pair::mid);
        for pair in &mut self.pairs {
            if every(RESET_SECONDS) {
                wire.tick(pair.venue(), &Message::OrderBook(pair.full_book(at)));
            }
            if every(PRICING_SECONDS) && pair.spec.perpetual {
                wire.tick(pair.venue(), &Message::Pricing(pair.pricing(at, index)));
            }
        }
    }

    fn minute_end(&mut self, at: i64, out: &mut dyn FnMut(Venue, &Message<'_>)) {
        let start = at.div_euclid(MINUTE) * MINUTE - MINUTE;
        let mut wire = Wire { out, history: &mut self.history, sent: &mut self.sent };
        for stock in &mut self.stocks {
            let symbol = stock.spec.symbol;
            if let Some(bar) = stock.bars.close_minute(symbol, start) {
                wire.keep(Venue::Stocks, &Message::Bar(BarKind::Minute, bar));
                if let Some(day) = stock.bars.day(symbol) {
                    wire.keep(Venue::Stocks, &Message::Bar(BarKind::Daily, day));
                }
            }
        }
        for pair in &mut self.pairs {
            let venue = pair.venue();
            if let Some(bar) = pair.close_minute(start) {
                wire.keep(venue, &Message::Bar(BarKind::Minute, bar));
            }
            if let Some(day) = pair.bars.day(pair.spec.symbol) {
                wire.keep(venue, &Message::Bar(BarKind::Daily, day));
            }
        }
        self.test.close_minute(start, &mut wire);
    }

    fn halt(&mut self, at: i64, out: &mut dyn FnMut(Venue, &Message<'_>)) {
        let Some(number) = self.stocks.iter().position(|s| s.spec.halts) else {
            self.plan(Task::Halt, i64::MAX);
            return;
        };
        let mut wire = Wire { out, history: &mut self.history, sent: &mut self.sent };
        if let Some(stock) = self.stocks.get_mut(number) {
            let change = self.halts.step(at, stock, &self.day, &mut wire, &mut self.ids);
            if change != Change::Nothing {
                let halted = change == Change::Halted;
                self.newsroom.flash(at, stock.spec.symbol, stock.spec.name, halted, &mut wire);
            }
            if change == Change::Resumed {
                self.schedule(TASKS + number, at);
            }
        }
        self.plan(Task::Halt, self.halts.at);
    }
}

/// Change from `before` cents, in hundredths of a percent.
fn change(cents: f64, before: i64) -> i64 {
    ((cents / before as f64 - 1.0) * 10_000.0).round() as i64
}

/// When each task has its first turn.
pub(super) fn first_turn(task: Task, simulator: &Simulator) -> i64 {
    let next = |period: i64| (simulator.now.div_euclid(period) + 1) * period;
    match task {
        Task::Second => next(SECOND),
        Task::MinuteEnd => next(MINUTE) + BAR_DELAY,
        Task::HalfMinute => {
            (simulator.now - MINUTE / 2).div_euclid(MINUTE) * MINUTE + MINUTE + MINUTE / 2 + BAR_DELAY
        }
        Task::Fix => i64::MAX,
        Task::Halt => simulator.halts.at,
        Task::News => simulator.newsroom.at,
        Task::Order => simulator.desk.at,
        Task::Test => simulator.test.at,
    }
}

/// Sources that are instruments.
pub(super) fn instruments() -> std::ops::Range<usize> {
    TASKS..TASKS + STOCK_COUNT + PAIR_COUNT + 1
}
