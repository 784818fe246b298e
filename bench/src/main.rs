//! The chart and the decoder of the page behind the interface of a benchmark.
//!
//! Nothing is drawn, stored or decoded here: bars go into the market's columns, the page's own
//! picture draws them in the page's own animation frame, and frames go through the page's decoder
//! into its store. `page.js` maps the benchmark's calls to the functions exported here.

mod chart;
mod decode;

use std::cell::RefCell;

use js_sys::{Float64Array, Promise};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use chart::ChartBench;
use decode::DecodeBench;

thread_local! {
    static CHART: RefCell<Option<ChartBench>> = const { RefCell::new(None) };
    static DECODE: RefCell<DecodeBench> = RefCell::default();
}

fn main() {
    console_error_panic_hook::set_once();
    // As the page does at its start. It counts as the start of this page, too.
    wickwire::panels::chart::warm::warm_up();
}

/// The project's version.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Makes the chart of these columns (time in seconds since the epoch, open, high, low, close, volume) with
/// the last `visible` bars in view and `studies` indicators.
///
/// # Errors
/// When the page lacks an element, or a canvas cannot be drawn on.
#[wasm_bindgen]
pub fn init(columns: Vec<Float64Array>, visible: usize, studies: usize) -> Result<(), JsValue> {
    let columns = <[_; 6]>::try_from(columns).map_err(|_| JsValue::from_str("six columns are needed"))?;
    let made = ChartBench::new(&columns, visible, studies)?;
    CHART.with(|chart| chart.replace(Some(made)));
    Ok(())
}

/// The last bar has these figures now, or there is a new one.
#[wasm_bindgen]
pub fn update(time: f64, open: f64, high: f64, low: f64, close: f64, volume: f64) {
    with_chart(|chart| chart.update(time, [open, high, low, close, volume]));
}

/// Shows these bars, both included.
#[wasm_bindgen]
pub fn set_range(from: f64, to: f64) {
    with_chart(|chart| chart.set_range(from.max(0.0) as usize, to.max(0.0) as usize));
}

/// Resolves once all that was drawn so far is on the canvases, which a thread of its own paints.
#[wasm_bindgen]
pub fn settled() -> Promise {
    wickwire::canvas::settled()
}

/// Resolves once everything asked for so far has been drawn.
#[wasm_bindgen]
pub fn ready() -> Promise {
    with_chart(ChartBench::ready).unwrap_or_else(|| Promise::resolve(&JsValue::UNDEFINED))
}

/// Decodes a text frame into the store; how many messages it took.
#[wasm_bindgen]
#[must_use]
pub fn decode_text(text: &js_sys::JsString) -> f64 {
    DECODE.with(|decode| decode.borrow_mut().text(text))
}

/// Decodes a binary frame into the store; how many messages it took.
#[wasm_bindgen]
#[must_use]
pub fn decode_bytes(bytes: &js_sys::Uint8Array) -> f64 {
    DECODE.with(|decode| decode.borrow_mut().bytes(bytes))
}

fn with_chart<R>(work: impl FnOnce(&ChartBench) -> R) -> Option<R> {
    CHART.with(|chart| chart.borrow().as_ref().map(work))
}
