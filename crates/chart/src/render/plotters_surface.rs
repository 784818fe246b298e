//! A surface made of any plotters backend: SVG, bitmap, canvas.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, TextStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend};

use crate::render::surface::{estimated_width, parts};
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

/// Colour and width of a line, as backends ask for them.
struct Stroke {
    color: BackendColor,
    width: u32,
}

impl BackendStyle for Stroke {
    fn color(&self) -> BackendColor {
        self.color
    }
    fn stroke_width(&self) -> u32 {
        self.width
    }
}

fn pairs(points: &[i32]) -> impl Iterator<Item = BackendCoord> {
    points.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)))
}

impl<B: DrawingBackend> Surface for Plotters<'_, B> {
    type Error = Error;

    fn clear_rects(&mut self, _: &[Rect]) -> Result<(), Error> {
        Ok(())
    }

    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), Error> {
        let color = BackendColor::from(color);
        for rect in rects.chunks_exact(4) {
            let &[x, y, w, h] = rect else { continue };
            self.backend.draw_rect((x, y), (x + w, y + h), &color, true)?;
        }
        Ok(())
    }

    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), Error> {
        let style = Stroke { color: color.into(), width };
        for line in parts(points) {
            self.backend.draw_path(pairs(line), &style)?;
        }
        Ok(())
    }

    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), Error> {
        let color = BackendColor::from(color);
        for area in parts(points) {
            self.backend.fill_polygon(pairs(area), &color)?;
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
            font: FontDesc::new(FontFamily::Name(self.family), size, style),
            color: color.into(),
            pos: Pos::new(h_pos, VPos::Center),
        };
        Ok(self.backend.draw_text(text, &style, position)?)
    }

    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        estimated_width(text, font)
    }
}
