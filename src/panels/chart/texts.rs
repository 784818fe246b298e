//! Table and summary: what the chart says to those who do not see it, brought up to date at a pace
//! that can be read.

use std::ops::Range;
use std::time::Duration;

use leptos::prelude::set_timeout;
use wickwire_chart::Chart;
use wickwire_market::Series;

use super::bars::SeriesBars;
use super::{PaneSignals, summary, table, zone};
use crate::engine::handle::EngineHandle;
use crate::frame::Dirty;
use crate::state::publish;

/// Written at most this often, in milliseconds.
const INTERVAL: f64 = 1_000.0;
/// The same when bars have closed since: at high replay speeds they close in every frame.
const CLOSED_INTERVAL: f64 = 250.0;

/// When they were last written, and for which state of bars and view.
#[derive(Default)]
pub(super) struct Texts {
    at: f64,
    settled: u64,
    revision: u64,
    visible: Range<usize>,
    scheduled: bool,
    /// The chart says the same in another way: zone or kind of series.
    stale: bool,
}

impl Texts {
    /// To be written again, at their pace: the layout is another.
    pub(super) fn outdate(&mut self) {
        self.stale = true;
    }

    /// To be written at once: another series is shown.
    pub(super) fn reset(&mut self) {
        self.at = 0.0;
    }

    /// Brings both up to date, unless they were written a moment ago; then later.
    pub(super) fn write(
        &mut self,
        (engine, signals): (EngineHandle, PaneSignals),
        series: &Series,
        chart: &Chart,
        now: f64,
    ) {
        let (revision, settled) = (series.revision(), series.settled_revision());
        let visible = chart.visible();
        let same = self.revision == revision && self.visible == visible && !self.stale;
        if self.at > 0.0 && same && !self.scheduled {
            return;
        }
        let interval = if self.settled == settled { INTERVAL } else { CLOSED_INTERVAL };
        if self.at > 0.0 && now - self.at < interval {
            if !self.scheduled {
                self.scheduled = true;
                let wait = Duration::from_millis((interval - (now - self.at)) as u64 + 1);
                set_timeout(move || engine.request(Dirty::CURSOR), wait);
            }
            return;
        }
        *self = Self { at: now, settled, revision, visible: visible.clone(), ..Self::default() };
        let (symbol, timeframe) = engine.view();
        let choice = engine.settings().peek(|layout| layout.zone).unwrap_or_default();
        let rows = table::rows(series, &visible, chart.options().decimals, chart.zone());
        publish(signals.rows, table::Rows { zone: zone::name(choice, (&symbol, timeframe)), rows });
        publish(signals.summary, summary::words(&symbol, timeframe, &SeriesBars(series), &visible, chart));
    }
}
