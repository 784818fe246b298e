//! Bars before the first loaded one: a page at a time, when somebody asks.

use wasm_bindgen_futures::spawn_local;
use wickwire_market::BarFlags;
use wickwire_market::quality::EARLIEST;
use wickwire_proto::time::Timestamp;

use super::backfill::Ticket;
use super::connection::dirty_of;
use super::{Engine, Inner};
use crate::frame::Dirty;
use crate::rest::RestError;
use crate::rest::backfill::{BarsAnswer, BarsRequest, OLDER_BARS};
use crate::state::{HistoryState, Older};

/// A series holds as many bars as it may.
struct Full;

impl Engine {
    /// Asks for the page of bars before the first loaded one of the shown series, unless one is on
    /// its way, there is none, the series is full, or the view is still being opened.
    pub(super) fn load_older(&self) {
        let opening = self.inner.borrow().history == HistoryState::Loading;
        let Some(ticket) = self.ticket().filter(|_| !opening) else { return };
        let asked = {
            let inner = self.inner.borrow();
            if matches!(inner.older, Older::Loading | Older::NoMore | Older::Full) {
                return;
            }
            inner.older_request()
        };
        let request = match asked {
            Ok(Some(request)) => request,
            Ok(None) => return,
            Err(Full) => return self.set_older(Older::Full),
        };
        self.set_older(Older::Loading);
        let this = self.this.clone();
        spawn_local(async move {
            let result = ticket.rest.bars(ticket.source, &request).await;
            if let Some(engine) = this.upgrade().filter(|e| e.is_view(&ticket)) {
                engine.take_older(&ticket, &request, result);
            }
        });
    }

    fn take_older(&self, ticket: &Ticket, request: &BarsRequest, result: Result<BarsAnswer, RestError>) {
        let answer = match result {
            Ok(answer) => answer,
            Err(error) => return self.set_older(Older::Failed(error.words())),
        };
        let (change, farther) = {
            let mut inner = self.inner.borrow_mut();
            let before = inner.first_bar();
            let change = inner.merge(&request.symbol, ticket.timeframe, answer.bars);
            (change, inner.first_bar().map(|b| b.0) < before.map(|b| b.0))
        };
        self.frame.request(dirty_of(change) | Dirty::BARS);
        // A page that brought nothing would be asked for again and again.
        self.set_older(if answer.more && farther { Older::Idle } else { Older::NoMore });
    }

    /// Another view: nothing is known about what lies before its bars, but that seconds have none.
    pub(super) fn reset_older(&self) {
        let seconds = self.inner.borrow().timeframe.is_seconds();
        self.set_older(if seconds { Older::NoMore } else { Older::Idle });
    }

    fn set_older(&self, older: Older) {
        self.inner.borrow_mut().older = older;
        self.frame.request(Dirty::HISTORY);
    }
}

impl Inner {
    /// The first bar of the shown series: its start, and whether it was put together here.
    fn first_bar(&self) -> Option<(Timestamp, bool)> {
        let bar = self.store.instrument(&self.symbol)?.series(self.timeframe).get(0)?;
        Some((bar.time, bar.flags.has(BarFlags::AGGREGATED)))
    }

    /// What to ask for; nothing without a bar to ask from.
    fn older_request(&self) -> Result<Option<BarsRequest>, Full> {
        let Some(instrument) = self.store.instrument(&self.symbol) else { return Ok(None) };
        let series = instrument.series(self.timeframe);
        let Some((first, made)) = self.first_bar() else { return Ok(None) };
        if series.len() >= series.limit() {
            return Err(Full);
        }
        // One that was put together here may lack its first part: it is asked for too.
        let until = if made { first } else { first.plus_nanos(-1) };
        Ok(Some(BarsRequest {
            symbol: self.symbol.clone(),
            timeframe: self.timeframe,
            from: EARLIEST,
            until: Some(until),
            limit: OLDER_BARS,
        }))
    }
}
