//! A map and a sort that are small when compiled. A tree of the standard library is five to eight
//! kilobytes of Wasm for each pair of types, a sort three to five; every visitor of the page downloads
//! them, and most of what is kept here is short or changes at one end.

use std::borrow::Borrow;

/// A map in one sorted list. Looking up is as fast as in a tree; inserting and removing move what
/// comes after, so that it suits lists that are short or change near their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many keys.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where a key is, or where it would be.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        // What comes is mostly the newest.
        match self.0.last() {
            Some((last, _)) if last.borrow() < key => Err(self.0.len()),
            _ => self.0.binary_search_by(|(k, _)| k.borrow().cmp(key)),
        }
    }

    /// The value of a key.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().and_then(|at| self.0.get(at)).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().and_then(|at| self.0.get_mut(at)).map(|(_, value)| value)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Sets the value of a key and returns the one before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => self.0.get_mut(at).map(|(_, old)| std::mem::replace(old, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// The value of a key, which is made if it is not there.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let at = match self.find(&key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key, make()));
                at
            }
        };
        // It was found or put there just now.
        &mut self.0[at].1
    }

    /// Takes a key away and returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Keeps what `keep` says.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| keep(key, value));
    }

    /// The first key with its value.
    #[must_use]
    pub fn first(&self) -> Option<(&K, &V)> {
        self.0.first().map(|(key, value)| (key, value))
    }

    /// The last key with its value.
    #[must_use]
    pub fn last(&self) -> Option<(&K, &V)> {
        self.0.last().map(|(key, value)| (key, value))
    }

    /// Takes the first so many away.
    pub fn drop_first(&mut self, count: usize) {
        self.0.drain(..count.min(self.0.len()));
    }

    /// Takes the last away.
    pub fn pop_last(&mut self) -> Option<(K, V)> {
        self.0.pop()
    }

    /// How many keys are before this one.
    #[must_use]
    pub fn rank(&self, key: &K) -> usize {
        self.find(key).unwrap_or_else(|at| at)
    }

    /// Every key with its value, by key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Every key with its value, to be changed, by key.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> + ExactSizeIterator {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }
}

/// Sorts in place; what is equal may change places. A list that is sorted already, either way round,
/// takes one walk.
pub fn sort_by<T>(list: &mut [T], before: impl Fn(&T, &T) -> bool) {
    let in_order = |list: &[T]| !list.windows(2).any(|pair| matches!(pair, [a, b] if before(b, a)));
    if let [first, .., last] = list
        && before(last, first)
    {
        list.reverse();
    }
    if in_order(list) {
        return;
    }
    // A heap: no worst case and no space.
    let sink = |list: &mut [T], mut at: usize| {
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let Some(child) = list.get(left) else { return };
            let larger = if list.get(right).is_some_and(|other| before(child, other)) { right } else { left };
            if !before(&list[at], &list[larger]) {
                return;
            }
            list.swap(at, larger);
            at = larger;
        }
    };
    for at in (0..list.len() / 2).rev() {
        sink(list, at);
    }
    for end in (1..list.len()).rev() {
        list.swap(0, end);
        sink(&mut list[..end], 0);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Numbers below `limit`, always the same.
    fn numbers(seed: u64, limit: u64) -> impl Iterator<Item = u64> {
        let mut state = seed;
        std::iter::repeat_with(move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % limit
        })
    }

    #[test]
    fn does_what_a_tree_does() {
        let (mut map, mut tree) = (SortedMap::new(), BTreeMap::new());
        let mut random = numbers(1, 40);
        for (step, key) in numbers(2, 60).take(5_000).enumerate() {
            match random.next() {
                Some(0..15) => assert_eq!(map.remove(&key), tree.remove(&key)),
                Some(15..30) => assert_eq!(map.insert(key, step), tree.insert(key, step)),
                Some(30..38) => {
                    *map.get_or_insert_with(key, || 7) += 1;
                    *tree.entry(key).or_insert(7) += 1;
                }
                Some(38) => assert_eq!(map.pop_last(), tree.pop_last()),
                _ => {
                    map.drop_first(1);
                    tree.pop_first();
                }
            }
            assert_eq!(map.get(&key), tree.get(&key));
            assert_eq!(map.contains_key(&key), tree.contains_key(&key));
            assert_eq!(map.rank(&key), tree.range(..key).count());
            assert!(map.iter().eq(tree.iter()));
            assert_eq!((map.first(), map.last()), (tree.first_key_value(), tree.last_key_value()));
            assert_eq!((map.len(), map.is_empty()), (tree.len(), tree.is_empty()));
        }
    }

    #[test]
    fn sorts_what_is_in_any_order() {
        for len in 0..60 {
            for limit in [1, 3, 1_000] {
                let mut list: Vec<u64> = numbers(len + limit, limit).take(len as usize).collect();
                let mut expected = list.clone();
                expected.sort_unstable();
                sort_by(&mut list, |a, b| a < b);
                assert_eq!(list, expected);
                sort_by(&mut list, |a, b| a > b);
                expected.reverse();
                assert_eq!(list, expected);
            }
        }
    }
}
