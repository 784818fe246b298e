//! Historical bars.

use std::collections::BTreeMap;

use wickwire_proto::rest::{BarsPage, RestBar, SymbolBarsPage};

use super::page_token::PageToken;
use super::query::{Answer, Query, Sort, check_symbol, invalid};
use super::response::RestResponse;
use super::timeframe::{BarSpan, day_start};
use super::{Source, belongs};
use crate::feed::Venue;
use crate::history::BarRow;

/// Bars of a page unless the request says otherwise.
pub(super) const DEFAULT_LIMIT: usize = 1_000;
/// Most bars of a page.
pub(super) const MAX_LIMIT: usize = 10_000;

const FEEDS: [&str; 6] = ["iex", "sip", "delayed_sip", "boats", "overnight", "otc"];
const ADJUSTMENTS: [&str; 5] = ["raw", "split", "dividend", "spin-off", "all"];

/// A bar as REST writes it. What a source does not tell is left out.
pub(super) fn to_rest(row: &BarRow) -> RestBar {
    RestBar::from(&row.to_bar(""))
}

/// `/v2/stocks/bars`, `/v2/stocks/{symbol}/bars`, `/v1beta3/crypto/{loc}/bars`.
pub(super) fn bars(
    source: &Source<'_>,
    venue: Venue,
    one: Option<&str>,
    query: &Query<'_>,
) -> Answer<RestResponse> {
    let symbols = match one {
        Some(symbol) => {
            check_symbol(venue, symbol)?;
            vec![symbol]
        }
        None => query.symbols(venue)?,
    };
    let span = query.get("timeframe").ok_or_else(|| RestResponse::error(400, "timeframe is required"))?;
    let span = BarSpan::parse(span).ok_or_else(|| invalid("timeframe", span))?;
    let (start, end) = query.span(venue, day_start(venue, source.now), source.now)?;
    let limit = query.limit(DEFAULT_LIMIT, MAX_LIMIT)?;
    let sort = query.sort(Sort::Ascending)?;
    if venue == Venue::Stocks {
        query.one_of("feed", &FEEDS)?;
        for word in query.get("adjustment").into_iter().flat_map(|list| list.split(',')) {
            if !ADJUSTMENTS.contains(&word) {
                return Err(invalid("adjustment", word));
            }
        }
    }
    let after = match query.get("page_token") {
        Some(text) => Some(PageToken::read(text).ok_or_else(|| invalid("page_token", text))?),
        None => None,
    };

    let mut found: BTreeMap<String, Vec<RestBar>> = BTreeMap::new();
    let mut left = limit;
    let mut next_page_token = None;
    let mut last: Option<PageToken> = None;
    for symbol in symbols {
        if after.as_ref().is_some_and(|token| symbol < token.about.as_str()) {
            continue;
        }
        let Some(history) = source.history.symbol(symbol).filter(|h| belongs(venue, h.venue())) else {
            continue;
        };
        let (mut from, mut to) = (start, end);
        if let Some(token) = after.as_ref().filter(|token| token.about == symbol) {
            match sort {
                Sort::Ascending => from = from.max(token.time.plus_nanos(1)),
                Sort::Descending => to = to.min(token.time.plus_nanos(-1)),
            }
        }
        if from > to {
            continue;
        }
        let mut rows = history.bars(span, from, to);
        if sort == Sort::Descending {
            rows.reverse();
        }
        if rows.is_empty() {
            continue;
        }
        if left == 0 {
            next_page_token = last.as_ref().map(PageToken::write);
            break;
        }
        let cut = rows.len() > left;
        rows.truncate(left);
        left -= rows.len();
        last = rows.last().map(|row| PageToken { about: symbol.to_owned(), time: row.time });
        found.insert(symbol.to_owned(), rows.iter().map(to_rest).collect());
        if cut {
            next_page_token = last.as_ref().map(PageToken::write);
            break;
        }
    }
    Ok(match one {
        Some(symbol) => RestResponse::json(&SymbolBarsPage {
            bars: found.remove(symbol).unwrap_or_default(),
            symbol: symbol.to_owned(),
            next_page_token,
        }),
        None => RestResponse::json(&BarsPage { bars: found, next_page_token }),
    })
}
