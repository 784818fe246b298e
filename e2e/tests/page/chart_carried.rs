//! Heights and order of panes, made by keys and by the hand: kept between visits, and carried as a file.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use serde_json::Value;
use wickwire_e2e::hand::{ALT, SHIFT};
use wickwire_e2e::{Browser, Look, Role, SHOWS, Site, Tape};

use crate::{LOADS, chart, in_browser};

const LEFT: &str = "\u{E012}";
const UP: &str = "\u{E013}";
const DOWN: &str = "\u{E015}";
const ESCAPE: &str = "\u{E00C}";
const ENTER: &str = "\u{E007}";
/// Height of an indicator's row in the legend, CSS pixels; it stands at the top of its pane.
const ROW: f64 = 18.0;
/// How far a pane may be off where it was, CSS pixels: heights are kept as parts of each other.
const OFF: f64 = 1.5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heights_and_order_of_panes_are_kept_and_travel() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    let file = std::env::temp_dir().join(format!("wickwire-e2e-carried-{}.json", std::process::id()));
    let mut made = Places::new();
    in_browser("carried", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        added(page).await?;
        let first = places(page).await?;
        let by_keys = heights_by_keys(page, &first).await?;
        let dragged = by_mouse(page, &by_keys).await?;
        made = order(page, &dragged).await?;
        next_visit(page, &site, &made).await?;
        page.press(Role::Button, "Chart settings").await?;
        let (_, bytes) = page.saved(async || page.press(Role::Button, "Export layout").await).await?;
        std::fs::write(&file, bytes)?;
        page.press(Role::Button, "Reset to defaults").await?;
        page.until_studies("no panes", |rows| rows.is_empty()).await?;
        imported(page, &file, &made).await
    })
    .await?;
    // Somebody who never saw them gets them by the file.
    in_browser("carried-far", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        ensure!(page.study_rows().await?.is_empty(), "there are panes at the first visit");
        page.press(Role::Button, "Chart settings").await?;
        imported(page, &file, &made).await
    })
    .await?;
    Ok(std::fs::remove_file(&file)?)
}

/// Chooses the file in the sheet that is open: the panes are as they were.
async fn imported(page: &Browser, file: &Path, made: &Places) -> Result<()> {
    page.find(Role::Field, "Layout file").await?.send_keys(file.display().to_string()).await?;
    page.until_said("Note", |said| said == "Layout taken over.").await?;
    until_places(page, "the panes of the file", made).await?;
    page.press(Role::Button, "Close").await?;
    let complaints = page.complaints().await?;
    ensure!(complaints.is_empty(), "the console says {complaints:?}");
    Ok(())
}

/// Panes from top to bottom: names of indicators, and where they stand.
type Places = Vec<(String, f64)>;

async fn places(page: &Browser) -> Result<Places> {
    Ok(page.study_rows().await?.into_iter().map(|row| (row.name, row.middle)).collect())
}

async fn until_places(page: &Browser, what: &str, wanted: &Places) -> Result<()> {
    page.until(what, SHOWS, async || {
        let now = places(page).await?;
        let same = now.len() == wanted.len()
            && now
                .iter()
                .zip(wanted)
                .all(|(now, wanted)| now.0 == wanted.0 && (now.1 - wanted.1).abs() <= OFF);
        ensure!(same, "there are {now:?}, not {wanted:?}");
        Ok(())
    })
    .await
}

async fn added(page: &Browser) -> Result<()> {
    page.press(Role::Button, "Indicators").await?;
    for name in ["Relative strength index", "Average true range", "On-balance volume"] {
        page.press(Role::Button, &format!("Add {name}")).await?;
    }
    page.press(Role::Button, "Close").await?;
    page.until_studies("three panes", |rows| {
        rows.len() == 3
            && rows[0].middle > 300.0
            && rows.windows(2).all(|pair| pair[0].middle + 40.0 < pair[1].middle)
    })
    .await?;
    Ok(())
}

/// The second pane below the prices grows by eighty pixels, which the first gives.
async fn heights_by_keys(page: &Browser, first: &Places) -> Result<Places> {
    page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
    page.keys(&[LEFT, DOWN], &[]).await?;
    page.keys(&[UP, UP, UP, UP, UP], &[ALT, SHIFT]).await?;
    let mut wanted = first.clone();
    wanted[0].1 -= 100.0;
    until_places(page, "a first pane higher by a hundred", &wanted).await?;
    page.keys(&[DOWN], &[]).await?;
    page.keys(&[UP, UP], &[ALT, SHIFT]).await?;
    wanted[1].1 -= 40.0;
    until_places(page, "a second pane higher by forty", &wanted).await?;
    page.keys(&[ESCAPE], &[]).await?;
    places(page).await
}

/// The line above the last pane is dragged.
async fn by_mouse(page: &Browser, before: &Places) -> Result<Places> {
    let stage = page.stage().await?;
    let line = stage.at((stage.width * 0.5).round(), before[2].1 - ROW / 2.0 - 1.0);
    page.drag(line, (line.0, line.1 - 25.0)).await?;
    let mut wanted = before.clone();
    wanted[2].1 -= 25.0;
    until_places(page, "a last pane higher by twenty-five", &wanted).await?;
    places(page).await
}

/// One changes places by the mouse, another by keys; each takes its height along.
async fn order(page: &Browser, before: &Places) -> Result<Places> {
    let stage = page.stage().await?;
    let names = |rows: &Places| rows.iter().map(|row| row.0.clone()).collect::<Vec<_>>();
    page.hover(stage.at(30.0, before[2].1)).await?;
    page.press(Role::Button, &format!("Move {} up", before[2].0)).await?;
    page.leave().await?;
    page.find(Role::Button, &format!("Move {} down", before[0].0)).await?.focus().await?;
    page.keys(&[ENTER], &[]).await?;
    let wanted = [before[2].0.clone(), before[0].0.clone(), before[1].0.clone()];
    // A height is that of the indicator, not of the place.
    let end = stage.height - 44.0;
    let height = |rows: &Places, name: &str| -> Result<f64> {
        let Some(at) = rows.iter().position(|row| row.0 == name) else { bail!("no {name}") };
        Ok(rows.get(at + 1).map_or(end, |row| row.1 - ROW / 2.0) - (rows[at].1 - ROW / 2.0))
    };
    // Rows change their order first, and are put in their places with the next picture.
    page.until("another order", SHOWS, async || {
        let now = places(page).await?;
        ensure!(names(&now) == wanted, "{now:?} instead of {wanted:?}");
        for (name, _) in before {
            let (old, new) = (height(before, name)?, height(&now, name)?);
            ensure!(
                (old - new).abs() <= 2.0 * OFF,
                "{name} was {old} high and is {new}: {before:?}, {now:?}"
            );
        }
        Ok(now)
    })
    .await
}

/// Waits until the layout is kept as it is, and comes back.
async fn next_visit(page: &Browser, site: &Site, made: &Places) -> Result<()> {
    let mut before = Value::Null;
    page.until("a layout that is kept", SHOWS, async || {
        let layout = page.run("return localStorage.getItem('wickwire.layout')", vec![]).await?;
        let same = std::mem::replace(&mut before, layout.clone()) == layout;
        ensure!(same && layout.as_str().is_some_and(|layout| layout.contains("obv")), "kept is {layout}");
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        Ok(())
    })
    .await?;
    page.visit(&site.address("?source=relay&symbol=IBM")).await?;
    page.until_state("Live", LOADS).await?;
    until_places(page, "the panes of the last visit", made).await
}
