//! What is said of the bar that keys walked to.

use wickwire_chart::format::{bar_time, exact_price};
use wickwire_chart::{Bars, Chart};

/// Time, open, high, low and close of the bar at the crosshair; in a pane below the prices what its
/// indicator is there.
pub(super) fn bar(chart: &Chart, bars: &dyn Bars, study: Option<String>) -> Option<String> {
    let index = chart.pointed_bar().filter(|index| *index < bars.len())?;
    let options = chart.options();
    let mut out = String::new();
    bar_time(&mut out, bars.time_ns(index), chart.zone(), options.interval_ns);
    if let Some(study) = study {
        return Some(out + ", " + &study);
    }
    for (name, price) in [
        (", open ", bars.open(index)),
        (", high ", bars.high(index)),
        (", low ", bars.low(index)),
        (", close ", bars.close(index)),
    ] {
        out.push_str(name);
        exact_price(&mut out, price, options.decimals);
    }
    Some(out)
}
