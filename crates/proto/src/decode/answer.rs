//! Answers of REST, read as messages of the stream and without a tree.

use std::borrow::Cow;

use super::element::{self, Refusal};
use crate::codec::{JsonReader, Kind, Reader, optional};
use crate::error::Error;
use crate::frame::Frame;
use crate::message::Message;

/// What is looked for in an answer.
pub(crate) struct List<'a> {
    /// The key that it stands under: an array of objects, or a map by symbol of objects or of arrays
    /// of them; null is empty.
    pub(crate) key: &'static str,
    /// The type that its objects have on the stream.
    pub(crate) type_name: &'static str,
    /// Whose objects are taken out of a map.
    pub(crate) symbol: &'a str,
}

/// Hands each object of a list to `sink` and tells where the next page begins. Objects are those of
/// the stream, without `T` and mostly without `S`.
pub(crate) fn answer<'a>(
    text: &'a str,
    list: &List<'a>,
    sink: &mut dyn FnMut(Message<'a>),
) -> Result<Option<Cow<'a, str>>, Error> {
    let mut reader = JsonReader::new(Frame::Text(text));
    let next_page = fields(&mut reader, list, sink).map_err(|refusal| refusal.at(reader.position()))?;
    if reader.at_end() { Ok(next_page) } else { Err(Error::TrailingBytes(reader.position())) }
}

fn fields<'a>(
    reader: &mut JsonReader<'a>,
    list: &List<'a>,
    sink: &mut dyn FnMut(Message<'a>),
) -> Result<Option<Cow<'a, str>>, Refusal> {
    let mut next_page = None;
    let mut fields = reader.map()?;
    while let Some(key) = reader.key_text(&mut fields)? {
        if key == list.key {
            values(reader, list, sink)?;
        } else if key == "next_page_token" {
            next_page = optional(reader, Reader::text)?.filter(|token| !token.is_empty());
        } else {
            reader.skip()?;
        }
    }
    Ok(next_page)
}

/// The list, whose form is not that of every request.
fn values<'a>(
    reader: &mut JsonReader<'a>,
    list: &List<'a>,
    sink: &mut dyn FnMut(Message<'a>),
) -> Result<(), Refusal> {
    if reader.kind()? != Kind::Map {
        return objects(reader, list, sink);
    }
    let mut symbols = reader.map()?;
    while let Some(symbol) = reader.key_text(&mut symbols)? {
        if symbol == list.symbol {
            objects(reader, list, sink)?;
        } else {
            reader.skip()?;
        }
    }
    Ok(())
}

/// One object, an array of them, or null.
fn objects<'a>(
    reader: &mut JsonReader<'a>,
    list: &List<'a>,
    sink: &mut dyn FnMut(Message<'a>),
) -> Result<(), Refusal> {
    if reader.null()? {
        return Ok(());
    }
    if reader.kind()? == Kind::Map {
        return element::read_as(reader, list.type_name, list.symbol, sink);
    }
    let mut items = reader.array()?;
    while reader.item(&mut items)? {
        element::read_as(reader, list.type_name, list.symbol, sink)?;
    }
    Ok(())
}
