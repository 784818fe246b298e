//! Latest values and snapshots.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use wickwire_proto::message::{Conditions, Level, Quote, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use super::bars::{BarJson, number, price};
use super::query::{Answer, Query, check_symbol};
use super::response::RestResponse;
use super::route::Latest;
use super::timeframe::{BarSpan, day_start};
use super::{Source, belongs};
use crate::feed::Venue;
use crate::history::{Book, SymbolHistory};

/// A day and a bit back finds the day before.
const WEEKS_BACK: i64 = 35 * 86_400 * 1_000_000_000;

/// Conditions: a list of codes, or one text for options.
#[derive(Serialize)]
#[serde(untagged)]
enum ConditionsJson<'a> {
    List(Vec<&'a str>),
    Text(String),
}

fn conditions<'a>(conditions: Option<&'a Conditions<'_>>) -> Option<ConditionsJson<'a>> {
    let conditions = conditions?;
    let codes = conditions.codes.iter().map(AsRef::as_ref);
    Some(if conditions.as_text {
        ConditionsJson::Text(codes.collect())
    } else {
        ConditionsJson::List(codes.collect())
    })
}

#[derive(Serialize)]
struct TradeJson<'a> {
    t: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<&'a str>,
    #[serde(serialize_with = "price")]
    p: f64,
    #[serde(serialize_with = "number")]
    s: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<ConditionsJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    i: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    z: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tks: Option<&'a str>,
}

impl<'a> From<&'a Trade<'_>> for TradeJson<'a> {
    fn from(trade: &'a Trade<'_>) -> Self {
        Self {
            t: trade.time,
            x: trade.exchange.as_deref(),
            p: trade.price,
            s: trade.size,
            c: conditions(trade.conditions.as_ref()),
            i: trade.id,
            z: trade.tape.as_deref(),
            tks: trade.taker_side.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct QuoteJson<'a> {
    t: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    ax: Option<&'a str>,
    #[serde(serialize_with = "price")]
    ap: f64,
    #[serde(rename = "as", serialize_with = "number")]
    ask_size: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    bx: Option<&'a str>,
    #[serde(serialize_with = "price")]
    bp: f64,
    #[serde(serialize_with = "number")]
    bs: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<ConditionsJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    z: Option<&'a str>,
}

impl<'a> From<&'a Quote<'_>> for QuoteJson<'a> {
    fn from(quote: &'a Quote<'_>) -> Self {
        Self {
            t: quote.time,
            ax: quote.ask_exchange.as_deref(),
            ap: quote.ask_price,
            ask_size: quote.ask_size,
            bx: quote.bid_exchange.as_deref(),
            bp: quote.bid_price,
            bs: quote.bid_size,
            c: conditions(quote.conditions.as_ref()),
            z: quote.tape.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct LevelJson {
    #[serde(serialize_with = "price")]
    p: f64,
    #[serde(serialize_with = "price")]
    s: f64,
}

impl From<Level> for LevelJson {
    fn from(level: Level) -> Self {
        Self { p: level.price, s: level.size }
    }
}

#[derive(Serialize)]
struct BookJson {
    t: Timestamp,
    b: Vec<LevelJson>,
    a: Vec<LevelJson>,
}

impl From<&Book> for BookJson {
    fn from(book: &Book) -> Self {
        Self {
            t: book.time(),
            b: book.bids().map(LevelJson::from).collect(),
            a: book.asks().map(LevelJson::from).collect(),
        }
    }
}

fn value(of: &impl Serialize) -> Option<Value> {
    serde_json::to_value(of).ok()
}

fn latest_of(history: &SymbolHistory, kind: Latest) -> Option<Value> {
    match kind {
        Latest::Bars => history.minutes().last().and_then(|row| value(&BarJson::from(row))),
        Latest::Quotes => history.quote().and_then(|quote| value(&QuoteJson::from(quote))),
        Latest::Trades => history.trade().and_then(|trade| value(&TradeJson::from(trade))),
        Latest::OrderBooks => history.book().and_then(|book| value(&BookJson::from(book))),
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SnapshotJson<'a> {
    latest_trade: Option<TradeJson<'a>>,
    latest_quote: Option<QuoteJson<'a>>,
    minute_bar: Option<BarJson>,
    daily_bar: Option<BarJson>,
    prev_daily_bar: Option<BarJson>,
}

fn snapshot(history: &SymbolHistory, now: Timestamp) -> SnapshotJson<'_> {
    let today = day_start(history.venue(), now);
    let mut days = history.bars(BarSpan::Day, today.plus_nanos(-WEEKS_BACK), now);
    let running = days.pop_if(|day| day.time == today);
    SnapshotJson {
        latest_trade: history.trade().map(TradeJson::from),
        latest_quote: history.quote().map(QuoteJson::from),
        minute_bar: history.minutes().last().map(BarJson::from),
        daily_bar: running.as_ref().map(BarJson::from),
        prev_daily_bar: days.last().map(BarJson::from),
    }
}

#[derive(Serialize)]
struct OneSnapshot<'a> {
    symbol: &'a str,
    #[serde(flatten)]
    snapshot: SnapshotJson<'a>,
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
    let map: BTreeMap<&str, SnapshotJson<'_>> = query
        .symbols(venue)?
        .into_iter()
        .filter_map(|symbol| Some((symbol, snapshot(found(symbol)?, source.now))))
        .collect();
    Ok(match venue {
        Venue::Crypto => RestResponse::json(&BTreeMap::from([("snapshots", map)])),
        _ => RestResponse::json(&map),
    })
}
