//! Quotes and trades of stocks in the very form in which Alpaca writes them: the same keys in the same
//! order, exchanges and codes of one letter. They are nearly all of a stream, and read so they take half
//! the time. Whatever differs is left to the reader for everything: nothing is refused here.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::message::{Conditions, Message, Quote, Trade};
use crate::number::Number;
use crate::time::Timestamp;

/// A place in a frame, and what may be passed there. After a `None` the place is undefined.
pub(super) trait Cursor<'a>: Sized {
    /// The start of a map of so many fields, and `T` of one letter as the first.
    fn begin(&mut self, kind: u8, fields: u8) -> Option<()>;
    /// A key of one letter, not the first of its map.
    fn key(&mut self, key: u8) -> Option<()>;
    /// A key of two letters, the same.
    fn key_of_two(&mut self, key: [u8; 2]) -> Option<()>;
    fn text(&mut self) -> Option<&'a str>;
    /// A text of one ASCII character.
    fn letter(&mut self) -> Option<&'a str>;
    /// A list of one or two such texts.
    fn letters(&mut self) -> Option<(&'a str, Option<&'a str>)>;
    /// A finite number.
    fn float(&mut self) -> Option<f64>;
    fn integer(&mut self) -> Option<u64>;
    fn time(&mut self) -> Option<Timestamp>;
    /// The end of the map.
    fn end(&mut self) -> Option<()>;
}

/// Hands on the quote or trade at `start`, if it has the usual form, and returns its end.
#[inline(always)]
pub(super) fn read<'a, C: Cursor<'a>>(start: impl Fn() -> C, sink: &mut dyn FnMut(Message<'a>)) -> Option<C> {
    let mut c = start();
    if c.begin(b'q', 11).is_some() {
        quote(&mut c, sink)?;
        return Some(c);
    }
    let mut c = start();
    c.begin(b't', 9)?;
    trade(&mut c, sink)?;
    Some(c)
}

// The messages are built where `sink` is called: they are large, and copies cost.

#[inline(always)]
fn quote<'a, C: Cursor<'a>>(c: &mut C, sink: &mut dyn FnMut(Message<'a>)) -> Option<()> {
    c.key(b'S')?;
    let symbol = c.text()?;
    c.key_of_two(*b"bx")?;
    let bid_exchange = c.letter()?;
    c.key_of_two(*b"bp")?;
    let bid_price = c.float()?;
    c.key_of_two(*b"bs")?;
    let bid_size = c.integer()?;
    c.key_of_two(*b"ax")?;
    let ask_exchange = c.letter()?;
    c.key_of_two(*b"ap")?;
    let ask_price = c.float()?;
    c.key_of_two(*b"as")?;
    let ask_size = c.integer()?;
    let tail = tail(c)?;
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
    Some(())
}

#[inline(always)]
fn trade<'a, C: Cursor<'a>>(c: &mut C, sink: &mut dyn FnMut(Message<'a>)) -> Option<()> {
    c.key(b'S')?;
    let symbol = c.text()?;
    c.key(b'i')?;
    let id = c.integer()?;
    c.key(b'x')?;
    let exchange = c.letter()?;
    c.key(b'p')?;
    let price = c.float()?;
    c.key(b's')?;
    let size = c.integer()?;
    let tail = tail(c)?;
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
    Some(())
}

/// What ends both: `c`, `z` and `t`.
struct Tail<'a> {
    codes: (&'a str, Option<&'a str>),
    tape: &'a str,
    time: Timestamp,
}

#[inline(always)]
fn tail<'a>(c: &mut impl Cursor<'a>) -> Option<Tail<'a>> {
    c.key(b'c')?;
    let codes = c.letters()?;
    c.key(b'z')?;
    let tape = c.letter()?;
    c.key(b't')?;
    let time = c.time()?;
    c.end()?;
    Some(Tail { codes, tape, time })
}

impl<'a> Tail<'a> {
    #[inline(always)]
    fn conditions(&self) -> Option<Conditions<'a>> {
        let (first, second) = self.codes;
        let both = [Cow::Borrowed(first), Cow::Borrowed(second.unwrap_or(""))];
        let codes = SmallVec::from_buf_and_len(both, 1 + usize::from(second.is_some()));
        Some(Conditions { codes, as_text: false })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::codec::{JsonReader, MsgpackReader, Reader};
    use crate::decode::decode;
    use crate::encode::encode;
    use crate::frame::{Codec, Frame};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const USUAL: [&str; 4] = [
        r#"{"T":"q","S":"FAKEPACA","bx":"O","bp":133.85,"bs":4,"ax":"R","ap":135.77,"as":5,"c":["R"],"z":"A","t":"2024-07-24T07:56:53.639713735Z"}"#,
        r#"{"T":"q","S":"VOO","bx":"N","bp":411,"bs":300,"ax":"T","ap":411.2701,"as":100,"c":["R","Y"],"z":"B","t":"2025-11-10T14:30:01.25Z"}"#,
        r#"{"T":"t","S":"AAPL","i":18446744073709,"x":"V","p":364.17,"s":100,"c":["@"],"z":"C","t":"2026-01-02T15:04:05.5Z"}"#,
        r#"{"T":"t","S":"BRK.B","i":1,"x":"D","p":0.0001,"s":1,"c":[" ","I"],"z":"A","t":"2026-01-02T15:04:05.000000001Z"}"#,
    ];
    const OTHERS: [&str; 5] = [
        r#"{"T":"q","S":"BAT/USD","bp":0.35718,"bs":13445.46,"ap":0.3581,"as":13561.902,"t":"2024-03-12T10:29:43.111588173Z"}"#,
        r#"{"T":"q","S":"SPXW240327P04925000","t":"2024-03-12T11:59:38.897261568Z","bx":"C","bp":9.46,"bs":53,"ax":"C","ap":9.66,"as":38,"c":"A"}"#,
        r#"{"T":"t","S":"A","i":7,"x":"V","p":1.5,"s":1,"c":["@","F","I"],"z":"C","t":"2025-01-02T15:04:05Z"}"#,
        r#"{"T":"t","S":"A","i":7,"x":"V","p":1.5,"s":1,"c":[],"z":"C","t":"2025-01-02T15:04:05Z"}"#,
        r#"{"T":"b","S":"A","o":1,"h":2,"l":1,"c":2,"v":3,"t":"2025-01-02T15:04:00Z"}"#,
    ];

    #[test]
    fn what_alpaca_sends_is_usual() {
        let taken = |reader: &mut dyn Reader<'_>| {
            let mut count = 0;
            let usual = reader.usual(&mut |_| count += 1);
            assert_eq!(count, usize::from(usual));
            usual.then(|| reader.position())
        };
        for (text, usual) in USUAL.iter().map(|t| (t, true)).chain(OTHERS.iter().map(|t| (t, false))) {
            let followed = format!("{text},{{}}");
            let end = taken(&mut JsonReader::new(Frame::Text(&followed)));
            assert_eq!(end, usual.then_some(text.len()), "{text}");
            let packed = packed(text);
            // The list around it has one byte.
            let end = taken(&mut MsgpackReader::new(&packed[1..]));
            assert_eq!(end, usual.then_some(packed.len() - 1), "{text}");
        }
    }

    /// A frame of one message in MessagePack.
    fn packed(text: &str) -> Vec<u8> {
        let mut messages = Vec::new();
        decode(Frame::Text(&format!("[{text}]")), &mut |m| messages.push(m.into_owned())).unwrap();
        encode(Codec::MessagePack, &messages).as_frame().bytes().to_vec()
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

    /// The same in MessagePack, where a longer header of the map keeps a message from being usual.
    #[test]
    fn a_short_way_says_what_the_long_one_says_in_messagepack() {
        for text in USUAL.iter().chain(&OTHERS) {
            let frame = packed(text);
            let fields = frame[1] & 0x0f;
            let mut bytes = frame[2..].to_vec();
            let both = |bytes: &[u8]| {
                let short = [&[0x91, 0x80 | fields], bytes].concat();
                let long = [&[0x91, 0xde, 0, fields], bytes].concat();
                assert_eq!(said(&short), said(&long), "{bytes:02x?}");
            };
            both(&bytes);
            for at in 0..bytes.len() {
                let kept = bytes[at];
                for other in [
                    0, 1, 0x7f, 0x80, 0x8b, 0x91, 0x92, 0xa0, 0xa1, 0xa2, 0xc0, 0xc3, 0xca, 0xcb, 0xcc, 0xcd,
                    0xcf, 0xd3, 0xd6, 0xd7, 0xfe, 0xff, b'T', b't',
                ] {
                    bytes[at] = other;
                    both(&bytes);
                }
                bytes[at] = kept;
                both(&bytes[..at]);
                both(&[&bytes[..at], &bytes[at + 1..]].concat());
                both(&[&bytes[..at], &[0], &bytes[at..]].concat());
            }
        }
    }
}
