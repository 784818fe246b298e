//! Behaviour of the chart as a whole. In Wasm the same pictures have to come out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "chart/days.rs"]
mod days;
#[path = "chart/golden.rs"]
mod golden;
#[path = "chart/keys.rs"]
mod keys;
#[cfg(not(target_arch = "wasm32"))]
#[path = "chart/labels.rs"]
mod labels;
#[path = "chart/layers.rs"]
mod layers;
#[path = "chart/legend.rs"]
mod legend;
#[path = "chart/limits.rs"]
mod limits;
#[path = "chart/pixels.rs"]
mod pixels;
#[cfg(not(target_arch = "wasm32"))]
#[path = "chart/prices.rs"]
mod prices;
#[cfg(not(target_arch = "wasm32"))]
#[path = "chart/scales.rs"]
mod scales;
#[path = "chart/support.rs"]
mod support;
#[path = "chart/view.rs"]
mod view;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
