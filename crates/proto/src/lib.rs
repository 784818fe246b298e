//! Alpaca's wire protocol, both sides, without sockets, clocks or tasks.
//!
//! Bytes and the time come in; messages and actions come out. The same code runs in the page, in
//! the relay and in the simulated exchange.
//!
//! | room | purpose |
//! | --- | --- |
//! | [`time`], [`number`] | instants in nanoseconds and numbers that keep what the wire said |
//! | [`endpoint`], [`channel`] | where data comes from, and what can be subscribed there |
//! | [`message`], [`trading`] | what the messages say |
//! | [`codec`] | JSON and MessagePack, reading and writing |
//! | [`decode`], [`encode`] | frames to messages and back |
//! | [`client`], [`server`] | the two ends of a connection as state machines |

pub mod channel;
pub mod endpoint;
pub mod message;
pub mod number;
pub mod time;
