//! Sole owner of the sessions, the store and the transports: frames in, dirty bits out.
//!
//! Nothing here writes a signal while a message is handled. Messages change the store and mark
//! what changed; the publisher, run once in each animation frame, reads the store and writes the
//! signals that differ.

mod backfill;
mod clock;
mod connection;
mod events;
pub mod handle;
mod layout;
mod news;
mod older;
mod pauses;
mod publish;
mod relay;
mod view;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Interval;
use leptos::prelude::Set;
use wasm_bindgen_futures::spawn_local;
use wickwire_market::{Limits, Store, Timeframe};
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::request::Credentials;
use wickwire_proto::time::Timestamp;

use crate::dom::Listener;
use crate::frame::{Dirty, Frame, Registration};
use crate::rest::Rest;
use crate::source::{DEFAULT_STOCK, Feed, RELAY_PLACEHOLDER, Source, TEST_SYMBOL};
use crate::state::{DataKind, DataLabel, HistoryState, KnownSymbol, Older, Signals};
use crate::transport::Transport;
use crate::transport::demo::DemoExchange;
use crate::transport::websocket::WebSockets;
use crate::url::ViewUrl;

use clock::MarketClock;
use connection::Connection;
use news::Headlines;
use publish::Memory;

/// How often figures that change by themselves (ages, rates, clocks) are brought up to date, in
/// milliseconds.
const HEARTBEAT_MS: u32 = 500;
/// Symbols offered below the field at most.
const MAX_KNOWN: usize = 500;
/// Bars of the shown series that are kept.
pub const MAX_SHOWN_BARS: usize = 100_000;
/// What the store keeps. A row takes 69 bytes, and a column one free slot for two values at most
/// while it grows at its front. The shown series may be read back for 100,000 bars: 7 MB, up to 10 on
/// the way there. Other timeframes of the shown symbol hold a week of minutes, those of up to 31
/// symbols shown before what a view opens with; a symbol has three series loaded, in which it was
/// looked at. That is some 60 MB if everything is full; a symbol more pushes out the least recently
/// shown.
const LIMITS: Limits =
    Limits { bars: MAX_SHOWN_BARS, idle_bars: 10_000, hidden_bars: 2_000, instruments: 32 };

/// The engine; one a page.
pub struct Engine {
    this: Weak<Self>,
    signals: Signals,
    frame: Frame,
    inner: RefCell<Inner>,
    /// Counts up with every source, so that late answers for an earlier one are dropped.
    source_epoch: Cell<u64>,
    /// Counts up with every symbol and timeframe.
    view_epoch: Cell<u64>,
    /// Counts up with every hole that is to be filled: only the newest asks.
    fillers: Cell<u64>,
    /// Count up with every history, and every list of news, that is asked for: only the newest goes on.
    histories: Cell<u64>,
    news_lists: Cell<u64>,
    /// The layout has changed and is not kept yet.
    keeping: Cell<bool>,
    kept: RefCell<Kept>,
}

/// Things that only have to live as long as the engine runs.
#[derive(Default)]
struct Kept {
    listeners: Vec<Listener>,
    registrations: Vec<Registration>,
    heartbeat: Option<Interval>,
}

struct Inner {
    store: Store,
    source: Option<Source>,
    transport: Option<Rc<dyn Transport>>,
    rest: Option<Rest>,
    demo: Option<Rc<DemoExchange>>,
    credentials: Option<Credentials>,
    connections: Vec<Connection>,
    symbol: String,
    timeframe: Timeframe,
    /// How far back the shown series has been read.
    older: Older,
    clock: MarketClock,
    label: DataLabel,
    /// Market seconds a second of a recording; `None` if it plays as fast as it can.
    speed: Option<f64>,
    /// The source has come to its end: silence is no fault.
    finished: bool,
    /// What the relay said it shows.
    showing: Option<relay::Showing>,
    /// What stands in the way of connecting at all, in words.
    obstacle: Option<&'static str>,
    next_link: u64,
    /// Symbols the source told of.
    known: Vec<KnownSymbol>,
    /// How far the history of the shown series has come.
    history: HistoryState,
    /// How far the list of news has come.
    news_history: HistoryState,
    headlines: Headlines,
    /// Market time at which the shown history was asked for.
    loaded_at: Timestamp,
    /// Endpoints whose history was asked for before their stream had begun: what happened in
    /// between is asked for once the subscription is confirmed.
    behind: Vec<Endpoint>,
    memory: Memory,
}

impl Engine {
    fn new(signals: Signals) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            signals,
            frame: Frame::new(),
            inner: RefCell::new(Inner {
                store: new_store(),
                source: None,
                transport: None,
                rest: None,
                demo: None,
                credentials: None,
                connections: Vec::new(),
                symbol: String::new(),
                older: Older::Idle,
                timeframe: Timeframe::default(),
                clock: MarketClock::wall(),
                label: DataLabel::default(),
                speed: None,
                finished: false,
                showing: None,
                obstacle: None,
                next_link: 0,
                known: Vec::new(),
                history: HistoryState::default(),
                news_history: HistoryState::default(),
                headlines: Headlines::default(),
                loaded_at: Timestamp::default(),
                behind: Vec::new(),
                memory: Memory::default(),
            }),
            source_epoch: Cell::new(0),
            view_epoch: Cell::new(0),
            fillers: Cell::new(0),
            histories: Cell::new(0),
            news_lists: Cell::new(0),
            keeping: Cell::new(false),
            kept: RefCell::default(),
        })
    }

    /// Listens to the page, reads the address bar and connects.
    fn start(&self) {
        self.listen();
        let view = ViewUrl::read();
        let settings = self.signals.settings;
        settings.adopt(&view);
        if let Some(timeframe) = settings.peek(|layout| layout.timeframe) {
            self.signals.timeframe.set(timeframe);
            self.inner.borrow_mut().timeframe = timeframe;
        }
        match view.source {
            Some(source) => self.begin(source, view.symbol),
            None => self.begin_with_default(view.symbol),
        }
    }

    /// Nobody chose: a relay if one serves this page, otherwise the demo.
    fn begin_with_default(&self, symbol: Option<String>) {
        let epoch = self.source_epoch.get();
        let this = Weak::clone(&self.this);
        spawn_local(async move {
            let status = relay::fetch_status().await;
            let Some(engine) = this.upgrade().filter(|e| e.source_epoch.get() == epoch) else { return };
            match status {
                Some(_) => engine.begin(Source::Relay { feed: Feed::default() }, symbol),
                None => engine.begin(Source::Demo, symbol),
            }
        });
    }

    /// Changes the source. Credentials typed in replace those in memory; without, Alpaca gets those
    /// that are in memory.
    fn set_source(self: Rc<Self>, source: Source, credentials: Option<Credentials>) {
        let symbol = {
            let mut inner = self.inner.borrow_mut();
            let same_kind = inner.source.is_some_and(|old| old.key() == source.key());
            // A relay without a typed key gets the placeholder again, even after a refusal.
            let reusable = same_kind && matches!(source, Source::Direct { .. });
            if credentials.is_some() || !reusable {
                inner.credentials = credentials;
            }
            let keep = same_kind && !inner.symbol.is_empty();
            keep.then(|| inner.symbol.clone())
        };
        self.begin(source, symbol);
    }

    fn begin(&self, source: Source, symbol: Option<String>) {
        self.leave();
        let epoch = self.source_epoch.get();
        {
            let mut inner = self.inner.borrow_mut();
            inner.source = Some(source);
            inner.credentials = match source {
                Source::Direct { .. } => inner.credentials.take(),
                // A key that was typed in for the relay stays; a demo has none.
                Source::Relay { .. } => inner.credentials.take().or_else(placeholder),
                Source::Demo => placeholder(),
            };
        }
        match source {
            Source::Demo => self.begin_demo(symbol),
            Source::Direct { feed } => self.begin_direct(feed, symbol),
            Source::Relay { .. } => {
                let this = Weak::clone(&self.this);
                {
                    let mut inner = self.inner.borrow_mut();
                    inner.transport = Some(Rc::new(WebSockets::to_relay()));
                    inner.rest = inner.credentials.clone().map(Rest::relay);
                }
                spawn_local(async move {
                    let status = relay::fetch_status().await;
                    let Some(engine) = this.upgrade().filter(|e| e.source_epoch.get() == epoch) else {
                        return;
                    };
                    engine.begin_relay(status, symbol);
                });
            }
        }
        self.frame.request(Dirty::ALL);
    }

    fn begin_demo(&self, symbol: Option<String>) {
        let demo = DemoExchange::start();
        let known = demo.known_symbols();
        let default = demo.default_symbol();
        {
            let mut inner = self.inner.borrow_mut();
            inner.known = known;
            inner.clock = MarketClock::exchange(Rc::clone(&demo));
            inner.label = demo.label();
            inner.rest = Some(Rest::in_page(Rc::clone(&demo)));
            inner.transport = Some(Rc::new(Rc::clone(&demo)));
            inner.demo = Some(demo);
        }
        self.show(symbol.unwrap_or(default));
    }

    fn begin_direct(&self, feed: Feed, symbol: Option<String>) {
        let has_keys = {
            let mut inner = self.inner.borrow_mut();
            inner.known = direct_symbols(feed);
            inner.clock = MarketClock::wall();
            inner.label = direct_label(feed);
            inner.transport = Some(Rc::new(WebSockets::to_alpaca()));
            inner.rest = inner.credentials.clone().map(Rest::alpaca);
            let has_keys = inner.credentials.is_some();
            inner.obstacle =
                (!has_keys).then_some("Alpaca wants a key and its secret; they are typed in under Source.");
            has_keys
        };
        let default = if feed == Feed::Test { TEST_SYMBOL } else { DEFAULT_STOCK };
        self.show(symbol.unwrap_or_else(|| default.to_owned()));
        if !has_keys {
            self.signals.source_dialog.set(true);
        }
    }

    /// Drops everything of the present source: sockets closed, store emptied.
    fn leave(&self) {
        self.source_epoch.set(self.source_epoch.get() + 1);
        self.view_epoch.set(self.view_epoch.get() + 1);
        let endpoints: Vec<Endpoint> = self.inner.borrow().connections.iter().map(|c| c.endpoint).collect();
        for endpoint in endpoints {
            self.stop_connection(endpoint);
        }
        let mut inner = self.inner.borrow_mut();
        inner.connections.clear();
        inner.store = new_store();
        inner.transport = None;
        inner.rest = None;
        if let Some(demo) = inner.demo.take() {
            demo.stop();
        }
        inner.label = DataLabel::default();
        inner.finished = false;
        inner.showing = None;
        inner.clock = MarketClock::wall();
        inner.speed = None;
        inner.obstacle = None;
        inner.symbol.clear();
        inner.behind.clear();
        inner.memory = Memory::default();
        inner.known.clear();
        inner.history = HistoryState::Idle;
        inner.news_history = HistoryState::Idle;
    }

    /// Whether there are credentials in memory that were typed in.
    fn has_credentials(&self) -> bool {
        let inner = self.inner.borrow();
        matches!(inner.source, Some(Source::Direct { .. })) && inner.credentials.is_some()
    }

    /// Reads the store; `None` if it is being changed right now.
    fn with_store<R>(&self, read: impl FnOnce(&Store) -> R) -> Option<R> {
        self.inner.try_borrow().ok().map(|inner| read(&inner.store))
    }

    /// The source's clock; `None` while it is being changed.
    fn market_now(&self) -> Option<Timestamp> {
        self.inner.try_borrow().ok().map(|inner| inner.clock.now())
    }

    const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Closes every socket and stops every timer.
    fn shutdown(&self) {
        self.leave();
        *self.kept.borrow_mut() = Kept::default();
    }

    fn is_current(&self, source_epoch: u64) -> bool {
        self.source_epoch.get() == source_epoch
    }
}

fn new_store() -> Store {
    Store::new(LIMITS)
}

#[allow(clippy::unnecessary_wraps)]
fn placeholder() -> Option<Credentials> {
    Some(Credentials::new(RELAY_PLACEHOLDER, RELAY_PLACEHOLDER))
}

fn direct_label(feed: Feed) -> DataLabel {
    match feed {
        Feed::Iex | Feed::Sip => {
            DataLabel { kind: DataKind::Live, text: format!("LIVE · {}", feed.label()) }
        }
        Feed::DelayedSip => DataLabel { kind: DataKind::Delayed, text: "DELAYED 15 MIN · SIP".to_owned() },
        Feed::Test => DataLabel { kind: DataKind::Simulated, text: "TEST FEED · MADE UP".to_owned() },
    }
}

/// Liquid symbols to begin with, since a browser may not be allowed to ask Alpaca for its list.
fn direct_symbols(feed: Feed) -> Vec<KnownSymbol> {
    let list: &[(&str, &str)] = if feed == Feed::Test {
        &[(TEST_SYMBOL, "Made up by Alpaca")]
    } else {
        &[
            ("AAPL", "Apple"),
            ("AMZN", "Amazon"),
            ("GOOGL", "Alphabet"),
            ("IBM", "IBM"),
            ("META", "Meta Platforms"),
            ("MSFT", "Microsoft"),
            ("NVDA", "NVIDIA"),
            ("QQQ", "Invesco QQQ"),
            ("SPY", "SPDR S&P 500"),
            ("TSLA", "Tesla"),
            ("BTC/USD", "Bitcoin"),
            ("ETH/USD", "Ether"),
        ]
    };
    list.iter()
        .map(|(symbol, name)| KnownSymbol { symbol: (*symbol).to_owned(), name: (*name).to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use wickwire_market::{Bar, Timeframe};
    use wickwire_proto::message::{Message, Quote};
    use wickwire_proto::time::Timestamp;

    use super::*;

    #[test]
    fn the_store_keeps_what_its_limits_say() {
        let mut store = new_store();
        let minute = |number: i64| Bar {
            time: Timestamp::from_seconds(60 * (number + 20_000_000)),
            open: 1.0,
            high: 1.0,
            low: 1.0,
            close: 1.0,
            ..Bar::default()
        };
        store.set_shown(&[("A", Timeframe::Min1)]);
        store.prepend_bars("A", Timeframe::Min1, (0..LIMITS.bars as i64 + 100).map(minute));
        let kept = |store: &Store| store.instrument("A").map_or(0, |a| a.series(Timeframe::Min1).len());
        assert_eq!(kept(&store), LIMITS.bars);
        store.set_shown(&[("A", Timeframe::Hour1)]);
        assert_eq!(kept(&store), LIMITS.idle_bars);
        store.set_shown(&[("B", Timeframe::Min1)]);
        assert_eq!(kept(&store), LIMITS.hidden_bars);
        for number in 0..2 * LIMITS.instruments {
            let symbol = format!("S{number}");
            store.set_shown(&[(&symbol, Timeframe::Min1)]);
            store.apply(&Message::Quote(Quote {
                symbol: symbol.into(),
                bid_price: 1.0,
                ask_price: 2.0,
                time: Timestamp::from_seconds(1_381_152_600),
                ..Quote::default()
            }));
        }
        assert_eq!(store.instruments().count(), LIMITS.instruments);
    }
}
