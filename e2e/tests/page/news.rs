//! Headlines are strangers' text: shown as text, and linked only where that is safe.

use std::io::Write;

use anyhow::{Result, ensure};
use serde_json::json;
use wickwire_e2e::site::{Play, Site};
use wickwire_e2e::{Look, Role};

use crate::{LOADS, in_browser};

const HEADLINE: &str = "<img src=x onerror=alert(1)><script>window.owned=1</script> & \u{202e}txet";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_headlines_are_text() -> Result<()> {
    let file = std::env::temp_dir().join(format!("wickwire-e2e-news-{}.ndjson", std::process::id()));
    let mut out = std::fs::File::create(&file)?;
    let article = |id: u32, url: &str| {
        json!({
            "T": "n", "id": id, "headline": HEADLINE, "summary": "", "author": HEADLINE,
            "created_at": "2024-01-02T15:00:00Z", "updated_at": "2024-01-02T15:00:00Z", "url": url,
            "content": HEADLINE, "symbols": ["IBM", "<b>X"], "source": "<i>wire</i>",
        })
    };
    for (id, url) in [
        (1, "javascript:alert(2)"),
        (2, "data:text/html,<script>alert(3)</script>"),
        (3, "https://example.com/a"),
    ] {
        writeln!(out, "{}", article(id, url))?;
    }
    for second in 0..60 {
        let time = format!("2024-01-02T15:00:{second:02}Z");
        let trade =
            json!({"T":"t","S":"IBM","i":second,"x":"V","p":100.25,"s":100,"t":time,"c":["@"],"z":"A"});
        writeln!(out, "{trade}")?;
    }
    drop(out);
    let site = Site::playing(Play { files: vec![file.clone()], from: None, to: None, speed: 1.0 }).await?;
    std::fs::remove_file(&file)?;
    in_browser("news", Look::DESKTOP, async |page| {
        page.visit(&site.address("?source=relay&symbol=IBM")).await?;
        page.until("three headlines", LOADS, async || {
            let news = page.news().await?;
            ensure!(news.len() == 3, "{news:?}");
            ensure!(news.iter().all(|n| n.contains("<img src=x onerror=alert(1)><script>")), "{news:?}");
            Ok(())
        })
        .await?;
        let list = page.find(Role::List, "News").await?;
        let read = "return [window.owned ?? null, arguments[0].querySelectorAll('img, script, b, i').length,
            [...arguments[0].querySelectorAll('a')].map((a) => a.href)]";
        let seen = page.run(read, vec![list.to_json()?]).await?;
        ensure!(seen == json!([null, 0, ["https://example.com/a"]]), "it holds {seen}");
        ensure!(page.web().get_alert_text().await.is_err(), "a dialog opened");
        Ok(())
    })
    .await
}
