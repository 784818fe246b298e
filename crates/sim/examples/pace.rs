//! What the simulated market costs: `cargo run --profile server -p wickwire-sim --example pace`.
//! Prints, for each rate, the messages of one minute of market time by venue and kind, and the time
//! that making them took.

use std::collections::BTreeMap;
use std::time::Instant;

use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};
use wickwire_sim::{Feed, SimConfig, Simulator, Venue};

fn main() {
    // 2026-11-23, 10:00 in New York.
    let start = Timestamp::from_seconds(1_795_446_000);
    for rate in [1.0, 60.0, 1_000.0, 100_000.0] {
        let begun = Instant::now();
        let mut market = Simulator::new(SimConfig { seed: 1, rate, start });
        let made = begun.elapsed();
        let mut counts = BTreeMap::<(Venue, &str), u64>::new();
        let begun = Instant::now();
        let (mut slowest, mut busiest) = (0.0_f64, 0);
        for _ in 0..60 {
            let (second, sent) = (Instant::now(), market.sent());
            market.advance(market.now().plus_nanos(NANOS_PER_SECOND), &mut |venue, message| {
                let kind = message.channel().map_or("", |c| c.key());
                *counts.entry((venue, kind)).or_default() += 1;
            });
            slowest = slowest.max(second.elapsed().as_secs_f64());
            busiest = busiest.max(market.sent() - sent);
        }
        let spent = begun.elapsed().as_secs_f64();
        let sent = market.sent();
        println!(
            "rate {rate}: {sent} messages in a minute ({:+.2} %), {:.2} million a second; \
             {:.2} % of a core; busiest second {busiest}, slowest {:.1} ms; setting up {:.1} ms",
            (sent as f64 / (rate * 60.0) - 1.0) * 100.0,
            sent as f64 / spent / 1e6,
            spent / 60.0 * 100.0,
            slowest * 1e3,
            made.as_secs_f64() * 1e3,
        );
        println!("  {counts:?}");
    }
}
