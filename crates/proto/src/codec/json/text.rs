//! Text: borrowed where it holds no escapes.

use crate::codec::Flaw;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// A mark in the high bit of each byte that is zero. Bytes above the first marked one may be
/// marked wrongly, so only the lowest mark counts.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// How many bytes at the start of `text` are ordinary: no quote, no backslash, no control.
#[inline(always)]
pub(super) fn plain_len(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(chunk) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let quote = zeros(word ^ (ONES * b'"' as u64));
        let backslash = zeros(word ^ (ONES * b'\\' as u64));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let found = quote | backslash | control;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = text.get(at) {
        if *byte == b'"' || *byte == b'\\' || *byte < 0x20 {
            break;
        }
        at += 1;
    }
    at
}

/// Where text ends that begins right before `text`: the index of its closing quote. Escapes are
/// stepped over and not checked; `strict` refuses raw control characters.
pub(super) fn end(text: &[u8], strict: bool) -> Result<usize, Flaw> {
    let mut at = 0;
    loop {
        at += plain_len(text.get(at..).unwrap_or_default());
        match text.get(at) {
            None => return Err(Flaw::Truncated),
            Some(b'"') => return Ok(at),
            Some(b'\\') => at += 2,
            Some(_) if strict => return Err(Flaw::Syntax),
            Some(_) => at += 1,
        }
    }
}

fn hex4(text: &[u8]) -> Result<u32, Flaw> {
    let digits = text.get(..4).ok_or(Flaw::Truncated)?;
    digits.iter().try_fold(0, |value, byte| {
        char::from(*byte).to_digit(16).map(|digit| value * 16 + digit).ok_or(Flaw::Syntax)
    })
}

/// Decodes text with escapes that begins right before `text`: the text and the index of its
/// closing quote. Half a surrogate pair is refused.
#[cold]
pub(super) fn unescape(text: &[u8]) -> Result<(String, usize), Flaw> {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let plain = plain_len(rest);
        out.extend_from_slice(rest.get(..plain).unwrap_or_default());
        at += plain;
        match text.get(at) {
            None => return Err(Flaw::Truncated),
            Some(b'"') => break,
            Some(b'\\') => {}
            Some(_) => return Err(Flaw::Syntax),
        }
        let escape = *text.get(at + 1).ok_or(Flaw::Truncated)?;
        at += 2;
        let character = match escape {
            b'"' | b'\\' | b'/' => char::from(escape),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut code = hex4(text.get(at..).unwrap_or_default())?;
                at += 4;
                if (0xd800..0xdc00).contains(&code) {
                    let low = match text.get(at..).unwrap_or_default() {
                        [b'\\', b'u', low @ ..] => low,
                        [] | [b'\\'] => return Err(Flaw::Truncated),
                        _ => return Err(Flaw::Syntax),
                    };
                    let low = hex4(low)?;
                    at += 6;
                    if !(0xdc00..0xe000).contains(&low) {
                        return Err(Flaw::Syntax);
                    }
                    code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                }
                char::from_u32(code).ok_or(Flaw::Syntax)?
            }
            _ => return Err(Flaw::Syntax),
        };
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    String::from_utf8(out).map(|text| (text, at)).map_err(|_| Flaw::Utf8)
}

/// Appends `text` in quotes, with the escapes that JSON demands and no others.
pub(super) fn write(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let (plain, tail) = rest.split_at(plain_len(rest));
        out.extend_from_slice(plain);
        let Some((byte, tail)) = tail.split_first() else { break };
        match byte {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            _ => {
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
        }
        rest = tail;
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn plain_text_ends_at_the_first_special_byte() {
        for special in [b'"', b'\\', 0, 0x1f, b'\n'] {
            for len in 0..40 {
                let mut text = "é~ \u{7f}ü€xyzäabcdefghijklmnopqrstuvwxyzABCDEF".as_bytes()[..len].to_vec();
                text.push(special);
                text.extend_from_slice(b"tail\"tail");
                assert_eq!(plain_len(&text), len);
            }
        }
        assert_eq!(plain_len(b""), 0);
        assert_eq!(plain_len("é\u{7f} 日本語テキスト".as_bytes()), "é\u{7f} 日本語テキスト".len());
    }

    #[test]
    fn escapes() {
        let read = |text: &[u8]| unescape(text).map(|(text, _)| text);
        assert_eq!(read(br#"\u0054\/\"\\\b\f\n\r\t\u00e9"x"#).unwrap(), "T/\"\\\u{8}\u{c}\n\r\té");
        assert_eq!(read(br#"\ud83d\ude80""#).unwrap(), "🚀");
        assert_eq!(read(br#"\uD83D\uDE80""#).unwrap(), "🚀");
        for text in [
            &br#"\ud83d""#[..],
            br#"\ude80""#,
            br#"\ud83dxx""#,
            br#"\ud83d\u0041""#,
            br#"\u00g0""#,
            br#"\x""#,
        ] {
            assert_eq!(read(text), Err(Flaw::Syntax));
        }
        for text in [&b"\\"[..], b"\\u00", b"abc", b"\\n", b"\\ud83d", b"\\ud83d\\u12"] {
            assert_eq!(read(text), Err(Flaw::Truncated), "{text:?}");
        }
        assert_eq!(read(b"a\nb\""), Err(Flaw::Syntax));
        assert_eq!(read(b"\\n\xff\""), Err(Flaw::Utf8));
    }

    #[test]
    fn what_is_written_is_read() {
        let text: String = (0..0x80_u8).map(char::from).chain("«L’Oréal» 日本 🚀".chars()).collect();
        let mut out = Vec::new();
        write(&text, &mut out);
        assert_eq!(unescape(&out[1..]).unwrap(), (text, out.len() - 2));
    }
}
