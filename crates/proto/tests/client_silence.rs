//! The two silence clocks, gaps, backoff's reset and the user's will.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bench.rs"]
mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::{Bench, error, ms, pairs, secs, trade};
use wickwire_proto::channel::Channel::{Quotes, Trades};
use wickwire_proto::client::{Action, Cause, Event, Gap, State, Step};
use wickwire_proto::message::Message;
use wickwire_proto::request::Request;
use wickwire_proto::time::Timestamp;

const WANTED: [(wickwire_proto::channel::Channel, &str); 1] = [(Trades, "AAPL")];

fn is_stale(bench: &Bench) -> bool {
    matches!(bench.client.state(), State::Stale { .. })
}

#[test]
fn silence_is_shown_after_20_s_and_ends_the_connection_after_60_s() {
    let mut bench = Bench::live(&WANTED);
    bench.events();
    bench.hear(&[trade("AAPL", 1, secs(5))]);
    let last = bench.now;
    bench.pass(secs(20) - ms(1));
    assert_eq!(*bench.client.state(), State::Live);
    bench.pass(ms(1));
    assert_eq!(*bench.client.state(), State::Stale { since: last });
    assert_eq!(
        bench.requests(),
        [Request::Subscribe(pairs(&WANTED))],
        "the probe repeats what is subscribed"
    );
    bench.acknowledge(&WANTED);
    let gap = Gap { from: Some(Timestamp(5_000_000_000)), since: last, cause: Cause::Silent };
    assert_eq!(bench.events(), [Event::Gap(gap), Event::StateChanged]);
    // The server answers probes, and pings, and says nothing else: it is mute all the same.
    for _ in 0..400 {
        if is_stale(&bench) {
            bench.client.handle_bytes(bench.now);
            if !bench.actions().is_empty() {
                bench.acknowledge(&WANTED);
            }
            bench.pass(ms(100));
        }
    }
    assert_eq!(bench.now - last, secs(60));
    assert!(matches!(bench.client.state(), State::Backoff { cause: Cause::Silent, .. }));
    assert!(matches!(bench.actions()[..], [Action::Close { code: 1000, .. }]));
    assert_eq!(bench.events(), [Event::StateChanged], "the gap was open already");
    let pause = bench.pause();
    bench.pass(pause);
    bench.go_live();
    let away = bench.now - last;
    let events = bench.events();
    assert_eq!(events.last(), Some(&Event::Resumed { from: Some(Timestamp(5_000_000_000)), away }));
    assert_eq!(bench.client.stats().reconnects, 1);
}

#[test]
fn a_probe_without_an_answer_ends_the_connection_after_5_s() {
    let mut bench = Bench::live(&WANTED);
    bench.pass(secs(25) - ms(1));
    assert!(is_stale(&bench));
    bench.pass(ms(1));
    assert!(matches!(bench.client.state(), State::Backoff { cause: Cause::TimedOut(Step::Probe), .. }));
}

#[test]
fn data_ends_staleness_and_control_messages_do_not() {
    let mut bench = Bench::live(&WANTED);
    bench.pass(secs(20));
    assert!(is_stale(&bench));
    bench.acknowledge(&WANTED);
    bench.hear(&[error(403)]);
    bench.client.handle_bytes(bench.now);
    assert!(is_stale(&bench));
    bench.events();
    bench.hear(&[trade("AAPL", 1, secs(1))]);
    assert_eq!(*bench.client.state(), State::Live);
    let events = bench.events();
    assert!(matches!(events[..], [Event::StateChanged, Event::Resumed { away, .. }] if away == secs(20)));
    bench.actions();
    bench.pass(secs(19));
    assert_eq!(*bench.client.state(), State::Live);
}

#[test]
fn data_answers_a_probe_too() {
    let mut bench = Bench::live(&WANTED);
    bench.pass(secs(20));
    bench.hear(&[trade("AAPL", 1, secs(1))]);
    bench.actions();
    bench.pass(secs(10));
    assert_eq!(*bench.client.state(), State::Live, "no answer to the probe is needed any more");
}

#[test]
fn where_no_data_is_expected_silence_is_no_fault() {
    let mut bench = Bench::live(&WANTED);
    bench.client.set_expect_data(bench.now, false);
    bench.events();
    for _ in 0..50 {
        bench.pass(secs(20));
        assert_eq!(bench.requests().len(), 1, "a probe every 20 s");
        bench.acknowledge(&WANTED);
        assert_eq!(*bench.client.state(), State::Live);
    }
    assert_eq!(bench.events(), []);
    // The market opens: the clock starts now.
    bench.client.set_expect_data(bench.now, true);
    bench.pass(secs(20) - ms(1));
    assert_eq!(*bench.client.state(), State::Live);
    bench.pass(ms(1));
    assert!(is_stale(&bench));
    bench.client.set_expect_data(bench.now, false);
    assert_eq!(*bench.client.state(), State::Live);
    // But a server that does not answer probes is gone.
    bench.pass(secs(5));
    assert!(matches!(bench.client.state(), State::Backoff { cause: Cause::TimedOut(Step::Probe), .. }));
}

#[test]
fn a_gap_begins_at_the_last_datum_and_not_where_data_began_to_be_expected() {
    let mut bench = Bench::live(&WANTED);
    bench.hear(&[trade("AAPL", 1, secs(5))]);
    let last = bench.now;
    bench.client.set_expect_data(bench.now, false);
    bench.pass(secs(15));
    bench.client.set_expect_data(bench.now, true);
    bench.events();
    bench.client.handle_closed(bench.now, None, "");
    assert!(matches!(bench.events()[0], Event::Gap(Gap { since, .. }) if since == last));
}

#[test]
fn backoff_starts_anew_only_after_10_s_of_live() {
    let mut bench = Bench::live(&WANTED);
    for attempt in 1..=12 {
        // Accepted, subscribed, and closed after 9.9 s: no success.
        bench.pass(ms(9_900));
        bench.client.handle_closed(bench.now, Some(1001), "");
        assert!(matches!(bench.client.state(), State::Backoff { attempt: a, .. } if *a == attempt));
        let pause = bench.pause();
        bench.pass(pause);
        bench.go_live();
    }
    bench.hear(&[trade("AAPL", 1, secs(1))]);
    bench.pass(secs(10));
    bench.client.handle_closed(bench.now, Some(1001), "");
    assert!(matches!(bench.client.state(), State::Backoff { attempt: 1, .. }));
    assert!(bench.pause() <= ms(500));
}

#[test]
fn a_server_that_accepts_and_closes_gets_few_connections() {
    // Ten minutes, goal: at most 30 attempts once the pauses have grown. Full jitter makes single
    // runs differ, so the mean over seeds is bounded tightly and each run loosely.
    let mut total = 0;
    for seed in 0..50 {
        let mut bench = Bench::new(wickwire_proto::client::ClientConfig {
            seed,
            ..wickwire_proto::client::ClientConfig::new(
                common::IEX,
                wickwire_proto::request::Credentials::new("key", "secret"),
                pairs(&WANTED),
            )
        });
        let end = bench.now + secs(600);
        while bench.now < end {
            for action in bench.actions() {
                if action == Action::Connect {
                    bench.client.handle_open(bench.now);
                    bench.client.handle_closed(bench.now, Some(1000), "");
                }
            }
            bench.pass(ms(50));
        }
        let attempts = bench.client.stats().attempts;
        assert!(attempts <= 75, "seed {seed}: {attempts} attempts in 10 minutes");
        total += attempts;
    }
    assert!(total <= 50 * 55, "{} attempts in 10 minutes on average", total / 50);
}

#[test]
fn clients_do_not_come_back_in_step() {
    let mut firsts = std::collections::BTreeSet::new();
    for seed in 0..100 {
        let mut bench = Bench::new(wickwire_proto::client::ClientConfig {
            seed,
            ..wickwire_proto::client::ClientConfig::new(
                common::IEX,
                wickwire_proto::request::Credentials::new("key", "secret"),
                pairs(&WANTED),
            )
        });
        bench.go_live();
        bench.client.handle_closed(bench.now, Some(1012), "");
        firsts.insert(bench.pause());
    }
    assert!(firsts.len() > 90, "{} different first pauses of 100 clients", firsts.len());
}

#[test]
fn the_network_coming_back_ends_a_plain_backoff_but_makes_no_storm() {
    let mut bench = Bench::live(&WANTED);
    for _ in 0..8 {
        bench.client.handle_closed(bench.now, None, "");
        bench.actions();
        bench.pass(secs(1));
        let before = bench.client.stats().attempts;
        bench.client.handle_online(bench.now);
        for _ in 0..100 {
            bench.client.handle_online(bench.now);
        }
        assert!(bench.client.stats().attempts <= before + 1);
        bench.pass(secs(1));
        bench.client.handle_open(bench.now);
    }
    assert!(bench.client.stats().attempts <= 10);
    let mut bench = Bench::live(&WANTED);
    bench.client.handle_online(bench.now);
    assert_eq!(bench.requests().len(), 1, "an open connection is probed at once");
    bench.client.handle_online(bench.now);
    assert!(bench.actions().is_empty());
}

#[test]
fn a_long_sleep_is_noticed_at_once() {
    let mut bench = Bench::live(&WANTED);
    bench.now += secs(8 * 3_600);
    bench.client.handle_timeout(bench.now);
    assert!(matches!(bench.client.state(), State::Backoff { cause: Cause::Silent, .. }));
    assert!(bench.pause() <= ms(500));
}

#[test]
fn stop_and_start_again() {
    let mut bench = Bench::live(&WANTED);
    bench.events();
    bench.client.stop(bench.now);
    assert_eq!(*bench.client.state(), State::Idle);
    assert!(matches!(bench.actions()[..], [Action::Close { code: 1000, reason: "stopped" }]));
    assert!(matches!(
        bench.events()[..],
        [Event::Gap(Gap { cause: Cause::Stopped, .. }), Event::StateChanged]
    ));
    bench.pass(secs(3_600));
    assert!(bench.actions().is_empty());
    bench.client.stop(bench.now);
    bench.client.start(bench.now);
    bench.client.start(bench.now);
    bench.go_live();
    assert!(matches!(bench.events().last(), Some(Event::Resumed { .. })));
    // Stopped before the socket was even asked for: there is nothing to close.
    bench.client.stop(bench.now);
    bench.actions();
    bench.client.start(bench.now);
    bench.client.stop(bench.now);
    assert_eq!(bench.actions(), []);
}

#[test]
fn frames_outside_a_connection_are_ignored() {
    let mut bench = Bench::live(&WANTED);
    bench.client.handle_closed(bench.now, None, "");
    bench.hear(&[trade("AAPL", 1, secs(1))]);
    bench.hear(&[error(402)]);
    bench.hear(&[Message::Connected]);
    assert!(matches!(bench.client.state(), State::Backoff { .. }));
    assert!(bench.delivered.is_empty());
    bench.pass(secs(1));
    bench.actions();
    bench.client.handle_open(bench.now);
    bench.hear(&[trade("AAPL", 1, secs(1))]);
    assert!(bench.delivered.is_empty(), "no data before authentication");
}

#[test]
fn nothing_grows_when_nobody_polls() {
    let mut bench = Bench::live(&[(Trades, "AAPL"), (Quotes, "AAPL")]);
    for n in 0..20_000_u64 {
        bench.client.handle_closed(bench.now, None, "");
        bench.client.handle_timeout(bench.now + secs(60));
        bench.client.handle_open(bench.now + secs(60));
        bench.now += secs(70);
        bench.client.set_wanted(bench.now, pairs(&[(Trades, if n % 2 == 0 { "A" } else { "B" })]));
        bench.hear(&[error(403)]);
    }
    assert!(bench.events().len() <= wickwire_proto::client::MAX_EVENTS);
    assert!(bench.client.stats().events_dropped > 0);
    assert!(bench.actions().len() <= 4);
}
