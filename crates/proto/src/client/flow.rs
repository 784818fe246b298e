//! How the session moves from state to state.

use std::time::Duration;

use super::cause::{Cause, Policy, Step, clean};
use super::policy::code_rule;
use super::sync::Elapsed;
use super::timing::{MAX_CONTROL_PER_FRAME, MAX_EVENTS};
use super::{Action, ClientSession, Event, Gap, State};
use crate::decode::decode;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::frame::Frame;
use crate::limits::MAX_FRAME_BYTES;
use crate::message::{ErrorMessage, Message};
use crate::request::{AuthForm, Request, encode_request};
use crate::trading::{TRADE_UPDATES, TradingMessage, decode_trading};

impl ClientSession {
    pub(super) fn connect(&mut self, now: Duration) {
        self.socket = true;
        self.live_since = None;
        self.proven = false;
        self.last_attempt = Some(now);
        self.stats.attempts += 1;
        self.sync.start();
        self.ack_deadline = None;
        self.step_deadline = Some(now.saturating_add(self.config.timing.connect));
        self.set_state(State::Connecting);
        self.actions.push_back(Action::Connect);
    }

    /// Ends a backoff early, but never makes two attempts in close succession.
    pub(super) fn hurry(&mut self, now: Duration) {
        let State::Backoff { until, .. } = &mut self.state else { return };
        let earliest =
            self.last_attempt.map_or(now, |at| at.saturating_add(self.config.timing.online_floor).max(now));
        *until = earliest.min(*until);
        self.step_deadline = Some(*until);
        if *until <= now {
            self.connect(now);
        }
    }

    pub(super) fn authenticate(&mut self, now: Duration) {
        let form = match self.config.endpoint {
            Endpoint::Trading => AuthForm::Authenticate,
            _ => AuthForm::Auth,
        };
        self.send(&Request::Auth(self.config.credentials.clone(), form));
        self.step_deadline = Some(now.saturating_add(self.config.timing.authenticate));
        self.set_state(State::Authenticating);
    }

    fn authenticated(&mut self, now: Duration) {
        self.step_deadline = None;
        self.set_state(State::Subscribing);
        if self.config.endpoint == Endpoint::Trading {
            self.listen(now);
        } else {
            self.pump(now);
        }
    }

    fn listen(&mut self, now: Duration) {
        self.send(&Request::Listen(vec![TRADE_UPDATES.to_owned()]));
        self.ack_deadline = Some(now.saturating_add(self.config.timing.acknowledge));
    }

    /// Sends the next request, if one is due; live once there is nothing left to ask.
    pub(super) fn pump(&mut self, now: Duration) {
        if let Some(request) = self.sync.next_request() {
            self.send(&request);
            self.ack_deadline = Some(now.saturating_add(self.config.timing.acknowledge));
        } else if self.state == State::Subscribing && !self.sync.is_waiting() {
            self.become_live(now);
        }
    }

    pub(super) fn become_live(&mut self, now: Duration) {
        if self.live_since.is_none() {
            self.live_since = Some(now);
            self.trusted_until = now;
            self.quiet_since = now;
            self.last_sign = now;
            self.stats.lives += 1;
            if std::mem::take(&mut self.lost_socket) {
                self.stats.reconnects += 1;
            }
        }
        self.set_state(State::Live);
        if let Some(gap) = self.gap.take() {
            self.tell(Event::Resumed { from: gap.from, away: now.saturating_sub(gap.since) });
        }
    }

    pub(super) fn probe(&mut self, now: Duration) {
        if self.ack_deadline.is_some() {
            return;
        }
        if self.config.endpoint == Endpoint::Trading {
            self.listen(now);
        } else if let Some(request) = self.sync.probe() {
            self.send(&request);
            self.ack_deadline = Some(now.saturating_add(self.config.timing.acknowledge));
        } else {
            return;
        }
        self.last_sign = now;
        self.stats.probes += 1;
    }

    pub(super) fn acknowledgement_elapsed(&mut self, now: Duration) {
        if self.config.endpoint == Endpoint::Trading {
            let probe = self.state != State::Subscribing;
            return self.leave(now, Cause::TimedOut(if probe { Step::Probe } else { Step::Subscribe }));
        }
        match self.sync.elapsed() {
            Elapsed::Dead { probe } => {
                self.leave(now, Cause::TimedOut(if probe { Step::Probe } else { Step::Subscribe }));
            }
            Elapsed::Again => self.pump(now),
            Elapsed::GivenUp(subscriptions) => {
                self.tell(Event::Refused { cause: None, subscriptions });
                self.pump(now);
            }
        }
    }

    fn data_expected(&self) -> bool {
        self.expect_data && self.config.endpoint != Endpoint::Trading && !self.sync.confirmed().is_empty()
    }

    pub(super) fn check_silence(&mut self, now: Duration) {
        if !matches!(self.state, State::Live | State::Stale { .. }) {
            return;
        }
        let timing = &self.config.timing;
        if self.data_expected() {
            let quiet = now.saturating_sub(self.quiet_since);
            if quiet >= timing.mute {
                return self.leave(now, Cause::Silent);
            }
            if quiet >= timing.silent && self.state == State::Live {
                let since = self.quiet_since;
                self.open_gap(Cause::Silent);
                self.set_state(State::Stale { since });
                return self.probe(now);
            }
        }
        if now.saturating_sub(self.last_sign) >= self.config.timing.silent {
            self.probe(now);
        }
    }

    pub(super) fn silence_deadline(&self) -> Option<Duration> {
        if !matches!(self.state, State::Live | State::Stale { .. }) {
            return None;
        }
        let timing = &self.config.timing;
        let data = self.data_expected().then(|| {
            let limit = if self.state == State::Live { timing.silent } else { timing.mute };
            self.quiet_since.saturating_add(limit)
        });
        let can_probe = self.ack_deadline.is_none()
            && (self.config.endpoint == Endpoint::Trading || !self.sync.confirmed().is_empty());
        let probe = can_probe.then(|| self.last_sign.saturating_add(timing.silent));
        data.into_iter().chain(probe).min()
    }

    /// The only way out of a connection: into `Backoff`, `NeedsUser` or, by the user's will, `Idle`.
    pub(super) fn leave(&mut self, now: Duration, cause: Cause) {
        if matches!(self.state, State::Live | State::Stale { .. }) {
            self.open_gap(cause.clone());
            self.lost_socket = true;
        }
        if self.socket {
            self.socket = false;
            let unpolled = self.actions.contains(&Action::Connect);
            self.actions.retain(|a| matches!(a, Action::Close { .. }));
            if !unpolled {
                let (code, reason) = cause.close();
                self.actions.push_back(Action::Close { code, reason });
            }
        } else {
            self.actions.retain(|a| matches!(a, Action::Close { .. }));
        }
        if self.has_settled(now) {
            self.backoff.reset();
        }
        self.live_since = None;
        self.ack_deadline = None;
        self.step_deadline = None;
        self.sync.start();
        if cause == Cause::Stopped {
            self.backoff.reset();
            return self.set_state(State::Idle);
        }
        let policy = cause.policy();
        if policy == Policy::SlowClient {
            self.stats.slow_client += 1;
        }
        let retry_after = match &cause {
            Cause::ConnectFailed(failure) => failure.retry_after,
            _ => None,
        };
        match self.backoff.next(policy, retry_after, &self.config.timing) {
            Some(pause) => {
                let until = now.saturating_add(pause);
                self.step_deadline = Some(until);
                self.set_state(State::Backoff { until, attempt: self.backoff.attempt(), cause });
            }
            None => self.set_state(State::NeedsUser { cause }),
        }
    }

    /// Whether this connection has shown that the server serves us. Accepting is not enough.
    fn has_settled(&self, now: Duration) -> bool {
        self.proven && self.live_since.is_some_and(|at| now.saturating_sub(at) >= self.config.timing.settled)
    }

    fn open_gap(&mut self, cause: Cause) {
        if self.gap.is_none() {
            let gap = Gap { from: self.stats.last_time, since: self.trusted_until, cause };
            self.gap = Some(gap.clone());
            self.stats.gaps += 1;
            self.tell(Event::Gap(gap));
        }
    }

    pub(super) fn set_state(&mut self, state: State) {
        if self.state != state {
            self.state = state;
            if self.events.back() != Some(&Event::StateChanged) {
                self.tell(Event::StateChanged);
            }
        }
    }

    pub(super) fn tell(&mut self, event: Event) {
        if self.events.len() >= MAX_EVENTS {
            let victim = self.events.iter().position(|e| !matches!(e, Event::TradeUpdate(_))).unwrap_or(0);
            self.events.remove(victim);
            self.stats.events_dropped += 1;
        }
        self.events.push_back(event);
    }

    fn send(&mut self, request: &Request) {
        self.actions.push_back(Action::Send(encode_request(self.config.codec, request)));
    }

    const fn is_open(&self) -> bool {
        matches!(
            self.state,
            State::Welcome | State::Authenticating | State::Subscribing | State::Live | State::Stale { .. }
        )
    }

    pub(super) fn take_frame<'a>(
        &mut self,
        now: Duration,
        frame: Frame<'a>,
        sink: &mut impl FnMut(&Message<'a>),
    ) {
        if !self.is_open() {
            return;
        }
        self.stats.frames += 1;
        self.stats.bytes += frame.len() as u64;
        self.stats.last_bytes = Some(now);
        if frame.len() > MAX_FRAME_BYTES {
            return self.leave(now, Cause::FrameTooLarge);
        }
        if self.config.endpoint == Endpoint::Trading {
            return self.take_trading(now, frame);
        }
        let deliver = matches!(self.state, State::Subscribing | State::Live | State::Stale { .. });
        let mut control = Vec::new();
        let mut data = false;
        let mut latest = self.stats.last_time;
        let result = decode(frame, &mut |message| {
            if message.channel().is_none() {
                if control.len() < MAX_CONTROL_PER_FRAME {
                    control.push(message);
                }
            } else if deliver {
                data = true;
                latest = latest.max(message.time());
                sink(&message);
            }
        });
        match result {
            Ok(tally) => self.tally += tally,
            Err(Error::FrameTooLarge(_)) => return self.leave(now, Cause::FrameTooLarge),
            Err(_) => {
                self.stats.unreadable += 1;
                return;
            }
        }
        if data {
            self.stats.last_time = latest;
            self.data_came(now);
        }
        for message in control {
            self.last_sign = now;
            self.take_control(now, message);
            if !self.is_open() {
                return;
            }
        }
    }

    fn data_came(&mut self, now: Duration) {
        self.stats.last_data = Some(now);
        self.trusted_until = now;
        self.quiet_since = now;
        self.last_sign = now;
        self.proven = true;
        if self.sync.drop_probe() {
            self.ack_deadline = None;
            self.pump(now);
        }
        if matches!(self.state, State::Stale { .. }) {
            self.become_live(now);
        }
    }

    fn take_control(&mut self, now: Duration, message: Message<'_>) {
        match message {
            Message::Connected if self.state == State::Welcome => self.authenticate(now),
            Message::Authenticated if matches!(self.state, State::Welcome | State::Authenticating) => {
                self.authenticated(now);
            }
            Message::Subscription(state)
                if matches!(self.state, State::Subscribing | State::Live | State::Stale { .. }) =>
            {
                self.proven = true;
                if self.sync.acknowledge(&state) {
                    self.ack_deadline = None;
                }
                self.pump(now);
            }
            Message::Error(error) => self.take_error(now, &error),
            _ => {}
        }
    }

    fn take_error(&mut self, now: Duration, error: &ErrorMessage<'_>) {
        let (code, message) = (error.code, clean(&error.message));
        let policy = code_rule(code).map_or(Policy::Backoff, |r| r.policy);
        let logging_in = matches!(self.state, State::Welcome | State::Authenticating);
        let cause = Cause::Code { code, message };
        match policy {
            Policy::Ignore => {
                self.tell(Event::Notice(cause));
                if self.state == State::Authenticating {
                    // "already authenticated": the headers of the upgrade did it.
                    self.authenticated(now);
                }
            }
            Policy::Drop if logging_in => {
                let Cause::Code { code, message } = cause else { return };
                self.leave(now, Cause::Rejected { code, message });
            }
            Policy::Drop | Policy::Keep => {
                match self.sync.refuse(code) {
                    Some(subscriptions) if subscriptions.is_empty() => {}
                    Some(subscriptions) => self.tell(Event::Refused { cause: Some(cause), subscriptions }),
                    None => return self.tell(Event::Notice(cause)),
                }
                self.ack_deadline = None;
                self.pump(now);
            }
            _ => self.leave(now, cause),
        }
    }

    fn take_trading(&mut self, now: Duration, frame: Frame<'_>) {
        let message = match decode_trading(frame) {
            Ok(Some(message)) => message,
            Ok(None) => return self.tally.skipped_types += 1,
            Err(_) => return self.stats.unreadable += 1,
        };
        self.last_sign = now;
        match message {
            TradingMessage::Authorization(answer) => match (answer.is_authorized(), &self.state) {
                (true, State::Authenticating) => self.authenticated(now),
                (true, _) => {}
                (false, State::Authenticating) if answer.action != "listen" => {
                    self.leave(now, Cause::Unauthorized);
                }
                (false, _) => self.leave(now, Cause::NotAuthenticated),
            },
            TradingMessage::Listening { streams } => {
                self.proven = true;
                self.ack_deadline = None;
                if self.state == State::Subscribing {
                    if !streams.iter().any(|s| s == TRADE_UPDATES) {
                        self.tell(Event::Refused { cause: None, subscriptions: Default::default() });
                    }
                    self.become_live(now);
                }
            }
            TradingMessage::TradeUpdate(update) => {
                self.tally.delivered += 1;
                self.proven = true;
                self.trusted_until = now;
                self.stats.last_data = Some(now);
                self.stats.last_time = self.stats.last_time.max(update.timestamp);
                self.tell(Event::TradeUpdate(update));
            }
            TradingMessage::Error { message } => {
                self.leave(now, Cause::TradingError { message: clean(&message) });
            }
        }
    }
}
