//! What time it is at the source.

use std::rc::Rc;

use wickwire_proto::time::Timestamp;

use crate::dom;
use crate::transport::demo::DemoExchange;

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

    /// Whether the source has come to its end.
    pub(super) fn has_ended(&self) -> bool {
        matches!(self, Self::Told { end: Some(end), .. } if self.now() >= *end)
    }
}
