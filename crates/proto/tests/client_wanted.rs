//! What is wanted against what the server has, against a simple model.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/bench.rs"]
mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::collections::VecDeque;

use common::{Bench, Dice, error, ms, pairs, secs};
use wickwire_proto::channel::Channel::{Bars, CancelErrors, Corrections, Quotes, Trades};
use wickwire_proto::channel::{Channel, Subscriptions};
use wickwire_proto::client::{Action, Cause, Event, MAX_CONTRADICTIONS, MAX_PAIRS_PER_MESSAGE, State, Step};
use wickwire_proto::message::Message;
use wickwire_proto::request::{Request, decode_request};

/// A server that does what it is told.
#[derive(Default)]
struct Model(Subscriptions);

impl Model {
    fn answer(&mut self, request: &Request) {
        match request {
            Request::Subscribe(more) => more.iter().for_each(|(c, s)| {
                self.0.insert(c, s);
            }),
            Request::Unsubscribe(less) => less.iter().for_each(|(c, s)| {
                self.0.remove(c, s);
            }),
            other => panic!("{other:?}"),
        }
    }

    /// As Alpaca tells it: with the channels that follow trades.
    fn state(&self) -> Message<'static> {
        let mut state = self.0.clone();
        for symbol in self.0.symbols(Trades) {
            state.insert(Corrections, symbol);
            state.insert(CancelErrors, symbol);
        }
        Message::Subscription(state)
    }
}

#[test]
fn changes_are_merged_while_an_acknowledgement_is_outstanding() {
    let mut bench = Bench::live(&[(Trades, "A")]);
    bench.client.set_wanted(bench.now, pairs(&[(Trades, "B")]));
    assert_eq!(bench.requests(), [Request::Unsubscribe(pairs(&[(Trades, "A")]))]);
    bench.client.set_wanted(bench.now, pairs(&[(Trades, "C")]));
    bench.client.set_wanted(bench.now, pairs(&[(Trades, "D"), (Quotes, "D")]));
    assert!(bench.actions().is_empty(), "one request at a time");
    bench.acknowledge(&[]);
    assert_eq!(bench.requests(), [Request::Subscribe(pairs(&[(Trades, "D"), (Quotes, "D")]))]);
    bench.acknowledge(&[(Trades, "D"), (Quotes, "D"), (Corrections, "D"), (CancelErrors, "D")]);
    assert!(bench.actions().is_empty());
    assert_eq!(*bench.client.state(), State::Live);
}

#[test]
fn only_the_difference_is_sent() {
    let mut bench = Bench::live(&[(Trades, "A"), (Quotes, "A")]);
    bench
        .client
        .set_wanted(bench.now, pairs(&[(Trades, "A"), (Quotes, "A"), (Bars, "A"), (Corrections, "A")]));
    assert_eq!(bench.requests(), [Request::Subscribe(pairs(&[(Bars, "A")]))]);
    bench.client.set_wanted(bench.now, pairs(&[(Trades, "A"), (Quotes, "A"), (Bars, "A")]));
    bench.acknowledge(&[(Trades, "A"), (Quotes, "A"), (Bars, "A")]);
    assert!(bench.actions().is_empty());
}

#[test]
fn a_large_difference_goes_out_in_several_messages() {
    let names: Vec<String> = (0..1_000).map(|n| format!("S{n}")).collect();
    let wanted: Subscriptions = names.iter().map(|s| (Trades, s.as_str())).collect();
    let mut bench = Bench::iex(&[]);
    bench.client.set_wanted(bench.now, wanted.clone());
    bench.authenticate();
    let (mut model, mut messages) = (Model::default(), 0);
    while let [request] = &bench.requests()[..] {
        let Request::Subscribe(asked) = request else { panic!() };
        assert!(asked.len() <= MAX_PAIRS_PER_MESSAGE);
        messages += 1;
        model.answer(request);
        bench.hear(&[model.state()]);
    }
    assert_eq!(messages, 1_000_usize.div_ceil(MAX_PAIRS_PER_MESSAGE));
    assert_eq!(*bench.client.confirmed(), wanted);
    assert_eq!(*bench.client.state(), State::Live);
}

#[test]
fn with_nothing_wanted_it_is_live_and_asks_nothing() {
    let mut bench = Bench::iex(&[]);
    bench.authenticate();
    assert!(bench.actions().is_empty());
    assert_eq!(*bench.client.state(), State::Live);
    bench.pass(secs(3_600));
    assert_eq!(*bench.client.state(), State::Live, "silence is natural then");
}

#[test]
fn what_an_acknowledgement_leaves_out_is_asked_again_and_then_reported() {
    let mut bench = Bench::live(&[(Trades, "A")]);
    bench.client.set_expect_data(bench.now, false);
    bench.client.set_wanted(bench.now, pairs(&[(Trades, "A"), (Quotes, "A"), (Bars, "A")]));
    bench.events();
    for _ in 0..=MAX_CONTRADICTIONS {
        assert_eq!(bench.requests().len(), 1);
        bench.acknowledge(&[(Trades, "A"), (Bars, "A")]);
        bench.pass(secs(5));
    }
    let refused = Event::Refused { cause: None, subscriptions: pairs(&[(Quotes, "A")]) };
    assert_eq!(bench.events(), [refused]);
    bench.pass(secs(10));
    assert!(bench.actions().is_empty());
    assert_eq!(*bench.client.state(), State::Live);
}

#[test]
fn a_change_that_is_never_answered_ends_the_connection() {
    let mut bench = Bench::live(&[(Trades, "A")]);
    bench.client.set_wanted(bench.now, pairs(&[(Trades, "B")]));
    bench.pass(secs(5) - ms(1));
    assert_eq!(*bench.client.state(), State::Live);
    bench.pass(ms(1));
    assert!(matches!(bench.client.state(), State::Backoff { cause: Cause::TimedOut(Step::Subscribe), .. }));
}

#[test]
fn a_server_that_forgets_is_reminded() {
    let mut bench = Bench::live(&[(Trades, "A"), (Quotes, "A")]);
    bench.acknowledge(&[(Trades, "A")]);
    assert_eq!(bench.requests(), [Request::Subscribe(pairs(&[(Quotes, "A")]))]);
}

#[test]
fn a_change_replaces_a_probe() {
    let mut bench = Bench::live(&[(Trades, "A")]);
    bench.pass(secs(20));
    assert_eq!(bench.requests().len(), 1);
    bench.client.set_wanted(bench.now, pairs(&[(Trades, "A"), (Bars, "A")]));
    assert_eq!(bench.requests(), [Request::Subscribe(pairs(&[(Bars, "A")]))]);
    // The probe's answer comes first; it does not answer the change, and does no harm.
    bench.acknowledge(&[(Trades, "A")]);
    assert!(bench.actions().is_empty());
    bench.acknowledge(&[(Trades, "A"), (Bars, "A")]);
    assert_eq!(*bench.client.confirmed(), pairs(&[(Trades, "A"), (Bars, "A")]));
    bench.events();
    bench.pass(secs(6));
    assert!(!matches!(bench.client.state(), State::Backoff { .. }));
}

#[test]
fn a_server_that_takes_nothing_at_all_is_asked_a_bounded_number_of_times() {
    for code in [400, 405, 410, 413] {
        let names: Vec<String> = (0..2_000).map(|n| format!("S{n}")).collect();
        let wanted: Vec<(Channel, &str)> = names
            .iter()
            .flat_map(|s| [(Trades, s.as_str()), (Quotes, s.as_str()), (Bars, s.as_str())])
            .collect();
        let mut bench = Bench::iex(&wanted);
        bench.authenticate();
        let mut messages = 0;
        while !bench.requests().is_empty() {
            messages += 1;
            bench.hear(&[error(code)]);
        }
        assert!(messages <= 200, "{code}: {messages} messages");
        assert_eq!(*bench.client.state(), State::Live);
    }
}

/// One step of the model test.
#[derive(Clone, Debug)]
enum Event_ {
    Want(Subscriptions),
    Answer,
    AnswerTwice,
    Cut,
    Pass(u64),
}

/// Takes what the session does, and connects it again whenever it asks for it.
fn settle(bench: &mut Bench, model: &mut Model, waiting: &mut VecDeque<Request>) {
    loop {
        let actions = bench.actions();
        for action in &actions {
            match action {
                Action::Send(frame) => waiting.push_back(decode_request(frame.as_frame()).unwrap()),
                Action::Close { .. } => {}
                Action::Connect => {
                    waiting.clear();
                    *model = Model::default();
                    bench.client.handle_open(bench.now);
                    bench.hear(&[Message::Connected]);
                    assert!(matches!(bench.requests()[..], [Request::Auth(..)]));
                    bench.hear(&[Message::Authenticated]);
                }
            }
        }
        if matches!(bench.client.state(), State::Backoff { .. }) {
            let pause = bench.pause();
            bench.pass(pause);
        } else if actions.is_empty() {
            // One at a time, and again after an answer to something else was all that came in time.
            assert!(waiting.len() <= 1 + MAX_CONTRADICTIONS as usize, "{waiting:?}");
            return;
        }
    }
}

/// After any sequence of wishes, answers and cuts, the server ends with what is wanted.
fn follow(steps: &[Event_]) {
    let mut bench = Bench::iex(&[]);
    bench.client.set_expect_data(bench.now, false);
    let mut model = Model::default();
    let mut waiting = VecDeque::new();
    let mut wanted = Subscriptions::new();
    settle(&mut bench, &mut model, &mut waiting);
    let answer = |bench: &mut Bench, model: &mut Model, waiting: &mut VecDeque<Request>, times: usize| {
        if let Some(request) = waiting.pop_front() {
            model.answer(&request);
            (0..times).for_each(|_| bench.hear(&[model.state()]));
        }
        settle(bench, model, waiting);
    };
    for step in steps {
        match step {
            Event_::Want(set) => {
                wanted = set.clone();
                bench.client.set_wanted(bench.now, set.clone());
            }
            Event_::Answer => answer(&mut bench, &mut model, &mut waiting, 1),
            Event_::AnswerTwice => answer(&mut bench, &mut model, &mut waiting, 2),
            Event_::Cut => bench.client.handle_closed(bench.now, Some(1001), ""),
            Event_::Pass(millis) => bench.pass(ms(*millis)),
        }
        settle(&mut bench, &mut model, &mut waiting);
    }
    for _ in 0..64 {
        answer(&mut bench, &mut model, &mut waiting, 1);
    }
    if bench.events().iter().any(|e| matches!(e, Event::Refused { .. })) {
        // Contradicted too often, and told so.
        return;
    }
    let expected: Subscriptions = wanted.iter().filter(|(c, _)| !c.follows_trades()).collect();
    assert_eq!(model.0, expected);
    assert_eq!(*bench.client.confirmed(), expected);
    assert_eq!(*bench.client.state(), State::Live);
    assert!(bench.actions().is_empty());
}

fn draw(dice: &mut Dice) -> Vec<Event_> {
    let count = dice.below(30);
    (0..count)
        .map(|_| match dice.below(8) {
            0..=2 => {
                let channels = [Trades, Quotes, Bars, Corrections];
                let count = dice.below(5);
                Event_::Want(
                    (0..count).map(|_| (dice.pick(&channels), dice.pick(&["A", "B", "C", "*"]))).collect(),
                )
            }
            3 | 4 => Event_::Answer,
            5 => Event_::AnswerTwice,
            6 => Event_::Cut,
            _ => Event_::Pass(dice.below(4_000)),
        })
        .collect()
}

#[test]
fn any_sequence_ends_with_what_is_wanted() {
    for seed in 0..3_000 {
        let steps = draw(&mut Dice(seed));
        follow(&steps);
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod shrinking {
    use super::*;
    use proptest::prelude::*;

    fn set() -> impl Strategy<Value = Subscriptions> {
        let pair = (prop::sample::select(&[Trades, Quotes, Bars, Corrections][..]), "[A-C*]");
        prop::collection::vec(pair, 0..6).prop_map(|v| v.into_iter().collect())
    }

    fn step() -> impl Strategy<Value = Event_> {
        prop_oneof![
            3 => set().prop_map(Event_::Want),
            2 => Just(Event_::Answer),
            1 => Just(Event_::AnswerTwice),
            1 => Just(Event_::Cut),
            1 => (0_u64..6_000).prop_map(Event_::Pass),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn any_sequence_again(steps in prop::collection::vec(step(), 0..40)) {
            follow(&steps);
        }
    }
}
