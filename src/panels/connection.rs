//! The status "Connection": state, source, messages a second, age of the data, reconnects, and
//! words for everything that goes wrong.

use leptos::prelude::*;

use crate::engine::handle::EngineHandle;
use crate::format;
use crate::state::HistoryState;
use crate::state::connection::{ConnectionView, EndpointView, Level};

/// The status bar. Its figures change all the time, so the bar as a whole is not announced; the
/// state and the words are.
#[component]
pub fn ConnectionPanel(
    /// The engine behind the page.
    engine: EngineHandle,
) -> impl IntoView {
    let signals = engine.signals();
    let view = signals.connection;
    let text = move |read: fn(&ConnectionView) -> String| Memo::new(move |_| view.with(read));
    let level = Memo::new(move |_| view.with(|v| v.level));
    let words_level = Memo::new(move |_| view.with(|v| v.words_level));
    let retry = text(|v| match v.retry {
        None => String::new(),
        Some((attempt, 0)) => format!("attempt {attempt} failed, trying again"),
        Some((attempt, seconds)) => format!("attempt {attempt} failed, next in {seconds} s"),
    });
    let words = Memo::new(move |_| view.with(|v| v.words.clone()));
    let endpoints = Memo::new(move |_| view.with(|v| v.endpoints.clone()));
    let refused = Memo::new(move |_| view.with(|v| v.refused));
    let state = text(|v| v.state.clone());
    let history = Memo::new(move |_| {
        signals.history.with(|history| match history {
            HistoryState::Idle => "none",
            HistoryState::Loading => "loading",
            HistoryState::Loaded(way) => way,
            HistoryState::Unavailable(_) => "not available",
        })
    });
    // Known only after an answer, and read once: announced like the other words.
    let no_history = Memo::new(move |_| {
        signals.history.with(|history| match history {
            HistoryState::Unavailable(why) => {
                format!("Earlier bars are not available: {why} The chart grows from the stream alone.")
            }
            _ => String::new(),
        })
    });
    // Where keys are refused, that is the reason for both, and said already.
    let no_history =
        Memo::new(
            move |_| {
                if view.with(|v| v.level == Level::Blocked) { String::new() } else { no_history.get() }
            },
        );
    let wordy = move || words.with(|w| !w.is_empty()) || !no_history.with(String::is_empty);
    let class = move || {
        let history = if no_history.with(String::is_empty) { Level::Idle } else { Level::Warning };
        format!("words {}", level_class(words_level.get().max(history)))
    };
    view! {
        <footer class="statusbar" role="status" aria-label="Connection" aria-live="off">
            <Show when=wordy>
                <div class=class aria-live="polite">
                    {move || {
                        words.get().into_iter().map(|w| view! { <p>{w}</p> }).collect_view()
                    }}
                    <Show when=move || !no_history.with(String::is_empty)>
                        <p>{no_history}</p>
                    </Show>
                </div>
            </Show>
            <div class="status-line">
                <span class="status-state">
                    <span class=move || format!("dot {}", level_class(level.get())) aria-hidden="true"></span>
                    <strong aria-live="polite">{state}</strong>
                </span>
                <Show when=move || !retry.with(String::is_empty)>
                    <span class="status-item"><span class="value">{retry}</span></span>
                </Show>
                <span class="status-source">{text(|v| v.source.clone())}</span>
                <span class="status-item">
                    <span class="value">{text(|v| format::count(v.rate))}</span>
                    " msg/s"
                </span>
                <span class="status-item">
                    "data "
                    <span class="value">
                        {text(|v| match v.since_data {
                            None => "none yet".to_owned(),
                            Some(0) => "now".to_owned(),
                            Some(s) => format!("{} ago", format::age(s)),
                        })}
                    </span>
                </span>
                <span class="status-item">
                    "reconnects "
                    <span class="value">{text(|v| format::count(v.reconnects))}</span>
                </span>
                <Show when=move || refused.get() != 0>
                    <span class="status-item status-warning" title="Parts of messages that could not be read and were left out">
                        "unreadable "
                        <span class="value">{move || format::count(refused.get())}</span>
                    </span>
                </Show>
                <span class="status-item status-history" title="How earlier bars came">
                    "history "
                    <span class="value">{history}</span>
                </span>
                <span class="status-endpoints">
                    {move || endpoints.get().into_iter().map(endpoint).collect_view()}
                </span>
                <span class="spacer"></span>
                <span class="status-item status-frames" title="Frames painted in the last second, and how long one kept the page busy">
                    <FrameFigures engine=engine />
                </span>
                <span class="status-clock" title="The clock of the source">{signals.clock}</span>
            </div>
        </footer>
    }
}

fn endpoint(view: EndpointView) -> impl IntoView {
    let title = format!(
        "{}: {}. {} messages a second, {} reconnects.",
        view.name, view.state, view.rate, view.reconnects
    );
    view! {
        <span class="status-endpoint" title=title>
            <span class=format!("dot {}", level_class(view.level)) aria-hidden="true"></span>
            {view.name}
            <span class="visually-hidden">{format!(" {}", view.state)}</span>
        </span>
    }
}

#[component]
fn FrameFigures(engine: EngineHandle) -> impl IntoView {
    let figures = Memo::new(move |_| {
        // Read together with the figures of the connection, twice a second.
        engine.signals().connection.track();
        let (frames, busy) = engine.frame_figures();
        format!("{frames} fps · {busy:.1} ms")
    });
    view! { <span class="value">{figures}</span> }
}

const fn level_class(level: Level) -> &'static str {
    match level {
        Level::Idle => "level-idle",
        Level::Good => "level-good",
        Level::Busy => "level-busy",
        Level::Warning => "level-warning",
        Level::Blocked => "level-blocked",
    }
}
