//! A surface made of any plotters backend that writes texts itself: SVG, canvas.

use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, FontFamily, FontStyle,
    FontTransform,
};

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

/// A font, a colour and an anchor, as backends ask for them.
struct Label<'a> {
    family: &'a str,
    size: f64,
    bold: bool,
    color: BackendColor,
    anchor: Anchor,
}

impl BackendTextStyle for Label<'_> {
    type FontError = Error;

    fn color(&self) -> BackendColor {
        self.color
    }
    fn size(&self) -> f64 {
        self.size
    }
    fn transform(&self) -> FontTransform {
        FontTransform::None
    }
    fn style(&self) -> FontStyle {
        if self.bold { FontStyle::Bold } else { FontStyle::Normal }
    }
    fn anchor(&self) -> Pos {
        let h_pos = match self.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        Pos::new(h_pos, VPos::Center)
    }
    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name(self.family)
    }
    /// An estimate; backends that write texts themselves do not ask.
    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Error> {
        let size = self.size.round().max(1.0) as u32;
        let width = estimated_width(text, Font { size, bold: self.bold });
        Ok(((0, 0), (width, size.cast_signed())))
    }
    /// For backends that know no fonts, of which there are none here.
    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _: &str,
        _: BackendCoord,
        _: DrawFunc,
    ) -> Result<Result<(), E>, Error> {
        Err(Error::Surface("the backend writes no texts".to_owned()))
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
        let size = f64::from(font.size) * self.text_scale;
        let style = Label { family: self.family, size, bold: font.bold, color: color.into(), anchor };
        Ok(self.backend.draw_text(text, &style, position)?)
    }

    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        estimated_width(text, font)
    }
}
