//! What was refused, and what was odd, counted.

use std::collections::VecDeque;

use wickwire_proto::time::Timestamp;

use crate::limits::MAX_QUARANTINE;

/// Why a message was refused. It is not shown and changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A price that is not positive or not finite. Wait for the next message.
    #[error("price is not a positive number")]
    Price,
    /// A size or volume that is negative or not finite. Wait for the next message.
    #[error("size is negative or not a number")]
    Size,
    /// A time outside 1990 to 2200, more than 30 s ahead of the clock (or than what it may be slow
    /// by), or, for a live trade or quote, more than a day behind it. If many are refused, check the
    /// clock given to `Store::set_clock`.
    #[error("time is not plausible")]
    Time,
    /// A bar whose high or low does not hold its other prices, or that starts off the minute.
    /// Load that bar from history.
    #[error("bar contradicts itself")]
    Bar,
    /// An empty or overlong symbol. Nothing can be done.
    #[error("symbol is empty or too long")]
    Symbol,
    /// There are as many instruments as are allowed. Forget one first.
    #[error("too many instruments")]
    Instruments,
}

/// A refused message, for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// The symbol as it came, cut at the limit.
    pub symbol: String,
    /// The time it bore.
    pub time: Timestamp,
    /// Why.
    pub refusal: Refusal,
}

/// Counters since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Messages that were looked at.
    pub messages: u64,
    /// Refused: [`Refusal::Price`].
    pub bad_price: u64,
    /// Refused: [`Refusal::Size`].
    pub bad_size: u64,
    /// Refused: [`Refusal::Time`].
    pub bad_time: u64,
    /// Refused: [`Refusal::Bar`].
    pub bad_bar: u64,
    /// Refused: [`Refusal::Symbol`] and [`Refusal::Instruments`].
    pub bad_symbol: u64,
    /// Bars whose average price lies outside low to high. Kept: prints that count for volume but
    /// not for prices (odd lots) can do that.
    pub vwap_outside: u64,
    /// Trades that came again.
    pub duplicate_trades: u64,
    /// Trades with the exchange, id and time of another but other figures.
    pub conflicting_trades: u64,
    /// Trades for a minute that is no longer open: older than the window, or closed by its bar.
    pub late_trades: u64,
    /// Trades that no bar counts, by their conditions.
    pub ineligible_trades: u64,
    /// Trades that a later message corrected or voided.
    pub amended_trades: u64,
    /// Quotes older than the latest of their symbol.
    pub late_quotes: u64,
    /// Quotes with one side missing.
    pub one_sided_quotes: u64,
    /// Quotes with bid = ask.
    pub locked_quotes: u64,
    /// Quotes with bid > ask.
    pub crossed_quotes: u64,
    /// Minutes built from trades that were dropped since the server sent no bar for them.
    pub dropped_minutes: u64,
    /// Book messages before a reset, which cannot be used.
    pub orphan_book_updates: u64,
    /// Times that a book's best bid was at or above its best ask.
    pub crossed_books: u64,
}

impl Quality {
    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        let counter = match refusal {
            Refusal::Price => &mut self.bad_price,
            Refusal::Size => &mut self.bad_size,
            Refusal::Time => &mut self.bad_time,
            Refusal::Bar => &mut self.bad_bar,
            Refusal::Symbol | Refusal::Instruments => &mut self.bad_symbol,
        };
        *counter += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.fields_mut().into_iter().zip(other.clone().fields_mut()) {
            *mine += *theirs;
        }
    }

    fn fields_mut(&mut self) -> [&mut u64; 19] {
        // Taken apart by name, so that a new counter cannot be forgotten here.
        let Self {
            messages,
            bad_price,
            bad_size,
            bad_time,
            bad_bar,
            bad_symbol,
            vwap_outside,
            duplicate_trades,
            conflicting_trades,
            late_trades,
            ineligible_trades,
            amended_trades,
            late_quotes,
            one_sided_quotes,
            locked_quotes,
            crossed_quotes,
            dropped_minutes,
            orphan_book_updates,
            crossed_books,
        } = self;
        [
            messages,
            bad_price,
            bad_size,
            bad_time,
            bad_bar,
            bad_symbol,
            vwap_outside,
            duplicate_trades,
            conflicting_trades,
            late_trades,
            ineligible_trades,
            amended_trades,
            late_quotes,
            one_sided_quotes,
            locked_quotes,
            crossed_quotes,
            dropped_minutes,
            orphan_book_updates,
            crossed_books,
        ]
    }

    /// Messages refused for any reason.
    #[must_use]
    pub const fn refused(&self) -> u64 {
        self.bad_price + self.bad_size + self.bad_time + self.bad_bar + self.bad_symbol
    }
}

/// The newest refused messages.
#[derive(Clone, Debug, Default)]
pub struct Quarantine(VecDeque<Quarantined>);

impl Quarantine {
    pub(crate) fn push(&mut self, entry: Quarantined) {
        if self.0.len() == MAX_QUARANTINE {
            self.0.pop_front();
        }
        self.0.push_back(entry);
    }

    /// Oldest first, at most [`MAX_QUARANTINE`].
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Quarantined> + ExactSizeIterator {
        self.0.iter()
    }
}

/// The earliest time that is believed: 1990-01-01.
pub const EARLIEST: Timestamp = Timestamp::from_seconds(631_152_000);
/// The latest time that is believed: 2200-01-01.
pub const LATEST: Timestamp = Timestamp::from_seconds(7_258_118_400);
/// How far ahead of the clock a message may be.
pub const MAX_AHEAD_NANOS: i64 = 30 * 1_000_000_000;
/// How far behind the clock a live trade or quote may be.
pub const MAX_BEHIND_NANOS: i64 = crate::timeframe::DAY;

pub(crate) fn price(value: f64) -> Result<(), Refusal> {
    if value.is_finite() && value > 0.0 { Ok(()) } else { Err(Refusal::Price) }
}

pub(crate) fn size(value: f64) -> Result<(), Refusal> {
    if value.is_finite() && value >= 0.0 { Ok(()) } else { Err(Refusal::Size) }
}

/// Which times are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// The earliest of a live trade or quote.
    live: Timestamp,
    latest: Timestamp,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { live: EARLIEST, latest: LATEST }
    }
}

impl Bounds {
    /// By a clock that is right.
    pub(crate) fn exact(now: Timestamp) -> Self {
        let latest = now.plus_nanos(MAX_AHEAD_NANOS).min(LATEST);
        Self { live: now.plus_nanos(-MAX_BEHIND_NANOS).max(EARLIEST), latest }
    }

    /// By a clock that may be slow by `slack` nanoseconds, or fast by whatever.
    pub(crate) fn loose(now: Timestamp, slack: i64) -> Self {
        Self { latest: now.plus_nanos(slack.max(MAX_AHEAD_NANOS)).min(LATEST), ..Self::default() }
    }
}

pub(crate) fn time(value: Timestamp, bounds: Bounds) -> Result<(), Refusal> {
    if value < EARLIEST || value > bounds.latest { Err(Refusal::Time) } else { Ok(()) }
}

pub(crate) fn live_time(value: Timestamp, bounds: Bounds) -> Result<(), Refusal> {
    if value < bounds.live { Err(Refusal::Time) } else { time(value, bounds) }
}
