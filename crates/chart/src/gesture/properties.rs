//! What holds after any events.

use proptest::prelude::*;

use super::*;

fn position() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -50.0..900.0_f64,
        1 => prop::num::f64::ANY,
    ]
}

fn region() -> impl Strategy<Value = Region> {
    prop_oneof![
        4 => (0..3_usize).prop_map(|pane| Region::Plot { pane }),
        2 => (0..3_usize).prop_map(|pane| Region::PriceAxis { pane }),
        2 => position().prop_map(|right| Region::TimeAxis { right }),
        1 => (0..3_usize).prop_map(|above| Region::Splitter { above }),
        1 => Just(Region::News),
        1 => Just(Region::Corner),
        1 => Just(Region::Outside),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![1 => Just(Kind::Mouse), 1 => Just(Kind::Pen), 3 => Just(Kind::Touch)]
}

fn key() -> impl Strategy<Value = Key> {
    const NAMES: &[&str] = &[
        "ArrowLeft",
        "ArrowUp",
        "ArrowDown",
        "+",
        "-",
        "0",
        "Home",
        "End",
        "PageUp",
        "Escape",
        "?",
        "a",
        "x",
    ];
    prop::sample::select(NAMES).prop_map(Key::named)
}

/// Everything but the time, which the test adds.
fn event() -> impl Strategy<Value = Event> {
    let (id, time_ms) = (|| 0..4_i32, 0.0);
    prop_oneof![
        4 => (id(), kind(), prop::bool::weighted(0.9), position(), position(), region()).prop_map(
            move |(id, kind, primary, x, y, region)| Event::PointerDown { id, kind, primary, x, y, region, time_ms }
        ),
        8 => (id(), kind(), prop::bool::weighted(0.9), position(), position()).prop_map(
            move |(id, kind, pressed, x, y)| Event::PointerMove { id, kind, pressed, x, y, time_ms }
        ),
        3 => (id(), position(), position()).prop_map(move |(id, x, y)| Event::PointerUp { id, x, y, time_ms }),
        1 => id().prop_map(|id| Event::PointerCancel { id }),
        1 => kind().prop_map(|kind| Event::PointerLeave { kind }),
        3 => (position(), position(), position(), position(), region(), any::<bool>(), any::<bool>())
            .prop_map(move |(x, y, dx, dy, region, ctrl, shift)| {
                Event::Wheel { x, y, dx, dy, region, ctrl, shift, time_ms }
            }),
        1 => region().prop_map(|region| Event::DoubleClick { region }),
        2 => (key(), any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(key, shift, ctrl, alt)| Event::Key { key, shift, ctrl, alt }),
        3 => Just(Event::Tick { time_ms }),
    ]
}

fn at(mut event: Event, now: f64) -> Event {
    match &mut event {
        Event::PointerDown { time_ms, .. }
        | Event::PointerMove { time_ms, .. }
        | Event::PointerUp { time_ms, .. }
        | Event::Wheel { time_ms, .. }
        | Event::Tick { time_ms } => *time_ms = now,
        _ => {}
    }
    event
}

fn sound(action: Action) -> bool {
    match action {
        Action::Point(at) => at.is_none_or(|(x, y)| x.is_finite() && y.is_finite()),
        Action::PanTime { px } | Action::PanPrice { px, .. } | Action::MoveSplitter { px, .. } => {
            px.is_finite()
        }
        Action::ZoomTime { x, factor } => x.is_finite() && good(factor),
        Action::ScaleTime { factor } => good(factor),
        Action::ScalePrice { anchor, factor, .. } => anchor.is_none_or(f64::is_finite) && good(factor),
        Action::Click { x, y, region } => x.is_finite() && y.is_finite() && region != Region::Outside,
        _ => true,
    }
}

fn good(factor: f64) -> bool {
    (1.0 / MAX_FACTOR..=MAX_FACTOR).contains(&factor)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_events_give_bounded_sound_actions_and_end(
        events in prop::collection::vec((event(), 0.0..300.0_f64, prop::bool::weighted(0.2)), 0..120),
        reduced in any::<bool>(),
    ) {
        let mut gestures = Recognizer::default();
        gestures.set_reduced_motion(reduced);
        let mut now = 0.0;
        for (event, pause, frame) in events {
            now += pause;
            gestures.handle(at(event, now));
            if frame {
                let actions: Vec<Action> = gestures.drain().collect();
                prop_assert!(actions.len() <= MAX_ACTIONS);
                prop_assert!(actions.iter().all(|action| sound(*action)), "{actions:?}");
            }
        }
        for id in 0..4 {
            gestures.handle(Event::PointerUp { id, x: f64::NAN, y: 0.0, time_ms: now });
        }
        let actions: Vec<Action> = gestures.drain().collect();
        prop_assert!(actions.len() <= MAX_ACTIONS && actions.iter().all(|action| sound(*action)), "{actions:?}");
        // All are up: moving does nothing but point.
        for id in 0..4 {
            for kind in [Kind::Mouse, Kind::Touch] {
                gestures.handle(Event::PointerMove { id, kind, pressed: true, x: 400.0, y: 400.0, time_ms: now });
            }
        }
        prop_assert!(gestures.drain().all(|action| matches!(action, Action::Point(_))));
        gestures.handle(Event::Tick { time_ms: now + 10_000.0 });
        prop_assert!(!gestures.wants_tick(), "a flick ends");
    }

    #[test]
    fn a_drag_tells_exactly_how_far_it_went(
        steps in prop::collection::vec((0.0..800.0_f64, 0.0..500.0_f64, any::<bool>()), 2..60),
    ) {
        let (id, kind, time_ms) = (1, Kind::Mouse, 0.0);
        let mut gestures = Recognizer::default();
        // Out of the slop and back.
        let region = Region::Plot { pane: 0 };
        gestures.handle(Event::PointerDown { id, kind, primary: true, x: 0.0, y: 0.0, region, time_ms });
        gestures.handle(Event::PointerMove { id, kind, pressed: true, x: 10.0, y: 10.0, time_ms });
        let (mut time, mut price) = (0.0, 0.0);
        let mut add = |gestures: &mut Recognizer| for action in gestures.drain() {
            match action {
                Action::PanTime { px } => time += px,
                Action::PanPrice { px, .. } => price += px,
                _ => {}
            }
        };
        let mut last = (0.0, 0.0);
        for (x, y, frame) in steps {
            last = (x, y);
            gestures.handle(Event::PointerMove { id, kind, pressed: true, x, y, time_ms });
            if frame {
                add(&mut gestures);
            }
        }
        add(&mut gestures);
        prop_assert!((time - last.0).abs() < 1e-6 && (price - last.1).abs() < 1e-6);
    }
}
