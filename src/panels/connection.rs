//! The status "Connection": state, source, messages a second, age of the data, reconnects, and
//! words for everything that goes wrong.

use leptos::prelude::*;

use super::chart::focus_stage;
use crate::engine::handle::EngineHandle;
use crate::format;
use crate::state::connection::{ConnectionView, EndpointView, Level};
use crate::state::{Again, HistoryState};
use crate::ui::{El, Words, el};
use crate::widgets::field::button;

/// The status bar. Its figures change all the time, so the bar as a whole is not announced; the
/// state and the words are.
#[must_use]
pub fn connection_panel(engine: EngineHandle) -> El {
    el("footer", "statusbar")
        .attrs(&[("role", "status"), ("aria-label", "Connection"), ("aria-live", "off")])
        .child_if(words_of(engine), move || words(engine))
        .child(line(engine))
}

/// Whether there is something to say in words.
fn words_of(engine: EngineHandle) -> impl Fn() -> bool {
    let view = engine.signals().connection;
    move || view.with(|v| !v.words.is_empty()) || !no_history(engine).is_empty()
}

/// What went wrong, and what is done about it.
fn words(engine: EngineHandle) -> El {
    let view = engine.signals().connection;
    let said = Memo::new(move |_| view.with(|v| v.words.clone()));
    let class = move || {
        let history = if no_history(engine).is_empty() { Level::Idle } else { Level::Warning };
        format!("words {}", level_class(view.with(|v| v.words_level).max(history)))
    };
    el("div", "words")
        .attr("aria-live", "polite")
        .attr_of("class", class)
        .children_of(move || said.with(|said| said.iter().map(|words| el("p", "").text(words)).collect()))
        .child_if(
            move || !no_history(engine).is_empty(),
            move || {
                let may_ask = move || engine.signals().history.with(HistoryState::may_ask);
                el("p", "")
                    .child(el("span", "").text_of(move || no_history(engine)))
                    .child_if(may_ask, move || again_button("Try again: bars", move || engine.load_history()))
            },
        )
}

/// Asks again for what failed. It goes with the words about it, and focus to the chart.
#[must_use]
pub fn again_button(name: &str, ask: impl Fn() + 'static) -> El {
    let press = move || {
        focus_stage();
        ask();
    };
    button("button again", "Try again", press).attr("aria-label", name)
}

/// When what failed is asked for again, as a sentence after others.
#[must_use]
pub fn again_words(again: Again) -> String {
    match again {
        Again::Never | Again::Asked => String::new(),
        Again::In(seconds) => format!(" Asked for again in {seconds} s."),
    }
}

/// Why there are no earlier bars. Known only after an answer, and read once: announced like the other
/// words. Where keys are refused, that is the reason for both, and said already.
fn no_history(engine: EngineHandle) -> String {
    let signals = engine.signals();
    signals.history.with(|history| match history {
        HistoryState::Unavailable(why, again) if signals.connection.with(|v| v.level) != Level::Blocked => {
            let when = again_words(*again);
            format!("Earlier bars are not available: {why} The chart grows from the stream alone.{when}")
        }
        _ => String::new(),
    })
}

/// The figures.
fn line(engine: EngineHandle) -> El {
    let signals = engine.signals();
    let view = signals.connection;
    let value =
        move |read: fn(&ConnectionView) -> Words| el("span", "value").text_of(move || view.with(read));
    let item = |class: &str, before: &str, value: El| el("span", class).text(before).child(value);
    let dot = el("span", "")
        .attr("aria-hidden", "true")
        .attr_of("class", move || format!("dot {}", level_class(view.with(|v| v.level))));
    let state = el("strong", "").attr("aria-live", "polite").text_of(move || view.with(|v| v.state.clone()));
    let retry = move || {
        item(
            "status-item",
            "",
            value(|v| match v.retry {
                None => Words::default(),
                Some((attempt, 0)) => format!("attempt {attempt} failed, trying again").into(),
                Some((attempt, seconds)) => format!("attempt {attempt} failed, next in {seconds} s").into(),
            }),
        )
    };
    let since = value(|v| match v.since_data {
        None => Words::Borrowed("none yet"),
        Some(0) => Words::Borrowed("now"),
        Some(s) => format!("{} ago", format::age(s)).into(),
    });
    let refused = move || {
        item("status-item status-warning", "unreadable ", value(|v| format::count(v.refused).into()))
            .attr("title", "Parts of messages that could not be read and were left out")
    };
    let history = el("span", "value").text_of(move || {
        signals.history.with(|history| match history {
            HistoryState::Idle => "none",
            HistoryState::Loading => "loading",
            HistoryState::Loaded(way) => way,
            HistoryState::Unavailable(..) => "not available",
        })
    });
    let endpoints = Memo::new(move |_| view.with(|v| v.endpoints.clone()));
    let frames = el("span", "value").text_of(move || {
        // Read together with the figures of the connection, twice a second.
        view.track();
        let (frames, busy) = engine.frame_figures();
        format!("{frames} fps · {busy:.1} ms")
    });
    el("div", "status-line")
        .child(el("span", "status-state").child(dot).child(state))
        .child_if(move || view.with(|v| v.retry.is_some()), retry)
        .child(el("span", "status-source").text_of(move || view.with(|v| v.source.clone())))
        .child(item("status-item", "", value(|v| format::count(v.rate).into())).text(" msg/s"))
        .child(item("status-item", "data ", since))
        .child(item("status-item", "reconnects ", value(|v| format::count(v.reconnects).into())))
        .child_if(move || view.with(|v| v.refused != 0), refused)
        .child(item("status-item status-history", "history ", history).attr("title", "How earlier bars came"))
        .child(
            el("span", "status-endpoints")
                .children_of(move || endpoints.with(|all| all.iter().map(endpoint).collect())),
        )
        .child(el("span", "spacer"))
        .child(
            item("status-item status-frames", "", frames)
                .attr("title", "Frames painted in the last second, and how long one kept the page busy"),
        )
        .child(
            el("span", "status-clock")
                .attr("title", "The clock of the source")
                .text_of(move || signals.clock.get()),
        )
}

fn endpoint(view: &EndpointView) -> El {
    let title = format!(
        "{}: {}. {} messages a second, {} reconnects.",
        view.name, view.state, view.rate, view.reconnects
    );
    let dot = el("span", &["dot ", level_class(view.level)].concat()).attr("aria-hidden", "true");
    el("span", "status-endpoint")
        .attr("title", &title)
        .child(dot)
        .text(view.name)
        .child(el("span", "visually-hidden").text(&format!(" {}", view.state)))
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
