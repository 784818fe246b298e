//! Frames to messages.

use std::ops::AddAssign;

use crate::error::Error;
use crate::frame::Frame;
use crate::message::Message;

/// What became of the content of one or more frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages handed on.
    pub delivered: u64,
    /// Messages of a type that we do not know, ignored.
    pub skipped_types: u64,
    /// Fields that we do not know, ignored.
    pub skipped_fields: u64,
    /// Messages refused, each for a reason.
    pub refused: u64,
    /// Frames whose syntax broke before their end; the rest counts as one refusal.
    pub broken: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.skipped_types += other.skipped_types;
        self.skipped_fields += other.skipped_fields;
        self.refused += other.refused;
        self.broken += other.broken;
    }
}

/// Decodes a frame of the market-data stream and hands each message to `sink`.
///
/// A message that cannot be used is refused and counted; the others of the frame are delivered.
///
/// # Errors
/// If the frame as a whole is no array or map, or too large. A frame whose syntax breaks half-way
/// is not an error: what came before is delivered and [`Tally::broken`] counts it.
pub fn decode<'a>(frame: Frame<'a>, sink: &mut impl FnMut(Message<'a>)) -> Result<Tally, Error> {
    decode_with(frame, sink, &mut |_, _| {})
}

/// As [`decode`], and tells `refused` the index and the reason of every refusal.
///
/// # Errors
/// As [`decode`].
pub fn decode_with<'a>(
    frame: Frame<'a>,
    sink: &mut impl FnMut(Message<'a>),
    refused: &mut dyn FnMut(usize, Error),
) -> Result<Tally, Error> {
    let _ = (frame, sink, refused);
    Err(Error::NotMessages)
}
