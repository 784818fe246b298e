//! A pull reader over MessagePack. A length is believed only as far as the frame reaches.

use std::borrow::Cow;

use super::usual::Cursor;
use crate::codec::letter::letter;
use crate::codec::{Flaw, Kind, Mark, Reader, Seq, UNKNOWN_KEY, usual};
use crate::limits::MAX_NESTING;
use crate::message::Message;
use crate::number::Number;
use crate::time::{EXTENSION, Timestamp};

/// Reads MessagePack.
#[derive(Clone, Copy)]
pub(crate) struct MsgpackReader<'a> {
    bytes: &'a [u8],
    position: usize,
    depth: usize,
}

/// What follows a header.
enum Body {
    /// So many bytes.
    Bytes(usize),
    /// So many values.
    Values(u64),
}

impl<'a> MsgpackReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0, depth: 0 }
    }

    #[inline(always)]
    pub(super) fn peek(&self) -> Result<u8, Flaw> {
        self.bytes.get(self.position).copied().ok_or(Flaw::Truncated)
    }

    #[inline(always)]
    pub(super) fn byte(&mut self) -> Result<u8, Flaw> {
        let byte = self.peek()?;
        self.position += 1;
        Ok(byte)
    }

    #[inline(always)]
    pub(super) fn chunk<const N: usize>(&mut self) -> Result<[u8; N], Flaw> {
        let chunk = self.bytes.get(self.position..).and_then(|rest| rest.first_chunk::<N>());
        self.position += N;
        chunk.copied().ok_or(Flaw::Truncated)
    }

    #[inline(always)]
    fn u16(&mut self) -> Result<u16, Flaw> {
        Ok(u16::from_be_bytes(self.chunk()?))
    }

    #[inline(always)]
    fn u32(&mut self) -> Result<u32, Flaw> {
        Ok(u32::from_be_bytes(self.chunk()?))
    }

    #[inline(always)]
    fn take(&mut self, len: usize) -> Result<&'a [u8], Flaw> {
        let taken =
            self.bytes.get(self.position..).and_then(|rest| rest.get(..len)).ok_or(Flaw::Truncated)?;
        self.position += len;
        Ok(taken)
    }

    /// The bytes of text.
    #[inline(always)]
    pub(super) fn text_bytes(&mut self) -> Result<&'a [u8], Flaw> {
        let len = match self.byte()? {
            header @ 0xa0..=0xbf => usize::from(header & 0x1f),
            0xd9 => usize::from(self.byte()?),
            0xda => usize::from(self.u16()?),
            0xdb => self.u32()? as usize,
            _ => return Err(Flaw::WrongKind),
        };
        self.take(len)
    }

    #[inline]
    fn enter(&mut self, left: u32) -> Result<Seq, Flaw> {
        if self.depth >= MAX_NESTING {
            return Err(Flaw::TooDeep);
        }
        self.depth += 1;
        Ok(Seq(left))
    }

    #[inline]
    fn advance(&mut self, seq: &mut Seq) -> bool {
        match seq.0.checked_sub(1) {
            Some(left) => {
                seq.0 = left;
                true
            }
            None => {
                self.depth = self.depth.saturating_sub(1);
                false
            }
        }
    }

    /// Reads a header and tells what follows it.
    fn header(&mut self) -> Result<Body, Flaw> {
        Ok(match self.byte()? {
            0x00..=0x7f | 0xe0..=0xff | 0xc0 | 0xc2 | 0xc3 => Body::Bytes(0),
            header @ 0x80..=0x8f => Body::Values(u64::from(header & 0x0f) * 2),
            header @ 0x90..=0x9f => Body::Values(u64::from(header & 0x0f)),
            header @ 0xa0..=0xbf => Body::Bytes(usize::from(header & 0x1f)),
            0xc1 => return Err(Flaw::Syntax),
            0xc4 | 0xd9 => Body::Bytes(usize::from(self.byte()?)),
            0xc5 | 0xda => Body::Bytes(usize::from(self.u16()?)),
            0xc6 | 0xdb => Body::Bytes(self.u32()? as usize),
            // Extensions have a byte for their type.
            0xc7 => Body::Bytes(usize::from(self.byte()?) + 1),
            0xc8 => Body::Bytes(usize::from(self.u16()?) + 1),
            0xc9 => Body::Bytes((self.u32()? as usize).saturating_add(1)),
            0xcc | 0xd0 => Body::Bytes(1),
            0xcd | 0xd1 => Body::Bytes(2),
            0xca | 0xce | 0xd2 => Body::Bytes(4),
            0xcb | 0xcf | 0xd3 => Body::Bytes(8),
            header @ 0xd4..=0xd8 => Body::Bytes((1 << (header - 0xd4)) + 1),
            0xdc => Body::Values(u64::from(self.u16()?)),
            0xdd => Body::Values(u64::from(self.u32()?)),
            0xde => Body::Values(u64::from(self.u16()?) * 2),
            0xdf => Body::Values(u64::from(self.u32()?) * 2),
        })
    }

    fn finite(value: f64) -> Result<f64, Flaw> {
        if value.is_finite() { Ok(value) } else { Err(Flaw::NumberRange) }
    }

    #[inline(never)]
    fn longer_text(&mut self) -> Result<&'a str, Flaw> {
        std::str::from_utf8(self.text_bytes()?).map_err(|_| Flaw::Utf8)
    }

    #[inline(never)]
    fn wide_number(&mut self) -> Result<Number, Flaw> {
        Ok(match self.byte()? {
            header @ 0x00..=0x7f => Number::Unsigned(u64::from(header)),
            header @ 0xe0..=0xff => Number::from_i64(i64::from(header as i8)),
            0xcc => Number::Unsigned(u64::from(self.byte()?)),
            0xcd => Number::Unsigned(u64::from(self.u16()?)),
            0xce => Number::Unsigned(u64::from(self.u32()?)),
            0xcf => Number::Unsigned(self.chunk().map(u64::from_be_bytes)?),
            0xd0 => Number::from_i64(i64::from(self.byte()? as i8)),
            0xd1 => Number::from_i64(i64::from(self.chunk().map(i16::from_be_bytes)?)),
            0xd2 => Number::from_i64(i64::from(self.chunk().map(i32::from_be_bytes)?)),
            0xd3 => Number::from_i64(self.chunk().map(i64::from_be_bytes)?),
            0xca => Number::from_f64(Self::finite(f64::from(self.chunk().map(f32::from_be_bytes)?))?),
            0xcb => Number::from_f64(Self::finite(self.chunk().map(f64::from_be_bytes)?)?),
            _ => return Err(Flaw::WrongKind),
        })
    }

    #[inline(never)]
    fn longer_key(&mut self) -> Result<&'a [u8], Flaw> {
        if self.kind()? == Kind::Text {
            return self.text_bytes();
        }
        self.skip()?;
        Ok(UNKNOWN_KEY)
    }
}

impl<'a> Reader<'a> for MsgpackReader<'a> {
    fn position(&self) -> usize {
        self.position.min(self.bytes.len())
    }

    fn mark(&self) -> Mark {
        Mark { position: self.position, depth: self.depth }
    }

    fn rewind(&mut self, mark: Mark) {
        self.position = mark.position;
        self.depth = mark.depth;
    }

    // Once: it is large, and in the table of the trait anyway.
    #[inline(never)]
    fn usual(&mut self, sink: &mut dyn FnMut(Message<'a>)) -> bool {
        // A map with a list in it.
        if self.depth + 2 > MAX_NESTING {
            return false;
        }
        let end = usual::read(|| Cursor(*self), sink);
        if let Some(Cursor(end)) = end {
            *self = end;
            return true;
        }
        false
    }

    #[inline]
    fn kind(&mut self) -> Result<Kind, Flaw> {
        Ok(match self.peek()? {
            0xa0..=0xbf | 0xd9..=0xdb => Kind::Text,
            0x90..=0x9f | 0xdc | 0xdd => Kind::Array,
            0x80..=0x8f | 0xde | 0xdf => Kind::Map,
            0x00..=0x7f | 0xe0..=0xff | 0xca..=0xd3 => Kind::Number,
            0xc0 => Kind::Null,
            0xc2 | 0xc3 => Kind::Boolean,
            0xc1 => return Err(Flaw::Syntax),
            0xc4..=0xc9 | 0xd4..=0xd8 => Kind::Other,
        })
    }

    #[inline]
    fn map(&mut self) -> Result<Seq, Flaw> {
        let left = match self.byte()? {
            header @ 0x80..=0x8f => u32::from(header & 0x0f),
            0xde => u32::from(self.u16()?),
            0xdf => self.u32()?,
            _ => return Err(Flaw::WrongKind),
        };
        self.enter(left)
    }

    #[inline(always)]
    fn key(&mut self, seq: &mut Seq) -> Result<Option<&'a [u8]>, Flaw> {
        if !self.advance(seq) {
            return Ok(None);
        }
        match self.bytes.get(self.position..) {
            // Nearly every key has one letter or two.
            Some([0xa1, rest @ ..]) if !rest.is_empty() => {
                self.position += 2;
                Ok(rest.get(..1))
            }
            Some([0xa2, rest @ ..]) if rest.len() >= 2 => {
                self.position += 3;
                Ok(rest.get(..2))
            }
            _ => self.longer_key().map(Some),
        }
    }

    fn key_text(&mut self, seq: &mut Seq) -> Result<Option<Cow<'a, str>>, Flaw> {
        if !self.advance(seq) {
            return Ok(None);
        }
        if self.kind()? == Kind::Text {
            return self.text().map(Some);
        }
        self.skip()?;
        Ok(Some(Cow::Borrowed("")))
    }

    #[inline]
    fn array(&mut self) -> Result<Seq, Flaw> {
        let left = match self.byte()? {
            header @ 0x90..=0x9f => u32::from(header & 0x0f),
            0xdc => u32::from(self.u16()?),
            0xdd => self.u32()?,
            _ => return Err(Flaw::WrongKind),
        };
        self.enter(left)
    }

    #[inline]
    fn item(&mut self, seq: &mut Seq) -> Result<bool, Flaw> {
        Ok(self.advance(seq))
    }

    #[inline(always)]
    fn null(&mut self) -> Result<bool, Flaw> {
        let null = self.peek()? == 0xc0;
        self.position += usize::from(null);
        Ok(null)
    }

    #[inline(always)]
    fn text(&mut self) -> Result<Cow<'a, str>, Flaw> {
        // Exchanges, tapes and conditions have one letter, which needs no walk.
        if let Some([0xa1, byte, ..]) = self.bytes.get(self.position..)
            && let Some(text) = letter(*byte)
        {
            self.position += 2;
            return Ok(Cow::Borrowed(text));
        }
        self.longer_text().map(Cow::Borrowed)
    }

    #[inline(always)]
    fn float(&mut self) -> Result<f64, Flaw> {
        if self.peek()? == 0xcb {
            self.position += 1;
            return Self::finite(f64::from_be_bytes(self.chunk()?));
        }
        Ok(self.number()?.to_f64())
    }

    #[inline(always)]
    fn number(&mut self) -> Result<Number, Flaw> {
        // Most sizes are small.
        match self.peek()? {
            header @ 0x00..=0x7f => {
                self.position += 1;
                Ok(Number::Unsigned(u64::from(header)))
            }
            _ => self.wide_number(),
        }
    }

    #[inline(always)]
    fn unsigned(&mut self) -> Result<u64, Flaw> {
        self.number()?.as_u64().ok_or(Flaw::NumberRange)
    }

    fn boolean(&mut self) -> Result<bool, Flaw> {
        match self.byte()? {
            0xc2 => Ok(false),
            0xc3 => Ok(true),
            _ => Err(Flaw::WrongKind),
        }
    }

    #[inline]
    fn time(&mut self) -> Result<Timestamp, Flaw> {
        let len = match self.peek()? {
            header @ 0xd4..=0xd8 => {
                self.position += 1;
                1 << (header - 0xd4)
            }
            0xc7 => {
                self.position += 1;
                usize::from(self.byte()?)
            }
            0xc8 => {
                self.position += 1;
                usize::from(self.u16()?)
            }
            0xc9 => {
                self.position += 1;
                self.u32()? as usize
            }
            _ => return Timestamp::parse_rfc3339(&self.text()?).ok_or(Flaw::Time),
        };
        if self.byte()? as i8 != EXTENSION {
            return Err(Flaw::WrongKind);
        }
        Timestamp::from_extension(self.take(len)?).ok_or(Flaw::Time)
    }

    fn skip(&mut self) -> Result<(), Flaw> {
        let mut left = [0_u64; MAX_NESTING];
        let mut level = 0;
        loop {
            match self.header()? {
                Body::Bytes(len) => {
                    self.take(len)?;
                }
                Body::Values(count) => {
                    if self.depth + level >= MAX_NESTING {
                        return Err(Flaw::TooDeep);
                    }
                    if let Some(place) = left.get_mut(level) {
                        *place = count;
                    }
                    level += 1;
                }
            }
            // Leave every level that is finished; then take one value of the innermost.
            loop {
                let Some(place) = level.checked_sub(1).and_then(|top| left.get_mut(top)) else {
                    return Ok(());
                };
                if let Some(rest) = place.checked_sub(1) {
                    *place = rest;
                    break;
                }
                level -= 1;
            }
        }
    }

    fn resync(&mut self) -> Result<(), Flaw> {
        let mut left = 1_u64;
        while let Some(rest) = left.checked_sub(1) {
            left = rest;
            match self.header()? {
                Body::Bytes(len) => {
                    self.take(len)?;
                }
                Body::Values(count) => left = left.saturating_add(count),
            }
        }
        Ok(())
    }

    fn at_end(&mut self) -> bool {
        self.position >= self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn reader(bytes: &[u8]) -> MsgpackReader<'_> {
        MsgpackReader::new(bytes)
    }

    #[test]
    fn every_width_of_integer() {
        for (bytes, value) in [
            (&[0x07][..], 7),
            (&[0xff], -1),
            (&[0xe0], -32),
            (&[0xcc, 0xff], 255),
            (&[0xcd, 0x01, 0x00], 256),
            (&[0xce, 0, 1, 0, 0], 65_536),
            (&[0xcf, 0, 0, 0, 1, 0, 0, 0, 0], 1 << 32),
            (&[0xd0, 0x80], -128),
            (&[0xd1, 0x80, 0x00], -32_768),
            (&[0xd2, 0x80, 0, 0, 0], i64::from(i32::MIN)),
            (&[0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0], i64::MIN),
        ] {
            assert_eq!(reader(bytes).number(), Ok(Number::from_i64(value)));
            assert_eq!(reader(bytes).float(), Ok(value as f64));
            let mut skipped = reader(bytes);
            skipped.skip().unwrap();
            assert!(skipped.at_end());
        }
        assert_eq!(reader(&[0xcf, 255, 255, 255, 255, 255, 255, 255, 255]).unsigned(), Ok(u64::MAX));
    }

    #[test]
    fn text_of_one_byte() {
        for byte in 0..=255_u8 {
            let expected = std::str::from_utf8(&[byte]).map(str::to_owned).map_err(|_| Flaw::Utf8);
            assert_eq!(reader(&[0xa1, byte]).text().map(Cow::into_owned), expected);
        }
    }

    #[test]
    fn floats_that_are_not_finite_are_refused() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut bytes = vec![0xcb];
            bytes.extend_from_slice(&value.to_be_bytes());
            assert_eq!(reader(&bytes).float(), Err(Flaw::NumberRange));
            let mut bytes = vec![0xca];
            bytes.extend_from_slice(&(value as f32).to_be_bytes());
            assert_eq!(reader(&bytes).float(), Err(Flaw::NumberRange));
        }
    }

    #[test]
    fn a_value_of_every_header_is_skipped_by_its_length() {
        let mut all: Vec<Vec<u8>> =
            vec![vec![0xc0], vec![0xc2], vec![0xc3], vec![0x80], vec![0x90], vec![0xa0]];
        for (header, size) in [(0xc4, 1), (0xc5, 2), (0xc6, 4), (0xd9, 1), (0xda, 2), (0xdb, 4)] {
            let mut value = vec![header];
            value.extend_from_slice(&3_u32.to_be_bytes()[4 - size..]);
            value.extend_from_slice(&[1, 2, 3]);
            all.push(value);
        }
        for (header, size) in [(0xc7, 1), (0xc8, 2), (0xc9, 4)] {
            let mut value = vec![header];
            value.extend_from_slice(&3_u32.to_be_bytes()[4 - size..]);
            value.extend_from_slice(&[42, 1, 2, 3]);
            all.push(value);
        }
        for power in 0..5_u8 {
            let mut value = vec![0xd4 + power, 42];
            value.resize(2 + (1 << power), 9);
            all.push(value);
        }
        for (header, size, count) in [(0xdc, 2, 2), (0xdd, 4, 2), (0xde, 2, 1), (0xdf, 4, 1)] {
            let mut value = vec![header];
            value.extend_from_slice(&u32::to_be_bytes(count)[4 - size..]);
            value.extend_from_slice(&[0xa1, b'k', 0x91, 0xc0]);
            all.push(value);
        }
        for value in all {
            let pass = |r: &mut MsgpackReader<'_>, strict| if strict { r.skip() } else { r.resync() };
            for strict in [true, false] {
                let mut followed = value.clone();
                followed.push(0x2a);
                let mut r = reader(&followed);
                pass(&mut r, strict).unwrap();
                assert_eq!(r.unsigned(), Ok(42), "{value:02x?}");
                for len in 0..value.len() {
                    assert_eq!(
                        pass(&mut reader(&value[..len]), strict),
                        Err(Flaw::Truncated),
                        "{value:02x?}"
                    );
                }
            }
        }
        assert_eq!(reader(&[0xc1]).skip(), Err(Flaw::Syntax));
    }

    #[test]
    fn nesting_is_limited_where_it_matters() {
        for depth in [MAX_NESTING, MAX_NESTING + 1, 10_000] {
            let mut bytes = vec![0x91; depth];
            bytes.push(0xc0);
            let expected = if depth <= MAX_NESTING { Ok(()) } else { Err(Flaw::TooDeep) };
            assert_eq!(reader(&bytes).skip(), expected);
            assert_eq!(reader(&bytes).resync(), Ok(()));
        }
    }
}
