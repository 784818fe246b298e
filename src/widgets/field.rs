//! Rows of a form, each a label with its control, and buttons.

use leptos::ev;
use leptos::prelude::{event_target_checked, event_target_value};
use web_sys::HtmlInputElement;

use crate::ui::{El, el};

/// A row: the label's words before its control, or after it.
fn row(class: &str, label: &str, control: El, first: bool) -> El {
    let words = el("span", "").text(label);
    let row = el("label", class);
    if first { row.child(words).child(control) } else { row.child(control).child(words) }
}

/// A list of which one is chosen.
#[must_use]
pub fn select(
    label: &str,
    options: &[&str],
    chosen: impl Fn() -> usize + Clone + 'static,
    choose: impl Fn(usize) + 'static,
) -> El {
    let option = |(i, name): (usize, &&str)| {
        let chosen = chosen.clone();
        el("option", "").attr("value", &i.to_string()).text(name).prop_of("selected", move || chosen() == i)
    };
    let choice = el("select", "field").children(options.iter().enumerate().map(option));
    let choice = choice.on(ev::change, move |event| {
        if let Ok(i) = event_target_value(&event).parse() {
            choose(i);
        }
    });
    row("form-row", label, choice, true)
}

/// Something that is on or off.
#[must_use]
pub fn check(label: &str, on: impl Fn() -> bool + 'static, set: impl Fn(bool) + 'static) -> El {
    let check = el("input", "")
        .attr("type", "checkbox")
        .prop_of("checked", on)
        .on(ev::change, move |event| set(event_target_checked(&event)));
    row("form-check", label, check, false)
}

/// What a field for numbers takes.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The distance of the values.
    pub step: f64,
}

/// A number. `set` takes what was typed and answers what it became, which the field then shows.
#[must_use]
pub fn number(
    label: &str,
    range: Range,
    value: impl Fn() -> f64 + 'static,
    set: impl Fn(f64) -> f64 + 'static,
) -> El {
    let number = el("input", "field number").attrs(&[
        ("type", "number"),
        ("inputmode", "decimal"),
        ("min", &range.min.to_string()),
        ("max", &range.max.to_string()),
        ("step", &range.step.to_string()),
    ]);
    let number = number.value_of(move || value().to_string());
    let typed: HtmlInputElement = number.cast();
    // An empty field is no number: it shows again what holds.
    let number = number.on(ev::change, move |_| typed.set_value_as_number(set(typed.value_as_number())));
    row("form-row", label, number, true)
}

/// A colour, `#rrggbb`.
#[must_use]
pub fn color(label: &str, value: impl Fn() -> String + 'static, set: impl Fn(String) + 'static) -> El {
    let color = el("input", "field swatch").attr("type", "color").value_of(value);
    let color = color.on(ev::input, move |event| set(event_target_value(&event)));
    row("form-row", label, color, true)
}

/// A button of a class that says what it does.
#[must_use]
pub fn button(class: &str, label: &str, press: impl Fn() + 'static) -> El {
    bare_button(class, press).text(label)
}

/// A button of a class, without content.
#[must_use]
pub fn bare_button(class: &str, press: impl Fn() + 'static) -> El {
    el("button", class).attr("type", "button").on(ev::click, move |_| press())
}
