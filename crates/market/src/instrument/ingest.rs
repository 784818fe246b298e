//! Messages into an instrument.

use wickwire_proto::message::{self, BarKind, Imbalance, Luld, OrderBook, Pricing, Quote, Status};
use wickwire_proto::time::Timestamp;

use super::{ImbalanceState, Instrument, PricingState};
use crate::aggregate::{Aggregator, Touched};
use crate::bar::{Bar, BarFlags};
use crate::change::Change;
use crate::gaps::Gaps;
use crate::minute::precedence;
use crate::quality::{self, Bounds, Refusal};
use crate::series::{Put, Series, SeriesSet};
use crate::status::{LuldState, StatusState};
use crate::timeframe::{MINUTE, Timeframe};

/// Rows looked back for minutes that a `b` makes obsolete; those before were looked at earlier.
const OBSOLETE_ROWS: usize = 64;

impl Instrument {
    pub(crate) fn quote_message(&mut self, quote: &Quote<'_>, bounds: Bounds) -> Result<Change, Refusal> {
        quality::live_time(quote.time, bounds)?;
        // Zero is the wire's word for no quote on that side.
        let side = |price: f64| if price == 0.0 { Ok(()) } else { quality::price(price) };
        side(quote.bid_price)?;
        side(quote.ask_price)?;
        quality::size(quote.bid_size.to_f64())?;
        quality::size(quote.ask_size.to_f64())?;
        let counters = &mut self.quality;
        if quote.bid_price == 0.0 || quote.ask_price == 0.0 {
            counters.one_sided_quotes += 1;
        } else if quote.bid_price > quote.ask_price {
            counters.crossed_quotes += 1;
        } else if quote.bid_price == quote.ask_price {
            counters.locked_quotes += 1;
        }
        let mut change = self.tick(quote.time);
        let taken = self.spread.apply(quote);
        if taken.latest {
            change |= Change::QUOTE;
        } else {
            self.quality.late_quotes += 1;
        }
        if taken.history {
            change |= Change::SPREAD;
        }
        Ok(self.mark(change))
    }

    pub(crate) fn bar(
        &mut self,
        kind: BarKind,
        message: &message::Bar<'_>,
        bounds: Bounds,
    ) -> Result<Change, Refusal> {
        let mut bar = Bar::from(message);
        self.check_bar(&bar, kind != BarKind::Daily, bounds)?;
        if kind == BarKind::Daily {
            let change = self.give(Timeframe::Day1, &bar);
            return Ok(self.mark(change));
        }
        let mut change = self.tick(bar.time.plus_nanos(MINUTE));
        if kind == BarKind::Updated {
            bar.flags = bar.flags.with(BarFlags::UPDATED);
        } else {
            let (first, last) = self.streamed.unwrap_or((bar.time, bar.time));
            self.streamed = Some((first.min(bar.time), last.max(bar.time)));
        }
        change |= self.close_minute(&bar);
        if kind == BarKind::Minute {
            change |= self.drop_obsolete(OBSOLETE_ROWS);
        }
        Ok(self.mark(change))
    }

    /// Checks a bar of the server.
    pub(crate) fn check_bar(&mut self, bar: &Bar, minute: bool, bounds: Bounds) -> Result<(), Refusal> {
        quality::time(bar.time, bounds)?;
        [bar.open, bar.high, bar.low, bar.close].into_iter().try_for_each(quality::price)?;
        quality::size(bar.volume)?;
        let inside = |price: f64| bar.low <= price && price <= bar.high;
        let aligned = !minute || bar.time.0.rem_euclid(MINUTE) == 0;
        if !inside(bar.open) || !inside(bar.close) || !aligned {
            return Err(Refusal::Bar);
        }
        if bar.vwap.is_some_and(|vwap| !inside(vwap)) {
            self.quality.vwap_outside += 1;
        }
        Ok(())
    }

    /// Takes the server's account of a minute.
    pub(super) fn close_minute(&mut self, bar: &Bar) -> Change {
        let shown = self.series.of(Timeframe::Min1).at(bar.time);
        if shown.is_some_and(|old| precedence(&old, bar).is_ge()) {
            return Change::NONE;
        }
        let delta = self.delta_of(bar, shown.as_ref());
        self.put_minute(&Bar { delta, ..*bar })
    }

    /// Time has come this far for this symbol: the forming minute may have ended.
    pub(super) fn tick(&mut self, time: Timestamp) -> Change {
        if time <= self.clock {
            return Change::NONE;
        }
        self.clock = time;
        let change = if self.seconds.is_some() { self.end_seconds() } else { Change::NONE };
        change | self.end_minute()
    }

    fn end_minute(&mut self) -> Change {
        let Some(minute) = self.forming.filter(|m| m.plus_nanos(MINUTE) <= self.clock) else {
            return Change::NONE;
        };
        self.forming = None;
        let minutes = self.series.of_mut(Timeframe::Min1);
        let Ok(index) = minutes.find(minute) else { return Change::NONE };
        let flags = minutes.flags().get(index).copied().unwrap_or_default();
        if !flags.has(BarFlags::FORMING) {
            return Change::NONE;
        }
        minutes.set_flags(index, flags.without(BarFlags::FORMING).with(BarFlags::PROVISIONAL));
        Change::LAST_BAR
    }

    /// Whether the server has had the chance to close this minute and has not.
    pub(super) fn is_obsolete(&self, minute: Timestamp) -> bool {
        self.streamed.is_some_and(|(first, last)| first <= minute && minute < last)
            && !self.gaps.touches(minute, minute.plus_nanos(2 * MINUTE))
    }

    pub(super) fn put_minute(&mut self, bar: &Bar) -> Change {
        let minutes = self.series.of_mut(Timeframe::Min1);
        let put = minutes.put(bar);
        if put == Put::Nothing {
            return Change::NONE;
        }
        let mut change = noted(minutes, Timeframe::Min1, put, &self.gaps);
        change |= self.aggregate(bar.time);
        change
    }

    pub(super) fn remove_minute(&mut self, minute: Timestamp) -> Change {
        let minutes = self.series.of_mut(Timeframe::Min1);
        if !minutes.remove(minute) {
            return Change::NONE;
        }
        Change::BARS | self.aggregate(minute)
    }

    fn aggregate(&mut self, minute: Timestamp) -> Change {
        self.with_aggregator(|aggregator, series, touched| {
            aggregator.minute_changed(series, minute, touched);
        })
    }

    pub(super) fn give(&mut self, timeframe: Timeframe, bar: &Bar) -> Change {
        self.with_aggregator(|aggregator, series, touched| {
            aggregator.give(series, timeframe, bar, touched);
        })
    }

    pub(super) fn with_aggregator(
        &mut self,
        work: impl FnOnce(&mut Aggregator, &mut SeriesSet, &mut Touched<'_>),
    ) -> Change {
        let mut change = Change::NONE;
        let gaps = &self.gaps;
        work(&mut self.aggregator, &mut self.series, &mut |series, timeframe, put| {
            change |= noted(series, timeframe, put, gaps);
        });
        change
    }

    /// Drops minutes from trades that the server, as it turns out, has no bar for.
    pub(super) fn drop_obsolete(&mut self, rows: usize) -> Change {
        let minutes = self.series.of(Timeframe::Min1);
        let times = minutes.time();
        let obsolete: Vec<Timestamp> = (times.len().saturating_sub(rows)..times.len())
            .filter(|i| minutes.flags().get(*i).is_some_and(|f| !f.has(BarFlags::FROM_SERVER)))
            .filter_map(|i| times.get(i).copied().map(Timestamp))
            .filter(|minute| self.is_obsolete(*minute))
            .collect();
        let mut change = Change::NONE;
        for minute in obsolete {
            self.quality.dropped_minutes += 1;
            change |= self.remove_minute(minute);
        }
        change
    }

    pub(crate) fn status(&mut self, status: &Status<'_>, bounds: Bounds) -> Result<Change, Refusal> {
        quality::time(status.time, bounds)?;
        let new = self.halts.add_status(StatusState::from(status));
        Ok(self.mark(if new { Change::STATUS } else { Change::NONE }))
    }

    pub(crate) fn luld(&mut self, luld: &Luld<'_>, bounds: Bounds) -> Result<Change, Refusal> {
        quality::time(luld.time, bounds)?;
        let new = self.halts.add_luld(LuldState::from(luld));
        Ok(self.mark(if new { Change::LULD } else { Change::NONE }))
    }

    pub(crate) fn order_book(&mut self, message: &OrderBook<'_>, bounds: Bounds) -> Result<Change, Refusal> {
        quality::time(message.time, bounds)?;
        if !self.book.apply(message) {
            self.quality.orphan_book_updates += 1;
            return Ok(self.mark(Change::QUALITY));
        }
        self.quality.crossed_books += u64::from(self.book.is_crossed());
        Ok(self.mark(Change::BOOK))
    }

    pub(crate) fn set_imbalance(
        &mut self,
        message: &Imbalance<'_>,
        bounds: Bounds,
    ) -> Result<Change, Refusal> {
        quality::time(message.time, bounds)?;
        quality::price(message.price)?;
        if self.imbalance.is_some_and(|old| old.time > message.time) {
            return Ok(Change::NONE);
        }
        self.imbalance = Some(ImbalanceState::from(message));
        Ok(self.mark(Change::IMBALANCE))
    }

    pub(crate) fn set_pricing(&mut self, message: &Pricing<'_>, bounds: Bounds) -> Result<Change, Refusal> {
        quality::time(message.time, bounds)?;
        quality::price(message.mark_price)?;
        quality::price(message.index_price)?;
        if self.pricing.is_some_and(|old| old.time > message.time) {
            return Ok(Change::NONE);
        }
        self.pricing = Some(PricingState::from(message));
        Ok(self.mark(Change::PRICING))
    }
}

/// Marks a gap before a new row, and says what changed.
pub(super) fn noted(series: &mut Series, timeframe: Timeframe, put: Put, gaps: &Gaps) -> Change {
    let index = match put {
        Put::Nothing => return if timeframe == Timeframe::Day1 { Change::DAY } else { Change::BARS },
        Put::Replaced(index) => index,
        Put::Inserted(index) => {
            super::history::mark_gap(series, timeframe, index, gaps);
            super::history::mark_gap(series, timeframe, index + 1, gaps);
            index
        }
    };
    let last = index + 1 == series.len();
    let day = if timeframe == Timeframe::Day1 { Change::DAY } else { Change::NONE };
    day | if last { Change::LAST_BAR } else { Change::BARS }
}
