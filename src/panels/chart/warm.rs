//! Has the browser compile what paints while there is nothing to paint yet.
//!
//! A browser compiles each function of a module when it is first called. For the first picture of a chart
//! that is some 300 functions and as long as painting it takes, right when the first bars have come. The
//! page waits for those bars anyway, for a network at least; so it paints a few of its own before, on
//! canvases that are never shown.

use wasm_bindgen::JsCast;
use wickwire_chart::Content;
use wickwire_market::{Bar, BarFlags, Series, Timeframe};
use wickwire_proto::time::Timestamp;

use super::bars::SeriesBars;
use super::legend::LegendText;
use super::picture::Picture;
use crate::canvas::Size;
use crate::dom;
use crate::frame::Dirty;

/// Bars painted.
const BARS: i32 = 300;
/// Device pixels of the canvases.
const SIZE: Size = Size { width: 480, height: 240, ratio: 1.0 };

/// Paints once, unseen. Does nothing where that is not possible.
pub fn warm_up() {
    let element = |name| dom::document().and_then(|document| document.create_element(name).ok());
    let Some(stage) = element("div").and_then(|e| e.dyn_into().ok()) else { return };
    let Some(figures) = element("canvas").and_then(|e| e.dyn_into().ok()) else { return };
    let (Ok(mut picture), Ok(mut legend)) = (Picture::mount(&stage, |_| {}), LegendText::new(figures)) else {
        return;
    };
    picture.resize(SIZE);
    if picture.prepare(Dirty::ALL, true).is_none() {
        return;
    }
    let mut series = Series::new(BARS as usize);
    for n in 0..BARS {
        let minute = i64::from(n) * Timeframe::Min1.nanos();
        let price = f64::from(100 + n % 7);
        series.put(&Bar {
            time: Timestamp(minute),
            open: price,
            high: price + 2.0,
            low: price - 1.0,
            close: price + f64::from(n % 3 - 1),
            volume: f64::from(n % 11),
            vwap: None,
            count: None,
            delta: None,
            flags: BarFlags::default(),
        });
    }
    let change = picture.take_change(&series);
    let bars = SeriesBars(&series);
    let content = Content::bars(&bars);
    picture.chart.sync(&content, &change);
    picture.hands(0.0, |_, _| {});
    // What a canvas refuses here it will refuse where it is said.
    let _ = picture.draw(&content);
    let _ = legend.write(picture.chart.legend(&bars), &picture.chart, SIZE.ratio);
}
