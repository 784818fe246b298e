//! The chart as it is seen, as one PNG: painted once more in one piece, and the words that the page
//! lays over it.

use wasm_bindgen::JsCast;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};
use wickwire_chart::Color;

use super::file;
use crate::canvas::{Context, DIGITS_FACE};
use crate::{canvas, dom};

/// Size of the words, CSS pixels.
pub(super) const LINE_SIZE: f64 = 12.0;
/// From the left edge to the words, CSS pixels.
pub(super) const LINE_LEFT: f64 = 10.0;

/// Words over the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What they are.
    pub text: String,
    /// The middle of the line below the upper edge of the chart, CSS pixels.
    pub middle: f64,
    /// In the colour of headings.
    pub strong: bool,
}

/// Paints a picture of `width` × `height` device pixels by `paint`, and `lines` over it. `None` if
/// the browser gives no canvas to draw on.
#[must_use]
pub fn compose(
    (width, height): (u32, u32),
    ratio: f64,
    lines: &[Line],
    paint: impl FnOnce(&mut Context) -> Option<()>,
) -> Option<HtmlCanvasElement> {
    let whole: HtmlCanvasElement = dom::document()?.create_element("canvas").ok()?.unchecked_into();
    let mut surface = Context::new(whole.clone(), true).ok()?;
    surface.resize(width, height);
    paint(&mut surface)?;
    let context: CanvasRenderingContext2d = whole.get_context("2d").ok()??.unchecked_into();
    let color = |token| canvas::token(token).map(css);
    context.set_text_align("left");
    context.set_text_baseline("middle");
    for line in lines {
        let weight = if line.strong { 600 } else { 400 };
        context.set_font(&format!("{weight} {}px {DIGITS_FACE}", LINE_SIZE * ratio));
        context.set_fill_style_str(&color(if line.strong { "--text" } else { "--text-2" })?);
        context.fill_text(&line.text, LINE_LEFT * ratio, line.middle * ratio).ok()?;
    }
    Some(whole)
}

/// Offers a canvas as a PNG file and tells whether the browser took it.
pub fn save(canvas: &HtmlCanvasElement, name: String, done: impl FnOnce(bool) + 'static) {
    let take = file::once(move |blob| {
        done(blob.dyn_ref::<Blob>().is_some_and(|blob| file::save(&name, blob)));
    });
    // Refused for a canvas with pictures of another origin only, which this is not.
    let _ = canvas.to_blob(&take);
}

fn css(color: Color) -> String {
    crate::layout::text::hex(color)
}
