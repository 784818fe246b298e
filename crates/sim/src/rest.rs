//! Alpaca's REST routes, answered from a history: bars, latest values, snapshots, news, and what
//! of the trading API a terminal asks for. Form and rules:
//! <https://docs.alpaca.markets/reference/stockbars> and its neighbours.
//!
//! Answers are those of a data plan without delay. Any key and secret that are not empty are
//! accepted, but for [`REFUSED_KEY`]. Historical crypto needs no keys, as at Alpaca.

mod bars;
mod latest;
mod news;
mod page_token;
mod query;
mod response;
mod route;
mod timeframe;
mod trading;

use wickwire_proto::request::Credentials;
use wickwire_proto::time::Timestamp;
use wickwire_proto::trading::Order;

use crate::feed::{Listing, Venue};
use crate::history::History;

pub(crate) use news::is_about;
pub use response::RestResponse;
pub(crate) use timeframe::Buckets;
pub use timeframe::{BarSpan, day_start};

/// The key that never authenticates, so that a refusal can be tried.
pub const REFUSED_KEY: &str = "refused";

/// What answers are made from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// What has happened.
    pub history: &'a History,
    /// What there is to look at.
    pub listings: &'a [Listing],
    /// Market time.
    pub now: Timestamp,
    /// The account's orders, oldest first.
    pub orders: &'a [Order],
}

/// A request: method and decoded query as they came, and the path without query.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `GET`, …
    pub method: &'a str,
    /// The path, percent-encoded or not.
    pub path: &'a str,
    /// Decoded name and value pairs.
    pub query: &'a [(String, String)],
    /// What the headers said.
    pub credentials: Option<&'a Credentials>,
}

/// Whether a key and secret are accepted.
#[must_use]
pub fn accepts(credentials: &Credentials) -> bool {
    !credentials.key.is_empty() && !credentials.secret.is_empty() && credentials.key != REFUSED_KEY
}

/// Answers a request.
#[must_use]
pub fn respond(source: &Source<'_>, request: &Request<'_>) -> RestResponse {
    let Some(route) = route::Route::of(request.path) else {
        return RestResponse::error(404, "Not Found");
    };
    match request.credentials {
        Some(credentials) if !accepts(credentials) => return RestResponse::error(403, "forbidden."),
        None if !route.is_open() => return RestResponse::error(401, "unauthorized."),
        _ => {}
    }
    if request.method != "GET" {
        return match route {
            route::Route::Orders if matches!(request.method, "POST" | "DELETE") => {
                RestResponse::error(403, "this server takes no orders")
            }
            _ => RestResponse::error(405, "Method Not Allowed"),
        };
    }
    let query = query::Query::new(request.query);
    let answer = match &route {
        route::Route::Bars { venue, one } => bars::bars(source, *venue, one.as_deref(), &query),
        route::Route::Latest { venue, kind, one } => {
            latest::latest(source, *venue, *kind, one.as_deref(), &query)
        }
        route::Route::Snapshots { venue, one } => latest::snapshots(source, *venue, one.as_deref(), &query),
        route::Route::News => news::news(source, &query),
        route::Route::Clock => Ok(trading::clock(source.now)),
        route::Route::Assets => trading::assets(source, &query),
        route::Route::Asset(symbol) => trading::asset(source, symbol),
        route::Route::Account => Ok(trading::account(source.now)),
        route::Route::Orders => trading::orders(source, &query),
        route::Route::Positions => Ok(RestResponse::json(&Vec::<()>::new())),
    };
    answer.unwrap_or_else(|refusal| refusal)
}

/// Whether a venue's symbols are found under a route of `asked`.
pub(crate) fn belongs(asked: Venue, venue: Venue) -> bool {
    asked == venue || (asked == Venue::Stocks && venue == Venue::Test)
}
