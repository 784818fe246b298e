//! What of the trading API a terminal asks for: the clock, assets, the account and its orders.

use serde::Serialize;
use serde_json::json;
use wickwire_market::calendar::{new_york, next_trading_day, trading_day};
use wickwire_proto::rest::Clock;
use wickwire_proto::time::Timestamp;
use wickwire_proto::trading::Order;

use super::Source;
use super::query::{Answer, Query, Sort};
use super::response::RestResponse;
use crate::feed::{Listing, Venue};

/// Orders of an answer unless the request says otherwise.
const DEFAULT_ORDERS: usize = 50;
/// Most orders of an answer.
const MAX_ORDERS: usize = 500;
/// `/v2/clock`: regular hours, in UTC.
pub(super) fn clock(now: Timestamp) -> RestResponse {
    let date = new_york(now).date;
    let (today, next) = (trading_day(date), next_trading_day(date));
    let is_open = today.is_some_and(|day| day.open <= now && now < day.close);
    let next_open = today.map(|day| day.open).filter(|open| now < *open).unwrap_or(next.open);
    let next_close = today.map(|day| day.close).filter(|close| now < *close).unwrap_or(next.close);
    RestResponse::json(&Clock { timestamp: now, is_open, next_open, next_close })
}

#[derive(Serialize)]
struct Asset<'a> {
    id: String,
    class: &'static str,
    exchange: &'a str,
    symbol: &'a str,
    name: &'a str,
    status: &'static str,
    tradable: bool,
    marginable: bool,
    shortable: bool,
    easy_to_borrow: bool,
    fractionable: bool,
    attributes: [(); 0],
}

/// An id in the form of a UUID, always the same for a symbol (128 bits of FNV-1a).
fn id_of(symbol: &str) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in symbol.bytes() {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    let hex = format!("{hash:032x}");
    let part = |range| hex.get(range).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32))
}

/// Nothing can be traded here, so no asset is marked as tradable.
fn asset_of(listing: &Listing) -> Asset<'_> {
    Asset {
        id: id_of(&listing.symbol),
        class: listing.venue.asset_class(),
        exchange: &listing.exchange,
        symbol: &listing.symbol,
        name: &listing.name,
        status: "active",
        tradable: false,
        marginable: false,
        shortable: false,
        easy_to_borrow: false,
        fractionable: false,
        attributes: [],
    }
}

fn is_asset(listing: &Listing) -> bool {
    matches!(listing.venue, Venue::Stocks | Venue::Crypto | Venue::CryptoPerps)
}

/// `/v2/assets`.
pub(super) fn assets(source: &Source<'_>, query: &Query<'_>) -> Answer<RestResponse> {
    let class = query.get("asset_class");
    let exchange = query.get("exchange");
    let active = query.one_of("status", &["active", "inactive", "all"])? != Some("inactive");
    let mut found: Vec<Asset<'_>> = source
        .listings
        .iter()
        .filter(|l| active && is_asset(l))
        .filter(|l| class.is_none_or(|c| c == l.venue.asset_class()))
        .filter(|l| exchange.is_none_or(|e| e == l.exchange))
        .map(asset_of)
        .collect();
    found.sort_by_key(|a| a.symbol);
    Ok(RestResponse::json(&found))
}

/// `/v2/assets/{symbol or id}`.
pub(super) fn asset(source: &Source<'_>, asked: &str) -> Answer<RestResponse> {
    let same = |l: &&Listing| {
        l.symbol == asked
            || id_of(&l.symbol) == asked
            || (l.venue == Venue::Crypto && l.symbol.bytes().filter(|b| *b != b'/').eq(asked.bytes()))
    };
    let found = source.listings.iter().filter(|l| is_asset(l)).find(same);
    let listing =
        found.ok_or_else(|| RestResponse::trading_error(404, &format!("asset not found for {asked}")))?;
    Ok(RestResponse::json(&asset_of(listing)))
}

/// `/v2/account`: an account of nobody, with nothing in it.
pub(super) fn account(now: Timestamp) -> RestResponse {
    RestResponse::json(&json!({
        "id": id_of("account"),
        "account_number": "SIMULATED",
        "status": "ACTIVE",
        "crypto_status": "ACTIVE",
        "currency": "USD",
        "cash": "100000",
        "buying_power": "100000",
        "regt_buying_power": "100000",
        "daytrading_buying_power": "0",
        "non_marginable_buying_power": "100000",
        "portfolio_value": "100000",
        "equity": "100000",
        "last_equity": "100000",
        "long_market_value": "0",
        "short_market_value": "0",
        "initial_margin": "0",
        "maintenance_margin": "0",
        "last_maintenance_margin": "0",
        "sma": "0",
        "accrued_fees": "0",
        "multiplier": "1",
        "daytrade_count": 0,
        "pattern_day_trader": false,
        "trading_blocked": true,
        "transfers_blocked": true,
        "account_blocked": false,
        "trade_suspended_by_user": false,
        "shorting_enabled": false,
        "created_at": now,
    }))
}

/// States from which an order does not come back.
fn is_closed(order: &Order) -> bool {
    matches!(
        order.status.as_str(),
        "filled" | "canceled" | "expired" | "replaced" | "rejected" | "done_for_day"
    )
}

/// `/v2/orders`.
pub(super) fn orders(source: &Source<'_>, query: &Query<'_>) -> Answer<RestResponse> {
    let unprocessable = |refusal: RestResponse| RestResponse { status: 422, ..refusal };
    let status = query.one_of("status", &["open", "closed", "all"]).map_err(unprocessable)?.unwrap_or("open");
    let limit = query.limit(DEFAULT_ORDERS, MAX_ORDERS).map_err(unprocessable)?;
    let direction = match query.one_of("direction", &["asc", "desc"]).map_err(unprocessable)? {
        Some("asc") => Sort::Ascending,
        _ => Sort::Descending,
    };
    let symbols: Option<Vec<&str>> = query.get("symbols").map(|list| list.split(',').collect());
    let mut found: Vec<&Order> = source
        .orders
        .iter()
        .filter(|o| status == "all" || is_closed(o) == (status == "closed"))
        .filter(|o| symbols.as_ref().is_none_or(|s| s.contains(&o.symbol.as_str())))
        .collect();
    if direction == Sort::Descending {
        found.reverse();
    }
    found.truncate(limit);
    Ok(RestResponse::json(&found))
}
