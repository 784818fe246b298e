//! Many connections over one stream of messages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bench.rs"]
mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::collections::BTreeMap;
use std::time::Duration;

use common::{Dice, IEX, error, pairs, secs, trade};
use wickwire_proto::channel::Channel::{self, Bars, News as NewsChannel, Quotes, Trades};
use wickwire_proto::channel::Subscriptions;
use wickwire_proto::decode::decode;
use wickwire_proto::endpoint::{Endpoint, StockFeed};
use wickwire_proto::frame::{Codec, OwnedFrame};
use wickwire_proto::hub::{ConnId, Hub, HubConfig, HubEvent, HubOut, MAX_HUB_EVENTS};
use wickwire_proto::message::{Message, News, Quote};
use wickwire_proto::request::{AuthForm, Credentials, Request, encode_request};
use wickwire_proto::server::{MAX_QUEUED_BYTES, ServerConfig};
use wickwire_proto::trading::{Order, TradeUpdate, TradingMessage, decode_trading};

const NOW: Duration = Duration::from_secs(9);

fn say(hub: &mut Hub, id: ConnId, request: &Request) {
    let frame = encode_request(Codec::MessagePack, request);
    hub.handle_frame(NOW, id, frame.as_frame());
}

fn authenticate(hub: &mut Hub, id: ConnId, key: &str) {
    say(hub, id, &Request::Auth(Credentials::new(key, "secret"), AuthForm::Auth));
}

fn join(hub: &mut Hub, endpoint: Endpoint, codec: Codec, list: &[(Channel, &str)]) -> ConnId {
    let id = hub.connect(NOW, ServerConfig::new(endpoint, codec));
    authenticate(hub, id, "key");
    say(hub, id, &Request::Subscribe(pairs(list)));
    id
}

fn drain(hub: &mut Hub) -> Vec<(ConnId, HubOut)> {
    std::iter::from_fn(|| hub.poll_transmit()).collect()
}

fn messages(frame: &OwnedFrame) -> Vec<Message<'static>> {
    let mut out = Vec::new();
    decode(frame.as_frame(), &mut |m| out.push(m.into_owned())).unwrap();
    out
}

/// Messages by connection, frames joined.
fn heard(hub: &mut Hub) -> BTreeMap<ConnId, Vec<Message<'static>>> {
    let mut all: BTreeMap<ConnId, Vec<_>> = BTreeMap::new();
    for (id, out) in drain(hub) {
        let HubOut::Frame(frame) = out else { panic!("{id:?} closed") };
        all.entry(id).or_default().extend(messages(&frame));
    }
    all
}

fn stocks(endpoint: Endpoint) -> bool {
    matches!(endpoint, Endpoint::Stocks(_))
}

#[test]
fn everyone_gets_what_they_asked_for_once_and_in_their_codec() {
    let mut hub = Hub::new(HubConfig::default());
    let a = join(&mut hub, IEX, Codec::Json, &[(Trades, "A"), (Trades, "*")]);
    let b =
        join(&mut hub, Endpoint::Stocks(StockFeed::Sip), Codec::MessagePack, &[(Trades, "A"), (Quotes, "B")]);
    let c = join(&mut hub, Endpoint::Crypto, Codec::Json, &[(Trades, "*")]);
    let d = join(&mut hub, IEX, Codec::Json, &[]);
    drain(&mut hub);
    let quote = Message::Quote(Quote { symbol: "B".into(), ..Quote::default() });
    for message in [&trade("A", 1, secs(1)), &trade("B", 2, secs(1)), &quote] {
        hub.publish(NOW, stocks, message);
    }
    let outs = drain(&mut hub);
    assert_eq!(outs.len(), 2, "one frame for each, and none for {c:?} and {d:?}");
    for (id, out) in outs {
        let HubOut::Frame(frame) = out else { panic!() };
        let expected = if id == a {
            assert!(matches!(frame, OwnedFrame::Text(_)));
            vec![trade("A", 1, secs(1)), trade("B", 2, secs(1))]
        } else {
            assert_eq!(id, b);
            assert!(matches!(frame, OwnedFrame::Binary(_)));
            vec![trade("A", 1, secs(1)), quote.clone()]
        };
        assert_eq!(messages(&frame), expected);
    }
    assert_eq!(hub.poll_transmit(), None);
}

#[test]
fn demand_is_the_union_and_its_revision_tells_of_changes() {
    let mut hub = Hub::new(HubConfig::default());
    let a = join(&mut hub, IEX, Codec::Json, &[(Trades, "A"), (Bars, "*")]);
    let b = join(&mut hub, IEX, Codec::Json, &[(Trades, "A"), (Trades, "B")]);
    join(&mut hub, Endpoint::Test, Codec::Json, &[(Trades, "FAKEPACA")]);
    assert_eq!(hub.demand(IEX), pairs(&[(Trades, "A"), (Trades, "B"), (Bars, "*")]));
    let mut revision = hub.demand_revision();
    let mut changed =
        |hub: &Hub| std::mem::replace(&mut revision, hub.demand_revision()) != hub.demand_revision();
    say(&mut hub, b, &Request::Unsubscribe(pairs(&[(Trades, "B")])));
    assert!(changed(&hub));
    assert_eq!(hub.demand(IEX), pairs(&[(Trades, "A"), (Bars, "*")]));
    say(&mut hub, b, &Request::Subscribe(pairs(&[(Trades, "A")])));
    assert!(!changed(&hub));
    hub.disconnect(a);
    assert!(changed(&hub));
    assert_eq!(hub.demand(IEX), pairs(&[(Trades, "A")]));
    hub.disconnect(b);
    assert!(hub.demand(IEX).is_empty());
    assert_eq!(hub.len(), 1);
}

#[test]
fn one_connection_per_key_and_endpoint() {
    let mut hub = Hub::new(HubConfig { connections_per_key: Some(1), ..HubConfig::default() });
    let connect = |hub: &mut Hub, endpoint, key| {
        let id = hub.connect(NOW, ServerConfig::new(endpoint, Codec::Json));
        authenticate(hub, id, key);
        let last = heard(hub).remove(&id).unwrap().pop().unwrap();
        (id, last)
    };
    let limit = |m: &Message<'_>| matches!(m, Message::Error(e) if e.code == 406);
    let (first, answer) = connect(&mut hub, IEX, "key");
    assert_eq!(answer, Message::Authenticated);
    let (second, answer) = connect(&mut hub, IEX, "key");
    assert!(limit(&answer));
    assert_eq!(connect(&mut hub, IEX, "other").1, Message::Authenticated);
    assert_eq!(connect(&mut hub, Endpoint::Test, "key").1, Message::Authenticated);
    assert!(matches!(connect(&mut hub, IEX, "refused").1, Message::Error(e) if e.code == 402));
    // The place is free when the first has gone; the second may ask again on its socket.
    authenticate(&mut hub, second, "key");
    assert!(limit(&heard(&mut hub)[&second][0]));
    hub.disconnect(first);
    authenticate(&mut hub, second, "key");
    assert_eq!(heard(&mut hub)[&second], [Message::Authenticated]);
}

#[test]
fn too_many_connections_are_turned_away() {
    let mut hub = Hub::new(HubConfig { max_connections: 2, ..HubConfig::default() });
    for _ in 0..2 {
        hub.connect(NOW, ServerConfig::new(IEX, Codec::Json));
    }
    let third = hub.connect(NOW, ServerConfig::new(IEX, Codec::Json));
    let outs: Vec<_> = drain(&mut hub).into_iter().filter(|(id, _)| *id == third).map(|(_, o)| o).collect();
    assert!(matches!(outs[..], [HubOut::Frame(_), HubOut::Frame(_), HubOut::Close(1013)]));
    hub.disconnect(third);
    assert_eq!(hub.len(), 2);
}

#[test]
fn the_10_s_limit_of_each_connection() {
    let mut hub = Hub::new(HubConfig::default());
    let slow = hub.connect(NOW, ServerConfig::new(IEX, Codec::Json));
    join(&mut hub, IEX, Codec::Json, &[]);
    let late = hub.connect(NOW + secs(3), ServerConfig::new(IEX, Codec::Json));
    drain(&mut hub);
    assert_eq!(hub.poll_timeout(), Some(NOW + secs(10)));
    hub.handle_timeout(NOW + secs(10));
    let outs = drain(&mut hub);
    assert!(outs.iter().all(|(id, _)| *id == slow));
    assert!(matches!(outs[..], [(_, HubOut::Frame(_)), (_, HubOut::Close(1000))]));
    hub.disconnect(slow);
    assert_eq!(hub.poll_timeout(), Some(NOW + secs(13)));
    hub.disconnect(late);
    assert_eq!(hub.poll_timeout(), None);
}

#[test]
fn a_number_is_never_used_for_two_connections() {
    let mut hub = Hub::new(HubConfig::default());
    let first = join(&mut hub, IEX, Codec::Json, &[(Trades, "A")]);
    hub.disconnect(first);
    hub.disconnect(first);
    let second = join(&mut hub, IEX, Codec::Json, &[(Trades, "B")]);
    assert_ne!(first, second);
    drain(&mut hub);
    say(&mut hub, first, &Request::Subscribe(pairs(&[(Trades, "C")])));
    assert!(hub.session(first).is_none());
    assert_eq!(hub.demand(IEX), pairs(&[(Trades, "B")]));
    assert_eq!(hub.connections().collect::<Vec<_>>(), [second]);
    hub.publish(NOW, stocks, &trade("A", 1, secs(1)));
    assert!(drain(&mut hub).is_empty());
}

#[test]
fn a_new_subscriber_can_be_sent_a_snapshot_after_its_acknowledgement() {
    let mut hub = Hub::new(HubConfig::default());
    let id = join(&mut hub, IEX, Codec::Json, &[(Trades, "A")]);
    let events: Vec<_> = std::iter::from_fn(|| hub.poll_event()).collect();
    assert_eq!(events, [(id, HubEvent::Authenticated), (id, HubEvent::Subscribed(pairs(&[(Trades, "A")])))]);
    hub.send(NOW, id, &trade("A", 7, secs(1)));
    hub.send(NOW, id, &trade("B", 8, secs(1)));
    let heard = heard(&mut hub).remove(&id).unwrap();
    assert!(matches!(heard[2], Message::Subscription(_)));
    assert_eq!(heard[3..], [trade("A", 7, secs(1))]);
}

#[test]
fn a_paused_connection_waits_and_is_cut_at_its_bound_while_others_go_on() {
    let mut hub = Hub::new(HubConfig::default());
    let slow = join(&mut hub, IEX, Codec::Json, &[(Trades, "*")]);
    let fast = join(&mut hub, IEX, Codec::Json, &[(Trades, "*")]);
    drain(&mut hub);
    while hub.poll_event().is_some() {}
    hub.pause(slow);
    let (mut id, mut closing) = (0, false);
    while !closing {
        hub.publish(NOW, stocks, &trade("A", id, secs(1)));
        id += 1;
        for (conn, _) in drain(&mut hub) {
            assert_eq!(conn, fast);
        }
        assert!(hub.session(slow).unwrap().queued_bytes() <= MAX_QUEUED_BYTES * 2);
        closing = hub.poll_event() == Some((slow, HubEvent::Closing));
        assert!(id < 1_000_000);
    }
    hub.resume(slow);
    let outs = drain(&mut hub);
    assert!(
        matches!(&outs[..], [(_, HubOut::Frame(f)), (_, HubOut::Close(1000))] if messages(f)[0] == slow_client())
    );
    assert_eq!(hub.poll_transmit_for(slow), None);
    assert_eq!(hub.demand(IEX), hub.session(fast).unwrap().subscriptions().clone());
}

fn slow_client() -> Message<'static> {
    let Message::Error(mut e) = error(407) else { panic!() };
    e.message = "slow client".into();
    Message::Error(e)
}

#[test]
fn a_short_pause_loses_nothing() {
    let mut hub = Hub::new(HubConfig::default());
    let id = join(&mut hub, IEX, Codec::Json, &[(Trades, "*")]);
    drain(&mut hub);
    hub.pause(id);
    for n in 0..100 {
        hub.publish(NOW, stocks, &trade("A", n, secs(1)));
    }
    assert!(drain(&mut hub).is_empty());
    hub.resume(id);
    assert_eq!(heard(&mut hub)[&id].len(), 100);
}

#[test]
fn trade_updates_go_to_those_who_listen() {
    let mut hub = Hub::new(HubConfig::default());
    let ids: Vec<_> = [Codec::Json, Codec::MessagePack, Codec::Json]
        .into_iter()
        .map(|codec| {
            let id = hub.connect(NOW, ServerConfig::new(Endpoint::Trading, codec));
            authenticate(&mut hub, id, "key");
            id
        })
        .collect();
    assert!(!hub.has_listeners());
    for id in &ids[..2] {
        say(&mut hub, *id, &Request::Listen(vec!["trade_updates".into()]));
    }
    drain(&mut hub);
    let order = Order { id: "an order".into(), ..Order::default() };
    let update = TradeUpdate { event: "new".into(), order, ..TradeUpdate::default() };
    hub.publish_trade_update(NOW, &update);
    let outs = drain(&mut hub);
    assert_eq!(outs.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids[..2]);
    for (_, out) in outs {
        let HubOut::Frame(frame) = out else { panic!() };
        let Some(TradingMessage::TradeUpdate(got)) = decode_trading(frame.as_frame()).unwrap() else {
            panic!()
        };
        assert_eq!(got.event, "new");
    }
}

#[test]
fn news_of_a_pair_in_both_forms() {
    let mut hub = Hub::new(HubConfig::default());
    let id =
        join(&mut hub, Endpoint::News, Codec::Json, &[(NewsChannel, "BTC/USD"), (NewsChannel, "BTCUSD")]);
    drain(&mut hub);
    let news =
        Message::News(News { id: 1, symbols: vec!["BTCUSD".into(), "AAPL".into()], ..News::default() });
    hub.publish(NOW, |e| e == Endpoint::News, &news);
    assert_eq!(heard(&mut hub)[&id].len(), 1);
    say(&mut hub, id, &Request::Unsubscribe(pairs(&[(NewsChannel, "BTCUSD")])));
    drain(&mut hub);
    hub.publish(NOW, |e| e == Endpoint::News, &news);
    assert_eq!(heard(&mut hub)[&id].len(), 1, "the other form is still subscribed");
}

#[test]
fn events_that_nobody_polls_are_bounded() {
    let mut hub = Hub::new(HubConfig::default());
    let id = join(&mut hub, IEX, Codec::Json, &[]);
    let set = pairs(&[(Trades, "A")]);
    for _ in 0..MAX_HUB_EVENTS {
        say(&mut hub, id, &Request::Subscribe(set.clone()));
        say(&mut hub, id, &Request::Unsubscribe(set.clone()));
        drain(&mut hub);
    }
    assert_eq!(std::iter::from_fn(|| hub.poll_event()).count(), MAX_HUB_EVENTS);
    assert_eq!(hub.events_dropped(), 1 + MAX_HUB_EVENTS as u64);
}

/// The index against the plain question to each session.
#[test]
fn the_index_agrees_with_the_sessions() {
    let mut dice = Dice(3);
    let endpoints = [IEX, Endpoint::Stocks(StockFeed::Sip), Endpoint::News];
    let mut hub = Hub::new(HubConfig::default());
    let mut ids: Vec<ConnId> = Vec::new();
    for _ in 0..3_000 {
        let symbol = dice.pick(&["A", "B", "C", "BTC/USD", "BTCUSD", "*"]);
        match dice.below(10) {
            0 => {
                let id = hub.connect(NOW, ServerConfig::new(dice.pick(&endpoints), Codec::Json));
                authenticate(&mut hub, id, "key");
                ids.push(id);
            }
            1 if !ids.is_empty() => {
                let at = dice.below(ids.len() as u64) as usize;
                hub.disconnect(ids.swap_remove(at));
            }
            2..=6 if !ids.is_empty() => {
                let id = dice.pick(&ids);
                let news = hub.session(id).unwrap().endpoint() == Endpoint::News;
                let channel = if news { NewsChannel } else { dice.pick(&[Trades, Bars]) };
                let set: Subscriptions = [(channel, symbol)].into_iter().collect();
                let request =
                    if dice.percent(60) { Request::Subscribe(set) } else { Request::Unsubscribe(set) };
                say(&mut hub, id, &request);
            }
            _ => {
                drain(&mut hub);
                while hub.poll_event().is_some() {}
                let message = if dice.percent(40) {
                    Message::News(News { symbols: vec!["A".into(), "BTCUSD".into()], ..News::default() })
                } else {
                    trade(dice.pick(&["A", "B", "C"]), 1, secs(1))
                };
                let mut expected: Vec<ConnId> = ids
                    .iter()
                    .copied()
                    .filter(|id| hub.session(*id).unwrap().wants_message(&message))
                    .collect();
                hub.publish(NOW, |_| true, &message);
                let mut got: Vec<ConnId> = drain(&mut hub).into_iter().map(|(id, _)| id).collect();
                expected.sort_unstable();
                got.sort_unstable();
                assert_eq!(got, expected);
            }
        }
    }
}

/// Not a test: what a message costs. Run with
/// `cargo test --release -p wickwire-proto --test hub -- --ignored --nocapture`.
#[cfg(not(target_arch = "wasm32"))]
#[test]
#[ignore = "measures"]
fn cost_of_a_message() {
    for (connections, symbols_each) in [(100, 10), (500, 10), (2_000, 10), (500, 500)] {
        let mut dice = Dice(1);
        let mut hub = Hub::new(HubConfig::default());
        for n in 0..connections {
            let codec = if n % 2 == 0 { Codec::Json } else { Codec::MessagePack };
            let names: Vec<String> = (0..symbols_each).map(|_| format!("S{}", dice.below(500))).collect();
            let list: Vec<(Channel, &str)> = names.iter().map(|s| (Trades, s.as_str())).collect();
            join(&mut hub, IEX, codec, &list);
        }
        drain(&mut hub);
        let messages: Vec<_> = (0..500).map(|n| trade(&format!("S{n}"), n, secs(1))).collect();
        let (mut published, mut frames, mut bytes) = (0_u32, 0_u64, 0_usize);
        let begin = std::time::Instant::now();
        for round in 0..200 {
            // 250 messages between two flushes.
            for message in &messages[round % 2 * 250..][..250] {
                hub.publish(NOW, stocks, message);
                published += 1;
            }
            while let Some((_, HubOut::Frame(frame))) = hub.poll_transmit() {
                frames += 1;
                bytes += frame.len();
            }
        }
        let time = begin.elapsed();
        let begin = std::time::Instant::now();
        let ids: Vec<_> = hub.connections().collect();
        let wanted = messages
            .iter()
            .map(|m| ids.iter().filter(|id| hub.session(**id).unwrap().wants_message(m)).count());
        println!(
            "asking each session instead: {} wanted, {:?} a message",
            wanted.sum::<usize>(),
            begin.elapsed() / 500
        );
        println!(
            "{connections} connections x {symbols_each} symbols: {:?} a message, {frames} frames, {} MB, {:?} a KB",
            time / published,
            bytes / 1_000_000,
            time / (bytes / 1_000) as u32
        );
    }
}
