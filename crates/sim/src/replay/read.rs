//! Lines to messages.

use wickwire_proto::decode::decode_with;
use wickwire_proto::frame::Frame;
use wickwire_proto::message::Message;

use super::lines::{Line, Lines};

/// Reads lines as messages, in a buffer of its own.
pub(crate) struct Reader {
    buffer: Vec<u8>,
    skipped: u64,
}

impl Reader {
    pub(crate) const fn new() -> Self {
        Self { buffer: Vec::new(), skipped: 0 }
    }

    /// Messages of unknown type so far.
    pub(crate) const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Reads a line and hands out its messages; `Bad` says why something of it was not read, and
    /// what could be read was handed out. A line may hold one message or an array of them.
    pub(crate) fn next(&mut self, lines: &mut Lines, sink: &mut dyn FnMut(Message<'_>)) -> Line {
        self.buffer.clear();
        self.buffer.push(b'[');
        match lines.next(&mut self.buffer) {
            Line::Text => {}
            other => return other,
        }
        let is_array = self.buffer.get(1..).is_some_and(|l| l.trim_ascii_start().first() == Some(&b'['));
        let bytes = if is_array {
            self.buffer.get(1..).unwrap_or_default()
        } else {
            self.buffer.push(b']');
            &self.buffer
        };
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Line::Bad("not UTF-8".to_owned());
        };
        let mut control = false;
        let mut reason = None;
        let result = decode_with(
            Frame::Text(text.trim()),
            &mut |message| {
                if message.time().is_some() {
                    sink(message);
                } else {
                    control = true;
                }
            },
            &mut |_, error| reason = Some(error.to_string()),
        );
        match result {
            Err(error) => return Line::Bad(error.to_string()),
            Ok(tally) => {
                self.skipped += tally.skipped_types;
                if reason.is_none() && tally.refused + tally.broken > 0 {
                    reason = Some("broken".to_owned());
                }
            }
        }
        if control {
            reason.get_or_insert_with(|| "a control message, no market data".to_owned());
        }
        reason.map_or(Line::Text, Line::Bad)
    }
}
