//! Fingers over the chart on a phone: drag, flick, pinch, long press, taps; and less motion for who
//! asked for less.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wickwire_e2e::chart::StudyRow;
use wickwire_e2e::{Browser, Look, Role, SHOWS, Stage, Step, Tape, View};

use crate::chart_marks::news_marks;
use crate::{chart, in_browser};

const ESCAPE: &str = "\u{E00C}";
/// CSS pixels from bar to bar at the start.
const SPACING: f64 = 7.0;
/// Height of an indicator's row in the legend, CSS pixels; it stands at the top of its pane.
const ROW: f64 = 18.0;
/// How far a finger moves before it drags; that much is not made up for.
const SLOP: f64 = 8.0;
/// Bars that a flick goes on for after the finger has left, at least.
const COASTS: usize = 6;
/// Flicks and double taps have a pace that a busy machine may miss.
const TRIES: usize = 6;
/// As long as anything coasts.
const COASTED: Duration = Duration::from_secs(4);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fingers_drag_flick_pinch_and_rest() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    let look = Look::PHONE.at(2.0);
    in_browser("touch", look, async |page| {
        let start = chart(page, &site, "").await?;
        ensure!((30..60).contains(&start.bars), "on a phone {start:?}");
        drags(page, &tape, &start).await?;
        scales(page).await?;
        pinches(page, &tape).await?;
        resets(page, &start).await?;
        rests(page, &tape).await?;
        flicks(page, &tape).await?;
        page.look(look.calm()).await?;
        stands(page, &tape).await?;
        ensure!(page.run("return window.scrollY", vec![]).await? == 0, "the page scrolled");
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

fn index(tape: &Tape, time: &str) -> Result<usize> {
    tape.index_of(time).with_context(|| format!("no bar begins at {time}"))
}

/// One finger across the plot, which stays there for a moment before it leaves, or does not.
async fn swipe(page: &Browser, stage: &Stage, dx: f64, rest: u64) -> Result<()> {
    let from = stage.part(if dx > 0.0 { 0.1 } else { 0.75 }, 0.5);
    let to = (from.0 + dx, from.1);
    page.fingers(&[&[Step::To(from.0, from.1), Step::Down, Step::Line(from, to), Step::Rest(rest), Step::Up]])
        .await
}

/// A finger that is lifted from rest moves the bars by as much as it moved.
async fn drags(page: &Browser, tape: &Tape, start: &View) -> Result<()> {
    let stage = page.stage().await?;
    let first = index(tape, &start.from)?;
    let bars = ((220.0 - SLOP) / SPACING) as usize;
    swipe(page, &stage, 220.0, 300).await?;
    page.until_view("earlier bars", |view| {
        tape.index_of(&view.from).is_some_and(|from| (first - from).abs_diff(bars) <= 1)
    })
    .await?;
    page.until_button("Go to live", true).await?;
    let live = page.find(Role::Button, "Go to live").await?.rect().await?;
    ensure!(live.height >= 44.0, "the way back is {} px high", live.height);
    Ok(())
}

/// A finger that moves by this.
async fn pull(page: &Browser, from: (f64, f64), (dx, dy): (f64, f64)) -> Result<()> {
    let to = (from.0 + dx, from.1 + dy);
    page.fingers(&[&[Step::To(from.0, from.1), Step::Down, Step::Line(from, to), Step::Rest(200), Step::Up]])
        .await
}

/// Beside and below the plot a finger scales.
async fn scales(page: &Browser) -> Result<()> {
    let stage = page.stage().await?;
    pull(page, stage.price_axis(0.4), (0.0, 80.0)).await?;
    page.until("a scale by hand", SHOWS, async || {
        ensure!(page.chosen_in("Price scale").await? == ["Regular"], "it follows the bars");
        Ok(())
    })
    .await?;
    let before = page.view().await?;
    // The bars at the right edge stay, so of the way to it half is left.
    let from = stage.time_axis(stage.width - 64.0 - 100.0);
    pull(page, from, (-(100.0 + SLOP), 0.0)).await?;
    let half = |view: &View| view.to == before.to && (44..56).contains(&(view.bars * 100 / before.bars));
    page.until_view("half as many bars", half).await?;
    pull(page, from, (50.0 + SLOP, 0.0)).await?;
    page.until_view("as many bars again", |view| {
        view.to == before.to && view.bars.abs_diff(before.bars) <= 5
    })
    .await?;
    Ok(())
}

/// Two fingers apart show fewer bars, together more; what is between them stays.
async fn pinches(page: &Browser, tape: &Tape) -> Result<()> {
    let stage = page.stage().await?;
    let middle = stage.part(0.42, 0.5);
    let finger = |from: f64, to: f64| {
        let at = |reach: f64| (middle.0 + reach, middle.1);
        let (from, to) = (at(from), at(to));
        [Step::To(from.0, from.1), Step::Down, Step::Line(from, to), Step::Rest(100), Step::Up]
    };
    let before = page.view().await?;
    let centre = |view: &View| Ok::<_, anyhow::Error>(index(tape, &view.from)? + index(tape, &view.to)?);
    page.fingers(&[&finger(-40.0, -100.0), &finger(40.0, 100.0)]).await?;
    let near =
        page.until_view("fewer bars", |view| (35..46).contains(&(view.bars * 100 / before.bars))).await?;
    ensure!(centre(&near)?.abs_diff(centre(&before)?) <= 6, "{before:?} became {near:?}");
    page.fingers(&[&finger(-110.0, -30.0), &finger(110.0, 30.0)]).await?;
    page.until_view("more bars", |view| view.bars > near.bars * 3).await?;
    Ok(())
}

/// Two taps bring back the view of the start.
async fn resets(page: &Browser, start: &View) -> Result<()> {
    let at = page.stage().await?.part(0.4, 0.4);
    for _ in 0..TRIES {
        let taps = [Step::Down, Step::Up, Step::Rest(60), Step::Down, Step::Up];
        page.fingers(&[&[&[Step::To(at.0, at.1)], &taps[..]].concat()]).await?;
        let back = page
            .until("the view of the start", Duration::from_secs(4), async || {
                let view = page.view().await?;
                ensure!(view == *start, "the summary says {view:?}");
                Ok(())
            })
            .await;
        if back.is_ok() {
            ensure!(page.chosen_in("Price scale").await? == ["Auto", "Regular"], "the scale is by hand");
            return Ok(());
        }
    }
    anyhow::bail!("no double tap did it: {:?}", page.view().await?)
}

/// A finger that rests brings the crosshair and moves it by as much as it moves; a tap puts it away.
async fn rests(page: &Browser, tape: &Tape) -> Result<()> {
    let stage = page.stage().await?;
    let before = page.view().await?;
    let at = stage.part(0.3, 0.5);
    let hold = [Step::To(at.0, at.1), Step::Down, Step::Rest(700)];
    page.fingers(&[&[&hold[..], &[Step::Up]].concat()]).await?;
    let legend = page.until_legend("a crosshair", |legend| !legend.time.is_empty()).await?;
    let first = index(tape, &legend.time)?;
    // It stays, and a finger moves it on from where it is, wherever the finger is.
    let from = stage.part(0.6, 0.7);
    let to = (from.0 - 8.0 * SPACING - SLOP, from.1);
    let drag = [Step::To(from.0, from.1), Step::Down, Step::Line(from, to), Step::Rest(200), Step::Up];
    page.fingers(&[&drag]).await?;
    let bar = &tape.bars()[first - 8];
    let legend = page.until_legend("eight bars back", |legend| legend.time == bar.0).await?;
    ensure!(legend.prices == bar.1[..4], "of {bar:?} it says {legend:?}");
    let tap = [Step::To(from.0, from.1), Step::Down, Step::Up];
    page.fingers(&[&tap]).await?;
    page.until_legend("no crosshair", |legend| legend.time.is_empty()).await?;
    // The finger that brought it moves it, too.
    let to = (at.0 + 10.0 * SPACING, at.1 + 20.0);
    page.fingers(&[&[&hold[..], &[Step::Line(at, to), Step::Rest(200), Step::Up]].concat()]).await?;
    let bar = &tape.bars()[first + 10];
    page.until_legend("ten bars on", |legend| legend.time == bar.0).await?;
    ensure!(page.view().await? == before, "the view moved");
    page.fingers(&[&tap]).await?;
    page.until_legend("no crosshair", |legend| legend.time.is_empty()).await?;
    Ok(())
}

/// A finger that leaves in motion: the bars go on for a while.
async fn flicks(page: &Browser, tape: &Tape) -> Result<()> {
    let stage = page.stage().await?;
    let dragged = ((260.0 - SLOP) / SPACING) as usize;
    for _ in 0..TRIES {
        let first = index(tape, &page.view().await?.from)?;
        swipe(page, &stage, 260.0, 0).await?;
        let coasted = page
            .until("bars that went on", COASTED, async || {
                let view = page.view().await?;
                let gone = first - index(tape, &view.from)?.min(first);
                ensure!(gone > dragged + COASTS, "they went by {gone}, the finger by {dragged}");
                Ok(())
            })
            .await;
        if coasted.is_ok() {
            return Ok(());
        }
    }
    anyhow::bail!("no flick went on")
}

/// For who asked for less motion they stand as soon as the finger leaves.
async fn stands(page: &Browser, tape: &Tape) -> Result<()> {
    let stage = page.stage().await?;
    // Whatever coasted stands: a finger stops it.
    let at = stage.part(0.4, 0.5);
    page.fingers(&[&[Step::To(at.0, at.1), Step::Down, Step::Up]]).await?;
    page.press(Role::Button, "Go to live").await?;
    let last = &tape.bars()[tape.bars().len() - 1].0;
    let live = page.until_view("the last bar", |view| view.to == *last).await?;
    let first = index(tape, &live.from)?;
    let dragged = ((260.0 - SLOP) / SPACING) as usize;
    swipe(page, &stage, 260.0, 0).await?;
    let by = |view: &View| tape.index_of(&view.from).map_or(0, |from| first - from.min(first));
    let view = page.until_view("dragged bars", |view| by(view).abs_diff(dragged) <= 1).await?;
    // That nothing happens can only be waited for.
    tokio::time::sleep(COASTED).await;
    ensure!(page.view().await? == view, "{view:?} became {:?}", page.view().await?);
    Ok(())
}

/// A finger takes hold of the line between two panes, near it, too, and moves it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finger_moves_the_line_between_panes() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("touch-panes", Look::PHONE.at(2.0), async |page| {
        let start = chart(page, &site, "&st=rsi.14").await?;
        let top = async || {
            let rows = page.until_studies("a pane", |rows| rows.len() == 1 && rows[0].middle > 100.0).await?;
            Ok::<_, anyhow::Error>(rows[0].middle - ROW / 2.0 - 1.0)
        };
        let line = top().await?;
        let stage = page.stage().await?;
        for (beside, by) in [(0.0, -100.0), (-10.0, -60.0), (10.0, 120.0)] {
            let line = top().await?;
            pull(page, stage.at(stage.width * 0.4, line + beside), (0.0, by + SLOP.copysign(by))).await?;
            let moved = |rows: &[StudyRow]| (rows[0].middle - ROW / 2.0 - 1.0 - line - by).abs() <= 2.0;
            page.until_studies(&format!("a line that moved by {by}"), moved).await?;
        }
        ensure!((top().await? - line + 40.0).abs() <= 4.0, "it is at {} and was at {line}", top().await?);
        // Farther away it is the bars that a finger drags.
        let line = top().await?;
        pull(page, stage.at(stage.width * 0.2, line - 20.0), (120.0, 0.0)).await?;
        page.until_view("earlier bars", |view| view.to < start.to).await?;
        ensure!((top().await? - line).abs() <= 1.0, "the line moved");
        page.picture("touch-panes").await?;
        Ok(())
    })
    .await
}

/// A finger that touches a news mark, or nearly, opens its headlines.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finger_opens_headlines() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15).news(1, -630, "One by itself");
    let site = tape.play(1.0).await?;
    in_browser("touch-news", Look::PHONE, async |page| {
        chart(page, &site, "").await?;
        let stage = page.stage().await?;
        for (dx, dy) in [(0.0, 0.0), (9.0, 0.0), (-9.0, -14.0)] {
            let mark = page
                .until("a mark", SHOWS, async || {
                    let marks = news_marks(page, &stage).await?;
                    marks.into_iter().next().context("no mark is painted")
                })
                .await?;
            let at = stage.at(mark.x + dx, mark.y - 4.0 + dy);
            page.fingers(&[&[Step::To(at.0, at.1), Step::Down, Step::Up]]).await?;
            let note = page.find(Role::Dialog, "Headlines at this time").await;
            note.with_context(|| format!("a finger at {at:?}, the mark is {mark:?}"))?;
            page.keys(&[ESCAPE], &[]).await?;
            page.until("no note", SHOWS, async || {
                ensure!(page.look_for(Role::Dialog, "Headlines at this time").await.is_err(), "it is open");
                Ok(())
            })
            .await?;
            // Two taps at once are a double tap.
            tokio::time::sleep(Duration::from_millis(800)).await;
        }
        Ok(())
    })
    .await
}

/// However many indicators are over the prices, the legend leaves most of their pane to the bars, with a
/// crosshair, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_legend_leaves_room_on_a_phone() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    for (name, studies, most) in [
        ("two", "ema.20,bollinger.20.2", 0.25),
        ("panes", "ema.20,bollinger.20.2,vwap,rsi.14,macd.12.26.9", 0.4),
        ("many", "ema.20,bollinger.20.2,vwap,sma.50,wma.9,bollinger.50.2,ema.100,sma.200,ema.7", 0.4),
    ] {
        in_browser(&format!("legend-{name}"), Look::PHONE, async |page| {
            chart(page, &site, &format!("&st={studies}")).await?;
            page.until_studies("rows with values", |rows| {
                rows.len() == studies.split(',').count()
                    && rows.iter().all(|row| row.values.iter().all(|value| !value.is_empty()))
            })
            .await?;
            legend_takes(page, most).await?;
            let at = page.stage().await?.part(0.4, 0.3);
            page.fingers(&[&[Step::To(at.0, at.1), Step::Down, Step::Rest(700), Step::Up]]).await?;
            page.until_legend("a crosshair", |legend| !legend.time.is_empty()).await?;
            legend_takes(page, most).await?;
            page.picture(&format!("legend-{name}")).await?;
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// The legend takes so much of the price pane's height at most.
async fn legend_takes(page: &Browser, most: f64) -> Result<()> {
    let read = "const box = (e) => e.getBoundingClientRect();
      const stage = box(document.querySelector('.chart-stage')), legend = box(document.querySelector('.legend'));
      const pane = document.querySelector('.study-row.placed');
      return [legend.bottom - stage.top, (pane ? box(pane).top : stage.bottom - 44) - stage.top];";
    let [legend, pane]: [f64; 2] = serde_json::from_value(page.run(read, vec![]).await?)?;
    ensure!(legend <= most * pane, "the legend takes {legend} of {pane} px");
    Ok(())
}
