//! What a relay says about itself: what its data is, what time it is there, what it has.

use wasm_bindgen_futures::spawn_local;
use wickwire_proto::json::Json;
use wickwire_proto::time::Timestamp;

use super::clock::MarketClock;
use super::{Engine, MAX_KNOWN};
use crate::dom;
use crate::frame::Dirty;
use crate::rest::get_plain;
use crate::source::{DEFAULT_STOCK, Feed, Source, normalize_symbol};
use crate::state::{DataKind, DataLabel, KnownSymbol};

/// The address, relative to the page's base.
const STATUS: &str = "wickwire/status";
/// Most characters of a label that are shown.
const MAX_LABEL_CHARS: usize = 60;
/// Heartbeats between two questions: ten seconds.
pub(super) const POLL_BEATS: u32 = 20;

/// The answer. Everything but the mode may be absent.
pub(super) struct RelayStatus {
    mode: String,
    label: String,
    clock: Option<String>,
    speed: Option<f64>,
    end: Option<String>,
    finished: bool,
    symbols: Vec<RelaySymbol>,
    default_symbol: Option<String>,
}

struct RelaySymbol {
    symbol: String,
    name: String,
}

/// What a relay shows. A relay that was restarted may show something else, whose data must not be
/// mixed with what is on the screen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Showing {
    mode: String,
    label: String,
    end: Option<String>,
    clock: Option<Timestamp>,
}

impl Showing {
    /// Whether this is something else than before, or the same from an earlier time on.
    fn is_other_than(&self, before: &Self) -> bool {
        let same = self.mode == before.mode && self.label == before.label && self.end == before.end;
        !same || self.clock < before.clock
    }
}

/// Asks the server of this page; `None` if it is no relay.
pub(super) async fn fetch_status() -> Option<RelayStatus> {
    RelayStatus::parse(&get_plain(STATUS).await.ok()?)
}

/// The text under a key; `None` if there is none.
fn text(of: &Json, key: &str) -> Option<String> {
    of.get(key).and_then(Json::text).map(str::to_owned)
}

impl RelayStatus {
    /// Reads the answer; `None` if the text is none.
    fn parse(answer: &str) -> Option<Self> {
        let answer = Json::parse(answer).ok()?;
        let symbols = answer.get("symbols").and_then(Json::list).unwrap_or_default();
        let symbol = |of: &Json| {
            Some(RelaySymbol { symbol: text(of, "symbol")?, name: text(of, "name").unwrap_or_default() })
        };
        Some(Self {
            mode: text(&answer, "mode")?,
            label: text(&answer, "label").unwrap_or_default(),
            clock: text(&answer, "clock"),
            speed: answer.get("speed").and_then(Json::number),
            end: text(&answer, "end"),
            finished: answer.get("finished").and_then(Json::bool).unwrap_or_default(),
            symbols: symbols.iter().filter_map(symbol).collect(),
            default_symbol: text(&answer, "default_symbol"),
        })
    }

    fn showing(&self) -> Showing {
        Showing {
            mode: self.mode.clone(),
            label: self.label.clone(),
            end: self.end.clone(),
            clock: self.clock.as_deref().and_then(Timestamp::parse_rfc3339),
        }
    }

    fn knows(&self, symbol: &str) -> bool {
        self.symbols.is_empty() || self.symbols.iter().any(|s| s.symbol == symbol)
    }

    /// What can be offered of its symbols.
    fn known(&self) -> Vec<KnownSymbol> {
        let known = |of: &RelaySymbol| {
            let symbol = normalize_symbol(&of.symbol).ok()?;
            Some(KnownSymbol { symbol, name: of.name.chars().take(MAX_LABEL_CHARS).collect() })
        };
        self.symbols.iter().take(MAX_KNOWN).filter_map(known).collect()
    }

    fn kind(&self) -> DataKind {
        match self.mode.as_str() {
            "live" => DataKind::Live,
            "replay" => DataKind::Recorded,
            "simulated" => DataKind::Simulated,
            _ => DataKind::Unknown,
        }
    }

    fn data_label(&self, feed: Feed) -> DataLabel {
        let text = match self.kind() {
            DataKind::Live => format!("LIVE · {}", feed.label()),
            DataKind::Simulated => "SIMULATED".to_owned(),
            // The date and the pace follow when it is shown.
            DataKind::Recorded => "RECORDED".to_owned(),
            DataKind::Unknown | DataKind::Delayed => self.label.chars().take(MAX_LABEL_CHARS).collect(),
        };
        DataLabel { kind: self.kind(), text }
    }
}

impl Engine {
    pub(super) fn begin_relay(&self, status: Option<RelayStatus>, symbol: Option<String>) {
        let default = status
            .as_ref()
            .and_then(|s| normalize_symbol(s.default_symbol.as_deref()?).ok())
            .unwrap_or_else(|| DEFAULT_STOCK.to_owned());
        self.take_status(status);
        self.show(symbol.unwrap_or(default));
    }

    fn take_status(&self, status: Option<RelayStatus>) {
        let Some(status) = status else { return };
        let known = status.known();
        {
            let mut inner = self.inner.borrow_mut();
            let feed = inner.source.map(Source::feed).unwrap_or_default();
            inner.known = known;
            inner.label = status.data_label(feed);
            inner.showing = Some(status.showing());
            inner.speed = status.speed;
            inner.finished = status.finished;
            let time = status.clock.as_deref().and_then(Timestamp::parse_rfc3339);
            inner.clock = match (status.kind(), time) {
                (DataKind::Live | DataKind::Unknown, _) | (_, None) => MarketClock::wall(),
                (_, Some(time)) => {
                    let running = if status.finished { 0.0 } else { 1.0 };
                    let speed = status.speed.filter(|s| s.is_finite() && *s >= 0.0).unwrap_or(1.0) * running;
                    let end = status.end.as_deref().and_then(Timestamp::parse_rfc3339);
                    MarketClock::Told { time, at_ms: dom::now_ms(), speed, end }
                }
            };
        }
        self.update_expectations();
        self.frame.request(Dirty::CONNECTION | Dirty::CLOCK | Dirty::HISTORY);
    }

    /// Asks the relay again: its clock, and whether it is still the same.
    pub(super) fn poll_relay(&self) {
        if !matches!(self.inner.borrow().source, Some(Source::Relay { .. })) {
            return;
        }
        let epoch = self.source_epoch.get();
        let this = self.this.clone();
        spawn_local(async move {
            let status = fetch_status().await;
            if let Some(engine) = this.upgrade().filter(|e| e.is_current(epoch)) {
                engine.take_status_again(status);
            }
        });
    }

    /// Takes an answer, or begins anew if the relay shows something else now.
    fn take_status_again(&self, status: Option<RelayStatus>) {
        let restart = {
            let inner = self.inner.borrow();
            let other = status
                .as_ref()
                .zip(inner.showing.as_ref())
                .is_some_and(|(status, before)| status.showing().is_other_than(before));
            let symbol = Some(inner.symbol.clone()).filter(|s| status.as_ref().is_some_and(|t| t.knows(s)));
            inner.source.filter(|_| other).map(|source| (source, symbol))
        };
        match restart {
            Some((source, symbol)) => self.begin(source, symbol),
            None => self.take_status(status),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_status_needs_its_mode_only() {
        let status: RelayStatus = RelayStatus::parse(r#"{"mode":"replay"}"#).unwrap();
        let label = status.data_label(Feed::Iex);
        assert_eq!(label, DataLabel { kind: DataKind::Recorded, text: "RECORDED".to_owned() });
        assert!(RelayStatus::parse("{}").is_none());
        assert!(RelayStatus::parse("<!doctype html>").is_none());
    }

    #[test]
    fn what_a_relay_says_is_bounded() {
        let long = "ä".repeat(MAX_LABEL_CHARS + 1);
        let symbols: Vec<String> =
            (0..MAX_KNOWN + 3).map(|i| format!(r#"{{"symbol":"S{i}","name":"{long}"}}"#)).collect();
        let symbols = symbols.join(",");
        let status = format!(r#"{{"mode":"other","label":"{long}","symbols":[{symbols}]}}"#);
        let status = RelayStatus::parse(&status).unwrap();
        let known = status.known();
        assert_eq!(known.len(), MAX_KNOWN);
        assert!(known.iter().all(|known| known.name.chars().count() == MAX_LABEL_CHARS));
        assert_eq!(status.data_label(Feed::Iex).text.chars().count(), MAX_LABEL_CHARS);
    }

    #[test]
    fn a_restarted_relay_is_noticed() {
        let showing = |text: &str| RelayStatus::parse(text).unwrap().showing();
        let before = showing(r#"{"mode":"simulated","label":"a","clock":"2026-01-05T15:00:00Z"}"#);
        for (text, other) in [
            (r#"{"mode":"simulated","label":"a","clock":"2026-01-05T15:00:10Z"}"#, false),
            (r#"{"mode":"simulated","label":"a","clock":"2026-01-05T14:59:00Z"}"#, true),
            (r#"{"mode":"replay","label":"a","clock":"2026-01-05T15:00:10Z"}"#, true),
            (r#"{"mode":"simulated","label":"b","clock":"2026-01-05T15:00:10Z"}"#, true),
            (
                r#"{"mode":"simulated","label":"a","end":"2026-01-06T00:00:00Z","clock":"2026-01-05T15:00:10Z"}"#,
                true,
            ),
        ] {
            assert_eq!(showing(text).is_other_than(&before), other, "{text}");
        }
    }
}
