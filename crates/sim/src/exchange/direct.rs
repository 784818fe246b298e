//! What REST tells a chart, for an owner in the same program: nothing is written and read as text.

use std::time::Duration;

use wickwire_proto::message::{News, Quote};
use wickwire_proto::rest::RestBar;
use wickwire_proto::time::Timestamp;

use super::Exchange;
use crate::feed::Venue;
use crate::history::SymbolHistory;
use crate::rest::{BarSpan, belongs, is_about};

/// Which bars are asked for.
#[derive(Clone, Copy, Debug)]
pub struct BarsQuery<'a> {
    /// Stocks or crypto, as the path says.
    pub venue: Venue,
    /// As the stream writes it.
    pub symbol: &'a str,
    /// Their span.
    pub span: BarSpan,
    /// The first, by its start.
    pub from: Timestamp,
    /// The last, by its start; none after market time.
    pub until: Timestamp,
    /// At most so many.
    pub limit: usize,
}

impl Exchange {
    /// The newest bars of a symbol, newest first, and whether there are more before them: what
    /// `GET …/bars` answers with `sort=desc`. Moves on to `now` first, as [`Self::rest`] does.
    pub fn newest_bars(&mut self, now: Duration, query: &BarsQuery<'_>) -> (Vec<RestBar>, bool) {
        self.advance(now);
        let until = query.until.min(self.clock());
        let Some(history) = self.known(query.venue, query.symbol).filter(|_| query.from <= until) else {
            return (Vec::new(), false);
        };
        let rows = history.bars(query.span, query.from, until);
        let newest = rows.iter().rev().take(query.limit);
        (newest.map(|row| RestBar::from(&row.to_bar(""))).collect(), rows.len() > query.limit)
    }

    /// The latest quote of a symbol: `GET …/quotes/latest`. Moves on to `now` first.
    pub fn latest_quote(&mut self, now: Duration, venue: Venue, symbol: &str) -> Option<Quote<'static>> {
        self.advance(now);
        self.known(venue, symbol)?.quote().cloned()
    }

    /// The newest articles, newest first, all or those `about` a symbol (`symbols`) up to a time (`end`):
    /// `GET /v1beta1/news`. Moves on to `now` first.
    pub fn newest_news(
        &mut self,
        now: Duration,
        about: Option<(&str, Timestamp)>,
        limit: usize,
    ) -> Vec<News<'static>> {
        self.advance(now);
        let clock = self.clock();
        let is_told = |news: &&News<'_>| {
            let wanted = |(symbol, until)| news.updated_at <= until && is_about(news, symbol);
            news.updated_at <= clock && about.is_none_or(wanted)
        };
        self.feed.history().news().rev().filter(is_told).take(limit).cloned().collect()
    }

    fn known(&self, venue: Venue, symbol: &str) -> Option<&SymbolHistory> {
        self.feed.history().symbol(symbol).filter(|held| belongs(venue, held.venue()))
    }
}
