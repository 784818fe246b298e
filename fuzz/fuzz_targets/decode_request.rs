#![no_main]

use libfuzzer_sys::fuzz_target;
use wickwire_proto::frame::{Codec, Frame};
use wickwire_proto::request::{Request, decode_request, encode_request};

fuzz_target!(|data: &[u8]| {
    if let Ok(request) = decode_request(Frame::Binary(data))
        && request != Request::Unknown
    {
        for codec in [Codec::Json, Codec::MessagePack] {
            let frame = encode_request(codec, &request);
            assert_eq!(decode_request(frame.as_frame()).as_ref(), Ok(&request));
        }
    }
});
