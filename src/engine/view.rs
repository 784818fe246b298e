//! What is shown: another symbol or timeframe, and what follows for subscriptions and the store.

use std::rc::Rc;

use leptos::prelude::Set;
use wickwire_market::Timeframe;
use wickwire_market::timeframe::MINUTE;
use wickwire_proto::channel::{Channel, Subscriptions, WILDCARD};
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::time::Timestamp;

use super::connection::gap_start;
use super::publish::Memory;
use super::{Engine, Inner};
use crate::frame::Dirty;
use crate::rest::backfill::OPENING_BARS;
use crate::state::HistoryState;

impl Engine {
    /// Shows another symbol.
    pub(super) fn set_symbol(self: Rc<Self>, symbol: &str) {
        let ready = {
            let inner = self.inner.borrow();
            inner.transport.is_some() && inner.symbol != symbol
        };
        if ready {
            self.show(symbol.to_owned());
        }
    }

    /// Shows another timeframe.
    pub(super) fn set_timeframe(self: Rc<Self>, timeframe: Timeframe) {
        if self.inner.borrow().timeframe == timeframe {
            return;
        }
        {
            let mut inner = self.inner.borrow_mut();
            inner.timeframe = timeframe;
            inner.tell_shown();
        }
        self.signals.timeframe.set(timeframe);
        self.change_layout(|layout| layout.timeframe = timeframe);
        self.view_changed();
        self.load_history();
    }

    pub(super) fn show(&self, symbol: String) {
        {
            let mut inner = self.inner.borrow_mut();
            inner.leave_symbol(&symbol);
            inner.symbol.clone_from(&symbol);
            inner.join_symbol();
            inner.tell_shown();
            inner.headlines.restart();
        }
        self.view_changed();
        self.connect_wanted();
        self.load_history();
        let no_news_asked = self.inner.borrow().news_history == HistoryState::Idle;
        if no_news_asked {
            self.load_news();
        }
    }

    fn view_changed(&self) {
        self.view_epoch.set(self.view_epoch.get() + 1);
        self.reset_older();
        self.inner.borrow_mut().memory = Memory::default();
        self.address().replace();
        self.frame.request(Dirty::ALL);
    }

    /// Opens the connections that the shown symbol and the news need, and brings subscriptions up to
    /// date. The other market's connection stays as it is, with the symbol shown last there: stocks,
    /// crypto and news are open at once, each on its own socket, and going back finds no hole.
    fn connect_wanted(&self) {
        let (chart, symbol) = {
            let mut inner = self.inner.borrow_mut();
            let Some(source) = inner.source else { return };
            if inner.credentials.is_none() {
                return;
            }
            let chart = source.endpoint_for(&inner.symbol);
            // What streams already is not behind.
            let symbol = inner.symbol.clone();
            let streams = |endpoint: Endpoint, symbol: &str| {
                let connection = inner.connections.iter().find(|c| c.endpoint == endpoint);
                connection.is_some_and(|c| c.symbol == symbol && c.is_confirmed())
            };
            let behind = [(chart, symbol.as_str()), (Endpoint::News, WILDCARD)];
            let behind = behind.into_iter().filter(|(endpoint, symbol)| !streams(*endpoint, symbol));
            inner.behind = behind.map(|(endpoint, _)| endpoint).collect();
            (chart, symbol)
        };
        self.want(chart, &symbol, chart_subscriptions(chart, &symbol));
        self.want(Endpoint::News, WILDCARD, news_subscriptions());
    }
}

impl Inner {
    /// Tells the store what is shown: that is kept, and read back farther than the rest.
    fn tell_shown(&mut self) {
        self.store.set_shown(&[(self.symbol.as_str(), self.timeframe)]);
    }

    /// `next` will be shown. The symbol whose subscription it takes over is not known from its last
    /// datum on.
    fn leave_symbol(&mut self, next: &str) {
        let endpoint = self.source.map(|source| source.endpoint_for(next));
        let Some(connection) = self.connections.iter().find(|c| Some(c.endpoint) == endpoint) else { return };
        if connection.symbol == next {
            return;
        }
        let left = &connection.symbol;
        let clock = self.store.instrument(left).and_then(wickwire_market::Instrument::clock);
        if let Some(from) = gap_start(clock) {
            self.store.note_gap(Some(left), from, Timestamp::MAX);
        }
    }

    /// A symbol is shown that may have been left before. What it missed since ends here and is a gap
    /// until history has filled it. If that is longer than the minutes that a view opens with, they
    /// would not reach back to what is there: then it begins anew.
    fn join_symbol(&mut self) {
        let Some(instrument) = self.store.instrument(&self.symbol) else { return };
        let oldest = instrument.gaps().unfilled().map(|g| g.from).min();
        let open = self.store.open_gap(&self.symbol);
        if self.connections.iter().any(|c| c.symbol == self.symbol) {
            // It was never left: a gap of it is its connection's, which ends when that is back.
            if oldest.is_some_and(|from| !bridged(from, self.clock.now())) {
                self.store.forget(&self.symbol);
            }
            return;
        }
        let Some(from) = open else { return };
        let now = self.clock.now().max(from);
        if bridged(from, now) {
            // Once more as its beginning: what came after it was left does not end it.
            self.store.note_gap(Some(&self.symbol), from, Timestamp::MAX);
            self.store.note_gap(Some(&self.symbol), from, now);
        } else {
            self.store.forget(&self.symbol);
        }
    }
}

/// Whether the newest minutes that a view asks for reach back from `now` to `from`: there is at
/// most one a minute.
const fn bridged(from: Timestamp, now: Timestamp) -> bool {
    now.0.saturating_sub(from.0) < OPENING_BARS as i64 * MINUTE
}

/// Every channel of the endpoint that the page shows something of.
fn chart_subscriptions(endpoint: Endpoint, symbol: &str) -> Subscriptions {
    endpoint
        .channels()
        .iter()
        .filter(|c| {
            matches!(
                c,
                Channel::Trades
                    | Channel::Quotes
                    | Channel::Bars
                    | Channel::UpdatedBars
                    | Channel::DailyBars
                    | Channel::Statuses
                    | Channel::Lulds
            )
        })
        .map(|c| (*c, symbol))
        .collect()
}

fn news_subscriptions() -> Subscriptions {
    [(Channel::News, WILDCARD)].into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_away_is_bridged_and_a_weekend_is_not() {
        let from = Timestamp::from_seconds(1_380_000_000);
        let later = |hours: i64| from.plus_nanos(hours * 60 * MINUTE);
        assert!(bridged(from, from) && bridged(from, later(33)));
        assert!(!bridged(from, later(34)) && !bridged(Timestamp::MIN, Timestamp::MAX));
    }
}
