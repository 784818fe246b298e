//! News: the newest about anything, and about the shown symbol a page at a time as far back as bars are in
//! view.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use wickwire_market::Change;
use wickwire_market::limits::MAX_NEWS;
use wickwire_proto::message::{Message, News};
use wickwire_proto::time::Timestamp;

use super::Engine;
use super::backfill::Ticket;
use super::connection::dirty_of;
use super::pauses::Pauses;
use crate::frame::Dirty;
use crate::rest::backfill::NEWS_LIMIT;
use crate::state::HistoryState;

/// Pages of news about one symbol that are asked for: as many as are kept of it.
const MAX_PAGES: usize = MAX_NEWS / NEWS_LIMIT;

/// How far back the news about the shown symbol has been read.
#[derive(Default)]
pub(super) struct Headlines {
    /// Counts up with every beginning: late answers from before it are dropped.
    number: u64,
    /// Where the next page ends; nothing while one is on its way, or when there is none.
    next: Option<Timestamp>,
    /// How many may still be asked for.
    left: usize,
}

impl Headlines {
    /// Begins with the newest.
    pub(super) fn restart(&mut self) {
        let (number, next) = (self.number + 1, Some(Timestamp::MAX));
        *self = Self { number, next, left: MAX_PAGES };
    }

    /// Notes what came of the page that ends at `end`.
    fn taken(&mut self, end: Timestamp, page: &[News<'_>]) {
        self.left -= 1;
        let oldest = page.iter().map(|news| news.updated_at).min();
        // The next page begins with the last of this one: others may have its time.
        self.next = oldest.filter(|oldest| self.left > 0 && page.len() >= NEWS_LIMIT && *oldest < end);
    }
}

impl Engine {
    /// Loads the newest articles about anything; those about the shown symbol begin anew, too.
    pub(super) fn load_news(&self) {
        let Some(ticket) = self.ticket() else { return };
        self.news_lists.set(self.news_lists.get() + 1);
        self.inner.borrow_mut().headlines.restart();
        self.note_news_history(HistoryState::Loading);
        self.ask_news(ticket, None);
    }

    /// Asks for the next page of news about the shown symbol, unless what is there reaches back to `from`,
    /// or one is on its way.
    pub(super) fn load_headlines(&self, from: Timestamp) {
        if self.inner.borrow().headlines.next.is_none_or(|next| next <= from) {
            return;
        }
        let Some(ticket) = self.ticket() else { return };
        let end = self.inner.borrow_mut().headlines.next.take();
        self.ask_news(ticket, end);
    }

    /// Asks for the newest articles, or for those about the shown symbol up to `end`; with growing pauses
    /// where they do not come and may come later.
    fn ask_news(&self, ticket: Ticket, end: Option<Timestamp>) {
        let (this, number) = (self.this.clone(), self.news_number(end));
        spawn_local(async move {
            let mut pauses = Pauses::default();
            loop {
                let result = ticket.rest.news(end.map(|end| (&*ticket.symbol, end))).await;
                let current =
                    |e: &Rc<Self>| e.is_current(ticket.source_epoch) && e.news_number(end) == number;
                let Some(engine) = this.upgrade().filter(current) else { return };
                let error = match result {
                    Ok(page) => return engine.take_news(&ticket, end, page),
                    Err(error) => error,
                };
                let (pause, again) = pauses.after(&error);
                if end.is_none() {
                    engine.note_news_history(HistoryState::Unavailable(error.words(), again));
                }
                drop(engine);
                let Some(pause) = pause else { return };
                TimeoutFuture::new(pause).await;
                if this.upgrade().filter(current).is_none() {
                    return;
                }
            }
        });
    }

    /// The number of the list that a request is for.
    fn news_number(&self, end: Option<Timestamp>) -> u64 {
        end.map_or(self.news_lists.get(), |_| self.inner.borrow().headlines.number)
    }

    fn take_news(&self, ticket: &Ticket, end: Option<Timestamp>, page: Vec<News<'static>>) {
        let change = {
            let mut inner = self.inner.borrow_mut();
            if let Some(end) = end {
                inner.headlines.taken(end, &page);
            }
            page.into_iter().fold(Change::NONE, |change, news| match end {
                Some(_) => change | inner.store.load_shown_news(&news),
                None => change | inner.store.apply(&Message::News(news)),
            })
        };
        // Also without a change: the chart then asks for the next page, where it shows more.
        self.frame.request(dirty_of(change) | Dirty::NEWS);
        if end.is_none() {
            self.note_news_history(HistoryState::Loaded(ticket.rest.way()));
        }
    }

    /// Takes down how far the list of news has come; the next frame publishes it.
    fn note_news_history(&self, state: HistoryState) {
        self.inner.borrow_mut().news_history = state;
        self.frame.request(Dirty::HISTORY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(oldest: i64, count: usize) -> Vec<News<'static>> {
        let time = |i: usize| Timestamp::from_seconds(oldest + i as i64);
        (0..count).rev().map(|i| News { updated_at: time(i), ..News::default() }).collect()
    }

    #[test]
    fn pages_end_at_the_oldest_and_are_bounded() {
        let mut headlines = Headlines::default();
        assert_eq!(headlines.next, None, "before a symbol is shown nothing is asked for");
        headlines.restart();
        let (mut end, mut pages) = (Timestamp::MAX, 0);
        while let Some(next) = headlines.next.take() {
            assert_eq!(next, end);
            pages += 1;
            end = Timestamp::from_seconds(-1_000 * pages as i64);
            headlines.taken(next, &page(end.seconds(), NEWS_LIMIT));
        }
        assert_eq!(pages, MAX_PAGES);
        assert!(pages * NEWS_LIMIT <= MAX_NEWS);
    }

    #[test]
    fn the_last_page_and_one_without_progress_end_it() {
        let after = |end: i64, count: usize| {
            let mut headlines = Headlines::default();
            headlines.restart();
            headlines.taken(Timestamp::from_seconds(end), &page(100, count));
            headlines.next.map(|next| next.seconds())
        };
        assert_eq!(after(1_000, NEWS_LIMIT), Some(100));
        assert_eq!([after(1_000, NEWS_LIMIT - 1), after(1_000, 0), after(100, NEWS_LIMIT)], [None; 3]);
    }
}
