//! REST to Alpaca with the server's keys.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::{Client, Url, redirect};
use wickwire_proto::request::Credentials;
use wickwire_sim::RestResponse;

use super::route::{self, Host};
use crate::config::Hosts;
use crate::error::Error;

/// Largest answer that is passed on.
const MAX_ANSWER: usize = 8 << 20;
/// An answer that takes longer counts as none.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The client for Alpaca's REST; cheap to clone.
#[derive(Clone)]
pub struct Proxy {
    client: Client,
    credentials: Credentials,
    hosts: Hosts,
}

impl Proxy {
    /// A client that follows no redirect.
    ///
    /// # Errors
    /// If the system's TLS set-up cannot be used.
    pub fn new(credentials: Credentials, hosts: Hosts) -> Result<Self, Error> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(TIMEOUT)
            .build()
            .map_err(|e| Error::Upstream(e.to_string()))?;
        Ok(Self { client, credentials, hosts })
    }

    /// Fetches an answer for a request of the table; anything else is 404, and an upstream that
    /// does not answer is 502.
    pub async fn get(&self, method: &str, path: &str, query: &[(String, String)]) -> RestResponse {
        if method != "GET" {
            return RestResponse::error(405, "only GET");
        }
        let Some(route) = route::find(path, query) else {
            return RestResponse::error(404, "no such route");
        };
        let host = match route.host {
            Host::Data => &self.hosts.data,
            Host::Trading => &self.hosts.trading,
        };
        let Ok(mut url) = Url::parse(host) else { return RestResponse::error(502, "no upstream") };
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(&route.parts);
        }
        if !route.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&route.query);
        }
        match self.fetch(url).await {
            Ok(answer) => answer,
            Err(error) => {
                // The error names the address but never the keys, which travel in headers.
                tracing::warn!(%path, error = %error.without_url(), "Alpaca's REST did not answer");
                RestResponse::error(502, "Alpaca's REST did not answer")
            }
        }
    }

    async fn fetch(&self, url: Url) -> reqwest::Result<RestResponse> {
        let request = self
            .client
            .get(url)
            .header("APCA-API-KEY-ID", &self.credentials.key)
            .header("APCA-API-SECRET-KEY", self.credentials.secret.reveal());
        let response = request.send().await?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        let mut stream = response.bytes_stream();
        while let Some(chunk) = stream.next().await {
            body.extend_from_slice(&chunk?);
            if body.len() > MAX_ANSWER {
                return Ok(RestResponse::error(502, "Alpaca's answer is too large"));
            }
        }
        Ok(match String::from_utf8(body) {
            Ok(body) => RestResponse { status, body },
            Err(_) => RestResponse::error(502, "Alpaca's answer is not text"),
        })
    }
}
