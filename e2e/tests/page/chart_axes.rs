//! The two axes: what they say in every mode and zone, and what dragging them does.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use wickwire_e2e::chart::Text;
use wickwire_e2e::{Browser, Look, PAINTS, Picture, Tape, View};

use crate::{chart, in_browser};

/// Part of the width, from the left, in which candles are looked for: no legend, no tags.
const LOOKED_AT: (f64, f64) = (0.55, 0.85);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_scale_reset_and_speak() -> Result<()> {
    let tape = Tape::with_days(5).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("axes", Look::DESKTOP, async |page| {
        let start = chart(page, &site, "").await?;
        price_axis_scales(page).await?;
        time_axis_scales(page, &start).await?;
        modes(page, &tape, &start).await?;
        zones(page).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// The uppermost and the lowest row that candles reach.
async fn candles(page: &Browser) -> Result<(usize, usize)> {
    let (up, down) = (page.token("--up").await?, page.token("--down").await?);
    let picture = page.chart_pixels().await?;
    let (left, right) = (picture.width as f64 * LOOKED_AT.0, picture.width as f64 * LOOKED_AT.1);
    let part: Picture = picture.part(left as usize, 0, (right - left) as usize, picture.height);
    let rows = [up, down].map(|color| part.rows_with(color));
    let rows = || rows.iter().flatten().map(|(row, _)| *row);
    rows().min().zip(rows().max()).context("no candles are seen")
}

async fn until_candles(page: &Browser, what: &str, wanted: impl Fn(usize, usize) -> bool) -> Result<()> {
    page.until(what, wickwire_e2e::SHOWS, async || {
        let (top, bottom) = candles(page).await?;
        ensure!(wanted(top, bottom), "they reach from {top} to {bottom}");
        Ok(())
    })
    .await
}

async fn until_scale(page: &Browser, wanted: &[&str]) -> Result<()> {
    page.until(&format!("a scale that is {wanted:?}"), wickwire_e2e::SHOWS, async || {
        let chosen = page.chosen_in("Price scale").await?;
        ensure!(chosen == wanted, "chosen is {chosen:?}");
        Ok(())
    })
    .await
}

async fn cursor(page: &Browser) -> Result<String> {
    let read = "return getComputedStyle(arguments[0]).cursor";
    let chart = page.chart().await?.to_json()?;
    Ok(page.run(read, vec![chart]).await?.as_str().unwrap_or_default().to_owned())
}

/// Dragging the price axis stretches the candles, which then stand where the hand puts them; a double
/// click makes the axis follow them again.
async fn price_axis_scales(page: &Browser) -> Result<()> {
    let stage = page.stage().await?;
    let still = async || page.at_rest("the candles", PAINTS, async || candles(page).await).await;
    let (top, bottom) = still().await?;
    let height = bottom - top;
    ensure!(page.chosen_in("Price scale").await? == ["Auto", "Regular"], "at first not auto");
    let axis = stage.price_axis(0.4);
    page.hover(axis).await?;
    ensure!(cursor(page).await? == "ns-resize", "over the axis the cursor is {}", cursor(page).await?);

    // e^(−100 × 0.004) is two thirds.
    page.drag(axis, (axis.0, axis.1 + 100.0)).await?;
    let two_thirds = |top: usize, bottom: usize| (60..74).contains(&((bottom - top) * 100 / height));
    until_candles(page, "candles of two thirds the height", two_thirds).await?;
    until_scale(page, &["Regular"]).await?;
    let squeezed = still().await?;
    let plot = stage.part(0.5, 0.4);
    page.drag(plot, (plot.0, plot.1 + 50.0)).await?;
    until_candles(page, "candles fifty pixels below", |top, bottom| {
        (top, bottom) == (squeezed.0 + 50, squeezed.1 + 50)
    })
    .await?;
    page.wheel(stage.price_axis(0.5), (0, -200), &[]).await?;
    until_candles(page, "larger candles", |top, bottom| bottom - top > (squeezed.1 - squeezed.0) * 6 / 5)
        .await?;
    page.double_click(axis).await?;
    until_candles(page, "candles as at first", |now_top, now_bottom| (now_top, now_bottom) == (top, bottom))
        .await?;
    until_scale(page, &["Auto", "Regular"]).await?;

    // The same by the menu.
    page.choose_in("Price scale", "Auto").await?;
    let plot = stage.part(0.5, 0.4);
    page.drag(plot, (plot.0, plot.1 + 30.0)).await?;
    until_candles(page, "candles thirty pixels below", |now, _| now == top + 30).await?;
    page.choose_in("Price scale", "Auto").await?;
    until_candles(page, "candles as at first", |now_top, now_bottom| (now_top, now_bottom) == (top, bottom))
        .await
}

/// Dragging the time axis widens the bars; the right edge stays.
async fn time_axis_scales(page: &Browser, start: &View) -> Result<()> {
    let stage = page.stage().await?;
    // The plot ends where the price axis begins, at most 72 px from the edge.
    let from = stage.time_axis(stage.width - 64.0 - 300.0);
    page.hover(from).await?;
    ensure!(cursor(page).await? == "ew-resize", "over the axis the cursor is {}", cursor(page).await?);
    page.drag(from, (from.0 - 300.0, from.1)).await?;
    let half = |view: &View| view.to == start.to && (45..55).contains(&(view.bars * 100 / start.bars));
    page.until_view("half as many bars", half).await?;
    page.drag(from, (from.0 + 150.0, from.1)).await?;
    page.until_view("as many bars again", |view| view.to == start.to && view.bars.abs_diff(start.bars) < 12)
        .await?;
    page.double_click(from).await?;
    page.until_view("the view of the start", |view| view == start).await?;
    // In the corner both are reset.
    page.drag(from, (from.0 - 200.0, from.1)).await?;
    let axis = stage.price_axis(0.4);
    page.drag(axis, (axis.0, axis.1 - 80.0)).await?;
    page.until_view("fewer bars", |view| view.bars < start.bars).await?;
    until_scale(page, &["Regular"]).await?;
    page.double_click(stage.corner()).await?;
    page.until_view("the view of the start", |view| view == start).await?;
    until_scale(page, &["Auto", "Regular"]).await
}

/// Every mode of the price axis says what it should.
async fn modes(page: &Browser, tape: &Tape, start: &View) -> Result<()> {
    let stage = page.stage().await?;
    let first = tape.index_of(&start.from).context("no such bar")?;
    let close = tape.bars()[first].1[3];
    let regular = page.drawing_of_chart().await?.price_axis(&stage);
    ensure!(regular.len() > 5 && regular.iter().all(|l| number_of(l).is_some()), "labels {regular:?}");
    let prices: Vec<f64> = regular.iter().filter_map(|l| number_of(l)).collect();
    ensure!(
        prices.first().is_some_and(|top| *top > start.lowest) && prices.last() < prices.first(),
        "labels {regular:?} for {start:?}"
    );
    page.choose_in("Price scale", "Logarithmic").await?;
    ensure!(page.chosen_in("Price scale").await? == ["Auto", "Logarithmic"], "not logarithmic");
    let log = page.drawing_of_chart().await?.price_axis(&stage);
    ensure!(log.len() > 3 && log.iter().all(|l| number_of(l).is_some()), "labels {log:?}");

    page.choose_in("Price scale", "Percent").await?;
    let percent = page.drawing_of_chart().await?.price_axis(&stage);
    let values: Vec<_> =
        percent.iter().filter_map(|l| number_of(l.strip_suffix('%')?.trim_start_matches('+'))).collect();
    let least = (start.lowest / close - 1.0) * 100.0;
    let most = (start.highest / close - 1.0) * 100.0;
    ensure!(values.len() == percent.len(), "labels {percent:?}");
    ensure!(
        values.iter().any(|v| (least..most).contains(v))
            && values.iter().all(|v| v.abs() < 2.0 * (most - least)),
        "labels {percent:?} for {least} to {most}"
    );
    ensure!(
        percent.iter().any(|l| l.starts_with('+')) && percent.iter().any(|l| l.starts_with('−')),
        "{percent:?}"
    );

    page.choose_in("Price scale", "Indexed to 100").await?;
    let indexed = page.drawing_of_chart().await?.price_axis(&stage);
    let values: Vec<_> = indexed.iter().filter_map(|l| number_of(l)).collect();
    ensure!(
        values.len() == indexed.len() && values.iter().any(|v| (v - 100.0).abs() < most - least),
        "labels {indexed:?}"
    );
    page.choose_in("Price scale", "Regular").await?;
    let again = page.drawing_of_chart().await?.price_axis(&stage);
    ensure!(again == regular, "labels {again:?} instead of {regular:?}");
    Ok(())
}

/// The time axis is in UTC, in New York's time and in the browser's own.
async fn zones(page: &Browser) -> Result<()> {
    let utc = hours(page, "UTC", "UTC").await?;
    let new_york = hours(page, "Exchange", "EST").await?;
    page.devtools("Emulation.setTimezoneOverride", json!({ "timezoneId": "Asia/Tokyo" })).await?;
    let local = hours(page, "Local", "Local").await?;
    for (zone, ahead) in [(&new_york, -5), (&local, 9)] {
        // Labels stand on the round times of their own zone; those that two zones share are compared.
        let shared: Vec<_> = utc.iter().filter_map(|(x, hour)| Some((*hour, *zone.get(x)?))).collect();
        ensure!(
            shared.len() > 1 && shared.iter().all(|(utc, there)| (utc + ahead) % 24 == *there),
            "{ahead} hours from UTC: {shared:?}"
        );
    }
    Ok(())
}

/// The hours on the time axis by the column they stand at.
async fn hours(page: &Browser, zone: &str, corner: &str) -> Result<BTreeMap<i64, i64>> {
    if page.chosen_in("Time zone").await? != [zone] {
        page.choose_in("Time zone", zone).await?;
    }
    let stage = page.stage().await?;
    let axis = page.drawing_of_chart().await?.time_axis(&stage);
    ensure!(axis.last().is_some_and(|zone| zone.text == corner), "{zone}: the axis says {axis:?}");
    let hour = |text: &Text| Some((text.x as i64, text.text.split_once(':')?.0.parse().ok()?));
    Ok(axis.iter().filter_map(hour).collect())
}

fn number_of(label: &str) -> Option<f64> {
    wickwire_e2e::screen::number(label).ok()
}
