//! The order of functions in which a module compresses best: like functions near each other.
//!
//! gzip looks back some 32 KiB for a passage that it has seen, and a module is many times as long. So
//! functions are put one after the other, each the one that has most in common with those just before.

use std::collections::{BTreeSet, HashMap, VecDeque};

/// Bytes of a passage that functions have in common.
const PASSAGE: usize = 6;
/// What more functions have than these tells nothing about them: it is never far away.
const COMMON: usize = 60;
/// How many bytes before a function count, some less than gzip looks back.
const WINDOW: usize = 30_000;

/// Places of functions in their new order.
pub(super) fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let mut state = State::new(bodies);
    let mut order = Vec::with_capacity(bodies.len());
    // The longest has most to offer.
    let mut next = (0..bodies.len()).max_by_key(|&at| bodies[at].len());
    while let Some(at) = next {
        state.put(at);
        order.push(at);
        next = state.best();
    }
    order
}

struct State<'a> {
    bodies: &'a [&'a [u8]],
    /// Functions that have a passage, by passage; those with two functions or more.
    holders: Vec<Vec<usize>>,
    /// Passages of each function.
    passages: Vec<Vec<usize>>,
    /// What a passage counts: the more, the fewer functions have it.
    weights: Vec<usize>,
    /// How many functions of the window have a passage.
    near: Vec<usize>,
    /// What a function has in common with the window, by weight; `None` once it has its place.
    shared: Vec<Option<usize>>,
    window: VecDeque<usize>,
    window_bytes: usize,
}

impl<'a> State<'a> {
    fn new(bodies: &'a [&'a [u8]]) -> Self {
        let mut holders: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (at, body) in bodies.iter().enumerate() {
            for passage in body.windows(PASSAGE).collect::<BTreeSet<_>>() {
                holders.entry(passage).or_default().push(at);
            }
        }
        let holders: Vec<_> =
            holders.into_values().filter(|functions| (2..=COMMON).contains(&functions.len())).collect();
        let mut passages = vec![Vec::new(); bodies.len()];
        for (passage, functions) in holders.iter().enumerate() {
            for &function in functions {
                passages[function].push(passage);
            }
        }
        Self {
            bodies,
            weights: holders.iter().map(|functions| weight(functions.len())).collect(),
            near: vec![0; holders.len()],
            holders,
            passages,
            shared: vec![Some(0); bodies.len()],
            window: VecDeque::new(),
            window_bytes: 0,
        }
    }

    /// Gives a function the next place.
    fn put(&mut self, at: usize) {
        self.shared[at] = None;
        for &passage in &self.passages[at] {
            self.near[passage] += 1;
            if self.near[passage] == 1 {
                for &holder in &self.holders[passage] {
                    self.shared[holder] = self.shared[holder].map(|shared| shared + self.weights[passage]);
                }
            }
        }
        self.window.push_back(at);
        self.window_bytes += self.bodies[at].len();
        while self.window_bytes > WINDOW && self.window.len() > 1 {
            let Some(oldest) = self.window.pop_front() else { break };
            self.forget(oldest);
        }
    }

    /// A function is out of the window.
    fn forget(&mut self, at: usize) {
        self.window_bytes -= self.bodies[at].len();
        for &passage in &self.passages[at] {
            self.near[passage] -= 1;
            if self.near[passage] == 0 {
                for &holder in &self.holders[passage] {
                    self.shared[holder] = self.shared[holder].map(|shared| shared - self.weights[passage]);
                }
            }
        }
    }

    /// What has most in common with the window for its length; the first of equals.
    fn best(&self) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for (at, shared) in self.shared.iter().enumerate() {
            let Some(shared) = shared else { continue };
            // A long function has much in common with anything, a short one little to gain.
            let score = *shared as f64 / (self.bodies[at].len() as f64 + 20.0).powf(0.7);
            if best.is_none_or(|(other, _)| score > other) {
                best = Some((score, at));
            }
        }
        best.map(|(_, at)| at)
    }
}

/// In hundredths, what a passage counts that so many functions have.
fn weight(functions: usize) -> usize {
    (100.0 * (functions as f64).powf(-0.3)).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_like_stand_together_and_each_once() {
        let bodies: [&[u8]; 7] = [
            b"abcdefgh1234",
            b"tuvwxyz!9",
            b"0abcdefgh1234567",
            b"tuvwxyz!8",
            b"abcdefgh12",
            b"",
            b"7tuvwxyz!",
        ];
        assert_eq!(order(&bodies), [2, 0, 4, 1, 3, 6, 5]);
        assert_eq!(order(&[]), [0_usize; 0]);
    }

    #[test]
    fn what_is_far_away_does_not_count() {
        let far = vec![b'x'; WINDOW];
        let bodies: [&[u8]; 4] = [&far, b"abcdefg", b"1234567", b"abcdefg"];
        let mut state = State::new(&bodies);
        state.put(1);
        assert_eq!(state.shared, [Some(0), None, Some(0), Some(2 * weight(2))]);
        state.put(0);
        assert_eq!(state.shared, [None, None, Some(0), Some(0)]);
    }
}
