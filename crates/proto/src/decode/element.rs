//! One message of a frame. Quotes and trades in their usual form, which come by the thousand, are read by
//! what is compiled for each codec; all others through `dyn` and tables, so that there is little of it.

mod fields;
mod kinds;

use crate::codec::{Flaw, Reader, optional};
use crate::error::Error;
use crate::message::Message;
use fields::Context;

/// Why a message was refused.
#[derive(Debug)]
pub(super) enum Refusal {
    Flaw(Flaw),
    Missing(&'static str),
    TooMany(&'static str),
    /// `T` came a second time: the whole message must be read again, for the last one counts.
    TypeAgain,
}

impl Refusal {
    pub(super) fn at(self, position: usize) -> Error {
        match self {
            Self::Flaw(flaw) => flaw.at(position),
            Self::Missing(field) => Error::MissingField(field),
            Self::TooMany(field) => Error::TooManyEntries(field),
            Self::TypeAgain => Error::WrongKind(position),
        }
    }
}

impl From<Flaw> for Refusal {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

type Read<T> = Result<T, Refusal>;

/// What became of a message that was not refused.
pub(super) enum Outcome {
    /// Handed on; so many of its fields are unknown.
    Delivered(u64),
    /// Of a type that we do not know.
    UnknownType,
}

/// Reads one message and hands it to `sink`. After a refusal the reader's place is undefined.
#[inline]
pub(super) fn read<'a, R: Reader<'a>>(reader: &mut R, sink: &mut dyn FnMut(Message<'a>)) -> Read<Outcome> {
    if reader.usual(sink) { Ok(Outcome::Delivered(0)) } else { read_any(reader, sink) }
}

/// As [`read`], for a message of any form.
#[inline(never)]
fn read_any<'a>(reader: &mut dyn Reader<'a>, sink: &mut dyn FnMut(Message<'a>)) -> Read<Outcome> {
    let start = reader.mark();
    let mut context = Context { unknown_fields: 0, pass_type: false, symbol: None };
    let mut seq = reader.map()?;
    let first = reader.key(&mut seq)?.ok_or(Refusal::Missing("T"))?;
    if first == b"T" && !reader.null()? {
        let type_name = reader.text()?;
        match kinds::read(&type_name, reader, &mut seq, &mut context, sink) {
            Err(Refusal::TypeAgain) => {}
            Ok(false) => {
                reader.rewind(start);
                return unknown_type(reader);
            }
            Ok(true) => return Ok(Outcome::Delivered(context.unknown_fields)),
            Err(refusal) => return Err(refusal),
        }
    }
    reader.rewind(start);
    read_late_type(reader, sink)
}

/// As [`read_any`], for a message whose `T` is not first or stands there more than once.
#[cold]
fn read_late_type<'a>(reader: &mut dyn Reader<'a>, sink: &mut dyn FnMut(Message<'a>)) -> Read<Outcome> {
    let start = reader.mark();
    let mut seq = reader.map()?;
    let mut type_name = None;
    while let Some(key) = reader.key(&mut seq)? {
        if key == b"T" {
            type_name = optional(reader, Reader::text)?;
        } else {
            reader.skip()?;
        }
    }
    let type_name = type_name.ok_or(Refusal::Missing("T"))?;
    reader.rewind(start);
    let mut context = Context { unknown_fields: 0, pass_type: true, symbol: None };
    let mut seq = reader.map()?;
    if kinds::read(&type_name, reader, &mut seq, &mut context, sink)? {
        Ok(Outcome::Delivered(context.unknown_fields))
    } else {
        reader.rewind(start);
        unknown_type(reader)
    }
}

/// Reads one object of REST as a message of this type: REST writes the objects of the stream without
/// `T`, and mostly without `S`.
pub(super) fn read_as<'a>(
    reader: &mut dyn Reader<'a>,
    type_name: &str,
    symbol: &'a str,
    sink: &mut dyn FnMut(Message<'a>),
) -> Read<()> {
    let mut context = Context { unknown_fields: 0, pass_type: true, symbol: Some(symbol) };
    let mut seq = reader.map()?;
    kinds::read(type_name, reader, &mut seq, &mut context, sink).map(drop)
}

#[cold]
fn unknown_type<'a>(reader: &mut dyn Reader<'a>) -> Read<Outcome> {
    reader.skip()?;
    Ok(Outcome::UnknownType)
}
