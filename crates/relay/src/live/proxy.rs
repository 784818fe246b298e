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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// What the proxy makes of an answer of so many bytes that does not say how long it is.
    async fn answer_of(bytes: usize) -> RestResponse {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(socket.read(&mut request).await.unwrap() > 0);
            socket.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await.unwrap();
            let mut left = bytes;
            while left > 0 {
                let part = left.min(1 << 16);
                // The other side may have read enough.
                if socket.write_all(&vec![b'x'; part]).await.is_err() {
                    break;
                }
                left -= part;
            }
        });
        let hosts = Hosts { stream: String::new(), data: host.clone(), trading: host };
        let proxy = Proxy::new(Credentials::new("key", "secret"), hosts).unwrap();
        let answer = proxy.get("GET", "/v2/clock", &[]).await;
        server.abort();
        answer
    }

    #[tokio::test]
    async fn an_answer_is_read_up_to_a_limit_and_no_further() {
        let whole = answer_of(MAX_ANSWER).await;
        assert_eq!((whole.status, whole.body.len()), (200, MAX_ANSWER));
        // One that has no end is given up before its time is over.
        for bytes in [MAX_ANSWER + 1, usize::MAX] {
            let refused = answer_of(bytes).await;
            assert_eq!(refused.status, 502);
            assert!(refused.body.contains("too large"), "{}", refused.body);
        }
    }
}
