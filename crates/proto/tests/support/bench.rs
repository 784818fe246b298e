//! What several tests of the two ends share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use wickwire_proto::channel::{Channel, Subscriptions};
use wickwire_proto::client::{Action, ClientConfig, ClientSession, Event, State};
use wickwire_proto::encode::encode;
use wickwire_proto::endpoint::{Endpoint, StockFeed};
use wickwire_proto::frame::{Codec, OwnedFrame};
use wickwire_proto::message::{ErrorMessage, Message, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::request::{Credentials, Request, decode_request};
use wickwire_proto::time::Timestamp;

pub(crate) const IEX: Endpoint = Endpoint::Stocks(StockFeed::Iex);

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn pairs(list: &[(Channel, &str)]) -> Subscriptions {
    list.iter().copied().collect()
}

pub(crate) fn trade(symbol: &str, id: u64, at: Duration) -> Message<'static> {
    Message::Trade(Trade {
        symbol: symbol.to_owned().into(),
        id: Some(id),
        exchange: Some("V".into()),
        price: 100.25,
        size: Number::Unsigned(100),
        time: Timestamp(at.as_nanos() as i64),
        tape: Some("C".into()),
        ..Trade::default()
    })
}

pub(crate) fn error(code: u16) -> Message<'static> {
    Message::Error(ErrorMessage { code, message: "some words".into() })
}

/// SplitMix64, for tests.
#[derive(Clone, Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// True in `n` of 100 cases.
    pub(crate) fn percent(&mut self, n: u64) -> bool {
        self.below(100) < n
    }

    pub(crate) fn between(&mut self, from: Duration, to: Duration) -> Duration {
        from + Duration::from_micros(self.below((to - from).as_micros() as u64 + 1))
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A client session with a test at the other end, by hand and by the clock.
pub(crate) struct Bench {
    pub(crate) client: ClientSession,
    pub(crate) now: Duration,
    pub(crate) delivered: Vec<Message<'static>>,
}

impl Bench {
    pub(crate) fn new(config: ClientConfig) -> Self {
        let mut bench = Self { client: ClientSession::new(config), now: secs(1_000), delivered: Vec::new() };
        bench.client.start(bench.now);
        bench
    }

    pub(crate) fn iex(wanted: &[(Channel, &str)]) -> Self {
        Self::new(ClientConfig::new(IEX, Credentials::new("key", "secret"), pairs(wanted)))
    }

    /// A session that is live with these subscriptions.
    pub(crate) fn live(wanted: &[(Channel, &str)]) -> Self {
        let mut bench = Self::iex(wanted);
        bench.go_live();
        bench
    }

    pub(crate) fn actions(&mut self) -> Vec<Action> {
        std::iter::from_fn(|| self.client.poll_action()).collect()
    }

    pub(crate) fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.client.poll_event()).collect()
    }

    /// The requests among the actions, which must hold nothing else.
    pub(crate) fn requests(&mut self) -> Vec<Request> {
        let actions = self.actions();
        actions
            .iter()
            .map(|action| match action {
                Action::Send(frame) => decode_request(frame.as_frame()).unwrap(),
                other => panic!("{other:?} is no request"),
            })
            .collect()
    }

    pub(crate) fn frame(&mut self, frame: &OwnedFrame) {
        let Self { client, now, delivered } = self;
        client.handle_frame(*now, frame.as_frame(), &mut |m| delivered.push(m.clone().into_owned()));
    }

    pub(crate) fn hear(&mut self, messages: &[Message<'_>]) {
        self.frame(&encode(Codec::Json, messages));
    }

    pub(crate) fn acknowledge(&mut self, list: &[(Channel, &str)]) {
        self.hear(&[Message::Subscription(pairs(list))]);
    }

    /// Lets time pass, with every timeout at its moment.
    pub(crate) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(at) = self.client.poll_timeout().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.client.handle_timeout(self.now);
        }
        self.now = end;
    }

    pub(crate) fn authenticate(&mut self) {
        assert_eq!(self.actions(), [Action::Connect]);
        self.client.handle_open(self.now);
        self.hear(&[Message::Connected]);
        assert!(matches!(self.requests()[..], [Request::Auth(..)]));
        self.hear(&[Message::Authenticated]);
    }

    /// From `Connect` to `Live`, with everything confirmed that is asked.
    pub(crate) fn go_live(&mut self) {
        self.authenticate();
        let mut state = Subscriptions::new();
        while let [request] = &self.requests()[..] {
            let Request::Subscribe(asked) = request else { panic!("{request:?}") };
            asked.iter().for_each(|(c, s)| {
                state.insert(c, s);
            });
            self.hear(&[Message::Subscription(state.clone())]);
        }
        assert_eq!(*self.client.state(), State::Live);
    }

    /// The pause of the backoff the session is in.
    pub(crate) fn pause(&self) -> Duration {
        match self.client.state() {
            State::Backoff { until, .. } => *until - self.now,
            other => panic!("{other:?}"),
        }
    }
}
