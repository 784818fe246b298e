//! History: when a view opens, and when a hole has to be filled.

use std::rc::{Rc, Weak};

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use wickwire_market::timeframe::MINUTE;
use wickwire_market::{Bar, Change, Timeframe};
use wickwire_proto::message::{BarKind, Message};
use wickwire_proto::rest::RestBar;
use wickwire_proto::sorted::sort_by;
use wickwire_proto::time::Timestamp;

use super::connection::dirty_of;
use super::pauses::Pauses;
use super::{Engine, Inner};
use crate::frame::Dirty;
use crate::rest::backfill::{
    BarsAnswer, BarsRequest, CLOSE_DAYS, MAX_PAGE_BARS, MONTH_DAYS, OPENING_BARS, lookback,
};
use crate::rest::{Rest, RestError};
use crate::source::Source;
use crate::state::{Again, HistoryState};

/// How bars of seconds come, in words.
const FROM_TRADES: &str = "from trades, none before";

/// What became of a request for a part of the history.
enum Asked {
    /// It is there, or will never be.
    Taken,
    /// It failed, and may be asked for again.
    Later,
    /// The page shows something else, or the bars that are shown cannot be had.
    Ended,
}

/// What a request was made for; its answer is dropped if the page shows something else by then.
#[derive(Clone)]
pub(super) struct Ticket {
    pub(super) source: Source,
    pub(super) rest: Rest,
    pub(super) symbol: String,
    pub(super) timeframe: Timeframe,
    now: Timestamp,
    pub(super) source_epoch: u64,
    view_epoch: u64,
}

impl Engine {
    pub(super) fn ticket(&self) -> Option<Ticket> {
        let inner = self.inner.borrow();
        Some(Ticket {
            source: inner.source?,
            rest: inner.rest.clone()?,
            symbol: Some(inner.symbol.clone()).filter(|s| !s.is_empty())?,
            timeframe: inner.timeframe,
            now: inner.clock.now(),
            source_epoch: self.source_epoch.get(),
            view_epoch: self.view_epoch.get(),
        })
    }

    pub(super) fn is_view(&self, ticket: &Ticket) -> bool {
        self.source_epoch.get() == ticket.source_epoch && self.view_epoch.get() == ticket.view_epoch
    }

    /// Loads what a newly opened view shows: its bars, the minutes and days that they need, the
    /// latest quote. What fails and may come later is asked for again, with growing pauses.
    pub(super) fn load_history(&self) {
        let number = self.histories.get() + 1;
        self.histories.set(number);
        let Some(mut ticket) = self.ticket() else {
            return self.note_history(HistoryState::Idle);
        };
        let from_trades = ticket.timeframe.is_seconds();
        let state = if from_trades { HistoryState::Loaded(FROM_TRADES) } else { HistoryState::Loading };
        self.note_history(state);
        self.inner.borrow_mut().loaded_at = ticket.now;
        let this = self.this.clone();
        spawn_local(async move {
            let mut later = Vec::new();
            for number_of in 0..ticket.requests().len() {
                match Self::ask(&this, &mut ticket, number, number_of, false).await {
                    Asked::Taken => {}
                    Asked::Later => later.push(number_of),
                    Asked::Ended => return,
                }
            }
            Self::ask_quote(&this, &ticket, number).await;
            for number_of in later {
                if matches!(Self::ask(&this, &mut ticket, number, number_of, true).await, Asked::Ended) {
                    return;
                }
            }
        });
    }

    /// The engine, while it shows what the ticket is for and nobody has asked anew.
    fn current(this: &Weak<Self>, ticket: &Ticket, number: u64) -> Option<Rc<Self>> {
        this.upgrade().filter(|engine| engine.is_view(ticket) && engine.histories.get() == number)
    }

    /// Asks for the latest quote, unless one has come within the last minute.
    async fn ask_quote(this: &Weak<Self>, ticket: &Ticket, number: u64) {
        let Some(engine) = Self::current(this, ticket, number) else { return };
        let known = engine.inner.borrow().quote_time(&ticket.symbol);
        drop(engine);
        if known > Some(ticket.now.plus_nanos(-MINUTE)) {
            return;
        }
        let quote = ticket.rest.latest_quote(ticket.source, &ticket.symbol).await;
        if let (Ok(Some(quote)), Some(engine)) = (quote, Self::current(this, ticket, number)) {
            let change = engine.inner.borrow_mut().store.apply(&Message::Quote(quote));
            engine.frame.request(dirty_of(change));
        }
    }

    /// Asks for the history that comes in a place of [`Ticket::requests`] until it is there or there is no
    /// use. The one that is shown is waited for; others at once only, or in `earnest` when all else is done.
    async fn ask(this: &Weak<Self>, ticket: &mut Ticket, number: u64, place: usize, earnest: bool) -> Asked {
        let mut pauses = Pauses::default();
        while let Some(request) = ticket.requests().into_iter().nth(place) {
            let result = ticket.rest.bars(ticket.source, &request).await;
            let Some(engine) = Self::current(this, ticket, number) else { return Asked::Ended };
            let shown = request.timeframe == ticket.timeframe;
            let failed = result.as_ref().err().map(|error| pauses.after(error));
            let (pause, again) = failed.unwrap_or((None, Again::Never));
            engine.take_bars(ticket, &request, result, shown.then_some(again));
            drop(engine);
            match pause {
                Some(pause) if shown || earnest => TimeoutFuture::new(pause).await,
                Some(_) => return Asked::Later,
                // The others would fail in the same way.
                None if failed.is_some() && shown => return Asked::Ended,
                None => break,
            }
            let Some(engine) = Self::current(this, ticket, number) else { return Asked::Ended };
            ticket.now = engine.inner.borrow().clock.now();
        }
        Asked::Taken
    }

    /// Takes an answer. Of that for the `shown` bars the page is told, and whether they are asked for again.
    fn take_bars(
        &self,
        ticket: &Ticket,
        request: &BarsRequest,
        result: Result<BarsAnswer, RestError>,
        shown: Option<Again>,
    ) {
        match result {
            Ok(answer) => {
                let change = self.inner.borrow_mut().take(ticket, request, answer);
                self.frame.request(dirty_of(change) | Dirty::BARS);
                if shown.is_some() {
                    self.note_history(HistoryState::Loaded(ticket.rest.way()));
                }
            }
            Err(error) => {
                if let Some(again) = shown {
                    self.note_history(HistoryState::Unavailable(error.words(), again));
                    self.frame.request(Dirty::BARS);
                }
            }
        }
    }

    /// Ends the hole that an interruption left and asks for what is missing in it: some times, as the
    /// network may come back for streams first. It stays on the chart as a gap if the answer does not come.
    pub(super) fn fill_gap(&self, from: Option<Timestamp>) {
        let Some(from) = from else {
            return self.load_history();
        };
        let Some(ticket) = self.ticket() else { return };
        let change = self.inner.borrow_mut().store.note_gap(Some(&ticket.symbol), from, ticket.now.max(from));
        self.frame.request(dirty_of(change) | Dirty::MARKS);
        // One at a time asks, for all that is missing of its symbol: also for what the one before did. What
        // that did for another symbol its history does when it is shown again.
        let number = self.fillers.get() + 1;
        self.fillers.set(number);
        let from = self.inner.borrow().oldest_hole(&ticket).map_or(from, |oldest| oldest.min(from));
        let this = self.this.clone();
        spawn_local(async move {
            // From the bar before the hole: the one it cut may be incomplete.
            let start = from.plus_nanos(-MINUTE);
            for timeframe in ticket.timeframes() {
                let request = BarsRequest {
                    symbol: ticket.symbol.clone(),
                    timeframe,
                    from: bar_before(timeframe, start),
                    until: None,
                    limit: MAX_PAGE_BARS,
                };
                if !Self::fill(&this, &ticket, &request, number).await {
                    return;
                }
            }
        });
    }

    /// Asks for bars that are missing until they are there or there is no use; whether to go on with others.
    async fn fill(this: &Weak<Self>, ticket: &Ticket, request: &BarsRequest, number: u64) -> bool {
        let mut pauses = Pauses::default();
        loop {
            let result = ticket.rest.bars(ticket.source, request).await;
            // Whatever is shown by then: the hole is the symbol's.
            let current = |e: &Rc<Self>| e.is_current(ticket.source_epoch);
            let Some(engine) = this.upgrade().filter(current) else { return false };
            let may_pass = result.as_ref().is_err_and(RestError::may_pass);
            engine.take_bars(ticket, request, result, None);
            // What a later one asks for is more than what is still missing here.
            let is_last = engine.fillers.get() == number;
            if !may_pass || !is_last {
                return is_last;
            }
            drop(engine);
            let Some(pause) = pauses.next() else { return false };
            TimeoutFuture::new(pause).await;
        }
    }

    /// Asks for the minutes that ended between the first answer and the first subscription, as for a hole.
    pub(super) fn catch_up(&self) {
        let Some(ticket) = self.ticket() else { return };
        let request = BarsRequest {
            symbol: ticket.symbol.clone(),
            timeframe: Timeframe::Min1,
            from: self.inner.borrow().loaded_at.plus_nanos(-2 * MINUTE),
            until: None,
            limit: MAX_PAGE_BARS,
        };
        let (this, number) = (self.this.clone(), self.fillers.get());
        spawn_local(async move {
            Self::fill(&this, &ticket, &request, number).await;
        });
    }

    /// Takes down how far the shown series' history has come; the next frame publishes it.
    fn note_history(&self, state: HistoryState) {
        self.inner.borrow_mut().history = state;
        self.frame.request(Dirty::HISTORY);
    }
}

impl Ticket {
    /// The shown timeframe if there is history of it, then the minutes that its forming bar is made
    /// of, then the days that the day's change is measured from.
    fn timeframes(&self) -> Vec<Timeframe> {
        let mut list = Vec::new();
        for needed in [self.timeframe, Timeframe::Min1, Timeframe::Day1] {
            if needed.api_name().is_some() && !list.contains(&needed) {
                list.push(needed);
            }
        }
        list
    }

    fn requests(&self) -> Vec<BarsRequest> {
        let request = |timeframe: Timeframe| {
            let limit = match (timeframe, self.timeframe) {
                (Timeframe::Day1, Timeframe::Week1 | Timeframe::Month1) => MONTH_DAYS,
                (Timeframe::Day1, shown) if shown != Timeframe::Day1 => CLOSE_DAYS,
                _ => OPENING_BARS,
            };
            let from = self.now.plus_nanos(-lookback(timeframe));
            BarsRequest { symbol: self.symbol.clone(), timeframe, from, until: None, limit }
        };
        self.timeframes().into_iter().map(request).collect()
    }
}

impl Inner {
    /// The time of the latest quote of a symbol.
    fn quote_time(&self, symbol: &str) -> Option<Timestamp> {
        Some(self.store.instrument(symbol)?.quote()?.point.time)
    }

    /// Where the oldest hole of the ticket's symbol begins that one page of minutes can reach.
    fn oldest_hole(&self, ticket: &Ticket) -> Option<Timestamp> {
        let reach = ticket.now.plus_nanos(-(MAX_PAGE_BARS as i64) * MINUTE);
        let gaps = self.store.instrument(&ticket.symbol)?.gaps();
        gaps.unfilled().map(|gap| gap.from).filter(|from| *from > reach).min()
    }

    /// Takes the newest bars up to the time of the ticket. Where minutes reach, nothing is missing.
    fn take(&mut self, ticket: &Ticket, request: &BarsRequest, answer: BarsAnswer) -> Change {
        let oldest = answer.bars.iter().map(|bar| bar.time).min();
        let reaches = if answer.more { oldest } else { Some(request.from) };
        let change = self.merge(&request.symbol, request.timeframe, answer.bars);
        match reaches.filter(|_| request.timeframe == Timeframe::Min1) {
            Some(from) => change | self.store.fill_gap(Some(&request.symbol), from, ticket.now),
            None => change,
        }
    }

    pub(super) fn merge(&mut self, symbol: &str, timeframe: Timeframe, mut bars: Vec<RestBar>) -> Change {
        sort_by(&mut bars, |a, b| a.time < b.time);
        if timeframe != Timeframe::Min1 {
            return self.store.prepend_bars(symbol, timeframe, rows(symbol, &bars));
        }
        // A minute that still runs is better built from its trades. Only the newest can be one; a
        // wrong clock of this device must not cost more than that.
        let now = self.clock.now();
        if self.clock.is_wall() && bars.last().is_some_and(|bar| bar.time.plus_nanos(MINUTE) > now) {
            bars.pop();
        }
        let mut change = self.store.prepend_bars(symbol, timeframe, rows(symbol, &bars));
        // The store takes for running what ends after the last datum it saw. After a gap that is
        // too careful: the server has closed these minutes, and will not send them again.
        for bar in bars.iter().rev() {
            let known = self.store.instrument(symbol).and_then(|i| i.series(timeframe).at(bar.time));
            if known.is_some_and(|known| !known.flags.is_open()) {
                break;
            }
            change |= self.store.apply(&Message::Bar(BarKind::Minute, bar.to_message(symbol)));
        }
        change
    }
}

/// A time no later than the start of the bar before the one that holds `time`.
const fn bar_before(timeframe: Timeframe, time: Timestamp) -> Timestamp {
    let step = timeframe.nanos();
    let floor = time.nanos().saturating_sub(time.nanos().rem_euclid(step));
    // Days, weeks and months do not start on multiples of their length.
    Timestamp(floor.saturating_sub(if timeframe.is_intraday() { step } else { 2 * step }))
}

fn rows<'a>(symbol: &'a str, bars: &'a [RestBar]) -> impl Iterator<Item = Bar> + 'a {
    bars.iter().map(move |bar| Bar::from(&bar.to_message(symbol)))
}
