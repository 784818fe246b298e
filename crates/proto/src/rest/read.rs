//! The three answers that a chart asks for, read as messages of the stream and without serde: the
//! page has a reader of JSON already, and a second one would be a tenth of it.

use std::borrow::Cow;

use crate::decode::{List, answer};
use crate::error::Error;
use crate::message::{Bar, BarKind, Message, News, Quote};

/// Reads a page of bars in either form, [`BarsPage`](super::BarsPage) or
/// [`SymbolBarsPage`](super::SymbolBarsPage): hands those of `symbol` to `take` and returns the token
/// of the next page; `None` ends.
///
/// # Errors
/// If the text is no such answer. Bars before the flaw have been handed on.
pub fn read_bars<'a>(
    text: &'a str,
    symbol: &'a str,
    take: &mut dyn FnMut(Bar<'a>),
) -> Result<Option<Cow<'a, str>>, Error> {
    answer(text, &List { key: "bars", type_name: "b", symbol }, &mut |message| {
        if let Message::Bar(BarKind::Minute, bar) = message {
            take(bar);
        }
    })
}

/// Reads the quote of `symbol` in [`LatestQuotes`](super::LatestQuotes); `None` if there is none.
///
/// # Errors
/// If the text is no such answer.
pub fn read_latest_quote<'a>(text: &'a str, symbol: &'a str) -> Result<Option<Quote<'a>>, Error> {
    let mut found = None;
    answer(text, &List { key: "quotes", type_name: "q", symbol }, &mut |message| {
        if let Message::Quote(quote) = message {
            found = Some(quote);
        }
    })?;
    Ok(found)
}

/// Reads [`NewsPage`](super::NewsPage): hands each article to `take` and returns the token of the next
/// page; `None` ends.
///
/// # Errors
/// If the text is no such answer. Articles before the flaw have been handed on.
pub fn read_news<'a>(text: &'a str, take: &mut dyn FnMut(News<'a>)) -> Result<Option<Cow<'a, str>>, Error> {
    answer(text, &List { key: "news", type_name: "n", symbol: "" }, &mut |message| {
        if let Message::News(news) = message {
            take(news);
        }
    })
}
