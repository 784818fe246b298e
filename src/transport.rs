//! Sockets as the engine sees them: something that connects to an endpoint and then says opened,
//! frame, closed. The engine does not know what is behind.

pub mod demo;
mod socket;
pub mod text;
pub mod websocket;

use std::rc::Rc;

use wickwire_proto::client::ConnectFailure;
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::{Codec, OwnedFrame};

/// What happened on a link, in order. Never told from within [`Transport::connect`],
/// [`Link::send`] or [`Link::close`], but later.
#[derive(Debug)]
pub enum LinkEvent {
    /// The socket is open.
    Opened,
    /// A whole message came.
    Frame(OwnedFrame),
    /// The socket, open before, is closed. The last event of a link.
    Closed {
        /// Close code; `None` if there was none.
        code: Option<u16>,
        /// The other side's reason; may be empty.
        reason: String,
    },
    /// The socket never opened. The last event of a link.
    Failed(ConnectFailure),
}

/// Takes the events of one link.
pub type LinkSink = Rc<dyn Fn(LinkEvent)>;

/// An open, or opening, connection. Dropping it closes it without a word.
pub trait Link {
    /// Sends a frame; does nothing if the link is not open.
    fn send(&self, frame: OwnedFrame);

    /// Closes. Nothing is told afterwards.
    fn close(self: Box<Self>, code: u16, reason: &'static str);
}

/// Makes links.
pub trait Transport {
    /// Opens a connection to `endpoint`.
    fn connect(&self, endpoint: Endpoint, sink: LinkSink) -> Box<dyn Link>;

    /// How the page writes its requests on links of this transport.
    fn codec(&self) -> Codec;
}
