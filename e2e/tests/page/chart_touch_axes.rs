//! Fingers on the axes of a phone, that of a lower pane among them; and the crosshair of a finger, which ends
//! with the series it was on.

use std::ops::Range;
use std::time::Duration;

use anyhow::{Result, ensure};
use wickwire_e2e::{Browser, Look, PAINTS, Role, SHOWS, Step, Tape, View};

use crate::{chart, in_browser};

/// Height of an indicator's row in the legend, CSS pixels; it stands at the top of its pane.
const ROW: f64 = 18.0;
/// Height of time axis and news marks below the last pane, CSS pixels.
const BELOW: f64 = 44.0;
/// CSS pixels from bar to bar at the start.
const SPACING: f64 = 7.0;
/// How far a finger moves before it drags; that much is not made up for.
const SLOP: f64 = 8.0;
/// A double tap has a pace that a busy machine may miss.
const TRIES: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fingers_scale_and_reset_each_axis() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("touch-axes", Look::PHONE, async |page| {
        let start = chart(page, &site, "&st=macd.12.26.9").await?;
        let rows = page.until_studies("a pane", |rows| rows.len() == 1 && rows[0].middle > 200.0).await?;
        let stage = page.stage().await?;
        let line = rows[0].middle - ROW / 2.0;
        let panes = [0.0..line, line..stage.height - BELOW];
        for pane in 0..panes.len() {
            price_axis(page, &panes, pane).await?;
        }
        time_axis(page, &start).await?;
        crosshair_ends(page, &tape).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

async fn drag(page: &Browser, from: (f64, f64), to: (f64, f64)) -> Result<()> {
    page.fingers(&[&[Step::To(from.0, from.1), Step::Down, Step::Line(from, to), Step::Rest(200), Step::Up]])
        .await
}

/// Taps twice until it has done what is `wanted`.
async fn taps_twice(
    page: &Browser,
    at: (f64, f64),
    mut wanted: impl AsyncFnMut() -> Result<()>,
) -> Result<()> {
    let taps = [Step::To(at.0, at.1), Step::Down, Step::Up, Step::Rest(60), Step::Down, Step::Up];
    let mut last = Ok(());
    for _ in 0..TRIES {
        page.fingers(&[&taps]).await?;
        last = page.until("what two taps do", Duration::from_secs(4), &mut wanted).await;
        if last.is_ok() {
            break;
        }
    }
    last
}

/// A finger stretches the axis of one pane, two taps give it back.
async fn price_axis(page: &Browser, panes: &[Range<f64>], pane: usize) -> Result<()> {
    let before = page.at_rest("the axes", PAINTS, async || page.rulers(panes).await).await?;
    let (stage, rows) = (page.stage().await?, &panes[pane]);
    let axis = stage.at(stage.width - 20.0, rows.start.midpoint(rows.end).round());
    drag(page, axis, (axis.0, axis.1 + 60.0)).await?;
    page.until("another range", SHOWS, async || {
        let now = page.rulers(panes).await?;
        ensure!(
            now[pane].per_row() > before[pane].per_row() * 1.1,
            "pane {pane} has {now:?}, had {before:?}"
        );
        ensure!(now[1 - pane] == before[1 - pane], "the other pane has {now:?}, had {before:?}");
        Ok(())
    })
    .await?;
    taps_twice(page, axis, async || {
        let now = page.rulers(panes).await?;
        ensure!(now == before, "pane {pane} has {now:?}, had {before:?}");
        Ok(())
    })
    .await
}

/// A finger on the time axis widens the bars, two taps bring back their width.
async fn time_axis(page: &Browser, start: &View) -> Result<()> {
    let stage = page.stage().await?;
    let from = stage.time_axis(stage.width - 64.0 - 120.0);
    drag(page, from, (from.0 - 120.0, from.1)).await?;
    let fewer = |view: &View| view.to == start.to && view.bars * 4 < start.bars * 3;
    page.until_view("fewer bars", fewer).await?;
    taps_twice(page, from, async || {
        let view = page.view().await?;
        ensure!(view == *start, "the summary says {view:?}, and said {start:?}");
        Ok(())
    })
    .await
}

/// The crosshair stays within the plots however far a finger goes, and another series or another size has none:
/// one finger pans there.
async fn crosshair_ends(page: &Browser, tape: &Tape) -> Result<()> {
    let stage = page.stage().await?;
    let at = stage.part(0.3, 0.3);
    let hold = [Step::To(at.0, at.1), Step::Down, Step::Rest(700)];
    page.fingers(&[&[&hold[..], &[Step::Up]].concat()]).await?;
    page.until_legend("a crosshair", |legend| !legend.time.is_empty()).await?;
    // Three times farther to the left than there is room, and a little back.
    for _ in 0..3 {
        drag(page, (stage.x + stage.width * 0.75, at.1), (stage.x + 2.0, at.1)).await?;
    }
    let first = page.view().await?.from;
    page.until_legend("the first bar in view", |legend| legend.time == first).await?;
    let here = (stage.x + 20.0, at.1);
    drag(page, here, (here.0 + SLOP + 4.0 * SPACING, here.1)).await?;
    let number = tape.index_of(&first);
    page.until_legend("four bars on", |legend| tape.index_of(&legend.time) == number.map(|first| first + 4))
        .await?;
    page.press(Role::Button, "5m").await?;
    page.until_legend("no crosshair", |legend| legend.time.is_empty()).await?;
    let before = page.until_view("bars of five minutes", |view| view.bars > 10).await?;
    drag(page, here, (here.0 + SLOP + 20.0 * SPACING, here.1)).await?;
    let before = page.until_view("earlier bars", |view| view.from < before.from).await?;
    ensure!(page.legend().await?.time.is_empty(), "a crosshair again");
    // Nor has a phone that is turned.
    page.fingers(&[&[&hold[..], &[Step::Up]].concat()]).await?;
    page.until_legend("a crosshair", |legend| !legend.time.is_empty()).await?;
    page.look(Look { width: Look::PHONE.height, height: Look::PHONE.width, ..Look::PHONE }).await?;
    page.until_legend("no crosshair", |legend| legend.time.is_empty()).await?;
    let before = page.until_view("more bars", |view| view.bars > before.bars).await?;
    let here = page.stage().await?.part(0.3, 0.3);
    drag(page, here, (here.0 + SLOP + 10.0 * SPACING, here.1)).await?;
    page.until_view("earlier bars", |view| view.from < before.from).await?;
    Ok(())
}
