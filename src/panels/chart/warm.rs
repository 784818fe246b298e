//! Has the browser compile what paints while there is nothing to paint yet.
//!
//! A browser compiles each function of a module when it is first called. For the first picture of a chart
//! that is some 300 functions and as long as painting it takes, right when the first bars have come. The
//! page waits for those bars anyway, for a network at least; so it paints a few of its own before, on
//! canvases that are never shown.

use wasm_bindgen::JsCast;
use wickwire_chart::{Content, Layers};
use wickwire_market::{Bar, Series, Timeframe};
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

/// Paints once, unseen; whether that was possible.
pub fn warm_up() -> bool {
    paint().is_some()
}

fn paint() -> Option<()> {
    let element = |name| dom::document().and_then(|document| document.create_element(name).ok());
    let stage = element("div")?.dyn_into().ok()?;
    let mut picture = Picture::mount(&stage, |_| {}).ok()?;
    let mut legend = LegendText::new(element("canvas")?.dyn_into().ok()?).ok()?;
    picture.resize(SIZE);
    picture.prepare(Dirty::ALL, true)?;
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
            ..Bar::default()
        });
    }
    let change = picture.take_change(&series);
    let bars = SeriesBars(&series);
    let content = Content::bars(&bars);
    picture.chart.sync(&content, &change);
    picture.hands(0.0, |_, _| {});
    picture.draw(&content).ok().filter(|painted| *painted == Layers::ALL)?;
    legend.write(picture.chart.legend(&bars), &picture.chart, SIZE.ratio).ok()
}
