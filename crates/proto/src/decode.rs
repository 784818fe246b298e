//! Frames to messages.

mod answer;
mod element;

use std::ops::AddAssign;

pub(crate) use answer::{List, answer};
use element::Outcome;

use crate::codec::{Flaw, JsonReader, Kind, MsgpackReader, Reader};
use crate::error::Error;
use crate::frame::{Codec, Frame};
use crate::limits::{MAX_ELEMENTS, MAX_FRAME_BYTES};
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
    decode_dyn(frame, sink, refused)
}

/// Not generic, so that the decoder is compiled with this crate's settings and not with those of
/// whoever calls it.
fn decode_dyn<'a>(
    frame: Frame<'a>,
    sink: &mut dyn FnMut(Message<'a>),
    refused: &mut dyn FnMut(usize, Error),
) -> Result<Tally, Error> {
    if frame.len() > MAX_FRAME_BYTES {
        return Err(Error::FrameTooLarge(frame.len()));
    }
    match frame.codec() {
        Codec::Json => messages(JsonReader::new(frame), sink, refused),
        Codec::MessagePack => messages(MsgpackReader::new(frame.bytes()), sink, refused),
    }
}

fn messages<'a, R: Reader<'a>>(
    mut reader: R,
    sink: &mut dyn FnMut(Message<'a>),
    refused: &mut dyn FnMut(usize, Error),
) -> Result<Tally, Error> {
    let mut tally = Tally::default();
    // A message alone, without its array, is taken too.
    let mut array = match reader.kind().map_err(|flaw| kind_error(flaw, &reader))? {
        Kind::Array => Some(reader.array().map_err(|flaw| flaw.at(reader.position()))?),
        Kind::Map => None,
        _ => return Err(Error::NotMessages),
    };
    let mut index = 0;
    let broken = loop {
        match array.as_mut().map_or(Ok(index == 0), |seq| reader.item(seq)) {
            Ok(true) if index == MAX_ELEMENTS => break Some(Error::TooManyElements),
            Ok(true) => {}
            Ok(false) if reader.at_end() => break None,
            Ok(false) => break Some(Error::TrailingBytes(reader.position())),
            Err(flaw) => break Some(flaw.at(reader.position())),
        }
        let start = reader.mark();
        match element::read(&mut reader, sink) {
            Ok(Outcome::Delivered(unknown_fields)) => {
                tally.delivered += 1;
                tally.skipped_fields += unknown_fields;
            }
            Ok(Outcome::UnknownType) => tally.skipped_types += 1,
            Err(refusal) => {
                tally.refused += 1;
                refused(index, refusal.at(reader.position()));
                reader.rewind(start);
                if reader.resync().is_err() {
                    // The end of the message cannot be told, so nothing after it can be found.
                    tally.broken += 1;
                    return Ok(tally);
                }
            }
        }
        index += 1;
    };
    if let Some(error) = broken {
        tally.refused += 1;
        tally.broken += 1;
        refused(index, error);
    }
    Ok(tally)
}

/// A frame that does not even begin with a value.
fn kind_error<'a, R: Reader<'a>>(flaw: Flaw, reader: &R) -> Error {
    match flaw {
        Flaw::Truncated => Error::Truncated(reader.position()),
        _ => Error::NotMessages,
    }
}
