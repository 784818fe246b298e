//! Client against server over a simulated link, with faults drawn from a seed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bench.rs"]
mod common;
#[path = "support/link.rs"]
mod link;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::time::Duration;

use common::{Dice, ms, pairs, secs};
use link::{Fault, Link};
use wickwire_proto::channel::Channel::{Bars, Quotes, Trades};
use wickwire_proto::channel::Subscriptions;
use wickwire_proto::client::{Cause, State};

/// Seeds of the big sweeps. A seed can be given by hand: `WICKWIRE_SEED=123`.
const SEEDS: u64 = 3_000;
/// After the last fault: the longest pause, its connection, and the longest silence.
const CALM: Duration = Duration::from_secs(160);

fn seeds() -> Vec<u64> {
    match std::env::var("WICKWIRE_SEED").ok().and_then(|s| s.parse().ok()) {
        Some(seed) => vec![seed],
        None => (0..SEEDS).collect(),
    }
}

fn wish(dice: &mut Dice) -> Subscriptions {
    let mut wanted = pairs(&[(Trades, "AAPL")]);
    for _ in 0..dice.below(6) {
        wanted.insert(dice.pick(&[Trades, Quotes, Bars]), dice.pick(&["AAPL", "MSFT", "IBM", "BRK.B", "*"]));
    }
    wanted
}

fn fault(dice: &mut Dice) -> Fault {
    match dice.below(16) {
        0..=3 => Fault::Cut(dice.pick(&[
            None,
            Some(1000),
            Some(1001),
            Some(1006),
            Some(1011),
            Some(1012),
            Some(1013),
        ])),
        4 => Fault::HalfOpen,
        5 => Fault::Mute,
        6 => Fault::Refuse(dice.pick(&[None, Some(503)]), None),
        7 => Fault::Refuse(Some(429), Some(dice.between(secs(1), secs(20)))),
        8 => Fault::Blackhole,
        9 => Fault::Limited,
        10 => Fault::AcceptAndClose,
        11 => Fault::NoWelcome,
        12 => Fault::Loss(dice.below(40)),
        13 => Fault::Duplicates(dice.below(60)),
        14 => Fault::Slow(dice.between(ms(200), secs(3))),
        _ => dice.pick(&[
            Fault::Error(407),
            Fault::Error(500),
            Fault::Error(401),
            Fault::Error(404),
            Fault::Rubbish,
        ]),
    }
}

/// Two minutes of faults, then calm. Returns the attempts and the busiest minute.
fn scenario(seed: u64) -> (usize, usize) {
    let mut dice = Dice(seed.wrapping_mul(0x0005_DEEC_E66D).wrapping_add(11));
    let mut wanted = wish(&mut dice);
    let mut link = Link::new(seed, wanted.clone());
    assert!(!link.endpoint().is_options());
    let begin = link.now;
    link.start();
    let stormy = begin + secs(120);
    loop {
        let pause = dice.between(ms(10), secs(20));
        link.run((link.now + pause).min(stormy));
        if link.now >= stormy {
            break;
        }
        match dice.below(10) {
            0 => {
                wanted = wish(&mut dice);
                let wanted = wanted.clone();
                link.watch(|l| l.client.set_wanted(l.now, wanted));
            }
            1 => link.watch(|l| l.client.handle_online(l.now)),
            2 => {
                let expect = dice.percent(70);
                link.watch(|l| l.client.set_expect_data(l.now, expect));
            }
            3 => {
                link.watch(|l| l.client.stop(l.now));
                let pause = dice.between(ms(0), secs(5));
                link.run(link.now + pause);
                link.watch(|l| l.client.start(l.now));
            }
            _ => {
                let (what, length) = (fault(&mut dice), dice.between(ms(100), secs(40)));
                link.fault(what, (link.now + length).min(stormy));
            }
        }
    }
    link.watch(|l| l.client.set_expect_data(l.now, true));
    link.run(stormy + CALM);
    assert_eq!(*link.client.state(), State::Live, "when the faults stop, it recovers");
    assert!(!link.gap_is_open());
    assert_eq!(*link.client.confirmed(), wanted);
    assert!(link.server_has(&wanted), "both ends agree");
    link.assert_no_silent_gap();
    (link.attempts.len(), link.busiest(secs(60)))
}

#[test]
fn recovers_from_anything_that_stops() {
    let (mut most, mut busiest, mut total) = (0, 0, 0);
    for seed in seeds() {
        let result = std::panic::catch_unwind(|| scenario(seed));
        let Ok((attempts, minute)) = result else { panic!("seed {seed}: run it with WICKWIRE_SEED={seed}") };
        most = most.max(attempts);
        busiest = busiest.max(minute);
        total += attempts;
        assert!(minute <= 25, "seed {seed}: {minute} attempts in a minute");
    }
    println!("most attempts in 280 s: {most}, in one minute: {busiest}, all: {total}");
}

#[test]
fn wrong_keys_cost_exactly_one_attempt() {
    for seed in 0..SEEDS / 10 {
        let mut link = Link::new(seed, pairs(&[(Trades, "AAPL")]));
        link.refuse_key = true;
        link.start();
        link.run(link.now + secs(600));
        assert_eq!(link.attempts.len(), 1, "seed {seed}");
        assert!(matches!(link.client.state(), State::NeedsUser { cause: Cause::Code { code: 402, .. } }));
        link.refuse_key = false;
        let good = wickwire_proto::request::Credentials::new("good", "secret");
        link.watch(|l| l.client.set_credentials(l.now, good));
        link.run(link.now + secs(5));
        assert_eq!(*link.client.state(), State::Live);
    }
}

#[test]
fn a_connection_limit_of_90_s_costs_at_most_8_attempts() {
    for seed in 0..SEEDS / 10 {
        let mut link = Link::new(seed, pairs(&[(Trades, "AAPL")]));
        let free = link.now + secs(90);
        link.fault(Fault::Limited, free);
        link.start();
        link.run(free + secs(35));
        assert_eq!(*link.client.state(), State::Live, "seed {seed}");
        assert!(link.attempts.len() <= 8, "seed {seed}: {}", link.attempts.len());
    }
}

#[test]
fn back_in_two_seconds_after_a_clean_close() {
    let mut times = Vec::new();
    for seed in 0..SEEDS / 10 {
        let mut link = Link::new(seed, pairs(&[(Trades, "AAPL")]));
        link.start();
        link.run(link.now + secs(30));
        assert_eq!(*link.client.state(), State::Live);
        let cut = link.now;
        link.fault(Fault::Cut(Some(1012)), cut);
        loop {
            link.run(link.now + ms(5));
            if link.attempts.len() == 2 && *link.client.state() == State::Live {
                break;
            }
        }
        times.push(link.now - cut);
    }
    times.sort_unstable();
    let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("back after a clean close: median {median:?}, p99 {p99:?}");
    assert!(median <= secs(2) && p99 <= secs(5));
}

#[test]
fn a_half_open_connection_is_left_within_35_s() {
    for seed in 0..SEEDS / 10 {
        let mut link = Link::new(seed, pairs(&[(Trades, "AAPL")]));
        link.start();
        link.run(link.now + secs(30));
        let cut = link.now;
        link.fault(Fault::HalfOpen, cut);
        link.run(cut + secs(20));
        let seen = *link.client.state() != State::Live || link.attempts.len() > 1;
        assert!(seen, "seed {seed}: noticed within 20 s");
        link.run(cut + secs(35));
        assert_eq!(link.attempts.len(), 2, "seed {seed}");
        assert_eq!(*link.client.state(), State::Live);
        link.run(cut + secs(60));
        link.assert_no_silent_gap();
    }
}

#[test]
fn a_mute_server_is_left_within_65_s() {
    for seed in 0..SEEDS / 10 {
        let mut link = Link::new(seed, pairs(&[(Trades, "AAPL")]));
        link.start();
        link.run(link.now + secs(30));
        let mute = link.now;
        link.fault(Fault::Mute, mute + secs(65));
        // The last trade may still have been on its way.
        link.run(mute + ms(20_120));
        assert!(matches!(link.client.state(), State::Stale { .. }), "seed {seed}: {:?}", link.client.state());
        assert_eq!(link.attempts.len(), 1);
        link.run(mute + secs(65));
        assert_eq!(link.attempts.len(), 2, "seed {seed}");
        link.run(mute + secs(90));
        assert_eq!(*link.client.state(), State::Live);
        link.assert_no_silent_gap();
    }
}

#[test]
fn a_server_that_accepts_and_closes_makes_no_storm() {
    let mut total = 0;
    for seed in 0..SEEDS / 30 {
        let mut link = Link::new(seed, pairs(&[(Trades, "AAPL")]));
        let end = link.now + secs(600);
        link.fault(Fault::AcceptAndClose, end);
        link.start();
        link.run(end);
        assert!(link.attempts.len() <= 75, "seed {seed}: {}", link.attempts.len());
        total += link.attempts.len() as u64;
        link.run(end + secs(40));
        assert_eq!(*link.client.state(), State::Live);
    }
    println!("attempts in 10 minutes: {} on average", total / (SEEDS / 30));
    assert!(total / (SEEDS / 30) <= 55);
}
