//! Orders as REST writes them.

use serde::Serialize;
use wickwire_proto::time::Timestamp;
use wickwire_proto::trading::Order;

/// Every key of the documented order, absent ones as null. Amounts are decimal text.
#[derive(Serialize)]
pub(super) struct OrderJson<'a> {
    id: &'a str,
    client_order_id: &'a str,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    submitted_at: Option<Timestamp>,
    filled_at: Option<Timestamp>,
    expired_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    canceled_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
    replaced_at: Option<Timestamp>,
    replaced_by: Option<&'a str>,
    replaces: Option<&'a str>,
    asset_id: Option<&'a str>,
    symbol: &'a str,
    asset_class: &'a str,
    notional: Option<&'a str>,
    qty: Option<&'a str>,
    filled_qty: Option<&'a str>,
    filled_avg_price: Option<&'a str>,
    order_class: &'a str,
    order_type: &'a str,
    r#type: &'a str,
    side: &'a str,
    position_intent: Option<&'a str>,
    time_in_force: &'a str,
    limit_price: Option<&'a str>,
    stop_price: Option<&'a str>,
    status: &'a str,
    extended_hours: bool,
    legs: Option<Vec<OrderJson<'a>>>,
    trail_percent: Option<&'a str>,
    trail_price: Option<&'a str>,
    hwm: Option<&'a str>,
    ratio_qty: Option<&'a str>,
}

impl<'a> From<&'a Order> for OrderJson<'a> {
    fn from(order: &'a Order) -> Self {
        Self {
            id: &order.id,
            client_order_id: &order.client_order_id,
            created_at: order.created_at,
            updated_at: order.updated_at,
            submitted_at: order.submitted_at,
            filled_at: order.filled_at,
            expired_at: order.expired_at,
            expires_at: order.expires_at,
            canceled_at: order.canceled_at,
            failed_at: order.failed_at,
            replaced_at: order.replaced_at,
            replaced_by: order.replaced_by.as_deref(),
            replaces: order.replaces.as_deref(),
            asset_id: order.asset_id.as_deref(),
            symbol: &order.symbol,
            asset_class: &order.asset_class,
            notional: order.notional.as_deref(),
            qty: order.qty.as_deref(),
            filled_qty: order.filled_qty.as_deref(),
            filled_avg_price: order.filled_avg_price.as_deref(),
            order_class: &order.order_class,
            order_type: &order.order_type,
            r#type: &order.kind,
            side: &order.side,
            position_intent: order.position_intent.as_deref(),
            time_in_force: &order.time_in_force,
            limit_price: order.limit_price.as_deref(),
            stop_price: order.stop_price.as_deref(),
            status: &order.status,
            extended_hours: order.extended_hours,
            legs: order.legs.as_ref().map(|legs| legs.iter().map(OrderJson::from).collect()),
            trail_percent: order.trail_percent.as_deref(),
            trail_price: order.trail_price.as_deref(),
            hwm: order.hwm.as_deref(),
            ratio_qty: order.ratio_qty.as_deref(),
        }
    }
}
