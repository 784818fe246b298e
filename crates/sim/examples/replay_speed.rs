//! How fast recordings play: `cargo run --profile server -p wickwire-sim --example replay_speed -- FILE…`
//!
//! Three figures: reading and surveying the files, playing them to nobody, and playing them as fast
//! as possible to one client session per codec (encoding, framing, decoding).

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::time::{Duration, Instant};

use wickwire_proto::channel::Subscriptions;
use wickwire_proto::client::{Action, ClientConfig, ClientSession};
use wickwire_proto::endpoint::{Endpoint, StockFeed};
use wickwire_proto::frame::Codec;
use wickwire_proto::hub::HubOut;
use wickwire_proto::request::Credentials;
use wickwire_proto::time::Timestamp;
use wickwire_sim::{Exchange, ExchangeConfig, Feed, Replay, ReplayConfig, SourceLabel, Speed};

fn open(files: &[String]) -> Result<Replay, Box<dyn Error>> {
    let mut readers = Vec::new();
    for file in files {
        readers.push((file.clone(), BufReader::new(File::open(file)?)));
    }
    Ok(Replay::from_readers(readers, ReplayConfig::default())?)
}

fn say(what: &str, messages: u64, since: Duration) {
    let rate = messages as f64 / since.as_secs_f64();
    println!("{what}: {messages} messages in {:.2} s, {:.0} a second", since.as_secs_f64(), rate);
}

/// Plays to one client; returns how many messages it got.
fn play(replay: Replay, endpoint: Endpoint, codec: Codec) -> u64 {
    let wanted: Subscriptions =
        endpoint.channels().iter().filter(|c| !c.follows_trades()).map(|c| (*c, "*")).collect();
    let config = ExchangeConfig {
        speed: Speed::UNPACED,
        hold_until_subscribed: true,
        ..ExchangeConfig::new(SourceLabel::recorded("speed"))
    };
    let mut exchange = Exchange::new(Box::new(replay), config);
    let mut session =
        ClientSession::new(ClientConfig::new(endpoint, Credentials::new("key", "secret"), wanted));
    let mut now = Duration::ZERO;
    let mut id = None;
    let mut got = 0;
    session.start(now);
    loop {
        while let Some(action) = session.poll_action() {
            match (action, id) {
                (Action::Connect, _) => {
                    id = Some(exchange.connect(now, endpoint, codec, None));
                    session.handle_open(now);
                }
                (Action::Send(frame), Some(id)) => exchange.handle_frame(now, id, frame.as_frame()),
                _ => return got,
            }
        }
        let mut moved = false;
        while let Some((_, out)) = exchange.poll_transmit() {
            moved = true;
            if let HubOut::Frame(frame) = out {
                session.handle_frame(now, frame.as_frame(), &mut |_| got += 1);
            }
        }
        if !moved {
            if exchange.finished() {
                return got;
            }
            now += Duration::from_micros(10);
            exchange.advance(now);
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let start = Instant::now();
    let mut replay = open(&files)?;
    say("survey", replay.report().messages, start.elapsed());
    let endpoint = match replay.listings().first() {
        Some(listing) if listing.venue.carries(Endpoint::Crypto) => Endpoint::Crypto,
        _ => Endpoint::Stocks(StockFeed::Sip),
    };

    let start = Instant::now();
    let mut count = 0;
    replay.advance(Timestamp::MAX, &mut |_, _| count += 1);
    say("played to nobody", count, start.elapsed());

    for codec in [Codec::Json, Codec::MessagePack] {
        let replay = open(&files)?;
        let start = Instant::now();
        let got = play(replay, endpoint, codec);
        say(&format!("played to a client, {codec:?}"), got, start.elapsed());
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        for line in status.lines().filter(|l| l.starts_with("VmHWM")) {
            println!("peak memory: {}", line.trim_start_matches("VmHWM:").trim());
        }
    }
    Ok(())
}
