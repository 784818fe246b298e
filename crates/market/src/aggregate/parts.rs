//! Shorter bars taken together.

use std::ops::Range;

use wickwire_proto::time::Timestamp;

use crate::bar::{Bar, BarFlags};
use crate::series::Series;

/// Rows of a shorter timeframe taken together so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    rows: usize,
    open: f64,
    high: f64,
    low: f64,
    close: f64,
    volume: f64,
    notional: f64,
    /// Volume whose average price is known.
    priced: f64,
    count: Option<u64>,
    /// NaN as soon as it is not known of one part.
    delta: f64,
    open_parts: bool,
}

impl Parts {
    pub(super) fn add(&mut self, row: &Bar) {
        if self.rows == 0 {
            self.open = row.open;
            self.high = row.high;
            self.low = row.low;
            self.count = row.count;
        } else {
            self.high = self.high.max(row.high);
            self.low = self.low.min(row.low);
            self.count = self.count.zip(row.count).map(|(a, b)| a + b);
        }
        self.close = row.close;
        self.volume += row.volume;
        if let Some(vwap) = row.vwap {
            self.notional += vwap * row.volume;
            self.priced += row.volume;
        }
        self.delta += row.delta.unwrap_or(f64::NAN);
        self.open_parts |= row.flags.is_open();
        self.rows += 1;
    }

    /// Adds the rows of `range`.
    pub(super) fn add_rows(&mut self, rows: &Series, range: Range<usize>) {
        range.filter_map(|i| rows.get(i)).for_each(|row| self.add(&row));
    }

    pub(super) fn bar(&self, start: Timestamp) -> Option<Bar> {
        // An average price of a part of the volume is not that of the whole.
        let whole = self.priced > 0.0 && self.priced == self.volume;
        (self.rows > 0).then(|| Bar {
            time: start,
            open: self.open,
            high: self.high,
            low: self.low,
            close: self.close,
            volume: self.volume,
            vwap: whole.then(|| self.notional / self.volume),
            count: self.count,
            delta: (!self.delta.is_nan()).then_some(self.delta),
            flags: BarFlags::AGGREGATED.with(if self.open_parts {
                BarFlags::PARTIAL
            } else {
                BarFlags::default()
            }),
        })
    }
}

/// All rows of a bucket but the newest, which alone changes with every trade.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prefix {
    pub(super) start: Timestamp,
    /// The newest row's start.
    pub(super) last: i64,
    /// [`Series::settled_revision`] of the rows.
    pub(super) settled: u64,
    pub(super) parts: Parts,
    /// Nothing stands against the bar that is made of these rows: the server gave none.
    pub(super) alone: bool,
}
