//! Candles, hollow candles, bars, and volume.

use std::ops::Range;

use super::Frame;
use super::layout::Layout;
use crate::model::extent::Merged;
use crate::model::series_kind::SeriesKind;
use crate::render::scene::BatchId;
use crate::{Rect, Scene};

/// Part of the distance between bars that is left free between bodies.
const GAP: f64 = 0.2;

/// Widths of a candle, in device pixels, both odd or both even, so that the wick is in the middle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Widths {
    /// Of the line from high to low.
    pub wick: i32,
    /// Of the body.
    pub body: i32,
}

/// Widths for bars `spacing` device pixels apart. Bodies never overlap, and are at least a pixel
/// apart where there is room for it. Nothing when a bar has less than a pixel.
#[must_use]
pub fn widths(spacing: f64, hairline: i32) -> Option<Widths> {
    let cell = spacing.floor() as i32;
    if cell < 1 {
        return None;
    }
    let gap = ((f64::from(cell) * GAP).round() as i32).max(1);
    let mut body = (cell - gap).max(1);
    let wick = hairline.clamp(1, (body / 2).max(1));
    if (body - wick) % 2 != 0 {
        body += if body + 1 < cell { 1 } else { -1 };
    }
    Some(Widths { wick, body })
}

/// What of the bars is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Form {
    /// How prices are drawn; a kind that draws only closes draws nothing here but volume.
    pub kind: SeriesKind,
    /// The volume that fills the volume area; zero for none.
    pub volume_top: f64,
    /// Whether to note what is marked, for a layer that is cleared in parts.
    pub touch: bool,
}

/// Draws the bars of `range`: each by itself where it has a pixel or more, else one column for all
/// bars of a pixel, from their highest high to their lowest low and coloured by first open and last
/// close. Hollow candles are coloured by the close of the bar before, where there is one, in place of the
/// open.
pub fn candles(frame: &Frame<'_>, range: Range<usize>, form: Form, scene: &mut Scene) {
    let theme = frame.theme;
    let mut pen = Pen {
        frame,
        volume: [scene.batch(theme.volume(false)), scene.batch(theme.volume(true))],
        wick: [scene.batch(theme.down), scene.batch(theme.up)],
        body: [scene.batch(theme.down), scene.batch(theme.up)],
        widths: Widths { wick: 1, body: 1 },
        form,
        scene,
    };
    // Where a bar comes from, for its colour.
    let before = |first: usize, bar: &Merged| {
        let close = if form.kind == SeriesKind::Hollow { first.checked_sub(1) } else { None };
        close.map(|i| frame.bars.close(i)).filter(|close| close.is_finite()).unwrap_or(bar.open)
    };
    let Some(widths) = widths(frame.viewport.spacing(), frame.layout.hairline) else {
        let mut at = range.start;
        while at < range.end {
            let end = frame.next_column(at, range.end);
            if let Some(bar) = merged(frame, at..end) {
                pen.mark(frame.x(at), &bar, before(at, &bar));
            }
            at = end;
        }
        return;
    };
    pen.widths = widths;
    // Of columns, where there are any: a call for each figure takes longer than the candle.
    let columns = frame.bars.slices();
    for i in range {
        let bar = columns.map_or_else(|| Merged::bar(frame.bars, i), |columns| columns.bar(i));
        if let Some(bar) = bar {
            pen.mark(frame.x(i), &bar, before(i, &bar));
        }
    }
}

/// The bars of `range` as one; nothing if none has prices.
fn merged(frame: &Frame<'_>, range: Range<usize>) -> Option<Merged> {
    let first = range.clone().find_map(|i| Merged::bar(frame.bars, i))?;
    let last = range.clone().rev().find_map(|i| Merged::bar(frame.bars, i))?;
    let extent = frame.extent(range);
    Some(Merged {
        open: first.open,
        high: extent.high.max(first.high),
        low: extent.low.min(first.low),
        close: last.close,
        volume: extent.volume,
    })
}

struct Pen<'a, 'b> {
    frame: &'a Frame<'b>,
    scene: &'a mut Scene,
    volume: [BatchId; 2],
    wick: [BatchId; 2],
    body: [BatchId; 2],
    widths: Widths,
    form: Form,
}

impl Pen<'_, '_> {
    /// Marks a bar in column `x` that is coloured by the way from the price `before` to its close.
    fn mark(&mut self, x: i32, bar: &Merged, before: f64) {
        let rising = usize::from(bar.rising());
        let Self { frame, widths, form, .. } = *self;
        let plot = &frame.plot;
        let (top, bottom) = (frame.y(bar.high), frame.y(bar.low));
        let left = Layout::left_of(x, widths.body);
        if !form.kind.closes_only() {
            self.prices(x, left, (top, bottom), bar, usize::from(bar.close >= before));
        }
        let volume = &frame.layout.volume;
        let mut height = 0;
        if bar.volume > 0.0 && form.volume_top > 0.0 {
            let part = (bar.volume / form.volume_top).min(1.0);
            height = ((part * f64::from(volume.h)).round() as i32).max(1);
            let column = Rect::new(left, volume.bottom() - height, widths.body, height);
            self.scene.fill(self.volume[rising], column.clip(plot));
        }
        if form.touch {
            // A little more, for bodies and arms that are thicker than their range.
            let more = frame.layout.hairline;
            let prices = Rect::new(left, top - more, widths.body, bottom - top + 1 + 2 * more);
            self.scene.touch(prices.clip(plot));
            let column = Rect::new(left, volume.bottom() - height, widths.body, height);
            self.scene.touch(column.clip(plot));
        }
    }

    fn prices(&mut self, x: i32, left: i32, (top, bottom): (i32, i32), bar: &Merged, up: usize) {
        let Self { frame, widths, form, .. } = *self;
        let (plot, hairline) = (&frame.plot, frame.layout.hairline);
        let wick = |top: i32, bottom: i32| {
            Rect::new(Layout::left_of(x, widths.wick), top, widths.wick, bottom - top + 1).clip(plot)
        };
        let (upper, lower) = (frame.y(bar.open.max(bar.close)), frame.y(bar.open.min(bar.close)));
        let height = (lower - upper + 1).max(hairline);
        if form.kind == SeriesKind::Bars {
            self.scene.fill(self.wick[up], wick(top, bottom));
            let arm = (widths.body - widths.wick) / 2;
            let (open, close) = (frame.y(bar.open), frame.y(bar.close));
            let row = |y: i32, x: i32| Rect::new(x, Layout::left_of(y, hairline), arm, hairline).clip(plot);
            self.scene.fill(self.body[up], row(open, left));
            self.scene.fill(self.body[up], row(close, left + arm + widths.wick));
            return;
        }
        let open = form.kind == SeriesKind::Hollow && bar.rising();
        // A body that has no inside is filled.
        if open && widths.body > 2 * hairline && height > 2 * hairline {
            self.scene.fill(self.wick[up], wick(top, upper - 1));
            self.scene.fill(self.wick[up], wick(upper + height, bottom));
            for side in [
                Rect::new(left, upper, widths.body, hairline),
                Rect::new(left, upper + height - hairline, widths.body, hairline),
                Rect::new(left, upper + hairline, hairline, height - 2 * hairline),
                Rect::new(left + widths.body - hairline, upper + hairline, hairline, height - 2 * hairline),
            ] {
                self.scene.fill(self.body[up], side.clip(plot));
            }
            return;
        }
        self.scene.fill(self.wick[up], wick(top, bottom));
        if widths.body > widths.wick {
            self.scene.fill(self.body[up], Rect::new(left, upper, widths.body, height).clip(plot));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wick_and_body_share_their_middle_and_bodies_never_touch_where_there_is_room() {
        for hairline in 1..=4 {
            for tenths in 10..2_000 {
                let spacing = f64::from(tenths) / 10.0;
                let Some(w) = widths(spacing, hairline) else { panic!("{spacing}") };
                assert_eq!((w.body - w.wick) % 2, 0, "{spacing} {hairline}");
                assert!(w.wick >= 1 && w.wick <= w.body, "{spacing} {w:?}");
                let cell = spacing.floor() as i32;
                assert!(w.body < cell || cell == 1, "{spacing} {w:?}");
            }
        }
        assert_eq!(widths(0.99, 1), None);
    }
}
