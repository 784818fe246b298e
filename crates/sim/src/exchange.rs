//! A feed with connections and REST: Alpaca without Alpaca. The relay runs it behind its sockets,
//! the page runs it as its demo.
//!
//! Sans-IO: monotonic time (from any start) and frames go in, frames come out. Market time runs
//! from the feed's start at the configured speed; when more has happened than one call may hand
//! out ([`MAX_MESSAGES_PER_ADVANCE`]), the rest comes with the next calls and market time catches up.

mod direct;
mod orders;
mod pace;
mod status;

use std::time::Duration;

use wickwire_proto::channel::{Channel, WILDCARD};
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::{Codec, Frame};
use wickwire_proto::hub::{ConnId, Hub, HubConfig, HubEvent, HubOut};
use wickwire_proto::message::Message;
use wickwire_proto::request::Credentials;
use wickwire_proto::server::{Plan, ServerConfig, Verdict};
use wickwire_proto::time::Timestamp;

use crate::feed::Feed;
use crate::rest::{self, RestResponse};
use orders::Orders;
use pace::Pace;

pub use direct::BarsQuery;
pub use orders::MAX_ORDERS;
pub use pace::Speed;
use status::Status;
pub use status::{SourceKind, SourceLabel};

/// Messages handed out by one call of [`Exchange::advance`]; what happens at the same instant as
/// the last of them comes with it.
pub const MAX_MESSAGES_PER_ADVANCE: usize = 2_000;
/// Shortest time between two wake-ups for data, so that messages share frames.
pub const TICK: Duration = Duration::from_millis(5);

/// Without a pace, nothing new is handed out while more than this waits for some connection.
pub const MAX_BACKLOG_BYTES: usize = 256 * 1024;
/// Our own route, which a plain client never asks for: what is being shown.
pub const STATUS_PATH: &str = "/wickwire/status";

/// How an exchange behaves.
#[derive(Clone, Debug)]
pub struct ExchangeConfig {
    /// How fast market time passes.
    pub speed: Speed,
    /// What the screen must say about the data.
    pub label: SourceLabel,
    /// Connections per endpoint and key; further ones get 406. No limit if absent.
    pub connection_limit: Option<usize>,
    /// What the simulated account may subscribe to.
    pub plan: Plan,
    /// Market time stands still until somebody has subscribed to something, so that nothing of a
    /// short recording is missed.
    pub hold_until_subscribed: bool,
}

impl ExchangeConfig {
    /// Real time, no limits.
    #[must_use]
    pub fn new(label: SourceLabel) -> Self {
        Self {
            speed: Speed::REAL_TIME,
            label,
            connection_limit: None,
            plan: Plan::default(),
            hold_until_subscribed: false,
        }
    }
}

/// A feed, its connections and its pace.
pub struct Exchange {
    feed: Box<dyn Feed>,
    hub: Hub,
    pace: Pace,
    config: ExchangeConfig,
    orders: Orders,
    muted: bool,
    handed_out: u64,
    wake: Wake,
}

/// When there is data again.
#[derive(Clone, Copy, Debug)]
enum Wake {
    At(Duration),
    Never,
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange").field("clock", &self.clock()).finish_non_exhaustive()
    }
}

impl Exchange {
    /// An exchange of a feed. Market time begins to pass with the first call of [`Self::advance`],
    /// or with the first subscription if the configuration says so.
    #[must_use]
    pub fn new(feed: Box<dyn Feed>, config: ExchangeConfig) -> Self {
        let hub = Hub::new(HubConfig {
            verify: Box::new(
                |_, credentials| {
                    if rest::accepts(credentials) { Verdict::Ok } else { Verdict::Refused }
                },
            ),
            connections_per_key: config.connection_limit,
            ..HubConfig::default()
        });
        Self {
            feed,
            hub,
            pace: Pace::new(config.speed),
            config,
            orders: Orders::default(),
            muted: false,
            handed_out: 0,
            wake: Wake::At(Duration::ZERO),
        }
    }

    /// A client has connected.
    pub fn connect(
        &mut self,
        now: Duration,
        endpoint: Endpoint,
        codec: Codec,
        header_credentials: Option<Credentials>,
    ) -> ConnId {
        let plan = self.config.plan;
        let id = self.hub.connect(now, ServerConfig { endpoint, codec, header_credentials, plan });
        self.take_events(now);
        id
    }

    /// The socket is gone.
    pub fn disconnect(&mut self, id: ConnId) {
        self.hub.disconnect(id);
    }

    /// A client sent a frame, joined from its fragments.
    pub fn handle_frame(&mut self, now: Duration, id: ConnId, frame: Frame<'_>) {
        self.hub.handle_frame(now, id, frame);
        self.take_events(now);
    }

    /// Moves on to `now`: timeouts of connections, then what has happened in the market, at most
    /// [`MAX_MESSAGES_PER_ADVANCE`] messages of it. Without a pace nothing new is handed out while
    /// more than [`MAX_BACKLOG_BYTES`] wait for some connection.
    pub fn advance(&mut self, now: Duration) {
        self.hub.handle_timeout(now);
        self.take_events(now);
        if !self.pace.is_running() {
            if self.config.hold_until_subscribed {
                self.wake = Wake::Never;
                return;
            }
            self.pace.start(now, self.feed.now());
        }
        let Some(target) = self.pace.market(now) else { return };
        let is_paced = self.pace.speed().factor().is_some();
        if !is_paced && self.has_backlog() {
            self.wake = Wake::At(now.saturating_add(TICK));
            return;
        }
        let mut count = 0;
        let is_behind = loop {
            let Some(at) = self.feed.next_at().filter(|at| *at <= target) else { break false };
            if count >= MAX_MESSAGES_PER_ADVANCE {
                break true;
            }
            let (before, hub, muted) = (count, &mut self.hub, self.muted);
            self.feed.advance(at, &mut |venue, message| {
                count += 1;
                if !muted {
                    let filled = for_wire(message);
                    let message = filled.as_ref().unwrap_or(message);
                    hub.publish(now, |endpoint| venue.carries(endpoint), message);
                }
            });
            self.handed_out += (count - before) as u64;
            // An instant without a message counts too, so that a call always comes to an end.
            count = count.max(before + 1);
        };
        if is_paced && !is_behind {
            self.feed.advance(target, &mut |_, _| {});
        }
        #[cfg(feature = "trading")]
        self.tell_orders(now);
        self.take_events(now);
        self.wake = match self.feed.next_at().and_then(|at| self.pace.when(at)) {
            _ if is_behind => Wake::At(now),
            Some(at) => Wake::At(at.max(now.saturating_add(TICK))),
            None => Wake::Never,
        };
    }

    /// When [`Self::advance`] is to be called next, as a monotonic time; a time in the past means
    /// at once. `None` when only a frame can bring news.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Duration> {
        let market = match self.wake {
            Wake::At(at) => Some(at),
            Wake::Never => None,
        };
        [market, self.hub.poll_timeout()].into_iter().flatten().min()
    }

    /// The next thing to do with a socket, taking turns between connections.
    pub fn poll_transmit(&mut self) -> Option<(ConnId, HubOut)> {
        self.hub.poll_transmit()
    }

    /// The next thing to do with the socket of one connection.
    pub fn poll_transmit_for(&mut self, id: ConnId) -> Option<HubOut> {
        self.hub.poll_transmit_for(id)
    }

    /// The socket of this connection takes no more for now; see [`Hub::pause`].
    pub fn pause(&mut self, id: ConnId) {
        self.hub.pause(id);
    }

    /// The socket takes frames again.
    pub fn resume(&mut self, id: ConnId) {
        self.hub.resume(id);
    }

    /// Answers a REST request: Alpaca's routes, and [`STATUS_PATH`], which needs no keys. Moves on to
    /// `now` first, so that an answer is never older than the stream. The query is decoded, the path
    /// may be percent-encoded.
    #[must_use]
    pub fn rest(
        &mut self,
        now: Duration,
        method: &str,
        path: &str,
        query: &[(String, String)],
        credentials: Option<&Credentials>,
    ) -> RestResponse {
        self.advance(now);
        if path == STATUS_PATH {
            return RestResponse::json(&Status::of(&*self.feed, &self.config.label, self.pace.speed()));
        }
        let source = rest::Source {
            history: self.feed.history(),
            listings: self.feed.listings(),
            now: self.clock(),
            orders: self.orders.all(),
        };
        rest::respond(&source, &rest::Request { method, path, query, credentials })
    }

    /// Market time.
    #[must_use]
    pub fn clock(&self) -> Timestamp {
        self.feed.now()
    }

    /// What the screen must say about the data.
    #[must_use]
    pub const fn label(&self) -> &SourceLabel {
        &self.config.label
    }

    /// How fast market time passes.
    #[must_use]
    pub const fn speed(&self) -> Speed {
        self.pace.speed()
    }

    /// Another speed from now on. Market time does not jump.
    pub fn set_speed(&mut self, now: Duration, speed: Speed) {
        self.pace.set_speed(now, self.feed.now(), speed);
        self.wake = Wake::At(now);
    }

    /// Stops sending data while everything else goes on: a server that is connected and silent, for
    /// tests of what a client does then. What happens meanwhile is in the history and never sent.
    pub const fn mute(&mut self, muted: bool) {
        self.muted = muted;
    }

    /// Connections per endpoint and key from now on; further ones get 406. Those that are there stay.
    pub const fn set_connection_limit(&mut self, limit: Option<usize>) {
        self.hub.set_connections_per_key(limit);
    }

    /// Tells every client an error, as a server with a fault does; see [`Hub::fail`].
    pub fn fail_all(&mut self, now: Duration, code: u16) {
        let all: Vec<ConnId> = self.hub.connections().collect();
        for id in all {
            self.hub.fail(now, id, code);
        }
    }

    /// Whether the feed has come to its end.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.feed.finished()
    }

    /// Messages the feed has handed out, whether anyone wanted them or not.
    #[must_use]
    pub const fn handed_out(&self) -> u64 {
        self.handed_out
    }

    /// The feed, to look at.
    #[must_use]
    pub fn feed(&self) -> &dyn Feed {
        &*self.feed
    }

    /// The connections, to look at.
    #[must_use]
    pub const fn hub(&self) -> &Hub {
        &self.hub
    }

    #[cfg(feature = "trading")]
    fn tell_orders(&mut self, now: Duration) {
        let (hub, orders, muted) = (&mut self.hub, &mut self.orders, self.muted);
        self.feed.drain_trade_updates(&mut |update| {
            orders.apply(update);
            if !muted {
                hub.publish_trade_update(now, update);
            }
        });
    }

    fn has_backlog(&self) -> bool {
        let sessions = self.hub.connections().filter_map(|id| self.hub.session(id));
        sessions.into_iter().any(|session| session.queued_bytes() > MAX_BACKLOG_BYTES)
    }

    fn take_events(&mut self, now: Duration) {
        while let Some((id, event)) = self.hub.poll_event() {
            match event {
                HubEvent::Subscribed(pairs) => {
                    self.begin(now);
                    for symbol in pairs.symbols(Channel::OrderBooks) {
                        self.send_books(now, id, symbol);
                    }
                }
                HubEvent::Listening(true) => self.begin(now),
                _ => {}
            }
        }
    }

    /// Somebody wants something: market time need not wait any more.
    fn begin(&mut self, now: Duration) {
        if self.config.hold_until_subscribed && !self.pace.is_running() {
            self.pace.start(now, self.feed.now());
            self.wake = Wake::At(now);
        }
    }

    /// A new subscriber of a book needs the whole of it before the first change.
    fn send_books(&mut self, now: Duration, id: ConnId, asked: &str) {
        let Some(endpoint) = self.hub.session(id).map(|s| s.endpoint()) else { return };
        if self.muted {
            return;
        }
        let history = self.feed.history();
        let carried = history.symbols().filter(|(_, held)| held.venue().carries(endpoint));
        for (symbol, _) in carried.filter(|(symbol, _)| asked == WILDCARD || asked == *symbol) {
            if let Some(book) = history.full_book(symbol) {
                self.hub.send(now, id, &Message::OrderBook(book));
            }
        }
    }
}

/// Recorded bars may lack the number of trades and the average price. Clients insist on them, so
/// the wire has 0 there, as where nothing was traded; the history has nothing.
fn for_wire<'a>(message: &Message<'a>) -> Option<Message<'a>> {
    match message {
        Message::Bar(kind, bar) if bar.trade_count.is_none() || bar.vwap.is_none() => {
            Some(Message::Bar(*kind, bar.clone().for_wire()))
        }
        _ => None,
    }
}
