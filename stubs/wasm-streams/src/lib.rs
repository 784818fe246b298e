//! Streams of JavaScript, as far as leptos' server functions name them.
//!
//! The page calls no server function. But the classes that the real crate exports to JavaScript are roots of
//! the module whether anybody calls them or not: they, and the futures and promises behind them, would be
//! 1 % of the download. So here is the interface without them. Nothing streams through what is made here.

use futures_util::stream::{self, Empty, Stream};
use wasm_bindgen::JsValue;

/// A stream of JavaScript.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Around a stream that is there.
    pub const fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// The stream itself.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// What stands for a stream, and is none: nobody reads it.
    pub fn from_stream<S: Stream<Item = Result<JsValue, JsValue>> + 'static>(_: S) -> Self {
        Self(JsValue::UNDEFINED.into())
    }

    /// No pieces.
    pub fn into_stream(self) -> Empty<Result<JsValue, JsValue>> {
        stream::empty()
    }
}
