//! Messages to frames, in the form that the official SDKs demand.

use crate::channel::{Channel, Subscriptions};
use crate::frame::{Codec, OwnedFrame};
use crate::message::Message;

/// One frame with these messages: JSON as text, MessagePack as binary.
#[must_use]
pub fn encode(codec: Codec, messages: &[Message<'_>]) -> OwnedFrame {
    let _ = messages;
    OwnedFrame::from_written(codec, Vec::new())
}

/// Appends one message to `out`, without the array around it. Write each message once per codec
/// and send it to many with [`join_elements`].
pub fn encode_element(codec: Codec, message: &Message<'_>, out: &mut Vec<u8>) {
    let _ = (codec, message, out);
}

/// One frame from messages that [`encode_element`] wrote with the same codec.
#[must_use]
pub fn join_elements(codec: Codec, elements: &[&[u8]]) -> OwnedFrame {
    let _ = elements;
    OwnedFrame::from_written(codec, Vec::new())
}

/// The acknowledgement of a subscription: every list of `channels`, empty ones too, alone in its
/// array. The JavaScript SDK copies the lists without a check, so none may be absent.
#[must_use]
pub fn encode_acknowledgement(codec: Codec, channels: &[Channel], state: &Subscriptions) -> OwnedFrame {
    let _ = (channels, state);
    OwnedFrame::from_written(codec, Vec::new())
}
