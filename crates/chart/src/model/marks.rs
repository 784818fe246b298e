//! What the market says beside the bars: the quote, news, halts, limit bands, sessions.

use super::zone::{Utc, Zone};

/// A headline on the time axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewsMark {
    /// When it came, nanoseconds since the Unix epoch.
    pub time_ns: i64,
    /// Its number, by which the application finds it again.
    pub id: u64,
}

/// Trading in the symbol stood still.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Halt {
    /// From, nanoseconds since the Unix epoch.
    pub from_ns: i64,
    /// Until; open while the halt goes on.
    pub to_ns: Option<i64>,
}

/// Limits of the price (LULD) from a time on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Band {
    /// From, nanoseconds since the Unix epoch.
    pub from_ns: i64,
    /// Lowest price allowed; NaN if there is none.
    pub lower: f64,
    /// Highest price allowed; NaN if there is none.
    pub upper: f64,
}

/// All marks, borrowed from whoever keeps them. Lists are sorted by time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks<'a> {
    /// Bid and ask, NaN for a side without a quote.
    pub quote: Option<(f64, f64)>,
    /// Seconds until the last bar is over.
    pub countdown: Option<u32>,
    /// Headlines.
    pub news: &'a [NewsMark],
    /// Halts.
    pub halts: &'a [Halt],
    /// Limit bands.
    pub bands: &'a [Band],
    /// A number that changes whenever one of the three lists does.
    pub revision: u64,
}

/// A part of the trading day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Session {
    /// Before the opening of the exchange.
    Pre,
    /// The exchange's own hours, or any hour where there is no other kind.
    Regular,
    /// After its close.
    Post,
    /// Nothing is traded.
    Closed,
}

/// Trading sessions, supplied by the application.
pub trait Sessions {
    /// The session that holds `time_ns` and the first instant after it, nanoseconds since the Unix
    /// epoch.
    fn session_at(&self, time_ns: i64) -> (Session, i64);
    /// The clock whose midnight parts the trading days, whatever zone times are shown in.
    fn zone(&self) -> &dyn Zone {
        &Utc
    }
}

/// Trading around the clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct AroundTheClock;

impl Sessions for AroundTheClock {
    fn session_at(&self, _: i64) -> (Session, i64) {
        (Session::Regular, i64::MAX)
    }
}

/// Which of the optional parts of the picture are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Show {
    /// Lines at the labels of the axes.
    pub grid: bool,
    /// Volume in the lowest fifth of the price pane.
    pub volume: bool,
    /// A line where a new trading day begins.
    pub session_breaks: bool,
    /// Tint behind pre-market and after-hours.
    pub extended_hours: bool,
    /// The line at the last price, its tag and the countdown.
    pub last_price: bool,
    /// Lines at bid and ask, with the spread between them tinted.
    pub quote: bool,
    /// The highest and lowest price in view.
    pub extremes: bool,
    /// Headlines on the time axis.
    pub news: bool,
    /// Halts and limit bands.
    pub halts: bool,
}

impl Default for Show {
    fn default() -> Self {
        Self {
            grid: true,
            volume: true,
            session_breaks: true,
            extended_hours: true,
            last_price: true,
            quote: true,
            extremes: true,
            news: true,
            halts: true,
        }
    }
}
