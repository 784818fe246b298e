//! An indicator on the chart: what is computed, and how it is drawn.

use wickwire_chart::Color;
use wickwire_market::indicator::{MAX_OUTPUTS, Shape, StudySpec};

use super::text::hex;

/// Colours for indicators that the style sheet names, `--line-1` and so on, each for both themes.
pub const LINE_TOKENS: [&str; 4] = ["--line-1", "--line-2", "--line-3", "--line-4"];
/// The highest number of an indicator that is read from a layout.
pub const MAX_ID: u32 = 1_000_000;
/// The thinnest line, CSS pixels.
pub const MIN_WIDTH: u8 = 1;
/// The thickest line, CSS pixels.
pub const MAX_WIDTH: u8 = 4;
/// The lowest pane, as a part of the price's.
pub const MIN_WEIGHT: f64 = 0.05;
/// The highest pane, in times of the price's.
pub const MAX_WEIGHT: f64 = 10.0;
/// A new pane, as a part of the price's.
pub const DEFAULT_WEIGHT: f64 = 0.3;

/// An indicator on the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Study {
    /// Its number on this chart; no two have the same.
    pub id: u32,
    /// What it computes.
    pub spec: StudySpec,
    /// Whether it is drawn.
    pub visible: bool,
    /// Width of its lines, [`MIN_WIDTH`] to [`MAX_WIDTH`] CSS pixels.
    pub width: u8,
    /// Which of [`LINE_TOKENS`] its first line has, if the person chose no colour.
    pub slot: u8,
    /// Colours that the person chose, by output; `None` follows the theme.
    pub colors: [Option<Color>; MAX_OUTPUTS],
    /// Height of its pane in times of the price's, [`MIN_WEIGHT`] to [`MAX_WEIGHT`]; means nothing
    /// over the price.
    pub weight: f64,
}

impl Study {
    /// An indicator as it is first drawn.
    #[must_use]
    pub const fn new(id: u32, spec: StudySpec) -> Self {
        Self {
            id,
            spec,
            visible: true,
            width: MIN_WIDTH,
            slot: 0,
            colors: [None; MAX_OUTPUTS],
            weight: DEFAULT_WEIGHT,
        }
    }

    /// The token with the colour of an output where the person chose none. Both edges of a band
    /// share one.
    #[must_use]
    pub fn token(&self, output: usize) -> &'static str {
        let outputs = self.spec.kind.outputs();
        let is_edge = |i: usize| outputs.get(i).is_some_and(|o| o.shape == Shape::BandEdge);
        let step = match (is_edge(output), is_edge(0)) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => output,
        };
        let slot = usize::from(self.slot) + step;
        LINE_TOKENS.get(slot % LINE_TOKENS.len()).copied().unwrap_or(LINE_TOKENS[0])
    }

    /// Whether an output is drawn in columns that have the colours of rising and falling, as the person chose
    /// none for them.
    #[must_use]
    pub fn is_signed(&self, output: usize) -> bool {
        let outputs = self.spec.kind.outputs();
        outputs.get(output).is_some_and(|output| output.shape == Shape::Histogram) && !self.has_color(output)
    }

    /// Whether the person chose the colour of an output.
    #[must_use]
    pub fn has_color(&self, output: usize) -> bool {
        self.colors.get(output).copied().flatten().is_some()
    }

    /// The colour of an output as the style sheet takes it: that which the person chose, or the
    /// token's.
    #[must_use]
    pub fn css_color(&self, output: usize) -> String {
        match self.colors.get(output).copied().flatten() {
            Some(color) => hex(color),
            None => format!("var({})", self.token(output)),
        }
    }

    /// Takes a pane's height, brought into its range; what is no number is ignored.
    pub fn set_weight(&mut self, weight: f64) {
        if weight.is_finite() {
            self.weight = weight.clamp(MIN_WEIGHT, MAX_WEIGHT);
        }
    }
}

/// The first of [`LINE_TOKENS`] that fewest outputs of `studies` are drawn with. The edges of a band
/// count once.
pub(super) fn free_slot(studies: &[Study]) -> u8 {
    let has = |study: &Study, token: &str| {
        (0..study.spec.kind.outputs().len()).any(|output| study.token(output) == token)
    };
    let used = |token: &str| studies.iter().filter(|study| has(study, token)).count();
    let tokens = LINE_TOKENS.iter().zip(0..);
    tokens.min_by_key(|(token, _)| used(token)).map_or(0, |(_, slot)| slot)
}

#[cfg(test)]
mod tests {
    use wickwire_market::indicator::StudyKind;

    use super::*;

    #[test]
    fn lines_differ_and_the_edges_of_a_band_do_not() {
        let tokens = |kind: StudyKind, slot: u8| {
            let study = Study { slot, ..Study::new(1, StudySpec::new(kind)) };
            (0..kind.outputs().len()).map(|i| study.token(i)).collect::<Vec<_>>()
        };
        assert_eq!(tokens(StudyKind::Macd, 0), ["--line-1", "--line-2", "--line-3"]);
        assert_eq!(tokens(StudyKind::Adx, 3), ["--line-4", "--line-1", "--line-2"]);
        assert_eq!(tokens(StudyKind::Bollinger, 1), ["--line-2", "--line-3", "--line-2"]);
    }

    #[test]
    fn the_next_line_differs_from_the_middle_of_a_band() {
        let mut studies = Vec::new();
        for kind in [StudyKind::Ema, StudyKind::Bollinger, StudyKind::Vwap, StudyKind::Sma] {
            let slot = free_slot(&studies);
            studies.push(Study { slot, ..Study::new(1, StudySpec::new(kind)) });
        }
        assert_eq!(studies.iter().map(|study| study.slot).collect::<Vec<_>>(), [0, 1, 3, 0]);
    }

    #[test]
    fn heights_stay_in_range() {
        let mut study = Study::new(1, StudySpec::new(StudyKind::Rsi));
        for (asked, given) in [(0.5, 0.5), (-1.0, MIN_WEIGHT), (99.0, MAX_WEIGHT), (f64::NAN, MAX_WEIGHT)] {
            study.set_weight(asked);
            assert_eq!(study.weight, given);
        }
    }
}
