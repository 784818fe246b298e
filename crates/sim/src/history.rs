//! What has happened so far, for REST and for connections that come late: bars, the latest trade,
//! quote and book of each symbol, and news. Everything is bounded; the oldest goes first.

mod aggregate;
mod bars;
mod book;

use std::collections::VecDeque;

use wickwire_proto::message::{Bar, BarKind, Conditions, Message, News, OrderBook, Quote, Text, Trade};
use wickwire_proto::sorted::SortedMap;
use wickwire_proto::time::Timestamp;

use crate::feed::Venue;

pub(crate) use aggregate::sum;
pub use bars::{BarLog, BarRow};
pub use book::{Book, MAX_BOOK_LEVELS};

/// Symbols kept; messages of further ones are counted and not kept.
pub const MAX_SYMBOLS: usize = 4_096;
/// Minute bars kept per symbol: two years of regular sessions.
pub const MAX_MINUTE_BARS: usize = 200_000;
/// Recorded hour bars kept per symbol.
pub const MAX_HOUR_BARS: usize = 50_000;
/// Recorded daily bars kept per symbol: forty years.
pub const MAX_DAILY_BARS: usize = 10_000;
/// News articles kept.
pub const MAX_NEWS: usize = 2_000;

/// What is kept of one symbol.
#[derive(Debug)]
pub struct SymbolHistory {
    venue: Venue,
    minutes: BarLog,
    hours: BarLog,
    days: BarLog,
    trade: Option<Trade<'static>>,
    quote: Option<Quote<'static>>,
    book: Option<Book>,
}

impl SymbolHistory {
    fn new(venue: Venue) -> Self {
        Self {
            venue,
            minutes: BarLog::new(MAX_MINUTE_BARS),
            hours: BarLog::new(MAX_HOUR_BARS),
            days: BarLog::new(MAX_DAILY_BARS),
            trade: None,
            quote: None,
            book: None,
        }
    }

    /// Where the symbol is traded.
    #[must_use]
    pub const fn venue(&self) -> Venue {
        self.venue
    }

    /// Minutes that have ended, by start.
    #[must_use]
    pub const fn minutes(&self) -> &BarLog {
        &self.minutes
    }

    /// Hours that were recorded as such, by start; hours of recorded minutes are not here.
    #[must_use]
    pub const fn hours(&self) -> &BarLog {
        &self.hours
    }

    /// Days the source itself told, by start: ended ones, and the running one if the source sends it.
    #[must_use]
    pub const fn days(&self) -> &BarLog {
        &self.days
    }

    /// The latest trade.
    #[must_use]
    pub const fn trade(&self) -> Option<&Trade<'static>> {
        self.trade.as_ref()
    }

    /// The latest quote.
    #[must_use]
    pub const fn quote(&self) -> Option<&Quote<'static>> {
        self.quote.as_ref()
    }

    /// The order book, if one was ever told in full.
    #[must_use]
    pub const fn book(&self) -> Option<&Book> {
        self.book.as_ref()
    }
}

/// What has happened so far in a feed.
#[derive(Debug, Default)]
pub struct History {
    symbols: SortedMap<String, Box<SymbolHistory>>,
    news: VecDeque<News<'static>>,
    ignored: u64,
}

impl History {
    /// A history of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a message. Control messages change nothing.
    pub fn apply(&mut self, venue: Venue, message: &Message<'_>) {
        match message {
            Message::News(news) => self.apply_news(news),
            Message::Bar(BarKind::Minute | BarKind::Updated, bar) => {
                self.with(venue, &bar.symbol, |s| s.minutes.upsert(BarRow::from(bar)));
            }
            Message::Bar(BarKind::Daily, bar) => {
                self.with(venue, &bar.symbol, |s| s.days.upsert(BarRow::from(bar)));
            }
            Message::Trade(trade) => self.with(venue, &trade.symbol, |s| keep_trade(&mut s.trade, trade)),
            Message::Quote(quote) => self.with(venue, &quote.symbol, |s| keep_quote(&mut s.quote, quote)),
            Message::OrderBook(book) => self.with(venue, &book.symbol, |s| {
                if book.reset {
                    s.book.get_or_insert_default().apply(book);
                } else if let Some(held) = &mut s.book {
                    held.apply(book);
                }
            }),
            _ => {}
        }
    }

    /// Takes in an hour that was recorded as one bar.
    pub fn apply_hour(&mut self, venue: Venue, bar: &Bar<'_>) {
        self.with(venue, &bar.symbol, |s| s.hours.upsert(BarRow::from(bar)));
    }

    /// What is kept of a symbol.
    #[must_use]
    pub fn symbol(&self, symbol: &str) -> Option<&SymbolHistory> {
        self.symbols.get(symbol).map(|held| &**held)
    }

    /// Every symbol with what is kept of it, by name.
    pub fn symbols(&self) -> impl Iterator<Item = (&str, &SymbolHistory)> {
        self.symbols.iter().map(|(s, h)| (s.as_str(), &**h))
    }

    /// The whole order book as a message that starts a fresh one (`r` true), as a new subscriber
    /// must get it before any change.
    #[must_use]
    pub fn full_book(&self, symbol: &str) -> Option<OrderBook<'static>> {
        self.symbols.get(symbol)?.book.as_ref().map(|b| b.to_message(symbol))
    }

    /// News by last update, newest last; an update has taken the place of what it updates.
    pub fn news(&self) -> impl DoubleEndedIterator<Item = &News<'static>> {
        self.news.iter()
    }

    /// Messages that were not kept because there were too many symbols.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    /// The newest time of anything kept of `symbol`: its latest trade, quote or ended minute.
    #[must_use]
    pub fn last_time(&self, symbol: &str) -> Option<Timestamp> {
        let s = self.symbols.get(symbol)?;
        [s.trade.as_ref().map(|t| t.time), s.quote.as_ref().map(|q| q.time), s.minutes.last().map(|b| b.time)]
            .into_iter()
            .flatten()
            .max()
    }

    fn with(&mut self, venue: Venue, symbol: &str, change: impl FnOnce(&mut SymbolHistory)) {
        if let Some(held) = self.symbols.get_mut(symbol) {
            change(held);
        } else if self.symbols.len() < MAX_SYMBOLS {
            let new = || Box::new(SymbolHistory::new(venue));
            change(self.symbols.get_or_insert_with(symbol.to_owned(), new));
        } else {
            self.ignored += 1;
        }
    }

    fn apply_news(&mut self, news: &News<'_>) {
        if let Some(at) = self.news.iter().position(|n| n.id == news.id) {
            if self.news.get(at).is_some_and(|n| n.updated_at > news.updated_at) {
                return;
            }
            self.news.remove(at);
        }
        let at = self.news.partition_point(|n| n.updated_at <= news.updated_at);
        self.news.insert(at, news.clone().into_owned());
        if self.news.len() > MAX_NEWS {
            self.news.pop_front();
        }
    }
}

/// Keeps `text`, in the space of what was kept before.
fn keep_text(slot: &mut Text<'static>, text: &str) {
    if slot != text {
        let held = slot.to_mut();
        held.clear();
        held.push_str(text);
    }
}

fn keep_optional(slot: &mut Option<Text<'static>>, text: Option<&Text<'_>>) {
    match text {
        Some(text) => keep_text(slot.get_or_insert_default(), text),
        None => *slot = None,
    }
}

fn keep_conditions(slot: &mut Option<Conditions<'static>>, conditions: Option<&Conditions<'_>>) {
    let Some(conditions) = conditions else {
        *slot = None;
        return;
    };
    let held = slot.get_or_insert_default();
    held.as_text = conditions.as_text;
    held.codes.truncate(conditions.codes.len());
    for (i, code) in conditions.codes.iter().enumerate() {
        match held.codes.get_mut(i) {
            Some(slot) => keep_text(slot, code),
            None => held.codes.push(code.to_string().into()),
        }
    }
}

/// The latest trade is the one with the latest time; of equals, the one that came last.
fn keep_trade(slot: &mut Option<Trade<'static>>, trade: &Trade<'_>) {
    let held = slot.get_or_insert_default();
    if held.time > trade.time {
        return;
    }
    keep_text(&mut held.symbol, &trade.symbol);
    keep_optional(&mut held.exchange, trade.exchange.as_ref());
    keep_optional(&mut held.tape, trade.tape.as_ref());
    keep_optional(&mut held.taker_side, trade.taker_side.as_ref());
    keep_conditions(&mut held.conditions, trade.conditions.as_ref());
    held.id = trade.id;
    held.price = trade.price;
    held.size = trade.size;
    held.time = trade.time;
}

fn keep_quote(slot: &mut Option<Quote<'static>>, quote: &Quote<'_>) {
    let held = slot.get_or_insert_default();
    if held.time > quote.time {
        return;
    }
    keep_text(&mut held.symbol, &quote.symbol);
    keep_optional(&mut held.bid_exchange, quote.bid_exchange.as_ref());
    keep_optional(&mut held.ask_exchange, quote.ask_exchange.as_ref());
    keep_optional(&mut held.tape, quote.tape.as_ref());
    keep_conditions(&mut held.conditions, quote.conditions.as_ref());
    held.bid_price = quote.bid_price;
    held.bid_size = quote.bid_size;
    held.ask_price = quote.ask_price;
    held.ask_size = quote.ask_size;
    held.time = quote.time;
}

#[cfg(test)]
mod tests {
    use wickwire_proto::number::Number;

    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn bars_of_every_length_are_bounded() {
        let row = |minute: usize| BarRow {
            time: Timestamp::from_seconds(60 * minute as i64),
            open: 1.0,
            high: 1.0,
            low: 1.0,
            close: 1.0,
            volume: Number::Unsigned(1),
            trade_count: None,
            vwap: None,
        };
        let mut symbol = SymbolHistory::new(Venue::Stocks);
        let logs = [&mut symbol.minutes, &mut symbol.hours, &mut symbol.days];
        for (log, most) in logs.into_iter().zip([MAX_MINUTE_BARS, MAX_HOUR_BARS, MAX_DAILY_BARS]) {
            for minute in 0..most {
                log.upsert(row(minute));
            }
            assert_eq!(log.len(), most);
            log.upsert(row(most));
            assert!(log.len() <= most, "{} of {most}", log.len());
        }
    }
}
