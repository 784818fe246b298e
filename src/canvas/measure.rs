//! Widths of texts in the chart's face, from a canvas that is never shown.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use wickwire_chart::Font;
use wickwire_chart::render::surface::{Surface as _, estimated_width};

use super::context::Context;

thread_local! {
    /// One for all, so that each shape of text is measured once.
    static CONTEXT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// The width of `text` in device pixels, rounded up; an estimate where the browser gives no canvas.
#[must_use]
pub fn text_width(text: &str, font: Font) -> i32 {
    CONTEXT.with_borrow_mut(|context| {
        if context.is_none() {
            *context = make();
        }
        match context {
            Some(context) => context.text_width(text, font),
            None => estimated_width(text, font),
        }
    })
}

fn make() -> Option<Context> {
    let canvas = crate::dom::document()?.create_element("canvas").ok()?;
    Context::new(canvas.unchecked_into(), false).ok()
}
