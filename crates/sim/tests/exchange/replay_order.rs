//! What a replay hands out, and when.

use crate::support::{at, drain, gzip, replay, short};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_proto::message::{BarKind, Message};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;
use wickwire_sim::{Error, Feed, Recording, Replay, ReplayConfig, Venue};

const TICKS: &str = r#"
{"T":"q","S":"IBM","bp":180.01,"bs":300,"ap":181.8,"as":3000,"t":"2013-10-07T13:30:00.5Z"}
{"T":"t","S":"IBM","i":1,"p":181,"s":100,"t":"2013-10-07T13:30:30Z"}
{"T":"t","S":"IBM","i":2,"p":182,"s":100,"t":"2013-10-07T13:31:00Z"}
{"T":"t","S":"IBM","i":3,"p":183,"s":100,"t":"2013-10-07T13:31:10Z"}
"#;
const BARS: &str = r#"{"T":"b","S":"IBM","o":180.5,"h":181,"l":180,"c":181,"v":22956,"t":"2013-10-07T13:29:00Z"}
{"T":"b","S":"IBM","o":181,"h":181,"l":181,"c":181,"v":100,"t":"2013-10-07T13:30:00Z"}
{"T":"b","S":"IBM","o":182,"h":183,"l":182,"c":183,"v":200,"t":"2013-10-07T13:31:00Z"}"#;

fn played(feed: &mut Replay) -> Vec<String> {
    drain(feed, Timestamp::MAX)
        .into_iter()
        .map(|(time, _, m)| format!("{} {}", &time.to_rfc3339()[11..19], short(&m)))
        .collect()
}

#[test]
fn a_recording_comes_back_as_it_was() {
    let text = TICKS.trim();
    let mut whole = Vec::new();
    for bytes in [text.as_bytes().to_vec(), gzip(text.as_bytes())] {
        let mut feed = Replay::new(vec![Recording::new("ticks", bytes)], ReplayConfig::default()).unwrap();
        let out = drain(&mut feed, Timestamp::MAX);
        assert!(out.iter().all(|(_, venue, _)| *venue == Venue::Stocks));
        whole.push(out);
    }
    assert_eq!(whole[0], whole[1]);
    let Message::Quote(quote) = &whole[0][0].2 else { panic!() };
    assert_eq!((quote.bid_price, quote.ask_size), (180.01, Number::Unsigned(3000)));
    assert_eq!(quote.time, at("2013-10-07T13:30:00.5Z"));
}

#[test]
fn files_are_merged_and_bars_come_when_their_minute_has_ended() {
    let expected = [
        "13:30:00 b IBM 13:29:00",
        "13:30:00 q IBM 13:30:00",
        "13:30:30 t IBM 13:30:30",
        "13:31:00 b IBM 13:30:00",
        "13:31:00 t IBM 13:31:00",
        "13:31:10 t IBM 13:31:10",
        "13:32:00 b IBM 13:31:00",
    ];
    for files in [[TICKS, BARS], [BARS, TICKS]] {
        let mut feed = replay(&files, ReplayConfig::default());
        assert_eq!(played(&mut feed), expected);
        assert!(feed.finished());
        assert_eq!(feed.now(), at("2013-10-07T13:32:00Z"));
        feed.advance(at("2020-01-01T00:00:00Z"), &mut |_, _| panic!("nothing is left"));
        assert_eq!(feed.now(), at("2013-10-07T13:32:00Z"), "the clock stays at the end");
    }
}

#[test]
fn the_size_of_steps_changes_nothing() {
    let whole = {
        let mut out = Vec::new();
        replay(&[TICKS, BARS], ReplayConfig::default())
            .advance(Timestamp::MAX, &mut |v, m| out.push((v, m.clone().into_owned())));
        out
    };
    let stepped: Vec<_> = drain(&mut replay(&[TICKS, BARS], ReplayConfig::default()), Timestamp::MAX);
    assert_eq!(whole, stepped.into_iter().map(|(_, v, m)| (v, m)).collect::<Vec<_>>());
}

#[test]
fn what_came_before_the_start_is_history_and_is_not_sent() {
    let config =
        ReplayConfig { from: Some(at("2013-10-07T13:31:00Z")), to: Some(at("2013-10-07T13:31:10Z")) };
    let mut feed = replay(&[TICKS, BARS], config);
    assert_eq!(feed.now(), at("2013-10-07T13:31:00Z"));
    let ibm = feed.history().symbol("IBM").unwrap();
    assert_eq!(ibm.minutes().rows().len(), 1);
    assert_eq!(ibm.trade().unwrap().id, Some(1));
    assert_eq!(ibm.quote().unwrap().bid_price, 180.01);
    assert_eq!(
        played(&mut feed),
        ["13:31:00 b IBM 13:30:00", "13:31:00 t IBM 13:31:00", "13:31:10 t IBM 13:31:10"]
    );
    assert_eq!(feed.history().symbol("IBM").unwrap().minutes().rows().len(), 2);
    assert_eq!(feed.history().symbol("IBM").unwrap().trade().unwrap().id, Some(3));
}

#[test]
fn crypto_bars_are_derived_from_recorded_trades() {
    let text = r#"{"T":"t","S":"BTC/USD","p":100,"s":0.5,"i":1,"tks":"B","t":"2024-08-08T23:58:59.9Z"}
{"T":"t","S":"BTC/USD","p":103,"s":0.25,"i":2,"tks":"S","t":"2024-08-08T23:59:00Z"}
{"T":"t","S":"BTC/USD","p":99,"s":0.25,"i":3,"tks":"S","t":"2024-08-08T23:59:59.999999999Z"}
{"T":"q","S":"BTC/USD","bp":98,"bs":1,"ap":99,"as":1,"t":"2024-08-09T00:05:00Z"}"#;
    let mut feed = replay(&[text], ReplayConfig::default());
    assert!(feed.report().derived.contains("BTC/USD"));
    let out = drain(&mut feed, Timestamp::MAX);
    let bars: Vec<_> = out.iter().filter(|(_, _, m)| matches!(m, Message::Bar(BarKind::Minute, _))).collect();
    assert_eq!(bars.len(), 2, "no trade, no bar");
    assert_eq!((bars[0].0, bars[0].1), (at("2024-08-08T23:59:00Z"), Venue::Crypto));
    let Message::Bar(_, bar) = &bars[1].2 else { panic!() };
    assert_eq!((bar.open, bar.high, bar.low, bar.close), (103.0, 103.0, 99.0, 99.0));
    assert_eq!((bar.volume, bar.trade_count, bar.vwap), (Number::from_f64(0.5), Some(2), Some(101.0)));
    assert_eq!(feed.history().symbol("BTC/USD").unwrap().minutes().rows().len(), 2);
}

#[test]
fn bars_are_not_derived_where_bars_were_recorded() {
    let feed = replay(&[TICKS, BARS], ReplayConfig::default());
    assert!(feed.report().derived.is_empty());
    let mut feed = replay(&[TICKS], ReplayConfig::default());
    assert!(feed.report().derived.contains("IBM"));
    assert_eq!(played(&mut feed).iter().filter(|l| l.contains(" b ")).count(), 2);
}

#[test]
fn hours_and_days_come_when_they_have_ended() {
    let hours = r#"{"T":"b","S":"IBM","o":1,"h":1,"l":1,"c":1,"v":1,"t":"2019-01-02T14:00:00Z"}
{"T":"b","S":"IBM","o":2,"h":2,"l":2,"c":2,"v":1,"t":"2019-01-02T15:00:00Z"}"#;
    let days = r#"{"T":"d","S":"IBM","o":1,"h":2,"l":1,"c":2,"v":2,"t":"2019-01-02T05:00:00Z"}
{"T":"d","S":"BTC/USD","o":1,"h":2,"l":1,"c":2,"v":2,"t":"2019-01-02T00:00:00Z"}"#;
    let mut feed = replay(&[hours, days], ReplayConfig::default());
    let out: Vec<_> =
        drain(&mut feed, Timestamp::MAX).into_iter().map(|(t, v, m)| (t, v, short(&m))).collect();
    assert_eq!(
        out,
        [
            (at("2019-01-02T15:00:00Z"), Venue::Stocks, "b IBM 14:00:00".to_owned()),
            (at("2019-01-02T16:00:00Z"), Venue::Stocks, "b IBM 15:00:00".to_owned()),
            (at("2019-01-03T00:00:00Z"), Venue::Crypto, "d BTC/USD 00:00:00".to_owned()),
            (at("2019-01-03T01:00:00Z"), Venue::Stocks, "d IBM 05:00:00".to_owned()),
        ]
    );
    let ibm = feed.history().symbol("IBM").unwrap();
    assert_eq!((ibm.hours().rows().len(), ibm.minutes().rows().len(), ibm.days().rows().len()), (2, 0, 1));
    // Where minutes were recorded too, an hour must not go out as if it were one.
    let minute = r#"{"T":"b","S":"IBM","o":2,"h":2,"l":2,"c":2,"v":1,"t":"2019-01-02T15:01:00Z"}"#;
    let mut feed = replay(&[hours, minute], ReplayConfig::default());
    assert_eq!(played(&mut feed), ["15:02:00 b IBM 15:01:00"]);
    assert_eq!(feed.history().symbol("IBM").unwrap().hours().rows().len(), 2);
}

#[test]
fn bad_lines_are_reported_and_nothing_else_is_lost() {
    let text = format!(
        "{}\nnonsense\n{{\"T\":\"t\",\"S\":\"IBM\"}}\n{{\"T\":\"zz\",\"S\":\"IBM\"}}\n{{\"T\":\"success\",\"msg\":\"connected\"}}\n\u{1}\n[{}]\n",
        BARS.lines().next().unwrap(),
        BARS.lines().skip(1).collect::<Vec<_>>().join(",")
    );
    let mut feed = replay(&[&text, TICKS], ReplayConfig::default());
    let report = feed.report();
    let lines: Vec<(&str, u64)> = report.lines.iter().map(|l| (l.file.as_str(), l.line)).collect();
    assert_eq!(lines, [("file0", 2), ("file0", 3), ("file0", 5), ("file0", 6)]);
    assert!(report.lines.iter().all(|l| !l.reason.is_empty()));
    assert_eq!((report.bad_lines, report.skipped, report.messages), (4, 1, 7));
    assert_eq!(played(&mut feed).len(), 7);
}

#[test]
fn lines_out_of_order_are_late_but_not_lost() {
    let mut lines: Vec<&str> = TICKS.trim().lines().collect();
    lines.reverse();
    let mut feed = replay(&[&lines.join("\n"), BARS], ReplayConfig::default());
    let out = drain(&mut feed, Timestamp::MAX);
    assert_eq!(out.len(), 7);
    assert!(out.is_sorted_by_key(|(time, _, _)| *time), "the clock never goes back");
}

#[test]
fn every_kind_goes_to_its_venue() {
    let text = r#"{"T":"t","S":"IBM","p":1,"s":1,"t":"2024-01-02T15:00:00Z"}
{"T":"t","S":"BTC/USD","p":1,"s":0.1,"t":"2024-01-02T15:00:00Z"}
{"T":"o","S":"BTC/USD","b":[],"a":[],"r":true,"t":"2024-01-02T15:00:00Z"}
{"T":"t","S":"AAPL240315C00172500","p":1,"s":1,"x":"C","c":"S","t":"2024-01-02T15:00:00Z"}
{"T":"t","S":"FAKEPACA","p":1,"s":1,"t":"2024-01-02T15:00:00Z"}
{"T":"n","id":1,"headline":"h","summary":"","author":"","created_at":"2024-01-02T15:00:00Z","updated_at":"2024-01-02T15:00:00Z","url":"","content":"","symbols":["IBM"],"source":"s"}"#;
    let mut feed = replay(&[text], ReplayConfig { from: None, to: Some(at("2024-01-02T15:00:00Z")) });
    let venues: Vec<Venue> = drain(&mut feed, Timestamp::MAX).into_iter().map(|(_, v, _)| v).collect();
    use Venue::{Crypto, News, Options, Stocks, Test};
    assert_eq!(venues, [Stocks, Crypto, Crypto, Options, Test, News]);
    assert_eq!(feed.history().news().count(), 1);
}

#[test]
fn what_cannot_be_played_says_why() {
    let make = |text: &str, config| Replay::new(vec![Recording::new("x", text.as_bytes().to_vec())], config);
    assert!(matches!(make("", ReplayConfig::default()), Err(Error::Empty { bad_lines: 0 })));
    assert!(matches!(make("nonsense\n", ReplayConfig::default()), Err(Error::Empty { bad_lines: 1 })));
    let late = ReplayConfig { from: Some(at("2014-01-01T00:00:00Z")), to: None };
    let error = make(BARS, late).unwrap_err();
    assert!(matches!(error, Error::EmptySpan { .. }));
    assert!(error.to_string().contains("2013-10-07T13:30:00Z"), "{error}");
    let turned =
        ReplayConfig { from: Some(at("2013-10-07T13:31:00Z")), to: Some(at("2013-10-07T13:30:00Z")) };
    assert!(matches!(make(BARS, turned), Err(Error::EmptySpan { .. })));
    let many = vec![Recording::new("x", Vec::new()); wickwire_sim::replay::MAX_RECORDINGS + 1];
    assert!(matches!(Replay::new(many, ReplayConfig::default()), Err(Error::TooManyRecordings { .. })));
    let broken = Replay::from_readers([("gone".to_owned(), Gone)], ReplayConfig::default());
    assert!(matches!(broken, Err(Error::Read { name, .. }) if name == "gone"));
}

struct Gone;

impl std::io::Read for Gone {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("gone"))
    }
}

#[test]
fn the_busiest_symbol_is_the_first() {
    let other = r#"{"T":"b","S":"SPY","o":1,"h":1,"l":1,"c":1,"v":1,"t":"2013-10-07T13:31:00Z"}"#;
    let feed = replay(&[other, TICKS], ReplayConfig::default());
    let symbols: Vec<&str> = feed.listings().iter().map(|l| l.symbol.as_ref()).collect();
    assert_eq!(symbols, ["IBM", "SPY"]);
    assert_eq!(feed.default_symbol(), Some("IBM"));
}
