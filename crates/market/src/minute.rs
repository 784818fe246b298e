//! Minute bars: which of several accounts of a minute holds, and the forming one from trades.
//!
//! The rules, which do not depend on the order in which messages arrive:
//!
//! 1. An updated bar (`u`) beats a bar (`b`) or history beats a bar built from trades.
//! 2. Of two on the same level the one with more trades holds (unknown counts as none), then the
//!    one with more volume, then the one that sorts last by its figures. The wire has no version
//!    number, so an update that takes trades away and comes second to another update is not seen
//!    as the newer one.
//! 3. A minute that the server has closed is closed: trades, corrections and cancels for it that
//!    come later change nothing but the delta (Alpaca sends `u` for that).
//! 4. A minute that the server has not closed is built from its eligible trades
//!    ([`crate::conditions`]), each counted once: a trade is known by exchange, id and time. Open
//!    and close are the first and last by time, then id. A correction replaces price, size and
//!    conditions of the trade it names, a cancel voids it, also when they come first. Sums are
//!    exact, so they do not depend on the order either. No trade that sets a price: no bar.
//! 5. The server sends no bar for a minute without an eligible trade by *its* rules. So a minute
//!    built from trades is dropped as soon as a later `b` has come, if an earlier one had come
//!    too, unless a gap is noted in it: then its bar may have been missed.
//!
//! 6. The delta ([`Bar::delta`], by the rules of [`side`]) of a minute from trades is known if the
//!    side of each of its trades is. A bar of the server has the delta of the trades seen if their
//!    volume is the bar's: then they are the minute's trades, all of them. A bar of no volume has
//!    a delta of zero, any other none. Once the trades have gone a new account of the minute keeps
//!    the delta if it has the same volume.
//!
//! Rules 4 and 6 need the trades of the minute, so they hold within [`MAX_WINDOW_MINUTES`] of the
//! newest trade and [`MAX_WINDOW_TRADES`]; what comes later than that is counted and left out.

use std::cmp::Ordering;

use crate::bar::{Bar, BarFlags};
#[cfg(doc)]
use crate::limits::{MAX_WINDOW_MINUTES, MAX_WINDOW_TRADES};

mod figures;
mod kept;
mod print;
pub mod side;
mod sum;
#[cfg(test)]
mod tests;
mod window;

pub(crate) use figures::Figures;
pub use print::{Fix, Print, exchange_key};
pub use sum::ExactSum;
pub use window::{Taken, Window};

/// Which of two accounts of one minute, or of one day, holds: `Greater` if `a` does. `u` beats the
/// rest; then more trades, more volume, then the figures.
#[must_use]
pub fn precedence(a: &Bar, b: &Bar) -> Ordering {
    let level = |bar: &Bar| {
        u8::from(bar.flags.has(BarFlags::FROM_SERVER)) + u8::from(bar.flags.has(BarFlags::UPDATED))
    };
    level(a)
        .cmp(&level(b))
        .then_with(|| a.count.unwrap_or(0).cmp(&b.count.unwrap_or(0)))
        .then_with(|| a.volume.total_cmp(&b.volume))
        .then_with(|| a.vwap.unwrap_or(0.0).total_cmp(&b.vwap.unwrap_or(0.0)))
        .then_with(|| a.close.total_cmp(&b.close))
        .then_with(|| a.high.total_cmp(&b.high))
        .then_with(|| b.low.total_cmp(&a.low))
        .then_with(|| a.open.total_cmp(&b.open))
}

/// The delta of a bar of which no trade was seen: known to be zero without volume, else unknown.
#[must_use]
pub fn no_delta(bar: &Bar) -> Option<f64> {
    (bar.volume == 0.0).then_some(0.0)
}

/// Whether two volumes are the same but for the rounding of their sums.
#[must_use]
pub fn same_volume(a: f64, b: f64) -> bool {
    (a - b).abs() <= a.abs().max(b.abs()) * 1e-10
}
