//! Rows of the list "News".

use crate::links::SafeLink;

/// Rows shown at most; the store keeps more.
pub const MAX_ROWS: usize = 50;

/// One headline. All of it is shown as text, never as markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewsRow {
    /// The article's id; an update repeats it.
    pub id: u64,
    /// Nanoseconds since the epoch of the last change; tells an update from a repetition.
    pub updated: i64,
    /// The headline, character references resolved once.
    pub headline: String,
    /// `HH:MM` in New York.
    pub time: String,
    /// The whole date and time in UTC, for the `datetime` attribute.
    pub datetime: String,
    /// The symbols, joined by blanks.
    pub symbols: String,
    /// The agency.
    pub source: String,
    /// The article's address, if it is safe to offer.
    pub link: Option<SafeLink>,
}
