//! Behaviour of the chart as a whole.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "chart/golden.rs"]
mod golden;
#[path = "chart/labels.rs"]
mod labels;
#[path = "chart/layers.rs"]
mod layers;
#[path = "chart/pixels.rs"]
mod pixels;
#[path = "chart/scales.rs"]
mod scales;
#[path = "chart/support.rs"]
mod support;
#[path = "chart/view.rs"]
mod view;
