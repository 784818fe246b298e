//! What leaves the page, caught on its way.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Blob;

use crate::support::Page;

/// Catches what is offered as a download, until dropped.
struct Caught {
    blobs: Rc<RefCell<Vec<Blob>>>,
    before: JsValue,
    _closure: Closure<dyn FnMut(Blob) -> JsValue>,
}

fn url() -> JsValue {
    js_sys::Reflect::get(&js_sys::global(), &"URL".into()).unwrap()
}

impl Caught {
    fn start() -> Self {
        let blobs = Rc::new(RefCell::new(Vec::new()));
        let kept = Rc::clone(&blobs);
        let closure = Closure::<dyn FnMut(Blob) -> JsValue>::new(move |blob| {
            kept.borrow_mut().push(blob);
            "data:,".into()
        });
        let before = js_sys::Reflect::get(&url(), &"createObjectURL".into()).unwrap();
        js_sys::Reflect::set(&url(), &"createObjectURL".into(), closure.as_ref()).unwrap();
        Self { blobs, before, _closure: closure }
    }

    async fn next(&self, page: &Page) -> Blob {
        page.until("a download", |_| !self.blobs.borrow().is_empty()).await;
        self.blobs.borrow_mut().remove(0)
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        let _ = js_sys::Reflect::set(&url(), &"createObjectURL".into(), &self.before);
    }
}

async fn text(blob: &Blob) -> String {
    JsFuture::from(blob.text()).await.unwrap().as_string().unwrap()
}

fn choose(page: &Page, item: &str) {
    page.press("Export");
    page.named("[role=menuitem]", item).unwrap().click();
}

#[wasm_bindgen_test]
async fn tables_have_the_bars_in_view_or_all() {
    let page = Page::open("?source=demo&symbol=IBM&tf=1Min");
    let rows = |p: &Page| p.root.query_selector_all("table[aria-label=Bars] tbody tr").unwrap().length();
    page.until("rows", |p| rows(p) > 100).await;
    let caught = Caught::start();
    choose(&page, "CSV of all loaded bars");
    let blob = caught.next(&page).await;
    assert_eq!(blob.type_(), "text/csv");
    let all = text(&blob).await;
    let mut lines = all.lines();
    assert_eq!(lines.next(), Some("time,open,high,low,close,volume,vwap,trades,complete"));
    assert!(all.lines().count() > 100);
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), 9, "{line}");
        assert!(cells[0].ends_with('Z') && cells[1].parse::<f64>().unwrap() > 0.0, "{line}");
    }
    choose(&page, "CSV of visible bars");
    let visible = text(&caught.next(&page).await).await;
    assert!(visible.lines().count() <= all.lines().count());
}

#[wasm_bindgen_test]
async fn pictures_are_what_is_seen() {
    let style = crate::chart::style(["#0e1117", "#26a69a", "#ef5350"]);
    let page = Page::open("?source=demo&symbol=IBM&tf=1Min");
    let summary = |p: &Page| p.find(".chart-stage").get_attribute("aria-description").unwrap_or_default();
    page.until("bars", |p| summary(p).contains("bars in view")).await;
    let size = |p: &Page| {
        let place = p.find(".chart-stage").get_bounding_client_rect();
        let ratio = web_sys::window().unwrap().device_pixel_ratio();
        [place.width(), place.height()].map(|css| (css * ratio).round() as u32)
    };
    let base = |p: &Page| p.find(".chart-stage canvas").unchecked_into::<web_sys::HtmlCanvasElement>();
    page.until("the size of the stage", |p| [base(p).width(), base(p).height()] == size(p)).await;
    let caught = Caught::start();
    choose(&page, "PNG image");
    let stage = size(&page);
    let png = caught.next(&page).await;
    assert_eq!(png.type_(), "image/png");
    let image = JsFuture::from(web_sys::window().unwrap().create_image_bitmap_with_blob(&png).unwrap()).await;
    let image: web_sys::ImageBitmap = image.unwrap().unchecked_into();
    assert_eq!([image.width(), image.height()], stage);

    choose(&page, "SVG image");
    let svg = text(&caught.next(&page).await).await;
    let parsed = web_sys::DomParser::new()
        .unwrap()
        .parse_from_string(&svg, web_sys::SupportedType::ImageSvgXml)
        .unwrap();
    assert!(parsed.query_selector("parsererror").unwrap().is_none(), "{svg}");
    assert!(parsed.query_selector_all("path").unwrap().length() > 3);
    let texts = parsed.query_selector_all("text").unwrap();
    let words: Vec<String> =
        (0..texts.length()).filter_map(|i| texts.item(i).and_then(|text| text.text_content())).collect();
    assert!(words.iter().any(|word| word == "IBM · 1Min · SIMULATED"), "{words:?}");
    // Behind each name of the legend its figure.
    for name in ["O", "H", "L", "C"] {
        let at = words.iter().position(|word| word == name).unwrap();
        assert!(words[at + 1].parse::<f64>().is_ok_and(|price| price > 1.0), "{name} in {words:?}");
    }
    style.remove();
}
