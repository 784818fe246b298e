//! History and news that do not come when the page opens: it says so, asks again by itself with growing
//! pauses, and at once when somebody wants it.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use wickwire_e2e::{Browser, Fault, Look, Role, SHOWS, Site, Tape};

use crate::{LOADS, in_browser};

/// The pauses before the first two further requests, as the page says them, in seconds.
const PAUSES: [u64; 2] = [5, 10];
const HEADLINE: &str = "From before the page was opened";
const BARS: &str = "Try again: bars";
const NEWS: &str = "Try again: news";

/// Opens the page while nobody answers for history and news.
async fn opened(page: &Browser, site: &Site) -> Result<()> {
    site.proxy().set(Fault::NoData);
    page.visit(&site.address("?source=relay&symbol=IBM&tf=1Min&zone=utc")).await?;
    page.until_state("Live", LOADS).await?;
    Ok(())
}

/// Waits until both parts of the page say that they ask again after so many seconds.
async fn until_told(page: &Browser, seconds: u64) -> Result<()> {
    let when = format!("Asked for again in {seconds} s.");
    page.until(&format!("words {when:?}"), SHOWS, async || {
        let status = page.connection().await?.text;
        ensure!(status.contains("Earlier bars are not available: ") && status.contains(&when), "{status}");
        let news = news(page).await?;
        ensure!(news.contains("Earlier news is not available: ") && news.contains(&when), "{news}");
        Ok(())
    })
    .await
}

async fn news(page: &Browser) -> Result<String> {
    let read = "return document.querySelector('.news').textContent";
    Ok(page.run(read, vec![]).await?.as_str().unwrap_or_default().to_owned())
}

async fn until_bars(page: &Browser, tape: &Tape, limit: Duration) -> Result<()> {
    page.until("bars of before", limit, async || {
        let bars = page.bars().await?;
        ensure!(bars.len() > 300, "{} bars", bars.len());
        for (time, figures) in &bars {
            let known = tape.index_of(time).map(|i| &tape.bars()[i].1);
            ensure!(known == Some(figures), "{time}: {figures:?} instead of {known:?}");
        }
        Ok(())
    })
    .await?;
    page.until("no more words about bars", SHOWS, async || {
        let status = page.connection().await?.text;
        ensure!(!status.contains("not available"), "{status}");
        ensure!(page.look_for(Role::Button, BARS).await.is_err(), "the button is there");
        Ok(())
    })
    .await
}

async fn until_headline(page: &Browser, limit: Duration) -> Result<()> {
    page.until("the headline", limit, async || {
        let (list, all) = (page.news().await?, news(page).await?);
        ensure!(list.iter().any(|item| item.contains(HEADLINE)), "{list:?}");
        ensure!(!all.contains("not available"), "{all}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_failed_at_the_opening_is_asked_for_again() -> Result<()> {
    let tape = Tape::with_days(2).quiet(15).news(1, -600, HEADLINE);
    let site = tape.play(1.0).await?;
    in_browser("asked-again", Look::DESKTOP, async |page| {
        opened(page, &site).await?;
        until_told(page, PAUSES[0]).await?;
        let (first, before) = (Instant::now(), site.proxy().data_requests());
        page.picture("asked-again").await?;
        until_told(page, PAUSES[1]).await?;
        let (pause, asked) = (first.elapsed(), site.proxy().data_requests() - before);
        // A look at the page takes its time: a second less than what was said.
        ensure!(pause >= Duration::from_secs(PAUSES[0] - 1), "it was asked for again after {pause:?}");
        // Bars and news once each, perhaps the minutes of the opening, too; a browser may ask twice where a
        // connection that was open before is closed.
        ensure!((2..=6).contains(&asked), "{asked} requests");
        site.proxy().set(Fault::None);
        let limit = Duration::from_secs(PAUSES[1] + 5);
        until_bars(page, &tape, limit).await?;
        until_headline(page, limit).await?;
        ensure!(page.connection().await?.reconnects == 0, "what is live was interrupted");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_failed_comes_at_once_when_somebody_asks() -> Result<()> {
    let tape = Tape::with_days(2).quiet(15).news(1, -600, HEADLINE);
    let site = tape.play(1.0).await?;
    for (name, look) in [("desktop", Look::DESKTOP), ("phone", Look::PHONE.light())] {
        in_browser(&format!("asked-{name}"), look, async |page| {
            opened(page, &site).await?;
            // The second pause is long enough to be told from an answer at once.
            until_told(page, PAUSES[1]).await?;
            page.picture(&format!("asked-{name}")).await?;
            ensure!(page.overflow().await? == 0, "wider than its window by {}", page.overflow().await?);
            // Who asks while nobody answers is told so again, and then the pauses begin anew.
            page.press(Role::Button, BARS).await?;
            page.until("words about the first pause", SHOWS, async || {
                let status = page.connection().await?.text;
                ensure!(status.contains(&format!("Asked for again in {} s.", PAUSES[0])), "{status}");
                Ok(())
            })
            .await?;
            site.proxy().set(Fault::None);
            let start = Instant::now();
            page.press(Role::Button, BARS).await?;
            // On a phone it may be below the status, which stands at the edge of the window.
            let news = page.find(Role::Button, NEWS).await?;
            page.run("arguments[0].scrollIntoView({ block: 'center' })", vec![news.to_json()?]).await?;
            news.click().await?;
            until_headline(page, SHOWS).await?;
            until_bars(page, &tape, SHOWS).await?;
            let after = start.elapsed();
            ensure!(after < Duration::from_secs(PAUSES[0] - 1), "it came after {after:?}");
            let focused = page.run("return document.activeElement.getAttribute('role')", vec![]).await?;
            ensure!(focused == "application", "focus is on {focused}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}
