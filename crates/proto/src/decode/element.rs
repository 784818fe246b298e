//! One message of a frame.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::channel::{Channel, Subscriptions};
use crate::codec::{Flaw, Kind, Reader, optional};
use crate::error::Error;
use crate::limits::{MAX_BOOK_LEVELS, MAX_CONDITIONS, MAX_NEWS_SYMBOLS, MAX_SUBSCRIPTION_SYMBOLS};
use crate::message::{
    Bar, BarKind, CancelError, Conditions, Correction, ErrorMessage, Imbalance, Level, Luld, Message, News,
    OrderBook, Pricing, Quote, Status, Text, Trade,
};

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
struct Context {
    unknown_fields: u64,
    /// `T` is known already and is to be passed over.
    pass_type: bool,
}

impl Context {
    #[cold]
    fn unknown<'a, R: Reader<'a>>(&mut self, reader: &mut R) -> Read<()> {
        self.unknown_fields += 1;
        Ok(reader.skip()?)
    }

    #[cold]
    fn type_again<'a, R: Reader<'a>>(&self, reader: &mut R) -> Read<()> {
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
    let start = reader.mark();
    let mut context = Context { unknown_fields: 0, pass_type: false };
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

/// As [`read`], for a message whose `T` is not first or stands there more than once.
#[cold]
fn read_late_type<'a, R: Reader<'a>>(reader: &mut R, sink: &mut dyn FnMut(Message<'a>)) -> Read<Outcome> {
    let start = reader.mark();
    let mut seq = reader.map()?;
    let mut type_name = None;
    while let Some(key) = reader.key(&mut seq)? {
        if key == b"T" {
            type_name = optional(reader, R::text)?;
        } else {
            reader.skip()?;
        }
    }
    let type_name = type_name.ok_or(Refusal::Missing("T"))?;
    reader.rewind(start);
    let mut context = Context { unknown_fields: 0, pass_type: true };
    let mut seq = reader.map()?;
    if body(&type_name, reader, &mut seq, &mut context, sink)? {
        Ok(Outcome::Delivered(context.unknown_fields))
    } else {
        reader.rewind(start);
        unknown_type(reader)
    }
}

#[cold]
fn unknown_type<'a, R: Reader<'a>>(reader: &mut R) -> Read<Outcome> {
    reader.skip()?;
    Ok(Outcome::UnknownType)
}

/// Reads the fields of a message of this type and hands it on; false if we do not know the type.
/// The message is built where `sink` is called: it is large, and copies cost.
#[inline]
fn body<'a, R: Reader<'a>>(
    type_name: &str,
    reader: &mut R,
    seq: &mut R::Seq,
    context: &mut Context,
    sink: &mut dyn FnMut(Message<'a>),
) -> Read<bool> {
    match type_name.as_bytes() {
        b"q" => sink(Message::Quote(quote(reader, seq, context)?)),
        b"t" => sink(Message::Trade(trade(reader, seq, context)?)),
        b"b" => sink(Message::Bar(BarKind::Minute, bar(reader, seq, context)?)),
        b"u" => sink(Message::Bar(BarKind::Updated, bar(reader, seq, context)?)),
        b"d" => sink(Message::Bar(BarKind::Daily, bar(reader, seq, context)?)),
        _ => match rare(type_name, reader, seq, context)? {
            Some(message) => sink(message),
            None => return Ok(false),
        },
    }
    Ok(true)
}

#[inline(never)]
fn rare<'a, R: Reader<'a>>(
    type_name: &str,
    reader: &mut R,
    seq: &mut R::Seq,
    context: &mut Context,
) -> Read<Option<Message<'a>>> {
    Ok(Some(match type_name {
        "o" => Message::OrderBook(order_book(reader, seq, context)?),
        "n" => Message::News(news(reader, seq, context)?),
        "s" => Message::Status(status(reader, seq, context)?),
        "l" => Message::Luld(luld(reader, seq, context)?),
        "i" => Message::Imbalance(imbalance(reader, seq, context)?),
        "c" => Message::Correction(correction(reader, seq, context)?),
        "x" => Message::CancelError(cancel_error(reader, seq, context)?),
        "p" => Message::Pricing(pricing(reader, seq, context)?),
        "success" => return success(reader, seq, context),
        "error" => Message::Error(error(reader, seq, context)?),
        "subscription" => Message::Subscription(subscription(reader, seq, context)?),
        _ => return Ok(None),
    }))
}

#[inline]
fn trade<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<Trade<'a>> {
    let (mut symbol, mut price, mut size, mut time) = (None, None, None, None);
    let (mut id, mut exchange, mut codes, mut tape, mut taker_side) = (None, None, None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = optional(r, R::text)?,
        [b'i'] => id = optional(r, R::unsigned)?,
        [b'x'] => exchange = optional(r, R::text)?,
        [b'p'] => price = optional(r, R::float)?,
        [b's'] => size = optional(r, R::number)?,
        [b'c'] => codes = conditions(r)?,
        [b't'] => time = optional(r, R::time)?,
        [b'z'] => tape = optional(r, R::text)?,
        [b't', b'k', b's'] => taker_side = optional(r, R::text)?,
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

#[inline]
fn quote<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<Quote<'a>> {
    let (mut symbol, mut time, mut codes, mut tape) = (None, None, None, None);
    let (mut bid_exchange, mut bid_price, mut bid_size) = (None, None, None);
    let (mut ask_exchange, mut ask_price, mut ask_size) = (None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = optional(r, R::text)?,
        [b'b', b'x'] => bid_exchange = optional(r, R::text)?,
        [b'b', b'p'] => bid_price = optional(r, R::float)?,
        [b'b', b's'] => bid_size = optional(r, R::number)?,
        [b'a', b'x'] => ask_exchange = optional(r, R::text)?,
        [b'a', b'p'] => ask_price = optional(r, R::float)?,
        [b'a', b's'] => ask_size = optional(r, R::number)?,
        [b'c'] => codes = conditions(r)?,
        [b't'] => time = optional(r, R::time)?,
        [b'z'] => tape = optional(r, R::text)?,
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

#[inline]
fn bar<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<Bar<'a>> {
    let (mut symbol, mut time, mut volume) = (None, None, None);
    let (mut open, mut high, mut low, mut close) = (None, None, None, None);
    let (mut trade_count, mut vwap) = (None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = optional(r, R::text)?,
        [b'o'] => open = optional(r, R::float)?,
        [b'h'] => high = optional(r, R::float)?,
        [b'l'] => low = optional(r, R::float)?,
        [b'c'] => close = optional(r, R::float)?,
        [b'v'] => volume = optional(r, R::number)?,
        [b't'] => time = optional(r, R::time)?,
        [b'n'] => trade_count = optional(r, R::unsigned)?,
        [b'v', b'w'] => vwap = optional(r, R::float)?,
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

fn status<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<Status<'a>> {
    let (mut symbol, mut time, mut tape) = (None, None, None);
    let (mut status_code, mut status_message, mut reason_code, mut reason_message) = (None, None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = optional(r, R::text)?,
        [b's', b'c'] => status_code = optional(r, R::text)?,
        [b's', b'm'] => status_message = optional(r, R::text)?,
        [b'r', b'c'] => reason_code = optional(r, R::text)?,
        [b'r', b'm'] => reason_message = optional(r, R::text)?,
        [b't'] => time = optional(r, R::time)?,
        [b'z'] => tape = optional(r, R::text)?,
    });
    Ok(Status {
        symbol: required!(symbol, "S"),
        status_code: required!(status_code, "sc"),
        time: required!(time, "t"),
        status_message: status_message.unwrap_or_default(),
        reason_code: reason_code.unwrap_or_default(),
        reason_message: reason_message.unwrap_or_default(),
        tape,
    })
}

fn luld<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<Luld<'a>> {
    let (mut symbol, mut limit_up, mut limit_down) = (None, None, None);
    let (mut indicator, mut time, mut tape) = (None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = optional(r, R::text)?,
        [b'u'] => limit_up = optional(r, R::float)?,
        [b'd'] => limit_down = optional(r, R::float)?,
        [b'i'] => indicator = optional(r, R::text)?,
        [b't'] => time = optional(r, R::time)?,
        [b'z'] => tape = optional(r, R::text)?,
    });
    Ok(Luld {
        symbol: required!(symbol, "S"),
        limit_up: required!(limit_up, "u"),
        limit_down: required!(limit_down, "d"),
        time: required!(time, "t"),
        indicator: indicator.unwrap_or_default(),
        tape,
    })
}

fn imbalance<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<Imbalance<'a>> {
    let (mut symbol, mut price, mut time, mut tape) = (None, None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = optional(r, R::text)?,
        [b'p'] => price = optional(r, R::float)?,
        [b'z'] => tape = optional(r, R::text)?,
        [b't'] => time = optional(r, R::time)?,
    });
    Ok(Imbalance {
        symbol: required!(symbol, "S"),
        price: required!(price, "p"),
        time: required!(time, "t"),
        tape,
    })
}

fn correction<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<Correction<'a>> {
    let (mut symbol, mut exchange, mut time, mut tape) = (None, None, None, None);
    let (mut original_id, mut original_price, mut original_size) = (None, None, None);
    let (mut corrected_id, mut corrected_price, mut corrected_size) = (None, None, None);
    let (mut original_conditions, mut corrected_conditions) = (None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = optional(r, R::text)?,
        [b'x'] => exchange = optional(r, R::text)?,
        [b'o', b'i'] => original_id = optional(r, R::unsigned)?,
        [b'o', b'p'] => original_price = optional(r, R::float)?,
        [b'o', b's'] => original_size = optional(r, R::number)?,
        [b'o', b'c'] => original_conditions = conditions(r)?,
        [b'c', b'i'] => corrected_id = optional(r, R::unsigned)?,
        [b'c', b'p'] => corrected_price = optional(r, R::float)?,
        [b'c', b's'] => corrected_size = optional(r, R::number)?,
        [b'c', b'c'] => corrected_conditions = conditions(r)?,
        [b't'] => time = optional(r, R::time)?,
        [b'z'] => tape = optional(r, R::text)?,
    });
    Ok(Correction {
        symbol: required!(symbol, "S"),
        original_id: required!(original_id, "oi"),
        original_price: required!(original_price, "op"),
        original_size: required!(original_size, "os"),
        corrected_id: required!(corrected_id, "ci"),
        corrected_price: required!(corrected_price, "cp"),
        corrected_size: required!(corrected_size, "cs"),
        time: required!(time, "t"),
        exchange,
        original_conditions,
        corrected_conditions,
        tape,
    })
}

fn cancel_error<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<CancelError<'a>> {
    let (mut symbol, mut id, mut exchange, mut price) = (None, None, None, None);
    let (mut size, mut action, mut time, mut tape) = (None, None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = optional(r, R::text)?,
        [b'i'] => id = optional(r, R::unsigned)?,
        [b'x'] => exchange = optional(r, R::text)?,
        [b'p'] => price = optional(r, R::float)?,
        [b's'] => size = optional(r, R::number)?,
        [b'a'] => action = optional(r, R::text)?,
        [b't'] => time = optional(r, R::time)?,
        [b'z'] => tape = optional(r, R::text)?,
    });
    Ok(CancelError {
        symbol: required!(symbol, "S"),
        id: required!(id, "i"),
        price: required!(price, "p"),
        size: required!(size, "s"),
        time: required!(time, "t"),
        exchange,
        action: action.unwrap_or_default(),
        tape,
    })
}

fn order_book<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<OrderBook<'a>> {
    let (mut symbol, mut time) = (None, None);
    let (mut bids, mut asks, mut reset) = (Vec::new(), Vec::new(), None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = optional(r, R::text)?,
        [b't'] => time = optional(r, R::time)?,
        [b'b'] => bids = levels(r, cx, "b")?,
        [b'a'] => asks = levels(r, cx, "a")?,
        [b'r'] => reset = optional(r, R::boolean)?,
    });
    Ok(OrderBook {
        symbol: required!(symbol, "S"),
        time: required!(time, "t"),
        bids,
        asks,
        reset: reset.unwrap_or_default(),
    })
}

fn levels<'a, R: Reader<'a>>(r: &mut R, cx: &mut Context, field: &'static str) -> Read<Vec<Level>> {
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
                [b'p'] => price = optional(r, R::float)?,
                [b's'] => size = optional(r, R::float)?,
                _ => cx.unknown(r)?,
            }
        }
        out.push(Level { price: required!(price, "p"), size: required!(size, "s") });
    }
    Ok(out)
}

fn pricing<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<Pricing<'a>> {
    let (mut symbol, mut time, mut exchange, mut next_funding_time) = (None, None, None, None);
    let (mut index_price, mut mark_price, mut funding_rate, mut open_interest) = (None, None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = optional(r, R::text)?,
        [b't'] => time = optional(r, R::time)?,
        [b'x'] => exchange = optional(r, R::text)?,
        [b'i', b'p'] => index_price = optional(r, R::float)?,
        [b'm', b'p'] => mark_price = optional(r, R::float)?,
        [b'f', b'r'] => funding_rate = optional(r, R::float)?,
        [b'o', b'i'] => open_interest = optional(r, R::float)?,
        [b'f', b't'] => next_funding_time = optional(r, R::time)?,
    });
    Ok(Pricing {
        symbol: required!(symbol, "S"),
        time: required!(time, "t"),
        index_price: required!(index_price, "ip"),
        mark_price: required!(mark_price, "mp"),
        funding_rate: required!(funding_rate, "fr"),
        open_interest: required!(open_interest, "oi"),
        exchange,
        next_funding_time,
    })
}

fn news<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<News<'a>> {
    let (mut id, mut created_at, mut updated_at, mut symbols) = (None, None, None, Vec::new());
    let (mut headline, mut summary, mut author) = (None, None, None);
    let (mut content, mut url, mut source) = (None, None, None);
    while let Some(key) = r.key(seq)? {
        match key {
            [b'i', b'd'] => id = optional(r, R::unsigned)?,
            b"headline" => headline = optional(r, R::text)?,
            b"summary" => summary = optional(r, R::text)?,
            b"author" => author = optional(r, R::text)?,
            b"created_at" => created_at = optional(r, R::time)?,
            b"updated_at" => updated_at = optional(r, R::time)?,
            b"content" => content = optional(r, R::text)?,
            [b'u', b'r', b'l'] => url = optional(r, R::text)?,
            b"symbols" => symbols = texts(r, MAX_NEWS_SYMBOLS, "symbols")?,
            b"source" => source = optional(r, R::text)?,
            [b'T'] => cx.type_again(r)?,
            _ => cx.unknown(r)?,
        }
    }
    Ok(News {
        id: required!(id, "id"),
        headline: required!(headline, "headline"),
        created_at: required!(created_at, "created_at"),
        updated_at: required!(updated_at, "updated_at"),
        summary: summary.unwrap_or_default(),
        author: author.unwrap_or_default(),
        content: content.unwrap_or_default(),
        url: url.unwrap_or_default(),
        source: source.unwrap_or_default(),
        symbols,
    })
}

fn success<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<Option<Message<'a>>> {
    let mut message: Option<Text<'a>> = None;
    fields!(r, seq, cx, {
        [b'm', b's', b'g'] => message = optional(r, R::text)?,
    });
    Ok(match &*required!(message, "msg") {
        "connected" => Some(Message::Connected),
        "authenticated" => Some(Message::Authenticated),
        _ => None,
    })
}

fn error<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<ErrorMessage<'a>> {
    let (mut number, mut message) = (None, None);
    while let Some(key) = r.key(seq)? {
        match key {
            b"code" => number = optional(r, R::unsigned)?,
            [b'm', b's', b'g'] => message = optional(r, R::text)?,
            [b'T'] => cx.type_again(r)?,
            _ => cx.unknown(r)?,
        }
    }
    let code = u16::try_from(required!(number, "code")).map_err(|_| Flaw::NumberRange)?;
    Ok(ErrorMessage { code, message: message.unwrap_or_default() })
}

fn subscription<'a, R: Reader<'a>>(r: &mut R, seq: &mut R::Seq, cx: &mut Context) -> Read<Subscriptions> {
    let mut lists: [Option<Vec<Text<'a>>>; Channel::ALL.len()] = Default::default();
    while let Some(key) = r.key(seq)? {
        let known = Channel::ALL.into_iter().zip(&mut lists).find(|(c, _)| c.key().as_bytes() == key);
        match known {
            Some((channel, list)) => *list = Some(texts(r, MAX_SUBSCRIPTION_SYMBOLS, channel.key())?),
            None if key == [b'T'] => cx.type_again(r)?,
            None => cx.unknown(r)?,
        }
    }
    let mut state = Subscriptions::new();
    for (channel, list) in Channel::ALL.into_iter().zip(lists) {
        let Some(list) = list else { continue };
        state.list(channel);
        for symbol in list {
            state.insert(channel, symbol);
        }
    }
    Ok(state)
}

/// A list of texts; null is an empty one.
fn texts<'a, R: Reader<'a>>(r: &mut R, limit: usize, field: &'static str) -> Read<Vec<Text<'a>>> {
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

/// Conditions: a list, or one text (options), or null.
#[inline]
fn conditions<'a, R: Reader<'a>>(r: &mut R) -> Read<Option<Conditions<'a>>> {
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
