//! The chart as it is seen, as one PNG: painted once more in one piece, and the words that the page
//! lays over it.

use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlCanvasElement};
use wickwire_chart::{Anchor, Color, Font, Surface};

use super::file;
use crate::canvas::Context;
use crate::dom;

/// Size of the words, CSS pixels.
const SIZE: f64 = 12.0;
/// From the left edge to the words, CSS pixels.
const LEFT: f64 = 10.0;

/// A word of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// What it is.
    pub text: String,
    /// Its colour.
    pub color: Color,
    /// From the word before it, CSS pixels; the first has none.
    pub gap: f64,
}

/// Words over the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// From left to right.
    pub words: Vec<Word>,
    /// The middle of the line below the upper edge of the chart, CSS pixels.
    pub middle: f64,
    /// As headings are.
    pub strong: bool,
}

/// Writes `lines` on a surface with so many device pixels to a CSS pixel.
///
/// # Errors
/// What the surface answers.
pub(super) fn write<E>(surface: &mut dyn Surface<Error = E>, lines: &[Line], ratio: f64) -> Result<(), E> {
    let device = |css: f64| (css * ratio).round() as i32;
    for line in lines {
        let font = Font { size: device(SIZE).unsigned_abs().max(1), bold: line.strong };
        let (mut x, y) = (device(LEFT), device(line.middle));
        for (i, word) in line.words.iter().enumerate() {
            x += if i > 0 { device(word.gap) } else { 0 };
            surface.text(&word.text, (x, y), Anchor::Start, font, word.color)?;
            x += surface.text_width(&word.text, font);
        }
    }
    Ok(())
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
    write(&mut surface, lines, ratio).ok()?;
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
