//! The sources that need no exchange: a seeded market and the replay of recordings, behind Alpaca's own protocol.
//!
//! Nothing here owns a socket, a clock, a file or a task. Time and frames come in, frames and REST
//! answers come out, so the relay runs this on a server and the page runs it in the browser.
//!
//! | room | purpose |
//! | --- | --- |
//! | [`feed`] | what a source of market data is |
//! | [`simulator`] | a deterministic market from a seed |
//! | [`replay`] | recordings, merged by time |
//! | [`history`] | what has happened so far: bars, latest trade, quote and book, news |
//! | [`exchange`] | a feed, its connections and its pace: Alpaca without Alpaca |
//! | [`rest`] | the REST routes, answered from a history |

pub mod error;
pub mod exchange;
pub mod feed;
pub mod history;
pub mod replay;
pub mod rest;
pub mod simulator;

pub use error::Error;
pub use exchange::{BarsQuery, Exchange, ExchangeConfig, SourceKind, SourceLabel, Speed};
pub use feed::{Feed, Listing, Venue};
pub use history::History;
pub use replay::{Recording, Replay, ReplayConfig};
pub use rest::{BarSpan, RestResponse};
pub use simulator::{SimConfig, Simulator};
