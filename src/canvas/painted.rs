//! A canvas that is painted whole each time: by a thread of its own, or here where there is none.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, HtmlCanvasElement};
use wickwire_chart::{Anchor, Color, Font, Rect, Surface};

use super::context::{CanvasError, Context};
use super::measure::text_width;
use super::painter::Painter;

/// The canvas. A painting is what is drawn between [`begin`](Self::begin) and [`finish`](Self::finish).
pub(super) struct PaintedCanvas {
    element: HtmlCanvasElement,
    style: CssStyleDeclaration,
    opaque: bool,
    by: By,
    /// What it shows, in the coordinates of what is painted.
    area: Rect,
    /// The thread has failed, and what it painted is lost.
    lost: Rc<Cell<bool>>,
}

enum By {
    Thread(Painter),
    Here(Context),
}

impl PaintedCanvas {
    /// Paints on `canvas`, which was not drawn on yet; every painting covers all of an `opaque` one.
    /// `lost` is called if all has to be painted again.
    ///
    /// # Errors
    /// When it gives no 2D context.
    pub(super) fn new(
        canvas: HtmlCanvasElement,
        opaque: bool,
        lost: impl Fn() + 'static,
    ) -> Result<Self, CanvasError> {
        let flag = Rc::new(Cell::new(false));
        let raise = Rc::clone(&flag);
        let threaded = Painter::new(&canvas, opaque, move || {
            raise.set(true);
            lost();
        });
        let by = match threaded {
            Ok(painter) => By::Thread(painter),
            Err(_) => By::Here(Context::new(canvas.clone(), opaque)?),
        };
        let style = canvas.style();
        Ok(Self { element: canvas, style, opaque, by, area: Rect::default(), lost: flag })
    }

    /// Its style, which changes with [`begin`](Self::begin) if it was lost.
    pub(super) fn style(&self) -> &CssStyleDeclaration {
        &self.style
    }

    /// Begins a painting of `area`, one device pixel to a pixel; empty but for an opaque one.
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
                if !(resized || self.opaque) {
                    context.clear(area);
                }
            }
        }
        self.area = area;
        Ok(())
    }

    /// Shows what was painted.
    pub(super) fn finish(&mut self) {
        if let By::Thread(painter) = &self.by {
            painter.send();
        }
    }

    /// A canvas that was lost cannot be drawn on again: another takes its place.
    fn replace(&mut self) -> Result<(), CanvasError> {
        let other: HtmlCanvasElement = self.element.clone_node()?.unchecked_into();
        let context = Context::new(other.clone(), self.opaque)?;
        self.element.replace_with_with_node_1(&other)?;
        self.style = other.style();
        self.element = other;
        self.by = By::Here(context);
        self.area = Rect::default();
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
