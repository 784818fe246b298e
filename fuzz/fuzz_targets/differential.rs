#![no_main]

//! The JSON reader against serde_json, for one value in the place of a price, of a size and of a
//! symbol.

use libfuzzer_sys::fuzz_target;
use wickwire_proto::decode::decode;
use wickwire_proto::frame::Frame;
use wickwire_proto::message::Message;
use wickwire_proto::number::Number;

fn read(fields: &str) -> Option<Message<'static>> {
    let text = format!(r#"[{{"T":"t",{fields},"t":"2025-01-02T15:04:05Z"}}]"#);
    let mut message = None;
    let mut count = 0;
    let _ = decode(Frame::Text(&text), &mut |m| {
        message = Some(m.into_owned());
        count += 1;
    });
    if count == 1 { message } else { None }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Number(number)) => {
            let Some(Message::Trade(trade)) = read(&format!(r#""S":"X","p":{text},"s":{text}"#)) else {
                panic!("{text} is a number");
            };
            assert_eq!(Some(trade.price), number.as_f64(), "{text}");
            let expected = match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), _, _) => Number::Unsigned(value),
                (None, Some(value), _) => Number::from_i64(value),
                (None, None, value) => Number::from_f64(value.unwrap_or(f64::NAN)),
            };
            assert_eq!(trade.size, expected, "{text}");
        }
        Ok(serde_json::Value::String(string)) => {
            let Some(Message::Trade(trade)) = read(&format!(r#""S":{text},"p":1,"s":1"#)) else {
                panic!("{text} is text");
            };
            assert_eq!(trade.symbol, string);
        }
        // Neither a number nor text, so ours must not take it for one. A comma, a colon or a
        // bracket in it could make it more than one value.
        _ if !text.contains([',', ':', '{', '}', '[', ']', '"']) => {
            assert!(read(&format!(r#""S":"X","p":{text},"s":1"#)).is_none(), "{text}");
            assert!(read(&format!(r#""S":{text},"p":1,"s":1"#)).is_none(), "{text}");
        }
        _ => {}
    }
});
