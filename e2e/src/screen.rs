//! What the page's panels say, read as text.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::browser::Browser;
use crate::roles::Role;

/// One row of the table "Bars": open, high, low, close, volume, as the text reads.
pub type Figures = [f64; 5];

/// The status "Connection".
#[derive(Clone, Debug)]
pub struct Connection {
    /// All of it.
    pub text: String,
    /// The state of the chart's connection.
    pub state: String,
    /// Connections made again, over all endpoints.
    pub reconnects: u64,
}

/// The region "Quote".
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// Best bid.
    pub bid: f64,
    /// Best ask.
    pub ask: f64,
    /// In cents, as shown.
    pub spread: String,
}

const READ_TABLE: &str = "return [...arguments[0].tBodies].flatMap((b) => [...b.rows])
  .map((r) => [...r.cells].map((c) => c.textContent.trim()));";

const READ_STATUS: &str = "const e = arguments[0];
return [e.innerText.replace(/\\s+/g, ' ').trim(), e.querySelector('strong')?.textContent ?? ''];";

/// Terms and the first description of each.
const READ_TERMS: &str = "return [...arguments[0].querySelectorAll('dt')].map((t) =>
  [t.textContent.trim(), t.parentElement.querySelector('dd').firstChild.textContent.trim()]);";

impl Browser {
    /// The status "Connection" as it is now.
    ///
    /// # Errors
    /// If there is none.
    pub async fn connection(&self) -> Result<Connection> {
        let status = self.look_for(Role::Status, "Connection").await?;
        let read = self.run(READ_STATUS, vec![status.to_json()?]).await?;
        let (text, state): (String, String) = serde_json::from_value(read)?;
        let after = text.split_once("reconnects ").map_or("", |(_, after)| after);
        let reconnects = number(after.split(' ').next().unwrap_or_default()).unwrap_or(0.0) as u64;
        Ok(Connection { text, state, reconnects })
    }

    /// Waits for a state of the connection.
    ///
    /// # Errors
    /// If it is not reached in time.
    pub async fn until_state(&self, state: &str, limit: Duration) -> Result<Connection> {
        self.until(&format!("state {state:?}"), limit, async || {
            let connection = self.connection().await?;
            ensure!(connection.state == state, "the status is: {}", connection.text);
            Ok(connection)
        })
        .await
    }

    /// Waits until the status says `words`.
    ///
    /// # Errors
    /// If it does not in time.
    pub async fn until_words(&self, words: &str, limit: Duration) -> Result<Connection> {
        self.until(&format!("words {words:?}"), limit, async || {
            let connection = self.connection().await?;
            ensure!(connection.text.contains(words), "the status is: {}", connection.text);
            Ok(connection)
        })
        .await
    }

    /// The table "Bars", by time as it is written there.
    ///
    /// # Errors
    /// If there is no such table, a figure is none, or times are not in order.
    pub async fn bars(&self) -> Result<BTreeMap<String, Figures>> {
        let table = self.look_for(Role::Table, "Bars").await?;
        let read = self.run(READ_TABLE, vec![table.to_json()?]).await?;
        let rows: Vec<Vec<String>> = serde_json::from_value(read)?;
        let mut bars = BTreeMap::new();
        let mut last = String::new();
        for row in rows {
            let [time, figures @ ..] = row.as_slice() else { bail!("an empty row") };
            ensure!(*time > last, "{time} comes after {last}");
            let figures: Vec<f64> = figures.iter().map(|f| number(f)).collect::<Result<_>>()?;
            let figures = Figures::try_from(figures.as_slice()).context("a row without five figures")?;
            bars.insert(time.clone(), figures);
            last.clone_from(time);
        }
        Ok(bars)
    }

    /// The region "Quote" as it is now.
    ///
    /// # Errors
    /// If there is none, or it holds no quote yet.
    pub async fn quote(&self) -> Result<Quote> {
        let region = self.look_for(Role::Region, "Quote").await?;
        let read = self.run(READ_TERMS, vec![region.to_json()?]).await?;
        let terms: Vec<(String, String)> = serde_json::from_value(read)?;
        let term = |name: &str| {
            terms.iter().find(|(term, _)| term == name).map(|(_, text)| text.clone()).context("no such term")
        };
        Ok(Quote { bid: number(&term("Bid")?)?, ask: number(&term("Ask")?)?, spread: term("Spread")? })
    }

    /// The items of the list "News".
    ///
    /// # Errors
    /// If there is no such list.
    pub async fn news(&self) -> Result<Vec<String>> {
        let list = self.look_for(Role::List, "News").await?;
        let read = "return [...arguments[0].children].map((i) => i.textContent.replace(/\\s+/g, ' ').trim())";
        Ok(serde_json::from_value(self.run(read, vec![list.to_json()?]).await?)?)
    }

    /// A fingerprint of the picture that a region's canvases hold.
    ///
    /// # Errors
    /// If there is no such region.
    pub async fn drawing(&self, region: &str) -> Result<String> {
        let region = self.find(Role::Region, region).await?;
        let read = "return [...arguments[0].querySelectorAll('canvas')].map((c) => c.toDataURL()).join()";
        Ok(self.run(read, vec![region.to_json()?]).await?.as_str().unwrap_or_default().to_owned())
    }

    /// CSS pixels by which the page is wider than its window.
    ///
    /// # Errors
    /// If the page does not answer.
    pub async fn overflow(&self) -> Result<i64> {
        let read = "const e = document.scrollingElement; return e.scrollWidth - e.clientWidth";
        Ok(self.run(read, vec![]).await?.as_i64().unwrap_or_default())
    }

    /// Shows another symbol by the field "Symbol".
    ///
    /// # Errors
    /// If it takes no text.
    pub async fn show(&self, symbol: &str) -> Result<()> {
        self.type_into("Symbol", symbol).await?;
        self.find(Role::Field, "Symbol").await?.send_keys(Key::Enter.value().to_string()).await?;
        Ok(())
    }

    /// Chooses a source in the dialog and connects; keys if given.
    ///
    /// # Errors
    /// If the dialog lacks something.
    pub async fn choose(&self, source: &str, keys: Option<(&str, &str)>) -> Result<()> {
        if self.look_for(Role::Dialog, "Source").await.is_err() {
            self.press(Role::Button, "Source").await?;
        }
        self.press(Role::Radio, source).await?;
        if let Some((key, secret)) = keys {
            self.type_into("Key ID", key).await?;
            self.type_into("Secret", secret).await?;
        }
        self.press(Role::Button, "Connect").await
    }

    /// Places in which the page could have left `secret`: addresses, markup, fields, storage,
    /// cookies, and what it asked servers for.
    ///
    /// # Errors
    /// If the page does not answer.
    pub async fn places_with(&self, secret: &str) -> Result<Vec<String>> {
        const SEARCH: &str = "const secret = arguments[0];
const places = {
  address: location.href,
  title: document.title,
  markup: document.documentElement.outerHTML,
  fields: [...document.querySelectorAll('input')].map((i) => i.value).join(' '),
  local: JSON.stringify({ ...localStorage }),
  session: JSON.stringify({ ...sessionStorage }),
  cookies: document.cookie,
  history: JSON.stringify(history.state),
  requests: performance.getEntries().map((e) => e.name).join(' '),
};
const found = Object.keys(places).filter((p) => (places[p] ?? '').includes(secret));
if (localStorage.length + sessionStorage.length) {
  for (const s of [localStorage, sessionStorage]) {
    for (let i = 0; i < s.length; i++) {
      if (`${s.key(i)} ${s.getItem(s.key(i))}`.includes(secret)) found.push('storage ' + s.key(i));
    }
  }
}
return found;";
        Ok(serde_json::from_value(self.run(SEARCH, vec![json!(secret)]).await?)?)
    }
}

/// A number as the page writes it: grouped by commas, with a true minus sign.
///
/// # Errors
/// If it is none.
pub fn number(text: &str) -> Result<f64> {
    let plain: String = text.chars().filter(|c| *c != ',').map(|c| if c == '−' { '-' } else { c }).collect();
    plain.parse().with_context(|| format!("{text:?} is no number"))
}
