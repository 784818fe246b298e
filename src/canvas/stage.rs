//! Where a chart is shown: a canvas for what stands still, and over it what moves.

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
            live: Layer::new(stage)?,
            overlay: Layer::new(stage)?,
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
        let mut base = Plane::Base(&mut self.base);
        let (mut live, mut overlay) = (Plane::Layer(&mut self.live), Plane::Layer(&mut self.overlay));
        let painted = chart.paint(content, &mut base, &mut live, &mut overlay)?;
        for (layer, shown) in [(Layers::LIVE, &mut self.live), (Layers::OVERLAY, &mut self.overlay)] {
            if painted.contains(layer) {
                shown.show(chart.layout(), self.ratio)?;
            }
        }
        Ok(painted)
    }
}

/// A chart paints all its layers on surfaces of one type.
enum Plane<'a> {
    Base(&'a mut Context),
    Layer(&'a mut Layer),
}

macro_rules! either {
    ($self:ident, $surface:ident => $call:expr) => {
        match $self {
            Plane::Base($surface) => $call,
            Plane::Layer($surface) => $call,
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
        either!(self, surface => surface.text_width(text, font))
    }
}
