//! Alpaca itself: one upstream connection per endpoint, shared by every client, and REST from a
//! fixed table.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use wickwire_proto::channel::{Channel, Subscriptions};
use wickwire_proto::client::State;
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::Frame;
use wickwire_proto::hub::{ConnId, Hub, HubConfig, HubEvent, HubOut};
use wickwire_proto::message::Message;
use wickwire_proto::request::Credentials;
use wickwire_proto::server::ServerConfig;
use wickwire_proto::trading::TradeUpdate;
use wickwire_sim::{History, RestResponse, Venue};

use crate::config::Hosts;
use crate::error::Error;
use crate::stage::RestRequest;

pub mod proxy;
pub mod route;
pub mod upstream;

/// Batches that may wait between the upstream tasks and the stage.
const MAX_WAITING_BATCHES: usize = 1024;
/// An upstream connection that nobody wants is kept this long, so that a page that reloads finds
/// it and does not meet error 406.
const LINGER: Duration = Duration::from_secs(30);

/// What an upstream task tells.
#[derive(Debug)]
pub enum Told {
    /// Messages of one frame, in order.
    Messages(Endpoint, Vec<Message<'static>>),
    /// An update of an order.
    TradeUpdate(Box<TradeUpdate>),
    /// The connection's state changed.
    State(Endpoint, State),
}

struct Upstream {
    wanted: watch::Sender<Subscriptions>,
    state: State,
    unwanted_since: Option<Duration>,
}

/// The market when it is Alpaca's.
pub struct Live {
    hub: Hub,
    upstreams: BTreeMap<Endpoint, Upstream>,
    /// The latest quotes, trades and books, for clients that join later.
    history: History,
    demand_revision: Option<u64>,
    told: mpsc::Receiver<Told>,
    teller: mpsc::Sender<Told>,
    proxy: proxy::Proxy,
    credentials: Credentials,
    hosts: Hosts,
    /// Counts upstream connections: each gets a seed of its own for its jitter.
    seeds: u64,
}

impl Live {
    /// Nothing is connected until somebody subscribes.
    ///
    /// # Errors
    /// If the client for REST cannot be made.
    pub fn new(credentials: Credentials, hosts: Hosts) -> Result<Self, Error> {
        let (teller, told) = mpsc::channel(MAX_WAITING_BATCHES);
        Ok(Self {
            hub: Hub::new(HubConfig::default()),
            upstreams: BTreeMap::new(),
            history: History::new(),
            demand_revision: None,
            told,
            teller,
            proxy: proxy::Proxy::new(credentials.clone(), hosts.clone())?,
            credentials,
            hosts,
            seeds: 0,
        })
    }

    /// A client has connected.
    pub fn connect(&mut self, now: Duration, config: ServerConfig) -> ConnId {
        self.hub.connect(now, config)
    }

    /// Its socket is gone.
    pub fn disconnect(&mut self, now: Duration, id: ConnId) {
        self.hub.disconnect(id);
        self.refresh(now);
    }

    /// A client sent a frame.
    pub fn handle_frame(&mut self, now: Duration, id: ConnId, frame: Frame<'_>) {
        self.hub.handle_frame(now, id, frame);
        while let Some((id, event)) = self.hub.poll_event() {
            if let HubEvent::Subscribed(pairs) = event {
                self.send_books(now, id, &pairs);
            }
        }
        self.refresh(now);
    }

    /// A book that is already followed upstream gets no new reset: a client that joins gets ours.
    fn send_books(&mut self, now: Duration, id: ConnId, pairs: &Subscriptions) {
        let wildcard = pairs.covers(Channel::OrderBooks, "");
        let symbols: Vec<String> = match wildcard {
            true => self.history.symbols().map(|(symbol, _)| symbol.to_owned()).collect(),
            false => pairs.symbols(Channel::OrderBooks).map(str::to_owned).collect(),
        };
        for book in symbols.iter().filter_map(|s| self.history.full_book(s)) {
            self.hub.send(now, id, &Message::OrderBook(book));
        }
    }

    /// Timeouts of clients, and of upstream connections that nobody wants.
    pub fn advance(&mut self, now: Duration) {
        self.hub.handle_timeout(now);
        self.upstreams.retain(|endpoint, upstream| {
            let keep = upstream.unwanted_since.is_none_or(|since| now < since + LINGER);
            if !keep {
                tracing::info!(path = endpoint.path(), "nobody wants this stream any more");
            }
            keep
        });
    }

    /// When [`Self::advance`] is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Duration> {
        let lingering = self.upstreams.values().filter_map(|u| Some(u.unwanted_since? + LINGER));
        lingering.chain(self.hub.poll_timeout()).min()
    }

    /// What is to be sent to clients.
    pub fn poll_transmit(&mut self) -> Option<(ConnId, HubOut)> {
        self.hub.poll_transmit()
    }

    /// The client's socket takes no more for now.
    pub fn pause(&mut self, id: ConnId) {
        self.hub.pause(id);
    }

    /// The client's socket takes frames again.
    pub fn resume(&mut self, id: ConnId) {
        self.hub.resume(id);
    }

    /// Waits until an upstream connection tells something. Dropping the future loses nothing.
    pub async fn receive(&mut self) -> Option<Told> {
        self.told.recv().await
    }

    /// Takes in what an upstream connection told.
    pub fn take(&mut self, now: Duration, told: Told) {
        match told {
            Told::Messages(endpoint, messages) => {
                let venue = venue(endpoint);
                for message in &messages {
                    if let Some(venue) = venue {
                        self.history.apply(venue, message);
                    }
                    self.hub.publish(now, |e| e == endpoint, message);
                }
            }
            Told::TradeUpdate(update) => self.hub.publish_trade_update(now, &update),
            Told::State(endpoint, state) => {
                match &state {
                    State::NeedsUser { cause } | State::Backoff { cause, .. } => {
                        let explanation = cause.explain();
                        tracing::warn!(path = endpoint.path(), what = %explanation.what, next = %explanation.next, "upstream");
                    }
                    state => tracing::info!(path = endpoint.path(), ?state, "upstream"),
                }
                if let Some(upstream) = self.upstreams.get_mut(&endpoint) {
                    upstream.state = state;
                }
            }
        }
    }

    /// Brings the upstream connections in line with what clients want.
    fn refresh(&mut self, now: Duration) {
        if self.demand_revision == Some(self.hub.demand_revision()) {
            return;
        }
        self.demand_revision = Some(self.hub.demand_revision());
        for endpoint in Endpoint::ALL {
            let demand = self.hub.demand(endpoint);
            let wanted = match endpoint {
                Endpoint::Trading => self.hub.has_listeners(),
                _ => !demand.is_empty(),
            };
            if wanted && !self.upstreams.contains_key(&endpoint) {
                let upstream = self.open(endpoint, demand);
                self.upstreams.insert(endpoint, upstream);
            } else if let Some(upstream) = self.upstreams.get_mut(&endpoint) {
                upstream.unwanted_since = if wanted { None } else { upstream.unwanted_since.or(Some(now)) };
                // What nobody wants is unsubscribed with the connection, not before: a page that
                // reloads asks for the same again.
                if wanted {
                    upstream.wanted.send_if_modified(|held| {
                        let changed = *held != demand;
                        *held = demand;
                        changed
                    });
                }
            }
        }
    }

    fn open(&mut self, endpoint: Endpoint, demand: Subscriptions) -> Upstream {
        let (wanted, receiver) = watch::channel(demand);
        let url = match endpoint {
            Endpoint::Trading => {
                format!("{}{}", self.hosts.trading.replacen("http", "ws", 1), endpoint.path())
            }
            _ => format!("{}{}", self.hosts.stream, endpoint.path()),
        };
        self.seeds += 1;
        tokio::spawn(upstream::run(
            endpoint,
            url,
            self.credentials.clone(),
            receiver,
            self.teller.clone(),
            self.seeds,
        ));
        Upstream { wanted, state: State::Idle, unwanted_since: None }
    }

    /// Closes every upstream connection and returns when all have ended: each of their tasks
    /// holds a way to tell, and goes only after its socket's farewell.
    pub async fn stop(self) {
        let Self { upstreams, teller, mut told, .. } = self;
        drop((upstreams, teller));
        // What they still tell is read, so that none of them waits for room.
        while told.recv().await.is_some() {}
    }

    /// Answers our own status at once, anything else in a task of its own.
    pub fn rest(&self, request: RestRequest, reply: oneshot::Sender<RestResponse>) {
        if request.path == "/wickwire/status" {
            let _ = reply.send(self.status());
            return;
        }
        let proxy = self.proxy.clone();
        tokio::spawn(async move {
            let _ = reply.send(proxy.get(&request.method, &request.path, &request.query).await);
        });
    }

    fn status(&self) -> RestResponse {
        let upstreams: Vec<_> = self
            .upstreams
            .iter()
            .map(|(endpoint, u)| serde_json::json!({ "path": endpoint.path(), "state": words(&u.state) }))
            .collect();
        RestResponse::json(&serde_json::json!({
            "mode": "live",
            "label": "Alpaca through the relay",
            "clock": null,
            "speed": 1.0,
            "finished": false,
            "symbols": [],
            "default_symbol": null,
            "upstreams": upstreams,
        }))
    }
}

/// The market that an endpoint's messages belong to.
fn venue(endpoint: Endpoint) -> Option<Venue> {
    Venue::ALL.into_iter().find(|v| v.carries(endpoint))
}

/// A state in words, for the status.
fn words(state: &State) -> String {
    match state {
        State::NeedsUser { cause } | State::Backoff { cause, .. } => cause.explain().what.to_string(),
        state => format!("{state:?}").to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn batches_that_wait_for_the_stage_are_bounded() {
        let live = Live::new(Credentials::new("key", "secret"), Hosts::default()).unwrap();
        let tell = || live.teller.try_send(Told::Messages(Endpoint::News, Vec::new()));
        for _ in 0..MAX_WAITING_BATCHES {
            tell().unwrap();
        }
        assert!(tell().is_err(), "upstream tasks wait from here on");
    }
}
