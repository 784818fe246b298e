//! The legend of the indicators: a row each, with name, parameters, values at the crosshair and
//! what can be done with it. Values are written straight into the page, as those of the bar are.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wickwire_chart::format::{rounded_price, short_volume};
use wickwire_market::indicator::{Shape, StudyKind, Unit};

use crate::engine::handle::EngineHandle;
use crate::layout::study::Study;
use crate::panels::indicators::{Action, action_button};
use crate::ui::{El, el};

/// Whether an output is drawn in columns, which have the colours of rising and falling.
pub(super) fn is_histogram(kind: StudyKind, output: usize) -> bool {
    kind.outputs().get(output).is_some_and(|output| output.shape == Shape::Histogram)
}

/// Decimals of a number without unit.
const INDEX_DECIMALS: usize = 2;

/// The rows. Copy; written once a frame by the pane.
#[derive(Clone, Copy)]
pub struct StudyLegend {
    rows: StoredValue<Rc<RefCell<Vec<Row>>>, LocalStorage>,
}

struct Row {
    id: u32,
    kind: StudyKind,
    whole: El,
    name: El,
    values: Vec<El>,
    written: Vec<String>,
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
            for (i, (node, old)) in row.values.iter().zip(&mut row.written).enumerate() {
                row.text.clear();
                let value = values.get(i).copied().unwrap_or(f64::NAN);
                if value.is_finite() {
                    match row.kind.unit() {
                        Unit::Price => rounded_price(&mut row.text, value, decimals),
                        Unit::Volume => short_volume(&mut row.text, value),
                        Unit::Index => rounded_price(&mut row.text, value, INDEX_DECIMALS),
                    }
                }
                if *old != row.text {
                    node.node().set_text_content(Some(&row.text));
                    old.clone_from(&row.text);
                    if is_histogram(row.kind, i) {
                        // As its columns are, unless the person chose a colour.
                        let class = if value >= 0.0 { "legend-value up" } else { "legend-value down" };
                        node.node().set_class_name(class);
                    }
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

    /// What the rows say: the number of the indicator, its name and values, and where the row stands if it
    /// has a place of its own.
    pub(super) fn lines(&self) -> Vec<(u32, String, Vec<String>, Option<f64>)> {
        let line = |row: &Row| Some((row.id, row.name.node().text_content()?, row.written.clone(), row.top));
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
                    let signed = |study: &&Study| is_histogram(kind, i) && !study.has_color(i);
                    let study = layout.study(id).filter(|study| !signed(study));
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
