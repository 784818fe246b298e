//! Whole values as trees, for the trading stream: its objects are deep, rare and described by
//! serde.

use serde_json::{Map, Value};

use super::{Flaw, Kind, MsgpackWriter, Reader, Writer};
use crate::number::Number;

/// Reads one value. Times become RFC 3339 text; raw bytes and other extensions become null. Depth
/// is bounded by the reader, size by the frame.
pub(crate) fn read_value<'a>(reader: &mut dyn Reader<'a>) -> Result<Value, Flaw> {
    Ok(match reader.kind()? {
        Kind::Null => {
            reader.null()?;
            Value::Null
        }
        Kind::Boolean => Value::Bool(reader.boolean()?),
        Kind::Number => match reader.number()? {
            Number::Unsigned(value) => value.into(),
            Number::Negative(value) => value.into(),
            Number::Float(value) => value.into(),
        },
        Kind::Text => Value::String(reader.text()?.into_owned()),
        Kind::Array => {
            let mut seq = reader.array()?;
            let mut items = Vec::new();
            while reader.item(&mut seq)? {
                items.push(read_value(reader)?);
            }
            Value::Array(items)
        }
        Kind::Map => {
            let mut seq = reader.map()?;
            let mut map = Map::new();
            while let Some(key) = reader.key_text(&mut seq)? {
                map.insert(key.into_owned(), read_value(reader)?);
            }
            Value::Object(map)
        }
        Kind::Other => {
            let mark = reader.mark();
            if let Ok(time) = reader.time() {
                Value::String(time.to_rfc3339())
            } else {
                reader.rewind(mark);
                reader.skip()?;
                Value::Null
            }
        }
    })
}

/// Writes a value as MessagePack.
pub(crate) fn write_value(value: &Value, out: &mut Vec<u8>) {
    let mut writer = MsgpackWriter::new(out);
    match value {
        Value::Null => writer.null(),
        Value::Bool(value) => writer.boolean(*value),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(value), _) => writer.unsigned(value),
            (None, Some(value)) => writer.number(Number::from_i64(value)),
            (None, None) => writer.float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => writer.text(text),
        Value::Array(items) => {
            writer.array(items.len());
            items.iter().for_each(|item| write_value(item, out));
        }
        Value::Object(map) => {
            writer.long_map(map.len());
            for (key, value) in map {
                MsgpackWriter::new(out).text(key);
                write_value(value, out);
            }
        }
    }
}
