//! What waits to be sent: frames, and behind them a batch of messages that become one frame.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::encode::join_elements;
use crate::frame::{Codec, OwnedFrame};

/// Most messages of one frame of ours. Cost is per frame, so batches pay; but a frame of thousands
/// stalls a page.
pub const MAX_BATCH_ELEMENTS: usize = 1_000;
/// Bytes after which a batch is ended. One message may be larger, and then goes alone.
pub const MAX_BATCH_BYTES: usize = 256 * 1024;
/// Most bytes that wait for one client. Beyond, it is a slow client: 407.
pub const MAX_QUEUED_BYTES: usize = 8 * 1024 * 1024;
/// Most frames that wait for one client. Beyond, it is a slow client: 407.
pub const MAX_QUEUED_FRAMES: usize = 4_096;

/// There is no room: the client reads too slowly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

#[derive(Debug)]
pub(crate) struct Outbox {
    codec: Codec,
    frames: VecDeque<OwnedFrame>,
    batch: Vec<Arc<[u8]>>,
    batch_bytes: usize,
    /// Of frames and batch.
    bytes: usize,
}

impl Outbox {
    pub(crate) const fn new(codec: Codec) -> Self {
        Self { codec, frames: VecDeque::new(), batch: Vec::new(), batch_bytes: 0, bytes: 0 }
    }

    pub(crate) fn push_element(&mut self, element: Arc<[u8]>) -> Result<(), Full> {
        let len = element.len();
        self.room(len)?;
        if self.batch.len() >= MAX_BATCH_ELEMENTS
            || (!self.batch.is_empty() && self.batch_bytes + len > MAX_BATCH_BYTES)
        {
            self.flush();
        }
        self.batch.push(element);
        self.batch_bytes += len;
        self.bytes += len;
        Ok(())
    }

    /// A frame of its own, after everything that was pushed before.
    pub(crate) fn push_frame(&mut self, frame: OwnedFrame) -> Result<(), Full> {
        self.room(frame.len())?;
        self.flush();
        self.bytes += frame.len();
        self.frames.push_back(frame);
        Ok(())
    }

    fn room(&self, more: usize) -> Result<(), Full> {
        // The first frame always has room, however large.
        let full = !self.is_empty()
            && (self.bytes + more > MAX_QUEUED_BYTES || self.frames.len() >= MAX_QUEUED_FRAMES);
        if full { Err(Full) } else { Ok(()) }
    }

    pub(crate) fn flush(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let elements: Vec<&[u8]> = self.batch.iter().map(AsRef::as_ref).collect();
        let frame = join_elements(self.codec, &elements);
        self.bytes = self.bytes + frame.len() - self.batch_bytes;
        self.batch.clear();
        self.batch_bytes = 0;
        self.frames.push_back(frame);
    }

    pub(crate) fn poll(&mut self) -> Option<OwnedFrame> {
        if self.frames.is_empty() {
            self.flush();
        }
        let frame = self.frames.pop_front()?;
        self.bytes -= frame.len();
        Some(frame)
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.codec);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.batch.is_empty()
    }

    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }
}
