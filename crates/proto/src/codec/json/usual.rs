//! What a quote or trade in Alpaca's usual form is made of, in JSON.

use super::number::{plain_float, plain_integer};
use super::text;
use crate::codec::letter::letter;
use crate::codec::usual;
use crate::time::{Timestamp, parse_prefix};

/// A place in a text of which all is UTF-8.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    #[inline(always)]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    #[inline(always)]
    fn pass<const N: usize>(&mut self, what: &[u8; N]) -> Option<()> {
        if self.rest().first_chunk::<N>()? != what {
            return None;
        }
        self.at += N;
        Some(())
    }

    #[inline(always)]
    fn took<T>(&mut self, taken: Option<(T, usize)>) -> Option<T> {
        let (value, len) = taken?;
        self.at += len;
        Some(value)
    }
}

impl<'a> usual::Cursor<'a> for Cursor<'a> {
    #[inline(always)]
    fn begin(&mut self, kind: u8, _fields: u8) -> Option<()> {
        self.pass(&[b'{', b'"', b'T', b'"', b':', b'"', kind, b'"'])
    }

    #[inline(always)]
    fn key(&mut self, key: u8) -> Option<()> {
        self.pass(&[b',', b'"', key, b'"', b':'])
    }

    #[inline(always)]
    fn key_of_two(&mut self, [a, b]: [u8; 2]) -> Option<()> {
        self.pass(&[b',', b'"', a, b, b'"', b':'])
    }

    #[inline(always)]
    fn text(&mut self) -> Option<&'a str> {
        self.pass(b"\"")?;
        let end = self.at + text::plain_len(self.rest());
        let text = self.text.get(self.at..end)?;
        self.at = end;
        self.pass(b"\"")?;
        Some(text)
    }

    #[inline(always)]
    fn letter(&mut self) -> Option<&'a str> {
        match self.rest() {
            [b'"', byte @ b' '..=b'~', b'"', ..] if !matches!(byte, b'"' | b'\\') => {
                self.at += 3;
                letter(*byte)
            }
            _ => None,
        }
    }

    #[inline(always)]
    fn letters(&mut self) -> Option<(&'a str, Option<&'a str>)> {
        self.pass(b"[")?;
        let first = self.letter()?;
        let second = if self.pass(b",").is_some() { Some(self.letter()?) } else { None };
        self.pass(b"]")?;
        Some((first, second))
    }

    #[inline(always)]
    fn float(&mut self) -> Option<f64> {
        self.took(plain_float(self.rest()))
    }

    #[inline(always)]
    fn integer(&mut self) -> Option<u64> {
        self.took(plain_integer(self.rest()))
    }

    #[inline(always)]
    fn time(&mut self) -> Option<Timestamp> {
        self.pass(b"\"")?;
        let time = self.took(parse_prefix(self.rest()))?;
        self.pass(b"\"")?;
        Some(time)
    }

    #[inline(always)]
    fn end(&mut self) -> Option<()> {
        self.pass(b"}")
    }
}
