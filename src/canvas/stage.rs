//! Where a chart is shown: a canvas for what stands still, and over it what moves.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement};
use wickwire_chart::{Chart, Content, Layers, Rect, Surface};

use super::context::CanvasError;
use super::layer::Layer;
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
        let mut base = self.base.begin(whole)?;
        // All layers are painted on surfaces of one type.
        let mut live: &mut dyn Surface<Error = CanvasError> = &mut self.live;
        let mut overlay: &mut dyn Surface<Error = CanvasError> = &mut self.overlay;
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
