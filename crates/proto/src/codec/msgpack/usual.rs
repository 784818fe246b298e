//! What a quote or trade in Alpaca's usual form is made of, in MessagePack.

use super::read::MsgpackReader;
use crate::codec::letter::letter;
use crate::codec::{Reader, usual};
use crate::time::{EXTENSION, Timestamp};

/// A place in a frame.
pub(super) struct Cursor<'a>(pub(super) MsgpackReader<'a>);

impl Cursor<'_> {
    #[inline(always)]
    fn pass<const N: usize>(&mut self, what: [u8; N]) -> Option<()> {
        (self.0.chunk().ok()? == what).then_some(())
    }
}

impl<'a> usual::Cursor<'a> for Cursor<'a> {
    #[inline(always)]
    fn begin(&mut self, kind: u8, fields: u8) -> Option<()> {
        self.pass([0x80 | fields, 0xa1, b'T', 0xa1, kind])
    }

    #[inline(always)]
    fn key(&mut self, key: u8) -> Option<()> {
        self.pass([0xa1, key])
    }

    #[inline(always)]
    fn key_of_two(&mut self, [a, b]: [u8; 2]) -> Option<()> {
        self.pass([0xa2, a, b])
    }

    #[inline(always)]
    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.0.text_bytes().ok()?).ok()
    }

    #[inline(always)]
    fn letter(&mut self) -> Option<&'a str> {
        let [header, byte] = self.0.chunk().ok()?;
        if header == 0xa1 { letter(byte) } else { None }
    }

    #[inline(always)]
    fn letters(&mut self) -> Option<(&'a str, Option<&'a str>)> {
        match self.0.byte().ok()? {
            0x91 => Some((self.letter()?, None)),
            0x92 => Some((self.letter()?, Some(self.letter()?))),
            _ => None,
        }
    }

    #[inline(always)]
    fn float(&mut self) -> Option<f64> {
        self.0.float().ok()
    }

    #[inline(always)]
    fn integer(&mut self) -> Option<u64> {
        match self.0.peek().ok()? {
            0x00..=0x7f | 0xcc..=0xcf => self.0.unsigned().ok(),
            _ => None,
        }
    }

    #[inline(always)]
    fn time(&mut self) -> Option<Timestamp> {
        // Eight bytes, of Alpaca's type: seconds and nanoseconds.
        self.pass([0xd7, EXTENSION as u8])?;
        let time: [u8; 8] = self.0.chunk().ok()?;
        Timestamp::from_extension(&time)
    }

    #[inline(always)]
    fn end(&mut self) -> Option<()> {
        Some(())
    }
}
