//! The view in the address bar.

use wasm_bindgen_test::wasm_bindgen_test;
use wickwire::url::ViewUrl;

use crate::support::{query, set_query};

#[wasm_bindgen_test]
fn a_view_is_written_and_read_again() {
    for text in [
        "?source=direct&feed=delayed_sip&symbol=BRK.B&tf=15Min",
        "?source=relay&feed=iex&symbol=BTC/USD&tf=1Day",
        "?source=demo&symbol=IBM&tf=1Min",
    ] {
        let view = ViewUrl::parse(text);
        set_query("?other=1");
        view.replace();
        assert_eq!(query(), text);
        assert_eq!(ViewUrl::read(), view);
    }
}

#[wasm_bindgen_test]
fn what_does_not_belong_there_does_not_survive() {
    set_query("?source=demo&symbol=IBM&key=AKIA&secret=s3cret&relay=wss://evil.example");
    let view = ViewUrl::read();
    view.replace();
    assert_eq!(query(), "?source=demo&symbol=IBM");
}
