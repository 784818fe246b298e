//! The one animation frame of the page.
//!
//! Everything that changes calls [`Frame::request`] with dirty bits; they merge until the browser
//! is ready to draw. Then, in this order and once: publishers write the signals that changed,
//! painters draw the canvases that are dirty. No other place requests an animation frame, and
//! painting needs a [`FrameToken`], which only this module makes.
//!
//! In a hidden tab browsers run no animation frames. Bits then only merge, and becoming visible
//! marks everything dirty once.

use std::cell::{Cell, RefCell};
use std::ops::{BitOr, BitOrAssign};
use std::rc::{Rc, Weak};

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wickwire_proto::sorted::sort_by;

use crate::dom;

/// What has changed since the last frame, as a set of bits.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Dirty(u32);

impl Dirty {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Pointer, crosshair: the overlay layer only.
    pub const CURSOR: Self = Self(1);
    /// The newest bar of the shown series moved.
    pub const LAST_BAR: Self = Self(1 << 1);
    /// Bars were added, prepended or replaced anywhere.
    pub const BARS: Self = Self(1 << 2);
    /// The latest quote.
    pub const QUOTE: Self = Self(1 << 3);
    /// The history of the spread.
    pub const SPREAD: Self = Self(1 << 4);
    /// The list of news.
    pub const NEWS: Self = Self(1 << 5);
    /// State of a connection, counters, age of the data.
    pub const CONNECTION: Self = Self(1 << 6);
    /// The source's clock.
    pub const CLOCK: Self = Self(1 << 7);
    /// Another symbol, timeframe or source is shown.
    pub const VIEW: Self = Self(1 << 8);
    /// Colours.
    pub const THEME: Self = Self(1 << 9);
    /// Sizes.
    pub const LAYOUT: Self = Self(1 << 10);
    /// Halts, bands, gaps, books.
    pub const MARKS: Self = Self(1 << 11);
    /// How far history has come, and what the source knows.
    pub const HISTORY: Self = Self(1 << 12);
    /// Everything.
    pub const ALL: Self = Self((1 << 13) - 1);

    /// Whether any of `other`'s bits is set here.
    #[must_use]
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether no bit is set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Dirty {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Dirty {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Proof that the caller runs inside the animation frame. Made here only.
#[derive(Debug)]
pub struct FrameToken {
    dirty: Dirty,
    time: f64,
}

impl FrameToken {
    /// What changed since the last frame.
    #[must_use]
    pub const fn dirty(&self) -> Dirty {
        self.dirty
    }

    /// The frame's time in milliseconds since the page started.
    #[must_use]
    pub const fn time(&self) -> f64 {
        self.time
    }
}

/// How many frames [`Timings`] remembers.
pub const TIMED_FRAMES: usize = 120;

/// One painted frame, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FrameTime {
    /// When the frame began, since the page started.
    pub at: f64,
    /// Writing signals.
    pub publish: f64,
    /// Drawing.
    pub paint: f64,
}

/// The last [`TIMED_FRAMES`] frames.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    frames: Vec<FrameTime>,
    next: usize,
    total: u64,
}

impl Timings {
    fn record(&mut self, frame: FrameTime) {
        if self.frames.len() < TIMED_FRAMES {
            self.frames.push(frame);
        } else if let Some(slot) = self.frames.get_mut(self.next) {
            *slot = frame;
        }
        self.next = (self.next + 1) % TIMED_FRAMES;
        self.total += 1;
    }

    /// Frames painted since the page started.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// The median of publishing and painting together, in milliseconds; 0 before the first frame.
    #[must_use]
    pub fn median_busy(&self) -> f64 {
        let mut busy: Vec<f64> = self.frames.iter().map(|f| f.publish + f.paint).collect();
        sort_by(&mut busy, |a, b| a < b);
        busy.get(busy.len() / 2).copied().unwrap_or_default()
    }

    /// Frames painted in the second before `now` (milliseconds since the page started).
    #[must_use]
    pub fn in_last_second(&self, now: f64) -> usize {
        self.frames.iter().filter(|f| now - f.at < 1000.0).count()
    }
}

type Callback = Closure<dyn FnMut(f64)>;
type Publisher = Rc<RefCell<dyn FnMut(Dirty)>>;
type Painter = Rc<RefCell<dyn FnMut(&FrameToken)>>;

struct Inner {
    dirty: Cell<Dirty>,
    pending: Cell<Option<i32>>,
    hidden: Cell<bool>,
    next_id: Cell<u64>,
    callback: RefCell<Option<Callback>>,
    publishers: RefCell<Vec<(u64, Publisher)>>,
    painters: RefCell<Vec<(u64, Painter)>>,
    timings: RefCell<Timings>,
}

/// The frame loop; cheap to clone, one per page.
#[derive(Clone)]
pub struct Frame(Rc<Inner>);

/// Keeps a publisher or painter registered; dropping it takes it out.
#[must_use = "dropping it unregisters the callback"]
pub struct Registration {
    inner: Weak<Inner>,
    id: u64,
}

impl Drop for Registration {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.upgrade() {
            inner.publishers.borrow_mut().retain(|(id, _)| *id != self.id);
            inner.painters.borrow_mut().retain(|(id, _)| *id != self.id);
        }
    }
}

impl Default for Frame {
    fn default() -> Self {
        Self::new()
    }
}

impl Frame {
    /// A loop with nothing registered.
    #[must_use]
    pub fn new() -> Self {
        let inner = Rc::new(Inner {
            dirty: Cell::new(Dirty::NONE),
            pending: Cell::new(None),
            hidden: Cell::new(dom::is_hidden()),
            next_id: Cell::new(0),
            callback: RefCell::new(None),
            publishers: RefCell::default(),
            painters: RefCell::default(),
            timings: RefCell::default(),
        });
        let weak = Rc::downgrade(&inner);
        let callback = Closure::new(move |time: f64| {
            if let Some(inner) = weak.upgrade() {
                Self(inner).run(time);
            }
        });
        *inner.callback.borrow_mut() = Some(callback);
        Self(inner)
    }

    /// Merges `dirty` and asks for an animation frame unless one is already coming or the tab is
    /// hidden.
    pub fn request(&self, dirty: Dirty) {
        if dirty.is_empty() {
            return;
        }
        let mut merged = self.0.dirty.get();
        merged |= dirty;
        self.0.dirty.set(merged);
        self.schedule();
    }

    /// Tells whether the tab is hidden. Becoming visible marks everything dirty, once.
    pub fn set_hidden(&self, hidden: bool) {
        let was = self.0.hidden.replace(hidden);
        if was && !hidden {
            self.request(Dirty::ALL);
        }
    }

    /// Whether the tab is hidden.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.0.hidden.get()
    }

    /// Registers `publish`, run first in every frame with what changed: the place to write
    /// signals, each only if its value differs.
    pub fn on_publish(&self, publish: impl FnMut(Dirty) + 'static) -> Registration {
        let id = self.next_id();
        self.0.publishers.borrow_mut().push((id, Rc::new(RefCell::new(publish))));
        Registration { inner: Rc::downgrade(&self.0), id }
    }

    /// Registers `paint`, run in every frame after the signals were written; it looks at
    /// [`FrameToken::dirty`] to see whether there is something for it to do.
    pub fn on_paint(&self, paint: impl FnMut(&FrameToken) + 'static) -> Registration {
        let id = self.next_id();
        self.0.painters.borrow_mut().push((id, Rc::new(RefCell::new(paint))));
        Registration { inner: Rc::downgrade(&self.0), id }
    }

    /// Reads the timings of the last frames.
    pub fn with_timings<R>(&self, read: impl FnOnce(&Timings) -> R) -> R {
        read(&self.0.timings.borrow())
    }

    fn next_id(&self) -> u64 {
        let id = self.0.next_id.get();
        self.0.next_id.set(id + 1);
        id
    }

    // The one place that may.
    #[allow(clippy::disallowed_methods)]
    fn schedule(&self) {
        if self.0.hidden.get() || self.0.pending.get().is_some() {
            return;
        }
        let callback = self.0.callback.borrow();
        let (Some(window), Some(callback)) = (web_sys::window(), callback.as_ref()) else { return };
        let function: &js_sys::Function = <JsValue as JsCast>::unchecked_ref(callback.as_ref());
        if let Ok(handle) = window.request_animation_frame(function) {
            self.0.pending.set(Some(handle));
        }
    }

    fn run(&self, time: f64) {
        self.0.pending.set(None);
        let dirty = self.0.dirty.replace(Dirty::NONE);
        if dirty.is_empty() {
            return;
        }
        // Copies of the lists, so that a callback may register or drop others.
        let start = dom::now_ms();
        let publishers: Vec<Publisher> =
            self.0.publishers.borrow().iter().map(|(_, p)| Rc::clone(p)).collect();
        for publish in publishers {
            if let Ok(mut publish) = publish.try_borrow_mut() {
                publish(dirty);
            }
        }
        let published = dom::now_ms();
        let token = FrameToken { dirty, time };
        let painters: Vec<Painter> = self.0.painters.borrow().iter().map(|(_, p)| Rc::clone(p)).collect();
        for paint in painters {
            if let Ok(mut paint) = paint.try_borrow_mut() {
                paint(&token);
            }
        }
        let end = dom::now_ms();
        self.0.timings.borrow_mut().record(FrameTime {
            at: start,
            publish: published - start,
            paint: end - published,
        });
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let (Some(handle), Some(window)) = (self.pending.get(), web_sys::window()) {
            let _ = window.cancel_animation_frame(handle);
        }
    }
}
