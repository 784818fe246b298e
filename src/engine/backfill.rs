//! History and news: when a view opens, and when a hole has to be filled.

use wasm_bindgen_futures::spawn_local;
use wickwire_market::timeframe::MINUTE;
use wickwire_market::{Bar, Change, Timeframe};
use wickwire_proto::message::{BarKind, Message};
use wickwire_proto::rest::RestBar;
use wickwire_proto::time::Timestamp;

use super::connection::dirty_of;
use super::{Engine, Inner};
use crate::frame::Dirty;
use crate::rest::backfill::{BarsRequest, CLOSE_DAYS, MAX_PAGE_BARS, OPENING_BARS, lookback};
use crate::rest::{Rest, RestError};
use crate::source::Source;
use crate::state::{HistoryState, publish};

/// What a request was made for; its answer is dropped if the page shows something else by then.
#[derive(Clone)]
struct Ticket {
    source: Source,
    rest: Rest,
    symbol: String,
    timeframe: Timeframe,
    now: Timestamp,
    source_epoch: u64,
    view_epoch: u64,
}

impl Engine {
    fn ticket(&self) -> Option<Ticket> {
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

    fn is_view(&self, ticket: &Ticket) -> bool {
        self.source_epoch.get() == ticket.source_epoch && self.view_epoch.get() == ticket.view_epoch
    }

    /// Loads what a newly opened view shows: its bars, the minutes and days that they need, the
    /// latest quote.
    pub(super) fn load_history(&self) {
        let Some(ticket) = self.ticket() else {
            publish(self.signals.history, HistoryState::Idle);
            return;
        };
        publish(self.signals.history, HistoryState::Loading);
        self.inner.borrow_mut().loaded_at = ticket.now;
        let this = self.this.clone();
        spawn_local(async move {
            for request in ticket.requests() {
                let result = ticket.rest.bars(ticket.source, &request).await;
                let Some(engine) = this.upgrade().filter(|e| e.is_view(&ticket)) else { return };
                let failed = result.is_err();
                let shown = request.timeframe == ticket.timeframe;
                engine.take_bars(&ticket, &request, result, shown);
                if failed && shown {
                    // The others would fail in the same way.
                    return;
                }
            }
            let quote = ticket.rest.latest_quote(ticket.source, &ticket.symbol).await;
            let Some(engine) = this.upgrade().filter(|e| e.is_view(&ticket)) else { return };
            if let Ok(Some(quote)) = quote {
                let change = engine.inner.borrow_mut().store.apply(&Message::Quote(quote));
                engine.frame.request(dirty_of(change));
            }
        });
    }

    fn take_bars(
        &self,
        ticket: &Ticket,
        request: &BarsRequest,
        result: Result<Vec<RestBar>, RestError>,
        shown: bool,
    ) {
        match result {
            Ok(bars) => {
                let change = self.inner.borrow_mut().merge(&request.symbol, request.timeframe, bars);
                self.frame.request(dirty_of(change) | Dirty::BARS);
                if shown {
                    publish(self.signals.history, HistoryState::Loaded(ticket.rest.way()));
                }
            }
            Err(error) if shown => {
                publish(self.signals.history, HistoryState::Unavailable(error.words()));
                self.frame.request(Dirty::BARS);
            }
            Err(_) => {}
        }
    }

    /// Ends the hole that an interruption left and asks for what is missing in it. It stays on the
    /// chart as a gap if the answer does not come.
    pub(super) fn fill_gap(&self, from: Option<Timestamp>) {
        let Some(from) = from else {
            return self.load_history();
        };
        let Some(ticket) = self.ticket() else { return };
        let change = self.inner.borrow_mut().store.note_gap(Some(&ticket.symbol), from, ticket.now.max(from));
        self.frame.request(dirty_of(change) | Dirty::MARKS);
        let this = self.this.clone();
        spawn_local(async move {
            // From the bar before the hole: the one it cut may be incomplete.
            let start = from.plus_nanos(-MINUTE);
            for timeframe in ticket.timeframes() {
                let step = timeframe.nanos();
                let request = BarsRequest {
                    symbol: ticket.symbol.clone(),
                    timeframe,
                    from: Timestamp(
                        start.nanos().saturating_sub(start.nanos().rem_euclid(step)).saturating_sub(step),
                    ),
                    limit: MAX_PAGE_BARS,
                };
                let result = ticket.rest.bars(ticket.source, &request).await;
                let Some(engine) = this.upgrade().filter(|e| e.is_view(&ticket)) else { return };
                let filled = result.is_ok();
                engine.take_bars(&ticket, &request, result, false);
                if filled && timeframe == Timeframe::Min1 {
                    let change =
                        engine.inner.borrow_mut().store.fill_gap(Some(&ticket.symbol), from, ticket.now);
                    engine.frame.request(dirty_of(change) | Dirty::MARKS | Dirty::BARS);
                }
            }
        });
    }

    /// Asks for the minutes that ended between the first answer and the first subscription.
    pub(super) fn catch_up(&self) {
        let Some(ticket) = self.ticket() else { return };
        let request = BarsRequest {
            symbol: ticket.symbol.clone(),
            timeframe: Timeframe::Min1,
            from: self.inner.borrow().loaded_at.plus_nanos(-2 * MINUTE),
            limit: MAX_PAGE_BARS,
        };
        let this = self.this.clone();
        spawn_local(async move {
            let result = ticket.rest.bars(ticket.source, &request).await;
            if let Some(engine) = this.upgrade().filter(|e| e.is_current(ticket.source_epoch)) {
                engine.take_bars(&ticket, &request, result, false);
            }
        });
    }

    /// Loads the newest articles.
    pub(super) fn load_news(&self) {
        let Some(ticket) = self.ticket() else { return };
        publish(self.signals.news_history, HistoryState::Loading);
        let this = self.this.clone();
        spawn_local(async move {
            let result = ticket.rest.news().await;
            let Some(engine) = this.upgrade().filter(|e| e.is_current(ticket.source_epoch)) else { return };
            match result {
                Ok(articles) => {
                    let change = {
                        let mut inner = engine.inner.borrow_mut();
                        articles.into_iter().fold(Change::NONE, |change, article| {
                            change | inner.store.apply(&Message::News(article))
                        })
                    };
                    engine.frame.request(dirty_of(change));
                    publish(engine.signals.news_history, HistoryState::Loaded(ticket.rest.way()));
                }
                Err(error) => {
                    publish(engine.signals.news_history, HistoryState::Unavailable(error.words()));
                }
            }
        });
    }
}

impl Ticket {
    /// The shown timeframe, then the minutes that its forming bar is made of, then the days that
    /// the day's change is measured from.
    fn timeframes(&self) -> Vec<Timeframe> {
        let mut list = vec![self.timeframe];
        for needed in [Timeframe::Min1, Timeframe::Day1] {
            if !list.contains(&needed) {
                list.push(needed);
            }
        }
        list
    }

    fn requests(&self) -> Vec<BarsRequest> {
        let request = |timeframe: Timeframe| {
            let limit = match timeframe {
                Timeframe::Day1 if timeframe != self.timeframe => CLOSE_DAYS,
                _ => OPENING_BARS,
            };
            let from = self.now.plus_nanos(-lookback(timeframe));
            BarsRequest { symbol: self.symbol.clone(), timeframe, from, limit }
        };
        self.timeframes().into_iter().map(request).collect()
    }
}

impl Inner {
    fn merge(&mut self, symbol: &str, timeframe: Timeframe, mut bars: Vec<RestBar>) -> Change {
        bars.sort_by_key(|bar| bar.time);
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

fn rows<'a>(symbol: &'a str, bars: &'a [RestBar]) -> impl Iterator<Item = Bar> + 'a {
    bars.iter().map(move |bar| Bar::from(&bar.to_message(symbol)))
}
