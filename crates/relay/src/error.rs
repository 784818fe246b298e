//! What can go wrong, and what to do about it.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the relay does not start or had to stop.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line is off; show the message and the usage.
    #[error("{0}")]
    Usage(String),
    /// The port is taken or not allowed; choose another with `--port`.
    #[error("cannot listen on {address}: {source}; choose another port with --port")]
    Bind {
        /// Where the relay wanted to listen.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// A recording cannot be read; check the path and the file.
    #[error("cannot read the recording {}: {source}", path.display())]
    Recording {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A recording holds nothing that can be played; see the message.
    #[error("{0}")]
    Source(String),
    /// Serving stopped for a reason of the system's; start again.
    #[error("serving stopped: {0}")]
    Serve(#[from] std::io::Error),
    /// The client for Alpaca's REST could not be made; check the system's TLS set-up.
    #[error("cannot prepare the connection to Alpaca: {0}")]
    Upstream(String),
}
