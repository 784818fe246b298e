//! The page that is left and come back to, and the connection of a symbol that is not shown.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use wickwire_e2e::tape::{COIN, SYMBOL};
use wickwire_e2e::{Browser, Look, SHOWS, Site, Tape};
use wickwire_relay::Config;

use crate::faults::{ended, equals_history, live, other_program};
use crate::{LOADS, in_browser};

/// For how long another page is looked at: some minutes of the market.
const AWAY: Duration = Duration::from_secs(6);
/// Until the server has heard that a connection was closed: far less than until it would miss one.
const FREE: Duration = Duration::from_secs(3);
/// After so long without data a connection of which some is expected is no longer taken for live.
const SILENCE: Duration = Duration::from_secs(30);

/// How often at most the page is left until the browser keeps it; it may let go of it for reasons of its own,
/// which it does not tell.
const TRIES: usize = 4;
const UNTOLD: &str = "masked";

/// The browser keeps the page as it is, because it has let go of all its connections.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_markets_are_left_and_come_back_without_a_hole() -> Result<()> {
    // A minute in two seconds, and one connection to each endpoint.
    let config = Config { connection_limit: Some(1), ..Config::simulated(7, 60.0) };
    let site = Site::start(Config { speed: "30".parse()?, ..config }).await?;
    in_browser("left", Look::DESKTOP, async |page| {
        for times in 1..=2 {
            let mut tries = 0;
            loop {
                if times == 1 || tries > 0 {
                    two_markets(page, &site).await?;
                }
                if left(page, &site).await? {
                    break;
                }
                tries += 1;
                ensure!(tries < TRIES, "the browser did not keep the page {tries} times");
            }
            page.until_state("Live", LOADS).await?;
            until_endpoints(page, ["Stocks IEX Live", "Crypto Live", "News Live"]).await?;
            equals_history(page, &site, SYMBOL).await?;
        }
        page.show(COIN).await?;
        equals_history(page, &site, COIN).await?;
        page.show(SYMBOL).await?;
        equals_history(page, &site, SYMBOL).await
    })
    .await
}

/// Opens the page anew, with a connection to each of two markets.
async fn two_markets(page: &Browser, site: &Site) -> Result<()> {
    live(page, site).await?;
    page.show(COIN).await?;
    equals_history(page, site, COIN).await?;
    page.show(SYMBOL).await?;
    equals_history(page, site, SYMBOL).await?;
    page.run("window.same = true", vec![]).await?;
    Ok(())
}

/// Looks at another page and goes back; whether the browser had kept this one.
async fn left(page: &Browser, site: &Site) -> Result<bool> {
    let sockets = site.proxy().sockets();
    page.visit(&site.address("wickwire/status")).await?;
    // The one connection is free as soon as the server has heard of it: another program gets it.
    let other = page.until("free connection", FREE, async || other_program(site).await).await?;
    ended(other).await?;
    tokio::time::sleep(AWAY).await;
    ensure!(site.proxy().sockets() == sockets, "a page that is left connects");
    page.web().back().await?;
    let read = "return [window.same ?? null,
      (performance.getEntriesByType('navigation')[0]?.notRestoredReasons?.reasons ?? []).map((r) => r.reason)]";
    let (kept, reasons): (Option<bool>, Vec<String>) = serde_json::from_value(page.run(read, vec![]).await?)?;
    if kept.is_none() {
        let untold = !reasons.is_empty() && reasons.iter().all(|reason| reason == UNTOLD);
        ensure!(untold, "the browser did not keep the page because of {reasons:?}");
        return Ok(false);
    }
    page.until_state("Live", LOADS).await?;
    page.until("connections made once each", SHOWS, async || {
        let made = site.proxy().sockets() - sockets;
        ensure!(made == 3, "{made} connections were made");
        Ok(())
    })
    .await?;
    Ok(true)
}

/// Waits until each endpoint says its state.
async fn until_endpoints(page: &Browser, wanted: [&str; 3]) -> Result<()> {
    page.until("states of the endpoints", SHOWS, async || {
        let status = page.connection().await?.text;
        ensure!(wanted.iter().all(|words| status.contains(words)), "the status is: {status}");
        Ok(())
    })
    .await
}

/// Of a symbol that is not shown nobody misses anything: its silence is no fault, until it is shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hidden_symbol_may_be_silent() -> Result<()> {
    const TRADES: i64 = 6;
    let site = Tape::with_days(1).quiet(15).with_coin(TRADES).play(1.0).await?;
    let start = Instant::now();
    in_browser("hidden", Look::DESKTOP, async |page| {
        page.visit(&site.address("?source=relay&symbol=BTC/USD&tf=1Min&zone=utc")).await?;
        page.until_state("Live", LOADS).await?;
        page.until("a bar of the coin", SHOWS, async || {
            let bars = page.bars().await?;
            ensure!(bars.values().any(|bar| bar[3] >= 50_000.0), "there are {bars:?}");
            Ok(())
        })
        .await?;
        page.show(SYMBOL).await?;
        page.until_view("bars of the stock", |view| view.bars > 10 && view.last < 1_000.0).await?;
        page.until_state("Live", LOADS).await?;
        let sockets = site.proxy().sockets();
        while start.elapsed() < Duration::from_secs(TRADES as u64) + SILENCE {
            let now = page.connection().await?;
            let fault = ["no market data", "Stale", "not answer", "onnects again"];
            let said = fault.iter().find(|words| now.text.contains(**words));
            ensure!(now.state == "Live" && said.is_none(), "the status is: {}", now.text);
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        until_endpoints(page, ["Stocks IEX Live", "Crypto Live", "News Live"]).await?;
        ensure!(site.proxy().sockets() == sockets, "a connection was made again");
        // The same silence is one as soon as somebody looks at it.
        page.show(COIN).await?;
        // With the end of the minute its last bar comes.
        let told = page.until_state("Stale", SILENCE * 3).await?;
        ensure!(told.text.contains("no market data arrives"), "it says: {}", told.text);
        page.show(SYMBOL).await?;
        page.until_state("Live", Duration::from_secs(5)).await?;
        Ok(())
    })
    .await
}
