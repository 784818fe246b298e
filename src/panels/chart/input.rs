//! Pointer and wheel over the chart, as gestures applied in the animation frame.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlDivElement, PointerEvent, WheelEvent};
use wickwire_chart::Chart;

use crate::dom::Listener;

/// Gestures kept between two frames at most. In a hidden tab there are no frames, and no pointer.
const MAX_GESTURES: usize = 64;
/// How much one pixel of wheel travel zooms: a notch of 100 pixels by a seventh.
const WHEEL_ZOOM: f64 = 0.001_35;
/// Pixels of a wheel's line, where it counts in lines.
const WHEEL_LINE: f64 = 16.0;
/// Longest wheel travel taken from one event, pixels.
const MAX_WHEEL: f64 = 400.0;

/// Something the hand did; lengths in CSS pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Gesture {
    /// The pointer is here, or gone.
    Point(Option<(f64, f64)>),
    /// The chart was dragged to the right by this much.
    Pan(f64),
    /// Zoom by a factor around a column.
    Zoom(f64, f64),
    /// Back to the start.
    Reset,
}

impl Gesture {
    /// Tells the chart.
    pub(super) fn apply(self, chart: &mut Chart, ratio: f64) {
        let whole = |css: f64| (css * ratio).floor() as i32;
        match self {
            Self::Point(at) => chart.point(at.map(|(x, y)| (whole(x), whole(y)))),
            Self::Pan(by) => chart.pan(by * ratio),
            Self::Zoom(x, factor) => chart.zoom(x * ratio, factor),
            Self::Reset => chart.reset_view(),
        }
    }
}

/// The listeners; they go when this is dropped.
pub(super) struct Gestures {
    _listeners: Vec<Listener>,
}

impl Gestures {
    /// Listens on `stage`, notes gestures in `noted` and calls `changed` after each. Keys and touch
    /// gestures belong here too.
    pub(super) fn listen(
        stage: &HtmlDivElement,
        noted: Rc<RefCell<Vec<Gesture>>>,
        changed: impl Fn() + 'static,
    ) -> Self {
        let note: Rc<dyn Fn(Gesture)> = Rc::new(move |gesture| {
            if let Ok(mut noted) = noted.try_borrow_mut() {
                merge(&mut noted, gesture);
            }
            changed();
        });
        // Where a drag was last, by pointer.
        let drag: Rc<Cell<Option<(i32, f64)>>> = Rc::default();
        let mut listeners = Vec::new();
        let mut on = |name, handler: Box<dyn Fn(&web_sys::Event)>| {
            listeners.push(Listener::new(stage, name, move |event| handler(&event)));
        };
        {
            let (drag, stage) = (Rc::clone(&drag), stage.clone());
            on(
                "pointerdown",
                Box::new(move |event| {
                    let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
                    if event.button() == 0 && drag.get().is_none() {
                        drag.set(Some((event.pointer_id(), f64::from(event.client_x()))));
                        let _ = stage.set_pointer_capture(event.pointer_id());
                    }
                }),
            );
        }
        {
            let (drag, note) = (Rc::clone(&drag), Rc::clone(&note));
            on(
                "pointermove",
                Box::new(move |event| {
                    let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
                    if let Some((pointer, from)) = drag.get()
                        && pointer == event.pointer_id()
                    {
                        let x = f64::from(event.client_x());
                        drag.set(Some((pointer, x)));
                        if x != from {
                            note(Gesture::Pan(x - from));
                        }
                    }
                    note(Gesture::Point(Some((event.offset_x().into(), event.offset_y().into()))));
                }),
            );
        }
        for name in ["pointerup", "pointercancel"] {
            let drag = Rc::clone(&drag);
            on(
                name,
                Box::new(move |event| {
                    let id = event.dyn_ref::<PointerEvent>().map(PointerEvent::pointer_id);
                    if drag.get().is_some_and(|(pointer, _)| id.is_none_or(|id| id == pointer)) {
                        drag.set(None);
                    }
                }),
            );
        }
        {
            let note = Rc::clone(&note);
            on("pointerleave", Box::new(move |_| note(Gesture::Point(None))));
        }
        {
            let note = Rc::clone(&note);
            on("dblclick", Box::new(move |_| note(Gesture::Reset)));
        }
        on(
            "wheel",
            Box::new(move |event| {
                let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
                event.prevent_default();
                let unit = match event.delta_mode() {
                    WheelEvent::DOM_DELTA_LINE => WHEEL_LINE,
                    WheelEvent::DOM_DELTA_PAGE => MAX_WHEEL,
                    _ => 1.0,
                };
                let travel = |delta: f64| (delta * unit).clamp(-MAX_WHEEL, MAX_WHEEL);
                let (dx, dy) = (travel(event.delta_x()), travel(event.delta_y()));
                if dx.abs() > dy.abs() {
                    note(Gesture::Pan(-dx));
                } else if dy != 0.0 {
                    note(Gesture::Zoom(event.offset_x().into(), (-dy * WHEEL_ZOOM).exp()));
                }
            }),
        );
        Self { _listeners: listeners }
    }
}

/// Adds a gesture, joined with the one before where both are of a kind.
fn merge(noted: &mut Vec<Gesture>, gesture: Gesture) {
    let room = noted.len() < MAX_GESTURES;
    match (noted.last_mut(), gesture) {
        (Some(Gesture::Point(at)), Gesture::Point(to)) => *at = to,
        (Some(Gesture::Pan(by)), Gesture::Pan(more)) => *by += more,
        _ if room => noted.push(gesture),
        _ => {}
    }
}
