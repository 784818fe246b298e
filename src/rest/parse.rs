//! The parts of REST answers that the chart needs.

use wickwire_proto::message::{News, Quote};
use wickwire_proto::rest::{RestBar, read_bars, read_latest_quote, read_news};

/// One page of bars of one symbol.
#[derive(Debug, Default, PartialEq)]
pub struct BarsPage {
    /// The bars, in the order of the answer.
    pub bars: Vec<RestBar>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<String>,
}

/// Reads bars of `symbol`; `None` if the text is no such answer.
#[must_use]
pub fn bars(text: &str, symbol: &str) -> Option<BarsPage> {
    let mut bars = Vec::new();
    let next = read_bars(text, symbol, &mut |bar| bars.push(RestBar::from(&bar))).ok()?;
    Some(BarsPage { bars, next: next.map(|token| token.into_owned()) })
}

/// Reads the latest quote of `symbol`; `None` if there is none in the text.
#[must_use]
pub fn latest_quote(text: &str, symbol: &str) -> Option<Quote<'static>> {
    read_latest_quote(text, symbol).ok()?.map(Quote::into_owned)
}

/// Reads articles; `None` if the text is no such answer.
#[must_use]
pub fn news(text: &str) -> Option<Vec<News<'static>>> {
    let mut list = Vec::new();
    read_news(text, &mut |news| list.push(news.into_owned())).ok()?;
    Some(list)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use wickwire_proto::number::Number;

    #[test]
    fn bars_of_a_symbol_or_none() {
        let many = r#"{"bars":{"IBM":[{"t":"2013-10-07T13:30:00Z","o":181.5,"h":182,"l":181,"c":181.75,"v":1200,"n":10,"vw":181.6}],"AAPL":[]},"next_page_token":"x"}"#;
        let page = bars(many, "IBM").unwrap();
        assert_eq!(page.next.as_deref(), Some("x"));
        assert_eq!(page.bars.len(), 1);
        assert_eq!(page.bars.first().map(|b| (b.high, b.trade_count)), Some((182.0, Some(10))));
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
    fn articles_without_some_of_their_texts() {
        let text = r#"{"news":[{"id":7,"headline":"H","created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-01T00:00:00Z","url":null,"symbols":["BTCUSD"]}],"next_page_token":null}"#;
        let list = news(text).unwrap();
        assert_eq!(list.first().map(|n| (n.id, n.symbols.len())), Some((7, 1)));
        assert_eq!(news("<html>"), None);
    }
}
