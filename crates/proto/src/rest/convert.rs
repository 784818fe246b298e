//! Between REST's objects and the stream's, and the two forms of a page of bars.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::{BarsPage, CodeList, RestBar, RestNews, RestQuote, RestTrade};
use crate::message::{Bar, Conditions, News, Quote, Trade};

/// A page of bars as it comes.
#[derive(Deserialize)]
pub(super) struct WireBarsPage {
    #[serde(default)]
    bars: Option<WireBars>,
    #[serde(default)]
    symbol: Option<String>,
    #[serde(default)]
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WireBars {
    One(Vec<RestBar>),
    Many(BTreeMap<String, Option<Vec<RestBar>>>),
}

impl From<WireBarsPage> for BarsPage {
    fn from(page: WireBarsPage) -> Self {
        let bars = match page.bars {
            None => BTreeMap::new(),
            Some(WireBars::One(bars)) => BTreeMap::from([(page.symbol.unwrap_or_default(), bars)]),
            Some(WireBars::Many(bars)) => {
                bars.into_iter().map(|(symbol, bars)| (symbol, bars.unwrap_or_default())).collect()
            }
        };
        Self { bars, next_page_token: page.next_page_token.filter(|token| !token.is_empty()) }
    }
}

impl RestBar {
    /// The bar as the stream would have told it.
    #[must_use]
    pub fn to_message<'a>(&self, symbol: &'a str) -> Bar<'a> {
        Bar {
            symbol: Cow::Borrowed(symbol),
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
}

impl From<&Bar<'_>> for RestBar {
    fn from(bar: &Bar<'_>) -> Self {
        Self {
            time: bar.time,
            open: bar.open,
            high: bar.high,
            low: bar.low,
            close: bar.close,
            volume: bar.volume,
            trade_count: bar.trade_count,
            vwap: bar.vwap,
        }
    }
}

fn owned(text: &Option<Cow<'_, str>>) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

fn borrowed(text: &Option<String>) -> Option<Cow<'_, str>> {
    text.as_deref().map(Cow::Borrowed)
}

impl From<&Conditions<'_>> for CodeList {
    fn from(conditions: &Conditions<'_>) -> Self {
        if conditions.as_text {
            Self::Text(conditions.codes.concat())
        } else {
            Self::List(conditions.codes.iter().map(|code| code.to_string()).collect())
        }
    }
}

impl<'a> From<&'a CodeList> for Conditions<'a> {
    fn from(codes: &'a CodeList) -> Self {
        match codes {
            CodeList::Text(text) => {
                Self { codes: [Cow::Borrowed(text.as_str())].into_iter().collect(), as_text: true }
            }
            CodeList::List(codes) => {
                Self { codes: codes.iter().map(|c| Cow::Borrowed(c.as_str())).collect(), as_text: false }
            }
        }
    }
}

impl RestQuote {
    /// The quote as the stream would have told it.
    #[must_use]
    pub fn to_message<'a>(&'a self, symbol: &'a str) -> Quote<'a> {
        Quote {
            symbol: Cow::Borrowed(symbol),
            bid_exchange: borrowed(&self.bid_exchange),
            bid_price: self.bid_price,
            bid_size: self.bid_size,
            ask_exchange: borrowed(&self.ask_exchange),
            ask_price: self.ask_price,
            ask_size: self.ask_size,
            conditions: self.conditions.as_ref().map(Conditions::from),
            time: self.time,
            tape: borrowed(&self.tape),
        }
    }
}

impl From<&Quote<'_>> for RestQuote {
    fn from(quote: &Quote<'_>) -> Self {
        Self {
            time: quote.time,
            bid_exchange: owned(&quote.bid_exchange),
            bid_price: quote.bid_price,
            bid_size: quote.bid_size,
            ask_exchange: owned(&quote.ask_exchange),
            ask_price: quote.ask_price,
            ask_size: quote.ask_size,
            conditions: quote.conditions.as_ref().map(CodeList::from),
            tape: owned(&quote.tape),
        }
    }
}

impl RestTrade {
    /// The trade as the stream would have told it.
    #[must_use]
    pub fn to_message<'a>(&'a self, symbol: &'a str) -> Trade<'a> {
        Trade {
            symbol: Cow::Borrowed(symbol),
            id: self.id,
            exchange: borrowed(&self.exchange),
            price: self.price,
            size: self.size,
            conditions: self.conditions.as_ref().map(Conditions::from),
            time: self.time,
            tape: borrowed(&self.tape),
            taker_side: borrowed(&self.taker_side),
        }
    }
}

impl From<&Trade<'_>> for RestTrade {
    fn from(trade: &Trade<'_>) -> Self {
        Self {
            time: trade.time,
            exchange: owned(&trade.exchange),
            price: trade.price,
            size: trade.size,
            conditions: trade.conditions.as_ref().map(CodeList::from),
            id: trade.id,
            tape: owned(&trade.tape),
            taker_side: owned(&trade.taker_side),
            update: None,
        }
    }
}

impl RestNews {
    /// The article as the stream would have told it.
    #[must_use]
    pub fn to_message(&self) -> News<'_> {
        News {
            id: self.id,
            headline: Cow::Borrowed(&self.headline),
            summary: Cow::Borrowed(&self.summary),
            author: Cow::Borrowed(&self.author),
            created_at: self.created_at,
            updated_at: self.updated_at,
            content: Cow::Borrowed(&self.content),
            url: Cow::Borrowed(&self.url),
            symbols: self.symbols.iter().map(|s| Cow::Borrowed(s.as_str())).collect(),
            source: Cow::Borrowed(&self.source),
        }
    }
}

impl From<&News<'_>> for RestNews {
    fn from(news: &News<'_>) -> Self {
        Self {
            id: news.id,
            headline: news.headline.to_string(),
            summary: news.summary.to_string(),
            author: news.author.to_string(),
            created_at: news.created_at,
            updated_at: news.updated_at,
            content: news.content.to_string(),
            url: news.url.to_string(),
            symbols: news.symbols.iter().map(|s| s.to_string()).collect(),
            source: news.source.to_string(),
            images: Vec::new(),
        }
    }
}
