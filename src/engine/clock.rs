//! What time it is at the source.

use std::rc::Rc;

use wickwire_proto::time::Timestamp;

use crate::dom;
use crate::transport::demo::DemoExchange;

/// How far behind this device's clock may be before live data is taken to be dated wrongly: more
/// than what drifts, less than a wrong zone. In nanoseconds.
const WALL_SLACK: i64 = 3_600_000_000_000;
/// The same for a relay's recording: an hour of the market, or what plays in a minute, several times
/// as long as until the next question about its clock.
const TOLD_SLACK: (i64, f64) = (WALL_SLACK, 60e9);

/// The source's market time.
pub(super) enum MarketClock {
    /// The wall clock: live data.
    Wall,
    /// The exchange in the page.
    Exchange(Rc<DemoExchange>),
    /// Told by a relay at some moment; runs on from there at its speed.
    Told {
        /// What the relay said.
        time: Timestamp,
        /// When it said so, in milliseconds since the page started.
        at_ms: f64,
        /// Market seconds a second; 0 if it stands still.
        speed: f64,
        /// Where a recording ends: the clock stops there.
        end: Option<Timestamp>,
    },
}

impl MarketClock {
    pub(super) const fn wall() -> Self {
        Self::Wall
    }

    pub(super) const fn exchange(exchange: Rc<DemoExchange>) -> Self {
        Self::Exchange(exchange)
    }

    /// Whether this is this device's own clock, which may be wrong.
    pub(super) const fn is_wall(&self) -> bool {
        matches!(self, Self::Wall)
    }

    pub(super) fn now(&self) -> Timestamp {
        match self {
            Self::Wall => Timestamp::from_millis(dom::wall_clock_ms()),
            Self::Exchange(exchange) => exchange.clock(),
            Self::Told { time, at_ms, speed, end } => {
                let passed = (dom::now_ms() - at_ms).max(0.0) * speed * 1e6;
                // Saturates far outside the range that matters.
                let now = time.plus_nanos(passed as i64);
                end.map_or(now, |end| now.min(end))
            }
        }
    }

    /// By how many nanoseconds it may be slow, `speed` being what the source said of its pace; `None`
    /// if it cannot tell data that is dated wrongly: a recording that plays as fast as it can is
    /// ahead of every clock, and the exchange in the page is its own.
    pub(super) fn slack(&self, speed: Option<f64>) -> Option<i64> {
        match self {
            Self::Wall => Some(WALL_SLACK),
            Self::Exchange(_) => None,
            // Saturates.
            Self::Told { .. } => speed.map(|s| TOLD_SLACK.0.saturating_add((TOLD_SLACK.1 * s) as i64)),
        }
    }

    /// Whether the source has come to its end.
    pub(super) fn has_ended(&self) -> bool {
        matches!(self, Self::Told { end: Some(end), .. } if self.now() >= *end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slack_grows_with_the_pace() {
        let told = MarketClock::Told { time: Timestamp::default(), at_ms: 0.0, speed: 1.0, end: None };
        let minutes = |slack: Option<i64>| slack.map(|s| s / 60_000_000_000);
        assert_eq!(minutes(told.slack(Some(1.0))), Some(61));
        assert_eq!(minutes(told.slack(Some(1_000.0))), Some(1_060));
        assert_eq!(told.slack(None), None);
        assert_eq!(minutes(MarketClock::wall().slack(None)), Some(60));
    }
}
