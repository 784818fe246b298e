//! The highest and the lowest price in view, marked where they were.

use std::ops::Range;

use super::Frame;
use crate::format::exact_price;
use crate::model::extent::Extent;
use crate::render::surface::Measure;
use crate::{Anchor, Rect, Scene};

/// Length of the line between bar and price, CSS pixels.
const LEAD: f64 = 14.0;

/// Marks the bars of `range` that reach the highest and lowest price of `extent`, which is that of
/// all in view. The layers share the work: each marks what is in its own range.
pub(crate) fn extremes(
    frame: &Frame<'_>,
    range: &Range<usize>,
    extent: &Extent,
    decimals: usize,
    touch: bool,
    measure: &mut Measure<'_>,
    scene: &mut Scene,
) {
    let size = frame.layout.font.size as i32;
    // Where one would stand on the other neither says anything.
    let room = frame.plot.h > 4 * size && frame.y(extent.low) - frame.y(extent.high) > size / 2;
    if !extent.has_prices() || range.is_empty() || !room {
        return;
    }
    let row = |i: usize| Extent::of(frame.bars, i, frame.closes_only);
    let high = frame.pyramid.find(range.clone(), row, |e| e.high >= extent.high);
    let low = frame.pyramid.find(range.clone(), row, |e| e.low <= extent.low);
    let (layout, plot) = (frame.layout, &frame.plot);
    let batch = scene.batch(frame.theme.muted);
    let mut text = String::new();
    for (index, price, away) in [(high, extent.high, -1), (low, extent.low, 1)] {
        let Some(index) = index else { continue };
        let (x, y) = (frame.x(index), frame.y(price));
        if !plot.contains(x, y) {
            continue;
        }
        text.clear();
        exact_price(&mut text, price, decimals);
        let width = measure(&text, layout.font);
        let lead = layout.px(LEAD);
        let gap = layout.px(3.0);
        let fits_right = x + lead + gap + width < plot.right();
        let fits_left = x - lead - gap - width >= plot.x;
        // Towards the middle of the plot, where there is room.
        let right = fits_right && (x < plot.x + plot.w / 2 || !fits_left);
        if !right && !fits_left {
            continue;
        }
        // Above the highest and below the lowest.
        let y = y + away * (size / 2 + layout.px(1.0));
        let y = y.max(plot.y + size / 2).min(plot.bottom() - size / 2);
        let line = Rect::new(if right { x } else { x - lead }, y, lead, layout.hairline);
        scene.fill(batch, line.clip(plot));
        let (at, anchor) =
            if right { (x + lead + gap, Anchor::Start) } else { (x - lead - gap, Anchor::End) };
        scene.label((at, y), anchor, layout.font, frame.theme.secondary, |out| out.push_str(&text));
        if touch {
            let left = if right { x } else { at - width };
            scene.touch(Rect::new(left, y - size, lead + gap + width + 1, 2 * size).clip(plot));
        }
    }
}
