//! Who may ask, and the headers of every answer.
//!
//! WebSockets skip CORS, so a page of any other site could reach a relay on loopback; the checks
//! here keep it out (`Origin`), and a rebound host name too (`Host`).

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What a policy in the page's own `<meta>` cannot say, or what holds for every answer. The page
/// carries the rest, with the hash of its loader.
const POLICY: &str = "frame-ancestors 'none'; base-uri 'self'; form-action 'none'; object-src 'none'";

/// Headers of every answer.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Whether `authority` (a `Host` header, or the host part of an origin) is this machine.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((host, _)) => host,
            None => return false,
        },
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    };
    matches!(host, "127.0.0.1" | "localhost" | "::1")
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The `Host` header is not this machine: a rebound name.
    Host,
    /// The `Origin` is another site's.
    Origin,
}

/// Checks `Host` and `Origin`. Programs that are no browser send no `Origin`; a browser always
/// does on a WebSocket, and its page must come from the same host and port as it asks.
///
/// # Errors
/// The header that is off.
pub fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !is_loopback(host) {
        return Err(Refusal::Host);
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next().map(HeaderValue::to_str), origins.next()) {
        (None, _) => Ok(()),
        (Some(Ok(origin)), None) if origin.strip_prefix("http://") == Some(host) => Ok(()),
        _ => Err(Refusal::Origin),
    }
}

/// Middleware: refuses strangers and dresses every answer.
pub async fn layer(request: Request, next: Next) -> Response {
    let mut response = match check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(Refusal::Host) => {
            (StatusCode::MISDIRECTED_REQUEST, "this relay answers on loopback only\n").into_response()
        }
        Err(Refusal::Origin) => {
            (StatusCode::FORBIDDEN, "pages of other sites may not use this relay\n").into_response()
        }
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(host: &str, origin: Option<&str>) -> HeaderMap {
        let mut map = HeaderMap::new();
        map.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            map.insert(header::ORIGIN, origin.parse().unwrap());
        }
        map
    }

    #[test]
    fn own_pages_and_programs_may_ask() {
        for (host, origin) in [
            ("127.0.0.1:8080", None),
            ("127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("localhost:8080", Some("http://localhost:8080")),
            ("[::1]:8080", Some("http://[::1]:8080")),
            ("localhost", None),
        ] {
            assert_eq!(check(&headers(host, origin)), Ok(()), "{host} {origin:?}");
        }
    }

    #[test]
    fn other_sites_and_rebound_names_may_not() {
        for (host, origin, refusal) in [
            ("evil.example:8080", None, Refusal::Host),
            ("127.0.0.1.evil.example:8080", None, Refusal::Host),
            ("", None, Refusal::Host),
            ("[::1", None, Refusal::Host),
            ("127.0.0.1:8080", Some("https://evil.example"), Refusal::Origin),
            ("127.0.0.1:8080", Some("http://127.0.0.1:8081"), Refusal::Origin),
            ("127.0.0.1:8080", Some("http://127.0.0.1:8080.evil.example"), Refusal::Origin),
            ("127.0.0.1:8080", Some("https://127.0.0.1:8080"), Refusal::Origin),
            ("127.0.0.1:8080", Some("http://localhost:8080"), Refusal::Origin),
            ("127.0.0.1:8080", Some("null"), Refusal::Origin),
            ("127.0.0.1:8080", Some(""), Refusal::Origin),
        ] {
            assert_eq!(check(&headers(host, origin)), Err(refusal), "{host} {origin:?}");
        }
    }
}
