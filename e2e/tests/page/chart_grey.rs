//! Never by colour alone: in shades of grey, in which no hue is left, rising and falling bars are told apart
//! by their form, changes by sign and arrow, and states by shape and word.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use wickwire_e2e::screen::Figures;
use wickwire_e2e::{Browser, Fault, Look, Picture, Role, Ruler, SHOWS, Tape};

use crate::chart_sessions::column_of_last;
use crate::{LOADS, chart, in_browser};

/// CSS pixels from bar to bar at the start.
const SPACING: usize = 7;
/// Height of time axis and news marks, CSS pixels.
const BELOW: f64 = 44.0;
/// Bars from the last one back that are looked at.
const BARS: usize = 100;
/// Rows of a body that is looked at, at least.
const BODY: f64 = 7.0;
/// A shade this near to the ground's is the ground, and one this far from it is not.
const SHADES: (i32, i32) = (22, 60);
/// Where the legend ends, CSS pixels.
const LEGEND: f64 = 60.0;

/// Takes the hues out of everything the browser shows.
async fn grey(page: &Browser) -> Result<()> {
    page.devtools("Emulation.setEmulatedVisionDeficiency", json!({ "type": "achromatopsia" })).await?;
    page.until("a grey picture", SHOWS, async || {
        let pixels = page.chart_pixels().await?;
        let has_hue = |x: usize, y: usize| {
            let [red, green, blue] = pixels.at(x, y).map(i32::from);
            (red - green).abs().max((green - blue).abs()) > 2
        };
        let hues = (0..pixels.width).flat_map(|x| (0..pixels.height).map(move |y| (x, y)));
        let hues = hues.filter(|(x, y)| has_hue(*x, *y)).count();
        ensure!(hues == 0, "{hues} pixels have a hue");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bars_have_forms_for_rising_and_falling() -> Result<()> {
    let tape = Tape::with_days(2).quiet(15);
    let site = tape.play(1.0).await?;
    for (name, look) in [("dark", Look::DESKTOP), ("light", Look::DESKTOP.light())] {
        in_browser(&format!("grey-{name}"), look, async |page| {
            chart(page, &site, "").await?;
            let last = column_of_last(page).await?;
            let stage = page.stage().await?;
            let rulers = page.rulers(&[0.0..stage.height - BELOW]).await?;
            for palette in ["green and red", "blue and orange"] {
                for (series, tells) in [("Hollow candles", hollow as Tells), ("Bars", arms)] {
                    page.choose_in("Series", series).await?;
                    page.leave().await?;
                    grey(page).await?;
                    page.until(&format!("{series} in grey, of {palette}"), SHOWS, async || {
                        let pixels = page.chart_pixels().await?;
                        told_apart(&tape, &pixels, &rulers[0], last, tells)
                    })
                    .await?;
                    page.picture(&format!("grey-{name}-{}", series.to_lowercase().replace(' ', "-"))).await?;
                }
                page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
                page.keys(&["c"], &[]).await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// Says by form alone whether a bar at a column rises; nothing where it cannot be told.
type Tells = fn(&Picture, &Ruler, usize, &Figures) -> Option<bool>;

/// Whether a pixel is the bare ground, or is not; nothing between the two.
fn is_ground(pixels: &Picture, x: usize, y: f64) -> Option<bool> {
    let ground = i32::from(pixels.at(pixels.width - 2, pixels.height - 2)[0]);
    match (i32::from(pixels.at(x, y.round() as usize)[0]) - ground).abs() {
        away if away <= SHADES.0 => Some(true),
        away if away >= SHADES.1 => Some(false),
        _ => None,
    }
}

/// A rising candle is empty inside.
fn hollow(pixels: &Picture, ruler: &Ruler, x: usize, [open, _, _, close, _]: &Figures) -> Option<bool> {
    is_ground(pixels, x, ruler.row(f64::midpoint(*open, *close)))
}

/// The arm to the left is at the open, that to the right at the close: a bar rises if the left one is lower.
fn arms(pixels: &Picture, ruler: &Ruler, x: usize, [_, high, low, ..]: &Figures) -> Option<bool> {
    let rows = ruler.row(*high).floor() as usize..=ruler.row(*low).ceil() as usize;
    let arm = |x: usize| rows.clone().find(|y| is_ground(pixels, x, *y as f64) == Some(false));
    let (left, right) = (arm(x - 1)?, arm(x + 1)?);
    (left != right).then_some(left > right)
}

fn told_apart(tape: &Tape, pixels: &Picture, ruler: &Ruler, last: usize, tells: Tells) -> Result<()> {
    let [.., (_, [.., newest, _])] = tape.bars() else { anyhow::bail!("no bars") };
    let mut seen = [0, 0];
    for (back, (time, bar)) in tape.bars().iter().rev().take(BARS).enumerate() {
        let [open, high, low, close, _] = *bar;
        let height = (ruler.row(open) - ruler.row(close)).abs();
        // Lines of the last price and of the quote run through some, and words lie over others.
        let crossed = low - 0.1 < *newest && *newest < high + 0.1;
        if height < BODY || crossed || ruler.row(high) < LEGEND {
            continue;
        }
        let rising = tells(pixels, ruler, last - back * SPACING, bar);
        // A line of the grid may run through one.
        let Some(rising) = rising else { continue };
        ensure!(rising == (close > open), "{time}, {bar:?}, seems to rise: {rising}");
        seen[usize::from(rising)] += 1;
    }
    ensure!(seen.iter().all(|count| *count >= 10), "seen were {seen:?} falling and rising");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_and_states_are_told_by_signs_shapes_and_words() -> Result<()> {
    let tape = Tape::with_days(2).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("grey-signs", Look::DESKTOP, async |page| {
        chart(page, &site, "&st=macd.12.26.9").await?;
        grey(page).await?;
        // The change of a bar in the legend, for one that rises and one that falls.
        let stage = page.stage().await?;
        let mut ways = [false, false];
        for x in 1..20 {
            let legend = page.point_at(stage.part(f64::from(x) * 0.04, 0.3)).await?;
            let bar = tape.index_of(&legend.time).context("no such bar")?;
            let by = tape.bars()[bar].1[3] - tape.bars()[bar - 1].1[3];
            if by != 0.0 {
                let sign = if by > 0.0 { "▲ +" } else { "▼ −" };
                ensure!(legend.change.starts_with(sign), "by {by} it says {:?}", legend.change);
                ways[usize::from(by > 0.0)] = true;
            }
        }
        ensure!(ways == [true, true], "only one way was seen");
        // The change of the day, as text.
        let quote = page.find(Role::Region, "Quote").await?.text().await?;
        let signs = [('▲', "+"), ('▼', "−")].map(|(mark, sign)| quote.contains(mark) && quote.contains(sign));
        ensure!(signs.contains(&true), "it says {quote:?}");
        ensure!(quote.contains("Bid") && quote.contains("Ask"), "it says {quote:?}");
        // Columns of the histogram have their sign by the side of zero they are on, which is a line.
        let rows = page.study_rows().await?;
        let histogram = rows[0].values.last().context("no histogram")?;
        ensure!(histogram.starts_with(|c: char| c == '−' || c.is_ascii_digit()), "it says {histogram:?}");
        // A state has a word and a shape.
        let live = corners(page).await?;
        ensure!(live.1 == [true; 4], "the mark of {:?} is no disc: {:?}", live.0, live.1);
        site.proxy().set(Fault::Refuse);
        page.until_state("Waiting to reconnect", LOADS).await?;
        page.until("a mark of another shape", Duration::from_secs(10), async || {
            let faulty = corners(page).await?;
            ensure!(faulty.0 != live.0 && faulty.1 == [false; 4], "{faulty:?} after {live:?}");
            Ok(())
        })
        .await?;
        page.picture("grey-signs").await?;
        Ok(())
    })
    .await
}

/// The word of the state, and whether its mark lacks each of its corners.
async fn corners(page: &Browser) -> Result<(String, [bool; 4])> {
    let status = page.find(Role::Status, "Connection").await?;
    let read = "const mark = arguments[0].querySelector('strong').previousElementSibling;
const place = mark.getBoundingClientRect();
return [place.x, place.y, place.width, place.height]";
    let place: [f64; 4] = serde_json::from_value(page.run(read, vec![status.to_json()?]).await?)?;
    let [x, y, width, height] = place;
    let around = page.pixels((x - 2.0, y - 2.0, width + 4.0, height + 4.0)).await?;
    let (right, bottom) = (around.width - 3, around.height - 3);
    let (outside, inside) = (around.at(0, 0), around.at(around.width / 2, around.height / 2));
    let bare = |x: usize, y: usize| {
        let away = |other: [u8; 3]| (i32::from(around.at(x, y)[0]) - i32::from(other[0])).abs();
        away(outside) < away(inside)
    };
    let state = page.connection().await?.state;
    Ok((state, [bare(2, 2), bare(right, 2), bare(2, bottom), bare(right, bottom)]))
}
