//! The lines at the last price and at the quote, and tags on the price axis.

use super::Frame;
use super::axes::AxisLabels;
use super::layout::Layout;
use crate::format::countdown;
use crate::{Anchor, Bars, Color, Font, Rect, Scene};

/// Opacity of the lines.
const LINE_ALPHA: f64 = 0.6;
/// Space above and below the text of a tag together, CSS pixels.
const TAG_PADDING: f64 = 6.0;

/// A tag of so many lines of text on a price axis: where it is, given the row it points at.
pub(crate) fn tag_on(frame: &Frame<'_>, y: i32, lines: i32) -> Rect {
    let (layout, axis) = (frame.layout, &frame.axis);
    let height = lines * layout.font.size as i32 + layout.px(TAG_PADDING);
    let first = layout.font.size as i32 + layout.px(TAG_PADDING);
    let top = (y - first / 2).clamp(axis.y, (axis.bottom() - height).max(axis.y));
    Rect::new(axis.x + layout.hairline, top, axis.w - layout.hairline, height)
}

/// Marks a tag with its text, and a second line of text below if there is one.
pub(crate) fn price_tag(
    frame: &Frame<'_>,
    scene: &mut Scene,
    tag: Rect,
    (fill, ink): (Color, Color),
    write: impl FnOnce(&mut String),
    second: Option<u32>,
) -> Rect {
    let layout = frame.layout;
    let batch = scene.batch(fill);
    scene.fill(batch, tag);
    scene.touch(tag);
    let font = Font { bold: true, ..layout.font };
    let x = frame.axis.x + layout.px(6.0);
    let size = font.size as i32;
    let first = tag.y + (size + layout.px(TAG_PADDING)) / 2;
    scene.label((x, first), Anchor::Start, font, ink, write);
    if let Some(seconds) = second {
        scene.label((x, first + size), Anchor::Start, layout.font, ink, |out| countdown(out, seconds));
    }
    tag
}

/// Hides the labels of an axis that a tag would hide in part, but for those that `hidden` hides.
pub(crate) fn clear_labels(
    frame: &Frame<'_>,
    labels: &AxisLabels,
    tag: &Rect,
    hidden: &Rect,
    scene: &mut Scene,
) {
    let ground = scene.batch(frame.theme.ground);
    let half = frame.layout.font.size as i32 / 2 + 1;
    for row in labels.ticks.iter().map(|tick| frame.y(tick.price)) {
        let label = Rect::new(tag.x, row - half, tag.w, 2 * half).clip(&frame.axis);
        if !label.clip(tag).is_empty() && label.clip(hidden).is_empty() {
            scene.fill(ground, label);
            scene.touch(label);
        }
    }
}

/// Draws line and tag at `close` of the last bar, as long as it is within the price range; answers
/// where the tag is. Labels of the axis that the tag would hide in part it hides whole.
pub(crate) fn price_line(
    frame: &Frame<'_>,
    (open, close): (f64, f64),
    seconds: Option<u32>,
    labels: &AxisLabels,
    scene: &mut Scene,
) -> Rect {
    let layout = frame.layout;
    let y = frame.y(close);
    if !close.is_finite() || y < frame.plot.y || y >= frame.plot.bottom() {
        return Rect::default();
    }
    let color = frame.theme.direction(close >= open);
    let line = Rect::new(frame.plot.x, Layout::left_of(y, layout.hairline), frame.plot.w, layout.hairline);
    let line = line.clip(&frame.plot);
    scene.rule(color.fade(LINE_ALPHA), line, 0);
    let tag = tag_on(frame, y, 1 + i32::from(seconds.is_some()));
    clear_labels(frame, labels, &tag, &Rect::default(), scene);
    let write = |out: &mut String| labels.write_price(frame, close, out);
    price_tag(frame, scene, tag, (color, frame.theme.ground), write, seconds)
}

/// Draws lines at bid and ask, and tints what is between them.
pub(crate) fn quote(frame: &Frame<'_>, (bid, ask): (f64, f64), scene: &mut Scene) {
    let (plot, hairline) = (&frame.plot, frame.layout.hairline);
    let row = |price: f64| price.is_finite().then(|| frame.y(price));
    if let (Some(bid), Some(ask)) = (row(bid), row(ask)) {
        let (top, bottom) = (bid.min(ask), bid.max(ask));
        let band = Rect::new(plot.x, top, plot.w, bottom - top).clip(plot);
        scene.rule(frame.theme.band(), band, 0);
    }
    for (price, color) in [(bid, frame.theme.up), (ask, frame.theme.down)] {
        let Some(y) = row(price) else { continue };
        let line = Rect::new(plot.x, Layout::left_of(y, hairline), plot.w, hairline).clip(plot);
        scene.rule(color.fade(LINE_ALPHA / 2.0), line, 0);
    }
}

/// Open and close of the last bar, as received.
pub(crate) fn last_prices(bars: &dyn Bars) -> Option<(f64, f64)> {
    let last = bars.len().checked_sub(1)?;
    Some((bars.open(last), bars.close(last)))
}
