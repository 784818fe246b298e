//! What must hold for any market-data frame.

use wickwire_proto::decode::decode_with;
use wickwire_proto::encode::{encode, to_canonical_json};
use wickwire_proto::frame::{Codec, Frame};
use wickwire_proto::message::Message;

fn read(frame: Frame<'_>) -> Option<Vec<Message<'static>>> {
    let (mut messages, mut refusals) = (Vec::new(), 0);
    let tally = decode_with(frame, &mut |m| messages.push(m.into_owned()), &mut |_, _| refusals += 1).ok()?;
    assert_eq!(tally.delivered, messages.len() as u64);
    assert_eq!(tally.refused, refusals);
    Some(messages)
}

/// Decodes a frame, and encodes and decodes again what it held.
pub fn check(frame: Frame<'_>) {
    let Some(messages) = read(frame) else { return };
    let lines: Vec<_> = messages.iter().map(to_canonical_json).collect();
    for codec in [Codec::Json, Codec::MessagePack] {
        let again = read(encode(codec, &messages).as_frame()).expect("our own frame");
        assert_eq!(again, messages);
        assert_eq!(again.iter().map(to_canonical_json).collect::<Vec<_>>(), lines);
    }
}
