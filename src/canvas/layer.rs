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

/// Most rules that a layer shows; further ones are painted.
const MAX_RULES: usize = 8;

/// The parts of the stage that have a patch each.
const REGIONS: usize = 3;
const PLOTS: usize = 0;
const PRICE_AXIS: usize = 1;
const TIME_AXIS: usize = 2;

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
    /// The region of each call; [`REGIONS`] for a rule.
    regions: Vec<usize>,
    /// Made when they are first needed.
    patches: [Option<Patch>; REGIONS],
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
            patches: [None, None, None],
            rules: Vec::new(),
            stage: stage.clone(),
            class,
        }
    }

    /// Shows what was painted since the last [`Surface::clear_rects`].
    pub(super) fn show(&mut self, layout: &Layout, ratio: f64) -> Result<(), CanvasError> {
        let mut used = 0;
        let mut boxes = [Rect::default(); REGIONS];
        self.regions.clear();
        for call in &self.calls {
            let numbers = self.numbers.get(call.part()).unwrap_or_default();
            if let (Kind::Rule(dash), [x, y, w, h]) = (call.kind, numbers)
                && used < MAX_RULES
            {
                if used == self.rules.len() {
                    self.rules.push(Rule::new(&self.stage, self.class)?);
                }
                if let Some(rule) = self.rules.get_mut(used) {
                    rule.show(call.color, Rect::new(*x, *y, *w, *h), dash, ratio);
                    used += 1;
                }
                self.regions.push(REGIONS);
                continue;
            }
            let text = self.chars.get(call.part()).unwrap_or_default();
            let bounds = bounds(call, numbers, text);
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
                None => slot.insert(Patch::new(&self.stage, self.class)?),
            };
            // What changes with every trade or move of the pointer has a place that does not, so that nothing
            // has to be moved: an axis whole, and of the plots a column.
            let plots = layout.plots;
            match region {
                PLOTS => (area.y, area.h) = (plots.y, plots.h),
                PRICE_AXIS => {
                    *area = union(area, &Rect::new(plots.right(), plots.y, layout.all.w - plots.w, plots.h));
                }
                _ => {
                    *area = union(area, &Rect::new(plots.x, layout.time_axis.y, plots.w, layout.time_axis.h))
                }
            }
            let context = patch.cover(area.clip(&layout.all), ratio)?;
            for (call, _) in self.calls.iter().zip(&self.regions).filter(|(_, at)| **at == region) {
                let numbers = self.numbers.get(call.part()).unwrap_or_default();
                match call.kind {
                    Kind::Rects => context.fill_rects(call.color, numbers)?,
                    Kind::Rule(dash) => {
                        if let [x, y, w, h] = numbers {
                            context.rule(call.color, Rect::new(*x, *y, *w, *h), dash)?;
                        }
                    }
                    Kind::Lines(width) => context.stroke(call.color, width, numbers)?,
                    Kind::Areas => context.fill_areas(call.color, numbers)?,
                    Kind::Text { at, anchor, font } => {
                        let text = self.chars.get(call.part()).unwrap_or_default();
                        context.text(text, at, anchor, font, call.color)?;
                    }
                }
            }
            patch.finish();
        }
        Ok(())
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
