//! Values over time as points, and points as lines and areas inside a plot.

use std::ops::Range;

use super::Frame;
use crate::model::extent::Extent;
use crate::render::scene::BatchId;
use crate::render::surface::BREAK;
use crate::{Rect, Scene};

/// Points of a trace, reused from frame to frame. A point whose first coordinate is [`BREAK`]
/// parts two lines.
pub type Points = Vec<(i32, i32)>;

const GAP: (i32, i32) = (BREAK, 0);

/// What is traced: one value a bar, NaN where there is none, and the extremes of any stretch.
pub struct Trace<'a> {
    /// The value at a bar.
    pub value: &'a dyn Fn(usize) -> f64,
    /// The extremes over bars.
    pub extremes: &'a dyn Fn(Range<usize>) -> Extent,
    /// Whether a value holds until the next.
    pub step: bool,
}

/// Which bars a layer draws.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Its own.
    pub own: Range<usize>,
    /// The same for a line, with the bars that it only leads to on either side.
    pub joined: Range<usize>,
}

/// Writes the points of `trace` over the bars of `part` to `out`. Where several bars share a pixel
/// column their first, lowest, highest and last value stand for all. A line breaks where there is no
/// value, and where data is missing.
pub fn trace(frame: &Frame<'_>, part: &Part, trace: &Trace<'_>, out: &mut Points) {
    out.clear();
    let Part { own, joined } = part;
    let mut gaps = frame.slots.gaps_in(joined.clone()).peekable();
    let mut before: Option<i32> = None;
    let mut at = joined.start;
    let dense = frame.viewport.spacing() < 1.0;
    while at < joined.end {
        let end = if dense { frame.next_column(at, joined.end) } else { at + 1 };
        let mut gap = false;
        while let Some(found) = gaps.next_if(|found| *found < end) {
            gap |= found == at;
        }
        let first = (at..end).map(trace.value).find(|v| v.is_finite());
        if (gap || first.is_none()) && before.take().is_some() {
            // A bar that only leads here leads nowhere.
            if at == own.start {
                out.clear();
            } else {
                out.push(GAP);
            }
        }
        let Some(first) = first.filter(|_| at < own.end || before.is_some()) else {
            at = end;
            continue;
        };
        let x = frame.x(at);
        let y = frame.y(first);
        if trace.step
            && let Some(before) = before
        {
            out.push((x, before));
        }
        out.push((x, y));
        let mut last = y;
        if end - at > 1 {
            let extent = (trace.extremes)(at..end);
            let value = (at..end).rev().map(trace.value).find(|v| v.is_finite()).unwrap_or(first);
            last = frame.y(value);
            for y in [frame.y(extent.low), frame.y(extent.high), last] {
                if out.last() != Some(&(x, y)) {
                    out.push((x, y));
                }
            }
        }
        before = Some(last);
        at = end;
    }
}

/// Draws the part of the lines through `points` that is inside `clip`.
pub fn stroke(scene: &mut Scene, batch: BatchId, points: &[(i32, i32)], width: i32, clip: &Rect) {
    let mut open: Option<(i32, i32)> = None;
    let single = |i: usize| {
        let before = i.checked_sub(1).and_then(|i| points.get(i)).is_none_or(|p| p.0 == BREAK);
        before && points.get(i + 1).is_none_or(|p| p.0 == BREAK)
    };
    for (i, pair) in points.windows(2).enumerate() {
        let &[a, b] = pair else { continue };
        if a.0 == BREAK || b.0 == BREAK {
            scene.end(batch);
            open = None;
            continue;
        }
        let Some((from, to)) = clip_segment(a, b, clip) else {
            scene.end(batch);
            open = None;
            continue;
        };
        if open != Some(from) {
            scene.end(batch);
            scene.point(batch, from.0, from.1);
        }
        if from != to || i == 0 {
            scene.point(batch, to.0, to.1);
        }
        open = Some(to);
    }
    scene.end(batch);
    // A value by itself is a dot, which a line of no length does not draw.
    let reach = width.div_euclid(2) + 1;
    for (i, &(x, y)) in points.iter().enumerate() {
        if x != BREAK && single(i) && clip.contains(x, y) {
            scene.point(batch, x - reach, y);
            scene.point(batch, x + reach, y);
            scene.end(batch);
        }
    }
}

/// The part of the segment from `a` to `b` inside `clip` (Liang and Barsky's algorithm).
fn clip_segment(a: (i32, i32), b: (i32, i32), clip: &Rect) -> Option<((i32, i32), (i32, i32))> {
    let (x0, y0) = (f64::from(a.0), f64::from(a.1));
    let (dx, dy) = (f64::from(b.0) - x0, f64::from(b.1) - y0);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let (right, bottom) = (f64::from(clip.right() - 1), f64::from(clip.bottom() - 1));
    for (p, q) in
        [(-dx, x0 - f64::from(clip.x)), (dx, right - x0), (-dy, y0 - f64::from(clip.y)), (dy, bottom - y0)]
    {
        if p == 0.0 {
            if q < 0.0 {
                return None;
            }
            continue;
        }
        let t = q / p;
        if p < 0.0 {
            enter = enter.max(t);
        } else {
            leave = leave.min(t);
        }
    }
    if enter > leave {
        return None;
    }
    let at = |t: f64| ((x0 + t * dx).round() as i32, (y0 + t * dy).round() as i32);
    Some((if enter > 0.0 { at(enter) } else { a }, if leave < 1.0 { at(leave) } else { b }))
}

/// Fills between the lines through `points` and row `base`, inside `clip`.
pub fn fill_to(
    scene: &mut Scene,
    batch: BatchId,
    points: &[(i32, i32)],
    base: i32,
    clip: &Rect,
    scratch: &mut [Points; 2],
) {
    for line in points.split(|point| point.0 == BREAK) {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
        let corners = line.iter().copied().chain([(last.0, base), (first.0, base)]);
        area(scene, batch, corners, clip, scratch);
    }
}

/// Fills between the lines through `upper` and `lower`, which have their points in the same columns,
/// inside `clip`.
pub fn fill_between(
    scene: &mut Scene,
    batch: BatchId,
    (upper, lower): (&Points, &Points),
    clip: &Rect,
    scratch: &mut [Points; 2],
) {
    let lines =
        |points: &'_ [(i32, i32)]| points.split(|point| point.0 == BREAK).filter(|l| !l.is_empty()).count();
    // Breaks lie at the same bars for both, or there is no area that could be told.
    if lines(upper) != lines(lower) {
        return;
    }
    let parts = |points| <[(i32, i32)]>::split(points, |point: &(i32, i32)| point.0 == BREAK);
    let upper = parts(upper).filter(|line| !line.is_empty());
    let lower = parts(lower).filter(|line| !line.is_empty());
    for (upper, lower) in upper.zip(lower) {
        area(scene, batch, upper.iter().chain(lower.iter().rev()).copied(), clip, scratch);
    }
}

/// Adds one area, cut to `clip` (Sutherland and Hodgman's algorithm).
fn area(
    scene: &mut Scene,
    batch: BatchId,
    corners: impl Iterator<Item = (i32, i32)>,
    clip: &Rect,
    [from, to]: &mut [Points; 2],
) {
    from.clear();
    from.extend(corners);
    // Each side: whether x or y is cut, where, and on which side the inside is.
    for (across, at, sign) in
        [(true, clip.x, 1), (true, clip.right(), -1), (false, clip.y, 1), (false, clip.bottom(), -1)]
    {
        let inside = |p: (i32, i32)| (if across { p.0 } else { p.1 } - at) * sign >= 0;
        to.clear();
        let Some(mut before) = from.last().copied() else { return };
        for &point in from.iter() {
            if inside(point) != inside(before) {
                to.push(crossing(before, point, across, at));
            }
            if inside(point) {
                to.push(point);
            }
            before = point;
        }
        std::mem::swap(from, to);
    }
    if from.len() > 2 {
        from.iter().for_each(|&(x, y)| scene.point(batch, x, y));
        scene.end(batch);
    }
}

fn crossing(a: (i32, i32), b: (i32, i32), across: bool, at: i32) -> (i32, i32) {
    let part = |from: i32, to: i32, u: i32, v: i32| {
        let t = f64::from(at - from) / f64::from(to - from);
        u + (t * f64::from(v - u)).round() as i32
    };
    if across { (at, part(a.0, b.0, a.1, b.1)) } else { (part(a.1, b.1, a.0, b.0), at) }
}

/// The smallest rectangle that holds all points of `lines` and what strokes of `width` mark around
/// them.
#[must_use]
pub fn bounds(lines: &[&[(i32, i32)]], width: i32) -> Rect {
    let mut ends: Option<[i32; 4]> = None;
    for &(x, y) in lines.iter().flat_map(|line| line.iter()).filter(|point| point.0 != BREAK) {
        ends = Some(match ends {
            None => [x, y, x, y],
            Some([left, top, right, bottom]) => [left.min(x), top.min(y), right.max(x), bottom.max(y)],
        });
    }
    let Some([left, top, right, bottom]) = ends else { return Rect::default() };
    grown(&Rect::new(left, top, right - left + 1, bottom - top + 1), width)
}

/// What lines of `width` inside `clip` mark: along its edges half of them is outside.
#[must_use]
pub fn grown(clip: &Rect, width: i32) -> Rect {
    let more = width + 1;
    Rect::new(clip.x - more, clip.y - more, clip.w + 2 * more, clip.h + 2 * more)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIP: Rect = Rect::new(0, 0, 100, 50);

    #[test]
    fn segments_are_cut_where_they_leave() {
        assert_eq!(clip_segment((10, 10), (20, 20), &CLIP), Some(((10, 10), (20, 20))));
        assert_eq!(clip_segment((-10, 10), (10, 10), &CLIP), Some(((0, 10), (10, 10))));
        assert_eq!(clip_segment((50, -49), (50, 98), &CLIP), Some(((50, 0), (50, 49))));
        assert_eq!(clip_segment((-10, 60), (110, 60), &CLIP), None);
        assert_eq!(clip_segment((-50, 10), (10, -50), &CLIP), None);
    }

    fn painted(build: impl FnOnce(&mut Scene, BatchId)) -> Vec<Vec<i32>> {
        #[derive(Default)]
        struct Record(Vec<Vec<i32>>);
        impl crate::Surface for Record {
            type Error = std::convert::Infallible;
            fn clear_rects(&mut self, _: &[Rect]) -> Result<(), Self::Error> {
                Ok(())
            }
            fn fill_rects(&mut self, _: crate::Color, _: &[i32]) -> Result<(), Self::Error> {
                Ok(())
            }
            fn stroke(&mut self, _: crate::Color, _: u32, points: &[i32]) -> Result<(), Self::Error> {
                self.0.extend(crate::render::surface::parts(points).map(<[i32]>::to_vec));
                Ok(())
            }
            fn fill_areas(&mut self, color: crate::Color, points: &[i32]) -> Result<(), Self::Error> {
                self.stroke(color, 1, points)
            }
            fn text(
                &mut self,
                _: &str,
                _: (i32, i32),
                _: crate::Anchor,
                _: crate::Font,
                _: crate::Color,
            ) -> Result<(), Self::Error> {
                Ok(())
            }
            fn text_width(&mut self, _: &str, _: crate::Font) -> i32 {
                0
            }
        }
        let mut scene = Scene::default();
        let batch = scene.lines(crate::Color::default(), 1);
        build(&mut scene, batch);
        let mut record = Record::default();
        let Ok(()) = scene.paint(&mut record);
        record.0
    }

    #[test]
    fn lines_break_outside_and_at_gaps() {
        let points = [(0, 10), (10, 20), GAP, (20, 20), (30, 80), (40, 20), GAP, (60, 30)];
        let lines = painted(|scene, batch| stroke(scene, batch, &points, 2, &CLIP));
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!(lines[0], [0, 10, 10, 20]);
        assert_eq!(lines[1][..2], [20, 20]);
        assert_eq!(lines[1][3], 49, "down to the last row");
        assert_eq!(lines[2][1], 49);
        assert_eq!(lines[3], [58, 30, 62, 30], "a point by itself");
    }

    #[test]
    fn areas_are_cut_on_all_sides() {
        let mut scratch = [Points::new(), Points::new()];
        let points = [(-20, 10), (50, 10), (120, 10)];
        let areas = painted(|scene, batch| fill_to(scene, batch, &points, 50, &CLIP, &mut scratch));
        assert_eq!(areas.len(), 1);
        let xs: Vec<i32> = areas[0].iter().step_by(2).copied().collect();
        let ys: Vec<i32> = areas[0].iter().skip(1).step_by(2).copied().collect();
        assert!(xs.iter().all(|x| (0..=100).contains(x)) && ys.iter().all(|y| (0..=50).contains(y)));
        assert!(xs.contains(&0) && xs.contains(&100) && ys.contains(&10) && ys.contains(&50));
        let outside =
            painted(|scene, batch| fill_to(scene, batch, &[(0, -9), (9, -9)], -5, &CLIP, &mut scratch));
        assert!(outside.is_empty());
    }

    #[test]
    fn bounds_hold_the_width() {
        assert_eq!(bounds(&[&[(10, 10), GAP, (20, 5)]], 2), Rect::new(7, 2, 17, 12));
        assert_eq!(bounds(&[&[(10, 10)], &[(10, 90)]], 0), Rect::new(9, 9, 3, 83));
        assert!(bounds(&[&[GAP]], 2).is_empty());
    }
}
