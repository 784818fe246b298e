//! Messages that outlive their frame.

use std::borrow::Cow;

use super::{
    Bar, CancelError, Conditions, Correction, ErrorMessage, Imbalance, Luld, Message, News, OrderBook,
    Pricing, Quote, Status, Text, Trade,
};

fn text(text: Text<'_>) -> Text<'static> {
    Cow::Owned(text.into_owned())
}

fn conditions(conditions: Conditions<'_>) -> Conditions<'static> {
    Conditions { codes: conditions.codes.into_iter().map(text).collect(), as_text: conditions.as_text }
}

impl Trade<'_> {
    /// A copy that borrows nothing.
    #[must_use]
    pub fn into_owned(self) -> Trade<'static> {
        Trade {
            symbol: text(self.symbol),
            exchange: self.exchange.map(text),
            conditions: self.conditions.map(conditions),
            tape: self.tape.map(text),
            taker_side: self.taker_side.map(text),
            id: self.id,
            price: self.price,
            size: self.size,
            time: self.time,
        }
    }
}

impl Quote<'_> {
    /// A copy that borrows nothing.
    #[must_use]
    pub fn into_owned(self) -> Quote<'static> {
        Quote {
            symbol: text(self.symbol),
            bid_exchange: self.bid_exchange.map(text),
            ask_exchange: self.ask_exchange.map(text),
            conditions: self.conditions.map(conditions),
            tape: self.tape.map(text),
            bid_price: self.bid_price,
            bid_size: self.bid_size,
            ask_price: self.ask_price,
            ask_size: self.ask_size,
            time: self.time,
        }
    }
}

impl Bar<'_> {
    /// A copy that borrows nothing.
    #[must_use]
    pub fn into_owned(self) -> Bar<'static> {
        Bar {
            symbol: text(self.symbol),
            open: self.open,
            high: self.high,
            low: self.low,
            close: self.close,
            volume: self.volume,
            time: self.time,
            trade_count: self.trade_count,
            vwap: self.vwap,
        }
    }

    /// The bar with `n` and `vw` present, 0 where they were absent: alpaca-py refuses a bar
    /// without them. For a server that writes recorded bars; never for showing.
    #[must_use]
    pub fn for_wire(mut self) -> Self {
        self.trade_count.get_or_insert(0);
        self.vwap.get_or_insert(0.0);
        self
    }
}

impl News<'_> {
    /// A copy that borrows nothing.
    #[must_use]
    pub fn into_owned(self) -> News<'static> {
        News {
            id: self.id,
            headline: text(self.headline),
            summary: text(self.summary),
            author: text(self.author),
            created_at: self.created_at,
            updated_at: self.updated_at,
            content: text(self.content),
            url: text(self.url),
            symbols: self.symbols.into_iter().map(text).collect(),
            source: text(self.source),
        }
    }
}

impl Message<'_> {
    /// A copy that borrows nothing from the frame.
    #[must_use]
    pub fn into_owned(self) -> Message<'static> {
        match self {
            Self::Connected => Message::Connected,
            Self::Authenticated => Message::Authenticated,
            Self::Error(m) => Message::Error(ErrorMessage { code: m.code, message: text(m.message) }),
            Self::Subscription(m) => Message::Subscription(m),
            Self::Trade(m) => Message::Trade(m.into_owned()),
            Self::Quote(m) => Message::Quote(m.into_owned()),
            Self::Bar(kind, m) => Message::Bar(kind, m.into_owned()),
            Self::Status(m) => Message::Status(Status {
                symbol: text(m.symbol),
                status_code: text(m.status_code),
                status_message: text(m.status_message),
                reason_code: text(m.reason_code),
                reason_message: text(m.reason_message),
                time: m.time,
                tape: m.tape.map(text),
            }),
            Self::Luld(m) => Message::Luld(Luld {
                symbol: text(m.symbol),
                limit_up: m.limit_up,
                limit_down: m.limit_down,
                indicator: text(m.indicator),
                time: m.time,
                tape: m.tape.map(text),
            }),
            Self::Imbalance(m) => Message::Imbalance(Imbalance {
                symbol: text(m.symbol),
                price: m.price,
                tape: m.tape.map(text),
                time: m.time,
            }),
            Self::Correction(m) => Message::Correction(Correction {
                symbol: text(m.symbol),
                exchange: m.exchange.map(text),
                original_id: m.original_id,
                original_price: m.original_price,
                original_size: m.original_size,
                original_conditions: m.original_conditions.map(conditions),
                corrected_id: m.corrected_id,
                corrected_price: m.corrected_price,
                corrected_size: m.corrected_size,
                corrected_conditions: m.corrected_conditions.map(conditions),
                time: m.time,
                tape: m.tape.map(text),
            }),
            Self::CancelError(m) => Message::CancelError(CancelError {
                symbol: text(m.symbol),
                id: m.id,
                exchange: m.exchange.map(text),
                price: m.price,
                size: m.size,
                action: text(m.action),
                time: m.time,
                tape: m.tape.map(text),
            }),
            Self::OrderBook(m) => Message::OrderBook(OrderBook {
                symbol: text(m.symbol),
                time: m.time,
                bids: m.bids,
                asks: m.asks,
                reset: m.reset,
            }),
            Self::Pricing(m) => Message::Pricing(Pricing {
                symbol: text(m.symbol),
                time: m.time,
                exchange: m.exchange.map(text),
                index_price: m.index_price,
                mark_price: m.mark_price,
                funding_rate: m.funding_rate,
                open_interest: m.open_interest,
                next_funding_time: m.next_funding_time,
            }),
            Self::News(m) => Message::News(m.into_owned()),
        }
    }
}
