//! An indicator that follows a series.

use super::kind::{MAX_OUTPUTS, StudyKind, StudySpec};
use super::machine::{BarInput, Calculator, NO_VALUES, Values};
use crate::column::Column;
use crate::series::{Changes, Seen, Series};
use crate::symbol::InstrumentClass;

/// How far behind the rows that came in front is looked for the first that no longer feels them: thousands
/// of bars make an average of hundreds forget, and where prices stand still it never quite does.
pub const MAX_FELT: usize = 8_192;

/// A correction this near to the newest bar, in bars, costs the same however many are loaded.
///
/// Corrections of the last bars are the rule: the exchange's own bar comes when trades have
/// already begun the next one, and late prints change bars of seconds. The state before this many
/// bars is therefore kept too (between this many and twice as many).
pub const NEAR: usize = 64;

/// What [`Study::update`] did to the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Updated {
    /// All rows were computed anew; `prepended`, `front`, `evicted` and `from` are 0.
    pub rebuilt: bool,
    /// Rows that came in front.
    pub prepended: usize,
    /// Rows at the front that are new or have other values since rows came in front.
    pub front: usize,
    /// Rows that went from the front.
    pub evicted: usize,
    /// The first row, by present index, that may have other values or is new; all after it too.
    pub from: usize,
    /// Rows there are now, as many as the series has.
    pub len: usize,
}

impl Updated {
    /// Whether the outputs are what they were.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.rebuilt && self.prepended == 0 && self.evicted == 0 && self.from >= self.len
    }
}

/// An indicator over the rows of a [`Series`]: as many values as it has rows, in columns.
///
/// [`Study::update`] costs what changed: O(1) where the newest bar changed or one was added. A
/// correction of one of the last [`NEAR`] bars replays some bars, one further back begins again at the
/// first row. Bars prepended cost themselves and as many behind them as still feel what came before: a
/// window its length, an average that fades some tens of its length (until no digit differs), a session
/// the rest of it. What feels them for more than [`MAX_FELT`] bars begins again, and so do on-balance volume,
/// which never forgets, and what has lost rows at the front. Rows that leave there change nothing: values stay
/// what they were.
#[derive(Clone, Debug)]
pub struct Study {
    spec: StudySpec,
    class: InstrumentClass,
    outputs: [Column<f64>; MAX_OUTPUTS],
    seen: Seen,
    /// The state before row `settled`, which is the newest unless there is none.
    live: Calculator,
    settled: usize,
    /// The state before an earlier row.
    base: Calculator,
    base_at: usize,
    /// Whether the states have seen rows that are no longer there.
    has_lost: bool,
}

impl Study {
    /// Has seen nothing. The class of the instrument says when a session begins.
    #[must_use]
    pub fn new(spec: StudySpec, class: InstrumentClass) -> Self {
        let fresh = Calculator::new(&spec, class);
        Self {
            spec,
            class,
            outputs: std::array::from_fn(|_| Column::new()),
            seen: Seen::default(),
            live: fresh.clone(),
            settled: 0,
            base: fresh,
            base_at: 0,
            has_lost: false,
        }
    }

    /// Which indicator, and its parameters.
    #[must_use]
    pub const fn spec(&self) -> &StudySpec {
        &self.spec
    }

    /// How many rows it has: those of the series when it was last updated.
    #[must_use]
    pub fn len(&self) -> usize {
        self.output(0).len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values of the output at `index`, one a row, NaN where there is none; empty if there is
    /// no such output.
    #[must_use]
    pub fn output(&self, index: usize) -> &[f64] {
        self.outputs.get(index).map_or(&[], Column::as_slice)
    }

    /// The values of every output, in the order of [`super::StudyKind::outputs`].
    pub fn outputs(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.outputs.iter().take(self.spec.kind.outputs().len()).map(Column::as_slice)
    }

    /// The values at a row; NaN for outputs and rows that there are not.
    #[must_use]
    pub fn at(&self, row: usize) -> Values {
        let mut values = NO_VALUES;
        for (value, column) in values.iter_mut().zip(&self.outputs) {
            *value = column.get(row).unwrap_or(f64::NAN);
        }
        values
    }

    /// Forgets everything: the next update reads all rows. To be called before another series is
    /// followed.
    pub fn reset(&mut self) {
        self.seen = Seen::default();
    }

    /// Brings the outputs up to date with the series, always the same one.
    pub fn update(&mut self, series: &Series) -> Updated {
        let changes = series.changes(&self.seen);
        self.seen = series.seen();
        let len = changes.len;
        let from = if changes.changed.is_empty() { len } else { changes.changed.start };
        let rows = Rows::of(series);
        // Rows lost before they were final, or taken out at the end, leave a state that is wrong.
        let lost = changes.evicted > self.settled || len < self.len() + changes.prepended - changes.evicted;
        let mut rebuilt = changes.rebuilt || lost;
        let mut front = 0;
        if !rebuilt && changes.prepended > 0 {
            let led_in = self.lead_in(&rows, &changes);
            rebuilt = led_in.is_none();
            front = led_in.unwrap_or(0);
        } else if !rebuilt {
            self.evict(changes.evicted);
            rebuilt = from < self.base_at;
        }
        if rebuilt {
            self.begin_again();
        } else if from < self.settled {
            self.live = self.base.clone();
            self.settled = self.base_at;
        }
        if rebuilt || from < len {
            self.run(&rows, len);
        }
        if rebuilt {
            return Updated { rebuilt, prepended: 0, front: 0, evicted: 0, from: 0, len };
        }
        Updated { rebuilt, prepended: changes.prepended, front, evicted: changes.evicted, from, len }
    }

    /// Computes the rows that came in front, and those behind them that come out otherwise than they were.
    /// Answers the first that does not: from there on one run from the first row and another from where the
    /// rows began before are in the same state, so that what came in front is forgotten. Nothing where that
    /// is not so before the states that were kept.
    fn lead_in(&mut self, rows: &Rows<'_>, changes: &Changes) -> Option<usize> {
        let count = changes.prepended;
        let base_at = self.base_at + count;
        // What has changed, or left at the front, was felt by the values behind it and is in neither run. The
        // sum of all volume never forgets.
        let felt = self.has_lost || (!changes.changed.is_empty() && changes.changed.start < base_at);
        // Without a state kept before the newest rows there is nothing to be spared.
        if felt || self.base_at == 0 || self.spec.kind == StudyKind::Obv {
            return None;
        }
        let used = self.spec.kind.outputs().len();
        for column in self.outputs.iter_mut().take(used) {
            column.prepend(std::iter::repeat_n(f64::NAN, count));
        }
        self.settled += count;
        self.base_at = base_at;
        let mut all = Calculator::new(&self.spec, self.class);
        let mut later = all.clone();
        for row in 0..base_at.min(count + MAX_FELT) {
            let bar = rows.get(row);
            self.write(row, all.settle(&bar));
            if row >= count {
                later.settle(&bar);
                if all.has_met(&later) {
                    return Some(row + 1);
                }
            }
        }
        None
    }

    fn begin_again(&mut self) {
        self.live = Calculator::new(&self.spec, self.class);
        self.base = self.live.clone();
        self.settled = 0;
        self.base_at = 0;
        self.has_lost = false;
        self.outputs.iter_mut().for_each(Column::clear);
    }

    fn evict(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        self.has_lost = true;
        self.outputs.iter_mut().for_each(|column| column.drop_front(count));
        self.settled -= count;
        if let Some(base_at) = self.base_at.checked_sub(count) {
            self.base_at = base_at;
        } else {
            // The rows that would lead from there to here are gone.
            self.base = self.live.clone();
            self.base_at = self.settled;
        }
    }

    /// Writes the values of a row that there is or of the next.
    fn write(&mut self, row: usize, values: Values) {
        let used = self.spec.kind.outputs().len();
        for (column, value) in self.outputs.iter_mut().zip(values).take(used) {
            if row < column.len() {
                column.set(row, value);
            } else {
                column.push(value);
            }
        }
    }

    /// Computes the rows from the first that is not settled.
    fn run(&mut self, rows: &Rows<'_>, len: usize) {
        let newest = len.saturating_sub(1);
        let used = self.spec.kind.outputs().len();
        for column in self.outputs.iter_mut().take(used) {
            let more = len.saturating_sub(column.len());
            // Room for many at once; one finds its own.
            if more > 1 {
                column.reserve(more);
            }
        }
        for row in self.settled..len {
            if row + NEAR == newest && row >= self.base_at + NEAR {
                self.base = self.live.clone();
                self.base_at = row;
            }
            let bar = rows.get(row);
            let values = if row < newest { self.live.settle(&bar) } else { self.live.replace_last(&bar) };
            self.write(row, values);
        }
        self.settled = newest;
        if newest > self.base_at + 2 * NEAR {
            for row in self.base_at..newest - NEAR {
                self.base.settle(&rows.get(row));
            }
            self.base_at = newest - NEAR;
        }
    }
}

/// The columns that indicators read.
struct Rows<'a> {
    time: &'a [i64],
    high: &'a [f64],
    low: &'a [f64],
    close: &'a [f64],
    volume: &'a [f64],
    vwap: &'a [f64],
    delta: &'a [f64],
}

impl<'a> Rows<'a> {
    fn of(series: &'a Series) -> Self {
        Self {
            time: series.time(),
            high: series.high(),
            low: series.low(),
            close: series.close(),
            volume: series.volume(),
            vwap: series.vwap(),
            delta: series.delta(),
        }
    }

    fn get(&self, row: usize) -> BarInput {
        let at = |column: &[f64]| column.get(row).copied().unwrap_or(f64::NAN);
        BarInput {
            time: self.time.get(row).copied().unwrap_or(0),
            high: at(self.high),
            low: at(self.low),
            close: at(self.close),
            volume: at(self.volume),
            vwap: at(self.vwap),
            delta: at(self.delta),
        }
    }
}
