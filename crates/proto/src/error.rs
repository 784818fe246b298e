//! Why something from the wire was refused.

/// Why a frame, or one message of it, was refused. No variant carries text of the frame, so an
/// error can be logged without leaking a secret.
///
/// A refused message is to be counted and the connection kept; a frame refused as a whole is to
/// be counted too, and only a run of them is a reason to reconnect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Longer than [`MAX_FRAME_BYTES`](crate::limits::MAX_FRAME_BYTES): close with 1009 and reconnect.
    #[error("frame of {0} bytes is over the limit")]
    FrameTooLarge(usize),
    /// More messages than [`MAX_ELEMENTS`](crate::limits::MAX_ELEMENTS): the rest is lost, count it.
    #[error("more messages in one frame than the limit")]
    TooManyElements,
    /// A list inside a message is longer than its limit: count it and go on.
    #[error("`{0}` holds more entries than the limit")]
    TooManyEntries(&'static str),
    /// Nested deeper than [`MAX_NESTING`](crate::limits::MAX_NESTING): count it and go on.
    #[error("nested deeper than the limit")]
    TooDeep,
    /// The frame ends in the middle of a value, or a length points beyond its end: count it.
    #[error("frame ends early, at byte {0}")]
    Truncated(usize),
    /// Not JSON, or not MessagePack, at this byte: the rest of the frame is lost, count it.
    #[error("broken syntax at byte {0}")]
    Syntax(usize),
    /// Bytes after the end of the frame's value: count it.
    #[error("bytes after the end, at byte {0}")]
    TrailingBytes(usize),
    /// The frame holds neither an array nor a map: it is of no protocol we know, count it.
    #[error("neither an array nor a map")]
    NotMessages,
    /// Text that is not UTF-8: count it and go on.
    #[error("text is not UTF-8 at byte {0}")]
    Utf8(usize),
    /// A value of a kind that the field cannot hold: count it and go on.
    #[error("wrong kind of value at byte {0}")]
    WrongKind(usize),
    /// A number that does not fit: not finite, or an integer that 64 bits cannot hold exactly.
    #[error("number out of range at byte {0}")]
    NumberRange(usize),
    /// A time that is no RFC 3339 and no timestamp extension, or outside the years 1677 to 2262.
    #[error("not a time at byte {0}")]
    Time(usize),
    /// A required field is absent or null: count the message and go on.
    #[error("required field `{0}` is missing")]
    MissingField(&'static str),
    /// A request of a client that cannot be understood: answer 400.
    #[error("request is malformed")]
    MalformedRequest,
    /// A trading message whose object does not have the documented form: count it and go on.
    #[error("trading message is malformed")]
    MalformedTrading,
}
