//! Each rule, with simulated time.

use super::*;

mod crosshair;
mod wheel;

const PLOT: Region = Region::Plot { pane: 0 };
const LOWER: Region = Region::Plot { pane: 1 };
const PRICES: Region = Region::PriceAxis { pane: 1 };
const TIMES: Region = Region::TimeAxis { right: 800.0 };

/// A recognizer, a clock, and fingers.
#[derive(Default)]
struct Hand {
    gestures: Recognizer,
    now: f64,
}

impl Hand {
    fn wait(&mut self, ms: f64) -> &mut Self {
        self.now += ms;
        self
    }

    fn handle(&mut self, event: Event) -> &mut Self {
        self.gestures.handle(event);
        self
    }

    fn down(&mut self, kind: Kind, id: i32, x: f64, y: f64, region: Region) -> &mut Self {
        let time_ms = self.now;
        self.handle(Event::PointerDown { id, kind, primary: true, x, y, region, time_ms })
    }

    fn to(&mut self, kind: Kind, id: i32, x: f64, y: f64) -> &mut Self {
        let time_ms = self.now;
        self.handle(Event::PointerMove { id, kind, pressed: true, x, y, time_ms })
    }

    fn up(&mut self, id: i32, x: f64, y: f64) -> &mut Self {
        let time_ms = self.now;
        self.handle(Event::PointerUp { id, x, y, time_ms })
    }

    fn press(&mut self, x: f64, y: f64, region: Region) -> &mut Self {
        self.down(Kind::Mouse, 1, x, y, region)
    }

    fn touch(&mut self, id: i32, x: f64, y: f64) -> &mut Self {
        self.down(Kind::Touch, id, x, y, PLOT)
    }

    fn mouse_to(&mut self, x: f64, y: f64) -> &mut Self {
        self.to(Kind::Mouse, 1, x, y)
    }

    fn finger_to(&mut self, id: i32, x: f64, y: f64) -> &mut Self {
        self.to(Kind::Touch, id, x, y)
    }

    fn hover(&mut self, x: f64, y: f64) -> &mut Self {
        let time_ms = self.now;
        self.handle(Event::PointerMove { id: 1, kind: Kind::Mouse, pressed: false, x, y, time_ms })
    }

    fn tick(&mut self, ms: f64) -> &mut Self {
        self.now += ms;
        let time_ms = self.now;
        self.handle(Event::Tick { time_ms })
    }

    fn wheel(&mut self, dx: f64, dy: f64, region: Region, ctrl: bool, shift: bool) -> &mut Self {
        let time_ms = self.now;
        self.handle(Event::Wheel { x: 300.0, y: 40.0, dx, dy, region, ctrl, shift, time_ms })
    }

    fn key(&mut self, key: Key) -> &mut Self {
        self.handle(Event::Key { key, shift: false, ctrl: false, alt: false })
    }

    /// A finger drags to the right at one pixel a millisecond, and is still down.
    fn sweep(&mut self) -> &mut Self {
        self.touch(7, 100.0, 100.0);
        for step in 1..=10 {
            self.wait(10.0).finger_to(7, 100.0 + 10.0 * f64::from(step), 100.0);
        }
        self
    }

    fn actions(&mut self) -> Vec<Action> {
        self.gestures.drain().collect()
    }

    /// The actions but where the crosshair is.
    fn deeds(&mut self) -> Vec<Action> {
        let mut actions = self.actions();
        actions.retain(|action| !matches!(action, Action::Point(_)));
        actions
    }
}

fn hand() -> Hand {
    Hand::default()
}

fn point(x: f64, y: f64) -> Action {
    Action::Point(Some((x, y)))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn hovering_moves_the_crosshair() {
    let mut hand = hand();
    assert_eq!(hand.hover(5.0, 6.0).hover(7.5, 8.0).actions(), [point(7.5, 8.0)]);
    assert_eq!(hand.handle(Event::PointerLeave { kind: Kind::Mouse }).actions(), [Action::Point(None)]);
    assert_eq!(hand.wait(500.0).actions(), []);
}

#[test]
fn a_mouse_drag_keeps_what_it_took_under_the_pointer() {
    let mut hand = hand();
    hand.press(100.0, 50.0, LOWER).mouse_to(102.0, 51.0);
    assert_eq!(hand.actions(), [point(102.0, 51.0)], "within the slop");
    hand.mouse_to(103.0, 50.0).mouse_to(130.0, 40.0);
    let moved = [Action::PanTime { px: 30.0 }, point(130.0, 40.0), Action::PanPrice { pane: 1, px: -10.0 }];
    assert_eq!(hand.actions(), moved);
    // Outside of the chart, too, and the release moves the rest of the way.
    assert_eq!(hand.mouse_to(-40.0, 40.0).up(1, -50.0, 40.0).deeds(), [Action::PanTime { px: -180.0 }]);
    assert_eq!(hand.mouse_to(0.0, 0.0).deeds(), [], "released");
    assert!(!hand.gestures.wants_tick(), "a mouse does not flick");
}

#[test]
fn other_buttons_do_nothing() {
    let mut hand = hand();
    let (id, kind) = (1, Kind::Mouse);
    hand.handle(Event::PointerDown { id, kind, primary: false, x: 1.0, y: 1.0, region: PLOT, time_ms: 0.0 });
    assert_eq!(hand.mouse_to(90.0, 1.0).up(1, 90.0, 1.0).deeds(), []);
    assert_eq!(hand.down(kind, id, 1.0, 1.0, Region::Outside).mouse_to(90.0, 1.0).deeds(), []);
}

#[test]
fn a_mouse_whose_release_was_missed_hovers() {
    let mut hand = hand();
    hand.press(100.0, 50.0, PLOT).mouse_to(150.0, 50.0).actions();
    assert_eq!(hand.hover(200.0, 50.0).actions(), [point(200.0, 50.0)]);
    assert_eq!(hand.mouse_to(250.0, 50.0).deeds(), [], "the drag has ended");
}

#[test]
fn a_press_that_does_not_move_is_a_click() {
    let mut hand = hand();
    let click = |x, y, region| Action::Click { x, y, region };
    hand.press(10.0, 20.0, TIMES).wait(200.0).mouse_to(11.0, 20.0).up(1, 12.0, 20.0);
    assert_eq!(hand.deeds(), [click(12.0, 20.0, TIMES)]);
    assert_eq!(hand.press(10.0, 20.0, PLOT).wait(CLICK_MS + 1.0).up(1, 10.0, 20.0).deeds(), [], "held");
    assert_eq!(
        hand.press(10.0, 20.0, Region::Corner).mouse_to(30.0, 20.0).up(1, 10.0, 20.0).deeds(),
        [],
        "moved and came back"
    );
    assert_eq!(hand.touch(4, 9.0, 9.0).wait(80.0).up(4, 12.0, 9.0).actions(), [click(12.0, 9.0, PLOT)]);
}

#[test]
fn dragging_an_axis_scales_it() {
    let mut hand = hand();
    hand.press(780.0, 100.0, PRICES).mouse_to(780.0, 50.0);
    let [Action::ScalePrice { pane: 1, anchor: None, factor }] = hand.deeds()[..] else { panic!() };
    assert!(factor > 1.0, "up stretches");
    hand.mouse_to(780.0, 100.0).up(1, 780.0, 100.0);
    let [Action::ScalePrice { factor: back, .. }] = hand.deeds()[..] else { panic!() };
    assert!(close(factor * back, 1.0), "there and back changes nothing");

    // The bar that was 200 pixels from the end is 300 from it.
    hand.press(600.0, 590.0, TIMES).mouse_to(500.0, 590.0);
    let [Action::ScaleTime { factor }] = hand.deeds()[..] else { panic!() };
    assert!(close(factor, 1.5), "{factor}");
    hand.mouse_to(2_000.0, 590.0);
    let [Action::ScaleTime { factor }] = hand.deeds()[..] else { panic!() };
    assert!(close(factor, MIN_REACH / 300.0), "the end is not reached: {factor}");
    hand.mouse_to(600.0, 590.0);
    let [Action::ScaleTime { factor }] = hand.deeds()[..] else { panic!() };
    assert!(close(factor, 200.0 / MIN_REACH), "{factor}");
}

#[test]
fn the_line_between_panes_is_dragged() {
    let mut hand = hand();
    hand.press(300.0, 400.0, Region::Splitter { above: 2 }).mouse_to(310.0, 380.0).mouse_to(310.0, 370.0);
    assert_eq!(hand.deeds(), [Action::MoveSplitter { above: 2, px: -30.0 }]);
    assert_eq!(hand.up(1, 310.0, 370.0).press(1.0, 1.0, Region::Corner).mouse_to(50.0, 50.0).deeds(), []);
}

#[test]
fn the_row_of_news_moves_with_the_bars_and_is_clicked_on() {
    let mut hand = hand();
    hand.press(300.0, 560.0, Region::News).mouse_to(310.0, 540.0).up(1, 310.0, 540.0);
    assert_eq!(hand.deeds(), [Action::PanTime { px: 10.0 }]);
    hand.press(300.0, 560.0, Region::News).wait(90.0).up(1, 300.0, 560.0);
    assert_eq!(hand.deeds(), [Action::Click { x: 300.0, y: 560.0, region: Region::News }]);
    assert_eq!(hand.handle(Event::DoubleClick { region: Region::News }).deeds(), []);
}

#[test]
fn positions_are_bounded() {
    let mut hand = hand();
    hand.press(0.0, 0.0, PLOT).mouse_to(20.0, 0.0);
    hand.actions();
    hand.mouse_to(1e300, 0.0);
    let moved: f64 =
        hand.actions().iter().map(|a| if let Action::PanTime { px } = a { *px } else { 0.0 }).sum();
    assert_eq!(moved, 1e6 - 20.0);
}

#[test]
fn a_double_click_resets_what_it_is_on() {
    let mut hand = hand();
    let mut twice = |region| hand.handle(Event::DoubleClick { region }).actions();
    assert_eq!(twice(PLOT), [Action::ResetAll]);
    assert_eq!(twice(PRICES), [Action::ResetPrice { pane: 1 }]);
    assert_eq!(twice(TIMES), [Action::ResetTime]);
    assert_eq!(twice(Region::Splitter { above: 0 }), []);
    assert_eq!(twice(Region::Outside), []);
    // A click and, at once, a drag from the same place.
    hand.press(5.0, 5.0, PLOT).up(1, 5.0, 5.0).press(5.0, 5.0, PLOT).mouse_to(60.0, 5.0).up(1, 60.0, 5.0);
    hand.deeds();
    assert_eq!(hand.handle(Event::DoubleClick { region: PLOT }).deeds(), []);
}

#[test]
fn a_double_tap_resets_once() {
    let tap = |hand: &mut Hand, x: f64| {
        hand.touch(3, x, 50.0).wait(60.0).up(3, x, 50.0).wait(100.0).actions();
    };
    let mut double = hand();
    tap(&mut double, 100.0);
    double.touch(4, 105.0, 52.0).wait(60.0).up(4, 105.0, 52.0);
    assert_eq!(double.actions(), [Action::ResetAll]);
    assert_eq!(double.handle(Event::DoubleClick { region: PLOT }).actions(), [], "not twice");
    tap(&mut double, 105.0);
    assert_eq!(double.deeds(), [], "a third tap is a first one");

    // Between the two: a drag, a pinch; another part of the chart.
    let mut apart = hand();
    tap(&mut apart, 100.0);
    apart.touch(3, 100.0, 50.0).finger_to(3, 120.0, 50.0).up(3, 120.0, 50.0).actions();
    apart.touch(3, 100.0, 50.0).up(3, 100.0, 50.0);
    assert_eq!(apart.actions(), [Action::Click { x: 100.0, y: 50.0, region: PLOT }]);
    apart.touch(3, 100.0, 50.0).touch(4, 200.0, 50.0).up(3, 100.0, 50.0).up(4, 200.0, 50.0).actions();
    apart.touch(3, 100.0, 50.0).up(3, 100.0, 50.0);
    assert_eq!(apart.actions(), [Action::Click { x: 100.0, y: 50.0, region: PLOT }]);
    apart.down(Kind::Touch, 3, 100.0, 50.0, TIMES).up(3, 100.0, 50.0);
    assert_eq!(apart.actions(), [Action::Click { x: 100.0, y: 50.0, region: TIMES }]);

    for (x, pause) in [(100.0 + DOUBLE_TAP_PX + 1.0, 0.0), (100.0, DOUBLE_TAP_MS)] {
        let mut single = hand();
        tap(&mut single, 100.0);
        single.wait(pause).touch(4, x, 50.0).wait(60.0).up(4, x, 50.0);
        assert_eq!(single.actions(), [Action::Click { x, y: 50.0, region: PLOT }]);
    }
}

#[test]
fn a_finger_drags_from_where_its_slop_ends() {
    let mut hand = hand();
    hand.touch(7, 100.0, 100.0).finger_to(7, 107.0, 100.0);
    assert_eq!(hand.actions(), []);
    hand.finger_to(7, 110.0, 100.0).finger_to(7, 140.0, 100.0);
    assert_eq!(hand.actions(), [Action::PanTime { px: 40.0 - TOUCH_SLOP }], "no crosshair, no jump");
}

#[test]
fn a_flick_coasts_and_stands() {
    let mut hand = hand();
    hand.sweep().actions();
    assert!(!hand.gestures.wants_tick());
    hand.up(7, 200.0, 100.0);
    assert!(hand.gestures.wants_tick());
    let (mut way, mut last, mut frames) = (0.0, f64::INFINITY, 0);
    while hand.gestures.wants_tick() {
        let [Action::PanTime { px }] = hand.tick(16.0).actions()[..] else { panic!() };
        assert!(px > 0.0 && px < last, "slower and slower: {px} after {last}");
        (way, last, frames) = (way + px, px, frames + 1);
    }
    // At one pixel a millisecond; the slop makes the first moment slower.
    assert!(way > 0.9 * DECAY_MS && way < DECAY_MS, "{way}");
    assert!(frames > 60 && frames < 200, "{frames}");
    assert_eq!(hand.tick(16.0).actions(), []);
}

#[test]
fn a_flick_needs_one_movement_and_remembers_none_of_an_earlier_one() {
    let mut hand = hand();
    hand.touch(7, 100.0, 100.0).wait(30.0).finger_to(7, 160.0, 100.0).wait(5.0).up(7, 160.0, 100.0);
    assert!(hand.gestures.wants_tick());
    // Again at once, further to the right, but to the left.
    hand.touch(8, 700.0, 100.0).wait(30.0).finger_to(8, 640.0, 100.0).up(8, 640.0, 100.0).actions();
    let [Action::PanTime { px }] = hand.tick(16.0).actions()[..] else { panic!() };
    assert!(px < 0.0, "{px}");
}

#[test]
fn a_finger_that_stops_first_does_not_flick() {
    let mut hand = hand();
    hand.sweep().wait(REST_MS + 1.0).up(7, 200.0, 100.0);
    assert!(!hand.gestures.wants_tick());
}

#[test]
fn a_flick_ends_at_a_touch_a_key_or_the_wheel() {
    let flicking = || {
        let mut hand = hand();
        hand.sweep().up(7, 200.0, 100.0).tick(16.0).actions();
        assert!(hand.gestures.wants_tick());
        hand
    };
    let mut hand = flicking();
    hand.touch(8, 50.0, 50.0).wait(50.0).up(8, 50.0, 50.0);
    assert_eq!(hand.actions(), [], "the tap that stops it is no click");
    assert!(!hand.gestures.wants_tick());
    let mut hand = flicking();
    assert!(!hand.gestures.handle(Event::Key { key: Key::Other, shift: false, ctrl: false, alt: false }));
    assert_eq!(hand.tick(16.0).actions(), []);
    let mut hand = flicking();
    hand.wheel(0.0, 10.0, PLOT, false, false).actions();
    assert_eq!(hand.tick(16.0).actions(), []);
    let mut hand = flicking();
    hand.gestures.set_reduced_motion(true);
    assert_eq!(hand.tick(16.0).actions(), []);
}

#[test]
fn nothing_coasts_under_reduced_motion() {
    let mut hand = hand();
    hand.gestures.set_reduced_motion(true);
    hand.sweep().up(7, 200.0, 100.0);
    assert!(!hand.gestures.wants_tick());
    hand.actions();
    assert_eq!(hand.tick(16.0).actions(), []);
}

#[test]
fn axes_have_no_long_press_and_a_mouse_has_none() {
    let mut hand = hand();
    assert!(!hand.down(Kind::Touch, 7, 5.0, 5.0, TIMES).gestures.wants_tick());
    assert_eq!(hand.tick(600.0).up(7, 5.0, 5.0).actions(), []);
    assert!(!hand.press(5.0, 5.0, PLOT).gestures.wants_tick());
    assert_eq!(hand.tick(600.0).actions(), []);
}

/// Where `x` is after what the actions do to time.
fn carried(actions: &[Action], mut x: f64) -> f64 {
    for action in actions {
        match *action {
            Action::PanTime { px } => x += px,
            Action::ZoomTime { x: about, factor } => x = about + (x - about) * factor,
            _ => {}
        }
    }
    x
}

#[test]
fn what_is_under_two_fingers_stays_under_them() {
    let mut hand = hand();
    hand.touch(1, 100.0, 200.0).touch(2, 300.0, 200.0);
    assert_eq!(hand.actions(), []);
    for step in 1..=8 {
        let step = f64::from(step);
        hand.wait(4.0).finger_to(1, 100.0 - 3.0 * step, 200.0).finger_to(2, 300.0 + 9.0 * step, 200.0);
    }
    let actions = hand.actions();
    assert_eq!(actions.len(), 2, "once a frame: {actions:?}");
    assert!(close(carried(&actions, 100.0), 76.0) && close(carried(&actions, 300.0), 372.0));
    // Down together: prices only.
    hand.finger_to(1, 76.0, 230.0).finger_to(2, 372.0, 230.0);
    assert_eq!(hand.actions(), [Action::PanPrice { pane: 0, px: 30.0 }]);
    // Through each other.
    hand.finger_to(1, 372.0, 230.0);
    let [.., Action::ZoomTime { factor, .. }] = hand.actions()[..] else { panic!() };
    assert!(close(factor, MIN_SPREAD / 296.0), "{factor}");
}

#[test]
fn a_second_finger_turns_a_drag_into_a_pinch_and_back_without_a_jump() {
    let mut hand = hand();
    hand.touch(1, 100.0, 200.0).finger_to(1, 150.0, 200.0).actions();
    hand.touch(2, 350.0, 200.0);
    assert_eq!(hand.actions(), [], "no jump to the middle");
    hand.finger_to(2, 450.0, 200.0);
    let actions = hand.actions();
    assert!(close(carried(&actions, 150.0), 150.0) && close(carried(&actions, 350.0), 450.0));
    hand.touch(3, 10.0, 10.0).finger_to(3, 90.0, 90.0);
    assert_eq!(hand.actions(), [], "a third finger does nothing");
    hand.up(1, 150.0, 200.0);
    assert_eq!(hand.actions(), [], "no jump to the other finger");
    hand.finger_to(2, 455.0, 200.0);
    assert_eq!(hand.actions(), [Action::PanTime { px: 5.0 }], "it drags at once");
    hand.touch(1, 100.0, 200.0).finger_to(1, 50.0, 200.0).up(2, 455.0, 200.0).up(1, 50.0, 200.0);
    assert!(matches!(hand.actions()[..], [Action::PanTime { .. }, Action::ZoomTime { .. }]));
    assert_eq!(hand.finger_to(1, 0.0, 0.0).finger_to(2, 0.0, 0.0).actions(), []);
}

#[test]
fn a_pinch_is_told_before_what_follows_it() {
    let pinching = || {
        let mut hand = hand();
        hand.touch(1, 100.0, 200.0).touch(2, 300.0, 200.0).finger_to(2, 400.0, 200.0);
        hand
    };
    let pinch = [Action::PanTime { px: 50.0 }, Action::ZoomTime { x: 250.0, factor: 1.5 }];
    let then = |hand: &mut Hand, rest: &[Action]| assert_eq!(hand.actions(), [&pinch[..], rest].concat());
    then(pinching().handle(Event::PointerCancel { id: 1 }), &[]);
    then(pinching().up(1, 100.0, 200.0), &[]);
    then(pinching().key(Key::Escape), &[Action::Escape]);
    then(pinching().wheel(10.0, 0.0, PLOT, false, false), &[Action::PanTime { px: -10.0 }]);
    then(pinching().touch(2, 50.0, 50.0), &[]);
}

#[test]
fn a_finger_does_not_pinch_with_a_mouse() {
    let mut hand = hand();
    hand.press(100.0, 200.0, PLOT).touch(7, 300.0, 200.0).finger_to(7, 400.0, 200.0);
    assert_eq!(hand.actions(), []);
    assert_eq!(hand.up(7, 400.0, 200.0).mouse_to(110.0, 200.0).deeds(), [Action::PanTime { px: 10.0 }]);
}

// The finger that stays is past this when it may flick again.
const _: () = assert!(PINCH_REST_MS >= flick::WINDOW_MS);

#[test]
fn lifting_two_fingers_one_after_the_other_does_not_flick() {
    let mut hand = hand();
    hand.touch(1, 100.0, 200.0).touch(2, 300.0, 200.0).up(1, 100.0, 200.0);
    for step in 1..=4 {
        hand.wait(15.0).finger_to(2, 300.0 + 20.0 * f64::from(step), 200.0);
    }
    assert!(!hand.up(2, 380.0, 200.0).gestures.wants_tick());
    assert_eq!(hand.deeds().len(), 1);
    assert_eq!(hand.tick(500.0).deeds(), [], "nor is it a tap");
}

#[test]
fn a_pinch_leaves_the_crosshair_of_touch_alone() {
    let mut hand = hand();
    hand.touch(1, 100.0, 200.0).tick(LONG_PRESS_MS).actions();
    hand.touch(2, 300.0, 200.0).finger_to(2, 400.0, 200.0);
    assert!(hand.actions().iter().all(|action| !matches!(action, Action::Point(_))));
    hand.up(2, 400.0, 200.0).finger_to(1, 110.0, 200.0);
    assert_eq!(hand.actions(), [point(110.0, 200.0)]);
}

#[test]
fn a_cancelled_pointer_ends_everything() {
    let mut hand = hand();
    hand.sweep().handle(Event::PointerCancel { id: 7 }).actions();
    assert!(!hand.gestures.wants_tick(), "no flick");
    assert_eq!(hand.finger_to(7, 300.0, 0.0).up(7, 300.0, 0.0).actions(), []);

    hand.touch(1, 100.0, 200.0).touch(2, 300.0, 200.0).handle(Event::PointerCancel { id: 2 });
    assert_eq!(hand.finger_to(1, 300.0, 0.0).up(1, 300.0, 0.0).actions(), []);

    hand.touch(7, 1.0, 1.0).handle(Event::PointerCancel { id: 7 });
    assert_eq!(hand.tick(LONG_PRESS_MS).actions(), [], "no long press");

    hand.press(1.0, 1.0, PLOT).handle(Event::PointerCancel { id: 99 });
    assert_eq!(hand.mouse_to(50.0, 1.0).deeds(), [Action::PanTime { px: 49.0 }], "only its own");
}

#[test]
fn a_press_told_twice_begins_anew() {
    let mut hand = hand();
    hand.press(100.0, 1.0, PLOT).mouse_to(200.0, 1.0).deeds();
    assert_eq!(hand.press(500.0, 1.0, PLOT).mouse_to(510.0, 1.0).deeds(), [Action::PanTime { px: 10.0 }]);
    hand.up(1, 510.0, 1.0).deeds();
    hand.touch(1, 100.0, 200.0).touch(2, 300.0, 200.0).touch(2, 20.0, 200.0).finger_to(2, 60.0, 200.0);
    assert_eq!(hand.actions(), [Action::PanTime { px: 40.0 - TOUCH_SLOP }]);
}

#[test]
fn keys_act_and_say_whether_they_were_the_charts() {
    let mut hand = hand();
    let key = |hand: &mut Hand, key| {
        hand.gestures.handle(Event::Key { key, shift: false, ctrl: false, alt: false })
    };
    assert!(key(&mut hand, Key::Left) && key(&mut hand, Key::Left) && key(&mut hand, Key::Plus));
    assert!(key(&mut hand, Key::Down) && !key(&mut hand, Key::Other));
    assert_eq!(hand.actions(), [Action::Walk(-2), Action::ZoomStep(1), Action::WalkPanes(1)]);
}

#[test]
fn escape_lets_go() {
    let mut hand = hand();
    hand.press(1.0, 1.0, PLOT).mouse_to(50.0, 1.0).deeds();
    assert_eq!(hand.key(Key::Escape).mouse_to(90.0, 1.0).deeds(), [Action::Escape]);
    hand.up(1, 90.0, 1.0).touch(7, 9.0, 9.0).tick(LONG_PRESS_MS).up(7, 9.0, 9.0).deeds();
    assert_eq!(hand.key(Key::Escape).actions(), [Action::Point(None), Action::Escape]);
}

#[test]
fn numbers_that_are_none_are_ignored_but_a_release_counts() {
    let mut hand = hand();
    hand.press(1.0, 1.0, PLOT).mouse_to(50.0, 1.0).deeds();
    hand.mouse_to(f64::NAN, 1.0).wheel(f64::INFINITY, 1.0, PLOT, false, false).tick(f64::NAN);
    hand.now = 100.0;
    assert_eq!(hand.actions(), []);
    hand.up(1, f64::NAN, f64::NAN);
    assert_eq!(hand.mouse_to(90.0, 1.0).deeds(), []);
}
