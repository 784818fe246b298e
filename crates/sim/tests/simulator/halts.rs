//! One stock halts within minutes of the start, stays halted for five minutes and resumes.

use wickwire_proto::message::Message;
use wickwire_proto::time::NANOS_PER_SECOND;

use crate::{MINUTE, MONDAY_10, market, run};

#[test]
fn nothing_is_traded_in_a_halt() {
    for rate in [1.0, 500.0] {
        let mut halted: Option<i64> = None;
        let (mut halts, mut resumptions, mut imbalances) = (Vec::new(), Vec::new(), 0);
        let mut symbol = String::new();
        run(&mut market(3, rate, MONDAY_10), 45, |_, message| {
            let time = message.time().unwrap().nanos();
            match message {
                Message::Status(s) => {
                    symbol = s.symbol.to_string();
                    match s.status_code.as_ref() {
                        "2" => {
                            assert_eq!(s.reason_code, "M");
                            halted = Some(time);
                            halts.push(time);
                        }
                        "3" => {
                            let since = halted.take().unwrap();
                            assert_eq!(time - since, 300 * NANOS_PER_SECOND);
                            resumptions.push(time);
                        }
                        other => panic!("{other}"),
                    }
                }
                Message::Trade(t) if t.symbol == symbol.as_str() => {
                    assert!(halted.is_none(), "{t:?} in a halt");
                    assert!(resumptions.last().is_none_or(|r| time >= *r), "{t:?} for a time in a halt");
                }
                Message::Quote(q) if q.symbol == symbol.as_str() => assert!(halted.is_none(), "{q:?}"),
                Message::Imbalance(i) if halted.is_some() => {
                    assert_eq!(i.symbol, symbol.as_str());
                    imbalances += 1;
                }
                _ => {}
            }
        });
        assert!(halts.len() >= 3 && resumptions.len() >= 3, "{halts:?}");
        assert!(halts[0] - MONDAY_10.nanos() <= 3 * MINUTE);
        assert!(imbalances >= 60, "{imbalances}");
    }
}

#[test]
fn prices_stay_within_the_bands() {
    let mut bands = std::collections::BTreeMap::<String, (f64, f64)>::new();
    let mut touched = 0;
    run(&mut market(4, 500.0, MONDAY_10), 30, |_, message| match message {
        Message::Luld(l) => {
            assert!(l.limit_down < l.limit_up);
            bands.insert(l.symbol.to_string(), (l.limit_down, l.limit_up));
        }
        Message::Trade(t) if t.time.nanos() > MONDAY_10.nanos() => {
            if let Some((down, up)) = bands.get(t.symbol.as_ref()) {
                // A late report may be of a time before the band moved, never far.
                assert!(t.price >= down * 0.995 && t.price <= up * 1.005, "{t:?} {down} {up}");
                touched += u32::from(t.symbol == "GME" && (t.price == *up || t.price == *down));
            }
        }
        _ => {}
    });
    assert_eq!(bands.len(), 10);
    assert!(touched > 0, "never at the band");
}
