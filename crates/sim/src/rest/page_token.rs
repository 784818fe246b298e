//! Page tokens: where the next page goes on. Opaque to clients and safe in an address.

use wickwire_proto::time::Timestamp;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Longest token that is read.
const MAX_TOKEN_BYTES: usize = 256;

/// The last thing of the page before: what it was about, and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageToken {
    /// Symbol of a bar, id of an article.
    pub(super) about: String,
    /// Start of a bar, last update of an article.
    pub(super) time: Timestamp,
}

impl PageToken {
    /// The token, in the URL-safe base 64 of RFC 4648 without padding.
    pub(super) fn write(&self) -> String {
        let text = format!("{}|{}", self.about, self.time.nanos());
        let mut out = String::with_capacity(text.len() * 4 / 3 + 3);
        for chunk in text.as_bytes().chunks(3) {
            let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for place in 0..=chunk.len() {
                let index = (bits >> (18 - 6 * place)) & 63;
                out.push(ALPHABET.get(index as usize).map_or('A', |b| *b as char));
            }
        }
        out
    }

    /// Reads a token; `None` if it is none of ours.
    pub(super) fn read(token: &str) -> Option<Self> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let mut bytes = Vec::with_capacity(token.len());
        for chunk in token.trim_end_matches('=').as_bytes().chunks(4) {
            let mut bits: u32 = 0;
            for i in 0..4 {
                let value = match chunk.get(i) {
                    Some(b) => ALPHABET.iter().position(|a| a == b)?,
                    None => 0,
                };
                bits = bits << 6 | u32::try_from(value).ok()?;
            }
            let [_, a, b, c] = bits.to_be_bytes();
            bytes.extend_from_slice([a, b, c].get(..chunk.len().checked_sub(1)?)?);
        }
        let text = String::from_utf8(bytes).ok()?;
        let (about, time) = text.rsplit_once('|')?;
        Some(Self { about: about.to_owned(), time: Timestamp(time.parse().ok()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn there_and_back() {
        for about in ["", "A", "AB", "IBM", "BTC/USDT", "é|x"] {
            for time in [0, -1, i64::MAX, i64::MIN, 1_381_152_600_000_000_000] {
                let token = PageToken { about: about.to_owned(), time: Timestamp(time) };
                let text = token.write();
                assert!(text.bytes().all(|b| ALPHABET.contains(&b)), "{text}");
                assert_eq!(PageToken::read(&text), Some(token));
            }
        }
    }

    #[test]
    fn tokens_are_bounded() {
        let token = |bytes: usize| PageToken { about: "A".repeat(bytes), time: Timestamp(0) };
        // Three bytes are four characters; the time takes two.
        let longest = token(MAX_TOKEN_BYTES / 4 * 3 - 2);
        assert_eq!(longest.write().len(), MAX_TOKEN_BYTES);
        assert_eq!(PageToken::read(&longest.write()), Some(longest));
        assert_eq!(PageToken::read(&token(MAX_TOKEN_BYTES / 4 * 3 - 1).write()), None);
    }

    #[test]
    fn what_is_no_token() {
        for text in ["", "A", "!!!!", "QUJD", "ÄÖ", &"A".repeat(1000)] {
            assert_eq!(PageToken::read(text), None, "{text}");
        }
    }
}
