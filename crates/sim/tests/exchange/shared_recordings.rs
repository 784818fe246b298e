//! The shared recordings, played to client sessions: every bar once, and equal.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::{Client, at, bars, lines, run, shared, wanted};
use wickwire_proto::channel::Channel;
use wickwire_proto::decode::decode;
use wickwire_proto::endpoint::{Endpoint, StockFeed};
use wickwire_proto::frame::{Codec, Frame};
use wickwire_proto::message::{Bar, BarKind, Message, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;
use wickwire_sim::{Exchange, ExchangeConfig, Feed, Recording, Replay, ReplayConfig, SourceLabel, Speed};

fn decoded(lines: &[String]) -> Vec<Message<'static>> {
    let mut out = Vec::new();
    for line in lines {
        let frame = format!("[{line}]");
        decode(Frame::Text(&frame), &mut |m| out.push(m.into_owned())).unwrap();
    }
    out
}

fn play(
    recordings: Vec<Recording>,
    config: ReplayConfig,
    endpoint: Endpoint,
    symbol: &str,
    channels: &[Channel],
) -> [Vec<Message<'static>>; 2] {
    let replay = Replay::new(recordings, config).unwrap();
    assert_eq!(replay.report().bad_lines, 0, "{:?}", replay.report().lines);
    let config = ExchangeConfig {
        speed: Speed::UNPACED,
        hold_until_subscribed: true,
        ..ExchangeConfig::new(SourceLabel::recorded("test"))
    };
    let mut exchange = Exchange::new(Box::new(replay), config);
    let mut clients =
        [Codec::Json, Codec::MessagePack].map(|codec| Client::new(endpoint, codec, wanted(channels, symbol)));
    run(Duration::ZERO, Duration::from_secs(1_000_000), &mut exchange, &mut clients);
    assert!(exchange.finished());
    for client in &clients {
        assert_eq!(client.session.tally().refused, 0);
        assert_eq!(client.closed, None);
    }
    clients.map(|client| client.got)
}

/// The wire has `n` and `vw` where the recording has neither.
fn as_recorded(mut bar: Bar<'static>) -> Bar<'static> {
    assert_eq!((bar.trade_count.take(), bar.vwap.take()), (Some(0), Some(0.0)));
    bar
}

#[test]
fn every_recorded_bar_of_ibm_arrives_once_and_equal() {
    let (Some(ticks), Some(minutes)) =
        (shared("equities/ticks/IBM-20131007.ndjson.gz"), shared("equities/bars-1min/IBM.ndjson.gz"))
    else {
        return;
    };
    let recorded = decoded(&lines(&minutes));
    let tick_count = lines(&ticks).len();
    let start = at("2013-10-07T08:00:00Z");
    let end = at("2013-10-08T04:00:00Z");
    let config = ReplayConfig { from: Some(start), to: Some(end) };
    let recordings = vec![Recording::new("ticks", ticks), Recording::new("bars", minutes)];
    let channels = [Channel::Bars, Channel::Trades, Channel::Quotes];
    let expected: Vec<Bar<'static>> = bars(&recorded)
        .into_iter()
        .filter(|b| b.time.plus_nanos(60_000_000_000) >= start && b.time < end)
        .collect();
    assert!(expected.len() > 390, "{}", expected.len());
    for got in play(recordings.clone(), config, Endpoint::Stocks(StockFeed::Sip), "IBM", &channels) {
        let sent: Vec<_> = bars(&got).into_iter().map(as_recorded).collect();
        assert_eq!(sent, expected);
        assert_eq!(got.len(), expected.len() + tick_count);
        bars_follow_their_minute(&got);
    }
}

/// No bar comes before a trade of its minute.
fn bars_follow_their_minute(got: &[Message<'static>]) {
    let mut ended = Timestamp::MIN;
    for message in got {
        match message {
            Message::Bar(BarKind::Minute, bar) => ended = ended.max(bar.time.plus_nanos(60_000_000_000)),
            Message::Trade(trade) => assert!(trade.time >= ended, "{}", trade.time),
            _ => {}
        }
    }
}

#[test]
fn a_start_in_mid_session_has_the_session_so_far_over_rest() {
    let Some(minutes) = shared("equities/bars-1min/IBM.ndjson.gz") else { return };
    let recorded = bars(&decoded(&lines(&minutes)));
    let from = at("2013-10-07T15:00:00Z");
    let replay =
        Replay::new(vec![Recording::new("bars", minutes)], ReplayConfig { from: Some(from), to: None })
            .unwrap();
    let held: Vec<_> = replay
        .history()
        .symbol("IBM")
        .unwrap()
        .minutes()
        .rows()
        .iter()
        .map(|r| r.to_bar("IBM").into_owned())
        .collect();
    let expected: Vec<_> =
        recorded.into_iter().filter(|b| b.time.plus_nanos(60_000_000_000) < from).collect();
    assert_eq!(held, expected);
}

/// Minute bars of trades, every one of which counts, in the plainest way.
fn minutes_of(trades: &[&Trade<'static>]) -> Vec<Bar<'static>> {
    let mut groups: BTreeMap<i64, Vec<&Trade<'static>>> = BTreeMap::new();
    for trade in trades {
        groups.entry(trade.time.nanos() / 60_000_000_000).or_default().push(trade);
    }
    groups
        .into_iter()
        .map(|(minute, trades)| {
            let prices = trades.iter().map(|t| t.price);
            let mut volume = Number::ZERO.to_f64();
            let mut traded = 0.0;
            for trade in &trades {
                volume += trade.size.to_f64();
                traded += trade.price * trade.size.to_f64();
            }
            Bar {
                symbol: trades[0].symbol.clone(),
                open: trades[0].price,
                high: prices.clone().fold(f64::MIN, f64::max),
                low: prices.fold(f64::MAX, f64::min),
                close: trades[trades.len() - 1].price,
                volume: Number::from_f64(volume),
                time: Timestamp(minute * 60_000_000_000),
                trade_count: Some(trades.len() as u64),
                vwap: Some(traded / volume),
            }
        })
        .collect()
}

#[test]
fn minutes_of_bitcoin_are_those_of_its_recorded_trades() {
    let Some(ticks) = shared("crypto/ticks/BTC-USDT-20240808.ndjson.gz") else { return };
    let recorded = decoded(&lines(&ticks));
    let trades: Vec<&Trade<'static>> =
        recorded.iter().filter_map(|m| if let Message::Trade(t) = m { Some(t) } else { None }).collect();
    let expected = minutes_of(&trades);
    assert_eq!(expected.len(), 12);
    let channels = [Channel::Bars, Channel::Trades, Channel::Quotes, Channel::OrderBooks];
    let recordings = vec![Recording::new("ticks", ticks)];
    for got in play(recordings, ReplayConfig::default(), Endpoint::Crypto, "BTC/USDT", &channels) {
        assert_eq!(bars(&got), expected);
        let rest: Vec<&Message<'_>> = got.iter().filter(|m| !matches!(m, Message::Bar(..))).collect();
        assert!(rest.iter().copied().eq(recorded.iter()), "everything else as recorded, in order");
        bars_follow_their_minute(&got);
    }
}

#[test]
fn recorded_news_arrives_on_the_news_endpoint() {
    let Some(news) = shared("news/TSLA-sec-filings.ndjson.gz") else { return };
    let recorded = decoded(&lines(&news));
    for got in play(
        vec![Recording::new("news", news)],
        ReplayConfig::default(),
        Endpoint::News,
        "*",
        &[Channel::News],
    ) {
        assert_eq!(got, recorded);
    }
}

#[test]
fn hours_and_days_are_history() {
    let (Some(hours), Some(days)) =
        (shared("equities/bars-1hour/IBM.ndjson.gz"), shared("equities/bars-1day/IBM.ndjson.gz"))
    else {
        return;
    };
    let (hour_count, day_count) = (lines(&hours).len(), lines(&days).len());
    let mut replay = Replay::new(
        vec![Recording::new("hours", hours), Recording::new("days", days)],
        ReplayConfig::default(),
    )
    .unwrap();
    let mut sent = 0;
    replay.advance(Timestamp::MAX, &mut |_, _| sent += 1);
    let ibm = replay.history().symbol("IBM").unwrap();
    assert_eq!(
        (ibm.hours().rows().len(), ibm.days().rows().len(), ibm.minutes().rows().len()),
        (hour_count, day_count, 0)
    );
    assert_eq!(sent, hour_count + day_count);
}
