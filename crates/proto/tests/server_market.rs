//! The server's end of the market-data stream: handshake, error codes, acknowledgements, batches.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bench.rs"]
mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::time::Duration;

use common::{IEX, ms, pairs, secs, trade};
use wickwire_proto::channel::Channel::{
    self, Bars, CancelErrors, Corrections, News as NewsChannel, OrderBooks, Quotes, Trades,
};
use wickwire_proto::channel::Subscriptions;
use wickwire_proto::decode::decode;
use wickwire_proto::endpoint::{Endpoint, StockFeed};
use wickwire_proto::frame::{Codec, Frame, OwnedFrame};
use wickwire_proto::message::{CancelError, Correction, Message, News};
use wickwire_proto::request::{AuthForm, Credentials, Request, encode_request};
use wickwire_proto::server::{
    AUTH_LIMIT, MAX_AUTH_ATTEMPTS, MAX_BATCH_BYTES, MAX_BATCH_ELEMENTS, MAX_PAIRS_PER_CONNECTION,
    MAX_QUEUED_BYTES, MAX_QUEUED_FRAMES, MAX_REQUEST_BYTES, MAX_SERVER_EVENTS, Plan, ServerConfig,
    ServerEvent, ServerSession, Verdict, error_text,
};

struct Peer {
    server: ServerSession,
    now: Duration,
    codec: Codec,
}

impl Peer {
    fn with(config: ServerConfig) -> Self {
        let now = secs(50);
        let codec = if config.endpoint.is_options() { Codec::MessagePack } else { Codec::Json };
        Self { server: ServerSession::new(config, now), now, codec }
    }

    fn new(endpoint: Endpoint) -> Self {
        Self::with(ServerConfig::new(endpoint, Codec::Json))
    }

    /// Authenticated, with nothing left to read.
    fn ready(endpoint: Endpoint, plan: Plan) -> Self {
        let mut peer = Self::with(ServerConfig { plan, ..ServerConfig::new(endpoint, Codec::Json) });
        peer.authenticate();
        assert_eq!(peer.hear(), [vec![Message::Connected], vec![Message::Authenticated]]);
        peer
    }

    fn authenticate(&mut self) {
        self.say(&Request::Auth(Credentials::new("key", "secret"), AuthForm::Auth));
        assert_eq!(self.events(), [ServerEvent::Authenticate(Credentials::new("key", "secret"))]);
        self.server.handle_auth(self.now, Verdict::Ok);
    }

    fn say(&mut self, request: &Request) {
        let frame = encode_request(self.codec, request);
        self.server.handle_frame(self.now, frame.as_frame());
    }

    fn text(&mut self, text: &str) {
        self.server.handle_frame(self.now, Frame::Text(text));
    }

    fn subscribe(&mut self, list: &[(Channel, &str)]) {
        self.say(&Request::Subscribe(pairs(list)));
    }

    fn frames(&mut self) -> Vec<OwnedFrame> {
        std::iter::from_fn(|| self.server.poll_transmit()).collect()
    }

    /// Messages of each frame.
    fn hear(&mut self) -> Vec<Vec<Message<'static>>> {
        self.frames().iter().map(|f| messages(f)).collect()
    }

    /// The code of the only frame, which holds an error alone.
    fn error(&mut self) -> u16 {
        let frames = self.hear();
        let [frame] = &frames[..] else { panic!("{frames:?}") };
        let [Message::Error(error)] = &frame[..] else { panic!("{frame:?}") };
        assert_eq!(error.message, error_text(error.code));
        error.code
    }

    fn events(&mut self) -> Vec<ServerEvent> {
        std::iter::from_fn(|| self.server.poll_event()).collect()
    }
}

fn messages(frame: &OwnedFrame) -> Vec<Message<'static>> {
    let mut out = Vec::new();
    let tally = decode(frame.as_frame(), &mut |m| out.push(m.into_owned())).unwrap();
    assert_eq!((tally.refused, tally.broken), (0, 0));
    out
}

#[test]
fn the_handshake_of_the_documentation() {
    let mut peer = Peer::new(IEX);
    assert_eq!(peer.frames(), [OwnedFrame::Text(r#"[{"T":"success","msg":"connected"}]"#.into())]);
    peer.text(r#"{"action":"auth","key":"k","secret":"s","paper":true}"#);
    assert_eq!(peer.events(), [ServerEvent::Authenticate(Credentials::new("k", "s"))]);
    assert!(peer.frames().is_empty());
    peer.server.handle_auth(peer.now, Verdict::Ok);
    assert_eq!(peer.frames(), [OwnedFrame::Text(r#"[{"T":"success","msg":"authenticated"}]"#.into())]);
    peer.text(r#"{"action":"subscribe","trades":["AAPL"],"bars":["*"],"quotes":null,"statuses":[]}"#);
    assert_eq!(
        peer.frames(),
        [OwnedFrame::Text(
            concat!(
                r#"[{"T":"subscription","trades":["AAPL"],"quotes":[],"bars":["*"],"updatedBars":[],"#,
                r#""dailyBars":[],"statuses":[],"lulds":[],"imbalances":[],"#,
                r#""corrections":["AAPL"],"cancelErrors":["AAPL"]}]"#
            )
            .into()
        )]
    );
    assert_eq!(peer.events(), [ServerEvent::Subscribed(pairs(&[(Trades, "AAPL"), (Bars, "*")]))]);
    assert_eq!(peer.server.poll_timeout(), None);
}

#[test]
fn nothing_valid_within_10_s_is_404_and_close() {
    let mut peer = Peer::new(IEX);
    peer.frames();
    peer.text("nonsense");
    assert_eq!(peer.error(), 400);
    assert_eq!(peer.server.poll_timeout(), Some(peer.now + AUTH_LIMIT));
    peer.server.handle_timeout(peer.now + AUTH_LIMIT - ms(1));
    assert!(peer.frames().is_empty());
    peer.server.handle_timeout(peer.now + AUTH_LIMIT);
    assert_eq!(peer.error(), 404);
    assert_eq!(peer.events(), [ServerEvent::Close { code: 1000 }]);
    // Over is over.
    peer.authenticate_is_ignored();
}

impl Peer {
    fn authenticate_is_ignored(&mut self) {
        self.say(&Request::Auth(Credentials::new("key", "secret"), AuthForm::Auth));
        assert!(self.events().is_empty() && self.frames().is_empty());
        assert!(self.server.is_closed());
        assert_eq!(self.server.poll_timeout(), None);
    }
}

#[test]
fn verdicts_and_second_tries() {
    for (verdict, code) in
        [(Verdict::Refused, 402), (Verdict::ConnectionLimit, 406), (Verdict::InsufficientSubscription, 409)]
    {
        let mut peer = Peer::new(IEX);
        peer.frames();
        peer.say(&Request::Auth(Credentials::new("key", "secret"), AuthForm::Auth));
        peer.events();
        peer.now += secs(9);
        peer.server.handle_auth(peer.now, verdict);
        assert_eq!(peer.error(), code);
        assert!(!peer.server.is_authenticated());
        peer.subscribe(&[(Trades, "A")]);
        assert_eq!(peer.error(), 401);
        // The Go SDK repeats on the same socket after 406, so its time starts anew.
        let left = if verdict == Verdict::ConnectionLimit { secs(10) } else { secs(1) };
        assert_eq!(peer.server.poll_timeout(), Some(peer.now + left));
        peer.authenticate();
        assert_eq!(peer.hear(), [[Message::Authenticated]]);
    }
}

#[test]
fn passwords_cannot_be_guessed_without_end() {
    let mut peer = Peer::new(IEX);
    for _ in 0..MAX_AUTH_ATTEMPTS {
        peer.say(&Request::Auth(Credentials::new("key", "guess"), AuthForm::Auth));
        peer.server.handle_auth(peer.now, Verdict::Refused);
    }
    peer.events();
    peer.say(&Request::Auth(Credentials::new("key", "guess"), AuthForm::Auth));
    assert_eq!(peer.events(), [ServerEvent::Close { code: 1000 }]);
}

#[test]
fn a_second_authentication_is_403_and_harmless() {
    let mut peer = Peer::ready(IEX, Plan::UNLIMITED);
    peer.say(&Request::Auth(Credentials::new("key", "secret"), AuthForm::Auth));
    assert_eq!(peer.error(), 403);
    assert!(peer.server.is_authenticated() && peer.events().is_empty());
}

#[test]
fn credentials_in_the_headers_authenticate_unasked_after_the_welcome() {
    let credentials = Credentials::new("key", "secret");
    let config = ServerConfig {
        header_credentials: Some(credentials.clone()),
        ..ServerConfig::new(IEX, Codec::MessagePack)
    };
    let mut peer = Peer::with(config);
    assert_eq!(peer.events(), [ServerEvent::Authenticate(credentials.clone())]);
    peer.server.handle_auth(peer.now, Verdict::Ok);
    let frames = peer.frames();
    assert!(frames.iter().all(|f| matches!(f, OwnedFrame::Binary(_))), "the header asked for MessagePack");
    assert_eq!(
        frames.iter().flat_map(messages).collect::<Vec<_>>(),
        [Message::Connected, Message::Authenticated]
    );
    peer.say(&Request::Auth(credentials, AuthForm::Auth));
    assert_eq!(peer.error(), 403);
}

#[test]
fn subscriptions_that_are_refused_change_nothing() {
    let plan = Plan { symbols: Some(3), option_quotes: Some(2) };
    let stocks = Endpoint::Stocks(StockFeed::Sip);
    let opra = Endpoint::OptionsOpra;
    let contract = "AAPL240315C00172500";
    for (endpoint, asked, code) in [
        (stocks, &[(Trades, "A"), (Trades, "b")][..], 400),
        (stocks, &[(Trades, "BTC/USD")], 400),
        (Endpoint::Crypto, &[(Trades, "BTCUSD")], 400),
        (stocks, &[(Trades, "A"), (OrderBooks, "A")], 410),
        (Endpoint::Test, &[(Channel::UpdatedBars, "FAKEPACA")], 410),
        (Endpoint::News, &[(Trades, "A")], 410),
        (opra, &[(Bars, contract)], 410),
        (opra, &[(Quotes, "*")], 413),
        (stocks, &[(Trades, "A"), (Trades, "B"), (Quotes, "A"), (Quotes, "B")], 405),
        (stocks, &[(Trades, "*")], 405),
        (opra, &[(Quotes, contract), (Quotes, "AAPL240315C00172501"), (Quotes, "AAPL240315C00172502")], 405),
    ] {
        let mut peer = Peer::ready(endpoint, plan);
        peer.subscribe(asked);
        assert_eq!(peer.error(), code, "{endpoint:?} {asked:?}");
        assert!(peer.server.subscriptions().is_empty());
        assert!(peer.events().is_empty() && !peer.server.is_closed());
    }
    let mut peer = Peer::ready(stocks, plan);
    peer.subscribe(&[(Trades, "A"), (Trades, "B"), (Quotes, "A")]);
    peer.subscribe(&[(Trades, "A"), (Bars, "*"), (Channel::Statuses, "*")]);
    assert_eq!(peer.hear().len(), 2, "what is there already and what does not count is no trouble");
    peer.subscribe(&[(Quotes, "B")]);
    assert_eq!(peer.error(), 405);
    peer.say(&Request::Unsubscribe(pairs(&[(Trades, "A")])));
    peer.frames();
    peer.subscribe(&[(Quotes, "B")]);
    let expected = pairs(&[
        (Trades, "B"),
        (Quotes, "A"),
        (Quotes, "B"),
        (Bars, "*"),
        (Channel::Statuses, "*"),
        (Corrections, "B"),
        (CancelErrors, "B"),
    ]);
    assert_eq!(peer.hear(), [[Message::Subscription(expected)]]);
}

#[test]
fn what_is_not_understood_is_400_and_the_socket_stays() {
    let mut peer = Peer::ready(IEX, Plan::UNLIMITED);
    for text in
        ["", "{", "[]", "null", "{}", r#"{"action":"ping"}"#, r#"{"action":"subscribe","trades":"A"}"#]
    {
        peer.text(text);
        assert_eq!(peer.error(), 400, "{text}");
    }
    peer.server.handle_frame(peer.now, Frame::Binary(&[0xc1, 0xff]));
    assert_eq!(peer.error(), 400);
    assert!(!peer.server.is_closed());
    peer.server.handle_frame(peer.now, Frame::Text(&" ".repeat(MAX_REQUEST_BYTES + 1)));
    assert_eq!(peer.events(), [ServerEvent::Close { code: 1009 }]);
}

#[test]
fn both_codecs_are_taken_in_binary_frames() {
    for codec in [Codec::Json, Codec::MessagePack] {
        let mut peer = Peer::new(IEX);
        peer.frames();
        let asked = pairs(&[(Trades, "AAPL")]);
        for request in [
            Request::Auth(Credentials::new("key", "secret"), AuthForm::Auth),
            Request::Subscribe(asked.clone()),
        ] {
            let frame = encode_request(codec, &request);
            peer.server.handle_frame(peer.now, Frame::Binary(frame.bytes()));
            peer.server.handle_auth(peer.now, Verdict::Ok);
        }
        assert_eq!(*peer.server.subscriptions(), asked);
        assert!(
            peer.frames().iter().all(|f| matches!(f, OwnedFrame::Text(_))),
            "the answer is in the asked codec"
        );
    }
}

#[test]
fn options_speak_messagepack_only() {
    let mut peer = Peer::with(ServerConfig::new(Endpoint::OptionsIndicative, Codec::Json));
    assert!(matches!(peer.frames()[..], [OwnedFrame::Binary(_)]));
    peer.text(r#"{"action":"auth","key":"k","secret":"s"}"#);
    assert_eq!(peer.error(), 412);
    peer.authenticate();
    assert_eq!(peer.hear(), [[Message::Authenticated]]);
    peer.subscribe(&[(Trades, "*"), (Quotes, "AAPL240315C00172500")]);
    assert_eq!(
        peer.hear(),
        [[Message::Subscription(pairs(&[(Trades, "*"), (Quotes, "AAPL240315C00172500")]))]]
    );
}

#[test]
fn the_go_sdks_empty_lists_are_no_offence() {
    let mut peer = Peer::ready(Endpoint::Crypto, Plan::UNLIMITED);
    peer.text(
        r#"{"action":"subscribe","trades":["BTC/USD"],"quotes":null,"bars":null,"statuses":null,"lulds":[],
            "imbalances":null,"corrections":null,"cancelErrors":null,"news":null,"orderbooks":null}"#,
    );
    assert_eq!(peer.hear(), [[Message::Subscription(pairs(&[(Trades, "BTC/USD")]))]]);
}

#[test]
fn corrections_and_cancels_follow_trades() {
    let mut peer = Peer::ready(IEX, Plan::UNLIMITED);
    peer.subscribe(&[(Quotes, "A"), (Corrections, "A")]);
    assert_eq!(peer.hear(), [[Message::Subscription(pairs(&[(Quotes, "A")]))]]);
    let correction = Message::Correction(Correction { symbol: "A".into(), ..Correction::default() });
    let cancel = Message::CancelError(CancelError { symbol: "A".into(), ..CancelError::default() });
    assert!(!peer.server.wants_message(&correction) && !peer.server.wants_message(&cancel));
    peer.subscribe(&[(Trades, "*")]);
    assert!(peer.server.wants_message(&correction) && peer.server.wants_message(&cancel));
    let state = pairs(&[(Quotes, "A"), (Trades, "*"), (Corrections, "*"), (CancelErrors, "*")]);
    assert_eq!(peer.hear(), [[Message::Subscription(state)]]);
}

#[test]
fn news_goes_by_symbol_in_either_form() {
    let news = |symbols: &[&'static str]| {
        Message::News(News { symbols: symbols.iter().map(|s| (*s).into()).collect(), ..News::default() })
    };
    let mut peer = Peer::ready(Endpoint::News, Plan::UNLIMITED);
    peer.subscribe(&[(NewsChannel, "AAPL"), (NewsChannel, "BTC/USD")]);
    assert!(peer.server.wants_message(&news(&["MSFT", "AAPL"])));
    assert!(peer.server.wants_message(&news(&["BTCUSD"])));
    assert!(!peer.server.wants_message(&news(&["MSFT"])));
    assert!(!peer.server.wants_message(&news(&[])));
    peer.subscribe(&[(NewsChannel, "*")]);
    assert!(peer.server.wants_message(&news(&[])));
}

#[test]
fn an_acknowledgement_is_alone_and_before_the_data_it_allows() {
    let mut peer = Peer::ready(IEX, Plan::UNLIMITED);
    peer.server.publish(&trade("A", 1, secs(1)));
    peer.subscribe(&[(Trades, "A")]);
    peer.server.publish(&trade("A", 2, secs(1)));
    peer.server.publish(&trade("B", 3, secs(1)));
    peer.server.publish(&trade("A", 4, secs(1)));
    peer.subscribe(&[(Trades, "B")]);
    peer.server.publish(&trade("B", 5, secs(1)));
    let frames = peer.hear();
    assert_eq!(frames.len(), 4);
    assert!(matches!(frames[0][..], [Message::Subscription(_)]));
    assert_eq!(frames[1], [trade("A", 2, secs(1)), trade("A", 4, secs(1))], "one frame");
    assert!(matches!(frames[2][..], [Message::Subscription(_)]));
    assert_eq!(frames[3], [trade("B", 5, secs(1))]);
}

#[test]
fn batches_are_bounded_by_count_and_by_bytes() {
    let mut peer = Peer::ready(IEX, Plan::UNLIMITED);
    peer.subscribe(&[(Trades, "*")]);
    peer.frames();
    for id in 0..MAX_BATCH_ELEMENTS as u64 * 2 + 1 {
        peer.server.publish(&trade("A", id, secs(1)));
    }
    let counts: Vec<usize> = peer.hear().iter().map(Vec::len).collect();
    assert_eq!(counts, [MAX_BATCH_ELEMENTS, MAX_BATCH_ELEMENTS, 1]);

    let mut peer = Peer::ready(Endpoint::News, Plan::UNLIMITED);
    peer.subscribe(&[(NewsChannel, "*")]);
    peer.frames();
    let article = Message::News(News { content: "x".repeat(60_000).into(), ..News::default() });
    let giant = Message::News(News { content: "x".repeat(MAX_BATCH_BYTES * 2).into(), ..News::default() });
    for message in [&article, &article, &article, &article, &article, &giant, &article] {
        peer.server.publish(message);
    }
    let counts: Vec<usize> = peer.hear().iter().map(Vec::len).collect();
    assert_eq!(counts, [4, 1, 1, 1]);
    peer.server.publish(&article);
    peer.server.flush();
    peer.server.publish(&article);
    assert_eq!(peer.frames().len(), 2);
    assert_eq!(peer.server.queued_bytes(), 0);
}

#[test]
fn a_client_that_does_not_read_gets_407_and_is_closed() {
    let mut peer = Peer::ready(IEX, Plan::UNLIMITED);
    peer.subscribe(&[(Trades, "*")]);
    peer.events();
    let mut published = 0_u64;
    while !peer.server.is_closed() {
        published += 1;
        peer.server.publish(&trade("A", published, secs(1)));
        assert!(peer.server.queued_bytes() <= MAX_QUEUED_BYTES + MAX_BATCH_BYTES);
        assert!(published < 1_000_000);
    }
    assert_eq!(peer.error(), 407);
    assert_eq!(peer.events(), [ServerEvent::Close { code: 1000 }]);
    peer.server.publish(&trade("A", 1, secs(1)));
    assert!(!peer.server.has_transmit());

    // The same for answers that nobody reads.
    let mut peer = Peer::ready(IEX, Plan::UNLIMITED);
    for _ in 0..MAX_QUEUED_FRAMES {
        peer.text("?");
    }
    assert!(!peer.server.is_closed());
    peer.text("?");
    assert_eq!(peer.error(), 407);
    assert!(peer.server.is_closed());
}

#[test]
fn a_session_tells_the_difference() {
    let mut peer = Peer::ready(IEX, Plan::UNLIMITED);
    peer.subscribe(&[(Trades, "A"), (Trades, "B")]);
    peer.subscribe(&[(Trades, "A"), (Bars, "A")]);
    peer.subscribe(&[(Trades, "A")]);
    peer.say(&Request::Unsubscribe(pairs(&[(Trades, "A"), (Trades, "C"), (Quotes, "*")])));
    peer.say(&Request::Subscribe(Subscriptions::new()));
    assert_eq!(
        peer.events(),
        [
            ServerEvent::Subscribed(pairs(&[(Trades, "A"), (Trades, "B")])),
            ServerEvent::Subscribed(pairs(&[(Bars, "A")])),
            ServerEvent::Unsubscribed(pairs(&[(Trades, "A")])),
        ]
    );
    assert_eq!(peer.hear().len(), 5, "every request is answered");
    peer.say(&Request::Unsubscribe(pairs(&[(OrderBooks, "A")])));
    assert_eq!(peer.error(), 410);
}

#[test]
fn no_bytes_make_it_panic() {
    let mut dice = common::Dice(5);
    for endpoint in Endpoint::ALL {
        let mut peer = Peer::new(endpoint);
        for _ in 0..2_000 {
            let length = dice.below(64) as usize;
            let mut bytes: Vec<u8> = (0..length).map(|_| dice.next() as u8).collect();
            if dice.percent(50) {
                let mut valid = encode_request(
                    dice.pick(&[Codec::Json, Codec::MessagePack]),
                    &Request::Subscribe(pairs(&[(Trades, "AAPL")])),
                )
                .bytes()
                .to_vec();
                let at = dice.below(valid.len() as u64) as usize;
                valid[at] = dice.next() as u8;
                bytes = valid;
            }
            peer.server.handle_frame(peer.now, Frame::Binary(&bytes));
            peer.server.handle_auth(peer.now, Verdict::Ok);
            peer.frames();
        }
    }
}

#[test]
fn one_connection_has_a_bound_of_pairs_and_of_events() {
    let mut peer = Peer::ready(IEX, Plan::UNLIMITED);
    let names: Vec<String> = (0..10_000).map(|n| format!("S{n}")).collect();
    let channels = [Trades, Quotes, Bars, Channel::UpdatedBars, Channel::DailyBars, Channel::Statuses];
    for (n, channel) in channels.into_iter().enumerate() {
        peer.say(&Request::Subscribe(names.iter().map(|s| (channel, s.as_str())).collect()));
        let refused = peer.hear().iter().any(|f| matches!(&f[0], Message::Error(e) if e.code == 405));
        assert_eq!(refused, (n + 1) * names.len() > MAX_PAIRS_PER_CONNECTION);
    }
    assert_eq!(peer.server.subscriptions().len(), MAX_PAIRS_PER_CONNECTION);

    let mut peer = Peer::ready(IEX, Plan::UNLIMITED);
    for name in &names[..MAX_SERVER_EVENTS + 10] {
        peer.subscribe(&[(Trades, name)]);
        peer.frames();
    }
    assert_eq!(peer.events().len(), MAX_SERVER_EVENTS);
}
