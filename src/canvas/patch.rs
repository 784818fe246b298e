//! A small canvas that covers just what is painted on it.
//!
//! Browsers copy a canvas whole when it changed, and some copy every canvas whenever anything on the
//! page changed. What changes all the time is therefore painted on as few pixels as will do.

use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, Element, HtmlCanvasElement};
use wickwire_chart::Rect;

use super::context::{CanvasError, Context};
use super::shim;

/// Sides are rounded up to this many device pixels, so that they hardly ever change.
const STEP: i32 = 16;

/// A canvas with a place of its own on the stage. Coordinates are those of the stage.
pub(super) struct Patch {
    pub(super) context: Context,
    style: CssStyleDeclaration,
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
        let style = canvas.style();
        let context = Context::new(canvas, false)?;
        Ok(Self { context, style, at: Rect::default(), ratio: 0.0, shown: false })
    }

    /// Covers `area`, now empty.
    pub(super) fn cover(&mut self, area: Rect, ratio: f64) -> Result<(), CanvasError> {
        let fits = |have: i32, need: i32| have >= need && have <= 2 * need + 2 * STEP;
        let up = |need: i32| (need + STEP - 1) / STEP * STEP;
        let css = |device: i32| f64::from(device) / ratio;
        let resized =
            !(fits(self.at.w, area.w) && fits(self.at.h, area.h)) || self.ratio.to_bits() != ratio.to_bits();
        let (w, h) = if resized { (up(area.w), up(area.h)) } else { (self.at.w, self.at.h) };
        if resized {
            self.context.resize(w.unsigned_abs(), h.unsigned_abs());
            shim::size(&self.style, css(w), css(h));
            self.ratio = ratio;
        }
        let at = Rect::new(area.x, area.y, w, h);
        if resized || at != self.at {
            self.context.set_origin(at.x, at.y)?;
            shim::place(&self.style, css(at.x), css(at.y));
            self.at = at;
        }
        if !resized {
            self.context.clear(at);
        }
        if !std::mem::replace(&mut self.shown, true) {
            shim::show(&self.style, true);
        }
        Ok(())
    }

    /// Hides it.
    pub(super) fn hide(&mut self) {
        if std::mem::take(&mut self.shown) {
            shim::show(&self.style, false);
        }
    }
}
