//! Indicators: added, set, coloured, hidden, moved and removed, over the prices and in panes below,
//! whose heights the hand changes.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use wickwire_e2e::chart::StudyRow;
use wickwire_e2e::screen::number;
use wickwire_e2e::{Browser, Look, PAINTS, Role, SHOWS, Tape};

use crate::{chart, in_browser};

const TAB: &str = "\u{E004}";
const DOWN: &str = "\u{E015}";
/// A colour that nothing else on the page has.
const PINK: [u8; 3] = [0xfe, 0x01, 0x9a];
/// Height of an indicator's row in the legend, CSS pixels; it stands at the top of its pane.
const ROW: f64 = 18.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn indicators_live_in_panes() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("panes", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        added(page).await?;
        values(page, &tape).await?;
        set(page, &tape).await?;
        hidden_and_coloured(page).await?;
        moved(page).await?;
        let heights = split(page).await?;
        kept(page, &site.address("?source=relay&symbol=IBM&tf=1Min&zone=utc"), &heights).await?;
        removed(page).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// As many panes as a chart takes fit, each with its axis, and keys come to the last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_panes_fit() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    for (name, look, count) in
        [("desktop", Look::DESKTOP, 16), ("eight", Look::DESKTOP, 9), ("phone", Look::PHONE, 9)]
    {
        in_browser(&format!("panes-{name}"), look, async |page| {
            let studies: Vec<String> = (0..count).map(|i| format!("rsi.{}", 5 + i)).collect();
            chart(page, &site, &format!("&st={}", studies.join(","))).await?;
            let stage = page.stage().await?;
            let rows = page
                .until_studies("a pane each", |rows| {
                    rows.len() == count
                        && rows.windows(2).all(|pair| pair[0].middle + 12.0 <= pair[1].middle)
                        && rows.iter().all(|row| row.values.iter().all(|value| !value.is_empty()))
                })
                .await?;
            let [first, .., last] = &rows[..] else { anyhow::bail!("no panes: {rows:?}") };
            ensure!(first.middle > 30.0 && last.middle < stage.height - 50.0, "{rows:?} in {stage:?}");
            page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
            page.keys(&vec![DOWN; count], &[]).await?;
            page.until_said("Announcements", |said| said.contains(&last.name)).await?;
            page.picture(&format!("panes-{name}")).await?;
            Ok(())
        })
        .await?;
    }
    Ok(())
}

fn names(rows: &[StudyRow]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

fn row<'a>(rows: &'a [StudyRow], name: &str) -> Result<&'a StudyRow> {
    rows.iter().find(|row| row.name == name).with_context(|| format!("no {name} in {rows:?}"))
}

/// Closes the sheet that is open.
async fn close(page: &Browser) -> Result<()> {
    page.press(Role::Button, "Close").await?;
    page.until("no sheet", SHOWS, async || {
        ensure!(page.look_for(Role::Dialog, "Indicators").await.is_err(), "it is open");
        Ok(())
    })
    .await
}

/// They are found by their names and stand on the chart at once, behind the sheet.
async fn added(page: &Browser) -> Result<()> {
    page.press(Role::Button, "Indicators").await?;
    page.find(Role::Dialog, "Indicators").await?;
    page.type_into("Search indicators", "simple").await?;
    let offered = page.find(Role::List, "Indicators to add").await?.text().await?;
    ensure!(offered.contains("Simple moving average") && !offered.contains("RSI"), "offered: {offered}");
    page.press(Role::Button, "Add Simple moving average").await?;
    page.until_said("Announcements", |said| said == "Simple moving average added").await?;
    page.type_into("Search indicators", "b").await?;
    page.keys(&["\u{E003}"], &[]).await?;
    for name in ["Bollinger bands", "Relative strength index", "Moving average convergence/divergence"] {
        page.press(Role::Button, &format!("Add {name}")).await?;
    }
    page.until_studies("four rows with values", |rows| {
        names(rows) == ["SMA 20", "BB 20 2", "RSI 14", "MACD 12 26 9"]
            && rows.iter().all(|row| row.values.iter().all(|value| !value.is_empty()))
    })
    .await?;
    close(page).await
}

/// The mean of the `length` closes up to bar `number`.
fn mean(tape: &Tape, number: usize, length: usize) -> f64 {
    tape.bars()[number + 1 - length..=number].iter().map(|(_, bar)| bar[3]).sum::<f64>() / length as f64
}

/// The legend has their values at the crosshair, and each in its own pane.
async fn values(page: &Browser, tape: &Tape) -> Result<()> {
    let stage = page.stage().await?;
    for x in [0.3, 0.7] {
        let legend = page.point_at(stage.part(x, 0.2)).await?;
        let bar = tape.index_of(&legend.time).context("no such bar")?;
        let rows = page.study_rows().await?;
        let value = |name: &str, i: usize| number(row(&rows, name)?.values.get(i).context("no value")?);
        let wanted = mean(tape, bar, 20);
        ensure!(
            (value("SMA 20", 0)? - wanted).abs() < 0.006,
            "of {legend:?}: {rows:?}, the mean is {wanted}"
        );
        let (upper, middle, lower) = (value("BB 20 2", 0)?, value("BB 20 2", 1)?, value("BB 20 2", 2)?);
        ensure!((middle - wanted).abs() < 0.006 && upper > middle && middle > lower, "{rows:?}");
        ensure!((0.0..=100.0).contains(&value("RSI 14", 0)?), "{rows:?}");
        let (macd, signal, histogram) =
            (value("MACD 12 26 9", 0)?, value("MACD 12 26 9", 1)?, value("MACD 12 26 9", 2)?);
        ensure!((macd - signal - histogram).abs() < 0.011, "{rows:?}");
    }
    page.leave().await?;
    let rows = page.study_rows().await?;
    let at = |name: &str| row(&rows, name).map(|row| row.middle);
    ensure!(at("SMA 20")? < at("BB 20 2")? && at("BB 20 2")? < 120.0, "over the prices: {rows:?}");
    ensure!(at("RSI 14")? > 300.0 && at("MACD 12 26 9")? > at("RSI 14")? + 60.0, "below: {rows:?}");
    // The axis of the strength index has its levels.
    let axis = page.drawing_of_chart().await?.price_axis(&stage);
    ensure!(axis.iter().any(|label| label.starts_with("70")), "the axis says {axis:?}");
    Ok(())
}

/// A length that is set is computed at once.
async fn set(page: &Browser, tape: &Tape) -> Result<()> {
    let last = tape.bars().len() - 1;
    let rows = page.study_rows().await?;
    let stage = page.stage().await?;
    // The buttons are seen where the pointer is.
    page.hover(stage.at(30.0, row(&rows, "SMA 20")?.middle)).await?;
    page.press(Role::Button, "Settings of SMA 20").await?;
    page.find(Role::Dialog, "Indicators").await?;
    page.type_into("Length", "50").await?;
    page.keys(&[TAB], &[]).await?;
    let wanted = mean(tape, last, 50);
    page.until_studies("the mean of fifty", |rows| {
        row(rows, "SMA 50").is_ok_and(|row| number(&row.values[0]).is_ok_and(|v| (v - wanted).abs() < 0.006))
    })
    .await?;
    // What is no length becomes the nearest one.
    page.type_into("Length", "0").await?;
    page.keys(&[TAB], &[]).await?;
    page.until_studies("the least length", |rows| row(rows, "SMA 1").is_ok()).await?;
    page.type_into("Length", "50").await?;
    page.keys(&[TAB], &[]).await?;
    page.until_studies("fifty again", |rows| row(rows, "SMA 50").is_ok()).await?;
    Ok(())
}

/// Pixels of the chart that have the colour of nothing else.
async fn pink(page: &Browser) -> Result<usize> {
    Ok(page.chart_pixels().await?.count(PINK))
}

/// A colour that is chosen is drawn; what is hidden is not.
async fn hidden_and_coloured(page: &Browser) -> Result<()> {
    let field = page.find(Role::Field, "SMA colour").await?;
    let choose = "arguments[0].value = '#fe019a';
arguments[0].dispatchEvent(new Event('input', { bubbles: true }));";
    page.run(choose, vec![field.to_json()?]).await?;
    page.type_into("Line width", "4").await?;
    page.keys(&[TAB], &[]).await?;
    close(page).await?;
    page.until("the line in its colour", SHOWS, async || {
        let pixels = pink(page).await?;
        ensure!(pixels > 300, "{pixels} pixels have it");
        Ok(())
    })
    .await?;
    let stage = page.stage().await?;
    for (press, hidden) in [("Hide SMA 50", true), ("Show SMA 50", false)] {
        page.hover(stage.at(30.0, row(&page.study_rows().await?, "SMA 50")?.middle)).await?;
        page.press(Role::Button, press).await?;
        page.leave().await?;
        page.until_studies(press, |rows| row(rows, "SMA 50").is_ok_and(|row| row.hidden == hidden)).await?;
        page.until(press, SHOWS, async || {
            let pixels = pink(page).await?;
            // Its values in the legend have the colour, too.
            ensure!((pixels < 100) == hidden, "{pixels} pixels have its colour");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// Panes change places.
async fn moved(page: &Browser) -> Result<()> {
    let stage = page.stage().await?;
    page.hover(stage.at(30.0, row(&page.study_rows().await?, "MACD 12 26 9")?.middle)).await?;
    page.press(Role::Button, "Move MACD 12 26 9 up").await?;
    page.leave().await?;
    page.until_studies("MACD above RSI", |rows| {
        names(rows) == ["SMA 50", "BB 20 2", "MACD 12 26 9", "RSI 14"]
            && rows[2].middle + 60.0 < rows[3].middle
    })
    .await?;
    for (button, order) in [
        ("Move MACD 12 26 9 down", ["SMA 50", "BB 20 2", "RSI 14", "MACD 12 26 9"]),
        ("Move RSI 14 down", ["SMA 50", "BB 20 2", "MACD 12 26 9", "RSI 14"]),
        // Those over the prices change places among themselves.
        ("Move SMA 50 down", ["BB 20 2", "SMA 50", "MACD 12 26 9", "RSI 14"]),
        ("Move BB 20 2 down", ["SMA 50", "BB 20 2", "MACD 12 26 9", "RSI 14"]),
    ] {
        let name = button.trim_start_matches("Move ").trim_end_matches(" down");
        page.hover(stage.at(30.0, row(&page.study_rows().await?, name)?.middle)).await?;
        page.press(Role::Button, button).await?;
        page.leave().await?;
        page.until_studies(button, |rows| {
            names(rows) == order && rows.windows(2).all(|pair| pair[0].middle < pair[1].middle)
        })
        .await?;
    }
    Ok(())
}

/// The line between two panes is taken hold of; answers where the panes then are.
async fn split(page: &Browser) -> Result<Vec<f64>> {
    let stage = page.stage().await?;
    let before = page.study_rows().await?;
    let places = |rows: &[StudyRow]| rows[2..].iter().map(|row| row.middle).collect::<Vec<_>>();
    let [first, second] = places(&before)[..] else { anyhow::bail!("no two panes: {before:?}") };
    // Panes begin a pixel below the line.
    let line = stage.at(stage.width * 0.5, first - ROW / 2.0 - 1.0);
    page.hover(line).await?;
    let cursor =
        page.run("return getComputedStyle(arguments[0]).cursor", vec![page.chart().await?.to_json()?]);
    ensure!(cursor.await? == json!("row-resize"), "over the line there is no such cursor");
    page.drag(line, (line.0, line.1 - 80.0)).await?;
    let near = |a: f64, b: f64| (a - b).abs() <= 1.5;
    page.until_studies("the first pane higher by eighty", |rows| {
        near(rows[2].middle, first - 80.0) && near(rows[3].middle, second)
    })
    .await?;
    let line = stage.at(stage.width * 0.5, second - ROW / 2.0 - 1.0);
    page.drag(line, (line.0, line.1 + 30.0)).await?;
    page.until_studies("the second pane lower by thirty", |rows| {
        near(rows[2].middle, first - 80.0) && near(rows[3].middle, second + 30.0)
    })
    .await?;
    // However far it is dragged, no pane disappears.
    page.drag((line.0, line.1 + 30.0), stage.at(stage.width * 0.5, stage.height - 2.0)).await?;
    page.until_studies("a low pane", |rows| rows[3].middle > second + 60.0).await?;
    let rows = page.at_rest("the panes", PAINTS, async || page.study_rows().await).await?;
    ensure!(rows[3].middle < stage.height - 60.0, "{rows:?} in {stage:?}");
    Ok(places(&rows))
}

/// At the next visit all is as it was.
async fn kept(page: &Browser, address: &str, heights: &[f64]) -> Result<()> {
    // The layout is kept a moment after it was changed.
    let read = "return localStorage.getItem('wickwire.layout') ?? ''";
    page.until("a kept layout", SHOWS, async || {
        let layout = page.run(read, vec![]).await?;
        ensure!(layout.as_str().is_some_and(|l| l.contains("#fe019a") && l.contains("macd")), "{layout}");
        Ok(())
    })
    .await?;
    page.visit(address).await?;
    page.until_studies("the indicators of the last visit", |rows| {
        names(rows) == ["SMA 50", "BB 20 2", "MACD 12 26 9", "RSI 14"]
            && rows[2..].iter().zip(heights).all(|(row, place)| (row.middle - place).abs() < 4.0)
    })
    .await?;
    page.until("the line in its colour", SHOWS, async || {
        ensure!(pink(page).await? > 300, "it has another");
        Ok(())
    })
    .await
}

/// What is removed is gone, and its pane with it.
async fn removed(page: &Browser) -> Result<()> {
    let stage = page.stage().await?;
    for name in ["RSI 14", "MACD 12 26 9", "SMA 50"] {
        page.hover(stage.at(30.0, row(&page.study_rows().await?, name)?.middle)).await?;
        page.press(Role::Button, &format!("Remove {name}")).await?;
        page.until_studies("without it", |rows| row(rows, name).is_err()).await?;
    }
    page.until("no line of it", SHOWS, async || {
        ensure!(pink(page).await? == 0, "it is drawn");
        Ok(())
    })
    .await?;
    let axis = page.drawing_of_chart().await?.price_axis(&stage);
    ensure!(
        axis.iter().all(|label| number(label).is_ok_and(|price| price > 100.0)),
        "the axis says {axis:?}"
    );
    Ok(())
}
