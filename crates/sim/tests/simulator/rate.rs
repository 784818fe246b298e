//! As many messages a second as were asked for, in bursts.

use wickwire_proto::time::NANOS_PER_SECOND;
use wickwire_sim::{Feed, simulator};

use crate::{MONDAY_10, market, run};

fn messages_in(rate: f64, minutes: i64) -> f64 {
    let mut market = market(2, rate, MONDAY_10);
    market.advance(MONDAY_10, &mut |_, _| {});
    let before = market.sent();
    run(&mut market, minutes, |_, _| {});
    (market.sent() - before) as f64
}

#[test]
fn the_rate_is_kept_over_a_minute() {
    for (rate, tolerance) in [(1.0, 0.45), (20.0, 0.15), (1_000.0, 0.05)] {
        let off = messages_in(rate, 1) / (rate * 60.0) - 1.0;
        assert!(off.abs() < tolerance, "{rate}: {off}");
    }
}

#[test]
fn the_slowest_rate_is_kept_over_ten_minutes() {
    let off = messages_in(1.0, 10) / 600.0 - 1.0;
    assert!(off.abs() < 0.15, "{off}");
}

/// Five seconds in a debug build; the whole minute is measured by the example `pace`.
#[test]
fn the_fastest_rate_is_kept() {
    let mut market = market(2, 100_000.0, MONDAY_10);
    market.advance(MONDAY_10.plus_nanos(2 * NANOS_PER_SECOND), &mut |_, _| {});
    let before = market.sent();
    market.advance(MONDAY_10.plus_nanos(7 * NANOS_PER_SECOND), &mut |_, _| {});
    let off = (market.sent() - before) as f64 / 500_000.0 - 1.0;
    assert!(off.abs() < 0.05, "{off}");
}

#[test]
fn rates_are_bounded() {
    let rate = |rate| market(1, rate, MONDAY_10).config().rate;
    assert_eq!(rate(0.0), simulator::MIN_RATE);
    assert_eq!(rate(1e9), simulator::MAX_RATE);
    assert_eq!(rate(f64::NAN), wickwire_sim::SimConfig::USUAL_RATE);
}

#[test]
fn messages_come_in_bursts() {
    let mut market = market(6, 100.0, MONDAY_10);
    let mut counts = vec![0.0_f64; 3_000];
    run(&mut market, 5, |_, message| {
        let slot = (message.time().unwrap().nanos() - MONDAY_10.nanos()) / (NANOS_PER_SECOND / 10);
        if let Some(count) = usize::try_from(slot).ok().and_then(|s| counts.get_mut(s)) {
            *count += 1.0;
        }
    });
    let mean = counts.iter().sum::<f64>() / counts.len() as f64;
    let variance = counts.iter().map(|c| (c - mean) * (c - mean)).sum::<f64>() / counts.len() as f64;
    assert!(variance / mean > 1.5, "independent arrivals have 1, these {}", variance / mean);
}
