//! Tags on the axes with the last values of what is plotted.

use super::Frame;
use super::axes::AxisLabels;
use super::plots::Plotted;
use crate::model::pane::{PaneSpec, Plot, PlotStyle};
use crate::{Anchor, Color, Rect, Scene};

/// Space above and below the text of a tag together, CSS pixels: less than the last price's has.
const PADDING: f64 = 4.0;

/// A value that wants a tag.
#[derive(Clone, Copy, Debug)]
struct Tag {
    value: f64,
    color: Color,
    row: i32,
    /// Upper edge of where it got to.
    top: i32,
}

/// The tags of a frame, in memory that is used again.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    /// Those of the pane at hand.
    pane: Vec<Tag>,
    /// Tags that touch each other: the sum of what they want, and how many they are.
    blocks: Vec<(i32, i32)>,
    /// Where all tags are, that of the last price among them.
    placed: Vec<Rect>,
    /// How many of those other panes have.
    others: usize,
}

impl Tags {
    /// Begins a frame.
    pub(crate) fn clear(&mut self) {
        self.placed.clear();
    }

    /// Where all tags of the frame are.
    pub(crate) fn placed(&self) -> &[Rect] {
        &self.placed
    }

    /// Where the tags of the pane at hand are, that of the last price first if it is there.
    pub(crate) fn in_pane(&self) -> &[Rect] {
        self.placed.get(self.others..).unwrap_or_default()
    }

    /// Chooses the tags of a pane at bar `last`, and where they stand: as near to their rows as they
    /// can without standing on each other or on that of the last price, which `price` tells with the
    /// price itself. Where there is no room for all, what is plotted first has it.
    pub(crate) fn choose(
        &mut self,
        frame: &Frame<'_>,
        spec: &PaneSpec,
        plotted: Plotted<'_>,
        last: usize,
        price: Option<(Rect, f64)>,
    ) {
        let Self { pane, blocks, placed, others } = self;
        *others = placed.len();
        placed.extend(price.map(|(tag, _)| tag));
        let (layout, axis) = (frame.layout, &frame.axis);
        let height = layout.font.size as i32 + layout.px(PADDING);
        let pitch = height + layout.hairline;
        let (above, below) = match price {
            Some((tag, _)) => {
                ((axis.y, tag.y - layout.hairline), (tag.bottom() + layout.hairline, axis.bottom()))
            }
            None => ((axis.y, axis.bottom()), (axis.bottom(), axis.bottom())),
        };
        let fit =
            |(from, to): (i32, i32)| ((to - from + layout.hairline) / pitch).max(0).unsigned_abs() as usize;
        pane.clear();
        for (i, plot) in spec.plots.iter().enumerate() {
            let value = plotted.value(plot.column, last);
            let row = frame.y(value);
            // A column that is plotted twice is named once.
            let again = spec.plots.iter().skip(i + 1).any(|other| other.column == plot.column);
            if value.is_finite() && (frame.plot.y..frame.plot.bottom()).contains(&row) && !again {
                pane.push(Tag { value, color: color(frame, plot, value), row, top: 0 });
            }
        }
        pane.truncate(fit(above) + fit(below));
        pane.sort_unstable_by(|a, b| b.value.total_cmp(&a.value));
        let higher = match price {
            Some((_, price)) => pane.partition_point(|tag| tag.value > price),
            None => pane.len(),
        };
        // What finds no room on one side goes to the other.
        let higher = higher.min(fit(above)).max(pane.len().saturating_sub(fit(below)));
        let (upper, lower) = pane.split_at_mut(higher);
        spread(upper, blocks, above, (height, pitch));
        spread(lower, blocks, below, (height, pitch));
        let (x, w) = (axis.x + layout.hairline, axis.w - layout.hairline);
        placed.extend(pane.iter().map(|tag| Rect::new(x, tag.top, w, height)));
    }

    /// Marks the tags of the pane at hand, but for that of the last price.
    pub(crate) fn mark(&self, frame: &Frame<'_>, labels: &AxisLabels, scene: &mut Scene) {
        let font = frame.layout.font;
        let x = frame.axis.x + frame.layout.px(6.0);
        let rects = self.in_pane();
        let own = rects.get(rects.len().saturating_sub(self.pane.len())..).unwrap_or_default();
        for (tag, rect) in self.pane.iter().zip(own) {
            let batch = scene.batch(tag.color);
            scene.fill(batch, *rect);
            scene.touch(*rect);
            let ink = frame.theme.ink_on(tag.color);
            scene.label((x, rect.y + rect.h / 2), Anchor::Start, font, ink, |out| {
                labels.write(frame, tag.value, out);
            });
        }
    }
}

/// The colour of a plot at a value, opaque.
fn color(frame: &Frame<'_>, plot: &Plot, value: f64) -> Color {
    let color = match plot.style {
        PlotStyle::Histogram { signed: true } => frame.theme.direction(value >= 0.0),
        _ => plot.color,
    };
    Color { a: u8::MAX, ..color }
}

/// Places tags by row between two rows that have room for all: those that would stand on each other
/// move apart, as little as they can together.
fn spread(
    tags: &mut [Tag],
    blocks: &mut Vec<(i32, i32)>,
    (from, to): (i32, i32),
    (height, pitch): (i32, i32),
) {
    blocks.clear();
    // Without the room that those before them take all tags have to be in order, and no more.
    let mut before = 0;
    for tag in tags.iter() {
        let mut block = (tag.row - height / 2 - before, 1);
        while let Some(&(sum, count)) = blocks.last()
            && sum * block.1 >= block.0 * count
        {
            blocks.pop();
            block = (sum + block.0, count + block.1);
        }
        blocks.push(block);
        before += pitch;
    }
    let most = (to - before + pitch - height).max(from);
    let tops = blocks.iter().flat_map(|&(sum, count)| {
        let top = sum.div_euclid(count).clamp(from, most);
        (0..count).map(move |_| top)
    });
    let mut before = 0;
    for (tag, top) in tags.iter_mut().zip(tops) {
        tag.top = top + before;
        before += pitch;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn tops(rows: &[i32], room: (i32, i32)) -> Vec<i32> {
        let tag = |row: &i32| Tag { value: 0.0, color: Color::default(), row: *row, top: 0 };
        let mut tags: Vec<Tag> = rows.iter().map(tag).collect();
        spread(&mut tags, &mut Vec::new(), room, (10, 11));
        tags.iter().map(|tag| tag.top).collect()
    }

    #[test]
    fn tags_stand_at_their_rows_or_move_apart_evenly() {
        assert!(tops(&[], (0, 100)).is_empty());
        assert_eq!(tops(&[20, 60], (0, 100)), [15, 55]);
        assert_eq!(tops(&[50, 50], (0, 100)), [39, 50]);
        assert_eq!(tops(&[40, 50, 52], (0, 100)), [31, 42, 53]);
        assert_eq!(tops(&[2, 3, 90], (0, 100)), [0, 11, 85]);
        assert_eq!(tops(&[97, 98, 99], (0, 100)), [68, 79, 90]);
        assert_eq!(tops(&[0, 0, 0], (0, 32)), [0, 11, 22], "no room to spare");
    }
}
