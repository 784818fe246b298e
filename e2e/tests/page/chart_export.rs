//! What leaves the page: tables with every figure, pictures of what is seen.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wickwire_e2e::screen::Figures;
use wickwire_e2e::{Browser, Look, PAINTS, Picture, Role, Tape};

use crate::{chart, in_browser};

/// Device pixels to a CSS pixel.
const RATIO: f64 = 2.0;

/// How long the words about a view may take to be about the view at rest.
const SETTLES: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_and_pictures_are_what_is_seen() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("export", Look::DESKTOP.light().at(RATIO), async |page| {
        chart(page, &site, "&st=sma.20,rsi.14").await?;
        page.until_studies("values", |rows| rows.len() == 2 && rows.iter().all(|r| !r.values[0].is_empty()))
            .await?;
        tables(page, &tape).await?;
        png(page).await?;
        svg(page).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// The rows of a table, by time as the table "Bars" writes it.
fn rows(csv: &[u8]) -> Result<BTreeMap<String, Figures>> {
    let text = std::str::from_utf8(csv)?;
    let mut lines = text.lines();
    let head = lines.next().unwrap_or_default();
    ensure!(head == "time,open,high,low,close,volume,vwap,trades,complete", "it begins with {head:?}");
    let mut rows = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let [time, figures @ .., _, trades, complete] = cells.as_slice() else {
            anyhow::bail!("a row {line:?}")
        };
        ensure!(*trades == "4" && *complete == "true", "a row {line:?}");
        let figures: Vec<f64> = figures.iter().map(|figure| figure.parse()).collect::<Result<_, _>>()?;
        let figures = Figures::try_from(figures.as_slice()).context("not five figures")?;
        rows.insert(time.replace('T', " ").trim_end_matches('Z').to_owned(), figures);
    }
    Ok(rows)
}

/// A table has the bars in view, or all; each figure is that of the table on the page and of the tape.
async fn tables(page: &Browser, tape: &Tape) -> Result<()> {
    let stage = page.stage().await?;
    let at = stage.part(0.5, 0.3);
    page.drag(at, (at.0 + 400.0, at.1)).await?;
    let last = tape.bars()[tape.bars().len() - 1].0.clone();
    page.until_view("earlier bars", |view| view.to < last).await?;
    // What is told of the view, once a second, may be older than the view that is exported.
    let (view, visible) = page
        .until("the view that is told to be the one exported", SETTLES, async || {
            let (name, csv) =
                page.saved(async || page.choose_in("Export", "CSV of visible bars").await).await?;
            ensure!(
                name.starts_with("IBM-1Min-20240112") && name.ends_with(".csv"),
                "the file is named {name}"
            );
            let (view, rows) = (page.view().await?, rows(&csv)?);
            let ends = rows.keys().next().zip(rows.keys().next_back());
            ensure!(ends == Some((&view.from, &view.to)), "{ends:?} for {view:?}");
            Ok((view, rows))
        })
        .await?;
    let shown = page.bars().await?;
    let wanted: BTreeMap<_, _> =
        shown.range(view.from.clone()..=view.to.clone()).map(|(t, f)| (t.clone(), *f)).collect();
    ensure!(visible == wanted && visible.len() == view.bars, "{} rows for {view:?}", visible.len());

    let (_, csv) = page.saved(async || page.choose_in("Export", "CSV of all loaded bars").await).await?;
    let all = rows(&csv)?;
    let own: BTreeMap<_, _> = tape.bars().iter().cloned().collect();
    ensure!(all == own, "{} rows for {} bars", all.len(), own.len());
    page.press(Role::Button, "Go to live").await?;
    page.until_view("the last bar", |view| view.to == last).await?;
    Ok(())
}

/// The picture is what the screen shows of the chart, in its own pixels; only the words of the legend
/// are set anew.
async fn png(page: &Browser) -> Result<()> {
    let stage = page.stage().await?;
    let (name, bytes) = page.saved(async || page.choose_in("Export", "PNG image").await).await?;
    ensure!(name.starts_with("IBM-1Min-20240112") && name.ends_with(".png"), "the file is named {name}");
    let picture = Picture::decode(&bytes)?;
    let size = ((stage.width * RATIO).round() as usize, (stage.height * RATIO).round() as usize);
    ensure!((picture.width, picture.height) == size, "{} × {}", picture.width, picture.height);
    page.leave().await?;
    let seen = page.at_rest("the picture", PAINTS, async || page.chart_pixels().await).await?;
    // Below the legend, and left of the tools.
    let (top, width) = (size.1 / 4, size.0 * 3 / 4);
    let part = |picture: &Picture| picture.part(0, top, width, size.1 / 3);
    let differs = part(&picture).difference(&part(&seen));
    ensure!(differs < width * size.1 / 3 / 500, "{differs} pixels differ from what is seen");
    let legend = picture.part(0, 0, size.0 / 2, 60);
    let ground = page.token("--ground").await?;
    ensure!(legend.count(ground) < legend.width * legend.height - 2_000, "no words stand in the picture");
    // In the colours of the legend, line by line: head, figures, and the mean.
    let line =
        |n: f64| picture.part(0, (RATIO * (18.0 * n + 6.0)) as usize, size.0 / 2, (RATIO * 18.0) as usize);
    for (n, tokens) in [(1.0, ["--up", "--down"]), (1.0, ["--text-3"; 2]), (2.0, ["--line-1"; 2])] {
        let [one, other] =
            [line(n).count(page.token(tokens[0]).await?), line(n).count(page.token(tokens[1]).await?)];
        ensure!(one.max(other) > 20, "{one} and {other} pixels of {tokens:?} in line {n}");
    }
    Ok(())
}

/// The drawing is of the same size, and has the words of legend and axes.
async fn svg(page: &Browser) -> Result<()> {
    let stage = page.stage().await?;
    let drawing = page.drawing_of_chart().await?;
    let size = format!("width=\"{}\" height=\"{}\"", stage.width, stage.height);
    ensure!(drawing.file.contains(&size), "no {size} in {:?}", drawing.file.lines().next());
    let words: Vec<&str> = drawing.texts.iter().map(|text| text.text.as_str()).collect();
    let all = words.join("\n");
    for word in ["IBM · 1Min", "SMA 20", "RSI 14", "UTC"] {
        ensure!(all.contains(word), "no {word:?} in {words:?}");
    }
    // Behind each name its figure, in the colour that it has in the page.
    for (name, tokens) in [("O", ["--up", "--down"]), ("C", ["--up", "--down"]), ("SMA 20", ["--line-1"; 2])]
    {
        let at =
            words.iter().position(|word| *word == name).with_context(|| format!("no {name} in {words:?}"))?;
        let value = drawing.texts.get(at + 1).context("nothing behind it")?;
        ensure!(value.text.parse::<f64>().is_ok_and(|price| price > 100.0), "{name} is {value:?}");
        let mut colors = Vec::new();
        for token in tokens {
            let [red, green, blue] = page.token(token).await?;
            colors.push(format!("#{red:02x}{green:02x}{blue:02x}"));
        }
        ensure!(colors.contains(&value.fill), "{value:?}, not in {colors:?}");
        let name = if name == "SMA 20" { "--text-2" } else { "--text-3" };
        let ([red, green, blue], said) = (page.token(name).await?, &drawing.texts[at]);
        ensure!(said.fill == format!("#{red:02x}{green:02x}{blue:02x}"), "{said:?} is not in {name}");
    }
    // A picture goes where no badge does: it says what its data is.
    let kind = page.find(Role::Note, "Kind of data").await?.text().await?;
    ensure!(all.contains(&kind), "no {kind:?} in {words:?}");
    ensure!(drawing.file.matches("<path").count() > 10, "it is empty");
    Ok(())
}
