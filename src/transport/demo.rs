//! The exchange in the page: the simulator behind the server's side of the protocol, reached
//! without a network. The engine sees links like any others.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use gloo_timers::callback::Timeout;
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::{Codec, OwnedFrame};
use wickwire_proto::hub::{ConnId, HubOut};
use wickwire_proto::message::{News, Quote};
use wickwire_proto::rest::RestBar;
use wickwire_proto::sorted::SortedMap;
use wickwire_proto::time::Timestamp;
use wickwire_sim::{
    BarSpan, BarsQuery, Exchange, ExchangeConfig, SimConfig, Simulator, SourceKind, SourceLabel, Venue,
};

use super::{Link, LinkEvent, LinkSink, Transport};
use crate::dom;
use crate::rest::backfill::BarsRequest;
use crate::source::{DEFAULT_STOCK, is_crypto};
use crate::state::{DataKind, DataLabel, KnownSymbol};

/// Messages a second of market time, all symbols together: the shown one moves all the time.
const RATE: f64 = 400.0;
/// Shortest pause between two turns of the exchange, in milliseconds: about one a frame.
const MIN_PAUSE_MS: f64 = 15.0;
/// Turns made at once when the exchange is behind, as after a pause of a hidden tab's timers.
const MAX_TURNS: usize = 32;
/// After a longer pause (the machine slept), market time goes on from where it stood.
const MAX_CATCH_UP: Duration = Duration::from_secs(120);
/// Longest pause, so that its clock on the screen does not stand still.
const MAX_PAUSE_MS: f64 = 500.0;

/// The exchange, its timer and its links.
pub struct DemoExchange {
    this: Weak<Self>,
    exchange: RefCell<Exchange>,
    links: RefCell<SortedMap<ConnId, Rc<Open>>>,
    timer: RefCell<Option<Timeout>>,
    woken: Cell<bool>,
    last_turn: Cell<Duration>,
    stopped: Cell<bool>,
}

/// The page's end of a link.
struct Open {
    sink: LinkSink,
    /// Whether it was told that the link is open.
    told: Cell<bool>,
}

impl Open {
    fn open(&self) {
        if !self.told.replace(true) {
            (self.sink)(LinkEvent::Opened);
        }
    }
}

impl DemoExchange {
    /// A market that has been open for a while, on the day of the wall clock.
    #[must_use]
    pub fn start() -> Rc<Self> {
        let start = SimConfig::morning_of(Timestamp::from_millis(dom::wall_clock_ms()));
        let config = SimConfig { rate: RATE, ..SimConfig::new(dom::random_seed(), start) };
        let simulator = Simulator::new(config);
        let config = ExchangeConfig::new(SourceLabel::simulated());
        let this = Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            exchange: RefCell::new(Exchange::new(Box::new(simulator), config)),
            links: RefCell::default(),
            timer: RefCell::default(),
            woken: Cell::new(false),
            last_turn: Cell::new(dom::now()),
            stopped: Cell::new(false),
        });
        this.wake_soon();
        this
    }

    /// Stops for good; links end without a word.
    pub fn stop(&self) {
        self.stopped.set(true);
        drop(self.links.take());
        *self.timer.borrow_mut() = None;
    }

    /// Market time.
    #[must_use]
    pub fn clock(&self) -> Timestamp {
        self.exchange.try_borrow().map_or(Timestamp::default(), |e| e.clock())
    }

    /// Whether nothing will come any more.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.exchange.try_borrow().is_ok_and(|e| e.finished())
    }

    /// What the data is.
    #[must_use]
    pub fn label(&self) -> DataLabel {
        let kind = self.exchange.borrow().label().kind;
        match kind {
            SourceKind::Simulated => DataLabel { kind: DataKind::Simulated, text: "SIMULATED".to_owned() },
            SourceKind::Recorded => DataLabel { kind: DataKind::Recorded, text: "RECORDED".to_owned() },
        }
    }

    /// What there is to look at.
    #[must_use]
    pub fn known_symbols(&self) -> Vec<KnownSymbol> {
        let exchange = self.exchange.borrow();
        let shown = |venue: Venue| matches!(venue, Venue::Stocks | Venue::Crypto);
        exchange
            .feed()
            .listings()
            .iter()
            .filter(|l| shown(l.venue))
            .map(|l| KnownSymbol { symbol: l.symbol.to_string(), name: l.name.to_string() })
            .collect()
    }

    /// The symbol to begin with.
    #[must_use]
    pub fn default_symbol(&self) -> String {
        self.exchange.borrow().feed().default_symbol().unwrap_or(DEFAULT_STOCK).to_owned()
    }

    /// The newest bars of a request, newest first, and whether there are older ones; `timeframe` is
    /// the name of theirs.
    #[must_use]
    pub fn bars(&self, request: &BarsRequest, timeframe: &str) -> (Vec<RestBar>, bool) {
        let Some(span) = BarSpan::parse(timeframe) else { return (Vec::new(), false) };
        let query = BarsQuery {
            venue: venue_of(&request.symbol),
            symbol: &request.symbol,
            span,
            from: request.from,
            until: request.until.unwrap_or(Timestamp::MAX),
            limit: request.limit,
        };
        self.ask(|exchange, now| exchange.newest_bars(now, &query))
    }

    /// The latest quote of a symbol, if there is one.
    #[must_use]
    pub fn latest_quote(&self, symbol: &str) -> Option<Quote<'static>> {
        self.ask(|exchange, now| exchange.latest_quote(now, venue_of(symbol), symbol))
    }

    /// The newest articles, newest first: about anything, or those `about` a symbol up to a time.
    #[must_use]
    pub fn news(&self, about: Option<(&str, Timestamp)>, limit: usize) -> Vec<News<'static>> {
        self.ask(|exchange, now| exchange.newest_news(now, about, limit))
    }

    fn ask<T>(&self, question: impl FnOnce(&mut Exchange, Duration) -> T) -> T {
        let answer = question(&mut self.exchange.borrow_mut(), dom::now());
        // The question may have moved the market on.
        self.wake_soon();
        answer
    }

    /// One turn: moves market time on and hands out what waits.
    fn turn(&self) {
        if self.stopped.get() {
            return;
        }
        let now = dom::now();
        let paused = now.saturating_sub(self.last_turn.replace(now));
        let out = move_on(&mut self.exchange.borrow_mut(), now, paused);
        for (id, item) in out {
            // Looked up each time: taking one frame may have closed the link.
            let link = self.links.borrow().get(&id).cloned();
            let Some(link) = link else { continue };
            // A turn that was due already may come before the task that opens the link.
            link.open();
            if !self.links.borrow().contains_key(&id) {
                continue;
            }
            match item {
                HubOut::Frame(frame) => (link.sink)(LinkEvent::Frame(frame)),
                HubOut::Close(code) => {
                    self.links.borrow_mut().remove(&id);
                    (link.sink)(LinkEvent::Closed { code: Some(code), reason: String::new() });
                }
            }
        }
        self.schedule();
    }

    fn schedule(&self) {
        self.wake_in(pause(self.exchange.borrow().poll_timeout(), dom::now()));
    }

    /// Takes a turn as soon as the present task is done; not a timer, which a hidden tab delays.
    fn wake_soon(&self) {
        if self.woken.replace(true) {
            return;
        }
        let this = Weak::clone(&self.this);
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(this) = this.upgrade() {
                this.woken.set(false);
                this.turn();
            }
        });
    }

    fn wake_in(&self, milliseconds: f64) {
        if self.stopped.get() {
            return;
        }
        let this = Weak::clone(&self.this);
        let timer = Timeout::new(milliseconds as u32, move || {
            if let Some(this) = this.upgrade() {
                this.turn();
            }
        });
        *self.timer.borrow_mut() = Some(timer);
    }
}

/// Moves market time on to `now` after a pause, and what there is to send.
fn move_on(exchange: &mut Exchange, now: Duration, paused: Duration) -> Vec<(ConnId, HubOut)> {
    let mut out = Vec::new();
    if paused > MAX_CATCH_UP {
        let speed = exchange.speed();
        exchange.set_speed(now, speed);
    }
    for _ in 0..MAX_TURNS {
        exchange.advance(now);
        while let Some(item) = exchange.poll_transmit() {
            out.push(item);
        }
        if exchange.poll_timeout().is_none_or(|at| at > now) {
            break;
        }
    }
    out
}

/// Milliseconds until the next turn when the exchange has something to do at `due`.
fn pause(due: Option<Duration>, now: Duration) -> f64 {
    let wait = due.map_or(MAX_PAUSE_MS, |at| at.saturating_sub(now).as_secs_f64() * 1000.0);
    wait.clamp(MIN_PAUSE_MS, MAX_PAUSE_MS)
}

/// The market under whose path a symbol's history is asked for.
fn venue_of(symbol: &str) -> Venue {
    if is_crypto(symbol) { Venue::Crypto } else { Venue::Stocks }
}

impl Transport for Rc<DemoExchange> {
    fn connect(&self, endpoint: Endpoint, sink: LinkSink) -> Box<dyn Link> {
        let id = self.exchange.borrow_mut().connect(dom::now(), endpoint, Codec::MessagePack, None);
        self.links.borrow_mut().insert(id, Rc::new(Open { sink, told: Cell::new(false) }));
        let this = Rc::clone(self);
        // Told later, as a socket would, and before its first frame.
        wasm_bindgen_futures::spawn_local(async move {
            let link = this.links.borrow().get(&id).cloned();
            if let Some(link) = link {
                link.open();
                this.wake_soon();
            }
        });
        Box::new(DemoLink { exchange: Rc::downgrade(self), id })
    }

    fn codec(&self) -> Codec {
        Codec::MessagePack
    }
}

struct DemoLink {
    exchange: Weak<DemoExchange>,
    id: ConnId,
}

impl Link for DemoLink {
    fn send(&self, frame: OwnedFrame) {
        let Some(demo) = self.exchange.upgrade() else { return };
        demo.exchange.borrow_mut().handle_frame(dom::now(), self.id, frame.as_frame());
        demo.wake_soon();
    }

    fn close(self: Box<Self>, _code: u16, _reason: &'static str) {
        // Drop does it.
    }
}

impl Drop for DemoLink {
    fn drop(&mut self) {
        let Some(demo) = self.exchange.upgrade() else { return };
        demo.links.borrow_mut().remove(&self.id);
        if let Ok(mut exchange) = demo.exchange.try_borrow_mut() {
            exchange.disconnect(self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use wickwire_sim::exchange::MAX_MESSAGES_PER_ADVANCE;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// An exchange that runs, with so many messages a second.
    fn running(rate: f64) -> Exchange {
        let start = SimConfig::morning_of(Timestamp::from_seconds(1_381_152_600));
        let feed = Simulator::new(SimConfig { rate, ..SimConfig::new(3, start) });
        let mut exchange = Exchange::new(Box::new(feed), ExchangeConfig::new(SourceLabel::simulated()));
        move_on(&mut exchange, SECOND, Duration::ZERO);
        exchange
    }

    #[test]
    fn a_pause_is_made_up_for_unless_the_machine_slept() {
        for (paused, passes) in [(MAX_CATCH_UP, MAX_CATCH_UP), (MAX_CATCH_UP + SECOND, Duration::ZERO)] {
            let mut exchange = running(20.0);
            let before = exchange.clock();
            move_on(&mut exchange, SECOND + paused, paused);
            let passed = exchange.clock().nanos() - before.nanos();
            assert!((passed - passes.as_nanos() as i64).abs() < 1_000_000_000, "{passed} after {paused:?}");
            // And on at its pace.
            move_on(&mut exchange, 11 * SECOND + paused, SECOND);
            let passed = exchange.clock().nanos() - before.nanos() - passed;
            assert!((passed - 10_000_000_000).abs() < 1_000_000_000, "{passed}");
        }
    }

    #[test]
    fn an_exchange_that_is_behind_makes_so_many_turns_at_once_and_no_more() {
        let mut exchange = running(100_000.0);
        let (before, now) = (exchange.handed_out(), SECOND + MAX_CATCH_UP);
        move_on(&mut exchange, now, MAX_CATCH_UP);
        // A turn may stop a few messages before its limit.
        let turns = (exchange.handed_out() - before).div_ceil(MAX_MESSAGES_PER_ADVANCE as u64);
        assert_eq!(turns, MAX_TURNS as u64);
        assert!(exchange.poll_timeout().is_some_and(|at| at <= now), "the next turn follows at once");
    }

    #[test]
    fn pauses_are_neither_shorter_than_a_frame_nor_long() {
        assert_eq!(pause(None, SECOND), MAX_PAUSE_MS);
        assert_eq!(pause(Some(60 * SECOND), SECOND), MAX_PAUSE_MS);
        assert_eq!(pause(Some(SECOND), 2 * SECOND), MIN_PAUSE_MS);
        assert_eq!(pause(Some(SECOND + SECOND / 10), SECOND), 100.0);
    }
}
