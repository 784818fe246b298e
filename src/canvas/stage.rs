//! Where a chart is shown: a canvas for what stands still, and over it what moves.
//!
//! While the hand moves the view nothing stands still: then all but the crosshair is one picture on one canvas,
//! so that its parts move together and the page itself has nothing to lay out. Once only the last bar goes on,
//! it gets its own canvases again.

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
    live_is: Live,
    /// [`Viewport::moves`](wickwire_chart::model::viewport::Viewport::moves) of the view that the base shows.
    moves: u32,
}

/// Where the live layer is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Live {
    /// By rules and canvases of its own.
    Apart,
    /// By these still, and on the base, which is not painted yet.
    Joining,
    /// On the base alone.
    Joined,
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
            live_is: Live::Apart,
            moves: 0,
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
        let by_hand = !chart.following() && chart.viewport().moves() != self.moves;
        let painted = self.paint_layers(chart, content, by_hand)?;
        if self.live_is == Live::Apart || painted.contains(Layers::BASE) {
            return Ok(painted);
        }
        if !painted.contains(Layers::LIVE) {
            if !self.base.is_pending() {
                self.live_is = Live::Joined;
                self.live.hide();
            }
            return Ok(painted);
        }
        // The base has the last bar as it was.
        chart.invalidate();
        self.paint_layers(chart, content, false)
    }

    /// Whether another frame is wanted although nothing else may change.
    #[must_use]
    pub fn wants_frame(&self) -> bool {
        self.live_is == Live::Joining
    }

    fn paint_layers(
        &mut self,
        chart: &mut Chart,
        content: &Content<'_>,
        merge: bool,
    ) -> Result<Layers, CanvasError> {
        let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
        let whole = Rect::new(0, 0, side(self.size.width), side(self.size.height));
        // The thread is asked only where its answer matters.
        let pending = self.live_is == Live::Joining && self.base.is_pending();
        let threaded = self.base.is_threaded() && !self.base.is_lost();
        self.live.set_strip(threaded);
        let base = self.base.begin(whole)?;
        let painted = {
            // All layers are painted on surfaces of one type.
            let mut base: &mut dyn Surface<Error = CanvasError> = &mut *base;
            let mut live: &mut dyn Surface<Error = CanvasError> = &mut self.live;
            let mut overlay: &mut dyn Surface<Error = CanvasError> = &mut self.overlay;
            chart.paint(content, &mut base, &mut live, &mut overlay)?
        };
        if painted.contains(Layers::BASE) {
            self.moves = chart.viewport().moves();
            self.live_is = match (merge, self.live_is) {
                (false, _) => Live::Apart,
                // One that was joined before this one is seen, or is at once.
                (true, Live::Joining) if !pending => Live::Joined,
                (true, Live::Apart | Live::Joining) if threaded => Live::Joining,
                (true, _) => Live::Joined,
            };
            if merge {
                self.live.replay(base)?;
            }
            self.base.finish(self.size.ratio);
        }
        if self.live_is == Live::Joined {
            self.live.hide();
        } else if painted.contains(Layers::LIVE) {
            self.live.show(chart.layout(), self.size.ratio)?;
        }
        if painted.contains(Layers::OVERLAY) {
            self.overlay.show(chart.layout(), self.size.ratio)?;
        }
        Ok(painted)
    }
}
