//! Model to whole device pixels: layout, snapping, label placement.
//!
//! Every part writes into a [`Scene`] and draws nothing itself. A further kind of
//! series or mark is a further module here with one such function.

pub mod axes;
pub mod candles;
pub mod crosshair;
pub mod layout;
pub mod price_line;

use std::ops::Range;

use crate::model::scale::PriceScale;
use crate::model::slots::Slots;
use crate::model::viewport::Viewport;
use crate::{Bars, Rect, Scene, Theme};
use layout::Layout;

/// All that turning bars into pixels takes.
pub struct Frame<'a, B: Bars + ?Sized> {
    /// The bars.
    pub bars: &'a B,
    /// Their places on the time axis.
    pub slots: &'a Slots,
    /// The horizontal view.
    pub viewport: &'a Viewport,
    /// The vertical view.
    pub scale: PriceScale,
    /// The volume that fills the volume area.
    pub volume_top: f64,
    /// Where things are.
    pub layout: &'a Layout,
    /// Colours.
    pub theme: &'a Theme,
}

impl<B: Bars + ?Sized> Frame<'_, B> {
    /// The pixel column of the middle of bar `i`.
    #[must_use]
    pub fn x(&self, i: usize) -> i32 {
        self.layout.plot.x + self.viewport.x(self.slots.slot(i) as f64).floor() as i32
    }

    /// The pixel row of `price`.
    #[must_use]
    pub fn y(&self, price: f64) -> i32 {
        self.layout.y(&self.scale, price)
    }
}

/// The bars whose slots are in view, wholly or in part.
#[must_use]
pub fn visible(viewport: &Viewport, slots: &Slots, len: usize) -> Range<usize> {
    let (left, right) = viewport.edges();
    let start = slots.first_at_or_after(left - 0.5, len);
    let end = slots.first_at_or_after(right + 0.5, len);
    start..end.max(start)
}

/// Marks a line across `x` from `y0` to `y1` in dashes.
pub(crate) fn dash_down(scene: &mut Scene, batch: crate::render::scene::BatchId, line: Rect, dash: i32) {
    let mut y = line.y;
    while y < line.bottom() {
        scene.fill(batch, Rect::new(line.x, y, line.w, dash.min(line.bottom() - y)));
        y += 2 * dash.max(1);
    }
}

/// Marks a line across `y` in dashes.
pub(crate) fn dash_across(scene: &mut Scene, batch: crate::render::scene::BatchId, line: Rect, dash: i32) {
    let mut x = line.x;
    while x < line.right() {
        scene.fill(batch, Rect::new(x, line.y, dash.min(line.right() - x), line.h));
        x += 2 * dash.max(1);
    }
}
