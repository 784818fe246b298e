//! The chart as scalable vector graphics: a surface that writes elements.

use std::convert::Infallible;
use std::fmt::Write as _;

use wickwire_chart::render::surface::parts;
use wickwire_chart::{Anchor, Color, Font, Rect, Surface};

use super::picture::{self, Line};
use crate::canvas::DIGITS_FACE;

/// From the middle of a digit down to the baseline, as a part of the font size.
const HALF_DIGIT: f64 = 0.36;

/// A picture that grows as it is painted on. All layers of a chart may share it.
pub struct Svg<'a> {
    out: String,
    ratio: f64,
    measure: &'a mut dyn FnMut(&str, Font) -> i32,
}

impl<'a> Svg<'a> {
    /// An empty picture of so many device pixels, shown `ratio` times smaller. `measure` tells the
    /// width of a text in device pixels, so that the layout is that of the screen.
    #[must_use]
    pub fn new(width: u32, height: u32, ratio: f64, measure: &'a mut dyn FnMut(&str, Font) -> i32) -> Self {
        let mut out = String::new();
        let css = |side: u32| f64::from(side) / ratio;
        let face = DIGITS_FACE.replace('"', "'");
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" \
             xml:space=\"preserve\" \
             font-family=\"{face}\" shape-rendering=\"crispEdges\">",
            css(width),
            css(height)
        );
        Self { out, ratio, measure }
    }

    /// Begins a path along the lines of a flat list of points.
    fn trace(&mut self, points: &[i32], shift: f64) {
        self.out.push_str("<path d=\"");
        for line in parts(points) {
            for (i, pair) in line.chunks_exact(2).enumerate() {
                let &[x, y] = pair else { continue };
                let (x, y) = (f64::from(x) + shift, f64::from(y) + shift);
                let _ = write!(self.out, "{}{x} {y}", if i == 0 { 'M' } else { 'L' });
            }
        }
        self.out.push('"');
    }

    /// Lays words over what is painted.
    pub fn lines(&mut self, lines: &[Line]) {
        let ratio = self.ratio;
        let Ok(()) = picture::write(self, lines, ratio);
    }

    /// The document.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }
}

/// Appends an attribute with a colour, and its opacity where it has one.
fn fill(out: &mut String, color: Color) {
    let _ = write!(out, " fill=\"#{:02x}{:02x}{:02x}\"", color.r, color.g, color.b);
    if color.a != u8::MAX {
        let _ = write!(out, " fill-opacity=\"{:.3}\"", color.alpha());
    }
}

/// Appends text, with the characters that mean something in XML as references.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if c < ' ' => {}
            c => out.push(c),
        }
    }
}

impl Surface for Svg<'_> {
    type Error = Infallible;

    fn clear_rects(&mut self, _: &[Rect]) -> Result<(), Infallible> {
        Ok(())
    }

    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), Infallible> {
        self.out.push_str("<path d=\"");
        for rect in rects.chunks_exact(4) {
            let &[x, y, w, h] = rect else { continue };
            let _ = write!(self.out, "M{x} {y}h{w}v{h}h-{w}z");
        }
        self.out.push('"');
        fill(&mut self.out, color);
        self.out.push_str("/>\n");
        Ok(())
    }

    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), Infallible> {
        // A point is the middle of its pixel.
        self.trace(points, if width % 2 == 1 { 0.5 } else { 0.0 });
        let _ = writeln!(
            self.out,
            " fill=\"none\" stroke-width=\"{width}\" stroke-linejoin=\"round\" shape-rendering=\"auto\" \
             stroke=\"#{:02x}{:02x}{:02x}\" stroke-opacity=\"{:.3}\"/>",
            color.r,
            color.g,
            color.b,
            color.alpha()
        );
        Ok(())
    }

    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), Infallible> {
        self.trace(points, 0.0);
        fill(&mut self.out, color);
        self.out.push_str(" shape-rendering=\"auto\"/>\n");
        Ok(())
    }

    fn text(
        &mut self,
        text: &str,
        (x, y): (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
    ) -> Result<(), Infallible> {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if font.bold { 600 } else { 400 };
        let baseline = f64::from(y) + f64::from(font.size) * HALF_DIGIT;
        let _ = write!(
            self.out,
            "<text x=\"{x}\" y=\"{baseline:.1}\" font-size=\"{}\" font-weight=\"{weight}\" text-anchor=\"{anchor}\"",
            font.size
        );
        fill(&mut self.out, color);
        self.out.push('>');
        escape(&mut self.out, text);
        self.out.push_str("</text>\n");
        Ok(())
    }

    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        (self.measure)(text, font)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::picture::Word;
    use super::*;

    #[test]
    fn rectangles_of_one_colour_are_one_path_and_text_is_escaped() {
        let mut measure = |text: &str, _| 10 * text.len() as i32;
        let mut svg = Svg::new(200, 100, 2.0, &mut measure);
        let color = Color { r: 1, g: 2, b: 255, a: 51 };
        svg.fill_rects(color, &[1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
        let font = Font { size: 20, bold: true };
        svg.text("<A&B>", (10, 50), Anchor::End, font, Color::rgb(0, 0, 0)).unwrap();
        let word = |text: &str, color| Word { text: text.to_owned(), color, gap: 4.0 };
        let words = vec![word("O", Color::rgb(9, 9, 9)), word("187.15", Color::rgb(0, 255, 0))];
        svg.lines(&[Line { words, middle: 15.0, strong: false }]);
        let text = svg.finish();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("width=\"100\" height=\"50\" viewBox=\"0 0 200 100\""), "{}", lines[0]);
        assert_eq!(lines[1], r##"<path d="M1 2h3v4h-3zM5 6h7v8h-7z" fill="#0102ff" fill-opacity="0.200"/>"##);
        assert_eq!(
            lines[2],
            r##"<text x="10" y="57.2" font-size="20" font-weight="600" text-anchor="end" fill="#000000">&lt;A&amp;B&gt;</text>"##
        );
        assert!(lines[3].contains(r##"x="20" y="38.6" font-size="24" font-weight="400""##), "{}", lines[3]);
        assert!(lines[3].ends_with(r##"fill="#090909">O</text>"##), "{}", lines[3]);
        // Behind the word before it, and the gap.
        assert!(lines[4].contains(r##"x="38" y="38.6""##), "{}", lines[4]);
        assert!(lines[4].ends_with(r##"fill="#00ff00">187.15</text>"##), "{}", lines[4]);
        assert_eq!(lines[5..], ["</svg>"]);
    }
}
