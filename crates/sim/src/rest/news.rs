//! News articles.

use serde::Serialize;
use wickwire_proto::message::News;
use wickwire_proto::time::Timestamp;

use super::Source;
use super::page_token::PageToken;
use super::query::{Answer, Query, Sort, invalid};
use super::response::RestResponse;
use crate::feed::Venue;

/// Articles of a page unless the request says otherwise.
pub(super) const DEFAULT_LIMIT: usize = 10;
/// Most articles of a page.
pub(super) const MAX_LIMIT: usize = 50;

#[derive(Serialize)]
struct Article<'a> {
    id: u64,
    headline: &'a str,
    author: &'a str,
    created_at: Timestamp,
    updated_at: Timestamp,
    summary: &'a str,
    content: &'a str,
    /// The stream has no pictures, and none are made up.
    images: [(); 0],
    symbols: Vec<&'a str>,
    source: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct Page<'a> {
    news: Vec<Article<'a>>,
    next_page_token: Option<String>,
}

/// News writes pairs without their slash; both forms are understood.
pub(crate) fn is_about(news: &News<'_>, symbol: &str) -> bool {
    news.symbols
        .iter()
        .any(|s| s == symbol || s.bytes().filter(|b| *b != b'/').eq(symbol.bytes().filter(|b| *b != b'/')))
}

/// `/v1beta1/news`, by last update.
pub(super) fn news(source: &Source<'_>, query: &Query<'_>) -> Answer<RestResponse> {
    let symbols: Vec<&str> = query
        .get("symbols")
        .into_iter()
        .flat_map(|l| l.split(','))
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .collect();
    let limit = query.limit(DEFAULT_LIMIT, MAX_LIMIT)?;
    let sort = query.sort(Sort::Descending)?;
    let (start, end) = query.span(Venue::News, Timestamp::MIN, source.now)?;
    let with_content = query.flag("include_content", false)?;
    let without_contentless = query.flag("exclude_contentless", false)?;
    let after = match query.get("page_token") {
        Some(text) => {
            let token = PageToken::read(text).ok_or_else(|| invalid("page_token", text))?;
            let id: u64 = token.about.parse().map_err(|_| invalid("page_token", text))?;
            Some((token.time, id))
        }
        None => None,
    };
    let mut found: Vec<&News<'_>> = source
        .history
        .news()
        .filter(|n| (start..=end).contains(&n.updated_at))
        .filter(|n| symbols.is_empty() || symbols.iter().any(|s| is_about(n, s)))
        .filter(|n| !without_contentless || !n.content.is_empty())
        .filter(|n| {
            let key = (n.updated_at, n.id);
            after.is_none_or(|after| if sort == Sort::Ascending { key > after } else { key < after })
        })
        .collect();
    found.sort_by_key(|n| (n.updated_at, n.id));
    if sort == Sort::Descending {
        found.reverse();
    }
    let more = found.len() > limit;
    found.truncate(limit);
    let next_page_token = found
        .last()
        .filter(|_| more)
        .map(|n| PageToken { about: n.id.to_string(), time: n.updated_at }.write());
    let news = found
        .into_iter()
        .map(|n| Article {
            id: n.id,
            headline: &n.headline,
            author: &n.author,
            created_at: n.created_at,
            updated_at: n.updated_at,
            summary: &n.summary,
            content: if with_content { &n.content } else { "" },
            images: [],
            symbols: n.symbols.iter().map(AsRef::as_ref).collect(),
            source: &n.source,
            url: &n.url,
        })
        .collect();
    Ok(RestResponse::json(&Page { news, next_page_token }))
}
