//! The built page, from a folder.

use std::path::Path;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Html;
use axum::routing::get;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// Shown where no page has been built.
const MISSING: &str = "<!doctype html><meta charset=utf-8><title>Wickwire</title>\
    <p>The page is not built yet. Run <code>cargo xtask serve</code>, which builds it and starts this relay.";

/// Routes for the files of `dist`, or a page that says how to build it.
///
/// Every answer must be asked for again (`no-cache`, answered 304 when unchanged), so that a new
/// build is never mixed with an old one.
pub fn router<S: Clone + Send + Sync + 'static>(dist: &Path) -> Router<S> {
    if !dist.join("index.html").is_file() {
        return Router::new().fallback(get(|| async { (StatusCode::NOT_FOUND, Html(MISSING)) }));
    }
    Router::new().fallback_service(ServeDir::new(dist)).layer(SetResponseHeaderLayer::if_not_present(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache"),
    ))
}
