//! What REST sums up is what the market's own state makes of the same bars.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wickwire_market::{Store, Timeframe};
use wickwire_proto::message::{Bar, BarKind, Message};
use wickwire_proto::number::Number;
use wickwire_proto::rest::BarsPage;
use wickwire_proto::time::Timestamp;
use wickwire_sim::rest::{Request, Source, respond};
use wickwire_sim::{History, Venue};

use crate::support::{at, credentials};

const MINUTE: i64 = 60_000_000_000;

/// Both of them, told the same.
#[derive(Default)]
struct Both {
    history: History,
    store: Store,
}

impl Both {
    fn tell(&mut self, symbol: &str, kind: BarKind, time: Timestamp, n: i64) {
        let base = 100.0 + (n * 37 % 50) as f64 / 100.0;
        let message = Message::Bar(
            kind,
            Bar {
                symbol: symbol.into(),
                open: base,
                high: base + (n % 7) as f64 / 10.0,
                low: base - (n % 5) as f64 / 10.0,
                close: base + (n % 3) as f64 / 100.0 * f64::from(u8::from(n % 7 > 0)),
                volume: Number::Unsigned(100 + (n % 11) as u64),
                time,
                trade_count: Some(n as u64 % 4 + 1),
                vwap: Some(base),
            },
        );
        self.history.apply(if symbol.contains('/') { Venue::Crypto } else { Venue::Stocks }, &message);
        self.store.apply(&message);
    }

    /// Starts, prices, volume and number of trades, as REST and as the store have them.
    fn agree(&self, symbol: &str, timeframe: Timeframe, least: usize) {
        let path = if symbol.contains('/') { "/v1beta3/crypto/us/bars" } else { "/v2/stocks/bars" };
        let query: Vec<(String, String)> = [
            ("symbols", symbol),
            ("timeframe", timeframe.api_name().unwrap()),
            ("start", "2013-01-01T00:00:00Z"),
            ("limit", "10000"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        let source =
            Source { history: &self.history, listings: &[], now: at("2014-12-01T00:00:00Z"), orders: &[] };
        let request = Request { method: "GET", path, query: &query, credentials: Some(&credentials()) };
        let response = respond(&source, &request);
        assert_eq!(response.status, 200, "{}", response.body);
        let page: BarsPage = serde_json::from_str(&response.body).unwrap();
        let series = self.store.instrument(symbol).unwrap().series(timeframe);
        let told: Vec<_> = page.bars[symbol]
            .iter()
            .map(|b| (b.time, [b.open, b.high, b.low, b.close, b.volume.to_f64()], b.trade_count))
            .collect();
        let made: Vec<_> =
            series.iter().map(|b| (b.time, [b.open, b.high, b.low, b.close, b.volume], b.count)).collect();
        assert!(told.len() >= least, "{symbol} {timeframe:?}: {} bars", told.len());
        assert_eq!(told, made, "{symbol} {timeframe:?}");
        for (told, made) in page.bars[symbol].iter().zip(series.iter()) {
            assert!((told.vwap.unwrap() - made.vwap.unwrap()).abs() < 1e-9);
        }
    }
}

#[test]
fn intraday_bars_from_minutes_over_both_changes_of_the_clock() {
    let mut both = Both::default();
    // New York's clock goes back on 2013-11-03, forward on 2014-03-09.
    for start in ["2013-10-31T00:00:00Z", "2014-03-06T00:00:00Z"] {
        for n in (0..6 * 1440).filter(|n| n % 7 != 0 && n % 1000 < 700) {
            for symbol in ["IBM", "BTC/USD"] {
                both.tell(symbol, BarKind::Minute, at(start).plus_nanos(n * MINUTE), n);
            }
        }
    }
    for symbol in ["IBM", "BTC/USD"] {
        for (timeframe, least) in [
            (Timeframe::Min5, 1_000),
            (Timeframe::Min15, 500),
            (Timeframe::Min30, 300),
            (Timeframe::Hour1, 140),
            (Timeframe::Hour4, 40),
        ] {
            both.agree(symbol, timeframe, least);
        }
    }
    // A crypto day is all of its minutes, so weeks and months are.
    for (timeframe, least) in [(Timeframe::Day1, 12), (Timeframe::Week1, 4), (Timeframe::Month1, 3)] {
        both.agree("BTC/USD", timeframe, least);
    }
}

#[test]
fn weeks_and_months_from_days() {
    let mut both = Both::default();
    let new_york = |days: i64| {
        let noon = at("2013-06-03T16:00:00Z").plus_nanos(days * 1440 * MINUTE);
        wickwire_market::calendar::day_start(wickwire_market::InstrumentClass::Stock, noon)
    };
    for days in (0..400).filter(|n| n % 7 < 5 && n % 13 != 0) {
        both.tell("IBM", BarKind::Daily, new_york(days), days);
    }
    for days in 0..400 {
        let midnight = at("2013-06-03T00:00:00Z").plus_nanos(days * 1440 * MINUTE);
        both.tell("BTC/USD", BarKind::Daily, midnight, days);
    }
    for symbol in ["IBM", "BTC/USD"] {
        both.agree(symbol, Timeframe::Week1, 57);
        both.agree(symbol, Timeframe::Month1, 14);
    }
}
