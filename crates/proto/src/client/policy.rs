//! What each error code, close code and HTTP status leads to, as data.

use super::cause::{Cause, Policy, Step};

/// The rule for one error code of the market-data stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRule {
    /// The code.
    pub code: u16,
    /// What it leads to.
    pub policy: Policy,
    /// What happened, in plain words.
    pub what: &'static str,
    /// What happens next, in plain words.
    pub next: &'static str,
}

const fn rule(code: u16, policy: Policy, what: &'static str, next: &'static str) -> CodeRule {
    CodeRule { code, policy, what, next }
}

const RETRIES: &str = "Connects again by itself, with growing pauses.";

/// Every code of the reference
/// (<https://docs.alpaca.markets/docs/streaming-market-data>, "Errors"; 411 from the Go SDK, 408 from
/// the JavaScript SDK). A code that is not here leads to [`Policy::Backoff`].
///
/// 406 arrives on a socket that stays open, and the Go SDK repeats its authentication there. We
/// close and come back on a fresh one: pauses of 5 s and more do not fit into the 10 s that a
/// server grants an unauthenticated socket, and an idle socket would hold resources on both sides.
pub const CODES: [CodeRule; 16] = [
    rule(
        400,
        Policy::Drop,
        "The server did not understand a subscription.",
        "It is left out; everything else goes on.",
    ),
    rule(
        401,
        Policy::Backoff,
        "The server says that we have not logged in yet.",
        "Connects and logs in again.",
    ),
    rule(
        402,
        Policy::NeedsUser,
        "The server refused the key or the secret.",
        "Enter them again. They are not tried a second time.",
    ),
    rule(403, Policy::Ignore, "The server had already accepted the key.", "Nothing to do."),
    rule(
        404,
        Policy::Backoff,
        "Logging in took longer than the server allows.",
        "Connects and logs in again, with growing pauses.",
    ),
    rule(
        405,
        Policy::Keep,
        "Your plan does not allow that many symbols.",
        "What was subscribed before stays. Remove symbols to make room.",
    ),
    rule(
        406,
        Policy::ConnectionLimit,
        "Another program or tab uses your only connection to this feed.",
        "Waits and tries again until the connection is free. Close the other program to be faster.",
    ),
    rule(
        407,
        Policy::SlowClient,
        "We read too slowly and the server cut us off.",
        "Connects again after a second. Fewer symbols help.",
    ),
    rule(
        408,
        Policy::NeedsUser,
        "This account may not use version 2 of the data stream.",
        "Choose another feed, or ask Alpaca to enable it.",
    ),
    rule(
        409,
        Policy::NeedsUser,
        "Your subscription does not include this feed.",
        "Choose another feed, for example IEX instead of SIP.",
    ),
    rule(
        410,
        Policy::Drop,
        "This feed does not have a channel that was asked for.",
        "The channel is left out; everything else goes on.",
    ),
    rule(
        411,
        Policy::NeedsUser,
        "The token does not have the right to read this data.",
        "Use a token with the data scope, or a key and secret.",
    ),
    rule(
        412,
        Policy::NeedsUser,
        "This feed speaks MessagePack only, and the connection uses JSON.",
        "Use the relay for this feed.",
    ),
    rule(
        413,
        Policy::Drop,
        "Option quotes cannot be subscribed to all at once.",
        "The star is left out. Name the contracts.",
    ),
    rule(
        429,
        Policy::RetryAfter,
        "Too many requests.",
        "Waits as long as the server asks, then connects again.",
    ),
    rule(500, Policy::Backoff, "The server had an internal error.", RETRIES),
];

/// The rule of a code, if the reference has one.
#[must_use]
pub fn code_rule(code: u16) -> Option<&'static CodeRule> {
    CODES.iter().find(|r| r.code == code)
}

impl Cause {
    /// What this leads to.
    #[must_use]
    pub fn policy(&self) -> Policy {
        match self {
            Self::Code { code, .. } => code_rule(*code).map_or(Policy::Backoff, |r| r.policy),
            Self::Rejected { .. } => Policy::Once,
            Self::Closed { code, .. } => match code {
                // Policy violation, too big, try again later, our relay's "slow".
                Some(1008 | 1009 | 1013) => Policy::Slower,
                Some(4008) => Policy::SlowClient,
                _ => Policy::Backoff,
            },
            Self::ConnectFailed(failure) => match failure.status {
                Some(408 | 425) => Policy::Backoff,
                Some(429) => Policy::RetryAfter,
                Some(400..=499) => Policy::NeedsUser,
                _ if failure.retry_after.is_some() => Policy::RetryAfter,
                _ => Policy::Backoff,
            },
            Self::FrameTooLarge => Policy::Slower,
            Self::TimedOut(_) | Self::Silent | Self::NotAuthenticated | Self::TradingError { .. } => {
                Policy::Backoff
            }
            Self::Unauthorized => Policy::NeedsUser,
            Self::Stopped => Policy::NeedsUser,
        }
    }

    /// The close code and reason for the peer, where we are the one who closes.
    #[must_use]
    pub(crate) const fn close(&self) -> (u16, &'static str) {
        match self {
            Self::FrameTooLarge => (1009, "frame too large"),
            Self::TimedOut(Step::Connect) => (1000, "connect timeout"),
            Self::TimedOut(Step::Welcome) => (1000, "welcome timeout"),
            Self::TimedOut(Step::Authenticate) => (1000, "authentication timeout"),
            Self::TimedOut(Step::Subscribe) => (1000, "acknowledgement timeout"),
            Self::TimedOut(Step::Probe) => (1000, "probe timeout"),
            Self::Silent => (1000, "no data"),
            Self::Stopped => (1000, "stopped"),
            _ => (1000, "reconnect"),
        }
    }
}
