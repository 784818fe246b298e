//! REST responses, in the forms that are documented and in the odd ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;

use wickwire_proto::number::Number;
use wickwire_proto::rest::*;
use wickwire_proto::time::Timestamp;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const BAR: &str = r#"{"t":"2013-10-07T13:30:00.000000001Z","o":1.1,"h":2,"l":1,"c":1.5,"v":9007199254740993,"n":3,"vw":1.25}"#;

#[test]
fn pages_of_bars_in_both_forms() {
    let many: BarsPage =
        serde_json::from_str(&format!(r#"{{"bars":{{"IBM":[{BAR}],"X":null}},"next_page_token":"abc"}}"#))
            .unwrap();
    assert_eq!(many.next_page_token.as_deref(), Some("abc"));
    let bar = &many.bars["IBM"][0];
    assert_eq!(bar.time.to_rfc3339(), "2013-10-07T13:30:00.000000001Z");
    assert_eq!(bar.volume, Number::Unsigned(9_007_199_254_740_993));
    assert!(many.bars["X"].is_empty());

    let one = format!(r#"{{"bars":[{BAR}],"symbol":"IBM","next_page_token":null}}"#);
    let page: BarsPage = serde_json::from_str(&one).unwrap();
    assert_eq!(page.bars["IBM"], many.bars["IBM"]);
    assert_eq!(page.next_page_token, None);
    let page: SymbolBarsPage = serde_json::from_str(&one).unwrap();
    assert_eq!(page.bars, many.bars["IBM"]);

    for empty in [r#"{"bars":null}"#, "{}", r#"{"bars":{},"next_page_token":""}"#] {
        assert_eq!(serde_json::from_str::<BarsPage>(empty).unwrap(), BarsPage::default(), "{empty}");
    }
    let null = r#"{"bars":null,"symbol":"IBM","next_page_token":null}"#;
    assert!(serde_json::from_str::<SymbolBarsPage>(null).unwrap().bars.is_empty());
}

#[test]
fn what_is_written_is_read() {
    let bar: RestBar = serde_json::from_str(BAR).unwrap();
    let page =
        BarsPage { bars: BTreeMap::from([("BTC/USD".to_owned(), vec![bar.clone()])]), next_page_token: None };
    let text = serde_json::to_string(&page).unwrap();
    assert_eq!(serde_json::from_str::<BarsPage>(&text).unwrap(), page);
    let message = bar.to_message("IBM");
    assert_eq!(RestBar::from(&message), bar);
}

#[test]
fn latest_and_snapshots() {
    let text = r#"{"quotes":{"IBM":{"t":"2024-01-02T15:04:05.1Z","bx":"V","bp":1.5,"bs":2,"ax":"V","ap":1.6,"as":3,"c":["R"],"z":"A"},
        "BTC/USD":{"t":"2024-01-02T15:04:05Z","bp":1,"bs":0.25,"ap":2,"as":0.5}}}"#;
    let latest: LatestQuotes = serde_json::from_str(text).unwrap();
    assert_eq!(latest.quotes["BTC/USD"].bid_size, Number::Float(0.25));
    let quote = &latest.quotes["IBM"];
    assert_eq!(RestQuote::from(&quote.to_message("IBM")), *quote);

    let text = r#"{"AAPL":{"latestTrade":{"t":"2024-01-02T15:04:05Z","p":1,"s":1,"c":["@"],"i":7},"latestQuote":null,"extra":1},"B":{}}"#;
    let snapshots: BTreeMap<String, Snapshot> = serde_json::from_str(text).unwrap();
    let trade = snapshots["AAPL"].latest_trade.as_ref().unwrap();
    assert_eq!(trade.id, Some(7));
    assert_eq!(RestTrade::from(&trade.to_message("AAPL")), *trade);
    assert_eq!(snapshots["B"], Snapshot::default());

    let books: LatestOrderBooks = serde_json::from_str(
        r#"{"orderbooks":{"BTC/USD":{"t":"2024-01-02T15:04:05Z","b":[{"p":1,"s":2}],"a":null}}}"#,
    )
    .unwrap();
    assert_eq!(books.orderbooks["BTC/USD"].bids[0].size, 2.0);
}

#[test]
fn news_with_pictures_and_nulls() {
    let text = r#"{"news":[{"id":7,"headline":"H","summary":null,"author":"A","created_at":"2024-01-01T00:00:00Z",
        "updated_at":"2024-01-01T00:00:01Z","url":null,"content":"","symbols":["BTCUSD"],"source":"s",
        "images":[{"size":"thumb","url":"https://example.test/x.png"}]}],"next_page_token":null}"#;
    let page: NewsPage = serde_json::from_str(text).unwrap();
    let news = &page.news[0];
    assert_eq!((news.summary.as_str(), news.images.len()), ("", 1));
    assert_eq!(news.to_message().symbols, ["BTCUSD"]);
}

#[test]
fn trading_host() {
    let clock: Clock = serde_json::from_str(
        r#"{"timestamp":"2024-01-02T10:04:05.123456789-05:00","is_open":true,"next_open":"2024-01-03T09:30:00-05:00","next_close":"2024-01-02T16:00:00-05:00"}"#,
    )
    .unwrap();
    assert_eq!(clock.timestamp, "2024-01-02T15:04:05.123456789Z".parse::<Timestamp>().unwrap());
    let error: ErrorBody = serde_json::from_str(r#"{"message":"forbidden."}"#).unwrap();
    assert_eq!((error.code, error.message.as_str()), (None, "forbidden."));
    let account: Account = serde_json::from_str(r#"{"equity":"100.5","cash":7,"status":"ACTIVE"}"#).unwrap();
    assert_eq!((account.equity.as_deref(), account.cash.as_deref()), (Some("100.5"), Some("7")));
    let order: Order = serde_json::from_str(r#"{"id":"x","qty":"1","legs":null,"type":"market"}"#).unwrap();
    assert_eq!((order.kind.as_str(), order.legs), ("market", None));
    assert!(serde_json::from_str::<Asset>(r#"{"symbol":"IBM","tradable":null}"#).is_ok());
}

/// The reader without serde gives what serde gives, in every form of an answer.
#[test]
fn both_readers_agree() {
    let page = |text: &str, symbol: &str| {
        let mut bars = Vec::new();
        let next = read_bars(text, symbol, &mut |bar| {
            assert_eq!(bar.symbol, symbol);
            bars.push(RestBar::from(&bar));
        });
        next.map(|next| (bars, next.map(|n| n.into_owned())))
    };
    for text in [
        format!(r#"{{"bars":{{"A":[],"IBM":[{BAR},{BAR}],"X":null}},"next_page_token":"abc"}}"#),
        format!(r#"{{"next_page_token":null,"bars":[{BAR}],"symbol":"IBM","extra":{{"bars":[1]}}}}"#),
        r#"{"bars":{"IBM":null}}"#.to_owned(),
        r#"{"bars":null,"next_page_token":""}"#.to_owned(),
        "{}".to_owned(),
    ] {
        let mut expected: BarsPage = serde_json::from_str(&text).unwrap();
        let bars = expected.bars.remove("IBM").unwrap_or_default();
        assert_eq!(page(&text, "IBM"), Ok((bars, expected.next_page_token)), "{text}");
    }
    for text in ["", "<html>", "[]", r#"{"bars":7}"#, r#"{"bars":[{}]}"#, r#"{"bars":[]"#, "{}{}"] {
        assert!(page(text, "IBM").is_err(), "{text}");
    }

    let text = r#"{"quotes":{"IBM":{"t":"2024-01-02T15:04:05.1Z","bx":"V","bp":1.5,"bs":2,"ax":"V","ap":1.6,"as":3,"c":["R"],"z":"A"},
        "BTC/USD":{"t":"2024-01-02T15:04:05Z","bp":1,"bs":0.25,"ap":2,"as":0.5}}}"#;
    let expected: LatestQuotes = serde_json::from_str(text).unwrap();
    for symbol in ["IBM", "BTC/USD", "ETH/USD"] {
        let quote = read_latest_quote(text, symbol).unwrap();
        assert_eq!(quote.as_ref().map(RestQuote::from).as_ref(), expected.quotes.get(symbol));
    }

    let text = r#"{"news":[{"id":7,"headline":"H","author":null,"created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-01T00:00:00Z","url":null,"symbols":["BTCUSD"],"images":[{"size":"thumb","url":"u"}]}],"next_page_token":"n"}"#;
    let expected: NewsPage = serde_json::from_str(text).unwrap();
    let mut articles = Vec::new();
    let next = read_news(text, &mut |news| articles.push(RestNews::from(&news))).unwrap();
    assert_eq!(next.as_deref(), Some("n"));
    assert_eq!(articles, [RestNews { images: Vec::new(), ..expected.news[0].clone() }]);
}
