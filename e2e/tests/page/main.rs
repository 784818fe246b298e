//! The built page in a browser. One program, so that it is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod chart_axes;
mod chart_carried;
mod chart_contrast;
mod chart_crosshair;
mod chart_export;
mod chart_grey;
mod chart_history;
mod chart_keys;
mod chart_layout;
mod chart_marks;
mod chart_mouse;
mod chart_panes;
mod chart_quote;
mod chart_scales;
mod chart_sessions;
mod chart_touch;
mod chart_touch_axes;
mod chart_values;
mod demo;
mod faults;
mod gallery;
mod keys;
mod news;
mod painting;
mod reference;
mod replay;
mod resize;
mod retries;
mod returns;

use std::time::{Duration, Instant};

use anyhow::Result;
use wickwire_e2e::{Browser, Look, Site, View};

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

/// Opens the chart of a tape in UTC, as tapes tell times, and waits until it follows its last bar.
async fn chart(page: &Browser, site: &Site, more: &str) -> Result<View> {
    page.visit(&site.address(&format!("?source=relay&symbol=IBM&tf=1Min&zone=utc{more}"))).await?;
    page.until_state("Live", LOADS).await?;
    page.until_view("bars in view", |view| view.bars > 10).await
}
