//! The sheet "Indicators": a list to add from, and what is on the chart with everything that can be
//! set about it.

use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use wickwire_chart::Color;
use wickwire_market::indicator::{StudyKind, StudySpec};

use crate::canvas;
use crate::dom;
use crate::engine::handle::EngineHandle;
use crate::format;
use crate::layout::MAX_STUDIES;
use crate::layout::study::{MAX_WIDTH, MIN_WIDTH, Study};
use crate::layout::text::hex;
use crate::state::Sheet;
use crate::ui::{El, after, el, svg};
use crate::widgets::field::{self, Range, bare_button};
use crate::widgets::icon::{self, icon};

/// What can be done with an indicator by one press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Show or hide it.
    Show,
    /// Set its parameters.
    Edit,
    /// Move it, or its pane, up.
    Up,
    /// Move it, or its pane, down.
    Down,
    /// Take it off the chart.
    Remove,
}

/// The button for one action on one indicator.
#[must_use]
pub fn action_button(engine: EngineHandle, id: u32, action: Action) -> El {
    let settings = engine.settings();
    let study = move || settings.with(|layout| layout.study(id).copied());
    let shown = move || study().is_none_or(|study| study.visible);
    let name = move || {
        let label = study().map(|study| study.spec.label()).unwrap_or_default();
        match action {
            Action::Show if shown() => format!("Hide {label}"),
            Action::Show => format!("Show {label}"),
            Action::Edit => format!("Settings of {label}"),
            Action::Up => format!("Move {label} up"),
            Action::Down => format!("Move {label} down"),
            Action::Remove => format!("Remove {label}"),
        }
    };
    let picture = move || match action {
        Action::Show if shown() => icon::EYE,
        Action::Show => icon::EYE_OFF,
        Action::Edit => icon::SLIDERS,
        Action::Up => icon::UP,
        Action::Down => icon::LOWER,
        Action::Remove => icon::CROSS,
    };
    let press = move |event: MouseEvent| match action {
        Action::Edit => engine.signals().sheet.set(Some(Sheet::Indicators(Some(id)))),
        Action::Show => change(engine, id, |study| study.visible = !study.visible),
        Action::Up => engine.change_layout(|layout| layout.shift(id, true)),
        Action::Down => engine.change_layout(|layout| layout.shift(id, false)),
        Action::Remove => {
            leave(&event);
            engine.change_layout(|layout| layout.remove(id));
        }
    };
    el("button", "button icon-button")
        .attr("type", "button")
        .attr_of("aria-label", name)
        .attr_of("title", name)
        .on(ev::click, press)
        .child(icon::picture("icon").child(svg("path", "").attr_of("d", picture)))
}

/// Takes focus off a button that is about to go: to the heading of its sheet, or to the chart.
fn leave(event: &MouseEvent) {
    let button = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
    let near = |whole: &str, place: &str| {
        button.as_ref()?.closest(whole).ok()??.query_selector(place).ok()??.dyn_into::<HtmlElement>().ok()
    };
    if let Some(place) = near(".sheet", "h2").or_else(|| near(".chart", ".chart-stage")) {
        let _ = place.focus();
    }
}

fn change(engine: EngineHandle, id: u32, change: impl FnOnce(&mut Study)) {
    engine.change_layout(|layout| {
        if let Some(study) = layout.study_mut(id) {
            change(study);
        }
    });
}

/// What is in the sheet; the indicator `wanted` is open and in sight.
#[must_use]
pub fn indicators(engine: EngineHandle, wanted: Option<u32>) -> Vec<El> {
    let settings = engine.settings();
    let sought = RwSignal::new(String::new());
    // The newest added is open, as is the one that was asked for.
    let open = RwSignal::new(wanted);
    let full = move || settings.with(|layout| layout.studies.len() >= MAX_STUDIES);
    let search = el("input", "field search")
        .attrs(&[
            ("type", "search"),
            ("aria-label", "Search indicators"),
            ("placeholder", "Search"),
            ("autocomplete", "off"),
            ("spellcheck", "false"),
        ])
        .on(ev::input, move |event| sought.set(event_target_value(&event)));
    // On a touch screen the keyboard would cover what it is about.
    if wanted.is_none() && !dom::media_matches("(pointer: coarse)") {
        let search = search.clone();
        after(move || search.focus());
    }
    let add = move |kind: StudyKind| {
        let mut added = None;
        engine.change_layout(|layout| added = layout.add(StudySpec::new(kind)));
        if let Some(id) = added {
            open.set(Some(id));
            engine.signals().announcer.announce(format!("{} added", kind.name()));
        }
    };
    let offer = |kind: StudyKind| {
        let button = bare_button("add-study", move || add(kind))
            .attr("aria-label", &["Add ", kind.name()].concat())
            .prop_of("disabled", full)
            .child(icon(icon::PLUS))
            .child(el("span", "study-short").text(kind.short()))
            .child(el("span", "add-name").text(kind.name()));
        el("li", "").class_if("hidden", move || sought.with(|sought| !matches(kind, sought))).child(button)
    };
    let some = move || sought.with(|sought| StudyKind::ALL.into_iter().any(|kind| matches(kind, sought)));
    let count = move || match settings.with(|layout| layout.studies.len()) {
        0 => "None yet.",
        MAX_STUDIES.. => "That is as many as a chart takes.",
        _ => "",
    };
    vec![
        search,
        el("ul", "offers")
            .attr("aria-label", "Indicators to add")
            .children(StudyKind::ALL.into_iter().map(offer)),
        el("p", "form-words").class_if("hidden", some).text("No indicator has that name."),
        el("h3", "").text("On the chart"),
        el("p", "form-words").attr("role", "status").text_of(count),
        el("ul", "studies").attr("aria-label", "Indicators in use").list(
            move || settings.with(|l| l.studies.iter().map(|s| (s.id, s.spec.kind)).collect()),
            |key| *key,
            move |key| study(engine, key, open, wanted == Some(key.0)),
        ),
    ]
}

/// Whether an indicator is what somebody looks for: every word is in its names.
fn matches(kind: StudyKind, sought: &str) -> bool {
    let names = format!("{} {} {}", kind.name(), kind.short(), kind.key()).to_ascii_lowercase();
    sought.to_ascii_lowercase().split_whitespace().all(|word| format::find(&names, word).is_some())
}

/// One indicator in use; it takes focus if it was asked for.
fn study(
    engine: EngineHandle,
    (id, kind): (u32, StudyKind),
    open: RwSignal<Option<u32>>,
    asked_for: bool,
) -> El {
    let settings = engine.settings();
    let now = move || {
        settings.with(|layout| layout.study(id).copied()).unwrap_or(Study::new(id, StudySpec::new(kind)))
    };
    let mut rows = Vec::new();
    for (i, param) in kind.params().iter().enumerate() {
        let set = move |value: f64| {
            change(engine, id, |study| study.spec = study.spec.with(i, value));
            untrack(now).spec.get(i)
        };
        let range = Range { min: param.min, max: param.max, step: param.step };
        rows.push(field::number(param.name, range, move || now().spec.get(i), set));
    }
    for (i, output) in kind.outputs().iter().enumerate() {
        let value = move || {
            // Follows the theme too, where the person chose no colour.
            engine.signals().theme.track();
            let study = now();
            let color = study.colors.get(i).copied().flatten().or_else(|| canvas::token(study.token(i)));
            hex(color.unwrap_or_default())
        };
        let set = move |text: String| {
            let chosen = Color::parse(&text);
            change(engine, id, |study| {
                if let Some(slot) = study.colors.get_mut(i) {
                    *slot = chosen;
                }
            });
        };
        rows.push(field::color(&[output.name, " colour"].concat(), value, set));
    }
    let range = Range { min: MIN_WIDTH.into(), max: MAX_WIDTH.into(), step: 1.0 };
    let set_width = move |width: f64| {
        if width.is_finite() {
            let width = width.round().clamp(range.min, range.max) as u8;
            change(engine, id, |study| study.width = width);
        }
        untrack(now).width.into()
    };
    rows.push(field::number("Line width", range, move || now().width.into(), set_width));
    let defaults = move || {
        change(engine, id, |study| {
            *study = Study { slot: study.slot, ..Study::new(id, StudySpec::new(kind)) }
        });
    };
    rows.push(field::button("button", "Defaults", defaults));
    let buttons = [Action::Show, Action::Up, Action::Down, Action::Remove];
    let label = move || now().spec.label();
    let summary = el("summary", "")
        .child(el("span", "study-swatch").style_of("background-color", move || now().css_color(0)))
        .child(el("span", "study-short").text_of(label))
        .child(el("span", "study-long").text(kind.name()));
    let form = el("div", "form-rows").attr("role", "group").attr_of("aria-label", label).children(rows);
    let details =
        el("details", "").prop_of("open", move || open.get() == Some(id)).child(summary.clone()).child(form);
    let whole = el("li", "study")
        .child(details)
        .child(el("span", "study-buttons").children(buttons.map(|action| action_button(engine, id, action))));
    let place = whole.clone();
    after(move || {
        if open.get() == Some(id) {
            place.node().scroll_into_view_with_bool(false);
            if asked_for {
                summary.focus();
            }
        }
    });
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_are_found_by_every_name_and_by_words() {
        let found = |sought: &str| -> Vec<&str> {
            StudyKind::ALL.into_iter().filter(|kind| matches(*kind, sought)).map(StudyKind::key).collect()
        };
        assert_eq!(found("moving average"), ["sma", "ema", "wma", "macd"]);
        assert_eq!(found("BB"), ["bollinger"]);
        assert_eq!(found("average WEIGHTED volume"), ["vwap"]);
        assert_eq!(found("").len(), StudyKind::ALL.len());
        assert!(found("moon").is_empty());
    }
}
