//! What is plotted from columns of values: lines, histograms, bands, levels.

use std::ops::Range;

use super::line::Scratch;
use super::trace::{self, Part, Trace};
use super::{Frame, candles, dashed};
use crate::model::extent::Extent;
use crate::model::pane::{ColumnExtremes, MAX_LINE_WIDTH, PaneSpec, Plot, PlotStyle, Values};
use crate::view::layout::Layout;
use crate::{Rect, Scene};

/// Opacity of a histogram's columns that grow: lines over them are still told apart.
const GROWING_ALPHA: f64 = 0.8;
/// Opacity of those that shrink.
const SHRINKING_ALPHA: f64 = 0.4;

/// The columns that were given, with their extremes.
#[derive(Clone, Copy)]
pub(crate) struct Plotted<'a> {
    pub(crate) values: &'a [Values<'a>],
    pub(crate) extremes: &'a [ColumnExtremes],
}

impl Plotted<'_> {
    pub(crate) fn value(&self, column: usize, i: usize) -> f64 {
        self.values.get(column).map_or(f64::NAN, |values| values.get(i))
    }

    /// Extremes of a column over `range`.
    pub(crate) fn extent(&self, column: usize, range: Range<usize>) -> Extent {
        let both = self.extremes.get(column).zip(self.values.get(column));
        both.map_or(Extent::EMPTY, |(extremes, values)| extremes.over(values, range))
    }

    /// Extremes of all that a pane plots over `range`.
    pub(crate) fn pane_extent(&self, spec: &PaneSpec, range: &Range<usize>) -> Extent {
        spec.plots.iter().fold(Extent::EMPTY, |extent, plot| {
            let extent = extent.and(self.extent(plot.column, range.clone()));
            match plot.style {
                PlotStyle::Histogram { .. } => extent.and(Extent::of_value(0.0)),
                PlotStyle::Band { to, .. } => extent.and(self.extent(to, range.clone())),
                PlotStyle::Line | PlotStyle::Step => extent,
            }
        })
    }
}

/// Draws the levels of a pane as dashed lines.
pub(crate) fn levels(frame: &Frame<'_>, spec: &PaneSpec, scene: &mut Scene) {
    let batch = scene.batch(frame.theme.border);
    let hairline = frame.layout.hairline;
    for level in &spec.levels {
        let line =
            Rect::new(frame.plot.x, Layout::left_of(frame.y(*level), hairline), frame.plot.w, hairline);
        let line = line.clip(&frame.plot);
        if !line.is_empty() {
            dashed(scene, batch, line, frame.layout.px(4.0).max(1));
        }
    }
}

/// Draws the values at the bars of `part`. With `touch` notes what is marked.
pub(crate) fn plots(
    frame: &Frame<'_>,
    part: &Part,
    spec: &PaneSpec,
    plotted: Plotted<'_>,
    touch: bool,
    scratch: &mut Scratch,
    scene: &mut Scene,
) {
    for plot in &spec.plots {
        match plot.style {
            PlotStyle::Histogram { signed } => {
                histogram(frame, part.own.clone(), (plot, signed), plotted, touch, scene);
            }
            _ => line(frame, part, plot, plotted, touch, scratch, scene),
        }
    }
}

fn line(
    frame: &Frame<'_>,
    part: &Part,
    plot: &Plot,
    plotted: Plotted<'_>,
    touch: bool,
    scratch: &mut Scratch,
    scene: &mut Scene,
) {
    let Scratch { points, other, corners } = scratch;
    let step = plot.style == PlotStyle::Step;
    let follow = |column: usize, points: &mut trace::Points| {
        let value = |i: usize| plotted.value(column, i);
        let extremes = |range: Range<usize>| plotted.extent(column, range);
        trace::trace(frame, part, &Trace { value: &value, extremes: &extremes, step }, points);
    };
    follow(plot.column, points);
    let width = frame.layout.px(plot.width.clamp(0.5, MAX_LINE_WIDTH)).max(1);
    if let PlotStyle::Band { to, fill } = plot.style {
        follow(to, other);
        let batch = scene.areas(fill);
        trace::fill_between(scene, batch, (points, other), &frame.plot, corners);
        if touch {
            scene.touch(trace::bounds(&[points, other], 0).clip(&frame.plot));
        }
    }
    let batch = scene.lines(plot.color, width.unsigned_abs());
    trace::stroke(scene, batch, points, width, &frame.plot);
    if touch {
        scene.touch(trace::bounds(&[points], width).clip(&trace::grown(&frame.plot, width)));
    }
}

/// Draws columns from zero. Whether they grow or shrink is told from the bars before, whatever layer
/// those are on.
fn histogram(
    frame: &Frame<'_>,
    range: Range<usize>,
    (plot, signed): (&Plot, bool),
    plotted: Plotted<'_>,
    touch: bool,
    scene: &mut Scene,
) {
    let width = candles::widths(frame.viewport.spacing(), frame.layout.hairline).map_or(1, |w| w.body);
    let color = |above: bool| if signed { frame.theme.direction(above) } else { plot.color };
    let mut open = |above: bool, alpha: f64| scene.batch(color(above).fade(alpha));
    // Below zero, above it; of each those that shrink, and those that grow.
    let batches = [false, true].map(|above| [open(above, SHRINKING_ALPHA), open(above, GROWING_ALPHA)]);
    let zero = frame.y(0.0);
    let mut at = range.start;
    while at < range.end {
        let end = frame.next_column(at, range.end);
        let extent = plotted.extent(plot.column, at..end);
        if extent.has_prices() {
            let left = Layout::left_of(frame.x(at), width);
            let before = at.checked_sub(1).map_or(f64::NAN, |before| plotted.value(plot.column, before));
            let now = plotted.value(plot.column, end - 1);
            let shrinks = [now > before, now < before];
            let ends = [extent.low.min(0.0), extent.high.max(0.0)];
            for ((value, shrinks), [fainter, full]) in ends.into_iter().zip(shrinks).zip(batches) {
                if value != 0.0 {
                    let y = frame.y(value);
                    let column = Rect::new(left, y.min(zero), width, (y - zero).abs() + 1);
                    let column = column.clip(&frame.plot);
                    scene.fill(if shrinks { fainter } else { full }, column);
                    if touch {
                        scene.touch(column);
                    }
                }
            }
        }
        at = end;
    }
}
