//! The time zone in which times are shown.

/// A time zone. The application supplies those with daylight saving; the chart knows only [`Utc`].
pub trait Zone {
    /// What to add to UTC to get local time at the instant `utc_seconds`, in seconds (east positive).
    fn offset_seconds(&self, utc_seconds: i64) -> i32;
    /// Short name in force at that instant, shown in the corner of the axes: `UTC`, `EST`, `EDT`.
    fn abbreviation(&self, utc_seconds: i64) -> &str;
}

/// Coordinated universal time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Utc;

impl Zone for Utc {
    fn offset_seconds(&self, _: i64) -> i32 {
        0
    }
    fn abbreviation(&self, _: i64) -> &str {
        "UTC"
    }
}

/// Seconds since 1970-01-01T00:00 on the wall clock of `zone`.
pub(crate) fn local_seconds(zone: &dyn Zone, utc_seconds: i64) -> i64 {
    utc_seconds + i64::from(zone.offset_seconds(utc_seconds))
}
