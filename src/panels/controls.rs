//! The chart's controls in the top bar: menus of what is shown and how, exports, and the ways into
//! the sheets. On a narrow screen all but a few are left to the sheet "Chart settings".

mod export;

use leptos::prelude::*;

use super::chart::ChartHandle;
use crate::engine::handle::EngineHandle;
use crate::layout::Layout;
use crate::layout::kinds::{Choice, Palette, ScaleMode, SeriesKind, ZoneChoice};
use crate::state::Sheet;
use crate::ui::{El, el};
use crate::widgets::field::bare_button;
use crate::widgets::icon::{self, icon};
use crate::widgets::menu::{Kind, Menu};

/// One of several, chosen in a menu or in a form.
pub struct Pick {
    /// What is chosen.
    pub name: &'static str,
    /// The names of the values.
    pub labels: fn() -> Vec<&'static str>,
    /// The index of the value.
    pub get: fn(&Layout) -> usize,
    /// Takes the value of an index; one out of range changes nothing.
    pub set: fn(&mut Layout, usize),
}

/// How bars are drawn.
pub const SERIES: Pick = Pick {
    name: "Series",
    labels: labels::<SeriesKind>,
    get: |layout| index(layout.series),
    set: |layout, i| layout.series = value(i).unwrap_or(layout.series),
};
/// How prices are spread over the height.
pub const SCALE: Pick = Pick {
    name: "Price scale",
    labels: labels::<ScaleMode>,
    get: |layout| index(layout.scale),
    set: |layout, i| layout.scale = value(i).unwrap_or(layout.scale),
};
/// Whose clock the time axis shows.
pub const ZONE: Pick = Pick {
    name: "Time zone",
    labels: labels::<ZoneChoice>,
    get: |layout| index(layout.zone),
    set: |layout, i| layout.zone = value(i).unwrap_or(layout.zone),
};
/// The colours of rising and falling.
pub const COLORS: Pick = Pick {
    name: "Colours",
    labels: labels::<Palette>,
    get: |layout| index(layout.palette),
    set: |layout, i| layout.palette = value(i).unwrap_or(layout.palette),
};
/// All of them, in the order of the form.
pub const PICKS: [Pick; 4] = [SERIES, SCALE, ZONE, COLORS];

fn labels<T: Choice>() -> Vec<&'static str> {
    T::ALL.iter().map(|value| value.label()).collect()
}

fn index<T: Choice>(value: T) -> usize {
    T::ALL.iter().position(|other| *other == value).unwrap_or_default()
}

fn value<T: Choice>(index: usize) -> Option<T> {
    T::ALL.get(index).copied()
}

/// The menus and buttons.
#[must_use]
pub fn chart_controls(engine: EngineHandle, chart: ChartHandle) -> El {
    let sheet = engine.signals().sheet;
    let opener = |name: &str, path: &str, class: &str, to: Sheet| {
        bare_button(class, move || sheet.set(Some(to)))
            .attrs(&[("aria-haspopup", "dialog"), ("title", name)])
            .child(icon(path))
            .child(el("span", "control-name").text(name))
    };
    el("div", "controls")
        .attrs(&[("role", "group"), ("aria-label", "Chart controls")])
        .child(pick_menu(engine, &SERIES, "control-series"))
        .child(opener("Indicators", icon::CURVE, "button control-indicators", Sheet::Indicators(None)))
        .child(scale_menu(engine))
        .child(pick_menu(engine, &ZONE, "control-zone"))
        .child(export::menu(engine, chart))
        .child(opener("Chart settings", icon::SLIDERS, "button control-settings", Sheet::Settings))
}

fn pick_menu(engine: EngineHandle, pick: &'static Pick, class: &'static str) -> El {
    let settings = engine.settings();
    let labels = (pick.labels)();
    let items = labels.iter().map(|label| (Kind::Radio, *label)).collect();
    let text = move || labels.get(settings.with(pick.get)).copied().unwrap_or_default();
    Menu {
        name: pick.name,
        text: Box::new(text),
        icon: "",
        class,
        items,
        checked: Box::new(move |i| settings.with(pick.get) == i),
        pick: Box::new(move |i| engine.change_layout(|layout| (pick.set)(layout, i))),
    }
    .view()
}

/// The price scale: whether it follows the bars, and its mode.
fn scale_menu(engine: EngineHandle) -> El {
    let settings = engine.settings();
    let mut items = vec![(Kind::Check, "Auto")];
    items.extend((SCALE.labels)().into_iter().map(|label| (Kind::Radio, label)));
    let text = move || {
        settings.with(|layout| match (layout.scale, layout.auto_scale) {
            (ScaleMode::Linear, true) => "Auto",
            (ScaleMode::Linear, false) => "Manual",
            (ScaleMode::Log, true) => "Log",
            (ScaleMode::Log, false) => "Log, manual",
            (ScaleMode::Percent, true) => "%",
            (ScaleMode::Percent, false) => "%, manual",
            (ScaleMode::Indexed, true) => "100",
            (ScaleMode::Indexed, false) => "100, manual",
        })
    };
    let checked = move |i: usize| {
        settings.with(|layout| match i.checked_sub(1) {
            None => layout.auto_scale,
            Some(mode) => (SCALE.get)(layout) == mode,
        })
    };
    let pick = move |i: usize| {
        engine.change_layout(|layout| match i.checked_sub(1) {
            None => layout.auto_scale = !layout.auto_scale,
            Some(mode) => (SCALE.set)(layout, mode),
        });
    };
    Menu {
        name: SCALE.name,
        text: Box::new(text),
        icon: "",
        class: "control-scale",
        items,
        checked: Box::new(checked),
        pick: Box::new(pick),
    }
    .view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_every_pick_is_set_and_told() {
        let mut layout = Layout::default();
        for pick in &PICKS {
            let labels = (pick.labels)();
            for (i, label) in labels.iter().enumerate() {
                (pick.set)(&mut layout, i);
                assert_eq!((pick.get)(&layout), i, "{} {label}", pick.name);
            }
            let last = (pick.get)(&layout);
            (pick.set)(&mut layout, labels.len());
            assert_eq!((pick.get)(&layout), last, "{}: there is no more", pick.name);
        }
    }
}
