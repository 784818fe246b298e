//! The mounted chart, for the parts of the page that are not in it: exports and links.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::{HtmlCanvasElement, KeyboardEvent};

use super::input::{self, Hand as _};
use super::legend::LegendNodes;
use super::pane::Pane;
use super::study_legend::{StudyLegend, StudyLine};
use crate::engine::handle::EngineHandle;
use crate::export::picture::{Line, Word};
use crate::url::TimeRange;
use wickwire_proto::time::Timestamp;

/// The middle of the legend's first line below the upper edge of the chart, and from line to line;
/// CSS pixels, as in the style sheet.
const FIRST_LINE: f64 = 15.0;
const LINE: f64 = 18.0;
/// Between the values of an indicator.
const STUDY_GAP: f64 = 8.0;

/// The texts over the picture, which the pane writes.
#[derive(Clone, Copy)]
pub(super) struct ChartNodes {
    pub(super) legend: LegendNodes,
    pub(super) studies: StudyLegend,
}

/// The chart once it is mounted. Copy; answers `None` before and after.
#[derive(Clone, Copy)]
pub struct ChartHandle {
    pub(super) engine: EngineHandle,
    pub(super) legend: LegendNodes,
    pub(super) studies: StudyLegend,
    pub(super) pane: StoredValue<Option<Rc<RefCell<Pane>>>, LocalStorage>,
}

impl ChartHandle {
    /// Not mounted yet.
    #[must_use]
    pub fn new(engine: EngineHandle) -> Self {
        Self {
            engine,
            legend: LegendNodes::new(),
            studies: StudyLegend::new(),
            pane: StoredValue::new_local(None),
        }
    }

    /// Does something with the pane; `None` if there is none or it is in use.
    pub(super) fn with<R>(&self, run: impl FnOnce(&mut Pane) -> R) -> Option<R> {
        let pane = self.pane.try_with_value(Clone::clone)??;
        let mut pane = pane.try_borrow_mut().ok()?;
        Some(run(&mut pane))
    }

    /// Gives the chart a key that is pressed elsewhere; whether it is one of its keys.
    #[must_use]
    pub fn press(&self, event: &KeyboardEvent) -> bool {
        self.with(|pane| pane.gesture(input::pressed(event))).unwrap_or(false)
    }

    /// The bars in view.
    #[must_use]
    pub fn visible(&self) -> Range<usize> {
        self.with(|pane| pane.visible()).unwrap_or_default()
    }

    /// The time in view, unless the chart follows the last bar: then it is not worth telling.
    #[must_use]
    pub fn time_range(&self) -> Option<TimeRange> {
        let visible = self.with(|pane| (!pane.following()).then(|| pane.visible()))??;
        let (symbol, timeframe) = self.engine.view();
        self.engine.with_store(|store| {
            let times = store.instrument(&symbol)?.series(timeframe).time();
            let from = *times.get(visible.start)?;
            let last = *times.get(visible.end.min(times.len()).checked_sub(1)?)?;
            let to = Timestamp(last).plus_nanos(timeframe.nanos());
            Some(TimeRange { from: Timestamp(from), to })
        })?
    }

    /// The picture as it is seen, with its legend.
    #[must_use]
    pub fn picture(&self) -> Option<HtmlCanvasElement> {
        self.with(|pane| pane.png(&self.lines(pane)))?
    }

    /// The same as scalable vector graphics.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        self.with(|pane| pane.svg(&self.lines(pane)))?
    }

    /// The words over the picture, in the colours of the legend. What the data is stands with them: a picture
    /// goes where no badge does.
    fn lines(&self, pane: &Pane) -> Vec<Line> {
        let (symbol, timeframe) = self.engine.view();
        let kind = self.engine.signals().label.get_untracked().text;
        let mut head = format!("{symbol} · {}", timeframe.label());
        if !kind.is_empty() {
            head.push_str(" · ");
            head.push_str(&kind);
        }
        let mut next = FIRST_LINE;
        let mut flow = || {
            next += LINE;
            next - LINE
        };
        let theme = pane.theme();
        let head = Word { text: head, color: theme.text, gap: 0.0 };
        let mut lines = vec![Line { words: vec![head], middle: flow(), strong: true }];
        for words in self.legend.lines(theme.muted) {
            lines.push(Line { words, middle: flow(), strong: false });
        }
        if lines.len() == 1 {
            // Its line is there without figures, too.
            flow();
        }
        for StudyLine { id, name, values, top } in self.studies.lines() {
            let middle = top.map_or_else(&mut flow, |top| top + LINE / 2.0);
            let mut words = vec![Word { text: name, color: theme.secondary, gap: 0.0 }];
            for (output, (text, below)) in values.into_iter().enumerate() {
                if !text.is_empty() {
                    words.push(Word { text, color: pane.study_color(id, output, below), gap: STUDY_GAP });
                }
            }
            lines.push(Line { words, middle, strong: false });
        }
        lines
    }
}
