//! Text of the browser into memory of WebAssembly.

use js_sys::JsString;
use wasm_bindgen_test::wasm_bindgen_test;
use wickwire::transport::text;

#[wasm_bindgen_test]
fn text_arrives_as_it_is() {
    let long = "abc".repeat(100_000);
    let mixed = [long.as_str(), "€"].concat();
    let wide = "日本語".repeat(1_000);
    for expected in ["", "[]", "{\"S\":\"IBM\"}", "naïve €, 日本語, 🕯", "\0\n", &long, &mixed, &wide]
    {
        assert!(text::copy(&JsString::from(expected)) == expected, "{} characters", expected.len());
    }
}

#[wasm_bindgen_test]
fn half_a_character_is_replaced() {
    let half = JsString::from_char_code(&[0x61_u16, 0xD83D, 0x62]);
    assert_eq!(text::copy(&half), "a\u{FFFD}b");
    let long = JsString::from("a".repeat(1_000)).concat(&half);
    assert!(text::copy(&long).ends_with("aa\u{FFFD}b"));
}
