//! The value axis of every pane: scaled by hand and by keys, each by itself, and given back to the data.

use std::ops::Range;

use anyhow::{Result, ensure};
use serde_json::json;
use wickwire_e2e::hand::{ALT, SHIFT};
use wickwire_e2e::{Browser, Look, Ruler, SHOWS, Tape, View};

use crate::{chart, in_browser};

const LEFT: &str = "\u{E012}";
const UP: &str = "\u{E013}";
const DOWN: &str = "\u{E015}";
const END: &str = "\u{E010}";
const HOME: &str = "\u{E011}";
const ESCAPE: &str = "\u{E00C}";
/// Height of an indicator's row in the legend, CSS pixels; it stands at the top of its pane.
const ROW: f64 = 18.0;
/// Height of time axis and news marks below the last pane, CSS pixels.
const BELOW: f64 = 44.0;
/// A pixel of a drag makes the range larger by the exponential of this.
const DRAG: f64 = 0.004;
/// A press of a key makes it so many times as large.
const PRESS: f64 = 1.1;
/// By this part of the height a press of a key moves the values.
const PAN: f64 = 0.1;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_pane_has_a_scale_of_its_own() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("scales", Look::DESKTOP, async |page| {
        let start = chart(page, &site, "&st=rsi.14,macd.12.26.9").await?;
        let panes = panes(page).await?;
        for pane in 0..panes.len() {
            by_mouse(page, &panes, pane).await?;
        }
        for pane in 0..panes.len() {
            by_keys(page, &panes, pane).await?;
        }
        first_and_last(page, &panes, &tape, &start).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// The rows of the panes, from top to bottom.
async fn panes(page: &Browser) -> Result<Vec<Range<f64>>> {
    let rows = page
        .until_studies("two panes", |rows| rows.len() == 2 && rows.iter().all(|row| row.middle > 300.0))
        .await?;
    let stage = page.stage().await?;
    let tops = [0.0, rows[0].middle - ROW / 2.0, rows[1].middle - ROW / 2.0, stage.height - BELOW];
    Ok(tops.windows(2).map(|pair| pair[0]..pair[1]).collect())
}

/// Presses keys with the crosshair in a pane, whatever the hand did before.
async fn press(page: &Browser, pane: usize, keys: &[&str], held: &[&str]) -> Result<()> {
    page.leave().await?;
    page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
    page.keys(&[ESCAPE, LEFT], &[]).await?;
    page.keys(&vec![DOWN; pane], &[]).await?;
    page.keys(keys, held).await
}

/// Waits until the axis of a pane is `wanted` and the others are as before.
async fn until_scaled(
    page: &Browser,
    what: &str,
    (panes, before, pane): (&[Range<f64>], &[Ruler], usize),
    wanted: impl Fn(&Ruler) -> bool,
) -> Result<()> {
    page.until(&format!("pane {pane} {what}"), SHOWS, async || {
        let now = page.rulers(panes).await?;
        for (other, (now, before)) in now.iter().zip(before).enumerate() {
            let right = if other == pane { wanted(now) } else { now == before };
            ensure!(right, "pane {other}: {before:?} became {now:?}");
        }
        Ok(())
    })
    .await
}

/// Whether a ruler has so many times the range of another about the middle of a pane, as exactly as labels
/// in whole rows tell.
fn is_times(now: &Ruler, before: &Ruler, times: f64, rows: &Range<f64>) -> bool {
    let middle = rows.start.midpoint(rows.end);
    let height = rows.end - rows.start;
    (now.per_row() / before.per_row() / times - 1.0).abs() < 4.0 / height
        && (now.value(middle) - before.value(middle)).abs() < 3.0 * now.per_row().max(before.per_row())
}

/// A drag on the axis, downwards for more and upwards for less, the wheel, and a double click.
async fn by_mouse(page: &Browser, panes: &[Range<f64>], pane: usize) -> Result<()> {
    let before = page.rulers(panes).await?;
    let (stage, rows) = (page.stage().await?, panes[pane].clone());
    let axis = stage.at(stage.width - 20.0, rows.start.midpoint(rows.end).round());
    page.hover(axis).await?;
    let read = "return getComputedStyle(arguments[0]).cursor";
    let cursor = page.run(read, vec![page.chart().await?.to_json()?]).await?;
    ensure!(cursor == json!("ns-resize"), "over the axis of pane {pane} the cursor is {cursor}");
    let at = (panes, &before[..], pane);
    for by in [40.0, -30.0] {
        page.drag(axis, (axis.0, axis.1 + by)).await?;
        let times = (by * DRAG).exp();
        until_scaled(page, &format!("× {times}"), at, |now| is_times(now, &before[pane], times, &rows))
            .await?;
        let auto = page.chosen_in("Price scale").await?;
        ensure!(auto.contains(&"Auto".to_owned()) == (pane > 0), "pane {pane} is scaled, chosen is {auto:?}");
        page.double_click(axis).await?;
        until_scaled(page, "as at first", at, |now| *now == before[pane]).await?;
    }
    page.wheel(axis, (0, -200), &[]).await?;
    until_scaled(page, "larger", at, |now| now.per_row() < before[pane].per_row() / 1.1).await?;
    page.double_click(axis).await?;
    until_scaled(page, "as at first", at, |now| *now == before[pane]).await
}

/// Shift with the arrow upwards stretches, so that there is less range, and downwards squeezes; Alt shows
/// higher and lower values. It is the pane with the crosshair, and `A` gives it back.
async fn by_keys(page: &Browser, panes: &[Range<f64>], pane: usize) -> Result<()> {
    let before = page.rulers(panes).await?;
    let (rows, at) = (panes[pane].clone(), (panes, &before[..], pane));
    for (keys, steps) in [(&[UP, UP, UP][..], -3), (&[DOWN, DOWN, DOWN, DOWN], 1), (&[DOWN, DOWN], 3)] {
        press(page, pane, keys, &[SHIFT]).await?;
        let times = PRESS.powi(steps);
        until_scaled(page, &format!("× {times}"), at, |now| is_times(now, &before[pane], times, &rows))
            .await?;
    }
    press(page, pane, &["a"], &[]).await?;
    until_scaled(page, "as at first", at, |now| *now == before[pane]).await?;
    let middle = rows.start.midpoint(rows.end);
    for (key, way) in [(UP, 1.0), (DOWN, -1.0)] {
        press(page, pane, &[key, key], &[ALT]).await?;
        until_scaled(page, "at other values", at, |now| {
            let by = (now.value(middle) - before[pane].value(middle)) / before[pane].per_row();
            (by - way * 2.0 * PAN * (rows.end - rows.start)).abs() < 3.0
        })
        .await?;
        press(page, pane, &["a"], &[]).await?;
        until_scaled(page, "as at first", at, |now| *now == before[pane]).await?;
    }
    Ok(())
}

/// Home and End go to the first bar and to the last; an axis that was scaled by hand stays as it is.
async fn first_and_last(page: &Browser, panes: &[Range<f64>], tape: &Tape, start: &View) -> Result<()> {
    let before = page.rulers(panes).await?;
    press(page, 1, &[UP, UP], &[SHIFT]).await?;
    let times = PRESS.powi(-2);
    until_scaled(page, "larger", (panes, &before, 1), |now| is_times(now, &before[1], times, &panes[1]))
        .await?;
    let held = page.rulers(panes).await?[1];
    press(page, 1, &[HOME], &[]).await?;
    page.until_view("the first bar", |view| view.from == tape.bars()[0].0).await?;
    ensure!(page.rulers(panes).await?[1] == held, "the scale has changed");
    page.until_button("Go to live", true).await?;
    press(page, 1, &[END], &[]).await?;
    page.until_view("the last bars", |view| view == start).await?;
    page.until_button("Go to live", false).await?;
    ensure!(page.rulers(panes).await?[1] == held, "the scale has changed");
    press(page, 1, &["r"], &[]).await?;
    until_scaled(page, "as at first", (panes, &before, 1), |now| *now == before[1]).await
}
