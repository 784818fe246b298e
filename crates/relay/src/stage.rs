//! The one task that owns the market. Connections and REST requests reach it as commands over a
//! bounded channel, so nothing is locked and nothing grows.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::OwnedFrame;
use wickwire_proto::hub::{ConnId, HubOut};
use wickwire_proto::request::Credentials;
use wickwire_proto::server::ServerConfig;
use wickwire_sim::{Exchange, RestResponse};

use crate::live::{Live, Told};
use crate::socket::Preferences;

/// Commands that may wait for the stage; senders wait beyond that.
const MAX_WAITING_COMMANDS: usize = 1024;
/// Commands handled before the market moves on.
const COMMANDS_A_TURN: usize = 256;
/// The market moves on at most this often: what happens between is sent in one frame, because
/// cost is by the frame and not by the message.
const TICK: Duration = Duration::from_millis(10);

/// What a connection is to send.
#[derive(Debug)]
pub enum Out {
    /// A frame.
    Frame(OwnedFrame),
    /// A close with this code, and nothing more.
    Close(u16),
}

/// Faults that tests switch on, to see what clients make of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Connections stay open and answered, but no data comes.
    Mute(bool),
    /// Every client is told this error.
    Fail(u16),
}

enum Command {
    Connect { config: ServerConfig, outbox: mpsc::Sender<Out>, reply: oneshot::Sender<ConnId> },
    Frame(ConnId, OwnedFrame),
    Disconnect(ConnId),
    Rest { request: RestRequest, reply: oneshot::Sender<RestResponse> },
    Control(Control),
    Stop(oneshot::Sender<()>),
}

/// A REST request with decoded path and query.
#[derive(Debug)]
pub struct RestRequest {
    /// `GET` and so on.
    pub method: String,
    /// Decoded path.
    pub path: String,
    /// Decoded query.
    pub query: Vec<(String, String)>,
    /// From the headers.
    pub credentials: Option<Credentials>,
}

/// The way to the stage; cheap to clone. When every handle is gone the stage ends.
#[derive(Clone, Debug)]
pub struct StageHandle(mpsc::Sender<Command>);

impl StageHandle {
    /// Opens a connection; what is to be sent on it comes through `outbox`. `None` when the
    /// stage has ended.
    pub async fn connect(
        &self,
        endpoint: Endpoint,
        preferences: Preferences,
        outbox: mpsc::Sender<Out>,
    ) -> Option<ConnId> {
        let config = ServerConfig {
            header_credentials: preferences.credentials,
            ..ServerConfig::new(endpoint, preferences.codec)
        };
        let (reply, answer) = oneshot::channel();
        self.0.send(Command::Connect { config, outbox, reply }).await.ok()?;
        answer.await.ok()
    }

    /// Hands over a frame of the client's.
    pub async fn frame(&self, id: ConnId, frame: OwnedFrame) {
        let _ = self.0.send(Command::Frame(id, frame)).await;
    }

    /// The connection is gone.
    pub async fn disconnect(&self, id: ConnId) {
        let _ = self.0.send(Command::Disconnect(id)).await;
    }

    /// Answers a REST request.
    pub async fn rest(
        &self,
        method: String,
        path: String,
        query: Vec<(String, String)>,
        credentials: Option<Credentials>,
    ) -> RestResponse {
        let (reply, answer) = oneshot::channel();
        let request = RestRequest { method, path, query, credentials };
        let sent = self.0.send(Command::Rest { request, reply }).await;
        let answer = if sent.is_ok() { answer.await.ok() } else { None };
        answer.unwrap_or_else(|| RestResponse::error(503, "the relay is shutting down"))
    }

    /// Switches a fault on or off (tests).
    pub async fn control(&self, control: Control) {
        let _ = self.0.send(Command::Control(control)).await;
    }

    /// Ends the stage: every client is sent a close, and every upstream connection is closed and
    /// its end waited for. Returns when the stage has ended.
    pub async fn stop(&self) {
        let (reply, ended) = oneshot::channel();
        let _ = self.0.send(Command::Stop(reply)).await;
        let _ = ended.await;
    }
}

/// Where the market comes from.
pub enum Market {
    /// Simulated or recorded: an exchange of our own.
    Local(Box<Exchange>),
    /// Alpaca, through one connection per endpoint.
    Live(Box<Live>),
}

/// Starts the stage; it runs until [`StageHandle::stop`], or until every handle is dropped.
#[must_use]
pub fn spawn(market: Market) -> StageHandle {
    let (sender, receiver) = mpsc::channel(MAX_WAITING_COMMANDS);
    tokio::spawn(
        Stage {
            market,
            outboxes: HashMap::new(),
            paused: BTreeSet::new(),
            start: Instant::now(),
            stopping: None,
        }
        .run(receiver),
    );
    StageHandle(sender)
}

struct Stage {
    market: Market,
    outboxes: HashMap<ConnId, mpsc::Sender<Out>>,
    /// Connections whose outbox is full: their sessions queue until it is not.
    paused: BTreeSet<ConnId>,
    start: Instant,
    /// Told when everything has ended; from then on no command is handled.
    stopping: Option<oneshot::Sender<()>>,
}

impl Stage {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            let wait = self.wait();
            tokio::select! {
                command = commands.recv() => {
                    let Some(command) = command else { return };
                    self.handle(command);
                    for _ in 1..COMMANDS_A_TURN {
                        let Ok(command) = commands.try_recv() else { break };
                        self.handle(command);
                    }
                    if let Some(ended) = self.stopping.take() {
                        // Whoever still has something to say is refused and does not wait.
                        drop(commands);
                        self.stop().await;
                        let _ = ended.send(());
                        return;
                    }
                }
                told = self.market.upstream() => {
                    if let (Market::Live(live), Some(told)) = (&mut self.market, told) {
                        live.take(self.start.elapsed(), told);
                    }
                }
                () = tokio::time::sleep(wait) => {}
            }
            let now = self.start.elapsed();
            self.market.advance(now);
            self.deliver();
        }
    }

    /// An outbox that is dropped ends its socket with a close.
    async fn stop(mut self) {
        self.outboxes.clear();
        if let Market::Live(live) = self.market {
            live.stop().await;
        }
    }

    /// How long the stage may sleep.
    fn wait(&self) -> Duration {
        if !self.paused.is_empty() {
            return TICK;
        }
        let now = self.start.elapsed();
        self.market.poll_timeout().map_or(Duration::from_secs(1), |at| at.saturating_sub(now)).max(TICK)
    }

    fn handle(&mut self, command: Command) {
        let now = self.start.elapsed();
        match command {
            Command::Connect { config, outbox, reply } => {
                let id = self.market.connect(now, config);
                self.outboxes.insert(id, outbox);
                if reply.send(id).is_err() {
                    self.disconnect(now, id);
                }
            }
            Command::Frame(id, frame) => self.market.handle_frame(now, id, &frame),
            Command::Disconnect(id) => self.disconnect(now, id),
            Command::Rest { request, reply } => self.market.rest(now, request, reply),
            Command::Control(control) => {
                if let Market::Local(exchange) = &mut self.market {
                    match control {
                        Control::Mute(mute) => exchange.mute(mute),
                        Control::Fail(code) => exchange.fail_all(now, code),
                    }
                }
            }
            Command::Stop(ended) => self.stopping = Some(ended),
        }
    }

    fn disconnect(&mut self, now: Duration, id: ConnId) {
        self.outboxes.remove(&id);
        self.paused.remove(&id);
        self.market.disconnect(now, id);
    }

    fn deliver(&mut self) {
        let (outboxes, market) = (&self.outboxes, &mut self.market);
        self.paused.retain(|id| {
            let full = outboxes.get(id).is_some_and(|outbox| outbox.capacity() == 0);
            if !full {
                market.resume(*id);
            }
            full
        });
        while let Some((id, out)) = self.market.poll_transmit() {
            let Some(outbox) = self.outboxes.get(&id) else { continue };
            let out = match out {
                HubOut::Frame(frame) => Out::Frame(frame),
                HubOut::Close(code) => Out::Close(code),
            };
            let last = matches!(out, Out::Close(_));
            let sent = outbox.try_send(out).is_ok();
            if outbox.capacity() == 0 {
                self.market.pause(id);
                self.paused.insert(id);
            }
            if last || !sent {
                self.disconnect(self.start.elapsed(), id);
            }
        }
    }
}

impl Market {
    fn connect(&mut self, now: Duration, config: ServerConfig) -> ConnId {
        match self {
            Self::Local(exchange) => {
                exchange.connect(now, config.endpoint, config.codec, config.header_credentials)
            }
            Self::Live(live) => live.connect(now, config),
        }
    }

    fn disconnect(&mut self, now: Duration, id: ConnId) {
        match self {
            Self::Local(exchange) => exchange.disconnect(id),
            Self::Live(live) => live.disconnect(now, id),
        }
    }

    fn pause(&mut self, id: ConnId) {
        match self {
            Self::Local(exchange) => exchange.pause(id),
            Self::Live(live) => live.pause(id),
        }
    }

    fn resume(&mut self, id: ConnId) {
        match self {
            Self::Local(exchange) => exchange.resume(id),
            Self::Live(live) => live.resume(id),
        }
    }

    fn handle_frame(&mut self, now: Duration, id: ConnId, frame: &OwnedFrame) {
        match self {
            Self::Local(exchange) => exchange.handle_frame(now, id, frame.as_frame()),
            Self::Live(live) => live.handle_frame(now, id, frame.as_frame()),
        }
    }

    fn advance(&mut self, now: Duration) {
        match self {
            Self::Local(exchange) => exchange.advance(now),
            Self::Live(live) => live.advance(now),
        }
    }

    fn poll_timeout(&self) -> Option<Duration> {
        match self {
            Self::Local(exchange) => exchange.poll_timeout(),
            Self::Live(live) => live.poll_timeout(),
        }
    }

    fn poll_transmit(&mut self) -> Option<(ConnId, HubOut)> {
        match self {
            Self::Local(exchange) => exchange.poll_transmit(),
            Self::Live(live) => live.poll_transmit(),
        }
    }

    /// Waits for something from upstream; for ever where there is no upstream.
    async fn upstream(&mut self) -> Option<Told> {
        match self {
            Self::Local(_) => std::future::pending().await,
            Self::Live(live) => live.receive().await,
        }
    }

    /// Answers at once, or in a task of its own where the answer is Alpaca's.
    fn rest(&mut self, now: Duration, request: RestRequest, reply: oneshot::Sender<RestResponse>) {
        match self {
            Self::Local(exchange) => {
                let RestRequest { method, path, query, credentials } = request;
                let _ = reply.send(exchange.rest(now, &method, &path, &query, credentials.as_ref()));
            }
            Self::Live(live) => live.rest(request, reply),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use wickwire_proto::frame::Codec;
    use wickwire_proto::time::Timestamp;
    use wickwire_sim::{ExchangeConfig, SimConfig, Simulator, SourceLabel};

    use super::*;
    use crate::socket::MAX_WAITING_FRAMES;

    fn simulated() -> StageHandle {
        let start = SimConfig::morning_of(Timestamp::from_seconds(1_381_152_600));
        let feed = Simulator::new(SimConfig { rate: 2_000.0, ..SimConfig::new(3, start) });
        let config = ExchangeConfig::new(SourceLabel::simulated());
        spawn(Market::Local(Box::new(Exchange::new(Box::new(feed), config))))
    }

    #[tokio::test]
    async fn commands_that_wait_are_bounded() {
        let stage = simulated();
        // The stage has had no turn yet.
        let has_room = || stage.0.try_send(Command::Control(Control::Mute(false))).is_ok();
        for _ in 0..MAX_WAITING_COMMANDS {
            assert!(has_room());
        }
        assert!(!has_room(), "senders wait from here on");
        stage.stop().await;
    }

    #[tokio::test]
    async fn a_client_that_does_not_take_its_frames_has_few_waiting_and_loses_none() {
        let stage = simulated();
        let (outbox, mut inbox) = mpsc::channel(MAX_WAITING_FRAMES);
        let preferences = Preferences { codec: Codec::Json, credentials: None };
        let endpoint = Endpoint::from_path("/v2/iex").unwrap();
        let id = stage.connect(endpoint, preferences, outbox).await.unwrap();
        for text in
            [r#"{"action":"auth","key":"k","secret":"s"}"#, r#"{"action":"subscribe","quotes":["*"]}"#]
        {
            stage.frame(id, OwnedFrame::Text(text.to_owned())).await;
        }
        let full = async {
            while inbox.len() < MAX_WAITING_FRAMES {
                tokio::time::sleep(TICK).await;
            }
            // Several turns more, in which quotes come that have no room.
            tokio::time::sleep(20 * TICK).await;
            assert_eq!(inbox.len(), MAX_WAITING_FRAMES);
        };
        tokio::time::timeout(Duration::from_secs(20), full).await.unwrap();
        // What was queued meanwhile follows, and the connection goes on.
        for _ in 0..2 * MAX_WAITING_FRAMES {
            let next = tokio::time::timeout(Duration::from_secs(20), inbox.recv()).await.unwrap();
            assert!(matches!(next, Some(Out::Frame(_))), "{next:?}");
        }
        stage.stop().await;
    }
}
