//! Builders of messages, and a seeded generator that gives the same everywhere.

use wickwire_market::series::Series;
use wickwire_market::{Bar, Limits, Store, Timeframe};
use wickwire_proto::message::{self, BarKind, CancelError, Conditions, Correction, Message, Quote, Trade};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

/// SplitMix64.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// `2013-10-07T13:30:00.5Z`, as tests write times.
pub fn at(text: &str) -> Timestamp {
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
    let date = wickwire_market::calendar::Date {
        year: number(0..4) as i32,
        month: number(5..7) as u8,
        day: number(8..10) as u8,
    };
    let seconds = date.days() * 86_400 + number(11..13) * 3_600 + number(14..16) * 60 + number(17..19);
    let fraction = text[19..].trim_start_matches('.').trim_end_matches('Z');
    let nanos: i64 = format!("{fraction:0<9}").parse().unwrap();
    Timestamp::from_seconds(seconds).plus_nanos(nanos)
}

pub fn seconds(start: Timestamp, seconds: f64) -> Timestamp {
    start.plus_nanos((seconds * 1e9) as i64)
}

pub fn conditions(codes: &[&'static str]) -> Option<Conditions<'static>> {
    Some(Conditions { codes: codes.iter().map(|c| (*c).into()).collect(), as_text: false })
}

pub fn trade(symbol: &'static str, time: Timestamp, id: u64, price: f64, size: f64) -> Trade<'static> {
    Trade {
        symbol: symbol.into(),
        id: Some(id),
        exchange: Some("V".into()),
        price,
        size: Number::from_f64(size),
        conditions: None,
        time,
        tape: Some("A".into()),
        taker_side: None,
    }
}

pub fn quote(symbol: &'static str, time: Timestamp, bid: f64, ask: f64) -> Message<'static> {
    Message::Quote(Quote { symbol: symbol.into(), bid_price: bid, ask_price: ask, time, ..Quote::default() })
}

pub fn bar(symbol: &'static str, time: Timestamp, ohlc: [f64; 4], volume: u64) -> message::Bar<'static> {
    let [open, high, low, close] = ohlc;
    message::Bar {
        symbol: symbol.into(),
        open,
        high,
        low,
        close,
        volume: volume.into(),
        time,
        trade_count: None,
        vwap: None,
    }
}

pub fn minute_bar(symbol: &'static str, time: Timestamp, ohlc: [f64; 4], volume: u64) -> Message<'static> {
    Message::Bar(BarKind::Minute, bar(symbol, time, ohlc, volume))
}

pub fn row(time: Timestamp, ohlc: [f64; 4], volume: f64) -> Bar {
    let [open, high, low, close] = ohlc;
    Bar { time, open, high, low, close, volume, ..Bar::default() }
}

pub fn correct(
    symbol: &'static str,
    time: Timestamp,
    from: u64,
    to: u64,
    price: f64,
    size: f64,
) -> Message<'static> {
    Message::Correction(Correction {
        symbol: symbol.into(),
        exchange: Some("V".into()),
        original_id: from,
        corrected_id: to,
        corrected_price: price,
        corrected_size: Number::from_f64(size),
        time,
        tape: Some("A".into()),
        ..Correction::default()
    })
}

pub fn cancel(symbol: &'static str, time: Timestamp, id: u64) -> Message<'static> {
    Message::CancelError(CancelError {
        symbol: symbol.into(),
        id,
        exchange: Some("V".into()),
        action: "C".into(),
        time,
        ..CancelError::default()
    })
}

pub fn store() -> Store {
    Store::new(Limits::default())
}

pub fn series<'a>(store: &'a Store, symbol: &str, timeframe: Timeframe) -> &'a Series {
    store.instrument(symbol).expect("the symbol is known").series(timeframe)
}

pub fn rows(store: &Store, symbol: &str, timeframe: Timeframe) -> Vec<Bar> {
    series(store, symbol, timeframe).iter().collect()
}

/// Open, high, low, close, volume of the newest row.
pub fn last(store: &Store, symbol: &str, timeframe: Timeframe) -> Option<[f64; 5]> {
    series(store, symbol, timeframe).last().map(|b| [b.open, b.high, b.low, b.close, b.volume])
}
