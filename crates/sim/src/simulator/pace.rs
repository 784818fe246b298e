//! When things happen: a self-exciting process for each instrument, and a governor that keeps the
//! sum of all messages at the rate that was asked for.

use super::rng::{Rng, exp_minus, ln};

/// Children per event, on average: half of all events are answers to earlier ones.
const BRANCHING: f64 = 0.5;
/// Share of events that come unprovoked.
const BACKGROUND: f64 = 1.0 - BRANCHING;
/// Decay of the excitement, per mean gap.
const DECAY: f64 = 1.0;

/// A Hawkes process with an exponential kernel in units of its own mean gap, drawn exactly after
/// Dassios and Zhao, "Exact simulation of Hawkes process with exponentially decaying intensity"
/// (2013), <https://doi.org/10.1214/ECP.v18-2717>.
#[derive(Clone, Debug)]
pub(super) struct Hawkes {
    /// Intensity above the background, just after the last event.
    excitement: f64,
}

impl Default for Hawkes {
    /// As lively as on average.
    fn default() -> Self {
        Self { excitement: BRANCHING }
    }
}

impl Hawkes {
    /// The time to the next event; 1 on average.
    pub(super) fn gap(&mut self, rng: &mut Rng) -> f64 {
        let unprovoked = rng.exponential() / BACKGROUND;
        let left = 1.0 - DECAY * rng.exponential() / self.excitement.max(1e-9);
        let (gap, kept) = if left > 0.0 {
            let provoked = -ln(left) / DECAY;
            if provoked < unprovoked { (provoked, left) } else { (unprovoked, exp_minus(DECAY * unprovoked)) }
        } else {
            (unprovoked, exp_minus(DECAY * unprovoked))
        };
        self.excitement = self.excitement * kept + BRANCHING * DECAY;
        gap
    }
}

/// Seconds over which a deviation from the wanted rate is made good.
const HORIZON_SECONDS: f64 = 10.0;

/// Compares what was sent with what should have been and sets the pace of the next second.
#[derive(Clone, Debug)]
pub(super) struct Governor {
    rate: f64,
    /// Messages that should have been sent and were not (negative: too many).
    owed: f64,
    counted: u64,
    /// Messages a second that the instruments should send by themselves.
    pace: f64,
}

impl Governor {
    pub(super) const fn new(rate: f64) -> Self {
        Self { rate, owed: 0.0, counted: 0, pace: rate }
    }

    /// Messages a second for the instruments together, in an ordinary hour.
    pub(super) const fn pace(&self) -> f64 {
        self.pace
    }

    /// A second has passed in which `activity` times the usual rate was wanted and up to whose end
    /// `sent` messages have been sent in all.
    pub(super) fn second(&mut self, sent: u64, activity: f64) {
        let wanted = self.rate * activity;
        self.owed += wanted - (sent - self.counted) as f64;
        self.counted = sent;
        // What a long open or a quiet night leaves behind must not echo for minutes.
        let most = (wanted * HORIZON_SECONDS).max(60.0);
        self.owed = self.owed.clamp(-most, most);
        self.pace =
            (wanted + self.owed / HORIZON_SECONDS).clamp(wanted * 0.3, wanted * 1.7) / activity.max(0.01);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_cluster_around_the_mean() {
        let mut rng = Rng::new(3, 9);
        let mut hawkes = Hawkes::default();
        let gaps: Vec<f64> = (0..200_000).map(|_| hawkes.gap(&mut rng)).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
        let variance = gaps.iter().map(|g| (g - mean) * (g - mean)).sum::<f64>() / gaps.len() as f64;
        assert!(variance > 1.3, "a Poisson process has 1, this one {variance}");
    }
}
