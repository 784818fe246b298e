//! Every duration and limit of the client session, in one place.

use std::time::Duration;

/// Durations of the client session. The default is the table of `docs`: change it in tests only.
///
/// Sources: Alpaca ends an authentication that takes longer than 10 s with error 404
/// (<https://docs.alpaca.markets/docs/streaming-market-data>); full jitter is described in
/// <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// From [`Action::Connect`](super::Action::Connect) to the open socket.
    pub connect: Duration,
    /// From the open socket to the welcome.
    pub welcome: Duration,
    /// From our authentication to its answer.
    pub authenticate: Duration,
    /// From a change of subscriptions to its acknowledgement, and from a probe to its answer.
    pub acknowledge: Duration,
    /// The first retry comes after 0 to this.
    pub first_retry: Duration,
    /// Backoff before the n-th retry is drawn from 0 to `backoff_base` × 2ⁿ.
    pub backoff_base: Duration,
    /// No backoff is drawn from a range that ends later than this.
    pub backoff_cap: Duration,
    /// No retry after the first comes sooner than this.
    pub backoff_floor: Duration,
    /// Backoff starts anew after this long in [`State::Live`](super::State::Live) with at least
    /// one data message or acknowledgement. A server that accepts and closes does not count.
    pub settled: Duration,
    /// No market data for this long, where data is expected: `Stale`, and a probe is sent. Where
    /// none is expected, the probe alone, after this long without any message.
    pub silent: Duration,
    /// No market data for this long, where data is expected: reconnect.
    pub mute: Duration,
    /// Pauses after error 406, one after another; the last one repeats for ever.
    pub connection_limit: [Duration; 4],
    /// Least pause after error 407.
    pub slow_client: Duration,
    /// Least pause after we closed for a frame over the limits, and after close codes 1008 and 1013.
    pub slower: Duration,
    /// A longer `Retry-After` than this is cut to this.
    pub retry_after_cap: Duration,
    /// [`handle_online`](super::ClientSession::handle_online) never connects sooner than this after
    /// the last attempt.
    pub online_floor: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            welcome: Duration::from_secs(5),
            authenticate: Duration::from_secs(5),
            acknowledge: Duration::from_secs(5),
            first_retry: Duration::from_millis(500),
            backoff_base: Duration::from_millis(500),
            backoff_cap: Duration::from_secs(30),
            backoff_floor: Duration::from_millis(250),
            settled: Duration::from_secs(10),
            silent: Duration::from_secs(20),
            mute: Duration::from_secs(60),
            connection_limit: [5, 10, 20, 30].map(Duration::from_secs),
            slow_client: Duration::from_secs(1),
            slower: Duration::from_secs(5),
            retry_after_cap: Duration::from_secs(15 * 60),
            online_floor: Duration::from_secs(1),
        }
    }
}

/// Most (channel, symbol) pairs in one subscribe or unsubscribe message; a larger difference goes
/// out in several messages, one acknowledgement at a time. 400 pairs stay below the 16 KiB that a
/// small receive buffer takes.
pub const MAX_PAIRS_PER_MESSAGE: usize = 400;
/// Most times one connection divides refused messages to find what exactly was refused; after that
/// a refused message is given up whole.
pub const MAX_DIVISIONS: u32 = 64;
/// Times that an acknowledgement may contradict what was asked before the rest counts as refused.
pub const MAX_CONTRADICTIONS: u32 = 2;
/// Most events that wait to be polled; beyond, the oldest that is no trade update is dropped and
/// counted.
pub const MAX_EVENTS: usize = 4_096;
/// Most bytes of a text from the server (error message, close reason) that are kept.
pub const MAX_TEXT_BYTES: usize = 256;
/// Control messages of one frame that are looked at; a real server sends one alone.
pub const MAX_CONTROL_PER_FRAME: usize = 64;
