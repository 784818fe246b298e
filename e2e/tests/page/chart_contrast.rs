//! More contrast, asked for before the page is opened and while it is open: in the page and on the chart.

use anyhow::{Result, ensure};
use wickwire_e2e::{Browser, Look, SHOWS, Tape};

use crate::{chart, in_browser};

/// Width of the price axis at least, CSS pixels.
const AXIS: usize = 56;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_contrast_comes_and_goes() -> Result<()> {
    let tape = Tape::with_days(2).quiet(10);
    let site = tape.play(1.0).await?;
    for (name, look) in [("dark", Look::DESKTOP), ("light", Look::DESKTOP.light())] {
        in_browser(&format!("contrast-{name}"), look, async |page| {
            chart(page, &site, "&st=rsi.14").await?;
            let [usual, strong] = [page.token("--text-2").await?, page.token("--text").await?];
            ensure!(usual != strong, "both are {usual:?}");
            labels_are(page, usual, strong).await?;
            page.look(look.contrast()).await?;
            labels_are(page, strong, usual).await?;
            page.picture(&format!("contrast-{name}")).await?;
            // A page that is opened so is so from the start.
            chart(page, &site, "&st=rsi.14").await?;
            labels_are(page, strong, usual).await?;
            page.look(look).await?;
            labels_are(page, usual, strong).await
        })
        .await?;
    }
    Ok(())
}

/// The labels of the price axis have one colour and not the other, and so have words beside the chart.
async fn labels_are(page: &Browser, color: [u8; 3], other: [u8; 3]) -> Result<()> {
    page.until("labels in another colour", SHOWS, async || {
        ensure!(page.token("--text-2").await? == color, "the page has another colour");
        let pixels = page.chart_pixels().await?;
        let axis = pixels.part(pixels.width - AXIS, 0, AXIS, pixels.height);
        let [now, before] = [color, other].map(|color| axis.count(color));
        ensure!(now > 30 && before == 0, "{now} pixels have the colour, {before} the other");
        Ok(())
    })
    .await
}
