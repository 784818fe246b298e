//! Random numbers that are the same on every machine: xoshiro256++ seeded by SplitMix64, and the
//! few functions of real numbers that are needed, from the four basic operations alone.
//!
//! The standard library's `ln` and `exp` may differ in the last bit between platforms; the ones
//! here do not, so that a seed means the same market natively and in a browser.

const TWO_POW_MINUS_53: f64 = 1.0 / 9_007_199_254_740_992.0;

/// xoshiro256++ 1.0 by Blackman and Vigna, <https://prng.di.unimi.it/>.
#[derive(Clone, Debug)]
pub(super) struct Rng([u64; 4]);

impl Rng {
    /// A generator for one purpose: `stream` keeps those of one seed apart.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut state = seed ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03);
        let mut next = || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        };
        Self([next(), next(), next(), next()])
    }

    pub(super) fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// From 0 up to, and without, `n`; 0 for 0.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        (((self.next() >> 32) * u64::from(n)) >> 32) as u32
    }

    /// From `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// In [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 * TWO_POW_MINUS_53
    }

    /// True `percent` times out of a hundred.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// Roughly normal with mean 0 and variance 1, between -3.5 and 3.5: four uniform numbers summed.
    pub(super) fn normal(&mut self) -> f64 {
        let bits = self.next();
        let sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        // Four uniforms on 0..65536: mean 131070, variance 4 * 65536^2 / 12.
        (sum as f64 - 131_070.0) * (1.0 / 37_837.227_522_8)
    }

    /// Exponential with mean 1.
    pub(super) fn exponential(&mut self) -> f64 {
        -ln(1.0 - self.unit())
    }

    /// An element, the first if there is nothing to choose; `None` of an empty slice.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len() as u32) as usize)
    }
}

/// Natural logarithm of a positive, normal number, to about 1e-12.
pub(super) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7FF) as i64 - 1023;
    let mut mantissa = f64::from_bits((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1;
    }
    // ln m = 2 artanh f with f = (m - 1) / (m + 1), |f| below 0.1716.
    let f = (mantissa - 1.0) / (mantissa + 1.0);
    let s = f * f;
    let series =
        1.0 + s * (1.0 / 3.0 + s * (0.2 + s * (1.0 / 7.0 + s * (1.0 / 9.0 + s * (1.0 / 11.0 + s / 13.0)))));
    exponent as f64 * std::f64::consts::LN_2 + 2.0 * f * series
}

/// e to the power of minus `x` for `x` from 0 up, to about 1e-10; 0 beyond 700.
pub(super) fn exp_minus(x: f64) -> f64 {
    if x >= 700.0 {
        return 0.0;
    }
    let halvings = (x * std::f64::consts::LOG2_E) as u64;
    let r = halvings as f64 * std::f64::consts::LN_2 - x;
    let mut sum = 1.0;
    let mut n = 12.0;
    while n > 0.0 {
        sum = 1.0 + sum * r / n;
        n -= 1.0;
    }
    sum * f64::from_bits((1023 - halvings) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_agree_with_the_library() {
        for i in 1..2_000_u32 {
            let x = f64::from(i) * 0.013;
            assert!((ln(x) - x.ln()).abs() < 1e-10, "ln {x}");
            assert!((exp_minus(x) - (-x).exp()).abs() < 1e-9 * (-x).exp().max(1e-9), "exp -{x}");
        }
        assert_eq!(exp_minus(0.0), 1.0);
        assert_eq!(exp_minus(1e9), 0.0);
    }

    #[test]
    fn moments_are_right() {
        let mut rng = Rng::new(7, 1);
        let n = 200_000;
        let (mut sum, mut squares, mut waits) = (0.0, 0.0, 0.0);
        for _ in 0..n {
            let z = rng.normal();
            sum += z;
            squares += z * z;
            waits += rng.exponential();
        }
        assert!((sum / f64::from(n)).abs() < 0.01);
        assert!((squares / f64::from(n) - 1.0).abs() < 0.01);
        assert!((waits / f64::from(n) - 1.0).abs() < 0.01);
    }

    #[test]
    fn streams_differ_and_repeat() {
        let draw = |seed, stream| Rng::new(seed, stream).next();
        assert_eq!(draw(1, 1), draw(1, 1));
        assert_ne!(draw(1, 1), draw(1, 2));
        assert_ne!(draw(1, 1), draw(2, 1));
    }
}
