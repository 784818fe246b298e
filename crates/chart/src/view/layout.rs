//! Where plot and axes are.

use crate::model::scale::PriceScale;
use crate::{Font, Rect};

/// Least width of the price axis, CSS pixels.
pub const AXIS_WIDTH: f64 = 56.0;
/// Height of the time axis, CSS pixels.
pub const AXIS_HEIGHT: f64 = 26.0;
/// Part of the plot's height that volume takes.
pub const VOLUME_PART: f64 = 0.2;
/// Size of axis text, CSS pixels.
pub const TEXT_SIZE: f64 = 12.0;
/// Greatest width or height of a canvas that is laid out, device pixels.
pub const MAX_SIDE: i32 = 16_384;

/// The regions of a chart, in device pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Layout {
    /// The whole surface.
    pub all: Rect,
    /// Where bars are.
    pub plot: Rect,
    /// The lower part of the plot, where volume is.
    pub volume: Rect,
    /// Price labels, right of the plot.
    pub price_axis: Rect,
    /// Time labels, below the plot.
    pub time_axis: Rect,
    /// Below the price axis: the time zone.
    pub corner: Rect,
    /// Width of a line that looks one CSS pixel wide.
    pub hairline: i32,
    /// Font of labels.
    pub font: Font,
    ratio: f64,
}

impl Layout {
    /// Lays out a surface of `width` × `height` device pixels, `ratio` device pixels to a CSS
    /// pixel, with a price axis of at least `axis_width` device pixels.
    #[must_use]
    pub fn new(width: i32, height: i32, ratio: f64, axis_width: i32) -> Self {
        let ratio = if ratio.is_finite() { ratio.clamp(0.25, 16.0) } else { 1.0 };
        let px = |css: f64| (css * ratio).round() as i32;
        let (width, height) = (width.clamp(1, MAX_SIDE), height.clamp(1, MAX_SIDE));
        // Even, so that a change of the label's length moves the plot by whole steps only.
        let axis_width = (axis_width.max(px(AXIS_WIDTH)) + 1) & !1;
        let axis_width = axis_width.min(width * 2 / 5);
        let axis_height = px(AXIS_HEIGHT).min(height / 2);
        let plot = Rect::new(0, 0, width - axis_width, height - axis_height);
        let volume = (f64::from(plot.h) * VOLUME_PART).round() as i32;
        Self {
            all: Rect::new(0, 0, width, height),
            plot,
            volume: Rect::new(0, plot.bottom() - volume, plot.w, volume),
            price_axis: Rect::new(plot.w, 0, axis_width, plot.h),
            time_axis: Rect::new(0, plot.h, plot.w, axis_height),
            corner: Rect::new(plot.w, plot.h, axis_width, axis_height),
            hairline: (ratio.floor() as i32).max(1),
            font: Font { size: (TEXT_SIZE * ratio).round().max(1.0) as u32, bold: false },
            ratio,
        }
    }

    /// CSS pixels in device pixels.
    #[must_use]
    pub fn px(&self, css: f64) -> i32 {
        (css * self.ratio).round() as i32
    }

    /// The row of `price`: the first row of the plot for the scale's maximum, the last for its
    /// minimum, outside of the plot beyond them.
    #[must_use]
    pub fn y(&self, scale: &PriceScale, price: f64) -> i32 {
        let y = (scale.position(price) * f64::from(self.plot.h - 1)).round();
        // Far outside is as good as far enough outside, and keeps sums of coordinates in range.
        self.plot.y + y.clamp(-f64::from(MAX_SIDE), 2.0 * f64::from(MAX_SIDE)) as i32
    }

    /// The price at row `y`; the inverse of [`y`](Self::y).
    #[must_use]
    pub fn price_at(&self, scale: &PriceScale, y: i32) -> f64 {
        scale.price(f64::from(y - self.plot.y) / f64::from((self.plot.h - 1).max(1)))
    }

    /// Left edge of something `width` wide whose middle is column `x`. Widths of one parity have
    /// one middle.
    #[must_use]
    pub const fn left_of(x: i32, width: i32) -> i32 {
        x - width / 2
    }
}
