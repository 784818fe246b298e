//! How long what failed is left alone before it is asked for again.

use crate::rest::RestError;
use crate::state::Again;

/// Before the first time, milliseconds; then twice as long each.
const FIRST_PAUSE_MS: u32 = 5_000;
/// And before the last.
const LAST_PAUSE_MS: u32 = 160_000;

/// The pauses of one request, growing.
pub(super) struct Pauses(u32);

impl Default for Pauses {
    fn default() -> Self {
        Self(FIRST_PAUSE_MS)
    }
}

impl Pauses {
    /// The next pause, milliseconds; nothing after the last.
    pub(super) fn next(&mut self) -> Option<u32> {
        let pause = self.0;
        self.0 = pause.saturating_mul(2);
        (pause <= LAST_PAUSE_MS).then_some(pause)
    }

    /// What follows from an answer that did not come: a pause, where it may be otherwise afterwards.
    pub(super) fn after(&mut self, error: &RestError) -> (Option<u32>, Again) {
        if !error.may_pass() {
            return (None, Again::Never);
        }
        let pause = self.next();
        (pause, pause.map_or(Again::Asked, |pause| Again::In(pause / 1_000)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_end() {
        let mut pauses = Pauses::default();
        let all: Vec<u32> = std::iter::from_fn(|| pauses.next()).collect();
        assert_eq!(all, [5_000, 10_000, 20_000, 40_000, 80_000, 160_000]);
        assert_eq!(pauses.next(), None);
    }

    #[test]
    fn only_what_may_pass_is_asked_for_again() {
        let refused = RestError::Status { status: 403, message: String::new() };
        assert_eq!(Pauses::default().after(&refused), (None, Again::Never));
        let mut pauses = Pauses::default();
        for seconds in [5, 10, 20, 40, 80, 160] {
            assert_eq!(pauses.after(&RestError::NoRelay), (Some(seconds * 1_000), Again::In(seconds)));
        }
        assert_eq!(pauses.after(&RestError::NoRelay), (None, Again::Asked));
    }
}
