//! Several charts side by side in one picture.

use plotters_backend::DrawingBackend;
use plotters_svg::SVGBackend;
use wickwire_chart::render::surface::BREAK;
use wickwire_chart::{Anchor, Change, Chart, Color, Content, Error, Font, Plotters, Rect, Surface};

use super::{Golden, SVG_TEXT, check};

/// A part of another surface.
struct Cell<'a, S> {
    on: &'a mut S,
    x: i32,
    y: i32,
}

impl<S> Cell<'_, S> {
    fn moved(&self, points: &[i32]) -> Vec<i32> {
        let pair = |pair: &[i32]| {
            if pair[0] == BREAK { [BREAK, 0] } else { [pair[0] + self.x, pair[1] + self.y] }
        };
        points.chunks_exact(2).flat_map(pair).collect()
    }
}

impl<S: Surface> Surface for Cell<'_, S> {
    type Error = S::Error;

    fn clear_rects(&mut self, _: &[Rect]) -> Result<(), S::Error> {
        Ok(())
    }

    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), S::Error> {
        let moved: Vec<i32> =
            rects.chunks_exact(4).flat_map(|r| [r[0] + self.x, r[1] + self.y, r[2], r[3]]).collect();
        self.on.fill_rects(color, &moved)
    }

    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), S::Error> {
        let moved = self.moved(points);
        self.on.stroke(color, width, &moved)
    }

    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), S::Error> {
        let moved = self.moved(points);
        self.on.fill_areas(color, &moved)
    }

    fn text(
        &mut self,
        text: &str,
        (x, y): (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
    ) -> Result<(), S::Error> {
        self.on.text(text, (x + self.x, y + self.y), anchor, font, color)
    }

    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        self.on.text_width(text, font)
    }
}

/// Draws charts of one size in rows of `across`, and compares the sheet with the golden one.
pub(super) fn sheet<'a>(
    golden: &Golden,
    across: usize,
    charts: impl IntoIterator<Item = (Chart, Content<'a>)>,
) {
    let mut charts: Vec<(Chart, Content<'_>)> = charts.into_iter().collect();
    let size = charts[0].0.layout().all;
    let down = charts.len().div_ceil(across);
    let mut svg = String::new();
    {
        let all = (size.w as u32 * across as u32, size.h as u32 * down as u32);
        let mut backend = SVGBackend::with_string(&mut svg, all);
        let mut surface = Plotters::new(&mut backend).text_scale(SVG_TEXT);
        for (i, (chart, content)) in charts.iter_mut().enumerate() {
            let (column, row) = ((i % across) as i32, (i / across) as i32);
            let mut cell = Cell { on: &mut surface, x: column * size.w, y: row * size.h };
            chart.sync(content, &Change::all());
            let painted: Result<(), Error> = chart.paint_flat(content, &mut cell);
            painted.unwrap();
        }
        backend.present().unwrap();
    }
    check(golden, &svg);
}
