//! The group "Timeframe": those that are used most, and a menu of all.

use leptos::prelude::*;
use wickwire_market::Timeframe;

use crate::engine::handle::EngineHandle;
use crate::ui::{El, el};
use crate::widgets::field::button;
use crate::widgets::menu::{Kind, Menu};

/// Timeframes with a button of their own.
const FAVOURITES: [Timeframe; 5] =
    [Timeframe::Min1, Timeframe::Min5, Timeframe::Min15, Timeframe::Hour1, Timeframe::Day1];

/// A button for each favourite, of which the pressed one is shown, and a menu with the others too.
#[must_use]
pub fn timeframe_group(engine: EngineHandle) -> El {
    let shown = engine.signals().timeframe;
    let favourite = |timeframe: Timeframe| {
        button("button segment", timeframe.short(), move || engine.set_timeframe(timeframe))
            .attr("title", timeframe.label())
            .attr_of("aria-pressed", move || if shown.get() == timeframe { "true" } else { "false" })
    };
    el("div", "segments")
        .attrs(&[("role", "group"), ("aria-label", "Timeframe")])
        .children(FAVOURITES.map(favourite))
        .child(more(engine))
}

/// The menu of all; it shows what has no button.
fn more(engine: EngineHandle) -> El {
    let timeframe = engine.signals().timeframe;
    Menu {
        name: "More timeframes",
        text: Box::new(move || {
            let now = timeframe.get();
            if FAVOURITES.contains(&now) { "" } else { now.short() }
        }),
        icon: "",
        class: "segment-menu",
        items: Timeframe::ALL.map(|timeframe| (Kind::Radio, name(timeframe))).to_vec(),
        checked: Box::new(move |i| Timeframe::ALL.get(i) == Some(&timeframe.get())),
        pick: Box::new(move |i| {
            if let Some(timeframe) = Timeframe::ALL.get(i) {
                engine.set_timeframe(*timeframe);
            }
        }),
    }
    .view()
}

/// The name in the menu.
const fn name(timeframe: Timeframe) -> &'static str {
    match timeframe {
        Timeframe::Sec1 => "1 second",
        Timeframe::Sec5 => "5 seconds",
        Timeframe::Sec15 => "15 seconds",
        Timeframe::Sec30 => "30 seconds",
        Timeframe::Min1 => "1 minute",
        Timeframe::Min5 => "5 minutes",
        Timeframe::Min15 => "15 minutes",
        Timeframe::Min30 => "30 minutes",
        Timeframe::Hour1 => "1 hour",
        Timeframe::Hour4 => "4 hours",
        Timeframe::Day1 => "1 day",
        Timeframe::Week1 => "1 week",
        Timeframe::Month1 => "1 month",
    }
}
