//! A canvas that is painted whole each time: by a thread of its own, or here where there is none.
//!
//! A painting of the thread is shown a moment after it is written down. One that has another place than the
//! last moves there together with it, not at once: the last candle would run ahead of the others.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;
use wickwire_chart::{Anchor, Color, Font, Rect, Surface};

use super::context::{CanvasError, Context};
use super::measure::text_width;
use super::painter::{Painter, place};
use super::shim;

/// The canvas. A painting is what is drawn between [`begin`](Self::begin) and [`finish`](Self::finish).
pub(super) struct PaintedCanvas {
    element: HtmlCanvasElement,
    kind: Kind,
    by: By,
    /// What it shows, in the coordinates of what is painted.
    area: Rect,
    /// Where it was placed, and device pixels to a CSS pixel there.
    placed: Option<(Rect, u64)>,
    /// The thread has failed, and what it painted is lost.
    lost: Rc<Cell<bool>>,
}

/// What a canvas is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Opaque, behind all others, as large as the style sheet says; each painting covers it.
    Ground,
    /// Transparent; stands where what it shows belongs.
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
        kind: Kind,
        lost: impl Fn() + 'static,
    ) -> Result<Self, CanvasError> {
        let flag = Rc::new(Cell::new(false));
        let raise = Rc::clone(&flag);
        let threaded = Painter::new(&canvas, kind == Kind::Over, move || {
            raise.set(true);
            lost();
        });
        let by = match threaded {
            Ok(painter) => By::Thread(painter),
            Err(_) => By::Here(Context::new(canvas.clone(), kind == Kind::Ground)?),
        };
        Ok(Self { element: canvas, kind, by, area: Rect::default(), placed: None, lost: flag })
    }

    /// Shows it or hides it; at once, and what is hidden stays as it is.
    pub(super) fn show(&self, shown: bool) {
        shim::show(&self.element.style(), shown);
    }

    /// Begins a painting of `area`, one device pixel to a pixel; empty but for the ground.
    ///
    /// # Errors
    /// What the browser answers.
    pub(super) fn begin(&mut self, area: Rect) -> Result<(), CanvasError> {
        if self.lost.get() {
            self.replace()?;
        }
        match &mut self.by {
            By::Thread(painter) => painter.begin(area),
            By::Here(context) => {
                let resized = (area.w, area.h) != (self.area.w, self.area.h);
                if resized {
                    context.resize(area.w.unsigned_abs(), area.h.unsigned_abs());
                }
                if resized || area != self.area {
                    context.set_origin(area.x, area.y)?;
                }
                if !resized && self.kind == Kind::Over {
                    context.clear(area);
                }
            }
        }
        self.area = area;
        Ok(())
    }

    /// Shows what was painted, with `ratio` device pixels to a CSS pixel.
    pub(super) fn finish(&mut self, ratio: f64) {
        match &self.by {
            By::Thread(painter) => painter.send(ratio),
            By::Here(_) => {
                let at = Some((self.area, ratio.to_bits()));
                if self.kind == Kind::Over && self.placed != at {
                    let Rect { x, y, w, h } = self.area;
                    place(&self.element.style(), x, y, w, h, ratio);
                    self.placed = at;
                }
            }
        }
    }

    /// A canvas that was lost cannot be drawn on again: another takes its place.
    fn replace(&mut self) -> Result<(), CanvasError> {
        let other: HtmlCanvasElement = self.element.clone_node()?.unchecked_into();
        let context = Context::new(other.clone(), self.kind == Kind::Ground)?;
        self.element.replace_with_with_node_1(&other)?;
        self.element = other;
        self.by = By::Here(context);
        self.area = Rect::default();
        self.placed = None;
        self.lost.set(false);
        Ok(())
    }
}

macro_rules! either {
    ($self:ident, $surface:ident => $call:expr) => {
        match &mut $self.by {
            By::Thread($surface) => $call,
            By::Here($surface) => $call,
        }
    };
}

impl Surface for PaintedCanvas {
    type Error = CanvasError;

    /// Nothing: [`begin`](PaintedCanvas::begin) does it.
    fn clear_rects(&mut self, _: &[Rect]) -> Result<(), CanvasError> {
        Ok(())
    }
    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), CanvasError> {
        either!(self, surface => surface.fill_rects(color, rects))
    }
    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), CanvasError> {
        either!(self, surface => surface.stroke(color, width, points))
    }
    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), CanvasError> {
        either!(self, surface => surface.fill_areas(color, points))
    }
    fn text(
        &mut self,
        text: &str,
        at: (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
    ) -> Result<(), CanvasError> {
        either!(self, surface => surface.text(text, at, anchor, font, color))
    }
    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        text_width(text, font)
    }
}
