//! The chart without a pointer: reached by Tab, walked bar by bar, told in words.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::prelude::*;
use wickwire_e2e::hand::{ALT, CTRL, SHIFT};
use wickwire_e2e::screen::{Figures, number};
use wickwire_e2e::{Browser, Look, PAINTS, Role, SHOWS, Tape, View};

use crate::{chart, in_browser};

const TAB: &str = "\u{E004}";
const LEFT: &str = "\u{E012}";
const UP: &str = "\u{E013}";
const RIGHT: &str = "\u{E014}";
const DOWN: &str = "\u{E015}";
const PAGE_UP: &str = "\u{E00E}";
const PAGE_DOWN: &str = "\u{E00F}";
const END: &str = "\u{E010}";
const HOME: &str = "\u{E011}";
const ESCAPE: &str = "\u{E00C}";
const ENTER: &str = "\u{E007}";
/// Tabs from the beginning of the page to the chart at most.
const MOST_TABS: usize = 30;
/// Two announcements are at least this far apart, milliseconds; timers may be a little early.
const APART_MS: f64 = 990.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_do_all_that_the_hand_does() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("keys-chart", Look::DESKTOP, async |page| {
        let start = chart(page, &site, "").await?;
        reached(page).await?;
        walk(page, &tape).await?;
        announced_slowly(page).await?;
        scroll(page, &tape, &start).await?;
        zoom(page, &start).await?;
        sheets(page).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// Who has just opened the page, or pressed a button, need not click on the chart first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_work_while_nothing_else_takes_them() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("keys-anywhere", Look::DESKTOP, async |page| {
        let start = chart(page, &site, "").await?;
        let focus = async || page.run("return document.activeElement.tagName", vec![]).await;
        ensure!(focus().await? == "BODY", "focus is on {}", focus().await?);
        page.keys(&[LEFT], &[]).await?;
        page.until_legend("a crosshair", |legend| !legend.time.is_empty()).await?;
        page.keys(&["+", "+"], &[]).await?;
        page.until_view("fewer bars", |view| view.bars < start.bars).await?;
        page.press(Role::Button, "5m").await?;
        page.until_view("bars of five minutes", |view| view.to.ends_with(":55:00")).await?;
        ensure!(focus().await? == "BUTTON", "focus is on {}", focus().await?);
        let first = page.view().await?;
        // Characters are a button's own matter, and so is what presses it.
        page.keys(&["+", "+"], &[]).await?;
        page.keys(&[HOME], &[]).await?;
        let view = page.until_view("the first bars", |view| view.from < first.from).await?;
        let zoomed = view.bars.abs_diff(first.bars) > first.bars / 10;
        ensure!(!zoomed, "{first:?} became {view:?}");
        // What is typed into a field is the field's.
        let view = page.view().await?;
        page.run("document.querySelector('input').focus()", vec![]).await?;
        page.keys(&[LEFT, END], &[]).await?;
        page.press(Role::Button, "Indicators").await?;
        page.find(Role::Dialog, "Indicators").await?;
        page.run("document.activeElement.blur()", vec![]).await?;
        page.keys(&[LEFT, END], &[]).await?;
        // That nothing happens can only be waited for.
        tokio::time::sleep(Duration::from_secs(2)).await;
        ensure!(page.view().await? == view, "{view:?} became {:?}", page.view().await?);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_reach_every_pane_and_axis() -> Result<()> {
    // The last bar is that of 15:59; ten before it two articles came.
    let tape = Tape::with_days(3).quiet(15).news(1, -630, "First of two").news(2, -625, "Second of two");
    let site = tape.play(1.0).await?;
    in_browser("keys-panes", Look::DESKTOP, async |page| {
        let start = chart(page, &site, "&st=rsi.14,macd.12.26.9").await?;
        page.until_studies("two panes", |rows| rows.len() == 2 && rows.iter().all(|row| row.middle > 300.0))
            .await?;
        page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
        panes(page).await?;
        prices(page).await?;
        resets(page, &start).await?;
        headlines(page).await?;
        notes_are_said_slowly(page).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// Up and down choose a pane, of which the value is said; with Alt and Shift it grows.
async fn panes(page: &Browser) -> Result<()> {
    page.keys(&[LEFT, DOWN], &[]).await?;
    page.until_said("Announcements", |said| said.starts_with("2024-01-12 15:59 UTC, RSI 14  ")).await?;
    page.keys(&[LEFT, DOWN], &[]).await?;
    page.until_said("Announcements", |said| said.starts_with("2024-01-12 15:58 UTC, MACD 12 26 9  ")).await?;
    let tops =
        async || -> Result<Vec<f64>> { Ok(page.study_rows().await?.iter().map(|row| row.middle).collect()) };
    let before = tops().await?;
    let higher = async |by: [f64; 2]| {
        let wanted: Vec<f64> = before.iter().zip(by).map(|(top, by)| top - by).collect();
        page.until("panes of other heights", SHOWS, async || {
            let now = tops().await?;
            let near = now.iter().zip(&wanted).all(|(now, wanted)| (now - wanted).abs() < 1.5);
            ensure!(near, "the rows are at {now:?}, not at {wanted:?}");
            Ok(())
        })
        .await
    };
    page.keys(&[UP, UP], &[ALT, SHIFT]).await?;
    higher([0.0, 40.0]).await?;
    let said = page.until_said("Announcements", |said| said.starts_with("Height of the pane ")).await?;
    page.keys(&[UP], &[]).await?;
    page.keys(&[UP, UP, UP, DOWN], &[ALT, SHIFT]).await?;
    higher([40.0, 40.0]).await?;
    page.until_said("Announcements", |now| now.starts_with("Height of the pane ") && now != said).await?;
    page.keys(&[UP], &[]).await?;
    page.keys(&[UP], &[ALT, SHIFT]).await?;
    higher([20.0, 40.0]).await
}

/// The prices that the labels of the first pane's axis name, from top to bottom.
async fn price_labels(page: &Browser) -> Result<Vec<f64>> {
    let second = page.study_rows().await?.first().map_or(f64::MAX, |row| row.middle - 20.0);
    let (painted, axis) = (page.painted(".chart-base").await?, page.stage().await?.width - 84.0);
    let labels = painted.into_iter().filter(|text| text.x > axis && text.y < second);
    let prices = labels.map(|text| number(&text.text)).collect::<Result<Vec<f64>>>()?;
    ensure!(prices.windows(2).all(|pair| pair[0] > pair[1]), "from top to bottom the axis says {prices:?}");
    Ok(prices)
}

/// The highest and the lowest price of an axis.
fn ends(prices: &[f64]) -> (f64, f64) {
    prices.iter().fold((f64::MIN, f64::MAX), |(high, low), price| (high.max(*price), low.min(*price)))
}

/// Whether the prices scale themselves.
async fn until_auto(page: &Browser, wanted: bool) -> Result<()> {
    page.until(&format!("a scale that follows the bars: {wanted}"), SHOWS, async || {
        let chosen = page.chosen_in("Price scale").await?;
        ensure!((chosen != ["Regular"]) == wanted, "chosen is {chosen:?}");
        Ok(())
    })
    .await
}

/// Alt shows higher and lower prices; `A` gives the axis back to the bars.
async fn prices(page: &Browser) -> Result<()> {
    let labels = page.at_rest("the labels", PAINTS, async || price_labels(page).await).await?;
    ensure!(labels.len() > 3, "the axis says {labels:?}");
    for (key, higher) in [(UP, true), (DOWN, false)] {
        page.keys(&[key, key, key], &[ALT]).await?;
        page.until("other prices", SHOWS, async || {
            let now = price_labels(page).await?;
            let [(now_top, now_bottom), (top, bottom)] = [&now, &labels].map(|labels| ends(labels));
            let moved = if higher {
                now_top > top && now_bottom > bottom
            } else {
                now_top < top && now_bottom < bottom
            };
            ensure!(moved, "{labels:?} became {now:?}");
            Ok(())
        })
        .await?;
        until_auto(page, false).await?;
        page.keys(&["a"], &[]).await?;
        until_auto(page, true).await?;
        page.until("the prices of before", SHOWS, async || {
            let now = price_labels(page).await?;
            ensure!(now == labels, "{labels:?} became {now:?}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// `0` is the view of the start, `R` the axes' too.
async fn resets(page: &Browser, start: &View) -> Result<()> {
    for key in ["0", "r"] {
        page.keys(&["+", "+", "+"], &[]).await?;
        page.keys(&[UP], &[ALT]).await?;
        page.keys(&[PAGE_UP], &[]).await?;
        page.until_view("another view", |view| view.to < start.to && view.bars < start.bars).await?;
        until_auto(page, false).await?;
        page.keys(&[key], &[]).await?;
        page.until_view("the view of the start", |view| view.from == start.from && view.to == start.to)
            .await?;
        until_auto(page, key == "r").await?;
    }
    Ok(())
}

/// Enter opens the headlines of the bar at the crosshair, and Escape gives focus back.
async fn headlines(page: &Browser) -> Result<()> {
    page.keys(&[ESCAPE, LEFT, ENTER], &[]).await?;
    page.until_legend("the last bar", |legend| legend.time == "2024-01-12 15:59:00").await?;
    ensure!(page.look_for(Role::Dialog, "Headlines at this time").await.is_err(), "there are none of it");
    page.keys(&[LEFT], &[SHIFT]).await?;
    page.keys(&[ENTER], &[]).await?;
    let note = page.find(Role::Dialog, "Headlines at this time").await?.text().await?;
    ensure!(note.contains("First of two") && note.contains("Second of two"), "it says {note}");
    page.keys(&[ESCAPE], &[]).await?;
    page.until("no note", SHOWS, async || {
        ensure!(page.look_for(Role::Dialog, "Headlines at this time").await.is_err(), "it is open");
        ensure!(focused(page).await?, "the chart has not got focus back");
        Ok(())
    })
    .await
}

/// Notes are seen at once, and said in their turn.
async fn notes_are_said_slowly(page: &Browser) -> Result<()> {
    let region = watch_announcements(page).await?;
    for _ in 0..3 {
        page.keys(&["c", "c", "c", LEFT], &[]).await?;
    }
    // The bar of the last step is told by the next frame: after it, the note is the newest.
    let frames =
        "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))";
    page.run(frames, vec![]).await?;
    page.keys(&["c"], &[]).await?;
    page.until_said("Note", |said| said == "Colours: green and red.").await?;
    page.until_said("Announcements", |said| said == "Colours: green and red.").await?;
    let said = announcements(page).await?;
    ensure!(!said.is_empty() && too_close(&said).is_none(), "it was said: {said:?}");
    let note = page.find(Role::Status, "Note").await?;
    ensure!(note.attr("aria-live").await?.as_deref() == Some("off"), "the note is said at once, too");
    // Once the note is gone the same words are said again.
    page.until("no words", Duration::from_secs(10), async || {
        let now = page.run("return arguments[0].textContent", vec![region.to_json()?]).await?;
        ensure!(now == "", "it says {now}");
        Ok(())
    })
    .await
}

/// Whether the chart has focus.
async fn focused(page: &Browser) -> Result<bool> {
    let chart = page.chart().await?.to_json()?;
    let focused = page.run("return document.activeElement === arguments[0]", vec![chart]).await?;
    Ok(focused == json!(true))
}

/// Tab leads to the chart, which has a name, a role and a ring that is seen.
async fn reached(page: &Browser) -> Result<()> {
    page.run("document.activeElement?.blur()", vec![]).await?;
    let mut tabs = 0;
    while !focused(page).await? {
        ensure!(tabs < MOST_TABS, "not after {tabs} tabs");
        page.keys(&[TAB], &[]).await?;
        tabs += 1;
    }
    let chart = page.chart().await?;
    let name = chart.attr("aria-label").await?.unwrap_or_default();
    ensure!(name == "IBM candles, 1Min", "the chart is named {name:?}");
    page.check_tree(Role::Chart, &name).await?;
    let read = "const style = getComputedStyle(arguments[0]); return style.outlineStyle + style.outlineWidth";
    let ring = page.run(read, vec![chart.to_json()?]).await?;
    ensure!(ring == json!("solid2px"), "the ring of focus is {ring}");
    Ok(())
}

/// What is said of a bar.
fn words((time, [open, high, low, close, _]): &(String, Figures)) -> String {
    let time = time.trim_end_matches(":00");
    format!("{time} UTC, open {open:.2}, high {high:.2}, low {low:.2}, close {close:.2}")
}

/// Arrows walk the bars; legend and live region tell each.
async fn walk(page: &Browser, tape: &Tape) -> Result<()> {
    let last = tape.bars().len() - 1;
    let arrow: &[(&[&str], &[&str], usize)] = &[
        (&[LEFT], &[], last),
        (&[LEFT], &[], last - 1),
        (&[LEFT, LEFT, LEFT], &[], last - 4),
        (&[LEFT], &[SHIFT], last - 14),
        (&[RIGHT], &[], last - 13),
        (&[RIGHT], &[SHIFT], last - 3),
    ];
    for (keys, held, number) in arrow {
        page.keys(keys, held).await?;
        let bar = &tape.bars()[*number];
        let legend = page.until_legend("bar walked to", |legend| legend.time == bar.0).await?;
        ensure!(legend.prices == bar.1[..4], "the legend says {legend:?} of {bar:?}");
        let wanted = words(bar);
        page.until_said("Announcements", |said| said == wanted).await?;
    }
    // Along the edge the view goes with the crosshair.
    let before = page.view().await?;
    let steps = before.bars / 10 + 2;
    page.keys(&vec![LEFT; steps], &[SHIFT]).await?;
    let left = &tape.bars()[last - 3 - 10 * steps];
    page.until_legend("bar left of the view", |legend| legend.time == left.0).await?;
    page.until_view("a view with that bar", |view| view.from <= left.0 && view.to < before.to).await?;
    page.keys(&[ESCAPE], &[]).await?;
    page.until_legend("no crosshair", |legend| legend.time.is_empty()).await?;
    page.keys(&[END], &[]).await?;
    page.until_button("Go to live", false).await
}

/// From now on notes what is announced, and when.
async fn watch_announcements(page: &Browser) -> Result<WebElement> {
    let watch = "window.said = []; const region = arguments[0];
new MutationObserver(() => window.said.push([performance.now(), region.textContent]))
  .observe(region, { childList: true, characterData: true, subtree: true });";
    let region = page.find(Role::Status, "Announcements").await?;
    ensure!(region.attr("aria-live").await?.as_deref() == Some("polite"), "it is not polite");
    page.run(watch, vec![region.to_json()?]).await?;
    Ok(region)
}

/// What was announced since then.
async fn announcements(page: &Browser) -> Result<Vec<(f64, String)>> {
    Ok(serde_json::from_value(page.run("return window.said", vec![]).await?)?)
}

/// Two announcements within a second.
fn too_close(said: &[(f64, String)]) -> Option<&[(f64, String)]> {
    said.windows(2).find(|pair| pair[1].0 - pair[0].0 < APART_MS)
}

/// However fast keys come, no more than one bar a second is spoken, and the last one is.
async fn announced_slowly(page: &Browser) -> Result<()> {
    let region = watch_announcements(page).await?;
    for _ in 0..8 {
        page.keys(&[LEFT, LEFT, LEFT, LEFT], &[]).await?;
    }
    // The legend comes to rest first, and is then said.
    page.until("the last bar to be said", Duration::from_secs(20), async || {
        let time = page.legend().await?.time;
        let said = page.run("return arguments[0].textContent", vec![region.to_json()?]).await?;
        let said = said.as_str().unwrap_or_default();
        ensure!(!time.is_empty(), "there is no crosshair yet");
        ensure!(said.starts_with(time.trim_end_matches(":00")), "at {time} it says {said:?}");
        Ok(())
    })
    .await?;
    let said = announcements(page).await?;
    ensure!(!said.is_empty() && too_close(&said).is_none(), "it was said: {said:?}");
    page.keys(&[ESCAPE, END], &[]).await
}

/// Ctrl with arrows, pages, Home and End move the view.
async fn scroll(page: &Browser, tape: &Tape, start: &View) -> Result<()> {
    let index = |time: &str| tape.index_of(time).context("no such bar");
    let first = index(&start.from)?;
    page.keys(&[LEFT, LEFT], &[CTRL]).await?;
    page.until_view("twenty bars earlier", |view| tape.index_of(&view.from) == Some(first - 20)).await?;
    page.keys(&[RIGHT], &[CTRL]).await?;
    page.until_view("ten bars earlier", |view| tape.index_of(&view.from) == Some(first - 10)).await?;
    page.keys(&[PAGE_UP], &[]).await?;
    let page_of = start.bars * 8 / 10;
    let early = page
        .until_view("a page earlier", |view| {
            tape.index_of(&view.from).is_some_and(|from| (first - 10 - from).abs_diff(page_of) < 12)
        })
        .await?;
    page.keys(&[PAGE_DOWN], &[]).await?;
    page.until_view("a page later", |view| tape.index_of(&view.from) == Some(first - 10) && view != &early)
        .await?;
    page.keys(&[HOME], &[]).await?;
    page.until_view("the first bar", |view| view.from == tape.bars()[0].0).await?;
    page.until_button("Go to live", true).await?;
    page.keys(&[END], &[]).await?;
    page.until_view("the last bars", |view| view == start).await?;
    page.until_button("Go to live", false).await
}

/// Plus and minus zoom, Shift with arrows stretches prices.
async fn zoom(page: &Browser, start: &View) -> Result<()> {
    page.keys(&["+", "+"], &[]).await?;
    let near = page.until_view("fewer bars", |view| view.bars * 10 < start.bars * 8).await?;
    page.keys(&["-", "-", "-", "-"], &[]).await?;
    page.until_view("more bars", |view| view.bars > start.bars && view.bars > near.bars).await?;
    page.keys(&["+", "+"], &[]).await?;
    page.until_view("as many as at first", |view| view.bars.abs_diff(start.bars) <= 1).await?;
    page.keys(&[UP, UP, DOWN], &[SHIFT]).await?;
    page.until("a scale by hand", Duration::from_secs(10), async || {
        let chosen = page.chosen_in("Price scale").await?;
        ensure!(chosen == ["Regular"], "chosen is {chosen:?}");
        Ok(())
    })
    .await?;
    page.double_click(page.stage().await?.price_axis(0.5)).await?;
    Ok(())
}

/// `?` lists the keys, `I` opens the indicators, `C` changes the colours; Escape closes, and the chart
/// has focus again.
async fn sheets(page: &Browser) -> Result<()> {
    page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
    for (key, sheet) in [("?", "Keyboard"), ("i", "Indicators")] {
        page.keys(&[key], &[]).await?;
        page.find(Role::Dialog, sheet).await?;
        if key == "?" {
            let list = page.find(Role::Table, "Keys").await?.text().await?;
            page.picture("keys").await?;
            for words in [
                "Make the pane taller",
                "Show the headlines",
                "Move the crosshair by one bar",
                "Page Up, Page Down",
                "Zoom in and out",
                "Esc",
            ] {
                ensure!(list.contains(words), "no {words:?} in {list:?}");
            }
        }
        page.keys(&[ESCAPE], &[]).await?;
        page.until("no dialog", Duration::from_secs(10), async || {
            ensure!(page.look_for(Role::Dialog, sheet).await.is_err(), "{sheet} is open");
            ensure!(focused(page).await?, "the chart has not got focus back");
            Ok(())
        })
        .await?;
    }
    let classic = page.token("--up").await?;
    page.keys(&["c"], &[]).await?;
    page.until_said("Note", |said| said == "Colours: blue and orange.").await?;
    ensure!(page.token("--up").await? != classic, "the colours are the same");
    page.keys(&["c"], &[]).await?;
    page.until_said("Note", |said| said == "Colours: green and red.").await?;
    ensure!(page.token("--up").await? == classic, "the colours are others");
    Ok(())
}
