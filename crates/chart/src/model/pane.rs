//! Panes and what is plotted in them.
//!
//! A pane is a strip of the chart with a vertical scale of its own; the first holds the prices. Its
//! plots are drawn from columns of values beside the bars, one value a bar. Drawings, compared
//! symbols and profiles will be further items of a pane, with a view and a hit test each.

use std::ops::Range;

use super::change::Change;
use super::extent::Extent;
use super::pyramid::Pyramid;
use super::scale::PriceScale;
use crate::Color;

/// Panes at most, the price pane among them.
pub const MAX_PANES: usize = 17;
/// Columns of values at most, over all panes.
pub const MAX_COLUMNS: usize = 48;
/// Widest line of a plot, CSS pixels.
pub const MAX_LINE_WIDTH: f64 = 8.0;

/// How a column of values is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum PlotStyle {
    /// A line through the values.
    Line,
    /// A line that holds each value until the next.
    Step,
    /// Columns from zero, fainter where a value is nearer to zero than the one before.
    Histogram {
        /// In the rising colour above zero and the falling one below it, not in the plot's colour.
        signed: bool,
    },
    /// A line, with the area to another column's line filled.
    Band {
        /// The other column.
        to: usize,
        /// Colour of the area.
        fill: Color,
    },
}

/// One plotted column.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Plot {
    /// Which of the columns given with the bars, below [`MAX_COLUMNS`].
    pub column: usize,
    /// How.
    pub style: PlotStyle,
    /// Colour of the line, or of a histogram that is not signed.
    pub color: Color,
    /// Width of the line in CSS pixels, up to [`MAX_LINE_WIDTH`].
    pub width: f64,
}

/// What a pane shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PaneSpec {
    /// Which of the things that the application shows below the prices: a number that no other pane has, and
    /// that stays while colours, places and parameters change. 0 is the price pane.
    pub id: u64,
    /// Its share of the height, against the other panes' shares. Above zero.
    pub weight: f64,
    /// What is plotted, from back to front. In the price pane above the bars.
    pub plots: Vec<Plot>,
    /// Values marked by a dashed line.
    pub levels: Vec<f64>,
    /// The range of a scale that is always the same, such as 0 to 100.
    pub range: Option<(f64, f64)>,
}

/// A column of values as it is given with the bars.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// One value a bar; NaN where there is none. Where it is shorter than the bars the rest has none.
    pub values: &'a [f64],
    /// The first row, counted as they are now, that is not as it was when it was last given; 0 for
    /// all. Rows that went from the front along with the bars' or came there do not count; when the bars
    /// were rebuilt, all count.
    pub changed_from: usize,
    /// Where rows came in front: how many from the first on are new or not as they were. As many as there
    /// are, or more, for all.
    pub front: usize,
}

impl<'a> Values<'a> {
    /// Values of which nothing is known from before.
    #[must_use]
    pub const fn all(values: &'a [f64]) -> Self {
        Self::since(values, 0)
    }

    /// Values that are as they were before row `changed_from`, unless rows came in front: then all count.
    #[must_use]
    pub const fn since(values: &'a [f64], changed_from: usize) -> Self {
        Self { values, changed_from, front: usize::MAX }
    }

    /// The value at bar `i`, NaN if there is none.
    #[must_use]
    pub fn get(&self, i: usize) -> f64 {
        self.values.get(i).copied().unwrap_or(f64::NAN)
    }

    fn extent(&self, rows: Range<usize>) -> Extent {
        let rows = rows.start..rows.end.min(self.values.len());
        Extent::of_values(self.values.get(rows).unwrap_or_default())
    }
}

/// A pane of a chart: its spec, its scale, and the person's own range of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pane {
    pub(crate) spec: PaneSpec,
    pub(crate) scale: Option<PriceScale>,
    /// Set by dragging the axis; until it is reset the data do not move the scale.
    pub(crate) manual: Option<(f64, f64)>,
}

impl Pane {
    /// The person's own range, at once, so that what the hand does next starts from it.
    pub(crate) fn hold(&mut self, scale: PriceScale) {
        self.manual = Some((scale.min, scale.max));
        self.scale = Some(scale);
    }
}

/// Extremes of one column.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnExtremes(Pyramid);

impl ColumnExtremes {
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes in what became of the bars in front, and that the values from `from` on changed; 0 for all.
    pub(crate) fn sync(&mut self, values: &Values<'_>, from: usize, bars: &Change) {
        let len = values.values.len();
        let rows = |rows: Range<usize>| values.extent(rows);
        if from == 0 {
            self.0.sync(&Change::all(), len, &rows);
            return;
        }
        let &Change { prepended, evicted, .. } = bars;
        self.0.sync(&Change { rebuilt: false, prepended, evicted, changed: from.min(len)..len }, len, &rows);
        if prepended > 0 {
            self.0.renew(prepended..values.front.min(len), &rows);
        }
    }

    pub(crate) fn over(&self, values: &Values<'_>, range: Range<usize>) -> Extent {
        self.0.over(range, &|rows| values.extent(rows))
    }
}
