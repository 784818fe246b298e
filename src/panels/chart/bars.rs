//! A market series as the chart sees it.

use std::ops::Range;

use wickwire_chart::format::has_decimals;
use wickwire_chart::{Bars, Change, Flags, Slices};
use wickwire_market::{BarFlags, Seen, Series};

use crate::format::base_decimals;

/// Bars looked at to tell the decimals of prices: two hours of minutes, as it is done with each new bar.
const LOOKED_AT: usize = 128;
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
/// price and `least`, and as many as nearly all of the newest bars have.
pub(super) fn decimals(series: &Series, least: usize) -> usize {
    let from = series.len().saturating_sub(LOOKED_AT);
    let last = series.close().last().copied().unwrap_or(1.0);
    let newest = || {
        let columns = [series.open(), series.high(), series.low(), series.close()];
        columns.into_iter().flat_map(|column| column.get(from..).unwrap_or_default())
    };
    let exceptions = newest().count().saturating_sub(1) / EXCEPTIONS;
    let mut decimals = base_decimals(last).max(least);
    while newest().filter(|price| !has_decimals(**price, decimals)).count() > exceptions {
        decimals += 1;
    }
    decimals
}

#[cfg(test)]
mod tests {
    use wickwire_market::Bar;
    use wickwire_proto::time::Timestamp;

    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Bars at a price with two decimals; of the newest so many have a close with four.
    fn bars(count: usize, finer: usize) -> Series {
        let mut series = Series::new(1_000);
        for i in 0..count {
            let price = 180.25;
            let close = if i + finer >= count { 180.2501 } else { price };
            let time = Timestamp::from_seconds(60 * i as i64);
            series.put(&Bar { time, open: price, high: 181.0, low: price, close, ..Bar::default() });
        }
        series
    }

    #[test]
    fn one_price_in_ten_may_have_more_decimals_than_are_shown() {
        // Four prices a bar: 40 of 100 bars' 400.
        assert_eq!([0, 39, 40].map(|finer| decimals(&bars(100, finer), 0)), [2, 2, 4]);
        assert_eq!(decimals(&bars(1, 1), 0), 4, "the only bar");
        assert_eq!(decimals(&bars(1, 0), 5), 5, "never fewer than before");
        assert_eq!(decimals(&Series::new(1), 0), 2);
    }

    #[test]
    fn only_the_newest_bars_are_looked_at() {
        let mut series = bars(LOOKED_AT, LOOKED_AT);
        assert_eq!(decimals(&series, 0), 4);
        for i in 0..LOOKED_AT {
            let time = Timestamp::from_seconds(60 * (LOOKED_AT + i) as i64);
            series.put(&Bar { time, open: 180.25, high: 181.0, low: 180.0, close: 180.5, ..Bar::default() });
        }
        assert_eq!(decimals(&series, 0), 2);
    }
}
