//! What the tests of this crate share: small recordings, the shared ones, and clients without sockets.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use wickwire_proto::channel::{Channel, Subscriptions};
use wickwire_proto::client::{Action, ClientConfig, ClientSession};
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::frame::Codec;
use wickwire_proto::hub::{ConnId, HubOut};
use wickwire_proto::message::{Bar, BarKind, Message};
use wickwire_proto::request::Credentials;
use wickwire_proto::time::Timestamp;
use wickwire_sim::{Exchange, Feed, Recording, Replay, ReplayConfig, Venue};

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap_or_else(|| panic!("{text}"))
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn replay(files: &[&str], config: ReplayConfig) -> Replay {
    let recordings = files
        .iter()
        .enumerate()
        .map(|(i, text)| Recording::new(format!("file{i}"), text.as_bytes().to_vec()));
    Replay::new(recordings.collect(), config).unwrap()
}

/// Everything a feed hands out up to its end or `to`, with the market time of each message.
pub(crate) fn drain(feed: &mut dyn Feed, to: Timestamp) -> Vec<(Timestamp, Venue, Message<'static>)> {
    let mut out = Vec::new();
    while let Some(time) = feed.next_at().filter(|time| *time <= to) {
        feed.advance(time, &mut |venue, message| out.push((time, venue, message.clone().into_owned())));
        assert_eq!(feed.now(), time);
    }
    out
}

/// A message in few letters: `t IBM 14:30:01`, with the time that it bears.
pub(crate) fn short(message: &Message<'_>) -> String {
    let letter = match message {
        Message::Trade(_) => "t",
        Message::Quote(_) => "q",
        Message::Bar(BarKind::Minute, _) => "b",
        Message::Bar(BarKind::Updated, _) => "u",
        Message::Bar(BarKind::Daily, _) => "d",
        Message::OrderBook(_) => "o",
        Message::News(_) => "n",
        _ => "?",
    };
    let time = message.time().unwrap().to_rfc3339();
    format!("{letter} {} {}", message.symbol().unwrap_or("-"), &time[11..19])
}

/// The file of a recording that is not part of the repository. `None`, with a line that says so,
/// where it is absent; that is a failure in CI.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn shared(path: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("WICKWIRE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let file = root.join("data").join(path);
    match std::fs::read(&file) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{} is needed: {error}", file.display());
            println!("skipped: {} is absent", file.display());
            None
        }
    }
}

/// Lines of a recording as text.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn lines(bytes: &[u8]) -> Vec<String> {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::MultiGzDecoder::new(bytes), &mut text).unwrap();
    text.lines().map(str::to_owned).collect()
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new("key", "secret")
}

pub(crate) fn wanted(channels: &[Channel], symbol: &str) -> Subscriptions {
    channels.iter().map(|c| (*c, symbol)).collect()
}

/// A client session joined to an exchange.
pub(crate) struct Client {
    pub(crate) session: ClientSession,
    pub(crate) id: Option<ConnId>,
    pub(crate) codec: Codec,
    pub(crate) endpoint: Endpoint,
    pub(crate) got: Vec<Message<'static>>,
    pub(crate) closed: Option<u16>,
}

impl Client {
    pub(crate) fn new(endpoint: Endpoint, codec: Codec, wanted: Subscriptions) -> Self {
        let session = ClientSession::new(ClientConfig::new(endpoint, credentials(), wanted));
        Self { session, id: None, codec, endpoint, got: Vec::new(), closed: None }
    }

    /// Does what the session asks for.
    pub(crate) fn act(&mut self, now: Duration, exchange: &mut Exchange) {
        while let Some(action) = self.session.poll_action() {
            match action {
                Action::Connect => {
                    self.id = Some(exchange.connect(now, self.endpoint, self.codec, None));
                    self.session.handle_open(now);
                }
                Action::Send(frame) => exchange.handle_frame(now, self.id.unwrap(), frame.as_frame()),
                Action::Close { .. } => exchange.disconnect(self.id.take().unwrap()),
            }
        }
    }
}

/// Moves frames between an exchange and its clients until nothing moves.
pub(crate) fn exchange_frames(now: Duration, exchange: &mut Exchange, clients: &mut [Client]) {
    loop {
        for client in &mut *clients {
            client.act(now, exchange);
        }
        let Some((id, out)) = exchange.poll_transmit() else { return };
        let Some(client) = clients.iter_mut().find(|c| c.id == Some(id)) else { continue };
        match out {
            HubOut::Frame(frame) => {
                let got = &mut client.got;
                client.session.handle_frame(now, frame.as_frame(), &mut |m| got.push(m.clone().into_owned()));
            }
            HubOut::Close(code) => {
                client.closed = Some(code);
                exchange.disconnect(id);
                client.id = None;
                client.session.handle_closed(now, Some(code), "");
            }
        }
    }
}

/// Runs an exchange with clients from `now` until it has nothing more to do or `until`.
pub(crate) fn run(
    mut now: Duration,
    until: Duration,
    exchange: &mut Exchange,
    clients: &mut [Client],
) -> Duration {
    for client in &mut *clients {
        client.session.start(now);
    }
    loop {
        exchange_frames(now, exchange, clients);
        exchange.advance(now);
        exchange_frames(now, exchange, clients);
        if exchange.finished() {
            return now;
        }
        let Some(next) = exchange.poll_timeout() else { return now };
        now = now.max(next);
        if now > until {
            return until;
        }
    }
}

pub(crate) fn bars(messages: &[Message<'static>]) -> Vec<Bar<'static>> {
    messages
        .iter()
        .filter_map(|m| match m {
            Message::Bar(BarKind::Minute, bar) => Some(bar.clone()),
            _ => None,
        })
        .collect()
}
