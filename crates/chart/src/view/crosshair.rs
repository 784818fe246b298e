//! The crosshair: two dashed lines and a tag on either axis.

use super::Frame;
use super::axes::AxisLabels;
use super::layout::Layout;
use super::price_line::{clear_labels, price_tag, tag_on};
use crate::format::bar_time;
use crate::model::zone::Zone;
use crate::render::surface::Measure;
use crate::{Anchor, Rect, Scene};

/// Length of a dash, CSS pixels.
const DASH: f64 = 4.0;

/// What the crosshair's tags need to know.
pub(crate) struct Tags<'a> {
    /// The labels of the pane's axis.
    pub(crate) labels: &'a AxisLabels,
    /// Columns of the labels of time.
    pub(crate) times: &'a [(i32, i32)],
    /// The tags that stand there, which hide labels too.
    pub(crate) standing: &'a [Rect],
    /// Length of a bar in nanoseconds.
    pub(crate) interval_ns: i64,
    /// Zone of the time.
    pub(crate) zone: &'a dyn Zone,
}

/// Draws the crosshair on `slot`, through all panes, with a tag if its time is known, and at row `y` of the
/// frame's pane, if there is one, where the value is `value`, or what is at that row. Labels that a tag
/// would hide in part it hides whole.
pub(crate) fn crosshair(
    frame: &Frame<'_>,
    (slot, time): (f64, Option<i64>),
    (y, value): (Option<i32>, Option<f64>),
    tags: &Tags<'_>,
    measure: &mut Measure<'_>,
    scene: &mut Scene,
) {
    let Frame { layout, theme, plot, .. } = frame;
    let dash = layout.px(DASH).max(1);
    let x = frame.column(slot);
    let down =
        Rect::new(Layout::left_of(x, layout.hairline), layout.plots.y, layout.hairline, layout.plots.h);
    let down = down.clip(&layout.plots);
    scene.rule(theme.muted, down, dash);
    let across =
        |y| Rect::new(plot.x, Layout::left_of(y, layout.hairline), plot.w, layout.hairline).clip(plot);
    if let Some(y) = y
        && !across(y).is_empty()
    {
        scene.rule(theme.muted, across(y), dash);
        let tag = tag_on(frame, y, 1);
        clear_labels(frame, tags.labels, &[tag], tags.standing, scene);
        let value = value.unwrap_or_else(|| frame.price_at(y));
        let write = |out: &mut String| tags.labels.write(frame, value, out);
        price_tag(frame, scene, tag, (theme.text, theme.ground), write, None);
    }
    if let Some(time_ns) = time
        && !down.is_empty()
    {
        time_tag(frame, (time_ns, x), tags, measure, scene);
    }
}

fn time_tag(
    frame: &Frame<'_>,
    (time_ns, x): (i64, i32),
    tags: &Tags<'_>,
    measure: &mut Measure<'_>,
    scene: &mut Scene,
) {
    let Frame { layout, theme, .. } = frame;
    let text = scene.write(|out| bar_time(out, time_ns, tags.zone, tags.interval_ns));
    let width = measure(scene.written(&text), layout.font) + layout.px(12.0);
    let axis = &layout.time_axis;
    let left = (x - width / 2).clamp(0, (axis.w - width).max(0));
    let size = layout.font.size as i32;
    let height = size + layout.px(6.0);
    let tag = Rect::new(left, axis.y + layout.hairline + layout.px(2.0), width, height).clip(&layout.all);
    let ground = scene.batch(theme.ground);
    for &(left, right) in tags.times.iter().filter(|(left, right)| *left < tag.right() && *right > tag.x) {
        let label = Rect::new(left, axis.y + axis.h / 2 - size / 2 - 1, right - left, size + 2).clip(axis);
        scene.fill(ground, label);
        scene.touch(label);
    }
    let fill = scene.batch(theme.text);
    scene.fill(fill, tag);
    scene.touch(tag);
    let middle = (tag.x + tag.w / 2, tag.y + tag.h / 2);
    scene.place(text, middle, Anchor::Middle, layout.font, theme.ground);
}
