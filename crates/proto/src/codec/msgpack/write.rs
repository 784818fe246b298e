//! A writer of MessagePack that uses the smallest form of everything.

use crate::codec::Writer;
use crate::number::Number;
use crate::time::Timestamp;

/// Appends MessagePack to a buffer.
pub(crate) struct MsgpackWriter<'o> {
    out: &'o mut Vec<u8>,
}

impl<'o> MsgpackWriter<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out }
    }

    fn header<const N: usize>(&mut self, header: u8, value: [u8; N]) {
        self.out.push(header);
        self.out.extend_from_slice(&value);
    }

    /// A map of known size, for those that may hold more than 15 keys.
    #[cfg(feature = "trading")]
    pub(crate) fn long_map(&mut self, len: usize) {
        match len {
            0..=0x0f => self.out.push(0x80 | len as u8),
            0x10..=0xffff => self.header(0xde, (len as u16).to_be_bytes()),
            _ => self.header(0xdf, (len as u32).to_be_bytes()),
        }
    }
}

impl Writer for MsgpackWriter<'_> {
    fn map(&mut self) -> usize {
        self.out.push(0x80);
        self.out.len() - 1
    }

    fn key(&mut self, map: usize, key: &str) {
        debug_assert!(self.out[map] < 0x8f);
        self.out[map] += 1;
        self.text(key);
    }

    fn end_map(&mut self) {}

    fn array(&mut self, len: usize) {
        match len {
            0..=0x0f => self.out.push(0x90 | len as u8),
            0x10..=0xffff => self.header(0xdc, (len as u16).to_be_bytes()),
            _ => self.header(0xdd, (len as u32).to_be_bytes()),
        }
    }

    fn item(&mut self) {}

    fn end_array(&mut self) {}

    fn null(&mut self) {
        self.out.push(0xc0);
    }

    fn text(&mut self, text: &str) {
        match text.len() {
            len @ 0..=0x1f => self.out.push(0xa0 | len as u8),
            len @ 0x20..=0xff => self.header(0xd9, [len as u8]),
            len @ 0x100..=0xffff => self.header(0xda, (len as u16).to_be_bytes()),
            len => self.header(0xdb, (len as u32).to_be_bytes()),
        }
        self.out.extend_from_slice(text.as_bytes());
    }

    /// What is not finite becomes nil, as in JSON.
    fn float(&mut self, value: f64) {
        if value.is_finite() {
            self.header(0xcb, value.to_be_bytes());
        } else {
            self.null();
        }
    }

    fn number(&mut self, value: Number) {
        match value {
            Number::Unsigned(value) => self.unsigned(value),
            Number::Negative(value) => match value {
                -32..0 => self.out.push(value as u8),
                -0x80..0 => self.header(0xd0, (value as i8).to_be_bytes()),
                -0x8000..0 => self.header(0xd1, (value as i16).to_be_bytes()),
                -0x8000_0000..0 => self.header(0xd2, (value as i32).to_be_bytes()),
                _ => self.header(0xd3, value.to_be_bytes()),
            },
            Number::Float(value) => self.float(value),
        }
    }

    fn unsigned(&mut self, value: u64) {
        match value {
            0..=0x7f => self.out.push(value as u8),
            0x80..=0xff => self.header(0xcc, [value as u8]),
            0x100..=0xffff => self.header(0xcd, (value as u16).to_be_bytes()),
            0x1_0000..=0xffff_ffff => self.header(0xce, (value as u32).to_be_bytes()),
            _ => self.header(0xcf, value.to_be_bytes()),
        }
    }

    fn boolean(&mut self, value: bool) {
        self.out.push(0xc2 + u8::from(value));
    }

    fn time(&mut self, time: Timestamp) {
        time.write_extension(self.out);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::codec::{MsgpackReader, Reader};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn integers_take_their_smallest_form() {
        for (value, len) in [
            (0_i128, 1),
            (127, 1),
            (128, 2),
            (255, 2),
            (256, 3),
            (65_535, 3),
            (65_536, 5),
            (4_294_967_295, 5),
            (4_294_967_296, 9),
            (i128::from(u64::MAX), 9),
            (-1, 1),
            (-32, 1),
            (-33, 2),
            (-128, 2),
            (-129, 3),
            (-32_768, 3),
            (-32_769, 5),
            (i128::from(i32::MIN), 5),
            (i128::from(i32::MIN) - 1, 9),
            (i128::from(i64::MIN), 9),
        ] {
            let number = u64::try_from(value)
                .map_or_else(|_| Number::from_i64(i64::try_from(value).unwrap()), Number::Unsigned);
            let mut out = Vec::new();
            MsgpackWriter::new(&mut out).number(number);
            assert_eq!(out.len(), len, "{value}");
            assert_eq!(MsgpackReader::new(&out).number(), Ok(number));
        }
    }

    #[test]
    fn text_and_arrays_of_every_header() {
        for len in [0, 31, 32, 255, 256, 65_535, 65_536] {
            let text = "x".repeat(len);
            let mut out = Vec::new();
            MsgpackWriter::new(&mut out).text(&text);
            assert_eq!(MsgpackReader::new(&out).text().unwrap(), text);

            let mut out = Vec::new();
            let mut writer = MsgpackWriter::new(&mut out);
            writer.array(len);
            (0..len).for_each(|_| writer.boolean(true));
            writer.unsigned(7);
            let mut reader = MsgpackReader::new(&out);
            reader.skip().unwrap();
            assert_eq!(reader.unsigned(), Ok(7));
        }
    }
}
