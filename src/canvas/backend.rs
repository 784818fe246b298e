//! Our canvas as a backend of plotters.
//!
//! Pictures agree with those of `plotters-canvas` (the browser test `tests/canvas.rs` says how
//! closely), but straight lines along the pixel grid are filled and not stroked, colours are set
//! only when they change, and text sizes come from the cache.

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    FontTransform,
};
use wickwire_chart::{Anchor, Color, Font};

use super::context::{CanvasError, Context, weight};

type Result<T = ()> = std::result::Result<T, DrawingErrorKind<CanvasError>>;

fn color(color: BackendColor) -> Color {
    let (r, g, b) = color.rgb;
    Color::rgb(r, g, b).fade(color.alpha)
}

fn failed(error: impl Into<CanvasError>) -> DrawingErrorKind<CanvasError> {
    DrawingErrorKind::DrawingError(error.into())
}

fn font(style: &impl BackendTextStyle) -> Font {
    Font {
        size: style.size().round().clamp(1.0, 1_000.0) as u32,
        bold: matches!(style.style(), FontStyle::Bold),
    }
}

impl Context {
    fn path(&self, points: impl IntoIterator<Item = BackendCoord>) {
        self.context.begin_path();
        for (i, (x, y)) in points.into_iter().enumerate() {
            if i == 0 {
                self.context.move_to(x.into(), y.into());
            } else {
                self.context.line_to(x.into(), y.into());
            }
        }
    }
}

impl DrawingBackend for Context {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        self.size()
    }

    fn ensure_prepared(&mut self) -> Result {
        Ok(())
    }

    fn present(&mut self) -> Result {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, style: BackendColor) -> Result {
        let color = color(style);
        if color.a > 0 {
            self.set_fill(color);
            self.context.fill_rect(x.into(), y.into(), 1.0, 1.0);
        }
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Result {
        let (color, width) = (color(style.color()), style.stroke_width());
        if color.a == 0 {
            return Ok(());
        }
        let ((x0, y0), (x1, y1)) = (from, to);
        if x0 != x1 && y0 != y1 {
            self.set_stroke(color, width);
            self.path([from, to]);
            self.context.stroke();
            return Ok(());
        }
        // The pixels that a stroke half a pixel before the coordinate covers: the row above it (the
        // column left of it) for a width of one.
        let before = i32::try_from(width.saturating_add(1) / 2).unwrap_or(i32::MAX);
        let (x, y) = (x0.min(x1), y0.min(y1));
        self.set_fill(color);
        if y0 == y1 && x0 != x1 {
            let length = x0.abs_diff(x1);
            self.context.fill_rect(x.into(), (y - before).into(), length.into(), width.into());
        } else {
            let length = y0.abs_diff(y1);
            self.context.fill_rect((x - before).into(), y.into(), width.into(), length.into());
        }
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (x0, y0): BackendCoord,
        (x1, y1): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result {
        let color = color(style.color());
        if color.a == 0 {
            return Ok(());
        }
        let (x, y, w, h) = (x0.into(), y0.into(), (x1 - x0).into(), (y1 - y0).into());
        if fill {
            self.set_fill(color);
            self.context.fill_rect(x, y, w, h);
        } else {
            self.set_stroke(color, style.stroke_width());
            self.context.stroke_rect(x, y, w, h);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result {
        let color = color(style.color());
        if color.a > 0 {
            self.set_stroke(color, style.stroke_width());
            self.path(path);
            self.context.stroke();
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Result {
        let color = color(style.color());
        if color.a > 0 {
            self.set_fill(color);
            self.path(points);
            self.context.close_path();
            self.context.fill();
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result {
        let color = color(style.color());
        if color.a == 0 {
            return Ok(());
        }
        if fill {
            self.set_fill(color);
        } else {
            self.set_stroke(color, style.stroke_width());
        }
        self.context.begin_path();
        self.context.arc(x.into(), y.into(), radius.into(), 0.0, std::f64::consts::TAU).map_err(failed)?;
        if fill {
            self.context.fill();
        } else {
            self.context.stroke();
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Result {
        let color = color(style.color());
        if color.a == 0 {
            return Ok(());
        }
        self.set_fill(color);
        self.set_font(font(style), style.family().as_str());
        let anchor = match style.anchor().h_pos {
            HPos::Left => Anchor::Start,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::End,
        };
        let baseline = match style.anchor().v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        };
        self.set_anchor(anchor, baseline);
        let quarter_turns = match style.transform() {
            FontTransform::None => {
                return self.context.fill_text(text, x.into(), y.into()).map_err(failed);
            }
            FontTransform::Rotate90 => 1.0,
            FontTransform::Rotate180 => 2.0,
            FontTransform::Rotate270 => 3.0,
        };
        // Turned and turned back by hand: `restore` would undo the state we remember.
        let angle = quarter_turns * std::f64::consts::FRAC_PI_2;
        self.context.translate(x.into(), y.into()).map_err(failed)?;
        self.context.rotate(angle).map_err(failed)?;
        let written = self.context.fill_text(text, 0.0, 0.0);
        self.context.reset_transform().map_err(failed)?;
        written.map_err(failed)
    }

    /// From the canvas and the cache. The default of plotters adds an element to the page and reads
    /// its size, which makes the browser lay out the page for every label.
    fn estimate_text_size<S: BackendTextStyle>(&self, text: &str, style: &S) -> Result<(u32, u32)> {
        let font = font(style);
        let family = style.family();
        let width = self.widths.borrow_mut().width(text, font, family.as_str(), |shape| {
            // The remembered font stays in force, so that this can work on a shared reference.
            let before = self.context.font();
            self.context.set_font(&format!("{} {}px {}", weight(font), font.size, family.as_str()));
            let width = self.context.measure_text(shape).ok().map(|metrics| metrics.width());
            self.context.set_font(&before);
            width
        });
        Ok((width.unsigned_abs(), font.size))
    }
}
