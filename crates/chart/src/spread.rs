//! Bid, ask and spread over time, drawn through plotters.
//!
//! For panes that are drawn a few times a second: everything is built anew at each call.

use std::fmt::Write as _;
use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    Cartesian2d, ChartBuilder, ChartContext, Color as _, DrawingArea, IntoDrawingArea, PathElement, Polygon,
    RGBAColor, Rectangle, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, TextStyle};
use plotters_backend::DrawingBackend;

use crate::format::rounded_price;
use crate::model::civil::Civil;
use crate::model::price_ticks::PriceTicks;
use crate::model::zone::local_seconds;
use crate::render::surface::estimated_width;
use crate::{Color, Error, Font, Theme, Zone};

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
    /// Font family of labels.
    pub face: &'a str,
}

impl SpreadOptions<'_> {
    fn px(&self, css: f64) -> i32 {
        (css * self.ratio).round() as i32
    }

    fn width(&self, text: &str) -> i32 {
        estimated_width(text, Font { size: self.px(TEXT_SIZE).unsigned_abs(), bold: false })
    }

    fn label(&self, color: Color, h_pos: HPos) -> TextStyle<'_> {
        TextStyle {
            font: FontDesc::new(FontFamily::Name(self.face), self.px(TEXT_SIZE).into(), FontStyle::Normal),
            color: color.into(),
            pos: Pos::new(h_pos, VPos::Center),
        }
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

type Plane<'a, B> = ChartContext<'a, B, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws `samples` (by time, rising) so that they fill the backend: the bid in the rising colour, the
/// ask in the falling one, a band between them, and below the spread in basis points. A quote stands
/// until the next, so lines are steps; where a side has no quote its line is interrupted.
///
/// # Errors
/// [`Error::Surface`] when the backend refuses.
pub fn draw<B: DrawingBackend>(
    backend: B,
    samples: &[Sample],
    options: &SpreadOptions<'_>,
) -> Result<(), Error> {
    let root = backend.into_drawing_area();
    let theme = &options.theme;
    root.fill(&RGBAColor::from(theme.ground))?;
    let (width, height) = root.dim_in_pixel();
    let (width, height) = (width as i32, height as i32);
    let (label_width, time_height) = (label_width(samples, options), options.px(18.0));
    let (plot_width, plot_height) = (width - label_width, height - time_height);
    let (Some(newest), true) = (samples.last(), plot_width > 8 && plot_height > 24) else {
        return Ok(root.present()?);
    };
    let end = newest.time_ns;
    let oldest = samples.first().map_or(end, |sample| sample.time_ns);
    let start = oldest.max(end.saturating_sub(WINDOW_NS)).min(end.saturating_sub(LEAST_WINDOW_NS));
    let seconds = |time: i64| (time.max(start) - start) as f64 / NANOS as f64;
    let span = 0.0..seconds(end);
    let samples = thin(samples, start, end, plot_width);

    let split = (f64::from(plot_height) * PRICE_PART).round() as i32;
    let (plots, _) = root.split_vertically(plot_height);
    let (plots, _) = plots.split_horizontally(plot_width);
    let (upper, lower) = plots.split_vertically(split);

    if let Some(range) = price_range(&samples, options.decimals) {
        let mut plane = ChartBuilder::on(&upper).build_cartesian_2d(span.clone(), range.clone())?;
        let most = (split / options.px(24.0).max(1)).max(1) as usize;
        for price in PriceTicks::between(range.start, range.end, most, options.decimals).iter() {
            let y = plane.backend_coord(&(0.0, price)).1;
            grid(&root, options, plot_width, y)?;
            text(&root, options, plot_width, y, (0, split), theme.secondary, |out| {
                rounded_price(out, price, options.decimals);
            })?;
        }
        let clamped = |price: f64| price.clamp(range.start, range.end);
        band(&mut plane, &samples, seconds, clamped, theme.band())?;
        for (side, color) in [(Side::Bid, theme.up), (Side::Ask, theme.down)] {
            let value = |sample: &Sample| side.of(sample).map(clamped);
            line(&mut plane, &samples, seconds, value, span.end, color, options)?;
        }
    }
    let widest = samples.iter().filter_map(Sample::basis_points).fold(0.0, f64::max);
    let narrowest = samples.iter().filter_map(Sample::basis_points).fold(0.0, f64::min);
    if samples.iter().any(|sample| sample.basis_points().is_some()) {
        let range = narrowest * 1.1..(widest * 1.15).max(0.1);
        let mut plane = ChartBuilder::on(&lower).build_cartesian_2d(span.clone(), range.clone())?;
        let most = ((plot_height - split) / options.px(22.0).max(1)).max(1) as usize;
        let ticks = PriceTicks::between(range.start, range.end, most, 2);
        let decimals = usize::try_from(-ticks.finest).unwrap_or(0);
        for points in ticks.iter() {
            let y = plane.backend_coord(&(0.0, points)).1;
            grid(&root, options, plot_width, y)?;
            text(&root, options, plot_width, y, (split, plot_height), theme.secondary, |out| {
                let _ = write!(out, "{points:.decimals$} bp");
            })?;
        }
        line(&mut plane, &samples, seconds, Sample::basis_points, span.end, theme.accent, options)?;
    }
    rule(&root, options, (0, plot_width), split, theme.border)?;
    rule(&root, options, (0, width), plot_height, theme.border)?;

    let middle = plot_height + time_height / 2;
    let padding = options.px(PADDING);
    let mut free = plot_width - padding;
    // Whole or not there, and where there is room for one only the newer.
    for (time, h_pos) in [(end, HPos::Right), (start, HPos::Left)] {
        let utc = time.div_euclid(NANOS);
        let at = Civil::from_seconds(local_seconds(options.zone, utc));
        let label = format!("{:02}:{:02}:{:02}", at.hour, at.minute, at.second);
        let width = options.width(&label);
        if free - width < padding {
            break;
        }
        let x = if matches!(h_pos, HPos::Left) { padding } else { free };
        root.draw(&Text::new(label, (x, middle), options.label(theme.muted, h_pos)))?;
        free -= width + 2 * padding;
    }
    let zone = options.zone.abbreviation(end.div_euclid(NANOS));
    if options.width(zone) + 2 * padding <= label_width {
        let x = plot_width + padding;
        root.draw(&Text::new(zone, (x, middle), options.label(theme.muted, HPos::Left)))?;
    }
    Ok(root.present()?)
}

/// Room for price labels: six tenths of the text size a character, as digits have in most faces.
fn label_width(samples: &[Sample], options: &SpreadOptions<'_>) -> i32 {
    let widest = samples.iter().filter_map(|s| s.ask.or(s.bid)).fold(0.0, f64::max);
    let mut text = String::new();
    rounded_price(&mut text, widest, options.decimals);
    let characters = text.chars().count().clamp(7, 16) as f64;
    options.px(characters * TEXT_SIZE * 0.62 + 2.0 * PADDING)
}

#[derive(Clone, Copy)]
enum Side {
    Bid,
    Ask,
}

impl Side {
    fn of(self, sample: &Sample) -> Option<f64> {
        let price = match self {
            Self::Bid => sample.bid,
            Self::Ask => sample.ask,
        };
        price.filter(|price| price.is_finite())
    }
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
    let mut prices: Vec<f64> =
        samples.iter().flat_map(|s| [Side::Bid.of(s), Side::Ask.of(s)]).flatten().collect();
    prices.sort_by(f64::total_cmp);
    let tail = (prices.len() as f64 * TAIL) as usize;
    let (low, high) = (*prices.get(tail)?, *prices.get(prices.len() - 1 - tail)?);
    let least = 10_f64.powi(-(decimals.min(300) as i32)).max(high.abs() * 1e-9);
    let margin = ((high - low) * 0.12).max(least);
    let range = low - margin..high + margin;
    (range.start.is_finite() && range.end.is_finite() && range.start < range.end).then_some(range)
}

fn line<B: DrawingBackend>(
    plane: &mut Plane<'_, B>,
    samples: &[Sample],
    seconds: impl Fn(i64) -> f64,
    value: impl Fn(&Sample) -> Option<f64>,
    end: f64,
    color: Color,
    options: &SpreadOptions<'_>,
) -> Result<(), Error> {
    let style = RGBAColor::from(color).stroke_width(options.px(1.25).max(1).unsigned_abs());
    let mut run: Vec<(f64, f64)> = Vec::new();
    let mut runs = Vec::new();
    for sample in samples {
        let x = seconds(sample.time_ns);
        if let Some(&(_, before)) = run.last() {
            run.push((x, before));
        }
        match value(sample) {
            Some(y) => run.push((x, y)),
            None if run.is_empty() => {}
            None => runs.push(std::mem::take(&mut run)),
        }
    }
    if let Some(&(_, y)) = run.last() {
        run.push((end, y));
        runs.push(run);
    }
    plane.draw_series(runs.into_iter().map(|run| PathElement::new(run, style)))?;
    Ok(())
}

fn band<B: DrawingBackend>(
    plane: &mut Plane<'_, B>,
    samples: &[Sample],
    seconds: impl Fn(i64) -> f64,
    clamped: impl Fn(f64) -> f64,
    color: Color,
) -> Result<(), Error> {
    let both = |s: &Sample| Some((Side::Bid.of(s)?, Side::Ask.of(s)?));
    let fill = RGBAColor::from(color).filled();
    let mut shapes = Vec::new();
    for run in samples.split(|sample| both(sample).is_none()) {
        let (mut bids, mut asks) = (Vec::new(), Vec::new());
        let mut before: Option<(f64, f64)> = None;
        for sample in run {
            let (Some((bid, ask)), x) = (both(sample), seconds(sample.time_ns)) else { continue };
            if let Some((bid, ask)) = before {
                bids.push((x, bid));
                asks.push((x, ask));
            }
            let point = (clamped(bid), clamped(ask));
            bids.push((x, point.0));
            asks.push((x, point.1));
            before = Some(point);
        }
        if bids.len() > 1 {
            bids.extend(asks.into_iter().rev());
            shapes.push(Polygon::new(bids, fill));
        }
    }
    plane.draw_series(shapes)?;
    Ok(())
}

fn grid<B: DrawingBackend>(
    root: &DrawingArea<B, Shift>,
    options: &SpreadOptions<'_>,
    width: i32,
    y: i32,
) -> Result<(), Error> {
    rule(root, options, (0, width), y, options.theme.grid)
}

/// A horizontal line as a filled rectangle, which is sharp on every backend.
fn rule<B: DrawingBackend>(
    root: &DrawingArea<B, Shift>,
    options: &SpreadOptions<'_>,
    (left, right): (i32, i32),
    y: i32,
    color: Color,
) -> Result<(), Error> {
    let thick = (options.ratio.floor() as i32).max(1);
    let corners = [(left, y - thick / 2), (right, y - thick / 2 + thick)];
    Ok(root.draw(&Rectangle::new(corners, RGBAColor::from(color).filled()))?)
}

/// A label right of the plot, left out where it would cross `top` or `bottom`.
fn text<B: DrawingBackend>(
    root: &DrawingArea<B, Shift>,
    options: &SpreadOptions<'_>,
    plot_width: i32,
    y: i32,
    (top, bottom): (i32, i32),
    color: Color,
    write: impl FnOnce(&mut String),
) -> Result<(), Error> {
    let half = options.px(TEXT_SIZE) / 2;
    if y - half < top || y + half > bottom {
        return Ok(());
    }
    let mut out = String::new();
    write(&mut out);
    let x = plot_width + options.px(PADDING);
    Ok(root.draw(&Text::new(out, (x, y), options.label(color, HPos::Left)))?)
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
