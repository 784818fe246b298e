//! The demo, found by role and name as people and their tools find it.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventInit, HtmlElement, HtmlInputElement};

use crate::support::{Page, document, query};

const CONNECTION: &str = "[role=status][aria-label=Connection]";

#[wasm_bindgen_test]
async fn the_demo_is_live_and_everything_has_its_name() {
    let page = Page::open("?source=demo");
    page.until("a live connection", |p| p.text(CONNECTION).contains("Live")).await;
    assert!(
        page.root.query_selector(".words").unwrap().is_none(),
        "at the first attempt: {}",
        page.text(CONNECTION)
    );
    for selector in [
        "[aria-label=Chart]",
        "section[aria-label=Quote]",
        "ul[aria-label=News]",
        "[role=group][aria-label=Timeframe]",
    ] {
        page.find(selector);
    }
    let label = page.find("label[for=symbol]");
    assert_eq!(label.text_content().as_deref(), Some("Symbol"));
    page.until("headlines", |p| p.find("ul[aria-label=News]").child_element_count() > 0).await;
    page.until("a quote", |p| p.text(".side-bid .price").contains('.')).await;
    assert_eq!(page.text("[aria-label='Kind of data']"), "SIMULATED");
    assert!(query().starts_with("?source=demo&symbol="), "{}", query());
}

#[wasm_bindgen_test]
async fn symbol_and_timeframe_are_changed_and_told_in_the_address() {
    let page = Page::open("?source=demo&symbol=IBM&tf=5Min");
    page.until("the timeframe of the address", |p| pressed(p) == "5m").await;
    let field: HtmlInputElement = page.find("#symbol").unchecked_into();
    page.until("the symbol of the address", |_| field.value() == "IBM").await;

    type_symbol(&page, "no good!");
    page.until("words about the symbol", |p| p.text("#symbol-message").contains("Symbols have")).await;
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert!(query().contains("symbol=IBM"));

    type_symbol(&page, "btc/usd");
    page.until("another symbol", |p| p.text(".quote-symbol") == "BTC/USD").await;
    assert_eq!(query(), "?source=demo&symbol=BTC/USD&tf=5Min");
    page.until("a crypto quote", |p| p.text(".side-ask .price").len() > 4).await;

    page.find("[aria-label=Timeframe] [title='1Min']").unchecked_into::<HtmlElement>().click();
    page.until("another timeframe", |p| pressed(p) == "1m").await;
    assert_eq!(query(), "?source=demo&symbol=BTC/USD&tf=1Min");
}

#[wasm_bindgen_test]
async fn headlines_are_text_and_links_are_safe() {
    let page = Page::open("?source=demo");
    page.until("a headline", |p| p.find("ul[aria-label=News]").child_element_count() > 0).await;
    let links = page.root.query_selector_all("ul[aria-label=News] a").unwrap();
    assert!(links.length() > 0, "the agency of the demo has addresses");
    for i in 0..links.length() {
        let link: HtmlElement = links.item(i).unwrap().unchecked_into();
        assert_eq!(link.get_attribute("rel").as_deref(), Some("noopener noreferrer"));
        assert!(link.get_attribute("href").unwrap().starts_with("http"));
    }
}

#[wasm_bindgen_test]
async fn a_page_that_goes_stops_everything() {
    let page = Page::open("?source=demo");
    page.until("a live connection", |p| p.text(CONNECTION).contains("Live")).await;
    drop(page);
    // Timers and frames that outlive the page would panic here.
    gloo_timers::future::TimeoutFuture::new(700).await;
}

#[wasm_bindgen_test]
async fn a_hidden_page_writes_nothing_until_it_is_shown() {
    // Without it the picture would grow the page, and the page the picture.
    let style = crate::chart::style(["#0e1117", "#26a69a", "#ef5350"]);
    let page = Page::open("?source=demo&symbol=IBM");
    page.until("bars", |p| p.text("[aria-label=Connection]").contains("from the demo")).await;
    page.until("headlines", |p| p.find("ul[aria-label=News]").child_element_count() > 0).await;
    // The first sizes come late where the machine is busy.
    page.until("the picture", |p| p.find("canvas.chart-base").get_attribute("width").is_some()).await;
    gloo_timers::future::TimeoutFuture::new(500).await;
    let hidden = Hidden::now();
    // What the last frame wrote may still be on its way into the document.
    gloo_timers::future::TimeoutFuture::new(50).await;
    let before = page.root.inner_html();
    let changes = count_changes(&page);
    // Another symbol, its history by REST, its quotes by stream, and time: all of it only changes
    // plain state.
    type_symbol(&page, "BTC/USD");
    gloo_timers::future::TimeoutFuture::new(1_500).await;
    assert_eq!(page.root.inner_html(), before);
    let count = js_sys::Reflect::get(&changes, &"count".into()).unwrap();
    assert_eq!(count.as_f64(), Some(0.0), "something was written and taken back");
    assert!(query().contains("symbol=BTC/USD"), "the page did not listen: {}", query());
    drop(hidden);
    page.until("the other symbol", |p| p.text(".quote-symbol") == "BTC/USD").await;
    page.until("a crypto quote", |p| p.text(".side-ask .price").len() > 4).await;
    style.remove();
}

/// An object whose `count` rises with every change of the page's elements.
fn count_changes(page: &Page) -> wasm_bindgen::JsValue {
    let body = "const seen = { count: 0 };
        const watch = new MutationObserver((changes) => { seen.count += changes.length; });
        watch.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
        return seen;";
    let count = js_sys::Function::new_with_args("root", body);
    count.call1(&wasm_bindgen::JsValue::NULL, &page.root).unwrap()
}

/// The document says that it is hidden, until this is dropped.
struct Hidden;

impl Hidden {
    fn now() -> Self {
        let property = js_sys::Object::new();
        js_sys::Reflect::set(&property, &"value".into(), &"hidden".into()).unwrap();
        js_sys::Reflect::set(&property, &"configurable".into(), &true.into()).unwrap();
        js_sys::Object::define_property(&document(), &"visibilityState".into(), &property);
        document().dispatch_event(&Event::new("visibilitychange").unwrap()).unwrap();
        Self
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // What stood before is the prototype's.
        js_sys::Reflect::delete_property(&document(), &"visibilityState".into()).unwrap();
        document().dispatch_event(&Event::new("visibilitychange").unwrap()).unwrap();
    }
}

fn pressed(page: &Page) -> String {
    page.text("[aria-label=Timeframe] [aria-pressed=true]")
}

fn type_symbol(page: &Page, text: &str) {
    let field: HtmlInputElement = page.find("#symbol").unchecked_into();
    field.set_value(text);
    let init = EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let submit = Event::new_with_event_init_dict("submit", &init).unwrap();
    page.find(".symbol-form").dispatch_event(&submit).unwrap();
}
