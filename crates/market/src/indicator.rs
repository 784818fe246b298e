//! Technical indicators, O(1) a tick.
//!
//! A [`Study`] follows a [`crate::Series`] and has a value a row in columns, as the chart reads
//! them. Who has bars but no series feeds a [`Calculator`].
//!
//! Definitions are TA-Lib's, and its figures are in the tests, made by
//! `tests/reference/make_reference.py`: an exponential average begins with the mean of its first
//! values; RSI, ATR and ADX are smoothed as Wilder did. What differs:
//!
//! - What is 0 / 0 is NaN, not 0, and averages of it pass over it: RSI without any change,
//!   the stochastic of an empty range, ADX without any move.
//! - A line begins as soon as it is defined. TA-Lib holds MACD back until its signal is, and %K
//!   until %D is.
//!
//! TA-Lib lacks VWAP, Keltner and Donchian channels and CVD; these are defined where they are
//! computed. Indicators read closes, highs and lows over all rows there are, and pass over gaps
//! of time: an average of twenty bars is of the last twenty that were received.
//!
//! | module | what is in it |
//! | --- | --- |
//! | [`kind`] | names, parameters, outputs |
//! | [`study`] | an indicator that follows a series |
//! | [`machine`] | an indicator bar by bar |
//! | `moving`, `bands`, `oscillator`, `trend`, `volume` | the definitions |
//! | `window` | sums, moments and extremes of the last bars |

mod bands;
pub mod kind;
pub mod machine;
mod moving;
mod oscillator;
pub mod study;
mod trend;
mod volume;
mod window;

pub use kind::{
    MAX_LENGTH, MAX_OUTPUTS, MAX_PARAMS, Output, Param, Placement, Shape, StudyKind, StudySpec, Unit,
};
pub use machine::{BarInput, Calculator, NO_VALUES, Values};
pub use study::{Study, Updated};
