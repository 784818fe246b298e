//! Binds, serves, shuts down.

use std::fs::File;
use std::io::BufReader;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use wickwire_proto::time::Timestamp;
use wickwire_sim::{
    Exchange, ExchangeConfig, Feed, Replay, ReplayConfig, SimConfig, Simulator, SourceLabel, Speed,
};

use crate::config::{Config, Source};
use crate::error::Error;
use crate::live::Live;
use crate::router;
use crate::stage::{self, Market, StageHandle};

/// How long open sockets may take to be closed properly when the relay stops.
pub const STOP_WAIT: Duration = Duration::from_secs(2);

/// A relay that is serving.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    showing: String,
    stage: StageHandle,
    /// How many WebSockets are open.
    open: watch::Receiver<usize>,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Relay {
    /// Opens the source, binds to 127.0.0.1 and starts serving.
    ///
    /// # Errors
    /// If a recording cannot be read, the port is taken, or the source holds nothing.
    pub async fn start(config: Config) -> Result<Self, Error> {
        let (market, showing) = open(config.source, config.speed, config.connection_limit)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, config.port));
        let listener = TcpListener::bind(address).await.map_err(|source| Error::Bind { address, source })?;
        let address = listener.local_addr()?;
        let stage = stage::spawn(market);
        let open = watch::Sender::new(0);
        let seats = open.subscribe();
        let app = router::router(&config.dist, stage.clone(), open);
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(async move {
            // Open sockets would keep axum's own graceful shutdown waiting for ever: they are ended
            // by the stage.
            tokio::select! {
                result = axum::serve(listener, app) => result,
                _ = stopped => Ok(()),
            }
        });
        tracing::info!(%address, showing, "serving");
        Ok(Self { address, showing, stage, open: seats, stop: Some(stop), served })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it shows, in words for people.
    #[must_use]
    pub fn showing(&self) -> &str {
        &self.showing
    }

    /// The way to the stage, for tests that switch on faults.
    #[must_use]
    pub const fn stage(&self) -> &StageHandle {
        &self.stage
    }

    /// Stops accepting, sends a close on every socket, to clients and to Alpaca, and waits at most
    /// [`STOP_WAIT`] for their ends. Alpaca then has its connection free for the next start, and
    /// pages know at once that the relay went away.
    ///
    /// # Errors
    /// If serving had ended by itself with a fault.
    pub async fn stop(mut self) -> Result<(), Error> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let result = self.served.await;
        let closed = async { tokio::join!(self.stage.stop(), self.open.wait_for(|open| *open == 0)) };
        if tokio::time::timeout(STOP_WAIT, closed).await.is_err() {
            tracing::warn!("some connections did not answer the close");
        }
        match result {
            Ok(result) => Ok(result?),
            Err(_) => Ok(()),
        }
    }
}

fn open(source: Source, speed: Speed, connection_limit: Option<usize>) -> Result<(Market, String), Error> {
    let exchange = |feed: Box<dyn Feed>, label: SourceLabel, showing: String| {
        let hold_until_subscribed = speed == Speed::UNPACED;
        let config =
            ExchangeConfig { speed, connection_limit, hold_until_subscribed, ..ExchangeConfig::new(label) };
        (Market::Local(Box::new(Exchange::new(feed, config))), showing)
    };
    Ok(match source {
        Source::Simulated { seed, rate } => {
            let config = SimConfig { rate, ..SimConfig::new(seed, SimConfig::morning_of(wall_clock())) };
            let showing = format!("a simulated market, about {rate} messages a second");
            exchange(Box::new(Simulator::new(config)), SourceLabel::simulated(), showing)
        }
        Source::Replay { files, from, to } => {
            let mut inputs = Vec::with_capacity(files.len());
            for path in files {
                let file =
                    File::open(&path).map_err(|source| Error::Recording { path: path.clone(), source })?;
                inputs.push((path.display().to_string(), BufReader::new(file)));
            }
            let names: Vec<_> = inputs.iter().map(|(name, _)| short(name)).collect();
            let replay = Replay::from_readers(inputs, ReplayConfig { from, to })
                .map_err(|e| Error::Source(e.to_string()))?;
            let report = replay.report();
            for line in &report.lines {
                tracing::warn!(%line, "line of a recording left out");
            }
            let showing = format!("{} from {} on, {speed}", names.join(", "), replay.now().to_rfc3339());
            exchange(Box::new(replay), SourceLabel::recorded(&names.join(", ")), showing)
        }
        Source::Live { credentials, hosts } => (
            Market::Live(Box::new(Live::new(credentials, hosts)?)),
            "Alpaca, with the server's keys".to_owned(),
        ),
    })
}

/// A file's name without its folders, for the screen.
fn short(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.trim_end_matches(".gz").trim_end_matches(".ndjson").to_owned()
}

/// Now, as the machine's clock says.
fn wall_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
