//! Messages into an instrument.

use wickwire_proto::message::{self};
use wickwire_proto::message::{
    BarKind, CancelError, Correction, Imbalance, Luld, OrderBook, Pricing, Quote, Status, Trade,
};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use super::{ImbalanceState, Instrument, LastTrade, PricingState};
use crate::aggregate::{Aggregator, Touched};
use crate::bar::{Bar, BarFlags};
use crate::calendar::{self, Session};
use crate::change::Change;
use crate::conditions::{Eligibility, Tape, Updates};
use crate::gaps::Gaps;
use crate::minute::{Fix, Print, Taken, exchange_key, precedence};
use crate::quality::{self, Refusal};
use crate::series::{Put, Series, SeriesSet};
use crate::status::{LuldState, StatusState};
use crate::timeframe::{MINUTE, Timeframe, floor_to};

/// Rows looked back for minutes that a `b` makes obsolete; those before were looked at earlier.
const OBSOLETE_ROWS: usize = 64;

impl Instrument {
    pub(crate) fn trade(&mut self, trade: &Trade<'_>, now: Option<Timestamp>) -> Result<Change, Refusal> {
        quality::live_time(trade.time, now)?;
        quality::price(trade.price)?;
        let size = trade.size.to_f64();
        quality::size(size)?;
        let tape = Tape::of(self.class, trade.tape.as_deref());
        let print = Print {
            time: trade.time,
            id: trade.id,
            exchange: exchange_key(trade.exchange.as_deref()),
            price: trade.price,
            size,
            eligibility: Eligibility::of(tape, trade.conditions.as_ref()),
            regular_hours: self.in_regular_hours(trade.time),
        };
        let mut change = self.tick(trade.time);
        if print.updates() == Updates::NOTHING {
            self.quality.ineligible_trades += 1;
        }
        change |= self.take_last(&print, trade.size);
        let minute = Timestamp(floor_to(trade.time.0, MINUTE));
        if self.is_closed(minute) {
            self.quality.late_trades += 1;
            return Ok(self.mark(change | Change::QUALITY));
        }
        match self.window.take(print) {
            Taken::Counted(minute) => change |= self.refresh_minute(minute),
            Taken::Amended(minute) => {
                self.quality.amended_trades += 1;
                change |= self.refresh_minute(minute);
            }
            Taken::Duplicate => self.quality.duplicate_trades += 1,
            Taken::Conflict(minute) => {
                self.quality.conflicting_trades += 1;
                change |= self.refresh_minute(minute);
            }
            Taken::Late => self.quality.late_trades += 1,
        }
        Ok(self.mark(change))
    }

    fn in_regular_hours(&mut self, time: Timestamp) -> bool {
        if self.class.around_the_clock() {
            return true;
        }
        if let Some(span) = self.session.filter(|s| s.contains(time)) {
            return span.session == Session::Regular;
        }
        let span = calendar::session_at(time);
        self.session = Some(span);
        span.session == Session::Regular
    }

    /// Takes the trade as the latest, if it is and counts for the last price.
    fn take_last(&mut self, print: &Print, size: Number) -> Change {
        let later = self.last_print.is_none_or(|(old, _)| print.is_later_than(&old));
        if !later || !print.updates().has(Updates::LAST) {
            return Change::NONE;
        }
        self.last_print = Some((*print, size));
        self.resolve_last()
    }

    fn resolve_last(&mut self) -> Change {
        let last = self.last_print.and_then(|(print, size)| {
            let (resolved, _) = self.window.resolve(&print)?;
            let size = if resolved.size == print.size { size } else { Number::from_f64(resolved.size) };
            Some(LastTrade { time: print.time, price: resolved.price, size })
        });
        if last == self.last_trade {
            return Change::NONE;
        }
        self.last_trade = last;
        Change::TRADE
    }

    pub(crate) fn correction(
        &mut self,
        correction: &Correction<'_>,
        now: Option<Timestamp>,
    ) -> Result<Change, Refusal> {
        quality::time(correction.time, now)?;
        quality::price(correction.corrected_price)?;
        let size = correction.corrected_size.to_f64();
        quality::size(size)?;
        let tape = Tape::of(self.class, correction.tape.as_deref());
        let conditions = correction.corrected_conditions.as_ref().filter(|c| !c.codes.is_empty());
        let fix = Fix {
            time: correction.time,
            id: correction.corrected_id,
            price: correction.corrected_price,
            size,
            eligibility: conditions.map(|c| Eligibility::of(tape, Some(c))),
        };
        Ok(self.amend(correction.exchange.as_deref(), correction.original_id, correction.time, Some(fix)))
    }

    pub(crate) fn cancel(
        &mut self,
        cancel: &CancelError<'_>,
        now: Option<Timestamp>,
    ) -> Result<Change, Refusal> {
        quality::time(cancel.time, now)?;
        Ok(self.amend(cancel.exchange.as_deref(), cancel.id, cancel.time, None))
    }

    fn amend(&mut self, exchange: Option<&str>, id: u64, time: Timestamp, fix: Option<Fix>) -> Change {
        let minutes = self.window.amend(exchange_key(exchange), id, time, fix);
        self.quality.amended_trades += u64::from(!minutes.is_empty());
        let mut change = self.resolve_last();
        for minute in minutes {
            change |= self.refresh_minute(minute);
        }
        self.mark(change)
    }

    pub(crate) fn quote_message(
        &mut self,
        quote: &Quote<'_>,
        now: Option<Timestamp>,
    ) -> Result<Change, Refusal> {
        quality::live_time(quote.time, now)?;
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
        now: Option<Timestamp>,
    ) -> Result<Change, Refusal> {
        let mut bar = Bar::from(message);
        self.check_bar(&bar, kind != BarKind::Daily, now)?;
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
    pub(crate) fn check_bar(
        &mut self,
        bar: &Bar,
        minute: bool,
        now: Option<Timestamp>,
    ) -> Result<(), Refusal> {
        quality::time(bar.time, now)?;
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
        self.window.close(bar.time);
        let minutes = self.series.of(Timeframe::Min1);
        let shown = minutes.at(bar.time);
        if shown.is_some_and(|old| precedence(&old, bar).is_ge()) {
            return Change::NONE;
        }
        self.put_minute(bar)
    }

    fn is_closed(&self, minute: Timestamp) -> bool {
        let minutes = self.series.of(Timeframe::Min1);
        let flags = minutes.find(minute).ok().and_then(|i| minutes.flags().get(i).copied());
        flags.is_some_and(|f| f.has(BarFlags::FROM_SERVER))
    }

    /// Time has come this far for this symbol: the forming minute may have ended.
    fn tick(&mut self, time: Timestamp) -> Change {
        self.clock = self.clock.max(time);
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
    fn is_obsolete(&self, minute: Timestamp) -> bool {
        self.streamed.is_some_and(|(first, last)| first <= minute && minute < last)
            && !self.gaps.touches(minute, minute.plus_nanos(2 * MINUTE))
    }

    /// Makes the row of a minute that is built from trades.
    fn refresh_minute(&mut self, minute: Timestamp) -> Change {
        if self.is_closed(minute) {
            return Change::NONE;
        }
        let made = if self.is_obsolete(minute) { None } else { self.window.bar(minute) };
        match made {
            Some(mut bar) => {
                bar.flags = if minute.plus_nanos(MINUTE) > self.clock {
                    self.forming = Some(minute);
                    BarFlags::FORMING
                } else {
                    BarFlags::PROVISIONAL
                };
                self.put_minute(&bar)
            }
            None => self.remove_minute(minute),
        }
    }

    fn put_minute(&mut self, bar: &Bar) -> Change {
        let minutes = self.series.of_mut(Timeframe::Min1);
        let put = minutes.put(bar);
        if put == Put::Nothing {
            return Change::NONE;
        }
        let mut change = noted(minutes, Timeframe::Min1, put, &self.gaps);
        change |= self.aggregate(bar.time);
        change
    }

    fn remove_minute(&mut self, minute: Timestamp) -> Change {
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

    pub(crate) fn status(&mut self, status: &Status<'_>, now: Option<Timestamp>) -> Result<Change, Refusal> {
        quality::time(status.time, now)?;
        let new = self.halts.add_status(StatusState::from(status));
        Ok(self.mark(if new { Change::STATUS } else { Change::NONE }))
    }

    pub(crate) fn luld(&mut self, luld: &Luld<'_>, now: Option<Timestamp>) -> Result<Change, Refusal> {
        quality::time(luld.time, now)?;
        let new = self.halts.add_luld(LuldState::from(luld));
        Ok(self.mark(if new { Change::LULD } else { Change::NONE }))
    }

    pub(crate) fn order_book(
        &mut self,
        message: &OrderBook<'_>,
        now: Option<Timestamp>,
    ) -> Result<Change, Refusal> {
        quality::time(message.time, now)?;
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
        now: Option<Timestamp>,
    ) -> Result<Change, Refusal> {
        quality::time(message.time, now)?;
        quality::price(message.price)?;
        if self.imbalance.is_some_and(|old| old.time > message.time) {
            return Ok(Change::NONE);
        }
        self.imbalance = Some(ImbalanceState::from(message));
        Ok(self.mark(Change::IMBALANCE))
    }

    pub(crate) fn set_pricing(
        &mut self,
        message: &Pricing<'_>,
        now: Option<Timestamp>,
    ) -> Result<Change, Refusal> {
        quality::time(message.time, now)?;
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
fn noted(series: &mut Series, timeframe: Timeframe, put: Put, gaps: &Gaps) -> Change {
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
