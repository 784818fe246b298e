//! The latest quote and the spread over time.

use wickwire_proto::message::Quote;
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use crate::column::Column;
use crate::limits::MAX_SPREAD_POINTS;
use crate::status::cut;
use crate::timeframe::floor_to;

/// The spread history holds one point per interval of this many nanoseconds (100 ms): the last
/// quote in it. Faster changes are in the latest quote, not in the history.
pub const SPREAD_INTERVAL: i64 = 100_000_000;

/// A history of so many points is of a lively symbol.
const LIVELY_POINTS: usize = 256;

/// Bytes kept of an exchange code.
const MAX_EXCHANGE_BYTES: usize = 8;

/// A bid and an ask at one time. A side without a quote is `None`, never 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpreadPoint {
    /// When.
    pub time: Timestamp,
    /// Best bid.
    pub bid: Option<f64>,
    /// Best ask.
    pub ask: Option<f64>,
}

impl SpreadPoint {
    /// Middle of bid and ask, if there are both.
    #[must_use]
    pub fn mid(&self) -> Option<f64> {
        Some(f64::midpoint(self.bid?, self.ask?))
    }

    /// Ask minus bid in the currency; negative if crossed.
    #[must_use]
    pub fn spread(&self) -> Option<f64> {
        Some(self.ask? - self.bid?)
    }

    /// Ask minus bid in hundredths of the currency.
    #[must_use]
    pub fn cents(&self) -> Option<f64> {
        Some(self.spread()? * 100.0)
    }

    /// Ask minus bid in hundredths of a percent of the mid.
    #[must_use]
    pub fn basis_points(&self) -> Option<f64> {
        Some(self.spread()? / self.mid()? * 10_000.0)
    }
}

/// The latest quote.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteState {
    /// Prices and time.
    pub point: SpreadPoint,
    /// Size of the bid as it came.
    pub bid_size: Number,
    /// Size of the ask as it came.
    pub ask_size: Number,
    /// `bx`
    pub bid_exchange: Option<String>,
    /// `ax`
    pub ask_exchange: Option<String>,
}

impl QuoteState {
    fn set(&mut self, quote: &Quote<'_>) {
        self.point = point(quote);
        self.bid_size = quote.bid_size;
        self.ask_size = quote.ask_size;
        set_text(&mut self.bid_exchange, quote.bid_exchange.as_deref());
        set_text(&mut self.ask_exchange, quote.ask_exchange.as_deref());
    }
}

/// Keeps the buffer of the old text: quotes come by the thousand.
fn set_text(slot: &mut Option<String>, text: Option<&str>) {
    match (slot.as_mut(), text) {
        (Some(old), Some(new)) => {
            if old != new {
                old.clear();
                old.push_str(cut(new, MAX_EXCHANGE_BYTES));
            }
        }
        (None, Some(new)) => *slot = Some(cut(new, MAX_EXCHANGE_BYTES).to_owned()),
        (_, None) => *slot = None,
    }
}

fn point(quote: &Quote<'_>) -> SpreadPoint {
    let side = |price: f64| (price > 0.0).then_some(price);
    SpreadPoint { time: quote.time, bid: side(quote.bid_price), ask: side(quote.ask_price) }
}

/// What taking a quote did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// It is the latest now.
    pub(crate) latest: bool,
    /// The history has it.
    pub(crate) history: bool,
}

/// Quotes of one symbol over time, one per [`SPREAD_INTERVAL`], at most [`MAX_SPREAD_POINTS`].
///
/// A quote older than the latest takes its place in the history and leaves the latest alone. Of
/// two quotes with the same time the one that came later counts: the wire tells no other order.
#[derive(Clone, Debug, Default)]
pub struct SpreadHistory {
    latest: Option<QuoteState>,
    time: Column<i64>,
    bid: Column<f64>,
    ask: Column<f64>,
    revision: u64,
}

impl SpreadHistory {
    /// The latest quote.
    #[must_use]
    pub const fn latest(&self) -> Option<&QuoteState> {
        self.latest.as_ref()
    }

    /// How many points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// Times of the points, nanoseconds, ascending.
    #[must_use]
    pub fn time(&self) -> &[i64] {
        self.time.as_slice()
    }

    /// Bids; NaN where there was none.
    #[must_use]
    pub fn bid(&self) -> &[f64] {
        self.bid.as_slice()
    }

    /// Asks; NaN where there was none.
    #[must_use]
    pub fn ask(&self) -> &[f64] {
        self.ask.as_slice()
    }

    /// The point at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<SpreadPoint> {
        let side = |price: f64| (!price.is_nan()).then_some(price);
        Some(SpreadPoint {
            time: Timestamp(self.time.get(index)?),
            bid: side(self.bid.get(index)?),
            ask: side(self.ask.get(index)?),
        })
    }

    /// All points, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = SpreadPoint> + '_ {
        (0..self.len()).filter_map(|i| self.get(i))
    }

    /// A number that grows with every change.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The newest quote kept that is not later than `time`.
    pub(crate) fn in_effect(&self, time: Timestamp) -> Option<SpreadPoint> {
        let latest = &self.latest.as_ref()?.point;
        if latest.time <= time {
            return Some(*latest);
        }
        let index = self.time.as_slice().partition_point(|t| *t <= time.0);
        self.get(index.checked_sub(1)?)
    }

    pub(crate) fn apply(&mut self, quote: &Quote<'_>) -> Taken {
        let latest = self.latest.as_ref().is_none_or(|l| quote.time >= l.point.time);
        if latest {
            self.latest
                .get_or_insert_with(|| QuoteState {
                    point: SpreadPoint::default(),
                    bid_size: Number::ZERO,
                    ask_size: Number::ZERO,
                    bid_exchange: None,
                    ask_exchange: None,
                })
                .set(quote);
        }
        let history = self.record(&point(quote));
        self.revision += u64::from(latest || history);
        Taken { latest, history }
    }

    fn record(&mut self, point: &SpreadPoint) -> bool {
        let slot = floor_to(point.time.0, SPREAD_INTERVAL);
        let times = self.time.as_slice();
        let index = match times.last() {
            Some(last) if *last < slot => times.len(),
            _ => times.partition_point(|t| *t < slot),
        };
        let (bid, ask) = (point.bid.unwrap_or(f64::NAN), point.ask.unwrap_or(f64::NAN));
        let taken = times.get(index).is_some_and(|t| floor_to(*t, SPREAD_INTERVAL) == slot);
        if taken {
            if times.get(index).is_some_and(|t| *t > point.time.0) {
                return false;
            }
            self.time.set(index, point.time.0);
            self.bid.set(index, bid);
            self.ask.set(index, ask);
            return true;
        }
        if self.len() == LIVELY_POINTS {
            // It will fill up: room for all of it, and a little for the gap that dropping leaves, is taken
            // once. Growing on and on leaves holes that nothing else fits in.
            let more = MAX_SPREAD_POINTS - LIVELY_POINTS;
            self.time.reserve(more);
            self.bid.reserve(more);
            self.ask.reserve(more);
        }
        let full = self.len() >= MAX_SPREAD_POINTS;
        if full && index == 0 {
            return false;
        }
        self.time.insert(index, point.time.0);
        self.bid.insert(index, bid);
        self.ask.insert(index, ask);
        if full {
            self.time.drop_front(1);
            self.bid.drop_front(1);
            self.ask.drop_front(1);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn quote(millis: i64, bid: f64, ask: f64) -> Quote<'static> {
        Quote {
            bid_price: bid,
            ask_price: ask,
            time: Timestamp::from_millis(millis),
            bid_exchange: Some("V".into()),
            ..Quote::default()
        }
    }

    #[test]
    fn a_missing_side_has_no_mid_and_no_spread() {
        let mut history = SpreadHistory::default();
        history.apply(&quote(0, 10.0, 0.0));
        let point = history.latest().unwrap().point;
        assert_eq!((point.bid, point.ask), (Some(10.0), None));
        assert_eq!((point.mid(), point.cents(), point.basis_points()), (None, None, None));
        assert!(history.ask().first().unwrap().is_nan());
    }

    #[test]
    fn cents_and_basis_points() {
        let point = SpreadPoint { bid: Some(99.5), ask: Some(100.5), ..SpreadPoint::default() };
        assert_eq!(point.mid(), Some(100.0));
        assert_eq!(point.cents(), Some(100.0));
        assert_eq!(point.basis_points(), Some(100.0));
        let crossed = SpreadPoint { bid: Some(101.0), ask: Some(100.0), ..point };
        assert_eq!(crossed.cents(), Some(-100.0));
    }

    #[test]
    fn one_point_an_interval_and_the_last_of_it() {
        let mut history = SpreadHistory::default();
        for millis in [0, 30, 99, 100, 250] {
            history.apply(&quote(millis, 10.0 + millis as f64, 500.0));
        }
        assert_eq!(history.bid(), [109.0, 110.0, 260.0]);
    }

    #[test]
    fn a_late_quote_finds_its_place_and_is_not_the_latest() {
        let mut history = SpreadHistory::default();
        history.apply(&quote(1_000, 10.0, 11.0));
        let taken = history.apply(&quote(500, 9.0, 11.0));
        assert_eq!(taken, Taken { latest: false, history: true });
        assert_eq!(history.latest().unwrap().point.bid, Some(10.0));
        assert_eq!(history.bid(), [9.0, 10.0]);
        assert!(!history.apply(&quote(450, 8.0, 11.0)).latest);
        assert_eq!(history.bid(), [8.0, 9.0, 10.0]);
        assert!(!history.apply(&quote(440, 7.0, 11.0)).history, "older within its interval");
    }

    #[test]
    fn the_history_is_bounded() {
        let mut history = SpreadHistory::default();
        for i in 0..MAX_SPREAD_POINTS as i64 + 10 {
            history.apply(&quote(i * 100, 10.0, 11.0));
        }
        assert_eq!(history.len(), MAX_SPREAD_POINTS);
        assert_eq!(history.time().first(), Some(&Timestamp::from_millis(1_000).0));
        assert!(!history.apply(&quote(0, 10.0, 11.0)).history);
    }

    #[test]
    fn codes_of_exchanges_are_cut() {
        let mut history = SpreadHistory::default();
        let long = "X".repeat(MAX_EXCHANGE_BYTES + 1);
        // The first quote's, and one that takes the place of another.
        for code in [&long, "V", &long] {
            let quote = Quote {
                bid_exchange: Some(code.to_owned().into()),
                ask_exchange: Some(code.to_owned().into()),
                ..quote(0, 10.0, 11.0)
            };
            history.apply(&quote);
            let latest = history.latest().unwrap();
            for kept in [&latest.bid_exchange, &latest.ask_exchange] {
                assert_eq!(kept.as_deref(), code.get(..code.len().min(MAX_EXCHANGE_BYTES)));
            }
        }
    }
}
