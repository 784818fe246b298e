//! A canvas that is painted whole each time: by a thread of its own, or here where there is none.
//!
//! A painting of the thread is shown a moment after it is written down. One that has another place than the
//! last moves there together with it, not at once: the last candle would run ahead of the others.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;
use wickwire_chart::{Rect, Surface};

use super::context::{CanvasError, Context};
use super::painter::{Painter, show};
use super::shim;

/// The canvas. A painting is what is drawn between [`begin`](Self::begin) and [`finish`](Self::finish).
pub(super) struct PaintedCanvas {
    element: HtmlCanvasElement,
    role: Role,
    by: By,
    /// What it shows, in the coordinates of what is painted.
    area: Rect,
    /// Where it is shown by us, and device pixels to a CSS pixel there.
    shown: Option<(Rect, u64)>,
    /// The thread has failed, and what it painted is lost.
    lost: Rc<Cell<bool>>,
}

/// What a canvas is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// Opaque, behind all others; each painting covers it.
    Ground,
    /// Transparent.
    Over,
}

enum By {
    Thread(Painter),
    Here(Context),
}

impl PaintedCanvas {
    /// Paints on `canvas`, which was not drawn on yet. `lost` is called if all has to be painted again.
    ///
    /// # Errors
    /// When it gives no 2D context.
    pub(super) fn new(
        canvas: HtmlCanvasElement,
        role: Role,
        lost: impl Fn() + 'static,
    ) -> Result<Self, CanvasError> {
        let flag = Rc::new(Cell::new(false));
        let raise = Rc::clone(&flag);
        let threaded = Painter::new(&canvas, role == Role::Ground, move || {
            raise.set(true);
            lost();
        });
        let by = match threaded {
            Ok(painter) => By::Thread(painter),
            Err(_) => By::Here(Context::new(canvas.clone(), role == Role::Ground)?),
        };
        Ok(Self { element: canvas, role, by, area: Rect::default(), shown: None, lost: flag })
    }

    /// Whether what was painted is lost, and not painted again yet.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.get()
    }

    /// Whether another thread paints it.
    pub(super) fn is_threaded(&self) -> bool {
        matches!(self.by, By::Thread(_))
    }

    /// Whether what was painted last is not on it yet.
    pub(super) fn is_pending(&self) -> bool {
        matches!(&self.by, By::Thread(painter) if painter.is_pending())
    }

    /// Hides it at once, until something new is painted.
    pub(super) fn hide(&mut self) {
        match &self.by {
            By::Thread(painter) => painter.hide(),
            By::Here(_) => shim::show(&self.element.style(), false),
        }
        self.shown = None;
    }

    /// Begins a painting of `area`, one device pixel to a pixel; empty but for the ground. Gives what to draw
    /// on.
    ///
    /// # Errors
    /// What the browser answers.
    pub(super) fn begin(&mut self, area: Rect) -> Result<&mut dyn Surface<Error = CanvasError>, CanvasError> {
        if self.lost.get() {
            self.replace()?;
        }
        let old = std::mem::replace(&mut self.area, area);
        match &mut self.by {
            By::Thread(painter) => {
                painter.begin(area);
                Ok(painter)
            }
            By::Here(context) => {
                let resized = (area.w, area.h) != (old.w, old.h);
                if resized {
                    context.resize(area.w.unsigned_abs(), area.h.unsigned_abs());
                }
                if resized || area != old {
                    context.set_origin(area.x, area.y)?;
                }
                if !resized && self.role == Role::Over {
                    context.clear(area);
                }
                Ok(context)
            }
        }
    }

    /// Shows what was painted, with `ratio` device pixels to a CSS pixel.
    pub(super) fn finish(&mut self, ratio: f64) {
        match &self.by {
            By::Thread(painter) => painter.send(ratio),
            By::Here(_) => {
                let at = Some((self.area, ratio.to_bits()));
                if self.shown != at {
                    let Rect { x, y, w, h } = self.area;
                    show(&self.element.style(), x, y, w, h, ratio);
                    self.shown = at;
                }
            }
        }
    }

    /// A canvas that was lost cannot be drawn on again: another takes its place.
    fn replace(&mut self) -> Result<(), CanvasError> {
        let other: HtmlCanvasElement = self.element.clone_node()?.unchecked_into();
        let context = Context::new(other.clone(), self.role == Role::Ground)?;
        self.element.replace_with_with_node_1(&other)?;
        self.element = other;
        self.by = By::Here(context);
        self.area = Rect::default();
        self.shown = None;
        self.lost.set(false);
        Ok(())
    }
}
