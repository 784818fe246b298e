//! Mounting the page into a fresh element, and waiting for it.

use gloo_timers::future::TimeoutFuture;
use leptos::mount::UnmountHandle;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, Storage};
use wickwire::layout::settings::STORAGE_KEY;
use wickwire::ui::{El, Mounted};

pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// The page in an element of its own; both go with this value.
pub(crate) struct Page {
    pub(crate) root: HtmlElement,
    _handle: UnmountHandle<Mounted>,
}

/// The layout that is kept between visits.
pub(crate) fn stored_layout() -> Option<String> {
    storage().get_item(STORAGE_KEY).unwrap()
}

pub(crate) fn storage() -> Storage {
    web_sys::window().unwrap().local_storage().unwrap().unwrap()
}

/// The accessible name of a control, in the cases that occur here.
fn name_of(element: &Element) -> String {
    let text = |e: &Element| e.text_content().unwrap_or_default().trim().to_owned();
    if let Some(name) = element.get_attribute("aria-label") {
        return name;
    }
    // A menu's button says what it is for, and then what is chosen.
    if let Some(name) = element.query_selector("strong.menu-name").unwrap() {
        return text(&name);
    }
    let label = element.closest("label").unwrap();
    label.and_then(|l| l.query_selector("span").unwrap()).map_or_else(|| text(element), |span| text(&span))
}

pub(crate) async fn pause(ms: u32) {
    TimeoutFuture::new(ms).await;
}

impl Page {
    /// Mounts the application with this query in the address bar, for the first visit.
    pub(crate) fn open(query: &str) -> Self {
        storage().remove_item(STORAGE_KEY).unwrap();
        Self::visit(query)
    }

    /// The control of a selector and an accessible name.
    pub(crate) fn named(&self, selector: &str, name: &str) -> Option<HtmlElement> {
        let list = self.root.query_selector_all(selector).unwrap();
        (0..list.length())
            .map(|i| list.item(i).unwrap().unchecked_into::<HtmlElement>())
            .find(|element| name_of(element) == name)
    }

    /// Presses the button of a name.
    pub(crate) fn press(&self, name: &str) {
        let button = self.named("button", name);
        button.unwrap_or_else(|| panic!("there is no button named {name}")).click();
    }

    /// Types into the field of a name, and leaves it.
    pub(crate) fn enter(&self, name: &str, value: &str) {
        let field = self.named("input, select", name);
        let field = field.unwrap_or_else(|| panic!("there is no field named {name}"));
        match field.dyn_ref::<web_sys::HtmlSelectElement>() {
            Some(select) => select.set_value(value),
            None => field.unchecked_ref::<web_sys::HtmlInputElement>().set_value(value),
        }
        for event in ["input", "change"] {
            let init = web_sys::EventInit::new();
            init.set_bubbles(true);
            let event = web_sys::Event::new_with_event_init_dict(event, &init).unwrap();
            field.dispatch_event(&event).unwrap();
        }
    }

    /// Presses a key on what has focus.
    pub(crate) fn key(&self, key: &str) {
        let init = web_sys::KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        document().active_element().unwrap().dispatch_event(&event).unwrap();
    }

    /// Mounts the application with this query in the address bar.
    pub(crate) fn visit(query: &str) -> Self {
        set_query(query);
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&root).unwrap();
        let handle = El::mount(&root, wickwire::app::app);
        Self { root, _handle: handle }
    }

    pub(crate) fn find(&self, selector: &str) -> Element {
        self.root.query_selector(selector).unwrap().unwrap_or_else(|| panic!("{selector} is not on the page"))
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        self.find(selector).text_content().unwrap_or_default()
    }

    /// Waits until `ready` holds, at most ten seconds.
    pub(crate) async fn until(&self, what: &str, ready: impl Fn(&Self) -> bool) {
        for _ in 0..200 {
            if ready(self) {
                return;
            }
            TimeoutFuture::new(50).await;
        }
        panic!("waited in vain for: {what}\n{}", self.root.inner_html());
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.root.remove();
    }
}

pub(crate) fn set_query(query: &str) {
    let window = web_sys::window().unwrap();
    let path = window.location().pathname().unwrap();
    let address = format!("{path}{query}");
    window
        .history()
        .unwrap()
        .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address))
        .unwrap();
}

pub(crate) fn query() -> String {
    web_sys::window().unwrap().location().search().unwrap()
}
