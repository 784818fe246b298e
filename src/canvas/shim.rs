//! The functions of `shim.js`.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration};

#[wasm_bindgen(module = "/src/canvas/shim.js")]
extern "C" {
    /// Fills rectangles: x, y, width and height of each in turn.
    #[wasm_bindgen(js_name = fillRects)]
    pub(super) fn fill_rects(context: &CanvasRenderingContext2d, rects: &[i32]);

    /// Moves an element to `x`, `y`, CSS pixels, without laying out.
    pub(super) fn place(style: &CssStyleDeclaration, x: f64, y: f64);

    /// The same, and stretches it.
    pub(super) fn stretch(style: &CssStyleDeclaration, x: f64, y: f64, across: f64, down: f64);

    /// Gives an element a size in CSS pixels.
    pub(super) fn size(style: &CssStyleDeclaration, width: f64, height: f64);

    /// Fills an element with a colour, in dashes of `dash` CSS pixels if that is positive.
    pub(super) fn fill(style: &CssStyleDeclaration, color: &str, dash: f64, down: bool);

    /// Shows or hides an element without laying out.
    pub(super) fn show(style: &CssStyleDeclaration, shown: bool);
}
