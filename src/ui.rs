//! Elements of the page without types of their own: built by name, bound to signals.
//!
//! Leptos' views give every element a type made of its children's types, and compile building, updating
//! and dropping for each of them: a fifth of the page's code. Here an element is an element, a
//! closure a boxed one, and what binds them is compiled once. Signals, memos, effects, owners and the
//! names of events stay Leptos'.
//!
//! | file | purpose |
//! | --- | --- |
//! | `element` | [`El`]: tags, classes, attributes, children, events |
//! | `bind` | what follows signals: text, attributes, properties, children |
//! | `list` | children with keys |
//!
//! Whatever follows a signal belongs to the owner that is current while it is built, and stops with it.

mod bind;
mod element;
mod list;

pub use bind::{Words, after, effect};
pub use element::{El, Mounted, Slot, el, svg};
