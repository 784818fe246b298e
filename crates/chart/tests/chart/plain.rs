//! Plain bars, plain colours, and a surface that only counts: for measuring.

use wickwire_chart::model::bars::Bar;
use wickwire_chart::render::surface::estimated_width;
use wickwire_chart::{Anchor, Color, Columns, Flags, Font, Rect, Surface, Theme};

pub(crate) const MINUTE: i64 = 60_000_000_000;

/// Counts numbers and characters.
#[derive(Default)]
pub(crate) struct Counter(pub(crate) usize);

impl Surface for Counter {
    type Error = std::convert::Infallible;

    fn clear_rects(&mut self, rects: &[Rect]) -> Result<(), Self::Error> {
        self.0 += rects.len();
        Ok(())
    }
    fn fill_rects(&mut self, _: Color, rects: &[i32]) -> Result<(), Self::Error> {
        self.0 += rects.len();
        Ok(())
    }
    fn stroke(&mut self, _: Color, _: u32, points: &[i32]) -> Result<(), Self::Error> {
        self.0 += points.len();
        Ok(())
    }
    fn fill_areas(&mut self, _: Color, points: &[i32]) -> Result<(), Self::Error> {
        self.0 += points.len();
        Ok(())
    }
    fn text(&mut self, text: &str, _: (i32, i32), _: Anchor, _: Font, _: Color) -> Result<(), Self::Error> {
        self.0 += text.len();
        Ok(())
    }
    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        estimated_width(text, font)
    }
}

/// A walk in cents, the same at every run.
pub(crate) fn bars(count: usize) -> Columns {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: i64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as i64 % below
    };
    let mut at = 50_000_i64;
    let bar = |i| {
        let open = at;
        // Drawn back to the middle, so that a million bars stay above zero.
        let close = open + random(21) - 10 - (open - 50_000) / 4_000;
        let (high, low) = (open.max(close) + random(8), open.min(close) - random(8));
        at = close;
        let price = |cents: i64| cents as f64 / 100.0;
        Bar {
            time_ns: 1_381_152_600_000_000_000 + i as i64 * MINUTE,
            open: price(open),
            high: price(high),
            low: price(low),
            close: price(close),
            volume: random(50_000) as f64,
            flags: if i % 1_500 == 1_499 { Flags::GAP_BEFORE } else { Flags::NONE },
        }
    };
    (0..count).map(bar).collect()
}

pub(crate) fn theme() -> Theme {
    let color = |n: u8| Color::rgb(n, n, n);
    Theme {
        ground: color(1),
        grid: color(2),
        border: color(3),
        text: color(4),
        secondary: color(5),
        muted: color(6),
        up: color(7),
        down: color(8),
        accent: color(9),
    }
}
