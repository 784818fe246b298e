//! Trades into an instrument: the forming minute, the last trade, seconds.

use wickwire_proto::message::{CancelError, Correction, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use super::ingest::noted;
use super::{Instrument, LastTrade};
use crate::bar::{Bar, BarFlags};
use crate::calendar::{self, Session};
use crate::change::Change;
use crate::conditions::{Eligibility, Tape, Updates};
use crate::minute::side::{Side, Told};
use crate::minute::{Fix, Print, Taken, exchange_key, no_delta, same_volume};
use crate::quality::{self, Bounds, Refusal};
use crate::second::{Row, Seconds};
use crate::series::Put;
use crate::timeframe::{MINUTE, Timeframe};

impl Instrument {
    pub(crate) fn trade(&mut self, trade: &Trade<'_>, bounds: Bounds) -> Result<Change, Refusal> {
        quality::live_time(trade.time, bounds)?;
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
        if let Some(from) = self.unseen_from.take() {
            self.unseen.add(from, trade.time);
        }
        let mut change = self.tick(trade.time);
        if print.updates() == Updates::NOTHING {
            self.quality.ineligible_trades += 1;
        }
        change |= self.take_last(&print, trade.size);
        let told = self.told(trade);
        let (minute, amended) = match self.window.take_told(print, told, self.seconds.as_deref_mut()) {
            Taken::Counted(minute) => (minute, false),
            Taken::Amended(minute) => (minute, true),
            Taken::Conflict(minute) => {
                self.quality.conflicting_trades += 1;
                (minute, false)
            }
            Taken::Duplicate => {
                self.quality.duplicate_trades += 1;
                return Ok(self.mark(change));
            }
            Taken::Late => {
                self.quality.late_trades += 1;
                return Ok(self.mark(change));
            }
        };
        if self.closed(minute).is_some() {
            self.quality.late_trades += 1;
            change |= Change::QUALITY;
        } else {
            self.quality.amended_trades += u64::from(amended);
        }
        change |= self.refresh_minute(minute) | self.refresh_turned();
        Ok(self.mark(change))
    }

    /// What there is to judge the side of a trade by.
    fn told(&self, trade: &Trade<'_>) -> Told {
        if self.class.around_the_clock() {
            return Side::of_taker(trade.taker_side.as_deref()).map_or(Told::Unknown, Told::Taker);
        }
        let quote = self.spread.in_effect(trade.time).filter(|q| q.time >= self.quotes_since);
        quote.and_then(|q| q.mid()).map_or(Told::Tick, Told::Mid)
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
        bounds: Bounds,
    ) -> Result<Change, Refusal> {
        quality::time(correction.time, bounds)?;
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

    pub(crate) fn cancel(&mut self, cancel: &CancelError<'_>, bounds: Bounds) -> Result<Change, Refusal> {
        quality::time(cancel.time, bounds)?;
        Ok(self.amend(cancel.exchange.as_deref(), cancel.id, cancel.time, None))
    }

    fn amend(&mut self, exchange: Option<&str>, id: u64, time: Timestamp, fix: Option<Fix>) -> Change {
        let exchange = exchange_key(exchange);
        let minutes = self.window.amend_with(exchange, id, time, fix, self.seconds.as_deref_mut());
        self.quality.amended_trades += u64::from(!minutes.is_empty());
        let mut change = self.resolve_last();
        for minute in minutes {
            change |= self.refresh_minute(minute);
        }
        change |= self.refresh_turned();
        self.mark(change)
    }

    /// Minutes and seconds that follow from the last trade or amendment besides its own minute.
    fn refresh_turned(&mut self) -> Change {
        let mut change = Change::NONE;
        for index in 0..self.window.turned().len() {
            if let Some(minute) = self.window.turned().get(index).copied() {
                change |= self.refresh_minute(minute);
            }
        }
        if self.seconds.is_some() {
            change |= self.put_seconds();
        }
        change
    }

    /// The row of a minute, if the server has closed it.
    fn closed(&self, minute: Timestamp) -> Option<usize> {
        let minutes = self.series.of(Timeframe::Min1);
        let index = minutes.find(minute).ok()?;
        minutes.flags().get(index)?.has(BarFlags::FROM_SERVER).then_some(index)
    }

    /// Makes the row of a minute that is built from trades, or the delta of one that is closed.
    fn refresh_minute(&mut self, minute: Timestamp) -> Change {
        if let Some(closed) = self.closed(minute).and_then(|i| self.series.of(Timeframe::Min1).get(i)) {
            let delta = self.delta_of(&closed, Some(&closed));
            if delta == closed.delta {
                return Change::NONE;
            }
            return self.put_minute(&Bar { delta, ..closed });
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

    /// The delta of a minute of the server: of its trades, if those seen have its volume. Without
    /// trades, that of the row before if it has.
    pub(super) fn delta_of(&self, bar: &Bar, shown: Option<&Bar>) -> Option<f64> {
        let known = match self.window.volume_and_delta(bar.time) {
            Some((volume, delta)) => delta.filter(|_| same_volume(volume, bar.volume)),
            None => shown.filter(|b| same_volume(b.volume, bar.volume)).and_then(|b| b.delta),
        };
        known.or_else(|| no_delta(bar))
    }

    /// Builds bars of seconds from now on, and those of the trades that are kept; or no longer.
    pub(crate) fn want_seconds(&mut self, wanted: bool) -> Change {
        if wanted == self.seconds.is_some() {
            return Change::NONE;
        }
        if !wanted {
            self.seconds = None;
            self.built_to = Some(self.clock);
            return Change::NONE;
        }
        let floor = self.window.floor();
        if let Some(built_to) = self.built_to.take().filter(|built_to| *built_to < floor) {
            self.unseen.add(built_to, floor);
        }
        let mut seconds = Box::<Seconds>::default();
        self.window.tell(&mut seconds);
        self.seconds = Some(seconds);
        let change = self.put_seconds();
        self.mark(change)
    }

    /// Puts the rows of seconds that have changed.
    fn put_seconds(&mut self) -> Change {
        let Some(mut seconds) = self.seconds.take() else { return Change::NONE };
        let mut change = Change::NONE;
        seconds.flush(&mut |timeframe, row| {
            let series = self.series.of_mut(timeframe);
            match row {
                Row::Put(mut bar) => {
                    if bar.time.plus_nanos(timeframe.nanos()) > self.clock {
                        bar.flags = BarFlags::FORMING;
                    }
                    let put = series.put(&bar);
                    if put != Put::Nothing {
                        change |= noted(series, timeframe, put, &self.unseen);
                    }
                }
                Row::Clear(from, to, has_bar) => {
                    for index in series.range(from, to).rev() {
                        let start = series.time().get(index).copied().map(Timestamp);
                        if let Some(start) = start.filter(|start| !has_bar(*start)) {
                            series.remove(start);
                            change |= Change::BARS;
                        }
                    }
                }
            }
        });
        self.seconds = Some(seconds);
        change
    }

    /// Time has come further: the seconds that were forming may have ended.
    pub(super) fn end_seconds(&mut self) -> Change {
        let mut change = Change::NONE;
        for timeframe in Timeframe::SECONDS {
            let series = self.series.of_mut(timeframe);
            let Some(last) = series.len().checked_sub(1) else { continue };
            let start = series.time().get(last).copied().map_or(Timestamp::MAX, Timestamp);
            let flags = series.flags().get(last).copied().unwrap_or_default();
            if flags.has(BarFlags::FORMING) && start.plus_nanos(timeframe.nanos()) <= self.clock {
                series.set_flags(last, flags.without(BarFlags::FORMING));
                change |= Change::LAST_BAR;
            }
        }
        change
    }
}
