//! A recording as lines, unpacked as they are read: what is in memory is the file as stored and one line.

use std::io::{BufRead, BufReader, Cursor, Read};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use crate::error::Error;

/// Longest line in bytes; a longer one is a bad line. A book of a thousand levels a side takes 60 KB.
pub const MAX_LINE_BYTES: usize = 4 * 1024 * 1024;
/// The first two bytes of a gzip member (RFC 1952).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The bytes of a recording, shared by the readers of its two passes.
#[derive(Clone)]
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// One recording: NDJSON, one message in Alpaca's stream form a line, gzip-compressed or plain
/// (told by its first bytes and never by its name).
#[derive(Clone)]
pub struct Recording {
    name: String,
    bytes: Shared,
}

impl std::fmt::Debug for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recording").field("name", &self.name).field("bytes", &self.bytes.0.len()).finish()
    }
}

impl Recording {
    /// A recording of these bytes; `name` stands in reports of bad lines.
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes: Shared(Arc::new(bytes)) }
    }

    /// A recording of all that `reader` gives, of which no more than `limit` bytes are read, and one
    /// to know that there are more.
    pub(super) fn read(name: String, reader: impl Read, limit: u64) -> Result<Self, Error> {
        let mut bytes = Vec::new();
        if let Err(source) = reader.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
            return Err(Error::Read { name, source });
        }
        let recording = Self::new(name, bytes);
        recording.check(limit)?;
        Ok(recording)
    }

    /// Refuses a recording of more than `limit` bytes as stored.
    pub(super) fn check(&self, limit: u64) -> Result<(), Error> {
        if self.size() as u64 > limit {
            return Err(Error::RecordingTooLarge { name: self.name.clone(), limit });
        }
        Ok(())
    }

    /// The name it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bytes as stored.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.0.len()
    }

    /// Reads it from the first line.
    pub(crate) fn lines(&self) -> Lines {
        let cursor = Cursor::new(self.bytes.clone());
        let reader: Box<dyn BufRead + Send> = if self.bytes.0.starts_with(&GZIP_MAGIC) {
            Box::new(BufReader::with_capacity(64 * 1024, MultiGzDecoder::new(cursor)))
        } else {
            Box::new(cursor)
        };
        Lines { reader, number: 0, ended: false }
    }
}

/// What reading a line came to.
pub(crate) enum Line {
    /// The line is in the buffer.
    Text,
    /// The line cannot be used, and why; the next one may be good.
    Bad(String),
    /// There are no more lines.
    End,
}

/// Lines of a recording, in order.
pub(crate) struct Lines {
    reader: Box<dyn BufRead + Send>,
    number: u64,
    ended: bool,
}

impl Lines {
    /// Number of the last line read, from 1.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// Puts the next line that is not blank behind what `buffer` holds.
    pub(crate) fn next(&mut self, buffer: &mut Vec<u8>) -> Line {
        let kept = buffer.len();
        while !self.ended {
            buffer.truncate(kept);
            self.number += 1;
            let limit = MAX_LINE_BYTES as u64 + 1;
            match (&mut self.reader).take(limit).read_until(b'\n', buffer) {
                Ok(0) => break,
                Ok(read) if read as u64 == limit && buffer.last() != Some(&b'\n') => {
                    buffer.truncate(kept);
                    if let Err(error) = self.skip_line() {
                        return self.broken(&error);
                    }
                    return Line::Bad(format!("longer than {MAX_LINE_BYTES} bytes"));
                }
                Ok(_) => {
                    if buffer.get(kept..).is_some_and(|line| !line.trim_ascii().is_empty()) {
                        return Line::Text;
                    }
                }
                Err(error) => {
                    buffer.truncate(kept);
                    return self.broken(&error);
                }
            }
        }
        self.ended = true;
        buffer.truncate(kept);
        Line::End
    }

    /// A fault of the compression: what follows cannot be found any more.
    fn broken(&mut self, error: &std::io::Error) -> Line {
        self.ended = true;
        Line::Bad(format!("the rest of the file cannot be unpacked: {error}"))
    }

    fn skip_line(&mut self) -> std::io::Result<()> {
        loop {
            let available = self.reader.fill_buf()?;
            if available.is_empty() {
                return Ok(());
            }
            let newline = available.iter().position(|b| *b == b'\n');
            let used = newline.map_or(available.len(), |at| at + 1);
            self.reader.consume(used);
            if newline.is_some() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::io::Write;

    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn read(bytes: Vec<u8>) -> Vec<Result<(u64, String), u64>> {
        let mut lines = Recording::new("test", bytes).lines();
        let mut out = Vec::new();
        loop {
            let mut buffer = b"[".to_vec();
            match lines.next(&mut buffer) {
                Line::Text => {
                    let text = String::from_utf8(buffer).unwrap();
                    out.push(Ok((lines.number(), text.trim_end().to_owned())));
                }
                Line::Bad(_) => out.push(Err(lines.number())),
                Line::End => return out,
            }
        }
    }

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn plain_and_packed_read_the_same() {
        let text = b"one\r\n\n  \ntwo\nthree";
        let expected = vec![Ok((1, "[one".into())), Ok((4, "[two".into())), Ok((5, "[three".into()))];
        assert_eq!(read(text.to_vec()), expected);
        assert_eq!(read(pack(text)), expected);
        let members = [pack(b"one\n"), pack(b"two\n")].concat();
        assert_eq!(read(members), vec![Ok((1, "[one".into())), Ok((2, "[two".into()))]);
    }

    #[test]
    fn a_recording_is_read_up_to_a_limit_and_no_further() {
        let read = |reader: &mut dyn Read| Recording::read("long".to_owned(), reader, 5);
        assert_eq!(read(&mut &b"12345"[..]).unwrap().size(), 5);
        for reader in [&mut &b"123456"[..] as &mut dyn Read, &mut std::io::repeat(b'x')] {
            match read(reader) {
                Err(Error::RecordingTooLarge { name, limit: 5 }) => assert_eq!(name, "long"),
                other => panic!("{other:?}"),
            }
        }
        let recording = Recording::new("given", b"123456".to_vec());
        assert!(recording.check(6).is_ok());
        assert!(matches!(recording.check(5), Err(Error::RecordingTooLarge { .. })));
    }

    #[test]
    fn an_endless_line_is_one_bad_line() {
        let mut text = vec![b'x'; MAX_LINE_BYTES + 10];
        text.extend_from_slice(b"\ngood\n");
        assert_eq!(read(text.clone()), vec![Err(1), Ok((2, "[good".into()))]);
        assert_eq!(read(pack(&text)), vec![Err(1), Ok((2, "[good".into()))]);
    }

    #[test]
    fn a_cut_file_gives_what_came_before_the_cut() {
        let mut packed = pack("a line that is good\n".repeat(2000).as_bytes());
        packed.truncate(packed.len() - 9);
        let lines = read(packed);
        assert!(lines.len() > 1 && lines.last().unwrap().is_err());
        assert_eq!(lines.iter().filter(|l| l.is_err()).count(), 1);
        assert_eq!(read(vec![0x1f, 0x8b, 9, 9]), vec![Err(1)]);
    }
}
