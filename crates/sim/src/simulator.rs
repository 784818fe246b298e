//! A deterministic market: the same seed and start give the same messages on every machine.
//!
//! Tickers are real, every price, trade and headline is invented. Ten stocks trade around the clock
//! and keep New York's hours: they are lively at the open and the close, ordinary in between, and
//! slow at night and on days without a session, when their trades carry condition `T`. One of them runs into its
//! price band now and then, halts for five minutes and resumes. Two crypto pairs and a perpetual
//! future have full order books at all times. Six option contracts trade in the regular session.
//! An invented agency writes headlines, and a made-up trader enters orders for the trading stream.
//!
//! What happens is a list of events, each with its own time; [`Feed::advance`] works it off up to a
//! time, so the size of its steps changes nothing. Arithmetic is that of integers and of the five
//! exact operations of floats (no `ln` or `exp` of the platform), so a browser and a server agree.
//!
//! The past is seeded as bars: the two trading days before and the day so far in minutes, 250 days
//! as daily bars. There were never any trades behind them. From the start on, minute bars, updated
//! bars and daily bars are exactly the sums of the trades sent.
//!
//! | room | purpose |
//! | --- | --- |
//! | `tables` | what is traded |
//! | `session` | New York's hours |
//! | `pace` | when things happen, and how often |
//! | `stock`, `halts`, `fixes` | a stock, its pauses, its wrong prints and their corrections |
//! | `crypto`, `options`, `test_feed` | the other markets |
//! | `newsroom`, `orders` | headlines and the account's orders |
//! | `bars`, `past` | bars of what was sent, and of the time before |

mod bars;
mod crypto;
mod fixes;
mod halts;
mod newsroom;
mod options;
#[cfg_attr(not(feature = "trading"), path = "simulator/no_orders.rs")]
mod orders;
mod pace;
mod past;
mod rng;
mod schedule;
mod session;
mod setup;
mod stock;
mod tables;
mod test_feed;
mod wire;

use wickwire_proto::message::Message;
use wickwire_proto::time::Timestamp;
use wickwire_proto::trading::TradeUpdate;

use crate::feed::{Feed, Listing, Venue};
use crate::history::History;

use crypto::Pair;
use fixes::Fix;
use halts::Halts;
use newsroom::Newsroom;
use options::Chain;
use orders::OrderDesk;
use pace::Governor;
use rng::Rng;
use session::{MINUTE, NewYorkDay};
use stock::Stock;
use tables::{CRYPTO, STOCKS};
use test_feed::TestFeed;
use wire::{TradeIds, Wire};

/// The slowest rate, in messages a second.
pub const MIN_RATE: f64 = 1.0;
/// The fastest rate, in messages a second.
pub const MAX_RATE: f64 = 100_000.0;

/// What a simulated market starts from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimConfig {
    /// Another seed is another market.
    pub seed: u64,
    /// Messages a second of market time, all symbols together, in an ordinary hour of the session;
    /// the open and the close bring more, nights fewer. From [`MIN_RATE`] to [`MAX_RATE`], others
    /// are moved there. The test endpoint and the trading stream come on top.
    pub rate: f64,
    /// Market time at the beginning.
    pub start: Timestamp,
}

impl SimConfig {
    /// The rate that suits someone who watches.
    pub const USUAL_RATE: f64 = 60.0;

    /// A market that begins at `start`, at the usual rate.
    #[must_use]
    pub const fn new(seed: u64, start: Timestamp) -> Self {
        Self { seed, rate: Self::USUAL_RATE, start }
    }

    /// The time at which a demo begins: 10:00 in New York on the day of `now`, or on the last
    /// trading day before if there is no session. It has been open for half an hour then.
    #[must_use]
    pub fn morning_of(now: Timestamp) -> Timestamp {
        let mut day = NewYorkDay::of(now);
        loop {
            match day.hours {
                Some(hours) => return Timestamp(hours.open + 30 * MINUTE),
                None => day = day.previous(),
            }
        }
    }
}

const STOCK_COUNT: usize = STOCKS.len();
const PAIR_COUNT: usize = CRYPTO.len();
/// Sources of events: every stock, every pair, the option chain, and the tasks of the schedule.
const SOURCES: usize = STOCK_COUNT + PAIR_COUNT + 1 + TASKS;
const TASKS: usize = 8;

/// What happens by the clock and not by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    /// Every second: pace, sessions, bands, imbalances, pricing.
    Second,
    /// Just after every minute: `b` and `d`.
    MinuteEnd,
    /// Just after every half minute: `u`.
    HalfMinute,
    /// The next correction or cancellation.
    Fix,
    /// The next stage of the halting stock.
    Halt,
    /// The next article.
    News,
    /// The next step of an order.
    Order,
    /// The next message of the test endpoint.
    Test,
}

/// In the order in which they go first at equal times.
const ALL_TASKS: [Task; TASKS] = [
    Task::Second,
    Task::MinuteEnd,
    Task::HalfMinute,
    Task::Fix,
    Task::Halt,
    Task::News,
    Task::Order,
    Task::Test,
];

/// A market made up from a seed. See the [module's description](self).
#[derive(Debug)]
pub struct Simulator {
    config: SimConfig,
    now: i64,
    day: NewYorkDay,
    /// When each source has its next event.
    next: [i64; SOURCES],
    stocks: Vec<Stock>,
    pairs: Vec<Pair>,
    chain: Chain,
    test: TestFeed,
    halts: Halts,
    fixes: Vec<Fix>,
    newsroom: Newsroom,
    desk: OrderDesk,
    governor: Governor,
    ids: TradeIds,
    /// For what belongs to no instrument.
    rng: Rng,
    sent: u64,
    begun: bool,
    history: History,
    listings: Vec<Listing>,
}

impl Simulator {
    /// A market with its past, at its start. Nothing has been sent yet.
    #[must_use]
    pub fn new(config: SimConfig) -> Self {
        setup::simulator(config)
    }

    /// What it was started with, the rate within its bounds.
    #[must_use]
    pub const fn config(&self) -> &SimConfig {
        &self.config
    }

    /// Messages sent so far, those of the test endpoint and the first state not counted.
    #[must_use]
    pub const fn sent(&self) -> u64 {
        self.sent
    }

    /// The source whose event is next. Of equals the first: the schedule, then the instruments.
    fn first(&self) -> (usize, i64) {
        let mut first = (0, i64::MAX);
        for (source, &at) in self.next.iter().enumerate() {
            if at < first.1 {
                first = (source, at);
            }
        }
        first
    }

    fn run(&mut self, source: usize, at: i64, out: &mut dyn FnMut(Venue, &Message<'_>)) {
        let mut wire = Wire { out, history: &mut self.history, sent: &mut self.sent };
        if let Some(task) = ALL_TASKS.get(source) {
            self.run_task(*task, at, out);
            return;
        }
        let number = source - TASKS;
        if let Some(stock) = self.stocks.get_mut(number) {
            if !stock.halted
                && let Some(fix) = stock.event(number, at, &self.day, &mut wire, &mut self.ids)
            {
                self.fixes.push(fix);
                self.plan_fixes();
            }
        } else if number < STOCK_COUNT + PAIR_COUNT {
            let index = self.pairs.first().map_or(0.0, Pair::mid);
            if let Some(pair) = self.pairs.get_mut(number - STOCK_COUNT) {
                pair.event(at, index, &mut wire);
            }
        } else if self.day.is_regular(at)
            && let Some(stock) = self.stocks.get(tables::UNDERLYING)
        {
            self.chain.event(at, stock, &mut wire);
        }
        self.schedule(source, at);
    }

    /// Puts the latest of every instrument into the history.
    fn note_latest(&mut self, since: i64) {
        for stock in &self.stocks {
            if stock.touch.time > since {
                self.history.apply(Venue::Stocks, &Message::Quote(stock.quote()));
            }
            if let Some(print) = stock.print.filter(|p| p.time > since) {
                self.history.apply(Venue::Stocks, &Message::Trade(stock.trade_message(&print)));
            }
        }
        for pair in self.pairs.iter().filter(|p| p.changed_at() > since) {
            let venue = pair.venue();
            self.history.apply(venue, &Message::Quote(pair.quote()));
            self.history.apply(venue, &Message::OrderBook(pair.full_book(pair.changed_at())));
            if let Some(trade) = pair.last_trade() {
                self.history.apply(venue, &Message::Trade(trade));
            }
        }
        for contract in self.chain.contracts.iter().filter(|c| c.changed_at() > since) {
            self.history.apply(Venue::Options, &Message::Quote(contract.quote()));
            if let Some(trade) = contract.trade() {
                self.history.apply(Venue::Options, &Message::Trade(trade));
            }
        }
    }
}

impl Feed for Simulator {
    fn now(&self) -> Timestamp {
        Timestamp(self.now)
    }

    fn next_at(&self) -> Option<Timestamp> {
        Some(Timestamp(if self.begun { self.first().1.max(self.now) } else { self.now }))
    }

    fn advance(&mut self, to: Timestamp, out: &mut dyn FnMut(Venue, &Message<'_>)) {
        let to = to.nanos();
        if to < self.now {
            return;
        }
        if !self.begun {
            self.begun = true;
            self.begin(out);
        }
        let since = self.now;
        loop {
            let (source, at) = self.first();
            if at > to {
                break;
            }
            self.now = self.now.max(at);
            self.run(source, at, out);
        }
        self.now = to;
        self.note_latest(since);
    }

    fn drain_trade_updates(&mut self, out: &mut dyn FnMut(&TradeUpdate)) {
        self.desk.drain(out);
    }

    fn history(&self) -> &History {
        &self.history
    }

    fn listings(&self) -> &[Listing] {
        &self.listings
    }
}

#[cfg(test)]
mod tests {
    use super::session::DAY;
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;
    use wickwire_market::calendar::Date;
    use wickwire_proto::time::NANOS_PER_SECOND;

    #[test]
    fn a_demo_begins_on_a_weekday_at_ten() {
        let monday = Date { year: 2026, month: 11, day: 23 }.days() * DAY;
        let ten = |day: i64| Timestamp(day * DAY + 15 * 3_600 * NANOS_PER_SECOND);
        let date = monday / DAY;
        assert_eq!(SimConfig::morning_of(Timestamp(monday + DAY / 2)), ten(date));
        assert_eq!(SimConfig::morning_of(Timestamp(monday - DAY / 2)), ten(date - 3), "Sunday");
    }
}
