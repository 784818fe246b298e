//! The crosshair: two dashed lines and a tag on either axis.

use super::layout::Layout;
use super::price_line::price_tag;
use super::{Frame, axes, dash_across, dash_down};
use crate::format::bar_time;
use crate::model::zone::Zone;
use crate::render::surface::Measure;
use crate::{Anchor, Rect, Scene};

/// Length of a dash, CSS pixels.
const DASH: f64 = 4.0;

/// What the crosshair's tags need to know.
pub struct Tags<'a> {
    /// Decimals of the price; `None` where the axis says values of another kind.
    pub decimals: Option<usize>,
    /// Length of a bar in nanoseconds.
    pub interval_ns: i64,
    /// Zone of the time.
    pub zone: &'a dyn Zone,
}

/// Draws the crosshair on bar `index`, through all panes, and at row `y` of the frame's pane.
pub fn crosshair(
    frame: &Frame<'_>,
    (index, y): (usize, i32),
    tags: &Tags<'_>,
    measure: &mut Measure<'_>,
    scene: &mut Scene,
) {
    let Frame { layout, theme, plot, .. } = frame;
    let dash = layout.px(DASH).max(1);
    let lines = scene.batch(theme.muted);
    let x = frame.x(index);
    let down =
        Rect::new(Layout::left_of(x, layout.hairline), layout.plots.y, layout.hairline, layout.plots.h);
    let down = down.clip(&layout.plots);
    if !down.is_empty() {
        dash_down(scene, lines, down, dash);
        scene.touch(down);
    }
    let across = Rect::new(plot.x, Layout::left_of(y, layout.hairline), plot.w, layout.hairline).clip(plot);
    if !across.is_empty() {
        dash_across(scene, lines, across, dash);
        scene.touch(across);
        let price = frame.price_at(y);
        price_tag(
            frame,
            scene,
            y,
            (theme.text, theme.ground),
            |out| match tags.decimals {
                Some(decimals) => axes::write_label(frame, price, decimals, out),
                None => axes::write_value(price, out),
            },
            None,
        );
    }
    if down.is_empty() {
        return;
    }
    let mut text = String::new();
    bar_time(&mut text, frame.bars.time_ns(index), tags.zone, tags.interval_ns);
    let width = measure(&text, layout.font) + layout.px(12.0);
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
