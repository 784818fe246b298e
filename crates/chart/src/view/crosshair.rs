//! The crosshair: two dashed lines and a tag on either axis.

use super::layout::Layout;
use super::price_line::price_tag;
use super::{Frame, dash_across, dash_down};
use crate::format::{bar_time, rounded_price};
use crate::model::zone::Zone;
use crate::{Anchor, Bars, Rect, Scene, Surface};

/// Length of a dash, CSS pixels.
const DASH: f64 = 4.0;

/// What the crosshair's tags need to know.
pub struct Tags<'a> {
    /// Decimals of the price.
    pub decimals: usize,
    /// Length of a bar in nanoseconds.
    pub interval_ns: i64,
    /// Zone of the time.
    pub zone: &'a dyn Zone,
}

/// Draws the crosshair on bar `index` at row `y`.
pub fn crosshair<B: Bars + ?Sized, S: Surface>(
    frame: &Frame<'_, B>,
    (index, y): (usize, i32),
    tags: &Tags<'_>,
    measure: &mut S,
    scene: &mut Scene,
) {
    let Frame { layout, theme, .. } = frame;
    let dash = layout.px(DASH).max(1);
    let lines = scene.batch(theme.muted);
    let x = frame.x(index);
    let down = Rect::new(Layout::left_of(x, layout.hairline), 0, layout.hairline, layout.plot.h);
    let down = down.clip(&layout.plot);
    if !down.is_empty() {
        dash_down(scene, lines, down, dash);
        scene.touch(down);
    }
    let across = Rect::new(0, Layout::left_of(y, layout.hairline), layout.plot.w, layout.hairline);
    let across = across.clip(&layout.plot);
    if across.is_empty() {
        return;
    }
    dash_across(scene, lines, across, dash);
    scene.touch(across);
    let price = layout.price_at(&frame.scale, y);
    price_tag(layout, scene, y, theme.text, theme.ground, |out| rounded_price(out, price, tags.decimals));

    if down.is_empty() {
        return;
    }
    let mut text = String::new();
    bar_time(&mut text, frame.bars.time_ns(index), tags.zone, tags.interval_ns);
    let width = measure.text_width(&text, layout.font) + layout.px(12.0);
    let axis = &layout.time_axis;
    let left = (x - width / 2).clamp(0, (axis.w - width).max(0));
    let height = layout.font.size as i32 + layout.px(6.0);
    let tag = Rect::new(left, axis.y + layout.hairline + layout.px(2.0), width, height).clip(&layout.all);
    let fill = scene.batch(theme.text);
    scene.fill(fill, tag);
    scene.touch(tag);
    let middle = (tag.x + tag.w / 2, tag.y + tag.h / 2);
    scene.label(middle, Anchor::Middle, layout.font, theme.ground, |out| out.push_str(&text));
}
