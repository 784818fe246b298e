//! A pull reader over JSON text.

use std::borrow::Cow;

use super::number::{Literal, plain_float, plain_integer};
use super::text;
use super::usual::Cursor;
use crate::codec::{Flaw, Kind, Mark, Reader, Seq, UNKNOWN_KEY, known_key, usual};
use crate::frame::Frame;
use crate::limits::{MAX_LONG_NUMBERS, MAX_NESTING};
use crate::message::Message;
use crate::number::Number;
use crate::time::{Timestamp, parse_any};

/// Reads JSON from a text frame, or from a binary one.
pub(crate) struct JsonReader<'a> {
    bytes: &'a [u8],
    /// The same as text, if all of it is UTF-8: then slices need no check of their own.
    text: Option<&'a str>,
    position: usize,
    depth: usize,
    /// Numbers so far that take long to read.
    long: usize,
}

/// Before the first value of an array or map, which no comma precedes.
const FIRST: Seq = Seq(1);

impl<'a> JsonReader<'a> {
    pub(crate) fn new(frame: Frame<'a>) -> Self {
        let text = match frame {
            Frame::Text(text) => Some(text),
            Frame::Binary(bytes) => std::str::from_utf8(bytes).ok(),
        };
        Self { bytes: frame.bytes(), text, position: 0, depth: 0, long: 0 }
    }

    #[inline(always)]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// The next byte that is no white space.
    #[inline(always)]
    fn peek(&mut self) -> Result<u8, Flaw> {
        match self.bytes.get(self.position) {
            Some(byte) if *byte > b' ' => Ok(*byte),
            _ => self.peek_past_space(),
        }
    }

    #[cold]
    fn peek_past_space(&mut self) -> Result<u8, Flaw> {
        loop {
            match self.bytes.get(self.position) {
                None => return Err(Flaw::Truncated),
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.position += 1,
                Some(byte) => return Ok(*byte),
            }
        }
    }

    #[inline(always)]
    fn expect(&mut self, byte: u8, otherwise: Flaw) -> Result<(), Flaw> {
        if self.peek()? == byte {
            self.position += 1;
            Ok(())
        } else {
            Err(otherwise)
        }
    }

    #[inline]
    fn enter(&mut self, open: u8) -> Result<Seq, Flaw> {
        self.expect(open, Flaw::WrongKind)?;
        if self.depth >= MAX_NESTING {
            return Err(Flaw::TooDeep);
        }
        self.depth += 1;
        Ok(FIRST)
    }

    /// Steps over a comma if need be; false at the end of the array or map.
    #[inline]
    fn advance(&mut self, seq: &mut Seq, close: u8) -> Result<bool, Flaw> {
        let byte = self.peek()?;
        if byte == close {
            self.position += 1;
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        if seq.0 == FIRST.0 {
            seq.0 = 0;
        } else if byte == b',' {
            self.position += 1;
        } else {
            return Err(Flaw::Syntax);
        }
        Ok(true)
    }

    #[inline(never)]
    fn literal(&mut self) -> Result<Literal<'a>, Flaw> {
        self.peek()?;
        let (literal, len) = Literal::read(self.rest())?;
        if literal.is_long() {
            self.long += 1;
            if self.long > MAX_LONG_NUMBERS {
                return Err(Flaw::NumberRange);
            }
        }
        self.position += len;
        Ok(literal)
    }

    /// Takes `word` if it is next.
    fn word(&mut self, word: &[u8]) -> Result<(), Flaw> {
        let rest = self.rest();
        if rest.starts_with(word) {
            self.position += word.len();
            Ok(())
        } else if word.starts_with(rest) {
            Err(Flaw::Truncated)
        } else {
            Err(Flaw::Syntax)
        }
    }

    /// Passes over a number or a word without reading it. `NaN` and `Infinity`, which some
    /// writers emit, pass too: they must not cost the neighbours.
    fn skip_scalar(&mut self) -> Result<(), Flaw> {
        let is_part = |b: &&u8| matches!(b, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.');
        let len = self.rest().iter().take_while(is_part).count();
        self.position += len;
        if len == 0 { Err(Flaw::Syntax) } else { Ok(()) }
    }

    fn skip_text(&mut self, strict: bool) -> Result<(), Flaw> {
        self.position += 1;
        self.position += text::end(self.rest(), strict)? + 1;
        Ok(())
    }

    /// Text with escapes, or of a frame that is not all UTF-8.
    #[cold]
    fn unusual_text(&mut self) -> Result<Cow<'a, str>, Flaw> {
        let rest = self.rest();
        let plain = text::plain_len(rest);
        if rest.get(plain) == Some(&b'"') {
            self.position += plain + 1;
            let text = std::str::from_utf8(rest.get(..plain).unwrap_or_default());
            return text.map(Cow::Borrowed).map_err(|_| Flaw::Utf8);
        }
        let (text, len) = text::unescape(rest)?;
        self.position += len + 1;
        Ok(Cow::Owned(text))
    }

    /// Where the next key is if that is `,"k":` or `,"kk":` with letters, as nearly all are; its length.
    #[inline(always)]
    fn short_key(&self) -> Option<(usize, usize)> {
        const fn pattern(text: &[u8; 8]) -> (u64, u64) {
            let mut mask = [0; 8];
            let mut at = 0;
            while at < 8 {
                mask[at] = if text[at] == 0 { 0 } else { 0xff };
                at += 1;
            }
            (u64::from_le_bytes(mask), u64::from_le_bytes(*text))
        }
        const ONE: (u64, u64) = pattern(b",\"\0\":\0\0\0");
        const TWO: (u64, u64) = pattern(b",\"\0\0\":\0\0");
        let word = u64::from_le_bytes(*self.rest().first_chunk::<8>()?);
        let letter = |at: u32| ((word >> (8 * at)) as u8).is_ascii_alphabetic();
        if word & ONE.0 == ONE.1 && letter(2) {
            Some((self.position + 2, 1))
        } else if word & TWO.0 == TWO.1 && letter(2) && letter(3) {
            Some((self.position + 2, 2))
        } else {
            None
        }
    }

    /// A key with escapes, or one that ends the frame.
    #[cold]
    fn unusual_key(&mut self) -> Result<&'a [u8], Flaw> {
        let start = self.position;
        match text::unescape(self.bytes.get(start..).unwrap_or_default()) {
            Ok((key, end)) => {
                self.position = start + end + 1;
                Ok(known_key(&key))
            }
            Err(Flaw::Utf8) => {
                self.position = start + text::end(self.bytes.get(start..).unwrap_or_default(), true)? + 1;
                Ok(UNKNOWN_KEY)
            }
            Err(flaw) => Err(flaw),
        }
    }
}

impl<'a> Reader<'a> for JsonReader<'a> {
    fn position(&self) -> usize {
        self.position
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
        // An object with a list in it.
        let fits = self.depth + 2 <= MAX_NESTING;
        let Some(text) = self.text.filter(|_| fits) else { return false };
        let end = usual::read(|| Cursor { text, at: self.position }, sink);
        if let Some(Cursor { at, .. }) = end {
            self.position = at;
            return true;
        }
        false
    }

    #[inline]
    fn kind(&mut self) -> Result<Kind, Flaw> {
        Ok(match self.peek()? {
            b'"' => Kind::Text,
            b'[' => Kind::Array,
            b'{' => Kind::Map,
            b'-' | b'0'..=b'9' => Kind::Number,
            b'n' => Kind::Null,
            b't' | b'f' => Kind::Boolean,
            _ => return Err(Flaw::Syntax),
        })
    }

    #[inline]
    fn map(&mut self) -> Result<Seq, Flaw> {
        self.enter(b'{')
    }

    #[inline(always)]
    fn key(&mut self, seq: &mut Seq) -> Result<Option<&'a [u8]>, Flaw> {
        if seq.0 != FIRST.0
            && let Some((start, len)) = self.short_key()
        {
            self.position = start + len + 2;
            return Ok(Some(self.bytes.get(start..start + len).unwrap_or_default()));
        }
        if !self.advance(seq, b'}')? {
            return Ok(None);
        }
        self.expect(b'"', Flaw::Syntax)?;
        let start = self.position;
        // Nearly every key has one letter or two.
        let len = match self.rest() {
            [a, b'"', ..] if *a != b'\\' && *a >= 0x20 && *a != b'"' => 1,
            [a, b, b'"', ..] if *a != b'\\' && *b != b'\\' && *a >= 0x20 && *b >= 0x20 && *a != b'"' => 2,
            rest => text::plain_len(rest),
        };
        let key = if self.bytes.get(start + len) == Some(&b'"') {
            self.position = start + len + 1;
            self.bytes.get(start..start + len).unwrap_or_default()
        } else {
            self.unusual_key()?
        };
        self.expect(b':', Flaw::Syntax)?;
        Ok(Some(key))
    }

    fn key_text(&mut self, seq: &mut Seq) -> Result<Option<Cow<'a, str>>, Flaw> {
        if !self.advance(seq, b'}')? {
            return Ok(None);
        }
        let key = match self.text() {
            Err(Flaw::WrongKind) => return Err(Flaw::Syntax),
            key => key?,
        };
        self.expect(b':', Flaw::Syntax)?;
        Ok(Some(key))
    }

    #[inline]
    fn array(&mut self) -> Result<Seq, Flaw> {
        self.enter(b'[')
    }

    #[inline]
    fn item(&mut self, seq: &mut Seq) -> Result<bool, Flaw> {
        self.advance(seq, b']')
    }

    #[inline(always)]
    fn null(&mut self) -> Result<bool, Flaw> {
        if self.peek()? != b'n' {
            return Ok(false);
        }
        self.word(b"null")?;
        Ok(true)
    }

    #[inline(always)]
    fn text(&mut self) -> Result<Cow<'a, str>, Flaw> {
        self.expect(b'"', Flaw::WrongKind)?;
        // Exchanges, tapes and conditions have one letter.
        let len = match self.rest() {
            [a, b'"', ..] if *a != b'\\' && *a >= 0x20 && *a != b'"' => 1,
            rest => text::plain_len(rest),
        };
        let (start, end) = (self.position, self.position + len);
        if self.bytes.get(end) == Some(&b'"')
            && let Some(text) = self.text.and_then(|text| text.get(start..end))
        {
            self.position = end + 1;
            return Ok(Cow::Borrowed(text));
        }
        self.unusual_text()
    }

    #[inline(always)]
    fn float(&mut self) -> Result<f64, Flaw> {
        self.peek()?;
        if let Some((value, len)) = plain_float(self.rest()) {
            self.position += len;
            return Ok(value);
        }
        self.literal()?.float()
    }

    #[inline(always)]
    fn number(&mut self) -> Result<Number, Flaw> {
        self.peek()?;
        if let Some((value, len)) = plain_integer(self.rest()) {
            self.position += len;
            return Ok(Number::Unsigned(value));
        }
        self.literal()?.number()
    }

    #[inline(always)]
    fn unsigned(&mut self) -> Result<u64, Flaw> {
        self.peek()?;
        if let Some((value, len)) = plain_integer(self.rest()) {
            self.position += len;
            return Ok(value);
        }
        self.literal()?.unsigned()
    }

    fn boolean(&mut self) -> Result<bool, Flaw> {
        match self.peek()? {
            b't' => self.word(b"true").map(|()| true),
            b'f' => self.word(b"false").map(|()| false),
            _ => Err(Flaw::WrongKind),
        }
    }

    #[inline]
    fn time(&mut self) -> Result<Timestamp, Flaw> {
        self.expect(b'"', Flaw::WrongKind)?;
        if let Some((time, len)) = parse_any(self.rest())
            && self.bytes.get(self.position + len) == Some(&b'"')
        {
            self.position += len + 1;
            return Ok(time);
        }
        self.position -= 1;
        Timestamp::parse_rfc3339(&self.text()?).ok_or(Flaw::Time)
    }

    fn skip(&mut self) -> Result<(), Flaw> {
        // One bit a level: set for a map. MAX_NESTING levels fit.
        const { assert!(MAX_NESTING <= 64) };
        let mut maps = 0_u64;
        let mut levels = 0;
        loop {
            match self.peek()? {
                b'"' => self.skip_text(true)?,
                open @ (b'{' | b'[') => {
                    if self.depth + levels >= MAX_NESTING {
                        return Err(Flaw::TooDeep);
                    }
                    levels += 1;
                    maps = maps << 1 | u64::from(open == b'{');
                    self.position += 1;
                }
                close @ (b'}' | b']') => {
                    if levels == 0 || (maps & 1 == 1) != (close == b'}') {
                        return Err(Flaw::Syntax);
                    }
                    levels -= 1;
                    maps >>= 1;
                    self.position += 1;
                }
                b',' | b':' if levels > 0 => self.position += 1,
                _ => self.skip_scalar()?,
            }
            if levels == 0 {
                return Ok(());
            }
        }
    }

    fn resync(&mut self) -> Result<(), Flaw> {
        self.peek()?;
        let mut levels = 0_usize;
        while let Some(byte) = self.bytes.get(self.position) {
            match byte {
                b'"' => {
                    self.skip_text(false)?;
                    continue;
                }
                b'{' | b'[' => levels += 1,
                b'}' | b']' if levels == 0 => return Ok(()),
                b'}' | b']' => levels -= 1,
                b',' if levels == 0 => return Ok(()),
                _ => {}
            }
            self.position += 1;
        }
        Err(Flaw::Truncated)
    }

    fn at_end(&mut self) -> bool {
        self.peek().is_err()
    }
}
