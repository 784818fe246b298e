//! Bars of any timeframe from what is kept.

use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use super::{BarRow, SymbolHistory};
use crate::rest::{BarSpan, Buckets};

impl SymbolHistory {
    /// Bars of `span` that begin in `start..=end`, oldest first; the last one holds what there is
    /// so far.
    ///
    /// Minutes are summed up. Where the source told an hour or a day as one bar, and for weeks and
    /// months their days, its bar is taken and not the sum of minutes, which may be incomplete.
    #[must_use]
    pub fn bars(&self, span: BarSpan, start: Timestamp, end: Timestamp) -> Vec<BarRow> {
        match span {
            BarSpan::Minutes(1) => self.minutes.range(start, end).to_vec(),
            BarSpan::Minutes(_) => self.sum(self.minutes.rows(), span, start, end),
            BarSpan::Hours(1) => {
                prefer(self.hours.range(start, end), self.sum(self.minutes.rows(), span, start, end))
            }
            BarSpan::Day => self.daily(start, end),
            BarSpan::Hours(_) => {
                let hours = self.bars(BarSpan::Hours(1), span.start_of(self.venue, start), Timestamp::MAX);
                self.sum(&hours, span, start, end)
            }
            BarSpan::Week | BarSpan::Months(_) => {
                let days = self.daily(span.start_of(self.venue, start), Timestamp::MAX);
                self.sum(&days, span, start, end)
            }
        }
    }

    fn daily(&self, start: Timestamp, end: Timestamp) -> Vec<BarRow> {
        let told = self.days.range(start, end);
        let hours = self.bars(BarSpan::Hours(1), BarSpan::Day.start_of(self.venue, start), Timestamp::MAX);
        prefer(told, self.sum(&hours, BarSpan::Day, start, end))
    }

    fn sum(&self, rows: &[BarRow], span: BarSpan, start: Timestamp, end: Timestamp) -> Vec<BarRow> {
        let first = rows.partition_point(|r| span.start_of(self.venue, r.time) < start);
        let mut out: Vec<BarRow> = Vec::new();
        let mut buckets = Buckets::new(span, self.venue);
        for row in rows.get(first..).unwrap_or_default() {
            let begins = buckets.start_of(row.time);
            if begins > end {
                break;
            }
            match out.last_mut() {
                Some(bar) if bar.time == begins => join(bar, row),
                _ => out.push(BarRow { time: begins, ..*row }),
            }
        }
        out
    }
}

/// Both lists by start; of two bars with the same start the one that was told.
fn prefer(told: &[BarRow], summed: Vec<BarRow>) -> Vec<BarRow> {
    if told.is_empty() {
        return summed;
    }
    let mut out = Vec::with_capacity(told.len().max(summed.len()));
    let mut told = told.iter().copied().peekable();
    for bar in summed {
        while let Some(row) = told.next_if(|row| row.time < bar.time) {
            out.push(row);
        }
        out.push(told.next_if(|row| row.time == bar.time).unwrap_or(bar));
    }
    out.extend(told);
    out
}

/// Adds the bar that follows.
fn join(bar: &mut BarRow, next: &BarRow) {
    bar.vwap = match (bar.vwap, next.vwap) {
        (Some(a), Some(b)) => {
            let (x, y) = (bar.volume.to_f64(), next.volume.to_f64());
            if x + y > 0.0 { Some((a * x + b * y) / (x + y)) } else { Some(a) }
        }
        _ => None,
    };
    bar.trade_count = bar.trade_count.zip(next.trade_count).map(|(a, b)| a.saturating_add(b));
    bar.high = bar.high.max(next.high);
    bar.low = bar.low.min(next.low);
    bar.close = next.close;
    bar.volume = sum(bar.volume, next.volume);
}

/// The sum; exact as long as both are integers.
pub(crate) fn sum(a: Number, b: Number) -> Number {
    match (a, b) {
        (Number::Unsigned(x), Number::Unsigned(y)) if x.checked_add(y).is_some() => Number::Unsigned(x + y),
        _ => Number::from_f64(a.to_f64() + b.to_f64()),
    }
}
