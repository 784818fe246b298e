//! One element and what never changes about it.

use std::borrow::Cow;

use leptos::ev::EventDescriptor;
use leptos::mount::UnmountHandle;
use leptos::prelude::{LocalStorage, SetValue, StoredValue, WithValue};
use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, Node, Text};

use crate::dom::Listener;

/// Namespace of pictures.
const SVG: &str = "http://www.w3.org/2000/svg";

// The names are constants, so that the calls cannot fail: bound here without a result to look at.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = document, js_name = createElement)]
    fn create_element(tag: &str) -> Element;
    #[wasm_bindgen(js_namespace = document, js_name = createElementNS)]
    fn create_element_ns(namespace: &str, tag: &str) -> Element;
    #[wasm_bindgen(js_namespace = document, js_name = createTextNode)]
    pub(super) fn create_text(text: &str) -> Text;

    type Glue;
    #[wasm_bindgen(method, js_name = append)]
    fn append_node(this: &Glue, node: &Node);
    #[wasm_bindgen(method, js_name = append)]
    fn append_text(this: &Glue, text: &str);
    #[wasm_bindgen(method, js_name = setAttribute)]
    fn set(this: &Glue, name: &str, value: &str);
}

/// An element. Cheap to clone: a clone is the same element.
#[derive(Clone, Debug)]
pub struct El(Element);

/// Where an element is found once it is built. Copy; empty before, and after its owner.
/// The owner is the one that makes the slot.
#[derive(Clone, Copy, Debug)]
pub struct Slot(StoredValue<Option<El>, LocalStorage>);

impl Slot {
    /// Empty.
    #[must_use]
    pub fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// The element, as what its tag makes it. The caller knows the tag.
    #[must_use]
    pub fn get<T: JsCast>(self) -> Option<T> {
        self.0.try_with_value(|element| element.as_ref().map(El::cast)).flatten()
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::new()
    }
}

/// An element of HTML with its class, which may be empty.
#[must_use]
pub fn el(tag: &str, class: &str) -> El {
    with_class(create_element(tag), class)
}

/// An element of a picture with its class, which may be empty.
#[must_use]
pub fn svg(tag: &str, class: &str) -> El {
    with_class(create_element_ns(SVG, tag), class)
}

fn with_class(element: Element, class: &str) -> El {
    let element = El(element);
    if class.is_empty() { element } else { element.attr("class", class) }
}

impl El {
    fn glue(&self) -> &Glue {
        self.0.unchecked_ref()
    }

    /// The element itself.
    #[must_use]
    pub const fn node(&self) -> &Element {
        &self.0
    }

    /// The element as what its tag makes it. The caller knows the tag.
    #[must_use]
    pub fn cast<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }

    /// To be found in `slot`.
    #[must_use]
    pub fn in_slot(self, slot: Slot) -> Self {
        slot.0.try_set_value(Some(self.clone()));
        self
    }

    /// Gives it the focus.
    pub fn focus(&self) {
        let _ = self.0.unchecked_ref::<HtmlElement>().focus();
    }

    /// With an attribute.
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        self.glue().set(name, value);
        self
    }

    /// With attributes, each a name and a value.
    #[must_use]
    pub fn attrs(self, attributes: &[(&str, &str)]) -> Self {
        for (name, value) in attributes {
            self.glue().set(name, value);
        }
        self
    }

    /// With text after what is there.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.glue().append_text(text);
        self
    }

    /// With a child after what is there.
    #[must_use]
    pub fn child(self, child: El) -> Self {
        self.glue().append_node(&child.0);
        self
    }

    /// With children after what is there.
    #[must_use]
    pub fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// Calls `handler` at each `event`.
    #[must_use]
    pub fn on<E: EventDescriptor>(self, event: E, mut handler: impl FnMut(E::EventType) + 'static) -> Self
    where
        E::EventType: JsCast,
    {
        self.listen(event.name(), Box::new(move |event| handler(event.unchecked_into())));
        self
    }

    fn listen(&self, name: Cow<'static, str>, handler: Box<dyn FnMut(Event)>) {
        // Kept by the owner that builds the element.
        let _ = StoredValue::new_local(Listener::boxed(&self.0, name, handler));
    }

    /// Runs `build` as a page of its own that ends with the handle, and puts what it gives into `parent`.
    pub fn mount(parent: &Element, build: impl FnOnce() -> Self + 'static) -> UnmountHandle<Mounted> {
        leptos::mount::mount_to_renderer(parent, build)
    }
}

/// An element in its place.
#[derive(Debug)]
pub struct Mounted(Element);

impl Render for El {
    type State = Mounted;

    fn build(self) -> Mounted {
        Mounted(self.0)
    }

    fn rebuild(self, state: &mut Mounted) {
        let _ = state.0.replace_with_with_node_1(&self.0);
        state.0 = self.0;
    }
}

impl Mountable for Mounted {
    fn unmount(&mut self) {
        self.0.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        let _ = parent.insert_before(&self.0, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = self.0.parent_element() else { return false };
        child.mount(&parent, Some(&self.0));
        true
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.0.clone()]
    }
}
