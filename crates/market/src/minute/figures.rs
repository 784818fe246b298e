//! What the trades of one span come to.

use wickwire_proto::time::Timestamp;

use super::print::{Key, Print};
use super::side::Side;
use super::sum::ExactSum;
use crate::bar::{Bar, BarFlags};
use crate::conditions::Updates;

/// The figures of a span so far; they do not depend on the order in which trades are added.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    open: Option<(Key, f64)>,
    close: Option<(Key, f64)>,
    open_if_only: Option<(Key, f64)>,
    close_if_only: Option<(Key, f64)>,
    extremes: Option<(f64, f64)>,
    volume: ExactSum,
    notional: ExactSum,
    count: u64,
    delta: ExactSum,
    /// Trades of unknown side among those that count for volume.
    unsided: u64,
}

impl Figures {
    /// Adds a trade as its amendments leave it.
    pub(crate) fn add(&mut self, print: &Print, updates: Updates, side: Option<Side>) {
        let key = print.key();
        let price = print.price;
        let ends = if updates.has(Updates::LAST) {
            Some((&mut self.open, &mut self.close))
        } else if updates.has(Updates::LAST_IF_ONLY) {
            Some((&mut self.open_if_only, &mut self.close_if_only))
        } else {
            None
        };
        if let Some((open, close)) = ends {
            if open.is_none_or(|(first, _)| key < first) {
                *open = Some((key, price));
            }
            if close.is_none_or(|(last, _)| key >= last) {
                *close = Some((key, price));
            }
        }
        if updates.has(Updates::HIGH_LOW) {
            let (low, high) = self.extremes.unwrap_or((price, price));
            self.extremes = Some((low.min(price), high.max(price)));
        }
        if updates.has(Updates::VOLUME) {
            self.volume.add(print.size);
            self.notional.add(price * print.size);
            self.count += 1;
            self.add_side(print.size, side);
        }
    }

    fn add_side(&mut self, size: f64, side: Option<Side>) {
        match side {
            Some(side) => self.delta.add(side.signed(size)),
            None => self.unsided += u64::from(size != 0.0),
        }
    }

    /// A trade that was added and counts for volume is of another side than it seemed.
    pub(crate) fn turn(&mut self, size: f64, from: Option<Side>, to: Option<Side>) {
        match from {
            Some(side) => self.delta.add(-side.signed(size)),
            None => self.unsided -= u64::from(size != 0.0).min(self.unsided),
        }
        self.add_side(size, to);
    }

    /// Volume, and the delta if the side of every trade is known.
    pub(crate) fn volume_and_delta(&self) -> (f64, Option<f64>) {
        (self.volume.value(), (self.unsided == 0).then(|| self.delta.value()))
    }

    /// The bar that starts at `start`; `None` if no trade in it sets a price.
    pub(crate) fn bar(&self, start: Timestamp) -> Option<Bar> {
        let (_, open) = self.open.or(self.open_if_only)?;
        let (_, close) = self.close.or(self.close_if_only)?;
        let (low, high) = self.extremes?;
        let (volume, delta) = self.volume_and_delta();
        Some(Bar {
            time: start,
            open,
            high,
            low,
            close,
            volume,
            vwap: (volume > 0.0).then(|| self.notional.value() / volume),
            count: Some(self.count),
            delta,
            flags: BarFlags::default(),
        })
    }
}
