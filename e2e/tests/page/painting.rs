//! The thread that paints the chart: without one, and when it fails, the page paints by itself.

use anyhow::{Result, ensure};
use serde_json::json;
use wickwire_e2e::{Browser, Files, Look, SHOWS};

use crate::{LOADS, in_browser};

/// Rising and falling candles are in the picture, and it follows the keys.
async fn painted(page: &Browser) -> Result<()> {
    let (up, down) = (page.token("--up").await?, page.token("--down").await?);
    page.until("candles", SHOWS, async || {
        let pixels = page.chart_pixels().await?;
        let counts = (pixels.count(up), pixels.count(down));
        ensure!(counts.0 > 500 && counts.1 > 500, "rising and falling pixels: {counts:?}");
        Ok(())
    })
    .await?;
    let before = page.chart_pixels().await?;
    page.chart().await?.send_keys("+++++").await?;
    page.until("larger candles", SHOWS, async || {
        let other = page.chart_pixels().await?.difference(&before);
        ensure!(other > 20_000, "{other} pixels differ");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_without_threads_paints_the_same() -> Result<()> {
    let files = Files::start("/wickwire/").await?;
    in_browser("no-threads", Look::DESKTOP, async |page| {
        let none = json!({ "source": "delete self.Worker;" });
        page.devtools("Page.addScriptToEvaluateOnNewDocument", none).await?;
        page.visit(&files.address("?source=demo")).await?;
        page.until_state("Live", LOADS).await?;
        painted(page).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_that_fails_is_done_without() -> Result<()> {
    let files = Files::start("/wickwire/").await?;
    in_browser("thread-fails", Look::DESKTOP, async |page| {
        let keep = "self.Worker = class extends Worker {
            constructor(...rest) { super(...rest); self.thread = this; }
        };";
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": keep })).await?;
        page.visit(&files.address("?source=demo")).await?;
        page.until_state("Live", LOADS).await?;
        painted(page).await?;
        let by_thread = "try { document.querySelector('.chart-base').getContext('2d'); return false }
            catch { return true }";
        ensure!(page.run(by_thread, vec![]).await? == json!(true), "the base is not the thread's");
        page.run("thread.dispatchEvent(new ErrorEvent('error', { cancelable: true })); return null", vec![])
            .await?;
        page.until("a canvas of the page's own", SHOWS, async || {
            ensure!(page.run(by_thread, vec![]).await? == json!(false), "the base is still the thread's");
            Ok(())
        })
        .await?;
        painted(page).await?;
        ensure!(!page.painted(".legend-figures").await?.is_empty(), "the legend is empty");
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}
