//! A column: one contiguous slice, cheap to extend at both ends.

/// The smallest gap made at the front when a prepend does not fit.
const MIN_GAP: usize = 64;
/// One slot in so many is spare when room is made for many values at once.
const SPARE: usize = 64;
/// Room for one in so many more is made for a value that finds none.
const GROWTH: usize = 8;

/// Values in one contiguous slice with a free gap in front of it.
///
/// Appending is O(1) amortised, prepending `k` values O(k) amortised, dropping from the front
/// O(1) amortised. Prepending leaves about one free slot for two values at the front, dropping at most
/// about as many as there are values; pushing leaves one for eight at the end, and what fills many at
/// once as many as a `Vec` does, unless room was reserved. Memory of WebAssembly is never given back:
/// room at the front is used before more is taken.
#[derive(Clone, Debug, Default)]
pub struct Column<T> {
    buffer: Vec<T>,
    head: usize,
}

impl<T: Copy + Default> Column<T> {
    /// An empty column; it allocates nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { buffer: Vec::new(), head: 0 }
    }

    /// How many values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buffer.len() - self.head
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values, oldest first.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        self.buffer.get(self.head..).unwrap_or_default()
    }

    /// The value at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<T> {
        self.buffer.get(self.head + index).copied()
    }

    /// Writes the value at `index`; nothing if there is none.
    pub fn set(&mut self, index: usize, value: T) {
        if let Some(slot) = self.buffer.get_mut(self.head + index) {
            *slot = value;
        }
    }

    /// Makes room for `more` values at the end and hardly any further: columns are large.
    pub fn reserve(&mut self, more: usize) {
        self.buffer.reserve_exact(more + (more / SPARE).max(MIN_GAP.min(more)));
    }

    /// Adds values at the end.
    pub fn extend(&mut self, values: &[T]) {
        self.buffer.extend_from_slice(values);
    }

    /// Adds `value` at the end until there are `len`.
    pub fn fill_to(&mut self, len: usize, value: T) {
        self.buffer.resize(self.head + len.max(self.len()), value);
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: T) {
        self.make_room();
        self.buffer.push(value);
    }

    /// Makes room for one value at the end.
    fn make_room(&mut self) {
        if self.buffer.len() < self.buffer.capacity() {
            return;
        }
        // Room that values have left at the front is used again, unless it is so little that they would be
        // moved too often.
        if 2 * SPARE * self.head >= self.len().max(1) {
            self.buffer.drain(..self.head);
            self.head = 0;
        } else {
            self.buffer.reserve_exact((self.buffer.len() / GROWTH).max(MIN_GAP));
        }
    }

    /// Puts a value before `index`, which is at most `len`.
    pub fn insert(&mut self, index: usize, value: T) {
        if index == 0 {
            self.prepend(std::iter::once(value));
        } else {
            self.make_room();
            self.buffer.insert((self.head + index).min(self.buffer.len()), value);
        }
    }

    /// Takes the value at `index` out.
    pub fn remove(&mut self, index: usize) {
        if index < self.len() {
            self.buffer.remove(self.head + index);
        }
    }

    /// Puts `values` (oldest first) before all others.
    pub fn prepend(&mut self, values: impl ExactSizeIterator<Item = T>) {
        self.prepend_before(values, usize::MAX);
    }

    /// The same where at most `more` will come before them: no room is made for others.
    pub fn prepend_before(&mut self, values: impl ExactSizeIterator<Item = T>, more: usize) {
        let count = values.len();
        if count > self.head {
            let gap = (self.len() / 2).max(MIN_GAP).min(more);
            let values = count + self.len();
            let mut buffer = Vec::with_capacity(gap + values + (values / SPARE).max(MIN_GAP));
            buffer.resize(gap + count, T::default());
            buffer.extend_from_slice(self.as_slice());
            self.buffer = buffer;
            self.head = gap + count;
        }
        let start = self.head - count;
        for (slot, value) in self.buffer.iter_mut().skip(start).take(count).zip(values) {
            *slot = value;
        }
        self.head = start;
    }

    /// Drops `count` values from the front.
    pub fn drop_front(&mut self, count: usize) {
        self.head += count.min(self.len());
        // The gap left behind is given back once it is larger than what it precedes.
        if self.head > self.len() + 2 * MIN_GAP {
            let keep = MIN_GAP.min(self.head);
            self.buffer.drain(..self.head - keep);
            self.head = keep;
        }
    }

    /// Gives back the memory that no value takes.
    pub fn compact(&mut self) {
        self.buffer.drain(..self.head);
        self.buffer.shrink_to_fit();
        self.head = 0;
    }

    /// Drops everything and keeps the memory.
    pub fn clear(&mut self) {
        self.buffer.clear();
        self.head = 0;
    }

    /// Slots allocated, used or not.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.buffer.capacity()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn behaves_as_a_vec_under_every_operation() {
        let mut column = Column::new();
        let mut model: Vec<u32> = Vec::new();
        let mut state = 1_u32;
        let mut peak = 0;
        for step in 0..20_000_u32 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let pick = (state >> 16) as usize;
            match pick % 11 {
                0..=4 => {
                    column.push(step);
                    model.push(step);
                }
                5 => {
                    let new: Vec<u32> = (0..(pick / 11 % 40) as u32).map(|i| step + i).collect();
                    column.prepend(new.iter().copied());
                    model.splice(0..0, new);
                }
                6 => {
                    let count = pick / 11 % 30;
                    column.drop_front(count);
                    model.drain(..count.min(model.len()));
                }
                7 if !model.is_empty() => {
                    let at = pick / 11 % model.len();
                    column.remove(at);
                    model.remove(at);
                }
                8 => {
                    let at = pick / 11 % (model.len() + 1);
                    column.insert(at, step);
                    model.insert(at, step);
                }
                9 if !model.is_empty() => {
                    let at = pick / 11 % model.len();
                    column.set(at, step);
                    *model.get_mut(at).unwrap() = step;
                }
                10 if pick.is_multiple_of(97) => {
                    column.clear();
                    model.clear();
                }
                10 if pick.is_multiple_of(31) => {
                    column.compact();
                    assert!(column.capacity() < model.len() + 8);
                }
                _ => {}
            }
            assert_eq!(column.as_slice(), model.as_slice());
            peak = peak.max(model.len());
            assert!(column.capacity() <= 6 * peak + 4 * MIN_GAP, "{} for {peak}", column.capacity());
        }
    }

    #[test]
    fn what_is_full_takes_hardly_more_than_its_values() {
        // As a spread's history, and a series at its limit: one comes, one goes.
        for most in [100, 500, 6_000, 100_000] {
            let mut column: Column<usize> = Column::new();
            column.reserve(most);
            let capacity = column.capacity();
            assert!(capacity <= most + most / SPARE + MIN_GAP, "{capacity} for {most}");
            for value in 0..3 * most {
                column.push(value);
                column.drop_front(usize::from(value >= most));
            }
            assert_eq!((column.len(), column.get(0)), (most, Some(2 * most)));
            assert_eq!(column.capacity(), capacity, "for {most}");
        }
    }

    #[test]
    fn no_room_is_made_for_what_cannot_come() {
        let most = 100_000;
        let mut column: Column<u32> = Column::new();
        let mut capacities = Vec::new();
        while column.len() < most {
            let more = most - column.len() - 10_000;
            column.prepend_before(0..10_000, more);
            capacities.push(column.capacity());
        }
        assert_eq!(column.len(), most);
        assert!(column.capacity() <= most + most / SPARE + MIN_GAP, "{capacities:?}");
        assert!(capacities.iter().all(|capacity| *capacity <= column.capacity()), "{capacities:?}");
    }

    #[test]
    fn a_page_leaves_room_for_what_comes_after_it() {
        let mut column: Column<u32> = Column::new();
        column.prepend(0..2_000);
        let capacity = column.capacity();
        assert_eq!(capacity, MIN_GAP + 2_000 + MIN_GAP);
        (0..MIN_GAP as u32).for_each(|value| column.push(value));
        assert_eq!(column.capacity(), capacity);
        column.push(1);
        assert!(column.capacity() <= capacity + capacity / GROWTH, "{}", column.capacity());
    }

    #[test]
    fn prepending_copies_each_value_a_bounded_number_of_times() {
        // Pages of 100 in front of a growing column: the buffer is renewed a logarithmic number
        // of times, so the copies stay within a small multiple of the values.
        let mut column: Column<u32> = Column::new();
        let mut renewals = 0;
        for page in 0..1_000_u32 {
            if column.head < 100 {
                renewals += 1;
            }
            column.prepend((0..100).map(|i| page * 100 + i));
        }
        assert_eq!(column.len(), 100_000);
        assert!(renewals <= 20, "{renewals}");
    }
}
