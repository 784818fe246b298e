//! Where panes and axes are.

use crate::model::pane::MAX_PANES;
use crate::{Font, Rect};

/// Least width of the price axis, CSS pixels.
pub const AXIS_WIDTH: f64 = 56.0;
/// Height of the time axis, CSS pixels.
pub const AXIS_HEIGHT: f64 = 26.0;
/// Height of the row of news marks above the time labels, CSS pixels.
pub const NEWS_HEIGHT: f64 = 18.0;
/// Part of the price pane's height that volume takes.
pub const VOLUME_PART: f64 = 0.2;
/// Size of axis text, CSS pixels.
pub const TEXT_SIZE: f64 = 12.0;
/// Least height of a pane, CSS pixels, where there is room for all.
pub const MIN_PANE: f64 = 36.0;
/// How far from the line between two panes a pointer still takes hold of it, CSS pixels.
pub const SPLITTER_REACH: f64 = 4.0;
/// The same for a finger: 24 pixels in all, the least target of WCAG 2.2 (2.5.8).
pub const TOUCH_REACH: f64 = 12.0;
/// Greatest width or height of a canvas that is laid out, device pixels.
pub const MAX_SIDE: i32 = 16_384;

/// What is at a point of the chart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    /// The plot of a pane; 0 is that of the prices.
    Plot(usize),
    /// The vertical axis of a pane.
    Axis(usize),
    /// The labels of time.
    TimeAxis,
    /// The row of news marks.
    News,
    /// The line below a pane, by which it is resized.
    Splitter(usize),
    /// Below the price axis.
    Corner,
    /// Not on the chart.
    Outside,
}

/// A pane's regions, in device pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PaneRects {
    /// Where it is plotted.
    pub plot: Rect,
    /// Its labels, right of the plot.
    pub axis: Rect,
}

/// The regions of a chart, in device pixels.
#[derive(Clone, PartialEq, Debug)]
pub struct Layout {
    /// The whole surface.
    pub all: Rect,
    /// Where bars are: the plot of the first pane.
    pub plot: Rect,
    /// The lower part of that plot, where volume is.
    pub volume: Rect,
    /// Price labels, right of that plot.
    pub price_axis: Rect,
    /// All panes from top to bottom, that of the prices first.
    pub panes: Vec<PaneRects>,
    /// All plots together, from the first to the last pane.
    pub plots: Rect,
    /// The row of news marks; empty if there is none.
    pub news: Rect,
    /// Time labels, at the bottom.
    pub time_axis: Rect,
    /// Below the price axis: the time zone.
    pub corner: Rect,
    /// Width of a line that looks one CSS pixel wide.
    pub hairline: i32,
    /// Font of labels.
    pub font: Font,
    ratio: f64,
}

/// What a layout is made from.
#[derive(Clone, Copy, Debug)]
pub struct LayoutOptions<'a> {
    /// Device pixels to a CSS pixel.
    pub ratio: f64,
    /// Least width of the price axis, device pixels.
    pub axis_width: i32,
    /// Shares of the height of the panes, the first that of the prices.
    pub weights: &'a [f64],
    /// Whether there is a row for news marks.
    pub news: bool,
}

impl Layout {
    /// Lays out a surface of `width` × `height` device pixels.
    #[must_use]
    pub fn new(width: i32, height: i32, options: &LayoutOptions<'_>) -> Self {
        let ratio = if options.ratio.is_finite() { options.ratio.clamp(0.25, 16.0) } else { 1.0 };
        let px = |css: f64| (css * ratio).round() as i32;
        let (width, height) = (width.clamp(1, MAX_SIDE), height.clamp(1, MAX_SIDE));
        let hairline = (ratio.floor() as i32).max(1);
        // Even, so that a change of the label's length moves the plot by whole steps only.
        let axis_width = (options.axis_width.max(px(AXIS_WIDTH)) + 1) & !1;
        let axis_width = axis_width.min(width * 2 / 5);
        let axis_height = px(AXIS_HEIGHT).min(height / 2);
        let news_height = if options.news { px(NEWS_HEIGHT).min(height / 8) } else { 0 };
        let plots = Rect::new(0, 0, width - axis_width, height - axis_height - news_height);
        let heights = heights(options.weights, plots.h, hairline, px(MIN_PANE));
        let mut panes = Vec::with_capacity(heights.len());
        let mut y = 0;
        for height in heights {
            let plot = Rect::new(0, y, plots.w, height);
            panes.push(PaneRects { plot, axis: Rect::new(plots.w, y, axis_width, height) });
            y += height + hairline;
        }
        let PaneRects { plot, axis } = panes.first().copied().unwrap_or_default();
        let volume = (f64::from(plot.h) * VOLUME_PART).round() as i32;
        let axis_top = plots.bottom() + news_height;
        Self {
            all: Rect::new(0, 0, width, height),
            plot,
            volume: Rect::new(0, plot.bottom() - volume, plot.w, volume),
            price_axis: axis,
            panes,
            plots,
            news: Rect::new(0, plots.bottom(), plots.w, news_height),
            time_axis: Rect::new(0, axis_top, plots.w, axis_height),
            corner: Rect::new(plots.w, axis_top, axis_width, axis_height),
            hairline,
            font: Font { size: (TEXT_SIZE * ratio).round().max(1.0) as u32, bold: false },
            ratio,
        }
    }

    /// CSS pixels in device pixels.
    #[must_use]
    pub fn px(&self, css: f64) -> i32 {
        (css * self.ratio).round() as i32
    }

    /// Left edge of something `width` wide whose middle is column `x`. Widths of one parity have
    /// one middle.
    #[must_use]
    pub const fn left_of(x: i32, width: i32) -> i32 {
        x - width / 2
    }

    /// What is at device pixel `x`, `y`. A line between panes reaches `reach` CSS pixels to either side, and the
    /// row of news as far up as that is more than a pointer needs; at least half of each pane is left to itself.
    #[must_use]
    pub fn place(&self, x: i32, y: i32, reach: f64) -> Place {
        if !self.all.contains(x, y) {
            return Place::Outside;
        }
        let (reach, least) = (self.px(reach), self.px(SPLITTER_REACH));
        // Half of the lowest pane is left to itself.
        let lowest = |panes: &[PaneRects]| panes.iter().map(|pane| pane.plot.h).min().unwrap_or(0);
        let within = |panes| reach.min(lowest(panes) / 4).max(least);
        let above = within(self.panes.get(self.panes.len().saturating_sub(1)..).unwrap_or_default()) - least;
        let news = Rect { y: self.news.y - above, h: self.news.h + above, ..self.news };
        if !self.news.is_empty() && news.contains(x, y) {
            return Place::News;
        }
        for (i, pair) in self.panes.windows(2).enumerate() {
            if let [upper, _] = pair
                && (y - upper.plot.bottom()).abs() <= within(pair)
            {
                return Place::Splitter(i);
            }
        }
        for (i, pane) in self.panes.iter().enumerate() {
            if pane.plot.contains(x, y) {
                return Place::Plot(i);
            }
            if pane.axis.contains(x, y) {
                return Place::Axis(i);
            }
        }
        if self.time_axis.contains(x, y) {
            return Place::TimeAxis;
        }
        Place::Corner
    }
}

/// Heights of panes with the lines between them; they and the lines together are `total`.
fn heights(weights: &[f64], total: i32, line: i32, least: i32) -> Vec<i32> {
    let count = weights.len().clamp(1, MAX_PANES);
    let room = (total - line * (count as i32 - 1)).max(count as i32);
    let least = least.min(room / count as i32).max(1);
    let weight = |i: usize| weights.get(i).copied().filter(|w| w.is_finite() && *w > 0.0).unwrap_or(1.0);
    let sum: f64 = (0..count).map(weight).sum();
    let mut heights: Vec<i32> =
        (0..count).map(|i| ((weight(i) / sum * f64::from(room)).round() as i32).max(least)).collect();
    // What rounding and the least height took or left is the largest pane's.
    let excess = heights.iter().sum::<i32>() - room;
    let largest = (0..count).max_by_key(|i| (heights.get(*i).copied(), std::cmp::Reverse(*i))).unwrap_or(0);
    if let Some(height) = heights.get_mut(largest) {
        *height = (*height - excess).max(1);
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(weights: &[f64]) -> Layout {
        Layout::new(800, 600, &LayoutOptions { ratio: 1.0, axis_width: 0, weights, news: true })
    }

    #[test]
    fn panes_fill_the_height_with_a_line_between_them() {
        for weights in [&[1.0][..], &[3.0, 1.0], &[5.0, 1.0, 2.0], &[1.0; 9], &[f64::NAN, -1.0, 1e-9]] {
            let layout = layout(weights);
            assert_eq!(layout.panes.len(), weights.len());
            let mut y = 0;
            for pane in &layout.panes {
                assert_eq!((pane.plot.y, pane.axis.y), (y, y));
                assert!(pane.plot.h >= 36, "{layout:?}");
                y = pane.plot.bottom() + layout.hairline;
            }
            assert_eq!(y - layout.hairline, layout.news.y);
            assert_eq!(layout.news.bottom(), layout.time_axis.y);
            assert_eq!(layout.time_axis.bottom(), 600);
        }
    }

    #[test]
    fn tiny_surfaces_have_panes_of_a_pixel_at_least() {
        for (width, height) in [(1, 1), (9, 9), (40, 30)] {
            let weights = [1.0; 4];
            let options = LayoutOptions { ratio: 2.0, axis_width: 0, weights: &weights, news: true };
            let layout = Layout::new(width, height, &options);
            assert!(layout.panes.iter().all(|pane| pane.plot.h >= 1), "{layout:?}");
        }
    }

    #[test]
    fn places() {
        let layout = layout(&[3.0, 1.0]);
        let line = layout.panes[0].plot.bottom();
        let place = |x, y| layout.place(x, y, SPLITTER_REACH);
        assert_eq!(place(10, 10), Place::Plot(0));
        assert_eq!(place(799, 10), Place::Axis(0));
        assert_eq!(place(10, line + 3), Place::Splitter(0));
        assert_eq!(place(10, line + 9), Place::Plot(1));
        assert_eq!(layout.place(10, line + 9, TOUCH_REACH), Place::Splitter(0));
        assert_eq!(layout.place(10, line - 13, TOUCH_REACH), Place::Plot(0));
        assert_eq!(place(10, line + 30), Place::Plot(1));
        assert_eq!(place(799, line + 30), Place::Axis(1));
        assert_eq!(place(10, layout.news.y + 2), Place::News);
        assert_eq!(place(10, layout.news.y - 5), Place::Plot(1));
        assert_eq!(layout.place(10, layout.news.y - 5, TOUCH_REACH), Place::News);
        assert_eq!(layout.place(799, layout.news.y - 5, TOUCH_REACH), Place::Axis(1));
        assert_eq!(place(10, 599), Place::TimeAxis);
        assert_eq!(place(799, 599), Place::Corner);
        assert_eq!(place(800, 5), Place::Outside);
    }

    #[test]
    fn a_finger_finds_lines_and_plots_of_low_panes() {
        for count in [8, 14, 16] {
            let layout = layout(&vec![1.0; count]);
            for (i, pane) in layout.panes.iter().enumerate() {
                let place = |y| layout.place(10, y, TOUCH_REACH);
                for part in [3, 4, 5] {
                    assert_eq!(place(pane.plot.y + pane.plot.h * part / 8), Place::Plot(i), "of {count}");
                }
                let below = if i + 1 < count { Place::Splitter(i) } else { Place::News };
                assert_eq!(place(pane.plot.bottom()), below, "of {count}");
            }
        }
    }
}
