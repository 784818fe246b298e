//! MessagePack (<https://github.com/msgpack/msgpack/blob/master/spec.md>).

mod read;
mod usual;
mod write;

pub(crate) use read::MsgpackReader;
pub(crate) use write::MsgpackWriter;
