//! Widths of texts, measured once a shape.

use std::collections::HashMap;

use wickwire_chart::Font;

/// Shapes remembered at most; then all are forgotten and measured again.
pub(super) const MAX_SHAPES: usize = 256;

/// Widths by shape of text: all digits of the faces we use are equally wide, so that `181.53` and
/// `179.08` are one shape.
#[derive(Default)]
pub struct TextWidths {
    by_shape: HashMap<(Font, String), i32>,
    face: String,
    shape: String,
}

impl TextWidths {
    /// The width of `text` in device pixels, rounded up; `measure` is called with its shape if that
    /// is not known yet, and may fail. The face is taken to change hardly ever.
    pub fn width(
        &mut self,
        text: &str,
        font: Font,
        face: &str,
        measure: impl FnOnce(&str) -> Option<f64>,
    ) -> i32 {
        if self.face != face {
            self.by_shape.clear();
            face.clone_into(&mut self.face);
        }
        self.shape.clear();
        self.shape.extend(text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }));
        let key = (font, std::mem::take(&mut self.shape));
        if let Some(width) = self.by_shape.get(&key) {
            self.shape = key.1;
            return *width;
        }
        let Some(width) = measure(&key.1) else {
            return wickwire_chart::render::surface::estimated_width(text, font);
        };
        let width = width.ceil().clamp(0.0, f64::from(i16::MAX)) as i32;
        if self.by_shape.len() >= MAX_SHAPES {
            self.by_shape.clear();
        }
        self.by_shape.insert(key, width);
        width
    }

    /// How many shapes are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_shape.len()
    }

    /// Whether none is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_shape.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_measured_once_and_few_are_remembered() {
        let mut widths = TextWidths::default();
        let font = Font { size: 11, bold: false };
        let mut measured = 0;
        let mut width = |text: &str| {
            widths.width(text, font, "face", |shape| {
                measured += 1;
                Some(shape.len() as f64 - 0.5)
            });
            (widths.len(), measured)
        };
        assert_eq!(width("181.53"), (1, 1));
        assert_eq!(width("179.08"), (1, 1));
        for i in 2..=MAX_SHAPES {
            assert_eq!(width(&"x".repeat(i)).0, i);
        }
        assert_eq!(width("one more"), (1, MAX_SHAPES + 1));
    }
}
