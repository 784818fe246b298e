//! From the store and the sessions to the signals, once a frame, each only if it differs.

mod quote;
mod status;

use wickwire_market::news::{Article, NewsList};
use wickwire_market::{InstrumentClass, Timeframe};
use wickwire_proto::time::Timestamp;

use super::{Engine, Inner};
use crate::dom;
use crate::format;
use crate::frame::Dirty;
use crate::links::{decode_entities, safe_link};
use crate::state::connection::Level;
use crate::state::news::{MAX_ROWS, NewsRow};
use crate::state::quote::Way;
use crate::state::{DataKind, publish};

/// What the publisher remembers from frame to frame about the shown view.
#[derive(Default)]
pub(super) struct Memory {
    /// The last price shown, and the way it came.
    last: Option<(f64, Way)>,
    /// The revision of the news that the rows were made from.
    news_revision: Option<u64>,
    /// Whether the chart's connection waited for the person.
    was_blocked: bool,
}

impl Engine {
    /// Writes the signals that `dirty` concerns.
    pub(super) fn publish(&self, dirty: Dirty) {
        if dirty.any(Dirty::VIEW) {
            let (source, symbol) = {
                let inner = self.inner.borrow();
                (inner.source, inner.symbol.clone())
            };
            publish(self.signals.source, source);
            publish(self.signals.symbol, symbol);
        }
        if dirty.any(Dirty::HISTORY | Dirty::VIEW) {
            let (known, history, news_history, older) = {
                let inner = self.inner.borrow();
                (inner.known.clone(), inner.history.clone(), inner.news_history.clone(), inner.older.clone())
            };
            publish(self.signals.known, known);
            publish(self.signals.history, history);
            publish(self.signals.news_history, news_history);
            publish(self.signals.older, older);
        }
        if dirty.any(Dirty::QUOTE | Dirty::LAST_BAR | Dirty::BARS | Dirty::MARKS | Dirty::VIEW) {
            let quote = self.inner.borrow_mut().quote_view();
            publish(self.signals.quote, quote);
        }
        if dirty.any(Dirty::LAST_BAR | Dirty::BARS | Dirty::VIEW) {
            let count = {
                let inner = self.inner.borrow();
                inner.store.instrument(&inner.symbol).map_or(0, |i| i.series(inner.timeframe).len())
            };
            publish(self.signals.bar_count, count);
        }
        if dirty.any(Dirty::NEWS | Dirty::VIEW) {
            self.publish_news();
        }
        if dirty.any(Dirty::CONNECTION | Dirty::VIEW) {
            self.publish_connection();
        }
        if dirty.any(Dirty::CLOCK | Dirty::VIEW) {
            let (clock, label) = {
                let inner = self.inner.borrow();
                let now = inner.clock.now();
                let known = inner.label.kind != DataKind::Unknown;
                (
                    if known { clock_text(now, inner.symbol.contains('/')) } else { String::new() },
                    inner.label_at(now),
                )
            };
            publish(self.signals.clock, clock);
            publish(self.signals.label, label);
        }
    }

    fn publish_connection(&self) {
        let (view, newly_blocked) = {
            let mut inner = self.inner.borrow_mut();
            let view = inner.connection_view(dom::now());
            let blocked = view.level == Level::Blocked && inner.obstacle.is_none();
            let newly = blocked && !inner.memory.was_blocked;
            inner.memory.was_blocked = blocked;
            (view, newly)
        };
        publish(self.signals.connection, view);
        if newly_blocked {
            // Only the person can go on from here: open the form in which they can.
            publish(self.signals.source_dialog, true);
        }
    }

    /// Those of the articles about the shown symbol that have these numbers, as the page shows them.
    pub(super) fn news_rows(&self, ids: &[u64]) -> Vec<NewsRow> {
        let Ok(inner) = self.inner.try_borrow() else { return Vec::new() };
        let (news, now) = (inner.store.shown_news(), inner.clock.now());
        ids.iter().filter_map(|id| news.get(*id)).map(|article| news_row(article, now)).collect()
    }

    fn publish_news(&self) {
        let rows = {
            let mut inner = self.inner.borrow_mut();
            let inner = &mut *inner;
            let news = inner.store.news();
            if inner.memory.news_revision == Some(news.revision()) {
                return;
            }
            inner.memory.news_revision = Some(news.revision());
            newest(news, inner.clock.now())
        };
        publish(self.signals.news, rows);
    }
}

/// The articles that the page shows, newest first.
fn newest(news: &NewsList, now: Timestamp) -> Vec<NewsRow> {
    news.iter().take(MAX_ROWS).map(|article| news_row(article, now)).collect()
}

/// An article as the page shows it.
fn news_row(article: &Article, now: Timestamp) -> NewsRow {
    NewsRow {
        id: article.id,
        updated: article.updated_at.nanos(),
        headline: decode_entities(&article.headline),
        time: news_time(article.created_at, now),
        datetime: article.created_at.to_rfc3339(),
        symbols: article.symbols.join(" "),
        source: article.source.clone(),
        link: safe_link(&article.url),
    }
}

/// New York's time for stocks, UTC for crypto, to the second.
fn clock_text(now: Timestamp, utc: bool) -> String {
    let (seconds, zone) = if utc { (now.seconds(), "UTC") } else { (new_york(now), "ET") };
    format!("{} {} {zone}", format::date(seconds), format::time_of_day(seconds))
}

/// The time of an article in New York, with its date unless that is today.
fn news_time(at: Timestamp, now: Timestamp) -> String {
    let (at, now) = (new_york(at), new_york(now));
    let time = format::time_of_day(at);
    let time = time.get(..5).unwrap_or_default();
    if at.div_euclid(86_400) == now.div_euclid(86_400) {
        time.to_owned()
    } else {
        let date = format::date(at);
        format!("{} {time}", date.get(5..).unwrap_or_default())
    }
}

/// Seconds since the epoch moved into New York's zone.
fn new_york(time: Timestamp) -> i64 {
    time.seconds() + i64::from(wickwire_market::calendar::new_york_offset(time))
}

impl Inner {
    /// Seconds of the clock on the wall where the shown symbol trades: UTC around the clock, else
    /// New York.
    fn local_seconds(&self, time: Timestamp) -> i64 {
        if InstrumentClass::of(&self.symbol).around_the_clock() { time.seconds() } else { new_york(time) }
    }
}

/// The close that the day's change is measured from where the store knows none: today's open.
pub(super) fn day_open(instrument: &wickwire_market::Instrument) -> Option<f64> {
    instrument.series(Timeframe::Day1).last().map(|bar| bar.open)
}

#[cfg(test)]
mod tests {
    use wickwire_market::Store;
    use wickwire_proto::message::{Message, News};

    use super::*;

    #[test]
    fn the_newest_headlines_are_shown_up_to_a_limit() {
        let mut store = Store::default();
        for id in 0..MAX_ROWS as u64 + 5 {
            let time = Timestamp::from_seconds(1_381_152_600 + id as i64);
            store.apply(&Message::News(News { id, created_at: time, updated_at: time, ..News::default() }));
        }
        let rows = newest(store.news(), Timestamp::from_seconds(1_381_160_000));
        assert_eq!(rows.len(), MAX_ROWS);
        assert_eq!(rows.first().map(|row| row.id), Some(MAX_ROWS as u64 + 4));
    }
}
