//! A key that was typed in is found nowhere afterwards.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventInit, HtmlInputElement};

use crate::support::{Page, document, query};

const KEY: &str = "PKCANARY0123456789AB";
const SECRET: &str = "canary-secret-3f9c1d7a";

#[wasm_bindgen_test]
async fn keys_are_in_no_storage_no_address_and_no_element() {
    let page = Page::open("?source=direct&feed=iex&symbol=AAPL");
    page.until("the form", |p| p.root.query_selector("dialog[open]").unwrap().is_some()).await;
    let secret: HtmlInputElement = page.find("dialog input[type=password]").unchecked_into();
    let key: HtmlInputElement = page.find("dialog input[type=text]").unchecked_into();
    for field in [&key, &secret] {
        assert_eq!(field.get_attribute("autocomplete").as_deref(), Some("off"));
    }
    key.set_value(KEY);
    secret.set_value(SECRET);
    let init = EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let submit = Event::new_with_event_init_dict("submit", &init).unwrap();
    page.find("dialog form").dispatch_event(&submit).unwrap();
    page.until("the form to go", |p| p.root.query_selector("dialog[open]").unwrap().is_none()).await;
    // Long enough for a first attempt to connect, which fails here.
    gloo_timers::future::TimeoutFuture::new(800).await;

    assert_eq!((key.value(), secret.value()), (String::new(), String::new()));
    let window = web_sys::window().unwrap();
    let mut places = vec![
        ("address", window.location().href().unwrap()),
        ("query", query()),
        ("title", document().title()),
        ("page", document().document_element().unwrap().outer_html()),
        (
            "history",
            js_sys::JSON::stringify(&window.history().unwrap().state().unwrap())
                .map(String::from)
                .unwrap_or_default(),
        ),
    ];
    for (name, storage) in [("local", window.local_storage()), ("session", window.session_storage())] {
        let storage = storage.unwrap().unwrap();
        let text = js_sys::JSON::stringify(&storage).map(String::from).unwrap();
        places.push((name, text));
    }
    for (place, text) in places {
        assert!(!text.contains(KEY) && !text.contains(SECRET), "found in: {place}");
    }
}
