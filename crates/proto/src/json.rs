//! Small documents as trees: what a relay says of itself, settings. Read by the reader of the stream,
//! with its limits; a second parser would be bytes that every visitor of the page downloads.

use crate::codec::{Flaw, JsonReader, Kind, Reader};
use crate::error::Error;
use crate::frame::Frame;
use crate::limits::MAX_FRAME_BYTES;
use crate::number::Number;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A finite number.
    Number(Number),
    /// Text.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object, its members in the order they came.
    Map(Vec<(String, Self)>),
}

impl Json {
    /// Reads one value and nothing after it.
    ///
    /// # Errors
    /// If the text is not JSON, is longer than [`MAX_FRAME_BYTES`] or nested deeper than
    /// [`MAX_NESTING`](crate::limits::MAX_NESTING).
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_FRAME_BYTES {
            return Err(Error::FrameTooLarge(text.len()));
        }
        let mut reader = JsonReader::new(Frame::Text(text));
        let value = value(&mut reader).map_err(|flaw| flaw.at(reader.position()))?;
        if reader.at_end() { Ok(value) } else { Err(Error::TrailingBytes(reader.position())) }
    }

    /// The member of an object; of two with the same name the last.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(members) => members.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The number as a float, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(value) = self { Some(value.to_f64()) } else { None }
    }

    /// The values of an array, if it is one.
    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }
}

/// Depth is bounded by the reader.
fn value(reader: &mut JsonReader<'_>) -> Result<Json, Flaw> {
    Ok(match reader.kind()? {
        Kind::Null if reader.null()? => Json::Null,
        Kind::Boolean => Json::Bool(reader.boolean()?),
        Kind::Number => Json::Number(reader.number()?),
        Kind::Text => Json::Text(reader.text()?.into_owned()),
        Kind::Array => {
            let mut items = Vec::new();
            let mut seq = reader.array()?;
            while reader.item(&mut seq)? {
                items.push(value(reader)?);
            }
            Json::List(items)
        }
        Kind::Map => {
            let mut members = Vec::new();
            let mut seq = reader.map()?;
            while let Some(key) = reader.key_text(&mut seq)? {
                members.push((key.into_owned(), value(reader)?));
            }
            Json::Map(members)
        }
        Kind::Null | Kind::Other => return Err(Flaw::Syntax),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::limits::MAX_NESTING;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn values_of_every_kind() {
        let text =
            r#" {"a":[1,-2.5e1,true,false,null],"b":{"c":"x\n\u00e9\ud83d\ude00é"},"d":[],"e":{},"d":7} "#;
        let value = Json::parse(text).unwrap();
        let list = value.get("a").and_then(Json::list).unwrap();
        assert_eq!(
            list.iter().map(Json::number).collect::<Vec<_>>(),
            [Some(1.0), Some(-25.0), None, None, None]
        );
        assert_eq!((list[2].bool(), list[3].bool(), &list[4]), (Some(true), Some(false), &Json::Null));
        let nested = value.get("b").and_then(|b| b.get("c")).and_then(Json::text);
        assert_eq!(nested, Some("x\n\u{e9}\u{1F600}\u{e9}"));
        assert_eq!(value.get("d").and_then(Json::number), Some(7.0), "the last one counts");
        assert_eq!(value.get("e"), Some(&Json::Map(Vec::new())));
        assert_eq!((value.get("f"), value.text(), list[0].get("a")), (None, None, None));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for bad in [
            "",
            "{",
            "[1,]",
            "[1",
            "{\"a\" 1}",
            "{a:1}",
            "01",
            "1 2",
            "nul",
            "\"\u{1}\"",
            "\"open",
            "{\"a\":}",
        ] {
            assert!(Json::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::parse(&nested(MAX_NESTING)).is_ok());
        assert_eq!(Json::parse(&nested(MAX_NESTING + 1)), Err(Error::TooDeep));
        assert_eq!(Json::parse(&"[".repeat(1_000_000)), Err(Error::TooDeep));
    }
}
