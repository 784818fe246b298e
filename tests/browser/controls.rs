//! The chart's controls, found by role and name and used by pointer and keys.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use crate::support::{Page, document, pause, query, stored_layout};

/// Longer than a changed layout waits before it is kept.
const KEPT: u32 = 600;

fn dialog(page: &Page) -> Option<String> {
    page.root.query_selector("dialog.sheet[open] h2").unwrap()?.text_content()
}

fn focused() -> Element {
    document().active_element().unwrap()
}

fn texts(page: &Page, selector: &str) -> Vec<String> {
    let list = page.root.query_selector_all(selector).unwrap();
    (0..list.length()).filter_map(|i| list.item(i)?.text_content()).collect()
}

/// Names of the indicators in use, as the legend on the chart tells them.
fn legend(page: &Page) -> Vec<String> {
    texts(page, ".study-name")
}

/// Ends a visit. What it leaves behind goes once its tasks have ended.
async fn leave(page: Page) {
    drop(page);
    pause(1_000).await;
}

async fn demo(query: &str) -> Page {
    let page = Page::open(query);
    page.until("the controls", |p| p.named("button", "Series").is_some()).await;
    page
}

#[wasm_bindgen_test]
async fn a_menu_is_walked_with_keys_and_gives_focus_back() {
    let page = demo("?source=demo&symbol=IBM&tf=1Min").await;
    let button = page.named("button", "Series").unwrap();
    assert_eq!(button.get_attribute("aria-haspopup").as_deref(), Some("menu"));
    button.focus().unwrap();
    page.key("ArrowDown");
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("true"));
    assert_eq!(focused().get_attribute("role").as_deref(), Some("menuitemradio"));
    assert_eq!(focused().get_attribute("aria-checked").as_deref(), Some("true"));
    assert_eq!(focused().text_content().as_deref(), Some("Candles"));
    page.key("End");
    assert_eq!(focused().text_content().as_deref(), Some("Baseline"));
    page.key("ArrowDown");
    assert_eq!(focused().text_content().as_deref(), Some("Candles"), "around the end");
    page.key("h");
    assert_eq!(focused().text_content().as_deref(), Some("Hollow candles"));
    page.key("Escape");
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("false"));
    assert_eq!(focused(), *button.unchecked_ref::<Element>());

    page.key("ArrowUp");
    assert_eq!(focused().text_content().as_deref(), Some("Baseline"));
    page.key("l");
    focused().unchecked_into::<HtmlElement>().click();
    assert_eq!(focused(), *button.unchecked_ref::<Element>());
    page.until("the choice on the button", |_| button.text_content().unwrap().contains("Line")).await;
    page.until("the choice in the address", |_| query().contains("&series=line")).await;

    button.click();
    page.named("button", "Source").unwrap().focus().unwrap();
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("false"), "focus went elsewhere");
}

#[wasm_bindgen_test]
async fn all_timeframes_are_in_a_menu() {
    let page = demo("?source=demo&symbol=IBM&tf=1Min").await;
    let group = page.find("[role=group][aria-label=Timeframe]");
    page.press("More timeframes");
    let items = group.query_selector_all("[role=menuitemradio]").unwrap();
    assert_eq!(items.length() as usize, wickwire_market::Timeframe::ALL.len());
    page.named("[role=menuitemradio]", "30 minutes").unwrap().click();
    page.until("the address", |_| query().contains("tf=30Min")).await;
    let more = page.named("button", "More timeframes").unwrap();
    page.until("what has no button of its own", |_| more.text_content().unwrap().contains("30m")).await;
}

#[wasm_bindgen_test]
async fn indicators_are_found_added_set_moved_hidden_and_removed() {
    let page = demo("?source=demo&symbol=IBM&tf=1Min").await;
    page.press("Indicators");
    page.until("the dialog", |p| dialog(p).as_deref() == Some("Indicators")).await;
    let offered = |p: &Page| texts(p, "[aria-label='Indicators to add'] li:not(.hidden) .study-short");
    assert_eq!(offered(&page).len(), 14);
    page.enter("Search indicators", "average WEIGHTED");
    page.until("fewer", |p| offered(p) == ["WMA", "VWAP"]).await;
    page.enter("Search indicators", "nonsense");
    page.until("words", |p| p.text(".sheet-body").contains("No indicator has that name.")).await;
    page.enter("Search indicators", "");

    page.press("Add Exponential moving average");
    page.press("Add Bollinger bands");
    page.press("Add Relative strength index");
    page.until("rows on the chart", |p| legend(p) == ["EMA 20", "BB 20 2", "RSI 14"]).await;

    // The newest is open; its length has the limits of the indicator.
    let open = |p: &Page| p.root.query_selector(".study details[open] summary").unwrap();
    page.until("the newest open", |p| open(p).is_some_and(|s| s.text_content().unwrap().contains("RSI")))
        .await;
    let group = page.find(".study details[open] [role=group]");
    assert_eq!(group.get_attribute("aria-label").as_deref(), Some("RSI 14"));
    let length: HtmlInputElement =
        group.query_selector("input[type=number]").unwrap().unwrap().unchecked_into();
    assert_eq!((length.min(), length.max(), length.step()), ("1".into(), "5000".into(), "1".into()));
    for (typed, shown) in
        [("9", "9"), ("7.4", "7"), ("0", "1"), ("99999", "5000"), ("", "5000"), ("21", "21")]
    {
        length.set_value(typed);
        length.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
        assert_eq!(length.value(), shown, "after {typed:?}");
    }
    page.until("the length in the legend", |p| legend(p) == ["EMA 20", "BB 20 2", "RSI 21"]).await;
    let color: HtmlInputElement =
        group.query_selector("input[type=color]").unwrap().unwrap().unchecked_into();
    color.set_value("#123456");
    color.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    let swatch = page.find(".study details[open] .study-swatch").unchecked_into::<HtmlElement>();
    let background = || swatch.style().get_property_value("background-color").unwrap();
    page.until("the colour", |_| background() == "rgb(18, 52, 86)").await;

    page.press("Move BB 20 2 up");
    page.until("another order", |p| legend(p) == ["BB 20 2", "EMA 20", "RSI 21"]).await;
    page.press("Hide EMA 20");
    page.until("the way back", |p| p.named("button", "Show EMA 20").is_some()).await;
    let values = |p: &Page| texts(p, ".study-row.hidden-study .legend-value").concat();
    page.until("no figures of what is hidden", |p| values(p).is_empty()).await;
    page.press("Remove BB 20 2");
    page.until("one less", |p| legend(p) == ["EMA 20", "RSI 21"]).await;
    page.until("what is shown in the address", |_| query().ends_with("&st=rsi.21")).await;
    let kept = stored_layout().unwrap();
    assert!(kept.contains("\"visible\": false") && kept.contains("#123456"), "{kept}");

    page.press("Close");
    page.until("no dialog", |p| dialog(p).is_none()).await;
    page.press("Settings of RSI 21");
    page.until("its settings", |p| open(p).is_some_and(|s| s.text_content().unwrap().contains("RSI 21")))
        .await;
    page.until("focus on them", |p| open(p).as_ref() == Some(&focused())).await;
    page.named(".sheet button", "Remove RSI 21").unwrap().click();
    assert_eq!(focused().id(), "sheet-title", "what had focus is gone");
}

#[wasm_bindgen_test]
async fn a_chart_takes_so_many_indicators() {
    let page = demo("?source=demo&symbol=IBM&tf=1Min").await;
    page.press("Indicators");
    page.until("the dialog", |p| dialog(p).is_some()).await;
    for _ in 0..20 {
        page.press("Add Simple moving average");
    }
    page.until("words", |p| p.text(".sheet-body").contains("as many as a chart takes")).await;
    assert_eq!(legend(&page).len(), wickwire::layout::MAX_STUDIES);
    let add = page.named("button", "Add Simple moving average").unwrap();
    assert!(add.has_attribute("disabled") || add.unchecked_ref::<web_sys::HtmlButtonElement>().disabled());
}

#[wasm_bindgen_test]
async fn settings_are_shown_kept_reset_and_brought_back() {
    let page = demo("?source=demo&symbol=IBM&tf=5Min&st=ema.9").await;
    page.press("Chart settings");
    page.until("the dialog", |p| dialog(p).as_deref() == Some("Chart settings")).await;
    let root = document().document_element().unwrap();
    for (name, value) in [("Series", "4"), ("Price scale", "1"), ("Time zone", "2"), ("Colours", "1")] {
        page.enter(name, value);
    }
    page.named("input", "Grid").unwrap().click();
    page.until("the palette", |_| root.get_attribute("data-palette").as_deref() == Some("safe")).await;
    pause(KEPT).await;
    assert!(query().ends_with("&series=line&scale=log&zone=utc&st=ema.9"), "{}", query());
    let kept = stored_layout().unwrap();
    for part in ["\"grid\": false", "\"palette\": \"safe\"", "\"series\": \"line\""] {
        assert!(kept.contains(part), "{part} is not in {kept}");
    }
    assert!(!kept.contains("ema"), "what only the address brought is not the person's own: {kept}");

    page.press("Reset to defaults");
    page.until("no palette", |_| !root.has_attribute("data-palette")).await;
    pause(KEPT).await;
    assert_eq!(query(), "?source=demo&symbol=IBM&tf=5Min", "the timeframe stays");
    page.press("Undo");
    page.until("the palette again", |_| root.has_attribute("data-palette")).await;
    page.until("the indicator again", |p| legend(p) == ["EMA 9"]).await;
    pause(KEPT).await;
    leave(page).await;

    let page = Page::visit("?source=demo&symbol=IBM");
    page.until("the series of the last visit", |p| {
        p.named("button", "Series").is_some_and(|b| b.text_content().unwrap().contains("Line"))
    })
    .await;
    assert_eq!(legend(&page), ["EMA 9"]);
    assert!(root.has_attribute("data-palette"));
    page.press("Chart settings");
    page.until("the dialog", |p| dialog(p).is_some()).await;
    page.press("Reset to defaults");
    page.until("no palette", |_| !root.has_attribute("data-palette")).await;
}

#[wasm_bindgen_test]
async fn a_link_wins_over_what_was_kept_and_does_not_overwrite_it() {
    let page = demo("?source=demo&symbol=IBM&tf=1Min").await;
    page.press("Indicators");
    page.until("the dialog", |p| dialog(p).is_some()).await;
    page.press("Add Average true range");
    pause(KEPT).await;
    leave(page).await;

    let page = Page::visit("?source=demo&symbol=IBM&tf=5Min&series=area&zone=utc&st=macd.12.26.9");
    page.until("the indicators of the link", |p| legend(p) == ["MACD 12 26 9"]).await;
    page.find(".chart-stage").unchecked_into::<HtmlElement>().focus().unwrap();
    page.key("c");
    page.until("words", |p| p.text(".note") == "Colours: blue and orange.").await;
    pause(KEPT).await;
    let kept = stored_layout().unwrap();
    assert!(kept.contains("\"atr\"") && !kept.contains("macd"), "{kept}");
    assert!(kept.contains("\"palette\": \"safe\"") && kept.contains("\"series\": \"candles\""), "{kept}");
    page.key("c");
}

#[wasm_bindgen_test]
async fn a_layout_is_read_from_a_file_and_what_is_wrong_is_told() {
    let page = demo("?source=demo&symbol=IBM&tf=1Min").await;
    page.press("Chart settings");
    page.until("the dialog", |p| dialog(p).is_some()).await;
    let offer = |text: &str| {
        let parts = js_sys::Array::of1(&text.into());
        let file = web_sys::File::new_with_str_sequence(&parts, "layout.json").unwrap();
        let transfer = web_sys::DataTransfer::new().unwrap();
        transfer.items().add_with_file(&file).unwrap();
        let field: HtmlInputElement = page.named("input", "Layout file").unwrap().unchecked_into();
        field.set_files(transfer.files().as_ref());
        field.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
    };
    offer(r#"{"version":1,"timeframe":"15Min","series":"pies","studies":[{"kind":"wma"}]}"#);
    page.until("words", |p| p.text(".note").contains("One value made no sense")).await;
    page.until("the indicator", |p| legend(p) == ["WMA 20"]).await;
    page.until("the timeframe", |_| query().contains("tf=15Min")).await;
    offer("<html>");
    page.until("words", |p| p.text(".note") == "The file is not JSON.").await;
    offer(&"x".repeat(wickwire::layout::text::MAX_BYTES + 1));
    page.until("words", |p| p.text(".note") == "The file is too long.").await;
    assert_eq!(legend(&page), ["WMA 20"]);
}

#[wasm_bindgen_test]
async fn keys_open_the_list_of_keys_but_not_while_somebody_types() {
    let page = demo("?source=demo&symbol=IBM&tf=1Min").await;
    page.find("#symbol").unchecked_into::<HtmlElement>().focus().unwrap();
    page.key("?");
    page.key("i");
    pause(100).await;
    assert_eq!(dialog(&page), None);
    page.find(".chart-stage").unchecked_into::<HtmlElement>().focus().unwrap();
    page.key("?");
    page.until("the dialog", |p| dialog(p).as_deref() == Some("Keyboard")).await;
    let keys = texts(&page, "table[aria-label=Keys] kbd");
    assert!(keys.iter().any(|k| k == "Home") && keys.iter().any(|k| k == "?"), "{keys:?}");
    page.press("Close");
    page.until("no dialog", |p| dialog(p).is_none()).await;
    page.key("i");
    page.until("the dialog", |p| dialog(p).as_deref() == Some("Indicators")).await;
}
