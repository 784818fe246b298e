//! A column of what many series do not have at all: it takes memory from the first value that is known.

use crate::column::Column;

/// A value that may be unknown.
pub(crate) trait Unknown: Copy + Default {
    /// What stands where nothing is known.
    const UNKNOWN: Self;
    /// Whether this is it.
    fn is_unknown(self) -> bool;
}

impl Unknown for f64 {
    const UNKNOWN: Self = Self::NAN;

    fn is_unknown(self) -> bool {
        self.is_nan()
    }
}

impl Unknown for u32 {
    const UNKNOWN: Self = Self::MAX;

    fn is_unknown(self) -> bool {
        self == Self::UNKNOWN
    }
}

/// As many values as a series has rows, or none as long as none is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sparse<T> {
    column: Column<T>,
    rows: usize,
}

impl<T: Unknown> Sparse<T> {
    pub(crate) const fn new() -> Self {
        Self { column: Column::new(), rows: 0 }
    }

    /// The values, oldest first; empty as long as none is known.
    pub(crate) fn as_slice(&self) -> &[T] {
        self.column.as_slice()
    }

    pub(crate) fn get(&self, row: usize) -> T {
        self.column.get(row).unwrap_or(T::UNKNOWN)
    }

    /// Whether values are to be written, of which one is known or is not.
    fn holds(&mut self, known: bool) -> bool {
        if known && self.column.is_empty() {
            self.begin();
        }
        known || !self.column.is_empty()
    }

    /// The first value that is known; once in the life of most series.
    #[cold]
    fn begin(&mut self) {
        self.column.reserve(self.rows + 1);
        self.column.fill_to(self.rows, T::UNKNOWN);
    }

    #[inline]
    pub(crate) fn set(&mut self, row: usize, value: T) {
        if self.holds(!value.is_unknown()) {
            self.column.set(row, value);
        }
    }

    /// Puts a value before `row`, which is at most the number of rows.
    pub(crate) fn insert(&mut self, row: usize, value: T) {
        if self.holds(!value.is_unknown()) {
            self.column.insert(row, value);
        }
        self.rows += 1;
    }

    /// As [`Column::prepend_before`].
    pub(crate) fn prepend_before(&mut self, values: impl ExactSizeIterator<Item = T> + Clone, more: usize) {
        let count = values.len();
        if self.holds(values.clone().any(|value| !value.is_unknown())) {
            self.column.prepend_before(values, more);
        }
        self.rows += count;
    }

    /// Adds rows of which nothing is known until there are `rows`.
    pub(crate) fn fill_to(&mut self, rows: usize) {
        self.rows = self.rows.max(rows);
        if self.holds(false) {
            self.column.fill_to(self.rows, T::UNKNOWN);
        }
    }

    /// Takes the value of a row out.
    pub(crate) fn remove(&mut self, row: usize) {
        self.rows -= usize::from(row < self.rows);
        self.column.remove(row);
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        if self.holds(false) {
            self.column.reserve(more);
        }
    }

    pub(crate) fn drop_front(&mut self, count: usize) {
        self.rows -= count.min(self.rows);
        self.column.drop_front(count);
    }

    pub(crate) fn compact(&mut self) {
        self.column.compact();
    }

    pub(crate) fn clear(&mut self) {
        self.rows = 0;
        self.column.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn behaves_as_a_column_and_takes_no_memory_before_it_must() {
        for known_every in [0, 1, 3, 50] {
            let (mut sparse, mut model) = (Sparse::<u32>::new(), Vec::<u32>::new());
            let mut state = 7_u32;
            let mut known = false;
            for step in 1..4_000_u32 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let pick = (state >> 16) as usize;
                let is_known = known_every > 0 && pick.is_multiple_of(known_every);
                let value = if is_known { step } else { u32::UNKNOWN };
                match pick / 64 % 8 {
                    0 | 1 => {
                        let at = pick % (model.len() + 1);
                        sparse.insert(at, value);
                        model.insert(at, value);
                    }
                    2 if !model.is_empty() => {
                        let at = pick % model.len();
                        sparse.set(at, value);
                        model[at] = value;
                    }
                    3 => {
                        sparse.prepend_before([u32::UNKNOWN, value].into_iter(), usize::MAX);
                        model.splice(0..0, [u32::UNKNOWN, value]);
                    }
                    4 => {
                        let rows = model.len() + pick % 5;
                        sparse.fill_to(rows);
                        sparse.reserve(3);
                        model.resize(rows, u32::UNKNOWN);
                    }
                    5 => {
                        let count = pick % 9;
                        sparse.drop_front(count);
                        model.drain(..count.min(model.len()));
                    }
                    6 if pick.is_multiple_of(2) => sparse.compact(),
                    6 if !model.is_empty() => {
                        let at = pick % model.len();
                        sparse.remove(at);
                        model.remove(at);
                    }
                    7 if pick.is_multiple_of(41) => {
                        sparse.clear();
                        model.clear();
                    }
                    _ => {}
                }
                known |= is_known;
                assert!(known || sparse.as_slice().is_empty() && sparse.column.capacity() == 0);
                assert!(sparse.as_slice().is_empty() || sparse.as_slice() == model, "{step}");
                for (row, value) in model.iter().enumerate() {
                    assert_eq!(sparse.get(row), *value, "{step} {row}");
                }
            }
            assert_eq!(known, known_every > 0);
        }
    }
}
