//! `cargo xtask soak` without the building: watches the page for a long time.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use wickwire_e2e::report;
use wickwire_e2e::soak::{self, MAX_SLOPE, Options};

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let [relay, minutes, rate]: [String; 3] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().ok().context("RELAY MINUTES RATE")?;
    let options =
        Options { time: Duration::from_secs_f64(minutes.parse::<f64>()? * 60.0), rate: rate.parse()? };
    let outcome = soak::run(&PathBuf::from(relay), &report::dist()?, &options).await?;
    let flat = outcome.slope.is_none_or(|slope| slope <= MAX_SLOPE);
    println!("\nmemory {}", if flat { "is flat" } else { "grows" });
    Ok(if flat { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
