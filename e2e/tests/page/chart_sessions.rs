//! The time axis of a stock: clocks that are put forward, nights that take no room, and hours before and
//! after the regular session.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use wickwire_e2e::chart::Text;
use wickwire_e2e::{Browser, Look, Picture, SHOWS, Site, Tape};
use wickwire_proto::time::Timestamp;

use crate::{LOADS, in_browser};

const LEFT: &str = "\u{E012}";
const RIGHT: &str = "\u{E014}";
const HOME: &str = "\u{E011}";
const ESCAPE: &str = "\u{E00C}";
/// CSS pixels from bar to bar at the start.
const SPACING: usize = 7;
/// Opacity of the tint of extended hours.
const TINT: f64 = 0.05;
/// Sunday 2024-03-10 07:00 UTC: New York's clocks go from UTC−5 to UTC−4.
const NEW_YORK_CHANGES: &str = "2024-03-10 07:00";
/// Three hours later those of Los Angeles, from UTC−8 to UTC−7.
const LOS_ANGELES_CHANGES: &str = "2024-03-10 10:00";

/// Opens a quarter of an hour a bar: the whole tape is in view.
async fn quarters(page: &Browser, site: &Site) -> Result<()> {
    page.visit(&site.address("?source=relay&symbol=IBM&tf=15Min&zone=utc")).await?;
    page.until_state("Live", LOADS).await?;
    page.until_view("all sessions", |view| view.from == "2024-03-07 14:00:00" && view.bars > 90).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_change_are_followed_by_the_labels() -> Result<()> {
    let site = Tape::over_the_change().quiet(15).play(1.0).await?;
    in_browser("clocks", Look::DESKTOP, async |page| {
        page.devtools("Emulation.setTimezoneOverride", json!({ "timezoneId": "America/Los_Angeles" }))
            .await?;
        quarters(page, &site).await?;
        // As wide as the window is: there is room for more labels.
        page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
        page.keys(&["+", "+"], &[]).await?;
        let utc = |_: &str| 0;
        let new_york = |time: &str| if time < NEW_YORK_CHANGES { -5 } else { -4 };
        let los_angeles = |time: &str| if time < LOS_ANGELES_CHANGES { -8 } else { -7 };
        // Columns at which something is written in any zone, with the bar there in UTC.
        let mut columns = BTreeMap::new();
        for zone in ["Exchange", "Local", "UTC"] {
            show(page, zone).await?;
            columns.extend(labels(page).await?.into_iter().map(|(x, _)| (x, String::new())));
        }
        for (x, bar) in &mut columns {
            *bar = time_at(page, *x, "UTC").await?;
        }
        let last = columns.values().next_back().context("no labels")?.clone();
        let corner = if last.as_str() < NEW_YORK_CHANGES { "EST" } else { "EDT" };
        follows(page, ("UTC", "UTC", &["UTC"]), &columns, &utc).await?;
        follows(page, ("Exchange", corner, &["EST", "EDT"]), &columns, &new_york).await?;
        follows(page, ("Local", "Local", &["Local"]), &columns, &los_angeles).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// The table tells the times of the chosen zone, which its head names. What the browser's own clock does is
/// asked for once, however often it is needed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_is_in_the_chosen_zone() -> Result<()> {
    let site = Tape::over_the_change().quiet(15).play(1.0).await?;
    in_browser("table-zones", Look::DESKTOP, async |page| {
        page.devtools("Emulation.setTimezoneOverride", json!({ "timezoneId": "America/Los_Angeles" }))
            .await?;
        quarters(page, &site).await?;
        page.run(COUNT_LOOKUPS, vec![]).await?;
        let utc: Vec<String> = page.bars().await?.into_keys().collect();
        let new_york = |time: &str| if time < NEW_YORK_CHANGES { -5 } else { -4 };
        let los_angeles = |time: &str| if time < LOS_ANGELES_CHANGES { -8 } else { -7 };
        let zones: [(&str, &str, Hours<'_>); 3] =
            [("UTC", "UTC", &|_| 0), ("Exchange", "New York", &new_york), ("Local", "local", &los_angeles)];
        for (zone, name, hours) in zones {
            show(page, zone).await?;
            let there = |time: &String| {
                let instant = Timestamp::parse_rfc3339(&format!("{}Z", time.replacen(' ', "T", 1)))?;
                let there = Timestamp::from_seconds(instant.seconds() + hours(time) * 3_600).to_rfc3339();
                Some(there.trim_end_matches('Z').replacen('T', " ", 1))
            };
            let wanted: Option<Vec<String>> = utc.iter().map(there).collect();
            page.until(&format!("times of {zone}"), SHOWS, async || {
                let head = page.run("return document.querySelector('.bars-table th').textContent", vec![]);
                let head = head.await?;
                ensure!(head == format!("Time ({name})"), "the head says {head}");
                let times = Some(page.bars().await?.into_keys().collect::<Vec<_>>());
                ensure!(times == wanted, "the table has {times:?} instead of {wanted:?}");
                Ok(())
            })
            .await?;
        }
        let first = lookups(page).await?;
        ensure!((1..400).contains(&first), "{first} look-ups");
        page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
        for key in [HOME, "+", "+", "-", HOME] {
            page.keys(&[key], &[]).await?;
            page.drawing_of_chart().await?;
        }
        let then = lookups(page).await?;
        ensure!(then == first, "{first} look-ups became {then}");
        Ok(())
    })
    .await
}

/// By how many hours a zone is ahead of UTC at a time.
type Hours<'a> = &'a dyn Fn(&str) -> i64;

/// From now on counts how often the browser is asked for an offset.
const COUNT_LOOKUPS: &str = "const own = Date.prototype.getTimezoneOffset;
window.lookups = 0;
Date.prototype.getTimezoneOffset = function () { window.lookups += 1; return own.call(this); };";

async fn lookups(page: &Browser) -> Result<u64> {
    page.run("return window.lookups", vec![]).await?.as_u64().context("nothing is counted")
}

async fn show(page: &Browser, zone: &str) -> Result<()> {
    if page.chosen_in("Time zone").await? != [zone] {
        page.choose_in("Time zone", zone).await?;
    }
    Ok(())
}

/// Times on the axis by the column they stand at; days and the zone's name are none.
async fn labels(page: &Browser) -> Result<Vec<(u32, String)>> {
    let stage = page.stage().await?;
    let time = |text: &Text| {
        let is_time = text.text.len() == 5 && text.text.as_bytes().get(2) == Some(&b':');
        is_time.then(|| (text.x as u32, text.text.clone()))
    };
    Ok(page.drawing_of_chart().await?.time_axis(&stage).iter().filter_map(time).collect())
}

/// What the crosshair's tag says at a column, without the zone's name.
async fn time_at(page: &Browser, x: u32, zone: &str) -> Result<String> {
    let stage = page.stage().await?;
    page.point_at(stage.at(f64::from(x), (stage.height * 0.3).round())).await?;
    page.until(&format!("tag in {zone}"), SHOWS, async || {
        let (tags, legend) = (page.crosshair().await?, page.legend().await?);
        let time = tags.time.strip_suffix(zone).map(|time| time.trim_end().to_owned());
        let time = time.with_context(|| format!("there are {tags:?}"))?;
        // Both are of the same frame.
        ensure!(legend.time.starts_with(&time), "{legend:?} with {tags:?}");
        Ok(time)
    })
    .await
}

/// In a zone labels and tags are so many hours from UTC, before the change and after it.
async fn follows(
    page: &Browser,
    (zone, corner, names): (&str, &str, &[&str]),
    columns: &BTreeMap<u32, String>,
    hours: &dyn Fn(&str) -> i64,
) -> Result<()> {
    show(page, zone).await?;
    let stage = page.stage().await?;
    let axis = page.drawing_of_chart().await?.time_axis(&stage);
    ensure!(axis.last().is_some_and(|zone| zone.text == corner), "{zone}: the axis says {axis:?}");
    let labels = labels(page).await?;
    let (mut before, mut after) = (0, 0);
    for (x, label) in &labels {
        let utc = columns.get(x).with_context(|| format!("nothing was known at {x}"))?;
        let instant = Timestamp::parse_rfc3339(&format!("{}:00Z", utc.replacen(' ', "T", 1)));
        let instant = instant.with_context(|| format!("{utc:?} is no time"))?.seconds();
        let there = Timestamp::from_seconds(instant + hours(utc) * 3_600).to_rfc3339();
        ensure!(there[11..16] == *label, "{zone}: at {utc} UTC the label is {label}, not {there}");
        let name = names[if names.len() > 1 && utc.as_str() >= NEW_YORK_CHANGES { 1 } else { 0 }];
        let tag = time_at(page, *x, name).await?;
        ensure!(
            tag == format!("{} {label}", &there[..10]),
            "{zone}: at {utc} UTC the tag is {tag}, not {there}"
        );
        if utc.as_str() < NEW_YORK_CHANGES { before += 1 } else { after += 1 }
    }
    ensure!(before >= 2 && after >= 2, "{zone}: {before} labels before the change, {after} after");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nights_take_no_room_and_extended_hours_are_tinted() -> Result<()> {
    let site = Tape::over_the_change().quiet(15).play(1.0).await?;
    for (name, look) in [("dark", Look::DESKTOP), ("light", Look::DESKTOP.light())] {
        in_browser(&format!("sessions-{name}"), look, async |page| {
            quarters(page, &site).await?;
            let times: Vec<String> = page.bars().await?.into_keys().collect();
            let last = column_of_last(page).await?;
            let column = |bar: usize| last - (times.len() - 1 - bar) * SPACING;
            neighbours(page, &times, &column).await?;
            page.leave().await?;
            page.until_legend("no crosshair", |legend| legend.time.is_empty()).await?;
            // The view that keys gave up just now may still be seen.
            page.until("breaks and tints", SHOWS, async || {
                let pixels = page.chart_pixels().await?;
                breaks(page, &pixels, &times, &column).await?;
                tints(page, &pixels, &times, &column).await
            })
            .await?;
            page.picture(&format!("sessions-{name}")).await?;
            let complaints = page.complaints().await?;
            ensure!(complaints.is_empty(), "the console says {complaints:?}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// The column of the last bar: that of the line through a crosshair which keys put there.
pub(crate) async fn column_of_last(page: &Browser) -> Result<usize> {
    page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
    page.keys(&[LEFT], &[]).await?;
    page.until_legend("the last bar", |legend| !legend.time.is_empty()).await?;
    let muted = page.token("--text-3").await?;
    let column = page
        .until("line through the bar", SHOWS, async || {
            let pixels = page.chart_pixels().await?;
            let count = |x: &usize| (0..pixels.height).filter(|y| pixels.at(*x, *y) == muted).count();
            let column = (0..pixels.width).max_by_key(count).context("no picture")?;
            ensure!(count(&column) > pixels.height / 4, "most are {} in column {column}", count(&column));
            Ok(column)
        })
        .await?;
    page.keys(&[ESCAPE], &[]).await?;
    Ok(column)
}

/// The last bar of a day and the first of the next are as far apart as any two; under the pointer and by
/// keys.
async fn neighbours(page: &Browser, times: &[String], column: &dyn Fn(usize) -> usize) -> Result<()> {
    let stage = page.stage().await?;
    let first_of_days: Vec<usize> =
        (1..times.len()).filter(|i| times[*i][..10] != times[*i - 1][..10]).collect();
    ensure!(first_of_days.len() == 3, "days begin at {first_of_days:?}");
    for first in first_of_days {
        for bar in [first - 2, first - 1, first, first + 1] {
            page.hover(stage.at(column(bar) as f64, (stage.height * 0.3).round())).await?;
            page.until_legend(&format!("bar of {}", times[bar]), |legend| legend.time == times[bar]).await?;
        }
        page.keys(&[LEFT, LEFT], &[]).await?;
        page.until_legend("the evening", |legend| legend.time == times[first - 1]).await?;
        page.keys(&[RIGHT], &[]).await?;
        page.until_legend("the morning", |legend| legend.time == times[first]).await?;
    }
    page.keys(&[ESCAPE, HOME], &[]).await?;
    page.keys(&["0"], &[]).await?;
    page.until_view("all sessions", |view| view.from == times[0] && view.bars == times.len()).await?;
    Ok(())
}

/// Between two days there is a dashed line, and none within a day.
async fn breaks(
    page: &Browser,
    pixels: &Picture,
    times: &[String],
    column: &dyn Fn(usize) -> usize,
) -> Result<()> {
    let border = page.token("--border").await?;
    for bar in 1..times.len() {
        let between = column(bar - 1) + 1..column(bar);
        let dashes = |x: usize| (0..pixels.height).filter(|y| pixels.at(x, *y) == border).count();
        let most = between.map(dashes).max().unwrap_or_default();
        let is_new = times[bar][..10] != times[bar - 1][..10];
        ensure!(
            if is_new { most > pixels.height / 4 } else { most < pixels.height / 10 },
            "before {} there are {most} pixels of a line",
            times[bar]
        );
    }
    Ok(())
}

/// The ground is tinted where a bar is before 09:30 or from 16:00 on in New York, and nowhere else.
async fn tints(
    page: &Browser,
    pixels: &Picture,
    times: &[String],
    column: &dyn Fn(usize) -> usize,
) -> Result<()> {
    let [ground, accent] = [page.token("--ground").await?, page.token("--accent").await?];
    let tint: [i32; 3] = std::array::from_fn(|i| {
        (f64::from(accent[i]) * TINT + f64::from(ground[i]) * (1.0 - TINT)).round() as i32
    });
    let mut tinted = 0;
    for (bar, time) in times.iter().enumerate() {
        let open = if time.as_str() < NEW_YORK_CHANGES { "14:30:00" } else { "13:30:00" };
        let close = if time.as_str() < NEW_YORK_CHANGES { "21:00:00" } else { "20:00:00" };
        let extended = &time[11..] < open || &time[11..] >= close;
        // Beside the body and within the bar's own part of the axis.
        let x = column(bar) - SPACING / 2 + 1;
        let count = |wanted: [i32; 3]| {
            let near = |y: &usize| {
                pixels.at(x, *y).iter().zip(wanted).all(|(own, wanted)| (i32::from(*own) - wanted).abs() <= 1)
            };
            (0..pixels.height).filter(near).count()
        };
        let (plain, shaded) = (count(ground.map(i32::from)), count(tint));
        ensure!(
            if extended { shaded > 2 * plain } else { plain > 2 * shaded },
            "{time}, extended hours: {extended}: {shaded} pixels are tinted, {plain} are not"
        );
        tinted += usize::from(extended);
    }
    // Two bars before each of four sessions, and two after three of them.
    ensure!(tinted == 14, "{tinted} bars of extended hours");
    Ok(())
}
