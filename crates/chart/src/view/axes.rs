//! Grid, axis labels, session breaks and gap bands.

use std::ops::Range;

use super::layout::Layout;
use super::{Frame, dash_down};
use crate::format::rounded_price;
use crate::model::price_ticks::PriceTicks;
use crate::model::time_ticks::{TimeTick, Weight, day_starts, time_ticks};
use crate::model::zone::Zone;
use crate::{Anchor, Bars, Font, Rect, Scene, Surface};

/// Least distance between price labels, CSS pixels.
const PRICE_APART: f64 = 44.0;
/// Least free space between time labels, CSS pixels.
const TIME_GAP: f64 = 24.0;
/// Space left and right of a price label, CSS pixels.
const PRICE_PADDING: f64 = 6.0;
/// Least mean distance between session breaks, CSS pixels; closer ones say nothing.
const BREAKS_APART: f64 = 32.0;
/// A label as wide as any on the time axis.
const WIDEST_TIME: &str = "00 Mmm";

/// What the axes need to know besides the frame.
pub struct AxisOptions<'a> {
    /// Decimals of prices.
    pub decimals: usize,
    /// Length of a bar in nanoseconds.
    pub interval_ns: i64,
    /// Zone of times.
    pub zone: &'a dyn Zone,
    /// Whether to mark where a new day begins.
    pub session_breaks: bool,
}

/// The round prices to be labelled.
#[must_use]
pub fn price_ticks<B: Bars + ?Sized>(frame: &Frame<'_, B>, decimals: usize) -> PriceTicks {
    let most = frame.layout.plot.h / frame.layout.px(PRICE_APART).max(1);
    PriceTicks::new(&frame.scale, most.max(1) as usize, decimals)
}

/// The width of price axis that the labels and the last price need, in device pixels.
pub fn price_axis_width<B: Bars + ?Sized, S: Surface>(
    frame: &Frame<'_, B>,
    decimals: usize,
    measure: &mut S,
) -> i32 {
    let bold = Font { bold: true, ..frame.layout.font };
    let mut text = String::new();
    let mut widest = 0;
    let mut ends = price_ticks(frame, decimals).iter();
    // Between two ends no label is longer than both.
    let (first, last) = (ends.next(), ends.last());
    for price in [first, last].into_iter().flatten() {
        text.clear();
        rounded_price(&mut text, price, decimals);
        widest = widest.max(measure.text_width(&text, bold));
    }
    if let Some(last) = frame.bars.len().checked_sub(1) {
        text.clear();
        crate::format::exact_price(&mut text, frame.bars.close(last), decimals);
        widest = widest.max(measure.text_width(&text, bold));
    }
    widest + 2 * frame.layout.px(PRICE_PADDING)
}

/// Draws bands where data is missing.
pub fn gaps<B: Bars + ?Sized>(frame: &Frame<'_, B>, visible: Range<usize>, scene: &mut Scene) {
    let plot = &frame.layout.plot;
    let band = scene.batch(frame.theme.band());
    let edge = scene.batch(frame.theme.muted);
    let half = frame.viewport.spacing() / 2.0;
    // The band may end at the first bar that is no longer in view.
    let to = (visible.end + 1).min(frame.bars.len());
    for i in frame.slots.gaps_in(visible.start..to) {
        let x = |slot: usize, way: f64| plot.x + (frame.viewport.x(slot as f64) + way * half).round() as i32;
        let (left, right) = (x(frame.slots.slot(i - 1), 1.0), x(frame.slots.slot(i), -1.0));
        let rect = Rect::new(left, plot.y, (right - left).max(1), plot.h).clip(plot);
        scene.fill(band, rect);
        for x in [left, right] {
            let line = Rect::new(x, plot.y, frame.layout.hairline, plot.h).clip(plot);
            if !line.is_empty() {
                dash_down(scene, edge, line, frame.layout.px(2.0).max(1));
            }
        }
    }
}

/// Draws grid, lines around the plot, session breaks and labels.
pub fn axes<B: Bars + ?Sized, S: Surface>(
    frame: &Frame<'_, B>,
    visible: Range<usize>,
    options: &AxisOptions<'_>,
    scratch: &mut Vec<TimeTick>,
    measure: &mut S,
    scene: &mut Scene,
) {
    let Frame { layout, theme, .. } = frame;
    let hairline = layout.hairline;
    let plot = layout.plot;
    let grid = scene.batch(theme.grid);

    // Prices.
    let half_text = layout.font.size as i32 / 2;
    let price_x = layout.price_axis.x + layout.px(PRICE_PADDING);
    for price in price_ticks(frame, options.decimals).iter() {
        let y = frame.y(price);
        scene.fill(grid, Rect::new(0, Layout::left_of(y, hairline), plot.w, hairline).clip(&plot));
        if y - half_text >= plot.y && y + half_text <= plot.bottom() {
            scene.label((price_x, y), Anchor::Start, layout.font, theme.secondary, |out| {
                rounded_price(out, price, options.decimals);
            });
        }
    }

    // Session breaks, between the last bar of a day and the first of the next.
    if options.session_breaks {
        day_starts(frame.bars, visible.clone(), options.zone, scratch);
        let breaks = scratch.len() as i32;
        let border = scene.batch(theme.border);
        if breaks * layout.px(BREAKS_APART) <= plot.w {
            for tick in scratch.iter().filter(|tick| tick.index > 0) {
                let x = frame.x(tick.index) - (frame.viewport.spacing() / 2.0).round() as i32;
                let line = Rect::new(x, plot.y, hairline, plot.h).clip(&plot);
                dash_down(scene, border, line, layout.px(3.0).max(1));
            }
        }
    }

    // Times.
    let gap = layout.px(TIME_GAP);
    let widest = measure.text_width(WIDEST_TIME, Font { bold: true, ..layout.font }) + gap;
    let apart = f64::from(widest) / frame.viewport.spacing();
    time_ticks(frame.bars, visible, options.interval_ns, apart, options.zone, scratch);
    let middle = layout.time_axis.y + layout.time_axis.h / 2;
    let mut text = String::new();
    let mut taken = Taken::default();
    for tick in scratch.iter() {
        text.clear();
        tick.label(&mut text);
        let font = Font { bold: tick.weight >= Weight::Day, ..layout.font };
        let width = measure.text_width(&text, font);
        let x = frame.x(tick.index);
        let (left, right) = (x - width / 2, x - width / 2 + width);
        if left < 0 || right > layout.time_axis.w || !taken.take(left - gap / 2, right + gap / 2) {
            continue;
        }
        let line = Rect::new(Layout::left_of(x, hairline), plot.y, hairline, plot.h);
        scene.fill(grid, line.clip(&plot));
        let ink = if font.bold { theme.text } else { theme.secondary };
        scene.label((x, middle), Anchor::Middle, font, ink, |out| out.push_str(&text));
    }
}

/// Draws the lines between plot and axes, and the zone's name in the corner.
pub fn borders(layout: &Layout, theme: &crate::Theme, zone_name: &str, scene: &mut Scene) {
    let border = scene.batch(theme.border);
    let hairline = layout.hairline;
    scene.fill(border, Rect::new(layout.price_axis.x, 0, hairline, layout.all.h));
    scene.fill(border, Rect::new(0, layout.time_axis.y, layout.all.w, hairline));
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
