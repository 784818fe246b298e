//! The same seed and start give the same messages, however time is cut, and on every machine.

use wickwire_proto::encode::encode_element;
use wickwire_proto::frame::{Codec, OwnedFrame};
use wickwire_proto::message::{BarKind, Message};
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};
use wickwire_proto::trading::{TradingMessage, encode_trading};
use wickwire_sim::{Feed, Simulator};

use crate::{MINUTE, MONDAY_10, market};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// FNV-1a over everything that comes out, as it goes to a socket.
struct Digest(u64);

impl Digest {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}

fn digest(mut market: Simulator, minutes: i64, mut step: impl FnMut(Timestamp) -> i64) -> (u64, u64) {
    let mut digest = Digest(0xCBF2_9CE4_8422_2325);
    let end = market.now().nanos() + minutes * MINUTE;
    let mut bytes = Vec::new();
    while market.now().nanos() < end {
        let to = Timestamp((market.now().nanos() + step(market.now())).min(end));
        market.advance(to, &mut |_, message| {
            bytes.clear();
            encode_element(Codec::Json, message, &mut bytes);
            digest.add(&bytes);
        });
    }
    market.drain_trade_updates(&mut |update| {
        let update = TradingMessage::TradeUpdate(Box::new(update.clone()));
        if let OwnedFrame::Binary(bytes) = encode_trading(Codec::Json, &update) {
            digest.add(&bytes);
        }
    });
    let history = market.history();
    for (symbol, kept) in history.symbols() {
        let latest = [
            kept.quote().cloned().map(Message::Quote),
            kept.trade().cloned().map(Message::Trade),
            kept.minutes().last().map(|b| Message::Bar(BarKind::Minute, b.to_bar(symbol)).into_owned()),
            history.full_book(symbol).map(Message::OrderBook),
        ];
        for message in latest.into_iter().flatten() {
            bytes.clear();
            encode_element(Codec::Json, &message, &mut bytes);
            digest.add(&bytes);
        }
    }
    (digest.0, market.sent())
}

#[test]
fn steps_do_not_matter() {
    let new = || market(42, 200.0, MONDAY_10);
    let whole = digest(new(), 10, |_| 10 * MINUTE);
    assert_eq!(digest(new(), 10, |_| 16_666_667), whole);
    let mut n = 1_i64;
    let uneven = |_| {
        n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        n.rem_euclid(3 * NANOS_PER_SECOND)
    };
    assert_eq!(digest(new(), 10, uneven), whole);
    assert_ne!(digest(market(43, 200.0, MONDAY_10), 10, |_| MINUTE), whole);
}

#[test]
fn steps_from_event_to_event_do_not_matter() {
    let whole = digest(market(7, 20.0, MONDAY_10), 5, |_| 5 * MINUTE);
    let mut twin = market(7, 20.0, MONDAY_10);
    let by_events = digest(market(7, 20.0, MONDAY_10), 5, |now| {
        twin.advance(now, &mut |_, _| {});
        (twin.next_at().unwrap().nanos() - now.nanos()).max(1)
    });
    assert_eq!(by_events, whole);
}

/// The digest is the same natively and in Wasm; it changes whenever the market is tuned.
#[test]
fn machines_do_not_matter() {
    let (digest, sent) = digest(market(1, 100.0, MONDAY_10), 6, |_| MINUTE);
    assert_eq!((format!("{digest:016x}").as_str(), sent), ("9fdedfba002973c5", 35921));
}
