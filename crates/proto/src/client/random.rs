//! A small deterministic generator for jitter. Not for secrets.

use std::time::Duration;

/// SplitMix64 (Steele, Lea, Flood 2014, public domain reference by Vigna).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in `from..=to`, to the microsecond; `from` where the range is empty.
    pub(crate) fn between(&mut self, from: Duration, to: Duration) -> Duration {
        let span = to.saturating_sub(from).as_micros() as u64;
        // The bias of the remainder is below 2^-30 for spans below an hour.
        from + Duration::from_micros(self.next() % span.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_in_range_and_fills_it() {
        let (from, to) = (Duration::from_millis(250), Duration::from_millis(750));
        let mut random = Random::new(1);
        let drawn: Vec<_> = (0..1_000).map(|_| random.between(from, to)).collect();
        assert!(drawn.iter().all(|d| (from..=to).contains(d)));
        let low = drawn.iter().filter(|d| **d < Duration::from_millis(500)).count();
        assert!((400..600).contains(&low), "{low} of 1000 in the lower half");
        assert_eq!(random.between(to, from), to);
    }

    #[test]
    fn equal_seeds_draw_equal_numbers() {
        let (mut a, mut b, mut c) = (Random::new(7), Random::new(7), Random::new(8));
        let first: Vec<_> = (0..10).map(|_| a.next()).collect();
        assert_eq!(first, (0..10).map(|_| b.next()).collect::<Vec<_>>());
        assert_ne!(first, (0..10).map(|_| c.next()).collect::<Vec<_>>());
    }
}
