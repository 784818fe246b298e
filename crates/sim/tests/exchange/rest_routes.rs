//! The other REST routes: latest values, snapshots, news, and what of the trading API there is.

use crate::support::{at, credentials, drain, replay};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_proto::request::Credentials;
use wickwire_proto::trading::Order;
use wickwire_sim::rest::{Request, Source, respond};
use wickwire_sim::{Feed, Replay, ReplayConfig, RestResponse};

const TEXT: &str = r#"{"T":"d","S":"IBM","o":184,"h":185,"l":183.5,"c":184.1,"v":4000000,"t":"2013-10-04T04:00:00Z"}
{"T":"q","S":"IBM","ax":"P","ap":181.8,"as":3000,"bx":"N","bp":180.01,"bs":300,"c":["R"],"z":"A","t":"2013-10-07T13:30:00.241Z"}
{"T":"t","S":"IBM","i":1,"x":"N","p":181.5,"s":100,"c":[" ","F"],"z":"A","t":"2013-10-07T13:30:01Z"}
{"T":"b","S":"IBM","o":181.5,"h":182,"l":181,"c":181.75,"v":1200,"t":"2013-10-07T13:30:00Z"}
{"T":"b","S":"IBM","o":181.75,"h":183,"l":180,"c":182,"v":800,"t":"2013-10-07T13:31:00Z"}
{"T":"o","S":"BTC/USD","r":true,"b":[{"p":99.5,"s":1.5}],"a":[{"p":101,"s":2}],"t":"2013-10-07T13:30:00Z"}
{"T":"t","S":"BTC/USD","p":100,"s":0.25,"i":3447222699101865076,"tks":"S","t":"2013-10-07T13:30:02Z"}
{"T":"q","S":"BTC/USD","bp":99.5,"bs":1.5,"ap":101,"as":2,"t":"2013-10-07T13:30:03Z"}"#;

fn news() -> String {
    (0..60)
        .map(|n| {
            let time = format!("2013-10-07T12:{:02}:00Z", n / 2);
            let symbol = if n % 3 == 0 { "BTCUSD" } else { "IBM" };
            format!("{{\"T\":\"n\",\"id\":{n},\"headline\":\"h{n}\",\"summary\":\"s\",\"author\":\"a\",\"created_at\":\"{time}\",\"updated_at\":\"{time}\",\"url\":\"https://example.com/{n}\",\"content\":\"{}\",\"symbols\":[\"{symbol}\"],\"source\":\"x\"}}\n", if n % 2 == 0 { "<p>c</p>" } else { "" })
        })
        .collect()
}

fn feed() -> Replay {
    let mut feed =
        replay(&[TEXT, &news()], ReplayConfig { from: None, to: Some(at("2013-10-07T13:40:00Z")) });
    drain(&mut feed, at("2013-10-07T13:40:00Z"));
    feed.advance(at("2013-10-07T13:40:00Z"), &mut |_, _| {});
    feed
}

fn ask_as(
    feed: &Replay,
    method: &str,
    path: &str,
    query: &[(&str, &str)],
    credentials: Option<&Credentials>,
) -> RestResponse {
    let query: Vec<(String, String)> = query.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
    let order = |id: &str, status: &str| Order {
        id: id.into(),
        status: status.into(),
        symbol: "IBM".into(),
        qty: Some("5".into()),
        ..Order::default()
    };
    let orders = [order("one", "filled"), order("two", "new"), order("three", "partially_filled")];
    let source =
        Source { history: feed.history(), listings: feed.listings(), now: feed.now(), orders: &orders };
    respond(&source, &Request { method, path, query: &query, credentials })
}

fn get(feed: &Replay, path: &str, query: &[(&str, &str)]) -> Value {
    let response = ask_as(feed, "GET", path, query, Some(&credentials()));
    assert_eq!(response.status, 200, "{path}: {}", response.body);
    serde_json::from_str(&response.body).unwrap()
}

#[test]
fn latest_values() {
    let feed = feed();
    let trade = json!({"t":"2013-10-07T13:30:01Z","x":"N","p":181.5,"s":100,"c":[" ","F"],"i":1,"z":"A"});
    let quote = json!({"t":"2013-10-07T13:30:00.241Z","ax":"P","ap":181.8,"as":3000,"bx":"N","bp":180.01,"bs":300,"c":["R"],"z":"A"});
    let bar = json!({"t":"2013-10-07T13:31:00Z","o":181.75,"h":183.0,"l":180.0,"c":182.0,"v":800});
    let symbols = [("symbols", "IBM,SPY")];
    assert_eq!(get(&feed, "/v2/stocks/trades/latest", &symbols), json!({"trades":{"IBM":trade}}));
    assert_eq!(get(&feed, "/v2/stocks/quotes/latest", &symbols), json!({"quotes":{"IBM":quote}}));
    assert_eq!(get(&feed, "/v2/stocks/bars/latest", &symbols), json!({"bars":{"IBM":bar}}));
    assert_eq!(get(&feed, "/v2/stocks/IBM/trades/latest", &[]), json!({"symbol":"IBM","trade":trade}));
    assert_eq!(get(&feed, "/v2/stocks/IBM/quotes/latest", &[]), json!({"symbol":"IBM","quote":quote}));
    assert_eq!(
        get(&feed, "/v2/stocks/snapshots", &symbols),
        json!({"IBM":{"latestTrade":trade,"latestQuote":quote,"minuteBar":bar,
            "dailyBar":{"t":"2013-10-07T04:00:00Z","o":181.5,"h":183.0,"l":180.0,"c":182.0,"v":2000},
            "prevDailyBar":{"t":"2013-10-04T04:00:00Z","o":184.0,"h":185.0,"l":183.5,"c":184.1,"v":4000000}}})
    );
    let one = get(&feed, "/v2/stocks/IBM/snapshot", &[]);
    assert_eq!((&one["symbol"], &one["latestTrade"]["p"]), (&json!("IBM"), &json!(181.5)));
    let missing = ask_as(&feed, "GET", "/v2/stocks/SPY/trades/latest", &[], Some(&credentials()));
    assert_eq!(missing.status, 404);
}

#[test]
fn crypto_needs_no_keys() {
    let feed = feed();
    let open = |path: &str| {
        let response = ask_as(&feed, "GET", path, &[("symbols", "BTC/USD")], None);
        assert_eq!(response.status, 200, "{path}");
        serde_json::from_str::<Value>(&response.body).unwrap()
    };
    assert_eq!(
        open("/v1beta3/crypto/us/latest/trades"),
        json!({"trades":{"BTC/USD":{"t":"2013-10-07T13:30:02Z","p":100.0,"s":0.25,"i":3447222699101865076_u64,"tks":"S"}}})
    );
    assert_eq!(
        open("/v1beta3/crypto/us/latest/orderbooks"),
        json!({"orderbooks":{"BTC/USD":{"t":"2013-10-07T13:30:00Z","b":[{"p":99.5,"s":1.5}],"a":[{"p":101.0,"s":2.0}]}}})
    );
    assert_eq!(open("/v1beta3/crypto/us/latest/quotes")["quotes"]["BTC/USD"]["ap"], 101.0);
    let bar = &open("/v1beta3/crypto/us/latest/bars")["bars"]["BTC/USD"];
    assert_eq!((&bar["n"], &bar["vw"], &bar["v"]), (&json!(1), &json!(100.0), &json!(0.25)));
    let snapshot = open("/v1beta3/crypto/us/snapshots");
    assert_eq!(snapshot["snapshots"]["BTC/USD"]["dailyBar"]["t"], "2013-10-07T00:00:00Z");
}

#[test]
fn keys() {
    let feed = feed();
    let status = |method: &str, path: &str, credentials: Option<&Credentials>| {
        let response = ask_as(&feed, method, path, &[("symbols", "IBM"), ("timeframe", "1Min")], credentials);
        assert!(serde_json::from_str::<Value>(&response.body).is_ok());
        response.status
    };
    let refused = Credentials::new("refused", "x");
    let empty = Credentials::new("key", "");
    for path in ["/v2/stocks/bars", "/v1beta1/news", "/v2/clock", "/v2/account", "/v2/orders", "/v2/assets"] {
        assert_eq!(status("GET", path, None), 401, "{path}");
        assert_eq!(status("GET", path, Some(&refused)), 403, "{path}");
        assert_eq!(status("GET", path, Some(&empty)), 403, "{path}");
        assert_eq!(status("GET", path, Some(&credentials())), 200, "{path}");
    }
    assert_eq!(status("GET", "/v1beta3/crypto/us/bars", Some(&refused)), 403);
    assert_eq!(status("GET", "/v2/nothing", Some(&credentials())), 404);
    assert_eq!(status("POST", "/v2/clock", Some(&credentials())), 405);
    assert_eq!(status("POST", "/v2/orders", Some(&credentials())), 403);
}

#[test]
fn news_pages_put_together_are_the_whole() {
    let feed = feed();
    let all = |query: &[(&str, &str)], limit: usize| {
        let limit = limit.to_string();
        let mut out: Vec<Value> = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let mut query = query.to_vec();
            query.push(("limit", &limit));
            if let Some(token) = &token {
                query.push(("page_token", token));
            }
            let page = get(&feed, "/v1beta1/news", &query);
            out.extend(page["news"].as_array().unwrap().iter().cloned());
            match page["next_page_token"].as_str() {
                Some(next) => token = Some(next.to_owned()),
                None => return out,
            }
        }
    };
    for query in
        [vec![], vec![("sort", "asc")], vec![("symbols", "BTC/USD")], vec![("exclude_contentless", "true")]]
    {
        let whole = all(&query, 50);
        for limit in [1, 7, 10, 30, 49] {
            assert_eq!(all(&query, limit), whole);
        }
    }
    let ids =
        |query: &[(&str, &str)]| all(query, 50).iter().map(|n| n["id"].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(ids(&[]), (0..60).rev().collect::<Vec<_>>());
    assert_eq!(ids(&[("symbols", "BTC/USD")]), (0..60).rev().filter(|n| n % 3 == 0).collect::<Vec<_>>());
    assert_eq!(ids(&[("symbols", "BTCUSD")]), ids(&[("symbols", "BTC/USD")]));
    // Both ends belong to a span, so that a page may begin where the one before has ended.
    let about = |end| ids(&[("symbols", "BTCUSD"), ("end", end)]);
    assert_eq!(about("2013-10-07T12:28:00Z")[..2], [57, 54]);
    assert_eq!(about("2013-10-07T12:27:59Z")[..2], [54, 51]);
    assert_eq!(ids(&[("start", "2013-10-07T12:29:00Z"), ("sort", "asc")]), [58, 59]);
    assert_eq!(ids(&[("end", "2013-10-06")]), Vec::<u64>::new());
    let first = &get(&feed, "/v1beta1/news", &[])["news"];
    assert_eq!(first.as_array().unwrap().len(), 10);
    assert_eq!(
        first[1],
        json!({"id":58,"headline":"h58","author":"a","created_at":"2013-10-07T12:29:00Z","updated_at":"2013-10-07T12:29:00Z",
            "summary":"s","content":"","images":[],"symbols":["IBM"],"source":"x","url":"https://example.com/58"})
    );
    let with = get(&feed, "/v1beta1/news", &[("include_content", "true")]);
    assert_eq!(with["news"][1]["content"], "<p>c</p>");
    for wrong in [("limit", "51"), ("limit", "0"), ("sort", "x"), ("page_token", "QUJD")] {
        assert_eq!(ask_as(&feed, "GET", "/v1beta1/news", &[wrong], Some(&credentials())).status, 400);
    }
}

#[test]
fn the_trading_api() {
    let feed = feed();
    assert_eq!(
        get(&feed, "/v2/clock", &[]),
        json!({"timestamp":"2013-10-07T13:40:00Z","is_open":true,"next_open":"2013-10-08T13:30:00Z","next_close":"2013-10-07T20:00:00Z"})
    );
    let symbols = |query: &[(&str, &str)]| -> Vec<String> {
        let list = get(&feed, "/v2/assets", query);
        list.as_array().unwrap().iter().map(|a| a["symbol"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(symbols(&[]), ["BTC/USD", "IBM"]);
    assert_eq!(symbols(&[("asset_class", "crypto"), ("status", "active")]), ["BTC/USD"]);
    assert_eq!(symbols(&[("status", "inactive")]), Vec::<String>::new());
    let asset = get(&feed, "/v2/assets/BTC%2FUSD", &[]);
    assert_eq!(
        (&asset["symbol"], &asset["class"], &asset["tradable"]),
        (&json!("BTC/USD"), &json!("crypto"), &json!(false))
    );
    assert_eq!(get(&feed, "/v2/assets/BTCUSD", &[]), asset);
    assert_eq!(get(&feed, &format!("/v2/assets/{}", asset["id"].as_str().unwrap()), &[]), asset);
    let missing = ask_as(&feed, "GET", "/v2/assets/NONE", &[], Some(&credentials()));
    assert_eq!(missing.status, 404);
    assert_eq!(serde_json::from_str::<Value>(&missing.body).unwrap()["code"], 40_410_000);

    let ids = |query: &[(&str, &str)]| -> Vec<String> {
        let list = get(&feed, "/v2/orders", query);
        list.as_array().unwrap().iter().map(|o| o["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&[]), ["three", "two"]);
    assert_eq!(ids(&[("status", "all"), ("direction", "asc")]), ["one", "two", "three"]);
    assert_eq!(ids(&[("status", "closed")]), ["one"]);
    assert_eq!(ids(&[("limit", "1")]), ["three"]);
    let status = |limit| ask_as(&feed, "GET", "/v2/orders", &[("limit", limit)], Some(&credentials())).status;
    assert_eq!((status("500"), status("501")), (200, 422));
    assert_eq!(ids(&[("symbols", "SPY")]), Vec::<String>::new());
    assert_eq!(ask_as(&feed, "GET", "/v2/orders", &[("status", "x")], Some(&credentials())).status, 422);
    assert_eq!(get(&feed, "/v2/orders", &[])[0]["qty"], "5");
    assert_eq!(get(&feed, "/v2/account", &[])["currency"], "USD");
    assert_eq!(get(&feed, "/v2/positions", &[]), json!([]));
}
