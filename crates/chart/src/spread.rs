//! Bid, ask and spread over time.
//!
//! For panes that are drawn a few times a second: everything is built anew at each call.

use std::fmt::Write as _;
use std::ops::Range;

use crate::format::rounded_price;
use crate::model::civil::Civil;
use crate::model::price_ticks::PriceTicks;
use crate::model::zone::local_seconds;
use crate::render::surface::BREAK;
use crate::{Anchor, Color, Font, Rect, Surface, Theme, Zone};

/// Longest time shown, nanoseconds.
pub const WINDOW_NS: i64 = 10 * 60 * NANOS;
/// Shortest time shown, nanoseconds: a few quotes do not fill the width.
pub const LEAST_WINDOW_NS: i64 = 10 * NANOS;
/// Part of prices left out at either end when the price range is chosen, so that one stub quote does
/// not flatten the rest. Lines beyond the range run along its edge.
const TAIL: f64 = 0.02;
/// Part of the height that prices take; the rest is the spread's.
const PRICE_PART: f64 = 0.62;
/// Size of labels, CSS pixels.
const TEXT_SIZE: f64 = 11.0;
/// Space left and right of a label of time or a price, CSS pixels.
const PADDING: f64 = 6.0;
const NANOS: i64 = 1_000_000_000;

/// A quote at one time. A side without a quote is `None`.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Sample {
    /// When, nanoseconds since the Unix epoch.
    pub time_ns: i64,
    /// Best bid.
    pub bid: Option<f64>,
    /// Best ask.
    pub ask: Option<f64>,
}

impl Sample {
    /// Ask minus bid in hundredths of a percent of their middle. Negative when crossed.
    #[must_use]
    pub fn basis_points(&self) -> Option<f64> {
        let (bid, ask) = (self.bid?, self.ask?);
        let points = (ask - bid) / f64::midpoint(bid, ask) * 10_000.0;
        points.is_finite().then_some(points)
    }
}

/// How to draw.
pub struct SpreadOptions<'a> {
    /// Colours.
    pub theme: Theme,
    /// Device pixels to a CSS pixel.
    pub ratio: f64,
    /// Decimals of prices.
    pub decimals: usize,
    /// Zone of times.
    pub zone: &'a dyn Zone,
}

impl SpreadOptions<'_> {
    fn px(&self, css: f64) -> i32 {
        (css * self.ratio).round() as i32
    }

    fn font(&self) -> Font {
        Font { size: self.px(TEXT_SIZE).unsigned_abs(), bold: false }
    }
}

/// The newest samples that are shown: those of the last [`WINDOW_NS`] before the newest, and the one
/// in force at the start of that time.
#[must_use]
pub fn window(times: &[i64]) -> Range<usize> {
    let Some(newest) = times.last() else { return 0..0 };
    let from = newest.saturating_sub(WINDOW_NS);
    times.partition_point(|time| *time < from).saturating_sub(1)..times.len()
}

/// Values over time in a part of the picture.
struct Plane {
    /// Nanoseconds from the left to the right edge.
    times: Range<i64>,
    width: i32,
    values: Range<f64>,
    rows: Range<i32>,
}

impl Plane {
    fn x(&self, time_ns: i64) -> i32 {
        let part = (time_ns.max(self.times.start) - self.times.start) as f64
            / (self.times.end - self.times.start).max(1) as f64;
        (part * f64::from(self.width)).round() as i32
    }

    fn y(&self, value: f64) -> i32 {
        let part = (value - self.values.start) / (self.values.end - self.values.start);
        self.rows.end - (part * f64::from(self.rows.end - self.rows.start)).round() as i32
    }
}

/// Draws `samples` (by time, rising) so that they fill a surface of this width and height in device pixels:
/// the bid in the rising colour, the ask in the falling one, a band between them, and below the spread in basis
/// points. A quote stands until the next, so lines are steps; where a side has no quote its line is interrupted.
///
/// # Errors
/// What the surface answers.
pub fn draw<E>(
    surface: &mut dyn Surface<Error = E>,
    (width, height): (i32, i32),
    samples: &[Sample],
    options: &SpreadOptions<'_>,
) -> Result<(), E> {
    let theme = &options.theme;
    surface.fill_rects(theme.ground, &[0, 0, width, height])?;
    let (label_width, time_height) = (label_width(samples, options), options.px(18.0));
    let (plot_width, plot_height) = (width - label_width, height - time_height);
    let (Some(newest), true) = (samples.last(), plot_width > 8 && plot_height > 24) else {
        return Ok(());
    };
    let end = newest.time_ns;
    let oldest = samples.first().map_or(end, |sample| sample.time_ns);
    let start = oldest.max(end.saturating_sub(WINDOW_NS)).min(end.saturating_sub(LEAST_WINDOW_NS));
    let samples = thin(samples, start, end, plot_width);
    let split = (f64::from(plot_height) * PRICE_PART).round() as i32;
    let plane = |values, rows| Plane { times: start..end, width: plot_width, values, rows };

    if let Some(range) = price_range(&samples, options.decimals) {
        let plane = plane(range.clone(), 0..split);
        let most = (split / options.px(24.0).max(1)).max(1) as usize;
        for price in PriceTicks::between(range.start, range.end, most, options.decimals).iter() {
            tick(surface, options, &plane, price, |out| rounded_price(out, price, options.decimals))?;
        }
        let side = |side: fn(&Sample) -> Option<f64>| {
            let range = range.clone();
            move |sample: &Sample| side(sample).map(|price| price.clamp(range.start, range.end))
        };
        let (bid, ask) = (side(bid), side(ask));
        surface.fill_areas(theme.band(), &band(&plane, &samples, &bid, &ask))?;
        line(surface, options, &plane, &samples, &bid, theme.up)?;
        line(surface, options, &plane, &samples, &ask, theme.down)?;
    }
    let points = || samples.iter().filter_map(Sample::basis_points);
    let (narrowest, widest) = (points().fold(0.0, f64::min), points().fold(0.0, f64::max));
    if points().next().is_some() {
        let range = narrowest * 1.1..(widest * 1.15).max(0.1);
        let plane = plane(range.clone(), split..plot_height);
        let most = ((plot_height - split) / options.px(22.0).max(1)).max(1) as usize;
        let ticks = PriceTicks::between(range.start, range.end, most, 2);
        let decimals = usize::try_from(-ticks.finest).unwrap_or(0);
        for points in ticks.iter() {
            tick(surface, options, &plane, points, |out| {
                let _ = write!(out, "{points:.decimals$} bp");
            })?;
        }
        line(surface, options, &plane, &samples, &Sample::basis_points, theme.accent)?;
    }
    rule(surface, options, plot_width, split, theme.border)?;
    rule(surface, options, width, plot_height, theme.border)?;

    let (middle, font, padding) = (plot_height + time_height / 2, options.font(), options.px(PADDING));
    let mut free = plot_width - padding;
    // Whole or not there, and where there is room for one only the newer.
    for (time, anchor) in [(end, Anchor::End), (start, Anchor::Start)] {
        let utc = time.div_euclid(NANOS);
        let at = Civil::from_seconds(local_seconds(options.zone, utc));
        let label = format!("{:02}:{:02}:{:02}", at.hour, at.minute, at.second);
        let width = surface.text_width(&label, font);
        if free - width < padding {
            break;
        }
        let x = if anchor == Anchor::Start { padding } else { free };
        surface.text(&label, (x, middle), anchor, font, theme.muted)?;
        free -= width + 2 * padding;
    }
    let zone = options.zone.abbreviation(end.div_euclid(NANOS));
    if surface.text_width(zone, font) + 2 * padding <= label_width {
        surface.text(zone, (plot_width + padding, middle), Anchor::Start, font, theme.muted)?;
    }
    Ok(())
}

/// Room for price labels: six tenths of the text size a character, as digits have in most faces.
fn label_width(samples: &[Sample], options: &SpreadOptions<'_>) -> i32 {
    let widest = samples.iter().filter_map(|s| s.ask.or(s.bid)).fold(0.0, f64::max);
    let mut text = String::new();
    rounded_price(&mut text, widest, options.decimals);
    let characters = text.chars().count().clamp(7, 16) as f64;
    options.px(characters * TEXT_SIZE * 0.62 + 2.0 * PADDING)
}

fn bid(sample: &Sample) -> Option<f64> {
    sample.bid.filter(|price| price.is_finite())
}

fn ask(sample: &Sample) -> Option<f64> {
    sample.ask.filter(|price| price.is_finite())
}

/// The samples from `start` on, at most two a pixel column: the widest spread and the newest, so that
/// no spike is hidden. A sample from before is kept as the quote in force at the start.
fn thin(samples: &[Sample], start: i64, end: i64, columns: i32) -> Vec<Sample> {
    let from = samples.partition_point(|sample| sample.time_ns < start).saturating_sub(1);
    let samples = samples.get(from..).unwrap_or_default();
    if samples.len() <= 2 * columns.max(1) as usize {
        return samples.to_vec();
    }
    let column = |sample: &Sample| {
        let part = (sample.time_ns.max(start) - start) as f64 / (end - start).max(1) as f64;
        (part * f64::from(columns)) as i32
    };
    let mut kept = Vec::with_capacity(2 * columns.max(1) as usize + 2);
    for same in samples.chunk_by(|a, b| column(a) == column(b)) {
        let width = |sample: &Sample| sample.basis_points().unwrap_or(f64::NEG_INFINITY);
        let widest = same.iter().enumerate().max_by(|(_, a), (_, b)| width(a).total_cmp(&width(b)));
        if let (Some((at, widest)), Some(newest)) = (widest, same.last()) {
            if at + 1 < same.len() {
                kept.push(*widest);
            }
            kept.push(*newest);
        }
    }
    kept
}

fn price_range(samples: &[Sample], decimals: usize) -> Option<Range<f64>> {
    let mut prices: Vec<f64> = samples.iter().flat_map(|s| [bid(s), ask(s)]).flatten().collect();
    prices.sort_unstable_by(f64::total_cmp);
    let tail = (prices.len() as f64 * TAIL) as usize;
    let (low, high) = (*prices.get(tail)?, *prices.get(prices.len() - 1 - tail)?);
    let least = 10_f64.powi(-(decimals.min(300) as i32)).max(high.abs() * 1e-9);
    let margin = ((high - low) * 0.12).max(least);
    let range = low - margin..high + margin;
    (range.start.is_finite() && range.end.is_finite() && range.start < range.end).then_some(range)
}

/// A value as steps, from each sample to the next and from the last to the end.
fn line<E>(
    surface: &mut dyn Surface<Error = E>,
    options: &SpreadOptions<'_>,
    plane: &Plane,
    samples: &[Sample],
    value: &dyn Fn(&Sample) -> Option<f64>,
    color: Color,
) -> Result<(), E> {
    let mut points = Vec::new();
    let mut before = None;
    for sample in samples {
        let x = plane.x(sample.time_ns);
        if let Some(y) = before {
            points.extend([x, y]);
        }
        let now = value(sample).map(|value| plane.y(value));
        match now {
            Some(y) => points.extend([x, y]),
            None if before.is_some() => points.extend([BREAK, 0]),
            None => {}
        }
        before = now;
    }
    if let Some(y) = before {
        points.extend([plane.width, y]);
    }
    surface.stroke(color, options.px(1.25).max(1).unsigned_abs(), &points)
}

/// Corners of the areas between bid and ask.
fn band(
    plane: &Plane,
    samples: &[Sample],
    bid: &dyn Fn(&Sample) -> Option<f64>,
    ask: &dyn Fn(&Sample) -> Option<f64>,
) -> Vec<i32> {
    let both = |s: &Sample| Some((plane.y(bid(s)?), plane.y(ask(s)?)));
    let mut corners = Vec::new();
    for run in samples.split(|sample| both(sample).is_none()) {
        let mut asks = Vec::new();
        let mut before: Option<(i32, i32)> = None;
        for sample in run {
            let (Some((bid, ask)), x) = (both(sample), plane.x(sample.time_ns)) else { continue };
            if let Some((bid, ask)) = before {
                corners.extend([x, bid]);
                asks.push((x, ask));
            }
            corners.extend([x, bid]);
            asks.push((x, ask));
            before = Some((bid, ask));
        }
        corners.extend(asks.into_iter().rev().flat_map(|(x, y)| [x, y]));
        corners.extend([BREAK, 0]);
    }
    corners
}

/// A horizontal line as a filled rectangle, which is sharp on every surface.
fn rule<E>(
    surface: &mut dyn Surface<Error = E>,
    options: &SpreadOptions<'_>,
    width: i32,
    y: i32,
    color: Color,
) -> Result<(), E> {
    let thick = (options.ratio.floor() as i32).max(1);
    surface.rule(color, Rect::new(0, y - thick / 2, width, thick), 0)
}

/// A line of the grid, and its label right of the plot, which is left out where it would not be beside it.
fn tick<E>(
    surface: &mut dyn Surface<Error = E>,
    options: &SpreadOptions<'_>,
    plane: &Plane,
    value: f64,
    write: impl FnOnce(&mut String),
) -> Result<(), E> {
    let y = plane.y(value);
    rule(surface, options, plane.width, y, options.theme.grid)?;
    let half = options.px(TEXT_SIZE) / 2;
    if y - half < plane.rows.start || y + half > plane.rows.end {
        return Ok(());
    }
    let mut out = String::new();
    write(&mut out);
    let at = (plane.width + options.px(PADDING), y);
    surface.text(&out, at, Anchor::Start, options.font(), options.theme.secondary)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(time_ns: i64, bid: f64, ask: f64) -> Sample {
        Sample { time_ns, bid: Some(bid), ask: Some(ask) }
    }

    #[test]
    fn basis_points_of_the_middle() {
        assert_eq!(sample(0, 99.0, 101.0).basis_points(), Some(200.0));
        assert_eq!(sample(0, 101.0, 99.0).basis_points(), Some(-200.0));
        assert_eq!(Sample { bid: None, ..sample(0, 1.0, 2.0) }.basis_points(), None);
        assert_eq!(sample(0, 0.0, 0.0).basis_points(), None);
    }

    #[test]
    fn thinning_keeps_spikes_and_the_newest() {
        let mut all: Vec<Sample> = (0..10_000).map(|t| sample(t, 100.0, 100.02)).collect();
        all[5_003].ask = Some(105.0);
        let kept = thin(&all, 0, 9_999, 100);
        assert!(kept.len() <= 202, "{}", kept.len());
        assert!(kept.contains(&all[5_003]));
        assert_eq!(kept.last(), all.last());
    }

    #[test]
    fn one_stub_quote_does_not_flatten_the_rest() {
        let mut all: Vec<Sample> = (0..500).map(|t| sample(t, 100.0, 100.02)).collect();
        all[7] = sample(7, 0.01, 199_999.0);
        let range = price_range(&all, 2).unwrap_or(0.0..0.0);
        assert!(range.start > 99.0 && range.end < 101.0, "{range:?}");
    }

    #[test]
    fn the_window_keeps_the_quote_in_force_at_its_start() {
        let times = [0, 5, WINDOW_NS + 6, WINDOW_NS + 20];
        assert_eq!(window(&times), 1..4);
        assert_eq!(window(&[]), 0..0);
    }
}
