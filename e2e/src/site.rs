//! The relay in this process, behind the proxy, serving the built page.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wickwire_proto::request::Credentials;
use wickwire_proto::time::Timestamp;
use wickwire_relay::Relay;
use wickwire_relay::config::{Config, Source};
use wickwire_relay::stage::Control;

use crate::fault::Proxy;
use crate::report;

/// A relay that serves the page.
#[derive(Debug)]
pub struct Site {
    relay: Relay,
    proxy: Proxy,
}

/// A recording to play.
#[derive(Clone, Debug)]
pub struct Play {
    /// Files, merged by time.
    pub files: Vec<PathBuf>,
    /// RFC 3339; where the clock starts, if not at the first message.
    pub from: Option<&'static str>,
    /// RFC 3339; the last instant, if not the last message.
    pub to: Option<&'static str>,
    /// Market seconds a second.
    pub speed: f64,
}

impl Site {
    /// A relay with this configuration, on a free port, with the built page.
    ///
    /// # Errors
    /// If the page is not built or the relay does not start.
    pub async fn start(config: Config) -> Result<Self> {
        let relay = Relay::start(Config { port: 0, dist: report::dist()?, ..config }).await?;
        let proxy = Proxy::start(relay.address()).await?;
        Ok(Self { relay, proxy })
    }

    /// The simulated market at `speed` times real time.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn simulated(speed: f64) -> Result<Self> {
        Self::start(Config { speed: speed.to_string().parse()?, ..Config::simulated(7, 60.0) }).await
    }

    /// A recording.
    ///
    /// # Errors
    /// As [`Self::start`]; also if a file cannot be read.
    pub async fn playing(play: Play) -> Result<Self> {
        let time =
            |text: &str| Timestamp::parse_rfc3339(text).with_context(|| format!("{text:?} is no time"));
        let source = Source::Replay {
            files: play.files,
            from: play.from.map(time).transpose()?,
            to: play.to.map(time).transpose()?,
        };
        Self::start(Config { source, speed: play.speed.to_string().parse()?, ..Config::simulated(1, 1.0) })
            .await
    }

    /// The page's address with a query, through the proxy.
    #[must_use]
    pub fn address(&self, query: &str) -> String {
        format!("http://{}/{query}", self.proxy.address())
    }

    /// The proxy in front of the relay.
    #[must_use]
    pub const fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    /// The relay itself.
    #[must_use]
    pub const fn relay(&self) -> &Relay {
        &self.relay
    }

    /// Switches a fault of the server on or off.
    pub async fn control(&self, control: Control) {
        self.relay.stage().control(control).await;
    }

    /// Asks the relay by REST, past network and page.
    ///
    /// # Errors
    /// If it does not answer 200 with JSON.
    pub async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Value> {
        let query = query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let keys = Some(Credentials::new("e2e", "e2e"));
        let answer = self.relay.stage().rest("GET".to_owned(), path.to_owned(), query, keys).await;
        ensure!(answer.status == 200, "{path} answered {}: {}", answer.status, answer.body);
        Ok(serde_json::from_str(&answer.body)?)
    }

    /// Stops serving.
    ///
    /// # Errors
    /// If it had ended by itself with a fault.
    pub async fn stop(self) -> Result<()> {
        Ok(self.relay.stop().await?)
    }
}
