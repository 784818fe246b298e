//! What happened before the simulation began: minute bars and daily bars, made as bars.
//!
//! The walk goes backwards from the first price of the simulation, so the past joins it without a
//! jump. There were never any trades behind these bars; their figures have the size that the
//! simulation's own bars have.

use wickwire_proto::message::Bar;
use wickwire_proto::time::Timestamp;

use super::bars::{PastBar, Scale};
use super::rng::Rng;
use super::session::{DAY, MINUTE, NewYorkDay};
use super::tables::CENT;

/// Trading days before the first one that are told in minutes.
pub(super) const MINUTE_DAYS: usize = 2;
/// Trading days that are told as daily bars, those of the minutes included.
pub(super) const DAILY_BARS: usize = 250;
/// Minutes of a regular session.
const SESSION_MINUTES: f64 = 390.0;

/// What an instrument's past looks like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Price where the simulation begins, in units.
    pub(super) price: f64,
    /// Smallest step of a price, in units.
    pub(super) tick: i64,
    /// Standard deviation after a second, in units.
    pub(super) per_root_second: f64,
    /// Usual spread, in units.
    pub(super) spread: f64,
    /// Trades a minute in an ordinary hour.
    pub(super) trades: f64,
    /// Size of a trade, in units.
    pub(super) size: f64,
}

/// The past of one instrument, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    pub(super) minutes: Vec<PastBar>,
    pub(super) days: Vec<PastBar>,
}

impl PastBar {
    pub(super) fn to_bar(self, symbol: &'static str, scale: Scale) -> Bar<'static> {
        let price = |units: i64| units as f64 / scale.price;
        let average =
            if self.volume == 0 { 0.0 } else { self.notional as f64 / self.volume as f64 / scale.price };
        Bar {
            symbol: symbol.into(),
            open: price(self.open),
            high: price(self.high),
            low: price(self.low),
            close: price(self.close),
            volume: scale.size(self.volume),
            time: Timestamp(self.start),
            trade_count: Some(self.trades),
            vwap: Some((average * 1e6).round() / 1e6),
        }
    }

    fn include(&mut self, earlier: &Self) {
        self.open = earlier.open;
        self.high = self.high.max(earlier.high);
        self.low = self.low.min(earlier.low);
        self.add_volume(earlier);
    }

    fn add_volume(&mut self, other: &Self) {
        self.volume += other.volume;
        self.notional += other.notional;
        self.trades += other.trades;
    }
}

/// Walks backwards.
struct Walk<'a> {
    rng: &'a mut Rng,
    shape: Shape,
    price: f64,
    floor: f64,
}

impl Walk<'_> {
    fn tick(&self, units: f64) -> i64 {
        ((units / self.shape.tick as f64).round() as i64).max(1) * self.shape.tick
    }

    /// The bar that ends at the present price; the price becomes the one before it.
    fn bar(&mut self, start: i64, sigma: f64, trades: u64) -> PastBar {
        let close = self.price;
        let open = (close - sigma * self.rng.normal()).max(self.floor);
        let reach = 0.45 * sigma;
        let high = open.max(close) + reach * self.rng.normal().abs();
        let low = (open.min(close) - reach * self.rng.normal().abs()).max(self.floor * 0.9);
        let (open, high, low, close) = (self.tick(open), self.tick(high), self.tick(low), self.tick(close));
        let volume = (trades as f64 * self.shape.size * (0.6 + 0.8 * self.rng.unit())) as u64;
        let mean = (open + high + low + close) / 4;
        self.price = (open as f64 + 0.3 * self.shape.spread * self.rng.normal()).max(self.floor);
        PastBar {
            start,
            open,
            high,
            low,
            close,
            volume,
            notional: u128::from(volume) * u128::from(mean.unsigned_abs()),
            trades,
        }
    }

    /// Trades in a minute in which `expected` are usual.
    fn trades(&mut self, expected: f64) -> u64 {
        (expected * (0.5 + self.rng.unit()) + self.rng.unit()) as u64
    }

    /// The night before the present price, or any time without bars.
    fn gap(&mut self, sigma: f64) {
        self.price = (self.price - sigma * self.rng.normal()).max(self.floor);
    }
}

/// The past of a stock up to `start`.
pub(super) fn of_stock(rng: &mut Rng, shape: Shape, start: i64) -> Past {
    let mut walk = Walk { rng, shape, price: shape.price, floor: shape.price * 0.15 };
    let mut past = Past::default();
    let mut day = NewYorkDay::of(Timestamp(start));
    let mut end = start.div_euclid(MINUTE) * MINUTE;
    let day_sigma = shape.per_root_second * (SESSION_MINUTES * 60.0).sqrt();
    let mut told = 0;
    while told <= MINUTE_DAYS {
        if let Some(hours) = day.hours {
            let mut whole: Option<PastBar> = None;
            let mut outside = PastBar::default();
            let mut at = hours.post_close.min(end);
            while at > hours.pre_open {
                at -= MINUTE;
                let activity = day.activity(at);
                let trades = walk.trades(shape.trades * activity);
                if trades == 0 {
                    continue;
                }
                let bar = walk.bar(at, shape.per_root_second * (60.0 * activity).sqrt(), trades);
                past.minutes.push(bar);
                if !day.is_regular(at) {
                    outside.add_volume(&bar);
                } else if let Some(whole) = &mut whole {
                    whole.include(&bar);
                } else {
                    whole = Some(bar);
                }
            }
            if let Some(mut whole) = whole {
                whole.start = day.midnight;
                whole.add_volume(&outside);
                past.days.push(whole);
            }
            told += 1;
            walk.gap(0.4 * day_sigma);
        }
        day = day.previous();
        end = day.end;
    }
    while past.days.len() < DAILY_BARS {
        if day.hours.is_some() {
            let trades = walk.trades(shape.trades * SESSION_MINUTES * 1.15);
            let mut bar = walk.bar(day.midnight, day_sigma, trades);
            bar.start = day.midnight;
            past.days.push(bar);
            walk.gap(0.5 * day_sigma);
        }
        day = day.previous();
    }
    past.minutes.reverse();
    past.days.reverse();
    past
}

/// The past of a crypto pair up to `start`; days are UTC's.
pub(super) fn of_pair(rng: &mut Rng, shape: Shape, start: i64) -> Past {
    let mut walk = Walk { rng, shape, price: shape.price, floor: shape.price * 0.15 };
    let mut past = Past::default();
    let first = (start.div_euclid(DAY) - MINUTE_DAYS as i64) * DAY;
    let mut at = start.div_euclid(MINUTE) * MINUTE - MINUTE;
    let mut whole: Option<PastBar> = None;
    while at >= first {
        let trades = walk.trades(shape.trades);
        let bar = walk.bar(at, shape.per_root_second * 60.0_f64.sqrt(), trades);
        past.minutes.push(bar);
        let date = at.div_euclid(DAY) * DAY;
        match &mut whole {
            Some(whole) if whole.start == date => whole.include(&bar),
            slot => past.days.extend(slot.replace(PastBar { start: date, ..bar })),
        }
        at -= MINUTE;
    }
    past.days.extend(whole);
    let mut date = first - DAY;
    while past.days.len() < DAILY_BARS {
        let trades = walk.trades(shape.trades * 1_440.0);
        let bar = walk.bar(date, shape.per_root_second * 86_400.0_f64.sqrt(), trades);
        past.days.push(bar);
        date -= DAY;
    }
    past.minutes.reverse();
    past.days.reverse();
    past
}

/// The smallest step of a stock's price in its units.
pub(super) const STOCK_TICK: i64 = CENT;
