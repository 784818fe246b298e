//! The two ways of writing values: JSON and MessagePack.
//!
//! Readers pull: the decoder asks for what it expects next, so no value tree is built and text is
//! borrowed from the frame. [`Reader`] hides which codec it is, which is why both give equal
//! messages. Writers mirror that with [`Writer`]. Both can be used as `dyn`: only what is read often
//! is compiled once for each codec.

mod json;
mod letter;
mod msgpack;
mod usual;
#[cfg(feature = "trading")]
mod value;

use std::borrow::Cow;

pub(crate) use json::{JsonReader, JsonWriter};
pub(crate) use msgpack::{MsgpackReader, MsgpackWriter};
#[cfg(feature = "trading")]
pub(crate) use value::{read_value, write_value};

use crate::error::Error;
use crate::message::Message;
use crate::number::Number;
use crate::time::Timestamp;

/// Why a value could not be read. Small, so that results stay in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    Truncated,
    Syntax,
    Utf8,
    WrongKind,
    NumberRange,
    Time,
    TooDeep,
}

impl Flaw {
    /// The error for a flaw found at byte `at`.
    pub(crate) const fn at(self, at: usize) -> Error {
        match self {
            Self::Truncated => Error::Truncated(at),
            Self::Syntax => Error::Syntax(at),
            Self::Utf8 => Error::Utf8(at),
            Self::WrongKind => Error::WrongKind(at),
            Self::NumberRange => Error::NumberRange(at),
            Self::Time => Error::Time(at),
            Self::TooDeep => Error::TooDeep,
        }
    }
}

/// A place in a frame to come back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    position: usize,
    depth: usize,
}

/// The kinds of value that decoders tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Map,
    /// MessagePack: raw bytes or an extension.
    Other,
}

/// What a reader keeps of the array or map that it is in: MessagePack the values left, JSON whether
/// the next one is the first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seq(u32);

/// Pulls values out of a frame. After an error the place is undefined: [`Reader::rewind`] first.
pub(crate) trait Reader<'a> {
    /// Bytes read so far.
    fn position(&self) -> usize;
    /// This place.
    fn mark(&self) -> Mark;
    /// Back to a place.
    fn rewind(&mut self, mark: Mark);
    /// Hands on the message that is next if a shorter way is known for how it is written. If not,
    /// false, and nothing is read.
    fn usual(&mut self, _sink: &mut dyn FnMut(Message<'a>)) -> bool {
        false
    }
    /// The kind of the next value.
    fn kind(&mut self) -> Result<Kind, Flaw>;

    /// Enters a map.
    fn map(&mut self) -> Result<Seq, Flaw>;
    /// The next key of a map, `None` at its end. A key that is written in an unusual way (escapes,
    /// no text) and is none of ours comes as [`UNKNOWN_KEY`].
    fn key(&mut self, seq: &mut Seq) -> Result<Option<&'a [u8]>, Flaw>;
    /// As [`Reader::key`], for maps whose keys we do not know; a key that is no text comes empty.
    fn key_text(&mut self, seq: &mut Seq) -> Result<Option<Cow<'a, str>>, Flaw>;
    /// Enters an array.
    fn array(&mut self) -> Result<Seq, Flaw>;
    /// Whether the array has another value; it is next.
    fn item(&mut self, seq: &mut Seq) -> Result<bool, Flaw>;

    /// Takes a null if it is next.
    fn null(&mut self) -> Result<bool, Flaw>;
    fn text(&mut self) -> Result<Cow<'a, str>, Flaw>;
    /// A finite number.
    fn float(&mut self) -> Result<f64, Flaw>;
    /// A finite number that keeps 64 bit integers exact.
    fn number(&mut self) -> Result<Number, Flaw>;
    /// A non-negative integer, however it is written.
    fn unsigned(&mut self) -> Result<u64, Flaw>;
    fn boolean(&mut self) -> Result<bool, Flaw>;
    fn time(&mut self) -> Result<Timestamp, Flaw>;

    /// Passes over one value, checking structure and nesting.
    fn skip(&mut self) -> Result<(), Flaw>;
    /// Passes over one value, checking only where it ends: how the decoder finds the next message
    /// after one that it refused. Fails if the end cannot be told.
    fn resync(&mut self) -> Result<(), Flaw>;
    /// Whether nothing is left.
    fn at_end(&mut self) -> bool;
}

/// `None` for null.
#[inline(always)]
pub(crate) fn optional<'a, R: Reader<'a> + ?Sized, T>(
    reader: &mut R,
    read: impl FnOnce(&mut R) -> Result<T, Flaw>,
) -> Result<Option<T>, Flaw> {
    if reader.null()? { Ok(None) } else { read(reader).map(Some) }
}

/// Writes values. Maps hold at most 15 keys.
pub(crate) trait Writer {
    /// Opens a map; the value names it in [`Writer::key`].
    fn map(&mut self) -> usize;
    fn key(&mut self, map: usize, key: &str);
    fn end_map(&mut self);
    fn array(&mut self, len: usize);
    /// Before each value of an array.
    fn item(&mut self);
    fn end_array(&mut self);
    fn null(&mut self);
    fn text(&mut self, text: &str);
    fn float(&mut self, value: f64);
    fn number(&mut self, value: Number);
    fn unsigned(&mut self, value: u64);
    fn boolean(&mut self, value: bool);
    fn time(&mut self, time: Timestamp);
}

/// What [`Reader::key`] gives for a key that cannot be one of ours.
pub(crate) const UNKNOWN_KEY: &[u8] = b"";

/// Every key of the wire, for keys that a reader cannot borrow from the frame.
const KEYS: [&str; 63] = [
    "T",
    "S",
    "t",
    "i",
    "x",
    "p",
    "s",
    "c",
    "z",
    "tks",
    "bx",
    "bp",
    "bs",
    "ax",
    "ap",
    "as",
    "o",
    "h",
    "l",
    "v",
    "n",
    "vw",
    "sc",
    "sm",
    "rc",
    "rm",
    "u",
    "d",
    "oi",
    "op",
    "os",
    "oc",
    "ci",
    "cp",
    "cs",
    "cc",
    "a",
    "b",
    "r",
    "ip",
    "mp",
    "fr",
    "ft",
    "id",
    "headline",
    "summary",
    "author",
    "created_at",
    "updated_at",
    "content",
    "url",
    "symbols",
    "source",
    "code",
    "msg",
    "action",
    "key",
    "secret",
    "data",
    "key_id",
    "secret_key",
    "oauth_token",
    "streams",
];

/// The known key that equals `text`, else [`UNKNOWN_KEY`].
fn known_key(text: &str) -> &'static [u8] {
    let channel = || crate::channel::Channel::from_key(text).map(crate::channel::Channel::key);
    KEYS.into_iter().find(|k| *k == text).or_else(channel).map_or(UNKNOWN_KEY, str::as_bytes)
}
