//! Bodies of answers, as the browser hands them over.

use js_sys::{Function, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use wickwire::rest::{RestError, get_plain};

/// Answers every request with a response that `body` makes, while `asked` runs.
async fn answered<T>(body: &str, asked: impl Future<Output = T>) -> T {
    let window = JsValue::from(web_sys::window().unwrap());
    let key = JsValue::from_str("fetch");
    let before = Reflect::get(&window, &key).unwrap();
    let fetch = Function::new_no_args(&format!("return Promise.resolve(new Response({body}));"));
    Reflect::set(&window, &key, &fetch).unwrap();
    let answer = asked.await;
    Reflect::set(&window, &key, &before).unwrap();
    answer
}

#[wasm_bindgen_test]
async fn a_body_is_the_text_of_all_its_pieces() {
    // The pieces part in the middle of a character.
    let pieces = "new ReadableStream({ start(c) {
        const all = new TextEncoder().encode('naïve €, 日本語');
        for (let i = 0; i < all.length; i += 3) c.enqueue(all.slice(i, i + 3));
        c.close();
    } })";
    assert_eq!(answered(pieces, get_plain("x")).await, Ok("naïve €, 日本語".to_owned()));
    assert_eq!(answered("null", get_plain("x")).await, Ok(String::new()));
    assert_eq!(answered("new Uint8Array([97, 255])", get_plain("x")).await, Err(RestError::Unreadable));
    let broken = "new ReadableStream({ start(c) { c.error('gone') } })";
    assert_eq!(answered(broken, get_plain("x")).await, Err(RestError::NoRelay));
}

#[wasm_bindgen_test]
async fn a_body_without_end_is_read_up_to_a_limit() {
    let endless = "new ReadableStream({
        pull(c) { c.enqueue(new Uint8Array(1 << 20).fill(120)) },
        cancel() { window.bodyWasCancelled = true },
    })";
    assert_eq!(answered(endless, get_plain("x")).await, Err(RestError::TooLarge));
    let window = JsValue::from(web_sys::window().unwrap());
    let cancelled = Reflect::get(&window, &"bodyWasCancelled".into()).unwrap();
    assert!(cancelled.is_truthy(), "it goes on in the browser");
}
