//! Latest values and snapshots.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use wickwire_proto::message::Level;
use wickwire_proto::rest::{RestLevel, RestOrderBook, RestQuote, RestTrade, Snapshot};
use wickwire_proto::time::Timestamp;

use super::bars::to_rest;
use super::query::{Answer, Query, check_symbol};
use super::response::RestResponse;
use super::route::Latest;
use super::timeframe::{BarSpan, day_start};
use super::{Source, belongs};
use crate::feed::Venue;
use crate::history::{Book, SymbolHistory};

/// A day and a bit back finds the day before.
const WEEKS_BACK: i64 = 35 * 86_400 * 1_000_000_000;

fn book_of(book: &Book) -> RestOrderBook {
    let level = |level: Level| RestLevel { price: level.price, size: level.size };
    RestOrderBook {
        time: book.time(),
        bids: book.bids().map(level).collect(),
        asks: book.asks().map(level).collect(),
    }
}

fn value(of: &impl Serialize) -> Option<Value> {
    serde_json::to_value(of).ok()
}

fn latest_of(history: &SymbolHistory, kind: Latest) -> Option<Value> {
    match kind {
        Latest::Bars => history.minutes().last().and_then(|row| value(&to_rest(row))),
        Latest::Quotes => history.quote().and_then(|quote| value(&RestQuote::from(quote))),
        Latest::Trades => history.trade().and_then(|trade| value(&RestTrade::from(trade))),
        Latest::OrderBooks => history.book().and_then(|book| value(&book_of(book))),
    }
}

/// `…/latest` and `/latest/…`.
pub(super) fn latest(
    source: &Source<'_>,
    venue: Venue,
    kind: Latest,
    one: Option<&str>,
    query: &Query<'_>,
) -> Answer<RestResponse> {
    let found = |symbol: &str| {
        let history = source.history.symbol(symbol).filter(|h| belongs(venue, h.venue()))?;
        latest_of(history, kind)
    };
    if let Some(symbol) = one {
        check_symbol(venue, symbol)?;
        let missing = || RestResponse::error(404, &format!("no {} found for {symbol}", kind.singular()));
        let mut body = Map::new();
        body.insert("symbol".to_owned(), symbol.into());
        body.insert(kind.singular().to_owned(), found(symbol).ok_or_else(missing)?);
        return Ok(RestResponse::json(&body));
    }
    let values: BTreeMap<&str, Value> =
        query.symbols(venue)?.into_iter().filter_map(|s| Some((s, found(s)?))).collect();
    Ok(RestResponse::json(&BTreeMap::from([(kind.plural(), values)])))
}

fn snapshot(history: &SymbolHistory, now: Timestamp) -> Snapshot {
    let today = day_start(history.venue(), now);
    let mut days = history.bars(BarSpan::Day, today.plus_nanos(-WEEKS_BACK), now);
    let running = days.pop_if(|day| day.time == today);
    Snapshot {
        latest_trade: history.trade().map(RestTrade::from),
        latest_quote: history.quote().map(RestQuote::from),
        minute_bar: history.minutes().last().map(to_rest),
        daily_bar: running.as_ref().map(to_rest),
        prev_daily_bar: days.last().map(to_rest),
    }
}

#[derive(Serialize)]
struct OneSnapshot<'a> {
    symbol: &'a str,
    #[serde(flatten)]
    snapshot: Snapshot,
}

/// Snapshots: a bare map for stocks, wrapped for crypto.
pub(super) fn snapshots(
    source: &Source<'_>,
    venue: Venue,
    one: Option<&str>,
    query: &Query<'_>,
) -> Answer<RestResponse> {
    let found = |symbol: &str| source.history.symbol(symbol).filter(|h| belongs(venue, h.venue()));
    if let Some(symbol) = one {
        check_symbol(venue, symbol)?;
        let missing = || RestResponse::error(404, &format!("no snapshot found for {symbol}"));
        let snapshot = snapshot(found(symbol).ok_or_else(missing)?, source.now);
        return Ok(RestResponse::json(&OneSnapshot { symbol, snapshot }));
    }
    let map: BTreeMap<&str, Snapshot> = query
        .symbols(venue)?
        .into_iter()
        .filter_map(|symbol| Some((symbol, snapshot(found(symbol)?, source.now))))
        .collect();
    Ok(match venue {
        Venue::Crypto => RestResponse::json(&BTreeMap::from([("snapshots", map)])),
        _ => RestResponse::json(&map),
    })
}
