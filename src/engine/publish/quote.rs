//! The view of the quote.

use wickwire_market::Instrument;

use super::super::Inner;
use super::day_open;
use crate::format;
use crate::state::quote::{QuoteView, Way};

/// Decimals of a spread in cents and in basis points.
const SPREAD_DECIMALS: usize = 2;
/// Decimals of a spread below a tenth of a basis point, as crypto has it.
const FINE_DECIMALS: usize = 4;

impl Inner {
    pub(super) fn quote_view(&mut self) -> QuoteView {
        let mut view = QuoteView::default();
        let Some(instrument) = self.store.instrument(&self.symbol) else { return view };
        let last = instrument.last_price();
        let scale = last.or_else(|| instrument.quote().and_then(|q| q.point.mid())).unwrap_or(1.0);
        let decimals = format::base_decimals(scale);
        if let Some(quote) = instrument.quote() {
            let price = |p: Option<f64>| p.map(|p| format::price(p, decimals)).unwrap_or_default();
            let point = &quote.point;
            view.bid = price(point.bid);
            view.ask = price(point.ask);
            // A side without a price has no size worth showing.
            if point.bid.is_some() {
                view.bid_size = format::size(quote.bid_size);
            }
            if point.ask.is_some() {
                view.ask_size = format::size(quote.ask_size);
            }
            let computed = |v: Option<f64>, d: usize| v.map(|v| format::fixed(v, d)).unwrap_or_default();
            // The middle may lie half a tick off: it keeps its decimals.
            view.mid = price(point.mid());
            view.spread_cents = computed(point.cents(), SPREAD_DECIMALS);
            view.spread_bps = computed(
                point.basis_points(),
                if point.basis_points().is_some_and(|b| b.abs() < 0.1) {
                    FINE_DECIMALS
                } else {
                    SPREAD_DECIMALS
                },
            );
            view.crossed = point.spread().is_some_and(|s| s < 0.0);
        }
        if let Some(last) = last {
            view.last = format::price(last, decimals);
            let way = match self.memory.last {
                Some((before, way)) if before == last => way,
                Some((before, _)) => Way::of(last - before),
                None => Way::Flat,
            };
            self.memory.last = Some((last, way));
            view.last_way = way;
            if let Some((change, percent, from)) = change(instrument, last) {
                view.change = format::signed(change, decimals);
                view.change_percent = format!("{} %", format::signed(percent, 2));
                view.change_way = Way::of(change);
                view.change_from = from;
            }
        }
        view.notice = notice(instrument, decimals);
        view
    }
}

fn change(instrument: &Instrument, last: f64) -> Option<(f64, f64, &'static str)> {
    if let Some(day) = instrument.day_change() {
        return Some((day.change, day.percent, "from the previous close"));
    }
    let open = day_open(instrument).filter(|open| *open > 0.0)?;
    Some((last - open, (last - open) / open * 100.0, "from the day's open"))
}

fn notice(instrument: &Instrument, decimals: usize) -> String {
    let halts = instrument.halts();
    if halts.is_halted() {
        let why = halts.status().map(|s| if s.reason.is_empty() { &s.message } else { &s.reason });
        return match why.filter(|w| !w.is_empty()) {
            Some(why) => format!("Trading is halted: {why}"),
            None => "Trading is halted.".to_owned(),
        };
    }
    // Its end may have been missed. A trade since then says that it has ended.
    let since = halts.status().map(|s| s.time);
    let traded = instrument.last_trade().is_some_and(|t| Some(t.time) > since);
    if halts.halted().is_none() && halts.last_halted() == Some(true) && !traded {
        return "Trading was halted before the interruption. It may still be.".to_owned();
    }
    let Some((lower, upper)) = halts.luld().and_then(|l| Some((l.lower?, l.upper?))) else {
        return String::new();
    };
    // Bands are part of every day; they are news when the price is at one of them.
    match instrument.last_price() {
        Some(last) if last >= upper => format!("At the limit up, {}.", format::price(upper, decimals)),
        Some(last) if last <= lower => format!("At the limit down, {}.", format::price(lower, decimals)),
        _ => String::new(),
    }
}
