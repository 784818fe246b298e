//! Tints behind pre-market and after-hours, and lines between trading days.

use std::ops::Range;

use super::{Frame, dashed};
use crate::model::marks::{Session, Sessions};
use crate::model::time_ticks::{TimeTick, day_starts};
use crate::{Rect, Scene};

/// Least mean distance between session breaks, CSS pixels; closer ones say nothing.
const BREAKS_APART: f64 = 32.0;
/// Sessions looked at for one picture at most; a view with more of them is not tinted.
const MAX_SPANS: usize = 400;
/// Narrowest session that is tinted, device pixels on average.
const LEAST_WIDTH: i32 = 2;

/// Tints the plots where bars are of extended hours.
pub(crate) fn shading(
    frame: &Frame<'_>,
    visible: &Range<usize>,
    sessions: &dyn Sessions,
    spans: &mut Vec<(i32, i32)>,
    scene: &mut Scene,
) {
    spans.clear();
    let plots = &frame.layout.plots;
    let most = MAX_SPANS.min((plots.w / LEAST_WIDTH).max(0) as usize);
    let mut at = visible.start;
    for _ in 0..most {
        if at >= visible.end {
            break;
        }
        let (session, until) = sessions.session_at(frame.bars.time_ns(at));
        let next = frame.first_from(at + 1..visible.end, until);
        if matches!(session, Session::Pre | Session::Post) {
            spans.push((frame.edge(at), frame.edge(next)));
        }
        at = next;
    }
    if at < visible.end {
        return;
    }
    let batch = scene.batch(frame.theme.extended());
    for &(left, right) in spans.iter() {
        scene.fill(batch, Rect::new(left, plots.y, right - left, plots.h).clip(plots));
    }
}

/// Draws a line between the last bar of a trading day and the first of the next.
pub(crate) fn breaks(
    frame: &Frame<'_>,
    visible: &Range<usize>,
    sessions: &dyn Sessions,
    scratch: &mut Vec<TimeTick>,
    scene: &mut Scene,
) {
    let layout = frame.layout;
    day_starts(frame.bars, visible.clone(), sessions.zone(), scratch);
    let border = scene.batch(frame.theme.border);
    if scratch.len() as i32 * layout.px(BREAKS_APART) > layout.plots.w {
        return;
    }
    for tick in scratch.iter().filter(|tick| tick.index > 0) {
        let x = frame.x(tick.index) - (frame.viewport.spacing() / 2.0).round() as i32;
        let line = Rect::new(x, layout.plots.y, layout.hairline, layout.plots.h).clip(&layout.plots);
        dashed(scene, border, line, layout.px(3.0).max(1));
    }
}
