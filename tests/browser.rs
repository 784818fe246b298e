//! Tests of the application in a real browser.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "browser/canvas.rs"]
mod canvas;
#[path = "browser/chart.rs"]
mod chart;
#[path = "browser/controls.rs"]
mod controls;
#[path = "browser/exports.rs"]
mod exports;
#[path = "browser/frame.rs"]
mod frame;
#[path = "browser/links.rs"]
mod links;
#[path = "browser/older.rs"]
mod older;
#[path = "browser/page.rs"]
mod page;
#[path = "browser/rest.rs"]
mod rest;
#[path = "browser/secrets.rs"]
mod secrets;
#[path = "browser/stack.rs"]
mod stack;
#[path = "browser/support.rs"]
mod support;
#[path = "browser/text.rs"]
mod text;
#[path = "browser/ui.rs"]
mod ui;
#[path = "browser/url.rs"]
mod url;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
