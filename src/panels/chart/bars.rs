//! A market series as the chart sees it.

use wickwire_chart::format::decimals_of;
use wickwire_chart::{Bars, Flags, Utc, Zone};
use wickwire_market::calendar::new_york_offset;
use wickwire_market::{BarFlags, InstrumentClass, Series};
use wickwire_proto::time::Timestamp;

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
    fn revision(&self) -> u64 {
        self.0.settled_revision()
    }
}

/// Decimals that prices of the series are shown with: at least those of the usual tick at that
/// price, and as many as nearly all of the newest bars have.
#[must_use]
pub fn decimals(series: &Series) -> usize {
    let from = series.len().saturating_sub(LOOKED_AT);
    let last = series.close().last().copied().unwrap_or(1.0);
    let mut seen: Vec<usize> = [series.open(), series.high(), series.low(), series.close()]
        .into_iter()
        .flat_map(|column| column.get(from..).unwrap_or_default())
        .map(|price| decimals_of(*price))
        .collect();
    seen.sort_unstable();
    let usual = seen.len().checked_sub(1).and_then(|last| seen.get(last - last / EXCEPTIONS));
    base_decimals(last).max(usual.copied().unwrap_or_default())
}

/// New York's time, standard and daylight saving.
struct NewYork;

impl Zone for NewYork {
    fn offset_seconds(&self, utc_seconds: i64) -> i32 {
        new_york_offset(Timestamp::from_seconds(utc_seconds))
    }
    fn abbreviation(&self, utc_seconds: i64) -> &str {
        if self.offset_seconds(utc_seconds) == -4 * 3_600 { "EDT" } else { "EST" }
    }
}

/// The zone in which a symbol's times are shown: the exchange's, or UTC around the clock.
#[must_use]
pub fn zone_of(symbol: &str) -> Box<dyn Zone> {
    if InstrumentClass::of(symbol).around_the_clock() { Box::new(Utc) } else { Box::new(NewYork) }
}
