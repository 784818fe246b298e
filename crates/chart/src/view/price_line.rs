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
) {
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
}

/// Hides the labels of an axis that tags would hide in part, but for those that `hidden` hide.
pub(crate) fn clear_labels(
    frame: &Frame<'_>,
    labels: &AxisLabels,
    tags: &[Rect],
    hidden: &[Rect],
    scene: &mut Scene,
) {
    let (axis, hairline) = (&frame.axis, frame.layout.hairline);
    let ground = scene.batch(frame.theme.ground);
    let half = frame.layout.font.size as i32 / 2 + 1;
    for row in labels.ticks.iter().map(|tick| frame.y(tick.price)) {
        let label = Rect::new(axis.x + hairline, row - half, axis.w - hairline, 2 * half).clip(axis);
        let meets = |tag: &Rect| !label.clip(tag).is_empty();
        if tags.iter().any(meets) && !hidden.iter().any(meets) {
            scene.fill(ground, label);
            scene.touch(label);
        }
    }
}

/// Draws the line at `close` of the last bar, as long as it is within the price range; answers where
/// its tag is to be, and its colour.
pub(crate) fn price_line(
    frame: &Frame<'_>,
    (open, close): (f64, f64),
    seconds: Option<u32>,
    scene: &mut Scene,
) -> Option<(Rect, Color)> {
    let layout = frame.layout;
    let y = frame.y(close);
    if !close.is_finite() || y < frame.plot.y || y >= frame.plot.bottom() {
        return None;
    }
    let color = frame.theme.direction(close >= open);
    let line = Rect::new(frame.plot.x, Layout::left_of(y, layout.hairline), frame.plot.w, layout.hairline);
    let line = line.clip(&frame.plot);
    scene.rule(color.fade(LINE_ALPHA), line, 0);
    Some((tag_on(frame, y, 1 + i32::from(seconds.is_some())), color))
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
