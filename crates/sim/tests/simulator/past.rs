//! The past that a new market comes with, and the days that follow.

use wickwire_market::InstrumentClass;
use wickwire_market::calendar::{self, Session};
use wickwire_proto::message::{BarKind, Message};
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};
use wickwire_sim::{Feed, Venue};

use crate::{MINUTE, MONDAY_10, market, run};

#[test]
fn every_symbol_has_a_past() {
    let market = market(9, 60.0, MONDAY_10);
    let history = market.history();
    for listing in market.listings() {
        let Some(kept) = history.symbol(&listing.symbol) else {
            assert_eq!(listing.venue, Venue::Test, "{}", listing.symbol);
            continue;
        };
        assert!(kept.quote().is_some(), "{}", listing.symbol);
        if listing.venue == Venue::Options {
            continue;
        }
        let minutes: Vec<_> = kept.minutes().iter().collect();
        let days: Vec<_> = kept.days().iter().collect();
        assert!(minutes.len() > 1_500 && days.len() >= 250, "{}", listing.symbol);
        for bar in minutes.iter().chain(&days) {
            assert!(bar.low <= bar.open.min(bar.close) && bar.high >= bar.open.max(bar.close), "{bar:?}");
            assert!(bar.low > 0.0 && bar.trade_count.is_some() && bar.vwap.is_some());
        }
        let last = minutes.last().unwrap();
        assert_eq!(last.time.nanos() + MINUTE, MONDAY_10.nanos(), "{}", listing.symbol);
        // The simulation goes on where the past ends.
        let mid = kept.quote().map(|q| (q.bid_price + q.ask_price) / 2.0).unwrap();
        assert!((last.close / mid - 1.0).abs() < 0.004, "{}: {} {mid}", listing.symbol, last.close);
        if listing.venue == Venue::Stocks {
            for bar in minutes.iter().filter(|b| b.time.nanos() < MONDAY_10.nanos()) {
                assert_ne!(calendar::session(bar.time), Session::Closed, "{:?}", bar.time);
            }
            for day in &days {
                assert_eq!(calendar::day_start(InstrumentClass::Stock, day.time), day.time);
                assert!(calendar::trading_day(calendar::new_york(day.time).date).is_some(), "{:?}", day.time);
            }
        }
    }
    assert!(history.news().count() >= 10);
}

#[test]
fn a_market_runs_through_close_night_and_weekend() {
    // Friday 2026-11-20, 15:40 in New York, to Monday 09:45.
    let start = Timestamp(MONDAY_10.nanos() - (3 * 24 * 60 - 340) * MINUTE);
    let mut market = market(10, 2.0, start);
    let mut closing = 0;
    let (mut opening, mut days) = (0, std::collections::BTreeSet::new());
    let (mut form_t, mut before_auctions) = (0, 0);
    run(&mut market, (3 * 24 * 60 - 340) - 15, |venue, message| match message {
        Message::Trade(t) if venue == Venue::Stocks => {
            let regular = calendar::session(t.time) == Session::Regular;
            let codes = &t.conditions.as_ref().unwrap().codes;
            closing += u32::from(codes[0] == "6");
            opening += u32::from(codes[0] == "O");
            let extended = codes.iter().any(|c| c == "T");
            form_t += u32::from(extended);
            assert_eq!(extended, !regular && codes[0] != "6" && codes[0] != "5", "{t:?}");
        }
        Message::Imbalance(_) => before_auctions += 1,
        Message::Luld(l) => assert_eq!(calendar::session(l.time), Session::Regular, "{l:?}"),
        Message::Bar(BarKind::Daily, bar) if venue == Venue::Stocks => {
            assert_eq!(calendar::day_start(InstrumentClass::Stock, bar.time), bar.time);
            days.insert(bar.time);
        }
        Message::Bar(BarKind::Daily, bar) if venue == Venue::Crypto => {
            assert_eq!(bar.time.nanos() % (24 * 60 * MINUTE), 0);
        }
        _ => {}
    });
    assert!((9..=10).contains(&closing) && (9..=10).contains(&opening), "{closing} {opening}");
    assert!(form_t > 100 && before_auctions >= 2 * 9 * 30, "{form_t} {before_auctions}");
    assert_eq!(days.len(), 2, "only days with a session have a daily bar");
    assert_eq!(market.now().nanos() % NANOS_PER_SECOND, 0);
}
