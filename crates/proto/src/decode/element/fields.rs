//! The fields of a message as a table of what each holds. One loop reads them all, whatever the kind of
//! message and the codec.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{Read, Refusal};
use crate::codec::{Kind, Reader, Seq, optional};
use crate::limits::{MAX_BOOK_LEVELS, MAX_CONDITIONS, MAX_NEWS_SYMBOLS};
use crate::message::{Conditions, Level, Text};
use crate::number::Number;
use crate::time::Timestamp;

/// What is known while a message is read.
pub(super) struct Context<'a> {
    pub(super) unknown_fields: u64,
    /// `T` is known already and is to be passed over.
    pub(super) pass_type: bool,
    /// Whose message it is if it does not say so itself, as in REST.
    pub(super) symbol: Option<&'a str>,
}

impl Context<'_> {
    /// Passes over the value of a key that the kind of message does not have, which may be `T`.
    pub(super) fn other(&mut self, key: &[u8], reader: &mut dyn Reader<'_>) -> Read<()> {
        match (key, self.pass_type) {
            (b"T", true) => Ok(reader.skip()?),
            (b"T", false) => Err(Refusal::TypeAgain),
            _ => self.unknown(reader),
        }
    }

    fn unknown(&mut self, reader: &mut dyn Reader<'_>) -> Read<()> {
        self.unknown_fields += 1;
        Ok(reader.skip()?)
    }
}

/// What a field holds, and its place among the values of that kind.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    Words(usize),
    Float(usize),
    Number(usize),
    Unsigned(usize),
    Time(usize),
    Conditions(usize),
    Levels(usize),
    Symbols,
    Boolean,
}

/// The text that says whose message it is.
pub(super) const SYMBOL: usize = 0;

/// The values of a message, each `None` if its field is absent or null.
#[derive(Default)]
pub(super) struct Values<'a> {
    pub(super) texts: [Option<Text<'a>>; 7],
    pub(super) floats: [Option<f64>; 5],
    pub(super) numbers: [Option<Number>; 2],
    pub(super) unsigned: [Option<u64>; 2],
    pub(super) times: [Option<Timestamp>; 2],
    pub(super) conditions: [Option<Conditions<'a>>; 2],
    pub(super) levels: [Vec<Level>; 2],
    pub(super) symbols: Vec<Text<'a>>,
    pub(super) boolean: Option<bool>,
}

impl<'a> Values<'a> {
    /// Reads the fields that a table names. They are found soonest in its order.
    pub(super) fn read(
        &mut self,
        r: &mut dyn Reader<'a>,
        seq: &mut Seq,
        cx: &mut Context<'a>,
        table: &[(&'static str, Slot)],
    ) -> Read<()> {
        self.texts[SYMBOL] = cx.symbol.map(Cow::Borrowed);
        let mut next = 0;
        while let Some(key) = r.key(seq)? {
            // What is absent is passed over, and only another order takes a second look.
            let is_key =
                |(name, _): &(&str, Slot)| name.as_bytes().first() == key.first() && name.as_bytes() == key;
            let ahead = table.iter().skip(next).position(is_key).map(|at| next + at);
            let at = ahead.or_else(|| table.iter().position(is_key));
            let Some((at, (name, slot))) = at.and_then(|at| Some((at, *table.get(at)?))) else {
                cx.other(key, r)?;
                continue;
            };
            next = at + 1;
            match slot {
                Slot::Words(at) => self.texts[at] = optional(r, Reader::text)?,
                Slot::Float(at) => self.floats[at] = optional(r, Reader::float)?,
                Slot::Number(at) => self.numbers[at] = optional(r, Reader::number)?,
                Slot::Unsigned(at) => self.unsigned[at] = optional(r, Reader::unsigned)?,
                Slot::Time(at) => self.times[at] = optional(r, Reader::time)?,
                Slot::Conditions(at) => self.conditions[at] = conditions(r)?,
                Slot::Levels(at) => self.levels[at] = levels(r, cx, name)?,
                Slot::Symbols => self.symbols = texts(r, MAX_NEWS_SYMBOLS, name)?,
                Slot::Boolean => self.boolean = optional(r, Reader::boolean)?,
            }
        }
        Ok(())
    }

    /// A text that may be absent.
    pub(super) fn text(&mut self, at: usize) -> Option<Text<'a>> {
        self.texts[at].take()
    }

    /// A text that is empty if it is absent.
    pub(super) fn words(&mut self, at: usize) -> Text<'a> {
        self.text(at).unwrap_or_default()
    }

    pub(super) fn symbol(&mut self) -> Read<Text<'a>> {
        required(self.text(SYMBOL), "S")
    }
}

/// The value of a required field.
pub(super) fn required<T>(value: Option<T>, field: &'static str) -> Read<T> {
    value.ok_or(Refusal::Missing(field))
}

/// Conditions: a list, or one text (options), or null.
fn conditions<'a>(r: &mut dyn Reader<'a>) -> Read<Option<Conditions<'a>>> {
    Ok(Some(match r.kind()? {
        Kind::Null => {
            r.null()?;
            return Ok(None);
        }
        Kind::Text => Conditions { codes: SmallVec::from_iter([r.text()?]), as_text: true },
        _ => {
            let mut codes: SmallVec<[Cow<'a, str>; 2]> = SmallVec::new();
            let mut seq = r.array()?;
            while r.item(&mut seq)? {
                if codes.len() == MAX_CONDITIONS {
                    return Err(Refusal::TooMany("c"));
                }
                codes.push(r.text()?);
            }
            Conditions { codes, as_text: false }
        }
    }))
}

/// The levels of one side of a book; null is none.
fn levels<'a>(r: &mut dyn Reader<'a>, cx: &mut Context<'_>, field: &'static str) -> Read<Vec<Level>> {
    let mut out = Vec::new();
    if r.null()? {
        return Ok(out);
    }
    let mut items = r.array()?;
    while r.item(&mut items)? {
        if out.len() == MAX_BOOK_LEVELS {
            return Err(Refusal::TooMany(field));
        }
        let (mut price, mut size) = (None, None);
        let mut seq = r.map()?;
        while let Some(key) = r.key(&mut seq)? {
            match key {
                [b'p'] => price = optional(r, Reader::float)?,
                [b's'] => size = optional(r, Reader::float)?,
                _ => cx.unknown(r)?,
            }
        }
        out.push(Level { price: required(price, "p")?, size: required(size, "s")? });
    }
    Ok(out)
}

/// A list of texts; null is an empty one.
pub(super) fn texts<'a>(r: &mut dyn Reader<'a>, limit: usize, field: &'static str) -> Read<Vec<Text<'a>>> {
    let mut out = Vec::new();
    if r.null()? {
        return Ok(out);
    }
    let mut seq = r.array()?;
    while r.item(&mut seq)? {
        if out.len() == limit {
            return Err(Refusal::TooMany(field));
        }
        out.push(r.text()?);
    }
    Ok(out)
}
