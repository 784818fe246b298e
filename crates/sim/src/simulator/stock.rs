//! One stock: a hidden fair price, the quote around it, and the trades against the quote.

use std::borrow::Cow;

use smallvec::smallvec;
use wickwire_proto::message::{Conditions, Message, Quote, Text, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

use crate::feed::Venue;

use super::bars::{Bars, Counts, Scale};
use super::fixes::{Fix, FixKind};
use super::pace::Hawkes;
use super::rng::Rng;
use super::session::NewYorkDay;
use super::tables::{CENT, OFF_EXCHANGE, STOCK_UNITS, StockSpec};
use super::wire::{TradeIds, Wire, lit_exchange};

/// Messages an event brings on average; the governor corrects what is left.
pub(super) const MESSAGES_PER_EVENT: f64 = 1.06;
/// Events that are trades, out of a hundred.
const TRADES: u32 = 22;
/// The same as a part of one.
pub(super) const TRADE_SHARE: f64 = TRADES as f64 / 100.0;
/// Round lots in a trade, on average over odd and round ones.
pub(super) const MEAN_LOTS: f64 = 3.05;
/// Trades off exchange, out of a hundred.
const OFF_EXCHANGE_TRADES: u32 = 36;
/// Trades off exchange that are reported late, out of a hundred.
const LATE_TRADES: u32 = 3;
/// The most that a report off exchange may be late, in milliseconds.
const LATEST_MS: u32 = 9_000;
/// Mean of [`Stock::heat`]: shocks add 1.25 on average and fade.
const MEAN_HEAT: f64 = 1.0 + 1.25 * CALM_SECONDS / SHOCK_SECONDS;
/// Seconds in which the liveliness of the price falls back by two thirds.
const CALM_SECONDS: f64 = 90.0;
/// Mean seconds between bursts of volatility.
const SHOCK_SECONDS: f64 = 240.0;
/// Seconds in which the price is drawn back to where it started: keeps a long run plausible.
const ANCHOR_SECONDS: f64 = 86_400.0;
/// Seconds of a regular session.
const SESSION_SECONDS: f64 = 23_400.0;

/// The quote as it was last sent, in cents and shares.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Touch {
    pub(super) bid: i64,
    pub(super) ask: i64,
    bid_size: u32,
    ask_size: u32,
    bid_exchange: &'static str,
    ask_exchange: &'static str,
    pub(super) time: i64,
}

/// The latest trade, for the history.
#[derive(Clone, Copy, Debug)]
pub(super) struct Print {
    pub(super) id: u64,
    pub(super) exchange: &'static str,
    pub(super) price: i64,
    pub(super) size: u32,
    pub(super) codes: Codes,
    pub(super) time: i64,
}

/// Sale conditions of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Codes {
    /// `@` on tape C, a blank on A and B, or the code of an auction.
    pub(super) settlement: &'static str,
    pub(super) extended: bool,
    pub(super) second: Option<&'static str>,
}

impl Codes {
    pub(super) fn to_wire(self) -> Conditions<'static> {
        let text = Text::Borrowed;
        let codes = match (self.extended, self.second) {
            (false, None) => smallvec![text(self.settlement)],
            (false, Some(code)) => smallvec![text(self.settlement), text(code)],
            (true, None) => smallvec![text(self.settlement), text("T")],
            (true, Some(code)) => smallvec![text(self.settlement), text("T"), text(code)],
        };
        Conditions { codes, as_text: false }
    }
}

/// Limit up / limit down, in cents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Band {
    pub(super) up: i64,
    pub(super) down: i64,
    /// The price in whose neighbourhood trading is allowed.
    pub(super) reference: f64,
}

/// A stock and its market.
#[derive(Clone, Debug)]
pub(super) struct Stock {
    pub(super) spec: &'static StockSpec,
    pub(super) rng: Rng,
    pub(super) hawkes: Hawkes,
    /// Fair price in cents.
    pub(super) fair: f64,
    anchor: f64,
    /// How lively the price is; 1 is usual.
    heat: f64,
    /// Cents a second by which the price is pushed towards its band before a halt.
    pub(super) push: f64,
    buying: bool,
    moved_at: i64,
    /// No trade is reported for a time before this: the start, or the last resumption.
    pub(super) not_before: i64,
    pub(super) halted: bool,
    pub(super) band: Option<Band>,
    /// Mean price of about five minutes, in cents.
    pub(super) mean: f64,
    /// The next trade is to be one that will be corrected or cancelled.
    pub(super) fix_next: Option<FixKind>,
    pub(super) touch: Touch,
    pub(super) print: Option<Print>,
    pub(super) bars: Bars,
}

impl Stock {
    pub(super) fn new(spec: &'static StockSpec, seed: u64, start: i64) -> Self {
        let fair = spec.cents as f64;
        let mut stock = Self {
            spec,
            rng: Rng::new(seed, fingerprint(spec.symbol)),
            hawkes: Hawkes::default(),
            fair,
            anchor: fair,
            heat: MEAN_HEAT,
            push: 0.0,
            buying: true,
            moved_at: start,
            not_before: start,
            halted: false,
            band: None,
            mean: fair,
            fix_next: None,
            touch: Touch::default(),
            print: None,
            bars: Bars::new(Scale { price: STOCK_UNITS, size: 1 }),
        };
        stock.requote(start, true);
        stock
    }

    /// Standard deviation of the fair price after a second, in cents, in an ordinary hour.
    pub(super) fn cents_per_root_second(&self) -> f64 {
        self.fair * self.spec.volatility * 1e-4 / SESSION_SECONDS.sqrt()
    }

    /// How often something happens compared with usual: more while the price is lively.
    pub(super) fn bustle(&self) -> f64 {
        0.4 + 0.6 * self.heat / MEAN_HEAT
    }

    /// Something happens: a quote changes or a trade takes place. `number` is the stock's own.
    pub(super) fn event(
        &mut self,
        number: usize,
        now: i64,
        day: &NewYorkDay,
        wire: &mut Wire<'_>,
        ids: &mut TradeIds,
    ) -> Option<Fix> {
        let regular = day.is_regular(now);
        self.move_price(now, day);
        if !self.rng.percent(TRADES) {
            self.requote(now, regular);
            self.send_quote(wire);
            return None;
        }
        let (bid, ask) = (self.touch.bid as f64, self.touch.ask as f64);
        if self.fair < bid - 1.0 || self.fair > ask + 1.0 {
            self.requote(now, regular);
            self.send_quote(wire);
        }
        self.trade(number, now, regular, wire, ids)
    }

    fn move_price(&mut self, now: i64, day: &NewYorkDay) {
        let dt = ((now - self.moved_at) as f64 / NANOS_PER_SECOND as f64).min(300.0);
        self.moved_at = now;
        let activity = day.activity(now);
        let step = self.cents_per_root_second()
            * (self.heat / MEAN_HEAT)
            * (dt * activity).sqrt()
            * self.rng.normal();
        self.fair += step + self.push * dt - (self.fair - self.anchor) * dt / ANCHOR_SECONDS;
        self.heat += (1.0 - self.heat) * (dt / CALM_SECONDS).min(1.0);
        if self.rng.unit() * SHOCK_SECONDS < dt {
            self.heat = (self.heat + 0.5 + 1.5 * self.rng.unit()).min(5.0);
        }
        self.mean += (self.fair - self.mean) * (dt / 300.0).min(1.0);
        self.keep_in_band();
    }

    pub(super) fn keep_in_band(&mut self) {
        if let Some(band) = self.band {
            self.fair = self.fair.clamp(band.down as f64, band.up as f64);
        }
        self.fair = self.fair.max(20.0);
    }

    /// Thinks of a new quote around the fair price.
    pub(super) fn requote(&mut self, now: i64, regular: bool) {
        let rng = &mut self.rng;
        let t = &mut self.touch;
        t.time = now;
        let lot = self.spec.lot;
        let size = |rng: &mut Rng| lot * (1 + rng.below(3) + if rng.percent(20) { rng.below(12) } else { 0 });
        let fits = (t.bid as f64) < self.fair && self.fair < t.ask as f64;
        let inside = |band: &Option<Band>, t: &Touch| band.is_none_or(|b| t.bid <= b.up && t.ask >= b.down);
        if fits && t.bid > 0 && inside(&self.band, t) && rng.percent(55) {
            if rng.percent(50) {
                t.bid_size = size(rng);
            } else {
                t.ask_size = size(rng);
            }
            return;
        }
        let wide = if regular { 1.0 } else { 2.2 };
        let spread = self.spec.spread * wide * (0.6 + 0.4 * self.heat) * (0.6 + 0.8 * rng.unit());
        let middle = self.fair + 0.25 * spread * rng.normal();
        t.bid = ((middle - 0.5 * spread).floor() as i64).max(1);
        t.ask = ((middle + 0.5 * spread).round() as i64).max(t.bid + 1);
        if let Some(band) = self.band {
            // Nobody may bid above the band or offer below it.
            t.bid = t.bid.min(band.up);
            t.ask = t.ask.max(band.down).max(t.bid + 1);
        }
        t.bid_size = size(rng);
        t.ask_size = size(rng);
        t.bid_exchange = lit_exchange(rng, self.spec.primary);
        t.ask_exchange = lit_exchange(rng, self.spec.primary);
    }

    pub(super) fn quote(&self) -> Quote<'static> {
        let t = &self.touch;
        Quote {
            symbol: Cow::Borrowed(self.spec.symbol),
            bid_exchange: Some(Cow::Borrowed(t.bid_exchange)),
            bid_price: (t.bid * CENT) as f64 / STOCK_UNITS,
            bid_size: Number::Unsigned(t.bid_size.into()),
            ask_exchange: Some(Cow::Borrowed(t.ask_exchange)),
            ask_price: (t.ask * CENT) as f64 / STOCK_UNITS,
            ask_size: Number::Unsigned(t.ask_size.into()),
            conditions: Some(Conditions { codes: smallvec![Cow::Borrowed("R")], as_text: false }),
            time: Timestamp(t.time),
            tape: Some(Cow::Borrowed(self.spec.tape)),
        }
    }

    pub(super) fn send_quote(&self, wire: &mut Wire<'_>) {
        wire.tick(Venue::Stocks, &Message::Quote(self.quote()));
    }

    fn regular_code(&self) -> &'static str {
        if self.spec.tape == "C" { "@" } else { " " }
    }

    fn trade(
        &mut self,
        number: usize,
        now: i64,
        regular: bool,
        wire: &mut Wire<'_>,
        ids: &mut TradeIds,
    ) -> Option<Fix> {
        let lot = self.spec.lot;
        let rng = &mut self.rng;
        if rng.percent(36) {
            self.buying = rng.percent(50);
        }
        let (bid, ask) = (self.touch.bid * CENT, self.touch.ask * CENT);
        let off = rng.percent(OFF_EXCHANGE_TRADES);
        let mut price = if self.buying { ask } else { bid };
        let mut time = now;
        if off {
            if rng.percent(50) {
                price = (bid + ask) / 2;
            } else {
                let better = i64::from(rng.between(1, 4)) * 10;
                price += if self.buying { -better } else { better };
            }
            if regular && rng.percent(LATE_TRADES) {
                let late = now - i64::from(rng.between(300, LATEST_MS)) * 1_000_000;
                if late > self.not_before {
                    time = late;
                }
            }
        }
        if let Some(band) = self.band {
            price = price.max(bid.max(band.down * CENT)).min(ask.min(band.up * CENT));
        }
        let odd = rng.percent(42);
        let size = if odd {
            rng.between(1, lot - 1)
        } else {
            let lots = 1 + rng.below(4) + if rng.percent(8) { rng.below(60) } else { 0 };
            let rest = if rng.percent(25) { rng.below(lot) } else { 0 };
            lot * lots + rest
        };
        let exchange = if off { OFF_EXCHANGE } else { lit_exchange(rng, self.spec.primary) };
        let sweep = !off && rng.percent(14);
        let second = if odd { Some("I") } else { sweep.then_some("F") };
        let codes = Codes { settlement: self.regular_code(), extended: !regular, second };
        let mut print = Print { id: ids.next(exchange), exchange, price, size, codes, time };

        let fix = self.fix_next.filter(|_| regular && !odd && !off && self.push == 0.0);
        let fix = fix.and_then(|kind| {
            let fix = Fix::plan(kind, now, number, &mut print, self)?;
            self.fix_next = None;
            Some(fix)
        });
        if fix.is_none() {
            let (counts, for_day) = counts(odd, regular);
            self.bars.trade(time, print.price, size.into(), counts, for_day);
        }
        // The latest is the one that took place last, not the one that was reported last.
        if self.print.is_none_or(|last| last.time <= time) {
            self.print = Some(print);
        }
        self.send_print(&print, wire);

        let impact = self.spec.spread * 0.12 * (f64::from(size) / f64::from(lot * 4)).min(2.0);
        self.fair += if self.buying { impact } else { -impact };
        self.keep_in_band();
        if !off && !odd && self.rng.percent(60) {
            self.requote(now, regular);
            self.send_quote(wire);
        }
        fix
    }

    /// An auction: one big print at the quote that counts for everything.
    pub(super) fn auction(
        &mut self,
        now: i64,
        code: &'static str,
        regular: bool,
        wire: &mut Wire<'_>,
        ids: &mut TradeIds,
    ) {
        self.moved_at = now;
        self.requote(now, regular);
        self.send_quote(wire);
        let mut mid = (self.touch.bid + self.touch.ask) / 2;
        if let Some(band) = self.band {
            mid = mid.max(band.down).min(band.up);
        }
        let size = self.spec.lot * self.rng.between(200, 1_500);
        let exchange = self.spec.primary;
        let codes = Codes { settlement: code, extended: false, second: None };
        let print = Print { id: ids.next(exchange), exchange, price: mid * CENT, size, codes, time: now };
        let (for_minute, for_day) = counts(false, regular);
        self.bars.trade(now, print.price, size.into(), for_minute, for_day);
        self.print = Some(print);
        self.send_print(&print, wire);
    }

    pub(super) fn trade_message(&self, print: &Print) -> Trade<'static> {
        Trade {
            symbol: Cow::Borrowed(self.spec.symbol),
            id: Some(print.id),
            exchange: Some(Cow::Borrowed(print.exchange)),
            price: print.price as f64 / STOCK_UNITS,
            size: Number::Unsigned(print.size.into()),
            conditions: Some(print.codes.to_wire()),
            time: Timestamp(print.time),
            tape: Some(Cow::Borrowed(self.spec.tape)),
            taker_side: None,
        }
    }

    fn send_print(&self, print: &Print, wire: &mut Wire<'_>) {
        wire.tick(Venue::Stocks, &Message::Trade(self.trade_message(print)));
    }
}

/// What a trade counts for in the minute and in the day. Odd lots set no price anywhere; trades
/// outside the regular session set none of the day.
const fn counts(odd: bool, regular: bool) -> (Counts, Counts) {
    match (odd, regular) {
        (true, _) => (Counts::VolumeOnly, Counts::VolumeOnly),
        (false, true) => (Counts::All, Counts::All),
        (false, false) => (Counts::All, Counts::VolumeOnly),
    }
}

/// A number for a name, to keep random streams apart (FNV-1a).
pub(super) fn fingerprint(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3))
}
