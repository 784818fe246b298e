//! The view of the connections, and the label of the data.

use std::time::Duration;

use wickwire_proto::client::State;
use wickwire_proto::endpoint::{Endpoint, StockFeed};
use wickwire_proto::time::Timestamp;

use super::super::Inner;
use crate::dom;
use crate::format;
use crate::source::Source;
use crate::state::connection::{ConnectionView, EndpointView, Level};
use crate::state::{DataKind, DataLabel};

/// How long the page says at least why it had to connect again. Most interruptions are over before
/// anybody could read about them.
const FAULT_SAID: Duration = Duration::from_secs(6);

impl Inner {
    pub(super) fn connection_view(&mut self, now: Duration) -> ConnectionView {
        let source = self.source.map(Source::label).unwrap_or_default();
        let mut view = ConnectionView { source, ..ConnectionView::default() };
        let demo = self.demo.is_some();
        let chart = self.source.map(|s| s.endpoint_for(&self.symbol));
        for connection in &mut self.connections {
            let session = &connection.session;
            let state = session.state();
            let level = level(state);
            let explanation = state.explain();
            let stats = session.stats();
            let since = stats.last_data.map(|at| now.saturating_sub(at).as_secs());
            let tally = session.tally();
            let endpoint = EndpointView {
                name: name(connection.endpoint, demo),
                state: state.label().to_owned(),
                level,
                what: explanation.what,
                next: explanation.next,
                reconnects: stats.reconnects,
                since_data: since,
                rate: connection.meter.rate(now),
            };
            view.rate += endpoint.rate;
            view.reconnects += endpoint.reconnects;
            view.refused += tally.refused + stats.unreadable;
            let is_chart = Some(connection.endpoint) == chart;
            if is_chart {
                view.state.clone_from(&endpoint.state);
                view.level = level;
                view.since_data = since;
                if let State::Backoff { until, attempt, .. } = state {
                    let seconds = until.saturating_sub(now).as_secs_f64().ceil() as u64;
                    view.retry = Some((u64::from(*attempt), seconds));
                }
            }
            view.words_level = view.words_level.max(level);
            let fault = connection.fault.as_ref().filter(|(at, _)| now < *at + FAULT_SAID);
            let said = match (level, fault) {
                (Level::Warning | Level::Blocked, _) => Some((&endpoint.what, endpoint.next.as_str())),
                (Level::Busy, Some((_, what))) => Some((what, "Connecting again.")),
                (Level::Good, Some((_, what))) => Some((what, "Connected again.")),
                _ => None,
            };
            // Several connections that fail for one reason say so once.
            if let Some((what, next)) = said
                && !view.words.iter().any(|w| format::find(w, what).is_some())
            {
                let words = format!("{what} {next}");
                let words = if is_chart { words } else { format!("{}: {words}", endpoint.name) };
                view.words.push(words.trim().to_owned());
            }
            if !connection.refusal.is_empty() {
                view.words.push(connection.refusal.clone());
                view.words_level = view.words_level.max(Level::Warning);
            }
            view.endpoints.push(endpoint);
        }
        if view.state.is_empty() {
            view.state = if self.source.is_none() { "Starting" } else { "Not connected" }.to_owned();
        }
        if dom::is_offline() && !matches!(self.source, Some(Source::Demo)) {
            view.words
                .insert(0, "This device is offline. Connects again when the network is back.".to_owned());
            view.words_level = view.words_level.max(Level::Warning);
        }
        if let Some(obstacle) = self.obstacle {
            view.words.push(obstacle.to_owned());
            view.level = Level::Blocked;
            view.words_level = Level::Blocked;
            view.state = "Needs you".to_owned();
        }
        let finished =
            self.finished || self.clock.has_ended() || self.demo.as_ref().is_some_and(|d| d.finished());
        if finished {
            view.words.push("The recording has ended: nothing new will come.".to_owned());
        }
        view
    }

    /// The label, with what changes while the data plays.
    pub(super) fn label_at(&self, now: Timestamp) -> DataLabel {
        let unsaid = self.label.text.is_empty() && self.source.is_some();
        if self.obstacle.is_some() || unsaid {
            return DataLabel { kind: DataKind::Unknown, text: "NO DATA".to_owned() };
        }
        let mut label = self.label.clone();
        if label.kind == DataKind::Recorded {
            let pace = self.speed.map_or_else(|| "max".to_owned(), |s| format!("{}×", trim(s)));
            label.text = format!("RECORDED {} · {pace}", format::date(self.local_seconds(now)));
        }
        label
    }
}

/// A speed without needless decimals.
fn trim(speed: f64) -> String {
    let text = format!("{speed:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

const fn level(state: &State) -> Level {
    match state {
        State::Idle => Level::Idle,
        State::Connecting | State::Welcome | State::Authenticating | State::Subscribing => Level::Busy,
        State::Live => Level::Good,
        State::Stale { .. } | State::Backoff { .. } => Level::Warning,
        State::NeedsUser { .. } => Level::Blocked,
    }
}

const fn name(endpoint: Endpoint, demo: bool) -> &'static str {
    match endpoint {
        // The simulated exchange has one stock feed, whatever it is called.
        Endpoint::Stocks(_) if demo => "Stocks",
        Endpoint::Stocks(StockFeed::Iex) => "Stocks IEX",
        Endpoint::Stocks(StockFeed::Sip) => "Stocks SIP",
        Endpoint::Stocks(StockFeed::DelayedSip) => "Stocks delayed",
        Endpoint::Stocks(StockFeed::Boats | StockFeed::Overnight) => "Stocks overnight",
        Endpoint::Test => "Test",
        Endpoint::Crypto => "Crypto",
        Endpoint::CryptoPerps => "Perpetuals",
        Endpoint::News => "News",
        Endpoint::OptionsIndicative | Endpoint::OptionsOpra => "Options",
        Endpoint::Trading => "Account",
    }
}
