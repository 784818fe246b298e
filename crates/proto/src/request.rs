//! What clients say: authentication, subscriptions, and `listen` on the trading stream.

mod read;
mod write;

use std::fmt;

use crate::channel::Subscriptions;
use crate::codec::{JsonReader, JsonWriter, MsgpackReader, MsgpackWriter};
use crate::error::Error;
use crate::frame::{Codec, Frame, OwnedFrame};
use crate::limits::MAX_FRAME_BYTES;

/// Text that `Debug` shows as stars and that is overwritten when it is dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself. Only for the wire: never into a log, an address, an error or a title.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        // Best effort: copies that the allocator or the caller made are out of reach.
        let mut bytes = std::mem::take(&mut self.0).into_bytes();
        bytes.fill(0);
        std::hint::black_box(&bytes);
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// A key id and its secret. For tokens the key is the literal `oauth` or `access_token`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The key's id. It names the account, so `Debug` hides it too.
    pub key: String,
    /// The secret.
    pub secret: Secret,
}

impl Credentials {
    /// A key id and its secret.
    #[must_use]
    pub fn new(key: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { key: key.into(), secret: Secret::new(secret) }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials { *** }")
    }
}

/// Which of the two forms an authentication has on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthForm {
    /// `{"action":"auth","key":…,"secret":…}`: market data, and the trading stream's new form.
    #[default]
    Auth,
    /// `{"action":"authenticate","data":{"key_id":…,"secret_key":…}}`: the trading stream's old
    /// form, which every SDK sends. A key of `oauth` is written as `data.oauth_token`.
    Authenticate,
}

/// A client's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Authentication in either form.
    Auth(Credentials, AuthForm),
    /// Adds subscriptions. May be empty: an absent or nil list is an empty one.
    Subscribe(Subscriptions),
    /// Takes subscriptions away.
    Unsubscribe(Subscriptions),
    /// Trading stream: the whole set of streams to listen to.
    Listen(Vec<String>),
    /// Trading stream: streams to listen to no longer (alpaca-ts and the C# SDK know it).
    Unlisten(Vec<String>),
    /// An action that does not exist (`ping`): answer 400.
    Unknown,
}

/// Reads a client's request in either codec, from either kind of frame. Unknown keys are ignored,
/// absent and null lists are empty.
///
/// # Errors
/// If it is not understood; the server answers 400 and keeps the connection.
pub fn decode_request(frame: Frame<'_>) -> Result<Request, Error> {
    if frame.len() > MAX_FRAME_BYTES {
        return Err(Error::FrameTooLarge(frame.len()));
    }
    match frame.codec() {
        Codec::Json => read::request(&mut JsonReader::new(frame)),
        Codec::MessagePack => read::request(&mut MsgpackReader::new(frame.bytes())),
    }
}

/// Writes a request. [`Request::Unknown`] is written as an empty object.
#[must_use]
pub fn encode_request(codec: Codec, request: &Request) -> OwnedFrame {
    let mut out = Vec::new();
    match codec {
        Codec::Json => write::request(&mut JsonWriter::new(&mut out), request),
        Codec::MessagePack => write::request(&mut MsgpackWriter::new(&mut out), request),
    }
    OwnedFrame::from_written(codec, out)
}
