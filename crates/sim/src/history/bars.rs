//! Bars of one symbol and one length, by start.

use wickwire_proto::message::Bar;
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

/// A bar without its symbol.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BarRow {
    /// Start of the bar.
    pub time: Timestamp,
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
    /// Shares or coins.
    pub volume: Number,
    /// Number of trades, where the source tells.
    pub trade_count: Option<u64>,
    /// Volume-weighted average price, where the source tells.
    pub vwap: Option<f64>,
}

impl From<&Bar<'_>> for BarRow {
    fn from(bar: &Bar<'_>) -> Self {
        Self {
            time: bar.time,
            open: bar.open,
            high: bar.high,
            low: bar.low,
            close: bar.close,
            volume: bar.volume,
            trade_count: bar.trade_count,
            vwap: bar.vwap,
        }
    }
}

impl BarRow {
    /// The bar as a message.
    #[must_use]
    pub fn to_bar<'a>(&self, symbol: &'a str) -> Bar<'a> {
        Bar {
            symbol: symbol.into(),
            open: self.open,
            high: self.high,
            low: self.low,
            close: self.close,
            volume: self.volume,
            time: self.time,
            trade_count: self.trade_count,
            vwap: self.vwap,
        }
    }
}

/// Bars by start, no two with the same one, at most a fixed number.
#[derive(Debug)]
pub struct BarLog {
    rows: Vec<BarRow>,
    limit: usize,
}

impl BarLog {
    /// An empty log that keeps at most `limit` bars, the newest.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { rows: Vec::new(), limit }
    }

    /// Puts a bar where it belongs; one with the same start is replaced.
    pub fn upsert(&mut self, row: BarRow) {
        if self.rows.last().is_none_or(|last| last.time < row.time) {
            self.make_room();
            self.rows.push(row);
            return;
        }
        let at = self.rows.partition_point(|r| r.time < row.time);
        match self.rows.get_mut(at) {
            Some(held) if held.time == row.time => *held = row,
            _ => {
                if self.rows.len() >= self.limit && at == 0 {
                    return; // older than all that is kept
                }
                let before = self.rows.len();
                self.make_room();
                let at = at.saturating_sub(before - self.rows.len());
                self.rows.insert(at, row);
            }
        }
    }

    /// Every bar, by start.
    #[must_use]
    pub fn rows(&self) -> &[BarRow] {
        &self.rows
    }

    /// Every bar, by start.
    pub fn iter(&self) -> std::slice::Iter<'_, BarRow> {
        self.rows.iter()
    }

    /// How many bars.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no bar.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The newest bar.
    #[must_use]
    pub fn last(&self) -> Option<&BarRow> {
        self.rows.last()
    }

    /// Bars that start in `start..=end`.
    #[must_use]
    pub fn range(&self, start: Timestamp, end: Timestamp) -> &[BarRow] {
        let from = self.rows.partition_point(|r| r.time < start);
        let to = self.rows.partition_point(|r| r.time <= end);
        self.rows.get(from..to).unwrap_or_default()
    }

    /// Drops an eighth at once, so that a full log does not move everything for each bar.
    fn make_room(&mut self) {
        if self.rows.len() >= self.limit {
            let drop = (self.limit / 8).max(1).min(self.rows.len());
            self.rows.drain(..drop);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn row(minute: i64, close: f64) -> BarRow {
        BarRow {
            time: Timestamp::from_seconds(minute * 60),
            open: 1.0,
            high: 2.0,
            low: 0.5,
            close,
            volume: Number::Unsigned(1),
            trade_count: None,
            vwap: None,
        }
    }

    #[test]
    fn late_bars_find_their_place_and_equal_starts_replace() {
        let mut log = BarLog::new(100);
        for (minute, close) in [(1, 1.0), (3, 3.0), (2, 2.0), (3, 3.5), (0, 0.0)] {
            log.upsert(row(minute, close));
        }
        let closes: Vec<f64> = log.rows().iter().map(|r| r.close).collect();
        assert_eq!(closes, [0.0, 1.0, 2.0, 3.5]);
        assert_eq!(log.range(Timestamp::from_seconds(60), Timestamp::from_seconds(120)).len(), 2);
    }

    #[test]
    fn a_full_log_drops_the_oldest() {
        let mut log = BarLog::new(16);
        for minute in 0..1000 {
            log.upsert(row(minute, 1.0));
            assert!(log.rows().len() <= 16);
        }
        assert_eq!(log.last().map(|r| r.time), Some(Timestamp::from_seconds(999 * 60)));
        log.upsert(row(3, 1.0));
        log.upsert(row(998, 7.0));
        assert!(log.rows().is_sorted_by(|a, b| a.time < b.time));
        assert!(log.rows().len() <= 16);
    }
}
