//! Elements that follow signals: what is built, moved, taken away and no longer followed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use leptos::ev;
use leptos::mount::UnmountHandle;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};
use wickwire::ui::{El, Mounted, Slot, after, el, svg};

use crate::support::document;

/// An element in the page until this value goes.
struct Stage {
    root: Element,
    handle: Option<UnmountHandle<Mounted>>,
}

impl Stage {
    fn of(build: impl FnOnce() -> El + 'static) -> Self {
        let root = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        Self { handle: Some(El::mount(&root, build)), root }
    }

    fn html(&self) -> String {
        self.root.inner_html()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.root.remove();
    }
}

/// Effects run in tasks of their own.
async fn settle() {
    TimeoutFuture::new(1).await;
}

#[wasm_bindgen_test]
async fn text_attributes_classes_and_properties_follow_their_signals() {
    let owner = Owner::new();
    owner.set();
    let (words, on) = (RwSignal::new("a"), RwSignal::new(false));
    let stage = Stage::of(move || {
        el("p", "x")
            .attr("title", "t")
            .text("<b> ")
            .text_of(move || words.get())
            .attr_of("lang", move || words.get())
            .class_if("on", move || on.get())
            .child(el("input", "").attr("type", "checkbox").prop_of("checked", move || on.get()))
            .child(svg("svg", "").style_of("width", move || if on.get() { "5px" } else { "4px" }))
    });
    let input: web_sys::HtmlInputElement =
        stage.root.query_selector("input").unwrap().unwrap().unchecked_into();
    assert_eq!(
        stage.html(),
        r#"<p class="x" title="t" lang="a">&lt;b&gt; a<input type="checkbox"><svg style="width: 4px;"></svg></p>"#
    );
    words.set("b");
    on.set(true);
    settle().await;
    assert_eq!(
        stage.html(),
        r#"<p class="x on" title="t" lang="b">&lt;b&gt; b<input type="checkbox"><svg style="width: 5px;"></svg></p>"#
    );
    assert!(input.checked());
    assert_eq!(
        stage.root.query_selector("svg").unwrap().unwrap().namespace_uri().as_deref(),
        Some("http://www.w3.org/2000/svg")
    );
}

#[wasm_bindgen_test]
async fn a_child_comes_and_goes_in_its_place_and_what_it_followed_ends() {
    let owner = Owner::new();
    owner.set();
    let (shown, value) = (RwSignal::new(false), RwSignal::new(0));
    let runs = Rc::new(Cell::new(0));
    let counted = Rc::clone(&runs);
    let stage = Stage::of(move || {
        let child = move || {
            let runs = Rc::clone(&counted);
            // Read while it is built: it must not make the whole follow.
            let first = value.get();
            el("b", "").text(&first.to_string()).text_of(move || {
                runs.set(runs.get() + 1);
                value.get().to_string()
            })
        };
        el("p", "").text("(").child_if(move || shown.get(), child).text(")")
    });
    assert_eq!(stage.html(), "<p>()</p>");
    shown.set(true);
    settle().await;
    assert_eq!(stage.html(), "<p>(<b>00</b>)</p>");
    value.set(1);
    settle().await;
    assert_eq!((stage.html().as_str(), runs.get()), ("<p>(<b>01</b>)</p>", 2), "built once");
    shown.set(false);
    settle().await;
    value.set(2);
    settle().await;
    assert_eq!((stage.html().as_str(), runs.get()), ("<p>()</p>", 2), "what is gone follows nothing");
    shown.set(true);
    settle().await;
    assert_eq!(stage.html(), "<p>(<b>22</b>)</p>", "built anew");
}

#[wasm_bindgen_test]
async fn children_are_built_anew_after_a_change() {
    let owner = Owner::new();
    owner.set();
    let names = RwSignal::new(vec!["a", "b"]);
    let stage = Stage::of(move || {
        el("p", "")
            .text("(")
            .children_of(move || names.get().into_iter().map(|n| el(n, "")).collect())
            .text(")")
    });
    assert_eq!(stage.html(), "<p>(<a></a><b></b>)</p>");
    names.set(vec!["i"]);
    settle().await;
    assert_eq!(stage.html(), "<p>(<i></i>)</p>");
    names.set(Vec::new());
    settle().await;
    assert_eq!(stage.html(), "<p>()</p>");
}

#[wasm_bindgen_test]
async fn a_list_keeps_what_has_its_key_and_ends_what_is_gone() {
    let owner = Owner::new();
    owner.set();
    let keys = RwSignal::new(vec![1_u32, 2, 3]);
    let built = Rc::new(RefCell::new(Vec::new()));
    let ended = Rc::new(RefCell::new(Vec::new()));
    let (all, gone) = (Rc::clone(&built), send_wrapper(Rc::clone(&ended)));
    let stage = Stage::of(move || {
        el("ul", "").text("(").list(
            move || keys.get(),
            |key| *key,
            move |key| {
                all.borrow_mut().push(key);
                on_cleanup(move || gone.with_value(|gone| gone.borrow_mut().push(key)));
                el("li", "").text(&key.to_string())
            },
        )
    });
    let items = |stage: &Stage| stage.root.text_content().unwrap();
    assert_eq!(items(&stage), "(123");
    let second = stage.root.query_selector("li:nth-child(2)").unwrap().unwrap();
    for (next, text) in [
        (vec![3, 2, 1], "(321"),
        (vec![2, 4, 3], "(243"),
        (vec![5, 2, 6, 7, 3], "(52673"),
        (vec![], "("),
        (vec![2], "(2"),
    ] {
        keys.set(next);
        settle().await;
        assert_eq!(items(&stage), text);
        if text.contains('2') && text != "(2" {
            assert!(stage.root.contains(Some(&second)), "{text}: the same element");
        }
    }
    assert!(!stage.root.contains(Some(&second)), "it went with its key");
    assert_eq!(*built.borrow(), [1, 2, 3, 4, 5, 6, 7, 2]);
    let mut ended_so_far = ended.borrow().clone();
    ended_so_far.sort_unstable();
    assert_eq!(ended_so_far, [1, 2, 3, 4, 5, 6, 7]);
    let mut stage = stage;
    drop(stage.handle.take());
    assert_eq!(ended.borrow().len(), 8, "the last ends with the page");
}

/// Something that is not sent anywhere, for where Leptos asks that it could be.
fn send_wrapper<T: 'static>(value: T) -> StoredValue<T, LocalStorage> {
    let owner = Owner::new();
    let stored = owner.with(|| StoredValue::new_local(value));
    std::mem::forget(owner);
    stored
}

#[wasm_bindgen_test]
async fn a_list_moves_no_more_than_it_must() {
    let owner = Owner::new();
    owner.set();
    let keys = RwSignal::new(vec!["a", "b"]);
    let stage = Stage::of(move || {
        el("div", "").list(
            move || keys.get(),
            |key| *key,
            |key| el("button", "").attr("type", "button").text(key),
        )
    });
    let b: HtmlElement = stage.root.query_selector("button:nth-child(2)").unwrap().unwrap().unchecked_into();
    b.focus().unwrap();
    keys.set(vec!["b", "a"]);
    settle().await;
    assert_eq!(stage.root.text_content().unwrap(), "ba");
    assert_eq!(document().active_element().as_ref(), Some(b.as_ref()), "what was moved up keeps the focus");
    keys.set(vec!["a", "b"]);
    settle().await;
    assert_eq!(stage.root.text_content().unwrap(), "ab");
    assert_eq!(document().active_element().as_ref(), Some(b.as_ref()), "and so does what was moved down");
}

#[wasm_bindgen_test]
async fn events_are_heard_even_by_what_takes_itself_away() {
    let owner = Owner::new();
    owner.set();
    let (shown, slot) = (RwSignal::new(true), Slot::new());
    let stage = Stage::of(move || {
        let press = move |event: ev::MouseEvent| {
            event.prevent_default();
            shown.set(false);
        };
        let button = move || el("button", "").attr("type", "button").on(ev::click, press).in_slot(slot);
        el("div", "").child_if(move || shown.get(), button)
    });
    let button: HtmlElement = slot.get().unwrap();
    button.click();
    settle().await;
    assert_eq!(stage.html(), "<div></div>");
    // Its listener is gone with it: nothing happens.
    shown.set(true);
    settle().await;
    button.click();
    settle().await;
    assert!(stage.html().contains("button"), "what is gone is not heard");
}

#[wasm_bindgen_test]
async fn what_runs_after_finds_the_page_standing() {
    let owner = Owner::new();
    owner.set();
    let found = RwSignal::new(false);
    let _stage = Stage::of(move || {
        let p = el("p", "");
        let place = p.clone();
        after(move || found.set(place.node().is_connected()));
        p
    });
    assert!(!found.get_untracked(), "not while it is built");
    settle().await;
    assert!(found.get_untracked());
}
