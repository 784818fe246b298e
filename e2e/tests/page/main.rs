//! The built page in a browser. One program, so that it is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod demo;
mod faults;
mod keys;
mod news;
mod replay;

use std::time::{Duration, Instant};

use anyhow::Result;
use wickwire_e2e::{Browser, Look};

/// Until a page that loads has connected: a debug relay and a busy machine included.
const LOADS: Duration = Duration::from_secs(30);

/// Opens a browser, runs a test in it, adds a picture to its failure, and closes the browser.
async fn in_browser(name: &str, look: Look, test: impl AsyncFnOnce(&Browser) -> Result<()>) -> Result<()> {
    let browser = Browser::open(name, look).await?;
    let start = Instant::now();
    let result = test(&browser).await;
    println!("{name}: {:.1} s in the browser", start.elapsed().as_secs_f64());
    match result {
        Ok(()) => browser.close().await,
        Err(error) => {
            let error = browser.with_picture(error).await;
            browser.close().await?;
            Err(error)
        }
    }
}
