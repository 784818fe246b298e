//! The page without a server of its own, as GitHub Pages shows it: the market simulated in the page.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use wickwire_e2e::{Browser, Files, Look, Role, SHOWS};
use wickwire_proto::time::Timestamp;

use crate::{LOADS, in_browser};

/// What the simulated market may take to bring the next change.
const CHANGES: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_opens_the_page() -> Result<()> {
    let files = Files::start("/wickwire/").await?;
    in_browser("demo", Look::DESKTOP, async |page| {
        page.visit(&files.address("")).await?;
        page.until_state("Live", LOADS).await?;
        let kind = page.find(Role::Note, "Kind of data").await?.text().await?;
        ensure!(kind == "SIMULATED", "the label says {kind:?}");
        for (role, name) in [
            (Role::Status, "Connection"),
            (Role::Region, "Chart"),
            (Role::Table, "Bars"),
            (Role::Region, "Quote"),
            (Role::List, "News"),
            (Role::Field, "Symbol"),
            (Role::Group, "Timeframe"),
        ] {
            page.check_tree(role, name).await?;
        }
        last_bar_moves(page).await?;
        quote_moves(page).await?;
        page.until("headlines", CHANGES, async || {
            let news = page.news().await?;
            ensure!(!news.is_empty(), "the list is empty");
            Ok(())
        })
        .await?;
        page.picture("demo-dark-1440").await?;
        caption_is_above_its_drawing(page).await?;
        // It asks once whether a relay serves it; here that is a file that does not exist.
        let complaints = page.complaints().await?;
        let others: Vec<_> = complaints.iter().filter(|c| !c.contains("wickwire/status")).collect();
        ensure!(others.is_empty(), "the console says {others:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn symbol_timeframe_and_a_phone() -> Result<()> {
    let files = Files::start("/wickwire/").await?;
    in_browser("demo-phone", Look::PHONE.light(), async |page| {
        page.visit(&files.address("?source=demo")).await?;
        page.until_state("Live", LOADS).await?;
        last_bar_moves(page).await?;
        ensure!(page.overflow().await? == 0, "wider than 390 px by {}", page.overflow().await?);
        let stock = last_close(page).await?;

        page.show("BTC/USD").await?;
        page.until_state("Live", LOADS).await?;
        let coin = page
            .until("bars of BTC/USD", LOADS, async || {
                let close = last_close(page).await?;
                ensure!(close > stock * 5.0, "the last close is {close}, that of the stock was {stock}");
                Ok(close)
            })
            .await?;
        ensure!(
            page.web().current_url().await?.query().unwrap_or_default().contains("BTC"),
            "not in the address"
        );

        page.press(Role::Button, "5m").await?;
        page.until("bars of five minutes", LOADS, async || {
            let bars = page.bars().await?;
            ensure!(bars.len() > 1, "{} bars", bars.len());
            for time in bars.keys() {
                let minute = time.get(14..16).unwrap_or_default();
                ensure!(minute.parse::<u32>()? % 5 == 0, "a bar begins at {time}");
            }
            Ok(())
        })
        .await?;
        let five = last_close(page).await?;
        ensure!((five / coin - 1.0).abs() < 0.05, "from {coin} to {five} by another timeframe");
        page.picture("demo-light-390").await?;
        caption_is_above_its_drawing(page).await?;
        ensure!(page.overflow().await? == 0, "wider than 390 px by {}", page.overflow().await?);
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// The caption of the spread's drawing lies over none of its lines.
async fn caption_is_above_its_drawing(page: &Browser) -> Result<()> {
    let region = page.find(Role::Region, "Quote").await?;
    let read = "const box = (name) => arguments[0].querySelector(`figure ${name}`).getBoundingClientRect();
        return [box('figcaption').bottom, box('canvas').top];";
    let [bottom, top]: [f64; 2] = serde_json::from_value(page.run(read, vec![region.to_json()?]).await?)?;
    ensure!(bottom <= top, "the caption ends at {bottom} px, the drawing begins at {top} px");
    Ok(())
}

async fn last_close(page: &Browser) -> Result<f64> {
    let bars = page.bars().await?;
    let last = bars.values().next_back();
    last.map(|bar| bar[3]).ok_or_else(|| anyhow::anyhow!("the table has no rows"))
}

async fn last_bar_moves(page: &Browser) -> Result<()> {
    let first = page
        .until("rows in the table", LOADS, async || {
            let bars = page.bars().await?;
            ensure!(bars.len() > 10, "{} rows", bars.len());
            Ok(bars.into_iter().next_back())
        })
        .await?;
    page.until("change of the last bar", CHANGES, async || {
        let last = page.bars().await?.into_iter().next_back();
        ensure!(last != first, "it still is {last:?}");
        Ok(())
    })
    .await
}

/// The bid is below the ask, the quote changes, and the drawing of the spread with it.
pub(crate) async fn quote_moves(page: &Browser) -> Result<()> {
    let first = page.until("quote", CHANGES, async || page.quote().await).await?;
    let drawing = page.drawing("Quote").await?;
    page.until("change of the quote", CHANGES, async || {
        let quote = page.quote().await?;
        ensure!(quote.bid < quote.ask, "bid {} and ask {}", quote.bid, quote.ask);
        ensure!(!quote.spread.is_empty() && quote != first, "it still is {quote:?}");
        Ok(())
    })
    .await?;
    page.until("change of the drawn spread", CHANGES, async || {
        let now = page.drawing("Quote").await?;
        ensure!(!now.is_empty() && now != drawing, "it looks as before");
        Ok(())
    })
    .await
}

/// Each timeframe of the menu has bars that begin as far apart as its name says, the shortest of them
/// from trades, the longest from days.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_length_of_bar() -> Result<()> {
    const HOUR: i64 = 3_600;
    const DAY: i64 = 24 * HOUR;
    let files = Files::start("/wickwire/").await?;
    in_browser("timeframes", Look::DESKTOP, async |page| {
        page.visit(&files.address("?source=demo&symbol=BTC/USD")).await?;
        page.until_state("Live", LOADS).await?;
        for (line, least, most) in [
            ("1 month", 28 * DAY, 31 * DAY),
            ("1 week", 7 * DAY, 7 * DAY),
            ("1 day", DAY, DAY),
            ("4 hours", 4 * HOUR, 4 * HOUR),
            ("1 hour", HOUR, HOUR),
            ("30 minutes", HOUR / 2, HOUR / 2),
            ("15 seconds", 15, 15),
            ("1 second", 1, 1),
        ] {
            page.choose_in("More timeframes", line).await?;
            page.until(&format!("bars of {line}"), CHANGES * 3, async || {
                let bars = page.bars().await?;
                let instant = |time: &String| {
                    let text = format!("{}Z", time.replace(' ', "T"));
                    Timestamp::parse_rfc3339(&text).map(|t| t.nanos() / 1_000_000_000)
                };
                let starts: Vec<i64> = bars.keys().filter_map(instant).collect();
                ensure!(starts.len() == bars.len() && starts.len() > 1, "{} bars", starts.len());
                let apart = starts.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or_default();
                ensure!((least..=most).contains(&apart), "{apart} s are the least between two");
                for (time, [open, high, low, close, _]) in &bars {
                    let whole = *low <= open.min(*close) && open.max(*close) <= *high;
                    ensure!(whole, "{time}: {open} {high} {low} {close}");
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    })
    .await
}

/// A module that has stopped leaves a picture behind that looks alive: the page says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_of_the_page_is_told() -> Result<()> {
    let files = Files::start("/wickwire/").await?;
    in_browser("stopped", Look::PHONE, async |page| {
        // Trunk tells of the module's exports when it has started.
        let keep = "addEventListener('TrunkApplicationStarted', (e) => { window.wasm = e.detail.wasm; });";
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": keep })).await?;
        page.visit(&files.address("?source=demo")).await?;
        page.until_state("Live", LOADS).await?;
        // What went wrong outside of the module does not stop it.
        page.run("setTimeout(() => { null.nothing }); return null", Vec::new()).await?;
        page.until("the error", SHOWS, async || {
            ensure!(!page.complaints().await?.is_empty(), "the console says nothing");
            Ok(())
        })
        .await?;
        ensure!(page.look_for(Role::Alert, "Fault").await.is_err(), "another error is taken for one");
        // What the module exports has no names that tell. Called with what is no address of anything, it takes
        // more memory than there is, or looks where there is none: a fault as any other.
        let fault = "const all = Object.values(wasm).filter((f) => f.length === 2);
            for (const f of [...all, ...all]) setTimeout(() => f(0x7fffffff, 16));
            return null";
        page.run(fault, Vec::new()).await?;
        let words = page.find(Role::Alert, "Fault").await?.text().await?;
        ensure!(words.contains("no longer changes"), "it says {words:?}");
        ensure!(page.overflow().await? == 0, "wider than 390 px by {}", page.overflow().await?);
        page.picture("stopped-dark-390").await?;
        page.press(Role::Button, "Reload the page").await?;
        page.until_state("Live", LOADS).await?;
        ensure!(page.look_for(Role::Alert, "Fault").await.is_err(), "the notice is still there");
        Ok(())
    })
    .await
}
