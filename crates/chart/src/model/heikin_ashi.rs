//! Candles of averaged prices.
//!
//! close = (open + high + low + close) / 4; open = middle of the average bar before; high and low
//! take the averaged prices in. The first bar opens at the middle of its own open and close.

use std::ops::Range;

use super::bars::Bars;
use super::change::Change;
use super::extent::Extent;

/// Averaged prices of every bar; volume, time and flags stay those of the bars.
#[derive(Clone, Debug, Default)]
pub struct HeikinAshi {
    open: Vec<f64>,
    close: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
}

impl HeikinAshi {
    /// Takes `change` in, and answers the first row that is not as it was: all after it may be others, too,
    /// because every row follows from those before it. A tick costs one row, rows that came in front cost
    /// all.
    pub fn sync(&mut self, bars: &dyn Bars, change: &Change) -> usize {
        if change.evicted > 0 && !change.rebuilt && change.prepended == 0 {
            for column in [&mut self.open, &mut self.close, &mut self.high, &mut self.low] {
                column.drain(..change.evicted.min(column.len()));
            }
        }
        let lost = change.rebuilt || change.prepended > 0;
        let unchanged = if change.changed.is_empty() { bars.len() } else { change.changed.start };
        let from = if lost { 0 } else { unchanged.min(self.open.len()) };
        for column in [&mut self.open, &mut self.close, &mut self.high, &mut self.low] {
            column.truncate(from);
        }
        for i in from..bars.len() {
            self.push(bars, i);
        }
        from
    }

    fn push(&mut self, bars: &dyn Bars, i: usize) {
        let (open, high, low, close) = (bars.open(i), bars.high(i), bars.low(i), bars.close(i));
        let average = (open + high + low + close) / 4.0;
        // A bar without prices stays blank, and the next begins anew.
        let before =
            self.open.last().zip(self.close.last()).map(|(open, close)| f64::midpoint(*open, *close));
        let start = before.filter(|price| price.is_finite()).unwrap_or(f64::midpoint(open, close));
        self.open.push(if average.is_finite() { start } else { f64::NAN });
        self.close.push(average);
        self.high.push(high.max(start).max(average));
        self.low.push(low.min(start).min(average));
    }

    /// Extremes of the averaged bars of `rows`, with the volume of `bars`.
    #[must_use]
    pub fn extent(&self, bars: &dyn Bars, rows: Range<usize>) -> Extent {
        let mut extent = Extent::EMPTY;
        for i in rows {
            let [_, high, low, close] = self.get(i);
            if close.is_finite() && low.is_finite() && high.is_finite() {
                extent.take(low, high);
                let volume = bars.volume(i);
                if volume.is_finite() && volume > extent.volume {
                    extent.volume = volume;
                }
            }
        }
        extent
    }

    /// Averaged open, high, low and close of bar `i`; NaN where there is none.
    #[must_use]
    pub fn get(&self, i: usize) -> [f64; 4] {
        [&self.open, &self.high, &self.low, &self.close].map(|c| c.get(i).copied().unwrap_or(f64::NAN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bars::{Bar, Columns};

    fn bar(time_ns: i64, open: f64, high: f64, low: f64, close: f64) -> Bar {
        Bar { time_ns, open, high, low, close, volume: 1.0, ..Bar::default() }
    }

    #[test]
    fn averages_by_hand() {
        let bars: Columns =
            [bar(0, 10.0, 14.0, 8.0, 12.0), bar(1, 12.0, 13.0, 11.0, 12.0), bar(2, 12.0, 20.0, 12.0, 20.0)]
                .into_iter()
                .collect();
        let mut average = HeikinAshi::default();
        average.sync(&bars, &Change::all());
        assert_eq!(average.get(0), [11.0, 14.0, 8.0, 11.0]);
        assert_eq!(average.get(1), [11.0, 13.0, 11.0, 12.0]);
        assert_eq!(average.get(2), [11.5, 20.0, 11.5, 16.0]);
    }

    #[test]
    fn a_tick_gives_what_a_fresh_start_gives() {
        let mut bars: Columns =
            (0..50).map(|i| bar(i, 10.0 + i as f64, 12.0 + i as f64, 9.0, 11.0 + (i % 7) as f64)).collect();
        let mut average = HeikinAshi::default();
        average.sync(&bars, &Change::all());
        bars.replace_last(bar(49, 3.0, 99.0, 1.0, 2.0));
        average.sync(&bars, &Change { changed: 49..50, ..Change::default() });
        bars.push(bar(50, 2.0, 4.0, 1.0, f64::NAN));
        bars.push(bar(51, 2.0, 4.0, 1.0, 3.0));
        average.sync(&bars, &Change { changed: 50..52, ..Change::default() });
        let mut fresh = HeikinAshi::default();
        fresh.sync(&bars, &Change::all());
        for i in 0..bars.len() {
            assert_eq!(average.get(i).map(f64::to_bits), fresh.get(i).map(f64::to_bits), "{i}");
        }
        assert!(average.get(50)[0].is_nan() && average.get(51)[0] == 2.5);
        let kept = average.get(20);
        bars.drop_front(5);
        average.sync(&bars, &Change { evicted: 5, ..Change::default() });
        assert_eq!(average.get(15), kept, "what is gone at the front changes nothing");
    }
}
