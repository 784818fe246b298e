//! Structured logs on standard error. No secret may reach them, at any level.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Our own crates, whose words are chosen so that no secret is in them.
const OURS: [&str; 4] = ["wickwire_relay", "wickwire_sim", "wickwire_market", "wickwire_proto"];

/// What is logged. `wish` is a level (`debug`) for our own crates; everyone else stays at `warn`,
/// because at `trace` the WebSocket library writes frames, and with them keys.
#[must_use]
pub fn filter(wish: Option<&str>) -> Targets {
    let level = wish.and_then(|w| w.trim().parse().ok()).unwrap_or(LevelFilter::INFO);
    Targets::new().with_default(LevelFilter::WARN).with_targets(OURS.map(|name| (name, level)))
}

/// Starts logging, once.
pub fn init(wish: Option<&str>) {
    let lines = tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr);
    // A second start changes nothing, and that is right.
    let _ = tracing_subscriber::registry().with(filter(wish)).with(lines).try_init();
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn frames_are_never_logged() {
        for wish in [None, Some("trace"), Some("tungstenite=trace"), Some("nonsense")] {
            let filter = filter(wish);
            for library in ["tungstenite::protocol", "hyper::proto", "reqwest", "rustls"] {
                assert!(!filter.would_enable(library, &Level::INFO), "{wish:?} {library}");
            }
            assert!(filter.would_enable("wickwire_relay::stage", &Level::INFO), "{wish:?}");
        }
        assert!(filter(Some("trace")).would_enable("wickwire_relay", &Level::TRACE));
    }
}
