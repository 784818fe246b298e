//! Bid and ask on the chart: lines at the prices that the quote panel says, and a band between them.

use anyhow::{Result, ensure};
use wickwire_e2e::picture::Rgb;
use wickwire_e2e::{Browser, Look, Picture, Ruler, SHOWS, Tape};

use crate::{chart, in_browser};

/// Opacity of the lines, and of the band.
const LINE: f64 = 0.3;
const BAND: f64 = 0.14;
/// By how much a channel of a colour may differ: opacities are whole parts of 255.
const OFF: i32 = 2;
/// Height of time axis and news marks, CSS pixels.
const BELOW: f64 = 44.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_and_band_are_where_bid_and_ask_are() -> Result<()> {
    let tape = Tape::with_days(2);
    let [.., (_, [.., close, _])] = tape.bars() else { anyhow::bail!("no bars") };
    let cents = |cents: f64| ((close + cents / 100.0) * 100.0).round() / 100.0;
    // Around the last price, and both above it; the columns of volume are farther down.
    let pairs = [(cents(-20.0), cents(35.0)), (cents(60.0), cents(170.0))];
    let site = tape.quoted(&pairs, 6, 15).play(1.0).await?;
    for (name, look) in [("dark", Look::DESKTOP), ("light", Look::DESKTOP.light())] {
        in_browser(&format!("quote-{name}"), look, async |page| {
            chart(page, &site, "").await?;
            let stage = page.stage().await?;
            let rulers = page.rulers(&[0.0..stage.height - BELOW]).await?;
            page.leave().await?;
            let colors = Colors::read(page).await?;
            for (bid, ask) in pairs {
                let mut seen = String::new();
                page.until(&format!("lines at {bid} and {ask}"), SHOWS, async || {
                    let before = page.quote().await?;
                    let pixels = page.chart_pixels().await?;
                    let now = page.quote().await?;
                    let said = before == now && (now.bid, now.ask) == (bid, ask);
                    ensure!(said, "the panel says {now:?}; before, {seen}");
                    stands(&pixels, &rulers[0], (bid, ask), &colors).inspect_err(|e| seen = e.to_string())
                })
                .await?;
            }
            page.picture(&format!("quote-{name}")).await?;
            let complaints = page.complaints().await?;
            ensure!(complaints.is_empty(), "the console says {complaints:?}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// What the lines and the band look like on the bare ground.
#[derive(Debug)]
struct Colors {
    bid: Rgb,
    ask: Rgb,
    band: Rgb,
}

impl Colors {
    async fn read(page: &Browser) -> Result<Self> {
        let ground = page.token("--ground").await?;
        let over = |color: Rgb, ground: Rgb, part: f64| -> Rgb {
            std::array::from_fn(|i| {
                (f64::from(color[i]) * part + f64::from(ground[i]) * (1.0 - part)).round() as u8
            })
        };
        let band = over(page.token("--text-3").await?, ground, BAND);
        Ok(Self {
            bid: over(page.token("--up").await?, ground, LINE),
            // The uppermost row of the band is below it.
            ask: over(page.token("--down").await?, band, LINE),
            band,
        })
    }
}

/// How much of a row has a colour.
fn part(pixels: &Picture, row: usize, color: Rgb) -> f64 {
    let near = |x: &usize| {
        pixels
            .at(*x, row)
            .iter()
            .zip(color)
            .all(|(own, color)| (i32::from(*own) - i32::from(color)).abs() <= OFF)
    };
    (0..pixels.width).filter(near).count() as f64 / pixels.width as f64
}

fn stands(pixels: &Picture, ruler: &Ruler, (bid, ask): (f64, f64), colors: &Colors) -> Result<()> {
    let rows =
        |color: Rgb| (0..pixels.height).filter(|row| part(pixels, *row, color) > 0.4).collect::<Vec<_>>();
    let found = [rows(colors.bid), rows(colors.ask)];
    let [Some(lower), Some(upper)] = [&found[0], &found[1]].map(|rows| rows.first().copied()) else {
        anyhow::bail!("bid and ask are in rows {found:?} by {colors:?}")
    };
    ensure!(found.iter().all(|rows| rows.len() == 1), "bid and ask are in rows {found:?}");
    for (row, price) in [(lower, bid), (upper, ask)] {
        let wanted = ruler.row(price);
        ensure!((row as f64 - wanted).abs() <= 1.5, "{price} is in row {row}, by the labels {wanted}");
    }
    // The last price may be between them. A line of the grid looks like the band does, and may be next to it.
    let band = rows(colors.band);
    let among = |rows: std::ops::Range<usize>| band.iter().filter(|row| rows.contains(row)).count();
    let (inside, outside) = (among(upper..lower), among(upper - 20..upper) + among(lower + 1..lower + 20));
    ensure!(inside + 4 >= lower - upper && outside <= 2, "from {upper} to {lower} the band is {band:?}");
    Ok(())
}
