//! JSON (<https://www.rfc-editor.org/rfc/rfc8259>).

mod number;
mod read;
mod text;
mod usual;
mod write;

pub(crate) use read::JsonReader;
pub(crate) use write::JsonWriter;
