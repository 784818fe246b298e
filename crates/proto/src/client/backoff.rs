//! How long to wait before the next attempt.

use std::time::Duration;

use super::cause::Policy;
use super::random::Random;
use super::timing::Timing;

/// Counts failed attempts and draws the pauses between them.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    random: Random,
    /// Failures in a row.
    attempt: u32,
    /// Of these, how many were error 406.
    limited: usize,
    /// Of these, how many were our own fault.
    rejected: u32,
}

impl Backoff {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), attempt: 0, limited: 0, rejected: 0 }
    }

    /// Failures in a row.
    pub(crate) const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The connection had settled, or the user starts anew: the next failure is the first.
    pub(crate) const fn reset(&mut self) {
        self.attempt = 0;
        self.limited = 0;
        self.rejected = 0;
    }

    /// The pause after a failure; `None` if only the user can go on.
    pub(crate) fn next(
        &mut self,
        policy: Policy,
        retry_after: Option<Duration>,
        timing: &Timing,
    ) -> Option<Duration> {
        let jittered = self.full_jitter(timing);
        self.attempt = self.attempt.saturating_add(1);
        Some(match policy {
            Policy::NeedsUser => return None,
            Policy::Once => {
                self.rejected += 1;
                if self.rejected > 1 {
                    return None;
                }
                jittered
            }
            Policy::ConnectionLimit => {
                let steps = &timing.connection_limit;
                let pause = steps[self.limited.min(steps.len() - 1)];
                self.limited = self.limited.saturating_add(1).min(steps.len());
                // Downwards only, so that the stream is back within the longest pause after the
                // other connection has gone.
                self.random.between(pause * 3 / 4, pause)
            }
            Policy::RetryAfter => {
                let asked = retry_after.unwrap_or_default().min(timing.retry_after_cap);
                self.random.between(asked, asked + timing.first_retry).max(jittered)
            }
            Policy::Slower => self.random.between(timing.slower, timing.slower * 3 / 2).max(jittered),
            Policy::SlowClient => {
                self.random.between(timing.slow_client, timing.slow_client * 5 / 4).max(jittered)
            }
            Policy::Backoff | Policy::Ignore | Policy::Drop | Policy::Keep => jittered,
        })
    }

    fn full_jitter(&mut self, timing: &Timing) -> Duration {
        if self.attempt == 0 {
            return self.random.between(Duration::ZERO, timing.first_retry);
        }
        let factor = 1_u32.checked_shl(self.attempt).unwrap_or(u32::MAX);
        let range = timing.backoff_base.saturating_mul(factor).min(timing.backoff_cap);
        self.random.between(Duration::ZERO, range).max(timing.backoff_floor)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn pauses(policy: Policy, seed: u64, count: usize) -> Vec<Duration> {
        let timing = Timing::default();
        let mut backoff = Backoff::new(seed);
        (0..count).map(|_| backoff.next(policy, None, &timing).unwrap()).collect()
    }

    #[test]
    fn full_jitter_stays_in_its_range_and_spreads() {
        let mut firsts = std::collections::BTreeSet::new();
        let mut tenths = std::collections::BTreeSet::new();
        for seed in 0..500 {
            let pauses = pauses(Policy::Backoff, seed, 40);
            assert!(pauses[0] <= Duration::from_millis(500));
            firsts.insert(pauses[0]);
            tenths.insert(pauses[9]);
            for (n, pause) in pauses.iter().enumerate().skip(1) {
                let top =
                    Duration::from_millis(500).saturating_mul(1 << n.min(20)).min(Duration::from_secs(30));
                assert!((Duration::from_millis(250)..=top).contains(pause), "attempt {n}: {pause:?}");
            }
        }
        assert!(tenths.len() > 450, "nor later: {} different pauses", tenths.len());
        assert!(firsts.len() > 450, "clients must not come back in step: {} different pauses", firsts.len());
    }

    #[test]
    fn connection_limit_waits_5_10_20_30_30_with_jitter() {
        let mut spread = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let pauses = pauses(Policy::ConnectionLimit, seed, 50);
            for (n, pause) in pauses.iter().enumerate() {
                let top = Duration::from_secs([5, 10, 20, 30][n.min(3)]);
                assert!((top * 3 / 4..=top).contains(pause), "attempt {n}: {pause:?}");
            }
            spread.insert(pauses[3]);
        }
        assert!(spread.len() > 190);
    }

    #[test]
    fn floors_and_retry_after_are_honoured() {
        let timing = Timing::default();
        for seed in 0..100 {
            let mut backoff = Backoff::new(seed);
            assert!(backoff.next(Policy::Slower, None, &timing).unwrap() >= Duration::from_secs(5));
            assert!(backoff.next(Policy::SlowClient, None, &timing).unwrap() >= Duration::from_secs(1));
            let asked = Duration::from_secs(77);
            let pause = backoff.next(Policy::RetryAfter, Some(asked), &timing).unwrap();
            assert!((asked..asked + Duration::from_secs(1)).contains(&pause));
            let pause = backoff.next(Policy::RetryAfter, Some(Duration::MAX), &timing).unwrap();
            assert!(pause <= timing.retry_after_cap + timing.first_retry);
        }
    }

    #[test]
    fn our_own_fault_is_retried_once() {
        let timing = Timing::default();
        let mut backoff = Backoff::new(1);
        assert!(backoff.next(Policy::Once, None, &timing).is_some());
        assert!(backoff.next(Policy::Once, None, &timing).is_none());
        assert!(backoff.next(Policy::NeedsUser, None, &timing).is_none());
    }

    #[test]
    fn ten_thousand_failures_do_not_overflow() {
        assert!(pauses(Policy::Backoff, 3, 10_000).iter().all(|p| *p <= Duration::from_secs(30)));
    }
}
