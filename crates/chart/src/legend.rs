//! The figures of one bar, for the legend.

use crate::Bars;
use crate::format::{exact_price, rounded_price};

/// A bar's figures as it is drawn, with its change against the bar before.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Legend {
    /// Index of the bar.
    pub index: usize,
    /// Start of the bar, nanoseconds since the Unix epoch.
    pub time_ns: i64,
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
    /// Traded size.
    pub volume: f64,
    /// Close minus the close before; nothing for the first bar.
    pub change: Option<f64>,
    /// The same in percent of the close before; nothing where that is zero.
    pub percent: Option<f64>,
    /// Whether the bar is under the crosshair, and not just the last.
    pub pointed: bool,
    /// Whether the prices are averages, and not as received.
    pub averaged: bool,
}

impl Legend {
    /// Of bar `index`.
    #[must_use]
    pub fn of(bars: &dyn Bars, index: usize, pointed: bool) -> Self {
        let close = bars.close(index);
        let before = index.checked_sub(1).map(|i| bars.close(i));
        let change = before.map(|before| close - before);
        Self {
            index,
            time_ns: bars.time_ns(index),
            open: bars.open(index),
            high: bars.high(index),
            low: bars.low(index),
            close,
            volume: bars.volume(index),
            change,
            percent: change
                .zip(before)
                .and_then(|(change, before)| (before != 0.0).then(|| change / before.abs() * 100.0)),
            pointed,
            averaged: false,
        }
    }

    /// Appends one of the prices: all decimals of what was received, `decimals` of an average.
    pub fn write_price(&self, out: &mut String, price: f64, decimals: usize) {
        let write = if self.averaged { rounded_price } else { exact_price };
        write(out, price, decimals);
    }

    /// Whether the bar closed at or above its open.
    #[must_use]
    pub fn rising(&self) -> bool {
        self.close >= self.open
    }
}
