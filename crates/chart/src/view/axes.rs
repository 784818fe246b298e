//! Grid, axis labels and the lines between plots and axes.

use std::ops::Range;

use super::Frame;
use super::layout::Layout;
use crate::format::{Digits, countdown, decimals_of, exact_price, rounded_price, short_volume};
use crate::model::price_ticks::{AxisTick, MAX_TICKS, axis_ticks};
use crate::model::scale::ScaleMode;
use crate::model::time_ticks::{TimeTick, Weight, time_ticks};
use crate::model::zone::Zone;
use crate::render::surface::Measure;
use crate::{Anchor, Font, Rect, Scene};

/// Least distance between price labels, CSS pixels.
const PRICE_APART: f64 = 44.0;
/// The same in a low pane.
const PRICE_APART_LOW: f64 = 18.0;
/// Panes lower than this, in CSS pixels, are low.
const LOW: f64 = 160.0;
/// Least free space between time labels, CSS pixels.
const TIME_GAP: f64 = 24.0;
/// Space left and right of a price label, CSS pixels.
const PRICE_PADDING: f64 = 6.0;
/// A label as wide as any on the time axis.
const WIDEST_TIME: &str = "00 Mmm";
/// Decimals of percent and points, at least.
const PERCENT_DECIMALS: usize = 2;
/// Decimals looked at in panes that are not prices.
const VALUE_DECIMALS: usize = 8;
/// Values from here on are written with a unit.
const SHORT_FROM: f64 = 10_000.0;

/// The labels of a pane's vertical axis.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AxisLabels {
    /// Where they stand, rising.
    pub ticks: Vec<AxisTick>,
    /// Decimals of prices; nothing where the pane shows values of another kind.
    pub prices: Option<usize>,
    /// How values and percents are written.
    pub digits: Digits,
}

impl AxisLabels {
    /// Chooses the labels; `prices` are decimals, nothing for other values. Of those it marks
    /// `levels` get a label before any other.
    pub fn choose(&mut self, frame: &Frame<'_>, prices: Option<usize>, levels: &[f64]) {
        let layout = frame.layout;
        let apart = if frame.plot.h < layout.px(LOW) { PRICE_APART_LOW } else { PRICE_APART };
        let most = (frame.plot.h / layout.px(apart).max(1)).max(1) as usize;
        let mut finest = axis_ticks(&frame.scale, most, prices.unwrap_or(VALUE_DECIMALS), &mut self.ticks);
        let levels = if prices.is_none() { levels } else { &[] };
        if levels.iter().any(|level| level.is_finite()) {
            let row = |value: f64| frame.y(value);
            let least = layout.font.size as i32 * 3 / 2;
            let far = |a: f64, b: f64| (row(a) - row(b)).abs() >= least;
            self.ticks
                .retain(|tick| levels.iter().all(|level| !level.is_finite() || far(*level, tick.price)));
            for &level in levels.iter().filter(|level| level.is_finite()) {
                if self.ticks.iter().all(|tick| far(level, tick.price)) && self.ticks.len() < MAX_TICKS {
                    self.ticks.push(AxisTick { price: level, label: level });
                    let digit = -(decimals_of(level) as i32);
                    // Zero is written with as many digits as the others, and asks for none.
                    finest = Some(finest.map_or(digit, |f: i32| if level == 0.0 { f } else { f.min(digit) }));
                }
            }
            self.ticks.sort_unstable_by(|a, b| a.price.total_cmp(&b.price));
        }
        let largest = if prices.is_none() { frame.scale.min.abs().max(frame.scale.max.abs()) } else { 0.0 };
        self.digits = Digits::new(finest.unwrap_or(-2), largest);
        self.prices = prices;
    }

    /// Writes what a label says at `price`.
    fn write_tick(&self, frame: &Frame<'_>, tick: &AxisTick, out: &mut String) {
        match self.prices {
            Some(decimals) => write_label(frame, tick.price, decimals, self.digits.decimals(), out),
            None => self.digits.write(out, tick.label),
        }
    }

    /// Writes what the axis says at `price`, which may lie between labels.
    pub fn write(&self, frame: &Frame<'_>, price: f64, out: &mut String) {
        match self.prices {
            Some(decimals) => write_label(frame, price, decimals, self.digits.decimals(), out),
            None => self.digits.finer(2).write(out, price),
        }
    }

    /// Writes a price as received, or what the axis says of it where it speaks in percent or points.
    pub(crate) fn write_price(&self, frame: &Frame<'_>, price: f64, out: &mut String) {
        let decimals = self.prices.unwrap_or_default();
        match frame.scale.mode() {
            ScaleMode::Linear | ScaleMode::Log => exact_price(out, price, decimals),
            ScaleMode::Percent | ScaleMode::Indexed => self.write(frame, price, out),
        }
    }
}

/// Writes a price as the axis says it: as a price of so many decimals, or in percent or points.
fn write_label(frame: &Frame<'_>, price: f64, decimals: usize, percent: usize, out: &mut String) {
    let label = frame.scale.label(price);
    let percent = percent.max(PERCENT_DECIMALS);
    match frame.scale.mode() {
        ScaleMode::Linear | ScaleMode::Log => rounded_price(out, label, decimals),
        ScaleMode::Indexed => rounded_price(out, label, percent),
        ScaleMode::Percent => {
            if label > 0.0 {
                out.push('+');
            }
            rounded_price(out, label, percent);
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

/// The width of axis that the labels, and tags anywhere on it, need, in device pixels.
pub(crate) fn labels_width(
    frame: &Frame<'_>,
    labels: &AxisLabels,
    measure: &mut Measure<'_>,
    text: &mut String,
) -> i32 {
    let mut widest = 0;
    let mut wide = |write: &dyn Fn(&mut String)| {
        text.clear();
        write(text);
        widest = widest.max(measure(text, Font { bold: true, ..frame.layout.font }));
    };
    // Between two ends no label is longer than both.
    for tick in [labels.ticks.first(), labels.ticks.last()].into_iter().flatten() {
        wide(&|out| labels.write_tick(frame, tick, out));
    }
    for end in [frame.scale.min, frame.scale.max] {
        wide(&|out| labels.write(frame, end, out));
    }
    widest + 2 * frame.layout.px(PRICE_PADDING)
}

/// The width of axis that the tag of the last price needs, with the countdown below it.
pub(crate) fn tag_width(
    frame: &Frame<'_>,
    labels: &AxisLabels,
    (price, seconds): (f64, Option<u32>),
    measure: &mut Measure<'_>,
    text: &mut String,
) -> i32 {
    let font = frame.layout.font;
    text.clear();
    labels.write_price(frame, price, text);
    let mut widest = measure(text, Font { bold: true, ..font });
    if let Some(seconds) = seconds {
        text.clear();
        countdown(text, seconds);
        widest = widest.max(measure(text, font));
    }
    widest + 2 * frame.layout.px(PRICE_PADDING)
}

/// Draws a pane's labels, and lines across it at them.
pub(crate) fn values(frame: &Frame<'_>, labels: &AxisLabels, grid: bool, scene: &mut Scene) {
    let Frame { layout, theme, plot, axis, .. } = frame;
    let batch = scene.batch(theme.grid);
    let half_text = layout.font.size as i32 / 2;
    let x = axis.x + layout.px(PRICE_PADDING);
    for tick in &labels.ticks {
        let y = frame.y(tick.price);
        if grid {
            let line = Rect::new(plot.x, Layout::left_of(y, layout.hairline), plot.w, layout.hairline);
            scene.fill(batch, line.clip(plot));
        }
        if y - half_text >= plot.y && y + half_text <= plot.bottom() {
            scene.label((x, y), Anchor::Start, layout.font, theme.secondary, |out| {
                labels.write_tick(frame, tick, out);
            });
        }
    }
}

/// Buffers for the labels of time, reused from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct TimeLabels {
    ticks: Vec<TimeTick>,
    taken: Taken,
}

impl TimeLabels {
    /// Room for ticks, for whoever needs other ones afterwards.
    pub(crate) fn ticks(&mut self) -> &mut Vec<TimeTick> {
        &mut self.ticks
    }

    /// Forgets the labels: there is no axis with bars.
    pub(crate) fn clear(&mut self) {
        self.taken.0.clear();
    }

    /// The columns of the labels drawn last, in order.
    pub(crate) fn drawn(&self) -> &[(i32, i32)] {
        &self.taken.0
    }
}

/// Draws the labels of time, and lines down all panes at them.
pub(crate) fn times(
    frame: &Frame<'_>,
    visible: Range<usize>,
    (interval_ns, zone): (i64, &dyn Zone),
    grid: bool,
    labels: &mut TimeLabels,
    measure: &mut Measure<'_>,
    scene: &mut Scene,
) {
    let Frame { layout, theme, .. } = frame;
    let (hairline, plots) = (layout.hairline, &layout.plots);
    let batch = scene.batch(theme.grid);
    let gap = layout.px(TIME_GAP);
    let widest = measure(WIDEST_TIME, Font { bold: true, ..layout.font }) + gap;
    let apart = f64::from(widest) / frame.viewport.spacing();
    let TimeLabels { ticks, taken } = labels;
    time_ticks(frame.bars, visible, interval_ns, apart, zone, ticks);
    let middle = layout.time_axis.y + layout.time_axis.h / 2;
    taken.0.clear();
    for tick in ticks.iter() {
        let text = scene.write(|out| tick.label(out));
        let font = Font { bold: tick.weight >= Weight::Day, ..layout.font };
        let width = measure(scene.written(&text), font);
        let x = frame.x(tick.index);
        let (left, right) = (x - width / 2, x - width / 2 + width);
        if left < 0 || right > layout.time_axis.w || !taken.take(left, right, gap) {
            continue;
        }
        if grid {
            let line = Rect::new(Layout::left_of(x, hairline), plots.y, hairline, plots.h);
            scene.fill(batch, line.clip(plots));
        }
        let ink = if font.bold { theme.text } else { theme.secondary };
        scene.place(text, (x, middle), Anchor::Middle, font, ink);
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
#[derive(Debug, Default)]
struct Taken(Vec<(i32, i32)>);

impl Taken {
    /// Occupies `left..right` unless something is nearer than `gap`.
    fn take(&mut self, left: i32, right: i32, gap: i32) -> bool {
        let at = self.0.partition_point(|&(start, _)| start < left);
        let before = at.checked_sub(1).and_then(|i| self.0.get(i));
        let free = before.is_none_or(|&(_, end)| end + gap <= left)
            && self.0.get(at).is_none_or(|&(start, _)| start >= right + gap);
        if free {
            self.0.insert(at, (left, right));
        }
        free
    }
}
