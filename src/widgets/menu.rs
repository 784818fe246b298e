//! A button with a menu, after the menu button pattern of the ARIA Authoring Practices Guide
//! (<https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/>).
//!
//! Enter, Space or an arrow opens it; arrows, Home, End and first letters walk; Enter chooses;
//! Escape, Tab or a press elsewhere closes it. Focus goes in when it opens, and back to the button
//! when it closes by a choice or by Escape.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::icon::{DOWN, icon};
use crate::dom;

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
#[derive(Clone, Copy)]
struct Nodes {
    button: NodeRef<html::Button>,
    list: NodeRef<html::Div>,
}

impl Menu {
    /// The button and its menu.
    #[must_use]
    pub fn view(self) -> AnyView {
        let Self { name, text, icon: path, class, items, checked, pick } = self;
        let nodes = Nodes { button: NodeRef::new(), list: NodeRef::new() };
        let text = StoredValue::new_local(text);
        let checked = StoredValue::new_local(checked);
        let pick = StoredValue::new_local(pick);
        let line = move |(i, (kind, label)): (usize, (Kind, &'static str))| {
            let state = move || {
                let on = checked.with_value(|checked| checked(i));
                (kind != Kind::Action).then_some(if on { "true" } else { "false" })
            };
            let choose = move |_| {
                nodes.close(true);
                pick.with_value(|pick| pick(i));
            };
            view! {
                <button
                    type="button"
                    class="menu-item"
                    role=kind.role()
                    aria-checked=state
                    tabindex="-1"
                    on:click=choose
                >
                    {label}
                </button>
            }
        };
        let lines: Vec<_> = items.into_iter().enumerate().map(line).collect();
        view! {
            <div class=format!("menu-host {class}") on:focusout=move |event| nodes.left(&event)>
                <button
                    node_ref=nodes.button
                    type="button"
                    class="button menu-button"
                    aria-haspopup="menu"
                    aria-expanded="false"
                    title=name
                    on:click=move |_| if nodes.is_open() { nodes.close(true) } else { nodes.open(false) }
                    on:keydown=move |event| nodes.button_key(&event)
                >
                    {(!path.is_empty()).then(|| icon(path))}
                    <strong class="menu-name">{name}</strong>
                    <span class="menu-text">{move || text.with_value(|text| text())}</span>
                    {icon(DOWN)}
                </button>
                <div
                    node_ref=nodes.list
                    class="menu"
                    role="menu"
                    aria-label=name
                    hidden
                    on:keydown=move |event| nodes.list_key(&event)
                >
                    {lines}
                </div>
            </div>
        }
        .into_any()
    }
}

impl Nodes {
    fn is_open(self) -> bool {
        self.list.get_untracked().is_some_and(|list| !list.hidden())
    }

    /// Opens the menu and goes to what is chosen, else to the first line, or to the last.
    fn open(self, at_end: bool) {
        self.show(true);
        let items = self.items();
        let chosen =
            items.iter().position(|item| item.get_attribute("aria-checked").as_deref() == Some("true"));
        let at = if at_end { items.len().checked_sub(1) } else { chosen.or(Some(0)) };
        focus(at.and_then(|at| items.get(at)));
    }

    fn close(self, to_button: bool) {
        if to_button && let Some(button) = self.button.get_untracked() {
            let _ = button.focus();
        }
        self.show(false);
    }

    fn show(self, open: bool) {
        let (Some(button), Some(list)) = (self.button.get_untracked(), self.list.get_untracked()) else {
            return;
        };
        list.set_hidden(!open);
        let _ = button.set_attribute("aria-expanded", if open { "true" } else { "false" });
    }

    fn items(self) -> Vec<HtmlElement> {
        let Some(list) = self.list.get_untracked() else { return Vec::new() };
        let children = list.children();
        (0..children.length()).filter_map(|i| children.item(i)?.dyn_into().ok()).collect()
    }

    /// Focus went elsewhere.
    fn left(self, event: &FocusEvent) {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        let within = [self.list.get_untracked().map(Node::from), self.button.get_untracked().map(Node::from)];
        if !within.iter().flatten().any(|node| node.contains(to.as_ref())) {
            self.close(false);
        }
    }

    fn button_key(self, event: &KeyboardEvent) {
        let key = event.key();
        if key == "ArrowDown" || key == "ArrowUp" {
            event.prevent_default();
            self.open(key == "ArrowUp");
        }
    }

    fn list_key(self, event: &KeyboardEvent) {
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
    let letter = letter.to_lowercase();
    let from = at.map_or(0, |at| at + 1);
    (from..items.len()).chain(0..from).find(|i| {
        let text = items.get(*i).and_then(|item| item.text_content()).unwrap_or_default();
        text.to_lowercase().starts_with(&letter)
    })
}

fn focus(item: Option<&HtmlElement>) {
    if let Some(item) = item {
        let _ = item.focus();
    }
}
