//! The view in the address bar: `?source=relay&feed=iex&symbol=IBM&tf=1Min`. Never a key.

use wickwire_market::Timeframe;

use crate::source::{Feed, Source, normalize_symbol};

/// What the address bar says; absent or unknown parts are `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewUrl {
    /// `source` together with `feed`.
    pub source: Option<Source>,
    /// `symbol`
    pub symbol: Option<String>,
    /// `tf`
    pub timeframe: Option<Timeframe>,
}

impl ViewUrl {
    /// Reads a query string, with or without its question mark. Whatever does not make sense is
    /// left out.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut feed = Feed::default();
        let (mut source, mut symbol, mut timeframe) = (None, None, None);
        for pair in query.trim_start_matches('?').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = percent_decode(value);
            match key {
                "source" => source = Some(value),
                "feed" => feed = Feed::from_key(&value).unwrap_or_default(),
                "symbol" => symbol = normalize_symbol(&value).ok(),
                "tf" => timeframe = Timeframe::parse(&value),
                _ => {}
            }
        }
        Self { source: source.and_then(|s| Source::from_key(&s, feed)), symbol, timeframe }
    }

    /// The query string, with its question mark.
    #[must_use]
    pub fn query(&self) -> String {
        let mut out = String::from("?");
        let mut push = |key: &str, value: &str| {
            if out.len() > 1 {
                out.push('&');
            }
            out.push_str(key);
            out.push('=');
            percent_encode(value, &mut out);
        };
        if let Some(source) = self.source {
            push("source", source.key());
            if source != Source::Demo {
                push("feed", source.feed().key());
            }
        }
        if let Some(symbol) = &self.symbol {
            push("symbol", symbol);
        }
        if let Some(timeframe) = self.timeframe {
            push("tf", timeframe.label());
        }
        out
    }

    /// Reads the page's own address.
    #[must_use]
    pub fn read() -> Self {
        let query = web_sys::window().and_then(|w| w.location().search().ok());
        Self::parse(query.as_deref().unwrap_or_default())
    }

    /// Puts this view into the address bar, without a new entry in the history.
    pub fn replace(&self) {
        let Some(window) = web_sys::window() else { return };
        let Ok(history) = window.history() else { return };
        let path = window.location().pathname().unwrap_or_default();
        let address = format!("{path}{}", self.query());
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}

/// Decodes `%XX` and `+`; bytes that are not UTF-8 become the replacement character.
fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        let hex = |at: usize| bytes.get(at).and_then(|b| (*b as char).to_digit(16));
        match (byte, hex(i + 1), hex(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                i += 3;
                continue;
            }
            (b'+', ..) => out.push(b' '),
            _ => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Encodes everything but unreserved characters and the slash, which a query may hold and which
/// reads better in `BTC/USD`.
pub(crate) fn percent_encode(text: &str, out: &mut String) {
    use std::fmt::Write;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn views_round_trip() {
        for query in [
            "?source=direct&feed=sip&symbol=IBM&tf=5Min",
            "?source=relay&feed=iex&symbol=BTC/USD&tf=1Min",
            "?source=demo&symbol=BRK.B&tf=1Day",
        ] {
            assert_eq!(ViewUrl::parse(query).query(), query);
        }
    }

    #[test]
    fn nonsense_is_left_out() {
        let view = ViewUrl::parse("source=evil&feed=..&symbol=%3Cscript%3E&tf=9Years&key=AK&secret=%zz&&=");
        assert_eq!(view, ViewUrl::default());
        assert_eq!(ViewUrl::parse("symbol=btc%2Fusd").symbol.as_deref(), Some("BTC/USD"));
    }
}
