//! Bars as they are drawn: as received, or averaged.

use std::ops::Range;

use super::bars::{Bars, Flags, Slices};
use super::extent::Extent;
use super::heikin_ashi::HeikinAshi;

/// The bars with their prices replaced by averages, where the kind of series wants that.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// As received.
    pub bars: &'a dyn Bars,
    /// Averages to draw in their place.
    pub averages: Option<&'a HeikinAshi>,
}

impl Shown<'_> {
    fn averaged(&self, i: usize, which: usize) -> Option<f64> {
        self.averages.and_then(|averages| averages.get(i).get(which).copied())
    }
}

impl Bars for Shown<'_> {
    fn len(&self) -> usize {
        self.bars.len()
    }
    fn time_ns(&self, i: usize) -> i64 {
        self.bars.time_ns(i)
    }
    fn open(&self, i: usize) -> f64 {
        self.averaged(i, 0).unwrap_or_else(|| self.bars.open(i))
    }
    fn high(&self, i: usize) -> f64 {
        self.averaged(i, 1).unwrap_or_else(|| self.bars.high(i))
    }
    fn low(&self, i: usize) -> f64 {
        self.averaged(i, 2).unwrap_or_else(|| self.bars.low(i))
    }
    fn close(&self, i: usize) -> f64 {
        self.averaged(i, 3).unwrap_or_else(|| self.bars.close(i))
    }
    fn volume(&self, i: usize) -> f64 {
        self.bars.volume(i)
    }
    fn flags(&self, i: usize) -> Flags {
        self.bars.flags(i)
    }
    fn slices(&self) -> Option<Slices<'_>> {
        if self.averages.is_none() { self.bars.slices() } else { None }
    }
    fn gaps(&self, rows: Range<usize>, found: &mut Vec<usize>) {
        self.bars.gaps(rows, found);
    }
    fn extent(&self, rows: Range<usize>, closes_only: bool) -> Extent {
        let Some(averages) = self.averages else { return self.bars.extent(rows, closes_only) };
        averages.extent(self.bars, rows)
    }
}
