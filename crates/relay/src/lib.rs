//! Serves the page and Alpaca's own paths on loopback, from the simulator, a recording or one
//! upstream connection per endpoint.
//!
//! | room | purpose |
//! | --- | --- |
//! | [`config`] | what the command line and the environment say |
//! | [`relay`] | binds, serves, shuts down |
//! | [`router`] | paths to handlers, headers, who may ask |
//! | [`guard`] | `Origin` and `Host` checks, security headers |
//! | [`socket`] | one WebSocket: frames to the stage and back |
//! | [`stage`] | the one task that owns the market: simulated, recorded or live |
//! | [`live`] | upstream: sessions to Alpaca, REST from a fixed route table |
//! | [`assets`] | the built page |
//! | [`log`] | what is logged, and that no secret is |

pub mod assets;
pub mod config;
pub mod error;
pub mod guard;
pub mod live;
pub mod log;
pub mod relay;
pub mod router;
pub mod socket;
pub mod stage;

pub use config::{Config, Source};
pub use error::Error;
pub use relay::Relay;
