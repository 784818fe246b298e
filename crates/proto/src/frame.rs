//! What goes over a socket: one text or binary frame.

/// How messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Codec {
    /// JSON; the only one a browser can ask Alpaca for.
    #[default]
    Json,
    /// MessagePack, asked for with a request header.
    MessagePack,
}

/// A frame as it came from a socket, already joined from its fragments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A text frame: always JSON.
    Text(&'a str),
    /// A binary frame: MessagePack, or JSON (the trading stream and the C# SDK send that).
    Binary(&'a [u8]),
}

impl<'a> Frame<'a> {
    /// The payload.
    #[must_use]
    pub const fn bytes(self) -> &'a [u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    /// Bytes of the payload.
    #[must_use]
    pub const fn len(self) -> usize {
        self.bytes().len()
    }

    /// Whether the payload is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The codec, told by frame kind and first byte, never by configuration. No MessagePack array
    /// or map begins with a byte that JSON may begin with, and no frame holds anything else.
    #[must_use]
    pub fn codec(self) -> Codec {
        match self {
            Self::Binary([0x80..=0x9f | 0xdc..=0xdf, ..]) => Codec::MessagePack,
            Self::Text(_) | Self::Binary(_) => Codec::Json,
        }
    }
}

/// A frame to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnedFrame {
    /// A text frame.
    Text(String),
    /// A binary frame.
    Binary(Vec<u8>),
}

impl OwnedFrame {
    /// The frame, borrowed.
    #[must_use]
    pub fn as_frame(&self) -> Frame<'_> {
        match self {
            Self::Text(text) => Frame::Text(text),
            Self::Binary(bytes) => Frame::Binary(bytes),
        }
    }

    /// The payload.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.as_frame().bytes()
    }

    /// Bytes of the payload.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    /// Whether the payload is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes().is_empty()
    }

    /// The frame for bytes that a writer made: JSON as text, MessagePack as binary.
    #[must_use]
    pub(crate) fn from_written(codec: Codec, bytes: Vec<u8>) -> Self {
        match codec {
            // Our JSON writer emits UTF-8 only, so the lossy branch is never taken.
            Codec::Json => Self::Text(
                String::from_utf8(bytes)
                    .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()),
            ),
            Codec::MessagePack => Self::Binary(bytes),
        }
    }
}
