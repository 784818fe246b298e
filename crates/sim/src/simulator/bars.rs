//! Bars of what was sent: exact integer sums, with late, corrected and cancelled trades.

use std::borrow::Cow;

use wickwire_proto::message::Bar;
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use super::session::MINUTE;

/// Minutes that may still change: the running one and those before it.
const OPEN_MINUTES: i64 = 4;
/// Trades at a time that will be corrected or cancelled.
pub(super) const MAX_MARKED: usize = 4;

/// Which figures of a bar a trade counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// All of them.
    All,
    /// Volume, count and average only: an odd lot.
    VolumeOnly,
}

/// Place of a trade in the order of its bar: by time, and by arrival among equals.
type Place = (i64, u64);

/// The prices of a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Prices {
    opened: Place,
    open: i64,
    high: i64,
    low: i64,
    close: i64,
    closed: Place,
}

/// The sums of a bar, in integer units of price and size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    prices: Option<Prices>,
    volume: u64,
    notional: u128,
    trades: u64,
}

impl Sums {
    fn add(&mut self, place: Place, price: i64, size: u64, counts: Counts) {
        self.volume += size;
        self.notional += u128::from(size) * u128::from(price.unsigned_abs());
        self.trades += 1;
        if counts == Counts::All {
            self.price(place, price);
        }
    }

    /// Takes in a price without a trade.
    pub(super) fn price(&mut self, place: Place, price: i64) {
        let Some(p) = &mut self.prices else {
            self.prices = Some(Prices {
                opened: place,
                open: price,
                high: price,
                low: price,
                close: price,
                closed: place,
            });
            return;
        };
        if place < p.opened {
            (p.opened, p.open) = (place, price);
        }
        if place >= p.closed {
            (p.closed, p.close) = (place, price);
        }
        p.high = p.high.max(price);
        p.low = p.low.min(price);
    }

    /// The message; `None` as long as nothing has set a price.
    pub(super) fn bar<'a>(&self, symbol: &'a str, start: i64, scale: Scale) -> Option<Bar<'a>> {
        let p = self.prices?;
        let vwap = if self.volume == 0 {
            0.0
        } else {
            let average = self.notional as f64 / self.volume as f64 / scale.price;
            (average * 1e6).round() / 1e6
        };
        Some(Bar {
            symbol: Cow::Borrowed(symbol),
            open: p.open as f64 / scale.price,
            high: p.high as f64 / scale.price,
            low: p.low as f64 / scale.price,
            close: p.close as f64 / scale.price,
            volume: scale.size(self.volume),
            time: Timestamp(start),
            trade_count: Some(self.trades),
            vwap: Some(vwap),
        })
    }
}

/// What the integer units stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Price units in a dollar.
    pub(super) price: f64,
    /// Size units in a share or a coin.
    pub(super) size: u64,
}

impl Scale {
    pub(super) fn size(self, units: u64) -> Number {
        if self.size == 1 {
            Number::Unsigned(units)
        } else {
            Number::from_f64(units as f64 / self.size as f64)
        }
    }
}

/// A trade that will be corrected or cancelled; kept apart from the sums until then.
#[derive(Clone, Copy, Debug)]
struct Marked {
    seq: u64,
    time: i64,
    price: i64,
    size: u64,
    counts: Counts,
    counts_for_day: Counts,
}

#[derive(Clone, Copy, Debug, Default)]
struct Minute {
    start: i64,
    sums: Sums,
    sent: bool,
    changed: bool,
}

/// The bars of one instrument.
#[derive(Clone, Debug)]
pub(super) struct Bars {
    scale: Scale,
    minutes: [Minute; OPEN_MINUTES as usize],
    day: Sums,
    day_start: i64,
    marked: Vec<Marked>,
    arrivals: u64,
}

impl Bars {
    pub(super) fn new(scale: Scale) -> Self {
        Self {
            scale,
            minutes: [Minute { start: i64::MIN, ..Minute::default() }; OPEN_MINUTES as usize],
            day: Sums::default(),
            day_start: i64::MIN,
            marked: Vec::with_capacity(MAX_MARKED),
            arrivals: 0,
        }
    }

    pub(super) const fn scale(&self) -> Scale {
        self.scale
    }

    /// Begins a day whose bars start at `start`.
    pub(super) fn begin_day(&mut self, start: i64) {
        self.day_start = start;
        self.day = Sums::default();
    }

    /// Takes in a part of the day that is known as a bar only.
    pub(super) fn add_to_day(&mut self, bar: &PastBar) {
        self.arrivals += 1;
        for (offset, price) in [(0, bar.open), (1, bar.high), (2, bar.low), (3, bar.close)] {
            self.day.price((bar.start + offset, self.arrivals), price);
        }
        self.add_day_volume(bar);
    }

    /// Takes in volume of the day that sets no price, traded outside the session.
    pub(super) fn add_day_volume(&mut self, bar: &PastBar) {
        self.day.volume += bar.volume;
        self.day.notional += bar.notional;
        self.day.trades += bar.trades;
    }

    fn minute(&mut self, time: i64) -> &mut Minute {
        let number = time.div_euclid(MINUTE);
        let start = number * MINUTE;
        let slot = &mut self.minutes[number.rem_euclid(OPEN_MINUTES) as usize];
        if slot.start != start {
            *slot = Minute { start, ..Minute::default() };
        }
        slot
    }

    /// Takes in a trade.
    pub(super) fn trade(&mut self, time: i64, price: i64, size: u64, counts: Counts, counts_for_day: Counts) {
        self.arrivals += 1;
        let place = (time, self.arrivals);
        let slot = self.minute(time);
        slot.sums.add(place, price, size, counts);
        slot.changed = true;
        if time >= self.day_start {
            self.day.add(place, price, size, counts_for_day);
        }
    }

    /// Takes in a trade that will be corrected or cancelled. Returns what it is called then, or
    /// nothing if no more can be kept in mind.
    pub(super) fn marked_trade(
        &mut self,
        time: i64,
        price: i64,
        size: u64,
        counts: Counts,
        counts_for_day: Counts,
    ) -> Option<u64> {
        if self.marked.len() >= MAX_MARKED {
            return None;
        }
        self.arrivals += 1;
        let seq = self.arrivals;
        self.marked.push(Marked { seq, time, price, size, counts, counts_for_day });
        self.minute(time).changed = true;
        Some(seq)
    }

    /// Corrects a marked trade to another price and size, or cancels it if there is none. The
    /// minute must be one of the last three.
    pub(super) fn settle(&mut self, seq: u64, corrected: Option<(i64, u64)>) {
        let Some(at) = self.marked.iter().position(|m| m.seq == seq) else { return };
        let m = self.marked.remove(at);
        let place = (m.time, m.seq);
        let slot = self.minute(m.time);
        slot.changed = true;
        let Some((price, size)) = corrected else { return };
        slot.sums.add(place, price, size, m.counts);
        if m.time >= self.day_start {
            self.day.add(place, price, size, m.counts_for_day);
        }
    }

    fn sums_of(&self, start: i64) -> Sums {
        let number = start.div_euclid(MINUTE);
        let slot = &self.minutes[number.rem_euclid(OPEN_MINUTES) as usize];
        let mut sums = if slot.start == start { slot.sums } else { Sums::default() };
        for m in self.marked.iter().filter(|m| m.time.div_euclid(MINUTE) == number) {
            sums.add((m.time, m.seq), m.price, m.size, m.counts);
        }
        sums
    }

    /// The bar of a minute that has ended, to be sent as `b`.
    pub(super) fn close_minute<'a>(&mut self, symbol: &'a str, start: i64) -> Option<Bar<'a>> {
        let bar = self.sums_of(start).bar(symbol, start, self.scale);
        let slot = self.minute(start);
        slot.sent = true;
        slot.changed = false;
        bar
    }

    /// The bars of ended minutes that have changed since they were sent, oldest first, at most one
    /// a call: call until there is none.
    pub(super) fn changed_minute<'a>(&mut self, symbol: &'a str) -> Option<Bar<'a>> {
        loop {
            let slot = self.minutes.iter_mut().filter(|m| m.sent && m.changed).min_by_key(|m| m.start)?;
            slot.changed = false;
            let start = slot.start;
            // A cancelled trade may have been the only one; there is no way to say so in a bar.
            if let Some(bar) = self.sums_of(start).bar(symbol, start, self.scale) {
                return Some(bar);
            }
        }
    }

    /// The running day, once a trade of the session has set a price.
    pub(super) fn day<'a>(&self, symbol: &'a str) -> Option<Bar<'a>> {
        let mut day = self.day;
        for m in self.marked.iter().filter(|m| m.time >= self.day_start) {
            day.add((m.time, m.seq), m.price, m.size, m.counts_for_day);
        }
        day.bar(symbol, self.day_start, self.scale)
    }
}

/// A bar of the time before the simulation, in integer units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct PastBar {
    pub(super) start: i64,
    pub(super) open: i64,
    pub(super) high: i64,
    pub(super) low: i64,
    pub(super) close: i64,
    pub(super) volume: u64,
    pub(super) notional: u128,
    pub(super) trades: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trades_that_will_be_put_right_are_bounded() {
        let mut bars = Bars::new(Scale { price: 100.0, size: 1 });
        bars.begin_day(0);
        let mut mark = || bars.marked_trade(0, 10_000, 1, Counts::All, Counts::All);
        let marked: Vec<u64> = (0..MAX_MARKED).filter_map(|_| mark()).collect();
        assert_eq!(marked.len(), MAX_MARKED);
        assert_eq!(mark(), None);
        // One that has been put right makes room.
        marked.iter().take(1).for_each(|seq| bars.settle(*seq, None));
        assert!(bars.marked_trade(0, 10_000, 1, Counts::All, Counts::All).is_some());
    }
}
