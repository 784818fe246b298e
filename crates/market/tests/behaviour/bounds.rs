//! Nothing grows without bound.

use wickwire_market::Timeframe::{Hour1, Min1};
use wickwire_market::conditions::{Eligibility, Updates};
use wickwire_market::limits::{
    MAX_AMENDMENTS, MAX_BARS, MAX_QUARANTINE, MAX_WINDOW_MINUTES, MAX_WINDOW_TRADES,
};
use wickwire_market::minute::{Print, Taken, Window};
use wickwire_market::{Limits, Store};
use wickwire_proto::message::Message;
use wickwire_proto::time::Timestamp;

use crate::support::{at, minute_bar, seconds, series, store, trade};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn print(time: Timestamp, id: u64) -> Print {
    let eligibility = Eligibility { regular: Updates::ALL, extended: Updates::ALL };
    Print { time, id: Some(id), exchange: 0, price: 1.0, size: 1.0, eligibility, regular_hours: true }
}

#[test]
fn bars_and_the_oldest_goes() {
    let mut store = Store::new(Limits { bars: 100, ..Limits::default() });
    let start = at("2013-10-07T00:00:00Z");
    for minute in 0..500 {
        store.apply(&minute_bar("IBM", seconds(start, 60.0 * f64::from(minute)), [1.0; 4], 1));
    }
    assert_eq!(series(&store, "IBM", Min1).len(), 100);
    assert_eq!(series(&store, "IBM", Min1).get(0).unwrap().time, seconds(start, 24_000.0));
    // Hours that lost their minutes keep what they had.
    assert_eq!(series(&store, "IBM", Hour1).get(0).unwrap().volume, 60.0);
    assert_eq!(series(&store, "IBM", Hour1).limit(), 100);
    assert_eq!(Store::default().quality().messages, 0);
    assert_eq!(Limits::default().bars, MAX_BARS);
}

#[test]
fn trades_of_too_many_minutes() {
    let start = at("2013-10-07T14:00:00Z");
    let mut window = Window::default();
    for minute in 0..100_i64 {
        window.take(print(seconds(start, 60.0 * minute as f64), 1));
    }
    assert_eq!(window.starts().count() as i64, MAX_WINDOW_MINUTES);
    assert_eq!(window.kept() as i64, MAX_WINDOW_MINUTES);
    let oldest = window.starts().next().unwrap();
    assert_eq!(window.take(print(oldest.plus_nanos(-1), 2)), Taken::Late);
    assert_eq!(window.take(print(oldest, 2)), Taken::Counted(oldest));
}

#[test]
fn room_for_trades_stands_still_once_as_many_minutes_as_are_kept_have_been_seen() {
    let start = at("2013-10-07T14:00:00Z");
    let mut window = Window::default();
    let (mut id, mut rooms) = (0, Vec::new());
    for minute in 0..40_i64 {
        // Up to a quarter more than at first, and bursts.
        let busy = if minute < MAX_WINDOW_MINUTES { 1_200 } else { 900 + 1_200 * (minute as u64 % 2) };
        for trade in 0..busy {
            id += 1;
            window.take(print(seconds(start, 60.0 * (minute as f64 + trade as f64 / busy as f64)), id));
        }
        rooms.push(window.room());
    }
    let settled = rooms[MAX_WINDOW_MINUTES as usize];
    assert!(rooms[MAX_WINDOW_MINUTES as usize..].iter().all(|room| *room == settled), "{rooms:?}");
    let kept = 1_200 * MAX_WINDOW_MINUTES as usize;
    assert!((kept..2 * kept).contains(&settled), "{settled} for {kept}");
}

#[test]
fn too_many_trades_freeze_the_oldest_minute() {
    let start = at("2013-10-07T14:00:00Z");
    let next = seconds(start, 60.0);
    let mut window = Window::default();
    for id in 0..100 {
        window.take(print(start, id));
    }
    for id in 0..MAX_WINDOW_TRADES as u64 {
        window.take(print(next, id));
        assert!(window.kept() <= MAX_WINDOW_TRADES);
    }
    assert_eq!(window.starts().collect::<Vec<_>>(), [next]);
    assert_eq!(window.take(print(start, 500)), Taken::Late);
    // One minute alone that has too many goes on without them.
    for id in 0..10 {
        window.take(print(next, 1_000_000 + id));
    }
    assert!(window.kept() <= MAX_WINDOW_TRADES);
    assert_eq!(window.bar(next).unwrap().count, Some(MAX_WINDOW_TRADES as u64 + 10));
    assert!(window.room() < MAX_WINDOW_TRADES + 512, "{}", window.room());
}

#[test]
fn corrections_of_nothing() {
    let start = at("2013-10-07T14:00:00Z");
    let mut window = Window::default();
    for id in 0..2 * MAX_AMENDMENTS as u64 {
        window.amend(1, id, seconds(start, id as f64 / 1_000.0), None);
    }
    assert_eq!(window.amendments(), MAX_AMENDMENTS);
    // With time the old ones go.
    window.take(print(seconds(start, 3_600.0), 1));
    assert_eq!(window.amendments(), 0);
}

#[test]
fn a_correction_that_names_itself_or_goes_in_circles_ends() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&Message::Trade(trade("IBM", start, 1, 5.0, 1.0)));
    for (from, to) in [(1, 2), (2, 3), (3, 1), (1, 1)] {
        store.apply(&crate::support::correct("IBM", start, from, to, 6.0, 1.0));
    }
    assert_eq!(series(&store, "IBM", Min1).close(), [6.0]);
}

#[test]
fn the_quarantine() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    for id in 0..1_000 {
        store.apply(&Message::Trade(trade("IBM", start, id, -1.0, 1.0)));
    }
    assert_eq!(store.quarantine().iter().len(), MAX_QUARANTINE);
}
