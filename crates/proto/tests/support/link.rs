//! A client session and server sessions joined by a simulated link with its own time.
//!
//! Everything is drawn from one seed, so a failure can be repeated. Frames keep their order, as on
//! TCP; a cut may leave half a frame behind, as a careless socket layer would hand it on.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::VecDeque;
use std::time::Duration;

use wickwire_proto::channel::Subscriptions;
use wickwire_proto::client::{Action, ClientConfig, ClientSession, ConnectFailure, Event, State};
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::{Codec, OwnedFrame};
use wickwire_proto::message::Message;
use wickwire_proto::request::Credentials;
use wickwire_proto::server::{Plan, ServerConfig, ServerEvent, ServerSession, Verdict};

use super::common::{Dice, IEX, ms, secs, trade};

/// What can go wrong, each with the time until which it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection is cut now, with this close code, perhaps in mid-frame.
    Cut(Option<u16>),
    /// Packets of this connection vanish from now on, in both directions.
    HalfOpen,
    /// The server publishes nothing, but answers.
    Mute,
    /// Connections are refused: no answer, or this HTTP status.
    Refuse(Option<u16>, Option<Duration>),
    /// Connection attempts are never answered.
    Blackhole,
    /// 406 at authentication.
    Limited,
    /// The server accepts and closes at once.
    AcceptAndClose,
    /// The server says nothing before this is over: no welcome.
    NoWelcome,
    /// Frames in either direction get lost, this many of 100.
    Loss(u64),
    /// Frames to the client come twice, this many of 100.
    Duplicates(u64),
    /// Latency up to this.
    Slow(Duration),
    /// The server sends this error now.
    Error(u16),
    /// A frame of rubbish comes.
    Rubbish,
}

struct Connection {
    server: ServerSession,
    to_server: VecDeque<(Duration, OwnedFrame)>,
    /// `Err` is the close that the client will see.
    to_client: VecDeque<(Duration, Result<OwnedFrame, Option<u16>>)>,
    vanished: bool,
    closed: bool,
}

pub(crate) struct Link {
    pub(crate) dice: Dice,
    pub(crate) now: Duration,
    pub(crate) client: ClientSession,
    connection: Option<Connection>,
    /// An open attempt, answered at this time.
    opening: Option<Duration>,
    faults: Vec<(Duration, Fault)>,
    pub(crate) latency: Duration,
    pub(crate) refuse_key: bool,
    server_codec: Codec,
    publish_every: Duration,
    next_publish: Duration,
    published: Vec<Duration>,
    received: Vec<bool>,
    /// When the client was live for the first time.
    pub(crate) first_live: Option<Duration>,
    /// Closed gaps: from, to.
    gaps: Vec<(Duration, Duration)>,
    open_gap: Option<Duration>,
    pub(crate) attempts: Vec<Duration>,
    pub(crate) states: u64,
    lossy: bool,
}

impl Link {
    pub(crate) fn new(seed: u64, wanted: Subscriptions) -> Self {
        let mut dice = Dice(seed ^ 0xABCD_EF01);
        let mut config = ClientConfig::new(IEX, Credentials::new("key", "secret"), wanted);
        config.seed = seed;
        config.codec = dice.pick(&[Codec::Json, Codec::MessagePack]);
        let latency = dice.between(ms(1), ms(120));
        Self {
            now: secs(dice.below(100_000)),
            client: ClientSession::new(config),
            connection: None,
            opening: None,
            faults: Vec::new(),
            latency,
            refuse_key: false,
            server_codec: dice.pick(&[Codec::Json, Codec::MessagePack]),
            publish_every: dice.between(ms(1_500), secs(8)),
            next_publish: Duration::ZERO,
            published: Vec::new(),
            received: Vec::new(),
            first_live: None,
            gaps: Vec::new(),
            open_gap: None,
            attempts: Vec::new(),
            states: 0,
            lossy: false,
            dice,
        }
    }

    pub(crate) fn start(&mut self) {
        self.next_publish = self.now;
        self.watch(|link| link.client.start(link.now));
    }

    /// Does something to the client, and checks what it tells about it.
    pub(crate) fn watch(&mut self, act: impl FnOnce(&mut Self)) {
        let was_live = *self.client.state() == State::Live;
        let was_stale = matches!(self.client.state(), State::Stale { .. });
        act(self);
        let live = *self.client.state() == State::Live;
        let (mut gaps, mut resumed) = (0, 0);
        while let Some(event) = self.client.poll_event() {
            match event {
                Event::Gap(gap) => {
                    assert!(self.open_gap.is_none(), "a gap within a gap");
                    assert!(gap.since <= self.now);
                    self.open_gap = Some(gap.since);
                    gaps += 1;
                }
                Event::Resumed { away, .. } => {
                    let since = self.open_gap.take().expect("a gap was open");
                    assert_eq!(away, self.now - since);
                    self.gaps.push((since, self.now));
                    resumed += 1;
                }
                Event::StateChanged => self.states += 1,
                _ => {}
            }
        }
        if was_live && !live {
            assert_eq!((gaps, resumed), (1, 0), "an interruption without a gap");
        } else if !was_live && live {
            assert_eq!((gaps, resumed), (0, u32::from(self.first_live.is_some() || was_stale)));
            self.first_live.get_or_insert(self.now);
        }
        self.act();
    }

    fn act(&mut self) {
        while let Some(action) = self.client.poll_action() {
            match action {
                Action::Connect => {
                    assert!(self.connection.is_none() && self.opening.is_none(), "two sockets at once");
                    self.attempts.push(self.now);
                    let latency = self.draw_latency();
                    self.opening = Some(self.now + latency);
                }
                Action::Send(frame) => {
                    let at = self.now + self.draw_latency();
                    let lost = self.loses();
                    let connection = self.connection.as_mut().expect("a socket to send on");
                    if !connection.vanished && !lost {
                        let at = connection.to_server.back().map_or(at, |(last, _)| at.max(*last));
                        connection.to_server.push_back((at, frame));
                    }
                }
                Action::Close { code, .. } => {
                    assert!((1000..5000).contains(&code));
                    assert!(self.connection.is_some() || self.opening.is_some(), "nothing to close");
                    self.connection = None;
                    self.opening = None;
                }
            }
        }
    }

    fn active(&self, find: impl Fn(&Fault) -> bool) -> Option<Fault> {
        self.faults.iter().filter(|(until, f)| *until > self.now && find(f)).map(|(_, f)| *f).next()
    }

    fn draw_latency(&mut self) -> Duration {
        let slowest = match self.active(|f| matches!(f, Fault::Slow(_))) {
            Some(Fault::Slow(limit)) => limit,
            _ => self.latency,
        };
        self.dice.between(ms(1), slowest.max(ms(1)))
    }

    fn loses(&mut self) -> bool {
        match self.active(|f| matches!(f, Fault::Loss(_))) {
            Some(Fault::Loss(percent)) => {
                self.lossy = true;
                self.dice.percent(percent)
            }
            _ => false,
        }
    }

    /// Lets a fault happen, now or until `until`.
    pub(crate) fn fault(&mut self, fault: Fault, until: Duration) {
        self.faults.retain(|(until, _)| *until > self.now);
        match fault {
            Fault::Cut(code) => self.cut(code),
            Fault::HalfOpen => {
                if let Some(connection) = &mut self.connection {
                    connection.vanished = true;
                    connection.to_client.clear();
                    connection.to_server.clear();
                }
            }
            Fault::Error(code) => {
                if let Some(connection) = &mut self.connection
                    && connection.server.is_authenticated()
                {
                    connection.server.fail(code);
                    self.serve();
                }
            }
            Fault::Rubbish => {
                let length = self.dice.below(40) as usize;
                let bytes: Vec<u8> = (0..length).map(|_| self.dice.next() as u8).collect();
                let now = self.now;
                if let Some(connection) = &mut self.connection
                    && !connection.vanished
                {
                    connection.to_client.push_front((now, Ok(OwnedFrame::Binary(bytes))));
                }
            }
            _ => self.faults.push((until, fault)),
        }
    }

    fn cut(&mut self, code: Option<u16>) {
        let half = self.dice.percent(50);
        let keep = self.dice.below(4) as usize;
        let part = self.dice.next() as usize;
        let now = self.now;
        let Some(connection) = &mut self.connection else { return };
        if connection.vanished || connection.closed {
            return;
        }
        connection.closed = true;
        connection.to_server.clear();
        let lost = connection.to_client.drain(keep.min(connection.to_client.len())..).next();
        if let (true, Some((at, Ok(frame)))) = (half, lost) {
            let bytes = &frame.bytes()[..part % frame.len().max(1)];
            connection.to_client.push_back((at, Ok(OwnedFrame::Binary(bytes.to_vec()))));
        }
        let at = connection.to_client.back().map_or(now, |(at, _)| *at);
        connection.to_client.push_back((at, Err(code)));
    }

    /// Answers what the server session asks, and puts its frames on the wire.
    fn serve(&mut self) {
        let now = self.now;
        let limited = self.active(|f| *f == Fault::Limited).is_some();
        let silent = self.active(|f| *f == Fault::NoWelcome).is_some();
        let mut close = None;
        let Some(connection) = &mut self.connection else { return };
        while let Some(event) = connection.server.poll_event() {
            match event {
                ServerEvent::Authenticate(_) => {
                    let verdict = match (self.refuse_key, limited) {
                        (true, _) => Verdict::Refused,
                        (_, true) => Verdict::ConnectionLimit,
                        _ => Verdict::Ok,
                    };
                    connection.server.handle_auth(now, verdict);
                }
                ServerEvent::Close { code } => close = Some(code),
                _ => {}
            }
        }
        while let Some(frame) = self.connection.as_mut().and_then(|c| c.server.poll_transmit()) {
            let at = now + self.draw_latency();
            let lost = self.loses();
            let twice = match self.active(|f| matches!(f, Fault::Duplicates(_))) {
                Some(Fault::Duplicates(percent)) => self.dice.percent(percent),
                _ => false,
            };
            let Some(connection) = &mut self.connection else { return };
            if connection.vanished
                || connection.closed
                || lost
                || (silent && !connection.server.is_authenticated())
            {
                continue;
            }
            let at = connection.to_client.back().map_or(at, |(last, _)| at.max(*last));
            if twice {
                connection.to_client.push_back((at, Ok(frame.clone())));
            }
            connection.to_client.push_back((at, Ok(frame)));
        }
        if let (Some(code), Some(connection)) = (close, &mut self.connection)
            && !connection.closed
            && !connection.vanished
        {
            connection.closed = true;
            let at = connection.to_client.back().map_or(now, |(at, _)| *at);
            connection.to_client.push_back((at, Err(Some(code))));
        }
    }

    fn open(&mut self) {
        self.opening = None;
        if self.active(|f| *f == Fault::Blackhole).is_some() {
            // Never answered: the attempt hangs until the client gives it up.
            self.opening = Some(Duration::MAX);
            return;
        }
        if let Some(Fault::Refuse(status, retry_after)) = self.active(|f| matches!(f, Fault::Refuse(..))) {
            let failure = ConnectFailure { status, retry_after, text: "refused".into() };
            return self.watch(|link| link.client.handle_connect_failed(link.now, failure));
        }
        let config = ServerConfig {
            endpoint: IEX,
            codec: self.server_codec,
            header_credentials: None,
            plan: Plan::UNLIMITED,
        };
        self.connection = Some(Connection {
            server: ServerSession::new(config, self.now),
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
            vanished: false,
            closed: false,
        });
        self.watch(|link| link.client.handle_open(link.now));
        if self.active(|f| *f == Fault::AcceptAndClose).is_some() {
            self.cut(Some(1000));
        }
        self.serve();
    }

    /// Whether the server side has exactly these subscriptions for the client's connection.
    pub(crate) fn server_has(&self, wanted: &Subscriptions) -> bool {
        self.connection.as_ref().is_some_and(|c| c.server.subscriptions() == wanted)
    }

    fn publish(&mut self) {
        self.next_publish = self.now + self.publish_every;
        if self.active(|f| *f == Fault::Mute).is_some() {
            return;
        }
        let id = self.published.len() as u64;
        self.published.push(self.now);
        self.received.push(false);
        if let Some(connection) = &mut self.connection {
            connection.server.publish(&trade("AAPL", id, self.now));
            self.serve();
        }
    }

    fn next_event(&self) -> Duration {
        let connection = self.connection.as_ref();
        [
            self.client.poll_timeout(),
            self.opening,
            Some(self.next_publish),
            connection.and_then(|c| c.to_server.front()).map(|(at, _)| *at),
            connection.and_then(|c| c.to_client.front()).map(|(at, _)| *at),
            connection.and_then(|c| c.server.poll_timeout()),
        ]
        .into_iter()
        .flatten()
        .min()
        .expect("something is always published")
    }

    /// Runs until `end`.
    pub(crate) fn run(&mut self, end: Duration) {
        let mut steps = 0;
        loop {
            let at = self.next_event();
            if at > end {
                self.now = end;
                return;
            }
            steps += 1;
            assert!(steps < 200_000, "the pair spins at {:?}: {:?}", self.now, self.client.state());
            self.now = self.now.max(at);
            self.step();
        }
    }

    fn step(&mut self) {
        let now = self.now;
        if self.opening.is_some_and(|at| at <= now) {
            return self.open();
        }
        if let Some(connection) = &mut self.connection {
            if connection.to_client.front().is_some_and(|(at, _)| *at <= now) {
                let (_, item) = connection.to_client.pop_front().expect("just seen");
                return self.deliver(item);
            }
            if connection.to_server.front().is_some_and(|(at, _)| *at <= now) {
                let (_, frame) = connection.to_server.pop_front().expect("just seen");
                connection.server.handle_frame(now, frame.as_frame());
                return self.serve();
            }
            if connection.server.poll_timeout().is_some_and(|at| at <= now) {
                connection.server.handle_timeout(now);
                return self.serve();
            }
        }
        if self.next_publish <= now {
            return self.publish();
        }
        self.watch(|link| link.client.handle_timeout(link.now));
    }

    fn deliver(&mut self, item: Result<OwnedFrame, Option<u16>>) {
        self.watch(|link| match item {
            Ok(frame) => {
                let Link { client, received, now, .. } = link;
                client.handle_frame(*now, frame.as_frame(), &mut |message| {
                    if let Message::Trade(trade) = message
                        && let Some(seen) = trade.id.and_then(|id| received.get_mut(id as usize))
                    {
                        *seen = true;
                    }
                });
            }
            Err(code) => {
                link.connection = None;
                link.client.handle_closed(link.now, code, "cut");
            }
        });
    }

    /// Every trade published since the first `Live` has arrived, or lies within a gap. Says nothing
    /// where single frames were lost, which no client can notice.
    pub(crate) fn assert_no_silent_gap(&self) {
        let Some(first) = self.first_live else { return };
        if self.lossy {
            return;
        }
        for (id, at) in self.published.iter().enumerate() {
            // What is published in the last moments may still be on its way.
            if self.received[id] || *at < first || *at + secs(8) > self.now {
                continue;
            }
            let slack = secs(4);
            let told = self.gaps.iter().any(|(from, to)| *from <= *at + slack && *at <= *to);
            assert!(told, "trade {id} of {at:?} is missing and no gap says so: {:?}", self.gaps);
        }
    }

    /// Most attempts to connect in any stretch of `window`.
    pub(crate) fn busiest(&self, window: Duration) -> usize {
        let starts = self.attempts.iter().enumerate();
        starts
            .map(|(n, from)| self.attempts[n..].iter().take_while(|at| **at <= *from + window).count())
            .max()
            .unwrap_or(0)
    }

    pub(crate) fn gap_is_open(&self) -> bool {
        self.open_gap.is_some() || self.client.gap().is_some()
    }

    pub(crate) const fn endpoint(&self) -> Endpoint {
        self.client.endpoint()
    }
}
