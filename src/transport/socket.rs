//! The browser's WebSocket as a queue of events.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::{ArrayBuffer, JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};
use wickwire_proto::frame::OwnedFrame;

use super::text;
use crate::dom::Listener;

/// What a socket has to tell, in order.
#[derive(Debug)]
pub(super) enum SocketEvent {
    /// It is open.
    Opened,
    /// A whole message came.
    Frame(OwnedFrame),
    /// It is closed, or never opened: the last event. Browsers tell an error before it and no more of one.
    Closed {
        /// Close code.
        code: u16,
        /// The other side's reason; may be empty.
        reason: String,
    },
}

#[derive(Default)]
struct Queue {
    events: RefCell<VecDeque<SocketEvent>>,
    waker: RefCell<Option<Waker>>,
}

impl Queue {
    fn push(&self, event: SocketEvent) {
        self.events.borrow_mut().push_back(event);
        let waker = self.waker.borrow_mut().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A socket, closed when it is dropped. Its queue has no bound: whoever has it must empty it.
pub(super) struct Socket {
    socket: WebSocket,
    queue: Rc<Queue>,
    _listeners: [Listener; 3],
}

impl Socket {
    /// Begins to open one.
    ///
    /// # Errors
    /// The browser's words, when it does not even try.
    pub(super) fn open(address: &str) -> Result<Self, String> {
        let socket = WebSocket::new(address).map_err(|error| message_of(&error))?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let queue = Rc::new(Queue::default());
        let listen = |name, event: fn(web_sys::Event) -> Option<SocketEvent>| {
            let queue = Rc::clone(&queue);
            Listener::new(&socket, name, move |told| {
                if let Some(event) = event(told) {
                    queue.push(event);
                }
            })
        };
        let listeners = [
            listen("open", |_| Some(SocketEvent::Opened)),
            listen("message", frame),
            listen("close", closed),
        ];
        Ok(Self { socket, queue, _listeners: listeners })
    }

    /// The next event.
    pub(super) fn poll_event(&self, cx: &mut Context<'_>) -> Poll<SocketEvent> {
        if let Some(event) = self.queue.events.borrow_mut().pop_front() {
            return Poll::Ready(event);
        }
        *self.queue.waker.borrow_mut() = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Sends a frame. A failure shows as a close soon after.
    pub(super) fn send(&self, frame: &OwnedFrame) {
        let _ = match frame {
            OwnedFrame::Text(text) => self.socket.send_with_str(text),
            OwnedFrame::Binary(bytes) => self.socket.send_with_u8_array(bytes),
        };
    }

    /// Closes, with a code and a reason that browsers take.
    pub(super) fn close(self, code: u16, reason: &str) {
        let _ = self.socket.close_with_code_and_reason(code, reason);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Nothing happens to one that is closing already.
        let _ = self.socket.close();
    }
}

fn message_of(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message())).unwrap_or_default()
}

fn frame(event: web_sys::Event) -> Option<SocketEvent> {
    let data = event.dyn_into::<MessageEvent>().ok()?.data();
    let frame = match data.dyn_into::<JsString>() {
        Ok(text) => OwnedFrame::Text(text::read(&text)),
        Err(data) => {
            OwnedFrame::Binary(Uint8Array::new(&data.dyn_into::<ArrayBuffer>().ok()?.into()).to_vec())
        }
    };
    Some(SocketEvent::Frame(frame))
}

fn closed(event: web_sys::Event) -> Option<SocketEvent> {
    let event = event.dyn_into::<CloseEvent>().ok()?;
    Some(SocketEvent::Closed { code: event.code(), reason: event.reason() })
}
