//! Looking at what has become of the bars.

use std::ops::Range;

use super::{Chart, Content, Known, Layers, Pointer};
use crate::Bars;
use crate::model::bars::partition;
use crate::model::change::Change;
use crate::model::pane::{ColumnExtremes, MAX_COLUMNS};
use crate::model::shown::Shown;

impl Chart {
    /// Looks at what has become of the bars and what is beside them, `change` being what happened to
    /// the bars since the last call. What is on screen stays where it is, unless the view follows
    /// the last bar. Returns whether anything is to be painted.
    pub fn sync(&mut self, content: &Content<'_>, change: &Change) -> bool {
        let bars = content.bars;
        let len = bars.len();
        let Some(last) = len.checked_sub(1) else {
            self.sync_marks(content);
            if self.known.take().is_some() {
                self.pointer = None;
                self.dirty = Layers::ALL;
            }
            return !self.dirty.is_empty();
        };
        let fresh = self.known.is_none();
        let all = Change::all();
        let change = if fresh { &all } else { change };
        self.sync_columns(content, change);
        self.sync_marks(content);
        if change.is_empty() && self.pyramid.len() == len {
            self.anchor(bars);
            return !self.dirty.is_empty();
        }
        let right = self.visible().end.saturating_sub(1);
        let before = (right, self.slots.slot(right));
        self.slots.sync(bars, change);
        let rows = if self.pyramid.is_empty() { &all } else { change };
        let averaged = self.averages.as_mut().map(|averages| averages.sync(bars, rows));
        let closes_only = self.style.kind.closes_only();
        let shown = Shown { bars, averages: self.averages.as_ref() };
        let slices = shown.slices();
        let extent = |rows: Range<usize>| match &slices {
            Some(slices) => slices.extent(rows, closes_only),
            None => shown.extent(rows, closes_only),
        };
        self.pyramid.sync(rows, len, &extent);
        if let Some([front, rest]) = averaged.filter(|_| !rows.rebuilt) {
            self.pyramid.renew(rows.prepended..front.end, &extent);
            self.pyramid.renew(rest.start.max(rows.changed.end)..rest.end, &extent);
        }
        let last_slot = self.slots.slot(last);
        if change.same_front()
            && change.changed == (last..len)
            && self.known.is_some_and(|known| (known.len, known.last_slot) == (len, last_slot))
        {
            self.dirty |= Layers::LIVE;
            if matches!(self.pointer, Some(Pointer::Bar(index, _)) if index == last) {
                self.dirty |= Layers::OVERLAY;
            }
            return true;
        }
        if let Some(known) = self.known {
            self.viewport.shift(self.moved(bars, change, before, known.anchor));
        }
        if let Some(Pointer::Bar(index, pane)) = self.pointer {
            let moved = (index + change.prepended).checked_sub(change.evicted).filter(|i| *i < len);
            self.pointer = moved.filter(|_| !change.rebuilt).map(|index| Pointer::Bar(index, pane));
        }
        self.viewport.track(last_slot as f64);
        self.known = Some(Known { len, last_slot, anchor: (0, 0) });
        // Where there is a width, one that follows may have become too narrow for its distance to the
        // last bar while there were none.
        if !self.viewport.following() || self.viewport.width() > 1.0 {
            self.viewport.keep_in_view(last_slot as f64);
        }
        self.anchor(bars);
        self.dirty = Layers::ALL;
        true
    }

    /// How many slots the bars in view moved: `before` are row and slot of the last of them as they
    /// were, `anchor` are time and slot of a bar that was in view when it was last looked at.
    fn moved(
        &self,
        bars: &dyn Bars,
        change: &Change,
        (row, slot): (usize, usize),
        anchor: (i64, usize),
    ) -> f64 {
        let to = |now: usize, slot: usize| self.slots.slot(now) as f64 - slot as f64;
        if !change.rebuilt {
            let Some(now) = (row + change.prepended).checked_sub(change.evicted) else {
                // It is gone, and the first that is left takes its place.
                return to(0, slot);
            };
            if now < bars.len() && (change.changed.is_empty() || now < change.changed.start) {
                return to(now, slot);
            }
        }
        // Its time tells which bar it is, among others that may be new.
        let last = bars.len().saturating_sub(1);
        to(partition(0..last, |i| bars.time_ns(i) < anchor.0), anchor.1)
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

    fn sync_columns(&mut self, content: &Content<'_>, change: &Change) {
        let values = content.values.get(..content.values.len().min(MAX_COLUMNS)).unwrap_or_default();
        if self.columns.len() != values.len() {
            // Which of them came or went is not known.
            self.columns.clear();
            self.columns.resize_with(values.len(), ColumnExtremes::default);
            self.dirty = Layers::ALL;
        }
        let last = content.bars.len().saturating_sub(1);
        for (extremes, values) in self.columns.iter_mut().zip(values) {
            let (had, has) = (extremes.len(), values.values.len());
            let all = change.rebuilt || (change.prepended > 0 && values.front >= has);
            let from = match had.checked_sub(change.evicted) {
                // Rows may also have come or gone at the end.
                Some(left) if left > 0 && !all => values.changed_from.min(left + change.prepended).min(has),
                _ => 0,
            };
            if from < has || had != has || !change.same_front() {
                self.dirty |= if from < last || !change.same_front() { Layers::ALL } else { Layers::LIVE };
                extremes.sync(values, from, change);
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bars::{Bar, Columns};
    use crate::{SeriesKind, Style, Theme, Values};

    fn bar(minute: i64, price: f64) -> Bar {
        let (high, low) = (price + 1.0, price - 1.0);
        Bar { time_ns: minute * 60_000_000_000, open: price, high, low, close: price, ..Bar::default() }
    }

    /// The extremes of all that is drawn from any row on are those that a look at each row finds.
    #[track_caller]
    fn agree(chart: &mut Chart, bars: &Columns) {
        chart.sync(&Content::bars(bars), &bars.take_change());
        let shown = Shown { bars, averages: chart.averages.as_ref() };
        for from in 0..bars.len() {
            let rows = from..bars.len();
            let found = chart.pyramid.over(rows.clone(), &|rows| shown.extent(rows, false));
            let looked = rows.clone().map(|i| (shown.low(i), shown.high(i)));
            let looked = looked.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            assert_eq!(Some((found.low, found.high)), looked, "{rows:?}");
        }
    }

    /// A column of which rows behind those in front have other values, too.
    #[test]
    fn values_that_feel_what_came_in_front_are_looked_at_again() {
        let mut bars: Columns = (0..200).map(|i| bar(i, 100.0)).collect();
        let mut column = vec![1.0; 200];
        let mut chart = Chart::new(Theme::default(), super::super::Options::default());
        let sync = |chart: &mut Chart, bars: &Columns, values: Values<'_>| {
            let content = Content { values: &[values], ..Content::bars(bars) };
            chart.sync(&content, &bars.take_change());
            for from in 0..values.values.len() {
                let found = chart.columns[0].over(&values, from..values.values.len());
                let looked = values.values[from..].iter().copied().fold(f64::MIN, f64::max);
                assert_eq!(found.high, looked, "from row {from}");
            }
        };
        sync(&mut chart, &bars, Values::all(&column));
        for step in 1..20 {
            let page: Vec<Bar> = (-5..0).map(|i| bar(i - 5 * step, 100.0)).collect();
            bars.prepend(&page);
            column.splice(0..0, [0.5; 5]);
            let front = 5 + 7 * step as usize;
            column[front - 1] = f64::from(1 + step as i32);
            if step % 3 == 0 {
                bars.push(bar(200 + step, 100.0));
                column.push(1.5);
            }
            let changed_from = if step % 3 == 0 { column.len() - 1 } else { column.len() };
            sync(&mut chart, &bars, Values { values: &column, changed_from, front });
        }
    }

    #[test]
    fn averages_after_earlier_or_corrected_bars_have_extremes_of_their_own() {
        let mut bars: Columns = (0..200).map(|i| bar(i, 100.0)).collect();
        let mut chart = Chart::new(Theme::default(), super::super::Options::default());
        chart.set_style(Style { kind: SeriesKind::HeikinAshi, ..Style::default() });
        agree(&mut chart, &bars);
        // What is left begins in the middle of a block of rows.
        bars.drop_front(30);
        agree(&mut chart, &bars);
        bars.prepend(&[bar(29, 1e6)]);
        agree(&mut chart, &bars);
        let all: Vec<Bar> = (29..200).map(|i| bar(i, if i == 31 { 1e9 } else { 100.0 })).collect();
        let corrected: Columns = all.into_iter().collect();
        let _ = corrected.take_change();
        let change = Change { changed: 2..3, ..Change::default() };
        chart.sync(&Content::bars(&corrected), &change);
        agree(&mut chart, &corrected);
    }
}
