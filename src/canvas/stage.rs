//! Where a chart is shown: a canvas for what stands still, and over it what moves.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement};
use wickwire_chart::{Anchor, Chart, Color, Content, Font, Layers, Rect, Surface};

use super::context::CanvasError;
use super::layer::Layer;
use super::measure::text_width;
use super::painted::{PaintedCanvas, Role};
use super::size::Size;

/// The canvases and rules of a chart, children of one element.
pub struct Stage {
    /// Ground, grid, axes and all bars but the last.
    base: PaintedCanvas,
    live: Layer,
    overlay: Layer,
    size: Size,
}

impl Stage {
    /// Fills `stage`, which has no children yet. `lost` is called if all has to be painted again.
    ///
    /// # Errors
    /// When a canvas gives no 2D context.
    pub fn mount(stage: &Element, lost: impl Fn() + 'static) -> Result<Self, CanvasError> {
        let canvas: HtmlCanvasElement = super::element(stage, "canvas")?.unchecked_into();
        canvas.set_class_name("chart-base");
        canvas.set_attribute("aria-hidden", "true")?;
        stage.append_child(&canvas)?;
        Ok(Self {
            base: PaintedCanvas::new(canvas, Role::Ground, lost)?,
            live: Layer::new(stage, "live"),
            overlay: Layer::new(stage, "overlay"),
            size: Size::default(),
        })
    }

    /// Whether what was painted is lost, and not painted again yet.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.base.is_lost()
    }

    /// Takes the size of the stage; all has to be painted anew.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
    }

    /// What was last taken.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Paints what has changed of a chart.
    ///
    /// # Errors
    /// What a canvas answers.
    pub fn paint(&mut self, chart: &mut Chart, content: &Content<'_>) -> Result<Layers, CanvasError> {
        let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
        let whole = Rect::new(0, 0, side(self.size.width), side(self.size.height));
        self.base.begin(whole)?;
        let mut base = Plane::Base(&mut self.base);
        let (mut live, mut overlay) = (Plane::Layer(&mut self.live), Plane::Layer(&mut self.overlay));
        let painted = chart.paint(content, &mut base, &mut live, &mut overlay)?;
        if painted.contains(Layers::BASE) {
            self.base.finish(self.size.ratio);
        }
        for (layer, shown) in [(Layers::LIVE, &mut self.live), (Layers::OVERLAY, &mut self.overlay)] {
            if painted.contains(layer) {
                shown.show(chart.layout(), self.size.ratio)?;
            }
        }
        Ok(painted)
    }
}

/// A chart paints all its layers on surfaces of one type.
enum Plane<'a> {
    Base(&'a mut PaintedCanvas),
    Layer(&'a mut Layer),
}

macro_rules! either {
    ($self:ident, $surface:ident => $call:expr) => {
        match &mut *$self {
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
        text_width(text, font)
    }
}
