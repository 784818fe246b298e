//! What stands over the chart when there is nothing to show, and the halt badge.

use leptos::prelude::*;

use super::focus_stage;
use crate::engine::handle::EngineHandle;
use crate::state::{HistoryState, Older};
use crate::ui::{El, Words, el};
use crate::widgets::field::button;

/// Words for a chart without bars, or why the canvas cannot be drawn on; nothing when there are bars.
#[must_use]
pub fn chart_message(engine: EngineHandle, failed: RwSignal<Option<String>>) -> El {
    let signals = engine.signals();
    let words = Memo::new(move |_| {
        if let Some(reason) = failed.get() {
            return Some((
                "The chart cannot be drawn.".to_owned(),
                format!("{reason}. The table below has the bars; reloading the page may help."),
            ));
        }
        if signals.bar_count.get() > 0 {
            return None;
        }
        let symbol = signals.symbol.get();
        if symbol.is_empty() {
            return Some((String::from("Choosing a symbol…"), String::new()));
        }
        Some(signals.history.with(|history| match history {
            HistoryState::Idle | HistoryState::Loading => {
                (format!("Loading bars of {symbol}…"), String::new())
            }
            HistoryState::Loaded(_) => {
                (format!("No bars yet for {symbol} — waiting for the first trade"), String::new())
            }
            HistoryState::Unavailable(reason, _) => {
                (format!("No bars yet for {symbol} — waiting for the first trade"), reason.clone())
            }
        }))
    });
    let part = move |class, part: fn(&(String, String)) -> &String| {
        el("p", class)
            .text_of(move || words.with(|words| words.as_ref().map(part).cloned().unwrap_or_default()))
    };
    el("div", "chart-message")
        .attr("role", "status")
        .class_if("empty", move || words.with(Option::is_none))
        .child(part("chart-message-main", |words| &words.0))
        .child(part("chart-message-more", |words| &words.1))
}

/// Said where a series holds as many bars as it may.
const FULL: &str = "The chart keeps 100,000 bars.";

/// What became of older bars while somebody looks at earlier ones: on their way, one too many, or not to be
/// had, with a button to ask again.
#[must_use]
pub fn older_note(engine: EngineHandle, following: RwSignal<bool>) -> El {
    let older = engine.signals().older;
    let failed = move || older.with(|older| matches!(older, Older::Failed(_)));
    let shown = move || !following.get() && older.with(|o| !matches!(o, Older::Idle | Older::NoMore));
    let words = move || {
        older.with(|older| match older {
            Older::Loading => Words::Borrowed("Loading earlier bars…"),
            Older::Full => Words::Borrowed(FULL),
            Older::Failed(why) => format!("Earlier bars are not available: {why}").into(),
            Older::Idle | Older::NoMore => Words::default(),
        })
    };
    let again = move || {
        focus_stage();
        engine.load_older();
    };
    let note = move || {
        el("div", "chart-older")
            .child(el("span", "").text_of(words))
            .child_if(failed, move || button("button", "Try again", again))
    };
    el("div", "").attr("role", "status").child_if(shown, note)
}

/// Says that trading is halted, while it is.
#[must_use]
pub fn halt_badge(halted: RwSignal<bool>) -> El {
    el("span", "")
        .attr("role", "status")
        .child_if(move || halted.get(), || el("span", "chart-halt").text("Halted"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::MAX_SHOWN_BARS;

    #[test]
    fn the_words_name_the_limit() {
        assert!(FULL.contains(&crate::format::count(MAX_SHOWN_BARS as u64)), "{FULL}");
    }
}
