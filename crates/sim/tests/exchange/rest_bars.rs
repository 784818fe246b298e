//! Historical bars over REST: pages, timeframes, spans, refusals.

use std::collections::BTreeMap;

use crate::support::{at, credentials};
#[cfg(not(target_arch = "wasm32"))]
use proptest::prelude::*;
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_proto::message::{Bar, BarKind, Message};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;
use wickwire_sim::rest::{Request, Source, respond};
use wickwire_sim::{History, RestResponse, Venue};

const MINUTE: i64 = 60_000_000_000;

fn minute(symbol: &str, start: Timestamp, n: i64) -> Bar<'_> {
    let base = 100.0 + (n * 37 % 50) as f64 / 100.0;
    Bar {
        symbol: symbol.into(),
        open: base,
        high: base + (n % 7) as f64 / 10.0,
        low: base - (n % 5) as f64 / 10.0,
        close: base + (n % 3) as f64 / 100.0,
        volume: Number::Unsigned(100 + (n % 11) as u64),
        time: start,
        trade_count: Some(n as u64 % 4 + 1),
        vwap: Some(base),
    }
}

/// Minutes with holes: IBM and SPY over several days of New York's clocks changing, and BTC/USD.
fn history() -> History {
    let mut history = History::new();
    for (venue, symbol, every) in
        [(Venue::Stocks, "IBM", 7), (Venue::Stocks, "SPY", 11), (Venue::Crypto, "BTC/USD", 13)]
    {
        let start = at("2013-10-31T00:00:00Z");
        for n in (0..6 * 1440).filter(|n| n % every != 0 && n % 1000 < 700) {
            let bar = minute(symbol, start.plus_nanos(n * MINUTE), n);
            history.apply(venue, &Message::Bar(BarKind::Minute, bar));
        }
    }
    history
}

const NOW: &str = "2013-11-05T23:59:30Z";

fn ask(history: &History, path: &str, query: &[(&str, &str)]) -> RestResponse {
    let query: Vec<(String, String)> = query.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
    let source = Source { history, listings: &[], now: at(NOW), orders: &[] };
    respond(&source, &Request { method: "GET", path, query: &query, credentials: Some(&credentials()) })
}

fn json(history: &History, path: &str, query: &[(&str, &str)]) -> Value {
    let response = ask(history, path, query);
    assert_eq!(response.status, 200, "{}", response.body);
    serde_json::from_str(&response.body).unwrap()
}

#[test]
fn an_answer_has_so_many_bars_at_first_and_so_many_at_most() {
    let history = history();
    let query = |limit: &'static str| [("symbols", "IBM"), ("timeframe", "1Min"), ("limit", limit)];
    let query = |limit: &'static str| [&query(limit)[..], &[("start", "2013-10-31")]].concat();
    let count =
        |limit| json(&history, "/v2/stocks/bars", &query(limit))["bars"]["IBM"].as_array().unwrap().len();
    assert_eq!((count(""), count("1001")), (1_000, 1_001));
    let status = |limit| ask(&history, "/v2/stocks/bars", &query(limit)).status;
    assert_eq!((status("10000"), status("10001")), (200, 400));
}

fn pages(history: &History, path: &str, query: &[(&str, &str)], limit: usize) -> Vec<(String, Value)> {
    let limit_text = limit.to_string();
    let mut out = Vec::new();
    let mut token: Option<String> = None;
    for _ in 0..20_000 {
        let mut query = query.to_vec();
        query.push(("limit", &limit_text));
        if let Some(token) = &token {
            query.push(("page_token", token));
        }
        let page = json(history, path, &query);
        let before = out.len();
        match &page["bars"] {
            Value::Object(map) => {
                for (symbol, bars) in map {
                    out.extend(bars.as_array().unwrap().iter().map(|b| (symbol.clone(), b.clone())));
                }
            }
            Value::Array(bars) => {
                let symbol = page["symbol"].as_str().unwrap();
                out.extend(bars.iter().map(|b| (symbol.to_owned(), b.clone())));
            }
            other => panic!("{other}"),
        }
        assert!(out.len() - before <= limit);
        match page["next_page_token"].as_str() {
            Some(next) => {
                assert_eq!(out.len() - before, limit, "only the last page may be short");
                token = Some(next.to_owned());
            }
            None => return out,
        }
    }
    panic!("no end")
}

#[test]
fn pages_put_together_are_the_whole() {
    let history = history();
    for sort in ["asc", "desc"] {
        for (path, symbols) in [
            ("/v2/stocks/bars", "IBM,SPY,NONE"),
            ("/v2/stocks/bars", "SPY"),
            ("/v2/stocks/IBM/bars", ""),
            ("/v1beta3/crypto/us/bars", "BTC/USD"),
        ] {
            for timeframe in ["1Min", "15Min", "1Day"] {
                let query =
                    [("symbols", symbols), ("timeframe", timeframe), ("start", "2013-10-31"), ("sort", sort)];
                let whole = pages(&history, path, &query, 10_000);
                assert!(!whole.is_empty());
                let count = whole.len();
                for limit in [1, 2, 7, 999, 1000, count, count + 1, count.saturating_sub(1).max(1)] {
                    if count / limit > 300 {
                        continue;
                    }
                    assert_eq!(pages(&history, path, &query, limit.min(10_000)), whole, "{path} {limit}");
                }
            }
        }
    }
}

/// Bars of a timeframe by the plainest possible sum, with the bucket told by `bucket`.
fn brute(rows: &[Bar<'_>], bucket: impl Fn(Timestamp) -> Timestamp) -> Vec<(Timestamp, [f64; 4], u64, u64)> {
    let mut groups: BTreeMap<Timestamp, Vec<&Bar<'_>>> = BTreeMap::new();
    for row in rows {
        groups.entry(bucket(row.time)).or_default().push(row);
    }
    groups
        .into_iter()
        .map(|(time, rows)| {
            let high = rows.iter().map(|r| r.high).fold(f64::MIN, f64::max);
            let low = rows.iter().map(|r| r.low).fold(f64::MAX, f64::min);
            let volume = rows.iter().map(|r| r.volume.as_u64().unwrap()).sum();
            let count = rows.iter().map(|r| r.trade_count.unwrap()).sum();
            (time, [rows[0].open, high, low, rows[rows.len() - 1].close], volume, count)
        })
        .collect()
}

fn floor(time: Timestamp, minutes: i64, offset_hours: i64) -> Timestamp {
    let shift = offset_hours * 60 * MINUTE;
    let local = time.0 + shift;
    Timestamp(local - local.rem_euclid(minutes * MINUTE) - shift)
}

#[test]
fn timeframes_are_sums_of_minutes() {
    let history = history();
    for (path, symbol) in [("/v2/stocks/bars", "IBM"), ("/v1beta3/crypto/us/bars", "BTC/USD")] {
        let rows: Vec<Bar<'_>> =
            history.symbol(symbol).unwrap().minutes().rows().iter().map(|r| r.to_bar(symbol)).collect();
        // Clocks in New York went back on 2013-11-03 at 06:00 UTC.
        let offset = |time: Timestamp| match symbol {
            "BTC/USD" => 0,
            _ if time < at("2013-11-03T06:00:00Z") => -4,
            _ => -5,
        };
        for (timeframe, minutes) in
            [("1Min", 1), ("2Min", 2), ("5Min", 5), ("15T", 15), ("30Min", 30), ("1Hour", 60), ("1Day", 1440)]
        {
            let bucket = |time: Timestamp| {
                if minutes < 1440 {
                    floor(time, minutes, 0)
                } else {
                    // The day on which clocks change has 25 hours and begins by the old offset.
                    let day = floor(time, 1440, offset(time));
                    if symbol == "IBM" && day == at("2013-11-03T05:00:00Z") {
                        at("2013-11-03T04:00:00Z")
                    } else {
                        day
                    }
                }
            };
            let expected = brute(&rows, bucket);
            let query = [
                ("symbols", symbol),
                ("timeframe", timeframe),
                ("start", "2013-10-30T00:00:00Z"),
                ("end", "2013-12-01T00:00:00Z"),
            ];
            let got: Vec<_> = pages(&history, path, &query, 10_000)
                .into_iter()
                .map(|(_, b)| {
                    let f = |key: &str| b[key].as_f64().unwrap();
                    let time = at(b["t"].as_str().unwrap());
                    (
                        time,
                        [f("o"), f("h"), f("l"), f("c")],
                        b["v"].as_u64().unwrap(),
                        b["n"].as_u64().unwrap(),
                    )
                })
                .collect();
            assert_eq!(got.len(), expected.len(), "{timeframe} {symbol}");
            assert_eq!(got, expected, "{timeframe} {symbol}");
        }
    }
}

#[test]
fn days_that_were_told_stand_for_their_sum() {
    let mut history = history();
    let told = Bar { close: 7.5, ..minute("IBM", at("2013-11-01T04:00:00Z"), 3) };
    history.apply(Venue::Stocks, &Message::Bar(BarKind::Daily, told));
    let old = minute("IBM", at("2013-09-03T04:00:00Z"), 3);
    history.apply(Venue::Stocks, &Message::Bar(BarKind::Daily, old));
    let days = json(&history, "/v2/stocks/IBM/bars", &[("timeframe", "1Day"), ("start", "2013-01-01")]);
    let days = days["bars"].as_array().unwrap();
    assert_eq!(days[0]["t"], "2013-09-03T04:00:00Z");
    let told = days.iter().find(|d| d["t"] == "2013-11-01T04:00:00Z").unwrap();
    assert_eq!(told["c"], 7.5);
    let times: Vec<&str> = days.iter().map(|d| d["t"].as_str().unwrap()).collect();
    assert!(times.is_sorted());
    let months = json(&history, "/v2/stocks/IBM/bars", &[("timeframe", "1Month"), ("start", "2013-01-01")]);
    let starts: Vec<&str> =
        months["bars"].as_array().unwrap().iter().map(|m| m["t"].as_str().unwrap()).collect();
    assert_eq!(starts, ["2013-09-01T04:00:00Z", "2013-10-01T04:00:00Z", "2013-11-01T04:00:00Z"]);
    let weeks = json(&history, "/v2/stocks/IBM/bars", &[("timeframe", "1Week"), ("start", "2013-10-01")]);
    let starts: Vec<&str> =
        weeks["bars"].as_array().unwrap().iter().map(|m| m["t"].as_str().unwrap()).collect();
    assert_eq!(starts, ["2013-10-28T04:00:00Z", "2013-11-04T05:00:00Z"]);
}

#[test]
fn without_a_start_the_current_day_comes() {
    let history = history();
    let bars = pages(&history, "/v2/stocks/bars", &[("symbols", "IBM"), ("timeframe", "1Min")], 10_000);
    let first = at(bars[0].1["t"].as_str().unwrap());
    let last = at(bars[bars.len() - 1].1["t"].as_str().unwrap());
    assert!(first >= at("2013-11-05T05:00:00Z") && first < at("2013-11-05T05:10:00Z"), "{first}");
    assert!(last <= at(NOW));
    let crypto =
        pages(&history, "/v1beta3/crypto/us/bars", &[("symbols", "BTC/USD"), ("timeframe", "1Min")], 10_000);
    assert!(at(crypto[0].1["t"].as_str().unwrap()) >= at("2013-11-05T00:00:00Z"));
}

#[test]
fn both_ends_are_inclusive_and_dates_are_whole_days() {
    let history = history();
    let times = |start: &str, end: &str| -> Vec<String> {
        let query = [("symbols", "IBM"), ("timeframe", "1Min"), ("start", start), ("end", end)];
        let bars = pages(&history, "/v2/stocks/bars", &query, 10_000);
        bars.iter().map(|(_, b)| b["t"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        times("2013-10-31T00:01:00Z", "2013-10-31T00:02:00Z"),
        ["2013-10-31T00:01:00Z", "2013-10-31T00:02:00Z"]
    );
    assert_eq!(times("2013-10-31T00:01:00.000000001Z", "2013-10-31T00:02:00Z"), ["2013-10-31T00:02:00Z"]);
    // Offsets, percent-encoded or with the plus sign lost.
    assert_eq!(times("2013-10-30T20:01:00-04:00", "2013-10-31T01:02:00 01:00").len(), 2);
    let day = times("2013-11-01", "2013-11-01");
    assert!(day.iter().all(|t| t.as_str() >= "2013-11-01T04:00:00Z" && t.as_str() < "2013-11-02T04:00:00Z"));
    assert_eq!(
        day.len(),
        history
            .symbol("IBM")
            .unwrap()
            .minutes()
            .range(at("2013-11-01T04:00:00Z"), at("2013-11-02T03:59:59Z"))
            .len()
    );
}

#[test]
fn the_form_is_alpacas() {
    let mut history = History::new();
    let bar =
        Bar { trade_count: None, vwap: None, open: 183.0, ..minute("IBM", at("2013-10-07T13:30:00Z"), 4) };
    history.apply(Venue::Stocks, &Message::Bar(BarKind::Minute, bar));
    let query = [
        ("timeframe", "1Min"),
        ("start", "2013-10-01"),
        ("symbols", "IBM,SPY"),
        ("adjustment", "raw"),
        ("feed", "iex"),
    ];
    let bar = r#"{"t":"2013-10-07T13:30:00Z","o":183.0,"h":101.88,"l":101.08,"c":101.49,"v":104}"#;
    let response = ask(&history, "/v2/stocks/bars", &query);
    let close = history.symbol("IBM").unwrap().minutes().last().unwrap();
    let bar = bar
        .replace("101.88", &close.high.to_string())
        .replace("101.08", &close.low.to_string())
        .replace("101.49", &close.close.to_string());
    assert_eq!(response.body, format!(r#"{{"bars":{{"IBM":[{bar}]}},"next_page_token":null}}"#));
    let one = ask(&history, "/v2/stocks/IBM/bars", &query);
    assert_eq!(one.body, format!(r#"{{"bars":[{bar}],"symbol":"IBM","next_page_token":null}}"#));
    let none = ask(&history, "/v2/stocks/SPY/bars", &query);
    assert_eq!(none.body, r#"{"bars":[],"symbol":"SPY","next_page_token":null}"#);
    // Stocks are not found under crypto, nor the other way round.
    let crypto = ask(
        &history,
        "/v2/stocks/bars",
        &[("symbols", "BTC/USD"), ("timeframe", "1Min"), ("start", "2013-10-01")],
    );
    assert_eq!(crypto.body, r#"{"bars":{},"next_page_token":null}"#);
}

#[test]
fn refusals() {
    let history = history();
    let good = [("symbols", "IBM"), ("timeframe", "1Min")];
    for (name, value) in [
        ("timeframe", "7Sec"),
        ("timeframe", ""),
        ("symbols", ""),
        ("symbols", "ibm"),
        ("limit", "0"),
        ("limit", "10001"),
        ("limit", "many"),
        ("start", "yesterday"),
        ("start", "2013-02-30"),
        ("end", "13-1-1"),
        ("sort", "up"),
        ("feed", "none"),
        ("adjustment", "raw,x"),
        ("page_token", "?"),
    ] {
        let mut query: Vec<_> = good.iter().copied().filter(|(n, _)| *n != name).collect();
        query.push((name, value));
        let response = ask(&history, "/v2/stocks/bars", &query);
        assert_eq!(response.status, 400, "{name}={value}");
        let body: Value = serde_json::from_str(&response.body).unwrap();
        assert!(body["message"].is_string(), "{name}={value}");
    }
    let turned = [good[0], good[1], ("start", "2013-11-02"), ("end", "2013-11-01")];
    assert_eq!(ask(&history, "/v2/stocks/bars", &turned).status, 400);
    assert_eq!(
        ask(&history, "/v1beta3/crypto/us/bars", &[("symbols", "BTCUSD"), ("timeframe", "1Min")]).status,
        400
    );
}

#[cfg(not(target_arch = "wasm32"))]
proptest! {
    /// No query is answered with anything but JSON and a known status.
    #[test]
    fn any_query_is_answered(
        path in "(/v2/stocks/bars|/v2/stocks/[A-Z%/.]{0,6}/bars|/v1beta3/crypto/us/bars|/v1beta1/news|/v2/orders|/v2/assets)",
        query in prop::collection::vec(("(symbols|timeframe|start|end|limit|sort|page_token|status)", "(1Min|1Day|1Month|IBM|desc|2013-11-0[0-9]|[0-9TZ:-]{0,20}|\\PC{0,20})"), 0..8),
    ) {
        let history = History::new();
        let source = Source { history: &history, listings: &[], now: at(NOW), orders: &[] };
        let response = respond(&source, &Request { method: "GET", path: &path, query: &query, credentials: Some(&credentials()) });
        prop_assert!([200, 400, 404, 422].contains(&response.status));
        prop_assert!(serde_json::from_str::<Value>(&response.body).is_ok());
    }
}
