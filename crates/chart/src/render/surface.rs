//! What a scene is painted on.

use crate::{Color, Rect};

/// Which point of a text its position names. Vertically it is always the middle of a digit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// A font of the axes' family.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Font {
    /// Size in device pixels.
    pub size: u32,
    /// Weight 600 instead of 400.
    pub bold: bool,
}

/// Something that takes rectangles by the batch. Two layers of a chart may share one surface, or
/// have one each, stacked.
pub trait Surface {
    /// What can go wrong.
    type Error;

    /// Makes `rects` transparent, or does nothing where layers share a surface.
    ///
    /// # Errors
    /// When the surface is unusable.
    fn clear_rects(&mut self, rects: &[Rect]) -> Result<(), Self::Error>;

    /// Fills `rects` with one colour.
    ///
    /// # Errors
    /// When the surface is unusable.
    fn fill_rects(&mut self, color: Color, rects: &[Rect]) -> Result<(), Self::Error>;

    /// Writes one line of text.
    ///
    /// # Errors
    /// When the surface is unusable.
    fn text(
        &mut self,
        text: &str,
        position: (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
    ) -> Result<(), Self::Error>;

    /// Width of `text` in device pixels, rounded up. Called often; cache it.
    fn text_width(&mut self, text: &str, font: Font) -> i32;
}

/// Width of `text` where no font is at hand: 0.6 of the size a character, as most faces' digits.
#[must_use]
pub fn estimated_width(text: &str, font: Font) -> i32 {
    let characters = text.chars().count().min(10_000) as f64;
    (characters * f64::from(font.size) * 0.6).ceil() as i32
}
