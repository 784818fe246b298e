//! A surface of pixels, coarse but exact: the same shapes give the same pixels.

use crate::render::surface::parts;
use crate::{Anchor, Color, Font, Rect, Surface};

/// A layer's pixels; zero is transparent.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Raster {
    pub(super) width: i32,
    pub(super) height: i32,
    pixels: Vec<u64>,
}

/// What a pixel becomes when `color` is painted over it: a number that depends on all that was
/// painted there since it was cleared, so that what is painted twice differs from once.
fn over(pixel: u64, color: Color, salt: u64) -> u64 {
    let ink = u64::from(u32::from_be_bytes([color.r, color.g, color.b, color.a])) ^ salt;
    if color.a == u8::MAX {
        return ink | 1 << 63;
    }
    (pixel.rotate_left(7) ^ ink).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 62
}

impl Raster {
    pub(super) fn new(width: i32, height: i32) -> Self {
        Self { width, height, pixels: vec![0; (width * height) as usize] }
    }

    fn fill(&mut self, rect: Rect, color: Color, salt: u64) {
        let rect = rect.clip(&Rect::new(0, 0, self.width, self.height));
        for y in rect.y..rect.bottom() {
            for x in rect.x..rect.right() {
                let pixel = &mut self.pixels[(y * self.width + x) as usize];
                *pixel = over(*pixel, color, salt);
            }
        }
    }

    /// The first pixel that is not as in `other`.
    pub(super) fn difference(&self, other: &Self) -> Option<(i32, i32)> {
        if (self.width, self.height) != (other.width, other.height) {
            return Some((-1, -1));
        }
        let at = self.pixels.iter().zip(&other.pixels).position(|(a, b)| a != b)? as i32;
        Some((at % self.width, at / self.width))
    }

    /// Each pixel once, whatever the shape covers, as a canvas does it within one path.
    fn mark(&mut self, mut covered: Vec<(i32, i32)>, color: Color) {
        covered.sort_unstable();
        covered.dedup();
        for (x, y) in covered {
            self.fill(Rect::new(x, y, 1, 1), color, 0);
        }
    }
}

impl Surface for Raster {
    type Error = std::convert::Infallible;

    fn clear_rects(&mut self, rects: &[Rect]) -> Result<(), Self::Error> {
        for rect in rects {
            let rect = rect.clip(&Rect::new(0, 0, self.width, self.height));
            if rect.w <= 0 || rect.h <= 0 {
                continue;
            }
            for y in rect.y..rect.bottom() {
                self.pixels[(y * self.width + rect.x) as usize..(y * self.width + rect.right()) as usize]
                    .fill(0);
            }
        }
        Ok(())
    }

    fn fill_rects(&mut self, color: Color, rects: &[i32]) -> Result<(), Self::Error> {
        for r in rects.chunks_exact(4) {
            self.fill(Rect::new(r[0], r[1], r[2], r[3]), color, 0);
        }
        Ok(())
    }

    fn stroke(&mut self, color: Color, width: u32, points: &[i32]) -> Result<(), Self::Error> {
        let mut covered = Vec::new();
        let half = width.div_ceil(2) as i32;
        for line in parts(points) {
            let points: Vec<(i32, i32)> = line.chunks_exact(2).map(|p| (p[0], p[1])).collect();
            for pair in points.windows(2) {
                let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
                let steps = (x1 - x0).abs().max((y1 - y0).abs()).max(1);
                for step in 0..=steps {
                    let at = |a: i32, b: i32| a + ((b - a) as i64 * step as i64 / steps as i64) as i32;
                    // A line of one pixel may mark the pixels beside it, half each.
                    for dy in -half..=half {
                        covered.extend((-half..=half).map(|dx| (at(x0, x1) + dx, at(y0, y1) + dy)));
                    }
                }
            }
        }
        self.mark(covered, color);
        Ok(())
    }

    fn fill_areas(&mut self, color: Color, points: &[i32]) -> Result<(), Self::Error> {
        let mut covered = Vec::new();
        for area in parts(points) {
            let corners: Vec<(f64, f64)> =
                area.chunks_exact(2).map(|p| (f64::from(p[0]), f64::from(p[1]))).collect();
            let bottom = corners.iter().map(|p| p.1 as i32).max().unwrap_or(0);
            for y in corners.iter().map(|p| p.1 as i32).min().unwrap_or(0)..bottom {
                // Where the middle of the row crosses the outline.
                let middle = f64::from(y) + 0.5;
                let mut crossings: Vec<f64> = (0..corners.len())
                    .filter_map(|i| {
                        let (a, b) = (corners[i], corners[(i + 1) % corners.len()]);
                        ((a.1 <= middle) != (b.1 <= middle))
                            .then(|| a.0 + (middle - a.1) / (b.1 - a.1) * (b.0 - a.0))
                    })
                    .collect();
                crossings.sort_by(f64::total_cmp);
                for pair in crossings.chunks_exact(2) {
                    covered.extend((pair[0].round() as i32..pair[1].round() as i32).map(|x| (x, y)));
                }
            }
        }
        self.mark(covered, color);
        Ok(())
    }

    fn text(
        &mut self,
        text: &str,
        (x, y): (i32, i32),
        anchor: Anchor,
        font: Font,
        color: Color,
    ) -> Result<(), Self::Error> {
        let (w, h) = (self.text_width(text, font), font.size as i32);
        let x = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - w / 2,
            Anchor::End => x - w,
        };
        // Another text gives other pixels.
        let salt =
            text.bytes().fold(u64::from(font.bold), |salt, b| salt.wrapping_mul(31) ^ u64::from(b) << 32);
        self.fill(Rect::new(x, y - h / 2, w, h), color, salt);
        Ok(())
    }

    /// Narrow, so that no label widens the axis: its width depends on what was shown before.
    fn text_width(&mut self, text: &str, font: Font) -> i32 {
        text.chars().count() as i32 * (font.size as i32 / 3)
    }
}
