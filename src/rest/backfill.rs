//! The requests that fill a chart.

use wickwire_market::Timeframe;
use wickwire_market::timeframe::DAY;
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
            ("limit", request.limit.clamp(1, MAX_PAGE_BARS).to_string()),
            ("sort", "desc".to_owned()),
        ];
        query.extend(request.until.map(|until| ("end", until.to_rfc3339())));
        query.extend(feed(source, crypto));
        let mut out: Vec<RestBar> = Vec::new();
        let mut token: Option<String> = None;
        let mut more = true;
        for _ in 0..MAX_PAGES {
            let mut query = query.clone();
            if let Some(token) = &token {
                query.push(("page_token", token.clone()));
            }
            let text = self.get(path, &query).await?;
            let page = parse::bars(&text, &request.symbol).ok_or(RestError::Unreadable)?;
            out.extend(page.bars);
            more = page.next.is_some();
            // A server that names the same page again would be followed for ever.
            if !more || page.next == token || out.len() >= request.limit {
                break;
            }
            token = page.next;
        }
        more |= out.len() > request.limit;
        out.truncate(request.limit);
        Ok(BarsAnswer { bars: out, more })
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

    /// The newest articles about anything.
    ///
    /// # Errors
    /// [`RestError`].
    pub async fn news(&self) -> Result<Vec<News<'static>>, RestError> {
        if let Some(exchange) = self.exchange() {
            return Ok(exchange.news(NEWS_LIMIT));
        }
        let query = [
            ("limit", NEWS_LIMIT.to_string()),
            ("sort", "desc".to_owned()),
            ("include_content", "false".to_owned()),
        ];
        parse::news(&self.get("/v1beta1/news", &query).await?).ok_or(RestError::Unreadable)
    }
}

/// `feed=`: stocks have one, crypto has none, and the test stream has no history of its own.
fn feed(source: Source, crypto: bool) -> Option<(&'static str, String)> {
    use crate::source::Feed;
    let feed = source.feed();
    (!crypto && feed != Feed::Test).then(|| ("feed", feed.key().to_owned()))
}
