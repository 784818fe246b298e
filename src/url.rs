//! The view in the address bar: `?source=relay&feed=iex&symbol=IBM&tf=1Min`, and in a link to share
//! `&series=line&scale=log&zone=utc&st=ema.20,rsi.14&from=…&to=…` too. Never a key.

use wickwire_market::Timeframe;
use wickwire_market::indicator::StudySpec;
use wickwire_proto::time::Timestamp;

use crate::layout::compact;
use crate::layout::kinds::{Choice, ScaleMode, SeriesKind, ZoneChoice};
use crate::source::{Feed, Source, normalize_symbol};

/// Bytes of a query that are read; a full one has about 700.
pub const MAX_QUERY: usize = 4096;

/// A stretch of time; the end is after the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
}

/// What the address bar says; absent or unknown parts are `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewUrl {
    /// `source` together with `feed`.
    pub source: Option<Source>,
    /// `symbol`
    pub symbol: Option<String>,
    /// `tf`
    pub timeframe: Option<Timeframe>,
    /// `series`
    pub series: Option<SeriesKind>,
    /// `scale`
    pub scale: Option<ScaleMode>,
    /// `zone`
    pub zone: Option<ZoneChoice>,
    /// `st`: indicators; none at all where it is there and empty.
    pub studies: Option<Vec<StudySpec>>,
    /// `from` and `to`: the time that is in view.
    pub range: Option<TimeRange>,
}

impl ViewUrl {
    /// Reads a query string, with or without its question mark. Whatever does not make sense is
    /// left out.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut view = Self::default();
        if query.len() > MAX_QUERY {
            return view;
        }
        let mut feed = Feed::default();
        let (mut source, mut from, mut to) = (None, None, None);
        for pair in query.trim_start_matches('?').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = percent_decode(value);
            match key {
                "source" => source = Some(value),
                "feed" => feed = Feed::from_key(&value).unwrap_or_default(),
                "symbol" => view.symbol = normalize_symbol(&value).ok(),
                "tf" => view.timeframe = Timeframe::parse(&value),
                "series" => view.series = Choice::from_key(&value),
                "scale" => view.scale = Choice::from_key(&value),
                "zone" => view.zone = Choice::from_key(&value),
                "st" => view.studies = Some(compact::read(&value)),
                "from" => from = Timestamp::parse_rfc3339(&value),
                "to" => to = Timestamp::parse_rfc3339(&value),
                _ => {}
            }
        }
        view.source = source.and_then(|s| Source::from_key(&s, feed));
        view.range = from.zip(to).filter(|(from, to)| from < to).map(|(from, to)| TimeRange { from, to });
        view
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
            encode(value, ":,", &mut out);
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
        for (key, value) in [
            ("series", self.series.map(Choice::key)),
            ("scale", self.scale.map(Choice::key)),
            ("zone", self.zone.map(Choice::key)),
        ] {
            if let Some(value) = value {
                push(key, value);
            }
        }
        if let Some(specs) = &self.studies {
            push("st", &compact::write(specs));
        }
        if let Some(range) = self.range {
            push("from", &range.from.to_rfc3339());
            push("to", &range.to.to_rfc3339());
        }
        out
    }

    /// Reads the page's own address.
    #[must_use]
    pub fn read() -> Self {
        let query = web_sys::window().and_then(|w| w.location().search().ok());
        Self::parse(query.as_deref().unwrap_or_default())
    }

    /// The whole address with this view, for somebody else.
    #[must_use]
    pub fn link(&self) -> String {
        let location = web_sys::window().map(|w| w.location());
        let part = |read: fn(&web_sys::Location) -> Result<String, wasm_bindgen::JsValue>| {
            location.as_ref().and_then(|l| read(l).ok()).unwrap_or_default()
        };
        format!("{}{}{}", part(web_sys::Location::origin), part(web_sys::Location::pathname), self.query())
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
    encode(text, "", out);
}

/// The same, but for what is in `plain` too: a query may hold colons and commas.
fn encode(text: &str, plain: &str, out: &mut String) {
    use std::fmt::Write;
    for byte in text.bytes() {
        let unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
        if unreserved || plain.as_bytes().contains(&byte) {
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
            "?symbol=IBM&series=heikin-ashi&scale=log&zone=utc&st=ema.20,bollinger.20.2_5,vwap",
            "?series=candles&scale=linear&zone=exchange&st=",
            "?symbol=IBM&from=2013-10-07T13:30:00Z&to=2013-10-07T20:00:00Z",
        ] {
            assert_eq!(ViewUrl::parse(query).query(), query);
        }
    }

    #[test]
    fn nonsense_is_left_out() {
        let view = ViewUrl::parse("source=evil&feed=..&symbol=%3Cscript%3E&tf=9Years&key=AK&secret=%zz&&=");
        assert_eq!(view, ViewUrl::default());
        let view = ViewUrl::parse("series=pies&scale=&zone=Mars&from=2013-10-07T13:30:00Z&to=yesterday");
        assert_eq!(view, ViewUrl::default());
        let backwards = "from=2013-10-08T13:30:00Z&to=2013-10-07T13:30:00Z";
        assert_eq!(ViewUrl::parse(backwards).range, None);
        assert_eq!(ViewUrl::parse("symbol=btc%2Fusd").symbol.as_deref(), Some("BTC/USD"));
    }

    #[test]
    fn views_are_bounded() {
        let studies = "st=".to_owned() + &"sma.20,".repeat(300);
        let specs = ViewUrl::parse(&studies).studies.unwrap();
        assert_eq!(specs.len(), crate::layout::MAX_STUDIES);
        assert_eq!(ViewUrl::parse(&format!("symbol=IBM&x={}", "y".repeat(MAX_QUERY))), ViewUrl::default());
        let longest =
            wickwire_market::indicator::StudySpec::new(wickwire_market::indicator::StudyKind::Keltner);
        let full = ViewUrl { studies: Some(vec![longest; crate::layout::MAX_STUDIES]), ..ViewUrl::default() };
        assert!(full.query().len() < MAX_QUERY / 4, "{}", full.query().len());
    }
}
