//! The crosshair of a finger.

use super::*;

#[test]
fn a_finger_that_rests_brings_the_crosshair() {
    let mut hand = hand();
    hand.touch(7, 100.0, 100.0);
    assert!(hand.gestures.wants_tick());
    hand.tick(LONG_PRESS_MS - 1.0).finger_to(7, 103.0, 100.0);
    assert_eq!(hand.actions(), []);
    assert_eq!(hand.tick(1.0).actions(), [point(103.0, 100.0)]);
    assert!(!hand.gestures.wants_tick());
    assert_eq!(hand.finger_to(7, 150.0, 90.0).actions(), [point(150.0, 90.0)], "it moves with the finger");
    assert_eq!(hand.up(7, 150.0, 90.0).actions(), [], "and stays");
    assert_eq!(hand.handle(Event::PointerLeave { kind: Kind::Touch }).actions(), []);

    // Another drag moves it by as much as the finger moves, wherever that is.
    hand.touch(8, 20.0, 300.0).wait(30.0).finger_to(8, 20.0 + TOUCH_SLOP, 300.0);
    hand.wait(30.0).finger_to(8, 60.0 + TOUCH_SLOP, 290.0).up(8, 60.0 + TOUCH_SLOP, 290.0);
    assert_eq!(hand.actions(), [point(190.0, 80.0)]);
    assert!(!hand.gestures.wants_tick());

    // An axis is an axis still.
    hand.down(Kind::Touch, 8, 780.0, 50.0, PRICES).finger_to(8, 780.0, 90.0).up(8, 780.0, 90.0);
    assert!(matches!(hand.actions()[..], [Action::ScalePrice { .. }]));

    hand.touch(9, 400.0, 50.0).wait(50.0).up(9, 400.0, 50.0);
    assert_eq!(hand.actions(), [Action::Point(None)], "a tap puts it away, and is no click");
    hand.sweep();
    assert!(matches!(hand.actions()[..], [Action::PanTime { .. }]));
}

#[test]
fn a_long_press_needs_no_frames() {
    let mut hand = hand();
    hand.touch(7, 100.0, 100.0).wait(LONG_PRESS_MS + 300.0).up(7, 100.0, 100.0);
    assert_eq!(hand.actions(), [point(100.0, 100.0)]);
    hand.hover(5.0, 5.0).actions();
    hand.sweep();
    assert!(matches!(hand.actions()[..], [Action::PanTime { .. }]), "a mouse takes the crosshair over");
}

#[test]
fn a_finger_takes_the_crosshair_to_the_edges_of_the_plots_and_at_once_back() {
    let mut hand = hand();
    hand.gestures.set_plots(400.0, 300.0);
    hand.touch(7, 390.0, 290.0).tick(LONG_PRESS_MS).actions();
    assert_eq!(hand.finger_to(7, 900.0, 800.0).actions(), [point(400.0, 300.0)]);
    assert_eq!(hand.finger_to(7, 880.0, 770.0).actions(), [point(380.0, 270.0)], "not all the way back");
    assert_eq!(hand.finger_to(7, -900.0, -900.0).actions(), [point(0.0, 0.0)]);
    assert_eq!(hand.finger_to(7, -890.0, -880.0).actions(), [point(10.0, 20.0)]);
    // The plots became smaller.
    hand.gestures.set_plots(5.0, -1.0);
    assert_eq!(hand.finger_to(7, -889.0, -880.0).actions(), [point(5.0, 0.0)]);
}

#[test]
fn a_finger_pans_again_once_the_crosshair_is_dropped() {
    let mut hand = hand();
    hand.gestures.drop_crosshair();
    assert_eq!(hand.actions(), [], "there is none");
    hand.touch(7, 100.0, 100.0).tick(LONG_PRESS_MS).up(7, 100.0, 100.0).actions();
    hand.gestures.drop_crosshair();
    assert_eq!(hand.actions(), [Action::Point(None)]);
    hand.sweep();
    assert!(matches!(hand.actions()[..], [Action::PanTime { .. }]));
    hand.up(7, 200.0, 100.0).tick(5_000.0).actions();
    // Under a finger that moves it, too.
    hand.wait(1_000.0).touch(7, 100.0, 100.0).tick(LONG_PRESS_MS).actions();
    hand.gestures.drop_crosshair();
    assert_eq!(hand.finger_to(7, 200.0, 100.0).up(7, 200.0, 100.0).actions(), [Action::Point(None)]);
    hand.touch(7, 100.0, 100.0).wait(20.0).finger_to(7, 100.0 + TOUCH_SLOP + 5.0, 100.0);
    assert_eq!(hand.actions(), [Action::PanTime { px: 5.0 }]);
}
