//! The scenes of the three layers.

use std::ops::Range;

use super::{Buffers, Chart, Content, NANOS_PER_DAY, Pointed};
use crate::model::marks::Session;
use crate::model::shown::Shown;
use crate::render::surface::Measure;
use crate::view::candles::Form;
use crate::view::extremes::Decimals;
use crate::view::line::Scratch;
use crate::view::plots::Plotted;
use crate::view::price_line::last_prices;
use crate::view::trace::Part;
use crate::view::{Frame, axes, candles, crosshair, extremes, line, marks, plots, price_line, sessions};
use crate::{Bars, Rect, Scene};

/// Bars as long as this at most have a time that can be told before they begin.
const MAX_PROJECTED: i64 = 7 * NANOS_PER_DAY;

impl Chart {
    /// Ground, grid, axes, marks, and all that is plotted but for the last bar.
    pub(super) fn build_base(&mut self, content: &Content<'_>, measure: &mut Measure<'_>, scene: &mut Scene) {
        scene.clear();
        let ground = scene.batch(self.theme.ground);
        scene.fill(ground, self.layout.all);
        let visible = self.in_view(content.bars);
        let mut buffers = std::mem::take(&mut self.buffers);
        let mut news = std::mem::take(&mut self.news);
        buffers.times.clear();
        let shown = Shown { bars: content.bars, averages: self.averages.as_ref() };
        if let Some(frame) = self.frame(&shown, 0) {
            let part = part(&frame, &visible, false);
            self.backdrop(&frame, content, &visible, &mut buffers, measure, scene);
            self.prices(&frame, &part, false, &mut buffers.lines, scene);
            let show = self.style.show;
            if show.halts {
                marks::bands(&frame, &visible, content.marks.bands, scene);
            }
            let plotted = Plotted { values: content.values, extremes: &self.columns };
            self.plot(&shown, plotted, (&part, false), &mut buffers.lines, scene);
            let mut texts = [Rect::default(); 4];
            if show.extremes {
                let (decimals, extent) = (self.decimals(), (&self.extent, [true; 2]));
                let [high, low] =
                    extremes::extremes(&frame, &part.own, extent, decimals, false, measure, scene);
                // The live layer may mark its own, which only takes room here.
                let (live, elsewhere) = (part.own.end..visible.end, &mut buffers.elsewhere);
                elsewhere.clear();
                let [above, below] =
                    extremes::extremes(&frame, &live, extent, decimals, false, measure, elsewhere);
                texts = [high, low, above, below];
            }
            if show.halts {
                let room = (self.legend_part() * f64::from(frame.plot.h)) as i32;
                let top = frame.plot.y + room - self.layout.px(self.text_above());
                let room = (top, &texts[..]);
                marks::halt_labels(&frame, &visible, content.marks.halts, room, measure, scene);
            }
            let headlines = if show.news { content.marks.news } else { &[] };
            marks::news(&frame, &visible, headlines, &mut news, scene);
        }
        self.buffers = buffers;
        self.news = news;
        let last =
            visible.end.checked_sub(1).map_or(0, |i| content.bars.time_ns(i).div_euclid(1_000_000_000));
        axes::borders(&self.layout, &self.theme, self.zone.abbreviation(last), scene);
    }

    /// All that is behind the bars.
    fn backdrop(
        &self,
        frame: &Frame<'_>,
        content: &Content<'_>,
        visible: &Range<usize>,
        buffers: &mut Buffers,
        measure: &mut Measure<'_>,
        scene: &mut Scene,
    ) {
        let show = self.style.show;
        let zone = self.zone.as_ref();
        if show.extended_hours && self.intraday() {
            sessions::shading(frame, visible, self.sessions.as_ref(), &mut buffers.spans, scene);
        }
        let time = (self.options.interval_ns, zone);
        axes::times(frame, visible.clone(), time, show.grid, &mut buffers.times, measure, scene);
        let shown = Shown { bars: content.bars, averages: self.averages.as_ref() };
        for (i, (labels, pane)) in buffers.labels.iter().zip(&self.panes).enumerate() {
            if let Some(frame) = self.frame(&shown, i) {
                axes::values(&frame, labels, show.grid, scene);
                plots::levels(&frame, &pane.spec, scene);
            }
        }
        if show.session_breaks && self.intraday() {
            sessions::breaks(frame, visible, self.sessions.as_ref(), buffers.times.ticks(), scene);
        }
        marks::gaps(frame, visible.clone(), scene);
        if show.halts {
            marks::halts(frame, visible, content.marks.halts, scene);
        }
    }

    /// The bars themselves: all but the last for the base layer, the last for the live layer.
    fn prices(&self, frame: &Frame<'_>, part: &Part, live: bool, lines: &mut Scratch, scene: &mut Scene) {
        let kind = self.style.kind;
        let form = Form { kind, volume_top: self.volume_top, touch: live };
        if !kind.closes_only() || self.volume_top > 0.0 {
            candles::candles(frame, part.own.clone(), form, scene);
        }
        if kind.closes_only() {
            line::line(frame, part, kind, live, lines, scene);
        }
    }

    fn decimals(&self) -> Decimals {
        let decimals = self.options.decimals;
        if self.averages.is_some() { Decimals::Rounded(decimals) } else { Decimals::Exact(decimals) }
    }

    /// What all panes plot; `live` for the live layer.
    fn plot(
        &self,
        shown: &Shown<'_>,
        plotted: Plotted<'_>,
        (part, live): (&Part, bool),
        lines: &mut Scratch,
        scene: &mut Scene,
    ) {
        for (i, pane) in self.panes.iter().enumerate() {
            if let Some(frame) = self.frame(shown, i).filter(|_| !pane.spec.plots.is_empty()) {
                plots::plots(&frame, part, &pane.spec, plotted, live, lines, scene);
            }
        }
    }

    /// The last bar, what is plotted at it, and the lines at the last price and the quote.
    pub(super) fn build_live(&mut self, content: &Content<'_>, measure: &mut Measure<'_>, scene: &mut Scene) {
        let mut buffers = std::mem::take(&mut self.buffers);
        buffers.tags.clear();
        let shown = Shown { bars: content.bars, averages: self.averages.as_ref() };
        if let Some(frame) = self.frame(&shown, 0) {
            let visible = self.in_view(content.bars);
            let part = part(&frame, &visible, true);
            let show = self.style.show;
            if show.quote
                && let Some(quote) = content.marks.quote
            {
                price_line::quote(&frame, quote, scene);
            }
            self.prices(&frame, &part, true, &mut buffers.lines, scene);
            let plotted = Plotted { values: content.values, extremes: &self.columns };
            self.plot(&shown, plotted, (&part, true), &mut buffers.lines, scene);
            if show.extremes {
                // What the base layer marks already is not marked twice.
                let old = frame.extent(visible.start..part.own.start);
                let wanted = [old.high < self.extent.high, old.low > self.extent.low];
                let (decimals, extent) = (self.decimals(), (&self.extent, wanted));
                extremes::extremes(&frame, &part.own, extent, decimals, true, measure, scene);
            }
            self.tags(&shown, content, &mut buffers, scene);
        }
        self.moved = self.tags != buffers.tags.placed();
        self.tags.clear();
        self.tags.extend_from_slice(buffers.tags.placed());
        self.buffers = buffers;
    }

    /// The line at the last price, and tags on the axes of all panes: that of the last price, and of the
    /// last values of what is plotted.
    fn tags(&self, shown: &Shown<'_>, content: &Content<'_>, buffers: &mut Buffers, scene: &mut Scene) {
        let Buffers { tags, labels, .. } = buffers;
        let plotted = Plotted { values: content.values, extremes: &self.columns };
        let last = content.bars.len().saturating_sub(1);
        let seconds = content.marks.countdown;
        for (i, (pane, labels)) in self.panes.iter().zip(labels).enumerate() {
            let Some(frame) = self.frame(shown, i) else { continue };
            let prices = if i == 0 && self.style.show.last_price { last_prices(content.bars) } else { None };
            let price = prices.and_then(|prices| price_line::price_line(&frame, prices, seconds, scene));
            let standing = price.zip(prices).map(|((rect, _), (_, close))| (rect, close));
            tags.choose(&frame, &pane.spec, plotted, last, standing);
            if tags.in_pane().is_empty() {
                continue;
            }
            price_line::clear_labels(&frame, labels, tags.in_pane(), &[], scene);
            tags.mark(&frame, labels, scene);
            if let Some(((rect, color), (_, close))) = price.zip(prices) {
                let write = |out: &mut String| labels.write_price(&frame, close, out);
                price_line::price_tag(&frame, scene, rect, (color, self.theme.ground), write, seconds);
            }
        }
    }

    /// The crosshair.
    pub(super) fn build_overlay(
        &mut self,
        content: &Content<'_>,
        measure: &mut Measure<'_>,
        scene: &mut Scene,
    ) {
        let shown = Shown { bars: content.bars, averages: self.averages.as_ref() };
        let Some(Pointed { slot, bar, pane, row }) = self.pointed(content.bars.len()) else { return };
        // A pane without values has no scale, but time goes through it.
        let scaled = self.frame(&shown, pane);
        let whole = scaled.is_some();
        let Some(frame) = scaled.or_else(|| self.frame(&shown, 0)) else { return };
        let (y, value) = match (row, bar) {
            (None, Some(index)) => {
                let plot = self.panes.get(pane).filter(|_| pane > 0).and_then(|pane| pane.spec.plots.first());
                let value = match plot.map(|plot| content.values.get(plot.column)) {
                    Some(values) => values.map_or(f64::NAN, |values| values.get(index)),
                    None => shown.close(index),
                };
                // As it is, not as near to it as the row.
                let value = Some(value).filter(|value| whole && value.is_finite());
                (value.map(|value| frame.y(value)), value)
            }
            _ => (row.filter(|_| whole), None),
        };
        let Some(labels) = self.buffers.labels.get(pane) else { return };
        let tags = crosshair::Tags {
            labels,
            times: self.buffers.times.drawn(),
            standing: &self.tags,
            interval_ns: self.options.interval_ns,
            zone: self.zone.as_ref(),
        };
        let time = match bar {
            Some(index) => Some(content.bars.time_ns(index)),
            None => self.projected(content.bars, slot),
        };
        crosshair::crosshair(&frame, (slot, time), (y, value), &tags, measure, scene);
    }

    /// When a bar at a slot after the last will begin if none is left out: known within the trading that the
    /// last bar is of, as nights, weekends and holidays take no slots.
    fn projected(&self, bars: &dyn Bars, slot: f64) -> Option<i64> {
        let last = bars.len().checked_sub(1)?;
        let interval = self.options.interval_ns;
        let ahead = slot - self.slots.slot(last) as f64;
        // Months have no one length.
        if ahead < 0.0 || interval > MAX_PROJECTED {
            return None;
        }
        let from = bars.time_ns(last);
        let time = from.checked_add((ahead as i64).checked_mul(interval)?)?;
        let mut at = from;
        while at <= time {
            let (session, until) = self.sessions.session_at(at);
            if session == Session::Closed || until <= at {
                return None;
            }
            at = until;
        }
        Some(time)
    }
}

/// The bars in view that belong to the live layer, or those that do not. Lines go on to the edges of
/// the plot. What leads to the last bar is the live layer's, even where that is just out of view.
fn part(frame: &Frame<'_>, visible: &Range<usize>, live: bool) -> Part {
    let len = frame.bars.len();
    let from = frame.live_from(visible);
    let own = if live { from..visible.end } else { visible.start..from };
    let joined = match live {
        true if visible.end + 1 < len || visible.is_empty() => own.clone(),
        true => from.saturating_sub(1)..len,
        false if visible.end + 1 < len => visible.start.saturating_sub(1)..visible.end + 1,
        false => visible.start.saturating_sub(1)..from,
    };
    Part { own, joined }
}
