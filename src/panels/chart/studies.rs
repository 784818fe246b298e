//! The indicators that are computed for the shown series, as columns for the chart.

use wickwire_chart::model::pane::MAX_COLUMNS;
use wickwire_chart::{Color, PaneSpec, Plot, PlotStyle, Theme, Values};
use wickwire_market::indicator::{self, MAX_OUTPUTS, Placement, Shape};
use wickwire_market::{InstrumentClass, Series};

use crate::canvas;
use crate::layout::Layout;
use crate::layout::study::Study;

/// Opacity of the area between the edges of a band.
const BAND_ALPHA: f64 = 0.08;
/// Columns of values, borrowed for a frame.
pub type Columns<'a> = [Values<'a>; MAX_COLUMNS];

/// One visible indicator.
struct Computed {
    study: Study,
    values: indicator::Study,
    /// The first row that changed in this frame.
    changed_from: usize,
    /// Where bars came in front in this frame: how many of its rows are not as they were.
    front: usize,
    /// Its columns may have other numbers than in the frame before.
    moved: bool,
    /// The number of its first column.
    first: usize,
    /// The pane it is in, 0 for that of the prices.
    pane: usize,
    colors: [Color; MAX_OUTPUTS],
}

/// All visible indicators, in the order of the layout.
#[derive(Default)]
pub struct Studies {
    computed: Vec<Computed>,
}

/// Where an indicator's values are written: its number, its pane and its values at a bar.
pub(super) struct At {
    pub(super) id: u32,
    pub(super) pane: usize,
    pub(super) values: [f64; MAX_OUTPUTS],
    pub(super) outputs: usize,
}

impl Studies {
    /// Takes the indicators of a layout. What was computed stays for those that compute the same.
    pub fn take(&mut self, layout: &Layout, class: InstrumentClass) {
        self.take_colored(layout, class, canvas::token);
    }

    /// The same with colours of tokens by `token`, which the style sheet need not have.
    pub fn take_colored(
        &mut self,
        layout: &Layout,
        class: InstrumentClass,
        token: fn(&str) -> Option<Color>,
    ) {
        let mut old = std::mem::take(&mut self.computed);
        let (mut panes, mut first) = (0, 0);
        for study in layout.studies.iter().filter(|study| study.visible) {
            let pane = if study.spec.kind.placement() == Placement::Price {
                0
            } else {
                panes += 1;
                panes
            };
            let same = old.iter().position(|c| c.study.id == study.id && *c.values.spec() == study.spec);
            let same = same.map(|at| old.swap_remove(at));
            // Where it was there before with the same numbers, nothing has to be read again.
            let moved = same.as_ref().is_none_or(|same| same.moved || same.first != first);
            let values = same.map_or_else(|| indicator::Study::new(study.spec, class), |same| same.values);
            let colors = std::array::from_fn(|output| color(study, output, token));
            self.computed.push(Computed {
                study: *study,
                values,
                changed_from: 0,
                front: 0,
                moved,
                first,
                pane,
                colors,
            });
            first += study.spec.kind.outputs().len();
        }
    }

    /// Another series is followed from now on.
    pub(super) fn reset(&mut self, class: InstrumentClass) {
        for computed in &mut self.computed {
            computed.values = indicator::Study::new(computed.study.spec, class);
        }
    }

    /// Brings all up to date with the series.
    pub fn update(&mut self, series: &Series) {
        for computed in &mut self.computed {
            let updated = computed.values.update(series);
            // Rows that left with the bars do not count: the chart drops them itself.
            let all = std::mem::take(&mut computed.moved) || updated.rebuilt;
            (computed.changed_from, computed.front) =
                if all { (0, usize::MAX) } else { (updated.from, updated.front) };
        }
    }

    /// The columns of all outputs, and how many there are.
    pub fn columns(&self) -> (Columns<'_>, usize) {
        let mut columns = [Values::all(&[]); MAX_COLUMNS];
        let outputs = self.computed.iter().flat_map(|computed| {
            let &Computed { changed_from, front, .. } = computed;
            computed.values.outputs().map(move |values| Values { values, changed_from, front })
        });
        let mut count = 0;
        for (slot, values) in columns.iter_mut().zip(outputs) {
            *slot = values;
            count += 1;
        }
        (columns, count)
    }

    /// The panes that show them, that of the prices first.
    pub fn panes(&self) -> Vec<PaneSpec> {
        let mut panes = vec![PaneSpec { weight: 1.0, ..PaneSpec::default() }];
        let mut first = 0;
        for Computed { study, pane, colors, .. } in &self.computed {
            let kind = study.spec.kind;
            if *pane > 0 {
                panes.push(PaneSpec {
                    // A layout that was read in may give the number of one indicator to another.
                    id: u64::from(study.id) << 8 | kind as u64,
                    weight: study.weight,
                    plots: Vec::new(),
                    levels: kind.levels().to_vec(),
                    range: kind.range(),
                });
            }
            if let Some(spec) = panes.get_mut(*pane) {
                plots(study, colors, first, &mut spec.plots);
            }
            first += kind.outputs().len();
        }
        panes
    }

    /// The values of each at a bar.
    pub(super) fn at(&self, bar: Option<usize>) -> impl Iterator<Item = At> + '_ {
        self.computed.iter().map(move |computed| At {
            id: computed.study.id,
            pane: computed.pane,
            values: bar.map_or([f64::NAN; MAX_OUTPUTS], |bar| computed.values.at(bar)),
            outputs: computed.study.spec.kind.outputs().len(),
        })
    }

    /// The colour of an indicator's value in the legend: that of its line, or of its columns, which have one
    /// of their own below zero.
    pub(super) fn color(&self, id: u32, output: usize, below: bool, theme: &Theme) -> Color {
        let Some(Computed { study, colors, .. }) = self.computed.iter().find(|c| c.study.id == id) else {
            return theme.secondary;
        };
        if study.is_signed(output) {
            return if below { theme.down } else { theme.up };
        }
        colors.get(output).copied().unwrap_or(theme.secondary)
    }

    /// Heights that the hand gave to panes, in times of the price's, by the number of the indicator.
    pub(super) fn weights<'a>(&'a self, weights: &'a [f64]) -> impl Iterator<Item = (u32, f64)> + 'a {
        let price = weights.first().copied().unwrap_or(1.0);
        let own = self.computed.iter().filter(|computed| computed.pane > 0);
        own.filter_map(move |computed| Some((computed.study.id, weights.get(computed.pane)? / price)))
    }
}

fn color(study: &Study, output: usize, token: fn(&str) -> Option<Color>) -> Color {
    let chosen = study.colors.get(output).copied().flatten();
    chosen.or_else(|| token(study.token(output))).unwrap_or_default()
}

/// Adds an indicator's plots; its columns begin at `first`. Areas are behind lines.
fn plots(study: &Study, colors: &[Color; MAX_OUTPUTS], first: usize, out: &mut Vec<Plot>) {
    let outputs = study.spec.kind.outputs();
    let edge = |output: usize| outputs.get(output).is_some_and(|o| o.shape == Shape::BandEdge);
    let upper = (0..outputs.len()).find(|i| edge(*i));
    let lower = (0..outputs.len()).rfind(|i| edge(*i)).filter(|lower| Some(*lower) != upper);
    for (i, (output, color)) in outputs.iter().zip(colors).enumerate() {
        let style = match (output.shape, lower) {
            (Shape::Histogram, _) => PlotStyle::Histogram { signed: study.is_signed(i) },
            (Shape::BandEdge, Some(to)) if Some(i) == upper => {
                PlotStyle::Band { to: first + to, fill: color.fade(BAND_ALPHA) }
            }
            _ => PlotStyle::Line,
        };
        out.push(Plot { column: first + i, style, color: *color, width: f64::from(study.width) });
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use wickwire_market::Bar;
    use wickwire_market::indicator::{StudyKind, StudySpec};
    use wickwire_proto::time::Timestamp;

    use super::*;

    fn bars(minutes: Range<i64>) -> Vec<Bar> {
        let bar = |minute: i64| {
            let price = 100.0 + (minute % 20) as f64;
            Bar {
                time: Timestamp::from_seconds(60 * minute),
                open: price,
                high: price,
                low: price,
                close: price,
                volume: 1e6,
                ..Bar::default()
            }
        };
        minutes.map(bar).collect()
    }

    fn series() -> Series {
        let mut series = Series::new(3_000);
        series.prepend(&bars(0..20));
        series
    }

    #[test]
    fn columns_that_changed_places_are_read_again_from_the_first_row() {
        let mut layout = Layout::default();
        for kind in [StudyKind::Atr, StudyKind::Obv] {
            layout.add(StudySpec::new(kind));
        }
        for study in &mut layout.studies {
            study.colors = [Some(Color::rgb(1, 2, 3)); MAX_OUTPUTS];
        }
        let series = series();
        let mut studies = Studies::default();
        let mut frame = |layout: Option<&Layout>| {
            if let Some(layout) = layout {
                studies.take(layout, InstrumentClass::Stock);
            }
            studies.update(&series);
            let (columns, count) = studies.columns();
            columns.iter().take(count).map(|values| values.changed_from).collect::<Vec<_>>()
        };
        assert_eq!(frame(Some(&layout)), [0, 0]);
        assert_eq!(frame(None), [20, 20], "nothing new");
        layout.studies.swap(0, 1);
        assert_eq!(frame(Some(&layout)), [0, 0], "as many columns, but others");
        assert_eq!(frame(None), [20, 20]);
    }

    #[test]
    fn values_have_the_colour_of_what_is_drawn() {
        let mut layout = Layout::default();
        layout.add(StudySpec::new(StudyKind::Macd));
        let [line, signal, columns] = [1, 2, 3].map(|part| Color::rgb(part, 0, 0));
        let theme = Theme { up: Color::rgb(0, 9, 0), down: Color::rgb(9, 0, 0), ..Theme::default() };
        let colors = |layout: &Layout| {
            let mut studies = Studies::default();
            studies.take_colored(layout, InstrumentClass::Stock, |_| Some(Color::rgb(7, 7, 7)));
            let id = layout.studies[0].id;
            [(0, true), (1, false), (2, false), (2, true)]
                .map(|(i, below)| studies.color(id, i, below, &theme))
        };
        layout.studies[0].colors = [Some(line), Some(signal), None];
        assert_eq!(colors(&layout), [line, signal, theme.up, theme.down]);
        layout.studies[0].colors[2] = Some(columns);
        assert_eq!(colors(&layout), [line, signal, columns, columns]);
        layout.studies[0].visible = false;
        assert_eq!(colors(&layout), [theme.secondary; 4], "it is not drawn");
    }

    #[test]
    fn of_rows_behind_those_in_front_only_those_that_feel_them_are_read_again() {
        let mut layout = Layout::default();
        for kind in [StudyKind::Sma, StudyKind::Obv] {
            layout.add(StudySpec::new(kind));
        }
        for study in &mut layout.studies {
            study.colors = [Some(Color::rgb(1, 2, 3)); MAX_OUTPUTS];
        }
        let mut series = series();
        series.prepend(&bars(-1_000..0));
        let mut studies = Studies::default();
        studies.take(&layout, InstrumentClass::Stock);
        let mut frame = |series: &Series| {
            studies.update(series);
            let (columns, count) = studies.columns();
            columns.iter().take(count).map(|v| (v.changed_from, v.front)).collect::<Vec<_>>()
        };
        assert_eq!(frame(&series), [(0, usize::MAX); 2], "all is new");
        series.prepend(&bars(-1_050..-1_000));
        assert_eq!(frame(&series), [(1_070, 50 + 19), (0, usize::MAX)], "a mean of twenty, and a sum of all");
        assert_eq!(frame(&series), [(1_070, 0); 2]);
    }
}
