//! Pictures for people to look at, in `target/e2e/gallery-*.png`: every theme and size, series, scale,
//! menu and sheet. Not run by itself:
//!
//! ```text
//! cargo test -p wickwire-e2e --test page -- --ignored gallery
//! ```

use anyhow::{Result, ensure};
use wickwire_e2e::{Browser, Look, Role, Step, Tape};

use crate::{LOADS, chart, in_browser};

const STUDIES: &str = "&st=ema.20,bollinger.20.2,vwap,rsi.14,macd.12.26.9";
const LOOKS: [(&str, Look); 6] = [
    ("dark-1440", Look::DESKTOP),
    ("light-1440", Look::DESKTOP.light()),
    ("dark-390", Look::PHONE),
    ("light-390", Look::PHONE.light()),
    ("dark-1440-at-2", Look::DESKTOP.at(2.0)),
    ("light-390-at-2", Look::PHONE.light().at(2.0)),
];
const ESCAPE: &str = "\u{E00C}";

fn tape() -> Tape {
    Tape::with_days(3)
        .halted(60)
        .news(1, -600, "Machines for business are sold to businesses")
        .news(
            2,
            -590,
            "A second headline in the same minute, and one that is long enough to need two lines of it",
        )
        .news(3, -3_000, "One by itself")
}

async fn keep(page: &Browser, name: &str) -> Result<()> {
    // Twice the pace of the words.
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    page.picture(&format!("gallery-{name}")).await?;
    ensure!(page.overflow().await? == 0, "{name}: wider than its window by {}", page.overflow().await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes pictures for people"]
async fn gallery_of_sizes_and_sheets() -> Result<()> {
    let site = tape().play(1.0).await?;
    for (name, look) in LOOKS {
        in_browser(&format!("gallery-{name}"), look, async |page| {
            page.visit(&site.address("?source=demo&symbol=AAPL&tf=1Min")).await?;
            page.until_state("Live", LOADS).await?;
            page.until_view("bars", |view| view.bars > 10).await?;
            keep(page, &format!("{name}-demo")).await?;
            chart(page, &site, STUDIES).await?;
            page.until_studies("rows", |rows| rows.len() == 5).await?;
            let stage = page.stage().await?;
            let at = stage.part(0.4, 0.3);
            if look.touch {
                page.fingers(&[&[Step::To(at.0, at.1), Step::Down, Step::Rest(700), Step::Up]]).await?;
            } else {
                page.hover(at).await?;
            }
            page.until_legend("a crosshair", |legend| !legend.time.is_empty()).await?;
            keep(page, &format!("{name}-studies")).await?;
            for sheet in ["Indicators", "Chart settings"] {
                page.press(Role::Button, sheet).await?;
                page.find(Role::Dialog, sheet).await?;
                keep(page, &format!("{name}-{}", sheet.to_lowercase().replace(' ', "-"))).await?;
                page.press(Role::Button, "Close").await?;
            }
            page.press(Role::Button, "Export").await?;
            keep(page, &format!("{name}-export")).await?;
            page.keys(&[ESCAPE], &[]).await?;
            page.press(Role::Button, "Source").await?;
            keep(page, &format!("{name}-source")).await
        })
        .await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes pictures for people"]
async fn gallery_of_series_scales_and_menus() -> Result<()> {
    let site = tape().play(1.0).await?;
    for (name, look) in [("dark", Look::DESKTOP), ("light", Look::DESKTOP.light())] {
        in_browser(&format!("gallery-{name}"), look, async |page| {
            chart(page, &site, "&st=ema.20,rsi.14").await?;
            page.until_studies("rows", |rows| rows.len() == 2).await?;
            for series in ["Hollow candles", "Heikin Ashi", "Bars", "Line", "Step line", "Area", "Baseline"] {
                page.choose_in("Series", series).await?;
                keep(page, &format!("{name}-{}", series.to_lowercase().replace(' ', "-"))).await?;
            }
            page.choose_in("Series", "Candles").await?;
            for scale in ["Logarithmic", "Percent", "Indexed to 100"] {
                page.choose_in("Price scale", scale).await?;
                keep(page, &format!("{name}-{}", scale.to_lowercase().replace(' ', "-"))).await?;
            }
            page.choose_in("Price scale", "Regular").await?;
            for menu in ["Series", "Price scale", "Time zone", "More timeframes"] {
                page.press(Role::Button, menu).await?;
                keep(page, &format!("{name}-menu-{}", menu.to_lowercase().replace(' ', "-"))).await?;
                page.keys(&[ESCAPE], &[]).await?;
            }
            page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
            page.keys(&["?"], &[]).await?;
            page.find(Role::Dialog, "Keyboard").await?;
            keep(page, &format!("{name}-keys")).await?;
            page.keys(&[ESCAPE], &[]).await?;
            page.press(Role::Button, "Table").await?;
            keep(page, &format!("{name}-table")).await?;
            page.press(Role::Button, "Table").await?;
            page.keys(&["c"], &[]).await?;
            keep(page, &format!("{name}-safe")).await?;
            page.keys(&["c"], &[]).await?;
            let (x, y) = page.stage().await?.part(0.5, 0.3);
            page.drag((x, y), (x + 500.0, y)).await?;
            page.until_button("Go to live", true).await?;
            keep(page, &format!("{name}-earlier")).await?;
            page.wheel((x, y), (0, 400), &[]).await?;
            page.wheel((x, y), (0, 400), &[]).await?;
            page.wheel((x, y), (0, 400), &[]).await?;
            keep(page, &format!("{name}-zoomed-out")).await
        })
        .await?;
    }
    Ok(())
}
