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

/// As the first of two coordinates: the line ends here and the next pair begins another.
pub const BREAK: i32 = i32::MIN;

/// Something that takes shapes by the batch. Two layers of a chart may share one surface, or have
/// one each, stacked.
///
/// Shapes come as flat lists of whole device pixels, so that a surface on the other side of a
/// boundary (a canvas seen from WebAssembly) can take each in one crossing.
pub trait Surface {
    /// What can go wrong.
    type Error;

    /// Makes `rects` transparent, or does nothing where layers share a surface.
    ///
    /// # Errors
    /// When the surface is unusable.
    fn clear_rects(&mut self, rects: &[Rect]) -> Result<(), Self::Error>;

    /// Fills rectangles with one colour: x, y, width and height of each in turn, none empty.
    ///
    /// # Errors
    /// When the surface is unusable.
    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), Self::Error>;

    /// Fills a straight line or band along an axis, in dashes and gaps of `dash` pixels if that is
    /// above zero. Such a line crosses a whole plot and moves often, so a surface may show it by
    /// other means than pixels of its own.
    ///
    /// # Errors
    /// When the surface is unusable.
    fn rule(&mut self, color: Color, rect: Rect, dash: i32) -> Result<(), Self::Error> {
        for part in dashes(rect, dash) {
            self.fill_rects(color, &[part.x, part.y, part.w, part.h])?;
        }
        Ok(())
    }

    /// Draws lines of one colour, `width` pixels wide, with round joins: x and y of each point in
    /// turn, [`BREAK`] and anything between two lines. A point is the middle of its pixel.
    ///
    /// # Errors
    /// When the surface is unusable.
    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), Self::Error>;

    /// Fills areas with one colour: x and y of each corner in turn, [`BREAK`] and anything between
    /// two areas. A corner is the upper left corner of its pixel.
    ///
    /// # Errors
    /// When the surface is unusable.
    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), Self::Error>;

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

/// Layers may be painted on surfaces of several types by way of `&mut dyn Surface`.
impl<S: Surface + ?Sized> Surface for &mut S {
    type Error = S::Error;

    fn clear_rects(&mut self, rects: &[Rect]) -> Result<(), S::Error> {
        (**self).clear_rects(rects)
    }
    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), S::Error> {
        (**self).fill_rects(color, rects)
    }
    fn rule(&mut self, color: Color, rect: Rect, dash: i32) -> Result<(), S::Error> {
        (**self).rule(color, rect, dash)
    }
    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), S::Error> {
        (**self).stroke(color, width, points)
    }
    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), S::Error> {
        (**self).fill_areas(color, points)
    }
    fn text(
        &mut self,
        text: &str,
        position: (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
    ) -> Result<(), S::Error> {
        (**self).text(text, position, anchor, font, color)
    }
    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        (**self).text_width(text, font)
    }
}

/// Tells the width of a text: that part of a surface that laying out needs.
pub type Measure<'a> = dyn FnMut(&str, Font) -> i32 + 'a;

/// The dashes of a line along its longer side, as long as the gaps between them; the whole line if
/// `dash` is not above zero.
pub fn dashes(line: Rect, dash: i32) -> impl Iterator<Item = Rect> {
    let across = line.w >= line.h;
    let length = if across { line.w } else { line.h };
    let dash = if dash > 0 { dash } else { length.max(1) };
    (0..length.max(0)).step_by(2 * dash.unsigned_abs() as usize).map(move |from| {
        let part = dash.min(length - from);
        if across {
            Rect::new(line.x + from, line.y, part, line.h)
        } else {
            Rect::new(line.x, line.y + from, line.w, part)
        }
    })
}

/// The lines or areas of a flat list of points.
pub fn parts(points: &[i32]) -> impl Iterator<Item = &[i32]> {
    let mut rest = points;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end =
                rest.chunks(2).position(|pair| pair.first() == Some(&BREAK)).map_or(rest.len(), |i| 2 * i);
            let (part, behind) = rest.split_at(end);
            rest = behind.get(2..).unwrap_or_default();
            if !part.is_empty() {
                return Some(part);
            }
        }
        None
    })
}

/// Width of `text` where no font is at hand: 0.6 of the size a character, or 0.7 where it is bold, as
/// most faces' digits.
#[must_use]
pub fn estimated_width(text: &str, font: Font) -> i32 {
    let characters = text.chars().count().min(10_000) as f64;
    let each = if font.bold { 0.7 } else { 0.6 };
    (characters * f64::from(font.size) * each).ceil() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_breaks() {
        let all: Vec<&[i32]> = parts(&[1, 2, 3, 4, BREAK, 0, BREAK, 0, 5, 6]).collect();
        assert_eq!(all, [&[1, 2, 3, 4][..], &[5, 6][..]]);
        assert_eq!(parts(&[]).count(), 0);
        assert_eq!(parts(&[BREAK, 0]).count(), 0);
    }
}
