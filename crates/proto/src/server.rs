//! The server's end of one connection, as a state machine.
//!
//! [`ServerSession`] owns no socket, no clock and no task: its owner hands it what the client sent
//! ([`handle_frame`](ServerSession::handle_frame)) and the time, sends what
//! [`poll_transmit`](ServerSession::poll_transmit) returns, and answers
//! [`ServerEvent::Authenticate`]. Times are durations since any fixed start, from a clock that
//! never goes back. The socket layer joins fragments and answers pings.
//!
//! What it says follows the documentation and what the official SDKs demand
//! (<https://docs.alpaca.markets/docs/streaming-market-data>): a welcome at once, an acknowledgement
//! with every list of the endpoint alone in its frame and before any data, errors that leave the
//! socket open except 404 and 407, close code 1000 (the C# SDK throws on any other).

mod encoded;
mod market;
mod outbox;
mod symbols;
mod trading;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

pub use encoded::Encoded;
pub use outbox::{MAX_BATCH_BYTES, MAX_BATCH_ELEMENTS, MAX_QUEUED_BYTES, MAX_QUEUED_FRAMES};
pub use symbols::{MAX_SYMBOL_BYTES, is_symbol};

use crate::channel::{Channel, Subscriptions};
use crate::encode::encode;
use crate::endpoint::Endpoint;
use crate::frame::{Codec, Frame, OwnedFrame};
use crate::message::{ErrorMessage, Message};
use crate::request::Credentials;
use crate::trading::TradeUpdate;
use outbox::{Full, Outbox};

/// A client that has not authenticated after this long gets 404 and is closed.
pub const AUTH_LIMIT: Duration = Duration::from_secs(10);
/// Most authentications of one connection; the Go SDK repeats up to 15 times after 406.
pub const MAX_AUTH_ATTEMPTS: u32 = 20;
/// Most bytes of a request; a longer one closes the connection with 1009.
pub const MAX_REQUEST_BYTES: usize = 1024 * 1024;
/// Most (channel, symbol) pairs of one connection, whatever the plan: 405 beyond.
pub const MAX_PAIRS_PER_CONNECTION: usize = 50_000;
/// Most events that wait to be polled; the oldest is dropped beyond.
pub const MAX_SERVER_EVENTS: usize = 1_024;

/// What a client's account may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Most pairs of trades, quotes and order books; `None` is no limit. The documentation speaks
    /// of symbols over both channels; a symbol in two channels counts twice here.
    pub symbols: Option<usize>,
    /// Most option quotes.
    pub option_quotes: Option<usize>,
}

impl Plan {
    /// No limits.
    pub const UNLIMITED: Self = Self { symbols: None, option_quotes: None };
    /// The free plan: 30 symbols, 200 option quotes.
    pub const BASIC: Self = Self { symbols: Some(30), option_quotes: Some(200) };
}

/// What a server session is made from.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Which stream the client asked for.
    pub endpoint: Endpoint,
    /// In which codec to answer: from the request header or `?codec=msgpack`. Option endpoints
    /// speak MessagePack whatever this says.
    pub codec: Codec,
    /// Credentials from the headers of the upgrade.
    pub header_credentials: Option<Credentials>,
    /// What the account may have.
    pub plan: Plan,
}

impl ServerConfig {
    /// A configuration without header credentials and without limits.
    #[must_use]
    pub const fn new(endpoint: Endpoint, codec: Codec) -> Self {
        Self { endpoint, codec, header_credentials: None, plan: Plan::UNLIMITED }
    }
}

/// The answer to [`ServerEvent::Authenticate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The credentials are good.
    Ok,
    /// 402
    Refused,
    /// 406: all allowed connections are in use. The client may try again on this socket.
    ConnectionLimit,
    /// 409: the account does not have this feed.
    InsufficientSubscription,
}

/// What the owner of the session has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerEvent {
    /// Answer with [`ServerSession::handle_auth`].
    Authenticate(Credentials),
    /// These pairs were added.
    Subscribed(Subscriptions),
    /// These pairs were taken away.
    Unsubscribed(Subscriptions),
    /// Trading stream: whether trade updates are listened to has changed.
    Listening(bool),
    /// Send what is left in [`ServerSession::poll_transmit`], then close the socket with this code.
    Close {
        /// WebSocket close code.
        code: u16,
    },
}

/// Where the connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing valid has come yet.
    Unknown,
    /// The owner has been asked.
    Verifying,
    Authenticated,
    Closed,
}

/// One connection, seen from the server. See the [module](self).
#[derive(Debug)]
pub struct ServerSession {
    endpoint: Endpoint,
    codec: Codec,
    plan: Plan,
    phase: Phase,
    deadline: Option<Duration>,
    attempts: u32,
    subscriptions: Subscriptions,
    listening: bool,
    outbox: Outbox,
    events: VecDeque<ServerEvent>,
}

impl ServerSession {
    /// A fresh connection. The welcome is queued at once (the trading stream has none), and
    /// credentials from the headers are handed on at once.
    #[must_use]
    pub fn new(config: ServerConfig, now: Duration) -> Self {
        let codec = if config.endpoint.is_options() { Codec::MessagePack } else { config.codec };
        let mut session = Self {
            endpoint: config.endpoint,
            codec,
            plan: config.plan,
            phase: Phase::Unknown,
            deadline: Some(now.saturating_add(AUTH_LIMIT)),
            attempts: 0,
            subscriptions: Subscriptions::new(),
            listening: false,
            outbox: Outbox::new(codec),
            events: VecDeque::new(),
        };
        if session.endpoint != Endpoint::Trading {
            session.say(&Message::Connected);
        }
        if let Some(credentials) = config.header_credentials {
            session.ask(credentials);
        }
        session
    }

    /// The client sent a frame, joined from its fragments: JSON in either kind of frame, or
    /// MessagePack in a binary one.
    pub fn handle_frame(&mut self, now: Duration, frame: Frame<'_>) {
        if self.phase == Phase::Closed {
            return;
        }
        if frame.len() > MAX_REQUEST_BYTES {
            return self.close(1009);
        }
        match self.endpoint {
            Endpoint::Trading => self.take_trading_request(frame),
            _ => self.take_market_request(frame),
        }
        self.handle_timeout(now);
    }

    /// The time of [`poll_timeout`](Self::poll_timeout) has come.
    pub fn handle_timeout(&mut self, now: Duration) {
        if self.deadline.is_some_and(|at| at <= now) {
            self.deadline = None;
            self.fail(404);
        }
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due.
    #[must_use]
    pub const fn poll_timeout(&self) -> Option<Duration> {
        self.deadline
    }

    /// The answer to [`ServerEvent::Authenticate`]; without one before, nothing happens.
    pub fn handle_auth(&mut self, now: Duration, verdict: Verdict) {
        if self.phase != Phase::Verifying {
            return;
        }
        self.phase = if verdict == Verdict::Ok { Phase::Authenticated } else { Phase::Unknown };
        match verdict {
            Verdict::Ok => self.deadline = None,
            // The client is expected to wait and try again here, so its time starts anew.
            Verdict::ConnectionLimit => self.deadline = Some(now.saturating_add(AUTH_LIMIT)),
            Verdict::Refused | Verdict::InsufficientSubscription => {}
        }
        if self.endpoint == Endpoint::Trading {
            return self.say_authorization(verdict == Verdict::Ok, "authenticate");
        }
        match verdict {
            Verdict::Ok => self.say(&Message::Authenticated),
            Verdict::Refused => self.say_error(402),
            Verdict::ConnectionLimit => self.say_error(406),
            Verdict::InsufficientSubscription => self.say_error(409),
        }
    }

    /// Tells the client an error. 404 and 407 close the connection after it; 407 also throws away
    /// what still waits to be sent.
    pub fn fail(&mut self, code: u16) {
        if self.phase == Phase::Closed {
            return;
        }
        if code == 407 {
            self.outbox.clear();
        }
        if self.endpoint == Endpoint::Trading {
            self.say_trading_error(error_text(code));
            self.close(1000);
        } else {
            self.say_error(code);
            if matches!(code, 404 | 407) {
                self.close(1000);
            }
        }
    }

    /// Closes the connection after what is queued.
    pub fn close(&mut self, code: u16) {
        if self.phase != Phase::Closed {
            self.phase = Phase::Closed;
            self.deadline = None;
            self.event(ServerEvent::Close { code });
        }
    }

    /// Sends a message, if the client wants it.
    pub fn publish(&mut self, message: &Message<'_>) {
        if self.wants_message(message) {
            let element = Encoded::new(message).element(self.codec);
            self.send_encoded(&element);
        }
    }

    /// Queues one message that is already encoded in this session's [`codec`](Self::codec), without
    /// a look at the subscriptions: see [`wants_message`](Self::wants_message).
    pub fn send_encoded(&mut self, element: &Arc<[u8]>) {
        if self.phase == Phase::Authenticated
            && let Err(Full) = self.outbox.push_element(Arc::clone(element))
        {
            self.fail(407);
        }
    }

    /// Sends a trade update, if the client listens.
    pub fn publish_trade_update(&mut self, update: &TradeUpdate) {
        if self.listening {
            self.send_trade_update(update);
        }
    }

    /// Queues a frame that is already encoded in this session's [`codec`](Self::codec), such as a
    /// trade update that many get.
    pub fn send_frame(&mut self, frame: OwnedFrame) {
        if self.phase == Phase::Authenticated {
            self.push_frame(frame);
        }
    }

    /// Ends the current batch: what is published from here on goes into another frame.
    pub fn flush(&mut self) {
        self.outbox.flush();
    }

    /// The next frame to send. What has been published since the last call is in one frame, as far
    /// as it fits.
    pub fn poll_transmit(&mut self) -> Option<OwnedFrame> {
        self.outbox.poll()
    }

    /// Whether [`poll_transmit`](Self::poll_transmit) would return something.
    #[must_use]
    pub fn has_transmit(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// Bytes that wait to be sent.
    #[must_use]
    pub const fn queued_bytes(&self) -> usize {
        self.outbox.bytes()
    }

    /// The next thing to know.
    pub fn poll_event(&mut self) -> Option<ServerEvent> {
        self.events.pop_front()
    }

    /// Whether [`poll_event`](Self::poll_event) would return something.
    #[must_use]
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// What the client is subscribed to, as it asked: wildcards stay wildcards.
    #[must_use]
    pub const fn subscriptions(&self) -> &Subscriptions {
        &self.subscriptions
    }

    /// Which stream this is.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// In which codec this session speaks.
    #[must_use]
    pub const fn codec(&self) -> Codec {
        self.codec
    }

    /// Whether the client has authenticated.
    #[must_use]
    pub const fn is_authenticated(&self) -> bool {
        matches!(self.phase, Phase::Authenticated)
    }

    /// Whether the session has ended; what is queued may still be sent.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// Whether the client listens to trade updates.
    #[must_use]
    pub const fn is_listening(&self) -> bool {
        self.listening
    }

    fn ask(&mut self, credentials: Credentials) {
        self.attempts += 1;
        if self.attempts > MAX_AUTH_ATTEMPTS {
            return self.close(1000);
        }
        self.phase = Phase::Verifying;
        self.event(ServerEvent::Authenticate(credentials));
    }

    fn event(&mut self, event: ServerEvent) {
        if self.events.len() >= MAX_SERVER_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    fn say(&mut self, message: &Message<'_>) {
        let frame = encode(self.codec, std::slice::from_ref(message));
        self.push_frame(frame);
    }

    fn say_error(&mut self, code: u16) {
        self.say(&Message::Error(ErrorMessage { code, message: error_text(code).into() }));
    }

    fn push_frame(&mut self, frame: OwnedFrame) {
        if let Err(Full) = self.outbox.push_frame(frame) {
            // Even the answers are not read. The error has room after the queue is emptied.
            self.fail(407);
        }
    }
}

/// The message of an error code, as Alpaca words it.
#[must_use]
pub const fn error_text(code: u16) -> &'static str {
    match code {
        400 => "invalid syntax",
        401 => "not authenticated",
        402 => "auth failed",
        403 => "already authenticated",
        404 => "auth timeout",
        405 => "symbol limit exceeded",
        406 => "connection limit exceeded",
        407 => "slow client",
        408 => "v2 not enabled",
        409 => "insufficient subscription",
        410 => "invalid subscribe action for this feed",
        411 => "insufficient scope",
        412 => "option messages are only available in MsgPack format",
        413 => "star subscription is not allowed for option quotes",
        _ => "internal error",
    }
}

/// Whether a subscription of `channel` decides over messages of this channel: corrections and
/// cancels follow trades.
pub(crate) const fn deciding(channel: Channel) -> Channel {
    if channel.follows_trades() { Channel::Trades } else { channel }
}
