//! The built page under a path prefix, as GitHub Pages serves it: files and nothing else.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use crate::report;

/// Longest request head that is read, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// A running file server; ends when dropped.
#[derive(Debug)]
pub struct Files {
    address: SocketAddr,
    prefix: &'static str,
    task: AbortHandle,
}

impl Files {
    /// Serves the built page below `prefix`, which begins and ends with a slash.
    ///
    /// # Errors
    /// If the page is not built or there is no free port.
    pub async fn start(prefix: &'static str) -> Result<Self> {
        let dist: Arc<PathBuf> = Arc::new(report::dist()?);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let dist = Arc::clone(&dist);
                tokio::spawn(async move { answer(client, &dist, prefix).await });
            }
        });
        Ok(Self { address, prefix, task: task.abort_handle() })
    }

    /// The page's address with a query.
    #[must_use]
    pub fn address(&self, query: &str) -> String {
        format!("http://{}{}{query}", self.address, self.prefix)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut client: TcpStream, dist: &Path, prefix: &str) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD {
        if client.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let head = String::from_utf8_lossy(&head);
    let path = head.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    let found = path.strip_prefix(prefix).map(|name| if name.is_empty() { "index.html" } else { name });
    let name = found.filter(|name| !name.contains("..") && !name.starts_with('/'));
    let body = name.and_then(|name| std::fs::read(dist.join(name)).ok());
    let (status, body) = body.map_or(("404 Not Found", b"not here\n".to_vec()), |body| ("200 OK", body));
    let kind = kind(name.unwrap_or_default());
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    client.write_all(head.as_bytes()).await?;
    client.write_all(&body).await?;
    client.shutdown().await
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, kind)| kind) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript",
        "wasm" => "application/wasm",
        "css" => "text/css",
        "svg" => "image/svg+xml",
        _ => "text/plain",
    }
}
