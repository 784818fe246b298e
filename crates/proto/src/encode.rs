//! Messages to frames, in the form that the official SDKs demand: `T` first, integers where the
//! Go SDK insists on them, MessagePack times as extension -1.
//!
//! A message is written as it is: absent fields stay absent. What alpaca-py demands beyond that
//! (bars with `n` and `vw`) is added by [`Bar::for_wire`](crate::message::Bar::for_wire).

mod element;

use crate::channel::{Channel, Subscriptions};
use crate::codec::{JsonWriter, MsgpackWriter, Writer};
use crate::frame::{Codec, OwnedFrame};
use crate::message::Message;

/// One frame with these messages: JSON as text, MessagePack as binary.
#[must_use]
pub fn encode(codec: Codec, messages: &[Message<'_>]) -> OwnedFrame {
    frame(codec, messages.len(), |index, out| {
        if let Some(message) = messages.get(index) {
            encode_element(codec, message, out);
        }
    })
}

/// Appends one message to `out`, without the array around it. Write each message once per codec
/// and send it to many with [`join_elements`].
///
/// A float that is not finite is written as null, which readers refuse.
pub fn encode_element(codec: Codec, message: &Message<'_>, out: &mut Vec<u8>) {
    match codec {
        Codec::Json => element::write(&mut JsonWriter::new(out), message),
        Codec::MessagePack => element::write(&mut MsgpackWriter::new(out), message),
    }
}

/// One message as a line of JSON that does not depend on how the wire wrote it: the wire's keys,
/// `T` first, absent fields left out, times with nine digits, whole floats like integers. For
/// tools and tests, not for the wire.
#[must_use]
pub fn to_canonical_json(message: &Message<'_>) -> String {
    let mut out = Vec::new();
    element::write(&mut JsonWriter::canonical(&mut out), message);
    String::from_utf8(out).unwrap_or_default()
}

/// One frame from messages that [`encode_element`] wrote with the same codec.
#[must_use]
pub fn join_elements(codec: Codec, elements: &[&[u8]]) -> OwnedFrame {
    frame(codec, elements.len(), |index, out| out.extend_from_slice(elements.get(index).unwrap_or(&&[][..])))
}

/// The acknowledgement of a subscription: every list of `channels`, empty ones too, alone in its
/// array. The JavaScript SDK copies the lists without a check, so none may be absent.
#[must_use]
pub fn encode_acknowledgement(codec: Codec, channels: &[Channel], state: &Subscriptions) -> OwnedFrame {
    frame(codec, 1, |_, out| match codec {
        Codec::Json => element::write_subscription(&mut JsonWriter::new(out), channels, state),
        Codec::MessagePack => element::write_subscription(&mut MsgpackWriter::new(out), channels, state),
    })
}

/// An array of `len` elements, each appended by `write`.
fn frame(codec: Codec, len: usize, mut write: impl FnMut(usize, &mut Vec<u8>)) -> OwnedFrame {
    let mut out = Vec::new();
    match codec {
        Codec::Json => {
            out.push(b'[');
            for index in 0..len {
                if index > 0 {
                    out.push(b',');
                }
                write(index, &mut out);
            }
            out.push(b']');
        }
        Codec::MessagePack => {
            MsgpackWriter::new(&mut out).array(len);
            (0..len).for_each(|index| write(index, &mut out));
        }
    }
    OwnedFrame::from_written(codec, out)
}
