//! Recordings, replayed through the relay: every closed minute in the table "Bars" is the recorded
//! one, to the last digit.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use wickwire_e2e::recordings::{self, Aggregate, figures};
use wickwire_e2e::screen::Figures;
use wickwire_e2e::site::{Play, Site};
use wickwire_e2e::{Browser, Look};

use crate::demo::quote_moves;
use crate::{LOADS, in_browser};

const IBM: [&str; 2] = ["equities/ticks/IBM-20131007.ndjson.gz", "equities/bars-1min/IBM.ndjson.gz"];
const BTC: [&str; 1] = ["crypto/ticks/BTC-USDT-20240808.ndjson.gz"];
/// Pause between two comparisons while a recording plays.
const COMPARE: Duration = Duration::from_millis(500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ibm_a_minute_a_second() -> Result<()> {
    let Some(files) = recordings::find(&IBM)? else { return Ok(()) };
    let recorded = recorded_bars(&files[1])?;
    let play = Play { files, from: Some("2013-10-07T13:29:30Z"), to: None, speed: 60.0 };
    let site = Site::playing(play).await?;
    in_browser("ibm-60", Look::DESKTOP, async |page| {
        page.visit(&site.address("?source=relay&symbol=IBM&tf=1Min&zone=utc")).await?;
        page.until_state("Live", LOADS).await?;
        quote_moves(page).await?;
        let last = compare(page, &recorded, Duration::from_secs(20), None).await?;
        // The market opened at 13:30.
        ensure!(last.as_str() >= "2013-10-07 13:45:00", "the last closed minute is {last}");
        for (look, name) in [
            (Look::DESKTOP, "ibm-dark-1440"),
            (Look::DESKTOP.light(), "ibm-light-1440"),
            (Look::PHONE, "ibm-dark-390"),
            (Look::PHONE.light(), "ibm-light-390"),
        ] {
            page.look(look).await?;
            tokio::time::sleep(Duration::from_secs(1)).await;
            page.picture(name).await?;
            ensure!(
                page.overflow().await? == 0,
                "{name}: wider than its window by {}",
                page.overflow().await?
            );
        }
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ibm_a_day_in_under_a_minute() -> Result<()> {
    let Some(files) = recordings::find(&IBM)? else { return Ok(()) };
    let recorded = recorded_bars(&files[1])?;
    let (from, to) = (Some("2013-10-07T13:29:30Z"), Some("2013-10-07T20:10:30Z"));
    let site = Site::playing(Play { files, from, to, speed: 600.0 }).await?;
    in_browser("ibm-600", Look::DESKTOP, async |page| {
        page.visit(&site.address("?source=relay&symbol=IBM&tf=1Min&zone=utc")).await?;
        page.until_state("Live", LOADS).await?;
        let last = compare(page, &recorded, Duration::from_secs(55), Some("2013-10-07 20:09:00")).await?;
        ensure!(last.as_str() >= "2013-10-07 20:08:00", "the last closed minute is {last}");
        page.picture("ibm-day-dark-1440").await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bitcoin_by_its_trades() -> Result<()> {
    let Some(files) = recordings::find(&BTC)? else { return Ok(()) };
    let mut made = Aggregate::default();
    recordings::read(&files[0], |line| made.add(line))?;
    let site = Site::playing(Play { files, from: None, to: None, speed: 60.0 }).await?;
    in_browser("btc", Look::DESKTOP, async |page| {
        page.visit(&site.address("?source=relay&symbol=BTC/USDT&tf=1Min")).await?;
        page.until_state("Live", LOADS).await?;
        quote_moves(page).await?;
        let last = compare(page, &made.0, Duration::from_secs(30), Some("2024-08-09 00:04:00")).await?;
        ensure!(last.as_str() >= "2024-08-09 00:03:00", "the last closed minute is {last}");
        page.picture("btc-dark-1440").await?;
        Ok(())
    })
    .await
}

fn recorded_bars(path: &std::path::Path) -> Result<BTreeMap<String, Figures>> {
    let mut bars = BTreeMap::new();
    let mut wrong = None;
    recordings::read(path, |line| match figures(line) {
        Ok((time, figures)) => drop(bars.insert(time, figures)),
        Err(error) => wrong = Some(error),
    })?;
    wrong.map_or(Ok(bars), Err)
}

/// Compares the table with what was recorded, again and again for `time` or until the minute
/// `until` has closed, and says which closed minute was the last. The newest row may still run;
/// every other is closed.
async fn compare(
    page: &Browser,
    recorded: &BTreeMap<String, Figures>,
    time: Duration,
    until: Option<&str>,
) -> Result<String> {
    let start = Instant::now();
    let mut compared = 0;
    loop {
        let mut shown = page.bars().await?;
        let running = shown.pop_last();
        let (Some((first, _)), Some((last, _))) = (shown.first_key_value(), shown.last_key_value()) else {
            ensure!(start.elapsed() < time, "no closed minute; the newest row is {running:?}");
            tokio::time::sleep(COMPARE).await;
            continue;
        };
        let wanted: BTreeMap<_, _> = recorded.range(first.clone()..=last.clone()).collect();
        let differences: Vec<String> = wanted
            .iter()
            .filter(|(time, figures)| shown.get(**time) != Some(**figures))
            .map(|(time, figures)| format!("{time}: recorded {figures:?}, shown {:?}", shown.get(*time)))
            .chain(
                shown
                    .iter()
                    .filter(|(time, _)| !wanted.contains_key(time))
                    .map(|(time, figures)| format!("{time}: not recorded, shown {figures:?}")),
            )
            .collect();
        ensure!(
            differences.is_empty(),
            "{} of {} minutes from {first} to {last} differ, the newest row is {running:?}:\n  {}",
            differences.len(),
            wanted.len(),
            differences.join("\n  ")
        );
        compared += 1;
        if start.elapsed() >= time || until.is_some_and(|until| last.as_str() >= until) {
            println!("{} closed minutes, {first} to {last}, equal in {compared} comparisons", shown.len());
            return Ok(last.clone());
        }
        tokio::time::sleep(COMPARE).await;
    }
}
