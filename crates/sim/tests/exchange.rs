//! Replay, exchange and REST, seen from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod exchange {
    mod connections;
    mod direct;
    mod limits;
    mod replay_order;
    mod rest_bars;
    mod rest_market;
    mod rest_routes;
    // There are no files in a browser.
    #[cfg(not(target_arch = "wasm32"))]
    mod shared_recordings;
    pub(crate) mod support;
}

use exchange::support;
