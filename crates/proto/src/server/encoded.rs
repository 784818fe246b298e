//! One message, written at most once per codec and shared.

use std::sync::Arc;

use crate::encode::encode_element;
use crate::frame::Codec;
use crate::message::Message;

/// A message and its encodings, made when first needed.
#[derive(Debug)]
pub struct Encoded<'m, 'a> {
    message: &'m Message<'a>,
    json: Option<Arc<[u8]>>,
    message_pack: Option<Arc<[u8]>>,
}

impl<'m, 'a> Encoded<'m, 'a> {
    /// Nothing is encoded yet.
    #[must_use]
    pub const fn new(message: &'m Message<'a>) -> Self {
        Self { message, json: None, message_pack: None }
    }

    /// The message.
    #[must_use]
    pub const fn message(&self) -> &'m Message<'a> {
        self.message
    }

    /// The message in this codec, without the array around it.
    #[must_use]
    pub fn element(&mut self, codec: Codec) -> Arc<[u8]> {
        let slot = match codec {
            Codec::Json => &mut self.json,
            Codec::MessagePack => &mut self.message_pack,
        };
        Arc::clone(slot.get_or_insert_with(|| {
            let mut out = Vec::with_capacity(256);
            encode_element(codec, self.message, &mut out);
            out.into()
        }))
    }
}
