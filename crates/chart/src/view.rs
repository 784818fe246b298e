//! Model to whole device pixels: layout, snapping, label placement.
//!
//! Every part writes into a [`Scene`] and draws nothing itself. A further kind of
//! series or mark is a further module here with one such function.

pub mod axes;
pub mod candles;
pub mod crosshair;
pub mod extremes;
pub mod layout;
pub mod line;
pub mod marks;
pub mod plots;
pub mod price_line;
pub mod sessions;
pub(crate) mod tags;
pub mod trace;

use std::ops::Range;

use crate::model::bars::partition;
use crate::model::extent::Extent;
use crate::model::pyramid::Pyramid;
use crate::model::scale::PriceScale;
use crate::model::slots::Slots;
use crate::model::viewport::Viewport;
use crate::render::scene::BatchId;
use crate::render::surface::dashes;
use crate::{Bars, Rect, Scene, Theme};
use layout::{Layout, MAX_SIDE};

/// Part of a slot by which it must reach into the view to be seen there: one that only touches the
/// edge is not, whatever the last digits of floats say.
const TOUCH: f64 = 1e-6;

/// All that turning the rows of a pane into pixels takes.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The bars, as they are drawn.
    pub bars: &'a dyn Bars,
    /// Extremes of their prices.
    pub pyramid: &'a Pyramid,
    /// Whether only their closes are drawn.
    pub closes_only: bool,
    /// Their places on the time axis.
    pub slots: &'a Slots,
    /// The horizontal view.
    pub viewport: &'a Viewport,
    /// The vertical view.
    pub scale: PriceScale,
    /// Where the pane is plotted.
    pub plot: Rect,
    /// Where its labels are.
    pub axis: Rect,
    /// Where everything is.
    pub layout: &'a Layout,
    /// Colours.
    pub theme: &'a Theme,
}

/// Far outside is as good as far enough outside, and keeps sums of coordinates in range.
fn far(at: f64) -> i32 {
    at.clamp(-f64::from(MAX_SIDE), 2.0 * f64::from(MAX_SIDE)) as i32
}

impl Frame<'_> {
    /// The pixel column of the middle of bar `i`.
    #[must_use]
    pub fn x(&self, i: usize) -> i32 {
        self.column(self.slots.slot(i) as f64)
    }

    /// The pixel column of the middle of a slot.
    #[must_use]
    pub fn column(&self, slot: f64) -> i32 {
        self.plot.x + far(self.viewport.x(slot).floor())
    }

    /// The pixel column of the line between bar `i` and the one before; for the bar after the last,
    /// behind the last.
    #[must_use]
    pub fn edge(&self, i: usize) -> i32 {
        let slot = if i < self.bars.len() {
            self.slots.slot(i) as f64 - 0.5
        } else {
            self.bars.len().checked_sub(1).map_or(0.0, |last| self.slots.slot(last) as f64) + 0.5
        };
        self.plot.x + far(self.viewport.x(slot).round())
    }

    /// The first bar after `i` that is in another pixel column, at most `end`.
    #[must_use]
    pub fn next_column(&self, i: usize, end: usize) -> usize {
        let column = self.x(i);
        let slot = self.viewport.slot_at(f64::from(column + 1 - self.plot.x));
        let mut next = self.slots.first_at_or_after(slot, end).clamp(i + 1, end.max(i + 1));
        // The inverse may be off by the last digit of a float.
        while next > i + 1 && self.x(next - 1) > column {
            next -= 1;
        }
        while next < end && self.x(next) <= column {
            next += 1;
        }
        next
    }

    /// The pixel row of `price`: the first row of the plot for the scale's maximum, the last for
    /// its minimum, outside of the plot beyond them.
    #[must_use]
    pub fn y(&self, price: f64) -> i32 {
        let y = (self.scale.position(price) * f64::from(self.plot.h - 1)).round();
        self.plot.y + far(y)
    }

    /// The price at row `y`; the inverse of [`y`](Self::y).
    #[must_use]
    pub fn price_at(&self, y: i32) -> f64 {
        self.scale.price(f64::from(y - self.plot.y) / f64::from((self.plot.h - 1).max(1)))
    }

    /// Extremes of the bars of `range`.
    #[must_use]
    pub fn extent(&self, range: Range<usize>) -> Extent {
        self.pyramid.over(range, &|rows| self.bars.extent(rows, self.closes_only))
    }

    /// The first bar of `range` that does not begin before `time_ns`.
    #[must_use]
    pub fn first_from(&self, range: Range<usize>, time_ns: i64) -> usize {
        partition(range, |i| self.bars.time_ns(i) < time_ns)
    }

    /// The first bar of `visible` that is drawn with the last bar: itself, or the first that shares
    /// its pixel column. Bars before it belong to the base layer, it and later ones to the live
    /// layer.
    #[must_use]
    pub fn live_from(&self, visible: &Range<usize>) -> usize {
        let len = self.bars.len();
        if visible.end < len || visible.is_empty() {
            return visible.end;
        }
        let last = len - 1;
        if self.viewport.spacing() >= 1.0 {
            return last;
        }
        let column = self.x(last);
        partition(visible.clone(), |i| self.x(i) < column)
    }
}

/// The bars whose slots are in view, wholly or in part.
#[must_use]
pub fn visible(viewport: &Viewport, slots: &Slots, len: usize) -> Range<usize> {
    let (left, right) = viewport.edges();
    let start = slots.first_at_or_after(left - 0.5 + TOUCH, len);
    let end = slots.first_at_or_after(right + 0.5 - TOUCH, len);
    start..end.max(start)
}

/// Marks a line along an axis in dashes as long as the gaps between them.
pub(crate) fn dashed(scene: &mut Scene, batch: BatchId, line: Rect, dash: i32) {
    dashes(line, dash).for_each(|part| scene.fill(batch, part));
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_is_shown_is_in_view_and_nothing_that_touches_the_edge() {
        let slots = Slots::default();
        for width in [317.0, 1_000.0, 1_083.0] {
            for (from, to) in [(0, 99), (1_019, 1_137), (37, 5_000), (7, 11)] {
                let mut viewport = Viewport::default();
                viewport.resize(width, 2.0);
                viewport.show(from as f64 - 0.5, to as f64 + 0.5, 9_999.0);
                assert_eq!(visible(&viewport, &slots, 10_000), from..to + 1, "{width}");
            }
        }
    }
}
