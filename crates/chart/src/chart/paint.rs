//! Fitting scales to what is in view, and painting what has changed.

use super::{Chart, Content, Layers};
use crate::model::extent::Extent;
use crate::model::scale::{MARGIN_TOP, MARGIN_VOLUME, PriceScale};
use crate::model::shown::Shown;
use crate::render::surface::Measure;
use crate::view::layout::TEXT_SIZE;
use crate::view::plots::Plotted;
use crate::view::{Frame, axes};
use crate::{Bars, Rect, Scene, Surface};

/// How often the layout is done again at most because the labels need more width.
const MAX_LAYOUTS: usize = 3;
/// Room for a legend above the highest price as long as none was told of, CSS pixels.
const LEGEND_ROOM: f64 = 58.0;
/// Part of the height that this room takes at most.
const MARGIN_UNTOLD: f64 = 0.16;
/// Part of the height that the room for a legend that was told of takes at most.
const MARGIN_LEGEND: f64 = 0.4;
/// Margins above and below in a pane of other values.
const MARGINS: (f64, f64) = (0.12, 0.12);

impl Chart {
    /// Paints what has changed since the last time onto three stacked surfaces of the same size,
    /// and says which that were. `base` is painted whole and opaque; the other two are cleared
    /// where they were marked before. Call [`sync`](Self::sync) with the same content first.
    ///
    /// # Errors
    /// What a surface answers. Everything is then still marked for painting.
    pub fn paint<S: Surface>(
        &mut self,
        content: &Content<'_>,
        base: &mut S,
        live: &mut S,
        overlay: &mut S,
    ) -> Result<Layers, S::Error> {
        if self.dirty.is_empty() {
            return Ok(Layers::NONE);
        }
        self.fit(content, &mut |text, font| base.text_width(text, font));
        // Until all is painted, all is to be painted; what was marked before is then not known.
        let dirty = std::mem::replace(&mut self.dirty, Layers::ALL);
        let wipe = std::mem::replace(&mut self.wipe, true).then_some(self.layout.all);
        self.moved = false;
        if dirty.contains(Layers::BASE) {
            let mut scene = std::mem::take(&mut self.base);
            self.build_base(content, &mut |text, font| base.text_width(text, font), &mut scene);
            let painted = scene.paint(base);
            self.base = scene;
            painted?;
        }
        if dirty.contains(Layers::LIVE) {
            let mut scene = std::mem::take(&mut self.live);
            let painted = repaint(live, wipe, &mut scene, |surface, scene| {
                self.build_live(content, &mut |text, font| surface.text_width(text, font), scene);
            });
            self.live = scene;
            painted?;
        }
        // The crosshair's tag leaves out the labels that tags behind it hide.
        let dirty = if self.moved && self.pointer.is_some() { dirty | Layers::OVERLAY } else { dirty };
        if dirty.contains(Layers::OVERLAY) {
            let mut scene = std::mem::take(&mut self.overlay);
            let painted = repaint(overlay, wipe, &mut scene, |surface, scene| {
                self.build_overlay(content, &mut |text, font| surface.text_width(text, font), scene);
            });
            self.overlay = scene;
            painted?;
        }
        self.anchor(content.bars);
        self.dirty = Layers::NONE;
        self.wipe = false;
        Ok(dirty)
    }

    /// Paints all layers onto one surface: for pictures and tests. Call [`sync`](Self::sync) with
    /// the same content first.
    ///
    /// # Errors
    /// What the surface answers.
    pub fn paint_flat<S: Surface>(&mut self, content: &Content<'_>, surface: &mut S) -> Result<(), S::Error> {
        self.fit(content, &mut |text, font| surface.text_width(text, font));
        let mut scene = Scene::default();
        self.build_base(content, &mut |text, font| surface.text_width(text, font), &mut scene);
        scene.paint(surface)?;
        scene.clear();
        self.build_live(content, &mut |text, font| surface.text_width(text, font), &mut scene);
        scene.paint(surface)?;
        scene.clear();
        self.build_overlay(content, &mut |text, font| surface.text_width(text, font), &mut scene);
        scene.paint(surface)
    }

    /// Brings scales and layout in line with what is in view; marks everything if they changed.
    fn fit(&mut self, content: &Content<'_>, measure: &mut Measure<'_>) {
        for layouts in 0..MAX_LAYOUTS {
            self.fit_scales(content);
            let labels =
                if self.dirty.contains(Layers::BASE) { self.label_axes(content, measure) } else { 0 };
            let needed = labels.max(self.tag_needs(content, measure));
            if needed <= self.layout.price_axis.w || needed <= self.axis_width || layouts + 1 == MAX_LAYOUTS {
                return;
            }
            // Grows only, or the plot would jump with every digit.
            self.axis_width = needed;
            self.lay_out();
        }
    }

    fn fit_scales(&mut self, content: &Content<'_>) {
        let visible = self.in_view(content.bars);
        let closes_only = self.style.kind.closes_only();
        let shown = Shown { bars: content.bars, averages: self.averages.as_ref() };
        let extent = self.pyramid.over(visible.clone(), &|rows| shown.extent(rows, closes_only));
        let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
        // Within a range of the person's own the marks of highest and lowest change on their own.
        let marked = self.style.show.extremes
            && !(same(extent.high, self.extent.high) && same(extent.low, self.extent.low));
        self.extent = extent;
        let volume_top = if self.style.show.volume { round_up(self.extent.volume) } else { 0.0 };
        let mut changed = marked || !same(volume_top, self.volume_top);
        self.volume_top = volume_top;
        let base =
            visible.clone().map(|i| shown.close(i)).find(|close| close.is_finite()).unwrap_or(f64::NAN);
        let tick = 10_f64.powi(-(self.options.decimals.min(300) as i32));
        let plotted = Plotted { values: content.values, extremes: &self.columns };
        let above = self.legend_part();
        for (i, pane) in self.panes.iter_mut().enumerate() {
            let extent = plotted.pane_extent(&pane.spec, &visible);
            let linear = |(min, max)| PriceScale::linear(min, max);
            let scale = if i == 0 {
                let below = if self.style.show.volume { MARGIN_VOLUME } else { MARGIN_TOP };
                match pane.manual {
                    Some((min, max)) => PriceScale::new(min, max, self.style.mode, base),
                    None => {
                        let extent = self.extent.and(Extent { volume: 0.0, ..extent });
                        PriceScale::fit(&extent, tick, (above, below), self.style.mode, base)
                    }
                }
            } else {
                pane.manual.and_then(linear).or_else(|| pane.spec.range.and_then(linear)).or_else(|| {
                    PriceScale::fit(&extent, 0.0, MARGINS, crate::model::scale::ScaleMode::Linear, f64::NAN)
                })
            };
            changed |= scale != pane.scale;
            pane.scale = scale;
        }
        if changed {
            self.dirty = Layers::ALL;
        }
    }

    /// Part of the price pane's height that is left free above the highest price.
    pub(super) fn legend_part(&self) -> f64 {
        let told = self.legend.map(|height| (height + self.text_above(), MARGIN_LEGEND));
        let (room, most) = told.unwrap_or((LEGEND_ROOM, MARGIN_UNTOLD));
        let height = f64::from(self.layout.plot.h.max(1));
        (f64::from(self.layout.px(room)) / height).clamp(MARGIN_TOP, most)
    }

    /// Room for the text that marks the highest price, CSS pixels.
    pub(super) fn text_above(&self) -> f64 {
        if self.style.show.extremes { TEXT_SIZE + 2.0 } else { 0.0 }
    }

    /// Says what width of axis the tag of the last price needs: as received, not as averaged.
    fn tag_needs(&mut self, content: &Content<'_>, measure: &mut Measure<'_>) -> i32 {
        let due = self.dirty.contains(Layers::LIVE) && self.style.show.last_price;
        let last = content.bars.len().checked_sub(1).filter(|_| due);
        let close = last.map(|last| content.bars.close(last)).filter(|close| close.is_finite());
        let mut text = std::mem::take(&mut self.buffers.text);
        let frame = self.frame(content.bars, 0).zip(self.buffers.labels.first());
        let seconds = content.marks.countdown;
        let needed = frame
            .zip(close)
            .map(|((f, labels), close)| axes::tag_width(&f, labels, (close, seconds), measure, &mut text));
        self.buffers.text = text;
        needed.unwrap_or(0)
    }

    /// Chooses the labels of all price axes; says what width they need.
    fn label_axes(&mut self, content: &Content<'_>, measure: &mut Measure<'_>) -> i32 {
        let mut labels = std::mem::take(&mut self.buffers.labels);
        let mut text = std::mem::take(&mut self.buffers.text);
        labels.resize_with(self.panes.len(), Default::default);
        let shown = Shown { bars: content.bars, averages: self.averages.as_ref() };
        let mut needed = 0;
        for (i, (labels, pane)) in labels.iter_mut().zip(&self.panes).enumerate() {
            let Some(frame) = self.frame(&shown, i) else {
                labels.ticks.clear();
                continue;
            };
            labels.choose(&frame, (i == 0).then_some(self.options.decimals), &pane.spec.levels);
            needed = needed.max(axes::labels_width(&frame, labels, measure, &mut text));
        }
        self.buffers.labels = labels;
        self.buffers.text = text;
        needed
    }

    pub(super) fn frame<'a>(&'a self, shown: &'a dyn Bars, pane: usize) -> Option<Frame<'a>> {
        let rects = self.layout.panes.get(pane)?;
        Some(Frame {
            bars: shown,
            pyramid: &self.pyramid,
            closes_only: self.style.kind.closes_only(),
            slots: &self.slots,
            viewport: &self.viewport,
            scale: self.panes.get(pane)?.scale?,
            plot: rects.plot,
            axis: rects.axis,
            layout: &self.layout,
            theme: &self.theme,
        })
    }

    pub(super) fn in_view(&self, bars: &dyn Bars) -> std::ops::Range<usize> {
        let visible = self.visible();
        visible.start.min(bars.len())..visible.end.min(bars.len())
    }
}

/// Clears what `scene` marked before, or all of `wipe`, builds it anew and paints it.
fn repaint<S: Surface>(
    surface: &mut S,
    wipe: Option<Rect>,
    scene: &mut Scene,
    build: impl FnOnce(&mut S, &mut Scene),
) -> Result<(), S::Error> {
    match wipe {
        Some(all) => surface.clear_rects(&[all])?,
        None => surface.clear_rects(scene.touched())?,
    }
    scene.clear();
    build(surface, scene);
    scene.paint(surface)
}

/// Up to the next of 1, 1.5, 2, 3, 5, 7 times a power of ten, so that a growing last volume changes
/// the scale of all only now and then.
fn round_up(volume: f64) -> f64 {
    if !(volume > 0.0 && volume.is_finite()) {
        return 0.0;
    }
    let power = 10_f64.powi(volume.log10().floor() as i32);
    let steps = [1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0];
    let top = steps.iter().map(|step| step * power).find(|&top| top >= volume);
    top.unwrap_or(volume)
}

#[cfg(test)]
mod tests {
    use super::round_up;

    #[test]
    fn volume_scales_are_round() {
        assert_eq!(
            [0.0, 1.0, 14.0, 21_000.0, 9.9, f64::NAN].map(round_up),
            [0.0, 1.0, 15.0, 30_000.0, 10.0, 0.0]
        );
        assert!(round_up(1e-300) >= 1e-300 && round_up(f64::MAX) >= f64::MAX);
    }
}
