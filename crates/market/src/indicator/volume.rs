//! Indicators of volume.

use wickwire_proto::time::Timestamp;

use super::machine::BarInput;
use crate::calendar::day_start;
use crate::symbol::InstrumentClass;
use crate::timeframe::HOUR;

/// The volume-weighted average price since the session began: New York's date for stocks and
/// options, hence from the first pre-market bar, UTC's for what trades around the clock. The date
/// is that of the bar's start, so that a bar of a day or more is a session of its own.
///
/// A bar counts with its own average price where that is known: it is the same sum over the
/// bar's trades, so that the whole is what all trades give. The mean of high, low and close stands
/// for it where it is not.
#[derive(Clone, Debug)]
pub(super) struct Vwap {
    class: InstrumentClass,
    /// The session that the sums are of: from this instant, to before that one.
    from: i64,
    to: i64,
    value: f64,
    volume: f64,
}

impl Vwap {
    pub(super) const fn new(class: InstrumentClass) -> Self {
        Self { class, from: 0, to: 0, value: 0.0, volume: 0.0 }
    }

    /// From the next session on at the latest. Where it ends follows from where it began.
    pub(super) fn has_met(&self, later: &Self) -> bool {
        (self.from, self.value, self.volume) == (later.from, later.value, later.volume)
    }

    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> f64 {
        if !(bar.volume.is_finite() && bar.volume >= 0.0) {
            return f64::NAN;
        }
        let price = if bar.vwap.is_finite() { bar.vwap } else { (bar.high + bar.low + bar.close) / 3.0 };
        let same = self.from <= bar.time && bar.time < self.to;
        let (value, volume) = if same { (self.value, self.volume) } else { (0.0, 0.0) };
        let value = value + price * bar.volume;
        let volume = volume + bar.volume;
        if settle {
            if !same {
                let from = day_start(self.class, Timestamp(bar.time));
                // No day has more than 25 hours or fewer than 23.
                let to = day_start(self.class, Timestamp(from.0.saturating_add(36 * HOUR)));
                (self.from, self.to) = (from.0, to.0);
            }
            (self.value, self.volume) = (value, volume);
        }
        value / volume
    }
}

/// Joseph Granville's: a bar that closes higher adds its volume, one that closes lower takes it
/// off. As in TA-Lib the first bar's volume is where it begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Obv {
    close: Option<f64>,
    total: f64,
}

impl Obv {
    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> f64 {
        if !bar.volume.is_finite() {
            return f64::NAN;
        }
        let sign = match self.close {
            Some(close) if bar.close < close => -1.0,
            Some(close) if bar.close == close => 0.0,
            _ => 1.0,
        };
        let total = self.total + sign * bar.volume;
        if settle {
            (self.close, self.total) = (Some(bar.close), total);
        }
        total
    }
}

/// The sum of bought less sold volume over the bars of which it is known. A bar of which it is
/// not has no value, and the sum goes on after it.
#[derive(Clone, Debug, Default)]
pub(super) struct Cvd {
    total: f64,
}

impl Cvd {
    /// Where as much was bought as sold before, or nothing is known of it: history has no sides.
    pub(super) fn has_met(&self, later: &Self) -> bool {
        self.total == later.total
    }

    pub(super) fn next(&mut self, bar: &BarInput, settle: bool) -> f64 {
        if !bar.delta.is_finite() {
            return f64::NAN;
        }
        let total = self.total + bar.delta;
        if settle {
            self.total = total;
        }
        total
    }
}
