//! A market series as the chart sees it.

use std::ops::Range;

use wickwire_chart::format::decimals_of;
use wickwire_chart::{Bars, Change, Flags, Slices};
use wickwire_market::{BarFlags, Seen, Series};
use wickwire_proto::sorted::sort_by;

use crate::format::base_decimals;

/// Bars looked at to tell the decimals of prices.
const LOOKED_AT: usize = 256;
/// One price in so many may have more decimals than the axis shows: averages, odd lots.
const EXCEPTIONS: usize = 10;

/// The columns of a series.
pub struct SeriesBars<'a>(pub &'a Series);

fn at(column: &[f64], i: usize) -> f64 {
    column.get(i).copied().unwrap_or(f64::NAN)
}

impl Bars for SeriesBars<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }
    fn time_ns(&self, i: usize) -> i64 {
        self.0.time().get(i).copied().unwrap_or_default()
    }
    fn open(&self, i: usize) -> f64 {
        at(self.0.open(), i)
    }
    fn high(&self, i: usize) -> f64 {
        at(self.0.high(), i)
    }
    fn low(&self, i: usize) -> f64 {
        at(self.0.low(), i)
    }
    fn close(&self, i: usize) -> f64 {
        at(self.0.close(), i)
    }
    fn volume(&self, i: usize) -> f64 {
        at(self.0.volume(), i)
    }
    fn flags(&self, i: usize) -> Flags {
        let marks = self.0.flags().get(i).copied().unwrap_or_default();
        let mut flags = Flags::NONE;
        for (mark, flag) in [
            (BarFlags::FORMING, Flags::FORMING),
            (BarFlags::GAP_BEFORE, Flags::GAP_BEFORE),
            (BarFlags::PROVISIONAL, Flags::PROVISIONAL),
        ] {
            if marks.has(mark) {
                flags |= flag;
            }
        }
        flags
    }
    fn slices(&self) -> Option<Slices<'_>> {
        let Self(series) = self;
        Some(Slices {
            open: series.open(),
            high: series.high(),
            low: series.low(),
            close: series.close(),
            volume: series.volume(),
        })
    }
    fn gaps(&self, rows: Range<usize>, found: &mut Vec<usize>) {
        let flags = self.0.flags().get(rows.clone()).unwrap_or_default();
        found.extend(rows.zip(flags).filter(|(_, flags)| flags.has(BarFlags::GAP_BEFORE)).map(|(i, _)| i));
    }
}

/// What has become of a series since `seen`, which is brought up to date.
pub(super) fn take_change(series: &Series, seen: &mut Seen) -> Change {
    let changes = series.changes(seen);
    *seen = series.seen();
    Change {
        rebuilt: changes.rebuilt,
        prepended: changes.prepended,
        evicted: changes.evicted,
        changed: changes.changed,
    }
}

/// Decimals that prices of the series are shown with: at least those of the usual tick at that
/// price, and as many as nearly all of the newest bars have.
pub(super) fn decimals(series: &Series) -> usize {
    let from = series.len().saturating_sub(LOOKED_AT);
    let last = series.close().last().copied().unwrap_or(1.0);
    let mut seen: Vec<usize> = [series.open(), series.high(), series.low(), series.close()]
        .into_iter()
        .flat_map(|column| column.get(from..).unwrap_or_default())
        .map(|price| decimals_of(*price))
        .collect();
    sort_by(&mut seen, |a, b| a < b);
    let usual = seen.len().checked_sub(1).and_then(|last| seen.get(last - last / EXCEPTIONS));
    base_decimals(last).max(usual.copied().unwrap_or_default())
}
