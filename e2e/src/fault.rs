//! A TCP proxy on loopback that does what networks do.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

/// Bytes read at once.
const CHUNK: usize = 16 * 1024;

/// What the proxy does to WebSockets; other requests pass where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Passes everything on.
    None,
    /// Ends every connection, new and old, by a reset.
    Refuse,
    /// Resets a WebSocket after so many more bytes to the client, and passes the next ones.
    CutAfter(usize),
    /// Keeps WebSockets open and passes nothing on.
    Swallow,
    /// Ends every connection but WebSockets by a reset: what comes live comes, history does not.
    NoHistory,
    /// Ends every connection by which history or news is asked for, and passes the page and what is live.
    NoData,
}

impl Fault {
    fn refuses(self, is_socket: bool) -> bool {
        self == Self::Refuse || self == Self::NoHistory && !is_socket
    }
}

/// A running proxy; ends when dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    fault: watch::Sender<Fault>,
    sockets: Arc<AtomicU64>,
    data: Arc<AtomicU64>,
    task: AbortHandle,
}

impl Proxy {
    /// A proxy in front of `server`, on a free port.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn start(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (fault, seen) = watch::channel(Fault::None);
        let sockets = Arc::new(AtomicU64::new(0));
        let data = Arc::new(AtomicU64::new(0));
        let (counter, data_counter) = (Arc::clone(&sockets), Arc::clone(&data));
        let sender = fault.clone();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let pair = Pair {
                    fault: seen.clone(),
                    switch: sender.clone(),
                    sockets: Arc::clone(&counter),
                    data: Arc::clone(&data_counter),
                };
                connections.spawn(pair.run(client, server));
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self { address, fault, sockets, data, task: task.abort_handle() })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What happens from now on.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// What happens now: a cut that has happened is over.
    #[must_use]
    pub fn fault(&self) -> Fault {
        *self.fault.borrow()
    }

    /// WebSockets that clients have asked for so far, refused ones among them.
    #[must_use]
    pub fn sockets(&self) -> u64 {
        self.sockets.load(Ordering::Acquire)
    }

    /// Requests for history and news so far, refused ones among them.
    #[must_use]
    pub fn data_requests(&self) -> u64 {
        self.data.load(Ordering::Acquire)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Pair {
    fault: watch::Receiver<Fault>,
    switch: watch::Sender<Fault>,
    sockets: Arc<AtomicU64>,
    data: Arc<AtomicU64>,
}

impl Pair {
    async fn run(mut self, mut client: TcpStream, server: SocketAddr) {
        let _ = self.carry(&mut client, server).await;
    }

    /// Counts a request for data; whether it is to be refused.
    fn refuses_data(&self, head: &str, is_socket: bool) -> bool {
        if is_socket || !asks_for_data(head) {
            return false;
        }
        self.data.fetch_add(1, Ordering::AcqRel);
        *self.fault.borrow() == Fault::NoData
    }

    async fn carry(&mut self, client: &mut TcpStream, server: SocketAddr) -> std::io::Result<()> {
        let (mut up, mut down) = (vec![0; CHUNK], vec![0; CHUNK]);
        // The request's head comes in one piece on loopback.
        let mut length = client.read(&mut up).await?;
        let head = String::from_utf8_lossy(up.get(..length).unwrap_or_default()).to_ascii_lowercase();
        let is_socket = head.contains("upgrade: websocket");
        if is_socket {
            self.sockets.fetch_add(1, Ordering::AcqRel);
        }
        if self.fault.borrow_and_update().refuses(is_socket) || self.refuses_data(&head, is_socket) {
            return client.set_zero_linger();
        }
        let mut upstream = TcpStream::connect(server).await?;
        upstream.write_all(up.get(..length).unwrap_or_default()).await?;
        let mut left = allowance(*self.fault.borrow());
        loop {
            let swallow = is_socket && *self.fault.borrow() == Fault::Swallow;
            tokio::select! {
                changed = self.fault.changed() => {
                    if changed.is_err() { return Ok(()) }
                    let fault = *self.fault.borrow_and_update();
                    if fault.refuses(is_socket) {
                        return client.set_zero_linger();
                    }
                    left = allowance(fault);
                }
                read = client.read(&mut up), if !swallow => {
                    length = read?;
                    if length == 0 { return Ok(()) }
                    // A further request on the same connection; its head comes in one piece, too.
                    let head = String::from_utf8_lossy(up.get(..length).unwrap_or_default()).to_ascii_lowercase();
                    if self.refuses_data(&head, is_socket) {
                        return client.set_zero_linger();
                    }
                    upstream.write_all(up.get(..length).unwrap_or_default()).await?;
                }
                read = upstream.read(&mut down), if !swallow => {
                    length = read?;
                    if length == 0 { return client.shutdown().await }
                    if let Some(left) = left.as_mut().filter(|_| is_socket) {
                        if length > *left {
                            client.write_all(down.get(..*left).unwrap_or_default()).await?;
                            self.switch.send_replace(Fault::None);
                            return client.set_zero_linger();
                        }
                        *left -= length;
                    }
                    client.write_all(down.get(..length).unwrap_or_default()).await?;
                }
            }
        }
    }
}

/// Whether a request, in lower case, asks for history or news.
fn asks_for_data(head: &str) -> bool {
    head.starts_with("get /v1beta") || head.starts_with("get /v2/")
}

const fn allowance(fault: Fault) -> Option<usize> {
    match fault {
        Fault::CutAfter(bytes) => Some(bytes),
        _ => None,
    }
}
