//! A few contracts of one option chain: prices follow the stock under them.

use std::borrow::Cow;

use smallvec::smallvec;
use wickwire_market::calendar::Date;
use wickwire_proto::message::{Conditions, Message, Quote, Text, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use crate::feed::Venue;

use super::pace::Hawkes;
use super::rng::Rng;
use super::session::{DAY, NewYorkDay};
use super::stock::{Stock, fingerprint};
use super::tables::OPTION_EXCHANGES;
use super::wire::Wire;

/// Strikes of the chain; each has a call and a put.
const STRIKES: i64 = 3;
/// The contracts expire on the first third Friday at least so many days ahead.
const DAYS_AHEAD: i64 = 30;
/// Dollars between strikes.
const STRIKE_STEP: i64 = 5;

/// A contract.
#[derive(Clone, Debug)]
pub(super) struct Contract {
    pub(super) symbol: String,
    pub(super) name: String,
    call: bool,
    /// In cents.
    strike: i64,
    bid: i64,
    ask: i64,
    sizes: (u32, u32),
    exchanges: (&'static str, &'static str),
    quoted_at: i64,
    print: Option<(i64, u32, &'static str, i64)>,
}

/// The chain.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    rng: Rng,
    hawkes: Hawkes,
    pub(super) contracts: Vec<Contract>,
    expiry: Date,
}

impl Chain {
    pub(super) fn new(stock: &Stock, seed: u64, start: i64) -> Self {
        let expiry = third_friday(NewYorkDay::of(Timestamp(start)).date.plus_days(DAYS_AHEAD));
        let Date { year, month, day } = expiry;
        let middle = (stock.spec.cents / 100 + STRIKE_STEP / 2) / STRIKE_STEP * STRIKE_STEP;
        let mut contracts = Vec::new();
        for i in 0..STRIKES {
            let strike = middle + (i - STRIKES / 2) * STRIKE_STEP;
            for call in [true, false] {
                let letter = if call { 'C' } else { 'P' };
                let root = stock.spec.symbol;
                contracts.push(Contract {
                    symbol: format!("{root}{:02}{month:02}{day:02}{letter}{:08}", year % 100, strike * 1_000),
                    name: format!(
                        "{root} {year}-{month:02}-{day:02} {strike} {}",
                        if call { "call" } else { "put" }
                    ),
                    call,
                    strike: strike * 100,
                    bid: 0,
                    ask: 0,
                    sizes: (1, 1),
                    exchanges: ("C", "C"),
                    quoted_at: start,
                    print: None,
                });
            }
        }
        let mut chain = Self {
            rng: Rng::new(seed, fingerprint("options")),
            hawkes: Hawkes::default(),
            contracts,
            expiry,
        };
        for at in 0..chain.contracts.len() {
            chain.requote(at, start, stock);
        }
        chain
    }

    /// Something happens in one of the contracts.
    pub(super) fn event(&mut self, now: i64, stock: &Stock, wire: &mut Wire<'_>) {
        let at = self.rng.below(self.contracts.len() as u32) as usize;
        if self.rng.percent(85) {
            self.requote(at, now, stock);
            let Some(contract) = self.contracts.get(at) else { return };
            wire.tick(Venue::Options, &Message::Quote(contract.quote()));
            return;
        }
        let (buy, size, exchange) = (self.rng.percent(50), 1 + self.rng.below(12), self.exchange());
        let Some(contract) = self.contracts.get_mut(at) else { return };
        let price = if buy { contract.ask } else { contract.bid };
        contract.print = Some((price, size, exchange, now));
        if let Some(trade) = contract.trade() {
            wire.tick(Venue::Options, &Message::Trade(trade));
        }
    }

    /// The time to the next event, 1 on average.
    pub(super) fn gap(&mut self) -> f64 {
        self.hawkes.gap(&mut self.rng)
    }

    fn exchange(&mut self) -> &'static str {
        self.rng.pick(&OPTION_EXCHANGES).copied().unwrap_or("C")
    }

    fn requote(&mut self, at: usize, now: i64, stock: &Stock) {
        let exchanges = (self.exchange(), self.exchange());
        let sizes = (1 + self.rng.below(60), 1 + self.rng.below(60));
        let jitter = self.rng.unit();
        let days = (self.expiry.days() + 1) as f64 - now as f64 / DAY as f64;
        let Some(contract) = self.contracts.get_mut(at) else { return };
        // A smooth step from nothing to the intrinsic value; at the strike it has the value that
        // the usual square-root rule gives (0.4 times price, volatility and root of time).
        let inside = if contract.call {
            stock.fair - contract.strike as f64
        } else {
            contract.strike as f64 - stock.fair
        };
        let width = 0.8 * stock.fair * stock.spec.volatility * 1e-4 * days.max(0.02).sqrt();
        let value = 0.5 * (inside + (inside * inside + width * width).sqrt());
        let spread = 2.0 + value * 0.012 * (0.6 + 0.8 * jitter);
        contract.bid = ((value - 0.5 * spread).floor() as i64).max(1);
        contract.ask = ((value + 0.5 * spread).ceil() as i64).max(contract.bid + 1);
        (contract.sizes, contract.exchanges, contract.quoted_at) = (sizes, exchanges, now);
    }
}

impl Contract {
    /// When something was last sent.
    pub(super) fn changed_at(&self) -> i64 {
        self.quoted_at.max(self.print.map_or(i64::MIN, |p| p.3))
    }

    pub(super) fn quote(&self) -> Quote<'_> {
        Quote {
            symbol: Cow::Borrowed(&self.symbol),
            bid_exchange: Some(Text::Borrowed(self.exchanges.0)),
            bid_price: self.bid as f64 / 100.0,
            bid_size: Number::Unsigned(self.sizes.0.into()),
            ask_exchange: Some(Text::Borrowed(self.exchanges.1)),
            ask_price: self.ask as f64 / 100.0,
            ask_size: Number::Unsigned(self.sizes.1.into()),
            conditions: Some(Conditions { codes: smallvec![Cow::Borrowed("A")], as_text: true }),
            time: Timestamp(self.quoted_at),
            tape: None,
        }
    }

    pub(super) fn trade(&self) -> Option<Trade<'_>> {
        let (price, size, exchange, time) = self.print?;
        Some(Trade {
            symbol: Cow::Borrowed(&self.symbol),
            exchange: Some(Text::Borrowed(exchange)),
            price: price as f64 / 100.0,
            size: Number::Unsigned(size.into()),
            conditions: Some(Conditions { codes: smallvec![Cow::Borrowed("I")], as_text: true }),
            time: Timestamp(time),
            ..Trade::default()
        })
    }
}

/// The third Friday of a month that is on or after `date`.
fn third_friday(date: Date) -> Date {
    let (mut year, mut month) = (date.year, date.month);
    loop {
        let friday = Date::nth_weekday(year, month, 5, 3);
        if friday.days() >= date.days() {
            return friday;
        }
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn third_fridays() {
        let date = |year, month, day| Date { year, month, day };
        assert_eq!(third_friday(date(2026, 11, 23)), date(2026, 12, 18));
        assert_eq!(third_friday(date(2026, 12, 18)), date(2026, 12, 18));
        assert_eq!(third_friday(date(2026, 12, 19)), date(2027, 1, 15));
    }
}
