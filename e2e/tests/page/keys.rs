//! Keys: refused ones are not tried again, good ones are kept nowhere but in memory.

use std::time::Duration;

use anyhow::{Result, ensure};
use wickwire_e2e::site::Site;
use wickwire_e2e::{Look, Role};

use crate::{LOADS, in_browser};

const KEY: &str = "PKCANARYKEY0123456789";
const SECRET: &str = "CanarySecretAbCdEfGh0123456789";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_then_good_and_kept_nowhere() -> Result<()> {
    let site = Site::simulated(1.0).await?;
    in_browser("keys", Look::DESKTOP, async |page| {
        page.visit(&site.address("?source=relay&symbol=IBM")).await?;
        page.until_state("Live", LOADS).await?;
        let before = site.proxy().sockets();
        page.choose("Relay", Some(("refused", SECRET))).await?;
        let told = page.until_state("Needs you", LOADS).await?;
        for words in ["refused the key or the secret", "Enter them again"] {
            ensure!(told.text.contains(words), "it says: {}", told.text);
        }
        // The form comes by itself and says why.
        let form = page.find(Role::Dialog, "Source").await?.text().await?;
        ensure!(form.contains("refused the key or the secret"), "the form says: {form}");
        page.picture("fault-402").await?;
        tokio::time::sleep(Duration::from_secs(6)).await;
        // One for the chart, one for news; neither tries a second time.
        let attempts = site.proxy().sockets() - before;
        ensure!(attempts <= 2, "{attempts} connections with refused keys");

        page.choose("Relay", Some((KEY, SECRET))).await?;
        page.until_state("Live", LOADS).await?;
        for canary in [KEY, SECRET] {
            let places = page.places_with(canary).await?;
            ensure!(places.is_empty(), "left in {places:?}");
        }
        let complaints = page.complaints().await?;
        ensure!(
            !complaints.iter().any(|c| c.contains(SECRET) || c.contains(KEY)),
            "the console says {complaints:?}"
        );
        page.web().refresh().await?;
        page.until_state("Live", LOADS).await?;
        let places = page.places_with(SECRET).await?;
        ensure!(places.is_empty(), "after a reload left in {places:?}");
        Ok(())
    })
    .await
}
