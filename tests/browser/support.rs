//! Mounting the page into a fresh element, and waiting for it.

use gloo_timers::future::TimeoutFuture;
use leptos::mount::{UnmountHandle, mount_to};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// The page in an element of its own; both go with this value.
pub(crate) struct Page {
    pub(crate) root: HtmlElement,
    _handle: Box<dyn std::any::Any>,
}

fn keep<M: leptos::tachys::view::Mountable + 'static>(handle: UnmountHandle<M>) -> Box<dyn std::any::Any> {
    Box::new(handle)
}

impl Page {
    /// Mounts the application with this query in the address bar.
    pub(crate) fn open(query: &str) -> Self {
        set_query(query);
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&root).unwrap();
        let handle = keep(mount_to(root.clone(), wickwire::app::App));
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
