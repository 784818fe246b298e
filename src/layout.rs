//! What a person chose about the chart: plain data, kept between visits and written as plain JSON.
//!
//! | module | purpose |
//! | --- | --- |
//! | [`kinds`] | the closed choices: series, scale, zone, colours, marks |
//! | [`study`] | an indicator on the chart |
//! | [`text`] | the layout as versioned JSON, and back |
//! | [`compact`] | indicators in an address |
//! | [`settings`] | the handle that panels hold |

pub mod compact;
pub mod kinds;
pub mod settings;
pub mod study;
pub mod text;

use wickwire_market::Timeframe;
use wickwire_market::indicator::StudySpec;

use kinds::{Marks, Palette, ScaleMode, SeriesKind, ZoneChoice};
use study::Study;

/// Indicators on a chart at most.
pub const MAX_STUDIES: usize = 16;

/// The layout of the chart. The theme is not part of it: it belongs to the whole page.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Span of a bar.
    pub timeframe: Timeframe,
    /// How bars are drawn.
    pub series: SeriesKind,
    /// How prices are spread over the height.
    pub scale: ScaleMode,
    /// Whether the price scale follows the bars in view; a drag on the axis ends that. It is of the bars that
    /// are shown and not kept: other bars have other prices.
    pub auto_scale: bool,
    /// Whose clock the time axis shows.
    pub zone: ZoneChoice,
    /// The colours of rising and falling.
    pub palette: Palette,
    /// What is drawn besides bars and indicators.
    pub marks: Marks,
    /// Indicators, in the order of their panes and of the legend; at most [`MAX_STUDIES`].
    pub studies: Vec<Study>,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            timeframe: Timeframe::default(),
            series: SeriesKind::default(),
            scale: ScaleMode::default(),
            auto_scale: true,
            zone: ZoneChoice::default(),
            palette: Palette::default(),
            marks: Marks::ALL,
            studies: Vec::new(),
        }
    }
}

impl Layout {
    /// Adds an indicator with colours of its own and tells its number; nothing is added to a full
    /// layout.
    pub fn add(&mut self, spec: StudySpec) -> Option<u32> {
        if self.studies.len() >= MAX_STUDIES {
            return None;
        }
        let id = self.studies.iter().map(|study| study.id).max().map_or(1, |id| id.saturating_add(1));
        let slot = study::free_slot(&self.studies);
        self.studies.push(Study { slot, ..Study::new(id, spec) });
        Some(id)
    }

    /// Takes these indicators instead of the present ones; those over [`MAX_STUDIES`] are left out.
    pub fn set_specs(&mut self, specs: &[StudySpec]) {
        self.studies.clear();
        for spec in specs {
            self.add(*spec);
        }
    }

    /// The indicators that are shown, without what is only a matter of taste.
    #[must_use]
    pub fn specs(&self) -> Vec<StudySpec> {
        self.studies.iter().filter(|study| study.visible).map(|study| study.spec).collect()
    }

    /// The indicator with this number.
    #[must_use]
    pub fn study(&self, id: u32) -> Option<&Study> {
        self.studies.iter().find(|study| study.id == id)
    }

    /// The same, to be changed.
    pub fn study_mut(&mut self, id: u32) -> Option<&mut Study> {
        self.studies.iter_mut().find(|study| study.id == id)
    }

    /// Takes an indicator off the chart.
    pub fn remove(&mut self, id: u32) {
        self.studies.retain(|study| study.id != id);
    }

    /// Moves an indicator past the next one of its kind of place (over the price, or in a pane of
    /// its own), up or down; at the end nothing happens.
    pub fn shift(&mut self, id: u32, up: bool) {
        let Some(from) = self.studies.iter().position(|study| study.id == id) else { return };
        let Some(place) = self.studies.get(from).map(|study| study.spec.kind.placement()) else { return };
        let same = |study: &Study| study.spec.kind.placement() == place;
        let to = if up {
            self.studies.iter().take(from).rposition(same)
        } else {
            self.studies.iter().skip(from + 1).position(same).map(|after| from + 1 + after)
        };
        if let Some(to) = to {
            let study = self.studies.remove(from);
            self.studies.insert(to, study);
        }
    }

    /// Takes over from `after` the parts that an address may carry, where they are not as they were
    /// in `before`, and all others. So a layout that was opened from somebody's link does not
    /// overwrite the person's own unless it is changed.
    pub fn carry(&mut self, before: &Self, after: &Self) {
        let own = std::mem::replace(self, after.clone());
        if after.series == before.series {
            self.series = own.series;
        }
        if after.scale == before.scale {
            self.scale = own.scale;
        }
        if after.zone == before.zone {
            self.zone = own.zone;
        }
        if after.studies == before.studies {
            self.studies = own.studies;
        }
        if after.timeframe == before.timeframe {
            self.timeframe = own.timeframe;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use wickwire_market::indicator::StudyKind;

    use super::*;

    fn with(kinds: &[StudyKind]) -> Layout {
        let mut layout = Layout::default();
        for kind in kinds {
            layout.add(StudySpec::new(*kind));
        }
        layout
    }

    fn ids(layout: &Layout) -> Vec<u32> {
        layout.studies.iter().map(|study| study.id).collect()
    }

    #[test]
    fn a_layout_holds_so_many_indicators_and_numbers_them_once() {
        let mut layout = with(&[StudyKind::Ema; MAX_STUDIES]);
        assert_eq!(layout.add(StudySpec::new(StudyKind::Rsi)), None);
        assert_eq!(layout.studies.len(), MAX_STUDIES);
        layout.remove(3);
        assert_eq!(layout.add(StudySpec::new(StudyKind::Rsi)), Some(17), "a number is not used twice");
        layout.set_specs(&[StudySpec::new(StudyKind::Sma); MAX_STUDIES + 4]);
        assert_eq!(layout.studies.len(), MAX_STUDIES);
    }

    #[test]
    fn a_link_tells_what_is_shown() {
        let mut layout = with(&[StudyKind::Ema, StudyKind::Rsi]);
        layout.study_mut(1).unwrap().visible = false;
        assert_eq!(layout.specs(), [StudySpec::new(StudyKind::Rsi)]);
    }

    #[test]
    fn indicators_get_different_colours_first() {
        let mut layout = with(&[StudyKind::Ema, StudyKind::Sma, StudyKind::Wma]);
        let slots = |layout: &Layout| layout.studies.iter().map(|study| study.slot).collect::<Vec<_>>();
        assert_eq!(slots(&layout), [0, 1, 2]);
        layout.remove(2);
        layout.add(StudySpec::new(StudyKind::Rsi));
        assert_eq!(slots(&layout), [0, 2, 1]);
    }

    #[test]
    fn indicators_move_among_those_of_their_place() {
        let mut layout = with(&[StudyKind::Rsi, StudyKind::Ema, StudyKind::Macd, StudyKind::Sma]);
        layout.shift(3, true);
        assert_eq!(ids(&layout), [3, 1, 2, 4], "MACD is above RSI, whatever lies between");
        layout.shift(2, false);
        assert_eq!(ids(&layout), [3, 1, 4, 2]);
        for (id, up) in [(3, true), (1, false), (2, false), (9, true)] {
            layout.shift(id, up);
        }
        assert_eq!(ids(&layout), [3, 1, 4, 2], "nowhere to go");
    }

    #[test]
    fn a_link_does_not_overwrite_what_it_does_not_change() {
        let mut own = with(&[StudyKind::Macd]);
        own.zone = ZoneChoice::Local;
        let opened = Layout { series: SeriesKind::Line, ..with(&[StudyKind::Rsi]) };
        let mut changed = opened.clone();
        changed.palette = Palette::Safe;
        changed.series = SeriesKind::Bars;
        let macd = own.studies.clone();
        own.carry(&opened, &changed);
        assert_eq!((own.palette, own.series), (Palette::Safe, SeriesKind::Bars));
        assert_eq!((own.zone, own.studies), (ZoneChoice::Local, macd));
    }
}
