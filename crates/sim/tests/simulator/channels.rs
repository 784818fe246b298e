//! Every channel of every endpoint has something to say within an hour or so.

use std::collections::BTreeMap;

use wickwire_proto::channel::Channel;
use wickwire_proto::endpoint::Endpoint;
use wickwire_sim::{Feed, SimConfig, Venue};

use crate::{MONDAY_10, market, run};

fn endpoint(venue: Venue) -> Endpoint {
    Endpoint::ALL.into_iter().find(|e| venue.carries(*e)).unwrap()
}

#[test]
fn every_channel_occurs() {
    let mut market = market(1, SimConfig::USUAL_RATE, MONDAY_10);
    let mut seen = BTreeMap::<(Venue, Channel), u64>::new();
    let mut events = BTreeMap::<String, u64>::new();
    // Trades that are reported in the next minute are rare where trades are.
    let wanted: usize = Venue::ALL.into_iter().map(|venue| endpoint(venue).channels().len()).sum();
    let (least, most) = (MONDAY_10.plus_nanos(8 * crate::MINUTE), MONDAY_10.plus_nanos(90 * crate::MINUTE));
    while market.now() < least || (seen.len() < wanted && market.now() < most) {
        run(&mut market, 1, |venue, message| {
            *seen.entry((venue, message.channel().unwrap())).or_default() += 1;
        });
        market.drain_trade_updates(&mut |u| *events.entry(u.event.clone()).or_default() += 1);
    }
    for venue in Venue::ALL {
        let endpoint = endpoint(venue);
        for channel in endpoint.channels() {
            assert!(seen.contains_key(&(venue, *channel)), "{venue:?} {channel:?}: {seen:?}");
        }
        for (of, channel) in seen.keys() {
            assert!(*of != venue || endpoint.channels().contains(channel), "{venue:?} {channel:?}");
        }
    }
    for event in ["new", "partial_fill", "fill", "canceled"] {
        assert!(events.contains_key(event), "{event}: {events:?}");
    }
}

#[test]
fn listings_name_what_is_sent() {
    let mut market = market(1, 500.0, MONDAY_10);
    let listed: BTreeMap<String, Venue> =
        market.listings().iter().map(|l| (l.symbol.to_string(), l.venue)).collect();
    assert_eq!(market.default_symbol(), Some("IBM"));
    assert!(market.listings().iter().filter(|l| l.venue == Venue::Stocks).count() >= 8);
    let mut seen = std::collections::BTreeSet::new();
    run(&mut market, 3, |venue, message| {
        if let Some(symbol) = message.symbol() {
            assert_eq!(listed.get(symbol), Some(&venue), "{symbol}");
            seen.insert(symbol.to_owned());
        }
    });
    assert_eq!(seen.len(), listed.len());
}

#[test]
fn pending_trade_updates_are_bounded() {
    let mut market = market(1, 1.0, MONDAY_10);
    run(&mut market, 240, |_, _| {});
    let mut count = 0;
    market.drain_trade_updates(&mut |_| count += 1);
    assert_eq!(count, 256);
}
