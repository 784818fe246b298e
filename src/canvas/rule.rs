//! Straight lines and bands along an axis, as elements that only ever move.

use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, Element, HtmlElement};
use wickwire_chart::{Color, Rect};

use super::context::{CanvasError, hex};
use super::shim;

/// What an element looks like, wherever it is.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Look {
    color: Color,
    /// Length of a dash and of the space after it, device pixels; 0 for none.
    dash: i32,
    down: bool,
    /// Length, device pixels.
    length: i32,
    ratio: f64,
}

/// An element one CSS pixel thick, stretched to the thickness that is asked for.
pub(super) struct Rule {
    style: CssStyleDeclaration,
    look: Option<Look>,
    at: Option<Rect>,
}

impl Rule {
    /// A hidden one, as the last child of `stage`.
    pub(super) fn new(stage: &Element, layer: &str) -> Result<Self, CanvasError> {
        let element = super::element(stage, "div")?;
        element.set_class_name(&["chart-rule ", layer].concat());
        stage.append_child(&element)?;
        let style = element.unchecked_into::<HtmlElement>().style();
        Ok(Self { style, look: None, at: None })
    }

    /// Shows it as `rect`, dashed along the longer side if `dash` is positive.
    pub(super) fn show(&mut self, color: Color, rect: Rect, dash: i32, ratio: f64) {
        let down = rect.h > rect.w;
        let length = if down { rect.h } else { rect.w };
        let look = Look { color, dash, down, length, ratio };
        if self.look != Some(look) {
            self.paint(look);
            self.look = Some(look);
            self.at = None;
        }
        if self.at != Some(rect) {
            let css = |device: i32| f64::from(device) / ratio;
            let thick = css(if down { rect.w } else { rect.h });
            let (x, y) = (css(rect.x), css(rect.y));
            if thick.to_bits() == 1.0_f64.to_bits() {
                shim::place(&self.style, x, y);
            } else {
                let (across, along) = if down { (thick, 1.0) } else { (1.0, thick) };
                shim::stretch(&self.style, x, y, across, along);
            }
            self.at = Some(rect);
        }
    }

    fn paint(&self, look: Look) {
        let css = |device: i32| f64::from(device) / look.ratio;
        let (width, height) = if look.down { (1.0, css(look.length)) } else { (css(look.length), 1.0) };
        shim::size(&self.style, width, height);
        shim::fill(&self.style, &hex(look.color), css(look.dash), look.down);
        shim::show(&self.style, true);
    }

    /// Hides it.
    pub(super) fn hide(&mut self) {
        if self.look.take().is_some() {
            shim::show(&self.style, false);
        }
    }
}
