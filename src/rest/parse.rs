//! The parts of REST answers that the chart needs. Unknown members are skipped, absent lists and
//! null are empty, one symbol's answer and many symbols' answer are both taken.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use wickwire_market::{Bar, BarFlags};
use wickwire_proto::message::{News, Quote};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

/// One page of bars of one symbol.
#[derive(Debug, Default, PartialEq)]
pub struct BarsPage {
    /// The bars, in the order of the answer.
    pub bars: Vec<Bar>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct WireBar {
    t: Timestamp,
    o: f64,
    h: f64,
    l: f64,
    c: f64,
    #[serde(default)]
    v: f64,
    n: Option<u64>,
    vw: Option<f64>,
}

impl From<WireBar> for Bar {
    fn from(bar: WireBar) -> Self {
        Self {
            time: bar.t,
            open: bar.o,
            high: bar.h,
            low: bar.l,
            close: bar.c,
            volume: bar.v,
            vwap: bar.vw,
            count: bar.n,
            flags: BarFlags::FROM_SERVER,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum BarLists {
    Many(BTreeMap<String, Option<Vec<WireBar>>>),
    One(Vec<WireBar>),
}

/// Reads bars of `symbol`; `None` if the text is not such an answer.
#[must_use]
pub fn bars(text: &str, symbol: &str) -> Option<BarsPage> {
    #[derive(Deserialize)]
    struct Page {
        bars: Option<BarLists>,
        next_page_token: Option<String>,
    }
    let page: Page = serde_json::from_str(text).ok()?;
    let bars = match page.bars {
        Some(BarLists::Many(mut lists)) => lists.remove(symbol).flatten().unwrap_or_default(),
        Some(BarLists::One(list)) => list,
        None => Vec::new(),
    };
    Some(BarsPage {
        bars: bars.into_iter().map(Bar::from).collect(),
        next: page.next_page_token.filter(|t| !t.is_empty()),
    })
}

/// Reads the latest quote of `symbol`; `None` if there is none in the text.
#[must_use]
pub fn latest_quote(text: &str, symbol: &str) -> Option<Quote<'static>> {
    #[derive(Deserialize)]
    struct WireQuote {
        t: Timestamp,
        #[serde(default)]
        bp: f64,
        #[serde(default, rename = "bs")]
        bid_size: f64,
        #[serde(default)]
        ap: f64,
        #[serde(default, rename = "as")]
        ask_size: f64,
        bx: Option<String>,
        ax: Option<String>,
    }
    #[derive(Deserialize)]
    struct Page {
        quotes: BTreeMap<String, WireQuote>,
    }
    let mut page: Page = serde_json::from_str(text).ok()?;
    let quote = page.quotes.remove(symbol)?;
    Some(Quote {
        symbol: symbol.to_owned().into(),
        bid_exchange: quote.bx.map(Into::into),
        bid_price: quote.bp,
        bid_size: Number::from_f64(quote.bid_size),
        ask_exchange: quote.ax.map(Into::into),
        ask_price: quote.ap,
        ask_size: Number::from_f64(quote.ask_size),
        time: quote.t,
        ..Quote::default()
    })
}

/// Reads articles; an article that cannot be read is left out. `None` if the text is no such
/// answer.
#[must_use]
pub fn news(text: &str) -> Option<Vec<News<'static>>> {
    #[derive(Deserialize)]
    struct Page {
        #[serde(default)]
        news: Option<Vec<serde_json::Value>>,
    }
    #[derive(Deserialize)]
    struct Article {
        id: u64,
        #[serde(default, deserialize_with = "text_or_null")]
        headline: String,
        #[serde(default, deserialize_with = "text_or_null")]
        summary: String,
        #[serde(default, deserialize_with = "text_or_null")]
        author: String,
        created_at: Timestamp,
        updated_at: Option<Timestamp>,
        #[serde(default, deserialize_with = "text_or_null")]
        url: String,
        symbols: Option<Vec<String>>,
        #[serde(default, deserialize_with = "text_or_null")]
        source: String,
    }
    let page: Page = serde_json::from_str(text).ok()?;
    let articles = page.news.unwrap_or_default().into_iter().filter_map(|value| {
        let article: Article = serde_json::from_value(value).ok()?;
        Some(News {
            id: article.id,
            headline: article.headline.into(),
            summary: article.summary.into(),
            author: article.author.into(),
            created_at: article.created_at,
            updated_at: article.updated_at.unwrap_or(article.created_at),
            content: String::new().into(),
            url: article.url.into(),
            symbols: article.symbols.unwrap_or_default().into_iter().map(Into::into).collect(),
            source: article.source.into(),
        })
    });
    Some(articles.collect())
}

fn text_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::<String>::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_many_symbols_of_one_and_of_none() {
        let many = r#"{"bars":{"IBM":[{"t":"2013-10-07T13:30:00Z","o":181.5,"h":182,"l":181,"c":181.75,"v":1200,"n":10,"vw":181.6}],"AAPL":[]},"next_page_token":"x"}"#;
        let page = bars(many, "IBM").unwrap();
        assert_eq!(page.next.as_deref(), Some("x"));
        assert_eq!(page.bars.len(), 1);
        assert_eq!(page.bars.first().map(|b| (b.high, b.count)), Some((182.0, Some(10))));
        let one = r#"{"bars":[{"t":"2013-10-07T13:30:00Z","o":1,"h":1,"l":1,"c":1}],"symbol":"IBM","next_page_token":null}"#;
        assert_eq!(bars(one, "IBM").unwrap().bars.len(), 1);
        for empty in [
            r#"{"bars":null,"next_page_token":null}"#,
            r#"{"bars":{},"next_page_token":""}"#,
            r#"{"bars":{"IBM":null}}"#,
            "{}",
        ] {
            assert_eq!(bars(empty, "IBM"), Some(BarsPage::default()), "{empty}");
        }
        assert_eq!(bars("<html>", "IBM"), None);
    }

    #[test]
    fn the_latest_quote() {
        let text = r#"{"quotes":{"BTC/USD":{"t":"2024-08-08T00:00:00.5Z","bp":55000.5,"bs":0.25,"ap":55001,"as":1}}}"#;
        let quote = latest_quote(text, "BTC/USD").unwrap();
        assert_eq!((quote.bid_price, quote.bid_size), (55000.5, Number::Float(0.25)));
        assert_eq!(latest_quote(text, "ETH/USD"), None);
    }

    #[test]
    fn one_bad_article_does_not_lose_the_others() {
        let text = r#"{"news":[{"id":"x"},{"id":7,"headline":"H","created_at":"2024-01-01T00:00:00Z","url":null,"symbols":["BTCUSD"]}],"next_page_token":null}"#;
        let list = news(text).unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!(list.first().map(|n| (n.id, n.symbols.len())), Some((7, 1)));
        assert_eq!(news("<html>"), None);
    }
}
