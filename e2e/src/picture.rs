//! A picture of the page, pixel by pixel: what is only on canvas is seen there and nowhere else.
//!
//! Canvases may be drawn by another thread, so they cannot be read; the browser's own screenshot can.

use std::io::Read;

use anyhow::{Context, Result, bail, ensure};
use flate2::read::ZlibDecoder;
use serde_json::{Value, json};

use crate::browser::Browser;

/// A colour without opacity.
pub type Rgb = [u8; 3];

/// The first bytes of every PNG.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Pixels, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels from left to right.
    pub width: usize,
    /// Pixels from top to bottom.
    pub height: usize,
    pixels: Vec<Rgb>,
}

impl Picture {
    /// Reads a PNG of eight bits a channel with or without opacity, which is left out, and without
    /// interlacing: the kind that browsers write.
    ///
    /// # Errors
    /// If it is of another kind or damaged.
    pub fn decode(png: &[u8]) -> Result<Self> {
        let mut rest = png.strip_prefix(SIGNATURE).context("it is no PNG")?;
        let (mut head, mut packed) = (None, Vec::new());
        while !rest.is_empty() {
            let (length, after) = rest.split_first_chunk::<4>().context("it is cut off")?;
            let (kind, after) = after.split_first_chunk::<4>().context("it is cut off")?;
            let (data, after) =
                after.split_at_checked(u32::from_be_bytes(*length) as usize).context("it is cut off")?;
            match kind {
                b"IHDR" => head = data.first_chunk::<13>().copied(),
                b"IDAT" => packed.extend_from_slice(data),
                _ => {}
            }
            // A checksum follows.
            rest = after.get(4..).context("it is cut off")?;
        }
        let [w0, w1, w2, w3, h0, h1, h2, h3, depth, kind, .., interlace] = head.context("it has no head")?;
        let (width, height) =
            (u32::from_be_bytes([w0, w1, w2, w3]) as usize, u32::from_be_bytes([h0, h1, h2, h3]) as usize);
        ensure!(depth == 8 && interlace == 0 && width > 0, "depth {depth}, interlacing {interlace}");
        let channels = match kind {
            2 => 3,
            6 => 4,
            _ => bail!("colours of kind {kind}"),
        };
        let mut raw = Vec::new();
        ZlibDecoder::new(packed.as_slice()).read_to_end(&mut raw)?;
        let stride = width * channels;
        ensure!(raw.len() == (stride + 1) * height, "{} bytes for {width} × {height}", raw.len());
        let mut above = vec![0; stride];
        let mut pixels = Vec::with_capacity(width * height);
        for row in raw.chunks_exact_mut(stride + 1) {
            let (filter, row) = row.split_first_mut().context("an empty row")?;
            unfilter(*filter, row, &above, channels)?;
            pixels.extend(row.chunks_exact(channels).map(|pixel| [pixel[0], pixel[1], pixel[2]]));
            above.copy_from_slice(row);
        }
        Ok(Self { width, height, pixels })
    }

    /// The colour of a pixel; black outside.
    #[must_use]
    pub fn at(&self, x: usize, y: usize) -> Rgb {
        let inside = x < self.width && y < self.height;
        if inside { self.pixels.get(y * self.width + x).copied().unwrap_or_default() } else { Rgb::default() }
    }

    /// How many pixels have exactly this colour.
    #[must_use]
    pub fn count(&self, color: Rgb) -> usize {
        self.pixels.iter().filter(|pixel| **pixel == color).count()
    }

    /// Rows that hold exactly this colour, from top to bottom, each with how often.
    #[must_use]
    pub fn rows_with(&self, color: Rgb) -> Vec<(usize, usize)> {
        let rows = self.pixels.chunks_exact(self.width).enumerate();
        rows.map(|(y, row)| (y, row.iter().filter(|pixel| **pixel == color).count()))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// How many pixels differ from those of another picture; all if its size differs.
    #[must_use]
    pub fn difference(&self, other: &Self) -> usize {
        if (self.width, self.height) != (other.width, other.height) {
            return self.pixels.len();
        }
        self.pixels.iter().zip(&other.pixels).filter(|(own, other)| own != other).count()
    }

    /// A part of it, as far as it lies inside.
    #[must_use]
    pub fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let (left, top) = (left.min(self.width), top.min(self.height));
        let (width, height) = (width.min(self.width - left), height.min(self.height - top));
        let rows = (top..top + height).flat_map(|y| (left..left + width).map(move |x| self.at(x, y)));
        Self { width, height, pixels: rows.collect() }
    }
}

/// Takes back the filter of a row, after the PNG specification, section 9.
fn unfilter(filter: u8, row: &mut [u8], above: &[u8], channels: usize) -> Result<()> {
    for i in 0..row.len() {
        let left = if i < channels { 0 } else { row[i - channels] };
        let corner = if i < channels { 0 } else { above[i - channels] };
        let up = above[i];
        let guess = match filter {
            0 => 0,
            1 => left,
            2 => up,
            3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
            4 => paeth(left, up, corner),
            _ => bail!("a filter {filter}"),
        };
        row[i] = row[i].wrapping_add(guess);
    }
    Ok(())
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i16::from);
    let distance = |value: i16| (a + b - c - value).abs();
    if distance(a) <= distance(b) && distance(a) <= distance(c) {
        left
    } else if distance(b) <= distance(c) {
        up
    } else {
        corner
    }
}

impl Browser {
    /// A picture of a part of the window: left, top, width and height in CSS pixels, in device pixels
    /// as it is shown.
    ///
    /// # Errors
    /// If the browser takes none.
    pub async fn pixels(&self, (x, y, width, height): (f64, f64, f64, f64)) -> Result<Picture> {
        let clip = json!({ "x": x, "y": y, "width": width, "height": height, "scale": 1 });
        let asked = json!({ "format": "png", "clip": clip, "optimizeForSpeed": true });
        let answer = self.devtools("Page.captureScreenshot", asked).await?;
        let data = answer["data"].as_str().context("no picture came")?;
        Picture::decode(&from_base64(data)?)
    }

    /// The colour of a token of the style sheet, as it is now.
    ///
    /// # Errors
    /// If there is none.
    pub async fn token(&self, name: &str) -> Result<Rgb> {
        // A canvas says every colour in the same way, however the style sheet has it.
        let read = "const canvas = document.createElement('canvas').getContext('2d');
            const value = getComputedStyle(document.documentElement).getPropertyValue(arguments[0]).trim();
            const none = canvas.fillStyle = '#010203';
            canvas.fillStyle = value;
            return canvas.fillStyle === none ? value.replace('#', '') : canvas.fillStyle";
        let value = self.run(read, vec![Value::from(name)]).await?;
        let text = value.as_str().and_then(|text| text.strip_prefix('#')).unwrap_or_default();
        let part = |i: usize| text.get(i..i + 2).and_then(|part| u8::from_str_radix(part, 16).ok());
        match (part(0), part(2), part(4)) {
            (Some(red), Some(green), Some(blue)) => Ok([red, green, blue]),
            _ => bail!("{name} is {value}"),
        }
    }
}

/// Bytes from base 64 (RFC 4648, section 4).
fn from_base64(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for c in text.bytes().take_while(|c| *c != b'=') {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => bail!("{c} is not of base 64"),
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn png(kind: u8, rows: &[&[u8]], width: u32) -> Vec<u8> {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        rows.iter().for_each(|row| packed.write_all(row).unwrap());
        let mut head = [width.to_be_bytes(), (rows.len() as u32).to_be_bytes()].concat();
        head.extend([8, kind, 0, 0, 0]);
        let mut png = SIGNATURE.to_vec();
        for (name, data) in [(b"IHDR", head), (b"IDAT", packed.finish().unwrap()), (b"IEND", Vec::new())] {
            png.extend((data.len() as u32).to_be_bytes());
            png.extend(name);
            png.extend(data);
            png.extend([0; 4]);
        }
        png
    }

    #[test]
    fn every_filter_is_taken_back() {
        let rows: [&[u8]; 5] = [
            &[0, 10, 20, 30, 40, 50, 60],
            &[1, 10, 20, 30, 30, 30, 30],
            &[2, 0, 0, 0, 1, 1, 1],
            &[3, 5, 10, 15, 15, 15, 15],
            &[4, 0, 0, 0, 1, 2, 3],
        ];
        let picture = Picture::decode(&png(2, &rows, 2)).unwrap();
        assert_eq!((picture.width, picture.height), (2, 5));
        let [first, second] = [0, 1].map(|x| (0..5).map(|y| picture.at(x, y)).collect::<Vec<_>>());
        assert_eq!(first, [[10, 20, 30], [10, 20, 30], [10, 20, 30], [10, 20, 30], [10, 20, 30]]);
        assert_eq!(second, [[40, 50, 60], [40, 50, 60], [41, 51, 61], [40, 50, 60], [41, 52, 63]]);
        assert_eq!((picture.count([40, 50, 60]), picture.rows_with([41, 51, 61])), (3, vec![(2, 1)]));
        assert_eq!(picture.part(1, 2, 9, 2).at(0, 1), [40, 50, 60]);
        let with_opacity = Picture::decode(&png(6, &[&[0, 1, 2, 3, 255]], 1)).unwrap();
        assert_eq!(with_opacity.at(0, 0), [1, 2, 3]);
        assert!(Picture::decode(&png(3, &[&[0, 1]], 1)).is_err(), "a palette");
        assert!(Picture::decode(b"GIF89a").is_err());
    }

    #[test]
    fn base_64() {
        assert_eq!(from_base64("Zm9vYmE=").unwrap(), b"fooba");
        assert!(from_base64("Zm9v YmE=").is_err());
    }
}
