//! Indicators say what TA-Lib says, and what their definitions say where it is silent.

use wickwire_market::indicator::{BarInput, Calculator, NO_VALUES, Study, StudyKind, StudySpec, Values};
use wickwire_market::{Bar, InstrumentClass, Series};
use wickwire_proto::time::Timestamp;

use crate::support::{Rng, at, row};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Made by `tests/reference/make_reference.py`.
const REFERENCE: &str = include_str!("../reference/indicators.csv");

struct Table {
    names: Vec<&'static str>,
    columns: Vec<Vec<f64>>,
}

impl Table {
    fn read() -> Self {
        let mut lines = REFERENCE.lines();
        let names: Vec<&str> = lines.next().unwrap().split(',').collect();
        let mut columns = vec![Vec::new(); names.len()];
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), names.len());
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.push(if cell.is_empty() { f64::NAN } else { cell.parse().unwrap() });
            }
        }
        Self { names, columns }
    }

    fn column(&self, name: &str) -> &[f64] {
        &self.columns[self.names.iter().position(|n| *n == name).unwrap()]
    }

    fn series(&self) -> Series {
        let mut series = Series::new(1_000);
        let column = |name| self.column(name);
        for i in 0..column("time").len() {
            let ohlc = ["open", "high", "low", "close"].map(|name| column(name)[i]);
            let time = Timestamp::from_seconds(column("time")[i] as i64);
            let vwap = column("vwap")[i];
            let vwap = (!vwap.is_nan()).then_some(vwap);
            let delta = column("delta")[i];
            let delta = (!delta.is_nan()).then_some(delta);
            series.put(&Bar { vwap, delta, ..row(time, ohlc, column("volume")[i]) });
        }
        series
    }
}

/// `macd:12:26:9:1`: the kind, its parameters, the output.
fn parse(name: &str) -> (StudySpec, usize) {
    let mut parts = name.split(':');
    let kind = StudyKind::from_key(parts.next().unwrap()).unwrap();
    let mut numbers: Vec<f64> = parts.map(|part| part.parse().unwrap()).collect();
    let output = numbers.pop().unwrap() as usize;
    assert_eq!(numbers.len(), kind.params().len(), "{name}");
    let mut spec = StudySpec::new(kind);
    for (index, value) in numbers.into_iter().enumerate() {
        spec = spec.with(index, value);
        assert_eq!(spec.get(index), value, "{name}");
    }
    (spec, output)
}

#[test]
fn every_output_is_that_of_the_reference() {
    let table = Table::read();
    let series = table.series();
    let mut covered = Vec::new();
    for (name, want) in table.names.iter().zip(&table.columns).skip(8) {
        let (spec, output) = parse(name);
        let mut study = Study::new(spec, InstrumentClass::Stock);
        study.update(&series);
        assert_eq!(study.outputs().len(), spec.kind.outputs().len());
        let got = study.output(output);
        assert_eq!(got.len(), want.len());
        let mut defined = 0;
        for (bar, (got, want)) in got.iter().zip(want).enumerate() {
            assert_eq!(got.is_nan(), want.is_nan(), "{name} at bar {bar}: {got}, not {want}");
            if !want.is_nan() {
                defined += 1;
                // Differences of averages come near 0, where their rounding is that of the prices.
                let tolerance = 1e-9 * want.abs().max(1e-3);
                assert!((got - want).abs() <= tolerance, "{name} at bar {bar}: {got}, not {want}");
            }
        }
        assert!(defined > 200, "{name}: {defined}");
        covered.push((spec.kind, output));
    }
    for kind in StudyKind::ALL {
        for output in 0..kind.outputs().len() {
            assert!(covered.contains(&(kind, output)), "{kind:?} {output} has no reference");
        }
    }
}

fn input(close: f64) -> BarInput {
    BarInput { time: 0, high: close, low: close, close, volume: 1.0, vwap: f64::NAN, delta: 1.0 }
}

fn calculator(kind: StudyKind, params: &[f64]) -> Calculator {
    let spec = params.iter().enumerate().fold(StudySpec::new(kind), |spec, (i, p)| spec.with(i, *p));
    Calculator::new(&spec, InstrumentClass::Stock)
}

/// Equal, and NaN equals NaN.
fn same(a: &Values, b: &Values) -> bool {
    a.iter().zip(b).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
}

fn walk(rng: &mut Rng, close: &mut f64, index: i64) -> BarInput {
    let mut step = |size: usize| (rng.below(2 * size + 1) as f64 - size as f64) / 100.0;
    *close += step(50);
    let (up, down) = (step(30).abs(), step(30).abs());
    BarInput {
        time: 1_795_444_200_000_000_000 + index * 300_000_000_000,
        high: *close + up,
        low: *close - down,
        close: *close,
        volume: rng.below(1_000) as f64,
        vwap: if rng.chance(50) { *close } else { f64::NAN },
        delta: if rng.chance(90) { rng.below(200) as f64 - 100.0 } else { f64::NAN },
    }
}

#[test]
fn ticks_of_the_last_bar_leave_no_trace() {
    for kind in StudyKind::ALL {
        let mut rng = Rng(kind as u64);
        let (mut once, mut often) = (calculator(kind, &[5.0]), calculator(kind, &[5.0]));
        let mut close = 100.0;
        for index in 0..200 {
            let bar = walk(&mut rng, &mut close, index);
            let want = once.push(&bar);
            let mut wild = 1.0;
            often.push(&walk(&mut rng, &mut wild, index));
            for _ in 0..rng.below(4) {
                often.replace_last(&walk(&mut rng, &mut wild, index));
            }
            let got = often.replace_last(&bar);
            assert!(same(&got, &want), "{kind:?} at bar {index}: {got:?}, not {want:?}");
        }
        // The first bar may come by either.
        let bar = walk(&mut rng, &mut close, 0);
        assert!(same(&calculator(kind, &[1.0]).push(&bar), &calculator(kind, &[1.0]).replace_last(&bar)));
    }
}

#[test]
fn a_bar_without_prices_has_no_values_and_leaves_no_trace() {
    for kind in StudyKind::ALL {
        let mut rng = Rng(kind as u64);
        let (mut plain, mut holed) = (calculator(kind, &[4.0]), calculator(kind, &[4.0]));
        let mut close = 100.0;
        for index in 0..100 {
            let bar = walk(&mut rng, &mut close, index);
            let mut none = bar;
            match rng.below(4) {
                0 => none.close = f64::NAN,
                1 => none.high = f64::NAN,
                2 => none.low = f64::INFINITY,
                _ => (none.high, none.low, none.close) = (f64::NAN, f64::NAN, f64::NAN),
            }
            if rng.chance(30) {
                assert!(same(&holed.push(&none), &NO_VALUES), "{kind:?}");
            }
            assert!(same(&plain.push(&bar), &holed.push(&bar)), "{kind:?} at bar {index}");
        }
    }
}

#[test]
fn what_is_not_defined_is_no_number() {
    let mut rsi = calculator(StudyKind::Rsi, &[2.0]);
    let mut stochastic = calculator(StudyKind::Stochastic, &[2.0, 2.0, 1.0]);
    let mut adx = calculator(StudyKind::Adx, &[2.0]);
    for _ in 0..10 {
        for calculator in [&mut rsi, &mut stochastic, &mut adx] {
            assert!(same(&calculator.push(&input(7.0)), &NO_VALUES));
        }
    }
    assert_eq!(rsi.push(&input(8.0))[0], 100.0);
    assert_eq!(rsi.replace_last(&input(6.0))[0], 0.0);
    // The two places that there are: at the high of 7 to 8, at the low of 6 to 8.
    assert!(stochastic.push(&input(8.0))[0].is_nan());
    assert_eq!(stochastic.push(&input(6.0))[0], 50.0);
    // A range of one price between them has no place; the average still has both.
    assert!(stochastic.push(&input(6.0))[0].is_nan());
    assert_eq!(stochastic.push(&input(9.0))[0], 50.0);
}

#[test]
fn the_shortest_lengths_are_allowed() {
    let mut close = 50.0;
    let mut rng = Rng(1);
    let bars: Vec<BarInput> = (0..40).map(|index| walk(&mut rng, &mut close, index)).collect();
    for kind in StudyKind::ALL {
        let mut calculator = calculator(kind, &[1.0, 1.0, 1.0]);
        let values: Vec<Values> = bars.iter().map(|bar| calculator.push(bar)).collect();
        let used = kind.outputs().len();
        assert!(values.iter().filter(|v| v[..used].iter().all(|x| x.is_finite())).count() > 30, "{kind:?}");
        assert!(values.iter().all(|v| v[used..].iter().all(|x| x.is_nan())), "{kind:?}");
        if matches!(kind, StudyKind::Sma | StudyKind::Ema | StudyKind::Wma) {
            assert!(values.iter().zip(&bars).all(|(v, bar)| v[0] == bar.close));
        }
    }
}

#[test]
fn the_order_of_both_lengths_of_macd_does_not_matter() {
    let mut rng = Rng(3);
    let mut close = 50.0;
    let (mut one, mut other) =
        (calculator(StudyKind::Macd, &[3.0, 7.0, 2.0]), calculator(StudyKind::Macd, &[7.0, 3.0, 2.0]));
    for index in 0..50 {
        let bar = walk(&mut rng, &mut close, index);
        assert!(same(&one.push(&bar), &other.push(&bar)));
    }
}

fn vwap_of(class: InstrumentClass, bars: &[(&str, f64, Option<f64>, f64)]) -> Vec<f64> {
    let mut series = Series::new(100);
    for (time, price, vwap, volume) in bars {
        let ohlc = [*price, price + 2.0, price - 1.0, price + 2.0];
        series.put(&Bar { vwap: *vwap, ..row(at(time), ohlc, *volume) });
    }
    let mut study = Study::new(StudySpec::new(StudyKind::Vwap), class);
    study.update(&series);
    study.output(0).to_vec()
}

#[test]
fn vwap_begins_anew_with_the_date_of_the_market() {
    let bars = [
        ("2026-10-31T03:59:00Z", 10.0, None, 1.0),
        ("2026-10-31T23:59:00Z", 20.0, None, 1.0),
        ("2026-11-01T00:00:00Z", 30.0, None, 1.0),
        // New York's 1 November begins in summer time and has 25 hours.
        ("2026-11-01T04:00:00Z", 40.0, None, 1.0),
        ("2026-11-02T04:59:00Z", 50.0, None, 1.0),
        ("2026-11-02T05:00:00Z", 60.0, None, 1.0),
    ];
    // High, low and close of a bar of 10 have the mean 11.
    assert_eq!(vwap_of(InstrumentClass::Stock, &bars), [11.0, 21.0, 26.0, 41.0, 46.0, 61.0]);
    assert_eq!(vwap_of(InstrumentClass::Option, &bars), [11.0, 21.0, 26.0, 41.0, 46.0, 61.0]);
    assert_eq!(vwap_of(InstrumentClass::Crypto, &bars), [11.0, 16.0, 31.0, 36.0, 51.0, 56.0]);
}

#[test]
fn vwap_takes_what_is_known_of_a_bar() {
    let day = [
        ("2026-11-23T14:30:00Z", 10.0, None, 0.0),
        ("2026-11-23T14:31:00Z", 10.0, Some(12.0), 3.0),
        ("2026-11-23T14:32:00Z", 10.0, None, 1.0),
        ("2026-11-23T14:33:00Z", 99.0, None, 0.0),
    ];
    let got = vwap_of(InstrumentClass::Stock, &day);
    assert!(got[0].is_nan(), "nothing was traded yet");
    assert_eq!(got[1..], [12.0, 11.75, 11.75]);
    // Bars of a day are sessions of their own.
    let days = [("2026-11-20T05:00:00Z", 10.0, Some(10.5), 5.0), ("2026-11-23T05:00:00Z", 20.0, None, 7.0)];
    assert_eq!(vwap_of(InstrumentClass::Stock, &days), [10.5, 21.0]);
}

#[test]
fn cvd_goes_on_over_bars_of_which_nothing_is_known() {
    let mut cvd = calculator(StudyKind::Cvd, &[]);
    let mut got = [f64::NAN, 5.0, -2.0, f64::NAN, 4.0].map(|delta| {
        let bar = BarInput { delta, ..input(1.0) };
        cvd.push(&bar)[0]
    });
    assert!(got[0].is_nan() && got[3].is_nan());
    (got[0], got[3]) = (0.0, 0.0);
    assert_eq!(got, [0.0, 5.0, 3.0, 0.0, 7.0]);
}

/// The naive answer over the last closes, whose weights are given.
fn naive(closes: &[f64], length: usize, weight: impl Fn(usize) -> f64) -> f64 {
    let last = &closes[closes.len() - length..];
    let weights: f64 = (0..length).map(&weight).sum();
    last.iter().enumerate().map(|(i, close)| close * weight(i)).sum::<f64>() / weights
}

/// Long enough for the errors of running sums to show; too long for a browser's debug build.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_million_bars_bring_no_drift() {
    let mut rng = Rng(11);
    let mut sma = calculator(StudyKind::Sma, &[50.0]);
    let mut wma = calculator(StudyKind::Wma, &[20.0]);
    let mut bands = calculator(StudyKind::Bollinger, &[20.0, 1.0]);
    let mut closes = Vec::new();
    for index in 0..1_000_000_usize {
        // Around 0.0001 with a spike of a billion now and then: what a spike leaves in a running
        // sum is larger than the price.
        let spike = index % 50_000 == 49_000;
        let close = if spike { 1e9 } else { 1e-4 * (1.0 + rng.below(1_000) as f64 / 1_000.0) };
        closes.push(close);
        let bar = input(close);
        let got = [sma.push(&bar), wma.push(&bar), bands.push(&bar)];
        if index % 997 == 0 && index > 100 {
            let mean = naive(&closes, 20, |_| 1.0);
            let squares = closes[closes.len() - 20..].iter().map(|c| (c - mean) * (c - mean)).sum::<f64>();
            for (got, want) in [
                (got[0][0], naive(&closes, 50, |_| 1.0)),
                (got[1][0], naive(&closes, 20, |i| i as f64 + 1.0)),
                (got[2][1], mean),
                (got[2][0], mean + (squares / 20.0).sqrt()),
            ] {
                assert!((got - want).abs() <= 1e-9 * want, "{got}, not {want}, at bar {index}");
            }
        }
    }
}
