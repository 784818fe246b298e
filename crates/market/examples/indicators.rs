//! What an indicator costs, in nanoseconds: a tick, a new bar, a correction of the bar before, all
//! bars anew, a page of history in front.
//!
//! `cargo run --profile server -p wickwire-market --example indicators`
#![allow(clippy::print_stdout, missing_docs)]

use std::hint::black_box;
use std::time::Instant;

use wickwire_market::indicator::{BarInput, Calculator, Study, StudyKind, StudySpec};
use wickwire_market::{Bar, InstrumentClass, Series};
use wickwire_proto::time::Timestamp;

const CLASS: InstrumentClass = InstrumentClass::Stock;
const LOADED: [usize; 2] = [1_000, 100_000];
/// Bars in a page of history.
const PAGE: usize = 2_000;
/// 2026-11-23 14:30 UTC: New York's opening.
const START: i64 = 1_795_444_200;

fn bar(minute: usize, tick: usize) -> Bar {
    let close = 180.0 + (minute * 7 % 100 + tick * 13 % 10) as f64 / 100.0;
    Bar {
        time: Timestamp::from_seconds(START + minute as i64 * 60),
        open: 180.0,
        high: close + (minute % 11) as f64 / 100.0,
        low: close - (minute % 13) as f64 / 100.0,
        close,
        volume: 1_000.0 + tick as f64,
        vwap: Some(close - 0.01),
        ..Bar::default()
    }
}

fn input(bar: &Bar) -> BarInput {
    BarInput {
        time: bar.time.0,
        high: bar.high,
        low: bar.low,
        close: bar.close,
        volume: bar.volume,
        vwap: bar.vwap.unwrap_or(f64::NAN),
        delta: bar.volume - 1_000.0,
    }
}

/// The best of five, per step.
fn best(steps: usize, mut run: impl FnMut(usize)) -> f64 {
    let mut best = f64::MAX;
    for round in 0..5 {
        let start = Instant::now();
        for step in round * steps..(round + 1) * steps {
            run(step);
        }
        best = best.min(start.elapsed().as_nanos() as f64 / steps as f64);
    }
    best
}

fn main() {
    const STEPS: usize = 20_000;
    println!(
        "best of 5, ns; calculator: a bar that is at hand; study: over a series, the series' part taken off"
    );
    println!(
        "{:<14} {:>7} | {:>8} {:>8} | {:>8} {:>8} {:>10} | {:>10} {:>10}",
        "indicator", "loaded", "replace", "push", "tick", "append", "correction", "anew, /bar", "page, us"
    );
    for kind in StudyKind::ALL {
        let spec = StudySpec::new(kind);
        for loaded in LOADED {
            let mut calculator = Calculator::new(&spec, CLASS);
            for minute in 0..loaded {
                calculator.push(&input(&bar(minute, 0)));
            }
            let ticks: Vec<BarInput> = (0..64).map(|tick| input(&bar(loaded, tick))).collect();
            let replace = best(STEPS, |step| {
                if let Some(bar) = ticks.get(step % ticks.len()) {
                    black_box(calculator.replace_last(black_box(bar)));
                }
            });
            let mut next = ticks.first().copied().unwrap_or(input(&bar(loaded, 0)));
            let push = best(STEPS, |step| {
                next.time += 60_000_000_000;
                next.close += if step % 2 == 0 { 0.01 } else { -0.01 };
                black_box(calculator.push(black_box(&next)));
            });

            let mut series = Series::new(2 * LOADED[1] + 10 * STEPS);
            let rows: Vec<Bar> = (0..loaded).map(|minute| bar(minute, 0)).collect();
            series.prepend(&rows);
            let mut study = Study::new(spec, CLASS);
            study.update(&series);
            let tick = best(STEPS, |step| {
                series.put(&bar(loaded - 1, step));
                black_box(study.update(&series));
            });
            let tick_alone = best(STEPS, |step| {
                black_box(series.put(&bar(loaded - 1, step + 1)));
            });
            study.update(&series);
            let correction = best(STEPS / 100, |step| {
                series.put(&bar(loaded - 2, step));
                black_box(study.update(&series));
            });
            let anew = best(1, |_| {
                study.reset();
                black_box(study.update(&series));
            }) / series.len() as f64;
            // The pages are of the minutes before, the series' part is no part of the figure.
            let mut first = START;
            let mut pages: Vec<f64> = Vec::new();
            for _ in 0..5 {
                first -= 60 * PAGE as i64;
                let page: Vec<Bar> = (0..PAGE)
                    .map(|minute| Bar {
                        time: Timestamp::from_seconds(first + minute as i64 * 60),
                        ..bar(minute, 0)
                    })
                    .collect();
                series.prepend(&page);
                let start = Instant::now();
                black_box(study.update(&series));
                pages.push(start.elapsed().as_secs_f64() * 1e6);
            }
            let page = pages.into_iter().fold(f64::MAX, f64::min);
            let append = best(STEPS, |step| {
                series.put(&bar(loaded + step, 0));
                black_box(study.update(&series));
            });
            let append_alone = best(STEPS, |step| {
                black_box(series.put(&bar(loaded + 5 * STEPS + step, 0)));
            });
            println!(
                "{:<14} {loaded:>7} | {replace:>8.1} {push:>8.1} | {:>8.1} {:>8.1} {correction:>10.0} | {anew:>10.1} {page:>10.0}",
                spec.label(),
                tick - tick_alone,
                append - append_alone,
            );
        }
    }
}
