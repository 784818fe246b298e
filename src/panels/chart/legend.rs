//! The legend: open, high, low, close, volume and change of the bar under the crosshair, or of the
//! last. Written straight into the page, because it changes with every pointer move.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::{Div, Span};
use leptos::prelude::*;
use web_sys::{Element, Node};
use wickwire_chart::format::{bar_time, exact_price, rounded_price, short_volume};
use wickwire_chart::{Chart, Legend};

use crate::engine::handle::EngineHandle;

/// How many figures there are: O H L C V, change.
pub const FIGURES: usize = 6;

/// The legend's elements as Leptos makes them.
#[derive(Clone, Copy)]
pub(super) struct LegendNodes {
    whole: NodeRef<Div>,
    time: NodeRef<Span>,
    figures: [NodeRef<Span>; FIGURES],
    text: StoredValue<Rc<RefCell<Option<LegendText>>>, LocalStorage>,
}

impl LegendNodes {
    pub(super) fn new() -> Self {
        Self {
            whole: NodeRef::new(),
            time: NodeRef::new(),
            figures: std::array::from_fn(|_| NodeRef::new()),
            text: StoredValue::new_local(Rc::default()),
        }
    }

    /// The elements.
    pub(super) fn view(self, engine: EngineHandle) -> impl IntoView {
        let signals = engine.signals();
        let [open, high, low, close, volume, change] = self.figures;
        let figure = |name: &'static str, node: NodeRef<Span>| {
            view! {
                <span class="legend-figure">
                    <span class="legend-name">{name}</span>
                    <span class="legend-value" node_ref=node></span>
                </span>
            }
        };
        // The table says the same, in order and in full.
        view! {
            <div class="legend" aria-hidden="true">
                <span class="legend-symbol">{move || signals.symbol.get()}</span>
                <span class="legend-timeframe">{move || signals.timeframe.get().label()}</span>
                <div class="legend-figures none" node_ref=self.whole>
                    {figure("O", open)} {figure("H", high)} {figure("L", low)} {figure("C", close)}
                    {figure("V", volume)} <span class="legend-value" node_ref=change></span>
                    <span class="legend-time" node_ref=self.time></span>
                </div>
            </div>
        }
    }

    /// Writes what differs from what stands there, once the elements are in the page.
    pub(super) fn write(&self, legend: Option<Legend>, chart: &Chart) {
        let text = self.text.try_with_value(Rc::clone);
        let Some(Ok(mut text)) = text.as_ref().map(|text| text.try_borrow_mut()) else { return };
        if text.is_none() {
            *text = self.elements();
        }
        if let Some(text) = text.as_mut() {
            text.write(legend, chart);
        }
    }

    fn elements(&self) -> Option<LegendText> {
        let mut figures = Vec::with_capacity(FIGURES);
        for figure in &self.figures {
            figures.push(Element::from(figure.get_untracked()?));
        }
        let whole = Element::from(self.whole.get_untracked()?);
        let time = Element::from(self.time.get_untracked()?);
        LegendText::new(whole, figures.try_into().ok()?, &time)
    }
}

/// Elements that hold the legend's texts, and what stands in them.
pub struct LegendText {
    whole: Element,
    time: Node,
    figures: [(Element, Node); FIGURES],
    legend: Option<Legend>,
    texts: [String; FIGURES],
    way: Option<std::cmp::Ordering>,
    class: &'static str,
    text: String,
}

impl LegendText {
    /// Writes into these elements: the whole, which gets the colour; the figures O H L C V and
    /// change; the time. They are emptied; `None` where that fails.
    #[must_use]
    pub fn new(whole: Element, figures: [Element; FIGURES], time: &Element) -> Option<Self> {
        // A text node of our own: changing its data is the cheapest way to change a text.
        let text_in = |element: &Element| {
            element.set_text_content(Some(" "));
            element.first_child()
        };
        let time = text_in(time)?;
        let mut pairs = Vec::with_capacity(FIGURES);
        for figure in figures {
            let text = text_in(&figure)?;
            text.set_node_value(None);
            pairs.push((figure, text));
        }
        time.set_node_value(None);
        Some(Self {
            whole,
            time,
            figures: pairs.try_into().ok()?,
            legend: None,
            texts: Default::default(),
            way: None,
            class: "",
            text: String::new(),
        })
    }

    /// Writes what differs from what stands there.
    pub fn write(&mut self, legend: Option<Legend>, chart: &Chart) {
        if self.legend == legend {
            return;
        }
        let key = |legend: Option<Legend>| legend.map(|l| (l.time_ns, l.pointed));
        let moved = key(self.legend) != key(legend);
        self.legend = legend;
        let decimals = chart.options().decimals;
        let text = &mut self.text;
        for (i, ((_, node), old)) in self.figures.iter().zip(&mut self.texts).enumerate() {
            text.clear();
            if let Some(legend) = legend {
                figure(text, i, &legend, decimals);
            }
            if old != text {
                node.set_node_value(Some(text));
                old.clone_from(text);
            }
        }
        // The change has a way of its own: a bar may fall and yet end above the last.
        let way = legend.and_then(|legend| legend.change?.partial_cmp(&0.0));
        if way != self.way {
            self.way = way;
            if let Some((element, _)) = self.figures.last() {
                element.set_class_name(match way {
                    Some(std::cmp::Ordering::Greater) => "legend-value up",
                    Some(std::cmp::Ordering::Less) => "legend-value down",
                    _ => "legend-value flat",
                });
            }
        }
        let class = match legend {
            None => "legend-figures none",
            Some(legend) if legend.rising() => "legend-figures up",
            Some(_) => "legend-figures down",
        };
        if class != self.class {
            self.class = class;
            self.whole.set_class_name(class);
        }
        if moved {
            text.clear();
            if let Some(legend) = legend.filter(|legend| legend.pointed) {
                bar_time(text, legend.time_ns, chart.zone(), chart.options().interval_ns);
            }
            self.time.set_node_value(Some(text));
        }
    }
}

fn figure(out: &mut String, which: usize, legend: &Legend, decimals: usize) {
    match which {
        0 => exact_price(out, legend.open, decimals),
        1 => exact_price(out, legend.high, decimals),
        2 => exact_price(out, legend.low, decimals),
        3 => exact_price(out, legend.close, decimals),
        4 => short_volume(out, legend.volume),
        _ => {
            let Some(change) = legend.change else { return };
            out.push_str(if change > 0.0 {
                "▲ +"
            } else if change < 0.0 {
                "▼ "
            } else {
                ""
            });
            rounded_price(out, change, decimals);
            if let Some(percent) = legend.percent {
                out.push_str(if change > 0.0 { " (+" } else { " (" });
                rounded_price(out, percent, 2);
                out.push_str("%)");
            }
        }
    }
}
