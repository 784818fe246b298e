//! A line of short texts that change all the time, on a canvas of its own.
//!
//! As elements, six figures that change cost more than all else of a frame: they are laid out and
//! painted anew.

use web_sys::HtmlCanvasElement;
use wickwire_chart::{Anchor, Color, Font, Rect};

use super::context::CanvasError;
use super::measure::text_width;
use super::painted::{PaintedCanvas, Role};

/// Height of a line, CSS pixels, as in the style sheet.
const LINE: f64 = 18.0;
/// Size of the text, CSS pixels.
const SIZE: f64 = 12.0;
/// Between a name and its value, CSS pixels.
pub const NAME_GAP: f64 = 4.0;
/// Between two figures, CSS pixels.
pub const FIGURE_GAP: f64 = 10.0;
/// Widths of the canvas are multiples of this many device pixels, so that they hardly ever change.
const STEP: i32 = 64;

/// A figure: its name, which may be empty, and its value.
#[derive(Clone, Copy, Debug)]
pub struct Figure<'a> {
    /// What it is.
    pub name: &'a str,
    /// How much; nothing is shown where it is empty. Names appear and go with all values only.
    pub value: &'a str,
    /// Colour of the value.
    pub color: Color,
}

/// Where a figure stands and what is painted there.
#[derive(Default)]
struct Field {
    left: i32,
    line: i32,
    /// Of name and gap, of the value; that of the value only grows, or all would move with it.
    widths: (i32, i32),
    value: String,
    color: Color,
}

/// The line, which breaks where the room ends.
pub struct Figures {
    canvas: PaintedCanvas,
    fields: Vec<Field>,
    /// What all is painted with.
    look: Option<(Font, Color)>,
    ratio: f64,
}

impl Figures {
    /// Paints on `canvas`.
    ///
    /// # Errors
    /// When it gives no 2D context.
    pub fn new(canvas: HtmlCanvasElement) -> Result<Self, CanvasError> {
        // The chart is lost at the same time, and these figures are written when that is painted again.
        let canvas = PaintedCanvas::new(canvas, Role::Over, || {})?;
        Ok(Self { canvas, fields: Vec::new(), look: None, ratio: 1.0 })
    }

    /// Whether what was written is lost, and has to be written again.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.canvas.is_lost()
    }

    /// Shows these figures in at most `room` CSS pixels, names in the colour `names`.
    ///
    /// # Errors
    /// What the canvas answers.
    pub fn write(
        &mut self,
        figures: &[Figure<'_>],
        names: Color,
        (room, ratio): (f64, f64),
    ) -> Result<(), CanvasError> {
        let font = Font { size: (SIZE * ratio).round().max(1.0) as u32, bold: false };
        let mut changed = self.look != Some((font, names)) || self.fields.len() != figures.len();
        if changed {
            self.fields.clear();
        }
        self.ratio = ratio;
        self.fields.resize_with(figures.len(), Field::default);
        changed |= self.is_lost();
        changed |= self.lay_out(figures, font, room);
        for (field, figure) in self.fields.iter_mut().zip(figures) {
            if field.value != figure.value || field.color != figure.color {
                figure.value.clone_into(&mut field.value);
                field.color = figure.color;
                changed = true;
            }
        }
        if changed {
            self.look = Some((font, names));
            self.paint(figures, font, names)?;
        }
        Ok(())
    }

    /// In which line a figure stands, from 0 on, and the colour of its value.
    #[must_use]
    pub fn line_and_color(&self, figure: usize) -> (usize, Color) {
        let line = |field: &Field| usize::try_from(field.line).unwrap_or_default();
        self.fields.get(figure).map(|field| (line(field), field.color)).unwrap_or_default()
    }

    fn px(&self, css: f64) -> i32 {
        (css * self.ratio).round() as i32
    }

    /// Gives each figure its place; whether one has another than before.
    fn lay_out(&mut self, figures: &[Figure<'_>], font: Font, room: f64) -> bool {
        let (gap, name_gap, room) = (self.px(FIGURE_GAP), self.px(NAME_GAP), self.px(room));
        let (mut left, mut line, mut moved) = (0, 0, false);
        let width = |text: &str| if text.is_empty() { 0 } else { text_width(text, font) };
        for (figure, field) in figures.iter().zip(&mut self.fields) {
            let name = if figure.name.is_empty() { 0 } else { width(figure.name) + name_gap };
            // What is not shown takes no room, and no line of its own.
            let kept = if figure.value.is_empty() { 0 } else { field.widths.1 };
            let value = width(figure.value).max(kept);
            if left > 0 && !figure.value.is_empty() && left + name + value > room {
                (left, line) = (0, line + 1);
            }
            let place = (left, line, (name, value));
            moved |= place != (field.left, field.line, field.widths);
            (field.left, field.line, field.widths) = place;
            left += name + value + gap;
        }
        moved
    }

    fn paint(&mut self, figures: &[Figure<'_>], font: Font, names: Color) -> Result<(), CanvasError> {
        let right = self.fields.iter().map(|field| field.left + field.widths.0 + field.widths.1).max();
        let lines = self.fields.last().map_or(0, |field| field.line) + 1;
        let width = (right.unwrap_or_default() + STEP - 1) / STEP * STEP;
        let size = (width.max(STEP), lines * self.px(LINE));
        let line = self.px(LINE);
        let canvas = self.canvas.begin(Rect::new(0, 0, size.0, size.1))?;
        for (field, figure) in self.fields.iter().zip(figures).filter(|(_, figure)| !figure.value.is_empty())
        {
            let (left, middle) = (field.left, line * field.line + line / 2);
            if field.widths.0 > 0 {
                canvas.text(figure.name, (left, middle), Anchor::Start, font, names)?;
            }
            let left = left + field.widths.0;
            canvas.text(figure.value, (left, middle), Anchor::Start, font, figure.color)?;
        }
        self.canvas.finish(self.ratio);
        Ok(())
    }
}
