//! WebSockets: a link for each, and its task.
//!
//! A frame sent after a close is lost without a word, so sending stops with the link. The queue of
//! what came has no bound, so the task below awaits nothing but that queue and the outbox, and
//! empties it after every event.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen_futures::spawn_local;
use wickwire_proto::client::ConnectFailure;
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::{Codec, OwnedFrame};

use super::socket::{Socket, SocketEvent};
use super::{Link, LinkEvent, LinkSink, Transport};
use crate::dom::{self, Listener};
use crate::source::STREAM_HOST;

/// Most frames that wait to be sent on one link; sessions send a handful. Beyond, the link counts
/// as broken.
pub const MAX_OUTBOX: usize = 256;
/// Most bytes of a close reason (RFC 6455, 5.5).
pub const MAX_REASON_BYTES: usize = 123;

/// Where the sockets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    /// Alpaca's stream host.
    Alpaca,
    /// The page's own origin, below its base address.
    Origin,
}

/// WebSockets to Alpaca or to the page's own origin.
pub struct WebSockets {
    base: Base,
    blocked: Rc<RefCell<Vec<String>>>,
    _listener: Option<Listener>,
}

impl WebSockets {
    /// Sockets to Alpaca: JSON, since a page can ask for nothing else.
    #[must_use]
    pub fn to_alpaca() -> Self {
        Self::new(Base::Alpaca)
    }

    /// Sockets to the relay that serves the page: MessagePack, asked for in the address.
    #[must_use]
    pub fn to_relay() -> Self {
        Self::new(Base::Origin)
    }

    fn new(base: Base) -> Self {
        /// Addresses remembered as blocked.
        const MAX_BLOCKED: usize = 16;
        // A socket that the page's policy forbids fails like any other; only this event tells.
        let blocked = Rc::new(RefCell::new(Vec::new()));
        let listener = dom::document().map(|document| {
            let blocked = Rc::clone(&blocked);
            Listener::new(&document, "securitypolicyviolation", move |event| {
                let Ok(event) =
                    wasm_bindgen::JsCast::dyn_into::<web_sys::SecurityPolicyViolationEvent>(event)
                else {
                    return;
                };
                let mut blocked = blocked.borrow_mut();
                if blocked.len() < MAX_BLOCKED {
                    blocked.push(event.blocked_uri());
                }
            })
        });
        Self { base, blocked, _listener: listener }
    }

    /// The address of `endpoint`, or `None` without a page.
    fn address(&self, endpoint: Endpoint) -> Option<String> {
        match self.base {
            Base::Alpaca => Some(format!("wss://{STREAM_HOST}{}", endpoint.path())),
            Base::Origin => {
                let relative = format!("{}?codec=msgpack", endpoint.path().trim_start_matches('/'));
                let url = web_sys::Url::new_with_base(&relative, &dom::base_uri()?).ok()?;
                url.set_protocol(if url.protocol() == "https:" { "wss:" } else { "ws:" });
                Some(url.href())
            }
        }
    }
}

impl Transport for WebSockets {
    fn connect(&self, endpoint: Endpoint, sink: LinkSink) -> Box<dyn Link> {
        let shared = Rc::new(Shared::default());
        let address = self.address(endpoint);
        let task_shared = Rc::clone(&shared);
        let blocked = Rc::clone(&self.blocked);
        spawn_local(async move {
            let shared = task_shared;
            let Some(address) = address else {
                return shared.tell(&sink, failed("this page has no address to connect from"));
            };
            match Socket::open(&address) {
                Ok(socket) => run(socket, &address, &shared, &sink, &blocked).await,
                // The text of the error may repeat the address, which holds no key.
                Err(error) => shared.tell(&sink, failed(&error)),
            }
        });
        Box::new(SocketLink { shared })
    }

    fn codec(&self) -> Codec {
        match self.base {
            Base::Alpaca => Codec::Json,
            Base::Origin => Codec::MessagePack,
        }
    }
}

fn failed(text: &str) -> LinkEvent {
    LinkEvent::Failed(ConnectFailure { text: text.to_owned(), ..ConnectFailure::default() })
}

/// What the link and its task share.
#[derive(Default)]
struct Shared {
    outbox: RefCell<VecDeque<OwnedFrame>>,
    close: Cell<Option<(u16, &'static str)>>,
    /// Told to close, or dropped: nothing is told any more.
    done: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Shared {
    fn tell(&self, sink: &LinkSink, event: LinkEvent) {
        if !self.done.get() {
            sink(event);
        }
    }

    fn wake(&self) {
        let waker = self.waker.borrow_mut().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

struct SocketLink {
    shared: Rc<Shared>,
}

impl Link for SocketLink {
    fn send(&self, frame: OwnedFrame) {
        let full = {
            let mut outbox = self.shared.outbox.borrow_mut();
            if outbox.len() < MAX_OUTBOX {
                outbox.push_back(frame);
                false
            } else {
                true
            }
        };
        if full {
            self.shared.close.set(Some((1000, "too much to send")));
        }
        self.shared.wake();
    }

    fn close(self: Box<Self>, code: u16, reason: &'static str) {
        self.shared.close.set(Some((code, reason)));
        // Drop wakes the task.
    }
}

impl Drop for SocketLink {
    fn drop(&mut self) {
        self.shared.done.set(true);
        if self.shared.close.get().is_none() {
            self.shared.close.set(Some((1000, "")));
        }
        self.shared.wake();
    }
}

enum Step {
    Close(u16, &'static str),
    Send(OwnedFrame),
    Told(SocketEvent),
}

async fn run(
    socket: Socket,
    address: &str,
    shared: &Shared,
    sink: &LinkSink,
    blocked: &RefCell<Vec<String>>,
) {
    let mut opened = false;
    let (code, reason) = loop {
        match std::future::poll_fn(|cx| poll(cx, &socket, shared, opened)).await {
            Step::Close(code, reason) => return socket.close(closable(code), clip(reason)),
            Step::Send(frame) => socket.send(&frame),
            Step::Told(SocketEvent::Opened) => {
                opened = true;
                shared.tell(sink, LinkEvent::Opened);
            }
            Step::Told(SocketEvent::Frame(frame)) => shared.tell(sink, LinkEvent::Frame(frame)),
            Step::Told(SocketEvent::Closed { code, reason }) => break (code, reason),
        }
    };
    let event = if opened {
        // 1005 stands for "no code".
        LinkEvent::Closed { code: Some(code).filter(|code| *code != 1005), reason }
    } else if is_blocked(&blocked.borrow(), address) {
        failed("blocked by this page's security policy")
    } else {
        // Browsers do not tell a page why.
        failed(if dom::is_offline() { "this device is offline" } else { "" })
    };
    shared.tell(sink, event);
}

fn poll(cx: &mut Context<'_>, socket: &Socket, shared: &Shared, opened: bool) -> Poll<Step> {
    if let Some((code, reason)) = shared.close.get() {
        return Poll::Ready(Step::Close(code, reason));
    }
    if opened && let Some(frame) = shared.outbox.borrow_mut().pop_front() {
        return Poll::Ready(Step::Send(frame));
    }
    if let Poll::Ready(event) = socket.poll_event(cx) {
        return Poll::Ready(Step::Told(event));
    }
    *shared.waker.borrow_mut() = Some(cx.waker().clone());
    Poll::Pending
}

/// Browsers let a page close with 1000 and with 3000 to 4999 only.
fn closable(code: u16) -> u16 {
    if matches!(code, 1000 | 3000..=4999) { code } else { 1000 }
}

fn clip(reason: &str) -> &str {
    let mut end = reason.len().min(MAX_REASON_BYTES);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    reason.get(..end).unwrap_or_default()
}

/// Browsers report the blocked address whole, or its origin only.
fn is_blocked(blocked: &[String], address: &str) -> bool {
    blocked.iter().any(|uri| !uri.is_empty() && address.starts_with(uri.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_that_browsers_take_are_sent() {
        for (code, sent) in
            [(1000, 1000), (1001, 1000), (1009, 1000), (3000, 3000), (4008, 4008), (5000, 1000)]
        {
            assert_eq!(closable(code), sent);
        }
    }

    #[test]
    fn reasons_are_clipped_at_a_character() {
        let long = "ä".repeat(100);
        assert!(clip(&long).len() <= MAX_REASON_BYTES);
        assert_eq!(clip("bye"), "bye");
    }
}
