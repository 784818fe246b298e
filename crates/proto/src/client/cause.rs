//! Why a session was interrupted, what follows, and how to say so in plain words.

use std::time::Duration;

/// A connection attempt that did not become an open socket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectFailure {
    /// HTTP status of the answer to the upgrade; `None` if there was no answer, and always in a
    /// browser, which does not tell.
    pub status: Option<u16>,
    /// `Retry-After` or rate-limit reset of that answer, from now.
    pub retry_after: Option<Duration>,
    /// What the socket layer said. Must hold no secret.
    pub text: String,
}

/// A step of the session that has a time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Opening the socket.
    Connect,
    /// The server's welcome.
    Welcome,
    /// The answer to our authentication.
    Authenticate,
    /// The acknowledgement of a change of subscriptions.
    Subscribe,
    /// The answer to a probe.
    Probe,
}

/// Why a session was interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// An error message of the market-data stream.
    Code {
        /// 400 to 413, 500.
        code: u16,
        /// The server's own words, shortened.
        message: String,
    },
    /// An error that answers our authentication as if it were malformed: a fault of ours.
    Rejected {
        /// The code, 400 as a rule.
        code: u16,
        /// The server's own words, shortened.
        message: String,
    },
    /// The socket was closed by the other side, or broke.
    Closed {
        /// Close code, if there was one.
        code: Option<u16>,
        /// The other side's reason, shortened.
        reason: String,
    },
    /// The socket could not be opened.
    ConnectFailed(ConnectFailure),
    /// A step took too long.
    TimedOut(Step),
    /// Connected, but without market data for too long although it was expected.
    Silent,
    /// A frame was larger than [`crate::limits::MAX_FRAME_BYTES`].
    FrameTooLarge,
    /// Trading stream: key and secret were refused.
    Unauthorized,
    /// Trading stream: authenticated no longer.
    NotAuthenticated,
    /// Trading stream: an error message.
    TradingError {
        /// The server's own words, shortened.
        message: String,
    },
    /// The user stopped the session.
    Stopped,
}

/// Plain words for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened.
    pub what: String,
    /// What happens next, or what the user can do.
    pub next: String,
}

/// What a cause leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Nothing: the session goes on.
    Ignore,
    /// The subscription in question is left out and reported; the session goes on.
    Drop,
    /// As [`Policy::Drop`]; and what was subscribed before stays.
    Keep,
    /// Connect again after full-jitter backoff.
    Backoff,
    /// As `Backoff`, but not sooner than [`Timing::slower`](super::Timing::slower).
    Slower,
    /// As `Backoff`, but not sooner than [`Timing::slow_client`](super::Timing::slow_client).
    SlowClient,
    /// Connect again after the pauses of [`Timing::connection_limit`](super::Timing::connection_limit).
    ConnectionLimit,
    /// As `Backoff`, but not sooner than the server's `Retry-After`.
    RetryAfter,
    /// One retry with backoff; the second time in a row, [`Policy::NeedsUser`].
    Once,
    /// Stop until the user does something.
    NeedsUser,
}

/// A text from outside, made fit to be kept and shown: at most
/// [`MAX_TEXT_BYTES`](super::timing::MAX_TEXT_BYTES), without control characters.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        if out.len() + c.len_utf8() > super::timing::MAX_TEXT_BYTES {
            break;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::timing::MAX_TEXT_BYTES;

    #[test]
    fn texts_from_outside_are_short_and_without_control_characters() {
        assert_eq!(clean("a\u{1b}[31mb\r\n\0c"), "a[31mbc");
        assert_eq!(clean(&"x".repeat(10_000)).len(), MAX_TEXT_BYTES);
        let umlauts = clean(&"ü".repeat(10_000));
        assert!(umlauts.len() <= MAX_TEXT_BYTES && umlauts.chars().all(|c| c == 'ü'));
    }
}
