//! Texts of one letter, which exchanges, tapes and conditions are: they are not borrowed from the frame.

/// Every text of one ASCII character, one after another.
const ASCII: &str = "\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\
    \x20!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f";

/// Each of them by its byte.
static LETTERS: [&str; 128] = {
    let (mut letters, mut at) = ([""; 128], 0);
    while at < letters.len() {
        letters[at] = ASCII.split_at(at).1.split_at(1).0;
        at += 1;
    }
    letters
};

/// The text of one ASCII character; `None` for other bytes.
#[inline(always)]
pub(super) fn letter(byte: u8) -> Option<&'static str> {
    LETTERS.get(usize::from(byte)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn each_byte_of_ascii_is_its_own_text() {
        for byte in 0..=u8::MAX {
            let text = letter(byte);
            assert_eq!(text.map(str::as_bytes), byte.is_ascii().then_some(&[byte][..]));
        }
    }
}
