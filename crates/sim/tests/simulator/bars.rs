//! Minute bars, updated bars and daily bars are the sums of the trades sent, by the sale-condition
//! rules of the tapes, with corrections and cancellations taken in.

use std::collections::BTreeMap;

use wickwire_market::InstrumentClass;
use wickwire_market::calendar::{self, Session};
use wickwire_market::conditions::{Eligibility, Tape, Updates};
use wickwire_proto::message::{Bar, BarKind, Message, Trade};
use wickwire_sim::Venue;

use crate::{MINUTE, MONDAY_10, market, run};

/// What was traded, by symbol and minute, in order of arrival.
#[derive(Default)]
struct Tapes(BTreeMap<(String, i64), Vec<Trade<'static>>>);

impl Tapes {
    fn take(&mut self, trade: &Trade<'_>) {
        let key = (trade.symbol.to_string(), trade.time.nanos().div_euclid(MINUTE) * MINUTE);
        let Message::Trade(owned) = Message::Trade(trade.clone()).into_owned() else { return };
        self.0.entry(key).or_default().push(owned);
    }

    fn fix(
        &mut self,
        symbol: &str,
        exchange: Option<&str>,
        id: u64,
        change: impl Fn(&mut Vec<Trade<'static>>, usize),
    ) {
        let found = self.0.iter_mut().find_map(|((s, _), trades)| {
            let at = trades.iter().position(|t| t.id == Some(id) && t.exchange.as_deref() == exchange)?;
            (s == symbol).then_some((trades, at))
        });
        let (trades, at) = found.expect("a fix of a trade that was sent");
        change(trades, at);
    }

    fn bar(&self, class: InstrumentClass, symbol: &str, start: i64) -> Option<Bar<'static>> {
        let trades = self.0.get(&(symbol.to_owned(), start))?;
        let mut priced: Vec<&Trade<'_>> = Vec::new();
        let (mut volume, mut notional, mut count) = (0.0, 0.0, 0);
        for t in trades {
            let regular = calendar::session(t.time) == Session::Regular;
            let tape = Tape::of(class, t.tape.as_deref());
            let counts = Eligibility::of(tape, t.conditions.as_ref()).at(regular);
            if counts.has(Updates::VOLUME) {
                volume += t.size.to_f64();
                notional += t.size.to_f64() * t.price;
                count += 1;
            }
            if counts.has(Updates::LAST) {
                priced.push(t);
            }
        }
        priced.sort_by_key(|t| t.time);
        Some(Bar {
            symbol: symbol.to_owned().into(),
            open: priced.first()?.price,
            high: priced.iter().map(|t| t.price).fold(f64::MIN, f64::max),
            low: priced.iter().map(|t| t.price).fold(f64::MAX, f64::min),
            close: priced.last()?.price,
            volume: volume.into(),
            time: wickwire_proto::time::Timestamp(start),
            trade_count: Some(count),
            vwap: Some(notional / volume),
        })
    }
}

fn assert_equal(sent: &Bar<'_>, made: &Bar<'_>) {
    assert_eq!(
        (sent.time, sent.open, sent.high, sent.low, sent.close, sent.trade_count),
        (made.time, made.open, made.high, made.low, made.close, made.trade_count),
        "{sent:?} {made:?}"
    );
    let (sent_volume, made_volume) = (sent.volume.to_f64(), made.volume.to_f64());
    assert!((sent_volume - made_volume).abs() < 1e-6, "{sent_volume} {made_volume}");
    assert!((sent.vwap.unwrap() - made.vwap.unwrap()).abs() < 2e-6, "{sent:?} {made:?}");
}

#[test]
fn bars_are_the_sums_of_the_trades() {
    for (seed, rate, minutes) in [(20, 60.0, 60), (21, 1_500.0, 12)] {
        let mut tapes = Tapes::default();
        let mut last = BTreeMap::<(String, i64), Bar<'static>>::new();
        let (mut minute_bars, mut updated, mut fixes, mut without_trades) = (0, 0, 0, 0);
        run(&mut market(seed, rate, MONDAY_10), minutes, |venue, message| match message {
            Message::Trade(t) if venue != Venue::Options => tapes.take(t),
            Message::Correction(c) => {
                fixes += 1;
                tapes.fix(&c.symbol, c.exchange.as_deref(), c.original_id, |trades, at| {
                    let t = &mut trades[at];
                    assert_eq!((t.price, t.size), (c.original_price, c.original_size));
                    (t.price, t.size, t.id) = (c.corrected_price, c.corrected_size, Some(c.corrected_id));
                });
            }
            Message::CancelError(x) => {
                fixes += 1;
                tapes.fix(&x.symbol, x.exchange.as_deref(), x.id, |trades, at| {
                    let t = trades.remove(at);
                    assert_eq!((t.price, t.size), (x.price, x.size));
                });
            }
            Message::Bar(kind @ (BarKind::Minute | BarKind::Updated), bar) => {
                let class = if matches!(venue, Venue::Stocks | Venue::Test) {
                    InstrumentClass::Stock
                } else {
                    InstrumentClass::Crypto
                };
                if *kind == BarKind::Minute {
                    minute_bars += 1;
                } else {
                    updated += 1;
                    assert!(last.contains_key(&(bar.symbol.to_string(), bar.time.nanos())) || rate < 100.0);
                }
                match tapes.bar(class, &bar.symbol, bar.time.nanos()) {
                    Some(made) => assert_equal(bar, &made),
                    None => {
                        without_trades += 1;
                        assert_eq!(class, InstrumentClass::Crypto);
                        assert_eq!(
                            (bar.volume.to_f64(), bar.trade_count, bar.vwap),
                            (0.0, Some(0), Some(0.0))
                        );
                    }
                }
                let Message::Bar(_, owned) = message.clone().into_owned() else { return };
                last.insert((bar.symbol.to_string(), bar.time.nanos()), owned);
            }
            _ => {}
        });
        assert!(minute_bars > minutes * 10 && updated > 3 && fixes > 5, "{minute_bars} {updated} {fixes}");
        // Everything that changed later was told: the last word on each minute is right.
        let end = MONDAY_10.nanos() + (minutes - 2) * MINUTE;
        for ((symbol, start), trades) in tapes.0.iter().filter(|((_, start), _)| *start < end) {
            let class =
                if trades[0].tape.is_some() { InstrumentClass::Stock } else { InstrumentClass::Crypto };
            if let Some(made) = tapes.bar(class, symbol, *start) {
                assert_equal(&last[&(symbol.clone(), *start)], &made);
            }
        }
        assert!(rate > 100.0 || without_trades < minute_bars / 2, "{without_trades}");
    }
}

#[test]
fn the_day_grows_by_its_minutes() {
    let mut days = BTreeMap::<String, Bar<'static>>::new();
    let mut market = market(22, 200.0, MONDAY_10);
    let mut volume = BTreeMap::<String, f64>::new();
    run(&mut market, 10, |venue, message| {
        let Message::Bar(kind, bar) = message else { return };
        if venue == Venue::Test {
            return;
        }
        if *kind == BarKind::Daily {
            let Message::Bar(_, owned) = message.clone().into_owned() else { return };
            if let Some(before) = days.insert(bar.symbol.to_string(), owned) {
                assert_eq!((before.time, before.open), (bar.time, bar.open));
            }
            assert!(bar.low <= bar.close && bar.close <= bar.high);
        } else if *kind == BarKind::Minute {
            *volume.entry(bar.symbol.to_string()).or_default() += bar.volume.to_f64();
        }
    });
    assert_eq!(days.len(), 13);
    for (symbol, day) in &days {
        assert!(day.volume.to_f64() > volume[symbol], "{symbol}: the day includes the time before");
    }
}
