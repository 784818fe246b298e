//! An exchange with connections: pace, batches, books for late subscribers, faults.

use std::time::Duration;

use crate::support::{Client, at, bars, credentials, exchange_frames, replay, run, short, wanted};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_proto::channel::Channel;
use wickwire_proto::client::{Cause, State};
use wickwire_proto::endpoint::{Endpoint, StockFeed};
use wickwire_proto::frame::Codec;
use wickwire_proto::message::{Level, Message};
use wickwire_proto::request::Credentials;
use wickwire_sim::exchange::{MAX_MESSAGES_PER_ADVANCE, STATUS_PATH, TICK};
use wickwire_sim::{Exchange, ExchangeConfig, ReplayConfig, SourceLabel, Speed};

const IEX: Endpoint = Endpoint::Stocks(StockFeed::Iex);

/// `count` trades of IBM, one every `millis`.
fn trades(count: i64, millis: i64) -> String {
    let start = at("2013-10-07T13:30:00Z");
    (0..count)
        .map(|n| {
            let time = start.plus_nanos(n * millis * 1_000_000).to_rfc3339();
            format!("{{\"T\":\"t\",\"S\":\"IBM\",\"i\":{n},\"x\":\"N\",\"p\":181.5,\"s\":100,\"c\":[\"@\"],\"z\":\"A\",\"t\":\"{time}\"}}\n")
        })
        .collect()
}

fn exchange(text: &str, config: ExchangeConfig) -> Exchange {
    Exchange::new(Box::new(replay(&[text], ReplayConfig::default())), config)
}

fn config(speed: Speed) -> ExchangeConfig {
    ExchangeConfig { speed, ..ExchangeConfig::new(SourceLabel::recorded("test")) }
}

fn trade_ids(client: &Client) -> Vec<u64> {
    let id = |m: &Message<'_>| if let Message::Trade(t) = m { t.id } else { None };
    client.got.iter().filter_map(id).collect()
}

#[test]
fn market_time_passes_at_the_speed() {
    for times in [0.1, 1.0, 60.0, 1000.0] {
        let mut exchange = exchange(&trades(61, 1000), config(Speed::times(times).unwrap()));
        let start = exchange.clock();
        let origin = Duration::from_secs(5000);
        let mut clients = [Client::new(IEX, Codec::Json, wanted(&[Channel::Trades], "IBM"))];
        clients[0].session.start(origin);
        exchange_frames(origin, &mut exchange, &mut clients);
        exchange.advance(origin);
        exchange_frames(origin, &mut exchange, &mut clients);
        assert_eq!(trade_ids(&clients[0]), [0]);
        for seconds in [1.0, 7.0, 30.0, 59.5] {
            let now = origin + Duration::from_secs_f64(seconds / times);
            exchange.advance(now);
            exchange_frames(now, &mut exchange, &mut clients);
            let passed = (exchange.clock().nanos() - start.nanos()) as f64 / 1e9;
            assert!((passed - seconds).abs() < 1e-3, "{times}: {passed}");
            assert_eq!(trade_ids(&clients[0]).len(), seconds as usize + 1, "{times}");
        }
    }
}

#[test]
fn wake_ups_are_neither_early_nor_endless() {
    let mut exchange = exchange(&trades(100, 700), config(Speed::times(10.0).unwrap()));
    let mut now = Duration::ZERO;
    let mut wakes = 0;
    while !exchange.finished() {
        exchange.advance(now);
        assert!(exchange.handed_out() >= wakes, "a wake-up without a message");
        wakes += 1;
        let Some(next) = exchange.poll_timeout() else { break };
        assert!(next > now);
        now = next;
    }
    // 100 trades and the minutes derived from them.
    assert_eq!(exchange.handed_out(), 102);
    assert!(exchange.finished());
    exchange.advance(now + Duration::from_secs(100));
    assert_eq!(exchange.poll_timeout(), None, "at the end nothing is due");
}

#[test]
fn one_call_hands_out_a_bounded_number_and_the_next_ones_catch_up() {
    let count = MAX_MESSAGES_PER_ADVANCE as i64 * 3;
    let mut exchange = exchange(&trades(count, 1), config(Speed::REAL_TIME));
    exchange.advance(Duration::ZERO);
    let late = Duration::from_secs(3600);
    let mut calls = 0;
    while !exchange.finished() {
        let before = exchange.handed_out();
        exchange.advance(late);
        calls += 1;
        assert!(exchange.handed_out() - before <= MAX_MESSAGES_PER_ADVANCE as u64);
        if !exchange.finished() {
            assert_eq!(exchange.poll_timeout(), Some(late), "at once");
        }
    }
    // All but the first trade, and the bar of their minute.
    assert_eq!(calls, 3);
    // Everything within one tick shares a wake-up.
    let mut exchange = self::exchange(&trades(100, 1), config(Speed::REAL_TIME));
    exchange.advance(Duration::ZERO);
    assert_eq!(exchange.poll_timeout(), Some(TICK));
}

#[test]
fn without_a_pace_nobody_is_overrun() {
    let count = 40_000;
    let mut exchange =
        exchange(&trades(count, 1), ExchangeConfig { hold_until_subscribed: true, ..config(Speed::UNPACED) });
    exchange.advance(Duration::from_secs(1));
    assert_eq!((exchange.handed_out(), exchange.poll_timeout()), (0, None), "held");
    let mut clients = [Client::new(IEX, Codec::Json, wanted(&[Channel::Trades, Channel::Bars], "IBM"))];
    clients[0].session.start(Duration::from_secs(1));
    exchange_frames(Duration::from_secs(1), &mut exchange, &mut clients);
    // The client's socket is stuck: production stops instead of losing it.
    for step in 0..1000 {
        exchange.advance(Duration::from_secs(1) + TICK * step);
    }
    let stuck = exchange.handed_out();
    assert!(stuck < 5_000, "{stuck}");
    run(Duration::from_secs(20), Duration::from_secs(1000), &mut exchange, &mut clients);
    assert_eq!(trade_ids(&clients[0]), (0..count as u64).collect::<Vec<_>>());
    assert_eq!(bars(&clients[0].got).len(), 1);
    assert_eq!(clients[0].closed, None);
}

const BOOK: &str = r#"{"T":"o","S":"BTC/USD","r":true,"b":[{"p":99,"s":1},{"p":98,"s":2}],"a":[{"p":101,"s":1}],"t":"2024-08-08T23:54:00Z"}
{"T":"o","S":"BTC/USD","b":[{"p":99,"s":0},{"p":98.5,"s":4}],"a":[],"t":"2024-08-08T23:54:10Z"}
{"T":"o","S":"BTC/USD","b":[],"a":[{"p":100,"s":7}],"t":"2024-08-08T23:54:20Z"}"#;

#[test]
fn a_late_subscriber_of_a_book_gets_the_whole_of_it_first() {
    for symbol in ["BTC/USD", "*"] {
        let mut exchange = exchange(BOOK, config(Speed::REAL_TIME));
        exchange.advance(Duration::ZERO);
        let now = Duration::from_secs(15);
        exchange.advance(now);
        let mut clients =
            [Client::new(Endpoint::Crypto, Codec::MessagePack, wanted(&[Channel::OrderBooks], symbol))];
        clients[0].session.start(now);
        exchange_frames(now, &mut exchange, &mut clients);
        run(now, Duration::from_secs(60), &mut exchange, &mut clients);
        let books: Vec<_> =
            clients[0].got.iter().map(|m| if let Message::OrderBook(b) = m { b } else { panic!() }).collect();
        assert_eq!(books.len(), 2);
        let level = |price, size| Level { price, size };
        assert!(books[0].reset && !books[1].reset);
        assert_eq!(books[0].bids, [level(98.5, 4.0), level(98.0, 2.0)]);
        assert_eq!(books[0].asks, [level(101.0, 1.0)]);
        assert_eq!(books[0].time, at("2024-08-08T23:54:10Z"));
        assert_eq!(books[1].asks, [level(100.0, 7.0)]);
    }
}

#[test]
fn a_mute_exchange_answers_and_sends_no_data() {
    let mut exchange = exchange(&trades(100, 1000), config(Speed::REAL_TIME));
    exchange.mute(true);
    let mut clients = [Client::new(IEX, Codec::Json, wanted(&[Channel::Trades], "IBM"))];
    run(Duration::ZERO, Duration::from_secs(10), &mut exchange, &mut clients);
    assert_eq!(clients[0].session.state(), &State::Live);
    assert!(clients[0].got.is_empty());
    assert!(exchange.feed().history().symbol("IBM").unwrap().trade().is_some());
    exchange.mute(false);
    run(Duration::from_secs(10), Duration::from_secs(20), &mut exchange, &mut clients);
    assert!(!clients[0].got.is_empty());
}

#[test]
fn a_second_connection_is_over_the_limit_and_the_limit_can_change() {
    let mut exchange = exchange(
        &trades(100, 1000),
        ExchangeConfig { connection_limit: Some(1), ..config(Speed::REAL_TIME) },
    );
    let client = || Client::new(IEX, Codec::Json, wanted(&[Channel::Trades], "IBM"));
    let mut clients = [client(), client()];
    let now = Duration::ZERO;
    for client in &mut clients {
        client.session.start(now);
    }
    exchange_frames(now, &mut exchange, &mut clients);
    assert_eq!(clients[0].session.state(), &State::Live);
    assert!(!matches!(clients[1].session.state(), State::Live), "{:?}", clients[1].session.state());
    exchange.set_connection_limit(None);
    let mut third = [client()];
    third[0].session.start(now);
    exchange_frames(now, &mut exchange, &mut third);
    assert_eq!(third[0].session.state(), &State::Live);
}

#[test]
fn the_key_refused_is_refused() {
    let mut exchange = exchange(&trades(10, 1000), config(Speed::REAL_TIME));
    let mut clients = [Client::new(IEX, Codec::Json, wanted(&[Channel::Trades], "IBM"))];
    clients[0].session.set_credentials(Duration::ZERO, Credentials::new("refused", "x"));
    clients[0].session.start(Duration::ZERO);
    exchange_frames(Duration::ZERO, &mut exchange, &mut clients);
    let State::NeedsUser { cause } = clients[0].session.state() else {
        panic!("{:?}", clients[0].session.state())
    };
    assert!(matches!(cause, Cause::Code { code: 402, .. }), "{cause:?}");
}

#[test]
fn every_stock_feed_gets_stocks_and_no_other_endpoint_does() {
    let text = format!("{}{BOOK}", trades(3, 1000).replace("2013-10-07T13:30", "2024-08-08T23:54"));
    let mut exchange = exchange(&text, config(Speed::REAL_TIME));
    let mut clients: Vec<Client> = Endpoint::ALL
        .into_iter()
        .filter(|e| *e != Endpoint::Trading)
        .map(|e| {
            let channels: Vec<Channel> =
                e.channels().iter().copied().filter(|c| !c.follows_trades()).collect();
            let star = if e.is_options() { "IBM" } else { "*" };
            Client::new(e, Codec::MessagePack, wanted(&channels, star))
        })
        .collect();
    run(Duration::ZERO, Duration::from_secs(100), &mut exchange, &mut clients);
    for client in &clients {
        let got: Vec<String> = client.got.iter().map(short).collect();
        match client.endpoint {
            Endpoint::Stocks(_) => assert_eq!(got.iter().filter(|m| m.starts_with("t IBM")).count(), 3),
            Endpoint::Crypto => assert_eq!(got.len(), 3),
            _ => assert!(got.is_empty(), "{:?} {got:?}", client.endpoint),
        }
    }
}

#[test]
fn the_status_says_what_is_shown() {
    let mut exchange = exchange(&trades(100, 1000), config(Speed::times(60.0).unwrap()));
    exchange.advance(Duration::ZERO);
    let response = exchange.rest(Duration::from_millis(500), "GET", STATUS_PATH, &[], None);
    assert_eq!(response.status, 200);
    let status: serde_json::Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(status["mode"], "replay");
    assert_eq!(status["label"], "Recording: test");
    assert_eq!(status["clock"], "2013-10-07T13:30:30Z");
    assert_eq!(status["speed"], 60.0);
    assert_eq!(status["finished"], false);
    assert_eq!(status["default_symbol"], "IBM");
    assert_eq!(status["symbols"][0], serde_json::json!({"symbol":"IBM","name":"IBM","class":"us_equity"}));
}

#[test]
fn rest_is_as_of_market_time() {
    let mut exchange = exchange(&trades(200, 1000), config(Speed::REAL_TIME));
    exchange.advance(Duration::ZERO);
    let query = [("timeframe".to_owned(), "1Min".to_owned())];
    let path = "/v2/stocks/IBM/bars";
    for (seconds, count) in [(0, 0), (59, 0), (60, 1), (119, 1), (120, 2)] {
        let now = Duration::from_secs(seconds) + Duration::from_micros(2);
        let response = exchange.rest(now, "GET", path, &query, Some(&credentials()));
        let body: serde_json::Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(body["bars"].as_array().unwrap().len(), count, "{seconds}");
    }
    assert_eq!(exchange.rest(Duration::ZERO, "GET", path, &query, None).status, 401);
}

#[test]
fn a_fault_reaches_every_client() {
    let mut exchange = exchange(&trades(100, 1000), config(Speed::REAL_TIME));
    let mut clients = [Client::new(IEX, Codec::Json, wanted(&[Channel::Trades], "IBM"))];
    clients[0].session.start(Duration::ZERO);
    exchange_frames(Duration::ZERO, &mut exchange, &mut clients);
    exchange.fail_all(Duration::ZERO, 407);
    exchange_frames(Duration::ZERO, &mut exchange, &mut clients);
    assert!(matches!(clients[0].session.state(), State::Backoff { .. }), "{:?}", clients[0].session.state());
}
