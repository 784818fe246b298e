#![no_main]

use libfuzzer_sys::fuzz_target;
use wickwire_proto::frame::Frame;

#[path = "common/market.rs"]
mod market;

fuzz_target!(|data: &[u8]| {
    market::check(Frame::Binary(data));
    if let Ok(text) = std::str::from_utf8(data) {
        market::check(Frame::Text(text));
    }
    // Bytes that begin like JSON, so that the input always reaches the JSON reader.
    let mut array = b"[".to_vec();
    array.extend_from_slice(data);
    market::check(Frame::Binary(&array));
});
