//! WebSockets of the browser: a text frame is copied once, straight into memory of WebAssembly.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};
use wickwire_proto::client::ConnectFailure;
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::{Codec, OwnedFrame};

use super::{Link, LinkEvent, LinkSink, Transport, text};
use crate::dom::{self, Listener};
use crate::source::STREAM_HOST;

/// Most bytes that wait to be sent on one link; sessions send a handful. Beyond, the link counts as
/// broken.
pub const MAX_BUFFERED: u32 = 1 << 20;
/// Addresses remembered as blocked.
const MAX_BLOCKED: usize = 16;
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

/// Addresses that the page's policy forbade.
type Blocked = Rc<RefCell<Vec<String>>>;

/// WebSockets to Alpaca or to the page's own origin.
pub struct WebSockets {
    base: Base,
    blocked: Blocked,
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
                note(&mut blocked.borrow_mut(), event.blocked_uri());
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
        let mut link = SocketLink::default();
        let address = self.address(endpoint);
        let opened = match &address {
            Some(address) => WebSocket::new(address).map_err(|error| {
                // The text of the error may repeat the address, which holds no key.
                error.dyn_into::<js_sys::Error>().map(|e| String::from(e.message())).unwrap_or_default()
            }),
            None => Err("this page has no address to connect from".to_owned()),
        };
        match opened {
            Ok(socket) => {
                let address = address.unwrap_or_default();
                link.listen(socket, address, &sink, Rc::clone(&self.blocked));
            }
            Err(text) => {
                let done = Rc::clone(&link.done);
                // Told later, as everything is.
                spawn_local(async move { tell(&done, &sink, failed(&text)) });
            }
        }
        Box::new(link)
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

/// What an event of the browser is to the page.
type Told = Box<dyn Fn(&Event) -> Option<LinkEvent>>;

fn tell(done: &Cell<bool>, sink: &LinkSink, event: LinkEvent) {
    if !done.get() {
        sink(event);
    }
}

/// A socket and what listens to it; they go with the link.
#[derive(Default)]
struct SocketLink {
    socket: Option<WebSocket>,
    listeners: Vec<Listener>,
    /// Told to close, or dropped: nothing is told any more.
    done: Rc<Cell<bool>>,
}

impl SocketLink {
    fn listen(&mut self, socket: WebSocket, address: String, sink: &LinkSink, blocked: Blocked) {
        socket.set_binary_type(BinaryType::Arraybuffer);
        let opened = Rc::new(Cell::new(false));
        let mut on = |name, event: Told| {
            let (done, sink) = (Rc::clone(&self.done), Rc::clone(sink));
            self.listeners.push(Listener::new(&socket, name, move |happened| {
                if let Some(event) = event(&happened) {
                    tell(&done, &sink, event);
                }
            }));
        };
        let now = Rc::clone(&opened);
        on(
            "open",
            Box::new(move |_| {
                now.set(true);
                Some(LinkEvent::Opened)
            }),
        );
        on(
            "message",
            Box::new(|event| frame(&event.dyn_ref::<MessageEvent>()?.data()).map(LinkEvent::Frame)),
        );
        // An error says nothing; a close follows it.
        on(
            "close",
            Box::new(move |event| {
                if opened.get() {
                    let event = event.dyn_ref::<CloseEvent>()?;
                    // 1005 stands for a close frame without a code, 1006 for none.
                    let code = Some(event.code()).filter(|code| *code != 1005);
                    return Some(LinkEvent::Closed { code, reason: event.reason() });
                }
                Some(failed(if is_blocked(&blocked.borrow(), &address) {
                    "blocked by this page's security policy"
                } else if dom::is_offline() {
                    "this device is offline"
                } else {
                    // Browsers do not tell a page why.
                    ""
                }))
            }),
        );
        self.socket = Some(socket);
    }

    fn shut(&self, code: u16, reason: &str) {
        if !self.done.replace(true)
            && let Some(socket) = &self.socket
        {
            let _ = socket.close_with_code_and_reason(closable(code), clip(reason));
        }
    }
}

/// The frame in the data of a message; a page gets nothing else than these two.
fn frame(data: &JsValue) -> Option<OwnedFrame> {
    if let Some(text) = data.dyn_ref::<JsString>() {
        return Some(OwnedFrame::Text(text::copy(text)));
    }
    let bytes = data.dyn_ref::<js_sys::ArrayBuffer>()?;
    Some(OwnedFrame::Binary(js_sys::Uint8Array::new(bytes).to_vec()))
}

impl Link for SocketLink {
    fn send(&self, frame: OwnedFrame) {
        let Some(socket) = self.socket.as_ref().filter(|socket| socket.ready_state() == WebSocket::OPEN)
        else {
            return;
        };
        if is_stuck(socket.buffered_amount()) {
            let _ = socket.close_with_code_and_reason(1000, "too much to send");
            return;
        }
        // A failure shows as a close soon after.
        let _ = match frame {
            OwnedFrame::Text(text) => socket.send_with_str(&text),
            OwnedFrame::Binary(bytes) => socket.send_with_u8_array(&bytes),
        };
    }

    fn close(self: Box<Self>, code: u16, reason: &'static str) {
        self.shut(code, reason);
    }
}

impl Drop for SocketLink {
    fn drop(&mut self) {
        self.shut(1000, "");
    }
}

/// Whether so many bytes wait to be sent that the other side cannot be reading.
const fn is_stuck(buffered: u32) -> bool {
    buffered > MAX_BUFFERED
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

/// Remembers a blocked address. One that is tried again and again takes one place.
fn note(blocked: &mut Vec<String>, address: String) {
    if blocked.len() < MAX_BLOCKED && !blocked.contains(&address) {
        blocked.push(address);
    }
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
    fn a_link_on_which_too_much_waits_is_broken() {
        assert!(!is_stuck(0));
        assert!(!is_stuck(MAX_BUFFERED));
        assert!(is_stuck(MAX_BUFFERED + 1));
    }

    #[test]
    fn blocked_addresses_are_remembered_once_and_up_to_a_limit() {
        let mut blocked = Vec::new();
        for _ in 0..2 * MAX_BLOCKED {
            note(&mut blocked, "wss://one.example/v2/iex".to_owned());
        }
        note(&mut blocked, "wss://two.example".to_owned());
        assert!(is_blocked(&blocked, "wss://one.example/v2/iex"));
        assert!(is_blocked(&blocked, "wss://two.example/v2/sip"), "the other one was tried often");
        for i in 0..2 * MAX_BLOCKED {
            note(&mut blocked, format!("wss://{i}.example"));
        }
        assert_eq!(blocked.len(), MAX_BLOCKED);
    }

    #[test]
    fn reasons_are_clipped_at_a_character() {
        let long = "ä".repeat(100);
        assert!(clip(&long).len() <= MAX_REASON_BYTES);
        assert_eq!(clip("bye"), "bye");
    }
}
