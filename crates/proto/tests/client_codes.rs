//! What each error code, close code and refused connection does to a client session.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bench.rs"]
mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::{Bench, error, ms, pairs, secs};
use wickwire_proto::channel::Channel::{Bars, Quotes, Trades};
use wickwire_proto::client::{Action, CODES, Cause, ConnectFailure, Event, Policy, State, Step};
use wickwire_proto::message::Message;
use wickwire_proto::request::Request;

fn backoff_between(bench: &Bench, from: std::time::Duration, to: std::time::Duration) {
    let pause = bench.pause();
    assert!(
        (from..=to).contains(&pause),
        "{pause:?} is not in {from:?}..={to:?}: {:?}",
        bench.client.state()
    );
}

#[test]
fn each_code_does_what_the_table_says_when_live() {
    for rule in CODES {
        let mut bench = Bench::live(&[(Trades, "AAPL")]);
        bench.hear(&[error(rule.code)]);
        let state = bench.client.state().clone();
        match rule.policy {
            Policy::Ignore | Policy::Drop | Policy::Keep => {
                assert_eq!(state, State::Live, "{}", rule.code);
                assert!(bench.actions().is_empty());
            }
            Policy::NeedsUser => {
                let State::NeedsUser { cause: Cause::Code { code, .. } } = state else { panic!("{state:?}") };
                assert_eq!(code, rule.code);
                assert!(matches!(bench.actions()[..], [Action::Close { code: 1000, .. }]));
                bench.pass(secs(600));
                assert!(bench.actions().is_empty(), "{} must not be retried", rule.code);
            }
            policy => {
                let State::Backoff { attempt: 1, cause: Cause::Code { code, .. }, .. } = state else {
                    panic!("{state:?}")
                };
                assert_eq!(code, rule.code);
                let (from, to) = match policy {
                    Policy::ConnectionLimit => (ms(3_750), secs(5)),
                    Policy::SlowClient => (secs(1), ms(1_250)),
                    _ => (ms(0), ms(500)),
                };
                backoff_between(&bench, from, to);
                assert!(matches!(bench.actions()[..], [Action::Close { code: 1000, .. }]));
                bench.pass(secs(5));
                bench.go_live();
            }
        }
    }
}

#[test]
fn codes_have_plain_words_and_are_listed_once() {
    for rule in CODES {
        assert_eq!(CODES.iter().filter(|r| r.code == rule.code).count(), 1);
        let explanation = Cause::Code { code: rule.code, message: "x".into() }.explain();
        for text in [&explanation.what, &explanation.next] {
            assert!(text.ends_with('.') && text.len() > 10 && text.len() < 120, "{text}");
        }
    }
    let unknown = Cause::Code { code: 499, message: "odd".into() };
    assert_eq!(unknown.policy(), Policy::Backoff);
    assert!(unknown.explain().what.contains("499"));
}

#[test]
fn every_documented_code_is_in_the_table() {
    for code in (400..=413).chain([500]) {
        assert!(CODES.iter().any(|r| r.code == code), "{code}");
    }
}

#[test]
fn wrong_keys_are_tried_exactly_once() {
    let mut bench = Bench::iex(&[(Trades, "AAPL")]);
    bench.actions();
    bench.client.handle_open(bench.now);
    bench.hear(&[Message::Connected]);
    bench.actions();
    bench.hear(&[error(402)]);
    // A server may close after it; that changes nothing.
    bench.client.handle_closed(bench.now, Some(1000), "");
    assert!(matches!(bench.client.state(), State::NeedsUser { .. }));
    bench.pass(secs(3_600));
    bench.client.handle_online(bench.now);
    assert_eq!(bench.client.stats().attempts, 1);
    assert_eq!(bench.client.poll_timeout(), None);

    bench.actions();
    let other = wickwire_proto::request::Credentials::new("other", "secret");
    bench.client.set_credentials(bench.now, other.clone());
    assert_eq!(bench.actions(), [Action::Connect]);
    bench.client.handle_open(bench.now);
    bench.hear(&[Message::Connected]);
    let [Request::Auth(sent, _)] = &bench.requests()[..] else { panic!() };
    assert_eq!(*sent, other);
}

#[test]
fn connection_limit_waits_longer_each_time_for_ever_and_never_hurries() {
    let mut bench = Bench::iex(&[(Trades, "AAPL")]);
    for n in 0..20 {
        assert_eq!(bench.actions(), [Action::Connect]);
        bench.client.handle_open(bench.now);
        bench.hear(&[Message::Connected]);
        bench.actions();
        bench.hear(&[error(406)]);
        let top = secs([5, 10, 20, 30][n.min(3)]);
        backoff_between(&bench, top * 3 / 4, top);
        assert!(matches!(bench.actions()[..], [Action::Close { .. }]), "the socket is not kept");
        bench.client.handle_online(bench.now);
        backoff_between(&bench, top * 3 / 4, top);
        let pause = bench.pause();
        bench.pass(pause);
    }
    bench.go_live();
}

#[test]
fn already_authenticated_counts_as_authenticated() {
    let mut bench = Bench::iex(&[(Trades, "AAPL")]);
    bench.actions();
    bench.client.handle_open(bench.now);
    bench.hear(&[Message::Connected]);
    bench.actions();
    bench.hear(&[error(403)]);
    assert_eq!(*bench.client.state(), State::Subscribing);
    assert!(bench.events().iter().any(|e| matches!(e, Event::Notice(Cause::Code { code: 403, .. }))));
}

#[test]
fn authenticated_by_the_headers_needs_no_answer_to_our_message() {
    let mut bench = Bench::iex(&[(Trades, "AAPL")]);
    bench.actions();
    bench.client.handle_open(bench.now);
    bench.hear(&[Message::Connected]);
    bench.hear(&[Message::Authenticated]);
    bench.hear(&[error(403)]);
    assert!(matches!(bench.requests()[..], [Request::Auth(..), Request::Subscribe(_)]));
    bench.acknowledge(&[(Trades, "AAPL")]);
    assert_eq!(*bench.client.state(), State::Live);
}

#[test]
fn a_login_that_is_not_understood_is_tried_once_more() {
    let mut bench = Bench::iex(&[]);
    for attempt in 1..=2 {
        assert_eq!(bench.actions(), [Action::Connect]);
        bench.client.handle_open(bench.now);
        bench.hear(&[Message::Connected]);
        bench.hear(&[error(400)]);
        bench.actions();
        assert_eq!(matches!(bench.client.state(), State::Backoff { .. }), attempt == 1);
        bench.pass(secs(1));
    }
    assert!(matches!(bench.client.state(), State::NeedsUser { cause: Cause::Rejected { .. } }));
}

#[test]
fn one_bad_symbol_does_not_cost_the_others() {
    let wanted = [(Trades, "A"), (Trades, "B"), (Trades, "bad"), (Quotes, "A"), (Bars, "A")];
    let mut bench = Bench::iex(&wanted);
    bench.authenticate();
    let mut state = pairs(&[]);
    let mut messages = 0;
    while let [Request::Subscribe(asked)] = &bench.requests()[..] {
        messages += 1;
        if asked.contains(Trades, "bad") {
            bench.hear(&[error(400)]);
        } else {
            asked.iter().for_each(|(c, s)| {
                state.insert(c, s);
            });
            bench.hear(&[Message::Subscription(state.clone())]);
        }
    }
    assert!(messages <= 7, "{messages} messages to find one in five");
    assert_eq!(*bench.client.state(), State::Live);
    let expected = [(Trades, "A"), (Trades, "B"), (Quotes, "A"), (Bars, "A")];
    assert_eq!(*bench.client.confirmed(), pairs(&expected));
    let refused: Vec<_> = bench.events().into_iter().filter(|e| matches!(e, Event::Refused { .. })).collect();
    let [Event::Refused { cause: Some(Cause::Code { code: 400, .. }), subscriptions }] = &refused[..] else {
        panic!("{refused:?}")
    };
    assert_eq!(*subscriptions, pairs(&[(Trades, "bad")]));

    // It is not asked for again, on this connection or the next, until it is taken out and put back.
    bench.client.handle_closed(bench.now, Some(1001), "");
    bench.actions();
    bench.pass(ms(500));
    bench.go_live();
    assert_eq!(*bench.client.confirmed(), pairs(&expected));
    bench.client.set_wanted(bench.now, pairs(&expected));
    assert!(bench.actions().is_empty());
    bench.client.set_wanted(bench.now, pairs(&wanted));
    assert_eq!(bench.requests(), [Request::Subscribe(pairs(&[(Trades, "bad")]))]);
}

#[test]
fn a_symbol_limit_is_used_up_and_the_rest_reported() {
    let names: Vec<String> = (0..50).map(|n| format!("S{n:02}")).collect();
    let mut wanted: Vec<_> = names.iter().map(|s| (Trades, s.as_str())).collect();
    wanted.extend(names.iter().map(|s| (Bars, s.as_str())));
    let mut bench = Bench::iex(&wanted);
    bench.authenticate();
    let mut state = pairs(&[]);
    let mut messages = 0;
    while let [Request::Subscribe(asked)] = &bench.requests()[..] {
        messages += 1;
        let trades = state.symbols(Trades).count() + asked.symbols(Trades).count();
        if asked.symbols(Trades).count() > 0 && trades > 30 {
            bench.hear(&[error(405)]);
        } else {
            asked.iter().for_each(|(c, s)| {
                state.insert(c, s);
            });
            bench.hear(&[Message::Subscription(state.clone())]);
        }
    }
    assert!(messages < 20, "{messages}");
    assert_eq!(*bench.client.state(), State::Live);
    assert_eq!(bench.client.confirmed().symbols(Trades).count(), 30);
    assert_eq!(bench.client.confirmed().symbols(Bars).count(), 50, "bars do not count");
    let refused: usize = bench
        .events()
        .iter()
        .map(|e| match e {
            Event::Refused { subscriptions, .. } => subscriptions.len(),
            _ => 0,
        })
        .sum();
    assert_eq!(refused, 20);
    // Room is made: what was refused is asked for again.
    wanted.remove(0);
    bench.client.set_wanted(bench.now, pairs(&wanted));
    assert!(matches!(bench.requests()[..], [Request::Unsubscribe(_)]));
}

#[test]
fn a_missing_channel_is_left_out_whole() {
    let mut bench = Bench::iex(&[(Trades, "A"), (Trades, "B"), (Bars, "A"), (Bars, "B"), (Bars, "C")]);
    bench.authenticate();
    let mut messages = 0;
    while let [Request::Subscribe(asked)] = &bench.requests()[..] {
        messages += 1;
        if asked.symbols(Bars).count() > 0 {
            bench.hear(&[error(410)]);
        } else {
            bench.hear(&[Message::Subscription(asked.clone())]);
        }
    }
    assert_eq!(messages, 3);
    assert_eq!(*bench.client.confirmed(), pairs(&[(Trades, "A"), (Trades, "B")]));
}

#[test]
fn a_star_on_option_quotes_is_left_out() {
    let mut bench = Bench::iex(&[(Quotes, "*"), (Quotes, "A"), (Trades, "*")]);
    bench.authenticate();
    assert_eq!(bench.requests().len(), 1);
    bench.hear(&[error(413)]);
    assert_eq!(bench.requests(), [Request::Subscribe(pairs(&[(Quotes, "A"), (Trades, "*")]))]);
}

#[test]
fn closes_lead_to_backoff_and_are_explained() {
    for code in [None, Some(1000), Some(1001), Some(1005), Some(1006), Some(1008), Some(1009), Some(1011)]
        .into_iter()
        .chain([Some(1012), Some(1013), Some(1015), Some(4008), Some(4999)])
    {
        let mut bench = Bench::live(&[(Trades, "AAPL")]);
        bench.client.handle_closed(bench.now, code, "why\u{7}");
        let (from, to) = match code {
            Some(1008 | 1009 | 1013) => (secs(5), ms(7_500)),
            Some(4008) => (secs(1), ms(1_250)),
            _ => (ms(0), ms(500)),
        };
        backoff_between(&bench, from, to);
        assert!(bench.actions().is_empty(), "there is nothing left to close");
        let State::Backoff { cause, .. } = bench.client.state() else { panic!() };
        assert!(cause.explain().what.ends_with("It said: why"));
        bench.client.handle_closed(bench.now, code, "again");
        bench.client.handle_connect_failed(bench.now, ConnectFailure::default());
        assert!(matches!(bench.client.state(), State::Backoff { attempt: 1, .. }), "one way into backoff");
        bench.pass(secs(8));
        bench.go_live();
    }
}

#[test]
fn refused_connections_follow_their_status() {
    for (status, retry_after, policy) in [
        (None, None, Policy::Backoff),
        (Some(503), None, Policy::Backoff),
        (Some(503), Some(7), Policy::RetryAfter),
        (Some(429), Some(45), Policy::RetryAfter),
        (Some(429), None, Policy::RetryAfter),
        (Some(408), None, Policy::Backoff),
        (Some(404), None, Policy::NeedsUser),
        (Some(401), None, Policy::NeedsUser),
    ] {
        let mut bench = Bench::iex(&[(Trades, "AAPL")]);
        bench.actions();
        let text = "words".to_owned();
        let failure = ConnectFailure { status, retry_after: retry_after.map(secs), text };
        bench.client.handle_connect_failed(bench.now, failure.clone());
        assert_eq!(Cause::ConnectFailed(failure).policy(), policy, "{status:?}");
        if policy == Policy::NeedsUser {
            assert!(matches!(bench.client.state(), State::NeedsUser { .. }));
        } else {
            let floor = secs(retry_after.unwrap_or(0));
            backoff_between(&bench, floor, floor + ms(500));
        }
    }
}

#[test]
fn each_step_has_its_limit() {
    let mut bench = Bench::iex(&[(Trades, "AAPL")]);
    let timed_out = |bench: &mut Bench, limit, step| {
        bench.actions();
        bench.pass(limit - ms(1));
        assert!(!matches!(bench.client.state(), State::Backoff { .. }), "{step:?} too early");
        bench.pass(ms(1));
        let state = bench.client.state();
        assert!(matches!(state, State::Backoff { cause: Cause::TimedOut(s), .. } if *s == step), "{state:?}");
        assert!(matches!(bench.actions()[..], [Action::Close { code: 1000, .. }]));
        let pause = bench.pause();
        bench.pass(pause);
    };
    timed_out(&mut bench, secs(10), Step::Connect);
    bench.client.handle_open(bench.now);
    timed_out(&mut bench, secs(5), Step::Welcome);
    bench.client.handle_open(bench.now);
    bench.hear(&[Message::Connected]);
    timed_out(&mut bench, secs(5), Step::Authenticate);
    bench.client.handle_open(bench.now);
    bench.hear(&[Message::Connected]);
    bench.hear(&[Message::Authenticated]);
    timed_out(&mut bench, secs(5), Step::Subscribe);
}

#[test]
fn a_frame_over_the_limit_closes_with_1009_and_slows_down() {
    let mut bench = Bench::live(&[(Trades, "AAPL")]);
    let huge = " ".repeat(wickwire_proto::limits::MAX_FRAME_BYTES + 1);
    bench.frame(&wickwire_proto::frame::OwnedFrame::Text(huge));
    assert!(matches!(bench.actions()[..], [Action::Close { code: 1009, .. }]));
    backoff_between(&bench, secs(5), ms(7_500));
}

#[test]
fn unreadable_frames_are_counted_and_do_no_harm() {
    use wickwire_proto::frame::OwnedFrame;
    let mut bench = Bench::live(&[(Trades, "AAPL")]);
    for bytes in
        [&b""[..], b"\x01", b"{", b"null", b"\xff\xff", b"[1,2,3]", b"{\"T\":\"t\"}", b"\x93\x81", b"[[[["]
    {
        bench.frame(&OwnedFrame::Binary(bytes.to_vec()));
    }
    assert_eq!(*bench.client.state(), State::Live);
    assert!(bench.client.stats().unreadable > 0);
    assert!(bench.delivered.is_empty());
}

#[test]
fn every_state_has_plain_words() {
    let cause = Cause::Silent;
    for state in [
        State::Idle,
        State::Connecting,
        State::Welcome,
        State::Authenticating,
        State::Subscribing,
        State::Live,
        State::Stale { since: secs(1) },
        State::Backoff { until: secs(1), attempt: 1, cause: cause.clone() },
        State::NeedsUser { cause },
    ] {
        let words = state.explain();
        assert!(words.what.ends_with('.') && words.next.ends_with('.'), "{words:?}");
        assert!(!state.label().is_empty());
    }
}

#[test]
fn a_frame_full_of_control_messages_is_looked_at_up_to_a_bound() {
    use wickwire_proto::client::MAX_CONTROL_PER_FRAME;
    let mut bench = Bench::live(&[(Trades, "AAPL")]);
    bench.events();
    let many: Vec<_> = (0..MAX_CONTROL_PER_FRAME * 3).map(|_| error(403)).collect();
    bench.hear(&many);
    assert_eq!(bench.events().len(), MAX_CONTROL_PER_FRAME);
}
