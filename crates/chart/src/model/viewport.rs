//! Which slots are on screen.

/// Distance between bars at the start, CSS pixels.
pub const DEFAULT_SPACING: f64 = 7.0;
/// Greatest distance between bars, CSS pixels.
pub const MAX_SPACING: f64 = 120.0;
/// Least distance between bars, CSS pixels: millions of bars fit the width of a screen.
pub const MIN_SPACING: f64 = 0.000_2;
/// Empty slots kept right of the last bar while following it.
pub const FOLLOW_OFFSET: f64 = 4.0;
/// Bars that stay in view however far one pans.
pub const KEPT_IN_VIEW: f64 = 2.0;

/// The horizontal view. It moves when the user moves it, or when it follows the last bar, and
/// never because data arrived.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Viewport {
    /// Distance between bars in CSS pixels.
    spacing: f64,
    /// Device pixels to a CSS pixel.
    ratio: f64,
    /// Width of the plot in device pixels.
    width: f64,
    /// The slot at the right edge, with a fraction.
    right: f64,
    /// Distance from the last bar to the right edge in slots, while following.
    follow: Option<f64>,
    /// How often it was moved other than by data.
    moves: u32,
}

impl Default for Viewport {
    fn default() -> Self {
        Self {
            spacing: DEFAULT_SPACING,
            ratio: 1.0,
            width: 1.0,
            right: 0.0,
            follow: Some(FOLLOW_OFFSET),
            moves: 0,
        }
    }
}

impl Viewport {
    /// Device pixels between the centres of neighbours.
    #[must_use]
    pub fn spacing(&self) -> f64 {
        self.spacing * self.ratio
    }

    /// Width of the plot in device pixels.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Whether the view moves along with the last bar.
    #[must_use]
    pub fn following(&self) -> bool {
        self.follow.is_some()
    }

    /// Centre of `slot`, device pixels from the left edge of the plot.
    #[must_use]
    pub fn x(&self, slot: f64) -> f64 {
        self.width - (self.right - slot) * self.spacing()
    }

    /// The slot at `x`; the inverse of [`x`](Self::x).
    #[must_use]
    pub fn slot_at(&self, x: f64) -> f64 {
        self.right - (self.width - x) / self.spacing()
    }

    /// The slots at the two edges.
    #[must_use]
    pub fn edges(&self) -> (f64, f64) {
        (self.slot_at(0.0), self.right)
    }

    /// Takes a new plot width and device pixel ratio; the right edge and the spacing in CSS pixels stay.
    pub fn resize(&mut self, width: f64, ratio: f64) {
        self.width = width.max(1.0);
        if ratio.is_finite() && ratio > 0.0 {
            self.ratio = ratio;
        }
    }

    /// Bars were put before (positive) or dropped from (negative) the front: what is on screen stays.
    pub fn shift(&mut self, slots: f64) {
        self.right += slots;
    }

    /// The last bar is now at `last`; moves the view if it follows.
    pub fn track(&mut self, last: f64) {
        if let Some(offset) = self.follow {
            self.right = last + offset;
        }
    }

    /// Moves by `pixels` device pixels: positive shows earlier bars. A gesture; one that is no number
    /// does nothing, as in all that follow.
    pub fn pan(&mut self, pixels: f64, last: f64) {
        if pixels.is_nan() {
            return;
        }
        self.right -= pixels / self.spacing();
        self.settle(last);
    }

    /// Multiplies the spacing by `factor` with the slot at `x` staying where it is. A gesture.
    pub fn zoom(&mut self, x: f64, factor: f64, last: f64) {
        if x.is_nan() {
            return;
        }
        let slot = self.slot_at(x);
        let spacing = self.spacing * factor;
        if spacing.is_finite() {
            // Zooming out ends where all bars are in view; few bars do not have to fill the width.
            let all = self.width / (last + 1.0 + 2.0 * FOLLOW_OFFSET) / self.ratio;
            let least = all.min(DEFAULT_SPACING / 2.0).min(self.spacing).max(MIN_SPACING);
            self.spacing = spacing.clamp(least, MAX_SPACING);
        }
        self.right = slot + (self.width - x) / self.spacing();
        self.settle(last);
    }

    /// Back to the last bar at the spacing of the start. A gesture.
    pub fn reset(&mut self, last: f64) {
        self.spacing = DEFAULT_SPACING;
        self.go_live(last);
    }

    /// Back to the last bar; the spacing stays. A gesture.
    pub fn go_live(&mut self, last: f64) {
        // Few bars, wide apart, need the room themselves. Before there is a size nothing is known.
        let room = if self.width > 1.0 { self.width / self.spacing() / 4.0 } else { FOLLOW_OFFSET };
        self.follow = Some(FOLLOW_OFFSET.min(room));
        self.track(last);
    }

    /// Shows exactly the slots from `from` to `to`, `last` being the last bar's. A gesture.
    pub fn show(&mut self, from: f64, to: f64, last: f64) {
        if to > from {
            self.spacing = (self.width / (to - from) / self.ratio).clamp(MIN_SPACING, MAX_SPACING);
            self.right = to;
            self.settle(last);
        }
    }

    /// Brings a bar back into a view that would have none, and does nothing to any other.
    pub fn keep_in_view(&mut self, last: f64) {
        // A half of the first or the last is in view at least.
        if self.right < -0.5 || self.slot_at(0.0) > last + 0.5 {
            self.settle(last);
        }
    }

    /// After a gesture: keeps some bars in view, and follows exactly if the last bar is in view.
    fn settle(&mut self, last: f64) {
        let slots = self.width / self.spacing();
        // A plot that is narrower than a bar shows the half of one.
        let (least, most) = (KEPT_IN_VIEW - 1.0, last + (slots - KEPT_IN_VIEW + 1.0).max(slots / 2.0));
        self.right = self.right.clamp(least.min(most), most);
        let offset = self.right - last;
        self.follow = (offset >= 0.0).then_some(offset);
        self.moves = self.moves.wrapping_add(1);
    }

    /// Another number after each gesture, whatever data did meanwhile.
    #[must_use]
    pub const fn moves(&self) -> u32 {
        self.moves
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> Viewport {
        let mut view = Viewport::default();
        view.resize(1000.0, 2.0);
        view.track(500.0);
        view
    }

    #[test]
    fn x_and_slot_are_inverse() {
        let view = view();
        for slot in [-3.0, 0.0, 17.25, 500.0, 600.5] {
            assert!((view.slot_at(view.x(slot)) - slot).abs() < 1e-9);
        }
    }

    #[test]
    fn zoom_keeps_the_slot_under_the_pointer() {
        let mut view = view();
        let before = view.slot_at(400.0);
        view.zoom(400.0, 1.7, 500.0);
        assert!((view.slot_at(400.0) - before).abs() < 1e-9);
        view.zoom(400.0, f64::NAN, 500.0);
        assert!(view.spacing().is_finite());
        view.zoom(f64::NAN, 2.0, 500.0);
        view.pan(f64::NAN, 500.0);
        assert!(view.edges().1.is_finite());
        view.zoom(400.0, 1e9, 500.0);
        assert!((view.spacing() - MAX_SPACING * 2.0).abs() < 1e-9);
    }

    #[test]
    fn zooming_out_ends_where_all_bars_are_in_view() {
        let mut view = view();
        view.track(5_000.0);
        for _ in 0..100 {
            view.zoom(500.0, 0.7, 5_000.0);
        }
        let (left, right) = view.edges();
        assert!(right - left > 5_000.0 && right - left < 5_100.0, "{left} {right}");
        let mut few = Viewport::default();
        few.resize(1000.0, 1.0);
        few.track(3.0);
        few.zoom(500.0, 1e-6, 3.0);
        assert!((few.spacing() - DEFAULT_SPACING / 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_plot_narrower_than_a_bar_has_the_only_one_in_it() {
        let mut view = Viewport::default();
        view.resize(100.0, 1.0);
        view.track(0.0);
        view.zoom(100.0, 1e9, 0.0);
        view.pan(-1e9, 0.0);
        let (left, right) = view.edges();
        assert!(left < 0.5 && right > -0.5, "{left}..{right}");
        view.pan(1e9, 0.0);
        let (left, right) = view.edges();
        assert!(left < 0.5 && right > -0.5, "{left}..{right}");
    }

    #[test]
    fn data_moves_the_view_only_while_it_follows() {
        let mut view = view();
        view.track(501.0);
        assert!((view.edges().1 - 505.0).abs() < 1e-9);
        view.pan(400.0, 501.0);
        assert!(!view.following());
        let before = view.edges();
        view.track(502.0);
        assert_eq!(view.edges(), before);
        view.go_live(502.0);
        assert!(view.following());
    }

    #[test]
    fn some_bars_stay_in_view() {
        let mut view = view();
        view.pan(1e9, 500.0);
        assert!(view.edges().1 >= 0.0);
        view.pan(-1e9, 500.0);
        assert!(view.edges().0 <= 500.0);
        assert!(view.following(), "the last bar is in view");
    }
}
