//! The REST routes that go upstream, and nothing else.
//!
//! No URL ever comes from a client: a request is matched against this table, its path parts and
//! query are checked, and a new URL is built for a fixed host.
//! Source: <https://docs.alpaca.markets/reference> (market data, assets, clock, calendar).

/// Longest value of a query parameter, in bytes (a list of symbols).
const MAX_VALUE: usize = 4096;
/// Longest part of a path.
const MAX_PART: usize = 32;

/// Which of Alpaca's hosts serves a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// Market data.
    Data,
    /// The paper account's API.
    Trading,
}

/// `{}` stands for a symbol or a location.
const ROUTES: &[(Host, &str)] = &[
    (Host::Data, "v2/stocks/bars"),
    (Host::Data, "v2/stocks/trades"),
    (Host::Data, "v2/stocks/quotes"),
    (Host::Data, "v2/stocks/bars/latest"),
    (Host::Data, "v2/stocks/trades/latest"),
    (Host::Data, "v2/stocks/quotes/latest"),
    (Host::Data, "v2/stocks/snapshots"),
    (Host::Data, "v2/stocks/{}/bars"),
    (Host::Data, "v2/stocks/{}/trades"),
    (Host::Data, "v2/stocks/{}/quotes"),
    (Host::Data, "v2/stocks/{}/bars/latest"),
    (Host::Data, "v2/stocks/{}/trades/latest"),
    (Host::Data, "v2/stocks/{}/quotes/latest"),
    (Host::Data, "v2/stocks/{}/snapshot"),
    (Host::Data, "v1beta3/crypto/{}/bars"),
    (Host::Data, "v1beta3/crypto/{}/trades"),
    (Host::Data, "v1beta3/crypto/{}/quotes"),
    (Host::Data, "v1beta3/crypto/{}/snapshots"),
    (Host::Data, "v1beta3/crypto/{}/latest/bars"),
    (Host::Data, "v1beta3/crypto/{}/latest/trades"),
    (Host::Data, "v1beta3/crypto/{}/latest/quotes"),
    (Host::Data, "v1beta3/crypto/{}/latest/orderbooks"),
    (Host::Data, "v1beta1/news"),
    (Host::Trading, "v2/clock"),
    (Host::Trading, "v2/calendar"),
    (Host::Trading, "v2/assets"),
];

/// Query parameters that go upstream; others are dropped.
const PARAMETERS: &[&str] = &[
    "symbols",
    "timeframe",
    "start",
    "end",
    "limit",
    "adjustment",
    "feed",
    "asof",
    "currency",
    "sort",
    "page_token",
    "include_content",
    "exclude_contentless",
    "status",
    "asset_class",
    "exchange",
];

/// A request that may go upstream.
#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    /// Where to.
    pub host: Host,
    /// Parts of the path, decoded.
    pub parts: Vec<String>,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
}

/// Matches a decoded path and query against the table.
#[must_use]
pub fn find(path: &str, query: &[(String, String)]) -> Option<Route> {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let (host, _) = ROUTES.iter().find(|(_, pattern)| matches(pattern, &parts))?;
    let query = query
        .iter()
        .filter(|(name, value)| PARAMETERS.contains(&name.as_str()) && value.len() <= MAX_VALUE)
        .filter(|(_, value)| !value.chars().any(char::is_control))
        .cloned()
        .collect();
    Some(Route { host: *host, parts: parts.into_iter().map(str::to_owned).collect(), query })
}

fn matches(pattern: &str, parts: &[&str]) -> bool {
    let mut wanted = pattern.split('/');
    let mut given = parts.iter();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("{}"), Some(part)) if is_name(part) => {}
            (Some(want), Some(part)) if want == *part && want != "{}" => {}
            _ => return false,
        }
    }
}

/// A symbol or a location: letters, digits, dots and hyphens, starting with a letter or digit.
fn is_name(part: &str) -> bool {
    part.len() <= MAX_PART
        && part.starts_with(|c: char| c.is_ascii_alphanumeric())
        && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        && !part.contains("..")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn known_routes_pass_with_their_query() {
        let query = [("symbols", "BRK.B"), ("timeframe", "1Min"), ("host", "evil")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()));
        let route = find("/v2/stocks/bars", &query).unwrap();
        assert_eq!((route.host, route.query.len()), (Host::Data, 2));
        assert!(find("/v2/stocks/BRK.B/bars", &[]).is_some());
        assert_eq!(find("/v2/clock", &[]).unwrap().host, Host::Trading);
        let news = ["symbols", "start", "end", "limit", "sort", "page_token", "include_content"];
        let news = news.map(|name| (name.to_owned(), "x".to_owned()));
        assert_eq!(find("/v1beta1/news", &news).unwrap().query, news);
    }

    #[test]
    fn everything_else_is_refused() {
        for path in [
            "/",
            "/v2/orders",
            "/v2/account",
            "/v2/stocks/../bars",
            "/v2/stocks/a..b/bars",
            "//evil.example/v2",
            "/v2/stocks//bars",
            "/v2/stocks/a@b/bars",
            "/v2/stocks/%2e%2e/bars",
            "http://evil.example/v2/clock",
            "/v2/stocks/{}/bars",
            "/v1beta3/crypto/us/bars/x",
            "/v2/stocks/bars/",
        ] {
            assert!(find(path, &[]).is_none(), "{path}");
        }
    }

    #[test]
    fn names_in_a_path_are_bounded() {
        let found = |name: usize| find(&format!("/v2/stocks/{}/bars", "A".repeat(name)), &[]).is_some();
        assert!(found(MAX_PART));
        assert!(!found(MAX_PART + 1));
    }

    #[test]
    fn long_and_odd_values_are_dropped() {
        let longest = [("symbols".to_owned(), "A".repeat(MAX_VALUE))];
        assert_eq!(find("/v2/stocks/bars", &longest).unwrap().query, longest);
        let query =
            [("symbols".to_owned(), "A".repeat(MAX_VALUE + 1)), ("sort".to_owned(), "a\nb".to_owned())];
        assert!(find("/v2/stocks/bars", &query).unwrap().query.is_empty());
    }
}
