//! Nothing grows without bound.

use crate::support::{at, drain, replay};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_proto::message::{Message, News, Trade};
use wickwire_proto::time::Timestamp;
use wickwire_sim::history::{MAX_NEWS, MAX_SYMBOLS};
use wickwire_sim::replay::{MAX_PENDING, MAX_REPORTED_LINES};
use wickwire_sim::rest::{Request, Source, respond};
use wickwire_sim::{History, ReplayConfig, Venue};

fn article(id: u64, second: i64, headline: &str) -> Message<'_> {
    let time = Timestamp::from_seconds(second);
    Message::News(News {
        id,
        headline: headline.into(),
        created_at: time,
        updated_at: time,
        ..News::default()
    })
}

#[test]
fn news_is_bounded_and_an_update_takes_the_place_of_its_article() {
    let mut history = History::new();
    for n in 0..MAX_NEWS as u64 + 50 {
        history.apply(Venue::News, &article(n, n as i64, "first"));
    }
    assert_eq!(history.news().count(), MAX_NEWS);
    assert_eq!(history.news().next().unwrap().id, 50);
    history.apply(Venue::News, &article(60, 1_000_000, "second"));
    history.apply(Venue::News, &article(60, 5, "stale"));
    assert_eq!(history.news().count(), MAX_NEWS);
    let last = history.news().next_back().unwrap();
    assert_eq!((last.id, last.headline.as_ref()), (60, "second"));
    assert_eq!(history.news().filter(|n| n.id == 60).count(), 1);
}

#[test]
fn symbols_beyond_the_limit_are_counted_and_not_kept() {
    let mut history = History::new();
    for n in 0..MAX_SYMBOLS + 7 {
        let trade = Trade { symbol: format!("S{n}").into(), ..Trade::default() };
        history.apply(Venue::Stocks, &Message::Trade(trade));
    }
    assert_eq!(history.symbols().count(), MAX_SYMBOLS);
    assert_eq!(history.ignored(), 7);
}

#[test]
fn bad_lines_are_all_counted_and_the_first_are_reported() {
    let text = "nonsense\n".repeat(MAX_REPORTED_LINES + 5)
        + r#"{"T":"t","S":"IBM","p":1,"s":1,"t":"2024-01-02T15:00:00Z"}"#;
    let feed = replay(&[&text], ReplayConfig::default());
    assert_eq!(feed.report().bad_lines, MAX_REPORTED_LINES as u64 + 5);
    assert_eq!(feed.report().lines.len(), MAX_REPORTED_LINES);
}

#[test]
fn bars_that_wait_are_bounded_and_none_is_lost() {
    let day = r#"{"T":"d","S":"IBM","o":1,"h":1,"l":1,"c":1,"v":1,"t":"2019-01-02T05:00:00Z"}"#;
    let count = MAX_PENDING + 10;
    let text = format!("{day}\n").repeat(count);
    let mut feed = replay(&[&text], ReplayConfig::default());
    assert_eq!(drain(&mut feed, Timestamp::MAX).len(), count);
}

#[test]
fn a_request_names_a_bounded_number_of_symbols() {
    let history = History::new();
    let source = Source { history: &history, listings: &[], now: at("2024-01-02T15:00:00Z"), orders: &[] };
    let status = |count: usize| {
        let symbols = (0..count).map(|n| format!("S{n}")).collect::<Vec<_>>().join(",");
        let query = [("symbols".to_owned(), symbols)];
        let credentials = crate::support::credentials();
        let path = "/v2/stocks/trades/latest";
        respond(&source, &Request { method: "GET", path, query: &query, credentials: Some(&credentials) })
            .status
    };
    assert_eq!((status(2_000), status(2_001)), (200, 400));
}
