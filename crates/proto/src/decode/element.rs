//! One message of a frame: what kind it is, and the three kinds that come by the thousand; the others are
//! in `rare`. Quotes and trades in their usual form are read by what is compiled for each codec, all others
//! through `dyn`, so that there is one copy.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::codec::{Flaw, Kind, Reader, Seq};
use crate::error::Error;
use crate::limits::MAX_CONDITIONS;
use crate::message::{Bar, BarKind, Conditions, Message, Quote, Trade};

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

/// What is known while a message is read.
struct Context<'a> {
    unknown_fields: u64,
    /// `T` is known already and is to be passed over.
    pass_type: bool,
    /// Whose message it is if it does not say so itself, as in REST.
    symbol: Option<&'a str>,
}

impl Context<'_> {
    #[cold]
    fn unknown<'a>(&mut self, reader: &mut dyn Reader<'a>) -> Read<()> {
        self.unknown_fields += 1;
        Ok(reader.skip()?)
    }

    #[cold]
    fn type_again<'a>(&self, reader: &mut dyn Reader<'a>) -> Read<()> {
        if self.pass_type { Ok(reader.skip()?) } else { Err(Refusal::TypeAgain) }
    }
}

/// Reads the fields of a map: each key's value goes to its arm, `T` and unknown keys are handled.
macro_rules! fields {
    ($reader:ident, $seq:ident, $context:ident, { $($key:pat => $body:expr,)* }) => {
        while let Some(key) = $reader.key($seq)? {
            // Patterns of bytes become a decision tree, which beats comparing names one by one.
            match key {
                $($key => $body,)*
                [b'T'] => $context.type_again($reader)?,
                _ => $context.unknown($reader)?,
            }
        }
    };
}

/// The value of a required field.
macro_rules! required {
    ($value:ident, $field:literal) => {
        match $value {
            Some(value) => value,
            None => return Err(Refusal::Missing($field)),
        }
    };
}

mod rare;

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
        match body(&type_name, reader, &mut seq, &mut context, sink) {
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
            type_name = reader.opt_text()?;
        } else {
            reader.skip()?;
        }
    }
    let type_name = type_name.ok_or(Refusal::Missing("T"))?;
    reader.rewind(start);
    let mut context = Context { unknown_fields: 0, pass_type: true, symbol: None };
    let mut seq = reader.map()?;
    if body(&type_name, reader, &mut seq, &mut context, sink)? {
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
    body(type_name, reader, &mut seq, &mut context, sink).map(drop)
}

#[cold]
fn unknown_type<'a>(reader: &mut dyn Reader<'a>) -> Read<Outcome> {
    reader.skip()?;
    Ok(Outcome::UnknownType)
}

/// Reads the fields of a message of this type and hands it on; false if we do not know the type.
/// The message is built where `sink` is called: it is large, and copies cost.
fn body<'a>(
    type_name: &str,
    reader: &mut dyn Reader<'a>,
    seq: &mut Seq,
    context: &mut Context<'a>,
    sink: &mut dyn FnMut(Message<'a>),
) -> Read<bool> {
    match type_name.as_bytes() {
        b"q" => sink(Message::Quote(quote(reader, seq, context)?)),
        b"t" => sink(Message::Trade(trade(reader, seq, context)?)),
        b"b" => sink(Message::Bar(BarKind::Minute, bar(reader, seq, context)?)),
        b"u" => sink(Message::Bar(BarKind::Updated, bar(reader, seq, context)?)),
        b"d" => sink(Message::Bar(BarKind::Daily, bar(reader, seq, context)?)),
        _ => match rare::read(type_name, reader, seq, context)? {
            Some(message) => sink(message),
            None => return Ok(false),
        },
    }
    Ok(true)
}

fn trade<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'a>) -> Read<Trade<'a>> {
    let mut symbol = cx.symbol.map(Cow::Borrowed);
    let (mut price, mut size, mut time) = (None, None, None);
    let (mut id, mut exchange, mut codes, mut tape, mut taker_side) = (None, None, None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = r.opt_text()?,
        [b'i'] => id = r.opt_unsigned()?,
        [b'x'] => exchange = r.opt_text()?,
        [b'p'] => price = r.opt_float()?,
        [b's'] => size = r.opt_number()?,
        [b'c'] => codes = conditions(r)?,
        [b't'] => time = r.opt_time()?,
        [b'z'] => tape = r.opt_text()?,
        [b't', b'k', b's'] => taker_side = r.opt_text()?,
    });
    Ok(Trade {
        symbol: required!(symbol, "S"),
        price: required!(price, "p"),
        size: required!(size, "s"),
        time: required!(time, "t"),
        id,
        exchange,
        conditions: codes,
        tape,
        taker_side,
    })
}

fn quote<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'a>) -> Read<Quote<'a>> {
    let mut symbol = cx.symbol.map(Cow::Borrowed);
    let (mut time, mut codes, mut tape) = (None, None, None);
    let (mut bid_exchange, mut bid_price, mut bid_size) = (None, None, None);
    let (mut ask_exchange, mut ask_price, mut ask_size) = (None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = r.opt_text()?,
        [b'b', b'x'] => bid_exchange = r.opt_text()?,
        [b'b', b'p'] => bid_price = r.opt_float()?,
        [b'b', b's'] => bid_size = r.opt_number()?,
        [b'a', b'x'] => ask_exchange = r.opt_text()?,
        [b'a', b'p'] => ask_price = r.opt_float()?,
        [b'a', b's'] => ask_size = r.opt_number()?,
        [b'c'] => codes = conditions(r)?,
        [b't'] => time = r.opt_time()?,
        [b'z'] => tape = r.opt_text()?,
    });
    Ok(Quote {
        symbol: required!(symbol, "S"),
        bid_price: required!(bid_price, "bp"),
        bid_size: required!(bid_size, "bs"),
        ask_price: required!(ask_price, "ap"),
        ask_size: required!(ask_size, "as"),
        time: required!(time, "t"),
        bid_exchange,
        ask_exchange,
        conditions: codes,
        tape,
    })
}

fn bar<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'a>) -> Read<Bar<'a>> {
    let mut symbol = cx.symbol.map(Cow::Borrowed);
    let (mut time, mut volume) = (None, None);
    let (mut open, mut high, mut low, mut close) = (None, None, None, None);
    let (mut trade_count, mut vwap) = (None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = r.opt_text()?,
        [b'o'] => open = r.opt_float()?,
        [b'h'] => high = r.opt_float()?,
        [b'l'] => low = r.opt_float()?,
        [b'c'] => close = r.opt_float()?,
        [b'v'] => volume = r.opt_number()?,
        [b't'] => time = r.opt_time()?,
        [b'n'] => trade_count = r.opt_unsigned()?,
        [b'v', b'w'] => vwap = r.opt_float()?,
    });
    Ok(Bar {
        symbol: required!(symbol, "S"),
        open: required!(open, "o"),
        high: required!(high, "h"),
        low: required!(low, "l"),
        close: required!(close, "c"),
        volume: required!(volume, "v"),
        time: required!(time, "t"),
        trade_count,
        vwap,
    })
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
