//! What is said of the bar that keys walked to.

use wickwire_chart::format::bar_time;
use wickwire_chart::{Bars, Chart};

/// Time, open, high, low and close of the bar at the crosshair; in a pane below the prices what its
/// indicator is there.
pub(super) fn bar(chart: &Chart, bars: &dyn Bars, study: Option<String>) -> Option<String> {
    let legend = chart.legend(bars).filter(|legend| legend.pointed)?;
    let options = chart.options();
    let mut out = String::new();
    bar_time(&mut out, legend.time_ns, chart.zone(), options.interval_ns);
    if let Some(study) = study {
        return Some(out + ", " + &study);
    }
    for (name, price) in [
        (", open ", legend.open),
        (", high ", legend.high),
        (", low ", legend.low),
        (", close ", legend.close),
    ] {
        out.push_str(name);
        legend.write_price(&mut out, price, options.decimals);
    }
    Some(out)
}
