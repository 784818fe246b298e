//! The legend of the indicators: a row each, with name, parameters, values at the crosshair and
//! what can be done with it. Values are written straight into the page, as those of the bar are.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wickwire_chart::format::{rounded_price, short_volume};
use wickwire_market::indicator::{Shape, StudyKind, Unit};

use crate::engine::handle::EngineHandle;
use crate::panels::indicators::{Action, action_button};
use crate::ui::{El, el};

/// Whether an output is drawn in columns, which have the colours of rising and falling.
fn is_histogram(kind: StudyKind, output: usize) -> bool {
    kind.outputs().get(output).is_some_and(|output| output.shape == Shape::Histogram)
}

/// Decimals of a number without unit.
const INDEX_DECIMALS: usize = 2;

/// The rows. Copy; written once a frame by the pane.
#[derive(Clone, Copy)]
pub struct StudyLegend {
    rows: StoredValue<Rc<RefCell<Vec<Row>>>, LocalStorage>,
}

/// What a row says.
pub(super) struct StudyLine {
    /// The number of the indicator.
    pub(super) id: u32,
    /// Its name and parameters.
    pub(super) name: String,
    /// A value for each output, empty where there is none, and whether it is below zero.
    pub(super) values: Vec<(String, bool)>,
    /// Where it stands, CSS pixels below the upper edge of the chart; `None` follows the rows before.
    pub(super) top: Option<f64>,
}

struct Row {
    id: u32,
    kind: StudyKind,
    whole: El,
    name: El,
    values: Vec<El>,
    written: Vec<String>,
    /// Which of the values are below zero; they may say 0 all the same.
    below: Vec<bool>,
    /// Where the row stands, CSS pixels below the upper edge of the chart; `None` follows the rows
    /// before.
    top: Option<f64>,
    text: String,
}

impl StudyLegend {
    pub(super) fn new() -> Self {
        Self { rows: StoredValue::new_local(Rc::default()) }
    }

    fn with<R>(&self, run: impl FnOnce(&mut Vec<Row>) -> R) -> Option<R> {
        let rows = self.rows.try_with_value(Rc::clone)?;
        let mut rows = rows.try_borrow_mut().ok()?;
        Some(run(&mut rows))
    }

    /// Writes the values of an indicator, one for each of its outputs; what is not finite is
    /// unknown and shown as nothing. `decimals` are those of prices. Only what differs from what
    /// stands there touches the page.
    pub fn write(&self, id: u32, values: &[f64], decimals: usize) {
        self.with(|rows| {
            let Some(row) = rows.iter_mut().find(|row| row.id == id) else { return };
            let written = row.written.iter_mut().zip(&mut row.below);
            for (i, (node, (old, below))) in row.values.iter().zip(written).enumerate() {
                row.text.clear();
                let value = values.get(i).copied().unwrap_or(f64::NAN);
                if value.is_finite() {
                    match row.kind.unit() {
                        Unit::Price => rounded_price(&mut row.text, value, decimals),
                        Unit::Volume => short_volume(&mut row.text, value),
                        Unit::Index => rounded_price(&mut row.text, value, INDEX_DECIMALS),
                    }
                }
                let turned = std::mem::replace(below, value < 0.0) != *below;
                if (*old != row.text || turned) && is_histogram(row.kind, i) {
                    // As its columns are, unless the person chose a colour.
                    node.node().set_class_name(if *below { "legend-value down" } else { "legend-value up" });
                }
                if *old != row.text {
                    node.node().set_text_content(Some(&row.text));
                    old.clone_from(&row.text);
                }
            }
        });
    }

    /// Puts the row of an indicator at the top of its pane, CSS pixels below the upper edge of the
    /// chart, or below the rows of the price pane.
    pub fn place(&self, id: u32, top: Option<f64>) {
        self.with(|rows| {
            let Some(row) = rows.iter_mut().find(|row| row.id == id && row.top != top) else { return };
            row.top = top;
            let whole: web_sys::HtmlElement = row.whole.cast();
            let style = whole.style();
            let _ = match top {
                Some(top) => style.set_property("top", &format!("{top}px")),
                None => style.remove_property("top").map(|_| ()),
            };
            let _ = whole.class_list().toggle_with_force("placed", top.is_some());
        });
    }

    /// Empties the rows of indicators that are not `computed`, and puts them below the rows of the price
    /// pane: they are hidden.
    pub fn rest(&self, computed: impl Fn(u32) -> bool) {
        let hidden: Vec<u32> = self
            .with(|rows| rows.iter().map(|row| row.id).filter(|id| !computed(*id)).collect())
            .unwrap_or_default();
        for id in hidden {
            self.write(id, &[], 0);
            self.place(id, None);
        }
    }

    /// What the rows say.
    pub(super) fn lines(&self) -> Vec<StudyLine> {
        let line = |row: &Row| {
            let name = row.name.node().text_content()?;
            let values = row.written.iter().cloned().zip(row.below.iter().copied()).collect();
            Some(StudyLine { id: row.id, name, values, top: row.top })
        };
        self.with(|rows| rows.iter().filter_map(line).collect()).unwrap_or_default()
    }

    /// The rows' elements.
    pub(super) fn view(self, engine: EngineHandle) -> El {
        let settings = engine.settings();
        // A number may come back with another kind when a layout is read.
        let each = move || settings.with(|l| l.studies.iter().map(|s| (s.id, s.spec.kind)).collect());
        el("ul", "study-rows").attr("aria-label", "Indicators on the chart").list(
            each,
            |key| *key,
            move |(id, kind)| self.row(engine, id, kind),
        )
    }

    fn row(self, engine: EngineHandle, id: u32, kind: StudyKind) -> El {
        let settings = engine.settings();
        let hidden = move || settings.with(|layout| layout.study(id).is_some_and(|study| !study.visible));
        let label =
            move || settings.with(|layout| layout.study(id).map(|s| s.spec.label()).unwrap_or_default());
        let value = |(i, name): (usize, &str)| {
            let color = move || {
                settings.with(|layout| {
                    let study = layout.study(id).filter(|study| !study.is_signed(i));
                    study.map(|study| study.css_color(i)).unwrap_or_default()
                })
            };
            el("span", "legend-value").attr("title", name).style_of("color", color)
        };
        let values: Vec<_> = kind.outputs().iter().map(|output| output.name).enumerate().map(value).collect();
        let name = el("span", "study-name").text_of(label);
        let buttons = [Action::Show, Action::Edit, Action::Up, Action::Down, Action::Remove];
        let whole = el("li", "study-row")
            .class_if("hidden-study", hidden)
            .child(name.clone())
            .children(values.iter().cloned())
            .child(
                el("span", "study-buttons").children(buttons.map(|action| action_button(engine, id, action))),
            );
        let row = Row {
            id,
            kind,
            whole: whole.clone(),
            name,
            written: vec![String::new(); values.len()],
            below: vec![false; values.len()],
            values,
            top: None,
            text: String::new(),
        };
        self.with(|rows| rows.push(row));
        on_cleanup(move || {
            self.with(|rows| rows.retain(|row| row.id != id || row.kind != kind));
        });
        whole
    }
}
