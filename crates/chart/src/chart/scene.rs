//! The scenes of the three layers.

use std::ops::Range;

use super::{Buffers, Chart, Content, Pointer};
use crate::model::shown::Shown;
use crate::render::surface::Measure;
use crate::view::candles::Form;
use crate::view::line::Scratch;
use crate::view::plots::Plotted;
use crate::view::{Frame, axes, candles, crosshair, extremes, line, marks, plots, price_line, sessions};
use crate::{Bars, Scene};

impl Chart {
    /// Ground, grid, axes, marks, and all that is plotted but for the last bar.
    pub(super) fn build_base(&mut self, content: &Content<'_>, measure: &mut Measure<'_>, scene: &mut Scene) {
        scene.clear();
        let ground = scene.batch(self.theme.ground);
        scene.fill(ground, self.layout.all);
        let visible = self.in_view(content.bars);
        let mut buffers = std::mem::take(&mut self.buffers);
        let mut news = std::mem::take(&mut self.news);
        let shown = Shown { bars: content.bars, averages: self.averages.as_ref() };
        if let Some(frame) = self.frame(&shown, 0) {
            self.backdrop(&frame, content, &visible, &mut buffers, measure, scene);
            self.prices(&frame, &visible, false, &mut buffers.lines, scene);
            let show = self.style.show;
            if show.halts {
                marks::bands(&frame, &visible, content.marks.bands, scene);
            }
            let plotted = Plotted { values: content.values, extremes: &self.columns };
            self.plot(&shown, plotted, &visible, false, &mut buffers, scene);
            if show.extremes {
                let before = visible.start..frame.live_from(&visible);
                extremes::extremes(
                    &frame,
                    &before,
                    &self.extent,
                    self.options.decimals,
                    false,
                    measure,
                    scene,
                );
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
            sessions::shading(frame, visible, self.sessions.as_ref(), scene);
        }
        let time = (self.options.interval_ns, zone);
        axes::times(frame, visible.clone(), time, show.grid, &mut buffers.times, measure, scene);
        let shown = Shown { bars: content.bars, averages: self.averages.as_ref() };
        for (i, (ticks, step)) in buffers.labels.iter().enumerate() {
            if let Some(frame) = self.frame(&shown, i) {
                axes::values(&frame, self.decimals_of(i), (ticks, *step), show.grid, scene);
            }
            if let (Some(frame), Some(pane)) = (self.frame(&shown, i), self.panes.get(i)) {
                plots::levels(&frame, &pane.spec, scene);
            }
        }
        if show.session_breaks && self.intraday() {
            sessions::breaks(frame, visible, zone, &mut buffers.times, scene);
        }
        marks::gaps(frame, visible.clone(), scene);
        if show.halts {
            marks::halts(frame, visible, content.marks.halts, scene);
        }
    }

    /// The bars themselves: all but the last for the base layer, the last for the live layer.
    fn prices(
        &self,
        frame: &Frame<'_>,
        visible: &Range<usize>,
        live: bool,
        lines: &mut Scratch,
        scene: &mut Scene,
    ) {
        let part = part(frame, visible, live);
        let kind = self.style.kind;
        let form = Form { kind, volume_top: self.volume_top, touch: live };
        if !kind.closes_only() || self.volume_top > 0.0 {
            candles::candles(frame, part.clone(), form, scene);
        }
        if kind.closes_only() {
            line::line(frame, joined(part, frame.bars.len(), live), kind, live, lines, scene);
        }
    }

    /// What all panes plot.
    fn plot(
        &self,
        shown: &Shown<'_>,
        plotted: Plotted<'_>,
        visible: &Range<usize>,
        live: bool,
        buffers: &mut Buffers,
        scene: &mut Scene,
    ) {
        for (i, pane) in self.panes.iter().enumerate() {
            let Some(frame) = self.frame(shown, i).filter(|_| !pane.spec.plots.is_empty()) else { continue };
            let part = part(&frame, visible, live);
            let lines = joined(part.clone(), shown.len(), live);
            plots::plots(&frame, (&part, &lines), &pane.spec, plotted, live, &mut buffers.lines, scene);
        }
    }

    /// The last bar, what is plotted at it, and the lines at the last price and the quote.
    pub(super) fn build_live(&mut self, content: &Content<'_>, measure: &mut Measure<'_>, scene: &mut Scene) {
        let mut buffers = std::mem::take(&mut self.buffers);
        let shown = Shown { bars: content.bars, averages: self.averages.as_ref() };
        if let Some(frame) = self.frame(&shown, 0) {
            let visible = self.in_view(content.bars);
            let show = self.style.show;
            if show.quote
                && let Some(quote) = content.marks.quote
            {
                price_line::quote(&frame, quote, scene);
            }
            self.prices(&frame, &visible, true, &mut buffers.lines, scene);
            let plotted = Plotted { values: content.values, extremes: &self.columns };
            self.plot(&shown, plotted, &visible, true, &mut buffers, scene);
            if show.extremes {
                let last = frame.live_from(&visible)..visible.end;
                // What the base layer marks already is not marked twice.
                let before = visible.start..last.start;
                let old = frame.extent(before);
                let mut new = self.extent;
                if old.high >= new.high {
                    new.high = f64::INFINITY;
                }
                if old.low <= new.low {
                    new.low = f64::NEG_INFINITY;
                }
                extremes::extremes(&frame, &last, &new, self.options.decimals, true, measure, scene);
            }
            if show.last_price
                && let Some(prices) = price_line::last_prices(content.bars)
            {
                let decimals = self.options.decimals;
                let write = |out: &mut String| price_line::write_price(&frame, prices.1, decimals, out);
                let ticks = buffers.labels.first().map_or(&[][..], |(ticks, _)| ticks.as_slice());
                price_line::price_line(&frame, prices, write, content.marks.countdown, ticks, scene);
            }
        }
        self.buffers = buffers;
    }

    /// The crosshair.
    pub(super) fn build_overlay(
        &mut self,
        content: &Content<'_>,
        measure: &mut Measure<'_>,
        scene: &mut Scene,
    ) {
        let shown = Shown { bars: content.bars, averages: self.averages.as_ref() };
        let Some((index, pane, y)) = self.pointed(content.bars.len()) else { return };
        let Some(frame) = self.frame(&shown, pane) else { return };
        let y = match self.pointer {
            Some(Pointer::At(..)) => y.unwrap_or_default(),
            _ => frame.y(shown.close(index)),
        };
        let tags = crosshair::Tags {
            decimals: self.decimals_of(pane),
            interval_ns: self.options.interval_ns,
            zone: self.zone.as_ref(),
        };
        crosshair::crosshair(&frame, (index, y), &tags, measure, scene);
    }
}

/// The bars of `visible` that belong to the live layer, or those that do not.
fn part(frame: &Frame<'_>, visible: &Range<usize>, live: bool) -> Range<usize> {
    let from = frame.live_from(visible);
    if live { from..visible.end } else { visible.start..from }
}

/// The same bars for a line, which goes on to the edges of the plot and joins the layers: with the
/// one before, and with the one behind where that is not the live layer's.
fn joined(part: Range<usize>, len: usize, live: bool) -> Range<usize> {
    if part.is_empty() {
        return part;
    }
    let end = if live || part.end + 1 >= len { part.end } else { part.end + 1 };
    part.start.saturating_sub(1)..end
}
