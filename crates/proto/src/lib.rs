//! Alpaca's wire protocol, both sides, without sockets, clocks or tasks.
//!
//! Bytes and the time come in; messages and actions come out. The same code runs in the page, in
//! the relay and in the simulated exchange.
//!
//! | room | purpose |
//! | --- | --- |
//! | [`time`], [`number`] | instants in nanoseconds and numbers that keep what the wire said |
//! | [`endpoint`], [`channel`] | where data comes from, and what can be subscribed there |
//! | [`message`] | what the messages say |
//! | [`frame`], [`error`], [`limits`] | what a socket carries, why it was refused, how much is taken |
//! | `codec` | JSON and MessagePack, reading and writing |
//! | [`decode`], [`encode`] | frames to messages and back |
//! | [`json`], [`sorted`] | small documents as trees; a map and a sort that are small when compiled |
//! | [`request`], [`trading`], [`rest`] | what clients ask, the account's stream, and REST |
//! | [`client`], [`server`], [`hub`] | the two ends of a connection as state machines, and many of them |

pub mod channel;
pub mod client;
mod codec;
pub mod decode;
pub mod encode;
pub mod endpoint;
pub mod error;
pub mod frame;
pub mod hub;
pub mod json;
pub mod limits;
pub mod message;
pub mod number;
pub mod request;
pub mod rest;
pub mod server;
pub mod sorted;
pub mod time;
pub mod trading;
