//! Orders of the simulated account, for the trading stream: entered by a made-up trader, filled
//! against the quotes of the simulated market.

use std::collections::VecDeque;

use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};
use wickwire_proto::trading::{Order, TradeUpdate};

use crate::feed::asset_id;

use super::rng::Rng;

/// Updates kept until they are taken; of more, the oldest are lost.
pub(super) const MAX_PENDING: usize = 256;
/// Orders that wait at a time.
const MAX_WORKING: usize = 3;
/// Mean seconds between orders.
const MEAN_SECONDS: f64 = 14.0;
/// Quantity units in a share or a coin.
const MILLI: i64 = 1_000;

/// An instrument as the trader sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Market {
    pub(super) symbol: &'static str,
    pub(super) crypto: bool,
    /// Best prices, in cents.
    pub(super) bid: i64,
    pub(super) ask: i64,
}

/// An order that is not done. Quantities are thousandths of a share or a coin, prices cents.
#[derive(Clone, Debug)]
struct Working {
    order: Order,
    market: usize,
    buy: bool,
    limit: Option<i64>,
    qty: i64,
    filled: i64,
    paid: i128,
    /// Fills that are still to come before it is done.
    parts: u32,
    at: i64,
}

/// The trader's desk.
#[derive(Clone, Debug)]
pub(super) struct OrderDesk {
    rng: Rng,
    /// When something is due.
    pub(super) at: i64,
    next_order: i64,
    working: Vec<Working>,
    positions: Vec<i64>,
    pending: VecDeque<TradeUpdate>,
}

impl OrderDesk {
    pub(super) fn new(rng: Rng, start: i64, markets: usize) -> Self {
        let at = start + 5 * NANOS_PER_SECOND;
        Self {
            rng,
            at,
            next_order: at,
            working: Vec::new(),
            positions: vec![0; markets],
            pending: VecDeque::new(),
        }
    }

    /// Does what is due. `market` tells of an instrument by its number, `None` if it is closed.
    pub(super) fn step(&mut self, now: i64, market: impl Fn(usize) -> Option<Market>) {
        let mut at = 0;
        while at < self.working.len() {
            if self.working[at].at > now {
                at += 1;
                continue;
            }
            let mut working = self.working.remove(at);
            let price = market(working.market);
            if self.go_on(&mut working, now, price) {
                self.working.insert(at, working);
                at += 1;
            }
        }
        if self.next_order <= now {
            if self.working.len() < MAX_WORKING {
                let number = self.rng.below(self.positions.len() as u32) as usize;
                if let Some(market) = market(number) {
                    self.enter(now, number, market);
                }
            }
            let wait = 3.0 + (MEAN_SECONDS - 3.0) * self.rng.exponential();
            self.next_order = now + (wait * NANOS_PER_SECOND as f64) as i64;
        }
        self.at = self.working.iter().map(|w| w.at).fold(self.next_order, i64::min);
    }

    /// Takes the updates out.
    pub(super) fn drain(&mut self, out: &mut dyn FnMut(&TradeUpdate)) {
        for update in self.pending.drain(..) {
            out(&update);
        }
    }

    fn uuid(&mut self) -> String {
        uuid(self.rng.next(), self.rng.next())
    }

    fn enter(&mut self, now: i64, number: usize, market: Market) {
        let held = self.positions.get(number).copied().unwrap_or(0);
        let qty = if market.crypto {
            i64::from(self.rng.between(10, 800))
        } else {
            i64::from(self.rng.between(1, 40)) * 5 * MILLI
        };
        // The account is a cash account: it sells what it has.
        let (buy, qty) = if held > 0 && self.rng.percent(55) { (false, qty.min(held)) } else { (true, qty) };
        let limit = self.rng.percent(45).then(|| {
            let spread = market.ask - market.bid;
            let away = spread * i64::from(self.rng.between(1, 4));
            match (self.rng.percent(50), buy) {
                // At once: beyond the other side.
                (true, true) => market.ask + spread,
                (true, false) => (market.bid - spread).max(1),
                // Waiting: outside the quote; most are given up.
                (false, true) => (market.bid - away).max(1),
                (false, false) => market.ask + away,
            }
        });
        let time = Some(Timestamp(now));
        let kind = if limit.is_some() { "limit" } else { "market" };
        let symbol: String = market.symbol.chars().filter(|c| *c != '/').collect();
        let order = Order {
            id: self.uuid(),
            client_order_id: self.uuid(),
            created_at: time,
            updated_at: time,
            submitted_at: time,
            asset_id: Some(asset_id(market.symbol)),
            symbol,
            asset_class: if market.crypto { "crypto" } else { "us_equity" }.to_owned(),
            qty: Some(decimal(qty.into(), 3)),
            filled_qty: Some("0".to_owned()),
            order_class: if market.crypto { "" } else { "simple" }.to_owned(),
            order_type: kind.to_owned(),
            kind: kind.to_owned(),
            side: if buy { "buy" } else { "sell" }.to_owned(),
            position_intent: Some(if buy { "buy_to_open" } else { "sell_to_close" }.to_owned()),
            time_in_force: if market.crypto { "gtc" } else { "day" }.to_owned(),
            limit_price: limit.map(|l| decimal(l.into(), 2)),
            status: "new".to_owned(),
            ..Order::default()
        };
        let parts = if self.rng.percent(45) { self.rng.between(2, 4) } else { 1 };
        let at = now + i64::from(self.rng.between(150, 1_800)) * 1_000_000;
        let working = Working { order, market: number, buy, limit, qty, filled: 0, paid: 0, parts, at };
        // What is for sale cannot be sold twice.
        if !buy && let Some(position) = self.positions.get_mut(number) {
            *position -= qty;
        }
        self.tell("new", now, &working, None);
        self.working.push(working);
    }

    /// Fills a part of an order or gives it up; false when it is done.
    fn go_on(&mut self, w: &mut Working, now: i64, market: Option<Market>) -> bool {
        let time = Some(Timestamp(now));
        let price = market.and_then(|m| {
            let price = if w.buy { m.ask } else { m.bid };
            let good = w.limit.is_none_or(|l| if w.buy { price <= l } else { price >= l });
            good.then_some(price)
        });
        let Some(price) = price else {
            let age = now - w.order.created_at.map_or(now, Timestamp::nanos);
            if age < 20 * NANOS_PER_SECOND {
                w.at = now + 2 * NANOS_PER_SECOND;
                return true;
            }
            if !w.buy
                && let Some(position) = self.positions.get_mut(w.market)
            {
                *position += w.qty - w.filled;
            }
            w.order.status = "canceled".to_owned();
            (w.order.cancel_requested_at, w.order.canceled_at, w.order.updated_at) = (time, time, time);
            self.tell("canceled", now, w, None);
            return false;
        };
        let left = w.qty - w.filled;
        let whole = if w.order.asset_class == "crypto" { 1 } else { MILLI };
        let part = if w.parts <= 1 {
            left
        } else {
            (left / i64::from(w.parts) / whole * whole).max(whole).min(left)
        };
        w.parts = w.parts.saturating_sub(1);
        w.filled += part;
        w.paid += i128::from(part) * i128::from(price);
        if w.buy
            && let Some(position) = self.positions.get_mut(w.market)
        {
            *position += part;
        }
        let done = w.filled >= w.qty;
        let order = &mut w.order;
        order.updated_at = time;
        order.filled_qty = Some(decimal(w.filled.into(), 3));
        // Thousandths of a cent, that is five digits of a dollar.
        let average = (w.paid * 1_000 + i128::from(w.filled) / 2) / i128::from(w.filled.max(1));
        order.filled_avg_price = Some(decimal(average, 5));
        order.status = if done { "filled" } else { "partially_filled" }.to_owned();
        if done {
            order.filled_at = time;
        }
        self.tell(if done { "fill" } else { "partial_fill" }, now, w, Some((part, price)));
        w.at = now + i64::from(self.rng.between(200, 3_000)) * 1_000_000;
        !done
    }

    fn tell(&mut self, event: &str, now: i64, w: &Working, fill: Option<(i64, i64)>) {
        let held = self.positions.get(w.market).copied().unwrap_or(0);
        // A position includes what waits to be sold.
        let offered = |w: &Working| if w.buy { 0 } else { w.qty - w.filled };
        let others: i64 = self.working.iter().filter(|o| o.market == w.market).map(offered).sum();
        let held = held + others + offered(w);
        let update = TradeUpdate {
            event: event.to_owned(),
            execution_id: Some(self.uuid()),
            order: w.order.clone(),
            timestamp: Some(Timestamp(now)),
            price: fill.map(|(_, price)| decimal(price.into(), 2)),
            qty: fill.map(|(qty, _)| decimal(qty.into(), 3)),
            position_qty: fill.map(|_| decimal(held.into(), 3)),
            ..TradeUpdate::default()
        };
        if self.pending.len() >= MAX_PENDING {
            self.pending.pop_front();
        }
        self.pending.push_back(update);
    }
}

/// A UUID of version 4 from random bits.
fn uuid(high: u64, low: u64) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFF,
        0x8000 | ((low >> 48) & 0x3FFF),
        low & 0xFFFF_FFFF_FFFF
    )
}

/// A decimal number with up to `digits` digits after the point, none that are zero at the end.
fn decimal(units: i128, digits: u32) -> String {
    let one = 10_i128.pow(digits);
    let (sign, units) = if units < 0 { ("-", -units) } else { ("", units) };
    if units % one == 0 {
        return format!("{sign}{}", units / one);
    }
    let fraction = format!("{:0width$}", units % one, width = digits as usize);
    format!("{sign}{}.{}", units / one, fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn decimals() {
        assert_eq!(decimal(12_340, 3), "12.34");
        assert_eq!(decimal(12_000, 3), "12");
        assert_eq!(decimal(-5, 3), "-0.005");
        assert_eq!(decimal(0, 2), "0");
    }

    #[test]
    fn updates_that_nobody_takes_are_bounded() {
        let mut desk = OrderDesk::new(Rng::new(1, 2), 0, 1);
        while desk.at < 3_600 * 24 * NANOS_PER_SECOND {
            let now = desk.at;
            desk.step(now, |_| Some(Market { symbol: "IBM", crypto: false, bid: 10_000, ask: 10_005 }));
            assert!(desk.pending.len() <= MAX_PENDING);
        }
        assert_eq!(desk.pending.len(), MAX_PENDING);
        let newest = desk.pending.back().and_then(|update| update.timestamp).unwrap();
        assert!(newest.nanos() > 3_600 * 23 * NANOS_PER_SECOND, "the oldest go first");
    }

    #[test]
    fn orders_are_coherent() {
        let mut desk = OrderDesk::new(Rng::new(1, 2), 0, 2);
        let mut shift = Rng::new(5, 5);
        let mut now = 0;
        let mut last = std::collections::BTreeMap::<String, (String, f64)>::new();
        let mut seen = std::collections::BTreeMap::<String, u32>::new();
        while now < 3_600 * 4 * NANOS_PER_SECOND {
            now = desk.at;
            let wiggle = i64::from(shift.below(20));
            desk.step(now, |i| {
                let base = 10_000 + wiggle;
                Some(Market { symbol: ["IBM", "BTC/USD"][i], crypto: i == 1, bid: base, ask: base + 5 })
            });
            assert!(desk.at > now && desk.working.len() <= MAX_WORKING);
            desk.drain(&mut |u| {
                let o = &u.order;
                *seen.entry(u.event.clone()).or_default() += 1;
                let filled: f64 = o.filled_qty.as_ref().unwrap().parse().unwrap();
                let qty: f64 = o.qty.as_ref().unwrap().parse().unwrap();
                match last.get(&o.id) {
                    None => assert_eq!(u.event, "new"),
                    Some((event, before)) => {
                        assert!(event == "new" || event == "partial_fill", "{event} then {}", u.event);
                        let part: f64 = u.qty.as_ref().map_or(0.0, |q| q.parse().unwrap());
                        assert!((before + part - filled).abs() < 1e-9);
                    }
                }
                if let Some(held) = &u.position_qty {
                    assert!(held.parse::<f64>().unwrap() >= 0.0, "sold what it did not have");
                }
                assert_eq!(u.event == "fill", filled == qty);
                assert_eq!(o.status == "filled", o.filled_at.is_some());
                last.insert(o.id.clone(), (u.event.clone(), filled));
            });
        }
        for event in ["new", "partial_fill", "fill", "canceled"] {
            assert!(seen.get(event).copied().unwrap_or(0) > 20, "{event}: {seen:?}");
        }
    }
}
