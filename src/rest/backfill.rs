//! The requests that fill a chart.

use wickwire_market::timeframe::DAY;
use wickwire_market::{Timeframe, symbol};
use wickwire_proto::message::{News, Quote};
use wickwire_proto::rest::RestBar;
use wickwire_proto::time::Timestamp;

use super::{Rest, RestError, parse};
use crate::source::{Source, is_crypto};

/// Bars of the shown timeframe asked for when a view opens: a wide screen, and room to pan.
pub const OPENING_BARS: usize = 2_000;
/// Bars of a page before those.
pub const OLDER_BARS: usize = 2_000;
/// Days asked for where only the previous close is wanted.
pub const CLOSE_DAYS: usize = 10;
/// Days asked for where the running month is put together from them.
pub const MONTH_DAYS: usize = 31;
/// Most bars of one answer (the API's limit).
pub const MAX_PAGE_BARS: usize = 10_000;
/// Most pages followed for one request.
pub const MAX_PAGES: usize = 8;
/// Articles asked for (the API's limit).
pub const NEWS_LIMIT: usize = 50;

/// How far back bars of a timeframe are asked for when a view opens, in nanoseconds: enough for
/// [`OPENING_BARS`] of a stock that trades all day, as far as there is history. Seconds have none.
#[must_use]
pub const fn lookback(timeframe: Timeframe) -> i64 {
    let days = match timeframe {
        Timeframe::Sec1 | Timeframe::Sec5 | Timeframe::Sec15 | Timeframe::Sec30 => 0,
        Timeframe::Min1 => 7,
        Timeframe::Min5 => 30,
        Timeframe::Min15 => 60,
        Timeframe::Min30 => 120,
        Timeframe::Hour1 => 240,
        Timeframe::Hour4 => 2 * 366,
        Timeframe::Day1 => 5 * 366,
        Timeframe::Week1 => 20 * 366,
        Timeframe::Month1 => 40 * 366,
    };
    days * DAY
}

/// Which bars.
#[derive(Clone, Debug, PartialEq)]
pub struct BarsRequest {
    /// As the stream writes it.
    pub symbol: String,
    /// Their span.
    pub timeframe: Timeframe,
    /// The first, by its start.
    pub from: Timestamp,
    /// The last, by its start; `None` for the newest there is.
    pub until: Option<Timestamp>,
    /// At most so many, the newest.
    pub limit: usize,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BarsAnswer {
    /// Newest first or in any other order: sort by time.
    pub bars: Vec<RestBar>,
    /// Whether the request has older bars than these.
    pub more: bool,
}

impl Rest {
    /// The newest bars of a request. Seconds have none.
    ///
    /// # Errors
    /// [`RestError`] of the first page that fails. Pages beyond [`MAX_PAGES`] are not asked for.
    pub async fn bars(&self, source: Source, request: &BarsRequest) -> Result<BarsAnswer, RestError> {
        let Some(timeframe) = request.timeframe.api_name() else { return Ok(BarsAnswer::default()) };
        if let Some(exchange) = self.exchange() {
            let (bars, more) = exchange.bars(request, timeframe);
            return Ok(BarsAnswer { bars, more });
        }
        let crypto = is_crypto(&request.symbol);
        let path = if crypto { "/v1beta3/crypto/us/bars" } else { "/v2/stocks/bars" };
        let mut query = vec![
            ("symbols", request.symbol.clone()),
            ("timeframe", timeframe.to_owned()),
            ("start", request.from.to_rfc3339()),
            ("limit", page_size(request.limit).to_string()),
            ("sort", "desc".to_owned()),
        ];
        query.extend(request.until.map(|until| ("end", until.to_rfc3339())));
        query.extend(feed(source, crypto));
        let mut pages = Pages::default();
        loop {
            let mut query = query.clone();
            query.extend(pages.next.clone().map(|token| ("page_token", token)));
            let text = self.get(path, &query).await?;
            let page = parse::bars(&text, &request.symbol).ok_or(RestError::Unreadable)?;
            if !pages.take(page, request.limit) {
                return Ok(pages.answer(request.limit));
            }
        }
    }

    /// The latest quote, if there is one.
    ///
    /// # Errors
    /// [`RestError`].
    pub async fn latest_quote(
        &self,
        source: Source,
        symbol: &str,
    ) -> Result<Option<Quote<'static>>, RestError> {
        if let Some(exchange) = self.exchange() {
            return Ok(exchange.latest_quote(symbol));
        }
        let crypto = is_crypto(symbol);
        let path = if crypto { "/v1beta3/crypto/us/latest/quotes" } else { "/v2/stocks/quotes/latest" };
        let mut query = vec![("symbols", symbol.to_owned())];
        query.extend(feed(source, crypto));
        Ok(parse::latest_quote(&self.get(path, &query).await?, symbol))
    }

    /// The newest articles, at most [`NEWS_LIMIT`]: about anything, or those `about` a symbol whose last
    /// change was not after a time.
    ///
    /// # Errors
    /// [`RestError`].
    pub async fn news(&self, about: Option<(&str, Timestamp)>) -> Result<Vec<News<'static>>, RestError> {
        if let Some(exchange) = self.exchange() {
            return Ok(exchange.news(about, NEWS_LIMIT));
        }
        let mut query = vec![
            ("limit", NEWS_LIMIT.to_string()),
            ("sort", "desc".to_owned()),
            ("include_content", "false".to_owned()),
        ];
        if let Some((symbol, until)) = about {
            // Pairs are without their slash there.
            query.push(("symbols", symbol::key(symbol).into_owned()));
            if until < Timestamp::MAX {
                query.push(("end", until.to_rfc3339()));
            }
        }
        parse::news(&self.get("/v1beta1/news", &query).await?).ok_or(RestError::Unreadable)
    }
}

/// How many bars a page is asked for.
fn page_size(limit: usize) -> usize {
    limit.clamp(1, MAX_PAGE_BARS)
}

/// The pages of one request, as they come.
#[derive(Default)]
struct Pages {
    bars: Vec<RestBar>,
    taken: usize,
    /// Where the next page begins, if the last one said so.
    next: Option<String>,
}

impl Pages {
    /// Takes a page of a request for `limit` bars; whether the next one is asked for.
    fn take(&mut self, page: parse::BarsPage, limit: usize) -> bool {
        self.bars.extend(page.bars);
        self.taken += 1;
        // A server that names the same page again would be followed for ever.
        let repeats = page.next == self.next;
        self.next = page.next;
        self.next.is_some() && !repeats && self.taken < MAX_PAGES && self.bars.len() < limit
    }

    fn answer(mut self, limit: usize) -> BarsAnswer {
        let more = self.next.is_some() || self.bars.len() > limit;
        self.bars.truncate(limit);
        BarsAnswer { bars: self.bars, more }
    }
}

/// `feed=`: stocks have one, crypto has none, and the test stream has no history of its own.
fn feed(source: Source, crypto: bool) -> Option<(&'static str, String)> {
    use crate::source::Feed;
    let feed = source.feed();
    (!crypto && feed != Feed::Test).then(|| ("feed", feed.key().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(bars: usize, next: Option<&str>) -> parse::BarsPage {
        let text = r#"{"t":"2013-10-07T13:30:00Z","o":1,"h":1,"l":1,"c":1,"v":1}"#;
        let list = vec![text; bars].join(",");
        let next = next.map_or("null".to_owned(), |next| format!("\"{next}\""));
        let text = format!(r#"{{"bars":{{"IBM":[{list}]}},"next_page_token":{next}}}"#);
        parse::bars(&text, "IBM").unwrap_or_default()
    }

    #[test]
    fn pages_without_end_are_followed_up_to_a_limit() {
        let mut pages = Pages::default();
        let mut asked = 1;
        while pages.take(page(1, Some(&format!("token {asked}"))), usize::MAX) {
            asked += 1;
            assert!(asked <= MAX_PAGES);
        }
        assert_eq!(asked, MAX_PAGES);
        let answer = pages.answer(usize::MAX);
        assert_eq!((answer.bars.len(), answer.more), (MAX_PAGES, true));
    }

    #[test]
    fn the_last_page_one_that_repeats_and_enough_bars_end_it() {
        let mut last = Pages::default();
        assert!(last.take(page(2, Some("a")), 9));
        assert!(!last.take(page(2, None), 9));
        assert!(!last.answer(9).more);
        let mut repeats = Pages::default();
        assert!(repeats.take(page(0, Some("a")), 9));
        assert!(!repeats.take(page(0, Some("a")), 9));
        assert!(repeats.answer(9).more);
        let mut enough = Pages::default();
        assert!(!enough.take(page(3, Some("a")), 3));
        assert_eq!(enough.answer(3).bars.len(), 3);
        let mut over = Pages::default();
        assert!(!over.take(page(4, None), 3));
        let answer = over.answer(3);
        assert_eq!((answer.bars.len(), answer.more), (3, true));
    }

    #[test]
    fn a_page_is_asked_for_what_the_api_gives() {
        assert_eq!([0, 5, MAX_PAGE_BARS + 1].map(page_size), [1, 5, MAX_PAGE_BARS]);
    }
}
