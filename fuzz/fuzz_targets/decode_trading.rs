#![no_main]

use libfuzzer_sys::fuzz_target;
use wickwire_proto::frame::{Codec, Frame};
use wickwire_proto::trading::{decode_trading, encode_trading, to_canonical_json};

fuzz_target!(|data: &[u8]| {
    if let Ok(Some(message)) = decode_trading(Frame::Binary(data)) {
        for codec in [Codec::Json, Codec::MessagePack] {
            let frame = encode_trading(codec, &message);
            let again = decode_trading(frame.as_frame()).expect("our own frame").expect("a message");
            assert_eq!(again, message);
            assert_eq!(to_canonical_json(&again), to_canonical_json(&message));
        }
    }
});
