//! A picture as plain numbers.

use std::ops::Range;

use crate::Color;
use crate::render::surface::{Anchor, Font, Surface};

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

/// Rectangles of one colour.
#[derive(Clone, PartialEq, Debug, Default)]
struct Batch {
    color: Color,
    rects: Vec<Rect>,
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

/// Batches of rectangles, painted in order, and then texts. Clearing keeps the memory, so a scene
/// that is used again does not allocate once it has grown.
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
            batch.rects.clear();
        }
        self.used = 0;
        self.labels.clear();
        self.chars.clear();
        self.touched.clear();
    }

    /// Opens a batch above those opened before.
    pub fn batch(&mut self, color: Color) -> BatchId {
        let id = self.used;
        self.used += 1;
        match self.batches.get_mut(id) {
            Some(batch) => batch.color = color,
            None => self.batches.push(Batch { color, rects: Vec::new() }),
        }
        BatchId(id)
    }

    /// Adds a rectangle to a batch; empty ones are left out.
    pub fn fill(&mut self, batch: BatchId, rect: Rect) {
        if let Some(batch) = self.batches.get_mut(batch.0)
            && !rect.is_empty()
        {
            batch.rects.push(rect);
        }
    }

    /// Adds a text above all rectangles, centred on `y`, with its characters written by `write`.
    pub fn label(
        &mut self,
        (x, y): (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
        write: impl FnOnce(&mut String),
    ) {
        let start = self.chars.len();
        write(&mut self.chars);
        self.labels.push(Label { chars: start..self.chars.len(), x, y, anchor, font, color });
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

    /// How many rectangles there are.
    #[must_use]
    pub fn rects(&self) -> usize {
        self.batches.iter().take(self.used).map(|batch| batch.rects.len()).sum()
    }

    /// The rectangles with their colours, in painting order.
    pub fn fills(&self) -> impl Iterator<Item = (Color, &[Rect])> {
        self.batches
            .iter()
            .take(self.used)
            .filter(|batch| !batch.rects.is_empty())
            .map(|batch| (batch.color, batch.rects.as_slice()))
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
        for (color, rects) in self.fills() {
            surface.fill_rects(color, rects)?;
        }
        for label in &self.labels {
            let text = self.chars.get(label.chars.clone()).unwrap_or_default();
            surface.text(text, (label.x, label.y), label.anchor, label.font, label.color)?;
        }
        Ok(())
    }
}
