//! One price pane: what it shows, what has changed, and painting it.

mod layers;
mod paint;

use std::ops::Range;

pub use layers::Layers;

use crate::model::bars::partition;
use crate::model::extent::Extent;
use crate::model::scale::PriceScale;
use crate::model::slots::Slots;
use crate::model::time_ticks::TimeTick;
use crate::model::viewport::Viewport;
use crate::model::zone::{Utc, Zone};
use crate::view::{self, layout::Layout};
use crate::{Bars, Legend, Scene, Theme};

const NANOS_PER_DAY: i64 = 86_400_000_000_000;

/// What the series is, as far as drawing it depends on that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Length of a bar in nanoseconds.
    pub interval_ns: i64,
    /// Decimals of prices: those of the tick size.
    pub decimals: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { interval_ns: 60_000_000_000, decimals: 2 }
    }
}

/// What the chart knew of the bars when it last looked.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Known {
    revision: u64,
    len: usize,
    last_time: i64,
    last_slot: usize,
    last: [f64; 5],
}

/// Extremes of the visible bars without the last, kept while neither view nor history changes.
#[derive(Clone, PartialEq, Debug)]
struct HistoryExtent {
    revision: u64,
    range: Range<usize>,
    extent: Extent,
}

/// A price chart: candles, volume, axes, last price, crosshair.
///
/// Once a frame: [`sync`](Self::sync) with the bars, then [`paint`](Self::paint). All other methods
/// only note what is wanted; nothing is drawn outside of painting.
pub struct Chart {
    options: Options,
    theme: Theme,
    zone: Box<dyn Zone>,
    viewport: Viewport,
    slots: Slots,
    layout: Layout,
    ratio: f64,
    axis_width: i32,
    scale: Option<PriceScale>,
    volume_top: f64,
    known: Option<Known>,
    history: Option<HistoryExtent>,
    pointer: Option<(i32, i32)>,
    dirty: Layers,
    /// What is on the upper layers is not known: they are cleared whole.
    wipe: bool,
    base: Scene,
    live: Scene,
    overlay: Scene,
    ticks: Vec<TimeTick>,
}

impl Chart {
    /// A chart without a size; nothing is painted before [`resize`](Self::resize).
    #[must_use]
    pub fn new(theme: Theme, options: Options) -> Self {
        Self {
            options,
            theme,
            zone: Box::new(Utc),
            viewport: Viewport::default(),
            slots: Slots::default(),
            layout: Layout::new(1, 1, 1.0, 0),
            ratio: 1.0,
            axis_width: 0,
            scale: None,
            volume_top: 0.0,
            known: None,
            history: None,
            pointer: None,
            dirty: Layers::ALL,
            wipe: true,
            base: Scene::default(),
            live: Scene::default(),
            overlay: Scene::default(),
            ticks: Vec::new(),
        }
    }

    /// The size of the surfaces in device pixels and how many of those a CSS pixel has. Resizing a
    /// canvas empties it, so all layers are painted again even if the size is the same.
    pub fn resize(&mut self, width: i32, height: i32, ratio: f64) {
        if (ratio - self.ratio).abs() > f64::EPSILON {
            self.axis_width = 0;
            self.ratio = ratio;
        }
        self.layout = Layout::new(width, height, ratio, self.axis_width);
        self.viewport.resize(f64::from(self.layout.plot.w), ratio);
        self.invalidate();
    }

    /// New colours.
    pub fn set_theme(&mut self, theme: Theme) {
        if theme != self.theme {
            self.theme = theme;
            self.dirty = Layers::ALL;
        }
    }

    /// The zone in which times are shown.
    pub fn set_zone(&mut self, zone: Box<dyn Zone>) {
        self.zone = zone;
        self.dirty = Layers::ALL;
    }

    /// The zone in which times are shown.
    #[must_use]
    pub fn zone(&self) -> &dyn Zone {
        self.zone.as_ref()
    }

    /// Bar length and decimals, when they turn out otherwise for the same series.
    pub fn set_options(&mut self, options: Options) {
        if options != self.options {
            self.options = options;
            self.dirty = Layers::ALL;
        }
    }

    /// Bar length and decimals in force.
    #[must_use]
    pub fn options(&self) -> Options {
        self.options
    }

    /// Another series from now on: forgets the old one and follows the last bar. The spacing stays.
    pub fn change_series(&mut self, options: Options) {
        self.options = options;
        self.known = None;
        self.history = None;
        self.axis_width = 0;
        self.viewport.go_live(0.0);
        self.resize(self.layout.all.w, self.layout.all.h, self.ratio);
    }

    /// Marks everything for painting: after the page was hidden, or a surface was lost.
    pub fn invalidate(&mut self) {
        self.dirty = Layers::ALL;
        self.wipe = true;
    }

    /// Looks at what has become of the bars. What is on screen stays where it is, unless the view
    /// follows the last bar. Returns whether anything is to be painted.
    pub fn sync(&mut self, bars: &(impl Bars + ?Sized)) -> bool {
        let len = bars.len();
        let Some(last) = len.checked_sub(1) else {
            if self.known.take().is_some() {
                self.slots = Slots::default();
                self.dirty = Layers::ALL;
            }
            return !self.dirty.is_empty();
        };
        let figures = [bars.open(last), bars.high(last), bars.low(last), bars.close(last), bars.volume(last)];
        let revision = bars.revision();
        match self.known {
            Some(known) if known.revision == revision && known.len == len => {
                if known.last.map(f64::to_bits) != figures.map(f64::to_bits) {
                    self.dirty |= Layers::LIVE;
                }
            }
            known => {
                self.slots.rebuild(bars);
                if let Some(known) = known {
                    // Where the bar that was last stands now tells how many came or went before it.
                    let at = partition(0..last, |i| bars.time_ns(i) < known.last_time);
                    self.viewport.shift(self.slots.slot(at) as f64 - known.last_slot as f64);
                }
                self.viewport.track(self.slots.slot(last) as f64);
                self.dirty = Layers::ALL;
            }
        }
        self.known = Some(Known {
            revision,
            len,
            last_time: bars.time_ns(last),
            last_slot: self.slots.slot(last),
            last: figures,
        });
        !self.dirty.is_empty()
    }

    /// Whether the view moves along with the last bar.
    #[must_use]
    pub fn following(&self) -> bool {
        self.viewport.following()
    }

    /// Moves the view by device pixels: positive shows earlier bars.
    pub fn pan(&mut self, pixels: f64) {
        self.viewport.pan(pixels, self.last_slot());
        self.dirty = Layers::ALL;
    }

    /// Zooms by `factor` (above 1 shows fewer bars) around column `x`.
    pub fn zoom(&mut self, x: f64, factor: f64) {
        self.viewport.zoom(x.clamp(0.0, self.viewport.width()), factor, self.last_slot());
        self.dirty = Layers::ALL;
    }

    /// Back to the last bar and the spacing of the start.
    pub fn reset_view(&mut self) {
        self.viewport.reset(self.last_slot());
        self.dirty = Layers::ALL;
    }

    /// Back to the last bar; the spacing stays.
    pub fn go_live(&mut self) {
        self.viewport.go_live(self.last_slot());
        self.dirty = Layers::ALL;
    }

    /// Shows the bars from `from` to `to`, both included.
    pub fn show(&mut self, from: usize, to: usize) {
        let (from, to) = (self.slots.slot(from) as f64 - 0.5, self.slots.slot(to) as f64 + 0.5);
        self.viewport.show(from, to, self.last_slot());
        self.dirty = Layers::ALL;
    }

    /// The pointer is at this device pixel, or gone. Only the overlay is painted again.
    pub fn point(&mut self, at: Option<(i32, i32)>) {
        if at != self.pointer {
            self.pointer = at;
            self.dirty |= Layers::OVERLAY;
        }
    }

    /// The bars in view.
    #[must_use]
    pub fn visible(&self) -> Range<usize> {
        view::visible(&self.viewport, &self.slots, self.known.map_or(0, |known| known.len))
    }

    /// The figures at the crosshair, else of the last bar. Call after [`sync`](Self::sync) with the
    /// same bars.
    #[must_use]
    pub fn legend(&self, bars: &(impl Bars + ?Sized)) -> Option<Legend> {
        let pointed = self.pointed(bars.len());
        let index = pointed.or(bars.len().checked_sub(1))?;
        Some(Legend::of(bars, index, pointed.is_some()))
    }

    /// The bar under the pointer, if that is on the plot.
    fn pointed(&self, len: usize) -> Option<usize> {
        let (x, y) = self.pointer?;
        if !self.layout.plot.contains(x, y) {
            return None;
        }
        self.slots.nearest(self.viewport.slot_at(f64::from(x - self.layout.plot.x)), len)
    }

    fn last_slot(&self) -> f64 {
        self.known.map_or(0.0, |known| known.last_slot as f64)
    }

    /// Whether a new day is marked: bars shorter than a day.
    fn session_breaks(&self) -> bool {
        self.options.interval_ns < NANOS_PER_DAY
    }
}
