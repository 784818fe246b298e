//! Where a chart is shown: a canvas for what stands still, and over it what moves.

use std::cell::RefCell;
use wasm_bindgen::JsCast;

use web_sys::{Element, HtmlCanvasElement};
use wickwire_chart::{Anchor, Chart, Color, Content, Font, Layers, Rect, Surface};

use super::context::{CanvasError, Context};
use super::layer::Layer;
use super::size::Size;

/// The canvases and rules of a chart, children of one element.
pub struct Stage {
    /// Ground, grid, axes and all bars but the last.
    pub base: Context,
    live: Layer,
    overlay: Layer,
    ratio: f64,
}

impl Stage {
    /// Fills `stage`, which has no children yet.
    ///
    /// # Errors
    /// When a canvas gives no 2D context.
    pub fn mount(stage: &Element) -> Result<Self, CanvasError> {
        let base: HtmlCanvasElement = super::element(stage, "canvas")?.unchecked_into();
        base.set_class_name("chart-base");
        base.set_attribute("aria-hidden", "true")?;
        stage.append_child(&base)?;
        Ok(Self {
            base: Context::offscreen(base, true)?,
            live: Layer::new(stage, "live"),
            overlay: Layer::new(stage, "overlay"),
            ratio: 1.0,
        })
    }

    /// Takes the size of the stage; all has to be painted anew.
    pub fn resize(&mut self, size: Size) {
        self.base.resize(size.width, size.height);
        self.ratio = size.ratio;
    }

    /// Paints what has changed of a chart.
    ///
    /// # Errors
    /// What a canvas answers.
    pub fn paint(&mut self, chart: &mut Chart, content: &Content<'_>) -> Result<Layers, CanvasError> {
        // All widths are measured by one canvas, which remembers them.
        let base = RefCell::new(&mut self.base);
        let mut planes = [
            Plane { base: &base, layer: None },
            Plane { base: &base, layer: Some(&mut self.live) },
            Plane { base: &base, layer: Some(&mut self.overlay) },
        ];
        let [first, live, overlay] = &mut planes;
        let painted = chart.paint(content, first, live, overlay)?;
        for (layer, shown) in [(Layers::LIVE, &mut self.live), (Layers::OVERLAY, &mut self.overlay)] {
            if painted.contains(layer) {
                shown.show(chart.layout(), self.ratio, &mut self.base)?;
            }
        }
        Ok(painted)
    }
}

/// A chart paints all its layers on surfaces of one type.
struct Plane<'a> {
    base: &'a RefCell<&'a mut Context>,
    layer: Option<&'a mut Layer>,
}

macro_rules! either {
    ($self:ident, $surface:ident => $call:expr) => {
        match &mut $self.layer {
            Some($surface) => $call,
            None => {
                let $surface = &mut **$self.base.borrow_mut();
                $call
            }
        }
    };
}

impl Surface for Plane<'_> {
    type Error = CanvasError;

    fn clear_rects(&mut self, rects: &[Rect]) -> Result<(), CanvasError> {
        either!(self, surface => surface.clear_rects(rects))
    }
    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), CanvasError> {
        either!(self, surface => surface.fill_rects(color, rects))
    }
    fn rule(&mut self, color: Color, rect: Rect, dash: i32) -> Result<(), CanvasError> {
        either!(self, surface => surface.rule(color, rect, dash))
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
        self.base.borrow_mut().text_width(text, font)
    }
}
