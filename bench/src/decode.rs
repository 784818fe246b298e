//! Frames through the decoder into the store.

use js_sys::{JsString, Uint8Array};
use wickwire_market::{Limits, Store};
use wickwire_proto::decode::decode;
use wickwire_proto::frame::Frame;

/// What decoded messages go into.
#[derive(Default)]
pub(crate) struct DecodeBench {
    store: Option<Store>,
}

impl DecodeBench {
    pub(crate) fn text(&mut self, text: &JsString) -> f64 {
        let text = wickwire::transport::text::read(text);
        self.frame(Frame::Text(&text))
    }

    pub(crate) fn bytes(&mut self, bytes: &Uint8Array) -> f64 {
        let bytes = bytes.to_vec();
        self.frame(Frame::Binary(&bytes))
    }

    fn frame(&mut self, frame: Frame<'_>) -> f64 {
        let store = self.store.get_or_insert_with(|| Store::new(Limits::default()));
        let mut stored = 0_u32;
        let decoded = decode(frame, &mut |message| {
            store.apply(&message);
            stored += 1;
        });
        if decoded.is_ok() { f64::from(stored) } else { 0.0 }
    }
}
