//! (being written)
use wickwire_proto::time::Timestamp;

/// A part of New York's trading day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Session {
    /// Nothing is traded on the exchanges.
    Closed,
    /// 04:00 to 09:30.
    Pre,
    /// 09:30 to 16:00, 13:00 on short days.
    Regular,
    /// From the close to 20:00, 17:00 on short days.
    Post,
}

/// The session at `time`.
#[must_use]
pub fn session(_time: Timestamp) -> Session {
    Session::Closed
}
