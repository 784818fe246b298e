//! Encoding and then decoding gives the same message, in both codecs, whatever the message.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::borrow::Cow;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use wickwire_proto::channel::{Channel, Subscriptions};
use wickwire_proto::decode::{Tally, decode};
use wickwire_proto::encode::{encode, encode_element, join_elements, to_canonical_json};
use wickwire_proto::frame::{Codec, Frame};
use wickwire_proto::message::*;
use wickwire_proto::number::Number;
use wickwire_proto::request::{AuthForm, Credentials, Request, decode_request, encode_request};
use wickwire_proto::time::Timestamp;

type Owned = Text<'static>;

fn text() -> BoxedStrategy<Owned> {
    prop_oneof!["[A-Z]{1,5}", "\\PC{0,12}", any::<String>(), "[a-z\"\\\\/\n\t\u{1}é日🚀]{0,300}"]
        .prop_map(Cow::Owned)
        .boxed()
}

fn price() -> BoxedStrategy<f64> {
    prop_oneof![
        (0_u64..100_000_000).prop_map(|cents| cents as f64 / 100.0),
        any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |x| x.is_finite()),
        any::<i32>().prop_map(f64::from),
    ]
    .boxed()
}

fn number() -> BoxedStrategy<Number> {
    prop_oneof![
        any::<u64>().prop_map(Number::Unsigned),
        (0_u64..1000).prop_map(Number::Unsigned),
        any::<i64>().prop_map(Number::from_i64),
        price().prop_map(Number::from_f64),
    ]
    .boxed()
}

fn time() -> BoxedStrategy<Timestamp> {
    prop_oneof![
        any::<i64>().prop_map(Timestamp),
        (0_i64..4_000_000_000).prop_map(Timestamp::from_seconds),
        (0_i64..4_000_000_000_000).prop_map(Timestamp::from_millis),
    ]
    .boxed()
}

fn conditions() -> BoxedStrategy<Conditions<'static>> {
    prop_oneof![
        vec(text(), 0..5).prop_map(|codes| Conditions { codes: codes.into(), as_text: false }),
        text().prop_map(|code| Conditions { codes: [code].into_iter().collect(), as_text: true }),
    ]
    .boxed()
}

fn trade() -> BoxedStrategy<Message<'static>> {
    let id = (text(), option::of(any::<u64>()), option::of(text()), price(), number());
    let rest = (option::of(conditions()), time(), option::of(text()), option::of(text()));
    (id, rest)
        .prop_map(|((symbol, id, exchange, price, size), (conditions, time, tape, taker_side))| {
            Message::Trade(Trade { symbol, id, exchange, price, size, conditions, time, tape, taker_side })
        })
        .boxed()
}

fn quote() -> BoxedStrategy<Message<'static>> {
    let side = || (option::of(text()), price(), number());
    (text(), side(), side(), option::of(conditions()), time(), option::of(text()))
        .prop_map(|(symbol, bid, ask, conditions, time, tape)| {
            let (bid_exchange, bid_price, bid_size) = bid;
            let (ask_exchange, ask_price, ask_size) = ask;
            Message::Quote(Quote {
                symbol,
                bid_exchange,
                bid_price,
                bid_size,
                ask_exchange,
                ask_price,
                ask_size,
                conditions,
                time,
                tape,
            })
        })
        .boxed()
}

fn bar() -> BoxedStrategy<Message<'static>> {
    let kind = prop_oneof![Just(BarKind::Minute), Just(BarKind::Updated), Just(BarKind::Daily)];
    let prices = (price(), price(), price(), price());
    (kind, text(), prices, number(), time(), option::of(any::<u64>()), option::of(price()))
        .prop_map(|(kind, symbol, (open, high, low, close), volume, time, trade_count, vwap)| {
            Message::Bar(kind, Bar { symbol, open, high, low, close, volume, time, trade_count, vwap })
        })
        .boxed()
}

fn correction() -> BoxedStrategy<Message<'static>> {
    let side = || (any::<u64>(), price(), number(), option::of(conditions()));
    (text(), option::of(text()), side(), side(), time(), option::of(text()))
        .prop_map(|(symbol, exchange, original, corrected, time, tape)| {
            let (original_id, original_price, original_size, original_conditions) = original;
            let (corrected_id, corrected_price, corrected_size, corrected_conditions) = corrected;
            Message::Correction(Correction {
                symbol,
                exchange,
                original_id,
                original_price,
                original_size,
                original_conditions,
                corrected_id,
                corrected_price,
                corrected_size,
                corrected_conditions,
                time,
                tape,
            })
        })
        .boxed()
}

fn rare() -> BoxedStrategy<Message<'static>> {
    let status = ((text(), text(), text(), text(), text()), time(), option::of(text()));
    let status = status.prop_map(
        |((symbol, status_code, status_message, reason_code, reason_message), time, tape)| {
            Message::Status(Status {
                symbol,
                status_code,
                status_message,
                reason_code,
                reason_message,
                time,
                tape,
            })
        },
    );
    let luld = (text(), price(), price(), text(), time(), option::of(text())).prop_map(
        |(symbol, limit_up, limit_down, indicator, time, tape)| {
            Message::Luld(Luld { symbol, limit_up, limit_down, indicator, time, tape })
        },
    );
    let imbalance = (text(), price(), option::of(text()), time())
        .prop_map(|(symbol, price, tape, time)| Message::Imbalance(Imbalance { symbol, price, tape, time }));
    let cancel =
        (text(), any::<u64>(), option::of(text()), price(), number(), text(), time(), option::of(text()))
            .prop_map(|(symbol, id, exchange, price, size, action, time, tape)| {
                Message::CancelError(CancelError { symbol, id, exchange, price, size, action, time, tape })
            });
    let pricing =
        (text(), time(), option::of(text()), (price(), price(), price(), price()), option::of(time()));
    let pricing = pricing.prop_map(|(symbol, time, exchange, prices, next_funding_time)| {
        let (index_price, mark_price, funding_rate, open_interest) = prices;
        Message::Pricing(Pricing {
            symbol,
            time,
            exchange,
            index_price,
            mark_price,
            funding_rate,
            open_interest,
            next_funding_time,
        })
    });
    prop_oneof![status, luld, imbalance, cancel, pricing].boxed()
}

fn book() -> BoxedStrategy<Message<'static>> {
    let levels = || vec((price(), price()).prop_map(|(price, size)| Level { price, size }), 0..20);
    (text(), time(), levels(), levels(), any::<bool>())
        .prop_map(|(symbol, time, bids, asks, reset)| {
            Message::OrderBook(OrderBook { symbol, time, bids, asks, reset })
        })
        .boxed()
}

fn news() -> BoxedStrategy<Message<'static>> {
    let texts = (text(), text(), text(), text(), text(), text());
    (any::<u64>(), texts, time(), time(), vec(text(), 0..20))
        .prop_map(|(id, texts, created_at, updated_at, symbols)| {
            let (headline, summary, author, content, url, source) = texts;
            Message::News(News {
                id,
                headline,
                summary,
                author,
                created_at,
                updated_at,
                content,
                url,
                symbols,
                source,
            })
        })
        .boxed()
}

fn subscriptions() -> impl Strategy<Value = Subscriptions> {
    let channel = (0..Channel::ALL.len()).prop_map(|index| Channel::ALL[index]);
    vec((channel, "[A-Z/.*]{1,8}"), 0..40).prop_map(|pairs| pairs.into_iter().collect())
}

fn control() -> BoxedStrategy<Message<'static>> {
    prop_oneof![
        Just(Message::Connected),
        Just(Message::Authenticated),
        (any::<u16>(), text()).prop_map(|(code, message)| Message::Error(ErrorMessage { code, message })),
        subscriptions().prop_map(Message::Subscription),
    ]
    .boxed()
}

fn message() -> BoxedStrategy<Message<'static>> {
    prop_oneof![trade(), quote(), bar(), correction(), rare(), book(), news(), control()].boxed()
}

fn request() -> impl Strategy<Value = Request> {
    let credentials =
        || (any::<String>(), any::<String>()).prop_map(|(key, secret)| Credentials::new(key, secret));
    prop_oneof![
        credentials().prop_map(|c| Request::Auth(c, AuthForm::Auth)),
        credentials().prop_map(|c| Request::Auth(c, AuthForm::Authenticate)),
        any::<String>().prop_map(|t| Request::Auth(Credentials::new("oauth", t), AuthForm::Authenticate)),
        subscriptions().prop_map(Request::Subscribe),
        subscriptions().prop_map(Request::Unsubscribe),
        vec(any::<String>(), 0..8).prop_map(Request::Listen),
    ]
}

fn read(frame: Frame<'_>) -> (Vec<Message<'static>>, Tally) {
    let mut out = Vec::new();
    let tally = decode(frame, &mut |m| out.push(m.into_owned())).unwrap();
    (out, tally)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn messages(messages in vec(message(), 0..20)) {
        let mut lines = Vec::new();
        for codec in [Codec::Json, Codec::MessagePack] {
            let frame = encode(codec, &messages);
            prop_assert_eq!(frame.as_frame().codec(), codec);
            let (again, tally) = read(frame.as_frame());
            prop_assert_eq!(&again, &messages);
            prop_assert_eq!(tally, Tally { delivered: messages.len() as u64, ..Tally::default() });
            lines.push(again.iter().map(to_canonical_json).collect::<Vec<_>>());
            // JSON in a binary frame is the same.
            prop_assert_eq!(&read(Frame::Binary(frame.bytes())).0, &messages);

            let elements: Vec<Vec<u8>> = messages.iter().map(|m| {
                let mut out = Vec::new();
                encode_element(codec, m, &mut out);
                out
            }).collect();
            let elements: Vec<&[u8]> = elements.iter().map(Vec::as_slice).collect();
            prop_assert_eq!(join_elements(codec, &elements), frame);
        }
        prop_assert_eq!(&lines[0], &lines[1]);
    }

    #[test]
    fn json_is_what_others_understand(messages in vec(message(), 0..5)) {
        let frame = encode(Codec::Json, &messages);
        let values: Vec<serde_json::Value> = serde_json::from_slice(frame.bytes()).unwrap();
        prop_assert_eq!(values.len(), messages.len());
        for value in values {
            prop_assert!(value["T"].is_string());
        }
    }

    #[test]
    fn requests(request in request()) {
        for codec in [Codec::Json, Codec::MessagePack] {
            let frame = encode_request(codec, &request);
            prop_assert_eq!(&decode_request(frame.as_frame()).unwrap(), &request);
            prop_assert_eq!(&decode_request(Frame::Binary(frame.bytes())).unwrap(), &request);
        }
    }

    #[test]
    fn times(nanos in any::<i64>()) {
        let time = Timestamp(nanos);
        prop_assert_eq!(Timestamp::parse_rfc3339(&time.to_rfc3339()), Some(time));
        prop_assert_eq!(Timestamp::parse_rfc3339(&time.to_rfc3339_nanos()), Some(time));
    }
}
