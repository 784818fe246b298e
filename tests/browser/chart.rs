//! The region "Chart": picture, legend, table and view, as people and their tools find them.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement, KeyboardEvent, KeyboardEventInit, PointerEvent,
    PointerEventInit, WheelEvent, WheelEventInit,
};

use crate::support::{Page, document};

const ROWS: &str = "[aria-label=Chart] table[aria-label=Bars] tbody tr";

fn rows(page: &Page) -> u32 {
    page.root.query_selector_all(ROWS).unwrap().length()
}

fn cells(page: &Page, row: u32) -> Vec<String> {
    let row = page.root.query_selector_all(ROWS).unwrap().item(row).unwrap();
    let cells = row.child_nodes();
    (0..cells.length()).filter_map(|i| cells.item(i)?.text_content()).collect()
}

/// The canvas behind everything, which is drawn from off screen.
fn base(page: &Page) -> HtmlCanvasElement {
    page.root.query_selector(".chart-stage canvas.chart-base").unwrap().unwrap().unchecked_into()
}

/// Opaque pixels of exactly this colour, in the frame that is shown.
fn count(shown: &HtmlCanvasElement, color: [u8; 3]) -> usize {
    let copy: HtmlCanvasElement = document().create_element("canvas").unwrap().unchecked_into();
    copy.set_width(shown.width());
    copy.set_height(shown.height());
    let context: CanvasRenderingContext2d = copy.get_context("2d").unwrap().unwrap().unchecked_into();
    context.draw_image_with_html_canvas_element(shown, 0.0, 0.0).unwrap();
    let (width, height) = (f64::from(copy.width()), f64::from(copy.height()));
    let data = context.get_image_data(0.0, 0.0, width, height).unwrap().data();
    data.chunks_exact(4).filter(|pixel| pixel[..3] == color && pixel[3] == 255).count()
}

/// The style sheet of the page is not there in these tests: the tokens and sizes that matter here.
pub(crate) fn style(theme: [&str; 3]) -> web_sys::Element {
    let style = document().create_element("style").unwrap();
    let [ground, up, down] = theme;
    style.set_text_content(Some(&format!(
        ":root {{ --ground: {ground}; --grid: #1c212b; --border: #262d3a; --text: #e6e9ef; --text-2: #a6adbb;
          --text-3: #7d8698; --up: {up}; --down: {down}; --accent: #4aa8ff; }}
        .chart {{ position: relative; width: 600px; height: 400px; display: flex; flex-direction: column; }}
        .chart-stage {{ position: relative; flex: 1 1 0; min-height: 0; }}
        .chart-stage canvas {{ position: absolute; inset: 0; width: 100%; height: 100%; }}
        .bars-table {{ position: absolute; width: 1px; height: 1px; overflow: hidden; }}"
    )));
    document().head().unwrap().append_child(&style).unwrap();
    style
}

#[wasm_bindgen_test]
async fn the_picture_the_table_and_the_legend_tell_the_same() {
    let style = style(["#0e1117", "#26a69a", "#ef5350"]);
    let page = Page::open("?source=demo&symbol=IBM&tf=1Min");
    page.until("rows", |p| rows(p) > 100).await;
    let shown = base(&page);
    let stage = page.find(".chart-stage");
    let ratio = web_sys::window().unwrap().device_pixel_ratio();
    let whole = |css: i32| (f64::from(css) * ratio).round() as u32;
    page.until("the size in device pixels", |_| {
        let size = (whole(stage.client_width()), whole(stage.client_height()));
        (shown.width(), shown.height()) == size
    })
    .await;
    page.until("candles", |_| count(&shown, [0x26, 0xa6, 0x9a]) > 100).await;
    assert!(count(&shown, [0xef, 0x53, 0x50]) > 100);
    assert!(count(&shown, [0x0e, 0x11, 0x17]) > 10_000, "ground");

    let row = cells(&page, 0);
    assert_eq!(row.len(), 6, "{row:?}");
    assert_eq!(row[0].len(), "2013-10-07 13:30:00".len(), "{}", row[0]);
    let figures: Vec<f64> = row[1..].iter().map(|cell| cell.parse().unwrap()).collect();
    assert!(figures[2] <= figures[0] && figures[1] >= figures[3] && figures[4] > 0.0, "{row:?}");
    let times: Vec<String> = (0..rows(&page)).map(|i| cells(&page, i)[0].clone()).collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "newest last");

    assert!(page.text(".legend").contains("IBM"), "{}", page.text(".legend"));
    let said = |attribute: &str| stage.get_attribute(attribute).unwrap();
    assert_eq!(said("aria-label"), "IBM candles, 1Min");
    assert!(said("aria-description").contains("Last price"), "{}", said("aria-description"));
    style.remove();
}

#[wasm_bindgen_test]
async fn the_view_is_moved_by_hand_and_comes_back() {
    let style = style(["#0e1117", "#26a69a", "#ef5350"]);
    let page = Page::open("?source=demo&symbol=IBM&tf=1Min");
    page.until("rows", |p| rows(p) > 100).await;
    let stage = page.find(".chart-stage");
    page.until("bars in view", |_| bars_in_view(&stage) > 50).await;
    let live = |p: &Page| p.root.query_selector(".chart-live").unwrap();
    assert!(live(&page).is_none(), "follows the last bar");

    let send = |name: &str, x: i32| {
        let init = PointerEventInit::new();
        init.set_buttons(u16::from(name != "pointerup"));
        init.set_bubbles(true);
        let at = on_stage(&stage, x, 60);
        init.set_client_x(at.0);
        init.set_client_y(at.1);
        init.set_pointer_id(1);
        let event = PointerEvent::new_with_event_init_dict(name, &init).unwrap();
        stage.dispatch_event(&event).unwrap();
    };
    send("pointerdown", 100);
    send("pointermove", 500);
    send("pointerup", 500);
    page.until("a way back", |p| live(p).is_some()).await;
    live(&page).unwrap().unchecked_into::<HtmlElement>().click();
    page.until("following again", |p| live(p).is_none()).await;

    let before = stage.get_attribute("aria-description").unwrap();
    let init = WheelEventInit::new();
    init.set_delta_y(300.0);
    let at = on_stage(&stage, 200, 60);
    init.set_client_x(at.0);
    init.set_client_y(at.1);
    init.set_cancelable(true);
    let wheel = WheelEvent::new_with_event_init_dict("wheel", &init).unwrap();
    stage.dispatch_event(&wheel).unwrap();
    assert!(wheel.default_prevented(), "the page does not scroll");
    page.until("more bars in view", |_| bars_in_view(&stage) > in_view(&before)).await;
    style.remove();
}

#[wasm_bindgen_test]
async fn fingers_and_keys_reach_the_chart() {
    let style = style(["#0e1117", "#26a69a", "#ef5350"]);
    let page = Page::open("?source=demo&symbol=IBM&tf=1Min");
    page.until("rows", |p| rows(p) > 100).await;
    let stage = page.find(".chart-stage");
    let live = |p: &Page| p.root.query_selector(".chart-live").unwrap();
    let finger = |name: &str, id: i32, x: i32| {
        let init = PointerEventInit::new();
        init.set_pointer_type("touch");
        init.set_pointer_id(id);
        init.set_buttons(u16::from(name != "pointerup"));
        let at = on_stage(&stage, x, 60);
        init.set_client_x(at.0);
        init.set_client_y(at.1);
        stage.dispatch_event(&PointerEvent::new_with_event_init_dict(name, &init).unwrap()).unwrap();
    };
    let key = |name: &str| {
        let init = KeyboardEventInit::new();
        init.set_key(name);
        init.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        stage.dispatch_event(&event).unwrap();
        event.default_prevented()
    };

    // Apart they show fewer bars.
    page.until("bars in view", |_| bars_in_view(&stage) > 50).await;
    let before = bars_in_view(&stage);
    finger("pointerdown", 11, 200);
    finger("pointerdown", 12, 300);
    finger("pointermove", 11, 100);
    finger("pointermove", 12, 400);
    page.until("fewer bars in view", |_| (1..before / 2).contains(&bars_in_view(&stage))).await;
    finger("pointerup", 12, 400);

    // One goes on alone.
    finger("pointermove", 11, 500);
    page.until("a way back", |p| live(p).is_some()).await;
    finger("pointerup", 11, 500);
    let menu = web_sys::EventInit::new();
    menu.set_cancelable(true);
    let menu = web_sys::Event::new_with_event_init_dict("contextmenu", &menu).unwrap();
    stage.dispatch_event(&menu).unwrap();
    assert!(menu.default_prevented(), "no menu for a finger that rests");

    assert!(key("End"));
    page.until("following again", |p| live(p).is_none()).await;
    assert!(key("r") && !key("i") && !key("Tab"), "keys of the page");
    style.remove();
}

/// A place on the stage, in the coordinates of events.
fn on_stage(stage: &web_sys::Element, x: i32, y: i32) -> (i32, i32) {
    let place = stage.get_bounding_client_rect();
    (place.x().ceil() as i32 + x, place.y().ceil() as i32 + y)
}

fn bars_in_view(stage: &web_sys::Element) -> u32 {
    in_view(&stage.get_attribute("aria-description").unwrap_or_default())
}

fn in_view(label: &str) -> u32 {
    let words: Vec<&str> = label.split(' ').collect();
    let at = words.iter().position(|word| *word == "bars");
    at.and_then(|at| words.get(at - 1)?.parse().ok()).unwrap_or_default()
}

#[wasm_bindgen_test]
fn painting_ahead_paints_and_leaves_nothing_on_the_page() {
    let elements = || document().query_selector_all("*").unwrap().length();
    let before = elements();
    assert!(wickwire::panels::chart::warm::warm_up());
    assert_eq!(elements(), before);
}
