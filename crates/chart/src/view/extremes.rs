//! The highest and the lowest price in view, marked where they were.

use std::ops::Range;

use super::Frame;
use crate::format::{exact_price, rounded_price};
use crate::model::extent::Extent;
use crate::render::surface::Measure;
use crate::{Anchor, Rect, Scene};

/// Length of the line between bar and price, CSS pixels.
const LEAD: f64 = 14.0;

/// How many decimals prices are written with.
#[derive(Clone, Copy)]
pub(crate) enum Decimals {
    /// At least so many, and all that a price as received has.
    Exact(usize),
    /// So many: averages were not received.
    Rounded(usize),
}

/// Marks the bars of `range` that reach the highest and lowest price of `extent`, which is that of
/// all in view; `wanted` says whether to look for either. The layers share the work: each marks what
/// is in its own range. Answers where the texts are.
pub(crate) fn extremes(
    frame: &Frame<'_>,
    range: &Range<usize>,
    (extent, wanted): (&Extent, [bool; 2]),
    decimals: Decimals,
    touch: bool,
    measure: &mut Measure<'_>,
    scene: &mut Scene,
) -> [Rect; 2] {
    let mut texts = [Rect::default(); 2];
    let (layout, plot) = (frame.layout, &frame.plot);
    let size = layout.font.size as i32;
    if !extent.has_prices() || range.is_empty() || plot.h <= 4 * size {
        return texts;
    }
    // Above the highest and below the lowest.
    let away = size / 2 + layout.px(1.0);
    let beside = |y: i32| y.max(plot.y + size / 2).min(plot.bottom() - size / 2);
    let places = [beside(frame.y(extent.high) - away), beside(frame.y(extent.low) + away)];
    // Where one would stand on the other neither says anything.
    if places[1] - places[0] <= size + away {
        return texts;
    }
    let rows = |rows: Range<usize>| frame.bars.extent(rows, frame.closes_only);
    let high = || frame.pyramid.find(range.clone(), &rows, &|e| e.high >= extent.high);
    let low = || frame.pyramid.find(range.clone(), &rows, &|e| e.low <= extent.low);
    let found = [if wanted[0] { high() } else { None }, if wanted[1] { low() } else { None }];
    let batch = scene.batch(frame.theme.muted);
    for (((index, price), y), place) in
        found.into_iter().zip([extent.high, extent.low]).zip(places).zip(&mut texts)
    {
        let Some(index) = index else { continue };
        // Half of the first or last bar may be out of view.
        let x = frame.x(index).clamp(plot.x, plot.right() - 1);
        if !plot.contains(x, frame.y(price)) {
            continue;
        }
        let text = scene.write(|out| match decimals {
            Decimals::Exact(decimals) => exact_price(out, price, decimals),
            Decimals::Rounded(decimals) => rounded_price(out, price, decimals),
        });
        let width = measure(scene.written(&text), layout.font);
        let lead = layout.px(LEAD);
        let gap = layout.px(3.0);
        let fits_right = x + lead + gap + width < plot.right();
        let fits_left = x - lead - gap - width >= plot.x;
        // Towards the middle of the plot, where there is room.
        let right = fits_right && (x < plot.x + plot.w / 2 || !fits_left);
        if !right && !fits_left {
            continue;
        }
        let line = Rect::new(if right { x } else { x - lead }, y, lead, layout.hairline);
        scene.fill(batch, line.clip(plot));
        let (at, anchor) =
            if right { (x + lead + gap, Anchor::Start) } else { (x - lead - gap, Anchor::End) };
        scene.place(text, (at, y), anchor, layout.font, frame.theme.secondary);
        let left = if right { x } else { at - width };
        *place = Rect::new(left, y - size, lead + gap + width + 1, 2 * size).clip(plot);
        if touch {
            scene.touch(*place);
        }
    }
    texts
}
