//! What the store does, one file per behaviour. One binary, since each costs a browser in Wasm.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(unreachable_pub, missing_docs)]

mod bounds;
mod corrections;
mod delta;
mod gaps;
mod history;
mod indicators;
mod order_independence;
mod provisional;
mod quality;
#[cfg(not(target_arch = "wasm32"))]
mod recording;
mod seconds;
mod shown;
mod studies;
mod support;
mod timeframes;
mod views;
