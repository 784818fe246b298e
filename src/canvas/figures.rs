//! A line of short texts that change all the time, on a canvas of its own.
//!
//! As elements, six figures that change cost more than all else of a frame: they are laid out and
//! painted anew. Here only those that changed are painted.

use web_sys::{CssStyleDeclaration, HtmlCanvasElement};
use wickwire_chart::{Anchor, Color, Font, Rect, Surface as _};

use super::context::{CanvasError, Context};
use super::shim;

/// Height of a line, CSS pixels, as in the style sheet.
const LINE: f64 = 18.0;
/// Size of the text, CSS pixels.
const SIZE: f64 = 12.0;
/// Between a name and its value, CSS pixels.
const NAME_GAP: f64 = 4.0;
/// Between two figures, CSS pixels.
const GAP: f64 = 10.0;
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
struct Cell {
    left: i32,
    line: i32,
    /// Of name and gap, of the value; that of the value only grows, or all would move with it.
    widths: (i32, i32),
    value: String,
    color: Color,
}

/// The line, which breaks where the room ends.
pub struct Figures {
    context: Context,
    style: CssStyleDeclaration,
    cells: Vec<Cell>,
    /// What all is painted with.
    look: Option<(Font, Color)>,
    ratio: f64,
    /// Device pixels.
    size: (i32, i32),
}

impl Figures {
    /// Paints on `canvas`.
    ///
    /// # Errors
    /// When it gives no 2D context.
    pub fn new(canvas: HtmlCanvasElement) -> Result<Self, CanvasError> {
        let style = canvas.style();
        let context = Context::new(canvas, false)?;
        Ok(Self { context, style, cells: Vec::new(), look: None, ratio: 1.0, size: (0, 0) })
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
        let whole = self.look != Some((font, names)) || self.cells.len() != figures.len();
        if whole {
            self.cells.clear();
            self.size = (0, 0);
        }
        self.ratio = ratio;
        self.cells.resize_with(figures.len(), Cell::default);
        let moved = self.lay_out(figures, font, room);
        if whole || moved {
            self.look = Some((font, names));
            self.paint_all(figures, font, names)
        } else {
            self.paint_changed(figures, font)
        }
    }

    fn px(&self, css: f64) -> i32 {
        (css * self.ratio).round() as i32
    }

    /// Gives each figure its place; whether one has another than before.
    fn lay_out(&mut self, figures: &[Figure<'_>], font: Font, room: f64) -> bool {
        let (gap, name_gap, room) = (self.px(GAP), self.px(NAME_GAP), self.px(room));
        let (mut left, mut line, mut moved) = (0, 0, false);
        let Self { context, cells, .. } = self;
        for (figure, cell) in figures.iter().zip(cells) {
            let width = |context: &mut Context, text: &str| {
                if text.is_empty() { 0 } else { context.text_width(text, font) }
            };
            let name = if figure.name.is_empty() { 0 } else { width(context, figure.name) + name_gap };
            // What is not shown takes no room, and no line of its own.
            let kept = if figure.value.is_empty() { 0 } else { cell.widths.1 };
            let value = width(context, figure.value).max(kept);
            if left > 0 && !figure.value.is_empty() && left + name + value > room {
                (left, line) = (0, line + 1);
            }
            let place = (left, line, (name, value));
            moved |= place != (cell.left, cell.line, cell.widths);
            (cell.left, cell.line, cell.widths) = place;
            left += name + value + gap;
        }
        moved
    }

    fn paint_all(&mut self, figures: &[Figure<'_>], font: Font, names: Color) -> Result<(), CanvasError> {
        let right = self.cells.iter().map(|cell| cell.left + cell.widths.0 + cell.widths.1).max();
        let lines = self.cells.last().map_or(0, |cell| cell.line) + 1;
        let width = (right.unwrap_or_default() + STEP - 1) / STEP * STEP;
        let size = (width.max(STEP), lines * self.px(LINE));
        if size == self.size {
            self.context.clear(Rect::new(0, 0, size.0, size.1));
        } else {
            self.context.resize(size.0.unsigned_abs(), size.1.unsigned_abs());
            shim::size(&self.style, f64::from(size.0) / self.ratio, f64::from(size.1) / self.ratio);
            self.size = size;
        }
        for (at, figure) in figures.iter().enumerate() {
            let Some(cell) = self.cells.get(at) else { continue };
            let place = (cell.left, self.middle(cell.line));
            if cell.widths.0 > 0 && !figure.value.is_empty() {
                self.context.text(figure.name, place, Anchor::Start, font, names)?;
            }
            self.paint_value(at, figure, font)?;
        }
        Ok(())
    }

    fn paint_changed(&mut self, figures: &[Figure<'_>], font: Font) -> Result<(), CanvasError> {
        for (at, figure) in figures.iter().enumerate() {
            let Some(cell) = self.cells.get(at) else { continue };
            if cell.value == figure.value && cell.color == figure.color {
                continue;
            }
            let height = self.px(LINE);
            // A pixel more on either side, for what a glyph leans over.
            let left = cell.left + cell.widths.0 - 1;
            let area = Rect::new(left, cell.line * height, cell.widths.1 + 2, height);
            self.context.clear(area);
            self.paint_value(at, figure, font)?;
        }
        Ok(())
    }

    fn paint_value(&mut self, at: usize, figure: &Figure<'_>, font: Font) -> Result<(), CanvasError> {
        let Some(cell) = self.cells.get_mut(at) else { return Ok(()) };
        figure.value.clone_into(&mut cell.value);
        cell.color = figure.color;
        if figure.value.is_empty() {
            return Ok(());
        }
        let (left, line) = (cell.left + cell.widths.0, cell.line);
        let place = (left, self.middle(line));
        self.context.text(figure.value, place, Anchor::Start, font, figure.color)
    }

    fn middle(&self, line: i32) -> i32 {
        self.px(LINE) * line + self.px(LINE) / 2
    }
}
