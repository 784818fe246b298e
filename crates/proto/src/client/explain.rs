//! Plain words for the user: what happened, and what comes next.

use super::cause::{Cause, ConnectFailure, Explanation, Policy, Step};
use super::policy::code_rule;
use super::types::State;

const RETRIES: &str = "Connects again by itself, with growing pauses.";

// One copy of what makes two texts, not one for each pair.
#[inline(never)]
fn words(what: &str, next: &str) -> Explanation {
    Explanation { what: what.to_owned(), next: next.to_owned() }
}

impl Cause {
    /// What happened and what comes next, in plain words.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        match self {
            Self::Code { code, message } => code_rule(*code).map_or_else(
                || words(&format!("The server reported error {code}: {message}"), RETRIES),
                |rule| words(rule.what, rule.next),
            ),
            Self::Rejected { code, message } => words(
                &format!("The server did not understand our login (error {code}: {message})."),
                "Tries once more, then stops: this is a fault of this program or of the address.",
            ),
            Self::Closed { code, reason } => explain_close(*code, reason),
            Self::ConnectFailed(failure) => explain_failure(failure, self.policy()),
            Self::TimedOut(step) => words(
                match step {
                    Step::Connect => "The server did not accept the connection in time.",
                    Step::Welcome => "Connected, but the server did not say hello.",
                    Step::Authenticate => "The server did not answer the login in time.",
                    Step::Subscribe => "The server did not confirm the subscriptions in time.",
                    Step::Probe => "The connection looks open, but the server does not answer any more.",
                },
                RETRIES,
            ),
            Self::Silent => words(
                "Connected, but no market data came for a minute although the market is open.",
                "Connects again and fills the gap.",
            ),
            Self::FrameTooLarge => words(
                "The server sent a message larger than this program accepts.",
                "Connects again after a pause.",
            ),
            Self::Unauthorized => words(
                "The trading stream refused the key or the secret.",
                "Enter them again. They are not tried a second time.",
            ),
            Self::NotAuthenticated => {
                words("The trading stream says that we have not logged in.", "Connects and logs in again.")
            }
            Self::TradingError { message } => {
                words(&format!("The trading stream reported: {message}"), RETRIES)
            }
            Self::Stopped => words("You disconnected.", "Press connect to start again."),
        }
    }
}

fn explain_close(code: Option<u16>, reason: &str) -> Explanation {
    let what = match code {
        None | Some(1005 | 1006) => "The connection broke without a goodbye.",
        Some(1000) => "The server closed the connection.",
        Some(1001) => "The server is going away.",
        Some(1002 | 1003 | 1007) => "The server closed because it could not read what we sent.",
        Some(1008) => "The server closed because of its rules.",
        Some(1009) => "The server found a message of ours too large.",
        Some(1011) => "The server had an internal error, or did not hear from us in time.",
        Some(1012) => "The server restarts.",
        Some(1013) => "The server is too busy.",
        Some(1015) => "The secure connection could not be set up.",
        Some(4008) => "We read too slowly and the relay cut us off.",
        Some(other) => &format!("The server closed the connection with code {other}."),
    };
    if reason.is_empty() {
        words(what, RETRIES)
    } else {
        words(&format!("{what} It said: {reason}"), RETRIES)
    }
}

fn explain_failure(failure: &ConnectFailure, policy: Policy) -> Explanation {
    let what = match failure.status {
        Some(401 | 403) => "The server refused the connection: not allowed.",
        Some(404) => "There is no data stream at this address.",
        Some(429) => "Too many connection attempts.",
        Some(status @ 500..=599) => &format!("The server cannot take connections now (HTTP {status})."),
        Some(status) => &format!("The server refused the connection (HTTP {status})."),
        None if failure.text.is_empty() => "The server could not be reached.",
        None => &format!("The server could not be reached: {}", failure.text),
    };
    let next = match policy {
        Policy::NeedsUser => "Check the address, the feed and the keys, then connect again.",
        Policy::RetryAfter => "Waits as long as the server asks, then connects again.",
        _ => RETRIES,
    };
    words(what, next)
}

impl State {
    /// What is going on and what comes next, in plain words.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        match self {
            Self::Idle => words("Not connected.", "Press connect to start."),
            Self::Connecting => {
                words("Opening the connection.", "The server should answer within 10 seconds.")
            }
            Self::Welcome => words("Connected.", "Waits for the server's greeting."),
            Self::Authenticating => words("Logging in.", "The server should answer within 5 seconds."),
            Self::Subscribing => {
                words("Logged in. Asking for the data.", "Data follows the server's confirmation.")
            }
            Self::Live => words("Live.", "Data is shown as it arrives."),
            Self::Stale { .. } => words(
                "Connected, but no market data arrives although the market is open.",
                "Asks the server for a sign of life; after a minute without data it connects again.",
            ),
            Self::Backoff { cause, .. } | Self::NeedsUser { cause } => cause.explain(),
        }
    }

    /// A short name for a status line.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Idle => "Not connected",
            Self::Connecting => "Connecting",
            Self::Welcome => "Connected",
            Self::Authenticating => "Logging in",
            Self::Subscribing => "Subscribing",
            Self::Live => "Live",
            Self::Stale { .. } => "Stale",
            Self::Backoff { .. } => "Waiting to reconnect",
            Self::NeedsUser { .. } => "Needs you",
        }
    }
}
