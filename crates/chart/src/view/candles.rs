//! Candles and volume.

use std::ops::Range;

use super::Frame;
use super::layout::Layout;
use crate::model::extent::Merged;
use crate::render::scene::BatchId;
use crate::{Bars, Rect, Scene};

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

/// The first bar of `visible` that is drawn with the last bar: itself, or the first that shares its
/// pixel column. Bars before it belong to the base layer, it and later ones to the live layer.
#[must_use]
pub fn live_from<B: Bars + ?Sized>(frame: &Frame<'_, B>, visible: &Range<usize>) -> usize {
    let len = frame.bars.len();
    if visible.end < len || visible.is_empty() {
        return visible.end;
    }
    let last = len - 1;
    if frame.viewport.spacing() >= 1.0 {
        return last;
    }
    let column = frame.x(last);
    crate::model::bars::partition(visible.clone(), |i| frame.x(i) < column)
}

struct Batches {
    volume: [BatchId; 2],
    wick: [BatchId; 2],
    body: [BatchId; 2],
}

/// Draws the bars of `range`: candles where a bar has a pixel or more, else one column for all bars
/// of a pixel, from their highest high to their lowest low and coloured by first open and last close.
pub fn candles<B: Bars + ?Sized>(frame: &Frame<'_, B>, range: Range<usize>, touch: bool, scene: &mut Scene) {
    let theme = frame.theme;
    let batches = Batches {
        volume: [scene.batch(theme.volume(false)), scene.batch(theme.volume(true))],
        wick: [scene.batch(theme.down), scene.batch(theme.up)],
        body: [scene.batch(theme.down), scene.batch(theme.up)],
    };
    let Some(widths) = widths(frame.viewport.spacing(), frame.layout.hairline) else {
        columns(frame, range, |x, bar| {
            mark(frame, scene, &batches, x, &bar, Widths { wick: 1, body: 1 }, touch);
        });
        return;
    };
    for i in range {
        if let Some(bar) = Merged::bar(frame.bars, i) {
            mark(frame, scene, &batches, frame.x(i), &bar, widths, touch);
        }
    }
}

/// Calls `each` for every pixel column that has bars of `range`, with those bars as one.
fn columns<B: Bars + ?Sized>(frame: &Frame<'_, B>, range: Range<usize>, mut each: impl FnMut(i32, Merged)) {
    let mut open: Option<(i32, Merged)> = None;
    for i in range {
        let Some(bar) = Merged::bar(frame.bars, i) else { continue };
        let x = frame.x(i);
        open = Some(match open {
            Some((column, merged)) if column == x => (column, merged.then(bar)),
            done => {
                if let Some((column, merged)) = done {
                    each(column, merged);
                }
                (x, bar)
            }
        });
    }
    if let Some((column, merged)) = open {
        each(column, merged);
    }
}

fn mark<B: Bars + ?Sized>(
    frame: &Frame<'_, B>,
    scene: &mut Scene,
    batches: &Batches,
    x: i32,
    bar: &Merged,
    widths: Widths,
    touch: bool,
) {
    let rising = usize::from(bar.rising());
    let plot = &frame.layout.plot;
    let (top, bottom) = (frame.y(bar.high), frame.y(bar.low));
    let wick = Rect::new(Layout::left_of(x, widths.wick), top, widths.wick, bottom - top + 1).clip(plot);
    scene.fill(batches.wick[rising], wick);
    let left = Layout::left_of(x, widths.body);
    if widths.body > widths.wick {
        let (upper, lower) = (frame.y(bar.open.max(bar.close)), frame.y(bar.open.min(bar.close)));
        let height = (lower - upper + 1).max(frame.layout.hairline);
        scene.fill(batches.body[rising], Rect::new(left, upper, widths.body, height).clip(plot));
    }
    let volume = &frame.layout.volume;
    let mut height = 0;
    if bar.volume > 0.0 && frame.volume_top > 0.0 {
        let part = (bar.volume / frame.volume_top).min(1.0);
        height = ((part * f64::from(volume.h)).round() as i32).max(1);
        let column = Rect::new(left, volume.bottom() - height, widths.body, height);
        scene.fill(batches.volume[rising], column.clip(plot));
    }
    if touch {
        // One pixel more below, for a body that is thicker than its range.
        let more = frame.layout.hairline;
        scene.touch(Rect::new(left, top, widths.body, bottom - top + 1 + more).clip(plot));
        scene.touch(Rect::new(left, volume.bottom() - height, widths.body, height).clip(plot));
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
