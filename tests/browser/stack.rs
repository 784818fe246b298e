//! The stack of the module is as large as the build says, and enough.

use wasm_bindgen_test::wasm_bindgen_test;
use wickwire_proto::decode::decode;
use wickwire_proto::frame::Frame;
use wickwire_proto::json::Json;
use wickwire_proto::limits::MAX_NESTING;

/// As `.cargo/config.toml` says.
const STACK_BYTES: usize = 256 * 1024;
/// Bytes that one step down takes at least.
const STEP: usize = 512;

/// Does `work` with so many bytes of the stack left at most.
fn with_left(left: usize, work: &dyn Fn()) {
    let room = std::hint::black_box([0_u8; STEP]);
    // The stack begins at its end and ends where memory begins.
    if room.as_ptr().addr() > left {
        with_left(left, work);
    } else {
        work();
    }
    std::hint::black_box(&room);
}

#[wasm_bindgen_test]
fn the_stack_is_as_large_as_the_build_says_and_lies_below_the_data() {
    static DATA: [u8; 4] = *b"data";
    let local = std::hint::black_box([0_u8; 4]);
    let top = local.as_ptr().addr();
    assert!((STACK_BYTES / 2..STACK_BYTES).contains(&top), "{top}");
    assert!(std::hint::black_box(&DATA).as_ptr().addr() >= STACK_BYTES);
}

#[wasm_bindgen_test]
fn the_deepest_input_takes_less_than_a_quarter_of_the_stack() {
    with_left(STACK_BYTES / 4, &|| {
        for depth in [MAX_NESTING, MAX_NESTING + 1, 100_000] {
            let lists = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(Json::parse(&lists).is_ok(), depth <= MAX_NESTING, "{depth}");
            let maps = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
            assert_eq!(Json::parse(&maps).is_ok(), depth <= MAX_NESTING, "{depth}");
            // A message of which nothing is known, in both codecs.
            let fields = depth.saturating_sub(2);
            let text = format!(r#"[{{"T":"t","S":{}1{}}}]"#, "[".repeat(fields), "]".repeat(fields));
            let mut bytes = vec![0x91, 0x82, 0xa1, b'T', 0xa1, b't', 0xa1, b'S'];
            bytes.extend(std::iter::repeat_n(0x91, fields));
            bytes.push(1);
            for frame in [Frame::Text(&text), Frame::Binary(&bytes)] {
                let mut messages = 0;
                let _ = decode(frame, &mut |_| messages += 1);
                assert_eq!(messages, 0, "{depth}");
            }
        }
    });
}
