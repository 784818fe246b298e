//! A simulated market as it stands at its start: instruments, past, first quotes.

use wickwire_proto::message::{BarKind, Message};
use wickwire_proto::time::NANOS_PER_SECOND;

use crate::feed::{Listing, Venue};
use crate::history::History;

use super::bars::{Bars, PastBar};
use super::crypto::{self, Pair};
use super::halts::Halts;
use super::newsroom::{Facts, Newsroom};
use super::options::Chain;
use super::orders::OrderDesk;
use super::pace::Governor;
use super::past::{self, Past, STOCK_TICK, Shape};
use super::rng::Rng;
use super::schedule::{first_turn, instruments, total_weight};
use super::session::{DAY, NewYorkDay};
use super::stock::{self, Stock, fingerprint};
use super::tables::{CENT, CRYPTO, STOCKS, TEST_SYMBOL, UNDERLYING};
use super::test_feed::TestFeed;
use super::wire::TradeIds;
use super::{ALL_TASKS, MAX_RATE, MIN_RATE, SOURCES, SimConfig, Simulator};

/// Articles that were there before the start.
const PAST_ARTICLES: i64 = 12;
/// Seconds between them.
const PAST_ARTICLE_SECONDS: i64 = 420;

pub(super) fn simulator(config: SimConfig) -> Simulator {
    let rate =
        if config.rate.is_finite() { config.rate.clamp(MIN_RATE, MAX_RATE) } else { SimConfig::USUAL_RATE };
    let config = SimConfig { rate, ..config };
    let (seed, start) = (config.seed, config.start.nanos());
    let day = NewYorkDay::of(config.start);
    let rng = |name: &str| Rng::new(seed, fingerprint(name));

    let mut history = History::new();
    let mut stocks: Vec<Stock> = STOCKS.iter().map(|spec| Stock::new(spec, seed, start)).collect();
    let mut pairs: Vec<Pair> = CRYPTO.iter().map(|spec| Pair::new(spec, seed, start)).collect();
    let per_minute =
        |weight: f64, messages: f64, trades: f64| rate * 60.0 * weight / (total_weight() * messages) * trades;
    for stock in &mut stocks {
        let spec = stock.spec;
        let shape = Shape {
            price: stock.fair * CENT as f64,
            tick: STOCK_TICK,
            per_root_second: stock.cents_per_root_second() * CENT as f64,
            spread: spec.spread * CENT as f64,
            trades: per_minute(spec.weight, stock::MESSAGES_PER_EVENT, stock::TRADE_SHARE),
            size: f64::from(spec.lot) * stock::MEAN_LOTS,
        };
        let past = past::of_stock(&mut rng(&["past ", spec.symbol].concat()), shape, start);
        stock.bars.begin_day(day.midnight);
        for bar in past.minutes.iter().filter(|b| b.start >= day.midnight) {
            if day.is_regular(bar.start) {
                stock.bars.add_to_day(bar);
            } else {
                stock.bars.add_day_volume(bar);
            }
        }
        seed_history(&mut history, Venue::Stocks, spec.symbol, &past, &stock.bars);
        history.apply(Venue::Stocks, &Message::Quote(stock.quote()));
    }
    for pair in &mut pairs {
        let spec = pair.spec;
        let shape = Shape {
            price: pair.fair,
            tick: 1,
            per_root_second: pair.cents_per_root_second(),
            spread: spec.spread as f64,
            trades: per_minute(spec.weight, crypto::MESSAGES_PER_EVENT, crypto::TRADE_SHARE),
            size: f64::from(spec.level) * crypto::MEAN_TRADE,
        };
        let past = past::of_pair(&mut rng(&["past ", spec.symbol].concat()), shape, start);
        let today = start.div_euclid(DAY) * DAY;
        for bar in past.minutes.iter().filter(|b| b.start >= today) {
            pair.bars.add_to_day(bar);
        }
        let venue = pair.venue();
        seed_history(&mut history, venue, spec.symbol, &past, &pair.bars);
        history.apply(venue, &Message::Quote(pair.quote()));
        history.apply(venue, &Message::OrderBook(pair.full_book(start)));
        // No changes are pending: the book as it stands is the first thing that is sent.
        pair.forget_changes();
    }
    let chain = Chain::new(&stocks[UNDERLYING], seed, start);
    for contract in &chain.contracts {
        history.apply(Venue::Options, &Message::Quote(contract.quote()));
    }
    let mut newsroom = Newsroom::new(rng("news"), start);
    for i in (1..=PAST_ARTICLES).rev() {
        let at = start - i * PAST_ARTICLE_SECONDS * NANOS_PER_SECOND;
        let stock = usize::try_from(i).ok().and_then(|i| stocks.get(i % (STOCKS.len() + 2)));
        let facts = stock.map(|s| Facts {
            symbol: s.spec.symbol,
            name: s.spec.name,
            cents: s.spec.cents,
            basis_points: 0,
            spread_cents: s.touch.ask - s.touch.bid,
        });
        history.apply(Venue::News, &Message::News(newsroom.write(at, facts)));
    }

    let listings = listings(&chain);
    let mut simulator = Simulator {
        config,
        now: start,
        day,
        next: [i64::MAX; SOURCES],
        halts: Halts::new(start),
        fixes: Vec::new(),
        desk: OrderDesk::new(
            rng("orders"),
            start,
            STOCKS.len() + CRYPTO.iter().filter(|c| !c.perpetual).count(),
        ),
        test: TestFeed::new(rng("test"), start),
        governor: Governor::new(rate),
        ids: TradeIds::new(),
        rng: rng("market"),
        sent: 0,
        begun: false,
        stocks,
        pairs,
        chain,
        newsroom,
        history,
        listings,
    };
    for task in ALL_TASKS {
        let at = first_turn(task, &simulator);
        simulator.plan(task, at);
    }
    for source in instruments() {
        simulator.schedule(source, start);
    }
    simulator
}

fn seed_history(history: &mut History, venue: Venue, symbol: &'static str, past: &Past, bars: &Bars) {
    let message = |kind: BarKind, bar: &PastBar| Message::Bar(kind, bar.to_bar(symbol, bars.scale()));
    for bar in &past.minutes {
        history.apply(venue, &message(BarKind::Minute, bar));
    }
    for bar in &past.days {
        history.apply(venue, &message(BarKind::Daily, bar));
    }
    // The running day is told as the simulation itself goes on to tell it.
    if let Some(day) = bars.day(symbol) {
        history.apply(venue, &Message::Bar(BarKind::Daily, day));
    }
}

fn listings(chain: &Chain) -> Vec<Listing> {
    let stocks = STOCKS.iter().map(|s| Listing {
        symbol: s.symbol.into(),
        name: s.name.into(),
        venue: Venue::Stocks,
        exchange: s.listing.into(),
    });
    let pairs = CRYPTO.iter().map(|c| Listing {
        symbol: c.symbol.into(),
        name: c.name.into(),
        venue: if c.perpetual { Venue::CryptoPerps } else { Venue::Crypto },
        exchange: "CRYPTO".into(),
    });
    let options = chain.contracts.iter().map(|c| Listing {
        symbol: c.symbol.clone().into(),
        name: c.name.clone().into(),
        venue: Venue::Options,
        exchange: "OPRA".into(),
    });
    let test = Listing {
        symbol: TEST_SYMBOL.into(),
        name: "Symbol of the test endpoint".into(),
        venue: Venue::Test,
        exchange: "".into(),
    };
    stocks.chain(pairs).chain(options).chain([test]).collect()
}
