//! Prices as a line through the closes: line, step, area, baseline.

use super::Frame;
use super::trace::{self, Part, Points, Trace};
use crate::model::series_kind::SeriesKind;
use crate::{Color, Rect, Scene};

/// Width of the line, CSS pixels.
const WIDTH: f64 = 2.0;
/// Opacity of the area below the line.
const AREA_ALPHA: f64 = 0.16;

/// Buffers reused from frame to frame.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    pub(crate) points: Points,
    pub(crate) other: Points,
    pub(crate) corners: [Points; 2],
}

/// Draws the closes of the bars of `part` as a line of that kind. For the live layer `touch` notes
/// what is marked.
pub fn line(
    frame: &Frame<'_>,
    part: &Part,
    kind: SeriesKind,
    touch: bool,
    scratch: &mut Scratch,
    scene: &mut Scene,
) {
    let Scratch { points, corners, .. } = scratch;
    let close = |i: usize| frame.bars.close(i);
    let wanted =
        Trace { value: &close, extremes: &|range| frame.extent(range), step: kind == SeriesKind::Step };
    trace::trace(frame, part, &wanted, points);
    let plot = &frame.plot;
    let width = frame.layout.px(WIDTH).max(1);
    let mut draw = |clip: &Rect, color: Color, base: Option<i32>| {
        if let Some(base) = base {
            let batch = scene.areas(color.fade(AREA_ALPHA));
            trace::fill_to(scene, batch, points, base, clip, corners);
        }
        let batch = scene.lines(color, width.unsigned_abs());
        trace::stroke(scene, batch, points, width, clip);
    };
    match kind {
        SeriesKind::Area => draw(plot, frame.theme.accent, Some(plot.bottom())),
        SeriesKind::Baseline => {
            // The middle of the pane, as on other terminals: it divides what is in view.
            let middle = baseline(plot);
            let (above, below) = (
                Rect { h: middle - plot.y, ..*plot },
                Rect { y: middle, h: plot.bottom() - middle, ..*plot },
            );
            draw(&above, frame.theme.up, Some(middle));
            draw(&below, frame.theme.down, Some(middle));
        }
        _ => draw(plot, frame.theme.accent, None),
    }
    if touch {
        let (mut marked, all) = (trace::bounds(&[points], width), trace::grown(plot, width));
        if matches!(kind, SeriesKind::Area | SeriesKind::Baseline) && !marked.is_empty() {
            (marked.y, marked.h) = (all.y, all.h);
        }
        scene.touch(marked.clip(&all));
    }
}

/// The row that a baseline series is divided at.
#[must_use]
pub const fn baseline(plot: &Rect) -> i32 {
    plot.y + plot.h / 2
}
