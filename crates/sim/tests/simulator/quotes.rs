//! Quotes are never crossed or locked; trades take place at or inside the quote that holds, unless
//! they are taken back later.

use std::collections::{BTreeMap, BTreeSet};

use wickwire_proto::message::Message;
use wickwire_sim::Venue;

use crate::{MONDAY_10, market, run};

#[test]
fn trades_are_at_or_inside_the_quotes() {
    for (rate, minutes) in [(1.0, 30), (60.0, 30), (3_000.0, 5)] {
        let mut quotes = BTreeMap::<String, (f64, f64)>::new();
        let mut outside = BTreeSet::new();
        let mut fixed = BTreeSet::new();
        let mut trades = 0_u64;
        run(&mut market(11, rate, MONDAY_10), minutes, |venue, message| match message {
            Message::Quote(q) => {
                assert!(0.0 < q.bid_price && q.bid_price < q.ask_price, "{q:?}");
                assert!(q.bid_size.to_f64() > 0.0 && q.ask_size.to_f64() > 0.0, "{q:?}");
                quotes.insert(q.symbol.to_string(), (q.bid_price, q.ask_price));
            }
            Message::Trade(t) if venue != Venue::Test => {
                trades += 1;
                assert!(t.size.to_f64() > 0.0, "{t:?}");
                let (bid, ask) = quotes[t.symbol.as_ref()];
                if t.price < bid || t.price > ask {
                    outside.insert((t.exchange.clone().unwrap().to_string(), t.id.unwrap()));
                }
            }
            Message::Correction(c) => {
                fixed.insert((c.exchange.clone().unwrap().to_string(), c.original_id));
            }
            Message::CancelError(x) => {
                fixed.insert((x.exchange.clone().unwrap().to_string(), x.id));
            }
            _ => {}
        });
        assert!(trades > 10, "{trades}");
        // The last wrong prints may not have been found out yet.
        assert!(outside.difference(&fixed).count() <= 3, "{outside:?} {fixed:?}");
    }
}

#[test]
fn sizes_and_codes_fit() {
    let lots: BTreeMap<&str, u64> =
        [("AAPL", 100), ("MSFT", 40), ("TSLA", 40), ("SPY", 40), ("GME", 100)].into_iter().collect();
    let mut ids = BTreeSet::new();
    let (mut odd, mut late, mut newest) = (0, 0, i64::MIN);
    run(&mut market(12, 1_000.0, MONDAY_10), 5, |venue, message| {
        let time = message.time().unwrap();
        if let Message::Trade(t) = message {
            late += u32::from(time.nanos() < newest);
            newest = newest.max(time.nanos());
            assert!(
                t.id.is_none_or(|id| ids.insert((venue, t.exchange.clone().map(|x| x.to_string()), id))),
                "twice: {t:?}"
            );
            if venue == Venue::Stocks {
                let codes = &t.conditions.as_ref().unwrap().codes;
                let tape = t.tape.as_ref().unwrap().as_ref();
                assert!(["@", " ", "5", "O", "6"].contains(&codes[0].as_ref()), "{t:?}");
                assert!(codes[0] != "@" || tape == "C", "{t:?}");
                let is_odd = codes.iter().any(|c| c == "I");
                odd += u32::from(is_odd);
                if let Some(lot) = lots.get(t.symbol.as_ref()) {
                    assert_eq!(is_odd, t.size.as_u64().unwrap() < *lot, "{t:?}");
                }
                assert!(!codes.iter().any(|c| c == "T"), "regular hours: {t:?}");
            }
        } else if let Message::Quote(q) = message
            && let Some(lot) = lots.get(q.symbol.as_ref())
        {
            assert_eq!(q.bid_size.as_u64().unwrap() % lot, 0);
            assert_eq!(q.ask_size.as_u64().unwrap() % lot, 0);
            for price in [q.bid_price, q.ask_price] {
                assert!(((price * 100.0).round() - price * 100.0).abs() < 1e-6, "{price}");
            }
        }
    });
    assert!(odd > 1_000 && late > 50, "{odd} odd lots, {late} late prints");
}
