#![no_main]

use libfuzzer_sys::fuzz_target;
use wickwire_proto::frame::Frame;

#[path = "common/market.rs"]
mod market;

fuzz_target!(|data: &[u8]| {
    market::check(Frame::Binary(data));
    // Three messages, so that the input always reaches the MessagePack reader.
    let mut array = vec![0x93];
    array.extend_from_slice(data);
    market::check(Frame::Binary(&array));
});
