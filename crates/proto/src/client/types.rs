//! What the client session is told, and what it tells.

use std::time::Duration;

use super::cause::Cause;
use super::timing::Timing;
use crate::channel::Subscriptions;
use crate::endpoint::Endpoint;
use crate::frame::{Codec, OwnedFrame};
use crate::request::Credentials;
use crate::time::Timestamp;
use crate::trading::TradeUpdate;

/// What a client session is made from.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// Which stream.
    pub endpoint: Endpoint,
    /// Who we are. `Debug` shows no secret.
    pub credentials: Credentials,
    /// What to subscribe to. On [`Endpoint::Trading`] it is ignored: there the session listens to
    /// `trade_updates`.
    pub wanted: Subscriptions,
    /// In which codec we send. Option endpoints are always spoken to in MessagePack. What comes in
    /// is decoded by its form, whatever this says.
    pub codec: Codec,
    /// Seed of the jitter. Give every client its own, so that they do not come back in step.
    pub seed: u64,
    /// Durations.
    pub timing: Timing,
}

impl ClientConfig {
    /// A configuration with JSON, the usual durations and seed 0.
    #[must_use]
    pub fn new(endpoint: Endpoint, credentials: Credentials, wanted: Subscriptions) -> Self {
        Self { endpoint, credentials, wanted, codec: Codec::Json, seed: 0, timing: Timing::default() }
    }
}

/// What the owner of the socket has to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Open a socket to the endpoint; report with `handle_open` or `handle_connect_failed`.
    Connect,
    /// Send this frame on the open socket.
    Send(OwnedFrame),
    /// Close the socket, or give up the attempt to open it. Nothing of that socket may be reported
    /// afterwards: neither frames nor its close.
    Close {
        /// Close code for the peer.
        code: u16,
        /// Reason for the peer and the log.
        reason: &'static str,
    },
}

/// Where the session is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Not started, or stopped.
    Idle,
    /// A socket is being opened.
    Connecting,
    /// The socket is open; the server has not said `connected` yet.
    Welcome,
    /// Key and secret are sent.
    Authenticating,
    /// Authenticated; the subscriptions are being asked for.
    Subscribing,
    /// What can be had is subscribed. Data flows when there is any.
    Live,
    /// Connected, but no market data although it was expected.
    Stale {
        /// Monotonic time of the last market data, or from which data has been expected.
        since: Duration,
    },
    /// Waiting before the next attempt.
    Backoff {
        /// Monotonic time of the next attempt.
        until: Duration,
        /// How many attempts in a row have failed, from 1.
        attempt: u32,
        /// Why the last one failed.
        cause: Cause,
    },
    /// Nothing more is tried until the user does something: new credentials, another feed, or
    /// `start` once more.
    NeedsUser {
        /// Why.
        cause: Cause,
    },
}

/// A hole in the data: from the last datum before an interruption to now.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Exchange time of the last market data; `None` if there never was any.
    pub from: Option<Timestamp>,
    /// Monotonic time from which data may be missing: when the last frame with data came, or when
    /// the session became live if none came.
    pub since: Duration,
    /// What interrupted it.
    pub cause: Cause,
}

/// What the owner of the session may want to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// [`ClientSession::state`](super::ClientSession::state) is another one now.
    StateChanged,
    /// The session left `Live`: from here on data is missing, until [`Event::Resumed`]. The stream
    /// has neither sequence numbers nor replay, so the hole has to be filled by REST.
    Gap(Gap),
    /// Live again after a [`Event::Gap`]; each gap is followed by exactly one of these unless the
    /// session never recovers.
    Resumed {
        /// [`Gap::from`] of the gap that ends.
        from: Option<Timestamp>,
        /// How long it lasted, from [`Gap::since`].
        away: Duration,
    },
    /// The server did not take these subscriptions; everything else stays as it was.
    Refused {
        /// The error, or `None` if the acknowledgement just left them out.
        cause: Option<Cause>,
        /// What was refused. It is not asked for again on this connection unless the wanted set
        /// changes.
        subscriptions: Subscriptions,
    },
    /// The server said something that changes nothing, such as 403.
    Notice(Cause),
    /// Trading stream: something happened to an order.
    TradeUpdate(Box<TradeUpdate>),
}

/// What was counted since the session was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Attempts to connect.
    pub attempts: u64,
    /// Times the session became live.
    pub lives: u64,
    /// Times the session went live again after an interruption that took the socket.
    pub reconnects: u64,
    /// [`Event::Gap`]s.
    pub gaps: u64,
    /// Frames taken.
    pub frames: u64,
    /// Bytes of these frames.
    pub bytes: u64,
    /// Frames that could not be read as a whole.
    pub unreadable: u64,
    /// Probes sent.
    pub probes: u64,
    /// Error 407 and its like: the server found us too slow.
    pub slow_client: u64,
    /// Events dropped because nobody polled them.
    pub events_dropped: u64,
    /// Monotonic time of the last bytes of any kind.
    pub last_bytes: Option<Duration>,
    /// Monotonic time of the last market data (trading: of the last order update).
    pub last_data: Option<Duration>,
    /// Latest exchange time seen in market data.
    pub last_time: Option<Timestamp>,
}
