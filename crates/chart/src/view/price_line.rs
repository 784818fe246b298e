//! The line at the last price and its tag on the price axis.

use super::Frame;
use super::layout::Layout;
use crate::format::exact_price;
use crate::{Anchor, Bars, Color, Font, Rect, Scene};

/// Opacity of the line.
const LINE_ALPHA: f64 = 0.6;

/// A tag on the price axis: where it is, given the row it points at.
pub(crate) fn tag_on_price_axis(layout: &Layout, y: i32) -> Rect {
    let height = layout.font.size as i32 + layout.px(6.0);
    let top = (y - height / 2).clamp(0, (layout.plot.bottom() - height).max(0));
    Rect::new(layout.price_axis.x + layout.hairline, top, layout.price_axis.w - layout.hairline, height)
}

/// Marks a tag with its text.
pub(crate) fn price_tag(
    layout: &Layout,
    scene: &mut Scene,
    y: i32,
    fill: Color,
    ink: Color,
    write: impl FnOnce(&mut String),
) {
    let tag = tag_on_price_axis(layout, y);
    let batch = scene.batch(fill);
    scene.fill(batch, tag);
    scene.touch(tag);
    let font = Font { bold: true, ..layout.font };
    let x = layout.price_axis.x + layout.px(6.0);
    scene.label((x, tag.y + tag.h / 2), Anchor::Start, font, ink, write);
}

/// Draws line and tag at the close of the last bar, as long as it is within the price range.
pub fn price_line<B: Bars + ?Sized>(frame: &Frame<'_, B>, decimals: usize, scene: &mut Scene) {
    let Some(last) = frame.bars.len().checked_sub(1) else { return };
    let (open, close) = (frame.bars.open(last), frame.bars.close(last));
    let layout = frame.layout;
    let y = frame.y(close);
    if !close.is_finite() || y < layout.plot.y || y >= layout.plot.bottom() {
        return;
    }
    let color = frame.theme.direction(close >= open);
    let line = Rect::new(0, Layout::left_of(y, layout.hairline), layout.plot.w, layout.hairline);
    let line = line.clip(&layout.plot);
    let batch = scene.batch(color.fade(LINE_ALPHA));
    scene.fill(batch, line);
    scene.touch(line);
    price_tag(layout, scene, y, color, frame.theme.ground, |out| exact_price(out, close, decimals));
}
