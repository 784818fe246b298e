//! The same input in any order, repeated and late, gives the same state in every timeframe.

use wickwire_market::bucket::Buckets;
use wickwire_market::limits::MAX_WINDOW_MINUTES;
use wickwire_market::{Bar, InstrumentClass, Store, Timeframe};
use wickwire_proto::message::{BarKind, Message};
use wickwire_proto::time::Timestamp;

use crate::support::{Rng, at, bar, cancel, conditions, correct, quote, rows, seconds, store, trade};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // a few hundred of them
enum Input {
    Message(Message<'static>),
    History(Timeframe, Vec<Bar>),
}

const MINUTES: usize = MAX_WINDOW_MINUTES as usize;
const CODES: [&[&str]; 9] = [&[], &[" "], &["F"], &["I"], &["T"], &["4"], &["Z", "F"], &["M"], &["B"]];

fn price(rng: &mut Rng) -> f64 {
    (18_000 + rng.below(400)) as f64 / 100.0
}

fn any_bar(rng: &mut Rng, symbol: &'static str, time: Timestamp) -> wickwire_proto::message::Bar<'static> {
    let mut prices = [price(rng), price(rng), price(rng), price(rng)];
    prices.sort_by(f64::total_cmp);
    let [low, a, b, high] = prices;
    let (open, close) = if rng.chance(50) { (a, b) } else { (b, a) };
    let mut bar = bar(symbol, time, [open, high, low, close], rng.below(5_000) as u64);
    if rng.chance(50) {
        bar.trade_count = Some(rng.below(50) as u64);
        bar.vwap = Some(a);
    }
    bar
}

/// What a stream and REST could say of the minutes whose trades are kept.
fn inputs(rng: &mut Rng, symbol: &'static str, start: Timestamp, with_history: bool) -> Vec<Input> {
    let mut out = Vec::new();
    let minute = |m: usize| seconds(start, 60.0 * m as f64);
    for id in 0..150_u64 {
        let time = start.plus_nanos(rng.below(MINUTES * 60_000) as i64 * 1_000_000);
        // Equal times are common: recordings have milliseconds.
        let time = if rng.chance(30) { Timestamp(time.0 - time.0 % 10_000_000_000) } else { time };
        let size = if rng.chance(50) { rng.below(900) as f64 } else { rng.below(90_000) as f64 / 7.0 };
        let mut trade = trade(symbol, time, id, price(rng), size);
        trade.conditions = conditions(rng.pick(&CODES));
        trade.taker_side = rng.pick(&[Some("B"), Some("S"), Some("B"), Some("S"), None]).map(Into::into);
        out.push(Input::Message(Message::Trade(trade)));
    }
    let end = minute(MINUTES);
    for chain in 0..12_u64 {
        let id = rng.below(160) as u64;
        let time = seconds(start, 600.0 + chain as f64);
        let next = if rng.chance(30) { id } else { 10_000 + chain * 10 };
        out.push(Input::Message(correct(symbol, time, id, next, price(rng), rng.below(500) as f64)));
        if rng.chance(40) {
            let time = seconds(time, 1.0);
            out.push(Input::Message(correct(symbol, time, next, next + 1, price(rng), 77.5)));
        }
        if rng.chance(30) {
            out.push(Input::Message(cancel(symbol, end, rng.pick(&[id, next]))));
        }
    }
    for m in 0..MINUTES {
        for (percent, kind) in [(60, BarKind::Minute), (25, BarKind::Updated), (8, BarKind::Updated)] {
            if rng.chance(percent) {
                out.push(Input::Message(Message::Bar(kind, any_bar(rng, symbol, minute(m)))));
            }
        }
    }
    let day = wickwire_market::calendar::day_start(InstrumentClass::of(symbol), start);
    for days in 0..3 {
        for _ in 0..2 {
            if rng.chance(60) {
                // Crypto days have started at one midnight or another over the years.
                let hours = if symbol == "IBM" { 0 } else { rng.pick(&[0, 5, 6]) };
                let time = seconds(day, 3_600.0 * f64::from(hours - 24 * days));
                out.push(Input::Message(Message::Bar(BarKind::Daily, any_bar(rng, symbol, time))));
            }
        }
    }
    if with_history {
        for _ in 0..3 {
            let from = rng.below(MINUTES);
            let page = (from..MINUTES + 40 - rng.below(40))
                .map(|m| Bar::from(&any_bar(rng, symbol, seconds(start, 60.0 * (m as f64 - 40.0)))))
                .collect();
            out.push(Input::History(Timeframe::Min1, page));
            let timeframe = rng.pick(&[
                Timeframe::Min5,
                Timeframe::Min15,
                Timeframe::Hour1,
                Timeframe::Hour4,
                Timeframe::Day1,
                Timeframe::Week1,
                Timeframe::Month1,
            ]);
            let first = Buckets::new(InstrumentClass::of(symbol)).start_of(timeframe, start);
            let page = (0..rng.below(5))
                .map(|n| {
                    let time = first.plus_nanos((1 - n as i64) * timeframe.nanos());
                    Bar::from(&any_bar(rng, symbol, time))
                })
                .collect();
            out.push(Input::History(timeframe, page));
        }
    }
    out
}

type State = (Vec<Vec<Bar>>, Option<f64>, Option<wickwire_market::instrument::DayChange>);

/// Applies the inputs, with the same quotes before; bars of seconds are asked for before the input
/// with this number.
fn play(inputs: &[Input], symbol: &'static str, clock: Timestamp, seconds_from: usize) -> State {
    let mut store: Store = store();
    store.set_clock(clock);
    for (n, bid) in [(0, 181.0), (200, 0.0), (300, 181.5), (500, 180.5)] {
        let ask = if bid > 0.0 { bid + 0.5 } else { 181.0 };
        store.apply(&quote(symbol, seconds(clock, -3_600.0 + f64::from(n)), bid, ask));
    }
    for (n, input) in inputs.iter().enumerate() {
        if n == seconds_from {
            store.set_shown(&[(symbol, Timeframe::Sec1)]);
        }
        match input {
            Input::Message(message) => store.apply(message),
            Input::History(timeframe, bars) => store.prepend_bars(symbol, *timeframe, bars.iter().copied()),
        };
    }
    store.set_shown(&[(symbol, Timeframe::Sec1)]);
    let series = Timeframe::ALL.map(|t| rows(&store, symbol, t)).to_vec();
    for (series, timeframe) in series.iter().zip(Timeframe::ALL) {
        assert!(series.is_sorted_by(|a, b| a.time < b.time), "{timeframe:?}");
        assert!(series.iter().all(|b| b.low <= b.open.min(b.close) && b.high >= b.open.max(b.close)));
    }
    let instrument = store.instrument(symbol).unwrap();
    (series, instrument.last_trade().map(|t| t.price), instrument.day_change())
}

fn check(seed: u64, symbol: &'static str, start: Timestamp, with_history: bool) {
    let mut rng = Rng(seed);
    let base = inputs(&mut rng, symbol, start, with_history);
    let clock = seconds(start, 3_600.0);
    let want = play(&base, symbol, clock, 0);
    assert!(want.0[Timeframe::Sec1.index()].len() > 20);
    assert!(want.0[Timeframe::Sec1.index()].iter().any(|b| b.delta.is_some()));
    for permutation in 0..4 {
        let mut other = base.clone();
        for _ in 0..40 {
            let again = other[rng.below(other.len())].clone();
            other.push(again);
        }
        if permutation == 0 {
            other.reverse()
        } else {
            rng.shuffle(&mut other)
        }
        let got = play(&other, symbol, clock, rng.below(2 * other.len()));
        for (timeframe, (got, want)) in Timeframe::ALL.iter().zip(got.0.iter().zip(&want.0)) {
            let differs = got.iter().zip(want).find(|(a, b)| a != b);
            assert!(
                got == want,
                "{symbol} seed {seed} permutation {permutation} {timeframe:?}: {} against {} rows, {differs:#?}",
                got.len(),
                want.len()
            );
        }
        assert_eq!((got.1, got.2), (want.1, want.2), "{symbol} seed {seed}");
    }
}

const SEEDS: u64 = if cfg!(target_arch = "wasm32") { 40 } else { 300 };

#[test]
fn a_stock_across_the_opening() {
    for seed in 0..SEEDS {
        check(seed, "IBM", at("2013-10-07T13:26:00Z"), false);
    }
}

#[test]
fn a_stock_across_a_change_of_the_clock() {
    // The first Monday of summer time; days before it start an hour later in UTC.
    for seed in 0..SEEDS {
        check(seed, "IBM", at("2026-03-09T13:56:00Z"), false);
    }
}

#[test]
fn crypto_across_midnight() {
    for seed in 0..SEEDS {
        check(seed, "BTC/USD", at("2024-08-08T23:56:00Z"), false);
    }
}

#[test]
fn with_pages_of_history_in_between() {
    for seed in 0..SEEDS {
        check(seed, "IBM", at("2013-10-07T14:00:00Z"), true);
        check(seed, "BTC/USD", at("2024-08-08T23:56:00Z"), true);
    }
}
