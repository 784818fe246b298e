//! A 2D context that remembers its state, and the chart's surface on it.

use std::cell::RefCell;
use std::fmt::Write as _;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use wickwire_chart::render::surface::BREAK;
use wickwire_chart::{Anchor, Color, Font, Rect, Surface};

use super::shim;
use super::text::TextWidths;

/// Faces whose digits are all of one width without being asked: a canvas cannot ask.
pub const DIGITS_FACE: &str =
    "\"Segoe UI\", Roboto, \"Helvetica Neue\", Arial, \"Liberation Sans\", \"DejaVu Sans\", sans-serif";

/// From the middle of a digit down to the baseline, as a part of the font size.
const HALF_DIGIT: f64 = 0.36;

/// The canvas could not be drawn on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanvasError(String);

impl std::fmt::Display for CanvasError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CanvasError {}

impl From<JsValue> for CanvasError {
    fn from(value: JsValue) -> Self {
        let text = value.dyn_ref::<js_sys::Error>().map(|e| String::from(e.message()));
        Self(text.or_else(|| value.as_string()).unwrap_or_else(|| "unknown canvas error".to_owned()))
    }
}

impl CanvasError {
    /// The browser does not give what is needed.
    pub(super) fn missing(what: &str) -> Self {
        Self(["the canvas has no ", what].concat())
    }
}

/// What was last set on the context.
#[derive(Default)]
struct State {
    fill: Option<Color>,
    stroke: Option<(Color, u32)>,
    font: Option<(Font, String)>,
    align: Option<Anchor>,
    baseline: &'static str,
}

/// A canvas to draw on in device pixels.
pub struct Context {
    canvas: HtmlCanvasElement,
    pub(super) context: CanvasRenderingContext2d,
    state: State,
    /// Behind a cell because plotters asks for text sizes through a shared reference.
    pub(super) widths: RefCell<TextWidths>,
    text: String,
}

impl Context {
    /// Draws on `canvas`; `opaque` tells the browser that nothing behind it is ever seen.
    ///
    /// # Errors
    /// When the canvas gives no 2D context: another kind is in use, or the browser has run out.
    pub fn new(canvas: HtmlCanvasElement, opaque: bool) -> Result<Self, CanvasError> {
        let context = canvas
            .get_context_with_context_options("2d", &options(opaque)?)?
            .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok())
            .ok_or_else(|| CanvasError::missing("2D context"))?;
        Ok(Self { canvas, context, state: State::default(), widths: RefCell::default(), text: String::new() })
    }

    /// Sets the size in device pixels. This empties the canvas and resets its state.
    pub fn resize(&mut self, width: u32, height: u32) {
        self.canvas.set_width(width);
        self.canvas.set_height(height);
        self.state = State::default();
    }

    /// Width and height in device pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.canvas.width(), self.canvas.height())
    }

    /// The point that is painted in the upper left corner, until the size changes.
    pub(super) fn set_origin(&mut self, x: i32, y: i32) -> Result<(), CanvasError> {
        Ok(self.context.set_transform(1.0, 0.0, 0.0, 1.0, f64::from(-x), f64::from(-y))?)
    }

    /// Makes `rect` transparent.
    pub(super) fn clear(&mut self, rect: Rect) {
        self.context.clear_rect(rect.x.into(), rect.y.into(), rect.w.into(), rect.h.into());
    }

    pub(super) fn set_fill(&mut self, color: Color) {
        if self.state.fill != Some(color) {
            css(&mut self.text, color);
            self.context.set_fill_style_str(&self.text);
            self.state.fill = Some(color);
        }
    }

    pub(super) fn set_stroke(&mut self, color: Color, width: u32) {
        if self.state.stroke != Some((color, width)) {
            css(&mut self.text, color);
            self.context.set_stroke_style_str(&self.text);
            self.context.set_line_width(f64::from(width));
            self.context.set_line_join("round");
            self.state.stroke = Some((color, width));
        }
    }

    /// Begins a path along the lines of a flat list of points.
    fn trace(&self, points: &[i32], shift: f64) {
        self.context.begin_path();
        let mut open = false;
        for pair in points.chunks_exact(2) {
            let &[x, y] = pair else { continue };
            if x == BREAK {
                open = false;
                continue;
            }
            let (x, y) = (f64::from(x) + shift, f64::from(y) + shift);
            if open {
                self.context.line_to(x, y)
            } else {
                self.context.move_to(x, y)
            }
            open = true;
        }
    }

    pub(super) fn set_font(&mut self, font: Font, family: &str) {
        set_font(&self.context, &mut self.state.font, &mut self.text, font, family);
    }

    pub(super) fn set_anchor(&mut self, anchor: Anchor, baseline: &'static str) {
        if self.state.align != Some(anchor) {
            self.context.set_text_align(match anchor {
                Anchor::Start => "left",
                Anchor::Middle => "center",
                Anchor::End => "right",
            });
            self.state.align = Some(anchor);
        }
        if self.state.baseline != baseline {
            self.context.set_text_baseline(baseline);
            self.state.baseline = baseline;
        }
    }
}

fn options(opaque: bool) -> Result<JsValue, JsValue> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"alpha".into(), &JsValue::from_bool(!opaque))?;
    Ok(options.into())
}

fn set_font(
    context: &CanvasRenderingContext2d,
    set: &mut Option<(Font, String)>,
    text: &mut String,
    font: Font,
    family: &str,
) {
    if set.as_ref().is_some_and(|(old, old_family)| *old == font && old_family == family) {
        return;
    }
    text.clear();
    let _ = write!(text, "{} {}px {family}", weight(font), font.size);
    context.set_font(text);
    *set = Some((font, family.to_owned()));
}

/// A font's weight, as CSS has it.
pub(super) fn weight(font: Font) -> i32 {
    if font.bold { 600 } else { 400 }
}

/// Where a text stands whose digits have their middle at `y`: on a whole row, so that all labels of an axis
/// look alike.
pub(super) fn baseline(y: i32, font: Font) -> f64 {
    (f64::from(y) + f64::from(font.size) * HALF_DIGIT).round()
}

/// A colour as CSS text.
pub(super) fn hex(color: Color) -> String {
    let mut out = String::new();
    css(&mut out, color);
    out
}

/// A colour as CSS text.
fn css(out: &mut String, color: Color) {
    out.clear();
    let Color { r, g, b, a } = color;
    let _ = if a == u8::MAX {
        write!(out, "#{r:02x}{g:02x}{b:02x}")
    } else {
        write!(out, "#{r:02x}{g:02x}{b:02x}{a:02x}")
    };
}

impl Surface for Context {
    type Error = CanvasError;

    fn clear_rects(&mut self, rects: &[Rect]) -> Result<(), CanvasError> {
        for rect in rects {
            self.clear(*rect);
        }
        Ok(())
    }

    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), CanvasError> {
        if color.a == 0 {
            return Ok(());
        }
        self.set_fill(color);
        shim::fill_rects(&self.context, rects);
        Ok(())
    }

    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), CanvasError> {
        self.set_stroke(color, width);
        // A line of odd width is sharp where it runs through the middle of pixels.
        self.trace(points, if width % 2 == 1 { 0.5 } else { 0.0 });
        self.context.stroke();
        Ok(())
    }

    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), CanvasError> {
        self.set_fill(color);
        self.trace(points, 0.0);
        self.context.fill();
        Ok(())
    }

    fn text(
        &mut self,
        text: &str,
        (x, y): (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
    ) -> Result<(), CanvasError> {
        self.set_fill(color);
        self.set_font(font, DIGITS_FACE);
        self.set_anchor(anchor, "alphabetic");
        self.context.fill_text(text, x.into(), baseline(y, font))?;
        Ok(())
    }

    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        let Self { context, state, text: scratch, widths, .. } = self;
        widths.get_mut().width(text, font, DIGITS_FACE, |shape| {
            set_font(context, &mut state.font, scratch, font, DIGITS_FACE);
            context.measure_text(shape).ok().map(|metrics| metrics.width())
        })
    }
}
