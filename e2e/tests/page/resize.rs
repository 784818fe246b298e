//! The chart in a window that becomes another: as sharp and as full as if it had been opened so.

use anyhow::{Result, ensure};
use wickwire_e2e::{Browser, Look, Picture, SHOWS, TELLS, Tape};

use crate::{chart, in_browser};

/// Right part that is left out: the countdown in the tag goes on.
const AXIS: f64 = 72.0;

/// Part of the pixels that may differ at another ratio. A browser that comes to it sets text a little
/// differently from one that began with it, so the legend ends, and the prices begin, up to a pixel elsewhere.
const MOVED: f64 = 0.03;

/// The plots and the time axis.
async fn plots(page: &Browser, ratio: f64) -> Result<Picture> {
    let picture = page.chart_pixels().await?;
    let width = picture.width.saturating_sub((AXIS * ratio) as usize);
    Ok(picture.part(0, 0, width, picture.height))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_of_another_size_or_ratio_has_the_picture_of_one_opened_so() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    let looks = [
        ("phone", Look::PHONE, 1.0),
        ("sharp", Look::DESKTOP.at(2.0), 2.0),
        ("odd", Look::DESKTOP.at(1.25), 1.25),
        ("desktop", Look::DESKTOP, 1.0),
    ];
    let mut wanted = Vec::new();
    for (name, look, ratio) in looks {
        in_browser(&format!("opened-{name}"), look, async |page| {
            chart(page, &site, "&st=rsi.14").await?;
            page.until_studies("a value", |rows| rows.iter().any(|row| !row.values[0].is_empty())).await?;
            let up = page.token("--up").await?;
            page.until("a quote", SHOWS, async || page.quote().await).await?;
            // The height of the legend is known, and the chart makes room for it, once it was painted.
            let picture = page.at_rest("the picture", TELLS, async || plots(page, ratio).await).await?;
            ensure!(picture.count(up) > 200, "{} pixels of rising bars", picture.count(up));
            wanted.push(picture);
            Ok(())
        })
        .await?;
    }
    in_browser("resized", Look::DESKTOP.light(), async |page| {
        chart(page, &site, "&st=rsi.14").await?;
        for ((name, look, ratio), wanted) in looks.into_iter().zip(&wanted) {
            page.look(look).await?;
            let (up, down) = (page.token("--up").await?, page.token("--down").await?);
            page.until(&format!("the picture of a window opened as {name}"), SHOWS, async || {
                let now = plots(page, ratio).await?;
                let other = now.difference(wanted) as f64 / (wanted.width * wanted.height) as f64;
                ensure!(other <= if ratio == 1.0 { 0.0 } else { MOVED }, "{other} of the pixels differ");
                for color in [up, down] {
                    // What is stretched has few pixels of just that colour.
                    let (now, wanted) = (now.count(color), wanted.count(color));
                    ensure!(now.abs_diff(wanted) * 50 <= wanted, "{now} of {wanted} pixels of {color:?}");
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    })
    .await
}
