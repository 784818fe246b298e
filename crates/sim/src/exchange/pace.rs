//! Monotonic time to market time.

use std::str::FromStr;
use std::time::Duration;

use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

use crate::error::Error;

/// How fast market time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed(Option<f64>);

impl Speed {
    /// Slowest, as a multiple of real time.
    pub const MIN: f64 = 0.1;
    /// Fastest with a pace.
    pub const MAX: f64 = 1_000.0;
    /// One second a second.
    pub const REAL_TIME: Self = Self(Some(1.0));
    /// As fast as what comes out is taken.
    pub const UNPACED: Self = Self(None);

    /// `times` real time.
    ///
    /// # Errors
    /// If it is not from [`Self::MIN`] to [`Self::MAX`].
    pub fn times(times: f64) -> Result<Self, Error> {
        if (Self::MIN..=Self::MAX).contains(&times) {
            Ok(Self(Some(times)))
        } else {
            Err(Error::InvalidSpeed)
        }
    }

    /// The multiple of real time; `None` if there is no pace.
    #[must_use]
    pub const fn factor(self) -> Option<f64> {
        self.0
    }
}

/// A number, `60x`, or `max`.
impl FromStr for Speed {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("max") {
            return Ok(Self::UNPACED);
        }
        let number = text.trim_end_matches(['x', 'X', '×']);
        number.parse().map_err(|_| Error::InvalidSpeed).and_then(Self::times)
    }
}

impl std::fmt::Display for Speed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(times) => write!(f, "{times}×"),
            None => f.write_str("as fast as possible"),
        }
    }
}

/// Where market time stands at a monotonic time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    speed: Speed,
    origin: Option<(Duration, Timestamp)>,
}

impl Pace {
    pub(super) const fn new(speed: Speed) -> Self {
        Self { speed, origin: None }
    }

    pub(super) const fn speed(&self) -> Speed {
        self.speed
    }

    /// Whether market time has begun to pass.
    pub(super) const fn is_running(&self) -> bool {
        self.origin.is_some()
    }

    /// Market time is `market` now and passes from here on.
    pub(super) const fn start(&mut self, now: Duration, market: Timestamp) {
        self.origin = Some((now, market));
    }

    /// Another speed from here on.
    pub(super) const fn set_speed(&mut self, now: Duration, market: Timestamp, speed: Speed) {
        self.speed = speed;
        if self.origin.is_some() {
            self.origin = Some((now, market));
        }
    }

    /// Market time; the end of time if there is no pace, `None` if it has not begun to pass.
    pub(super) fn market(&self, now: Duration) -> Option<Timestamp> {
        let (from, market) = self.origin?;
        let Some(times) = self.speed.factor() else { return Some(Timestamp::MAX) };
        let elapsed = now.saturating_sub(from).as_secs_f64() * times * NANOS_PER_SECOND as f64;
        // A float beyond the range becomes the end of the range.
        Some(market.plus_nanos(elapsed as i64))
    }

    /// When market time will be `at`, rounded up.
    pub(super) fn when(&self, at: Timestamp) -> Option<Duration> {
        let (from, market) = self.origin?;
        let Some(times) = self.speed.factor() else { return Some(from) };
        let ahead = at.nanos().saturating_sub(market.nanos()).max(0) as f64 / NANOS_PER_SECOND as f64 / times;
        // One nanosecond more than the rounding of the way there and back can lose.
        let ahead = Duration::try_from_secs_f64(ahead).unwrap_or(Duration::MAX);
        Some(from.saturating_add(ahead).saturating_add(Duration::from_nanos(1_000)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn speeds() {
        assert_eq!("60".parse::<Speed>().unwrap().factor(), Some(60.0));
        assert_eq!("0.1x".parse::<Speed>().unwrap().factor(), Some(0.1));
        assert_eq!("1000×".parse::<Speed>().unwrap().factor(), Some(1000.0));
        assert_eq!("max".parse::<Speed>().unwrap(), Speed::UNPACED);
        for wrong in ["", "0", "-1", "0.09", "1001", "NaN", "inf", "fast"] {
            assert!(wrong.parse::<Speed>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wake_up_is_never_too_early() {
        let start = Timestamp::from_seconds(1_381_150_800);
        for times in [0.1, 1.0, 7.3, 60.0, 1000.0] {
            let mut pace = Pace::new(Speed::times(times).unwrap());
            assert_eq!(pace.market(Duration::ZERO), None);
            pace.start(Duration::from_millis(12_345), start);
            for nanos in [0, 1, 999, 1_000_000, 86_400_000_000_000, 400 * 86_400_000_000_000] {
                let at = start.plus_nanos(nanos);
                let when = pace.when(at).unwrap();
                assert!(pace.market(when).unwrap() >= at, "{times} {nanos}");
                let early = when.saturating_sub(Duration::from_millis(1));
                assert!(nanos < 1_000_000_000 || pace.market(early).unwrap() < at, "{times} {nanos}");
            }
        }
    }

    #[test]
    fn a_change_of_speed_does_not_jump() {
        let start = Timestamp::from_seconds(0);
        let mut pace = Pace::new(Speed::REAL_TIME);
        pace.start(Duration::ZERO, start);
        let now = Duration::from_secs(10);
        let market = pace.market(now).unwrap();
        pace.set_speed(now, market, Speed::times(100.0).unwrap());
        assert_eq!(pace.market(now), Some(market));
        assert_eq!(pace.market(Duration::from_secs(11)), Some(Timestamp::from_seconds(110)));
    }
}
