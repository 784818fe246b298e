//! The crosshair: its tags say the time of the bar in the zone that is chosen, and the value of the row;
//! the legend says what the table says of the bar.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use wickwire_e2e::axis::Tags;
use wickwire_e2e::chart::Legend;
use wickwire_e2e::{Browser, Look, Ruler, SHOWS, Tape};
use wickwire_proto::time::Timestamp;

use crate::{chart, in_browser};

const LEFT: &str = "\u{E012}";
const DOWN: &str = "\u{E015}";
const ESCAPE: &str = "\u{E00C}";
/// CSS pixels from bar to bar at the start.
const SPACING: f64 = 7.0;
/// Where the pointer is put, as parts of the width and of the height of the pane of prices.
const PLACES: [(f64, f64); 3] = [(0.7, 0.3), (0.45, 0.55), (0.2, 0.8)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_tags_and_the_legend_tell_the_bar() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("crosshair", Look::DESKTOP, async |page| {
        chart(page, &site, "&st=rsi.14").await?;
        let rows = page.until_studies("a pane", |rows| rows.len() == 1 && rows[0].middle > 300.0).await?;
        let below = rows[0].middle - 12.0;
        let bars = times(page, &tape, below).await?;
        volumes(page, &tape, &bars, below).await?;
        values(page, below).await?;
        by_keys(page, &tape).await?;
        after_the_last_bar(page, &tape, below).await?;
        averages(page, &tape, &bars, below).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// Where a part of the pane of prices is, of which the next pane is `below`.
async fn place(page: &Browser, (x, y): (f64, f64), below: f64) -> Result<(f64, f64)> {
    let stage = page.stage().await?;
    Ok(stage.at((stage.width * x).round(), (below * y).round()))
}

/// Waits until the crosshair has both of its tags, as `wanted` says.
async fn until_tags(page: &Browser, what: &str, wanted: impl Fn(&Tags) -> bool) -> Result<Tags> {
    page.until(what, SHOWS, async || {
        let tags = page.crosshair().await?;
        ensure!(!tags.time.is_empty() && !tags.value.is_empty() && wanted(&tags), "there are {tags:?}");
        Ok(tags)
    })
    .await
}

/// A time of the tape, which is in UTC, so many hours later, as the tag writes it.
fn written(time: &str, hours: i64, zone: &str) -> Result<String> {
    let utc = Timestamp::parse_rfc3339(&(time.replacen(' ', "T", 1) + "Z")).context("no time")?;
    let there = Timestamp::from_seconds(utc.seconds() + hours * 3_600).to_rfc3339();
    Ok(format!("{} {} {zone}", &there[..10], &there[11..16]))
}

/// The tag on the time axis says when the bar under the pointer begins, in each zone. Answers the bars.
async fn times(page: &Browser, tape: &Tape, below: f64) -> Result<Vec<usize>> {
    page.devtools("Emulation.setTimezoneOverride", json!({ "timezoneId": "Asia/Kolkata" })).await?;
    let mut bars = Vec::new();
    for at in PLACES {
        let (x, y) = place(page, at, below).await?;
        let first = page.point_at((x, y)).await?;
        let bar = tape.index_of(&first.time).context("no such bar")?;
        // Ten bars farther on the pointer is at the tenth bar from there.
        page.hover((x - 10.0 * SPACING, y)).await?;
        let (other, _) = &tape.bars()[bar - 10];
        let wanted = written(other, 0, "UTC")?;
        until_tags(page, &format!("time of ten bars before {}: {wanted}", first.time), |tags| {
            tags.time == wanted
        })
        .await?;
        bars.push(bar);
    }
    for (zone, hours, minutes, name) in
        [("Exchange", -5, 0, "EST"), ("Local", 5, 30, "Local"), ("UTC", 0, 0, "UTC")]
    {
        page.choose_in("Time zone", zone).await?;
        for (at, bar) in PLACES.into_iter().zip(&bars) {
            page.hover(place(page, at, below).await?).await?;
            // Half hours are no hours: of the bar so many minutes later.
            let (time, _) = &tape.bars()[*bar];
            let later = Timestamp::parse_rfc3339(&(time.replacen(' ', "T", 1) + "Z")).context("no time")?;
            let later = Timestamp::from_seconds(later.seconds() + minutes * 60).to_rfc3339();
            let wanted = written(&later[..19].replacen('T', " ", 1), hours, name)?;
            until_tags(page, &format!("tag {wanted:?}"), |tags| tags.time == wanted).await?;
        }
    }
    Ok(bars)
}

/// The legend's volume is the table's, shortened to three figures.
async fn volumes(page: &Browser, tape: &Tape, bars: &[usize], below: f64) -> Result<()> {
    // It follows the choice of the zone at its pace.
    let table = page
        .until("the table in UTC", SHOWS, async || {
            let table = page.bars().await?;
            for bar in bars {
                ensure!(table.contains_key(&tape.bars()[*bar].0), "the bar {bar} is not in it");
            }
            Ok(table)
        })
        .await?;
    for (at, bar) in PLACES.into_iter().zip(bars) {
        page.hover(place(page, at, below).await?).await?;
        let (time, _) = &tape.bars()[*bar];
        let figures = table.get(time).context("not in the table")?;
        let legend = page.until_legend("the bar", |legend| legend.time == *time).await?;
        let short = format!("{:.2}", figures[4] / 1_000.0);
        let wanted = format!("{}K", short.trim_end_matches('0').trim_end_matches('.'));
        ensure!(legend.volume == wanted && figures[4] >= 1_000.0, "{legend:?} of {figures:?}");
        ensure!(legend.prices == figures[..4], "{legend:?} of {figures:?}");
    }
    Ok(())
}

/// The tag on the price axis says the value of the row, by the labels above and below; in the pane below
/// by those of its own axis.
async fn values(page: &Browser, below: f64) -> Result<()> {
    let stage = page.stage().await?;
    for scale in ["Percent", "Regular"] {
        page.choose_in("Price scale", scale).await?;
        let panes = [0.0..below, below..stage.height - 50.0];
        let rulers = page.rulers(&panes).await?;
        for (ruler, rows) in rulers.iter().zip(panes) {
            for part in [0.15, 0.5, 0.85] {
                let row = (rows.start + (rows.end - rows.start) * part).round();
                page.hover(stage.at((stage.width * 0.4).round(), row)).await?;
                says(page, ruler, row).await?;
            }
        }
    }
    Ok(())
}

async fn says(page: &Browser, ruler: &Ruler, row: f64) -> Result<()> {
    let wanted = ruler.value(row);
    // Labels and pointer are at whole rows, and the tag is rounded to hundredths.
    let near = 1.5 * ruler.per_row() + 0.006;
    let value =
        |tags: &Tags| wickwire_e2e::screen::number(tags.value.trim_end_matches('%').trim_start_matches('+'));
    until_tags(page, &format!("tag of {wanted} ± {near}, by {ruler:?}"), |tags| {
        value(tags).is_ok_and(|value| (value - wanted).abs() <= near)
    })
    .await?;
    Ok(())
}

/// Put there by keys, it is at the close of the bar, and in the pane below at the indicator's value.
async fn by_keys(page: &Browser, tape: &Tape) -> Result<()> {
    page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
    page.keys(&[ESCAPE, LEFT, LEFT], &[]).await?;
    let (time, figures) = &tape.bars()[tape.bars().len() - 2];
    let (time, close) = (written(time, 0, "UTC")?, format!("{:.2}", figures[3]));
    until_tags(page, &format!("tags {time:?} and {close:?}"), |tags| {
        tags.time == time && tags.value == close
    })
    .await?;
    page.keys(&[DOWN], &[]).await?;
    page.until("tag of the indicator's value", SHOWS, async || {
        let (tags, rows) = (page.crosshair().await?, page.study_rows().await?);
        ensure!(tags.time == time && rows[0].values == [tags.value.clone()], "{tags:?} and {rows:?}");
        Ok(())
    })
    .await?;
    page.keys(&[ESCAPE], &[]).await?;
    page.until("no tags", SHOWS, async || {
        let tags = page.crosshair().await?;
        ensure!(tags == Tags::default(), "there are {tags:?}");
        Ok(())
    })
    .await
}

/// Right of the last bar it goes on by the minute, and the legend is that without a crosshair.
async fn after_the_last_bar(page: &Browser, tape: &Tape, below: f64) -> Result<()> {
    let stage = page.stage().await?;
    let (time, figures) = tape.bars().last().context("no bars")?;
    let last = Timestamp::parse_rfc3339(&(time.replacen(' ', "T", 1) + "Z")).context("no time")?;
    // Four bars after the last the plot ends, 56 to 72 px from the edge.
    let x = stage.width - 72.0 - 2.0;
    let mut told: Vec<String> = Vec::new();
    for bars in [3.0, 2.0, 1.0, 0.0] {
        page.hover(stage.at(x - bars * SPACING, (below * 0.5).round())).await?;
        let tags = until_tags(page, "tags of another bar", |tags| !told.contains(&tags.time)).await?;
        told.push(tags.time);
    }
    let minute = |ahead: i64| {
        let then = Timestamp::from_seconds(last.seconds() + ahead * 60).to_rfc3339();
        format!("{} {} UTC", &then[..10], &then[11..16])
    };
    let goes_on = |from: i64| told.iter().zip(from..).all(|(told, ahead)| *told == minute(ahead));
    ensure!((-2..=1).any(goes_on), "{told:?} around {time}");
    let last = |legend: &Legend| legend.time.is_empty() && legend.prices == figures[..4];
    page.until_legend("the last bar without a crosshair", last).await.map(drop)
}

/// Over averaged candles the legend says what is drawn.
async fn averages(page: &Browser, tape: &Tape, bars: &[usize], below: f64) -> Result<()> {
    page.choose_in("Series", "Heikin Ashi").await?;
    for (at, bar) in PLACES.into_iter().zip(bars) {
        page.hover(place(page, at, below).await?).await?;
        let (time, [open, high, low, close, _]) = &tape.bars()[*bar];
        let average = (open + high + low + close) / 4.0;
        page.until_legend(&format!("the close {average} at {time}"), |legend| {
            legend.time == *time && (legend.prices[3] - average).abs() < 0.006
        })
        .await?;
    }
    Ok(())
}
