//! A button with a menu, after the menu button pattern of the ARIA Authoring Practices Guide
//! (<https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/>).
//!
//! Enter, Space or an arrow opens it; arrows, Home, End and first letters walk; Enter chooses;
//! Escape, Tab or a press elsewhere closes it. Focus goes in when it opens, and back to the button
//! when it closes by a choice or by Escape.

use std::rc::Rc;

use leptos::ev::{self, FocusEvent, KeyboardEvent};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::field::bare_button;
use super::icon::{DOWN, icon};
use crate::dom;
use crate::ui::{El, el};

/// What a line of a menu is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Does something.
    Action,
    /// One of several, of which one is chosen.
    Radio,
    /// On or off.
    Check,
}

impl Kind {
    const fn role(self) -> &'static str {
        match self {
            Self::Action => "menuitem",
            Self::Radio => "menuitemradio",
            Self::Check => "menuitemcheckbox",
        }
    }
}

/// A menu. What is boxed may read signals, and is followed.
pub struct Menu {
    /// The name of the button and of the menu.
    pub name: &'static str,
    /// What the button shows.
    pub text: Box<dyn Fn() -> &'static str>,
    /// A path from [`super::icon`] before the text; none if empty.
    pub icon: &'static str,
    /// Classes of the whole, for its place.
    pub class: &'static str,
    /// The lines.
    pub items: Vec<(Kind, &'static str)>,
    /// Whether a line is chosen.
    pub checked: Box<dyn Fn(usize) -> bool>,
    /// Called with the line that was picked.
    pub pick: Box<dyn Fn(usize)>,
}

/// The elements of a menu.
#[derive(Clone)]
struct Nodes {
    button: El,
    list: El,
}

impl Menu {
    /// The button and its menu.
    #[must_use]
    pub fn view(self) -> El {
        let Self { name, text, icon: path, class, items, checked, pick } = self;
        let button = el("button", "button menu-button").attrs(&[
            ("type", "button"),
            ("aria-haspopup", "menu"),
            ("aria-expanded", "false"),
            ("title", name),
        ]);
        let list = el("div", "menu").attrs(&[("role", "menu"), ("aria-label", name), ("hidden", "")]);
        let nodes = Nodes { button: button.clone(), list: list.clone() };
        let (checked, pick) = (Rc::new(checked), Rc::new(pick));
        let line = |(i, (kind, label)): (usize, (Kind, &'static str))| {
            let (nodes, pick, checked) = (nodes.clone(), Rc::clone(&pick), Rc::clone(&checked));
            let line = bare_button("menu-item", move || {
                nodes.close(true);
                pick(i);
            });
            let line = line.attrs(&[("role", kind.role()), ("tabindex", "-1")]).text(label);
            if kind == Kind::Action {
                return line;
            }
            line.attr_of("aria-checked", move || if checked(i) { "true" } else { "false" })
        };
        let (pressed, button_key, list_key, left) =
            (nodes.clone(), nodes.clone(), nodes.clone(), nodes.clone());
        let list = list
            .children(items.into_iter().enumerate().map(line))
            .on(ev::keydown, move |event| list_key.list_key(&event));
        let button = if path.is_empty() { button } else { button.child(icon(path)) };
        let button = button
            .child(el("strong", "menu-name").text(name))
            .child(el("span", "menu-text").text_of(text))
            .child(icon(DOWN))
            .on(ev::click, move |_| if pressed.is_open() { pressed.close(true) } else { pressed.open(false) })
            .on(ev::keydown, move |event| button_key.button_key(&event));
        el("div", &["menu-host ", class].concat())
            .on(ev::focusout, move |event| left.left(&event))
            .child(button)
            .child(list)
    }
}

impl Nodes {
    fn is_open(&self) -> bool {
        !self.list.cast::<HtmlElement>().hidden()
    }

    /// Opens the menu and goes to what is chosen, else to the first line, or to the last.
    fn open(&self, at_end: bool) {
        self.show(true);
        let items = self.items();
        let chosen =
            items.iter().position(|item| item.get_attribute("aria-checked").as_deref() == Some("true"));
        let at = if at_end { items.len().checked_sub(1) } else { chosen.or(Some(0)) };
        focus(at.and_then(|at| items.get(at)));
    }

    fn close(&self, to_button: bool) {
        if to_button {
            self.button.focus();
        }
        self.show(false);
    }

    fn show(&self, open: bool) {
        self.list.cast::<HtmlElement>().set_hidden(!open);
        let _ = self.button.node().set_attribute("aria-expanded", if open { "true" } else { "false" });
    }

    fn items(&self) -> Vec<HtmlElement> {
        let children = self.list.node().children();
        (0..children.length()).filter_map(|i| children.item(i)?.dyn_into().ok()).collect()
    }

    /// Focus went elsewhere.
    fn left(&self, event: &FocusEvent) {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        if ![&self.list, &self.button].into_iter().any(|within| within.node().contains(to.as_ref())) {
            self.close(false);
        }
    }

    fn button_key(&self, event: &KeyboardEvent) {
        let key = event.key();
        if key == "ArrowDown" || key == "ArrowUp" {
            event.prevent_default();
            self.open(key == "ArrowUp");
        }
    }

    fn list_key(&self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        if key == "Escape" {
            event.prevent_default();
            self.close(true);
            return;
        }
        let items = self.items();
        let Some(last) = items.len().checked_sub(1) else { return };
        let active = dom::document().and_then(|d| d.active_element());
        let at = items.iter().position(|item| active.as_deref() == Some(item));
        let to = match (key.as_str(), at) {
            ("ArrowDown", at) => at.map_or(0, |at| if at == last { 0 } else { at + 1 }),
            ("ArrowUp", at) => at.and_then(|at| at.checked_sub(1)).unwrap_or(last),
            ("Home", _) => 0,
            ("End", _) => last,
            (letter, at) => match beginning(&items, letter, at) {
                Some(to) => to,
                None => return,
            },
        };
        event.prevent_default();
        focus(items.get(to));
    }
}

/// The next line after `at` that begins with a letter.
fn beginning(items: &[HtmlElement], letter: &str, at: Option<usize>) -> Option<usize> {
    if letter.chars().count() != 1 || letter == " " {
        return None;
    }
    let letter = letter.to_ascii_lowercase();
    let from = at.map_or(0, |at| at + 1);
    (from..items.len()).chain(0..from).find(|i| {
        let text = items.get(*i).and_then(|item| item.text_content()).unwrap_or_default();
        text.to_ascii_lowercase().starts_with(&letter)
    })
}

fn focus(item: Option<&HtmlElement>) {
    if let Some(item) = item {
        let _ = item.focus();
    }
}
