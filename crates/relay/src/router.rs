//! Paths to handlers. Alpaca's own WebSocket and REST paths, our status, and the page.

use std::path::Path;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;
use wickwire_proto::endpoint::Endpoint;
use wickwire_sim::RestResponse;

use crate::socket::{self, Preferences};
use crate::stage::StageHandle;
use crate::{assets, guard};

/// WebSockets open at once; more are answered 503.
pub const MAX_CONNECTIONS: usize = 1000;

#[derive(Clone)]
struct Context {
    stage: StageHandle,
    open: watch::Sender<usize>,
}

/// Everything the relay answers; `open` counts the WebSockets.
pub fn router(dist: &Path, stage: StageHandle, open: watch::Sender<usize>) -> Router {
    let context = Context { stage, open };
    assets::router(dist)
        .layer(middleware::from_fn_with_state(context, api))
        .layer(middleware::from_fn(guard::layer))
}

/// Takes what is not a file of the page: WebSocket upgrades on any path that names an endpoint
/// (the C# SDK asks for `/`), and REST.
async fn api(State(context): State<Context>, request: Request, next: Next) -> Response {
    let upgrade = request
        .headers()
        .get(header::UPGRADE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.eq_ignore_ascii_case("websocket"));
    if upgrade {
        return open_socket(context, request).await;
    }
    let path = request.uri().path();
    if path == "/wickwire/status" || path.starts_with("/v1beta") || path.starts_with("/v2/") {
        return rest(&context.stage, request.method(), request.uri(), request.headers()).await;
    }
    next.run(request).await
}

async fn open_socket(context: Context, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Some(endpoint) = Endpoint::from_path(parts.uri.path()) else {
        return (StatusCode::NOT_FOUND, "no such stream\n").into_response();
    };
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let preferences = Preferences::read(&parts.headers, parts.uri.query());
    let Some(seat) = Seat::take(&context.open) else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], "too many connections\n")
            .into_response();
    };
    upgrade.max_message_size(socket::MAX_CLIENT_MESSAGE).on_upgrade(move |socket| async move {
        let _seat = seat;
        socket::run(socket, endpoint, preferences, context.stage).await;
    })
}

/// One of [`MAX_CONNECTIONS`] places, given back when dropped.
struct Seat(watch::Sender<usize>);

impl Seat {
    fn take(open: &watch::Sender<usize>) -> Option<Self> {
        let taken = open.send_if_modified(|count| {
            let free = *count < MAX_CONNECTIONS;
            *count += usize::from(free);
            free
        });
        taken.then(|| Self(open.clone()))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

async fn rest(stage: &StageHandle, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    let query = query_pairs(uri.query().unwrap_or_default());
    let path = percent_encoding::percent_decode_str(uri.path()).decode_utf8_lossy().into_owned();
    let credentials = Preferences::read(headers, None).credentials;
    let answer = stage.rest(method.as_str().to_owned(), path, query, credentials).await;
    let RestResponse { status, body, .. } = answer;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    (status, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body)
        .into_response()
}

fn query_pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let pairs = query_pairs("symbols=BTC%2FUSD,ETH%2fUSD&start=2024-01-01T00%3A00:00Z&x&y=a+b");
        let expect =
            [("symbols", "BTC/USD,ETH/USD"), ("start", "2024-01-01T00:00:00Z"), ("x", ""), ("y", "a b")];
        assert_eq!(pairs, expect.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn seats_are_counted_and_given_back() {
        let open = watch::Sender::new(MAX_CONNECTIONS - 1);
        let seat = Seat::take(&open).unwrap();
        assert!(Seat::take(&open).is_none());
        drop(seat);
        assert!(Seat::take(&open).is_some());
    }
}
