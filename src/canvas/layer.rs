//! A layer that changes often: what is painted on it is shown by rules and small canvases.

use std::ops::Range;

use web_sys::Element;
use wickwire_chart::render::surface::BREAK;
use wickwire_chart::view::layout::Layout;
use wickwire_chart::{Anchor, Color, Font, Rect, Surface};

use super::context::CanvasError;
use super::measure::text_width;
use super::patch::Patch;
use super::rule::Rule;

/// Most rules that a layer shows by elements; further ones are painted.
const MAX_RULES: usize = 8;

/// The parts of the stage that have a patch each.
const REGIONS: usize = 4;
const PLOTS: usize = 0;
const PRICE_AXIS: usize = 1;
const TIME_AXIS: usize = 2;
const STRIP: usize = 3;

/// Room above and below the lines of a strip, CSS pixels, so that it hardly ever has to be moved.
const STRIP_ROOM: f64 = 96.0;
/// Width that is kept of a column that was wider, CSS pixels.
const COLUMN_ROOM: f64 = 96.0;
/// Most height of the lines of a strip, CSS pixels; what is farther away is a rule.
const STRIP_LINES: f64 = 128.0;

#[derive(Clone, Copy)]
enum Kind {
    Rects,
    /// One rectangle, in dashes of so many pixels if that is above zero.
    Rule(i32),
    Lines(u32),
    Areas,
    Text {
        at: (i32, i32),
        anchor: Anchor,
        font: Font,
    },
}

/// One call, its numbers or characters in the common lists.
#[derive(Clone)]
struct Call {
    kind: Kind,
    color: Color,
    part: (usize, usize),
}

impl Call {
    fn part(&self) -> Range<usize> {
        self.part.0..self.part.1
    }
}

/// Remembers what is painted, and shows it once it is complete.
pub(super) struct Layer {
    calls: Vec<Call>,
    numbers: Vec<i32>,
    chars: String,
    /// The region of each call; [`REGIONS`] for one that an element shows.
    regions: Vec<usize>,
    /// Made when they are first needed.
    patches: [Option<Patch>; REGIONS],
    /// The part of the plots, from side to side, on which lines across are painted; nothing where all are
    /// rules.
    strip: Option<Rect>,
    /// The part of the plots that the patch there covers.
    column: Rect,
    rules: Vec<Rule>,
    stage: Element,
    /// The style sheet's name for the layer, which says what it is above of.
    class: &'static str,
}

impl Layer {
    pub(super) fn new(stage: &Element, class: &'static str) -> Self {
        Self {
            calls: Vec::new(),
            numbers: Vec::new(),
            chars: String::new(),
            regions: Vec::new(),
            patches: [const { None }; REGIONS],
            strip: None,
            column: Rect::default(),
            rules: Vec::new(),
            stage: stage.clone(),
            class,
        }
    }

    /// Whether lines that are near each other are painted on a strip, and not shown by rules: so they move
    /// together with all else that is painted, and the page has no element to move. Only for a thread that
    /// paints: to fill so many pixels takes longer than to move an element.
    pub(super) fn set_strip(&mut self, wanted: bool) {
        if wanted != self.strip.is_some() {
            self.strip = wanted.then(Rect::default);
        }
    }

    /// Shows what was painted since the last [`Surface::clear_rects`].
    pub(super) fn show(&mut self, layout: &Layout, ratio: f64) -> Result<(), CanvasError> {
        let mut used = 0;
        let mut boxes = [Rect::default(); REGIONS];
        self.strip = self.strip.map(|last| self.strip_for(last, layout.plots, ratio));
        self.regions.clear();
        for call in &self.calls {
            let numbers = self.numbers.get(call.part()).unwrap_or_default();
            let rule = if let (Kind::Rule(dash), [x, y, w, h]) = (call.kind, numbers) {
                Some((dash, Rect::new(*x, *y, *w, *h)))
            } else {
                None
            };
            if let (Some(strip), Some((_, rect))) = (&self.strip, &rule)
                && rect.clip(strip) == *rect
            {
                boxes[STRIP] = *strip;
                self.regions.push(STRIP);
                continue;
            }
            if let Some((dash, rect)) = rule
                && used < MAX_RULES
            {
                if used == self.rules.len() {
                    self.rules.push(Rule::new(&self.stage, self.class)?);
                }
                if let Some(rule) = self.rules.get_mut(used) {
                    rule.show(call.color, rect, dash, ratio);
                    used += 1;
                }
                self.regions.push(REGIONS);
                continue;
            }
            // Beside and below the plots a text is on a canvas as large as its axis, whatever its width.
            let beyond = |x, y| x >= layout.plots.right() || y >= layout.plots.bottom();
            let bounds = match call.kind {
                Kind::Text { at: (x, y), anchor: Anchor::Start, .. } if beyond(x, y) => Rect::new(x, y, 1, 1),
                _ => bounds(call, numbers, self.chars.get(call.part()).unwrap_or_default()),
            };
            let region = if bounds.x >= layout.plots.right() {
                PRICE_AXIS
            } else if bounds.y >= layout.plots.bottom() {
                TIME_AXIS
            } else {
                PLOTS
            };
            boxes[region] = union(&boxes[region], &bounds);
            self.regions.push(region);
        }
        for rule in self.rules.iter_mut().skip(used) {
            rule.hide();
        }
        for (region, (slot, area)) in self.patches.iter_mut().zip(&mut boxes).enumerate() {
            if area.is_empty() {
                if let Some(patch) = slot {
                    patch.hide();
                }
                continue;
            }
            let patch = match slot {
                Some(patch) => patch,
                None => {
                    let kind = if region == STRIP { " strip" } else { "" };
                    slot.insert(Patch::new(&self.stage, &[self.class, kind].concat())?)
                }
            };
            // What changes with every trade or move of the pointer has a place that does not, so that nothing
            // has to be moved: an axis whole, and of the plots a column.
            let plots = layout.plots;
            match region {
                STRIP => {}
                PLOTS => {
                    (area.y, area.h) = (plots.y, plots.h);
                    // Of a label beside the last bar, which comes and goes, the place is kept.
                    if stays(area, &self.column, (COLUMN_ROOM * ratio) as i32) {
                        *area = self.column;
                    }
                    self.column = *area;
                }
                PRICE_AXIS => {
                    *area = union(area, &Rect::new(plots.right(), plots.y, layout.all.w - plots.w, plots.h));
                }
                _ => {
                    *area = union(area, &Rect::new(plots.x, layout.time_axis.y, plots.w, layout.time_axis.h))
                }
            }
            let surface = patch.cover(area.clip(&layout.all), ratio)?;
            let calls = self.calls.iter().zip(&self.regions).filter(|(_, at)| **at == region);
            calls
                .map(|(call, _)| call)
                .try_for_each(|call| replay(call, &self.numbers, &self.chars, surface))?;
            patch.finish();
        }
        Ok(())
    }

    /// A part of the plots with the line drawn last, that at the last price, and those near it: the last part
    /// if they are in it. A line that comes on it, or leaves it, is missing or seen twice for a frame.
    fn strip_for(&self, last: Rect, plots: Rect, ratio: f64) -> Rect {
        let [room, most] = [STRIP_ROOM, STRIP_LINES].map(|css| (css * ratio).ceil() as i32);
        let lines = |most: i32| {
            let rules = self.calls.iter().rev().filter(|call| matches!(call.kind, Kind::Rule(_)));
            let lines = rules.fold(Rect::default(), |lines, call| {
                let rule = bounds(call, self.numbers.get(call.part()).unwrap_or_default(), "");
                let both = union(&lines, &rule);
                if both.h > most { lines } else { both }
            });
            Rect::new(plots.x, lines.y, plots.w, lines.h)
        };
        // Where there is a strip already, what fits on it may be on it.
        let kept = lines(last.h.max(most));
        if kept.is_empty() || stays(&kept, &last, 3 * room) {
            return last;
        }
        let lines = lines(most);
        Rect::new(plots.x, lines.y - room, plots.w, lines.h + 2 * room).clip(&plots)
    }

    /// Shows nothing until it is shown again.
    pub(super) fn hide(&mut self) {
        self.rules.iter_mut().for_each(Rule::hide);
        self.patches.iter_mut().flatten().for_each(Patch::hide);
    }

    /// Paints on `surface` what was painted since the last [`Surface::clear_rects`].
    pub(super) fn replay(&self, surface: &mut dyn Surface<Error = CanvasError>) -> Result<(), CanvasError> {
        self.calls.iter().try_for_each(|call| replay(call, &self.numbers, &self.chars, surface))
    }

    fn note(&mut self, kind: Kind, color: Color, numbers: &[i32]) {
        let start = self.numbers.len();
        self.numbers.extend_from_slice(numbers);
        self.calls.push(Call { kind, color, part: (start, self.numbers.len()) });
    }
}

impl Surface for Layer {
    type Error = CanvasError;

    /// Begins anew: everything is painted after this.
    fn clear_rects(&mut self, _: &[Rect]) -> Result<(), CanvasError> {
        self.calls.clear();
        self.numbers.clear();
        self.chars.clear();
        Ok(())
    }

    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), CanvasError> {
        self.note(Kind::Rects, color, rects);
        Ok(())
    }

    fn rule(&mut self, color: Color, rect: Rect, dash: i32) -> Result<(), CanvasError> {
        self.note(Kind::Rule(dash), color, &[rect.x, rect.y, rect.w, rect.h]);
        Ok(())
    }

    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), CanvasError> {
        self.note(Kind::Lines(width), color, points);
        Ok(())
    }

    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), CanvasError> {
        self.note(Kind::Areas, color, points);
        Ok(())
    }

    fn text(
        &mut self,
        text: &str,
        at: (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
    ) -> Result<(), CanvasError> {
        let start = self.chars.len();
        self.chars.push_str(text);
        self.calls.push(Call {
            kind: Kind::Text { at, anchor, font },
            color,
            part: (start, self.chars.len()),
        });
        Ok(())
    }

    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        text_width(text, font)
    }
}

/// Does one call of a layer, whose numbers and characters these are.
fn replay(
    call: &Call,
    numbers: &[i32],
    chars: &str,
    surface: &mut dyn Surface<Error = CanvasError>,
) -> Result<(), CanvasError> {
    let numbers = numbers.get(call.part()).unwrap_or_default();
    match call.kind {
        Kind::Rects => surface.fill_rects(call.color, numbers),
        Kind::Rule(dash) => match numbers {
            [x, y, w, h] => surface.rule(call.color, Rect::new(*x, *y, *w, *h), dash),
            _ => Ok(()),
        },
        Kind::Lines(width) => surface.stroke(call.color, width, numbers),
        Kind::Areas => surface.fill_areas(call.color, numbers),
        Kind::Text { at, anchor, font } => {
            surface.text(chars.get(call.part()).unwrap_or_default(), at, anchor, font, call.color)
        }
    }
}

/// Whether `area` lies in `last`, which has no more than so much room beside it in all.
fn stays(area: &Rect, last: &Rect, room: i32) -> bool {
    area.clip(last) == *area && last.w <= area.w + room && last.h <= area.h + room
}

fn union(a: &Rect, b: &Rect) -> Rect {
    if a.is_empty() {
        return *b;
    }
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect::new(x, y, a.right().max(b.right()) - x, a.bottom().max(b.bottom()) - y)
}

fn bounds(call: &Call, numbers: &[i32], text: &str) -> Rect {
    match call.kind {
        Kind::Rects | Kind::Rule(_) => {
            numbers.chunks_exact(4).fold(Rect::default(), |all, rect| match *rect {
                [x, y, w, h] => union(&all, &Rect::new(x, y, w, h)),
                _ => all,
            })
        }
        Kind::Lines(_) | Kind::Areas => {
            let margin = if let Kind::Lines(width) = call.kind { width as i32 } else { 1 };
            numbers.chunks_exact(2).fold(Rect::default(), |all, point| match *point {
                [x, y] if x != BREAK => {
                    union(&all, &Rect::new(x - margin, y - margin, 2 * margin + 1, 2 * margin + 1))
                }
                _ => all,
            })
        }
        Kind::Text { at: (x, y), anchor, font } => {
            let width = text_width(text, font);
            let left = match anchor {
                Anchor::Start => x,
                Anchor::Middle => x - width / 2,
                Anchor::End => x - width,
            };
            let size = font.size as i32;
            Rect::new(left, y - size, width, 2 * size)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_place_is_kept_while_it_is_large_enough_and_not_too_large() {
        let last = Rect::new(10, 10, 100, 60);
        assert!(stays(&last, &last, 0));
        assert!(stays(&Rect::new(14, 14, 96, 56), &last, 4));
        assert!(!stays(&Rect::new(15, 14, 95, 56), &last, 4), "more room beside it than is kept");
        assert!(!stays(&Rect::new(10, 20, 100, 30), &last, 29), "above and below, too");
        for (x, y, w, h) in [(9, 10, 50, 50), (10, 9, 50, 50), (61, 10, 50, 50), (10, 21, 50, 50)] {
            assert!(!stays(&Rect::new(x, y, w, h), &last, 1_000), "{x} {y}");
        }
    }
}
