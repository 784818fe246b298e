//! What the picture shows, in words.

use std::ops::Range;

use wickwire_chart::format::{bar_time, exact_price};
use wickwire_chart::model::extent::Extent;
use wickwire_chart::{Bars, Chart};
use wickwire_market::Timeframe;

/// A sentence or three for a reader who does not see the canvas.
pub(super) fn words(
    symbol: &str,
    timeframe: Timeframe,
    bars: &impl Bars,
    visible: &Range<usize>,
    chart: &Chart,
) -> String {
    let options = chart.options();
    let kind = chart.style().kind.name().to_ascii_lowercase();
    let mut out = [symbol, " ", &kind, ", ", timeframe.label(), ". "].concat();
    let visible = visible.start..visible.end.min(bars.len());
    let Some(last) = bars.len().checked_sub(1) else {
        out.push_str("No bars yet.");
        return out;
    };
    if let Some(end) = visible.end.checked_sub(1).filter(|_| !visible.is_empty()) {
        out.push_str(&format!("{} bars in view, from ", visible.len()));
        bar_time(&mut out, bars.time_ns(visible.start), chart.zone(), options.interval_ns);
        out.push_str(" to ");
        bar_time(&mut out, bars.time_ns(end), chart.zone(), options.interval_ns);
        let extent = visible.fold(Extent::EMPTY, |extent, i| extent.and(Extent::of(bars, i, false)));
        if extent.has_prices() {
            out.push_str(", lowest ");
            exact_price(&mut out, extent.low, options.decimals);
            out.push_str(", highest ");
            exact_price(&mut out, extent.high, options.decimals);
        }
        out.push_str(". ");
    }
    out.push_str("Last price ");
    exact_price(&mut out, bars.close(last), options.decimals);
    out.push_str(". The bars are in the table that follows.");
    out
}
