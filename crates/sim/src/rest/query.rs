//! Parameters, with the rules of the interface.

use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

use super::response::RestResponse;
use super::timeframe::start_of_date;
use crate::feed::Venue;

/// Symbols of one request.
pub(super) const MAX_SYMBOLS: usize = 2_000;
/// Bytes of a symbol.
const MAX_SYMBOL_BYTES: usize = 32;

/// A refusal is an answer too.
pub(super) type Answer<T> = Result<T, RestResponse>;

/// Order of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Ascending,
    Descending,
}

/// Decoded parameters.
#[derive(Clone, Copy)]
pub(super) struct Query<'a>(&'a [(String, String)]);

/// A refusal of the form `invalid NAME: VALUE`.
pub(super) fn invalid(name: &str, value: &str) -> RestResponse {
    let shown: String = value.chars().take(64).collect();
    RestResponse::error(400, &format!("invalid {name}: {shown}"))
}

impl<'a> Query<'a> {
    pub(super) const fn new(pairs: &'a [(String, String)]) -> Self {
        Self(pairs)
    }

    /// The first value under a name; an empty one counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    /// `symbols`, sorted and without repeats. Must be there.
    pub(super) fn symbols(&self, venue: Venue) -> Answer<Vec<&'a str>> {
        let list = self.get("symbols").ok_or_else(|| RestResponse::error(400, "symbols is required"))?;
        let mut symbols = Vec::new();
        for symbol in list.split(',').map(str::trim).filter(|s| !s.is_empty()) {
            check_symbol(venue, symbol)?;
            symbols.push(symbol);
        }
        if symbols.len() > MAX_SYMBOLS {
            return Err(RestResponse::error(400, "too many symbols"));
        }
        symbols.sort_unstable();
        symbols.dedup();
        Ok(symbols)
    }

    /// `limit` in `1..=max`.
    pub(super) fn limit(&self, default: usize, max: usize) -> Answer<usize> {
        let Some(text) = self.get("limit") else { return Ok(default) };
        match text.parse() {
            Ok(limit) if (1..=max).contains(&limit) => Ok(limit),
            _ => Err(invalid("limit", text)),
        }
    }

    /// `sort`.
    pub(super) fn sort(&self, default: Sort) -> Answer<Sort> {
        match self.get("sort") {
            None => Ok(default),
            Some(text) if text.eq_ignore_ascii_case("asc") => Ok(Sort::Ascending),
            Some(text) if text.eq_ignore_ascii_case("desc") => Ok(Sort::Descending),
            Some(text) => Err(invalid("sort", text)),
        }
    }

    /// `start`: an instant, or a date and then the start of that day.
    pub(super) fn start(&self, venue: Venue) -> Answer<Option<Timestamp>> {
        self.time("start", |days| start_of_date(venue, days))
    }

    /// `end`, inclusive: an instant, or a date and then the last instant of that day.
    pub(super) fn end(&self, venue: Venue) -> Answer<Option<Timestamp>> {
        self.time("end", |days| start_of_date(venue, days + 1).plus_nanos(-1))
    }

    /// `start` and `end`, `end` no later than `now`.
    pub(super) fn span(
        &self,
        venue: Venue,
        default_start: Timestamp,
        now: Timestamp,
    ) -> Answer<(Timestamp, Timestamp)> {
        let start = self.start(venue)?;
        let end = self.end(venue)?;
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            return Err(RestResponse::error(400, "end should not be before start"));
        }
        Ok((start.unwrap_or(default_start), end.unwrap_or(now).min(now)))
    }

    fn time(&self, name: &str, of_date: impl Fn(i64) -> Timestamp) -> Answer<Option<Timestamp>> {
        let Some(text) = self.get(name) else { return Ok(None) };
        if let Some(time) = Timestamp::parse_rfc3339(text) {
            return Ok(Some(time));
        }
        // A plus sign that was not percent-encoded comes as a blank.
        if let Some(time) = Timestamp::parse_rfc3339(&text.replace(' ', "+")) {
            return Ok(Some(time));
        }
        parse_date(text).map(|days| Some(of_date(days))).ok_or_else(|| invalid(name, text))
    }

    /// A parameter that must be one of a few words.
    pub(super) fn one_of(&self, name: &str, words: &[&str]) -> Answer<Option<&'a str>> {
        match self.get(name) {
            Some(text) if !words.contains(&text) => Err(invalid(name, text)),
            found => Ok(found),
        }
    }

    /// A parameter that is true or false.
    pub(super) fn flag(&self, name: &str, default: bool) -> Answer<bool> {
        match self.get(name) {
            None => Ok(default),
            Some("true" | "True" | "1") => Ok(true),
            Some("false" | "False" | "0") => Ok(false),
            Some(text) => Err(invalid(name, text)),
        }
    }
}

/// Days since 1970-01-01 of `YYYY-MM-DD`.
fn parse_date(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let number =
        |range: std::ops::Range<usize>| text.get(range).filter(|t| t.bytes().all(|b| b.is_ascii_digit()));
    let year = number(0..4)?.parse().ok()?;
    let month = number(5..7)?.parse().ok()?;
    let day = number(8..10)?.parse().ok()?;
    let midnight = Timestamp::from_civil(year, month, day, 0, 0, 0)?;
    Some(midnight.nanos().div_euclid(86_400 * NANOS_PER_SECOND))
}

/// Refuses what cannot be a symbol of the venue.
pub(super) fn check_symbol(venue: Venue, symbol: &str) -> Answer<()> {
    let known = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'.' | b'/' | b'-');
    let in_form = match venue {
        Venue::Crypto => {
            symbol.split_once('/').is_some_and(|(base, quote)| !base.is_empty() && !quote.is_empty())
        }
        _ => true,
    };
    if symbol.is_empty() || symbol.len() > MAX_SYMBOL_BYTES || !symbol.bytes().all(known) || !in_form {
        return Err(invalid("symbol", symbol));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_limit_is_from_one_to_the_greatest() {
        let limit = |text: &str| {
            let pairs = [("limit".to_owned(), text.to_owned())];
            Query::new(&pairs).limit(3, 7).ok()
        };
        assert_eq!(["", "1", "7"].map(limit), [Some(3), Some(1), Some(7)]);
        assert_eq!(["0", "8", "-1", "x", "99999999999999999999"].map(limit), [None; 5]);
    }

    #[test]
    fn symbols_are_bounded() {
        let is_taken = |bytes: usize| check_symbol(Venue::Stocks, &"A".repeat(bytes)).is_ok();
        assert!(is_taken(MAX_SYMBOL_BYTES));
        assert!(!is_taken(MAX_SYMBOL_BYTES + 1));
    }
}
