//! A canvas that another thread paints: what is drawn on it is written down as numbers and handed over.
//!
//! Shaping texts and filling pixels takes the browser longer than all of ours. The main thread, which
//! decodes what the market sends and answers the hand, has no part in it. The other side is `painter.js`.

use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleDeclaration, HtmlCanvasElement};
use wickwire_chart::{Anchor, Color, Font, Rect, Surface};

use super::context::{CanvasError, DIGITS_FACE, baseline, weight};
use super::measure::text_width;

#[wasm_bindgen(module = "/src/canvas/painter.js")]
extern "C" {
    #[wasm_bindgen(js_name = Painter)]
    type JsPainter;

    #[wasm_bindgen(constructor, js_class = "Painter", catch)]
    fn new(
        canvas: &HtmlCanvasElement,
        family: &str,
        opaque: bool,
        failed: &js_sys::Function,
    ) -> Result<JsPainter, JsValue>;

    #[wasm_bindgen(method, js_class = "Painter")]
    fn paint(this: &JsPainter, numbers: &[i32], chars: &str, ratio: f64);

    #[wasm_bindgen(method, getter, js_class = "Painter")]
    fn pending(this: &JsPainter) -> bool;

    #[wasm_bindgen(method, js_class = "Painter")]
    fn hide(this: &JsPainter);

    #[wasm_bindgen(method, js_class = "Painter")]
    fn close(this: &JsPainter);

    /// Resolves once all that was drawn so far on all canvases is on them.
    pub fn settled() -> js_sys::Promise;

    /// Shows an element where and as large as device pixels say; only what differs is laid out.
    pub(super) fn show(style: &CssStyleDeclaration, x: i32, y: i32, width: i32, height: i32, ratio: f64);
}

/// What follows in the list of numbers, after its colour. Those of `painter.js`.
#[derive(Clone, Copy)]
enum Op {
    /// How many numbers, then x, y, width and height of each.
    Rects = 0,
    /// The width, then as for areas.
    Lines = 1,
    /// How many numbers, then x and y of each point.
    Areas = 2,
    /// Weight and size of the font, the anchor, UTF-16 units of the text, x and the baseline.
    Text = 3,
}

/// Notes what is painted on a canvas, and has it painted.
pub(super) struct Painter {
    canvas: JsPainter,
    /// Left and upper edge, width and height, and then what is painted.
    numbers: Vec<i32>,
    /// All texts, one after the other.
    chars: String,
    _failed: Closure<dyn Fn()>,
}

impl Painter {
    /// Takes over `canvas`, which was not drawn on yet and moves to where its painting belongs as soon as that
    /// is painted. `failed` is called if the thread fails later.
    ///
    /// # Errors
    /// When the browser or the page's policy has no such thread, or it has failed before. The canvas is
    /// as it was.
    pub(super) fn new(
        canvas: &HtmlCanvasElement,
        opaque: bool,
        failed: impl Fn() + 'static,
    ) -> Result<Self, CanvasError> {
        let failed = Closure::<dyn Fn()>::new(failed);
        let canvas = JsPainter::new(canvas, DIGITS_FACE, opaque, failed.as_ref().unchecked_ref())?;
        Ok(Self { canvas, numbers: Vec::new(), chars: String::new(), _failed: failed })
    }

    /// Begins anew, with a canvas that shows `area`.
    pub(super) fn begin(&mut self, area: Rect) {
        self.numbers.clear();
        self.numbers.extend([area.x, area.y, area.w, area.h]);
        self.chars.clear();
    }

    /// Has painted what was noted since [`begin`](Self::begin). While the thread is busy the newest
    /// painting of a canvas waits; those between are never painted.
    pub(super) fn send(&self, ratio: f64) {
        self.canvas.paint(&self.numbers, &self.chars, ratio);
    }

    /// Whether what was handed over last is not painted yet.
    pub(super) fn is_pending(&self) -> bool {
        self.canvas.pending()
    }

    /// Hides the canvas at once, until something new is painted.
    pub(super) fn hide(&self) {
        self.canvas.hide();
    }

    fn open(&mut self, op: Op, color: Color) {
        let Color { r, g, b, a } = color;
        self.numbers.extend([op as i32, i32::from_be_bytes([r, g, b, a])]);
    }

    fn list(&mut self, numbers: &[i32]) {
        self.numbers.push(numbers.len() as i32);
        self.numbers.extend_from_slice(numbers);
    }
}

impl Drop for Painter {
    fn drop(&mut self) {
        self.canvas.close();
    }
}

impl Surface for Painter {
    type Error = CanvasError;

    /// Nothing: a painting covers the whole canvas.
    fn clear_rects(&mut self, _: &[Rect]) -> Result<(), CanvasError> {
        Ok(())
    }

    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), CanvasError> {
        if color.a > 0 {
            self.open(Op::Rects, color);
            self.list(rects);
        }
        Ok(())
    }

    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), CanvasError> {
        self.open(Op::Lines, color);
        self.numbers.push(width.cast_signed());
        self.list(points);
        Ok(())
    }

    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), CanvasError> {
        self.open(Op::Areas, color);
        self.list(points);
        Ok(())
    }

    fn text(
        &mut self,
        text: &str,
        (x, y): (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
    ) -> Result<(), CanvasError> {
        self.open(Op::Text, color);
        let units = text.encode_utf16().count() as i32;
        let anchor = anchor as i32;
        self.numbers.extend([
            weight(font),
            font.size.cast_signed(),
            anchor,
            units,
            x,
            baseline(y, font) as i32,
        ]);
        self.chars.push_str(text);
        Ok(())
    }

    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        text_width(text, font)
    }
}
