//! The state machine.

use super::action::{Action, Queue, bounded};
use super::event::{Event, Kind, Region};
use super::flick::{Flick, Trail};

/// How far a mouse moves before a press is a drag, CSS pixels.
pub const MOUSE_SLOP: f64 = 3.0;
/// The same for a finger or a pen.
pub const TOUCH_SLOP: f64 = 8.0;
/// A press held for longer is no click, milliseconds.
pub const CLICK_MS: f64 = 500.0;
/// A finger that rests this long brings the crosshair, milliseconds.
pub const LONG_PRESS_MS: f64 = 500.0;
/// Two taps within this time are a double tap, milliseconds from lift to lift.
pub const DOUBLE_TAP_MS: f64 = 350.0;
/// And within this distance, CSS pixels.
pub const DOUBLE_TAP_PX: f64 = 24.0;
/// The finger that stays after a pinch does not flick this soon, milliseconds: two fingers are
/// never lifted at once.
pub const PINCH_REST_MS: f64 = 150.0;
/// Two fingers closer than this count as this far apart, CSS pixels.
pub const MIN_SPREAD: f64 = 24.0;
/// How much a CSS pixel of wheel travel zooms: a notch of 100 by a seventh.
pub const WHEEL_ZOOM: f64 = 0.001_35;
/// The same for a trackpad's pinch, of which browsers make a wheel of 100 × ln(factor).
pub const PINCH_WHEEL: f64 = 0.01;
/// Longest wheel travel taken from one event, CSS pixels.
pub const MAX_WHEEL: f64 = 400.0;
/// Furthest one event of a trackpad's pinch zooms, as a logarithm: a wheel's notch with Ctrl looks
/// like a pinch of 100 pixels.
pub const MAX_PINCH: f64 = 0.25;
/// Turns of the wheel no further apart than this are one, milliseconds: a trackpad's swipe is many of them,
/// never quite straight, and either zooms or scrolls.
pub const WHEEL_REST_MS: f64 = 150.0;
/// Travel within which it is decided which of the two, CSS pixels.
pub const WHEEL_SLOP: f64 = 8.0;
/// How much a CSS pixel of dragging the price axis stretches it.
pub const AXIS_DRAG: f64 = 0.004;
/// The time axis stretches as if it was held at least this far from its right end, CSS pixels.
pub const MIN_REACH: f64 = 32.0;
/// Positions further out are taken as this, CSS pixels.
const MAX_POSITION: f64 = 1e6;

/// Recognizes gestures. See the [module](super).
#[derive(Default, Debug)]
pub struct Recognizer {
    queue: Queue,
    state: State,
    /// The crosshair, while touch moves it.
    crosshair: Option<(f64, f64)>,
    /// How far right and down the plots reach, once that is known.
    plots: Option<(f64, f64)>,
    /// When the wheel last turned, and how far it went across and down at first.
    wheel: (f64, f64, f64),
    trail: Trail,
    flick: Option<Flick>,
    tap: Option<Tap>,
    /// When the last pinch ended.
    pinched: Option<f64>,
    /// Whether the last press was by touch.
    touched: bool,
    /// Whether the last press became a drag.
    dragged: bool,
    reduced_motion: bool,
    now: f64,
}

#[derive(Clone, Copy, Default, Debug)]
enum State {
    #[default]
    Idle,
    One(Press),
    Two(Pinch),
}

/// A pointer that is down.
#[derive(Clone, Copy, Debug)]
struct Contact {
    id: i32,
    kind: Kind,
    /// Where it went down.
    region: Region,
    x: f64,
    y: f64,
}

#[derive(Clone, Copy, Debug)]
struct Press {
    contact: Contact,
    phase: Phase,
    /// Up to where its movement was told; before it is a drag, where it began.
    told: (f64, f64),
    since: f64,
    /// It ended a flick, so it is no click.
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    /// Has not moved.
    Pressed,
    /// Moves what it went down on.
    Drag,
    /// Moves the crosshair.
    Crosshair,
}

#[derive(Clone, Copy, Debug)]
struct Pinch {
    first: Contact,
    second: Contact,
    /// Middle and distance up to which it was told.
    told: (f64, f64, f64),
}

impl Pinch {
    fn new(first: Contact, second: Contact) -> Self {
        let mut pinch = Self { first, second, told: (0.0, 0.0, 0.0) };
        pinch.told = pinch.now();
        pinch
    }

    fn now(&self) -> (f64, f64, f64) {
        let (a, b) = (self.first, self.second);
        let spread = distance((a.x, a.y), (b.x, b.y)).max(MIN_SPREAD);
        (f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y), spread)
    }
}

/// A tap, which may be the first of two.
#[derive(Clone, Copy, Debug)]
struct Tap {
    at: (f64, f64),
    region: Region,
    time: f64,
}

impl Recognizer {
    /// Whether the user asked for less motion: nothing coasts then.
    pub fn set_reduced_motion(&mut self, reduced: bool) {
        self.reduced_motion = reduced;
        if reduced {
            self.flick = None;
        }
    }

    /// How far right and down the plots reach, CSS pixels: a finger moves the crosshair no further.
    pub fn set_plots(&mut self, right: f64, bottom: f64) {
        self.plots = Some((right.max(0.0), bottom.max(0.0)));
    }

    /// Puts away the crosshair of touch: what it was on is there no longer.
    pub fn drop_crosshair(&mut self) {
        if self.crosshair.take().is_some() {
            self.push(Action::Point(None));
        }
    }

    /// Whether [`Event::Tick`] is needed in the next frame: something coasts, or a finger rests.
    #[must_use]
    pub fn wants_tick(&self) -> bool {
        self.flick.is_some() || matches!(self.state, State::One(press) if press.may_rest())
    }

    /// Whether the last press was a finger's: the browser's own menu of a long press is not wanted then.
    #[must_use]
    pub fn touched(&self) -> bool {
        self.touched
    }

    /// Takes the actions that wait, oldest first.
    pub fn drain(&mut self) -> impl Iterator<Item = Action> + '_ {
        self.tell_pinch();
        self.queue.drain()
    }

    /// Takes an event. Returns whether it was the chart's, so that the browser should not act on
    /// it too. Events with positions or times that are not finite are ignored, but a release counts.
    pub fn handle(&mut self, event: Event) -> bool {
        if !finite(&event) {
            return false;
        }
        match event {
            Event::PointerDown { id, kind, primary, x, y, region, time_ms } => {
                self.advance(time_ms);
                let (x, y) = (within(x), within(y));
                self.press(Contact { id, kind, region, x, y }, primary);
            }
            Event::PointerMove { id, kind, pressed, x, y, time_ms } => {
                self.advance(time_ms);
                let (x, y) = (within(x), within(y));
                if !pressed {
                    // Its release was not told.
                    self.cancel(id);
                }
                self.moved(id, x, y);
                if kind != Kind::Touch {
                    self.crosshair = None;
                    self.push(Action::Point(Some((x, y))));
                }
            }
            Event::PointerUp { id, x, y, time_ms } => {
                self.advance(time_ms);
                if x.is_finite() && y.is_finite() {
                    self.moved(id, within(x), within(y));
                }
                self.release(id);
            }
            Event::PointerCancel { id } => self.cancel(id),
            Event::PointerLeave { kind } => {
                if kind != Kind::Touch {
                    self.push(Action::Point(None));
                }
            }
            Event::Wheel { x, y, dx, dy, region, ctrl, shift, time_ms } => {
                self.advance(time_ms);
                self.flick = None;
                return self.wheel((within(x), within(y)), (dx, dy), region, ctrl, shift);
            }
            Event::DoubleClick { region } => {
                if !self.touched && !self.dragged {
                    self.reset(region);
                }
            }
            Event::Key { key, shift, ctrl, alt } => {
                self.flick = None;
                return self.key(key.action(shift, ctrl, alt));
            }
            Event::Tick { time_ms } => {
                self.advance(time_ms);
                if let Some(mut flick) = self.flick {
                    let (px, goes_on) = flick.advance(self.now);
                    self.flick = goes_on.then_some(flick);
                    self.push(Action::PanTime { px });
                }
            }
        }
        true
    }

    fn push(&mut self, action: Action) {
        self.tell_pinch();
        self.queue.push(action);
    }

    /// Time passes: a finger may have rested long enough.
    fn advance(&mut self, time: f64) {
        if time.is_finite() {
            self.now = self.now.max(time);
        }
        if let State::One(mut press) = self.state
            && press.may_rest()
            && self.now - press.since >= LONG_PRESS_MS
        {
            let at = (press.contact.x, press.contact.y);
            (press.phase, press.told) = (Phase::Crosshair, at);
            self.state = State::One(press);
            self.crosshair = Some(at);
            self.push(Action::Point(Some(at)));
        }
    }

    fn press(&mut self, contact: Contact, primary: bool) {
        let coasted = self.flick.take().is_some();
        if !primary || contact.region == Region::Outside {
            return;
        }
        match self.state {
            State::One(press) if press.contact.id != contact.id => {
                if press.contact.kind == Kind::Touch && contact.kind == Kind::Touch {
                    self.tap = None;
                    self.state = State::Two(Pinch::new(press.contact, contact));
                }
            }
            // A third finger.
            State::Two(pinch) if pinch.first.id != contact.id && pinch.second.id != contact.id => {}
            // The first, or one whose release was not told.
            _ => {
                self.tell_pinch();
                self.touched = contact.kind == Kind::Touch;
                self.dragged = false;
                self.trail.clear();
                self.state = State::One(Press {
                    contact,
                    phase: Phase::Pressed,
                    told: (contact.x, contact.y),
                    since: self.now,
                    quiet: coasted,
                });
            }
        }
    }

    /// Pointer `id` is at `(x, y)`.
    fn moved(&mut self, id: i32, x: f64, y: f64) {
        match &mut self.state {
            State::One(press) if press.contact.id == id => {
                (press.contact.x, press.contact.y) = (x, y);
                let press = *press;
                self.drag(press);
            }
            State::Two(pinch) => {
                for contact in [&mut pinch.first, &mut pinch.second] {
                    if contact.id == id {
                        (contact.x, contact.y) = (x, y);
                    }
                }
            }
            _ => {}
        }
    }

    /// Tells how far a press has moved.
    fn drag(&mut self, mut press: Press) {
        let Contact { kind, region, x, y, .. } = press.contact;
        if press.phase == Phase::Pressed {
            let slop = if kind == Kind::Mouse { MOUSE_SLOP } else { TOUCH_SLOP };
            let (from, far) = (press.told, distance(press.told, (x, y)));
            if far < slop {
                return;
            }
            self.dragged = true;
            self.tap = None;
            press.phase = self.phase(kind, region);
            if kind != Kind::Mouse {
                // No jump: the slop is not made up for. For a mouse it is, so that what was taken
                // hold of stays exactly under the pointer.
                press.told = (from.0 + (x - from.0) * slop / far, from.1 + (y - from.1) * slop / far);
            }
            self.trail.push(press.since, press.told.0);
        }
        let (from, dx, dy) = (press.told.0, x - press.told.0, y - press.told.1);
        press.told = (x, y);
        self.state = State::One(press);
        if dx == 0.0 && dy == 0.0 {
            // A release: how long the finger has rested counts from before.
            return;
        }
        match (press.phase, region) {
            (Phase::Crosshair, _) => {
                if let Some((cx, cy)) = self.crosshair {
                    let (right, bottom) = self.plots.unwrap_or((MAX_POSITION, MAX_POSITION));
                    let at = ((cx + dx).clamp(0.0, right), (cy + dy).clamp(0.0, bottom));
                    self.crosshair = Some(at);
                    self.push(Action::Point(Some(at)));
                }
            }
            (_, Region::Plot { pane }) => {
                self.trail.push(self.now, x);
                self.pan(Some(pane), dx, dy);
            }
            (_, Region::News) => {
                self.trail.push(self.now, x);
                self.pan(None, dx, dy);
            }
            (_, Region::PriceAxis { pane }) => {
                let factor = bounded((-dy * AXIS_DRAG).exp());
                self.push(Action::ScalePrice { pane, anchor: None, factor });
            }
            (_, Region::TimeAxis { right }) => {
                let factor = bounded(reach(right, x) / reach(right, from));
                self.push(Action::ScaleTime { factor });
            }
            (_, Region::Splitter { above }) => self.push(Action::MoveSplitter { above, px: dy }),
            (_, Region::Corner | Region::Outside) => {}
        }
    }

    /// What a press that moves does.
    fn phase(&self, kind: Kind, region: Region) -> Phase {
        let on_plot = matches!(region, Region::Plot { .. });
        if kind == Kind::Touch && on_plot && self.crosshair.is_some() {
            Phase::Crosshair
        } else {
            Phase::Drag
        }
    }

    fn pan(&mut self, pane: Option<usize>, dx: f64, dy: f64) {
        self.queue.push(Action::PanTime { px: dx });
        if let Some(pane) = pane {
            self.queue.push(Action::PanPrice { pane, px: dy });
        }
    }

    /// Tells how far two fingers have moved: once for all events of a frame.
    fn tell_pinch(&mut self) {
        let State::Two(pinch) = &mut self.state else { return };
        let (was, now) = (pinch.told, pinch.now());
        pinch.told = now;
        let pane = match pinch.first.region {
            Region::Plot { pane } => Some(pane),
            _ => None,
        };
        self.pan(pane, now.0 - was.0, now.1 - was.1);
        self.queue.push(Action::ZoomTime { x: now.0, factor: bounded(now.2 / was.2) });
    }

    /// Pointer `id`, whose last position was told, is up.
    fn release(&mut self, id: i32) {
        match self.state {
            State::One(press) if press.contact.id == id => {
                self.state = State::Idle;
                self.released(press);
            }
            State::Two(Pinch { first, second, .. }) if first.id == id || second.id == id => {
                self.tell_pinch();
                self.pinched = Some(self.now);
                // The other finger goes on from where it is.
                let contact = if first.id == id { second } else { first };
                self.state = State::One(Press {
                    contact,
                    phase: self.phase(contact.kind, contact.region),
                    told: (contact.x, contact.y),
                    since: self.now,
                    quiet: true,
                });
            }
            _ => {}
        }
    }

    fn released(&mut self, press: Press) {
        let Contact { kind, region, x, y, .. } = press.contact;
        let touch = kind == Kind::Touch;
        match press.phase {
            Phase::Pressed if touch && self.crosshair.is_some() => self.drop_crosshair(),
            Phase::Pressed if !press.quiet && self.now - press.since <= CLICK_MS => {
                let tap = Tap { at: (x, y), region, time: self.now };
                let first = self.tap.take().filter(|first| {
                    first.region == region
                        && tap.time - first.time <= DOUBLE_TAP_MS
                        && distance(first.at, tap.at) <= DOUBLE_TAP_PX
                });
                if touch && first.is_some() {
                    self.reset(region);
                } else {
                    self.tap = touch.then_some(tap);
                    self.push(Action::Click { x, y, region });
                }
            }
            Phase::Drag if touch && matches!(region, Region::Plot { .. } | Region::News) => {
                let rested = self.pinched.is_none_or(|pinched| self.now - pinched > PINCH_REST_MS);
                let flicks = rested && !self.reduced_motion;
                self.flick = if flicks { self.trail.flick(self.now) } else { None };
            }
            _ => {}
        }
    }

    /// Ends whatever pointer `id` takes part in.
    fn cancel(&mut self, id: i32) {
        self.tell_pinch();
        let ends = match self.state {
            State::Idle => false,
            State::One(press) => press.contact.id == id,
            State::Two(pinch) => pinch.first.id == id || pinch.second.id == id,
        };
        if ends {
            self.state = State::Idle;
        }
    }

    fn wheel(&mut self, at: (f64, f64), by: (f64, f64), region: Region, ctrl: bool, shift: bool) -> bool {
        if region == Region::Outside {
            return false;
        }
        let (dx, dy) = (by.0.clamp(-MAX_WHEEL, MAX_WHEEL), by.1.clamp(-MAX_WHEEL, MAX_WHEEL));
        let steep = dx.abs() <= dy.abs();
        if !ctrl && shift {
            // Some browsers turn the wheel themselves.
            self.push(Action::PanTime { px: if steep { -dy } else { -dx } });
            return true;
        }
        if !ctrl {
            let (last, mut across, mut down) = self.wheel;
            if self.now - last > WHEEL_REST_MS {
                (across, down) = (0.0, 0.0);
            }
            if across + down < WHEEL_SLOP {
                (across, down) = (across + dx.abs(), down + dy.abs());
            }
            self.wheel = (self.now, across, down);
            if across > down {
                self.push(Action::PanTime { px: -dx });
                return true;
            }
        }
        let zoom = if ctrl { (-dy * PINCH_WHEEL).clamp(-MAX_PINCH, MAX_PINCH) } else { -dy * WHEEL_ZOOM };
        let factor = bounded(zoom.exp());
        self.push(match region {
            Region::PriceAxis { pane } => Action::ScalePrice { pane, anchor: Some(at.1), factor },
            _ => Action::ZoomTime { x: at.0, factor },
        });
        true
    }

    fn reset(&mut self, region: Region) {
        match region {
            Region::Plot { .. } | Region::Corner => self.push(Action::ResetAll),
            Region::PriceAxis { pane } => self.push(Action::ResetPrice { pane }),
            Region::TimeAxis { .. } => self.push(Action::ResetTime),
            Region::News | Region::Splitter { .. } | Region::Outside => {}
        }
    }

    fn key(&mut self, action: Option<Action>) -> bool {
        let Some(action) = action else { return false };
        if action == Action::Escape {
            self.tell_pinch();
            self.state = State::Idle;
            self.drop_crosshair();
        }
        self.push(action);
        // Escape also leaves the browser's full screen and closes dialogs.
        action != Action::Escape
    }
}

impl Press {
    /// Whether this becomes a long press if it stays where it is.
    fn may_rest(&self) -> bool {
        self.phase == Phase::Pressed
            && self.contact.kind == Kind::Touch
            && matches!(self.contact.region, Region::Plot { .. })
    }
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (a.0 - b.0, a.1 - b.1);
    (dx * dx + dy * dy).sqrt()
}

fn within(position: f64) -> f64 {
    position.clamp(-MAX_POSITION, MAX_POSITION)
}

/// How far `x` is from the right end of the time axis. The bar that was taken hold of stays under
/// the pointer if its distance from the end grows as the spacing does.
fn reach(right: f64, x: f64) -> f64 {
    (within(right) - x).clamp(MIN_REACH, 2.0 * MAX_POSITION)
}

/// Whether all lengths and times of `event` are finite. A release is believed whatever they are.
fn finite(event: &Event) -> bool {
    let of = |region: Region| match region {
        Region::TimeAxis { right } => right,
        _ => 0.0,
    };
    let numbers = match *event {
        Event::PointerDown { x, y, region, time_ms, .. } => [x, y, of(region), time_ms, 0.0],
        Event::PointerMove { x, y, time_ms, .. } => [x, y, time_ms, 0.0, 0.0],
        Event::Wheel { x, y, dx, dy, time_ms, .. } => [x, y, dx, dy, time_ms],
        Event::Tick { time_ms } => [time_ms, 0.0, 0.0, 0.0, 0.0],
        Event::PointerUp { .. }
        | Event::PointerCancel { .. }
        | Event::PointerLeave { .. }
        | Event::DoubleClick { .. }
        | Event::Key { .. } => [0.0; 5],
    };
    numbers.iter().all(|number| number.is_finite())
}
