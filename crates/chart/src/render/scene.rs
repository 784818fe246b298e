//! A picture as plain numbers.

use std::ops::Range;

use crate::Color;
use crate::render::surface::{Anchor, BREAK, Font, Surface};

/// A filled rectangle in whole device pixels; right and lower edge not included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width; nothing is drawn when it is not positive.
    pub w: i32,
    /// Height; nothing is drawn when it is not positive.
    pub h: i32,
}

impl Rect {
    /// A rectangle from its corner and size.
    #[must_use]
    pub const fn new(x: i32, y: i32, w: i32, h: i32) -> Self {
        Self { x, y, w, h }
    }

    /// Right edge, not included.
    #[must_use]
    pub const fn right(&self) -> i32 {
        self.x + self.w
    }

    /// Lower edge, not included.
    #[must_use]
    pub const fn bottom(&self) -> i32 {
        self.y + self.h
    }

    /// Whether it covers no pixel.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.w <= 0 || self.h <= 0
    }

    /// Whether the pixel at `x`, `y` is in it.
    #[must_use]
    pub const fn contains(&self, x: i32, y: i32) -> bool {
        x >= self.x && y >= self.y && x < self.right() && y < self.bottom()
    }

    /// The part of it that is inside `other`; empty if none is.
    #[must_use]
    pub fn clip(&self, other: &Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let (right, bottom) = (
            self.x.saturating_add(self.w).min(other.right()),
            self.y.saturating_add(self.h).min(other.bottom()),
        );
        Self { x, y, w: right.saturating_sub(x), h: bottom.saturating_sub(y) }
    }
}

/// What the numbers of a batch mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Shape {
    #[default]
    Rects,
    Lines(u32),
    Areas,
    Rules(i32),
}

/// Shapes of one kind and colour.
#[derive(Clone, PartialEq, Debug, Default)]
struct Batch {
    color: Color,
    shape: Shape,
    numbers: Vec<i32>,
}

/// A text; its characters are in the scene's common string.
#[derive(Clone, PartialEq, Debug)]
struct Label {
    chars: Range<usize>,
    x: i32,
    y: i32,
    anchor: Anchor,
    font: Font,
    color: Color,
}

/// Names a batch of a scene.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BatchId(usize);

/// Characters that a scene keeps, and that have no place yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written(Range<usize>);

/// Batches of rectangles, lines and areas, painted in order, and then texts. Clearing keeps the
/// memory, so a scene that is used again does not allocate once it has grown.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    batches: Vec<Batch>,
    used: usize,
    labels: Vec<Label>,
    chars: String,
    touched: Vec<Rect>,
}

impl Scene {
    /// Empties the scene and keeps its memory.
    pub fn clear(&mut self) {
        for batch in &mut self.batches {
            batch.numbers.clear();
        }
        self.used = 0;
        self.labels.clear();
        self.chars.clear();
        self.touched.clear();
    }

    fn open(&mut self, color: Color, shape: Shape) -> BatchId {
        let id = self.used;
        self.used += 1;
        match self.batches.get_mut(id) {
            Some(batch) => (batch.color, batch.shape) = (color, shape),
            None => self.batches.push(Batch { color, shape, numbers: Vec::new() }),
        }
        BatchId(id)
    }

    /// Opens a batch of rectangles above those opened before.
    pub fn batch(&mut self, color: Color) -> BatchId {
        self.open(color, Shape::Rects)
    }

    /// Adds a straight line or band along an axis above all opened before, in dashes of `dash` pixels
    /// if that is above zero, and notes that it marks those pixels.
    pub fn rule(&mut self, color: Color, rect: Rect, dash: i32) {
        if !rect.is_empty() {
            let batch = self.open(color, Shape::Rules(dash));
            if let Some(batch) = self.batches.get_mut(batch.0) {
                batch.numbers.extend_from_slice(&[rect.x, rect.y, rect.w, rect.h]);
            }
            self.touch(rect);
        }
    }

    /// Opens a batch of lines, `width` device pixels wide.
    pub fn lines(&mut self, color: Color, width: u32) -> BatchId {
        self.open(color, Shape::Lines(width.max(1)))
    }

    /// Opens a batch of filled areas.
    pub fn areas(&mut self, color: Color) -> BatchId {
        self.open(color, Shape::Areas)
    }

    /// Adds a rectangle to a batch of them; empty ones are left out.
    pub fn fill(&mut self, batch: BatchId, rect: Rect) {
        if let Some(batch) = self.batches.get_mut(batch.0)
            && !rect.is_empty()
        {
            debug_assert_eq!(batch.shape, Shape::Rects);
            batch.numbers.extend_from_slice(&[rect.x, rect.y, rect.w, rect.h]);
        }
    }

    /// Adds a point to the line or area that is open in a batch.
    pub fn point(&mut self, batch: BatchId, x: i32, y: i32) {
        if let Some(batch) = self.batches.get_mut(batch.0) {
            debug_assert_ne!(batch.shape, Shape::Rects);
            batch.numbers.extend_from_slice(&[x, y]);
        }
    }

    /// Ends the line or area that is open in a batch, if one is.
    pub fn end(&mut self, batch: BatchId) {
        if let Some(batch) = self.batches.get_mut(batch.0)
            && batch.numbers.len() >= 2
            && batch.numbers.get(batch.numbers.len() - 2) != Some(&BREAK)
        {
            batch.numbers.extend_from_slice(&[BREAK, 0]);
        }
    }

    /// Adds a text above all shapes, centred on `y`, with its characters written by `write`.
    pub fn label(
        &mut self,
        at: (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
        write: impl FnOnce(&mut String),
    ) {
        let text = self.write(write);
        self.place(text, at, anchor, font, color);
    }

    /// Takes characters whose place depends on how wide they are; they are shown once
    /// [placed](Self::place).
    pub fn write(&mut self, write: impl FnOnce(&mut String)) -> Written {
        let start = self.chars.len();
        write(&mut self.chars);
        Written(start..self.chars.len())
    }

    /// What was written.
    #[must_use]
    pub fn written(&self, text: &Written) -> &str {
        self.chars.get(text.0.clone()).unwrap_or_default()
    }

    /// Adds what was written as a text above all shapes, centred on `y`.
    pub fn place(&mut self, text: Written, (x, y): (i32, i32), anchor: Anchor, font: Font, color: Color) {
        self.labels.push(Label { chars: text.0, x, y, anchor, font, color });
    }

    /// Notes that the scene marks pixels inside `rect`. A layer that is cleared in parts (live,
    /// overlay) must note all it marks.
    pub fn touch(&mut self, rect: Rect) {
        if !rect.is_empty() {
            self.touched.push(rect);
        }
    }

    /// What has been noted by [`touch`](Self::touch).
    #[must_use]
    pub fn touched(&self) -> &[Rect] {
        &self.touched
    }

    /// How many shapes there are: rectangles, and points of lines and areas.
    #[must_use]
    pub fn shapes(&self) -> usize {
        let size = |batch: &Batch| batch.numbers.len() / if batch.shape == Shape::Rects { 4 } else { 2 };
        self.batches.iter().take(self.used).map(size).sum()
    }

    /// The texts with their positions.
    pub fn texts(&self) -> impl Iterator<Item = (&str, (i32, i32), Anchor)> {
        self.labels
            .iter()
            .map(|l| (self.chars.get(l.chars.clone()).unwrap_or_default(), (l.x, l.y), l.anchor))
    }

    /// Paints everything onto `surface`.
    ///
    /// # Errors
    /// Whatever the surface answers; the rest is then not painted.
    pub fn paint<S: Surface>(&self, surface: &mut S) -> Result<(), S::Error> {
        let batches = self.batches.iter().take(self.used).filter(|batch| !batch.numbers.is_empty());
        for Batch { color, shape, numbers } in batches {
            match shape {
                Shape::Rects => surface.fill_rects(*color, numbers)?,
                Shape::Lines(width) => surface.stroke(*color, *width, numbers)?,
                Shape::Areas => surface.fill_areas(*color, numbers)?,
                Shape::Rules(dash) => {
                    if let [x, y, w, h] = numbers[..] {
                        surface.rule(*color, Rect::new(x, y, w, h), *dash)?;
                    }
                }
            }
        }
        for label in &self.labels {
            let text = self.chars.get(label.chars.clone()).unwrap_or_default();
            surface.text(text, (label.x, label.y), label.anchor, label.font, label.color)?;
        }
        Ok(())
    }
}
