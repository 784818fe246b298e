//! A surface made of any plotters backend: SVG, bitmap, canvas.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, TextStyle};
use plotters_backend::{BackendColor, DrawingBackend};

use crate::render::surface::estimated_width;
use crate::{Anchor, Color, Error, Font, Rect, Surface};

/// Paints on a plotters backend. All layers share it, so clearing does nothing.
#[derive(Debug)]
pub struct Plotters<'a, B: DrawingBackend> {
    backend: &'a mut B,
    family: &'a str,
    text_scale: f64,
}

impl<'a, B: DrawingBackend> Plotters<'a, B> {
    /// A surface on `backend` with texts in a sans-serif face.
    pub fn new(backend: &'a mut B) -> Self {
        Self { backend, family: "sans-serif", text_scale: 1.0 }
    }

    /// With another font family.
    #[must_use]
    pub fn family(mut self, family: &'a str) -> Self {
        self.family = family;
        self
    }

    /// With text sizes multiplied by `scale` on their way to the backend. The SVG backend of
    /// plotters divides sizes by 1.24.
    #[must_use]
    pub fn text_scale(mut self, scale: f64) -> Self {
        self.text_scale = scale;
        self
    }
}

impl<B: DrawingBackend> Surface for Plotters<'_, B> {
    type Error = Error;

    fn clear_rects(&mut self, _: &[Rect]) -> Result<(), Error> {
        Ok(())
    }

    fn fill_rects(&mut self, color: Color, rects: &[Rect]) -> Result<(), Error> {
        let color = BackendColor::from(color);
        for rect in rects {
            self.backend.draw_rect((rect.x, rect.y), (rect.right(), rect.bottom()), &color, true)?;
        }
        Ok(())
    }

    fn text(
        &mut self,
        text: &str,
        position: (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
    ) -> Result<(), Error> {
        let style = if font.bold { FontStyle::Bold } else { FontStyle::Normal };
        let size = f64::from(font.size) * self.text_scale;
        let h_pos = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = TextStyle {
            font: FontDesc::new(FontFamily::from(self.family), size, style),
            color: color.into(),
            pos: Pos::new(h_pos, VPos::Center),
        };
        Ok(self.backend.draw_text(text, &style, position)?)
    }

    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        estimated_width(text, font)
    }
}
