//! Quotes and trades in the very form in which Alpaca writes them: the same keys in the same order,
//! exchanges and codes of one letter. They are nearly all of a stream of stocks, and read so they
//! take half the time. Whatever differs is left to the reader for everything: nothing is refused here.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::number::{plain_float, plain_integer};
use super::text;
use crate::message::{Conditions, Message, Quote, Trade};
use crate::number::Number;
use crate::time::{Timestamp, parse_prefix};

/// A place in a text of which all is UTF-8.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    text: &'a str,
    at: usize,
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

    /// A text that has begun, without escapes; its closing quote is passed.
    #[inline(always)]
    fn text(&mut self) -> Option<&'a str> {
        let end = self.at + text::plain_len(self.rest());
        self.text_to(end)
    }

    /// The same, of one byte.
    #[inline(always)]
    fn letter(&mut self) -> Option<&'a str> {
        match self.rest() {
            [letter @ b' '..=b'~', b'"', ..] if !matches!(letter, b'"' | b'\\') => self.text_to(self.at + 1),
            _ => None,
        }
    }

    #[inline(always)]
    fn text_to(&mut self, end: usize) -> Option<&'a str> {
        let text = self.text.get(self.at..end)?;
        self.at = end;
        self.pass(b"\"")?;
        Some(text)
    }

    #[inline(always)]
    fn float(&mut self) -> Option<f64> {
        let (value, len) = plain_float(self.rest())?;
        self.at += len;
        Some(value)
    }

    #[inline(always)]
    fn integer(&mut self) -> Option<u64> {
        let (value, len) = plain_integer(self.rest())?;
        self.at += len;
        Some(value)
    }

    #[inline(always)]
    fn time(&mut self) -> Option<Timestamp> {
        let (time, len) = parse_prefix(self.rest())?;
        self.at += len;
        Some(time)
    }

    /// What ends both: `,"c":["@","I"],"z":"C","t":"…"}`.
    #[inline(always)]
    fn tail(&mut self) -> Option<Tail<'a>> {
        self.pass(b",\"c\":[\"")?;
        let first = self.letter()?;
        let second = if self.pass(b",\"").is_some() { Some(self.letter()?) } else { None };
        self.pass(b"],\"z\":\"")?;
        let tape = self.letter()?;
        self.pass(b",\"t\":\"")?;
        let time = self.time()?;
        self.pass(b"\"}")?;
        Some(Tail { first, second, tape, time })
    }
}

/// What ends quotes and trades.
struct Tail<'a> {
    first: &'a str,
    second: Option<&'a str>,
    tape: &'a str,
    time: Timestamp,
}

impl<'a> Tail<'a> {
    #[inline(always)]
    fn conditions(&self) -> Option<Conditions<'a>> {
        let mut codes = SmallVec::new();
        codes.push(Cow::Borrowed(self.first));
        if let Some(second) = self.second {
            codes.push(Cow::Borrowed(second));
        }
        Some(Conditions { codes, as_text: false })
    }
}

/// Hands on the quote or trade at `at`, if it has the usual form; says where it ends.
#[inline(always)]
pub(super) fn read<'a>(text: &'a str, at: usize, sink: &mut dyn FnMut(Message<'a>)) -> Option<usize> {
    let mut c = Cursor { text, at };
    c.pass(b"{\"T\":\"")?;
    // The message is built where `sink` is called: it is large, and copies cost.
    if c.pass(b"q\",\"S\":\"").is_some() {
        let symbol = c.text()?;
        c.pass(b",\"bx\":\"")?;
        let bid_exchange = c.letter()?;
        c.pass(b",\"bp\":")?;
        let bid_price = c.float()?;
        c.pass(b",\"bs\":")?;
        let bid_size = c.integer()?;
        c.pass(b",\"ax\":\"")?;
        let ask_exchange = c.letter()?;
        c.pass(b",\"ap\":")?;
        let ask_price = c.float()?;
        c.pass(b",\"as\":")?;
        let ask_size = c.integer()?;
        let tail = c.tail()?;
        sink(Message::Quote(Quote {
            symbol: Cow::Borrowed(symbol),
            bid_exchange: Some(Cow::Borrowed(bid_exchange)),
            bid_price,
            bid_size: Number::Unsigned(bid_size),
            ask_exchange: Some(Cow::Borrowed(ask_exchange)),
            ask_price,
            ask_size: Number::Unsigned(ask_size),
            conditions: tail.conditions(),
            tape: Some(Cow::Borrowed(tail.tape)),
            time: tail.time,
        }));
    } else {
        c.pass(b"t\",\"S\":\"")?;
        let symbol = c.text()?;
        c.pass(b",\"i\":")?;
        let id = c.integer()?;
        c.pass(b",\"x\":\"")?;
        let exchange = c.letter()?;
        c.pass(b",\"p\":")?;
        let price = c.float()?;
        c.pass(b",\"s\":")?;
        let size = c.integer()?;
        let tail = c.tail()?;
        sink(Message::Trade(Trade {
            symbol: Cow::Borrowed(symbol),
            id: Some(id),
            exchange: Some(Cow::Borrowed(exchange)),
            price,
            size: Number::Unsigned(size),
            conditions: tail.conditions(),
            tape: Some(Cow::Borrowed(tail.tape)),
            time: tail.time,
            taker_side: None,
        }));
    }
    Some(c.at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::decode::decode;
    use crate::frame::Frame;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const USUAL: [&str; 4] = [
        r#"{"T":"q","S":"FAKEPACA","bx":"O","bp":133.85,"bs":4,"ax":"R","ap":135.77,"as":5,"c":["R"],"z":"A","t":"2024-07-24T07:56:53.639713735Z"}"#,
        r#"{"T":"q","S":"VOO","bx":"N","bp":411,"bs":300,"ax":"T","ap":411.2701,"as":100,"c":["R","Y"],"z":"B","t":"2025-11-10T14:30:01.25Z"}"#,
        r#"{"T":"t","S":"AAPL","i":18446744073709,"x":"V","p":364.17,"s":100,"c":["@"],"z":"C","t":"2026-01-02T15:04:05Z"}"#,
        r#"{"T":"t","S":"BRK.B","i":1,"x":"D","p":0.0001,"s":1,"c":[" ","I"],"z":"A","t":"2026-01-02T15:04:05.000000001Z"}"#,
    ];
    const OTHERS: [&str; 5] = [
        r#"{"T":"q","S":"BAT/USD","bp":0.35718,"bs":13445.46,"ap":0.3581,"as":13561.902,"t":"2024-03-12T10:29:43.111588173Z"}"#,
        r#"{"T":"q","S":"SPXW240327P04925000","t":"2024-03-12T11:59:38.897261568Z","bx":"C","bp":9.46,"bs":53,"ax":"C","ap":9.66,"as":38,"c":"A"}"#,
        r#"{"T":"t","S":"A","i":7,"x":"V","p":1.5,"s":1,"c":["@","F","I"],"z":"C","t":"2025-01-02T15:04:05Z"}"#,
        r#"{"T":"t","S":"A","i":7,"x":"V","p":1.5,"s":1,"c":[],"z":"C","t":"2025-01-02T15:04:05Z"}"#,
        r#"{"T":"b","S":"A","o":1,"h":2,"l":1,"c":2,"v":3,"t":"2025-01-02T15:04:00Z"}"#,
    ];

    fn end(text: &str) -> Option<usize> {
        let mut count = 0;
        let end = read(text, 0, &mut |_| count += 1);
        assert_eq!(count, usize::from(end.is_some()), "{text}");
        end
    }

    #[test]
    fn what_alpaca_sends_is_usual() {
        for text in USUAL {
            assert_eq!(end(&format!("{text},{{}}")), Some(text.len()), "{text}");
        }
        for text in OTHERS {
            assert_eq!(end(text), None, "{text}");
        }
    }

    /// What a frame of one message says: the messages, and how it ended.
    fn said(frame: &[u8]) -> String {
        let mut messages = Vec::new();
        let end = decode(Frame::Binary(frame), &mut |m| messages.push(m.into_owned()));
        let tally = end.map(|d| (d.delivered, d.skipped_types, d.skipped_fields, d.refused));
        format!("{messages:?} {tally:?}")
    }

    /// White space before a message keeps it from being usual, and changes nothing else: so whatever a
    /// message looks like, both ways say the same of it.
    #[test]
    fn a_short_way_says_what_the_long_one_says() {
        for text in USUAL.iter().chain(&OTHERS) {
            let mut bytes = text.as_bytes().to_vec();
            let both = |bytes: &[u8]| {
                let frame = |space: &[u8]| [b"[", space, bytes, b"]"].concat();
                assert_eq!(said(&frame(b"")), said(&frame(b" ")), "{}", String::from_utf8_lossy(bytes));
            };
            both(&bytes);
            for at in 0..bytes.len() {
                let kept = bytes[at];
                for other in *b"\"\\{}[],:. -0019eEqtTZaz\x00\x1f\x7f\x80\xc3\xff" {
                    bytes[at] = other;
                    both(&bytes);
                }
                bytes[at] = kept;
                both(&bytes[..at]);
                both(&[&bytes[..at], &bytes[at + 1..]].concat());
                both(&[&bytes[..at], b"0", &bytes[at..]].concat());
            }
        }
    }
}
