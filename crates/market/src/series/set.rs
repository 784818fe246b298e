//! The series of one symbol, one a timeframe.

use super::Series;
use crate::timeframe::Timeframe;

/// One series for each timeframe.
#[derive(Clone, Debug)]
pub struct SeriesSet([Series; Timeframe::ALL.len()]);

impl SeriesSet {
    /// Empty series of at most `limit` rows each; they allocate nothing yet.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self(Timeframe::ALL.map(|_| Series::new(limit)))
    }

    /// The series of a timeframe.
    #[must_use]
    pub const fn of(&self, timeframe: Timeframe) -> &Series {
        // As many as there are timeframes, in their order.
        &self.0[timeframe.index()]
    }

    /// The same, to be changed.
    #[must_use]
    pub const fn of_mut(&mut self, timeframe: Timeframe) -> &mut Series {
        &mut self.0[timeframe.index()]
    }

    /// One to read and another to change; `None` if they are the same.
    #[must_use]
    pub fn pair(&mut self, read: Timeframe, change: Timeframe) -> Option<(&Series, &mut Series)> {
        let [read, change] = self.0.get_disjoint_mut([read.index(), change.index()]).ok()?;
        Some((read, change))
    }

    /// Every series with its timeframe, shortest first.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Timeframe, &mut Series)> {
        Timeframe::ALL.into_iter().zip(&mut self.0)
    }
}
