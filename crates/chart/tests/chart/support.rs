//! Bars to draw, and a surface that writes down what is painted.

use wickwire_chart::chart::Options;
use wickwire_chart::model::bars::Bar;
use wickwire_chart::model::marks::{Session, Sessions};
use wickwire_chart::render::surface::estimated_width;
use wickwire_chart::render::surface::parts;
use wickwire_chart::{Anchor, Chart, Color, Columns, Content, Flags, Font, Rect, Surface, Theme, Zone};

pub(crate) const MINUTE: i64 = 60_000_000_000;
/// 2013-10-07 13:30 UTC, 09:30 in New York.
pub(crate) const OPENING: i64 = 1_381_152_600_000_000_000;

pub(crate) fn dark() -> Theme {
    theme(["#0E1117", "#1C212B", "#262D3A", "#E6E9EF", "#A6ADBB", "#7D8698", "#26A69A", "#EF5350", "#4AA8FF"])
}

pub(crate) fn light() -> Theme {
    theme(["#FFFFFF", "#E9ECF1", "#D5DAE3", "#11151C", "#4A5262", "#6B7385", "#0B7A6F", "#C62F3B", "#0B6BCB"])
}

fn theme(colors: [&str; 9]) -> Theme {
    let [ground, grid, border, text, secondary, muted, up, down, accent] =
        colors.map(|color| Color::parse(color).unwrap());
    Theme { ground, grid, border, text, secondary, muted, up, down, accent }
}

/// New York in October and November 2013.
pub(crate) struct NewYork;

impl Zone for NewYork {
    fn offset_seconds(&self, utc: i64) -> i32 {
        if utc < 1_383_458_400 { -4 * 3_600 } else { -5 * 3_600 }
    }
    fn abbreviation(&self, utc: i64) -> &str {
        if utc < 1_383_458_400 { "EDT" } else { "EST" }
    }
}

/// Always trading, on days of New York.
impl Sessions for NewYork {
    fn session_at(&self, _: i64) -> (Session, i64) {
        (Session::Regular, i64::MAX)
    }
    fn zone(&self) -> &dyn Zone {
        self
    }
}

/// A walk that is the same at every run: prices around `price` in steps of `tick`.
pub(crate) fn walk(count: usize, price: f64, tick: f64) -> Vec<Bar> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) % below
    };
    let mut at = 0_i64;
    (0..count)
        .map(|i| {
            let open = at;
            let close = open + random(21) as i64 - 10;
            let high = open.max(close) + random(8) as i64;
            let low = open.min(close) - random(8) as i64;
            at = close;
            let price = |ticks: i64| price + ticks as f64 * tick;
            Bar {
                time_ns: OPENING + i as i64 * MINUTE,
                open: price(open),
                high: price(high),
                low: price(low),
                close: price(close),
                volume: random(50_000) as f64,
                flags: Flags::NONE,
            }
        })
        .collect()
}

/// Whole days of a New York session each, from 7 October 2013.
pub(crate) fn sessions(days: i64, per_day: usize) -> Vec<Bar> {
    let mut bars = walk(days as usize * per_day, 181.5, 0.01);
    for (i, bar) in bars.iter_mut().enumerate() {
        let (day, minute) = ((i / per_day) as i64, (i % per_day) as i64);
        bar.time_ns = OPENING + day * 24 * 60 * MINUTE + minute * MINUTE;
    }
    bars
}

pub(crate) fn columns(bars: &[Bar]) -> Columns {
    bars.iter().copied().collect()
}

pub(crate) fn chart(width: i32, height: i32, ratio: f64, decimals: usize) -> Chart {
    let mut chart = Chart::new(dark(), Options { interval_ns: MINUTE, decimals });
    chart.set_zone(Box::new(NewYork));
    chart.set_sessions(Box::new(NewYork));
    chart.resize(width, height, ratio);
    chart
}

/// Writes down what is painted.
#[derive(Default, Clone, PartialEq, Debug)]
pub(crate) struct Recorder {
    pub(crate) cleared: Vec<Rect>,
    pub(crate) fills: Vec<(Color, Rect)>,
    pub(crate) texts: Vec<(String, Rect)>,
    pub(crate) lines: Vec<(Color, Vec<(i32, i32)>)>,
}

fn pairs(points: &[i32]) -> Vec<(i32, i32)> {
    points.chunks_exact(2).map(|p| (p[0], p[1])).collect()
}

/// The rectangle that a line of that width, or an area, marks at most.
fn around(points: &[i32], width: i32) -> Rect {
    let points = pairs(points);
    let (left, right) =
        (points.iter().map(|p| p.0).min().unwrap(), points.iter().map(|p| p.0).max().unwrap());
    let (top, bottom) =
        (points.iter().map(|p| p.1).min().unwrap(), points.iter().map(|p| p.1).max().unwrap());
    let half = width / 2;
    Rect::new(left - half, top - half, right - left + 2 * half, bottom - top + 2 * half)
}

impl Recorder {
    pub(crate) fn is_empty(&self) -> bool {
        self.cleared.is_empty() && self.fills.is_empty() && self.texts.is_empty()
    }

    pub(crate) fn of(&self, color: Color) -> impl Iterator<Item = Rect> {
        self.fills.iter().filter(move |(c, _)| *c == color).map(|(_, rect)| *rect)
    }
}

impl Surface for Recorder {
    type Error = std::convert::Infallible;

    fn clear_rects(&mut self, rects: &[Rect]) -> Result<(), Self::Error> {
        self.cleared.extend(rects);
        Ok(())
    }

    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), Self::Error> {
        self.fills.extend(rects.chunks_exact(4).map(|r| (color, Rect::new(r[0], r[1], r[2], r[3]))));
        Ok(())
    }

    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), Self::Error> {
        self.lines.extend(parts(points).map(|line| (color, pairs(line))));
        let width = width as i32;
        self.fills.extend(parts(points).map(|line| (color, around(line, width))));
        Ok(())
    }

    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), Self::Error> {
        self.fills.extend(parts(points).map(|area| (color, around(area, 0))));
        Ok(())
    }

    fn text(
        &mut self,
        text: &str,
        (x, y): (i32, i32),
        anchor: Anchor,
        font: Font,
        _: Color,
    ) -> Result<(), Self::Error> {
        let (w, h) = (estimated_width(text, font), font.size as i32);
        let x = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - w / 2,
            Anchor::End => x - w,
        };
        self.texts.push((text.to_owned(), Rect::new(x, y - h / 2, w, h)));
        Ok(())
    }

    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        estimated_width(text, font)
    }
}

/// Paints all that is due and returns what each layer got.
pub(crate) fn paint(chart: &mut Chart, bars: &Columns) -> [Recorder; 3] {
    let [mut base, mut live, mut overlay] = [Recorder::default(), Recorder::default(), Recorder::default()];
    sync(chart, bars);
    chart.paint(&Content::bars(bars), &mut base, &mut live, &mut overlay).unwrap();
    [base, live, overlay]
}

/// Tells the chart what has become of the bars.
pub(crate) fn sync(chart: &mut Chart, bars: &Columns) {
    chart.sync(&Content::bars(bars), &bars.take_change());
}

/// Tells the chart that all is new to it.
pub(crate) fn sync_with(chart: &mut Chart, content: &Content<'_>) {
    chart.sync(content, &wickwire_chart::Change::all());
}
