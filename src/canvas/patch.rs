//! A canvas for what changes all the time on a part of the stage.
//!
//! Browsers copy a canvas whole when it changed, and some copy every canvas whenever anything on the
//! page changed. What changes all the time is therefore painted on few pixels; on the strip of the
//! lines across a few more, as moving elements would take the page longer.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement};
use wickwire_chart::{Rect, Surface};

use super::context::CanvasError;
use super::painted::{PaintedCanvas, Role};

/// Sides are rounded up to this many device pixels, so that they hardly ever change.
const STEP: i32 = 16;

/// A canvas with a place of its own on the stage. Coordinates are those of the stage.
pub(super) struct Patch {
    canvas: PaintedCanvas,
    at: Rect,
    ratio: f64,
    shown: bool,
}

impl Patch {
    /// A hidden one, as the last child of `stage`.
    pub(super) fn new(stage: &Element, layer: &str) -> Result<Self, CanvasError> {
        let canvas: HtmlCanvasElement = super::element(stage, "canvas")?.unchecked_into();
        canvas.set_class_name(&["chart-patch ", layer].concat());
        canvas.set_attribute("aria-hidden", "true")?;
        stage.append_child(&canvas)?;
        // What is below is lost at the same time, and then all is painted.
        let canvas = PaintedCanvas::new(canvas, Role::Over, || {})?;
        Ok(Self { canvas, at: Rect::default(), ratio: 0.0, shown: false })
    }

    /// Covers `area`, now empty; gives what to draw on.
    pub(super) fn cover(
        &mut self,
        area: Rect,
        ratio: f64,
    ) -> Result<&mut dyn Surface<Error = CanvasError>, CanvasError> {
        let fits = |have: i32, need: i32| have >= need && have <= 2 * need + 2 * STEP;
        let up = |need: i32| (need + STEP - 1) / STEP * STEP;
        let resized =
            !(fits(self.at.w, area.w) && fits(self.at.h, area.h)) || self.ratio.to_bits() != ratio.to_bits();
        let (w, h) = if resized { (up(area.w), up(area.h)) } else { (self.at.w, self.at.h) };
        self.at = Rect::new(area.x, area.y, w, h);
        self.ratio = ratio;
        self.canvas.begin(self.at)
    }

    /// Shows what was painted.
    pub(super) fn finish(&mut self) {
        self.canvas.finish(self.ratio);
        self.shown = true;
    }

    /// Hides it.
    pub(super) fn hide(&mut self) {
        if std::mem::take(&mut self.shown) {
            self.canvas.hide();
        }
    }
}
