//! The answers without text are those of REST.

use std::time::Duration;

use crate::support::credentials;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_proto::message::Quote;
use wickwire_proto::rest::{RestBar, read_bars, read_latest_quote, read_news};
use wickwire_proto::time::Timestamp;
use wickwire_sim::{BarSpan, BarsQuery, Exchange, ExchangeConfig, SimConfig, Simulator, SourceLabel, Venue};

const STOCKS: (Venue, &str, &str) = (Venue::Stocks, "/v2/stocks/bars", "/v2/stocks/quotes/latest");
const CRYPTO: (Venue, &str, &str) =
    (Venue::Crypto, "/v1beta3/crypto/us/bars", "/v1beta3/crypto/us/latest/quotes");

fn exchange() -> (Exchange, Duration) {
    let start = Timestamp::parse_rfc3339("2026-11-23T15:00:00Z").unwrap();
    let feed = Simulator::new(SimConfig::new(7, start));
    let mut exchange = Exchange::new(Box::new(feed), ExchangeConfig::new(SourceLabel::simulated()));
    exchange.advance(Duration::ZERO);
    let now = Duration::from_secs(200);
    // One call hands out a bounded part.
    for _ in 0..100 {
        exchange.advance(now);
    }
    (exchange, now)
}

fn ask(exchange: &mut Exchange, now: Duration, path: &str, query: &[(&str, &str)]) -> String {
    let query: Vec<_> = query.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let answer = exchange.rest(now, "GET", path, &query, Some(&credentials()));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[test]
fn bars() {
    let (mut exchange, now) = exchange();
    let clock = exchange.clock();
    let mut some = 0;
    for ((venue, path, _), symbol) in
        [(STOCKS, "AAPL"), (STOCKS, "FAKEPACA"), (STOCKS, "NONE"), (CRYPTO, "BTC/USD"), (CRYPTO, "ETH/USD")]
    {
        for (timeframe, from) in [("1Min", -3_600), ("15Min", -86_400), ("1Day", -90 * 86_400), ("1Min", 60)]
        {
            for (limit, until) in [(10, None), (10_000, None), (5, Some(-1_200))] {
                let second = |seconds: i64| clock.plus_nanos(seconds * 1_000_000_000);
                let (from, until) = (second(from), until.map(second));
                let (start, limit_text) = (from.to_rfc3339(), limit.to_string());
                let end = until.map(Timestamp::to_rfc3339).unwrap_or_default();
                let query = [
                    ("symbols", symbol),
                    ("timeframe", timeframe),
                    ("start", &start),
                    ("end", &end),
                    ("limit", &limit_text),
                    ("sort", "desc"),
                ];
                if until.is_some_and(|until| until < from) {
                    continue;
                }
                let text = ask(&mut exchange, now, path, &query);
                let mut expected = Vec::new();
                let next = read_bars(&text, symbol, &mut |bar| expected.push(RestBar::from(&bar))).unwrap();
                let span = BarSpan::parse(timeframe).unwrap();
                let until = until.unwrap_or(Timestamp::MAX);
                let query = BarsQuery { venue, symbol, span, from, until, limit };
                some += expected.len();
                assert_eq!(exchange.newest_bars(now, &query), (expected, next.is_some()), "{query:?}");
            }
        }
    }
    assert!(some > 300, "{some}");
}

#[test]
fn the_latest_quote() {
    let (mut exchange, now) = exchange();
    for ((venue, _, path), symbol, there) in
        [(STOCKS, "AAPL", true), (STOCKS, "NONE", false), (CRYPTO, "BTC/USD", true)]
    {
        let text = ask(&mut exchange, now, path, &[("symbols", symbol)]);
        let expected = read_latest_quote(&text, symbol).unwrap().map(Quote::into_owned);
        assert_eq!(expected.is_some(), there, "{text}");
        assert_eq!(exchange.latest_quote(now, venue, symbol), expected);
    }
    assert_eq!(exchange.latest_quote(now, Venue::Crypto, "AAPL"), None);
}

#[test]
fn news() {
    let (mut exchange, now) = exchange();
    let until = exchange.clock().plus_nanos(-100_000_000_000);
    let end = until.to_rfc3339();
    for (limit, about) in
        [(1, None), (5, None), (50, None), (5, Some(("AAPL", until))), (50, Some(("IBM", until)))]
    {
        let limit_text = limit.to_string();
        let mut query = vec![("limit", &*limit_text), ("sort", "desc"), ("include_content", "true")];
        query.extend(about.iter().flat_map(|(symbol, _)| [("symbols", *symbol), ("end", &*end)]));
        let text = ask(&mut exchange, now, "/v1beta1/news", &query);
        let mut expected = Vec::new();
        read_news(&text, &mut |news| expected.push(news.into_owned())).unwrap();
        assert!(!expected.is_empty(), "{query:?}");
        assert_eq!(exchange.newest_news(now, about, limit), expected);
    }
    assert_eq!(exchange.newest_news(now, Some(("NONE", Timestamp::MAX)), 50), []);
}
