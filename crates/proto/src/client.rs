//! The client's end of a connection, as a state machine.
//!
//! [`ClientSession`] owns no socket, no clock and no task. Its owner reports what the socket does
//! and what time it is (`handle_…`), does what [`poll_action`](ClientSession::poll_action) says,
//! and calls [`handle_timeout`](ClientSession::handle_timeout) when
//! [`poll_timeout`](ClientSession::poll_timeout) has come. Times are durations since any fixed
//! start, from a clock that never goes back.
//!
//! ```text
//! Idle → Connecting → Welcome → Authenticating → Subscribing → Live ⇄ Stale
//!            ↑                                                   │
//!            └──────────── Backoff ←── any failure ──────────────┘   → NeedsUser
//! ```
//!
//! Two silence clocks run: one for any bytes, one for market data. Only market data resets the
//! second, because a server that answers pings and acknowledges requests may still send nothing.
//!
//! Every departure from `Live` is announced as a [`Gap`]: the stream has no sequence numbers and no
//! replay, so only the owner can fill it, by REST.

mod backoff;
mod cause;
mod explain;
mod flow;
mod policy;
mod random;
mod sync;
mod timing;
mod types;

use std::collections::VecDeque;
use std::time::Duration;

pub use cause::{Cause, ConnectFailure, Explanation, Policy, Step};
pub use policy::{CODES, CodeRule, code_rule};
pub use timing::{
    MAX_CONTRADICTIONS, MAX_CONTROL_PER_FRAME, MAX_DIVISIONS, MAX_EVENTS, MAX_PAIRS_PER_MESSAGE,
    MAX_TEXT_BYTES, Timing,
};
pub use types::{Action, ClientConfig, Event, Gap, State, Stats};

use crate::channel::Subscriptions;
use crate::decode::Tally;
use crate::endpoint::Endpoint;
use crate::frame::{Codec, Frame};
use crate::message::Message;
use crate::request::Credentials;
use backoff::Backoff;
use cause::clean;
use sync::Sync;

/// One client connection and all its successors. See the [module](self).
#[derive(Debug)]
pub struct ClientSession {
    config: ClientConfig,
    state: State,
    backoff: Backoff,
    sync: Sync,
    /// Whether the owner has a socket, open or opening.
    socket: bool,
    /// End of the current step, or of the backoff.
    step_deadline: Option<Duration>,
    /// End of the wait for an answer to what is outstanding.
    ack_deadline: Option<Duration>,
    /// When this connection became live.
    live_since: Option<Duration>,
    /// A data message or acknowledgement came on this connection.
    proven: bool,
    /// When the last market data of this connection came, or when it became live: what came before
    /// is trusted.
    trusted_until: Duration,
    /// The silence clock of market data: as `trusted_until`, and set when data begins to be expected.
    quiet_since: Duration,
    /// The last message of any kind on this connection, or the last probe.
    last_sign: Duration,
    last_attempt: Option<Duration>,
    expect_data: bool,
    gap: Option<Gap>,
    /// The socket was lost since the session was live.
    lost_socket: bool,
    tally: Tally,
    stats: Stats,
    actions: VecDeque<Action>,
    events: VecDeque<Event>,
}

impl ClientSession {
    /// A session that does nothing until [`start`](Self::start). Data is expected from the
    /// beginning; see [`set_expect_data`](Self::set_expect_data).
    #[must_use]
    pub fn new(mut config: ClientConfig) -> Self {
        if config.endpoint.is_options() {
            config.codec = Codec::MessagePack;
        }
        Self {
            state: State::Idle,
            backoff: Backoff::new(config.seed),
            sync: Sync::new(&config.wanted),
            socket: false,
            step_deadline: None,
            ack_deadline: None,
            live_since: None,
            proven: false,
            trusted_until: Duration::ZERO,
            quiet_since: Duration::ZERO,
            last_sign: Duration::ZERO,
            last_attempt: None,
            expect_data: true,
            gap: None,
            lost_socket: false,
            tally: Tally::default(),
            stats: Stats::default(),
            actions: VecDeque::new(),
            events: VecDeque::new(),
            config,
        }
    }

    // What the user wants.

    /// Connects, if the session is idle or needs the user; in backoff, tries again now.
    pub fn start(&mut self, now: Duration) {
        match self.state {
            State::Idle | State::NeedsUser { .. } => {
                self.backoff.reset();
                self.connect(now);
            }
            State::Backoff { .. } => self.hurry(now),
            _ => {}
        }
    }

    /// Disconnects and stays idle.
    pub fn stop(&mut self, now: Duration) {
        if self.state != State::Idle {
            self.leave(now, Cause::Stopped);
        }
    }

    /// What is to be subscribed from now on. The difference is sent when the session is connected;
    /// changes while an acknowledgement is outstanding are merged. `corrections` and
    /// `cancelErrors` follow `trades` and are ignored here.
    pub fn set_wanted(&mut self, now: Duration, wanted: Subscriptions) {
        self.sync.set_wanted(&wanted);
        self.config.wanted = wanted;
        if matches!(self.state, State::Subscribing | State::Live | State::Stale { .. })
            && self.config.endpoint != Endpoint::Trading
        {
            if !self.sync.is_waiting() {
                self.ack_deadline = None;
            }
            self.pump(now);
        }
    }

    /// Other credentials. Connects at once if the session needs the user; otherwise they are used
    /// from the next connection on.
    pub fn set_credentials(&mut self, now: Duration, credentials: Credentials) {
        self.config.credentials = credentials;
        if matches!(self.state, State::NeedsUser { .. }) {
            self.start(now);
        }
    }

    /// Whether market data is to be expected: the market is open and something liquid is
    /// subscribed. If not, silence shows nothing, and the session only probes whether the server
    /// still answers.
    pub fn set_expect_data(&mut self, now: Duration, expect: bool) {
        if expect == self.expect_data {
            return;
        }
        self.expect_data = expect;
        if expect {
            self.quiet_since = self.quiet_since.max(now);
        } else if matches!(self.state, State::Stale { .. }) {
            self.become_live(now);
        }
    }

    // What the socket does.

    /// The socket is open.
    pub fn handle_open(&mut self, now: Duration) {
        if self.state != State::Connecting {
            return;
        }
        self.stats.last_bytes = Some(now);
        self.last_sign = now;
        if self.config.endpoint == Endpoint::Trading {
            // No welcome there: the client speaks first.
            self.authenticate(now);
        } else {
            self.set_state(State::Welcome);
            self.step_deadline = Some(now.saturating_add(self.config.timing.welcome));
        }
    }

    /// A frame came, joined from its fragments. Market data goes to `sink`, in order; everything
    /// else is dealt with here. A frame that cannot be read is counted and does no harm.
    pub fn handle_frame<'a>(&mut self, now: Duration, frame: Frame<'a>, sink: &mut impl FnMut(&Message<'a>)) {
        self.take_frame(now, frame, sink);
    }

    /// The socket layer saw a ping, a pong or other bytes that are no frame of ours. Resets the
    /// clock of bytes, and no other.
    pub fn handle_bytes(&mut self, now: Duration) {
        if self.socket {
            self.stats.last_bytes = Some(now);
        }
    }

    /// The open socket was closed by the other side, or broke.
    pub fn handle_closed(&mut self, now: Duration, code: Option<u16>, reason: &str) {
        if self.socket {
            self.socket = false;
            self.leave(now, Cause::Closed { code, reason: clean(reason) });
        }
    }

    /// The socket could not be opened.
    pub fn handle_connect_failed(&mut self, now: Duration, failure: ConnectFailure) {
        if self.socket && self.state == State::Connecting {
            self.socket = false;
            let text = clean(&failure.text);
            self.leave(now, Cause::ConnectFailed(ConnectFailure { text, ..failure }));
        }
    }

    /// The network came back, or the machine woke up: a plain backoff ends now (but not a wait that
    /// the server asked for), and an open connection is probed.
    pub fn handle_online(&mut self, now: Duration) {
        match &self.state {
            State::Backoff { cause, .. } => {
                if matches!(cause.policy(), Policy::Backoff | Policy::Once) {
                    self.hurry(now);
                }
            }
            State::Live | State::Stale { .. } => self.probe(now),
            _ => {}
        }
    }

    /// The time of [`poll_timeout`](Self::poll_timeout) has come. Early and late calls do no harm.
    pub fn handle_timeout(&mut self, now: Duration) {
        if self.step_deadline.is_some_and(|at| at <= now) {
            self.step_deadline = None;
            let step = match self.state {
                State::Backoff { .. } => return self.connect(now),
                State::Connecting => Step::Connect,
                State::Welcome => Step::Welcome,
                State::Authenticating => Step::Authenticate,
                _ => return,
            };
            return self.leave(now, Cause::TimedOut(step));
        }
        if self.ack_deadline.is_some_and(|at| at <= now) {
            self.ack_deadline = None;
            self.acknowledgement_elapsed(now);
        }
        self.check_silence(now);
    }

    // What comes out.

    /// When [`handle_timeout`](Self::handle_timeout) is due. May be in the past.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Duration> {
        [self.step_deadline, self.ack_deadline, self.silence_deadline()].into_iter().flatten().min()
    }

    /// The next thing to do with the socket. Poll until `None` after every call.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// The next thing to know. Poll until `None` after every call.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Where the session is.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Which stream this is.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint {
        self.config.endpoint
    }

    /// What is wanted, without the channels that cannot be asked for.
    #[must_use]
    pub const fn wanted(&self) -> &Subscriptions {
        self.sync.wanted()
    }

    /// What the server has confirmed on this connection, without the channels that follow trades.
    #[must_use]
    pub const fn confirmed(&self) -> &Subscriptions {
        self.sync.confirmed()
    }

    /// What the decoder counted.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What the session counted.
    #[must_use]
    pub const fn stats(&self) -> &Stats {
        &self.stats
    }

    /// The gap that is open now, if any.
    #[must_use]
    pub const fn gap(&self) -> Option<&Gap> {
        self.gap.as_ref()
    }
}
