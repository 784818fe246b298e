//! Data that arrives, before and after what is in view, does not move it.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use wickwire_e2e::{Browser, Fault, Look, Role, SHOWS, TELLS, Tape, View};

use crate::{chart, in_browser};

/// What a page of earlier bars may take.
const LOADS_PAGE: Duration = Duration::from_secs(30);
/// What all pages that a chart keeps may take.
const LOADS_ALL: Duration = Duration::from_secs(120);
/// Until a summary tells of bars that were there when the key was pressed.
const MERGES: Duration = Duration::from_secs(5);
/// Presses of that key.
const TRIES: usize = 5;
/// Pages of earlier bars that there are at most.
const MOST_PAGES: usize = 6;
const END: &str = "\u{E010}";
const HOME: &str = "\u{E011}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_view_stays_whatever_arrives() -> Result<()> {
    // Fourteen sessions before: some pages more than a view opens with. A minute a second.
    let tape = Tape::with_days(14).trading(300);
    let site = tape.play(60.0).await?;
    in_browser("history", Look::DESKTOP, async |page| {
        let start = chart(page, &site, "").await?;
        page.run(NOTE_VIEWS, vec![page.chart().await?.to_json()?]).await?;
        follows(page, &start).await?;
        stays(page, &tape).await?;
        loads_earlier(page, &tape).await?;
        page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
        page.keys(&[END], &[]).await?;
        page.until_button("Go to live", false).await?;
        let now = page.view().await?;
        page.until_view("a view that follows", |view| view.to > now.to).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// A link to bars that lie before those a view opens with brings them, page by page, and shows them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_to_early_bars_opens_them() -> Result<()> {
    let tape = Tape::with_days(14).quiet(10);
    let site = tape.play(1.0).await?;
    in_browser("early-link", Look::DESKTOP, async |page| {
        let (first, last) = (&tape.bars()[600].0, &tape.bars()[700].0);
        ensure!(tape.bars().len() > 4_000, "{} bars: they would come at once", tape.bars().len());
        let time = |text: &str| text.replacen(' ', "T", 1) + "Z";
        // Up to the end of the last bar.
        let end = &tape.bars()[701].0;
        chart(page, &site, &format!("&from={}&to={}", time(first), time(end))).await?;
        page.until_view("the bars of the link", |view| (&view.from, &view.to) == (first, last)).await?;
        page.until_button("Go to live", true).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// A link to a time that was not traded, and one to bars before those that a chart keeps, say so. A chart that is
/// full says that, too, and does not offer to try again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_link_cannot_show_is_told() -> Result<()> {
    // More sessions than 100,000 minutes.
    let tape = Tape::with_days(240).quiet(10);
    let site = tape.play(1.0).await?;
    in_browser("late-link", Look::DESKTOP, async |page| {
        let told = |said: &str| said == "No bars can be shown for the time of the link.";
        let visit = async |from: &str, to: &str| {
            let link = format!("?source=relay&symbol=IBM&tf=1Min&zone=utc&from={from}&to={to}");
            page.visit(&site.address(&link)).await?;
            // It stands for some seconds only, so that there is no other wait before.
            page.until("the note", LOADS_ALL, async || page.until_said("Note", told).await.map(drop)).await
        };
        // A Sunday.
        visit("2024-01-07T15:00:00Z", "2024-01-07T16:00:00Z").await?;
        ensure!(tape.bars().len() > 100_200, "{} bars: all of them would be kept", tape.bars().len());
        let time = |bar: usize| tape.bars()[bar].0.replacen(' ', "T", 1) + "Z";
        visit(&time(0), &time(100)).await?;
        page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
        page.keys(&[HOME], &[]).await?;
        let first = tape.bars().len() - 100_000;
        page.until_view("the first bar that is kept", |view| view.from == tape.bars()[first].0).await?;
        let read = "return document.querySelector('.chart-older').textContent";
        let said = page.run(read, vec![]).await?;
        ensure!(said == "The chart keeps 100,000 bars.", "it says {said}");
        ensure!(page.look_for(Role::Button, "Try again").await.is_err(), "there is a button");
        page.picture("full").await?;
        Ok(())
    })
    .await
}

/// Earlier bars that do not come are told of, and come when they are asked for again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn earlier_bars_that_failed_come_at_the_second_try() -> Result<()> {
    let tape = Tape::with_days(14).quiet(10);
    let site = tape.play(1.0).await?;
    for (name, look) in [("desktop", Look::DESKTOP), ("phone", Look::PHONE)] {
        in_browser(&format!("failed-page-{name}"), look, async |page| {
            chart(page, &site, "").await?;
            site.proxy().set(Fault::NoHistory);
            page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
            page.keys(&[HOME], &[]).await?;
            page.until_button("Try again", true).await?;
            let read = "return document.querySelector('.chart-older').textContent";
            let said = page.run(read, vec![]).await?;
            ensure!(said.as_str().is_some_and(|said| said.contains("not available")), "it says {said}");
            let first = page.until_view("the first loaded bar", |view| view.from > tape.bars()[0].0).await?;
            page.picture(&format!("try-again-{name}")).await?;
            ensure!(page.overflow().await? == 0, "wider than its window by {}", page.overflow().await?);
            site.proxy().set(Fault::None);
            page.press(Role::Button, "Try again").await?;
            page.until_button("Try again", false).await?;
            let focused = page.run("return document.activeElement.getAttribute('role')", vec![]).await?;
            ensure!(focused == "application", "focus is on {focused}");
            page.until("earlier bars", LOADS_PAGE, async || {
                page.keys(&[HOME], &[]).await?;
                let view = page.view().await?;
                ensure!(view.from < first.from, "the first bar is that of {view:?}");
                Ok(())
            })
            .await
        })
        .await?;
    }
    Ok(())
}

/// Seconds are put together from the trades as they come.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bars_of_seconds_hold_the_trades_of_theirs() -> Result<()> {
    let tape = Tape::with_days(2).trading(60);
    // A minute in three seconds.
    let site = tape.play(20.0).await?;
    in_browser("seconds", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        page.choose_in("More timeframes", "5 seconds").await?;
        page.until("bars of three minutes", LOADS_PAGE, async || {
            let mut rows = page.bars().await?;
            rows.pop_last();
            ensure!(rows.len() >= 12, "{} bars", rows.len());
            for (time, [open, high, low, close, volume]) in rows {
                // Four trades a minute, twelve seconds apart: at the prices of the minute's bar.
                let (minute, second) = time.split_at(17);
                let number = tape.index_of(&[minute, "00"].concat()).context("no such minute")?;
                let (_, bar) = &tape.bars()[number];
                let wanted = match second {
                    "05" => [bar[0], 100.0],
                    "15" => [bar[1], 100.0],
                    "25" => [bar[2], 100.0],
                    "40" => [bar[3], bar[4] - 300.0],
                    _ => anyhow::bail!("a bar begins at {time}"),
                };
                ensure!([open, high, low, close] == [wanted[0]; 4] && volume == wanted[1], "{time}: {open}");
            }
            Ok(())
        })
        .await?;
        page.until_view("bars in view", |view| view.bars >= 12).await?;
        page.picture("seconds").await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// At first the view follows: it has as many bars as before, and later ones.
async fn follows(page: &Browser, start: &View) -> Result<()> {
    let later = page.until_view("later bars", |view| view.to > start.to).await?;
    ensure!(later.from > start.from && later.bars.abs_diff(start.bars) <= 1, "{start:?} became {later:?}");
    ensure!(page.look_for(Role::Button, "Go to live").await.is_err(), "it does not follow");
    Ok(())
}

/// Once it was moved, it stays where it is, and says how to get back.
async fn stays(page: &Browser, tape: &Tape) -> Result<()> {
    let stage = page.stage().await?;
    let from = stage.part(0.3, 0.5);
    page.drag(from, (from.0 + 420.0, from.1)).await?;
    page.until_button("Go to live", true).await?;
    let legend = page.point_at(from).await?;
    let newest = async || page.bars().await?.pop_last().context("no rows");
    let (time, _) = newest().await?;
    let index = tape.index_of(&legend.time).context("no such bar")?;
    // A summary that was written since tells where it stands now.
    written(page).await?;
    let view = page
        .until("a summary", SHOWS, async || {
            let summaries = written(page).await?;
            View::read(summaries.last().context("none was written")?)
        })
        .await?;
    ensure!(view.to < time && view.from < legend.time && legend.time < view.to, "{view:?} with {legend:?}");
    page.until("three newer bars", Duration::from_secs(40), async || {
        let (now, _) = newest().await?;
        let closed = tape.index_of(&now).zip(tape.index_of(&time)).map(|(now, then)| now - then);
        ensure!(closed >= Some(3), "the newest is {now}, it was {time}");
        Ok(())
    })
    .await?;
    let now = page.view().await?;
    ensure!((&now.from, &now.to, now.bars) == (&view.from, &view.to, view.bars), "{view:?} became {now:?}");
    ensure!(now.last != view.last, "nothing arrived: {now:?}");
    let under = page.legend().await?;
    ensure!(under == legend && under.prices == tape.bars()[index].1[..4], "{legend:?} became {under:?}");
    page.press(Role::Button, "Go to live").await?;
    page.until_button("Go to live", false).await
}

/// How often the page has asked for earlier bars, and whether all were answered.
async fn asked(page: &Browser) -> Result<u64> {
    let read = "return performance.getEntriesByType('resource')
      .filter((entry) => entry.name.includes('/bars?') && entry.responseEnd > 0).length";
    Ok(page.run(read, vec![]).await?.as_u64().unwrap_or_default())
}

/// From now on notes every summary that is written.
const NOTE_VIEWS: &str = "window.views = []; const chart = arguments[0];
new MutationObserver(() => window.views.push(chart.getAttribute('aria-description')))
  .observe(chart, { attributeFilter: ['aria-description'] });";

/// The summaries that were written since this was last asked.
async fn written(page: &Browser) -> Result<Vec<String>> {
    Ok(serde_json::from_value(page.run("return window.views.splice(0)", vec![]).await?)?)
}

/// On the way to the first bar there is page after page before what is loaded; none moves the view.
async fn loads_earlier(page: &Browser, tape: &Tape) -> Result<()> {
    page.run("performance.setResourceTimingBufferSize(2000)", vec![]).await?;
    page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
    let index = |time: &str| tape.index_of(time).context("no such bar");
    // From a view on that does not follow the last bar, and of which the summary tells.
    page.keys(&[HOME], &[]).await?;
    page.until_button("Go to live", true).await?;
    let stands = async || page.view().await.map(|view| (view.from, view.to));
    page.at_rest("the view", TELLS, stands).await?;
    let mut view = page.view().await?;
    let mut seen = vec![index(&view.from)?];
    written(page).await?;
    for _ in 0..MOST_PAGES {
        let before = asked(page).await?;
        let mut next = Err(anyhow!("no key was pressed"));
        for _ in 0..TRIES {
            page.keys(&[HOME], &[]).await?;
            let earlier = |now: &View| now.from < view.from;
            next = page
                .until("an earlier first bar", MERGES, async || {
                    let now = page.view().await?;
                    ensure!(earlier(&now), "the first bar is still that of {now:?}");
                    Ok(now)
                })
                .await;
            // The page may have been answered and not yet taken in.
            if next.is_ok() {
                break;
            }
        }
        let next = next?;
        // Whatever came in between, it was one of the two.
        for summary in written(page).await? {
            let now = View::read(&summary)?;
            let there = |view: &View| (&view.from, &view.to) == (&now.from, &now.to);
            ensure!(there(&view) || there(&next), "from {view:?} to {next:?} by way of {now:?}");
        }
        seen.push(index(&next.from)?);
        view = next;
        if seen.last() == Some(&0) {
            break;
        }
        // The bar at the pointer stays where it is while the next page comes.
        let legend = page.point_at(page.stage().await?.part(0.5, 0.5)).await?;
        page.until("the page before", LOADS_PAGE, async || {
            ensure!(page.legend().await? == legend, "under the pointer was {legend:?}");
            let now = asked(page).await?;
            ensure!(now > before, "{now} requests for bars");
            Ok(())
        })
        .await?;
        ensure!(page.legend().await? == legend, "under the pointer was {legend:?}");
        page.leave().await?;
    }
    ensure!(seen.len() > 2 && seen.last() == Some(&0), "the first bars were in turn {seen:?}");
    println!("first loaded bars in turn: {seen:?} of {}", tape.bars().len());
    // What came is what was recorded.
    let rows = page
        .until("the first rows", SHOWS, async || {
            let rows = page.bars().await?;
            ensure!(rows.first_key_value().is_some_and(|(time, _)| *time == tape.bars()[0].0), "not yet");
            Ok(rows)
        })
        .await?;
    let shown: Vec<_> = rows.into_iter().take(120).collect();
    ensure!(shown == tape.bars()[..120], "the table begins with {:?}", shown.first());
    Ok(())
}
