//! The thread that paints the chart: without one, and when it fails, the page paints by itself.

use anyhow::{Result, ensure};
use serde_json::json;
use wickwire_e2e::{Browser, Files, Look, SHOWS, Tape};

use crate::{LOADS, chart, in_browser};

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

/// Whether a canvas is painted by the page itself, and something is on it.
async fn painted_here(page: &Browser, canvas: &str) -> Result<bool> {
    // A canvas that was handed over gives no context.
    let read = "const canvas = document.querySelector(arguments[0]);
        try {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return data.some((value) => value > 0);
        } catch { return false }";
    Ok(page.run(read, vec![json!(canvas)]).await? == json!(true))
}

/// Nothing is traded, so that nothing but the loss itself has the page paint again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_that_fails_is_done_without() -> Result<()> {
    let site = Tape::with_days(2).halted(8).play(1.0).await?;
    in_browser("thread-fails", Look::DESKTOP, async |page| {
        let keep = "self.Worker = class extends Worker {
            constructor(...rest) { super(...rest); self.thread = this; }
        };";
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": keep })).await?;
        chart(page, &site, "").await?;
        painted(page).await?;
        for canvas in [".chart-base", ".legend-figures"] {
            ensure!(!painted_here(page, canvas).await?, "{canvas} is not the thread's");
        }
        let fail = "thread.dispatchEvent(new ErrorEvent('error', { cancelable: true })); return null";
        page.run(fail, vec![]).await?;
        for canvas in [".chart-base", ".legend-figures"] {
            page.until("a canvas of the page's own", SHOWS, async || {
                ensure!(painted_here(page, canvas).await?, "{canvas} is still the thread's, or empty");
                Ok(())
            })
            .await?;
        }
        painted(page).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// A browser that lets nobody start a thread says so when the page has long handed its canvases over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_that_never_starts_is_done_without() -> Result<()> {
    let site = Tape::with_days(2).halted(8).play(1.0).await?;
    in_browser("thread-refused", Look::DESKTOP, async |page| {
        let refuse = "self.Worker = class extends EventTarget {
            constructor() { super(); setTimeout(() => this.onerror(new ErrorEvent('error'))); }
            postMessage() {}
            terminate() {}
        };";
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": refuse })).await?;
        chart(page, &site, "").await?;
        for canvas in [".chart-base", ".legend-figures"] {
            page.until("a canvas of the page's own", SHOWS, async || {
                ensure!(painted_here(page, canvas).await?, "{canvas} is empty");
                Ok(())
            })
            .await?;
        }
        painted(page).await
    })
    .await
}
