//! The wheel, and two fingers on a trackpad.

use super::*;

#[test]
fn the_wheel_zooms_at_the_pointer_and_scrolls_sideways() {
    let mut hand = hand();
    let notch = (100.0 * WHEEL_ZOOM).exp();
    let zoomed = |hand: &mut Hand| match hand.actions()[..] {
        [Action::ZoomTime { x: 300.0, factor }] => factor,
        ref other => panic!("{other:?}"),
    };
    hand.wheel(0.0, -100.0, PLOT, false, false);
    assert!(close(zoomed(&mut hand), notch), "away from one is nearer");
    hand.wheel(0.0, -100.0, PLOT, false, false).wheel(5.0, 300.0, TIMES, false, false);
    assert!(close(zoomed(&mut hand), 1.0 / (notch * notch)), "there and back, and more");
    hand.wheel(0.0, -9e9, PLOT, false, false);
    assert!(close(zoomed(&mut hand), (MAX_WHEEL * WHEEL_ZOOM).exp()));
    // A trackpad's pinch by 5 %, as browsers tell it; and Ctrl with a wheel.
    hand.wheel(0.0, -100.0 * 1.05_f64.ln(), PLOT, true, false);
    assert!(close(zoomed(&mut hand), 1.05));
    hand.wheel(0.0, -100.0, PLOT, true, false);
    assert!(close(zoomed(&mut hand), MAX_PINCH.exp()));

    hand.wait(WHEEL_REST_MS + 1.0);
    assert_eq!(hand.wheel(30.0, 4.0, PLOT, false, false).actions(), [Action::PanTime { px: -30.0 }]);
    assert_eq!(hand.wheel(0.0, 30.0, PLOT, false, true).actions(), [Action::PanTime { px: -30.0 }]);
    assert_eq!(hand.wheel(30.0, 0.0, PLOT, false, true).actions(), [Action::PanTime { px: -30.0 }]);
    hand.wait(WHEEL_REST_MS + 1.0);
    assert_eq!(hand.wheel(0.0, 0.0, PLOT, false, false).actions(), []);

    hand.wheel(0.0, -100.0, PRICES, false, false);
    let [Action::ScalePrice { pane: 1, anchor: Some(40.0), factor }] = hand.actions()[..] else { panic!() };
    assert!(close(factor, notch));

    let (region, time_ms) = (Region::Outside, 0.0);
    let outside =
        Event::Wheel { x: 0.0, y: 0.0, dx: 0.0, dy: 9.0, region, ctrl: false, shift: false, time_ms };
    assert!(!hand.gestures.handle(outside), "the page scrolls");
    assert_eq!(hand.actions(), []);
}

/// What a swipe does whose turns come every so many milliseconds: how far it scrolls, and how often it zooms.
fn swipe(hand: &mut Hand, every: f64, turns: &[(f64, f64)]) -> (f64, usize) {
    let (mut scrolled, mut zoomed) = (0.0, 0);
    for &(dx, dy) in turns {
        hand.wait(every).wheel(dx, dy, PLOT, false, false);
        for action in hand.actions() {
            match action {
                Action::PanTime { px } => scrolled -= px,
                Action::ZoomTime { .. } => zoomed += 1,
                other => panic!("{other:?}"),
            }
        }
    }
    (scrolled, zoomed)
}

#[test]
fn a_swipe_goes_the_way_it_began_until_there_is_a_pause() {
    let mut hand = hand();
    hand.wait(1_000.0);
    let across = [(12.0, 5.0), (9.0, 11.0), (10.0, 10.0), (2.0, 14.0), (0.0, 6.0), (7.0, 1.0)];
    assert_eq!(swipe(&mut hand, 16.0, &across), (40.0, 0));
    hand.wait(WHEEL_REST_MS);
    let down = across.map(|(dx, dy)| (dy, dx));
    assert_eq!(swipe(&mut hand, 16.0, &down), (0.0, 5), "one of the six went across only");
    assert_eq!(swipe(&mut hand, WHEEL_REST_MS, &across[..1]), (0.0, 1), "no pause yet");
    assert_eq!(swipe(&mut hand, WHEEL_REST_MS + 1.0, &across[..1]), (12.0, 0));
}

#[test]
fn the_first_pixels_of_a_swipe_decide_together() {
    let mut hand = hand();
    hand.wait(1_000.0);
    let trembling = [(0.0, 1.0), (2.0, 1.0), (9.0, 1.0), (9.0, 20.0)];
    assert_eq!(swipe(&mut hand, 16.0, &trembling), (18.0, 2));
}

#[test]
fn with_shift_or_ctrl_a_swipe_is_what_they_say() {
    let mut hand = hand();
    hand.wait(1_000.0).wheel(20.0, 0.0, PLOT, false, false).actions();
    assert!(matches!(hand.wheel(0.0, 9.0, PLOT, true, false).actions()[..], [Action::ZoomTime { .. }]));
    hand.wait(1_000.0).wheel(0.0, 20.0, PLOT, false, false).actions();
    assert_eq!(hand.wheel(9.0, 0.0, PLOT, false, true).actions(), [Action::PanTime { px: -9.0 }]);
}
