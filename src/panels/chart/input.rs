//! Pointers, wheel and keys over the chart: from the browser to the recognizer of gestures, and from
//! there to the chart.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, HtmlDivElement, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use wickwire_chart::Chart;
use wickwire_chart::gesture::{Action, Event, Key, Kind, MAX_WHEEL, Recognizer, Region};
use wickwire_chart::view::layout::{Place, SPLITTER_REACH, TOUCH_REACH};

use crate::dom::{self, Listener};

/// CSS pixels of a wheel's line, where it counts in lines: three of them are a notch.
const WHEEL_LINE: f64 = 32.0;
/// How much one key press zooms.
const ZOOM_STEP: f64 = 1.25;

#[wasm_bindgen]
extern "C" {
    /// An event with positions as exact as the pointer is; `web_sys` cuts off the fraction.
    type ExactEvent;
    #[wasm_bindgen(method, getter, js_name = clientX)]
    fn x(this: &ExactEvent) -> f64;
    #[wasm_bindgen(method, getter, js_name = clientY)]
    fn y(this: &ExactEvent) -> f64;
}

/// What is under the hand.
pub trait Hand {
    /// Takes an event; whether it was the chart's. What it does is done in the next frame.
    fn gesture(&mut self, event: Event) -> bool;
    /// The part of the chart that a pointer of this kind has hold of at a CSS pixel.
    fn region(&self, at: (f64, f64), kind: Kind) -> Region;
    /// The recognizer of what the hand does.
    fn gestures(&mut self) -> &mut Recognizer;
}

/// Does one action of the hand to the chart. What is not the chart's own is left to the pane.
pub(super) fn apply(action: Action, chart: &mut Chart, ratio: f64) {
    let whole = |css: f64| (css * ratio).floor() as i32;
    match action {
        Action::Point(at) => chart.point(at.map(|(x, y)| (whole(x), whole(y)))),
        Action::PanTime { px } => chart.pan(px * ratio),
        Action::PanPrice { pane, px } => chart.pan_price(pane, px * ratio),
        Action::ZoomTime { x, factor } => chart.zoom(x * ratio, factor),
        Action::ScaleTime { factor } => chart.scale_time(factor),
        Action::ScalePrice { pane, anchor, factor } => {
            chart.scale_price(pane, anchor.map(whole), 1.0 / factor);
        }
        Action::ResetTime => chart.reset_time(),
        Action::ResetPrice { pane } => chart.reset_price(pane),
        Action::ResetAll => chart.reset_view(),
        Action::MoveSplitter { above, px } => chart.move_splitter(above, px * ratio),
        Action::Walk(by) => {
            chart.walk(by as isize);
        }
        Action::WalkPanes(by) => chart.walk_panes(by),
        Action::ZoomStep(steps) => chart.zoom_about_crosshair(ZOOM_STEP.powi(steps)),
        Action::ScaleStep(steps) => chart.scale_pointed(steps),
        Action::PanStep(steps) => chart.pan_pointed(steps),
        Action::GrowStep(steps) => chart.grow_pointed(steps),
        Action::ResetPointed => chart.reset_price(chart.pointed_pane()),
        Action::PanBars(by) => chart.pan_bars(f64::from(by)),
        Action::PanPages(pages) => chart.pan_pages(f64::from(pages)),
        Action::GoStart => chart.go_start(),
        Action::GoLive => chart.go_live(),
        Action::Escape => chart.point(None),
        Action::Help | Action::Headlines | Action::Click { .. } => {}
    }
}

/// The part of the chart that a pointer of this kind has hold of at a CSS pixel, in the words of the recognizer.
pub(super) fn region(chart: &Chart, (x, y): (f64, f64), kind: Kind, ratio: f64) -> Region {
    let reach = if kind == Kind::Touch { TOUCH_REACH } else { SPLITTER_REACH };
    match chart.place((x * ratio).floor() as i32, (y * ratio).floor() as i32, reach) {
        Place::Plot(pane) => Region::Plot { pane },
        Place::Axis(pane) => Region::PriceAxis { pane },
        Place::TimeAxis => Region::TimeAxis { right: f64::from(chart.layout().plots.right()) / ratio },
        Place::News => Region::News,
        Place::Splitter(above) => Region::Splitter { above },
        Place::Corner => Region::Corner,
        Place::Outside => Region::Outside,
    }
}

/// Listens on `stage` for the pane as long as the listeners are kept, and on `over`, which lies over it and
/// has buttons of its own.
pub fn listen<H: Hand + 'static>(
    stage: &HtmlDivElement,
    over: Option<&Element>,
    pane: &Rc<RefCell<H>>,
) -> Vec<Listener> {
    let pane: Rc<RefCell<dyn Hand>> = Rc::clone(pane) as _;
    let input = Rc::new(Input { stage: stage.clone(), pane: Rc::downgrade(&pane), over: Cell::new("") });
    let stage = HEARD.iter().map(|heard| (stage.unchecked_ref(), heard));
    let over = over.into_iter().flat_map(|over| HEARD_OVER.iter().map(move |heard| (over, heard)));
    stage
        .chain(over)
        .map(|(target, &(name, told))| {
            let input = Rc::clone(&input);
            Listener::active(target, name, move |event| told(&input, &event))
        })
        .collect()
}

/// A key that is pressed, in the words of the recognizer.
pub(super) fn pressed(event: &KeyboardEvent) -> Event {
    // With Meta a key is the browser's or the system's.
    let key = if event.meta_key() { Key::Other } else { Key::named(&event.key()) };
    Event::Key { key, shift: event.shift_key(), ctrl: event.ctrl_key(), alt: event.alt_key() }
}

type Told = fn(&Input, &web_sys::Event);

const HEARD: [(&str, Told); 10] = [
    ("pointerdown", Input::down),
    ("pointermove", Input::moved),
    ("pointerup", Input::up),
    ("pointercancel", Input::cancel),
    ("lostpointercapture", Input::lost),
    ("pointerleave", Input::leave),
    ("wheel", Input::wheel),
    ("dblclick", Input::double_click),
    ("contextmenu", Input::menu),
    ("keydown", Input::key),
];

/// What the hand does on the words over the chart is meant for the chart, but for their buttons. Once a press
/// is the stage's, all that follows comes to that.
const HEARD_OVER: [(&str, Told); 5] = [
    ("pointerdown", Input::down),
    ("pointermove", Input::moved),
    ("pointerleave", Input::leave),
    ("wheel", Input::wheel),
    ("contextmenu", Input::menu),
];

/// Where events come from, and whom they are told.
struct Input {
    stage: HtmlDivElement,
    pane: Weak<RefCell<dyn Hand>>,
    /// The part of the chart under the pointer, as the style sheet knows it.
    over: Cell<&'static str>,
}

impl Input {
    fn with_pane<R>(&self, act: impl FnOnce(&mut dyn Hand) -> R) -> Option<R> {
        let pane = self.pane.upgrade()?;
        let mut pane = pane.try_borrow_mut().ok()?;
        Some(act(&mut *pane))
    }

    /// Tells the pane; whether the event was the chart's.
    fn tell(&self, event: Event) -> bool {
        self.with_pane(|pane| pane.gesture(event)).unwrap_or(false)
    }

    fn region(&self, at: (f64, f64), kind: Kind) -> Region {
        self.with_pane(|pane| pane.region(at, kind)).unwrap_or(Region::Outside)
    }

    /// Where an event is, in CSS pixels of the stage.
    fn at(&self, event: &MouseEvent) -> (f64, f64) {
        let (event, stage) = (event.unchecked_ref::<ExactEvent>(), self.stage.get_bounding_client_rect());
        (event.x() - stage.left(), event.y() - stage.top())
    }

    fn down(&self, event: &web_sys::Event) {
        let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| matches!(target.closest("button"), Ok(Some(_)))) {
            return;
        }
        let (x, y) = self.at(event);
        let (id, kind, primary) = (event.pointer_id(), kind(event), event.button() == 0);
        if kind == Kind::Touch {
            let reduced = dom::media_matches("(prefers-reduced-motion: reduce)");
            self.with_pane(|pane| pane.gestures().set_reduced_motion(reduced));
        }
        let (region, time_ms) = (self.region((x, y), kind), event.time_stamp());
        self.tell(Event::PointerDown { id, kind, primary, x, y, region, time_ms });
        if primary {
            let _ = self.stage.set_pointer_capture(id);
        }
    }

    fn moved(&self, event: &web_sys::Event) {
        let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
        let (x, y) = self.at(event);
        let (id, kind, pressed) = (event.pointer_id(), kind(event), event.buttons() & 1 != 0);
        if !pressed {
            self.show_region(self.region((x, y), kind));
        }
        self.tell(Event::PointerMove { id, kind, pressed, x, y, time_ms: event.time_stamp() });
    }

    fn up(&self, event: &web_sys::Event) {
        let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
        let (x, y) = self.at(event);
        self.tell(Event::PointerUp { id: event.pointer_id(), x, y, time_ms: event.time_stamp() });
    }

    fn cancel(&self, event: &web_sys::Event) {
        if let Some(event) = event.dyn_ref::<PointerEvent>() {
            self.tell(Event::PointerCancel { id: event.pointer_id() });
        }
    }

    fn lost(&self, event: &web_sys::Event) {
        // A canvas loses a finger to the stage at once: that is as it should be.
        if event.target().is_some_and(|target| &target == self.stage.unchecked_ref::<web_sys::EventTarget>())
        {
            self.cancel(event);
        }
    }

    fn leave(&self, event: &web_sys::Event) {
        if let Some(event) = event.dyn_ref::<PointerEvent>() {
            self.tell(Event::PointerLeave { kind: kind(event) });
        }
    }

    fn wheel(&self, event: &web_sys::Event) {
        let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
        let unit = match event.delta_mode() {
            WheelEvent::DOM_DELTA_LINE => WHEEL_LINE,
            WheelEvent::DOM_DELTA_PAGE => MAX_WHEEL,
            _ => 1.0,
        };
        let ((x, y), dx, dy) = (self.at(event), event.delta_x() * unit, event.delta_y() * unit);
        let (region, ctrl, shift) = (self.region((x, y), Kind::Mouse), event.ctrl_key(), event.shift_key());
        let time_ms = event.time_stamp();
        if self.tell(Event::Wheel { x, y, dx, dy, region, ctrl, shift, time_ms }) {
            event.prevent_default();
        }
    }

    fn double_click(&self, event: &web_sys::Event) {
        if let Some(event) = event.dyn_ref::<MouseEvent>() {
            self.tell(Event::DoubleClick { region: self.region(self.at(event), Kind::Mouse) });
        }
    }

    /// A finger that rests brings the crosshair, not the browser's menu.
    fn menu(&self, event: &web_sys::Event) {
        if self.with_pane(|pane| pane.gestures().touched()) == Some(true) {
            event.prevent_default();
        }
    }

    fn key(&self, event: &web_sys::Event) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if self.tell(pressed(event)) {
            event.prevent_default();
        }
    }

    /// Lets the style sheet know what can be dragged here.
    fn show_region(&self, region: Region) {
        let over = match region {
            Region::PriceAxis { .. } => "price-axis",
            Region::TimeAxis { .. } => "time-axis",
            Region::Splitter { .. } => "splitter",
            Region::Plot { .. } | Region::News | Region::Corner | Region::Outside => "",
        };
        if self.over.replace(over) != over {
            let _ = self.stage.set_attribute("data-over", over);
        }
    }
}

fn kind(event: &PointerEvent) -> Kind {
    match event.pointer_type().as_str() {
        "touch" => Kind::Touch,
        "pen" => Kind::Pen,
        _ => Kind::Mouse,
    }
}
