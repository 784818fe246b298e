//! What the market says beside its bars: news, halts, limits, the time to the close; and that each of
//! the marks can be left out.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wickwire_e2e::painted::Painted;
use wickwire_e2e::{Browser, Fault, Look, Role, SHOWS, Stage, TELLS, Tape};
use wickwire_proto::time::Timestamp;

use crate::{chart, in_browser};

const ESCAPE: &str = "\u{E00C}";
/// All canvases of the chart but the legend's.
const CANVASES: &str = ".chart-stage canvas";
/// Every mark that can be left out.
const MARKS: [&str; 9] = [
    "Last price and countdown",
    "Bid and ask lines",
    "High and low of the view",
    "News dots",
    "Halts and price bands",
    "Session breaks",
    "Extended-hours shading",
    "Grid",
    "Volume",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_open_and_marks_can_be_left_out() -> Result<()> {
    let tape = Tape::with_days(2)
        .halted(8)
        .news(1, -600, "First of two")
        .news(2, -590, "Second of two")
        .news(3, -3_000, "One by itself");
    let site = tape.play(1.0).await?;
    in_browser("marks", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        halted(page, true).await?;
        extremes(page).await?;
        news(page).await?;
        left_out(page).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn halts_come_and_go_and_the_close_is_counted_down() -> Result<()> {
    // Three seconds of trading, three of standing still, over and over: a minute a second.
    let tape = Tape::with_days(2).halting(60);
    let site = tape.play(60.0).await?;
    in_browser("halts", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        for _ in 0..2 {
            halted(page, true).await?;
            until_painted(page, "HALT over the bars", |text| text.text == "HALT").await?;
            halted(page, false).await?;
        }
        // Two lines of numbers stand in the tag: the price and the time that is left.
        let is_time = |text: &Painted| text.text.len() == 5 && text.text.starts_with("00:");
        let first = until_painted(page, "a countdown", is_time).await?;
        until_painted(page, "another time", |text| is_time(text) && text.text != first.text).await?;
        // A day closes with the session, at 21:00 UTC: from four hours before on, some minutes later.
        page.press(Role::Button, "D").await?;
        let is_time = |text: &Painted| text.text.len() == 7 && text.text.starts_with("4:");
        let first = until_painted(page, "a countdown of the day", is_time).await?;
        until_painted(page, "another time", |text| is_time(text) && text.text != first.text).await?;
        let picture = page.drawing_of_chart().await?;
        let times: Vec<_> = picture.texts.iter().filter(|text| text.text.starts_with("4:")).collect();
        ensure!(times.len() == 1 && times[0].text.len() == 7, "the picture counts down {times:?}");
        Ok(())
    })
    .await
}

/// Headlines about the symbol stand at its bars, though the newest fifty are about another: at those in view,
/// and at earlier ones when these are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headlines_older_than_the_newest_stand_at_their_bars() -> Result<()> {
    let mut tape = Tape::with_days(14).quiet(10);
    for n in 0..60 {
        tape = tape.news_about("XYZ", 1_000 + n, -600 + 10 * i64::from(n), "About another");
    }
    // Two hours apart: the 130 reach back for nearly eleven days.
    for n in 0..130 {
        tape = tape.news(1 + n, -1_200 - 7_200 * i64::from(n), &format!("Number {n}"));
    }
    let at_bar = |bar: usize| {
        let time = |text: &str| Timestamp::parse_rfc3339(&(text.replacen(' ', "T", 1) + "Z"));
        let seconds = |text: &str| time(text).map(Timestamp::seconds);
        seconds(&tape.bars()[bar].0).zip(seconds(Tape::OPENS)).map(|(bar, opens)| bar - opens)
    };
    let early = at_bar(650).context("no such time")? + 5;
    let (from, to) = (tape.bars()[600].0.replacen(' ', "T", 1), tape.bars()[701].0.replacen(' ', "T", 1));
    let first = tape.bars()[600].0.clone();
    let site = tape.news(999, early, "From early days").play(1.0).await?;
    in_browser("older-headlines", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        let stage = page.stage().await?;
        page.until("a mark", SHOWS, async || {
            let marks = news_marks(page, &stage).await?;
            ensure!(!marks.is_empty(), "there is none");
            Ok(())
        })
        .await?;
        let listed = page.news().await?;
        ensure!(listed.iter().all(|item| item.contains("About another")), "the list has {listed:?}");
        let times = asked(page, "/v1beta1/news?", "symbols=IBM").await?;
        // Once when the symbol is shown, and once more when the news has begun to stream.
        ensure!((1..=2).contains(&times), "they were asked for {times} times");

        chart(page, &site, &format!("&from={from}Z&to={to}Z")).await?;
        page.until_view("the bars of the link", |view| view.from == first).await?;
        let mark = page
            .until("the mark of the link's bars", SHOWS, async || {
                let mut marks = news_marks(page, &stage).await?;
                // Half way from the first of them to the last.
                let there = |mark: &Painted| (mark.x / stage.width - 0.5).abs() < 0.1;
                marks.retain(there);
                marks.pop().context("there is none")
            })
            .await?;
        let at = stage.at(mark.x, mark.y - 4.0);
        page.mouse(&[wickwire_e2e::Step::To(at.0, at.1), wickwire_e2e::Step::Down, wickwire_e2e::Step::Up])
            .await?;
        let list = page.find(Role::List, "Headlines").await?;
        let said = page.run("return arguments[0].textContent", vec![list.to_json()?]).await?;
        ensure!(said.as_str().is_some_and(|said| said.contains("From early days")), "the note has {said}");
        // Three pages reach there, of ten that there may be; the first may be asked for twice.
        let times = asked(page, "/v1beta1/news?", "symbols=IBM").await?;
        ensure!((3..=4).contains(&times), "they were asked for {times} times");
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// What the page asks for when another length of bar is chosen: not for the quote, which comes by the second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quote_that_is_fresh_is_not_asked_for() -> Result<()> {
    let site = Tape::with_days(2).quiet(10).play(1.0).await?;
    in_browser("fresh-quote", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        page.until("a quote", SHOWS, async || page.quote().await).await?;
        let days = asked(page, "/bars?", "timeframe=1Day").await?;
        let read = async || asked(page, "/quotes/latest?", "symbols=IBM").await;
        let quotes = page.at_rest("requests", TELLS, read).await?;
        page.press(Role::Button, "5m").await?;
        page.until("answers", SHOWS, async || {
            let now = asked(page, "/bars?", "timeframe=1Day").await?;
            ensure!(now > days, "the days were asked for {now} times");
            Ok(())
        })
        .await?;
        // Nothing is to happen: the quote would be the next.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = asked(page, "/quotes/latest?", "symbols=IBM").await?;
        ensure!(now == quotes, "{quotes} requests became {now}");
        Ok(())
    })
    .await
}

/// How many requests whose address has these parts were answered since the page was opened.
async fn asked(page: &Browser, path: &str, query: &str) -> Result<u64> {
    let read = "return performance.getEntriesByType('resource').filter((entry) => entry.responseEnd > 0
      && entry.name.includes(arguments[0]) && entry.name.includes(arguments[1])).length";
    page.run(read, vec![path.into(), query.into()]).await?.as_u64().context("nothing is counted")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_of_the_price_are_lines_where_they_are() -> Result<()> {
    let mut tape = Tape::with_days(2).trading(60);
    // Between the prices of these minutes, so that both are in range.
    let prices: Vec<f64> = tape.bars().iter().rev().take(80).map(|(_, bar)| bar[3]).collect();
    let (low, high) = prices.iter().fold((f64::MAX, f64::MIN), |(l, h), p| (l.min(*p), h.max(*p)));
    let at = |part: f64| ((low + (high - low) * part) * 100.0).round() / 100.0;
    let [lower, upper] = [at(0.3), at(0.7)];
    for minute in 0..60 {
        tape = tape.band(lower, upper, minute * 60 + 1);
    }
    let site = tape.play(60.0).await?;
    in_browser("bands", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        let [down, ground] = [page.token("--down").await?, page.token("--ground").await?];
        // As lines of seven tenths of the colour.
        let line: [i32; 3] =
            std::array::from_fn(|i| (f64::from(down[i]) * 0.7 + f64::from(ground[i]) * 0.3).round() as i32);
        let stage = page.stage().await?;
        page.until("two lines", SHOWS, async || {
            let row_of = price_rows(page, &stage).await?;
            let pixels = page.chart_pixels().await?;
            for limit in [lower, upper] {
                let row = row_of(limit);
                let near = |row: usize| {
                    (0..pixels.width)
                        .filter(|x| {
                            let own = pixels.at(*x, row);
                            own.iter().zip(line).all(|(own, line)| (i32::from(*own) - line).abs() <= 2)
                        })
                        .count()
                };
                let best = (row.saturating_sub(1)..=row + 1).map(near).max().unwrap_or(0);
                ensure!(best > 60, "at row {row}, of {limit}, {best} pixels have the colour");
                ensure!(near(row - 6) == 0 && near(row + 6) == 0, "they are about row {row}, too");
            }
            Ok(())
        })
        .await?;
        page.picture("bands").await?;
        Ok(())
    })
    .await
}

/// The row of a price, by the labels of the axis.
async fn price_rows(page: &Browser, stage: &Stage) -> Result<impl Fn(f64) -> usize> {
    let labels: Vec<(f64, f64)> = page
        .painted(".chart-base")
        .await?
        .into_iter()
        .filter(|text| text.x > stage.width - 84.0 && text.y < stage.height - 50.0)
        .filter_map(|text| Some((text.text.parse().ok()?, text.y)))
        .collect();
    let [(high, top), .., (low, bottom)] = labels[..] else { anyhow::bail!("the labels are {labels:?}") };
    // A text is written on a line below its middle.
    let half = 12.0 * 0.36;
    Ok(move |price: f64| (top - half + (high - price) / (high - low) * (bottom - top)).round() as usize)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_missed_is_a_gap_until_history_fills_it() -> Result<()> {
    // Two seconds a minute.
    let site = Tape::with_days(2).trading(300).play(30.0).await?;
    in_browser("gap", Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        ensure!(gap_columns(page).await? == 0, "there is a gap already");
        site.proxy().set(Fault::Refuse);
        page.until_state("Waiting to reconnect", Duration::from_secs(15)).await?;
        tokio::time::sleep(Duration::from_secs(5)).await;
        // Trades come again, and nothing tells what was missed.
        site.proxy().set(Fault::NoHistory);
        page.until_state("Live", Duration::from_secs(35)).await?;
        page.until("a band where data is missing", SHOWS, async || {
            let columns = gap_columns(page).await?;
            ensure!(columns > 3, "{columns} columns have its colour");
            Ok(())
        })
        .await?;
        page.picture("gap").await?;
        // It is asked for again without a further interruption.
        site.proxy().set(Fault::None);
        let before = page
            .until("both connections", SHOWS, async || {
                let reconnects = page.connection().await?.reconnects;
                // That of news is made by itself.
                ensure!(reconnects >= 2, "{reconnects} were made again");
                Ok(reconnects)
            })
            .await?;
        page.until("no band", Duration::from_secs(40), async || {
            let columns = gap_columns(page).await?;
            ensure!(columns == 0, "{columns} columns have its colour");
            Ok(())
        })
        .await?;
        ensure!(page.connection().await?.reconnects == before, "it was interrupted");
        Ok(())
    })
    .await
}

/// Nothing has come by the stream that could tell from when on data is missing: it is the time at which the
/// history was asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_before_the_first_trade_leaves_a_gap() -> Result<()> {
    early_gap("early-gap", None).await
}

/// The same where other bars are shown by the time at which the connection is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn such_a_gap_ends_whatever_is_shown_by_then() -> Result<()> {
    early_gap("early-gap-5m", Some("5m")).await
}

async fn early_gap(name: &str, next: Option<&str>) -> Result<()> {
    // A second for three minutes: the first trade comes after twenty, when the cut is over or nearly.
    let site = Tape::with_days(2).trading_after(60, 900).play(180.0).await?;
    in_browser(name, Look::DESKTOP, async |page| {
        chart(page, &site, "").await?;
        site.proxy().set(Fault::Refuse);
        page.until_state("Waiting to reconnect", Duration::from_secs(15)).await?;
        if let Some(next) = next {
            page.press(Role::Button, next).await?;
        }
        site.proxy().set(Fault::NoHistory);
        page.until_state("Live", Duration::from_secs(35)).await?;
        if next.is_none() {
            page.until("a band where data is missing", Duration::from_secs(40), async || {
                let columns = gap_columns(page).await?;
                ensure!(columns > 3, "{columns} columns have its colour");
                Ok(())
            })
            .await?;
            page.picture(name).await?;
        }
        site.proxy().set(Fault::None);
        // Half an hour of trading is there: bars that came after the gap are in none.
        page.until("trading", Duration::from_secs(60), async || {
            let view = page.view().await?;
            ensure!(view.to.as_str() >= "2024-01-12 17:30:00", "the last bar is of {}", view.to);
            Ok(())
        })
        .await?;
        page.until("no band", Duration::from_secs(40), async || {
            let columns = gap_columns(page).await?;
            ensure!(columns == 0, "{columns} columns have its colour");
            Ok(())
        })
        .await
    })
    .await
}

/// Columns of pixels that are mostly in the colour of a band where data is missing. That between bid and ask
/// has it, too, but lies.
async fn gap_columns(page: &Browser) -> Result<usize> {
    let [muted, ground] = [page.token("--text-3").await?, page.token("--ground").await?];
    let blend = |i: usize| (f64::from(muted[i]) * 0.14 + f64::from(ground[i]) * 0.86).round() as i32;
    let color: [i32; 3] = std::array::from_fn(blend);
    let pixels = page.chart_pixels().await?;
    let is_band = |x: usize, y: usize| {
        pixels.at(x, y).iter().zip(color).all(|(own, color)| (i32::from(*own) - color).abs() <= 1)
    };
    let mostly = |x: &usize| (0..pixels.height).filter(|y| is_band(*x, *y)).count() > pixels.height / 2;
    Ok((0..pixels.width).filter(mostly).count())
}

async fn halted(page: &Browser, wanted: bool) -> Result<()> {
    page.until(&format!("badge of a halt: {wanted}"), SHOWS, async || {
        let read = "return document.querySelector('.chart-tools [role=status]').textContent";
        let said = page.run(read, vec![]).await?;
        ensure!((said == "Halted") == wanted, "it says {said}");
        Ok(())
    })
    .await
}

async fn until_painted(page: &Browser, what: &str, wanted: impl Fn(&Painted) -> bool) -> Result<Painted> {
    page.until(what, SHOWS, async || {
        let texts = page.painted(CANVASES).await?;
        texts.iter().find(|text| wanted(text)).cloned().with_context(|| format!("painted is {texts:?}"))
    })
    .await
}

/// The highest and the lowest price of the view stand where they were.
async fn extremes(page: &Browser) -> Result<()> {
    let view = page.view().await?;
    for price in [view.lowest, view.highest] {
        until_painted(page, "extreme of the view", |text| text.text == format!("{price:.2}")).await?;
    }
    Ok(())
}

/// The marks in the row above the time axis, from left to right.
pub(crate) async fn news_marks(page: &Browser, stage: &Stage) -> Result<Vec<Painted>> {
    let (_, top) = stage.news_row(0.0);
    let row = top - stage.y;
    let in_row = |text: &Painted| (text.y - row).abs() < 9.0 && text.text.parse::<u32>().is_ok();
    let mut marks: Vec<_> = page.painted(CANVASES).await?.into_iter().filter(in_row).collect();
    marks.sort_by(|a, b| a.x.total_cmp(&b.x));
    Ok(marks)
}

/// A mark counts the headlines of its bar and opens them; they are the same as in the list.
async fn news(page: &Browser) -> Result<()> {
    let stage = page.stage().await?;
    let marks = page
        .until("two marks", SHOWS, async || {
            let marks = news_marks(page, &stage).await?;
            ensure!(marks.len() == 2, "in the row is {marks:?}");
            Ok(marks)
        })
        .await?;
    let counts: Vec<&str> = marks.iter().map(|mark| mark.text.as_str()).collect();
    ensure!(counts == ["1", "2"], "they count {counts:?}");
    let wanted = [&["One by itself"][..], &["First of two", "Second of two"]];
    for ((mark, headlines), by_key) in marks.iter().zip(wanted).zip([true, false]) {
        let at = stage.at(mark.x, mark.y - 4.0);
        page.mouse(&[wickwire_e2e::Step::To(at.0, at.1), wickwire_e2e::Step::Down, wickwire_e2e::Step::Up])
            .await?;
        page.find(Role::Dialog, "Headlines at this time").await?;
        let list = page.find(Role::List, "Headlines").await?;
        let read = "return [...arguments[0].querySelectorAll('.headline')].map((line) => line.textContent)";
        let mut said: Vec<String> = serde_json::from_value(page.run(read, vec![list.to_json()?]).await?)?;
        said.sort();
        ensure!(said == headlines, "the note has {said:?}");
        let read = "return [...arguments[0].querySelectorAll('a')].every((a) => a.rel.includes('noopener'))";
        ensure!(page.run(read, vec![list.to_json()?]).await? == true, "a link lets the other page look back");
        // Focus is on the way out, and Escape is one.
        let focused = page.run("return document.activeElement.ariaLabel", vec![]).await?;
        ensure!(focused == "Close headlines", "focus is on {focused}");
        if by_key {
            page.keys(&[ESCAPE], &[]).await?;
        } else {
            page.press(Role::Button, "Close headlines").await?;
        }
        page.until("no note", SHOWS, async || {
            ensure!(page.look_for(Role::Dialog, "Headlines at this time").await.is_err(), "it is open");
            let focused = page.run("return document.activeElement.getAttribute('role')", vec![]).await?;
            ensure!(focused == "application", "focus is on {focused}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// Each mark is taken off and comes back; the picture is then what it was.
async fn left_out(page: &Browser) -> Result<()> {
    page.press(Role::Button, "Chart settings").await?;
    page.find(Role::Dialog, "Chart settings").await?;
    // The sheet stands in the place of quote and news: all of the chart is seen.
    let whole = page
        .until("a picture that stands", Duration::from_secs(20), async || {
            let first = page.chart_pixels().await?;
            tokio::time::sleep(Duration::from_millis(300)).await;
            ensure!(first == page.chart_pixels().await?, "it changes");
            Ok(first)
        })
        .await?;
    for mark in MARKS {
        page.press(Role::Checkbox, mark).await?;
        page.until(&format!("chart without {mark:?}"), SHOWS, async || {
            let differs = page.chart_pixels().await?.difference(&whole);
            ensure!(differs > 20, "{differs} pixels differ");
            Ok(())
        })
        .await?;
        page.press(Role::Checkbox, mark).await?;
        page.until(&format!("chart with {mark:?} again"), SHOWS, async || {
            let differs = page.chart_pixels().await?.difference(&whole);
            ensure!(differs == 0, "{differs} pixels differ");
            Ok(())
        })
        .await?;
    }
    page.picture("marks-settings").await?;
    Ok(())
}
