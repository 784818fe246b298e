//! Faults of servers and networks: the page says what happened and what it does next, and recovers
//! where it can.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use wickwire_e2e::recordings::figures;
use wickwire_e2e::site::Site;
use wickwire_e2e::{Browser, Fault, Look};
use wickwire_relay::Config;
use wickwire_relay::stage::Control;

use crate::demo::quote_moves;
use crate::{LOADS, in_browser};

/// What the page sends to a relay that asks for no particular key.
const PAGE_KEY: &str = "wickwire-page";
const VIEW: &str = "?source=relay&symbol=IBM&tf=1Min&zone=utc";

pub(crate) async fn live(page: &Browser, site: &Site) -> Result<()> {
    page.visit(&site.address(VIEW)).await?;
    page.until_state("Live", LOADS).await?;
    page.until("bars", LOADS, async || {
        ensure!(page.bars().await?.len() > 10, "too few bars");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_connection() -> Result<()> {
    let site = Site::simulated(1.0).await?;
    in_browser("refused", Look::DESKTOP, async |page| {
        live(page, &site).await?;
        site.proxy().set(Fault::Refuse);
        let told = page.until_state("Waiting to reconnect", Duration::from_secs(15)).await?;
        ensure!(told.text.contains("Connects again by itself"), "it says: {}", told.text);
        // Long enough for pauses to grow: two sockets, each a handful of attempts.
        let before = site.proxy().sockets();
        tokio::time::sleep(Duration::from_secs(6)).await;
        let attempts = site.proxy().sockets() - before;
        ensure!((1..=24).contains(&attempts), "{attempts} attempts in 6 s");
        page.picture("fault-refused").await?;
        site.proxy().set(Fault::None);
        page.until_state("Live", Duration::from_secs(35)).await?;
        Ok(())
    })
    .await
}

/// A program that has the one connection to the endpoint of stocks.
pub(crate) type Other = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<TcpStream>>;

/// Connects another program, with the page's own key.
pub(crate) async fn other_program(site: &Site) -> Result<Other> {
    let (mut other, _) =
        tokio_tungstenite::connect_async(format!("ws://{}/v2/iex", site.relay().address())).await?;
    let login = format!(r#"{{"action":"auth","key":"{PAGE_KEY}","secret":"{PAGE_KEY}"}}"#);
    other.send(Message::text(login)).await?;
    loop {
        let Some(message) = other.next().await else { bail!("the other program was not let in") };
        let message = message?;
        let text = message.to_text().unwrap_or_default();
        ensure!(!text.contains("\"error\""), "the other program was not let in: {text}");
        if text.contains("authenticated") {
            return Ok(other);
        }
    }
}

/// Ends it, and waits until the server knows.
pub(crate) async fn ended(mut other: Other) -> Result<()> {
    other.close(None).await?;
    while let Some(Ok(_)) = other.next().await {}
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_program_holds_the_connection() -> Result<()> {
    let site = Site::start(Config { connection_limit: Some(1), ..Config::simulated(7, 60.0) }).await?;
    let other = other_program(&site).await?;
    in_browser("limit", Look::DESKTOP, async |page| {
        page.visit(&site.address(VIEW)).await?;
        let told = page.until_words("Another program or tab uses your only connection", LOADS).await?;
        ensure!(told.text.contains("tries again until the connection is free"), "it says: {}", told.text);
        page.picture("fault-406").await?;
        ended(other).await?;
        page.until_state("Live", Duration::from_secs(35)).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_in_mid_frame() -> Result<()> {
    // Minutes of two seconds, so that some end while the page is cut off.
    let site = Site::simulated(30.0).await?;
    in_browser("cut", Look::DESKTOP, async |page| {
        live(page, &site).await?;
        for bytes in [1, 777, 20_011] {
            cut(page, &site, bytes, 5).await?;
        }
        equals_history(page, &site, "IBM").await
    })
    .await
}

/// The market that is not shown is cut, too, and comes back without a hole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cuts_of_two_markets() -> Result<()> {
    let site = Site::simulated(30.0).await?;
    in_browser("cut-two", Look::DESKTOP, async |page| {
        live(page, &site).await?;
        page.show("BTC/USD").await?;
        equals_history(page, &site, "BTC/USD").await?;
        page.show("IBM").await?;
        // Each ends the connection that brings the next bytes, whichever that is. One that is cut again
        // before it has lasted ten seconds waits longer each time, in the end up to half a minute.
        for bytes in [1, 2_003, 1, 777, 5_003, 1] {
            cut(page, &site, bytes, 35).await?;
        }
        equals_history(page, &site, "IBM").await?;
        page.show("BTC/USD").await?;
        equals_history(page, &site, "BTC/USD").await?;
        let status = page.connection().await?.text;
        ensure!(status.contains("Stocks") && status.contains("Crypto"), "the status is: {status}");
        Ok(())
    })
    .await
}

/// Cuts a connection once so many bytes have come, and waits some seconds until all is well.
async fn cut(page: &Browser, site: &Site, bytes: usize, seconds: u64) -> Result<()> {
    let before = page.connection().await?.reconnects;
    site.proxy().set(Fault::CutAfter(bytes));
    let start = Instant::now();
    page.until("cut", Duration::from_secs(20), async || {
        ensure!(site.proxy().fault() == Fault::None, "{bytes} bytes have not come yet");
        Ok(())
    })
    .await?;
    let cut = Instant::now();
    made_again(page, before, seconds).await?;
    println!("cut after {:?}, live again after {:?}", cut - start, cut.elapsed());
    Ok(())
}

/// Waits some seconds until there are more reconnects than before, and all is well.
async fn made_again(page: &Browser, before: u64, seconds: u64) -> Result<()> {
    page.until("connection made again", Duration::from_secs(seconds), async || {
        let now = page.connection().await?;
        ensure!(now.reconnects > before && now.state == "Live", "the status is: {}", now.text);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_server() -> Result<()> {
    let site = Site::simulated(1.0).await?;
    in_browser("mute", Look::DESKTOP, async |page| {
        live(page, &site).await?;
        quote_moves(page).await?;
        site.control(Control::Mute(true)).await;
        let told = page.until_state("Stale", Duration::from_secs(28)).await?;
        ensure!(told.text.contains("no market data arrives"), "it says: {}", told.text);
        page.picture("fault-stale").await?;
        site.control(Control::Mute(false)).await;
        page.until_state("Live", Duration::from_secs(8)).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stays_mute() -> Result<()> {
    let site = Site::simulated(1.0).await?;
    in_browser("mute-for-good", Look::DESKTOP, async |page| {
        live(page, &site).await?;
        quote_moves(page).await?;
        let before = page.connection().await?.reconnects;
        site.control(Control::Mute(true)).await;
        let start = Instant::now();
        page.until_state("Stale", Duration::from_secs(28)).await?;
        // The server answers when asked, so only the silence itself ends the connection: a minute.
        let told = page.until_words("no market data came for a minute", Duration::from_secs(48)).await?;
        let after = start.elapsed();
        ensure!(after > Duration::from_secs(55), "it gave up after {after:?} already");
        ensure!(told.text.contains("onnect"), "it does not say what comes next: {}", told.text);
        page.picture("fault-mute-for-good").await?;
        made_again(page, before, 10).await?;
        site.control(Control::Mute(false)).await;
        quote_moves(page).await?;
        equals_history(page, &site, "IBM").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_died_without_a_word() -> Result<()> {
    let site = Site::simulated(1.0).await?;
    in_browser("dead", Look::DESKTOP, async |page| {
        live(page, &site).await?;
        quote_moves(page).await?;
        let before = page.connection().await?.reconnects;
        site.proxy().set(Fault::Swallow);
        page.until_state("Stale", Duration::from_secs(28)).await?;
        // Nobody answers the question either, so this takes no minute.
        page.until_words("the server does not answer any more", Duration::from_secs(10)).await?;
        let told = page.until_words("did not accept the connection in time", Duration::from_secs(20)).await?;
        ensure!(told.text.contains("Connects again by itself"), "it says: {}", told.text);
        page.picture("fault-dead").await?;
        site.proxy().set(Fault::None);
        // An attempt that was swallowed ends first, then comes a pause.
        page.until_state("Live", Duration::from_secs(20)).await?;
        ensure!(page.connection().await?.reconnects > before, "it is the old connection");
        quote_moves(page).await?;
        equals_history(page, &site, "IBM").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_of_the_server() -> Result<()> {
    let site = Site::simulated(30.0).await?;
    in_browser("errors", Look::DESKTOP, async |page| {
        live(page, &site).await?;
        for (code, words) in [(407, "We read too slowly"), (500, "internal error")] {
            let before = page.connection().await?.reconnects;
            site.control(Control::Fail(code)).await;
            // The pause may be none at all; the words stay long enough to be read.
            page.until_words(words, Duration::from_secs(5)).await?;
            page.until("connection made again", Duration::from_secs(8), async || {
                let now = page.connection().await?;
                ensure!(now.reconnects > before && now.state == "Live", "the status is: {}", now.text);
                Ok(())
            })
            .await
            .with_context(|| format!("after {code}"))?;
        }
        equals_history(page, &site, "IBM").await
    })
    .await
}

/// Every closed minute of the last two hours of the table is the relay's own, and none is missing.
pub(crate) async fn equals_history(page: &Browser, site: &Site, symbol: &str) -> Result<()> {
    // What fills a gap is on its way.
    page.until("bars as the relay has them", Duration::from_secs(8), async || {
        let mut shown = page.bars().await?;
        shown.pop_last();
        let last = shown.last_key_value().context("no closed minute")?.0.clone();
        let query =
            [("symbols", symbol), ("timeframe", "1Min"), ("limit", "120"), ("sort", "desc"), ("feed", "iex")];
        let start = ("start", "2000-01-01T00:00:00Z");
        // Only stocks have feeds.
        let feeds = if symbol.contains('/') { 4 } else { 5 };
        let query: Vec<_> = query.into_iter().take(feeds).chain([start]).collect();
        let path = if symbol.contains('/') { "/v1beta3/crypto/us/bars" } else { "/v2/stocks/bars" };
        let answer = site.ask(path, &query).await?;
        let held = answer["bars"][symbol].as_array().context("no bars of the symbol")?;
        let mut compared = 0;
        for bar in held {
            let (time, figures) = figures(bar)?;
            if time > last {
                continue;
            }
            let seen = shown.get(&time);
            ensure!(seen == Some(&figures), "{time}: the relay has {figures:?}, shown is {seen:?}");
            compared += 1;
        }
        ensure!(compared > 60, "only {compared} minutes to compare");
        Ok(())
    })
    .await
}
