//! Headlines: plainly simulated, numbered, now and then updated.

use std::collections::BTreeMap;

use wickwire_proto::message::Message;
use wickwire_sim::Feed;

use crate::{MONDAY_10, market, run};

#[test]
fn articles_are_updated_under_their_number() {
    let mut market = market(8, 1.0, MONDAY_10);
    let mut articles = BTreeMap::<u64, (i64, String)>::new();
    let (mut updates, mut headlines) = (0, std::collections::BTreeSet::new());
    let mut last = 0;
    run(&mut market, 40, |_, message| {
        let Message::News(n) = message else { return };
        assert_eq!(n.source, "Wickwire Wire (simulated)");
        assert!(n.url.starts_with("https://example.com/"), "{}", n.url);
        assert!(!n.headline.is_empty() && !n.summary.is_empty() && n.content.contains("simulation"));
        assert!(n.symbols.iter().all(|s| !s.contains('/')), "{:?}", n.symbols);
        match articles.insert(n.id, (n.updated_at.nanos(), n.headline.to_string())) {
            None => {
                assert!(n.id > last);
                last = n.id;
                assert_eq!(n.created_at, n.updated_at);
                headlines.insert(n.headline.to_string());
            }
            Some((before, _)) => {
                assert!(n.updated_at.nanos() > before && n.created_at < n.updated_at);
                updates += 1;
            }
        }
    });
    assert!(articles.len() > 50 && updates > 5, "{} {updates}", articles.len());
    assert!(headlines.len() * 10 > articles.len() * 6, "{} of {}", headlines.len(), articles.len());
    for (id, (updated, headline)) in articles {
        let kept = market.history().news().find(|n| n.id == id).unwrap();
        assert_eq!((kept.updated_at.nanos(), kept.headline.as_ref()), (updated, headline.as_str()));
    }
}
