//! How the chart is drawn, kept between visits, carried as a file and in an address.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use wickwire_e2e::{Browser, Look, PAINTS, Picture, Role, SHOWS, TELLS, Tape};

use crate::{LOADS, chart, in_browser};

/// Every way to draw bars, as the menu calls it.
const SERIES: [&str; 8] =
    ["Candles", "Hollow candles", "Heikin Ashi", "Bars", "Line", "Step line", "Area", "Baseline"];
/// Pixels by which two pictures of different kinds differ at least.
const DIFFERENT: usize = 400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_chosen_kept_carried_and_shared() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("layout", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        series(page).await?;
        palette(page).await?;
        let file = kept(page, &site.address("?source=relay&symbol=IBM")).await?;
        carried(page, &file).await?;
        shared(page, &tape).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// Every kind of series is another picture, and candles are what they were.
async fn series(page: &Browser) -> Result<()> {
    let mut pictures: BTreeMap<&str, Picture> = BTreeMap::new();
    page.until("a quote", SHOWS, async || page.quote().await).await?;
    pictures
        .insert("Candles", page.at_rest("the picture", PAINTS, async || page.chart_pixels().await).await?);
    for kind in SERIES.into_iter().skip(1).chain(["Candles"]) {
        page.choose_in("Series", kind).await?;
        ensure!(page.chosen_in("Series").await? == [kind], "{kind} is not chosen");
        let picture = page
            .until(&format!("picture of {kind}"), SHOWS, async || {
                let picture = page.chart_pixels().await?;
                for (other, seen) in pictures.iter().filter(|(other, _)| **other != kind) {
                    let differs = picture.difference(seen);
                    ensure!(differs > DIFFERENT, "{differs} pixels differ from {other}");
                }
                let again = pictures.get(kind).map_or(0, |before| picture.difference(before));
                ensure!(again == 0, "{kind} look different the second time: {again} pixels");
                Ok(picture)
            })
            .await?;
        pictures.insert(kind, picture);
    }
    Ok(())
}

/// The safe colours are in style and picture, and the others are gone.
async fn palette(page: &Browser) -> Result<()> {
    let classic = [page.token("--up").await?, page.token("--down").await?];
    page.press(Role::Button, "Chart settings").await?;
    choose(page, "Colours", 1).await?;
    let safe = [page.token("--up").await?, page.token("--down").await?];
    ensure!(classic != safe, "the colours are the same");
    page.until("candles in safe colours", SHOWS, async || {
        let picture = page.chart_pixels().await?;
        let counts = |colors: [_; 2]| colors.map(|color| picture.count(color));
        let (old, new) = (counts(classic), counts(safe));
        ensure!(old == [0, 0] && new[0] > 300 && new[1] > 300, "classic {old:?}, safe {new:?}");
        Ok(())
    })
    .await?;
    page.press(Role::Button, "Close").await
}

/// Chooses the option of a number in a list.
async fn choose(page: &Browser, list: &str, option: usize) -> Result<()> {
    let select = page.find(Role::Select, list).await?;
    let options = select.find_all(By::Css("option")).await?;
    options.get(option).context("no such option")?.click().await?;
    Ok(())
}

/// What is shown of the layout.
#[derive(Debug, PartialEq)]
struct Shown {
    series: Vec<String>,
    scale: Vec<String>,
    zone: Vec<String>,
    palette: Value,
    timeframe: Value,
    studies: Vec<String>,
}

async fn shown(page: &Browser) -> Result<Shown> {
    let pressed = "return document.querySelector('.segment[aria-pressed=true]')?.textContent ?? ''";
    Ok(Shown {
        series: page.chosen_in("Series").await?,
        scale: page.chosen_in("Price scale").await?,
        zone: page.chosen_in("Time zone").await?,
        palette: page.run("return document.documentElement.dataset.palette ?? ''", vec![]).await?,
        timeframe: page.run(pressed, vec![]).await?,
        studies: page.study_rows().await?.into_iter().map(|row| row.name).collect(),
    })
}

async fn until_shown(page: &Browser, what: &str, wanted: &Shown) -> Result<()> {
    page.until(what, SHOWS, async || {
        let shown = shown(page).await?;
        ensure!(shown == *wanted, "{shown:?} instead of {wanted:?}");
        Ok(())
    })
    .await
}

/// A visit to the bare address shows what was chosen before; answers the layout as a file.
async fn kept(page: &Browser, address: &str) -> Result<Value> {
    page.choose_in("Series", "Hollow candles").await?;
    page.choose_in("Price scale", "Logarithmic").await?;
    // The zone that the address brought would not be kept: nobody chose it.
    page.choose_in("Time zone", "Local").await?;
    page.press(Role::Button, "5m").await?;
    page.press(Role::Button, "Indicators").await?;
    for name in ["Keltner channels", "Stochastic oscillator"] {
        page.press(Role::Button, &format!("Add {name}")).await?;
    }
    page.press(Role::Button, "Close").await?;
    let chosen = shown(page).await?;
    ensure!(chosen.studies.len() == 2 && chosen.palette == "safe" && chosen.timeframe == "5m", "{chosen:?}");
    page.until("a kept layout", SHOWS, async || {
        let layout = page.run("return localStorage.getItem('wickwire.layout')", vec![]).await?;
        ensure!(layout.as_str().is_some_and(|l| l.contains("stochastic") && l.contains("5Min")), "{layout}");
        Ok(())
    })
    .await?;
    page.visit(address).await?;
    page.until_state("Live", LOADS).await?;
    until_shown(page, "the layout of the last visit", &chosen).await?;

    page.press(Role::Button, "Chart settings").await?;
    let (name, bytes) = page.saved(async || page.press(Role::Button, "Export layout").await).await?;
    ensure!(name == "wickwire-layout.json", "the file is named {name}");
    let layout: Value = serde_json::from_slice(&bytes)?;
    ensure!(layout["version"] == 1 && layout["studies"].as_array().is_some_and(|s| s.len() == 2), "{layout}");
    Ok(layout)
}

/// After a reset, which can be undone, the file brings all of it back; one that is none is refused.
async fn carried(page: &Browser, layout: &Value) -> Result<()> {
    let before = shown(page).await?;
    page.press(Role::Button, "Reset to defaults").await?;
    page.until("the chart of the first visit", SHOWS, async || {
        let now = shown(page).await?;
        ensure!(now.studies.is_empty() && now.palette == "" && now.series == ["Candles"], "{now:?}");
        Ok(())
    })
    .await?;
    page.press(Role::Button, "Undo").await?;
    until_shown(page, "the chart before the reset", &before).await?;
    page.press(Role::Button, "Reset to defaults").await?;

    let file = std::env::temp_dir().join(format!("wickwire-e2e-layout-{}.json", std::process::id()));
    let import = async |text: &str| -> Result<()> {
        std::fs::write(&file, text)?;
        page.find(Role::Field, "Layout file").await?.send_keys(file.display().to_string()).await?;
        Ok(())
    };
    import("<html>").await?;
    page.until_said("Note", |said| !said.is_empty() && !said.contains("taken over")).await?;
    import(&layout.to_string()).await?;
    page.until_said("Note", |said| said == "Layout taken over.").await?;
    std::fs::remove_file(&file)?;
    until_shown(page, "the layout of the file", &before).await?;
    page.press(Role::Button, "Close").await
}

/// A link shows somebody else the same bars in the same way.
async fn shared(page: &Browser, tape: &Tape) -> Result<()> {
    // Times are compared with the tape's, in UTC and minutes.
    page.press(Role::Button, "1m").await?;
    page.choose_in("Time zone", "UTC").await?;
    page.until_view("bars of a minute", |view| tape.index_of(&view.to) == Some(tape.bars().len() - 1))
        .await?;
    let stage = page.stage().await?;
    let at = stage.part(0.4, 0.4);
    page.wheel(at, (0, -200), &[]).await?;
    page.drag(at, (at.0 + 500.0, at.1)).await?;
    page.until_button("Go to live", true).await?;
    let last = &tape.bars()[tape.bars().len() - 1].0;
    let view = page.at_rest("the view", TELLS, async || page.view().await).await?;
    ensure!(view.to < *last, "the last bar of {view:?} is {last}");
    let chosen = shown(page).await?;

    let allow = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    page.devtools("Browser.grantPermissions", allow).await?;
    page.choose_in("Export", "Copy link").await?;
    page.until_said("Note", |said| said == "Link copied.").await?;
    let read = "navigator.clipboard.readText().then(arguments[0], (error) => arguments[0](String(error)))";
    let link = page.web().execute_async(read, vec![]).await?.json().clone();
    let link = link.as_str().unwrap_or_default().to_owned();
    for part in
        ["symbol=IBM", "tf=1Min", "series=hollow", "scale=log", "zone=utc", "st=keltner", "&from=2024-01-"]
    {
        ensure!(link.contains(part), "no {part} in {link}");
    }
    // Somebody else has a layout of their own, or none.
    page.run("localStorage.clear()", vec![]).await?;
    page.visit("about:blank").await?;
    page.visit(&link).await?;
    page.until_state("Live", LOADS).await?;
    let theirs = page
        .until_view(&format!("the same bars, {view:?} by {link}"), |theirs| {
            (&theirs.from, &theirs.to) == (&view.from, &view.to)
        })
        .await?;
    ensure!((theirs.lowest, theirs.highest) == (view.lowest, view.highest), "{view:?} became {theirs:?}");
    page.until_button("Go to live", true).await?;
    // Colours are a matter of taste and stay at home.
    until_shown(page, "the same chart", &Shown { palette: json!(""), ..chosen }).await
}
