//! Gaps, halts, limit bands and news.

use std::ops::Range;

use super::{Frame, dashed};
use crate::model::marks::{Band, Halt, NewsMark};
use crate::render::scene::BatchId;
use crate::render::surface::Measure;
use crate::view::layout::Layout;
use crate::{Anchor, Font, Rect, Scene};

/// Least mean distance of gaps whose edges are drawn, CSS pixels.
const GAPS_APART: f64 = 12.0;
/// Width of a news mark, CSS pixels.
pub(crate) const NEWS_SIZE: f64 = 14.0;
/// Opacity of the lines at the limits of the price.
const BAND_ALPHA: f64 = 0.7;
/// What is written at a halt.
const HALT: &str = "HALT";

/// Headlines that share one mark on the time axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewsGroup {
    /// Column of its middle, device pixels.
    pub x: i32,
    /// Index of the first headline among those given.
    pub first: usize,
    /// How many there are.
    pub count: usize,
}

/// Draws bands where data is missing.
pub(crate) fn gaps(frame: &Frame<'_>, visible: Range<usize>, scene: &mut Scene) {
    let plots = &frame.layout.plots;
    let band = scene.batch(frame.theme.band());
    let edge = scene.batch(frame.theme.muted);
    let half = frame.viewport.spacing() / 2.0;
    // The band may end at the first bar that is no longer in view.
    let range = visible.start..(visible.end + 1).min(frame.bars.len());
    let count = frame.slots.gaps_in(range.clone()).count() as i32;
    let apart = count.saturating_mul(frame.layout.px(GAPS_APART)) <= plots.w;
    let mut marked = i32::MIN;
    for i in frame.slots.gaps_in(range) {
        let x = |slot: usize, way: f64| plots.x + (frame.viewport.x(slot as f64) + way * half).round() as i32;
        let (left, right) = (x(frame.slots.slot(i - 1), 1.0), x(frame.slots.slot(i), -1.0));
        let right = right.max(left + 1);
        // Of gaps in one column the first is enough.
        let from = left.max(marked);
        if from >= right {
            continue;
        }
        marked = right;
        scene.fill(band, Rect::new(from, plots.y, right - from, plots.h).clip(plots));
        let wide = right - left > 2 * frame.layout.hairline;
        for (x, drawn) in [(left, apart), (right, apart && wide)] {
            if drawn {
                edge_line(frame, x, edge, scene);
            }
        }
    }
}

fn edge_line(frame: &Frame<'_>, x: i32, batch: BatchId, scene: &mut Scene) {
    let plots = &frame.layout.plots;
    let line = Rect::new(x, plots.y, frame.layout.hairline, plots.h).clip(plots);
    if !line.is_empty() {
        dashed(scene, batch, line, frame.layout.px(2.0).max(1));
    }
}

/// Where in the plot trading stood still, in order of time. Without trades there are no bars, so a
/// halt may be no more than a line between two of them.
fn stretches<'a>(
    frame: &'a Frame<'_>,
    visible: &'a Range<usize>,
    halts: &'a [Halt],
) -> impl Iterator<Item = Rect> + 'a {
    let times = visible.end.checked_sub(1).filter(|last| *last >= visible.start);
    let times = times.map(|last| (frame.bars.time_ns(visible.start), frame.bars.time_ns(last)));
    let (from, to) = times.unwrap_or((i64::MAX, i64::MIN));
    // By start; one that began before the view may reach into it.
    let start = halts.partition_point(|halt| halt.to_ns.is_some_and(|to| to < from));
    let (plot, least) = (&frame.plot, frame.layout.px(2.0).max(1));
    let seen = halts
        .iter()
        .skip(start)
        .take_while(move |halt| times.is_some() && halt.from_ns <= to || halt.to_ns.is_none());
    seen.filter_map(move |halt| {
        let begin = frame.first_from(visible.clone(), halt.from_ns);
        // A halt that goes on reaches to the edge of the plot.
        let end = halt.to_ns.map(|to| frame.first_from(visible.clone(), to).max(begin));
        let left = frame.edge(begin);
        let right = end.map_or(plot.right(), |end| frame.edge(end));
        let rect = Rect::new(left, plot.y, (right - left).max(least), plot.h).clip(plot);
        (!rect.is_empty()).then_some(rect)
    })
}

/// Draws where trading stood still.
pub(crate) fn halts(frame: &Frame<'_>, visible: &Range<usize>, halts: &[Halt], scene: &mut Scene) {
    let band = scene.batch(frame.theme.halt());
    let edge = scene.batch(frame.theme.down);
    for rect in stretches(frame, visible, halts) {
        scene.fill(band, rect);
        edge_line(frame, rect.x, edge, scene);
    }
}

/// Writes at the halts what they are: below row `top`, where the legend ends, or else above the
/// volume or before it, where no bar is. Not over `texts`, nor over each other.
pub(crate) fn halt_labels(
    frame: &Frame<'_>,
    visible: &Range<usize>,
    halts: &[Halt],
    (top, texts): (i32, &[Rect]),
    measure: &mut Measure<'_>,
    scene: &mut Scene,
) {
    let (layout, plot) = (frame.layout, &frame.plot);
    let font = Font { bold: true, ..layout.font };
    let (size, gap) = (font.size as i32, layout.px(4.0));
    let rows = [top + gap, layout.volume.y - gap - size, plot.bottom() - gap - size];
    let mut free_from = plot.x;
    for rect in stretches(frame, visible, halts) {
        let width = measure(HALT, font);
        let free = |label: &Rect| {
            let alone = label.x >= free_from && texts.iter().all(|text| text.clip(label).is_empty());
            alone && label.clip(plot) == *label
        };
        // Right of the line, or left of it where the plot ends.
        let columns = [rect.x + gap, rect.x - gap - width];
        let places = rows.into_iter().flat_map(|y| columns.map(|x| Rect::new(x, y, width, size)));
        let mut free = places.filter(free);
        let first = free.clone().next();
        // In a range of the person's own bars may be everywhere: then over them.
        if let Some(label) = free.find(|label| is_clear(frame, visible, label)).or(first) {
            let middle = label.y + size / 2;
            scene.label((label.x, middle), Anchor::Start, font, frame.theme.down, |out| out.push_str(HALT));
            free_from = label.right() + gap;
        }
    }
}

/// Whether no bar of `visible` is where `label` is.
fn is_clear(frame: &Frame<'_>, visible: &Range<usize>, label: &Rect) -> bool {
    let slot = |x: i32| frame.viewport.slot_at(f64::from(x - frame.plot.x));
    let half = 0.5;
    let end = frame.slots.first_at_or_after(slot(label.right()) + half, frame.bars.len()).min(visible.end);
    let start = frame.slots.first_at_or_after(slot(label.x) - half, frame.bars.len());
    let start = start.clamp(visible.start, end.max(visible.start));
    let extent = frame.extent(start..end.max(start));
    let margin = frame.layout.px(1.0);
    !extent.has_prices()
        || frame.y(extent.low) + margin < label.y
        || frame.y(extent.high) - margin >= label.bottom()
}

/// Draws the limits of the price over the bars of `visible`, as far as they are in range. Those in
/// force now go on to the edge of the plot.
pub(crate) fn bands(frame: &Frame<'_>, visible: &Range<usize>, bands: &[Band], scene: &mut Scene) {
    let (Some(first), Some(last)) = (visible.clone().next(), visible.end.checked_sub(1)) else { return };
    let newest = visible.end == frame.bars.len();
    let from = frame.bars.time_ns(first);
    let to = if newest { i64::MAX } else { frame.bars.time_ns(last) };
    let hairline = frame.layout.hairline;
    let batch = scene.batch(frame.theme.down.fade(BAND_ALPHA));
    // The band in force when the view begins came before it.
    let start = bands.partition_point(|band| band.from_ns <= from).saturating_sub(1);
    for (i, band) in bands.iter().enumerate().skip(start).take_while(|(_, band)| band.from_ns <= to) {
        let next = bands.get(i + 1).map(|next| frame.first_from(visible.clone(), next.from_ns));
        let begin = frame.first_from(visible.clone(), band.from_ns.max(from));
        let right = match next {
            Some(next) => frame.edge(next),
            None if newest => frame.plot.right(),
            None => frame.edge(visible.end),
        };
        let left = frame.edge(begin);
        for price in [band.lower, band.upper].into_iter().filter(|price| price.is_finite()) {
            let y = Layout::left_of(frame.y(price), hairline);
            scene.fill(batch, Rect::new(left, y, right - left, hairline).clip(&frame.plot));
        }
    }
}

/// Draws a mark below the bar in which each headline came; those too close share one. What is where
/// is written to `groups`.
pub(crate) fn news(
    frame: &Frame<'_>,
    visible: &Range<usize>,
    news: &[NewsMark],
    groups: &mut Vec<NewsGroup>,
    scene: &mut Scene,
) {
    groups.clear();
    let (row, layout) = (&frame.layout.news, frame.layout);
    let (Some(first), false) = (visible.clone().next(), row.is_empty()) else { return };
    let size = layout.px(NEWS_SIZE).min(row.h - 2);
    let from = frame.bars.time_ns(first);
    let to = if visible.end < frame.bars.len() { frame.bars.time_ns(visible.end) } else { i64::MAX };
    let start = news.partition_point(|mark| mark.time_ns < from);
    for (i, mark) in news.iter().enumerate().skip(start).take_while(|(_, mark)| mark.time_ns < to) {
        // The bar that was running then.
        let bar = frame.first_from(visible.clone(), mark.time_ns.saturating_add(1)).saturating_sub(1);
        let x = frame.x(bar.max(first));
        // One that would be cut says nothing, and is not to be hit.
        if x - size / 2 < row.x || x + size / 2 >= row.right() {
            continue;
        }
        match groups.last_mut() {
            Some(group) if x - group.x < size + 1 => group.count += 1,
            _ => groups.push(NewsGroup { x, first: i, count: 1 }),
        }
    }
    let dot = scene.areas(frame.theme.accent);
    let middle = row.y + row.h / 2;
    for group in groups.iter() {
        let many = group.count > 9;
        let part = if many { 4 } else { 5 };
        let font = Font { size: (layout.font.size * part / 6).max(1), bold: true };
        octagon(scene, dot, (group.x, middle), size);
        scene.label((group.x, middle), Anchor::Middle, font, frame.theme.ground, |out| {
            use std::fmt::Write as _;
            let _ = if many { write!(out, "9+") } else { write!(out, "{}", group.count) };
        });
    }
}

/// Adds a filled octagon as wide as a circle of `size` pixels.
fn octagon(scene: &mut Scene, batch: BatchId, (x, y): (i32, i32), size: i32) {
    let (left, top) = (x - size / 2, y - size / 2);
    let (right, bottom) = (left + size, top + size);
    let cut = (f64::from(size) * 0.293).round() as i32;
    for (x, y) in [
        (left + cut, top),
        (right - cut, top),
        (right, top + cut),
        (right, bottom - cut),
        (right - cut, bottom),
        (left + cut, bottom),
        (left, bottom - cut),
        (left, top + cut),
    ] {
        scene.point(batch, x, y);
    }
    scene.end(batch);
}
