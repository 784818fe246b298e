//! Rows of a form, each a label with its control.

use leptos::ev::Event;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// A list of which one is chosen.
#[must_use]
pub fn select(
    label: &'static str,
    options: Vec<&'static str>,
    chosen: impl Fn() -> usize + Send + Sync + 'static,
    choose: impl Fn(usize) + 'static,
) -> AnyView {
    select_row(label, options, Box::new(chosen), Box::new(choose))
}

fn select_row(
    label: &'static str,
    options: Vec<&'static str>,
    chosen: Box<dyn Fn() -> usize + Send + Sync>,
    choose: Box<dyn Fn(usize)>,
) -> AnyView {
    let chosen = StoredValue::new(chosen);
    let option = |(i, name): (usize, &'static str)| {
        let selected = move || chosen.with_value(|chosen| chosen() == i);
        view! { <option value=i.to_string() prop:selected=selected>{name}</option> }
    };
    let options: Vec<_> = options.into_iter().enumerate().map(option).collect();
    view! {
        <label class="form-row">
            <span>{label}</span>
            <select
                class="field"
                on:change=move |event| {
                    if let Ok(i) = event_target_value(&event).parse() {
                        choose(i);
                    }
                }
            >
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// Something that is on or off.
#[must_use]
pub fn check(
    label: &'static str,
    on: impl Fn() -> bool + Send + 'static,
    set: impl Fn(bool) + 'static,
) -> AnyView {
    let on: Box<dyn Fn() -> bool + Send> = Box::new(on);
    let set: Box<dyn Fn(bool)> = Box::new(set);
    view! {
        <label class="form-check">
            <input
                type="checkbox"
                prop:checked=on
                on:change=move |event| set(event_target_checked(&event))
            />
            <span>{label}</span>
        </label>
    }
    .into_any()
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
    label: &'static str,
    range: Range,
    value: impl Fn() -> f64 + Send + 'static,
    set: impl Fn(f64) -> f64 + 'static,
) -> AnyView {
    let value: Box<dyn Fn() -> f64 + Send> = Box::new(value);
    let set: Box<dyn Fn(f64) -> f64> = Box::new(set);
    let changed = move |event: Event| {
        let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else { return };
        // An empty field is no number: it shows again what holds.
        let now = set(field.value_as_number());
        field.set_value_as_number(now);
    };
    view! {
        <label class="form-row">
            <span>{label}</span>
            <input
                type="number"
                class="field number"
                inputmode="decimal"
                min=range.min.to_string()
                max=range.max.to_string()
                step=range.step.to_string()
                prop:value=move || value().to_string()
                on:change=changed
            />
        </label>
    }
    .into_any()
}

/// A colour, `#rrggbb`.
#[must_use]
pub fn color(
    label: String,
    value: impl Fn() -> String + Send + 'static,
    set: impl Fn(String) + 'static,
) -> AnyView {
    let value: Box<dyn Fn() -> String + Send> = Box::new(value);
    let set: Box<dyn Fn(String)> = Box::new(set);
    view! {
        <label class="form-row">
            <span>{label}</span>
            <input
                type="color"
                class="field swatch"
                prop:value=value
                on:input=move |event| set(event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

/// A button that says what it does.
#[must_use]
pub fn button(label: &'static str, press: impl Fn() + 'static) -> AnyView {
    let press: Box<dyn Fn()> = Box::new(press);
    view! { <button type="button" class="button" on:click=move |_| press()>{label}</button> }.into_any()
}
