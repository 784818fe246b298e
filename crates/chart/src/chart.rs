//! A chart: what it shows, what has changed, and painting it.

mod hand;
mod layers;
mod paint;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties;
mod scene;
mod sync;

use std::ops::Range;

pub use layers::Layers;

use crate::model::extent::Extent;
use crate::model::heikin_ashi::HeikinAshi;
use crate::model::marks::{AroundTheClock, Marks, Sessions, Show};
use crate::model::pane::{ColumnExtremes, MAX_PANES, Pane, PaneSpec, Values};
use crate::model::pyramid::Pyramid;
use crate::model::scale::ScaleMode;
use crate::model::series_kind::SeriesKind;
use crate::model::shown::Shown;
use crate::model::slots::Slots;
use crate::model::viewport::Viewport;
use crate::model::zone::{Utc, Zone};
use crate::view::axes::{AxisLabels, TimeLabels};
use crate::view::layout::{Layout, LayoutOptions, MAX_SIDE, NEWS_HEIGHT, Place, SPLITTER_REACH};
use crate::view::line::Scratch;
use crate::view::marks::{NEWS_SIZE, NewsGroup};
use crate::view::tags::Tags;
use crate::{Bars, Legend, Rect, Scene, Theme, view};

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

/// How the chart is drawn: the person's choices.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Style {
    /// How prices are drawn.
    pub kind: SeriesKind,
    /// The scale of the price pane.
    pub mode: ScaleMode,
    /// The optional parts.
    pub show: Show,
}

/// What is drawn, borrowed for a frame from whoever keeps it.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    /// The bars as received.
    pub bars: &'a dyn Bars,
    /// Columns of values beside them, for the plots of the panes.
    pub values: &'a [Values<'a>],
    /// What the market says beside the bars.
    pub marks: Marks<'a>,
}

impl<'a> Content<'a> {
    /// Bars and nothing else.
    #[must_use]
    pub fn bars(bars: &'a dyn Bars) -> Self {
        Self { bars, values: &[], marks: Marks::default() }
    }
}

/// What the chart knew of the bars when it last looked.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Known {
    len: usize,
    last_slot: usize,
    /// The bar that stays where it is on screen: time and slot.
    anchor: (i64, usize),
}

/// Where the crosshair is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Pointer {
    /// Under the pointer, device pixels.
    At(i32, i32),
    /// On a bar, by its index, and in a pane, put there by keys.
    Bar(usize, usize),
}

/// What the crosshair is on.
#[derive(Clone, Copy, Debug)]
struct Pointed {
    /// The slot, a whole number.
    slot: f64,
    /// The bar there; none before the first and after the last.
    bar: Option<usize>,
    /// The pane it is in.
    pane: usize,
    /// Its row; for a crosshair put there by keys that of the close, or of the first value plotted in its
    /// pane.
    row: Option<i32>,
}

/// A chart: panes over one time axis, the first with the prices.
///
/// Once a frame: [`sync`](Self::sync) with what is to be shown, then [`paint`](Self::paint). All
/// other methods only note what is wanted; nothing is drawn outside of painting.
pub struct Chart {
    options: Options,
    style: Style,
    theme: Theme,
    zone: Box<dyn Zone>,
    sessions: Box<dyn Sessions>,
    panes: Vec<Pane>,
    viewport: Viewport,
    slots: Slots,
    pyramid: Pyramid,
    averages: Option<HeikinAshi>,
    columns: Vec<ColumnExtremes>,
    layout: Layout,
    ratio: f64,
    axis_width: i32,
    volume_top: f64,
    /// How far a legend over the price pane reaches down, CSS pixels.
    legend: Option<f64>,
    /// Extremes of the prices in view.
    extent: Extent,
    known: Option<Known>,
    marked: (u64, Option<(u64, u64)>, Option<u32>),
    pointer: Option<Pointer>,
    news: Vec<NewsGroup>,
    /// Where the tags of the last price and the last values are.
    tags: Vec<Rect>,
    /// They are elsewhere than before.
    moved: bool,
    dirty: Layers,
    /// What is on the upper layers is not known: they are cleared whole.
    wipe: bool,
    base: Scene,
    live: Scene,
    overlay: Scene,
    buffers: Buffers,
}

/// Memory that is used again in every frame.
#[derive(Default)]
struct Buffers {
    times: TimeLabels,
    lines: Scratch,
    tags: Tags,
    /// What another layer marks.
    elsewhere: Scene,
    /// Labels of each pane's axis.
    labels: Vec<AxisLabels>,
    /// Columns between which a session lasts.
    spans: Vec<(i32, i32)>,
    /// A text that is only measured.
    text: String,
}

impl Chart {
    /// A chart without a size; nothing is painted before [`resize`](Self::resize).
    #[must_use]
    pub fn new(theme: Theme, options: Options) -> Self {
        let weights = [1.0];
        let layout = LayoutOptions { ratio: 1.0, axis_width: 0, weights: &weights, news: true };
        Self {
            options,
            style: Style::default(),
            theme,
            zone: Box::new(Utc),
            sessions: Box::new(AroundTheClock),
            panes: vec![Pane::default()],
            viewport: Viewport::default(),
            slots: Slots::default(),
            pyramid: Pyramid::default(),
            averages: None,
            columns: Vec::new(),
            layout: Layout::new(1, 1, &layout),
            ratio: 1.0,
            axis_width: 0,
            volume_top: 0.0,
            legend: None,
            extent: Extent::EMPTY,
            known: None,
            marked: (0, None, None),
            pointer: None,
            news: Vec::new(),
            tags: Vec::new(),
            moved: false,
            dirty: Layers::ALL,
            wipe: true,
            base: Scene::default(),
            live: Scene::default(),
            overlay: Scene::default(),
            buffers: Buffers::default(),
        }
    }

    /// The size of the surfaces in device pixels and how many of those a CSS pixel has. Resizing a
    /// canvas empties it, so all layers are painted again even if the size is the same.
    pub fn resize(&mut self, width: i32, height: i32, ratio: f64) {
        if (ratio - self.ratio).abs() > f64::EPSILON {
            self.axis_width = 0;
            self.ratio = ratio;
        }
        let weights: Vec<f64> = self.panes.iter().map(|pane| pane.spec.weight).collect();
        let options = LayoutOptions {
            ratio,
            axis_width: self.axis_width,
            weights: &weights,
            news: self.style.show.news,
        };
        self.layout = Layout::new(width, height, &options);
        self.viewport.resize(f64::from(self.layout.plot.w), ratio);
        if self.known.is_some() {
            // A narrower plot would end before the last bar where that stood far from the edge.
            self.viewport.keep_in_view(self.last_slot());
        }
        self.invalidate();
    }

    /// The same size, laid out anew.
    fn lay_out(&mut self) {
        self.resize(self.layout.all.w, self.layout.all.h, self.ratio);
    }

    /// New colours.
    pub fn set_theme(&mut self, theme: Theme) {
        if theme != self.theme {
            self.theme = theme;
            self.dirty = Layers::ALL;
        }
    }

    /// The colours in force.
    #[must_use]
    pub const fn theme(&self) -> &Theme {
        &self.theme
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

    /// The trading sessions behind the bars.
    pub fn set_sessions(&mut self, sessions: Box<dyn Sessions>) {
        self.sessions = sessions;
        self.dirty = Layers::ALL;
    }

    /// How the chart is drawn. Call [`sync`](Self::sync) before painting.
    pub fn set_style(&mut self, style: Style) {
        if style == self.style {
            return;
        }
        let before = std::mem::replace(&mut self.style, style);
        if before.kind != style.kind {
            // Other prices are drawn, with other extremes: all rows are looked at again.
            self.averages = (style.kind == SeriesKind::HeikinAshi).then(HeikinAshi::default);
            self.pyramid = Pyramid::default();
        }
        if before.mode != style.mode {
            self.reset_price(0);
        }
        if before.show.news != style.show.news {
            self.lay_out();
        }
        self.dirty = Layers::ALL;
    }

    /// How the chart is drawn.
    #[must_use]
    pub const fn style(&self) -> Style {
        self.style
    }

    /// How far a legend over the price pane reaches down from its upper edge, CSS pixels. A range that
    /// follows the data leaves so much free, and what the text at the highest price takes, up to two
    /// fifths of the pane.
    pub fn set_legend_height(&mut self, height: f64) {
        let height = if height.is_finite() { height.clamp(0.0, f64::from(MAX_SIDE)) } else { 0.0 };
        let before = self.legend_part();
        self.legend = Some(height);
        // A range of the person's own stays, and with it what is painted.
        if self.legend_part().to_bits() != before.to_bits() && self.is_auto(0) {
            self.dirty = Layers::ALL;
        }
    }

    /// What the panes show, the first that of the prices; at most [`MAX_PANES`] are taken. A pane
    /// that shows the same as before keeps the range that the hand gave it, wherever it stands now.
    pub fn set_panes(&mut self, specs: Vec<PaneSpec>) {
        let mut specs: Vec<PaneSpec> = specs.into_iter().take(MAX_PANES).collect();
        if specs.is_empty() {
            specs.push(PaneSpec { weight: 1.0, ..PaneSpec::default() });
        }
        if self.panes.len() == specs.len()
            && self.panes.iter().zip(&specs).all(|(pane, spec)| pane.spec == *spec)
        {
            return;
        }
        let old = std::mem::take(&mut self.panes);
        self.panes = specs
            .into_iter()
            .enumerate()
            .map(|(i, spec)| {
                let same = match i {
                    0 => old.first(),
                    _ => old.iter().skip(1).find(|pane| pane.spec.id == spec.id),
                };
                Pane {
                    manual: same.and_then(|pane| pane.manual),
                    scale: same.and_then(|pane| pane.scale),
                    spec,
                }
            })
            .collect();
        // Other columns may come with other plots.
        let same = self.panes.len() == old.len()
            && self.panes.iter().zip(&old).all(|(new, old)| new.spec.plots == old.spec.plots);
        if !same {
            self.columns.clear();
        }
        self.lay_out();
    }

    /// The panes' shares of the height, as they are after the hand moved lines between them.
    #[must_use]
    pub fn weights(&self) -> Vec<f64> {
        self.panes.iter().map(|pane| pane.spec.weight).collect()
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
        self.pointer = None;
        self.axis_width = 0;
        self.panes.iter_mut().for_each(|pane| (pane.manual, pane.scale) = (None, None));
        self.viewport.go_live(0.0);
        self.lay_out();
    }

    /// Marks everything for painting: after the page was hidden, or a surface was lost.
    pub fn invalidate(&mut self) {
        self.dirty = Layers::ALL;
        self.wipe = true;
    }

    /// The horizontal view.
    #[must_use]
    pub fn viewport(&self) -> Viewport {
        self.viewport
    }

    /// Whether the view moves along with the last bar.
    #[must_use]
    pub fn following(&self) -> bool {
        self.viewport.following()
    }

    /// The bars in view.
    #[must_use]
    pub fn visible(&self) -> Range<usize> {
        view::visible(&self.viewport, &self.slots, self.known.map_or(0, |known| known.len))
    }

    /// Where plots and axes are, in device pixels.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What is at a device pixel; a line between panes reaches `reach` CSS pixels to either side.
    #[must_use]
    pub fn place(&self, x: i32, y: i32, reach: f64) -> Place {
        self.layout.place(x, y, reach)
    }

    /// The headlines whose mark is nearest to a column of device pixels, at most `reach` CSS pixels away; as
    /// they were painted last.
    #[must_use]
    pub fn news_at(&self, x: i32, reach: f64) -> Option<NewsGroup> {
        let away = |group: &NewsGroup| (group.x - x).abs();
        let nearest = self.news.iter().min_by_key(|group| away(group))?;
        (away(nearest) <= self.layout.px(reach)).then_some(*nearest)
    }

    /// The figures at the crosshair, else of the last bar, as they are drawn. Call after
    /// [`sync`](Self::sync) with the same bars.
    #[must_use]
    pub fn legend(&self, bars: &dyn Bars) -> Option<Legend> {
        let pointed = self.pointed(bars.len()).and_then(|pointed| pointed.bar);
        let index = pointed.or(bars.len().checked_sub(1))?;
        let shown = Shown { bars, averages: self.averages.as_ref() };
        Some(Legend { averaged: self.averages.is_some(), ..Legend::of(&shown, index, pointed.is_some()) })
    }

    /// The bar at the crosshair. There is none before the first bar and after the last.
    #[must_use]
    pub fn pointed_bar(&self) -> Option<usize> {
        self.pointed(self.known?.len)?.bar
    }

    /// The pane with the crosshair, else that of the prices.
    #[must_use]
    pub fn pointed_pane(&self) -> usize {
        self.known.and_then(|known| self.pointed(known.len)).map_or(0, |pointed| pointed.pane)
    }

    /// The headlines whose mark is at the crosshair, as they were painted last.
    #[must_use]
    pub fn news_at_crosshair(&self) -> Option<NewsGroup> {
        // In whole pixels as bars and marks are.
        let x = self.viewport.x(self.slots.slot(self.pointed_bar()?) as f64).floor() as i32;
        let (x, size) = (self.layout.news.x + x, self.layout.px(NEWS_SIZE));
        // A mark stands at the first of its bars; those it stands for are to the right, as far as it is wide.
        let of_bar = |group: &&NewsGroup| group.x <= x && x - group.x <= size;
        let found = self.news.iter().rfind(of_bar).copied();
        found.or_else(|| self.news_at(x, NEWS_HEIGHT / 2.0))
    }

    /// What the crosshair is on.
    fn pointed(&self, len: usize) -> Option<Pointed> {
        let last = len.checked_sub(1)?;
        let on_bar = |bar: usize, pane: usize, row: Option<i32>| Pointed {
            slot: self.slots.slot(bar) as f64,
            bar: Some(bar),
            pane,
            row,
        };
        match self.pointer? {
            Pointer::Bar(index, pane) => {
                let pane = pane.min(self.panes.len().saturating_sub(1));
                (index < len).then(|| on_bar(index, pane, None))
            }
            Pointer::At(x, y) => {
                let pane = match self.layout.place(x, y, SPLITTER_REACH) {
                    Place::Plot(pane) => pane,
                    Place::Splitter(pane) if self.layout.plots.contains(x, y) => pane,
                    _ => return None,
                };
                let slot = self.viewport.slot_at(f64::from(x - self.layout.plot.x));
                if slot < -0.5 || slot > self.slots.slot(last) as f64 + 0.5 {
                    return Some(Pointed { slot: slot.round(), bar: None, pane, row: Some(y) });
                }
                self.slots.nearest(slot, len).map(|bar| on_bar(bar, pane, Some(y)))
            }
        }
    }

    fn last_slot(&self) -> f64 {
        self.known.map_or(0.0, |known| known.last_slot as f64)
    }

    /// Whether days are marked: bars shorter than a day.
    fn intraday(&self) -> bool {
        self.options.interval_ns < NANOS_PER_DAY
    }
}
