//! Candles of averaged prices.
//!
//! close = (open + high + low + close) / 4; open = middle of the average bar before; high and low
//! take the averaged prices in. The first bar opens at the middle of its own open and close.

use std::collections::VecDeque;
use std::ops::Range;

use super::bars::Bars;
use super::change::Change;
use super::extent::Extent;

/// Averaged prices of every bar; volume, time and flags stay those of the bars.
#[derive(Clone, Debug, Default)]
pub struct HeikinAshi {
    /// Open, high, low and close; NaN where there is none.
    rows: VecDeque<[f64; 4]>,
}

impl HeikinAshi {
    /// Takes `change` in, and answers the rows that are not as they were: those at the front, and those at
    /// and behind what changed. A row follows from the one before it, but half of that is gone with each: as
    /// a price has 53 binary digits, none differs some sixty rows behind what is new, and nothing further has
    /// to be looked at.
    pub fn sync(&mut self, bars: &dyn Bars, change: &Change) -> [Range<usize>; 2] {
        let rows = &mut self.rows;
        if change.rebuilt {
            rows.clear();
        }
        for _ in 0..change.evicted {
            rows.pop_front();
        }
        let prepended = if rows.is_empty() { 0 } else { change.prepended };
        for _ in 0..prepended {
            rows.push_front([f64::NAN; 4]);
        }
        while rows.len() > bars.len() {
            rows.pop_back();
        }
        let known = rows.len();
        let front = 0..if prepended > 0 { self.average(bars, 0, prepended) } else { 0 };
        let from = if change.changed.is_empty() { known } else { change.changed.start.min(known) };
        [front, from..self.average(bars, from, change.changed.end)]
    }

    /// Averages the bars from `from` on until, behind `to`, one comes out as it was; where that is.
    fn average(&mut self, bars: &dyn Bars, from: usize, to: usize) -> usize {
        for i in from..bars.len() {
            let row = self.at(bars, i);
            match self.rows.get_mut(i) {
                Some(known) if i >= to && known.map(f64::to_bits) == row.map(f64::to_bits) => return i,
                Some(known) => *known = row,
                None => self.rows.push_back(row),
            }
        }
        bars.len()
    }

    /// The average of bar `i`, by that of the bar before.
    fn at(&self, bars: &dyn Bars, i: usize) -> [f64; 4] {
        let (open, high, low, close) = (bars.open(i), bars.high(i), bars.low(i), bars.close(i));
        let average = (open + high + low + close) / 4.0;
        // A bar without prices stays blank, and the next begins anew.
        let before = i.checked_sub(1).map(|before| self.get(before));
        let before = before.map(|[open, _, _, close]| f64::midpoint(open, close));
        let start = before.filter(|price| price.is_finite()).unwrap_or(f64::midpoint(open, close));
        let open = if average.is_finite() { start } else { f64::NAN };
        [open, high.max(start).max(average), low.min(start).min(average), average]
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
        self.rows.get(i).copied().unwrap_or([f64::NAN; 4])
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
        assert_eq!(average.sync(&bars, &Change::default()), [0..0, 52..52], "nothing happened");
        let kept = average.get(20);
        bars.drop_front(5);
        average.sync(&bars, &Change { evicted: 5, ..Change::default() });
        assert_eq!(average.get(15), kept, "what is gone at the front changes nothing");
    }

    /// However many bars there are, a page in front and a correction cost themselves and some tens of bars.
    #[test]
    fn what_is_new_is_soon_forgotten() {
        let mut state = 3_u32;
        let mut random = |i: i64| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let price = 50.0 + f64::from(state >> 20) / 100.0;
            let close = if state.is_multiple_of(89) { f64::NAN } else { price + 0.07 };
            bar(i, price, price + 0.31, price - 0.29, close)
        };
        let mut bars: Columns = (1_000..3_000).map(&mut random).collect();
        let mut average = HeikinAshi::default();
        average.sync(&bars, &bars.take_change());
        for step in 0..40 {
            let old: Vec<[f64; 4]> = (0..bars.len()).map(|i| average.get(i)).collect();
            let (len, count) = (bars.len(), 1 + step % 9);
            if step % 3 == 0 {
                let last = bars.time_ns(len - 1);
                bars.replace_last(random(last));
                bars.push(random(last + 1));
            }
            if step % 4 == 3 {
                bars.drop_front(count);
            } else {
                let first = bars.time_ns(0);
                let page: Vec<Bar> = (first - count as i64..first).map(&mut random).collect();
                bars.prepend(&page);
            }
            let change = bars.take_change();
            assert!(!change.rebuilt && change.prepended + change.evicted == count);
            let [front, rest] = average.sync(&bars, &change);
            assert!(front.len() <= change.prepended + 80 && rest.len() <= 2, "{step}: {front:?} {rest:?}");
            let same = |i: usize, to: [f64; 4]| average.get(i).map(f64::to_bits) == to.map(f64::to_bits);
            // What it says is as it was is so, and all is what a fresh start gives where nothing has left.
            for i in (front.end..bars.len()).filter(|i| !rest.contains(i)) {
                assert!(same(i, old[i + change.evicted - change.prepended]), "{step}: {i}");
            }
            let mut fresh = HeikinAshi::default();
            fresh.sync(&bars, &Change::all());
            let forgotten = if change.evicted > 0 { 80 } else { 0 };
            assert!((forgotten..bars.len()).all(|i| same(i, fresh.get(i))), "{step}");
        }
        // A correction in the middle.
        let mut corrected: Vec<Bar> =
            (0..bars.len()).map(|i| Bar { time_ns: i as i64, ..bar_at(&bars, i) }).collect();
        corrected[500].close = 80.0;
        let corrected: Columns = corrected.into_iter().collect();
        let [_, rest] = average.sync(&corrected, &Change { changed: 500..501, ..Change::default() });
        assert!(rest.start == 500 && (502..580).contains(&rest.end), "{rest:?}");
    }

    fn bar_at(bars: &Columns, i: usize) -> Bar {
        Bar {
            time_ns: bars.time_ns(i),
            open: bars.open(i),
            high: bars.high(i),
            low: bars.low(i),
            close: bars.close(i),
            ..Bar::default()
        }
    }
}
