//! History and news by REST: from Alpaca, through the relay, or from the exchange in the page.
//!
//! A page may be forbidden to read Alpaca's answers (CORS), so every request has three outcomes
//! that are shown in words: direct, through the relay, not available. The chart works without.

pub mod backfill;
pub mod parse;

use std::rc::Rc;

use gloo_net::http::Request;
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader};
use wickwire_proto::json::Json;
use wickwire_proto::request::Credentials;

use crate::dom;
use crate::source::DATA_HOST;
use crate::transport::demo::DemoExchange;
use crate::url::percent_encode;

/// A request is given up after this many milliseconds.
pub const TIMEOUT_MS: u32 = 15_000;
/// Longest answer taken, in bytes.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
/// Longest wait that a `Retry-After` is obeyed for, in seconds.
pub const MAX_RETRY_AFTER_SECONDS: u32 = 30;
/// Most characters of a server's own words that are shown.
const MAX_MESSAGE_CHARS: usize = 120;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestError {
    /// The browser let nothing through: no network, or the server does not let pages read its
    /// answers (CORS). A page cannot tell which.
    Blocked,
    /// The relay that served the page is not there any more, or no way leads to it.
    NoRelay,
    /// No answer in time.
    TimedOut,
    /// An answer other than 200.
    Status {
        /// The HTTP status.
        status: u16,
        /// The server's own words, shortened; may be empty.
        message: String,
    },
    /// Not what was expected.
    Unreadable,
    /// Over [`MAX_BODY_BYTES`].
    TooLarge,
}

impl RestError {
    /// Whether it may be otherwise in a moment: nobody answered, or the server could not.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Blocked | Self::NoRelay | Self::TimedOut => true,
            Self::Status { status, .. } => *status == 429 || *status >= 500,
            _ => false,
        }
    }

    /// What happened, in a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Blocked => {
                "no network, or the server lets no page read its answers (CORS); a relay gets around that."
                    .to_owned()
            }
            Self::NoRelay => "the relay cannot be reached.".to_owned(),
            Self::TimedOut => "the server did not answer in time.".to_owned(),
            Self::Status { status: 401 | 403, .. } => {
                "the server refused the key, or the plan does not include this data.".to_owned()
            }
            Self::Status { status: 429, .. } => "too many requests for this plan.".to_owned(),
            Self::Status { status, message } if message.is_empty() => {
                format!("the server answered with HTTP {status}.")
            }
            Self::Status { status, message } => format!("the server answered with HTTP {status}: {message}"),
            Self::Unreadable => "the answer could not be read.".to_owned(),
            Self::TooLarge => "the answer was too large.".to_owned(),
        }
    }
}

/// Where requests go.
#[derive(Clone)]
enum Base {
    Alpaca(Credentials),
    Relay(Credentials),
    InPage(Rc<DemoExchange>),
}

/// REST of one source; cheap to clone.
#[derive(Clone)]
pub struct Rest(Rc<Base>);

impl Rest {
    /// Straight to Alpaca's data host.
    #[must_use]
    pub fn alpaca(credentials: Credentials) -> Self {
        Self(Rc::new(Base::Alpaca(credentials)))
    }

    /// To the relay that serves the page.
    #[must_use]
    pub fn relay(credentials: Credentials) -> Self {
        Self(Rc::new(Base::Relay(credentials)))
    }

    /// To the exchange in the page.
    #[must_use]
    pub fn in_page(exchange: Rc<DemoExchange>) -> Self {
        Self(Rc::new(Base::InPage(exchange)))
    }

    /// How answers come, in words.
    #[must_use]
    pub fn way(&self) -> &'static str {
        match *self.0 {
            Base::Alpaca(_) => "directly from Alpaca",
            Base::Relay(_) => "through the relay",
            Base::InPage(_) => "from the demo",
        }
    }

    /// The exchange in the page, if this is its REST: it answers at once and without text.
    fn exchange(&self) -> Option<&DemoExchange> {
        match &*self.0 {
            Base::InPage(exchange) => Some(exchange),
            _ => None,
        }
    }

    /// Gets `path` with `query`; the body of a 200. After a 429 it waits as told, once.
    ///
    /// # Errors
    /// [`RestError`]; its words can be shown.
    pub async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<String, RestError> {
        let (address, credentials) = match &*self.0 {
            // It is asked for what it knows, and not for an answer in text.
            Base::InPage(_) => return Err(RestError::Unreadable),
            // Historical crypto needs no keys, and a request without extra headers has the better
            // chance to pass the browser's checks.
            Base::Alpaca(credentials) => (
                format!("https://{DATA_HOST}{path}"),
                Some(credentials).filter(|_| !path.starts_with("/v1beta3/crypto/")),
            ),
            Base::Relay(credentials) => (path.trim_start_matches('/').to_owned(), Some(credentials)),
        };
        let address = with_query(address, query);
        let (status, body, retry_after) = fetch(&address, credentials).await?;
        if status == 429 {
            TimeoutFuture::new(wait_seconds(retry_after) * 1000).await;
            let (status, body, _) = fetch(&address, credentials).await?;
            return check(status, body);
        }
        check(status, body)
    }
}

/// Gets a relative address without credentials: what the server of this page says about itself.
///
/// # Errors
/// [`RestError`].
pub async fn get_plain(address: &str) -> Result<String, RestError> {
    let (status, body, _) = fetch(address, None).await?;
    check(status, body)
}

/// How long a 429 is waited for, in seconds; without a `Retry-After` one.
fn wait_seconds(retry_after: Option<u32>) -> u32 {
    retry_after.unwrap_or(1).min(MAX_RETRY_AFTER_SECONDS)
}

/// Whether a body of so many bytes is not taken.
const fn is_too_large(bytes: usize) -> bool {
    bytes > MAX_BODY_BYTES
}

fn with_query(mut address: String, query: &[(&str, String)]) -> String {
    for (i, (name, value)) in query.iter().enumerate() {
        address.push(if i == 0 { '?' } else { '&' });
        percent_encode(name, &mut address);
        address.push('=');
        percent_encode(value, &mut address);
    }
    address
}

fn check(status: u16, body: String) -> Result<String, RestError> {
    if status == 200 {
        return Ok(body);
    }
    let body = Json::parse(&body).ok();
    let message = body.as_ref().and_then(|body| body.get("message")).and_then(Json::text);
    let message = message.unwrap_or_default().chars().take(MAX_MESSAGE_CHARS).collect();
    Err(RestError::Status { status, message })
}

async fn fetch(
    address: &str,
    credentials: Option<&Credentials>,
) -> Result<(u16, String, Option<u32>), RestError> {
    let controller = web_sys::AbortController::new().ok();
    let signal = controller.as_ref().map(web_sys::AbortController::signal);
    let started = dom::now_ms();
    let timer = controller.map(|controller| Timeout::new(TIMEOUT_MS, move || controller.abort()));
    let failed = || {
        let late = dom::now_ms() - started >= f64::from(TIMEOUT_MS);
        match late {
            true => RestError::TimedOut,
            false if address.starts_with("https:") => RestError::Blocked,
            false => RestError::NoRelay,
        }
    };
    let mut request = Request::get(address)
        .credentials(web_sys::RequestCredentials::Omit)
        .cache(web_sys::RequestCache::NoStore)
        .referrer_policy(web_sys::ReferrerPolicy::NoReferrer)
        .abort_signal(signal.as_ref());
    if let Some(credentials) = credentials {
        request = request
            .header("APCA-API-KEY-ID", &credentials.key)
            .header("APCA-API-SECRET-KEY", credentials.secret.reveal());
    }
    let response = request.send().await.map_err(|_| failed())?;
    let headers = response.headers();
    if headers.get("content-length").and_then(|l| l.parse().ok()).is_some_and(is_too_large) {
        let _ = response.body().map(|body| body.cancel());
        return Err(RestError::TooLarge);
    }
    let retry_after = headers.get("retry-after").and_then(|r| r.parse().ok());
    let body = read(response.body(), failed).await?;
    drop(timer);
    let status = response.status();
    let body = match String::from_utf8(body) {
        Ok(body) => body,
        Err(_) if status == 200 => return Err(RestError::Unreadable),
        // What a proxy writes in its own letters: the status says what happened.
        Err(_) => String::new(),
    };
    Ok((status, body, retry_after))
}

/// Reads a body piece by piece up to [`MAX_BODY_BYTES`]. Its length may not have been told, or only
/// that of what it was compressed to.
async fn read(body: Option<ReadableStream>, failed: impl Fn() -> RestError) -> Result<Vec<u8>, RestError> {
    let mut out = Vec::new();
    let Some(body) = body else { return Ok(out) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(|_| failed())?;
        // Without a value the body has ended.
        let Some(piece) =
            Reflect::get(&piece, &"value".into()).ok().and_then(|v| v.dyn_into::<Uint8Array>().ok())
        else {
            return Ok(out);
        };
        let from = out.len();
        if is_too_large(from + piece.length() as usize) {
            let _ = reader.cancel();
            return Err(RestError::TooLarge);
        }
        out.resize(from + piece.length() as usize, 0);
        if let Some(room) = out.get_mut(from..) {
            piece.copy_to(room);
        }
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_encoded() {
        let query = [("symbols", "BTC/USD,ETH/USD".to_owned()), ("start", "2013-10-07T13:30:00Z".to_owned())];
        assert_eq!(
            with_query("v2/x".to_owned(), &query),
            "v2/x?symbols=BTC/USD%2CETH/USD&start=2013-10-07T13%3A30%3A00Z"
        );
    }

    #[test]
    fn answers_waits_and_words_are_bounded() {
        assert!(!is_too_large(MAX_BODY_BYTES));
        assert!(is_too_large(MAX_BODY_BYTES + 1));
        assert_eq!([None, Some(0), Some(7)].map(wait_seconds), [1, 0, 7]);
        assert_eq!(wait_seconds(Some(u32::MAX)), MAX_RETRY_AFTER_SECONDS);
        let long = "ä".repeat(MAX_MESSAGE_CHARS + 1);
        let Err(RestError::Status { message, .. }) = check(500, format!(r#"{{"message":"{long}"}}"#)) else {
            panic!("a 500 is no answer");
        };
        assert_eq!(message.chars().count(), MAX_MESSAGE_CHARS);
    }

    #[test]
    fn refusals_carry_the_servers_words() {
        let error = check(422, r#"{"message":"invalid symbol"}"#.to_owned());
        assert_eq!(error, Err(RestError::Status { status: 422, message: "invalid symbol".to_owned() }));
        assert_eq!(check(200, "{}".to_owned()), Ok("{}".to_owned()));
        let error = check(500, "<html>".to_owned());
        assert_eq!(error, Err(RestError::Status { status: 500, message: String::new() }));
    }
}
