//! A row of values that come at its end and go at its front, in blocks of one size.
//!
//! Memory of WebAssembly is never given back, and a buffer that grows by moving leaves holes of ever
//! other sizes in it that nothing else fits in. Here nothing moves when the row grows, and blocks that
//! have become free at the front are used again at the end.

use std::collections::VecDeque;

/// Values of a block.
pub(crate) const BLOCK: usize = 128;
/// Blocks taken at once at least.
const MIN_MORE: usize = 2;
/// One block for so many is taken when there is no room.
const GROWTH: usize = 8;

/// Values in blocks.
#[derive(Clone, Debug)]
pub(crate) struct Blocks<T> {
    blocks: VecDeque<Box<[T]>>,
    /// Where in the first block the first value is.
    head: usize,
    len: usize,
    /// Blocks that are enough for all values there may be.
    most: usize,
}

impl<T: Copy> Blocks<T> {
    /// An empty row for at most `most` values; it allocates nothing.
    pub(crate) const fn new(most: usize) -> Self {
        // The first value may be the last of its block.
        Self { blocks: VecDeque::new(), head: 0, len: 0, most: most.div_ceil(BLOCK) + 1 }
    }

    /// How many values.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Values that there is room for.
    pub(crate) fn capacity(&self) -> usize {
        self.blocks.len() * BLOCK
    }

    /// The value at `index`.
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let at = self.head + index;
        self.blocks.get(at / BLOCK).filter(|_| index < self.len)?.get(at % BLOCK)
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let at = self.head + index;
        self.blocks.get_mut(at / BLOCK).filter(|_| index < self.len)?.get_mut(at % BLOCK)
    }

    /// Puts a value before `index`, which is at most `len`, at the cost of those behind it.
    pub(crate) fn insert(&mut self, index: usize, value: T) {
        self.make_room(value);
        let end = self.head + self.len;
        let at = (self.head + index).min(end);
        self.len += 1;
        if at == end {
            // Almost every value is the last.
            if let Some(slot) = self.blocks.get_mut(at / BLOCK).and_then(|block| block.get_mut(at % BLOCK)) {
                *slot = value;
            }
            return;
        }
        // Each block takes the last of the one before, and gives its own last to the next.
        let mut moving = value;
        let mut from = at % BLOCK;
        for number in at / BLOCK..=end / BLOCK {
            let to = if number == end / BLOCK { end % BLOCK } else { BLOCK - 1 };
            let block = self.blocks.get_mut(number);
            let Some(part) = block.and_then(|block| block.get_mut(from..=to)) else { return };
            let last = part.len() - 1;
            let next = part.get(last).copied().unwrap_or(moving);
            part.copy_within(..last, 1);
            if let Some(first) = part.first_mut() {
                *first = moving;
            }
            moving = next;
            from = 0;
        }
    }

    fn make_room(&mut self, filler: T) {
        if self.head + self.len == self.capacity() {
            let held = self.blocks.len();
            let more = (held / GROWTH).max(MIN_MORE).min(self.most.saturating_sub(held)).max(1);
            self.take(held + more, filler);
        }
    }

    /// Takes room for `values`, at most for all that there may be, as far as it is not there.
    pub(crate) fn reserve(&mut self, values: usize) {
        if let Some(filler) = self.get(0).copied() {
            self.take((values.div_ceil(BLOCK) + 1).min(self.most), filler);
        }
    }

    fn take(&mut self, blocks: usize, filler: T) {
        self.blocks.reserve_exact(blocks.saturating_sub(self.blocks.len()));
        while self.blocks.len() < blocks {
            self.blocks.push_back(vec![filler; BLOCK].into_boxed_slice());
        }
    }

    /// Drops `count` values from the front and keeps their room.
    pub(crate) fn drop_front(&mut self, count: usize) {
        let count = count.min(self.len);
        self.len -= count;
        self.head = if self.len == 0 { 0 } else { self.head + count };
        while self.head >= BLOCK {
            self.head -= BLOCK;
            self.blocks.rotate_left(1);
        }
    }

    /// Gives back the room that no value takes.
    pub(crate) fn shrink(&mut self) {
        self.blocks.truncate((self.head + self.len).div_ceil(BLOCK));
        self.blocks.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn behaves_as_a_deque_under_every_operation() {
        let mut blocks = Blocks::new(2_000);
        let mut model = VecDeque::new();
        let mut state = 1_u32;
        for step in 0..20_000_u32 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let pick = (state >> 16) as usize;
            match pick % 16 {
                0 if step % 50 == 0 => {
                    let count = pick / 16;
                    blocks.drop_front(count);
                    model.drain(..count.min(model.len()));
                }
                1 if step % 9 == 0 => {
                    blocks.shrink();
                    assert!(blocks.capacity() < model.len() + 2 * BLOCK);
                }
                2 if !model.is_empty() => {
                    let at = pick / 16 % model.len();
                    *blocks.get_mut(at).unwrap() = step;
                    *model.get_mut(at).unwrap() = step;
                }
                3 | 4 => {
                    let at = pick / 16 % (model.len() + 1);
                    blocks.insert(at, step);
                    model.insert(at, step);
                }
                _ => {
                    blocks.insert(model.len(), step);
                    model.push_back(step);
                }
            }
            assert_eq!(blocks.len(), model.len());
            let middle = model.len() / 2;
            for at in [0, middle, model.len().saturating_sub(1), model.len()] {
                assert_eq!(blocks.get(at), model.get(at), "{step}");
                assert_eq!(blocks.get_mut(at).copied(), model.get(at).copied(), "{step}");
            }
            if step % 100 == 0 {
                assert!((0..model.len()).all(|at| blocks.get(at) == model.get(at)), "{step}");
            }
        }
    }

    #[test]
    fn room_grows_by_an_eighth_up_to_the_most_and_then_is_used_again() {
        let most = 100 * BLOCK;
        let mut blocks = Blocks::new(most);
        blocks.reserve(most);
        assert_eq!(blocks.capacity(), 0, "nothing is known to fill it with");
        let mut sizes = Vec::new();
        for value in 0..most {
            blocks.insert(value, value);
            if sizes.last() != Some(&(blocks.capacity() / BLOCK)) {
                sizes.push(blocks.capacity() / BLOCK);
            }
        }
        assert_eq!(sizes.get(..9).unwrap(), [2, 4, 6, 8, 10, 12, 14, 16, 18]);
        assert!(sizes.windows(2).all(|pair| pair[1] <= (pair[0] + pair[0] / GROWTH).max(pair[0] + MIN_MORE)));
        assert_eq!(sizes.last(), Some(&101));
        for value in most..3 * most {
            blocks.drop_front(1);
            blocks.insert(most - 1, value);
            assert_eq!(blocks.get(0), Some(&(value + 1 - most)));
        }
        assert_eq!(blocks.capacity() / BLOCK, 101, "no more, wherever in its block the first is");
    }

    #[test]
    fn room_that_is_reserved_is_taken_once() {
        let mut blocks = Blocks::new(100 * BLOCK);
        blocks.insert(0, 0);
        blocks.reserve(9 * BLOCK + 1);
        assert_eq!(blocks.capacity() / BLOCK, 11);
        blocks.reserve(BLOCK);
        assert_eq!(blocks.capacity() / BLOCK, 11);
        blocks.reserve(usize::MAX);
        assert_eq!(blocks.capacity() / BLOCK, 101);
        blocks.shrink();
        assert_eq!((blocks.capacity() / BLOCK, blocks.get(0)), (1, Some(&0)));
    }
}
