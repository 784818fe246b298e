//! Grid, axis labels and the lines between plots and axes.

use std::ops::Range;

use super::Frame;
use super::layout::Layout;
use crate::format::{rounded_price, short_volume};
use crate::model::price_ticks::{AxisTick, axis_ticks};
use crate::model::scale::ScaleMode;
use crate::model::time_ticks::{TimeTick, Weight, time_ticks};
use crate::model::zone::Zone;
use crate::render::surface::Measure;
use crate::{Anchor, Font, Rect, Scene};

/// Least distance between price labels, CSS pixels.
const PRICE_APART: f64 = 44.0;
/// The same in a low pane.
const PRICE_APART_LOW: f64 = 24.0;
/// Panes lower than this, in CSS pixels, are low.
const LOW: f64 = 160.0;
/// Least free space between time labels, CSS pixels.
const TIME_GAP: f64 = 24.0;
/// Space left and right of a price label, CSS pixels.
const PRICE_PADDING: f64 = 6.0;
/// A label as wide as any on the time axis.
const WIDEST_TIME: &str = "00 Mmm";
/// Decimals of percent and points.
const PERCENT_DECIMALS: usize = 2;
/// Decimals looked at in panes that are not prices.
const VALUE_DECIMALS: usize = 8;
/// Values from here on are written with a unit.
const SHORT_FROM: f64 = 10_000.0;

/// Writes what the axis says at `price`.
pub fn write_label(frame: &Frame<'_>, price: f64, decimals: usize, out: &mut String) {
    let label = frame.scale.label(price);
    match frame.scale.mode() {
        ScaleMode::Linear | ScaleMode::Log => rounded_price(out, label, decimals),
        ScaleMode::Indexed => rounded_price(out, label, PERCENT_DECIMALS),
        ScaleMode::Percent => {
            if label > 0.0 {
                out.push('+');
            }
            rounded_price(out, label, PERCENT_DECIMALS);
            out.push('%');
        }
    }
}

/// Writes a value of a pane that does not show prices.
pub fn write_value(value: f64, out: &mut String) {
    let size = value.abs();
    if size >= SHORT_FROM {
        return short_volume(out, value);
    }
    let decimals = if size == 0.0 || size >= 1.0 { 2.0 } else { 2.0 - size.log10().floor() };
    rounded_price(out, value, decimals.clamp(0.0, VALUE_DECIMALS as f64) as usize);
}

/// The labels of a pane's axis; `decimals` of prices, `None` for other values.
pub fn ticks(frame: &Frame<'_>, decimals: Option<usize>, out: &mut Vec<AxisTick>) -> Option<f64> {
    let layout = frame.layout;
    let apart = if frame.plot.h < layout.px(LOW) { PRICE_APART_LOW } else { PRICE_APART };
    let most = frame.plot.h / layout.px(apart).max(1);
    axis_ticks(&frame.scale, most.max(1) as usize, decimals.unwrap_or(VALUE_DECIMALS), out)
}

/// Writes one label of an axis whose labels are `step` apart.
fn write_tick(
    frame: &Frame<'_>,
    tick: &AxisTick,
    step: Option<f64>,
    decimals: Option<usize>,
    out: &mut String,
) {
    let Some(decimals) = decimals else {
        if tick.label.abs() >= SHORT_FROM {
            return short_volume(out, tick.label);
        }
        let needed = step.map_or(2, crate::format::decimals_of);
        return rounded_price(out, tick.label, needed.min(VALUE_DECIMALS));
    };
    write_label(frame, tick.price, decimals, out);
}

/// The width of axis that the labels need, in device pixels, and the last price where there is one.
pub fn axis_width(
    frame: &Frame<'_>,
    decimals: Option<usize>,
    ticks: &[AxisTick],
    step: Option<f64>,
    measure: &mut Measure<'_>,
) -> i32 {
    let bold = Font { bold: true, ..frame.layout.font };
    let mut text = String::new();
    let mut widest = 0;
    // Between two ends no label is longer than both.
    for tick in [ticks.first(), ticks.last()].into_iter().flatten() {
        text.clear();
        write_tick(frame, tick, step, decimals, &mut text);
        widest = widest.max(measure(&text, bold));
    }
    if let (Some(last), Some(decimals)) = (frame.bars.len().checked_sub(1), decimals) {
        text.clear();
        super::price_line::write_price(frame, frame.bars.close(last), decimals, &mut text);
        widest = widest.max(measure(&text, bold));
    }
    widest + 2 * frame.layout.px(PRICE_PADDING)
}

/// Draws a pane's labels, and lines across it at them.
pub fn values(
    frame: &Frame<'_>,
    decimals: Option<usize>,
    (ticks, step): (&[AxisTick], Option<f64>),
    grid: bool,
    scene: &mut Scene,
) {
    let Frame { layout, theme, plot, axis, .. } = frame;
    let batch = scene.batch(theme.grid);
    let half_text = layout.font.size as i32 / 2;
    let x = axis.x + layout.px(PRICE_PADDING);
    for tick in ticks {
        let y = frame.y(tick.price);
        if grid {
            let line = Rect::new(plot.x, Layout::left_of(y, layout.hairline), plot.w, layout.hairline);
            scene.fill(batch, line.clip(plot));
        }
        if y - half_text >= plot.y && y + half_text <= plot.bottom() {
            scene.label((x, y), Anchor::Start, layout.font, theme.secondary, |out| {
                write_tick(frame, tick, step, decimals, out);
            });
        }
    }
}

/// Draws the labels of time, and lines down all panes at them.
pub fn times(
    frame: &Frame<'_>,
    visible: Range<usize>,
    (interval_ns, zone): (i64, &dyn Zone),
    grid: bool,
    scratch: &mut Vec<TimeTick>,
    measure: &mut Measure<'_>,
    scene: &mut Scene,
) {
    let Frame { layout, theme, .. } = frame;
    let (hairline, plots) = (layout.hairline, &layout.plots);
    let batch = scene.batch(theme.grid);
    let gap = layout.px(TIME_GAP);
    let widest = measure(WIDEST_TIME, Font { bold: true, ..layout.font }) + gap;
    let apart = f64::from(widest) / frame.viewport.spacing();
    time_ticks(frame.bars, visible, interval_ns, apart, zone, scratch);
    let middle = layout.time_axis.y + layout.time_axis.h / 2;
    let mut text = String::new();
    let mut taken = Taken::default();
    for tick in scratch.iter() {
        text.clear();
        tick.label(&mut text);
        let font = Font { bold: tick.weight >= Weight::Day, ..layout.font };
        let width = measure(&text, font);
        let x = frame.x(tick.index);
        let (left, right) = (x - width / 2, x - width / 2 + width);
        if left < 0 || right > layout.time_axis.w || !taken.take(left - gap / 2, right + gap / 2) {
            continue;
        }
        if grid {
            let line = Rect::new(Layout::left_of(x, hairline), plots.y, hairline, plots.h);
            scene.fill(batch, line.clip(plots));
        }
        let ink = if font.bold { theme.text } else { theme.secondary };
        scene.label((x, middle), Anchor::Middle, font, ink, |out| out.push_str(&text));
    }
}

/// Draws the lines between panes and axes, and the zone's name in the corner.
pub fn borders(layout: &Layout, theme: &crate::Theme, zone_name: &str, scene: &mut Scene) {
    let border = scene.batch(theme.border);
    let hairline = layout.hairline;
    scene.fill(border, Rect::new(layout.price_axis.x, 0, hairline, layout.all.h));
    for pane in &layout.panes {
        scene.fill(border, Rect::new(0, pane.plot.bottom(), layout.all.w, hairline));
    }
    let middle = (layout.corner.x + layout.corner.w / 2, layout.corner.y + layout.corner.h / 2);
    scene.label(middle, Anchor::Middle, layout.font, theme.muted, |out| out.push_str(zone_name));
}

/// Stretches of an axis that are occupied, in order.
#[derive(Default)]
struct Taken(Vec<(i32, i32)>);

impl Taken {
    /// Occupies `left..right` unless a part of it is occupied.
    fn take(&mut self, left: i32, right: i32) -> bool {
        let at = self.0.partition_point(|&(start, _)| start < left);
        let free_before = at.checked_sub(1).and_then(|i| self.0.get(i)).is_none_or(|&(_, end)| end <= left);
        let free_after = self.0.get(at).is_none_or(|&(start, _)| start >= right);
        if free_before && free_after {
            self.0.insert(at, (left, right));
        }
        free_before && free_after
    }
}
