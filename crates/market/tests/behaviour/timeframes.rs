//! Longer timeframes: sessions, New York's days, daylight saving, the server's own bars.

use wickwire_market::Timeframe::{Day1, Hour1, Hour4, Min1, Min5, Min15, Month1, Week1};
use wickwire_market::{BarFlags, Timeframe};
use wickwire_proto::message::{BarKind, Message};

use crate::support::{at, bar, last, minute_bar, row, rows, seconds, series, store, trade};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn buckets_hold_their_minutes() {
    let start = at("2013-10-07T13:58:00Z");
    let mut store = store();
    for minute in 0..8 {
        let price = 100.0 + f64::from(minute);
        let time = seconds(start, 60.0 * f64::from(minute));
        store.apply(&minute_bar("IBM", time, [price, price + 0.5, price - 0.5, price + 0.25], 10));
    }
    let times = |t| rows(&store, "IBM", t).iter().map(|b| b.time).collect::<Vec<_>>();
    assert_eq!(
        times(Min5),
        [at("2013-10-07T13:55:00Z"), at("2013-10-07T14:00:00Z"), at("2013-10-07T14:05:00Z")]
    );
    assert_eq!(times(Hour1), [at("2013-10-07T13:00:00Z"), at("2013-10-07T14:00:00Z")]);
    assert_eq!(times(Day1), [at("2013-10-07T04:00:00Z")]);
    let five = series(&store, "IBM", Min5).get(1).unwrap();
    assert_eq!(
        [five.open, five.high, five.low, five.close, five.volume],
        [102.0, 106.5, 101.5, 106.25, 50.0]
    );
    assert!(five.flags.has(BarFlags::AGGREGATED) && !five.flags.is_open());
}

#[test]
fn a_trade_moves_every_timeframe_at_once() {
    let start = at("2013-10-07T14:00:00Z");
    let mut store = store();
    store.apply(&minute_bar("IBM", start, [100.0, 101.0, 99.0, 100.0], 10));
    store.apply(&Message::Trade(trade("IBM", seconds(start, 61.0), 1, 105.0, 5.0)));
    store.apply(&Message::Trade(trade("IBM", seconds(start, 62.0), 2, 95.0, 5.0)));
    for timeframe in Timeframe::FROM_MINUTES.into_iter().chain(Timeframe::FROM_DAYS) {
        assert_eq!(last(&store, "IBM", timeframe), Some([100.0, 105.0, 95.0, 95.0, 20.0]), "{timeframe:?}");
        assert!(series(&store, "IBM", timeframe).last().unwrap().flags.has(BarFlags::PARTIAL));
    }
}

#[test]
fn a_stocks_day_holds_regular_hours_and_intraday_bars_hold_all() {
    let mut store = store();
    for (time, price) in [
        ("2013-10-07T13:29:00Z", 90.0),
        ("2013-10-07T13:30:00Z", 100.0),
        ("2013-10-07T19:59:00Z", 101.0),
        ("2013-10-07T20:00:00Z", 110.0),
    ] {
        store.apply(&minute_bar("IBM", at(time), [price; 4], 10));
    }
    assert_eq!(last(&store, "IBM", Day1), Some([100.0, 101.0, 100.0, 101.0, 20.0]));
    assert_eq!(series(&store, "IBM", Hour1).get(0).unwrap().volume, 20.0);
    assert_eq!(series(&store, "IBM", Min15).len(), 4);
}

#[test]
fn a_short_day_ends_at_one() {
    let mut store = store();
    for (time, price) in [("2026-11-27T17:59:00Z", 100.0), ("2026-11-27T18:00:00Z", 110.0)] {
        store.apply(&minute_bar("IBM", at(time), [price; 4], 10));
    }
    assert_eq!(last(&store, "IBM", Day1), Some([100.0, 100.0, 100.0, 100.0, 10.0]));
}

#[test]
fn days_keep_to_new_york_across_daylight_saving() {
    let mut store = store();
    for time in
        ["2026-03-06T14:30:00Z", "2026-03-09T13:30:00Z", "2026-10-30T13:30:00Z", "2026-11-02T14:30:00Z"]
    {
        store.apply(&minute_bar("IBM", at(time), [1.0; 4], 10));
        // A minute before, it is still closed on that side of the change.
        store.apply(&minute_bar("IBM", seconds(at(time), -60.0), [5.0; 4], 10));
    }
    let days: Vec<_> = rows(&store, "IBM", Day1).iter().map(|b| (b.time, b.high)).collect();
    assert_eq!(
        days,
        [
            (at("2026-03-06T05:00:00Z"), 1.0),
            (at("2026-03-09T04:00:00Z"), 1.0),
            (at("2026-10-30T04:00:00Z"), 1.0),
            (at("2026-11-02T05:00:00Z"), 1.0),
        ]
    );
}

#[test]
fn the_servers_day_replaces_the_one_from_minutes() {
    let mut store = store();
    let open = at("2013-10-07T13:30:00Z");
    let day = at("2013-10-07T04:00:00Z");
    let daily =
        |high, volume| Message::Bar(BarKind::Daily, bar("IBM", day, [99.0, high, 98.0, 99.5], volume));
    store.apply(&minute_bar("IBM", open, [100.0; 4], 10));
    store.apply(&daily(101.0, 500));
    assert_eq!(last(&store, "IBM", Day1), Some([99.0, 101.0, 98.0, 99.5, 500.0]));
    store.apply(&daily(102.0, 600));
    store.apply(&daily(101.0, 500));
    store.apply(&minute_bar("IBM", seconds(open, 60.0), [200.0; 4], 10));
    assert_eq!(last(&store, "IBM", Day1), Some([99.0, 102.0, 98.0, 99.5, 600.0]));
    assert_eq!(series(&store, "IBM", Day1).len(), 1);
}

#[test]
fn crypto_days_start_where_the_servers_do() {
    let mut store = store();
    store.apply(&minute_bar("BTC/USD", at("2021-12-03T05:59:00Z"), [1.0; 4], 1));
    store.apply(&minute_bar("BTC/USD", at("2021-12-03T06:00:00Z"), [2.0; 4], 1));
    assert_eq!(rows(&store, "BTC/USD", Day1).len(), 1);
    assert_eq!(last(&store, "BTC/USD", Day1), Some([1.0, 2.0, 1.0, 2.0, 2.0]));
    // The server's day starts at midnight US Central.
    let time = at("2021-12-03T06:00:00Z");
    store.apply(&Message::Bar(BarKind::Daily, bar("BTC/USD", time, [2.0, 3.0, 2.0, 3.0], 9)));
    let days: Vec<_> = rows(&store, "BTC/USD", Day1).iter().map(|b| (b.time, b.close)).collect();
    assert_eq!(days, [(at("2021-12-02T06:00:00Z"), 1.0), (time, 3.0)]);
}

#[test]
fn a_running_bucket_loaded_from_history_goes_on_with_live_minutes() {
    let mut store = store();
    let start = at("2013-10-07T14:00:00Z");
    store.set_clock(seconds(start, 600.0));
    store.prepend_bars("IBM", Hour1, [row(start, [100.0, 110.0, 90.0, 105.0], 1_000.0)]);
    store.apply(&minute_bar("IBM", seconds(start, 600.0), [106.0, 112.0, 106.0, 111.0], 10));
    assert_eq!(last(&store, "IBM", Hour1), Some([100.0, 112.0, 90.0, 111.0, 1_000.0]));
    assert!(series(&store, "IBM", Hour1).last().unwrap().flags.has(BarFlags::PARTIAL));
    // The minutes before make it exact.
    store.prepend_bars("IBM", Min1, [row(start, [100.0, 110.0, 90.0, 105.0], 1_200.0)]);
    assert_eq!(last(&store, "IBM", Hour1), Some([100.0, 112.0, 90.0, 111.0, 1_210.0]));
    assert!(!series(&store, "IBM", Hour1).last().unwrap().flags.has(BarFlags::PARTIAL));
}

#[test]
fn a_bucket_that_is_no_longer_the_newest_is_told_by_one_source_alone() {
    let start = at("2013-10-07T14:00:00Z");
    let late = minute_bar("IBM", seconds(start, 600.0), [106.0, 112.0, 106.0, 111.0], 10);
    let next = minute_bar("IBM", seconds(start, 3_600.0), [1.0; 4], 1);
    for order in [[&late, &next], [&next, &late]] {
        let mut store = store();
        store.set_clock(seconds(start, 7_200.0));
        store.prepend_bars("IBM", Hour1, [row(start, [100.0, 110.0, 90.0, 105.0], 1_000.0)]);
        order.into_iter().for_each(|m| {
            store.apply(m);
        });
        let hour = series(&store, "IBM", Hour1).get(0).unwrap();
        assert_eq!(
            [hour.open, hour.high, hour.low, hour.close, hour.volume],
            [100.0, 110.0, 90.0, 105.0, 1_000.0]
        );
        assert!(!hour.flags.has(BarFlags::PARTIAL));
    }
}

#[test]
fn the_change_of_the_day() {
    let mut store = store();
    assert_eq!(store.set_previous_close("IBM", 100.0), wickwire_market::Change::DAY);
    store.apply(&minute_bar("IBM", at("2013-10-07T13:30:00Z"), [104.0, 105.0, 104.0, 105.0], 10));
    let change = store.instrument("IBM").unwrap().day_change().unwrap();
    assert_eq!((change.previous_close, change.change, change.percent), (100.0, 5.0, 5.0));
    let friday = at("2013-10-04T04:00:00Z");
    store.prepend_bars("IBM", Day1, [row(friday, [1.0, 110.0, 1.0, 110.0], 9.0)]);
    let change = store.instrument("IBM").unwrap().day_change().unwrap();
    assert_eq!((change.previous_close, change.change), (110.0, -5.0));
}

#[test]
fn four_hours_follow_new_yorks_midnight_over_the_change_of_its_clock() {
    // Friday, Sunday (the clock goes forward), Monday; an hour's minutes apart.
    let mut store = store();
    for (time, price) in [
        ("2026-03-06T14:59:00Z", 1.0),
        ("2026-03-08T08:59:00Z", 2.0),
        ("2026-03-08T09:00:00Z", 3.0),
        ("2026-03-09T03:59:00Z", 4.0),
        ("2026-03-09T04:00:00Z", 5.0),
        ("2026-03-09T13:30:00Z", 6.0),
        ("2026-03-09T15:59:00Z", 7.0),
        ("2026-03-09T16:00:00Z", 8.0),
    ] {
        store.apply(&minute_bar("IBM", at(time), [price; 4], 10));
        store.apply(&minute_bar("BTC/USD", at(time), [price; 4], 10));
    }
    let bars = |symbol| -> Vec<_> {
        rows(&store, symbol, Hour4).iter().map(|b| (b.time, b.open, b.close, b.volume)).collect()
    };
    assert_eq!(
        bars("IBM"),
        [
            (at("2026-03-06T13:00:00Z"), 1.0, 1.0, 10.0),
            (at("2026-03-08T05:00:00Z"), 2.0, 2.0, 10.0),
            (at("2026-03-08T09:00:00Z"), 3.0, 3.0, 10.0),
            (at("2026-03-09T01:00:00Z"), 4.0, 4.0, 10.0),
            (at("2026-03-09T04:00:00Z"), 5.0, 5.0, 10.0),
            (at("2026-03-09T12:00:00Z"), 6.0, 7.0, 20.0),
            (at("2026-03-09T16:00:00Z"), 8.0, 8.0, 10.0),
        ]
    );
    assert_eq!(bars("BTC/USD").len(), 6);
    assert_eq!(bars("BTC/USD")[1], (at("2026-03-08T08:00:00Z"), 2.0, 3.0, 20.0));
}

#[test]
fn weeks_and_months_are_made_of_days() {
    let mut store = store();
    let day = |date: &str, price, volume| {
        let time = at(&format!("{date}Z"));
        Message::Bar(BarKind::Daily, bar("IBM", time, [price, price + 1.0, price - 1.0, price], volume))
    };
    // A Friday, the Monday after it, and that Thursday, the first of a month; the clock has changed.
    store.apply(&day("2013-10-25T04:00:00", 10.0, 100));
    store.apply(&day("2013-10-28T04:00:00", 20.0, 200));
    store.apply(&day("2013-11-01T04:00:00", 30.0, 300));
    store.apply(&day("2013-11-04T05:00:00", 40.0, 400));
    let bars = |store: &wickwire_market::Store, t| -> Vec<_> {
        rows(store, "IBM", t).iter().map(|b| (b.time, b.open, b.high, b.low, b.close, b.volume)).collect()
    };
    assert_eq!(
        bars(&store, Week1),
        [
            (at("2013-10-21T04:00:00Z"), 10.0, 11.0, 9.0, 10.0, 100.0),
            (at("2013-10-28T04:00:00Z"), 20.0, 31.0, 19.0, 30.0, 500.0),
            (at("2013-11-04T05:00:00Z"), 40.0, 41.0, 39.0, 40.0, 400.0),
        ]
    );
    assert_eq!(
        bars(&store, Month1),
        [
            (at("2013-10-01T04:00:00Z"), 10.0, 21.0, 9.0, 20.0, 300.0),
            (at("2013-11-01T04:00:00Z"), 30.0, 41.0, 29.0, 40.0, 700.0),
        ]
    );
    // The running day from minutes is in them too, until its bar comes.
    store.apply(&minute_bar("IBM", at("2013-11-05T14:30:00Z"), [50.0; 4], 7));
    assert_eq!(last(&store, "IBM", Week1), Some([40.0, 50.0, 39.0, 50.0, 407.0]));
    store.apply(&day("2013-11-05T05:00:00", 60.0, 70));
    assert_eq!(last(&store, "IBM", Week1), Some([40.0, 61.0, 39.0, 60.0, 470.0]));
    assert_eq!(last(&store, "IBM", Month1), Some([30.0, 61.0, 29.0, 60.0, 770.0]));
}

#[test]
fn weeks_and_months_of_history_are_weighed_like_other_bars() {
    let mut store = store();
    let week = at("2013-10-07T04:00:00Z");
    store.prepend_bars(
        "IBM",
        Week1,
        [row(week, [100.0, 110.0, 90.0, 105.0], 1_000.0), row(at("2013-09-30T04:00:00Z"), [1.0; 4], 5.0)],
    );
    let day = |date: &str, volume| {
        Message::Bar(
            BarKind::Daily,
            bar("IBM", at(&format!("{date}Z")), [106.0, 112.0, 106.0, 111.0], volume),
        )
    };
    // The newest goes on with what days say, marked; all of its days make it exact.
    store.apply(&day("2013-10-08T04:00:00", 10));
    assert_eq!(last(&store, "IBM", Week1), Some([100.0, 112.0, 90.0, 111.0, 1_000.0]));
    assert!(series(&store, "IBM", Week1).last().unwrap().flags.has(BarFlags::PARTIAL));
    store.apply(&day("2013-10-07T04:00:00", 1_200));
    assert_eq!(last(&store, "IBM", Week1), Some([106.0, 112.0, 106.0, 111.0, 1_210.0]));
    // Of one that is not the newest the fuller account holds.
    store.apply(&day("2013-10-01T04:00:00", 4));
    assert_eq!(series(&store, "IBM", Week1).get(0).unwrap().volume, 5.0);
    store.apply(&day("2013-10-02T04:00:00", 4));
    assert_eq!(series(&store, "IBM", Week1).get(0).unwrap().volume, 8.0);
}

#[test]
fn crypto_weeks_and_months_start_where_the_servers_days_do() {
    let mut store = store();
    // Monday 6 December 2021; days start at midnight US Central: 06:00 UTC.
    store.apply(&minute_bar("BTC/USD", at("2021-12-06T05:59:00Z"), [1.0; 4], 1));
    store.apply(&minute_bar("BTC/USD", at("2021-12-06T06:00:00Z"), [2.0; 4], 1));
    assert_eq!(rows(&store, "BTC/USD", Week1).len(), 1);
    let day = |time: &str, price| Message::Bar(BarKind::Daily, bar("BTC/USD", at(time), [price; 4], 10));
    store.apply(&day("2021-12-06T06:00:00Z", 3.0));
    let weeks: Vec<_> = rows(&store, "BTC/USD", Week1).iter().map(|b| (b.time, b.close)).collect();
    assert_eq!(weeks, [(at("2021-11-29T06:00:00Z"), 1.0), (at("2021-12-06T06:00:00Z"), 3.0)]);
    // In summer they start an hour earlier, and are in the week of their noon all the same.
    store.apply(&day("2021-10-04T05:00:00Z", 4.0));
    store.apply(&day("2021-10-10T05:00:00Z", 5.0));
    let week = series(&store, "BTC/USD", Week1).at(at("2021-10-04T06:00:00Z")).unwrap();
    assert_eq!((week.open, week.close, week.volume), (4.0, 5.0, 20.0));
    assert_eq!(series(&store, "BTC/USD", Month1).get(0).map(|b| b.time), Some(at("2021-10-01T06:00:00Z")));
    let end = store.instrument("BTC/USD").unwrap().bucket_end(Month1, at("2021-10-01T06:00:00Z"));
    assert_eq!(end, at("2021-11-01T06:00:00Z"));
    // A week that the server starts elsewhere covers the one made here.
    store.prepend_bars("BTC/USD", Week1, [row(at("2021-10-04T05:00:00Z"), [7.0; 4], 1.0)]);
    let october: Vec<_> = rows(&store, "BTC/USD", Week1).iter().take(2).map(|b| (b.time, b.close)).collect();
    assert_eq!(october, [(at("2021-10-04T05:00:00Z"), 7.0), (at("2021-11-29T06:00:00Z"), 1.0)]);
}
