//! What the hand means: pointers, wheel and keys in, [`Action`]s on the chart out.
//!
//! A state machine without browser and clock: the caller says which part of the chart an event is
//! on ([`Region`]) and when it happened, and takes the actions once a frame. Lengths are CSS pixels.
//!
//! ```
//! use wickwire_chart::gesture::{Action, Event, Kind, Recognizer, Region};
//!
//! let (mut gestures, kind, id) = (Recognizer::default(), Kind::Mouse, 1);
//! let region = Region::Plot { pane: 0 };
//! gestures.handle(Event::PointerDown { id, kind, primary: true, x: 50.0, y: 9.0, region, time_ms: 0.0 });
//! gestures.handle(Event::PointerMove { id, kind, pressed: true, x: 70.0, y: 9.0, time_ms: 16.0 });
//! let actions: Vec<Action> = gestures.drain().collect();
//! assert_eq!(actions, [Action::PanTime { px: 20.0 }, Action::Point(Some((70.0, 9.0)))]);
//! ```
//!
//! Rules, as users of trading charts expect them:
//!
//! - **Mouse and pen**: hovering moves the crosshair. Dragging moves the plot, stretches an axis,
//!   moves the line between panes. A double click resets the axis, or on the plot everything.
//! - **Wheel**: zooms at the pointer, on the price axis stretches that. Sideways, or with Shift, it
//!   scrolls, for as long as it turns without a pause. With Ctrl it is a trackpad's pinch.
//! - **Touch**: one finger drags, and a flick coasts. Two fingers zoom and move at once: what is
//!   under the middle of the two stays there. A finger that rests brings the crosshair, which then moves by
//!   as much as the finger does, within the plots, and a tap puts it away. A double tap resets.
//! - **Keys**: [`KEYS`].
//!
//! A press becomes a drag once it has moved a little. A cancelled pointer ends whatever it did.

mod action;
mod event;
mod flick;
mod keys;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties;
mod recognizer;
#[cfg(test)]
mod tests;

pub use action::{Action, MAX_ACTIONS, MAX_FACTOR};
pub use event::{Event, Kind, Region};
pub use flick::{DECAY_MS, MAX_SPEED, MIN_SPEED, REST_MS};
pub use keys::{KEYS, Key, MANY_BARS};
pub use recognizer::{
    AXIS_DRAG, CLICK_MS, DOUBLE_TAP_MS, DOUBLE_TAP_PX, LONG_PRESS_MS, MAX_PINCH, MAX_WHEEL, MIN_REACH,
    MIN_SPREAD, MOUSE_SLOP, PINCH_REST_MS, PINCH_WHEEL, Recognizer, TOUCH_SLOP, WHEEL_REST_MS, WHEEL_SLOP,
    WHEEL_ZOOM,
};
