//! Building the scenes of what has changed, and painting them.

use std::ops::Range;

use super::{Chart, HistoryExtent, Layers};
use crate::model::extent::Extent;
use crate::model::scale::PriceScale;
use crate::view::{Frame, layout::Layout};
use crate::view::{axes, candles, crosshair, price_line};
use crate::{Bars, Rect, Scene, Surface};

/// How often the layout is done again at most because the price labels need more width.
const MAX_LAYOUTS: usize = 3;

impl Chart {
    /// Paints what has changed since the last time onto three stacked surfaces of the same size,
    /// and says which that were. `base` is painted whole and opaque; the other two are cleared
    /// where they were marked before. Call [`sync`](Self::sync) with the same bars first.
    ///
    /// # Errors
    /// What a surface answers. Everything is then still marked for painting.
    pub fn paint<S: Surface>(
        &mut self,
        bars: &(impl Bars + ?Sized),
        base: &mut S,
        live: &mut S,
        overlay: &mut S,
    ) -> Result<Layers, S::Error> {
        if self.dirty.is_empty() {
            return Ok(Layers::NONE);
        }
        self.fit(bars, base);
        // Until all is painted, all is to be painted; what was marked before is then not known.
        let dirty = std::mem::replace(&mut self.dirty, Layers::ALL);
        let wipe = std::mem::replace(&mut self.wipe, true).then_some(self.layout.all);
        if dirty.contains(Layers::BASE) {
            let mut scene = std::mem::take(&mut self.base);
            self.build_base(bars, base, &mut scene);
            let painted = scene.paint(base);
            self.base = scene;
            painted?;
        }
        if dirty.contains(Layers::LIVE) {
            let mut scene = std::mem::take(&mut self.live);
            let painted = Self::repaint(live, wipe, &mut scene, |_, scene| {
                self.build_live(bars, scene);
            });
            self.live = scene;
            painted?;
        }
        if dirty.contains(Layers::OVERLAY) {
            let mut scene = std::mem::take(&mut self.overlay);
            let painted = Self::repaint(overlay, wipe, &mut scene, |surface, scene| {
                self.build_overlay(bars, surface, scene);
            });
            self.overlay = scene;
            painted?;
        }
        self.dirty = Layers::NONE;
        self.wipe = false;
        Ok(dirty)
    }

    /// Paints all layers onto one surface: for pictures and tests.
    ///
    /// # Errors
    /// What the surface answers.
    pub fn paint_flat<S: Surface>(
        &mut self,
        bars: &(impl Bars + ?Sized),
        surface: &mut S,
    ) -> Result<(), S::Error> {
        self.sync(bars);
        self.fit(bars, surface);
        let mut scene = Scene::default();
        self.build_base(bars, surface, &mut scene);
        scene.paint(surface)?;
        scene.clear();
        self.build_live(bars, &mut scene);
        scene.paint(surface)?;
        scene.clear();
        self.build_overlay(bars, surface, &mut scene);
        scene.paint(surface)
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

    /// Brings scale and layout in line with the bars in view; marks everything if they changed.
    fn fit<S: Surface>(&mut self, bars: &(impl Bars + ?Sized), measure: &mut S) {
        for _ in 0..MAX_LAYOUTS {
            let extent = self.visible_extent(bars);
            let tick = 10_f64.powi(-(self.options.decimals.min(300) as i32));
            let scale = PriceScale::fit(&extent, tick);
            let volume_top = round_up(extent.volume);
            if scale != self.scale || volume_top.to_bits() != self.volume_top.to_bits() {
                self.scale = scale;
                self.volume_top = volume_top;
                self.dirty = Layers::ALL;
            }
            let Some(frame) = self.frame(bars) else { return };
            let needed = axes::price_axis_width(&frame, self.options.decimals, measure);
            if needed <= self.layout.price_axis.w || needed <= self.axis_width {
                return;
            }
            // Grows only, or the plot would jump with every digit.
            self.axis_width = needed;
            let all = self.layout.all;
            self.resize(all.w, all.h, self.ratio);
        }
    }

    fn visible_extent(&mut self, bars: &(impl Bars + ?Sized)) -> Extent {
        let visible = self.visible();
        let visible = visible.start..visible.end.min(bars.len());
        let Some(last) = bars.len().checked_sub(1) else { return Extent::EMPTY };
        let range = visible.start..visible.end.min(last).max(visible.start);
        let revision = bars.revision();
        let cached = self.history.as_ref().filter(|h| h.revision == revision && h.range == range);
        let extent = match cached {
            Some(history) => history.extent,
            None => {
                let extent = Extent::over(bars, range.clone());
                self.history = Some(HistoryExtent { revision, range, extent });
                extent
            }
        };
        if visible.end > last { extent.with_bar(bars, last) } else { extent }
    }

    fn frame<'a, B: Bars + ?Sized>(&'a self, bars: &'a B) -> Option<Frame<'a, B>> {
        Some(Frame {
            bars,
            slots: &self.slots,
            viewport: &self.viewport,
            scale: self.scale?,
            volume_top: self.volume_top,
            layout: &self.layout,
            theme: &self.theme,
        })
    }

    fn build_base<S: Surface>(&mut self, bars: &(impl Bars + ?Sized), measure: &mut S, scene: &mut Scene) {
        scene.clear();
        let ground = scene.batch(self.theme.ground);
        scene.fill(ground, self.layout.all);
        let visible = self.in_view(bars);
        let mut ticks = std::mem::take(&mut self.ticks);
        if let Some(frame) = self.frame(bars) {
            axes::gaps(&frame, visible.clone(), scene);
            let options = axes::AxisOptions {
                decimals: self.options.decimals,
                interval_ns: self.options.interval_ns,
                zone: self.zone.as_ref(),
                session_breaks: self.session_breaks(),
            };
            axes::axes(&frame, visible.clone(), &options, &mut ticks, measure, scene);
            let live = candles::live_from(&frame, &visible);
            candles::candles(&frame, visible.start..live, false, scene);
        }
        self.ticks = ticks;
        let shown = visible.end.checked_sub(1).map_or(0, |i| bars.time_ns(i).div_euclid(1_000_000_000));
        axes::borders(&self.layout, &self.theme, self.zone.abbreviation(shown), scene);
    }

    fn build_live(&self, bars: &(impl Bars + ?Sized), scene: &mut Scene) {
        let Some(frame) = self.frame(bars) else { return };
        let visible = self.in_view(bars);
        let live = candles::live_from(&frame, &visible);
        candles::candles(&frame, live..visible.end, true, scene);
        price_line::price_line(&frame, self.options.decimals, scene);
    }

    fn build_overlay<S: Surface>(&self, bars: &(impl Bars + ?Sized), measure: &mut S, scene: &mut Scene) {
        let (Some(frame), Some(index), Some((_, y))) =
            (self.frame(bars), self.pointed(bars.len()), self.pointer)
        else {
            return;
        };
        let tags = crosshair::Tags {
            decimals: self.options.decimals,
            interval_ns: self.options.interval_ns,
            zone: self.zone.as_ref(),
        };
        crosshair::crosshair(&frame, (index, y), &tags, measure, scene);
    }

    fn in_view(&self, bars: &(impl Bars + ?Sized)) -> Range<usize> {
        let visible = self.visible();
        visible.start.min(bars.len())..visible.end.min(bars.len())
    }

    /// Where plot and axes are, in device pixels.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }
}

/// Up to the next of 1, 1.5, 2, 3, 5, 7 times a power of ten, so that a growing last volume changes
/// the scale of all only now and then.
fn round_up(volume: f64) -> f64 {
    if !(volume > 0.0 && volume.is_finite()) {
        return 0.0;
    }
    let power = 10_f64.powf(volume.log10().floor());
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
