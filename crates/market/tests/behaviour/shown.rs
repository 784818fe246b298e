//! What is shown stays, what is not keeps less and goes when room is needed.

use wickwire_market::Timeframe::{Day1, Hour1, Min1, Min5, Sec1};
use wickwire_market::limits::{MAX_HIDDEN_WINDOW_MINUTES, MAX_NEWS};
use wickwire_market::news::NewsList;
use wickwire_market::{Bar, Limits, Seen, Store};
use wickwire_proto::message::{Message, News};
use wickwire_proto::time::Timestamp;

use crate::support::{Rng, at, minute_bar, quote, row, seconds, series, trade};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NAMES: [&str; 12] = ["A", "B", "C", "D", "E", "F", "G", "H", "BTC/USD", "ETH/USD", "BTC/USDT", "XYZ"];

fn start() -> Timestamp {
    at("2013-10-07T14:00:00Z")
}

fn page(from: i64, to: i64) -> Vec<Bar> {
    (from..to).map(|m| row(seconds(start(), 60.0 * m as f64), [1.0; 4], 10.0)).collect()
}

fn names(store: &Store) -> Vec<String> {
    store.instruments().map(|i| i.symbol().to_owned()).collect()
}

#[test]
fn the_least_recently_shown_makes_room_for_what_is_shown() {
    let mut store = Store::new(Limits { instruments: 3, ..Limits::default() });
    for symbol in ["A", "B", "C"] {
        store.set_shown(&[(symbol, Min1)]);
        store.apply(&quote(symbol, start(), 1.0, 2.0));
    }
    // A is shown again: B is the oldest now.
    store.set_shown(&[("A", Min1)]);
    store.apply(&quote("D", start(), 1.0, 2.0));
    assert_eq!(names(&store), ["A", "B", "C"], "D is not shown");
    store.set_shown(&[("D", Min1)]);
    assert_eq!(names(&store), ["A", "B", "C"], "nothing goes before there is something to keep");
    store.apply(&quote("D", start(), 1.0, 2.0));
    assert_eq!(names(&store), ["A", "C", "D"]);
    assert_eq!(store.instrument("D").unwrap().quote().unwrap().point.bid, Some(1.0));
    assert_eq!(store.instrument("B").map(|i| i.symbol()), None);
    for instrument in store.instruments() {
        assert_eq!(store.by_id(instrument.id()).unwrap().symbol(), instrument.symbol());
    }
    // History makes room too, and what was counted stays counted.
    let messages = store.quality().messages;
    store.set_shown(&[("BTCUSD", Min1)]);
    store.prepend_bars("BTC/USD", Min1, page(0, 3));
    assert_eq!(names(&store), ["A", "D", "BTC/USD"]);
    assert_eq!(store.quality().messages, messages);
}

#[test]
fn what_is_shown_never_goes() {
    let mut store = Store::new(Limits { instruments: 2, ..Limits::default() });
    store.set_shown(&[("A", Min1), ("B", Day1), ("C", Min1)]);
    for symbol in ["A", "B", "C"] {
        store.apply(&quote(symbol, start(), 1.0, 2.0));
    }
    assert_eq!(names(&store), ["A", "B"]);
    assert_eq!(store.quality().bad_symbol, 1);
}

#[test]
fn a_symbol_can_be_forgotten() {
    let mut store = Store::default();
    store.apply(&quote("BTC/USD", start(), 1.0, 2.0));
    store.apply(&quote("A", start(), 1.0, 2.0));
    assert!(store.forget("BTCUSD"));
    assert!(!store.forget("BTCUSD") && !store.forget("NONE"));
    assert_eq!(names(&store), ["A"]);
    store.apply(&quote("B", start(), 3.0, 4.0));
    assert_eq!(store.instrument("B").unwrap().quote().unwrap().point.bid, Some(3.0));
    assert_eq!(store.instrument("A").unwrap().quote().unwrap().point.bid, Some(1.0));
    assert_eq!(store.quality().messages, 3);
}

/// Against the plainest list of names, most recently shown last.
#[test]
fn whatever_is_visited_the_last_ones_are_kept() {
    for seed in 0..100 {
        let mut rng = Rng(seed);
        let room = 1 + rng.below(5);
        let mut store = Store::new(Limits { instruments: room, ..Limits::default() });
        let mut recent: Vec<&str> = Vec::new();
        for _ in 0..60 {
            let symbol = rng.pick(&NAMES);
            store.set_shown(&[(symbol, Min1)]);
            if rng.chance(30) {
                store.forget(symbol);
                recent.retain(|s| *s != symbol);
            }
            store.apply(&quote(symbol, start(), 1.0, 2.0));
            recent.retain(|s| *s != symbol);
            recent.push(symbol);
            let first = recent.len().saturating_sub(room);
            recent.drain(..first);
            let mut got = names(&store);
            let mut want: Vec<String> = recent.iter().map(|s| (*s).to_owned()).collect();
            got.sort();
            want.sort();
            assert_eq!(got, want, "seed {seed}");
            for symbol in &recent {
                assert_eq!(store.instrument(symbol).unwrap().symbol(), *symbol);
            }
        }
    }
}

#[test]
fn what_is_not_shown_keeps_less() {
    let limits = Limits { bars: 500, idle_bars: 100, hidden_bars: 10, ..Limits::default() };
    let mut store = Store::new(limits);
    store.set_shown(&[("A", Min1)]);
    store.prepend_bars("A", Min1, page(-400, 0));
    store.prepend_bars(
        "A",
        Day1,
        (0..200).map(|d| row(at("2013-01-01T05:00:00Z").plus_nanos(d * 86_400_000_000_000), [1.0; 4], 1.0)),
    );
    assert_eq!((series(&store, "A", Min1).len(), series(&store, "A", Day1).len()), (400, 100));
    let seen: Seen = series(&store, "A", Min1).seen();
    store.set_shown(&[("A", Hour1)]);
    assert_eq!(series(&store, "A", Min1).len(), 100);
    let changes = series(&store, "A", Min1).changes(&seen);
    assert_eq!((changes.rebuilt, changes.evicted, changes.changed.len()), (false, 300, 0));
    store.set_shown(&[("B", Min1)]);
    assert_eq!(series(&store, "A", Min1).len(), 10);
    // The newest stay, and shown again it may grow again.
    assert_eq!(series(&store, "A", Min1).last().unwrap().time, seconds(start(), -60.0));
    store.set_shown(&[("A", Min1)]);
    store.prepend_bars("A", Min1, page(-300, -10));
    assert_eq!(series(&store, "A", Min1).len(), 300);
    assert_eq!(series(&store, "A", Min5).volume().iter().sum::<f64>(), 3_000.0);
}

#[test]
fn longer_bars_keep_what_their_minutes_told_before_they_went() {
    let limits = Limits { bars: 500, idle_bars: 20, ..Limits::default() };
    let mut store = Store::new(limits);
    store.set_shown(&[("A", Min1)]);
    for minute in 0..60 {
        store.apply(&minute_bar("A", seconds(start(), 60.0 * f64::from(minute)), [1.0; 4], 10));
    }
    store.set_shown(&[("A", Hour1)]);
    assert_eq!(series(&store, "A", Min1).len(), 20);
    // A correction of a minute that is there: the hour cannot be made anew from a third of it.
    store.apply(&minute_bar("A", seconds(start(), 59.0 * 60.0), [1.0; 4], 30));
    assert_eq!(series(&store, "A", Hour1).last().unwrap().volume, 600.0);
    assert_eq!(series(&store, "A", Min5).last().unwrap().volume, 70.0);
}

#[test]
fn a_symbol_that_is_shown_again_at_once_goes_on() {
    let mut store = Store::default();
    let ibm = |second, id| Message::Trade(trade("IBM", seconds(start(), second), id, 10.0, 100.0));
    store.set_shown(&[("IBM", Sec1)]);
    store.apply(&ibm(1.0, 1));
    store.set_shown(&[("A", Sec1)]);
    store.apply(&ibm(2.0, 2)); // in flight when it was left
    store.set_shown(&[("IBM", Sec1)]);
    store.apply(&ibm(3.0, 3));
    store.apply(&ibm(1.0, 1));
    assert_eq!(series(&store, "IBM", Min1).volume(), [300.0]);
    assert_eq!(series(&store, "IBM", Sec1).len(), 3);
}

#[test]
fn trades_of_a_symbol_that_is_left_are_kept_for_few_minutes() {
    let mut store = Store::new(Limits::default());
    store.set_shown(&[("A", Min1)]);
    let sale = |minute: i64, id: u64| {
        Message::Trade(trade("A", seconds(start(), 60.0 * minute as f64 + 1.0), id, 1.0, 100.0))
    };
    for minute in 0..6 {
        store.apply(&sale(minute, minute as u64));
    }
    store.set_shown(&[("B", Min1)]);
    store.set_shown(&[("A", Min1)]);
    // A late trade joins a minute whose trades are there, and no other.
    for minute in 0..6 {
        store.apply(&sale(minute, 100 + minute as u64));
    }
    let joined = series(&store, "A", Min1).volume().iter().filter(|volume| **volume == 200.0).count();
    assert_eq!(joined as i64, MAX_HIDDEN_WINDOW_MINUTES);
}

fn article(id: u64, second: i64, symbols: &[&'static str]) -> News<'static> {
    let time = seconds(start(), second as f64);
    let symbols = symbols.iter().map(|symbol| (*symbol).into()).collect();
    News { id, created_at: time, updated_at: time, symbols, ..News::default() }
}

fn ids(list: &NewsList) -> Vec<u64> {
    list.iter().map(|article| article.id).collect()
}

#[test]
fn news_about_what_is_shown_and_all_news_leave_each_other_room() {
    let mut store = Store::new(Limits::default());
    store.apply(&Message::News(article(1, 1, &["BTCUSD", "IBM"])));
    store.apply(&Message::News(article(2, 2, &["IBM"])));
    assert!(store.shown_news().is_empty(), "nothing is shown");
    store.set_shown(&[("BTC/USD", Min1)]);
    assert_eq!(ids(store.shown_news()), [1]);
    // What comes about others pushes nothing of it out, nor does its history push out others.
    for n in 0..2 * MAX_NEWS {
        store.apply(&Message::News(article(1_000 + n as u64, 10 + n as i64, &["XYZ"])));
    }
    let all = ids(store.news());
    assert!(all.len() == MAX_NEWS && !all.contains(&1));
    let revision = store.news().revision();
    for n in 0..2 * MAX_NEWS {
        store.load_shown_news(&article(5_000 + n as u64, -(n as i64), &["BTCUSD"]));
    }
    assert_eq!((store.news().revision(), store.news().len()), (revision, MAX_NEWS));
    let shown = ids(store.shown_news());
    assert!(shown.len() == MAX_NEWS && shown.starts_with(&[1, 5_000, 5_001]), "the oldest are not kept");
    // An article is in both lists, and stays about what it is about.
    store.apply(&Message::News(article(3, 5_000, &["ETHUSD", "BTCUSD"])));
    assert_eq!((ids(store.news())[0], ids(store.shown_news())[0]), (3, 3));
    store.apply(&Message::News(News {
        updated_at: seconds(start(), 6_000.0),
        ..article(3, 5_000, &["ETHUSD"])
    }));
    assert!(!store.shown_news().get(3).unwrap().is_about("BTC/USD"));
    // Another timeframe is the same symbol; another symbol begins with what is known of it.
    let revision = store.shown_news().revision();
    store.set_shown(&[("BTCUSD", Hour1)]);
    assert_eq!(store.shown_news().revision(), revision);
    store.set_shown(&[("ETH/USD", Hour1)]);
    assert_eq!(ids(store.shown_news()), [3]);
    assert!(store.shown_news().revision() > revision);
}
