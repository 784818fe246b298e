//! The mouse over the chart: it pans, zooms, points and resets, bar by bar.

use anyhow::{Context, Result, ensure};
use wickwire_e2e::hand::{CTRL, SHIFT};
use wickwire_e2e::{Browser, Look, PAINTS, Role, SHOWS, Tape, View};

use crate::{chart, in_browser};

/// CSS pixels from bar to bar at the start.
const SPACING: f64 = 7.0;

/// Which bars are in view: the numbers of the first and the last.
fn range(tape: &Tape, view: &View) -> Result<(usize, usize)> {
    let index = |time: &str| tape.index_of(time).with_context(|| format!("no bar begins at {time}"));
    Ok((index(&view.from)?, index(&view.to)?))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_pans_zooms_points_and_resets() -> Result<()> {
    let tape = Tape::with_days(5).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("mouse", Look::DESKTOP, async |page| {
        let start = chart(page, &site, "").await?;
        let last = tape.bars().len() - 1;
        let (first, end) = range(&tape, &start)?;
        ensure!(end == last && end - first + 1 == start.bars, "at first {start:?}");
        page.until_button("Go to live", false).await?;
        points(page, &tape).await?;
        pans(page, &tape, first).await?;
        zooms(page, &tape).await?;
        resets(page, &start).await
    })
    .await
}

/// The legend tells the bar under the pointer, and the last one when the pointer is elsewhere.
async fn points(page: &Browser, tape: &Tape) -> Result<()> {
    let stage = page.stage().await?;
    let (last_time, last) = tape.bars().last().context("no bars")?;
    page.until_legend("figures of the last bar", |l| l.time.is_empty() && l.prices == last[..4]).await?;
    let plain = page.at_rest("the picture", PAINTS, async || page.chart_pixels().await).await?;
    let mut before = usize::MAX;
    for x in [0.8, 0.5, 0.2] {
        page.hover(stage.part(x, 0.4)).await?;
        let legend =
            page.until_legend("time", |l| tape.index_of(&l.time).is_some_and(|i| i < before)).await?;
        let number = tape.index_of(&legend.time).context("no such bar")?;
        let (time, figures) = &tape.bars()[number];
        ensure!(legend.prices == figures[..4], "at {time} it says {legend:?}, the tape {figures:?}");
        let change = ((figures[3] - tape.bars()[number - 1].1[3]) * 100.0).round() / 100.0;
        let sign = if change > 0.0 {
            "▲ +"
        } else if change < 0.0 {
            "▼ −"
        } else {
            ""
        };
        ensure!(
            legend.change.starts_with(&format!("{sign}{:.2} (", change.abs())),
            "the change is {change}, it says {legend:?}"
        );
        before = number;
    }
    // Lines and tags are only in the picture.
    let crossing = stage.part(0.2, 0.4);
    page.until("lines and tags", SHOWS, async || {
        let pointed = page.chart_pixels().await?;
        let column = (crossing.0 - stage.x) as usize;
        let differs = |x: usize, y: usize| plain.at(x, y) != pointed.at(x, y);
        let lines = |x: usize| (0..plain.height).filter(|y| differs(x, *y)).count();
        let vertical = (column - 4..column + 5).map(lines).max().unwrap_or_default();
        ensure!(vertical > plain.height / 3, "the line through the bar has {vertical} pixels");
        let row = (crossing.1 - stage.y) as usize;
        let horizontal = (0..plain.width).filter(|x| differs(*x, row)).count();
        ensure!(horizontal > plain.width / 3, "the line through the price has {horizontal} pixels");
        let tag = (plain.width - 50..plain.width).filter(|x| differs(*x, row - 6)).count();
        ensure!(tag > 30, "the price's tag has {tag} pixels");
        Ok(())
    })
    .await?;
    page.leave().await?;
    page.until_legend("figures of the last bar", |l| l.time.is_empty() && l.prices == last[..4]).await?;
    ensure!(page.view().await?.to == *last_time, "pointing moved the view");
    Ok(())
}

/// A drag, the wheel sideways and the wheel with Shift move by exactly what the hand moves by.
async fn pans(page: &Browser, tape: &Tape, first: usize) -> Result<()> {
    let stage = page.stage().await?;
    let from = stage.part(0.4, 0.5);
    page.drag(from, (from.0 + 40.0 * SPACING, from.1)).await?;
    page.until_view("forty bars earlier", |view| tape.index_of(&view.from) == Some(first - 40)).await?;
    page.until_button("Go to live", true).await?;
    // The price axis follows the bars, so that a drag upwards changes nothing.
    let lowest = page.view().await?.lowest;
    page.drag(from, (from.0, from.1 + 60.0)).await?;
    page.drag(from, (from.0 - 10.0 * SPACING, from.1)).await?;
    page.until_view("thirty bars earlier", |view| tape.index_of(&view.from) == Some(first - 30)).await?;
    page.wheel(from, (-70, 0), &[]).await?;
    page.until_view("forty bars earlier", |view| tape.index_of(&view.from) == Some(first - 40)).await?;
    page.wheel(from, (0, 140), &[SHIFT]).await?;
    page.until_view("twenty bars earlier", |view| tape.index_of(&view.from) == Some(first - 20)).await?;
    ensure!(lowest > 0.0, "no prices");
    page.press(Role::Button, "Go to live").await?;
    page.until_view("the last bars", |view| tape.index_of(&view.from) == Some(first)).await?;
    page.until_button("Go to live", false).await
}

/// The wheel zooms; the bar under the pointer stays there.
async fn zooms(page: &Browser, tape: &Tape) -> Result<()> {
    let stage = page.stage().await?;
    for x in [0.25, 0.6] {
        let at = stage.part(x, 0.5);
        let held = page.point_at(at).await?;
        ensure!(tape.index_of(&held.time).is_some(), "no such bar: {held:?}");
        let start = page.view().await?;
        for (by, fewer, held_key) in [(-300, true, None), (300, false, None), (-100, true, Some(CTRL))] {
            let before = page.view().await?;
            page.wheel(at, (0, by), held_key.as_slice()).await?;
            let now = page
                .until_view("another zoom", |view| match fewer {
                    true => view.bars * 10 < before.bars * 9,
                    false => view.bars * 9 > before.bars * 10,
                })
                .await?;
            let under = page.legend().await?;
            ensure!(under == held, "{before:?} became {now:?}: under the pointer was {held:?}, is {under:?}");
        }
        // Back by what Ctrl zoomed.
        page.wheel(at, (0, 100), &[CTRL]).await?;
        page.until_view("the zoom of before", |view| view.bars.abs_diff(start.bars) <= 1).await?;
    }
    Ok(())
}

/// A double click on the plot brings back the view of the start.
async fn resets(page: &Browser, start: &View) -> Result<()> {
    let stage = page.stage().await?;
    let at = stage.part(0.5, 0.5);
    page.wheel(at, (0, 400), &[]).await?;
    page.drag(at, (at.0 + 500.0, at.1)).await?;
    page.until_view("another view", |view| view.bars > start.bars && view.to < start.to).await?;
    page.double_click(at).await?;
    page.until_view("the view of the start", |view| view == start).await?;
    page.until_button("Go to live", false).await?;
    let complaints = page.complaints().await?;
    ensure!(complaints.is_empty(), "the console says {complaints:?}");
    Ok(())
}

/// An indicator's row has buttons for the mouse; but for these it is as if the chart were there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_legend_is_not_in_the_way() -> Result<()> {
    let tape = Tape::with_days(5).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("mouse-legend", Look::DESKTOP, async |page| {
        let start = chart(page, &site, "&st=sma.20").await?;
        page.until_studies("a row with a value", |rows| rows.iter().any(|row| !row.values[0].is_empty()))
            .await?;
        let read = "const place = document.querySelector('.study-row .legend-value').getBoundingClientRect();
            return [(place.left + place.right) / 2, (place.top + place.bottom) / 2]";
        let on: (f64, f64) = serde_json::from_value(page.run(read, vec![]).await?)?;
        let first = page.point_at(on).await?.time;
        let near = tape.index_of(&first).context("no such bar")? - range(&tape, &start)?.0;
        ensure!(near.abs_diff((on.0 / SPACING) as usize) <= 1, "at {on:?} the crosshair is on bar {near}");
        page.wheel(on, (0, -300), &[]).await?;
        page.until_view("fewer bars", |view| view.bars * 10 < start.bars * 9).await?;
        page.wheel(on, (0, 300), &[]).await?;
        page.until_view("as many again", |view| view.bars.abs_diff(start.bars) <= 1).await?;
        page.drag(on, (on.0 + 40.0 * SPACING, on.1 + 200.0)).await?;
        page.until_view("forty bars earlier", |view| {
            tape.index_of(&view.from)
                .zip(tape.index_of(&start.from))
                .is_some_and(|(a, b)| (b - a).abs_diff(40) <= 1)
        })
        .await?;
        // A press of a button moves nothing.
        let before = page.view().await?;
        page.press(Role::Button, "Hide SMA 20").await?;
        page.until_studies("a hidden indicator", |rows| rows.iter().all(|row| row.hidden)).await?;
        ensure!(page.view().await? == before, "the view moved");
        Ok(())
    })
    .await
}
