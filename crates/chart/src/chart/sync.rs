//! Looking at what has become of the bars.

use super::{Chart, Content, Known, Layers, Pointer};
use crate::Bars;
use crate::model::bars::partition;
use crate::model::change::Change;
use crate::model::extent::Extent;
use crate::model::pane::{ColumnExtremes, MAX_COLUMNS};
use crate::model::shown::Shown;

impl Chart {
    /// Looks at what has become of the bars and what is beside them, `change` being what happened to
    /// the bars since the last call. What is on screen stays where it is, unless the view follows
    /// the last bar. Returns whether anything is to be painted.
    pub fn sync(&mut self, content: &Content<'_>, change: &Change) -> bool {
        let bars = content.bars;
        let len = bars.len();
        let fresh = self.known.is_none();
        let all = Change::all();
        let change = if fresh { &all } else { change };
        self.sync_columns(content, fresh);
        self.sync_marks(content);
        if change.is_empty() && self.pyramid.len() == len {
            return !self.dirty.is_empty();
        }
        self.slots.sync(bars, change);
        if let Some(averages) = &mut self.averages {
            averages.sync(bars, if self.pyramid.is_empty() { &all } else { change });
        }
        let closes_only = self.style.kind.closes_only();
        let shown = Shown { bars, averages: self.averages.as_ref() };
        let rows = if self.pyramid.is_empty() { &all } else { change };
        self.pyramid.sync(rows, len, |i| Extent::of(&shown, i, closes_only));
        let Some(last) = len.checked_sub(1) else {
            self.known = None;
            self.pointer = None;
            self.dirty = Layers::ALL;
            return true;
        };
        let only_last = change.same_front() && change.changed == (last..len);
        if only_last && self.known.is_some_and(|known| known.len == len) {
            self.dirty |= Layers::LIVE;
            return true;
        }
        if let Some(known) = self.known {
            // Where the bar at the right edge stands now tells how far all before it moved.
            let at = partition(0..last, |i| bars.time_ns(i) < known.anchor.0);
            self.viewport.shift(self.slots.slot(at) as f64 - known.anchor.1 as f64);
        }
        if let Some(Pointer::Bar(index)) = self.pointer {
            let moved = (index + change.prepended).checked_sub(change.evicted).filter(|i| *i < len);
            self.pointer = moved.filter(|_| !change.rebuilt).map(Pointer::Bar);
        }
        let last_slot = self.slots.slot(last);
        self.viewport.track(last_slot as f64);
        self.known = Some(Known { len, last_slot, anchor: (0, 0) });
        self.anchor(bars);
        self.dirty = Layers::ALL;
        true
    }

    /// Notes which bar has to stay where it is: the last in view.
    pub(super) fn anchor(&mut self, bars: &dyn Bars) {
        let right = self.visible().end.saturating_sub(1);
        let slot = self.slots.slot(right);
        if let Some(known) = &mut self.known
            && right < bars.len()
        {
            known.anchor = (bars.time_ns(right), slot);
        }
    }

    fn sync_columns(&mut self, content: &Content<'_>, fresh: bool) {
        let values = content.values.get(..content.values.len().min(MAX_COLUMNS)).unwrap_or_default();
        if self.columns.len() != values.len() {
            self.columns.resize_with(values.len(), ColumnExtremes::default);
            self.dirty = Layers::ALL;
        }
        let last = content.bars.len().saturating_sub(1);
        for (extremes, values) in self.columns.iter_mut().zip(values) {
            let new = fresh || extremes.len() == 0;
            if !new && values.changed_from >= values.values.len() && extremes.len() == values.values.len() {
                continue;
            }
            let from = if new { 0 } else { values.changed_from };
            self.dirty |= if from < last { Layers::ALL } else { Layers::LIVE };
            extremes.sync(values, from);
        }
    }

    fn sync_marks(&mut self, content: &Content<'_>) {
        let marks = &content.marks;
        let quote = marks.quote.map(|(bid, ask)| (bid.to_bits(), ask.to_bits()));
        let (revision, old_quote, countdown) = self.marked;
        if revision != marks.revision {
            self.dirty = Layers::ALL;
        }
        let show = self.style.show;
        if (show.quote && old_quote != quote) || (show.last_price && countdown != marks.countdown) {
            self.dirty |= Layers::LIVE;
        }
        self.marked = (marks.revision, quote, marks.countdown);
    }
}
