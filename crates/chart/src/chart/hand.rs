//! What the hand does to the view. Lengths are device pixels.

use super::{Chart, Layers, Pointer};
use crate::model::scale::PriceScale;

/// Part of the view that a page of bars is.
const PAGE: f64 = 0.8;
/// How much one key press stretches a price axis.
const KEY_SCALE: f64 = 1.1;
/// Part of a pane's height by which one key press moves its prices.
const KEY_PAN: f64 = 0.1;
/// By how much one key press moves the line between two panes, CSS pixels.
const KEY_SPLIT: f64 = 20.0;
/// The least weight of a pane, as a part of all.
const LEAST_WEIGHT: f64 = 0.02;

impl Chart {
    /// Moves the view: positive shows earlier bars.
    pub fn pan(&mut self, pixels: f64) {
        self.viewport.pan(pixels, self.last_slot());
        self.dirty = Layers::ALL;
    }

    /// Moves the view by bars, positive towards later ones.
    pub fn pan_bars(&mut self, bars: f64) {
        self.pan(-bars * self.viewport.spacing());
    }

    /// Moves the view by pages of what is in view, positive towards later bars.
    pub fn pan_pages(&mut self, pages: f64) {
        self.pan(-pages * PAGE * self.viewport.width());
    }

    /// Moves a pane's range along its axis, positive showing higher values. Does nothing while the
    /// range follows the data.
    pub fn pan_price(&mut self, pane: usize, pixels: f64) {
        let Some(rows) = self.layout.panes.get(pane).map(|pane| f64::from((pane.plot.h - 1).max(1))) else {
            return;
        };
        let Some(pane) = self.panes.get_mut(pane).filter(|pane| pane.manual.is_some()) else { return };
        if let Some(scale) = pane.scale.and_then(|scale| scale.shifted(pixels / rows)) {
            pane.hold(scale);
            self.dirty = Layers::ALL;
        }
    }

    /// Zooms by `factor` (above 1 shows fewer bars) around column `x`.
    pub fn zoom(&mut self, x: f64, factor: f64) {
        self.viewport.zoom(x.clamp(0.0, self.viewport.width()), factor, self.last_slot());
        self.dirty = Layers::ALL;
    }

    /// Zooms by `factor` around the crosshair, else around the last bar in view.
    pub fn zoom_about_crosshair(&mut self, factor: f64) {
        let len = self.known.map_or(0, |known| known.len);
        let last = || self.visible().end.checked_sub(1).map(|last| self.slots.slot(last) as f64);
        let slot = self.pointed(len).map(|pointed| pointed.slot).or_else(last);
        let x = slot.map_or(self.viewport.width(), |slot| self.viewport.x(slot));
        self.zoom(x, factor);
    }

    /// Scales time by `factor` (above 1 shows fewer bars) around the right edge.
    pub fn scale_time(&mut self, factor: f64) {
        self.zoom(self.viewport.width(), factor);
    }

    /// Makes a pane's range `factor` times as large, around a row of the surface or else around its
    /// middle. From then on it no longer follows the data.
    pub fn scale_price(&mut self, pane: usize, row: Option<i32>, factor: f64) {
        let Some(plot) = self.layout.panes.get(pane).map(|pane| pane.plot) else { return };
        let Some(pane) = self.panes.get_mut(pane) else { return };
        let position = |row: i32| f64::from(row.saturating_sub(plot.y)) / f64::from((plot.h - 1).max(1));
        let position = row.map_or(0.5, position).clamp(0.0, 1.0);
        if let Some(scale) = pane.scale.and_then(|scale| scale.scaled(position, factor)) {
            pane.hold(scale);
            self.dirty = Layers::ALL;
        }
    }

    /// Stretches the axis of the pane with the crosshair by steps, positive to a smaller range.
    pub fn scale_pointed(&mut self, steps: i32) {
        self.scale_price(self.pointed_pane(), None, KEY_SCALE.powi(steps.saturating_neg()));
    }

    /// Moves the range of the pane with the crosshair by steps, positive to higher values. From then on it
    /// no longer follows the data.
    pub fn pan_pointed(&mut self, steps: i32) {
        let pane = self.pointed_pane();
        let height = self.layout.panes.get(pane).map_or(0, |pane| pane.plot.h);
        self.set_auto(pane, false);
        self.pan_price(pane, f64::from(steps) * KEY_PAN * f64::from(height));
    }

    /// Makes the pane with the crosshair higher by steps: by the line above it, below the prices by theirs.
    pub fn grow_pointed(&mut self, steps: i32) {
        let pixels = f64::from(steps) * f64::from(self.layout.px(KEY_SPLIT));
        match self.pointed_pane().checked_sub(1) {
            Some(above) => self.move_splitter(above, -pixels),
            None => self.move_splitter(0, pixels),
        }
    }

    /// A pane's range follows the data again.
    pub fn reset_price(&mut self, pane: usize) {
        if let Some(pane) = self.panes.get_mut(pane)
            && pane.manual.take().is_some()
        {
            self.dirty = Layers::ALL;
        }
    }

    /// Whether a pane's range follows the data, or is kept as it is.
    pub fn set_auto(&mut self, pane: usize, auto: bool) {
        if auto {
            self.reset_price(pane);
        } else if let Some(pane) = self.panes.get_mut(pane)
            && let Some(PriceScale { min, max, .. }) = pane.scale
            && pane.manual.is_none()
        {
            pane.manual = Some((min, max));
        }
    }

    /// Whether a pane's range follows the data.
    #[must_use]
    pub fn is_auto(&self, pane: usize) -> bool {
        self.panes.get(pane).is_none_or(|pane| pane.manual.is_none())
    }

    /// Back to the last bar and the spacing of the start.
    pub fn reset_time(&mut self) {
        self.viewport.reset(self.last_slot());
        self.dirty = Layers::ALL;
    }

    /// Back to the last bar, the spacing of the start, and ranges that follow the data.
    pub fn reset_view(&mut self) {
        self.panes.iter_mut().for_each(|pane| pane.manual = None);
        self.reset_time();
    }

    /// Back to the last bar; the spacing stays.
    pub fn go_live(&mut self) {
        self.viewport.go_live(self.last_slot());
        self.dirty = Layers::ALL;
    }

    /// To the first bar; the spacing stays.
    pub fn go_start(&mut self) {
        let last = self.last_slot();
        let first = self.viewport.slot_at(0.0);
        self.viewport.pan((first + 1.0) * self.viewport.spacing(), last);
        self.dirty = Layers::ALL;
    }

    /// Shows the bars from `from` to `to`, both included.
    pub fn show(&mut self, from: usize, to: usize) {
        let (from, to) = (self.slots.slot(from) as f64 - 0.5, self.slots.slot(to) as f64 + 0.5);
        self.viewport.show(from, to, self.last_slot());
        self.dirty = Layers::ALL;
    }

    /// Moves the line below pane `above` down, which takes height from one pane and gives it to the
    /// other.
    pub fn move_splitter(&mut self, above: usize, pixels: f64) {
        let heights: Vec<f64> = self.layout.panes.iter().map(|pane| f64::from(pane.plot.h)).collect();
        let total: f64 = heights.iter().sum();
        let (Some(upper), Some(lower)) = (heights.get(above), heights.get(above + 1)) else { return };
        let pixels = if pixels.is_nan() { 0.0 } else { pixels };
        let least = f64::from(self.layout.px(crate::view::layout::MIN_PANE)).max(LEAST_WEIGHT * total);
        let both = upper + lower;
        let new = (upper + pixels).clamp(least.min(both / 2.0), (both - least).max(both / 2.0));
        for (i, (pane, height)) in self.panes.iter_mut().zip(&heights).enumerate() {
            let height = match i.checked_sub(above) {
                Some(0) => new,
                Some(1) => both - new,
                _ => *height,
            };
            pane.spec.weight = height / total.max(1.0);
        }
        self.lay_out();
    }

    /// The pointer is at this device pixel, or gone. Only the overlay is painted again.
    pub fn point(&mut self, at: Option<(i32, i32)>) {
        let at = at.map(|(x, y)| Pointer::At(x, y));
        if at != self.pointer {
            self.pointer = at;
            self.dirty |= Layers::OVERLAY;
        }
    }

    /// Whether the crosshair is left of the first of so many bars.
    fn is_before(&self, len: usize) -> bool {
        self.pointed(len).is_some_and(|pointed| pointed.bar.is_none() && pointed.slot < 0.0)
    }

    /// Moves the crosshair by bars; the view follows it. If there is none the first of them brings it to
    /// the last bar in view (from left of the first bar to that), so that steps are as many whether they come
    /// one by one or at once. Returns the bar it is on.
    pub fn walk(&mut self, by: isize) -> Option<usize> {
        let len = self.known?.len;
        let last = len.checked_sub(1)?;
        let pane = self.pointed_pane();
        let (from, by) = match self.pointed_bar() {
            Some(index) => (index, by),
            None if self.is_before(len) => (0, by - by.signum()),
            None => (self.visible().end.checked_sub(1)?.min(last), by - by.signum()),
        };
        let to = from.saturating_add_signed(by).min(last);
        self.pointer = Some(Pointer::Bar(to, pane));
        self.dirty |= Layers::OVERLAY;
        let x = self.viewport.x(self.slots.slot(to) as f64);
        let room = self.viewport.spacing().min(self.viewport.width() / 4.0);
        let beyond = if x < room { x - room } else { (x - (self.viewport.width() - room)).max(0.0) };
        if beyond != 0.0 {
            self.pan(-beyond);
        }
        Some(to)
    }

    /// Moves the crosshair to another pane, positive further down, from that of the prices if there is
    /// none.
    pub fn walk_panes(&mut self, by: i32) {
        let last = self.panes.len().saturating_sub(1);
        let pane = self.pointed_pane().saturating_add_signed(by as isize).min(last);
        if let Some(index) = self.walk(0) {
            self.pointer = Some(Pointer::Bar(index, pane));
        }
    }
}
