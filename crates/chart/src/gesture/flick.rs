//! A flick: how fast the finger was, and how the view coasts after it.

/// Movements longer ago than this say nothing of the speed, milliseconds.
pub(super) const WINDOW_MS: f64 = 100.0;
/// A finger that rested for longer before it was lifted does not flick, milliseconds.
pub const REST_MS: f64 = 50.0;
/// Shortest time over which a speed is taken, milliseconds.
const MIN_SPAN_MS: f64 = 10.0;
/// Slower than this is no flick, CSS pixels a millisecond.
pub const MIN_SPEED: f64 = 0.2;
/// Faster than this is not believed, CSS pixels a millisecond.
pub const MAX_SPEED: f64 = 7.0;
/// Time in which the speed falls to 1/e, milliseconds: 0.3 % are lost in each.
pub const DECAY_MS: f64 = 333.0;
/// The view stands once less than this is left to go, CSS pixels.
const STOP_PX: f64 = 1.0;
/// Positions kept. Enough for the window at 120 a second.
const MAX_SAMPLES: usize = 16;

/// Where the finger was lately.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Trail {
    /// Time and position, oldest first.
    samples: [(f64, f64); MAX_SAMPLES],
    len: usize,
}

impl Trail {
    pub(super) fn clear(&mut self) {
        self.len = 0;
    }

    /// The finger is at `x`.
    pub(super) fn push(&mut self, now: f64, x: f64) {
        if let Some(last) = self.len.checked_sub(1).and_then(|last| self.samples.get_mut(last))
            && last.0 >= now
        {
            last.1 = x;
            return;
        }
        if self.len == MAX_SAMPLES {
            self.samples.copy_within(1.., 0);
            self.len -= 1;
        }
        if let Some(slot) = self.samples.get_mut(self.len) {
            *slot = (now, x);
            self.len += 1;
        }
    }

    /// The flick that begins if the finger is lifted now.
    pub(super) fn flick(&self, now: f64) -> Option<Flick> {
        let samples = self.samples.get(..self.len)?;
        let (last, to) = *samples.last()?;
        let (first, from) = *samples.iter().find(|(time, _)| now - time <= WINDOW_MS)?;
        if now - last > REST_MS || last - first < MIN_SPAN_MS {
            return None;
        }
        let speed = (to - from) / (last - first);
        (speed.abs() >= MIN_SPEED).then(|| Flick {
            speed: speed.clamp(-MAX_SPEED, MAX_SPEED),
            start: now,
            told: 0.0,
        })
    }
}

/// The view coasts; its speed falls exponentially.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flick {
    speed: f64,
    start: f64,
    told: f64,
}

impl Flick {
    /// How far it went since it was last asked, and whether it goes on.
    pub(super) fn advance(&mut self, now: f64) -> (f64, bool) {
        // What is left to go; nothing depends on how often it is asked.
        let left = self.speed * DECAY_MS * ((self.start - now).min(0.0) / DECAY_MS).exp();
        let gone = self.speed * DECAY_MS - left;
        let px = gone - self.told;
        self.told = gone;
        (px, left.abs() >= STOP_PX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(samples: &[(f64, f64)]) -> Trail {
        let mut trail = Trail::default();
        for &(now, x) in samples {
            trail.push(now, x);
        }
        trail
    }

    #[test]
    fn speed_is_that_of_the_last_moments() {
        let slow_then_fast: Vec<_> =
            (0..30).map(|i| (f64::from(i) * 8.0, if i < 10 { 0.0 } else { f64::from(i) * 16.0 })).collect();
        let flick = trail(&slow_then_fast).flick(232.0).unwrap();
        assert!((flick.speed - 2.0).abs() < 1e-9, "{}", flick.speed);
        assert!(trail(&[]).flick(0.0).is_none());
        assert!(trail(&[(0.0, 0.0)]).flick(0.0).is_none(), "one position has no speed");
        assert!(trail(&[(0.0, 0.0), (1.0, 50.0)]).flick(1.0).is_none(), "too short to tell");
        assert!(trail(&[(0.0, 0.0), (50.0, 5.0)]).flick(50.0).is_none(), "too slow");
        assert!(trail(&[(0.0, 0.0), (40.0, 80.0)]).flick(40.0 + REST_MS + 1.0).is_none(), "rested");
        let wild = trail(&[(0.0, 0.0), (10.0, -5_000.0)]).flick(10.0).unwrap();
        assert!((wild.speed + MAX_SPEED).abs() < 1e-9);
    }

    #[test]
    fn the_way_does_not_depend_on_the_frames() {
        let whole = |step: f64| {
            let mut flick = Flick { speed: 2.0, start: 0.0, told: 0.0 };
            let (mut now, mut way, mut goes_on) = (0.0, 0.0, true);
            while goes_on {
                now += step;
                let (px, more) = flick.advance(now);
                assert!(px >= 0.0);
                way += px;
                goes_on = more;
            }
            assert!(now < 5_000.0, "it stops");
            way
        };
        let far = 2.0 * DECAY_MS;
        for step in [4.0, 16.7, 90.0] {
            let way = whole(step);
            assert!(way <= far && way > far - 1.0, "{way}");
        }
    }

    #[test]
    fn a_frame_that_began_before_the_finger_was_lifted_moves_nothing() {
        let mut flick = Flick { speed: 2.0, start: 100.0, told: 0.0 };
        assert_eq!(flick.advance(95.0), (0.0, true));
    }
}
