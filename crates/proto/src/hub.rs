//! Many connections over one stream of messages.
//!
//! A message is written at most once per codec and shared by everyone who wants it. Who wants it is
//! found by an index of (endpoint, channel, symbol), so the cost of a message depends on how many
//! get it and not on how many are connected.
//!
//! Like the sessions it holds, the hub owns no socket, no clock and no task.

mod index;

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use crate::channel::Subscriptions;
use crate::endpoint::Endpoint;
use crate::frame::{Codec, Frame, OwnedFrame};
use crate::message::Message;
use crate::request::Credentials;
use crate::server::{Encoded, ServerConfig, ServerEvent, ServerSession, Verdict};
use crate::sorted::SortedMap;
use crate::trading::{TradeUpdate, TradingMessage, encode_trading};
use index::Index;

/// Most connections unless [`HubConfig::max_connections`] says otherwise.
pub const MAX_CONNECTIONS: usize = 10_000;
/// Most events that wait to be polled; the oldest is dropped beyond.
pub const MAX_HUB_EVENTS: usize = 16_384;

/// One connection of a hub. Never used again for another one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(u64);

impl ConnId {
    /// A number for logs.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    const fn new(generation: u32, slot: u32) -> Self {
        Self((generation as u64) << 32 | slot as u64)
    }

    const fn slot(self) -> usize {
        (self.0 & 0xffff_ffff) as usize
    }
}

impl fmt::Debug for ConnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnId({}.{})", self.0 & 0xffff_ffff, self.0 >> 32)
    }
}

/// Decides over credentials.
pub type Verify = Box<dyn Fn(Endpoint, &Credentials) -> Verdict + Send + Sync>;

/// What a hub is made from.
pub struct HubConfig {
    /// Decides over credentials.
    pub verify: Verify,
    /// Most authenticated connections of one key on one endpoint; beyond, 406. Alpaca's plans have
    /// one. `None` is no limit.
    pub connections_per_key: Option<usize>,
    /// Most connections of all; beyond, 406 and close.
    pub max_connections: usize,
}

impl Default for HubConfig {
    /// Any non-empty key and secret are good; the key `refused` is refused.
    fn default() -> Self {
        Self {
            verify: Box::new(|_, credentials| {
                if credentials.key.is_empty() || credentials.secret.is_empty() || credentials.key == "refused"
                {
                    Verdict::Refused
                } else {
                    Verdict::Ok
                }
            }),
            connections_per_key: None,
            max_connections: MAX_CONNECTIONS,
        }
    }
}

impl fmt::Debug for HubConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubConfig")
            .field("connections_per_key", &self.connections_per_key)
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

/// What to do with a connection's socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HubOut {
    /// Send this.
    Frame(OwnedFrame),
    /// Close it with this code, then call [`Hub::disconnect`].
    Close(u16),
}

/// What the owner of the hub may want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HubEvent {
    /// The client has authenticated.
    Authenticated,
    /// These pairs were added: the moment to send a book's snapshot, after the acknowledgement.
    Subscribed(Subscriptions),
    /// These pairs were taken away.
    Unsubscribed(Subscriptions),
    /// Trading stream: the client listens, or does not any more.
    Listening(bool),
    /// The session ended the connection.
    Closing,
}

#[derive(Debug)]
struct Conn {
    session: ServerSession,
    key: Option<String>,
    deadline: Option<Duration>,
    /// Is in `ready`.
    ready: bool,
    paused: bool,
    close: Option<u16>,
}

#[derive(Debug, Default)]
struct Slot {
    generation: u32,
    conn: Option<Conn>,
}

/// Many [`ServerSession`]s over one stream of messages. See the [module](self).
#[derive(Debug, Default)]
pub struct Hub {
    config: HubConfig,
    slots: Vec<Slot>,
    free: Vec<u32>,
    count: usize,
    markets: SortedMap<Endpoint, Index>,
    deadlines: SortedMap<(Duration, u32), ()>,
    ready: VecDeque<u32>,
    events: VecDeque<(ConnId, HubEvent)>,
    events_dropped: u64,
    demand_revision: u64,
    targets: Vec<u32>,
}

impl Hub {
    /// A hub without connections.
    #[must_use]
    pub fn new(config: HubConfig) -> Self {
        Self { config, ..Self::default() }
    }

    /// Most authenticated connections of one key on one endpoint, from now on; those that are there
    /// stay. See [`HubConfig::connections_per_key`].
    pub const fn set_connections_per_key(&mut self, limit: Option<usize>) {
        self.config.connections_per_key = limit;
    }

    /// A client has connected. Credentials from its headers are decided over at once.
    pub fn connect(&mut self, now: Duration, config: ServerConfig) -> ConnId {
        let full = self.count >= self.config.max_connections;
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            (self.slots.len() - 1) as u32
        });
        let session = ServerSession::new(config, now);
        let entry = &mut self.slots[slot as usize];
        entry.conn =
            Some(Conn { session, key: None, deadline: None, ready: false, paused: false, close: None });
        let id = ConnId::new(entry.generation, slot);
        self.count += 1;
        if full && let Some(conn) = &mut entry.conn {
            conn.session.fail(406);
            conn.session.close(1013);
        }
        self.settle(now, slot);
        id
    }

    /// The socket is gone. Nothing of this connection comes out any more.
    pub fn disconnect(&mut self, id: ConnId) {
        if self.conn(id).is_none() {
            return;
        }
        let slot = id.slot() as u32;
        self.release(slot);
        let entry = &mut self.slots[id.slot()];
        if let Some(at) = entry.conn.take().and_then(|c| c.deadline) {
            self.deadlines.remove(&(at, slot));
        }
        entry.generation = entry.generation.wrapping_add(1);
        self.count -= 1;
        self.free.push(slot);
    }

    /// A client sent a frame, joined from its fragments.
    pub fn handle_frame(&mut self, now: Duration, id: ConnId, frame: Frame<'_>) {
        if let Some(conn) = self.conn_mut(id) {
            conn.session.handle_frame(now, frame);
            self.settle(now, id.slot() as u32);
        }
    }

    /// The time of [`poll_timeout`](Self::poll_timeout) has come.
    pub fn handle_timeout(&mut self, now: Duration) {
        while let Some((&(at, slot), ())) = self.deadlines.first()
            && at <= now
        {
            self.deadlines.drop_first(1);
            if let Some(conn) = &mut self.slots[slot as usize].conn {
                conn.deadline = None;
                conn.session.handle_timeout(now);
                self.settle(now, slot);
            }
        }
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Duration> {
        self.deadlines.first().map(|((at, _), ())| *at)
    }

    /// Hands a message to every client that wants it, on the endpoints that carry it.
    pub fn publish(&mut self, now: Duration, carries: impl Fn(Endpoint) -> bool, message: &Message<'_>) {
        let Self { markets, slots, ready, targets, .. } = self;
        let mut encoded = Encoded::new(message);
        let mut troubled = Vec::new();
        for (endpoint, index) in markets.iter().filter(|(e, _)| carries(**e)) {
            debug_assert!(*endpoint != Endpoint::Trading || index.is_empty());
            targets.clear();
            index.find(message, targets);
            for &slot in targets.iter() {
                let Some(conn) = &mut slots[slot as usize].conn else { continue };
                let element = encoded.element(conn.session.codec());
                conn.session.send_encoded(&element);
                if conn.session.has_events() {
                    troubled.push(slot);
                }
                mark(conn, slot, ready);
            }
        }
        for slot in troubled {
            self.settle(now, slot);
        }
    }

    /// Hands a trade update to every client of the trading stream that listens.
    pub fn publish_trade_update(&mut self, now: Duration, update: &TradeUpdate) {
        let message = TradingMessage::TradeUpdate(Box::new(update.clone()));
        let (mut json, mut message_pack) = (None, None);
        for slot in 0..self.slots.len() {
            let Some(conn) = &mut self.slots[slot].conn else { continue };
            if !conn.session.is_listening() {
                continue;
            }
            let codec = conn.session.codec();
            let written: &mut Option<OwnedFrame> = match codec {
                Codec::Json => &mut json,
                Codec::MessagePack => &mut message_pack,
            };
            let frame = written.get_or_insert_with(|| encode_trading(codec, &message));
            conn.session.send_frame(frame.clone());
            self.settle(now, slot as u32);
        }
    }

    /// Hands a message to one client, if it wants it: a book's snapshot after
    /// [`HubEvent::Subscribed`].
    pub fn send(&mut self, now: Duration, id: ConnId, message: &Message<'_>) {
        if let Some(conn) = self.conn_mut(id) {
            conn.session.publish(message);
            self.settle(now, id.slot() as u32);
        }
    }

    /// Tells one client an error; see [`ServerSession::fail`].
    pub fn fail(&mut self, now: Duration, id: ConnId, code: u16) {
        if let Some(conn) = self.conn_mut(id) {
            conn.session.fail(code);
            self.settle(now, id.slot() as u32);
        }
    }

    /// Closes one connection after what is queued for it.
    pub fn close(&mut self, now: Duration, id: ConnId, code: u16) {
        if let Some(conn) = self.conn_mut(id) {
            conn.session.close(code);
            self.settle(now, id.slot() as u32);
        }
    }

    /// The socket of this connection takes no more for now: its frames wait, up to the limits of
    /// the session, which then ends it with 407.
    pub fn pause(&mut self, id: ConnId) {
        if let Some(conn) = self.conn_mut(id) {
            conn.paused = true;
        }
    }

    /// The socket takes frames again.
    pub fn resume(&mut self, id: ConnId) {
        let Some(slot) = self.conn(id).map(|_| id.slot()) else { return };
        if let Some(conn) = &mut self.slots[slot].conn {
            conn.paused = false;
            mark(conn, slot as u32, &mut self.ready);
        }
    }

    /// The next thing to do with a socket, taking turns between connections. What was published to
    /// a connection since its last turn comes as one frame.
    pub fn poll_transmit(&mut self) -> Option<(ConnId, HubOut)> {
        while let Some(slot) = self.ready.pop_front() {
            let entry = &mut self.slots[slot as usize];
            let Some(conn) = &mut entry.conn else { continue };
            conn.ready = false;
            if conn.paused {
                continue;
            }
            let id = ConnId::new(entry.generation, slot);
            if let Some(out) = take(conn) {
                mark(conn, slot, &mut self.ready);
                return Some((id, out));
            }
        }
        None
    }

    /// The same for one connection, for owners that ask each socket in its own time. Works on
    /// paused connections too.
    pub fn poll_transmit_for(&mut self, id: ConnId) -> Option<HubOut> {
        take(self.conn_mut(id)?)
    }

    /// The next thing to know.
    pub fn poll_event(&mut self) -> Option<(ConnId, HubEvent)> {
        self.events.pop_front()
    }

    /// Everything that anyone is subscribed to on this endpoint.
    #[must_use]
    pub fn demand(&self, endpoint: Endpoint) -> Subscriptions {
        let sessions = self.slots.iter().filter_map(|s| s.conn.as_ref()).map(|c| &c.session);
        let sessions = sessions.filter(|s| s.endpoint() == endpoint && !s.is_closed());
        sessions.flat_map(|s| s.subscriptions().iter()).collect()
    }

    /// A number that changes whenever [`demand`](Self::demand) may have changed.
    #[must_use]
    pub const fn demand_revision(&self) -> u64 {
        self.demand_revision
    }

    /// Whether anyone on the trading stream listens.
    #[must_use]
    pub fn has_listeners(&self) -> bool {
        self.slots.iter().filter_map(|s| s.conn.as_ref()).any(|c| c.session.is_listening())
    }

    /// The session of a connection, to look at.
    #[must_use]
    pub fn session(&self, id: ConnId) -> Option<&ServerSession> {
        self.conn(id).map(|c| &c.session)
    }

    /// How many connections there are, authenticated or not.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no connection.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Every connection there is.
    pub fn connections(&self) -> impl Iterator<Item = ConnId> {
        let slots = self.slots.iter().enumerate().filter(|(_, s)| s.conn.is_some());
        slots.map(|(slot, s)| ConnId::new(s.generation, slot as u32))
    }

    /// How many events were dropped because nobody polled them.
    #[must_use]
    pub const fn events_dropped(&self) -> u64 {
        self.events_dropped
    }

    fn conn(&self, id: ConnId) -> Option<&Conn> {
        let entry = self.slots.get(id.slot())?;
        if ConnId::new(entry.generation, id.slot() as u32) == id { entry.conn.as_ref() } else { None }
    }

    fn conn_mut(&mut self, id: ConnId) -> Option<&mut Conn> {
        let entry = self.slots.get_mut(id.slot())?;
        if ConnId::new(entry.generation, id.slot() as u32) == id { entry.conn.as_mut() } else { None }
    }

    /// After anything happened to a session: deals with its events, its deadline and its output.
    fn settle(&mut self, now: Duration, slot: u32) {
        let entry = &mut self.slots[slot as usize];
        let id = ConnId::new(entry.generation, slot);
        while let Some(conn) = &mut self.slots[slot as usize].conn
            && let Some(event) = conn.session.poll_event()
        {
            let endpoint = conn.session.endpoint();
            match event {
                ServerEvent::Authenticate(credentials) => self.authenticate(now, id, endpoint, &credentials),
                ServerEvent::Subscribed(pairs) => {
                    self.markets.get_or_insert_with(endpoint, Index::default).add(slot, &pairs);
                    self.demand_revision += 1;
                    self.tell(id, HubEvent::Subscribed(pairs));
                }
                ServerEvent::Unsubscribed(pairs) => {
                    if let Some(index) = self.markets.get_mut(&endpoint) {
                        index.remove(slot, &pairs);
                        // Two forms of a crypto pair share one key in news: what is left stays.
                        if endpoint == Endpoint::News {
                            index.add(slot, conn.session.subscriptions());
                        }
                    }
                    self.demand_revision += 1;
                    self.tell(id, HubEvent::Unsubscribed(pairs));
                }
                ServerEvent::Listening(listening) => self.tell(id, HubEvent::Listening(listening)),
                ServerEvent::Close { code } => {
                    conn.close = Some(code);
                    self.release(slot);
                    self.tell(id, HubEvent::Closing);
                }
            }
        }
        let Some(conn) = &mut self.slots[slot as usize].conn else { return };
        let deadline = conn.session.poll_timeout();
        if deadline != conn.deadline {
            if let Some(at) = conn.deadline {
                self.deadlines.remove(&(at, slot));
            }
            if let Some(at) = deadline {
                self.deadlines.insert((at, slot), ());
            }
            conn.deadline = deadline;
        }
        mark(conn, slot, &mut self.ready);
    }

    fn authenticate(&mut self, now: Duration, id: ConnId, endpoint: Endpoint, credentials: &Credentials) {
        let mut verdict = (self.config.verify)(endpoint, credentials);
        let limit = self.config.connections_per_key.filter(|_| verdict == Verdict::Ok);
        if limit.is_some_and(|limit| self.held(endpoint, &credentials.key) >= limit) {
            verdict = Verdict::ConnectionLimit;
        }
        if let Some(conn) = self.conn_mut(id) {
            conn.session.handle_auth(now, verdict);
            if verdict == Verdict::Ok {
                conn.key = Some(credentials.key.clone());
                self.tell(id, HubEvent::Authenticated);
            }
        }
    }

    /// The connection gets nothing more and holds no place any more.
    fn release(&mut self, slot: u32) {
        let Some(conn) = &mut self.slots[slot as usize].conn else { return };
        let endpoint = conn.session.endpoint();
        if let Some(index) = self.markets.get_mut(&endpoint) {
            index.remove(slot, conn.session.subscriptions());
        }
        if !conn.session.subscriptions().is_empty() {
            self.demand_revision += 1;
        }
        conn.key = None;
    }

    /// Authenticated connections of one key on one endpoint.
    fn held(&self, endpoint: Endpoint, key: &str) -> usize {
        let conns = self.slots.iter().filter_map(|slot| slot.conn.as_ref());
        conns.filter(|c| c.key.as_deref() == Some(key) && c.session.endpoint() == endpoint).count()
    }

    fn tell(&mut self, id: ConnId, event: HubEvent) {
        if self.events.len() >= MAX_HUB_EVENTS {
            self.events.pop_front();
            self.events_dropped += 1;
        }
        self.events.push_back((id, event));
    }
}

fn mark(conn: &mut Conn, slot: u32, ready: &mut VecDeque<u32>) {
    if !conn.ready && !conn.paused && (conn.session.has_transmit() || conn.close.is_some()) {
        conn.ready = true;
        ready.push_back(slot);
    }
}

/// The next frame; after the last one, once, the close.
fn take(conn: &mut Conn) -> Option<HubOut> {
    conn.session.poll_transmit().map(HubOut::Frame).or_else(|| conn.close.take().map(HubOut::Close))
}
